"""My work: only what is a person's turn, and all of it; the same queries with few rows or many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core.models import Organization
from planning import actions, mandates, scenario, selectors
from planning.models import DueOut, Mandate, Membership, Step, Submission
from planning.selectors.work import Turn
from planning.vocabulary import Origin, Role, Ruling, Way
from tests.world import SCRIPT, World

HOUR = timedelta(hours=1)


def turns(world: World, who: str) -> dict[int, Turn]:
    """What waits for somebody, by submission."""
    return {t.submission.pk: t for t in selectors.my_work(world[who]).turns}


def stand_in(world: World, holder: str, to: str, role: Role, **more: Any) -> Mandate:
    """``to`` stands in for ``holder`` today."""
    now = timezone.now()
    terms = {"starts_at": now - HOUR, "ends_at": now + HOUR, "why": "On leave."} | more
    return actions.delegate(
        effort=world.effort, holder=world[holder], role=role, to=world[to], by=world[holder],
        **terms,
    )  # fmt: skip


@pytest.fixture
def pending(world: World) -> Submission:
    """Step 1 before the board."""
    world.write()
    return world.submit()


def test_the_authority_decides_and_the_board_votes(world: World, pending: Submission) -> None:
    [decide] = turns(world, "authority").values()
    assert (decide.decides, decide.votes) == (True, False)
    [vote] = turns(world, "board").values()
    assert (vote.decides, vote.votes) == (False, True)
    for who in ("lead", "member", "alternate", "observer", "outsider", "dc"):
        assert not turns(world, who), who


def test_a_seat_that_voted_is_done(world: World, pending: Submission) -> None:
    world.vote(pending, "board")
    assert not turns(world, "board")
    assert turns(world, "board-io")


def test_nobody_decides_or_votes_on_what_they_submitted(world: World) -> None:
    for role in (Role.BOARD, Role.AUTHORITY):
        actions.add_member(effort=world.effort, user=world["lead"], role=role, by=world["lead"])
    world.write()
    world.submit()
    assert not turns(world, "lead")


def test_one_person_may_decide_and_vote(world: World, pending: Submission) -> None:
    actions.add_member(
        effort=world.effort, user=world["authority"], role=Role.BOARD, by=world["lead"]
    )
    [turn] = turns(world, "authority").values()
    assert (turn.decides, turn.votes) == (True, True)
    world.vote(pending, "authority")
    [turn] = turns(world, "authority").values()
    assert (turn.decides, turn.votes) == (True, False)


def test_a_raised_step_leaves_the_effort_s_authority_out(world: World) -> None:
    level = Organization.objects.get(code="deputies-committee")
    actions.raise_step(
        step=world.step(), user=world["dc"], organization=level, by=world["lead"]
    )  # fmt: skip
    world.write()
    world.submit()
    assert not turns(world, "authority")
    [turn] = turns(world, "dc").values()
    assert turn.decides


def test_a_level_decides_its_own_step_alone(world: World) -> None:
    world.approve()
    level = Organization.objects.get(code="deputies-committee")
    actions.raise_step(
        step=world.step(1), user=world["dc"], organization=level, by=world["lead"]
    )  # fmt: skip
    world.ready(2)
    world.submit(2)
    assert not turns(world, "dc")
    assert turns(world, "authority")


def test_whoever_is_recused_is_not_asked(world: World, pending: Submission) -> None:
    actions.recuse(step=world.step(), role=Role.BOARD, why="An interest.", by=world["board"])
    actions.recuse(step=world.step(), role=Role.AUTHORITY, why="Kin.", by=world["authority"])
    assert not turns(world, "board")
    assert not turns(world, "authority")
    for row in Mandate.objects.all():
        actions.end_mandate(mandate=row, by=row.holder)
    for who, role in (("board", Role.BOARD), ("authority", Role.AUTHORITY)):
        actions.recuse(step=world.step(2), role=role, why="Another step.", by=world[who])
    assert turns(world, "board")
    assert turns(world, "authority")


def test_a_recusal_holds_for_its_cycle_alone(world: World) -> None:
    actions.recuse(step=world.step(), role=Role.AUTHORITY, why="Kin.", by=world["authority"])
    Step.objects.filter(effort=world.effort, number=1).update(cycle=2)
    world.write()
    world.submit()
    assert turns(world, "authority")


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, True),
        ({"step": 1}, True),
        ({"step": 2}, False),
        ({"starts_at": HOUR, "ends_at": 2 * HOUR}, False),
    ],
)
@pytest.mark.parametrize(
    ("holder", "role"), [("authority", Role.AUTHORITY), ("board-io", Role.BOARD)]
)
def test_a_delegate_sees_what_the_holder_would(
    world: World, pending: Submission, holder: str, role: Role, change: dict[str, Any], seen: bool
) -> None:
    terms = {
        key: world.step(value) if key == "step" else timezone.now() + value
        for key, value in change.items()
    }
    stand_in(world, holder, "alternate", role, **terms)
    assert bool(turns(world, "alternate")) is seen


def test_a_delegation_that_ran_out_or_was_ended_shows_nothing(
    world: World, pending: Submission
) -> None:
    row = stand_in(world, "authority", "alternate", Role.AUTHORITY)
    now = timezone.now()
    Mandate.objects.filter(pk=row.pk).update(starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    assert not turns(world, "alternate")
    Mandate.objects.filter(pk=row.pk).update(ends_at=now + HOUR)
    assert turns(world, "alternate")
    actions.end_mandate(mandate=row, by=world["authority"])
    stand_in(world, "authority", "alternate", Role.AUTHORITY, step=world.step(2))
    assert not turns(world, "alternate")


def test_a_delegate_of_a_raised_step_s_former_authority_is_not_asked(world: World) -> None:
    level = Organization.objects.get(code="deputies-committee")
    stand_in(world, "authority", "alternate", Role.AUTHORITY)
    actions.raise_step(
        step=world.step(), user=world["dc"], organization=level, by=world["lead"]
    )  # fmt: skip
    world.write()
    world.submit()
    assert not turns(world, "alternate")


def test_a_recused_delegate_stands_in_for_nobody(world: World, pending: Submission) -> None:
    stand_in(world, "authority", "board", Role.AUTHORITY)
    assert turns(world, "board")[pending.pk].decides
    actions.recuse(step=world.step(), role=Role.BOARD, why="An interest.", by=world["board"])
    assert not turns(world, "board")


def test_a_substitute_votes_where_the_member_did_and_was_recused_after(
    world: World, pending: Submission
) -> None:
    stand_in(world, "board-io", "alternate", Role.BOARD)
    world.vote(pending, "board-io")
    assert not turns(world, "alternate")
    actions.recuse(step=world.step(), role=Role.BOARD, why="An interest.", by=world["board-io"])
    assert turns(world, "alternate")


def test_a_seat_taken_off_the_board_is_not_delegated(world: World, pending: Submission) -> None:
    stand_in(world, "board-io", "alternate", Role.BOARD)
    seat = Membership.objects.get(effort=world.effort, user=world["board-io"], role=Role.BOARD)
    actions.remove_member(membership=seat, by=world["lead"])
    assert not turns(world, "alternate")


def elsewhere(world: World, who: str, role: Role) -> None:
    """Give somebody a role in the outsider's effort, so that their lists are asked."""
    actions.add_member(effort=world.other, user=world[who], role=role, by=world["outsider"])


