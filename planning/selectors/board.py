"""What the board room shows of one submission: package, differences, dissents, seats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, Max, OuterRef, Q

from mapro.core.models import User
from planning import mandates
from planning.mandates import Bench, Decider, Seat
from planning.models import (
    Decision,
    Dissent,
    DueOut,
    Mandate,
    Rendition,
    SectionRevision,
    Step,
    Submission,
    SubmissionItem,
    Version,
    Vote,
)
from planning.products.compare import SectionChange, sections_changed
from planning.selectors.files import attach_files
from planning.sources import dissents_of
from planning.vocabulary import Origin, Position, SubmissionStatus
from planning.voting import CONCURS, Tally


@dataclass(frozen=True)
class Change:
    """What a package changes in one product since the last approval. ``hands`` maps a section to
    the latest person who saved it since, and when."""

    version: Version
    before: Version
    sections: tuple[SectionChange, ...]
    hands: dict[str, tuple[str, datetime]]


@dataclass(frozen=True)
class SeatRow:
    """A seat with its vote; no ``seat`` for a vote whose board is no longer asked, or whose holder
    has left it."""

    holder: User
    vote: Vote | None
    seat: Seat | None
    left: bool = False

    @property
    def recusal(self) -> Mandate | None:
        """Why its holder takes no part."""
        return self.seat.recusal if self.seat else None

    @property
    def counts(self) -> bool:
        """Whether the vote counts: not when its holder cast it and was recused since."""
        return not (self.vote and self.recusal and self.vote.cast_by_id is None)

    @property
    def is_out(self) -> bool:
        """Whether somebody could vote for it and has not."""
        return self.vote is None and self.seat is not None and bool(self.seat.voters)


@dataclass(frozen=True)
class Room:
    """One submission as its board sees it; ``said`` is a verbal approval that waits to be
    confirmed. Once it is decided, the board is what the decision recorded."""

    submission: Submission
    earlier: Sequence[Submission]
    versions: Sequence[Version]
    approved: Sequence[Version]
    changes: Sequence[Change]
    new: Sequence[Version]
    dissents: Sequence[Dissent]
    bench: Bench
    seats: Sequence[SeatRow]
    tally: Tally
    decider: Decider | None
    my_seats: Sequence[SeatRow]
    said: DueOut | None
    decision: Decision | None
    due_outs: Sequence[DueOut]
    memos: Sequence[Rendition]

    @property
    def standing(self) -> list[Dissent]:
        """The dissents that were not withdrawn."""
        return [row for row in self.dissents if row.withdrawn_at is None]

    @property
    def out(self) -> int:
        """How many seats could vote and have not."""
        return sum(row.is_out for row in self.seats)

    @property
    def last_approval(self) -> datetime | None:
        """When the newest of the versions that are compared with was approved."""
        return max((v.approved_at for v in self.approved if v.approved_at), default=None)


def room_of(step: Step, user: User, number: int | None = None) -> Room | None:
    """The submission ``number`` of a step, the last one where there is none; None without any.

    At most nine queries, whatever the number of products, votes and dissents: submissions,
    versions, files, who wrote what changed, votes, two for the board or one for the due-outs of the
    decision, two for the dissents.
    """
    rows = _submissions(step)
    if not rows:
        return None
    shown = next((row for row in rows if row.number == number), rows[0])
    versions, approved = _versions(shown)
    decision: Decision | None = getattr(shown, "decision", None)
    pending = shown.status == SubmissionStatus.PENDING
    votes = _votes(shown, decision)
    bench = mandates.bench_for(shown) if pending else Bench((), ())
    seats = _seats(bench, votes, pending)
    mine = {seat.holder.pk for seat in bench.seats_of(user)}
    return Room(
        submission=shown,
        earlier=[row for row in rows if row.pk != shown.pk],
        versions=versions,
        memos=attach_files(versions, shown),
        approved=list(approved.values()),
        changes=_changes(versions, approved),
        new=[v for v in versions if v.product_id not in approved],
        dissents=_dissents(shown),
        bench=bench,
        seats=seats,
        tally=mandates.count(shown, bench, votes) if pending else _counted(decision, votes),
        decider=bench.decider(user),
        my_seats=[row for row in seats if row.seat and row.holder.pk in mine],
        said=_said(shown),
        decision=decision,
        due_outs=_due_outs(decision, step),
    )


def _submissions(step: Step) -> list[Submission]:
    """The submissions of a step, newest first, each with the verbal approval of it that is not
    confirmed yet. One query."""
    open_word = Q(due_outs__origin=Origin.VERBAL, due_outs__done_at=None)
    rows: list[Submission] = list(
        step.submissions.select_related(
            "submitted_by", "decision__decided_by", "decision__on_behalf_of"
        )
        .annotate(word=FilteredRelation("due_outs", condition=open_word))
        .annotate(
            word_number=F("word__number"), word_due=F("word__due_at"), word_detail=F("word__detail")
        )
        .order_by("-number")
    )
    for row in rows:
        row.step = step
    return rows


def _said(shown: Submission) -> DueOut | None:
    """The verbal approval that ``_submissions`` read."""
    number = getattr(shown, "word_number", None)
    if number is None:
        return None
    return DueOut(
        effort=shown.step.effort, number=number, origin=Origin.VERBAL,
        due_at=getattr(shown, "word_due", None), detail=getattr(shown, "word_detail", None),
    )  # fmt: skip


def _versions(shown: Submission) -> tuple[list[Version], dict[int, Version]]:
    """The package, and the version of each of its products that was approved last before it, by
    product; the same one where its text was approved already. One query."""
    items = SubmissionItem.objects.filter(submission=shown)
    before = Q(approved_at__lt=shown.submitted_at)
    newer = Version.objects.filter(
        before, product=OuterRef("product"), number__gt=OuterRef("number")
    )
    rows = (
        Version.objects.filter(product__in=items.values("version__product"))
        .annotate(packed=Exists(items.filter(version=OuterRef("pk"))), last=before & ~Exists(newer))
        .filter(Q(packed=True) | Q(last=True))
        .select_related("product", "marking")
        .order_by("product__key", "number")
    )
    package: list[Version] = []
    approved: dict[int, Version] = {}
    for row in rows:
        row.product.effort, row.product.step = shown.step.effort, shown.step
        if row.packed:
            package.append(row)
        if row.last:
            approved[row.product_id] = row
    return package, approved


def _changes(versions: Sequence[Version], approved: dict[int, Version]) -> list[Change]:
    """Section by section what differs, with who wrote it. One query, none where nothing differs."""
    pairs = [(v, approved[v.product_id]) for v in versions if v.product_id in approved]
    differing = [
        (new, old, sections_changed(old.snapshot, new.snapshot))
        for new, old in pairs
        if new.sha256 != old.sha256
    ]
    if not differing:
        return []
    spans = Q()
    for new, old, sections in differing:
        spans |= Q(
            section__product=new.product_id, section__key__in=[s.key for s in sections],
            saved_at__gt=old.frozen_at, saved_at__lte=new.frozen_at,
        )  # fmt: skip
    hands: dict[int, dict[str, tuple[str, datetime]]] = {}
    saves = SectionRevision.objects.filter(spans).order_by()
    for product, key, post, at in saves.values_list(
        "section__product_id", "section__key", "saved_by__post"
    ).annotate(at=Max("saved_at")):
        mine = hands.setdefault(product, {})
        if key not in mine or at > mine[key][1]:
            mine[key] = (post, at)
    return [
        Change(new, old, sections, hands.get(new.product_id, {}))
        for new, old, sections in differing
    ]


def _dissents(shown: Submission) -> list[Dissent]:
    """What is disputed in this package or below it: red flags first, withdrawn ones last."""
    rows = [
        row
        for row in dissents_of(shown.step.effort)
        if row.reaches(shown.step.number) and row.submission_id in {None, shown.pk}
    ]
    return sorted(rows, key=lambda r: (r.withdrawn_at is not None, not r.red_flag, -r.pk))


def _votes(shown: Submission, decision: Decision | None) -> list[Vote]:
    """The votes; none where the decision recorded its board. One query."""
    if decision is not None and decision.seats:
        return []
    return list(shown.votes.select_related("user", "cast_by"))


def _seats(bench: Bench, votes: Sequence[Vote], pending: bool) -> list[SeatRow]:
    cast = {vote.user_id: vote for vote in votes}
    rows = [SeatRow(s.holder, cast.pop(s.holder.pk, None), s) for s in bench.seats]
    return rows + [SeatRow(vote.user, vote, None, left=pending) for vote in cast.values()]


def _counted(decision: Decision | None, votes: Iterable[Vote]) -> Tally:
    """The count of the seats that a decision recorded; else of the votes that there are."""
    named = {position.label: position for position in Position}
    seats = decision.seats if decision else []
    taken = [named.get(s["position"]) for s in seats] or [Position(v.position) for v in votes]
    recused = sum(bool(s["recused"]) and not s["position"] for s in seats)
    return Tally(
        concur=sum(position in CONCURS for position in taken),
        nonconcur=taken.count(Position.NONCONCUR),
        abstain=taken.count(Position.ABSTAIN),
        out=taken.count(None) - recused,
        recused=recused,
    )


def _due_outs(decision: Decision | None, step: Step) -> list[DueOut]:
    if decision is None:
        return []
    rows = list(decision.due_outs.select_related("owner").order_by("number"))
    for row in rows:
        row.effort = step.effort
    return rows
