"""The rules of the gates read a second time, straight from the rows, for the state machine.

Nothing here calls the domain: each question is answered from the tables and from what the machine
itself did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mapro.core.models import User
from planning import framework
from planning.models import DueOut, Effort, Mandate, Membership, Step, Submission
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import EffortKind, Origin, Position, Role, Way
from planning.voting import Ballot
from tests.unit.test_voting import ought

Texts = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Rules:
    """What is allowed in an effort at ``now``; ``texts`` are the drafts by product and section."""

    effort: Effort
    now: datetime
    texts: Texts

    def step(self, number: int) -> Step:
        return Step.objects.get(effort=self.effort, number=number)

    def pending(self, number: int) -> Submission | None:
        return Submission.objects.filter(
            step__effort=self.effort, step__number=number, status="pending"
        ).first()

    def owed(self, *origins: Origin) -> list[DueOut]:
        """What is open of these origins."""
        rows = self.effort.due_outs.filter(done_at=None, origin__in=origins)
        return list(rows.select_related("step", "submission"))

    # ---------- who

    def _at_work(self, step: Step) -> list[Mandate]:
        rows = self.effort.mandates.filter(ended_at=None, starts_at__lte=self.now)
        return [
            m
            for m in rows.select_related("holder", "delegate")
            if m.step_id in {None, step.pk}
            and m.cycle in {None, step.cycle}
            and (m.ends_at is None or self.now < m.ends_at)
        ]

    def acting(self, number: int, role: Role) -> dict[User, set[User]]:
        """Who may act in the place of each holder of a role in a step, holders included."""
        step = self.step(number)
        at_work = self._at_work(step)
        aside = {m.holder for m in at_work if m.delegate is None}
        aside_here = {m.holder for m in at_work if m.delegate is None and m.role == role}
        members = Membership.objects.filter(effort=self.effort, role=role).select_related("user")
        raised = [m.user for m in members if m.step_id == step.pk]
        found = {}
        for holder in raised or [m.user for m in members if m.step_id is None]:
            others = {
                m.delegate
                for m in at_work
                if m.role == role and m.holder == holder and m.delegate and m.delegate not in aside
            }
            found[holder] = others | ({holder} - aside_here)
        return found

    def may_decide(self, number: int, who: User) -> bool:
        """Whether ``who`` decides the package of a step."""
        pending = self.pending(number)
        if pending is None or who == pending.submitted_by:
            return False
        authorities = self.acting(number, Role.AUTHORITY)
        authorities.pop(pending.submitted_by, None)  # nor does who stands in for them
        return any(who in deciders for deciders in authorities.values())

    def may_vote(self, number: int, who: User, seat: User | None) -> bool:
        """Whether ``who`` votes on the package of a step, for a certain seat if one is named."""
        pending = self.pending(number)
        if pending is None or who == pending.submitted_by:
            return False
        if pending.silence_until and pending.silence_until <= self.now:
            return False
        board = self.acting(number, Role.BOARD)
        board.pop(pending.submitted_by, None)
        return any(who in voters for holder, voters in board.items() if seat in {None, holder})

    def carried(self, pending: Submission) -> bool:
        """Whether the votes carry a package under its way of deciding."""
        step = pending.step
        aside = {m.holder_id for m in self._at_work(step) if not m.delegate and m.role == "board"}
        votes = {v.user_id: v for v in pending.votes.all()}
        board = []
        for holder, voters in self.acting(step.number, Role.BOARD).items():
            vote = votes.get(holder.pk)
            if vote is not None and holder.pk in aside and vote.cast_by_id is None:
                vote = None
            if holder == pending.submitted_by:
                voters = set()
            position = Position(vote.position) if vote else None
            board.append(Ballot(position, recused=not voters and vote is None))
        return ought(Way(pending.way), pending.quorum, board, pending.silence_until, self.now)

    # ---------- which gate

    def said_in_time(self, number: int) -> bool:
        """Whether the whole package of a step is approved by word, and the term runs."""
        pending = self.pending(number)
        return pending is not None and not pending.interim and any(
            due.submission_id == pending.pk and due.due_at and due.due_at >= self.now
            for due in self.owed(Origin.VERBAL)
        )  # fmt: skip

    def stands(self, number: int) -> bool:
        """Whether every step below is approved, at least by word."""
        return all(
            self.step(below).status == "approved" or self.said_in_time(below)
            for below in range(1, number)
        )

    def gaps(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Sections that must be written and are not."""
        hasty = self.effort.kind == EffortKind.CRISIS
        return [
            (key, section.key)
            for key in keys
            for section in CATALOGUE[key].every_section()
            if section.required and not self.texts[key, section.key]
            and (not hasty or section.key in CATALOGUE[key].hasty)
        ]  # fmt: skip

    def held(self, number: int) -> list[DueOut]:
        """Open conditions of this step and those below, and reviews that the step still owes."""
        conditions = [d for d in self.owed(Origin.CONDITION) if d.step and d.step.number <= number]
        reviews = [d for d in self.owed(Origin.REOPENED) if d.step and d.step.number == number]
        return conditions + reviews

    def may_submit(self, number: int, keys: Iterable[str]) -> bool:
        """Whether the products ``keys`` of a step may go before the board."""
        keys = list(keys)
        step = self.step(number)
        board = Membership.objects.filter(effort=self.effort, role=Role.BOARD).count()
        held = self.held(number) + [
            d for d in self.owed(Origin.VERBAL)
            if d.step and d.step.number <= number and d.due_at and d.due_at < self.now
        ]  # fmt: skip
        approved = set(
            self.effort.products.exclude(approved_version=None).values_list("key", flat=True)
        )
        return (
            step.status in {"open", "returned"}
            and self.stands(number)
            and not held
            and not self.gaps(keys)
            and all(set(CATALOGUE[key].after) <= approved for key in keys)
            and board >= max(step.quorum, int(step.way != Way.AUTHORITY))
        )

    def may_approve(self, pending: Submission, shown: Texts) -> bool:
        """Whether a package may be approved whose products read ``shown`` when it was frozen."""
        return (
            self.carried(pending)
            and self.stands(pending.step.number)
            and not self.held(pending.step.number)
            and all(self.texts[place] == text for place, text in shown.items())
        )


def texts_of(texts: Texts, keys: Iterable[str]) -> dict[tuple[str, str], str]:
    """The drafts of some products."""
    wanted = set(keys)
    return {place: text for place, text in texts.items() if place[0] in wanted}


def owes(number: int) -> tuple[str, ...]:
    """What a step owes."""
    return framework.step(number).owes
