"""Who may act on a step now: its authorities, the seats of its board, and who stands in for whom.

The permission table says what a role may do; this says whose turn it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from mapro.core.errors import NotAllowed
from mapro.core.models import User
from planning.models import Effort, Mandate, Membership, Step, Submission, Vote
from planning.progress import members_of
from planning.vocabulary import Position, Role, Way
from planning.voting import Ballot, Tally, tally


@dataclass(frozen=True)
class Seat:
    """A seat of the board: who holds it, who may vote for it, why it is recused.

    A recused member's substitute votes; only a recused seat without one takes no part.
    """

    holder: User
    member: Membership
    delegations: tuple[Mandate, ...] = ()
    recusal: Mandate | None = None
    barred: bool = False

    @property
    def out(self) -> bool:
        """Whether nobody can vote for the seat."""
        return not self.voters

    @property
    def voters(self) -> tuple[User, ...]:
        """Who may vote for the seat now; nobody for that of whoever submitted."""
        if self.barred:
            return ()
        own = () if self.recusal or not self.holder.is_active else (self.holder,)
        return (*own, *(m.delegate for m in self.delegations if m.delegate))

    def mandate_of(self, user: User) -> Mandate | None:
        """The delegation by which ``user`` votes here; None for the holder."""
        if user.pk == self.holder.pk:
            return None
        return next((m for m in self.delegations if m.delegate_id == user.pk), None)


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide: for which body, and by whose delegation."""

    user: User
    body: str = ""
    mandate: Mandate | None = None

    @property
    def on_behalf_of(self) -> User | None:
        """Whose authority was delegated; None for one's own."""
        return self.mandate.holder if self.mandate else None


@dataclass(frozen=True)
class Bench:
    """Who decides a step and who votes on it."""

    deciders: tuple[Decider, ...]
    seats: tuple[Seat, ...]

    def decider(self, user: User) -> Decider | None:
        """The mandate by which ``user`` decides, their own before one that was delegated."""
        found = [d for d in self.deciders if d.user.pk == user.pk]
        return next((d for d in found if d.on_behalf_of is None), next(iter(found), None))

    def seats_of(self, user: User) -> list[Seat]:
        """The seats for which ``user`` may vote, their own first."""
        mine = [s for s in self.seats if any(v.pk == user.pk for v in s.voters)]
        return sorted(mine, key=lambda s: s.holder.pk != user.pk)

    def without(self, submitter: int) -> Bench:
        """The bench for what the person with this key submitted: neither they nor who stands in
        for them votes or decides."""
        return Bench(
            tuple(
                d for d in self.deciders
                if submitter not in {d.user.pk, d.on_behalf_of.pk if d.on_behalf_of else None}
            ),
            tuple(replace(s, barred=s.holder.pk == submitter) for s in self.seats),
        )  # fmt: skip

    @property
    def level(self) -> str:
        """The body that decides in place of the effort's authority; empty for none."""
        return next((d.body for d in self.deciders if d.body), "")


def standing_of(effort: Effort) -> list[Mandate]:
    """Delegations and recusals of an effort that were not ended; kept on it. One query."""
    kept: list[Mandate] | None = effort.__dict__.get("_mandates")
    if kept is None:
        kept = list(
            effort.mandates.filter(ended_at=None)
            .filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
            .select_related("holder", "delegate", "step")
            .order_by("pk")
        )
        effort.__dict__["_mandates"] = kept
    return kept


def forget(effort: Effort) -> None:
    """Drop what was kept, after a mandate or a membership changed."""
    for name in ("_mandates", "_members"):
        effort.__dict__.pop(name, None)


def bench(step: Step, now: datetime | None = None) -> Bench:
    """Who decides ``step`` and who votes on it, at ``now``. Two queries, less what is kept."""
    now = now or timezone.now()
    members = members_of(step.effort)
    at_work = [m for m in standing_of(step.effort) if _counts(m, step, now)]
    recused = {(m.role, m.holder_id): m for m in at_work if not m.is_delegation}
    gone = {m.holder_id for m in recused.values()}  # whoever is recused stands in for nobody
    team = {m.user_id for m in members}
    delegations = [
        m
        for m in at_work
        if m.is_delegation and m.delegate_id in team and m.delegate_id not in gone
    ]
    return Bench(
        tuple(_deciders(step, members, recused, delegations)),
        tuple(_seats(members, recused, delegations)),
    )


def bench_for(submission: Submission, now: datetime | None = None) -> Bench:
    """The bench of a submission's step, without who submitted it."""
    return bench(submission.step, now).without(submission.submitted_by_id)


def _counts(mandate: Mandate, step: Step, now: datetime) -> bool:
    if mandate.step_id not in {None, step.pk}:
        return False
    if mandate.cycle not in {None, step.cycle}:
        return False
    return mandate.starts_at <= now and (mandate.ends_at is None or now < mandate.ends_at)


