"""Reads around efforts, steps and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent, User
from planning.models import (
    Effort,
    Grant,
    Membership,
    Product,
    SectionDraft,
    Step,
    Submission,
    SubmissionItem,
    Vote,
)
from planning.policies import RULES, visible
from planning.products.definition import OutlinedSection
from planning.vocabulary import Perm, Role, StepStatus, SubmissionStatus

PAGE = 50  # rows
SHORT = 12  # rows of a list on My work; the rest is behind a link


@dataclass(frozen=True)
class Owed:
    """A product whose required sections are not all written."""

    product: Product
    missing: tuple[OutlinedSection, ...]


@dataclass(frozen=True)
class MyWork:
    """Everything on the My work page."""

    decide: list[Submission]
    vote: list[Submission]
    owe: list[Owed]
    waiting: Sequence[Submission]
    efforts: list[Effort]
    changes: list[AuditEvent]
    more: bool

    @property
    def first(self) -> Submission | None:
        """What is most pressing: a decision before a vote, each by its due date."""
        return next(iter([*self.decide, *self.vote]), None)


def _steps() -> Prefetch[Any]:
    return Prefetch(
        "steps", queryset=Step.objects.only("effort_id", "number", "status").order_by("number")
    )


def efforts_for(user: User, after: str = "", limit: int = PAGE) -> list[Effort]:
    """Visible efforts by name, after the slug ``after``, one more than ``limit`` if there are.

    Two queries (three with ``after``), whatever the number of efforts. Each has its ``steps``.
    """
    rows = visible(Effort.objects.select_related("marking"), user).order_by("name", "pk")
    if after:
        last = visible(Effort.objects.all(), user).filter(slug=after).first()
        if last is not None:
            rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    return list(rows.prefetch_related(_steps())[: limit + 1])


def my_work(user: User, limit: int = SHORT) -> MyWork:
    """What waits for ``user``, what they owe, what they wait for: ``limit`` of each.

    At most nine queries, whatever the number of efforts; what a person's rights rule out is not
    asked.
    """
    held = _held_anywhere(
        user, Perm.STEP_DECIDE, Perm.STEP_VOTE, Perm.STEP_SUBMIT, Perm.SECTION_SAVE
    )
    pending = (
        Submission.objects.filter(status=SubmissionStatus.PENDING)
        .select_related("step__effort", "submitted_by")
        .only(
            "ask", "package_hash", "submitted_at", "submitted_by__post", "step__number",
            "step__due_at", "step__effort__name", "step__effort__slug",
        )
        .order_by(F("step__due_at").asc(nulls_last=True), "submitted_at")
    )  # fmt: skip

    def mine(perm: Perm, rows: QuerySet[Submission]) -> list[Submission]:
        if perm not in held:
            return []
        return list(visible(rows, user, effort="step__effort_id", to=perm)[: limit + 1])

    voted = Exists(Vote.objects.filter(submission=OuterRef("pk"), user=user))
    decide = mine(Perm.STEP_DECIDE, pending.exclude(submitted_by=user))
    vote = mine(Perm.STEP_VOTE, pending.exclude(voted))
    votes_in = (
        Vote.objects.filter(submission=OuterRef("pk"))
        .order_by()
        .values("submission")
        .annotate(number=Count("pk"))
        .values("number")
    )
    waiting = mine(
        Perm.STEP_SUBMIT,
        pending.filter(submitted_by=user).annotate(votes_in=Coalesce(Subquery(votes_in), 0)),
    )
    efforts = efforts_for(user, limit=limit)
    owe = _owed(user, limit + 1) if Perm.SECTION_SAVE in held else []
    more = any(len(rows) > limit for rows in (decide, vote, owe, waiting, efforts))
    return MyWork(
        decide[:limit], vote[:limit], owe[:limit], waiting[:limit], efforts[:limit],
        _changes(user, efforts), more,
    )  # fmt: skip


def _held_anywhere(user: User, *perms: Perm) -> frozenset[Perm]:
    """Those of ``perms`` that ``user`` holds in any effort. One query, one index look-up each."""
    asked = [
        Exists(Grant.objects.filter(user=OuterRef("pk"), permission=perm.value)) for perm in perms
    ]
    row = User.objects.filter(pk=user.pk).order_by().values_list(*asked)[0]
    return frozenset(perm for perm, holds in zip(perms, row, strict=True) if holds)


def _changes(user: User, efforts: Sequence[Effort]) -> list[AuditEvent]:
    """The latest acts of others in ``efforts`` since ``user`` last looked. One query."""
    if not efforts:
        return []
    rows = AuditEvent.objects.filter(stream__in=[stream_of(e.pk) for e in efforts]).exclude(
        Q(actor_id=user.pk) | Q(actor_id=None)
    )
    if user.seen_at:
        rows = rows.filter(at__gt=user.seen_at)
    return list(rows.order_by("-at")[:SHORT])


def _owed(user: User, limit: int) -> list[Owed]:
    """Products of open steps that ``user`` may draft and that lack required sections. Two queries."""
    drafting = visible(
        Product.objects.filter(step__status__in=[StepStatus.OPEN, StepStatus.RETURNED])
        .select_related("effort", "step")
        .only(
            "key", "format", "name", "outline", "effort__name", "effort__slug", "step__number",
            "step__due_at",
        )
        .prefetch_related(
            Prefetch("sections", queryset=SectionDraft.objects.filter(body="").only(
                "product_id", "key"
            ))
        )
        .order_by(F("step__due_at").asc(nulls_last=True), "pk"),
        user, effort="effort_id", to=Perm.SECTION_SAVE,
    )[:limit]  # fmt: skip
    found = []
    for product in drafting:
        empty = {s.key for s in product.sections.all()}
        missing = tuple(
            o for o in product.definition.walk() if o.section.required and o.section.key in empty
        )
        if missing:
            found.append(Owed(product, missing))
    return found


def steps_of(effort: Effort) -> list[Step]:
    """The six steps in order. One query."""
    steps = list(effort.steps.order_by("number"))
    for step in steps:
        step.effort = effort
    return steps


def current_step(steps: Sequence[Step]) -> Step | None:
    """The step that is worked on: the first gated one that is neither locked nor approved."""
    for step in steps:
        if step.definition.gated and step.status not in {StepStatus.LOCKED, StepStatus.APPROVED}:
            return step
    return None


def team_of(effort: Effort) -> list[Membership]:
    """The team, leads first, then by agency. One query."""
    order = Case(*[When(role=r, then=Value(n)) for n, r in enumerate(Role)])
    return list(
        effort.memberships.select_related("user", "organization")
        .annotate(place=order)
        .order_by("place", "organization__name", "pk")
    )


def candidates(query: str = "") -> QuerySet[User]:
    """Active people who can be put on a team, by post."""
    people = User.objects.filter(is_active=True).select_related("organization")
    if query:
        people = people.filter(Q(post__icontains=query) | Q(email__icontains=query))
    return people.order_by("post")


def submissions_of(step: Step) -> list[Submission]:
    """The decision record of a step, newest first: who voted and decided what, on which hash,
    with reasons. Four queries. ``step.effort`` is set on each."""
    rows = list(
        step.submissions.select_related("submitted_by", "decision__decided_by")
        .prefetch_related(
            Prefetch("votes", queryset=Vote.objects.select_related("user__organization")),
            Prefetch("items", queryset=SubmissionItem.objects.select_related(
                "version__product", "version__marking"
            ).defer("version__snapshot")),
        )
        .order_by("-number")
    )  # fmt: skip
    for row in rows:
        row.step = step
    return rows


def decisions_of(effort: Effort, limit: int = 6) -> list[Submission]:
    """The latest decided submissions of an effort, newest first. One query."""
    return list(
        Submission.objects.filter(step__effort=effort, decision__isnull=False)
        .select_related("step", "decision__decided_by")
        .order_by("-decision__decided_at")[:limit]
    )


def board_of(effort: Effort) -> list[Membership]:
    """The members of the Supervisory Board. One query."""
    return list(
        effort.memberships.filter(role=Role.BOARD, user__is_active=True).select_related(
            "user__organization", "organization"
        )
    )


def record_page(effort: Effort, before: int | None = None, limit: int = PAGE) -> list[AuditEvent]:
    """The audit trail of an effort, newest first, below ``before``. One query; one row more than
    ``limit`` when there is another page."""
    rows = AuditEvent.objects.filter(stream=stream_of(effort.pk))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return list(rows.order_by("-seq")[: limit + 1])


def permission_table() -> list[dict[str, Any]]:
    """``RULES`` as rows of words, for pages and ``docs/permissions.md``. No query."""
    return [
        {
            "permission": rule.perm.value,
            "words": rule.words,
            "roles": [r.label for r in Role if r in rule.roles],
            "states": [s.label for s in StepStatus if s in rule.states],
        }
        for rule in RULES.values()
    ]
