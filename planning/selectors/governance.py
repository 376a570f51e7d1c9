"""Reads around how a step is decided: its products, its decision record, its cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.db.models.functions import Length
from django.utils import timezone

from planning.models import (
    Decision,
    Dissent,
    DueOut,
    Product,
    Rendition,
    Reopening,
    SectionDraft,
    Step,
    Submission,
    SubmissionItem,
    Version,
    Vote,
)
from planning.products.compare import sections_changed
from planning.progress import ProductRow, row_of
from planning.sources import dissents_of
from planning.vocabulary import Origin, Position, RenditionKind, Way
from planning.voting import Ballot, tally

_POSITIONS = {position.label: position for position in Position}


def products_of_step(step: Step) -> list[ProductRow]:
    """How far the products of one step are, what it owes first. One query; no text is read."""
    rows = (
        SectionDraft.objects.filter(product__step=step)
        .select_related("product__approved_version")
        .defer("body", "product__approved_version__snapshot")
        .annotate(size=Length("body"))
    )
    products: dict[int, Product] = {}
    sizes: dict[int, dict[str, int]] = {}
    for row in rows.order_by("product__key", "pk"):
        products.setdefault(row.product_id, row.product)
        sizes.setdefault(row.product_id, {})[row.key] = row.size
    for product in products.values():
        product.effort, product.step = step.effort, step
        if product.approved_version is not None:
            product.approved_version.product = product
    place = {key: n for n, key in enumerate(step.definition.owes)}
    ordered = sorted(products.values(), key=lambda p: place.get(p.key, len(place)))
    return [row_of(product, sizes[product.pk]) for product in ordered]


@dataclass(frozen=True)
class Entry:
    """One submission of a step's decision record.

    ``votes`` are listed while there is no decision; later its ``seats`` say how the board stood.
    ``given`` are the due-outs of the decision, ``memos`` its files.
    """

    submission: Submission
    decision: Decision | None
    votes: Sequence[Vote] = ()
    given: Sequence[DueOut] = ()
    memos: Sequence[Rendition] = ()

    @property
    def tally(self) -> str:
        """How the board stood at the decision: “3 concur, 1 out”; empty without a board."""
        if self.decision is None:
            return ""
        ballots = [_ballot(seat) for seat in self.decision.seats]
        return tally(Way.AUTHORITY, 0, ballots, None, self.decision.decided_at).words

    @property
    def versions(self) -> list[Version]:
        """The exact texts of the package."""
        return [item.version for item in self.submission.items.all()]

    @property
    def conditions(self) -> list[DueOut]:
        """The conditions of the decision, each a due-out."""
        return [due for due in self.given if due.origin == Origin.CONDITION]


def _ballot(seat: Mapping[str, str]) -> Ballot:
    """A seat as a decision keeps it; what a member voted before being recused does not count."""
    if seat["recused"] and not seat["by"]:
        return Ballot(recused=True)
    return Ballot(_POSITIONS.get(seat["position"]))


def record_of(step: Step, *, memos: bool = True) -> list[Entry]:
    """The decision record of a step, newest first: who voted and decided what, on which text, and
    what that gave to do.

    At most five queries: submissions, packages, due-outs (those that the effort still owes are
    kept on it), the ``memos`` unless told, and votes if a submission has no decision.
    """
    rows = list(
        step.submissions.select_related(
            "submitted_by", "decision__decided_by", "decision__on_behalf_of"
        )
        .prefetch_related(
            Prefetch("items", SubmissionItem.objects.select_related(
                "version__product", "version__marking"
            ).defer("version__snapshot"))
        )
        .order_by("-number")
    )  # fmt: skip
    for row in rows:
        row.step = step
        for item in row.items.all():
            item.version.product.step = step
    decisions = {row.pk: _decision_of(row) for row in rows}
    undecided = [row for row in rows if decisions[row.pk] is None]
    prefetch_related_objects(
        undecided, Prefetch("votes", Vote.objects.select_related("user", "cast_by"))
    )
    given = _given(step)
    files = _memos(rows) if memos and len(undecided) < len(rows) else []
    return [
        Entry(
            submission=row,
            decision=decision,
            votes=list(row.votes.all()) if decision is None else (),
            given=[due for due in given if decision and due.decision_id == decision.pk],
            memos=[memo for memo in files if memo.submission_id == row.pk],
        )
        for row in rows
        for decision in [decisions[row.pk]]
    ]


def _decision_of(submission: Submission) -> Decision | None:
    return getattr(submission, "decision", None)


def _given(step: Step) -> list[DueOut]:
    """What decisions on the step gave to do. The same query finds what the effort still owes; that
    is kept on it, as ``progress.open_due_outs`` keeps it."""
    rows = list(
        step.effort.due_outs.filter(Q(done_at=None) | Q(decision__submission__step=step))
        .select_related("step", "owner", "product", "given_by")
        .order_by("number")
    )
    for row in rows:
        row.effort = step.effort
        if row.step is not None:
            row.step.effort = step.effort
    step.effort.__dict__["_due_outs"] = [row for row in rows if row.done_at is None]
    return rows


def _memos(submissions: Iterable[Submission]) -> list[Rendition]:
    found = {row.pk: row for row in submissions}
    rows = Rendition.objects.filter(submission__in=list(found), kind=RenditionKind.DECISION)
    memos = list(rows.defer("payload").order_by("pk"))
    for memo in memos:
        memo.submission = found[memo.submission_id or 0]
    return memos


def reopening_of(step: Step) -> Reopening | None:
    """Why the present cycle of a step began. One query, none in the first cycle."""
    if step.cycle == 1:
        return None
    return step.reopenings.filter(cycle=step.cycle).select_related("by").first()


# ---------- cycles


@dataclass(frozen=True)
class Cycle:
    """One cycle of a step: why it began, what was submitted and decided, newest first. ``until``
    is when the next one began."""

    step: Step
    number: int
    reopening: Reopening | None
    entries: Sequence[Entry]
    until: datetime | None = None

    @property
    def approved(self) -> dict[str, Version]:
        """The Version of each product that this cycle approved last, by the product's key."""
        found: dict[str, Version] = {}
        for entry in self.entries:
            if entry.decision is not None and entry.decision.result.approves:
                for version in entry.versions:
                    found.setdefault(version.product.key, version)
        return found

    @property
    def conditions(self) -> list[DueOut]:
        """Every condition of its decisions, in the order of their numbers."""
        return [due for entry in reversed(self.entries) for due in entry.conditions]

    @property
    def decided_at(self) -> datetime | None:
        """When it was decided last."""
        return next((e.decision.decided_at for e in self.entries if e.decision), None)

    @property
    def standing(self) -> list[Dissent]:
        """The dissents that stood when it was decided last; those of now while it is not."""
        at = self.decided_at or self.until or timezone.now()
        return [
            row
            for row in dissents_of(self.step.effort)
            if row.reaches(self.step.number)
            and row.entered_at <= at
            and (row.withdrawn_at is None or row.withdrawn_at > at)
        ]


