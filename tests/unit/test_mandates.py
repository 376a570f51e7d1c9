"""Who decides: higher levels, people who stand in for a period, people who submitted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core import audit
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent
from planning import actions, mandates
from planning.models import Decision, Mandate, Membership, Submission, Vote
from planning.vocabulary import MandateKind, Outcome, Role
from tests.unit.benches import (
    BOARD,
    DAY,
    decide,
    deciders,
    fresh,
    give,
    raise_to,
    retire,
    seats,
    vote,
)
from tests.world import World


@pytest.fixture
def submission(world: World) -> Submission:
    """Step 1 before the board."""
    world.write()
    return world.submit()


# ---------- who decides


def test_the_authority_decides_and_every_member_of_the_board_has_a_seat(world: World) -> None:
    for number in range(1, 6):
        assert deciders(world, number) == ["authority"]
        assert seats(world, number) == {who: [who] for who in BOARD}
    assert mandates.bench(world.step()).level == ""


def test_a_higher_level_decides_its_step_alone(world: World, submission: Submission) -> None:
    raise_to(world, "dc")
    assert deciders(world) == ["dc"]
    assert deciders(world, 2) == ["authority"]
    assert mandates.bench(world.step()).level == "Deputies Committee"
    with pytest.raises(NotAllowed, match="Deputies Committee"):
        decide(world, submission, "authority")
    decision = decide(world, submission, "dc")
    assert (decision.body, decision.on_behalf_of) == ("Deputies Committee", None)


def test_a_step_that_is_given_back_is_decided_by_the_authority(world: World) -> None:
    raise_to(world, "dc")
    raise_to(world, "africom")
    assert deciders(world) == ["dc", "africom"]
    actions.lower_step(step=world.step(), by=world["lead"])
    assert deciders(world) == ["authority"]
    with pytest.raises(WrongState):
        actions.lower_step(step=world.step(), by=world["lead"])


def test_nobody_steps_in_for_a_higher_level_that_is_absent(world: World) -> None:
    raise_to(world, "dc")
    retire(world, "dc")
    assert deciders(world) == []


def test_a_higher_level_is_raised_once_and_active(world: World) -> None:
    raise_to(world, "dc")
    with pytest.raises(Invalid):
        raise_to(world, "dc")
    retire(world, "africom")
    with pytest.raises(Invalid):
        raise_to(world, "africom", 2)


def test_an_authority_without_an_account_decides_nothing(
    world: World, submission: Submission
) -> None:
    retire(world, "authority")
    assert deciders(world) == []
    with pytest.raises(NotAllowed, match="nobody yet"):
        decide(world, submission, "authority")


@pytest.mark.parametrize("who", ["board", "member", "alternate", "dc", "outsider"])
def test_others_decide_nothing(world: World, submission: Submission, who: str) -> None:
    with pytest.raises(NotAllowed, match="You hold no mandate"):
        decide(world, submission, who)


# ---------- standing in, for a period


@pytest.mark.parametrize("role, holder", [(Role.AUTHORITY, "authority"), (Role.BOARD, "board")])
def test_a_delegation_counts_from_its_start_until_before_its_end(
    world: World, role: Role, holder: str
) -> None:
    row = give(world, holder, "alternate", role)
    assert row.ends_at is not None
    tick = timedelta(microseconds=1)
    for now, counts in (
        (row.starts_at - tick, False), (row.starts_at, True), (row.ends_at - tick, True),
        (row.ends_at, False),
    ):  # fmt: skip
        acting = (
            deciders(world, now=now) if role is Role.AUTHORITY else seats(world, now=now)[holder]
        )
        assert acting == ([holder, "alternate"] if counts else [holder])


@pytest.mark.parametrize("start, end", [(DAY, 2 * DAY), (-3 * DAY, -DAY)])
def test_outside_its_period_nobody_decides_by_a_delegation(
    world: World, submission: Submission, monkeypatch: pytest.MonkeyPatch, start: Any, end: Any
) -> None:
    row = give(world, "authority", "alternate")
    now = timezone.now()
    Mandate.objects.filter(pk=row.pk).update(starts_at=now + start, ends_at=now + end)
    with pytest.raises(NotAllowed, match="You hold no mandate"):
        decide(world, submission, "alternate")
    # With the guard off the period is not asked for: what has ended is not even read.
    monkeypatch.setattr(mandates, "_counts", lambda *_: True)
    if end > timedelta():
        assert decide(world, submission, "alternate").on_behalf_of == world["authority"]


def test_a_delegation_for_a_step_counts_in_that_step_alone(world: World) -> None:
    give(world, "authority", "alternate", step=world.step(2))
    give(world, "board", "usaid", Role.BOARD, step=world.step(3))
    assert [n for n in range(1, 6) if "alternate" in deciders(world, n)] == [2]
    assert [n for n in range(1, 6) if "usaid" in seats(world, n)["board"]] == [3]


def test_what_is_delegated_is_that_role_alone(world: World, submission: Submission) -> None:
    give(world, "authority", "alternate")
    give(world, "board", "usaid", Role.BOARD)
    with pytest.raises(NotAllowed):
        decide(world, submission, "usaid")
    with pytest.raises(NotAllowed):
        vote(world, submission, "alternate")
    assert decide(world, submission, "alternate").on_behalf_of == world["authority"]


def test_a_delegate_of_a_higher_level_decides_for_that_body(
    world: World, submission: Submission
) -> None:
    raise_to(world, "dc")
    give(world, "dc", "alternate")
    give(world, "authority", "usaid")
    assert deciders(world) == ["dc", "alternate"]
    assert deciders(world, 2) == ["authority", "usaid"]
    with pytest.raises(NotAllowed):
        decide(world, submission, "usaid")
    decision = decide(world, submission, "alternate")
    assert (decision.body, decision.on_behalf_of) == ("Deputies Committee", world["dc"])


@pytest.mark.parametrize("holder, to", [("authority", "africom"), ("africom", "authority")])
def test_an_own_mandate_comes_before_a_delegated_one(
    world: World, submission: Submission, holder: str, to: str
) -> None:
    actions.add_member(
        effort=fresh(world), user=world["africom"], role=Role.AUTHORITY, by=world["lead"]
    )
    give(world, holder, to)
    assert decide(world, submission, to).on_behalf_of is None


def test_who_holds_two_roles_hands_on_one(world: World) -> None:
    actions.add_member(
        effort=fresh(world), user=world["authority"], role=Role.BOARD, by=world["lead"]
    )
    give(world, "authority", "usaid", Role.BOARD)
    give(world, "authority", "alternate")
    assert deciders(world) == ["authority", "alternate"]
    assert seats(world)["authority"] == ["authority", "usaid"]


def test_an_ended_delegation_counts_no_more(world: World, submission: Submission) -> None:
    row = give(world, "authority", "alternate")
    actions.end_mandate(mandate=Mandate.objects.get(pk=row.pk), by=world["authority"])
    assert deciders(world) == ["authority"]
    with pytest.raises(NotAllowed, match="You hold no mandate"):
        decide(world, submission, "alternate")


@pytest.mark.parametrize("held", [True, False])
def test_a_delegation_that_ended_after_it_was_read_is_found_out(
    world: World, submission: Submission, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    row = give(world, "authority", "alternate")
    step = world.step()
    assert len(mandates.standing_of(step.effort)) == 1
    actions.end_mandate(mandate=Mandate.objects.get(pk=row.pk), by=world["authority"])
    case = {"step": step, "outcome": Outcome.APPROVE, "by": world["alternate"],
            "package_hash": submission.package_hash}  # fmt: skip
    if held:
        with pytest.raises(NotAllowed, match="ended a moment ago"):
            actions.decide_step(**case)
    else:
        monkeypatch.setattr(mandates, "_hold", lambda mandate: None)
        assert actions.decide_step(**case).decided_by == world["alternate"]


def test_a_delegate_without_an_account_stands_in_for_nobody(world: World) -> None:
    give(world, "authority", "alternate")
    give(world, "board", "usaid", Role.BOARD)
    retire(world, "alternate")
    retire(world, "usaid")
    assert deciders(world) == ["authority"]
    assert seats(world)["board"] == ["board"]


def test_a_delegate_stands_in_for_a_holder_without_an_account(
    world: World, submission: Submission
) -> None:
    give(world, "authority", "alternate")
    give(world, "board", "usaid", Role.BOARD)
    for who in ("authority", "board", "board-af"):
        retire(world, who)
    assert deciders(world) == ["alternate"]
    assert seats(world)["board"] == ["usaid"]
    assert "board-af" not in seats(world)
    assert decide(world, submission, "alternate").on_behalf_of == world["authority"]


def test_a_delegate_hands_nothing_on(world: World, submission: Submission) -> None:
    give(world, "authority", "alternate")
    give(world, "board", "usaid", Role.BOARD)
    for holder, role in (("alternate", Role.AUTHORITY), ("usaid", Role.BOARD)):
        with pytest.raises(Invalid, match="does not hold"):
            give(world, holder, "member", role)
        now = timezone.now()
        Mandate.objects.create(
            effort=world.effort, kind=MandateKind.DELEGATION, role=role, holder=world[holder],
            delegate=world["member"], why="Slipped in.", starts_at=now - DAY, ends_at=now + DAY,
            given_by=world[holder], given_at=now,
        )  # fmt: skip
    assert deciders(world) == ["authority", "alternate"]
    assert seats(world)["board"] == ["board", "usaid"]
    with pytest.raises(NotAllowed):
        decide(world, submission, "member")
    with pytest.raises(NotAllowed):
        vote(world, submission, "member")


def test_a_member_of_the_board_hands_on_the_own_seat_alone(world: World) -> None:
    give(world, "board", "board-af", Role.BOARD)
    give(world, "board-af", "usaid", Role.BOARD)
    assert seats(world)["board"] == ["board", "board-af"]
    assert seats(world)["board-af"] == ["board-af", "usaid"]


# ---------- who submitted


def test_who_submitted_neither_votes_nor_decides_for_anybody(world: World) -> None:
    world.write()
    give(world, "authority", "lead")
    give(world, "board", "lead", Role.BOARD)
    actions.add_member(
        effort=fresh(world), user=world["lead"], role=Role.AUTHORITY, by=world["lead"]
    )
    own = world.submit()
    for outcome in (Outcome.APPROVE, Outcome.RETURN):
        with pytest.raises(NotAllowed, match="You submitted"):
            decide(world, own, "lead", outcome)
    with pytest.raises(NotAllowed, match="You submitted"):
        vote(world, own, "lead")
    assert not Vote.objects.exists() and not Decision.objects.exists()


# ---------- what is refused when somebody is to stand in


@pytest.mark.parametrize("by, role, holder", [
    ("lead", Role.AUTHORITY, "authority"), ("member", Role.BOARD, "board"),
    ("board-af", Role.BOARD, "board"), ("board", Role.AUTHORITY, "authority"),
    ("authority", Role.BOARD, "board"),
])  # fmt: skip
def test_others_may_not_name_who_stands_in(world: World, by: str, role: Role, holder: str) -> None:
    with pytest.raises(NotAllowed):
        give(world, holder, "alternate", role, by=by)
    assert not Mandate.objects.exists()


def test_the_lead_names_a_substitute_for_an_absent_member(world: World) -> None:
    row = give(world, "board", "usaid", Role.BOARD, by="lead")
    assert seats(world)["board"] == ["board", "usaid"]
    for who in ("usaid", "member", "authority"):
        with pytest.raises(NotAllowed):
            actions.end_mandate(mandate=row, by=world[who])
    actions.end_mandate(mandate=row, by=world["lead"])
    assert seats(world)["board"] == ["board"]


@pytest.mark.parametrize("holder, to, role, more, field", [
    ("authority", "authority", Role.AUTHORITY, {}, "to"),
    ("authority", "outsider", Role.AUTHORITY, {}, "to"),
    ("authority", "observer", Role.AUTHORITY, {}, "to"),
    ("authority", "partner", Role.AUTHORITY, {}, "to"),
    ("authority", "alternate", Role.BOARD, {}, "holder"),
    ("board", "alternate", Role.AUTHORITY, {}, "holder"),
    ("lead", "alternate", Role.LEAD, {}, "role"),
    ("member", "alternate", Role.MEMBER, {}, "role"),
    ("authority", "alternate", Role.AUTHORITY, {"end": -DAY}, "ends_at"),
    ("authority", "alternate", Role.AUTHORITY, {"start": -3 * DAY, "end": -DAY}, "ends_at"),
    ("authority", "alternate", Role.AUTHORITY, {"start": 2 * DAY, "end": DAY}, "ends_at"),
    ("authority", "alternate", Role.AUTHORITY, {"end": 367 * DAY}, "ends_at"),
])  # fmt: skip
def test_a_bad_delegation_is_refused(
    world: World, holder: str, to: str, role: Role, more: dict[str, Any], field: str
) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(Invalid) as refused:
        give(world, holder, to, role, **more)
    assert list(refused.value.fields) == [field]
    assert not Mandate.objects.exists()
    assert AuditEvent.objects.count() == before


def test_who_stands_in_must_have_an_account(world: World) -> None:
    retire(world, "alternate")
    with pytest.raises(Invalid):
        give(world, "authority", "alternate")


def test_a_mandate_ends_once(world: World) -> None:
    row = give(world, "authority", "alternate")
    stale = Mandate.objects.get(pk=row.pk)
    actions.end_mandate(mandate=row, by=world["authority"])
    with pytest.raises(WrongState):
        actions.end_mandate(mandate=stale, by=world["authority"])
    over = give(world, "authority", "alternate")
    Mandate.objects.filter(pk=over.pk).update(ends_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(WrongState):
        actions.end_mandate(mandate=over, by=world["authority"])
    assert not list(audit.verify())


def test_a_delegate_becomes_an_alternate_of_the_team(world: World) -> None:
    give(world, "authority", "usaid")
    roles = Membership.objects.filter(effort=world.effort, user=world["usaid"])
    assert set(roles.values_list("role", flat=True)) == {Role.MEMBER, Role.ALTERNATE}
    give(world, "board", "usaid", Role.BOARD)
    assert roles.count() == 2
