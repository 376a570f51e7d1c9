"""Reads around efforts, steps and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When

from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent, User
from planning.models import (
    DueOut,
    Effort,
    Mandate,
    Membership,
    Reopening,
    Step,
    Submission,
)
from planning.policies import RULES, visible
from planning.vocabulary import Origin, Role, StepStatus

PAGE = 50  # rows
SHORT = 12  # rows of a list on My work; the rest is behind a link
DUE_OUTS = 200  # rows of the page of due-outs


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
        effort.memberships.select_related("user", "organization", "step")
        .annotate(place=order)
        .order_by("place", "organization__name", "pk")
    )


def candidates(query: str = "") -> QuerySet[User]:
    """Active people who can be put on a team, by post."""
    people = User.objects.filter(is_active=True).select_related("organization")
    if query:
        people = people.filter(Q(post__icontains=query) | Q(email__icontains=query))
    return people.order_by("post")


def decisions_of(effort: Effort, limit: int = 6) -> list[Submission]:
    """The latest decided submissions of an effort, newest first. One query."""
    return list(
        Submission.objects.filter(step__effort=effort, decision__isnull=False)
        .select_related("step", "decision__decided_by", "decision__on_behalf_of")
        .order_by("-decision__decided_at")[:limit]
    )


def reopenings_of(effort: Effort, limit: int = 6) -> list[Reopening]:
    """The latest reopenings of an effort's steps, newest first. One query."""
    rows = Reopening.objects.filter(step__effort=effort).select_related("step", "by")
    return list(rows.order_by("-at")[:limit])


def kin_of(effort: Effort, user: User) -> tuple[Effort | None, list[Effort]]:
    """What the effort was forked from, and its own forks, as far as ``user`` may see them. One
    query."""
    rows = list(
        visible(Effort.objects.filter(Q(pk=effort.parent_id) | Q(parent=effort)), user)
        .only("name", "slug", "fork", "forked_at")
        .order_by("opened_at", "pk")
    )
    parent = next((e for e in rows if e.pk == effort.parent_id), None)
    return parent, [e for e in rows if e != parent]


def due_outs_of(effort: Effort, user: User, which: str) -> tuple[list[DueOut], dict[str, int]]:
    """The due-outs of an effort under one of the filters, and how many each filter holds.

    Open ones first, late ones before all; done ones newest first. At most ``DUE_OUTS`` rows, two
    queries. Raises LookupError for an unknown filter.
    """
    still = Q(done_at=None)
    filters = {
        "all": Q(),
        "mine": still & Q(owner=user),
        "conditions": still & Q(origin=Origin.CONDITION),
        "debts": still & Q(origin__in=[o for o in Origin if o.is_debt]),
        "done": ~still,
    }
    counts = effort.due_outs.aggregate(**{k: Count("pk", filter=q) for k, q in filters.items()})
    rows = list(
        effort.due_outs.filter(filters[which])
        .select_related("step", "owner", "given_by", "done_by", "product", "reopening__step")
        .order_by(
            F("done_at").desc(nulls_first=True), F("due_at").asc(nulls_last=True), "number"
        )[:DUE_OUTS]
    )  # fmt: skip
    for row in rows:
        row.effort = effort
    return rows, counts


def mandates_of(effort: Effort, limit: int = PAGE) -> list[Mandate]:
    """The delegations and recusals of an effort, newest first, ended ones too. One query."""
    rows = effort.mandates.select_related("step", "holder", "delegate", "given_by", "ended_by")
    return list(rows.order_by("-pk")[:limit])


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
