"""Assumptions: approved by the authority, for one text; judged; and what follows when one falls."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.actions.assumption import Standing, approve_assumption, judge_assumption
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import AuditEvent
from planning import actions, selectors
from planning.models import DueOut, Entry
from planning.registers import REGISTERS
from planning.vocabulary import Origin
from tests.world import World

PAGE = "/efforts/country-x/registers/assumptions/1/"
SAYS = {"statement": "Relief can reach the south.", "invalidated_by": "A second convoy is stopped."}


def enter(world: World, register: str = "assumptions", **values: Any) -> Entry:
    """An entry by the member; an assumption unless told."""
    return actions.add_entry(
        effort=world.effort, register=REGISTERS[register], values=values or SAYS,
        by=world["member"],
    )  # fmt: skip


def read(entry: Entry) -> Entry:
    """The entry as it stands."""
    return Entry.objects.select_related("effort__marking", "portion").get(pk=entry.pk)


def status(entry: Entry) -> str:
    return str(read(entry).value("status"))


def test_the_authority_approves_and_nobody_else(world: World) -> None:
    made = enter(world)
    assert status(made) == "proposed"
    for who, code in (("member", 403), ("board", 403), ("lead", 403), ("outsider", 404)):
        assert world.client(who).post(f"{PAGE}approve/").status_code == code
    assert status(made) == "proposed"
    assert world.client("authority").post(f"{PAGE}approve/")["Location"] == PAGE
    assert status(made) == "approved"
    event = AuditEvent.objects.get(code="assumption.approved")
    assert (event.old, event.new) == ({"status": "proposed"}, {"status": "approved"})
    with pytest.raises(WrongState, match="approved already"):
        approve_assumption(entry=read(made), by=world["authority"])


def test_one_that_cannot_prove_wrong_is_not_approved(world: World) -> None:
    made = enter(world, statement="All will be well.")
    with pytest.raises(Invalid, match="what would prove it wrong"):
        approve_assumption(entry=made, by=world["authority"])
    page = world.client("authority").post(f"{PAGE}approve/", follow=True).content.decode()
    assert "what would prove it wrong" in page
    assert status(made) == "proposed"


def test_an_approval_holds_for_one_statement(world: World) -> None:
    made = enter(world)
    approve_assumption(entry=read(made), by=world["authority"])
    now = read(made)
    actions.save_entry(
        entry=now, values={"owner": "USAID"}, revision=now.revision, by=world["lead"]
    )
    assert status(made) == "approved"
    now = read(made)
    actions.save_entry(
        entry=now, values={"statement": "Relief can reach all."}, revision=now.revision,
        by=world["lead"],
    )  # fmt: skip
    assert status(made) == "proposed"
    event = AuditEvent.objects.filter(code="entry.edited").latest("seq")
    assert (event.old["status"], event.new["status"]) == ("approved", "proposed")


def test_what_changed_since_it_was_read_is_not_approved(world: World) -> None:
    made = enter(world)
    page = world.client("authority").get(PAGE).content.decode()
    assert 'name="revision" value="1"' in page
    actions.save_entry(
        entry=read(made), values={"statement": "All is well."}, revision=1, by=world["lead"]
    )
    answer = world.client("authority").post(f"{PAGE}approve/", {"revision": "1"})
    assert answer.status_code == 409
    assert status(made) == "proposed"
    assert world.client("authority").post(f"{PAGE}approve/", {"revision": "2"}).status_code == 302
    assert status(made) == "approved"


def test_the_status_is_not_typed_in(world: World) -> None:
    with pytest.raises(Invalid, match="an act of its own"):
        enter(world, **SAYS, status="approved")
    made = enter(world)
    with pytest.raises(Invalid, match="an act of its own"):
        actions.save_entry(
            entry=made, values={"status": "validated"}, revision=1, by=world["authority"]
        )


def test_one_that_falls_sends_others_to_be_looked_at_and_asks_for_a_branch(world: World) -> None:
    finding = enter(
        world, "findings", statement="Hunger drives flight.", kind="driver",
    )  # fmt: skip
    made = enter(world, **SAYS, rests_on="FND-1")
    question = enter(
        world, "requirements", question="Which roads are open?", kind="cir", asks_about="ASM-1"
    )
    assert list(selectors.looked_at_again(world.effort)) == []
    answer = world.client("member").post(
        f"{PAGE}judge/", {"verdict": "invalidated", "why_judged": "Two convoys were stopped."}
    )
    assert answer["Location"] == PAGE
    assert status(made) == "invalidated"
    assert {str(one) for one in selectors.looked_at_again(world.effort)} == {
        str(finding), str(question),
    }  # fmt: skip
    due = DueOut.objects.get(origin=Origin.ASSUMPTION)
    assert due.owner == world["lead"]
    assert "Two convoys were stopped." in due.text
    assert str(question) in due.text
    page = world.client("lead").get(PAGE).content.decode()
    assert "ASM-1 does not hold" in page
    assert "/efforts/country-x/fork/?kind=branch" in page
    form = world.client("lead").get("/efforts/country-x/fork/?kind=branch&why=It+fell").content
    assert b"It fell" in form
    event = AuditEvent.objects.get(code="assumption.invalidated")
    assert event.detail["why"] == "Two convoys were stopped."
    assert event.detail["resting"] == [str(question)]


def test_a_judgment_says_what_and_why(world: World) -> None:
    made = enter(world)
    for verdict, why, said in (
        (Standing.APPROVED, "So.", "validated or invalidated"),
        (Standing.VALIDATED, " ", "what shows it"),
    ):
        with pytest.raises(Invalid, match=said):
            judge_assumption(entry=read(made), verdict=verdict, why=why, by=world["lead"])
    assert status(made) == "proposed"
    judge_assumption(entry=read(made), verdict=Standing.VALIDATED, why="Seen.", by=world["lead"])
    with pytest.raises(WrongState, match="validated already"):
        judge_assumption(entry=read(made), verdict=Standing.VALIDATED, why="So.", by=world["lead"])
    judge_assumption(entry=read(made), verdict=Standing.INVALIDATED, why="No.", by=world["lead"])
    assert status(made) == "invalidated"


@pytest.mark.parametrize("verdict", ["", "approved", "maybe"])
def test_a_verdict_that_is_none_is_refused_and_keeps_the_words(world: World, verdict: str) -> None:
    made = enter(world)
    answer = world.client("lead").post(
        f"{PAGE}judge/", {"verdict": verdict, "why_judged": "Words that I typed."}
    )
    assert answer.status_code == 400
    assert "Words that I typed." in answer.content.decode()
    assert status(made) == "proposed"


def test_other_registers_have_no_assumptions(world: World) -> None:
    actor = enter(world, "actors", name="Army")
    with pytest.raises(WrongState, match="no assumption"):
        approve_assumption(entry=actor, by=world["authority"])
    made = enter(world)
    actions.retire_entry(entry=read(made), why="Doubled.", by=world["lead"])
    with pytest.raises(WrongState, match="retired"):
        approve_assumption(entry=read(made), by=world["authority"])