def cycles_of(step: Step) -> list[Cycle]:
    """The cycles of a step, newest first. Five queries at most, and what dissents cost if they are
    asked for."""
    reopened = {row.cycle: row for row in step.reopenings.select_related("by")}
    entries = record_of(step, memos=False)
    return [
        Cycle(
            step, number, reopened.get(number),
            [entry for entry in entries if entry.submission.cycle == number],
            reopened[number + 1].at if number + 1 in reopened else None,
        )
        for number in range(step.cycle, 0, -1)
    ]  # fmt: skip


@dataclass(frozen=True)
class ProductPair:
    """What two cycles approved of one product; ``changed`` counts the sections that differ."""

    product: Product
    old: Version | None
    new: Version | None
    changed: int

    @property
    def same(self) -> bool:
        """Whether both approved the same words."""
        return bool(self.old and self.new and self.old.sha256 == self.new.sha256)


@dataclass(frozen=True)
class CyclePair:
    """Two cycles of a step beside each other, product by product."""

    old: Cycle
    new: Cycle
    products: Sequence[ProductPair]


def cycles_compared(old: Cycle, new: Cycle) -> CyclePair:
    """What two cycles approved. One query, for the texts that differ; none where none does."""
    before, after = old.approved, new.approved
    products = {v.product.key: v.product for v in (*before.values(), *after.values())}
    differing = [
        version.pk
        for key in products
        if key in before and key in after and before[key].sha256 != after[key].sha256
        for version in (before[key], after[key])
    ]
    texts: dict[int, Any] = {}
    if differing:
        found = Version.objects.filter(pk__in=differing).order_by()
        texts = dict(found.values_list("pk", "snapshot"))

    def changed(key: str) -> int:
        a, b = before.get(key), after.get(key)
        return len(sections_changed(texts[a.pk], texts[b.pk])) if a and b and a.pk in texts else 0

    return CyclePair(
        old,
        new,
        [
            ProductPair(product, before.get(key), after.get(key), changed(key))
            for key, product in sorted(products.items())
        ],
    )
