"""The page of due-outs: give, assign, settle with evidence, open again; who may, and what stays."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from planning import actions, selectors
from planning.models import DueOut
from planning.vocabulary import Origin, Outcome
from tests.flows.test_query_counts import queries
from tests.world import World

PAGE = "/efforts/country-x/due-outs/"
HOUR = timedelta(hours=1)


def give(world: World, text: str = "Tell the Embassy.", **more: Any) -> DueOut:
    """A due-out of the board."""
    return actions.add_due_out(
        effort=world.effort, text=text, origin=Origin.GUIDANCE, by=world["board"], **more
    )


def post(world: World, who: str, path: str = "", **form: Any) -> HttpResponse:
    """Send a form of the page."""
    return world.client(who).post(f"{PAGE}{path}", form)  # type: ignore[return-value]


def shown(answer: Any) -> list[str]:
    """The due-outs on a page, in order."""
    return re.findall(r'<article class="due-out" id="do-(\d+)"', answer.content.decode())


def get(world: World, who: str = "lead", query: str = "") -> Any:
    """The page."""
    answer = world.client(who).get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer


@pytest.fixture
def conditions(world: World) -> list[DueOut]:
    """Step 1 approved with two conditions and a line of guidance."""
    world.write()
    world.decide(
        world.submit(), Outcome.APPROVE_CONDITIONS, conditions="- One.\n- Two.", guidance="Three."
    )
    return list(world.effort.due_outs.order_by("number"))


@pytest.mark.parametrize(
    ("who", "origin"), [("lead", "meeting"), ("board", "guidance"), ("authority", "guidance")]
)
def test_who_may_gives_one(world: World, who: str, origin: str) -> None:
    form = re.search(r'<option value="(\w+)" selected>', get(world, who).content.decode())
    assert form and form.group(1) == origin  # what the form proposes
    answer = post(
        world, who, text="Call a meeting.", origin=origin, owner=world["member"].pk,
        due_at="2030-01-02T03:04", step="2",
    )  # fmt: skip
    made = world.due_out(origin)
    assert answer["Location"] == f"{PAGE}#do-{made.number}"
    assert (made.text, made.owner, made.given_by) == (
        "Call a meeting.",
        world["member"],
        world[who],
    )
    assert (made.step, f"{made.due_at:%Y-%m-%d %H:%M}") == (world.step(2), "2030-01-02 03:04")


def test_without_an_owner_the_lead_owes_it(world: World) -> None:
    post(world, "board", text="Call.", origin="guidance")
    assert world.due_out("guidance").owner == world["lead"]


@pytest.mark.parametrize("who", ["member", "alternate"])
def test_who_may_not_give_sees_no_form(world: World, who: str) -> None:
    assert "Give a due-out" not in get(world, who).content.decode()
    assert post(world, who, text="Call.", origin="guidance").status_code == 403
    assert not world.effort.due_outs.exists()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"text": " ", "origin": "guidance"}, "text"),
        ({}, "text"),
        ({"text": "Call.", "origin": "condition"}, "origin"),
        ({"text": "Call.", "origin": "guidance", "due_at": "soon"}, "due_at"),
        ({"text": "Call.", "origin": "guidance", "owner": "authority"}, "owner"),
        ({"text": "Call.", "origin": "guidance", "step": "9"}, "step"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, form: dict[str, str], field: str) -> None:
    if form.get("owner"):
        form = form | {"owner": str(world[form["owner"]].pk)}
    answer = post(world, "board", **form)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}-error"' in page
    assert form.get("text", "").strip() in page  # what was typed stays
    assert not world.effort.due_outs.exists()


def test_open_ones_first_and_late_ones_before_all(world: World) -> None:
    now = timezone.now()
    rows = {
        "done": give(world), "undated": give(world), "soon": give(world, due_at=now + HOUR),
        "late": give(world, due_at=now - HOUR), "later": give(world, due_at=now - 2 * HOUR),
    }  # fmt: skip
    actions.settle_due_out(due_out=rows["done"], evidence="Seen.", by=world["lead"])
    wanted = [str(rows[k].number) for k in ("later", "late", "soon", "undated", "done")]
    answer = get(world)
    assert shown(answer) == wanted
    assert "1 h 0 min late" in answer.content.decode()


def test_the_filters(world: World, conditions: list[DueOut]) -> None:
    one, two, three = conditions
    debt = actions.proceed_at_risk(step=world.step(3), why="No time.", by=world["lead"])
    actions.assign_due_out(due_out=two, owner=world["member"], due_at=None, by=world["lead"])
    actions.settle_due_out(due_out=one, evidence="The cable.", by=world["lead"])
    assert one.owner == world["lead"]

    def numbers(*rows: DueOut) -> list[str]:
        return [str(row.number) for row in rows]

    assert shown(get(world)) == numbers(two, three, debt, one)
    assert shown(get(world, "member", "?show=mine")) == numbers(two)
    assert shown(get(world, "lead", "?show=mine")) == numbers(three, debt)
    assert shown(get(world, query="?show=conditions")) == numbers(two)
    assert shown(get(world, query="?show=debts")) == numbers(debt)
    done = get(world, query="?show=done")
    assert shown(done) == numbers(one)
    assert "The cable." in done.content.decode()
    assert "Done (1)" in done.content.decode()
    assert shown(get(world, query="?show=nonsense")) == numbers(two, three, debt, one)


def test_settle_with_evidence(world: World, conditions: list[DueOut]) -> None:
    row = conditions[0]
    path = f"{row.number}/settle/"
    assert 'name="evidence"' not in get(world, "member").content.decode()  # a second step
    opened = get(world, "member", f"?do={row.number}").content.decode()
    assert opened.count('name="evidence"') == 1
    refused = post(world, "member", path, evidence=" ")
    assert refused.status_code == 400
    assert f'href="#evidence-{row.number}"' in refused.content.decode()
    row.refresh_from_db()
    assert row.done_at is None
    answer = post(world, "member", path, evidence="Cable 12 of 3 May.")
    assert answer["Location"] == f"{PAGE}#do-{row.number}"
    row.refresh_from_db()
    assert (row.done_by, row.evidence) == (world["member"], "Cable 12 of 3 May.")
    again = post(world, "member", path, evidence="Once more.")
    assert again.status_code == 409
    assert "settled already" in again.content.decode()
    assert "You wrote: Once more." in again.content.decode()


def test_refused_evidence_is_kept(world: World) -> None:
    """A debt of haste is settled only when its sections are written; the words come back."""
    debt = give(world)
    DueOut.objects.filter(pk=debt.pk).update(origin=Origin.HASTY, product=world.product())
    answer = post(world, "lead", f"{debt.number}/settle/", evidence="It is all there.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Still empty" in page
    assert "It is all there." in page


@pytest.mark.parametrize("who", ["board", "authority", "alternate"])
def test_who_does_not_draft_settles_nothing(world: World, who: str) -> None:
    row = give(world)
    for act, form in (("settle", {"evidence": "Seen."}), ("assign", {"owner": ""})):
        assert post(world, who, f"{row.number}/{act}/", **form).status_code == 403
    assert "Settle or assign" not in get(world, who).content.decode()
    assert 'name="evidence"' not in get(world, who, f"?do={row.number}").content.decode()
    row.refresh_from_db()
    assert row.done_at is None


def test_assign(world: World) -> None:
    row = give(world)
    path = f"{row.number}/assign/"
    post(world, "member", path, owner=world["usaid"].pk, due_at="2030-01-02T03:04")
    row.refresh_from_db()
    assert row.owner == world["usaid"]
    assert row.due_at is not None
    for owner in (world["board"].pk, 0, "x"):
        refused = post(world, "member", path, owner=owner, due_at="2031-01-02T03:04")
        assert refused.status_code == 400
        assert f'href="#owner-{row.number}"' in refused.content.decode()
        assert "2031-01-02T03:04" in refused.content.decode()
    assert post(world, "member", path, owner="", due_at="never").status_code == 400
    row.refresh_from_db()
    assert row.owner == world["usaid"]
    post(world, "member", path, owner="", due_at="")
    row.refresh_from_db()
    assert (row.owner, row.due_at) == (None, None)


def test_a_debt_keeps_its_date(world: World) -> None:
    debt = give(world, due_at=timezone.now() + HOUR)
    DueOut.objects.filter(pk=debt.pk).update(origin=Origin.HASTY, product=world.product())
    page = get(world, "lead", f"?do={debt.number}").content.decode()
    assert f'id="due_at-{debt.number}"' not in page
    post(
        world, "lead", f"{debt.number}/assign/", owner=world["usaid"].pk, due_at="2030-01-01T00:00"
    )
    was = debt.due_at
    debt.refresh_from_db()
    assert (debt.owner, debt.due_at) == (world["usaid"], was)


def test_open_again_with_a_reason(world: World, conditions: list[DueOut]) -> None:
    row = conditions[0]
    actions.settle_due_out(due_out=row, evidence="Seen.", by=world["lead"])
    path = f"{row.number}/reopen/"
    assert post(world, "member", path, why="No.").status_code == 403
    assert "Open it again" not in get(world, "member").content.decode()
    assert "Open it again" in get(world, "authority").content.decode()
    refused = post(world, "authority", path, why="")
    assert refused.status_code == 400
    assert f'href="#why-{row.number}"' in refused.content.decode()
    post(world, "authority", path, why="The Embassy knows nothing.")
    row.refresh_from_db()
    assert (row.done_at, row.evidence) == (None, "")


def test_what_only_a_decision_settles_has_no_form(world: World) -> None:
    world.write()
    world.submit()
    actions.record_verbal(
        step=world.step(), said_by=world["authority"], said_at=timezone.now(), words="Go ahead.",
        by=world["lead"],
    )  # fmt: skip
    spoken = world.due_out(Origin.VERBAL)
    risk = actions.proceed_at_risk(step=world.step(3), why="No time.", by=world["lead"])
    page = get(world, "lead", f"?do={spoken.number}").content.decode()
    assert "Go ahead." in page
    assert "The decision in writing settles it." in page
    assert 'name="evidence"' not in page
    page = get(world, "lead", f"?do={risk.number}").content.decode()
    assert 'name="evidence"' not in page
    assert 'name="owner"' in page
    for row in (spoken, risk):
        answer = post(world, "lead", f"{row.number}/settle/", evidence="It is so.")
        assert answer.status_code == 409


def test_what_a_new_decision_changed_is_linked(world: World) -> None:
    world.approve(1)
    world.ready(2)
    actions.reopen_step(step=world.step(1), reason="The raids grew.", by=world["authority"])
    flagged = world.due_out(Origin.REOPENED)
    assert "Step 1 is not decided again yet." in get(world).content.decode()
    refused = post(world, "lead", f"{flagged.number}/settle/", evidence="Nothing changes.")
    assert refused.status_code == 409
    section = world.section("purpose")
    actions.save_section(
        section=section, body="<p>Anew.</p>", revision=section.revision, by=world["member"]
    )
    world.decide(world.submit(1))
    page = get(world).content.decode()
    link = "/efforts/country-x/products/tab-01/compare/?from=1&amp;to=2"
    assert link in page
    assert world.client("lead").get(link.replace("&amp;", "&")).status_code == 200
    post(world, "lead", f"{flagged.number}/settle/", evidence="Nothing changes in Step 2.")
    flagged.refresh_from_db()
    assert flagged.done_at


def test_due_outs_of_another_effort_are_not_there(world: World) -> None:
    row = give(world)
    for who, slug in (("outsider", "country-x"), ("outsider", world.other.slug)):
        path = f"/efforts/{slug}/due-outs/{row.number}/settle/"
        assert world.client(who).post(path, {"evidence": "Mine."}).status_code == 404
    assert world.client("outsider").get(PAGE).status_code == 404


def test_an_address_of_a_due_out_leads_to_its_row(world: World) -> None:
    row = give(world)
    address, _, anchor = row.get_absolute_url().partition("#")
    assert f'id="{anchor}"' in world.client("board").get(address).content.decode()


def test_an_empty_page_says_what_comes_here(world: World) -> None:
    assert "Nothing is owed." in get(world).content.decode()


def test_more_than_a_page_holds_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors.efforts, "DUE_OUTS", 2)
    for _ in range(3):
        give(world)
    answer = get(world)
    assert len(shown(answer)) == 2
    assert "The first 2 of 3" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_queries(world: World, rows: int) -> None:
    world.approve(1)
    world.ready(2)
    actions.reopen_step(step=world.step(1), reason="The raids grew.", by=world["authority"])
    world.decide(world.submit(1))
    for number in range(rows):
        row = give(world, owner=world["usaid"], step=world.step(), due_at=timezone.now())
        DueOut.objects.filter(pk=row.pk).update(product=world.product())
        if number % 2:
            actions.settle_due_out(due_out=row, evidence="Seen.", by=world["lead"])
    client = world.client("lead")
    assert queries(lambda: client.get(f"{PAGE}?do=2")) == 8
