"""Whose vote counts: substitutes with several seats, and people who stand aside."""

from __future__ import annotations

import pytest

from mapro.core.errors import NotAllowed, WrongState
from planning import actions, mandates
from planning.models import Mandate, Membership, Step, Submission, Vote
from planning.vocabulary import Position, Role, Way
from tests.unit.benches import (
    BOARD,
    decide,
    deciders,
    give,
    keys,
    raise_to,
    seats,
    stand_aside,
    vote,
)
from tests.world import World


@pytest.fixture
def submission(world: World) -> Submission:
    """Step 1 before the board."""
    world.write()
    return world.submit()


# ---------- one person, several seats


def test_a_substitute_votes_once_for_each_seat(world: World, submission: Submission) -> None:
    give(world, "board-af", "board", Role.BOARD)
    give(world, "board-io", "board", Role.BOARD)
    step = world.step()
    found = mandates.bench(step).seats_of(world["board"])
    assert keys(world, (s.holder for s in found)) == ["board", "board-af", "board-io"]
    assert vote(world, submission, "board").user == world["board"]  # the own seat unless told
    for seat in ("board-af", "board-io"):
        cast = vote(world, submission, "board", Position.ABSTAIN, seat)
        assert (cast.user, cast.cast_by) == (world[seat], world["board"])
    assert Vote.objects.count() == 3
    with pytest.raises(NotAllowed):
        vote(world, submission, "board", seat="board-osd")
    counted = mandates.count(submission, mandates.bench(step), submission.votes.all())
    assert (counted.concur, counted.abstain, counted.out) == (1, 2, 2)


def test_two_who_stand_in_for_one_member_have_one_vote(
    world: World, submission: Submission
) -> None:
    give(world, "board", "usaid", Role.BOARD)
    give(world, "board", "alternate", Role.BOARD)
    for who, position in (
        ("usaid", Position.CONCUR), ("alternate", Position.NONCONCUR), ("board", Position.ABSTAIN),
    ):  # fmt: skip
        vote(world, submission, who, position)
        [row] = submission.votes.all()
        assert (row.user, row.position) == (world["board"], position)
        assert row.cast_by == (None if who == "board" else world[who])


def test_people_without_a_seat_do_not_vote(world: World, submission: Submission) -> None:
    for who in ("authority", "member", "alternate", "dc"):
        with pytest.raises(NotAllowed):
            vote(world, submission, who)
    with pytest.raises(NotAllowed):
        vote(world, submission, "board", seat="board-af")


# ---------- standing aside


def test_a_recusal_holds_for_one_cycle_of_one_step(world: World) -> None:
    world.write()
    stand_aside(world, "board", Role.BOARD)
    stand_aside(world, "authority", Role.AUTHORITY)
    assert deciders(world) == [] and seats(world)["board"] == []
    assert deciders(world, 2) == ["authority"] and seats(world, 2)["board"] == ["board"]
    Step.objects.filter(effort=world.effort, number=1).update(cycle=2)
    assert deciders(world) == ["authority"] and seats(world)["board"] == ["board"]


def test_who_is_recused_is_told_so(world: World, submission: Submission) -> None:
    stand_aside(world, "authority", Role.AUTHORITY)
    with pytest.raises(NotAllowed, match="You are recused"):
        decide(world, submission, "authority")
    stand_aside(world, "board", Role.BOARD)
    with pytest.raises(NotAllowed, match="recused"):
        vote(world, submission, "board")
    with pytest.raises(NotAllowed, match="You hold no mandate"):
        decide(world, submission, "board")


def test_a_delegate_decides_for_who_stands_aside(world: World, submission: Submission) -> None:
    give(world, "authority", "alternate")
    stand_aside(world, "authority", Role.AUTHORITY)
    assert deciders(world) == ["alternate"]
    assert decide(world, submission, "alternate").on_behalf_of == world["authority"]