@pytest.mark.parametrize(
    ("holder", "role"), [("authority", Role.AUTHORITY), ("board-io", Role.BOARD)]
)
def test_whoever_left_the_team_sees_nothing(
    world: World, pending: Submission, holder: str, role: Role
) -> None:
    stand_in(world, holder, "alternate", role)
    elsewhere(world, "alternate", role)
    assert turns(world, "alternate")
    for row in Membership.objects.filter(effort=world.effort, user=world["alternate"]):
        actions.remove_member(membership=row, by=world["lead"])
    assert not turns(world, "alternate")


def test_what_a_former_lead_submitted_is_not_awaited(world: World, pending: Submission) -> None:
    assert selectors.my_work(world["lead"]).waiting == [pending]
    actions.add_member(
        effort=world.effort, user=world["usaid"], role=Role.LEAD, by=world["lead"]
    )  # fmt: skip
    elsewhere(world, "lead", Role.LEAD)
    row = Membership.objects.get(effort=world.effort, user=world["lead"], role=Role.LEAD)
    actions.remove_member(membership=row, by=world["usaid"])
    assert not selectors.my_work(world["lead"]).waiting


def test_an_ended_silence_procedure_asks_for_no_vote(world: World) -> None:
    world.write()
    Step.objects.filter(effort=world.effort, number=1).update(way=Way.SILENCE)
    submission = world.submit(silence_until=timezone.now() + HOUR)
    [turn] = turns(world, "board").values()
    assert turn.due == submission.silence_until
    Submission.objects.update(silence_until=timezone.now() - HOUR)
    assert not turns(world, "board")


def test_the_list_agrees_with_the_bench(world: World, pending: Submission) -> None:
    """The filter in the database and ``mandates.bench`` are the same rule."""
    stand_in(world, "authority", "alternate", Role.AUTHORITY)
    stand_in(world, "board-osd", "board-nss", Role.BOARD)
    actions.recuse(step=world.step(), role=Role.BOARD, why="Kin.", by=world["board-af"])
    stand_in(world, "board-af", "usaid", Role.BOARD)
    bench = mandates.bench(world.step())
    for key, user in world.people.items():
        turn = turns(world, key).get(pending.pk)
        decides = bench.decider(user) is not None
        assert bool(turn and turn.decides) is decides, key
        assert bool(turn and turn.votes) is bool(bench.seats_of(user)), key


