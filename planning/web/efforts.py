"""Efforts: the list, opening one, its page, its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning import actions, gates, progress, selectors, sources
from planning.models import DueOut, Effort, Membership, Reopening, Step, Submission
from planning.policies import access_effort
from planning.progress import ProductRow
from planning.vocabulary import EffortKind, Origin
from planning.web.forms import EditEffortForm, OpenEffortForm
from planning.web.frame import effort_context, perm, person

DECISIONS = 6  # rows on the effort's page


def efforts(request: HttpRequest) -> HttpResponse:
    """The efforts that I may see, by name, 50 a page by key."""
    found = selectors.efforts_for(person(request), after=request.GET.get("after", ""))
    page = found[: selectors.PAGE]
    context = {
        "efforts": page,
        "next_after": page[-1].slug if len(found) > selectors.PAGE else None,
        "first": not request.GET.get("after"),
        "place": "efforts",
    }
    return render(request, "planning/efforts.html", context)


def effort_open(request: HttpRequest) -> HttpResponse:
    """Open an effort."""
    form = OpenEffortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        due = {number: at for number, at in form.due().items() if at}
        try:
            opened = actions.open_effort(
                by=person(request), due=due, **form.described(),
                **{n: form.cleaned_data[n] for n in ("marking", "organization", "exercise")},
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The effort is open. Assemble the team next.")
            return redirect("team", opened.slug)
    context = {"form": form, "place": "efforts"}
    return render(request, "planning/effort_open.html", context, status=400 if form.errors else 200)


def effort(request: HttpRequest, slug: str) -> HttpResponse:
    """What must be decided next, what is owed, the clock, products, dissents, team, decisions."""
    return overview(request, access_effort(person(request), slug, to=perm(request)))


def overview(
    request: HttpRequest, found: Effort, status: int = 200, **extra: object
) -> HttpResponse:
    """The effort's page; ``extra`` is what a refused form on it shows."""
    context = effort_context(request, found, "overview")
    steps, current = context["steps"], context["current"]
    members = progress.members_of(found)
    due_outs = progress.open_due_outs(found)
    parent, forks = selectors.kin_of(found, person(request))
    context |= {
        "products_by_step": _by_step(steps, progress.products_of(found)),
        "objections": gates.objections(current, steps[: current.number])
        if current and current.status in {"open", "returned"}
        else (),
        "spoken": next((d for d in due_outs if _spoken(d, current)), None),
        "debts": sorted(
            (d for d in due_outs if d.came_from.is_debt),
            key=lambda d: (d.due_at is None, d.due_at or d.given_at),
        ),
        "clock": Clock.read(found, steps, current, members),
        "dissents": [d for d in reversed(sources.dissents_of(found)) if d.withdrawn_at is None],
        "agencies": _agencies(members),
        "turns": _decided(found, steps),
        "parent": parent,
        "forks": forks,
    }
    return render(request, "planning/effort.html", context | extra, status=status)


def _by_step(
    steps: Iterable[Step], products: Iterable[ProductRow]
) -> list[tuple[Step, list[ProductRow]]]:
    rows: dict[int, tuple[Step, list[ProductRow]]] = {s.number: (s, []) for s in steps}
    for row in products:
        rows[row.product.step.number][1].append(row)
    return [group for group in rows.values() if group[1]]


def _spoken(due: DueOut, current: Step | None) -> bool:
    """Whether it is the verbal approval of the step that is to be decided next."""
    return due.origin == Origin.VERBAL and current is not None and due.step_id == current.pk


def _agencies(members: Iterable[Membership]) -> list[tuple[str, int]]:
    """How many posts each organization has on the team."""
    posts = {
        (m.user_id, m.organization.name if m.organization else "No organization") for m in members
    }
    return sorted(Counter(name for _, name in posts).items())


@dataclass(frozen=True)
class Clock:
    """The crisis clock: since when and by whom planning is hasty, the day of the calendar from
    the opening to the last date, and what is due after the next decision."""

    hasty_since: datetime | None
    hasty_by: User | None
    day: int
    days: int
    next: Step | None

    @classmethod
    def read(
        cls, effort: Effort, steps: Sequence[Step], current: Step | None,
        members: Iterable[Membership],
    ) -> Clock:  # fmt: skip
        """From what the page has read; one query more if whoever declared the crisis has left."""
        now = timezone.now()
        dated = sorted((s for s in steps if s.due_at), key=lambda s: s.due_at or now)
        hasty = effort.kind == EffortKind.CRISIS
        there = next((m.user for m in members if m.user_id == effort.crisis_by_id), None)
        last = dated[-1].due_at if dated else None
        days = (last - effort.opened_at) // timedelta(days=1) + 1 if last else 0
        return cls(
            effort.crisis_since if hasty else None, (there or effort.crisis_by) if hasty else None,
            (now - effort.opened_at) // timedelta(days=1) + 1, max(days, 0),
            next(
                (
                    s
                    for s in dated
                    if s != current and not s.approved_at and s.due_at and s.due_at > now
                ),
                None,
            ),
        )  # fmt: skip

    @property
    def used(self) -> int:
        """How much of the calendar is used, in percent."""
        return min(100, 100 * self.day // self.days) if self.days else 0


def _decided(effort: Effort, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Decisions and reopenings, newest first. One query, two where a step was reopened."""
    rows: list[Submission | Reopening] = [*selectors.decisions_of(effort, DECISIONS)]
    if any(step.cycle > 1 for step in steps):
        rows += selectors.reopenings_of(effort, DECISIONS)
    turns: list[dict[str, Any]] = [
        {"at": row.at, "step": row.step, "reopening": row}
        if isinstance(row, Reopening)
        else {"at": row.decision.decided_at, "step": row.step, "submission": row}
        for row in rows
    ]
    return sorted(turns, key=lambda turn: turn["at"], reverse=True)[:DECISIONS]


def effort_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the effort and its timeline."""
    with atomic():
        found = access_effort(
            person(request), slug, to=perm(request), lock=request.method == "POST"
        )
        form = EditEffortForm(request.POST or None, effort=found)
        if request.method == "POST" and form.is_valid():
            try:
                actions.edit_effort(
                    effort=found, by=person(request), due=form.due(), **form.described()
                )
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, "The effort is saved.")
                return redirect(found)
    context = effort_context(request, found, "overview") | {"form": form}
    return render(request, "planning/effort_edit.html", context, status=400 if form.errors else 200)


def record(request: HttpRequest, slug: str) -> HttpResponse:
    """The audit trail of the effort, newest first."""
    found = access_effort(person(request), slug, to=perm(request))
    before = request.GET.get("before", "")
    rows = selectors.record_page(found, int(before) if before.isdigit() else None)
    page = rows[: selectors.PAGE]
    context = effort_context(request, found, "record") | {
        "events": page,
        "next_before": page[-1].seq if len(rows) > selectors.PAGE else None,
    }
    return render(request, "planning/record.html", context)
