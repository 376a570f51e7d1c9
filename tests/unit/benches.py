"""Short ways to let somebody stand in or aside, and to ask whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mapro.core.models import Organization
from planning import actions, mandates
from planning.models import Decision, Effort, Mandate, Membership, Submission, Vote
from planning.vocabulary import Outcome, Position, Role
from tests.world import World

DAY = timedelta(days=1)
BOARD = ("board", "board-af", "board-io", "board-osd", "board-nss")


def give(
    world: World, holder: str, to: str, role: Role = Role.AUTHORITY, *, by: str = "",
    start: timedelta = -DAY, end: timedelta = DAY, **more: Any,
) -> Mandate:  # fmt: skip
    """``to`` stands in for ``holder``, from a day ago to a day ahead unless told."""
    now = timezone.now()
    return actions.delegate(
        effort=fresh(world), holder=world[holder], role=role, to=world[to], starts_at=now + start,
        ends_at=now + end, why="On travel.", by=world[by or holder], **more,
    )  # fmt: skip


def fresh(world: World) -> Effort:
    return Effort.objects.select_related("marking").get(pk=world.effort.pk)


def stand_aside(world: World, who: str, role: Role, number: int = 1) -> Mandate:
    return actions.recuse(step=world.step(number), role=role, why="A relative.", by=world[who])


def raise_to(world: World, who: str, number: int = 1) -> Membership:
    higher = Organization.objects.get(code="deputies-committee")
    return actions.raise_step(
        step=world.step(number), user=world[who], organization=higher, by=world["lead"]
    )


def keys(world: World, users: Any) -> list[str]:
    """The people by the scenario's keys."""
    names = {user.pk: key for key, user in world.people.items()}
    return [names[user.pk] for user in users]


def deciders(world: World, number: int = 1, now: Any = None) -> list[str]:
    return keys(world, (d.user for d in mandates.bench(world.step(number), now).deciders))


def seats(world: World, number: int = 1, now: Any = None) -> dict[str, list[str]]:
    """Who may vote for each seat."""
    found = mandates.bench(world.step(number), now).seats
    return {keys(world, [s.holder])[0]: keys(world, s.voters) for s in found}


def decide(
    world: World, submission: Submission, who: str, outcome: Outcome = Outcome.APPROVE
) -> Decision:
    return actions.decide_step(
        step=world.step(submission.step.number), outcome=outcome, by=world[who],
        package_hash=submission.package_hash, guidance="More.",
    )  # fmt: skip


def vote(
    world: World, submission: Submission, who: str, position: Position = Position.CONCUR,
    seat: str = "",
) -> Vote:  # fmt: skip
    return actions.cast_vote(
        step=world.step(submission.step.number), position=position, by=world[who],
        package_hash=submission.package_hash, reason="A reason.",
        seat=world[seat] if seat else None,
    )  # fmt: skip


def retire(world: World, who: str) -> None:
    world[who].is_active = False
    world[who].save(update_fields=["is_active"])