def test_a_verbal_approval_waits_to_be_confirmed(world: World, pending: Submission) -> None:
    actions.record_verbal(
        step=world.step(), said_by=world["authority"], said_at=timezone.now(), words="Go.",
        by=world["lead"],
    )  # fmt: skip
    due = world.due_out(Origin.VERBAL)
    [turn] = turns(world, "authority").values()
    assert turn.due == turn.confirm_by == due.due_at
    page = world.client("authority").get("/").content.decode()
    assert "Confirm in writing" in page
    assert "approved by word" in page
    work = selectors.my_work(world["authority"])
    assert not work.due_outs  # it stands among the decisions
    [owed] = selectors.my_work(world["lead"]).due_outs
    assert owed == due
    assert "Verbal approval" in world.client("lead").get("/").content.decode()


def test_the_most_pressing_comes_first(world: World, pending: Submission) -> None:
    other = scenario.stage(SCRIPT, world.people)
    scenario.draft(other, "tab-01", SCRIPT["products"]["tab-01"], world["member"])
    Step.objects.filter(effort=other, number=1).update(due_at=timezone.now() + HOUR)
    step = Step.objects.select_related("effort__marking").get(effort=other, number=1)
    urgent = actions.submit_step(step=step, ask="At once.", by=world["lead"])
    assert list(turns(world, "authority")) == [urgent.pk, pending.pk]
    assert "At once." in world.client("authority").get("/").content.decode()


def flag(world: World, who: str = "member", words: str = "Look at this.") -> Any:
    """A red flag on the course of the effort."""
    return actions.enter_dissent(
        effort=world.effort, words=words, red_flag=True, by=world[who]
    )  # fmt: skip


def test_red_flags_stand_on_top_until_they_are_ruled_on(world: World) -> None:
    first, second = flag(world), flag(world, "africom", "And at this.")
    actions.enter_dissent(effort=world.effort, words="No flag.", by=world["member"])
    assert selectors.my_work(world["authority"]).flags == [second, first]
    page = world.client("authority").get("/").content.decode()
    assert page.index("Red flags raised to me") < page.index("Waits for me")
    elsewhere(world, "board", Role.AUTHORITY)
    actions.enter_dissent(
        effort=world.other, words="Elsewhere.", red_flag=True, by=world["outsider"]
    )
    assert [d.words for d in selectors.my_work(world["board"]).flags] == ["Elsewhere."]
    for who in ("lead", "member", "outsider"):
        assert not selectors.my_work(world[who]).flags, who
    actions.rule_dissent(
        dissent=first, ruling=Ruling.SUSTAINED, words="So it is.", by=world["authority"]
    )
    assert selectors.my_work(world["authority"]).flags == [second]
    actions.withdraw_dissent(dissent=second, by=world["africom"])
    assert not selectors.my_work(world["authority"]).flags
    assert "Red flags" not in world.client("authority").get("/").content.decode()


def give(world: World, text: str, owner: str, hours: int | None = None) -> DueOut:
    """A due-out of the board."""
    due_at = timezone.now() + hours * HOUR if hours is not None else None
    return actions.add_due_out(
        effort=world.effort, text=text, origin=Origin.GUIDANCE, by=world["board"],
        owner=world[owner], due_at=due_at,
    )  # fmt: skip


def test_what_i_owe_late_first(world: World) -> None:
    undated, soon, late = (
        give(world, "Undated.", "member"), give(world, "Soon.", "member", 1),
        give(world, "Late.", "member", -1),
    )  # fmt: skip
    done = give(world, "Done.", "member")
    actions.settle_due_out(due_out=done, evidence="Seen.", by=world["member"])
    give(world, "Another's.", "africom")
    assert selectors.my_work(world["member"]).due_outs == [late, soon, undated]
    assert "Overdue" in world.client("member").get("/").content.decode()
    assert not selectors.my_work(world["lead"]).due_outs


def test_debts_of_efforts_that_i_lead(world: World) -> None:
    debt = actions.proceed_at_risk(step=world.step(2), why="No time.", by=world["lead"])
    DueOut.objects.filter(pk=debt.pk).update(owner=world["member"])
    give(world, "No debt.", "member")
    assert selectors.my_work(world["lead"]).due_outs == [debt]
    assert debt not in selectors.my_work(world["africom"]).due_outs


def test_nothing_of_an_effort_that_i_may_no_longer_see(world: World) -> None:
    give(world, "Write it.", "usaid")
    assert selectors.my_work(world["usaid"]).due_outs
    row = Membership.objects.get(effort=world.effort, user=world["usaid"])
    actions.remove_member(membership=row, by=world["lead"])
    actions.add_member(
        effort=world.other, user=world["usaid"], role=Role.MEMBER, by=world["outsider"]
    )  # fmt: skip
    assert not selectors.my_work(world["usaid"]).due_outs