def test_who_stands_aside_stands_in_for_nobody(
    world: World, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(world, "authority", "board")
    give(world, "board-af", "board", Role.BOARD)
    assert deciders(world) == ["authority", "board"]
    stand_aside(world, "board", Role.BOARD)
    assert deciders(world) == ["authority"]
    assert seats(world)["board-af"] == ["board-af"]
    assert deciders(world, 2) == ["authority", "board"]
    with pytest.raises(NotAllowed):
        decide(world, submission, "board")
    with pytest.raises(NotAllowed):
        vote(world, submission, "board", seat="board-af")


def test_taking_part_again_after_a_recusal(world: World, submission: Submission) -> None:
    row = stand_aside(world, "board", Role.BOARD)
    with pytest.raises(WrongState):
        stand_aside(world, "board", Role.BOARD)
    actions.end_mandate(mandate=row, by=world["board"])
    assert vote(world, submission, "board").position == Position.CONCUR
    assert stand_aside(world, "board", Role.BOARD).pk != row.pk


@pytest.mark.parametrize("who, role", [
    ("board", Role.AUTHORITY), ("authority", Role.BOARD), ("alternate", Role.AUTHORITY),
    ("lead", Role.BOARD), ("dc", Role.AUTHORITY),
])  # fmt: skip
def test_nobody_stands_aside_from_a_role_that_they_do_not_hold(
    world: World, who: str, role: Role
) -> None:
    raise_to(world, "dc", 2)
    with pytest.raises(NotAllowed):
        stand_aside(world, who, role)
    assert not Mandate.objects.exists()


def test_a_vote_from_before_the_recusal_does_not_count(
    world: World, submission: Submission
) -> None:
    vote(world, submission, "board", Position.NONCONCUR)
    stand_aside(world, "board", Role.BOARD)
    counted = mandates.count(submission, mandates.bench(world.step()), submission.votes.all())
    assert (counted.nonconcur, counted.recused, counted.seats) == (0, 1, 4)
    assert submission.votes.count() == 1  # it stays on record


def test_a_substitute_keeps_a_recused_seat_in_the_count(
    world: World, submission: Submission
) -> None:
    vote(world, submission, "board", Position.NONCONCUR)
    row = give(world, "board", "usaid", Role.BOARD)
    stand_aside(world, "board", Role.BOARD)
    bench = mandates.bench(world.step())
    counted = mandates.count(submission, bench, submission.votes.all())
    assert (counted.out, counted.recused) == (5, 0)
    vote(world, submission, "usaid")
    actions.end_mandate(mandate=Mandate.objects.get(pk=row.pk), by=world["board"])
    bench = mandates.bench(world.step())
    assert next(s for s in bench.seats if s.holder == world["board"]).out
    counted = mandates.count(submission, bench, submission.votes.all())
    assert (counted.concur, counted.out, counted.recused) == (1, 4, 0)


def test_votes_of_who_left_the_board_do_not_count(world: World, submission: Submission) -> None:
    vote(world, submission, "board", Position.NONCONCUR)
    left = Membership.objects.get(effort=world.effort, user=world["board"], role=Role.BOARD)
    actions.remove_member(membership=left, by=world["lead"])
    counted = mandates.count(submission, mandates.bench(world.step()), submission.votes.all())
    assert (counted.nonconcur, counted.seats) == (0, 4)


@pytest.mark.parametrize("way, carried", [
    (Way.AUTHORITY, True), (Way.MAJORITY, True), (Way.UNANIMITY, False), (Way.SILENCE, False),
])  # fmt: skip
def test_the_count_asks_for_the_way_of_the_submission(
    world: World, submission: Submission, way: Way, carried: bool
) -> None:
    for who in BOARD[:3]:
        vote(world, submission, who)
    submission.way = way
    counted = mandates.count(submission, mandates.bench(world.step()), submission.votes.all())
    assert counted.carried is carried