def _standing_in(delegations: Iterable[Mandate], role: Role, holder: User) -> list[Mandate]:
    return [
        m
        for m in delegations
        if m.role == role and m.holder_id == holder.pk and m.delegate and m.delegate.is_active
    ]


def _deciders(
    step: Step,
    members: Sequence[Membership],
    recused: dict[tuple[str, int], Mandate],
    delegations: Sequence[Mandate],
) -> Iterable[Decider]:
    authorities = [m for m in members if m.role == Role.AUTHORITY]
    raised = [m for m in authorities if m.step_id == step.pk]
    for member in raised or [m for m in authorities if m.step_id is None]:
        body = member.organization.name if member.step_id and member.organization else ""
        gone = (Role.AUTHORITY, member.user_id) in recused
        if member.user.is_active and not gone:
            yield Decider(member.user, body)
        for mandate in _standing_in(delegations, Role.AUTHORITY, member.user):
            if mandate.delegate is not None:
                yield Decider(mandate.delegate, body, mandate)


def _seats(
    members: Sequence[Membership],
    recused: dict[tuple[str, int], Mandate],
    delegations: Sequence[Mandate],
) -> Iterable[Seat]:
    for member in members:
        if member.role != Role.BOARD:
            continue
        standing_in = tuple(_standing_in(delegations, Role.BOARD, member.user))
        if member.user.is_active or standing_in:
            recusal = recused.get((Role.BOARD, member.user_id))
            yield Seat(member.user, member, standing_in, recusal)


def decider_of(step: Step, submission: Submission, user: User) -> Decider:
    """By what mandate ``user`` decides. Raises NotAllowed when it is not theirs to decide."""
    if submission.submitted_by_id == user.pk:
        raise NotAllowed("You submitted this package, so somebody else has to decide it.")
    found = bench_for(submission).decider(user)
    if found is None:
        raise NotAllowed(_why_not(step, user))
    _hold(found.mandate)
    return found


def _hold(mandate: Mandate | None) -> None:
    """Keep a delegation from ending while somebody acts on it. Raises NotAllowed if it just did."""
    if mandate is None:
        return
    still = Mandate.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=mandate.pk, ended_at=None
    )
    if not still.first():
        raise NotAllowed("This delegation was ended a moment ago.")


def _why_not(step: Step, user: User) -> str:
    now = timezone.now()
    for one in standing_of(step.effort):
        recused = not one.is_delegation and one.role == Role.AUTHORITY
        if recused and one.holder_id == user.pk and _counts(one, step, now):
            return f"You are recused from Step {step.number}. A delegate decides."
    names = " or ".join(sorted({_name(d) for d in bench(step).deciders})) or "nobody yet"
    return f"Step {step.number} is decided by {names}. You hold no mandate for it now."


def _name(decider: Decider) -> str:
    return f"{decider.user.post} ({decider.body})" if decider.body else decider.user.post


def seat_of(submission: Submission, user: User, seat: User | None = None) -> Seat:
    """The seat for which ``user`` votes: their own, the one asked for, or the only one.

    Raises NotAllowed when ``user`` may vote for no such seat now.
    """
    mine = bench_for(submission).seats_of(user)
    if seat is not None:
        mine = [s for s in mine if s.holder.pk == seat.pk]
    if not mine:
        raise NotAllowed(
            f"You hold no seat of the board in {submission.step} that can vote now: you are "
            "recused, or a delegation has ended."
        )
    _hold(mine[0].mandate_of(user))
    return mine[0]


def count(
    submission: Submission, found: Bench, votes: Iterable[Vote], now: datetime | None = None
) -> Tally:
    """What the votes on ``submission`` amount to. No query.

    What a member voted before being recused does not count; what a substitute voted does, also
    after the period.
    """
    ballots = [
        Ballot(Position(vote.position) if vote else None, seat.out and vote is None)
        for seat, vote in _voted(found, votes)
    ]
    return tally(
        Way(submission.way), submission.quorum, ballots, submission.silence_until,
        now or timezone.now(),
    )  # fmt: skip


def waiting(found: Bench, votes: Iterable[Vote]) -> list[Seat]:
    """The seats that could vote and have not, in the sense of ``count``. No query."""
    return [seat for seat, vote in _voted(found, votes) if vote is None and seat.voters]


def _voted(found: Bench, votes: Iterable[Vote]) -> Iterable[tuple[Seat, Vote | None]]:
    cast = {v.user_id: v for v in votes}
    for seat in found.seats:
        vote = cast.get(seat.holder.pk)
        void = vote is not None and seat.recusal is not None and vote.cast_by_id is None
        yield seat, None if void else vote
