"""A step: what it needs, owes and leaves, what its gate objects to, submit, withdraw, the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import GateClosed, Invalid, MaproError
from planning import actions, gates, mandates, progress, selectors
from planning.framework import Owed
from planning.models import Effort, Step, Submission
from planning.policies import access_step
from planning.progress import ProductRow
from planning.vocabulary import Perm, Role, StepStatus, SubmissionStatus, Way
from planning.web.frame import effort_context, perm, person, posted_time


def step(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The step's page."""
    return _page(request, access_step(person(request), slug, number, to=perm(request)))


def submit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Freeze the package, or the chosen products, and put it before the board."""
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            submission = actions.submit_step(
                step=found, ask=request.POST.get("ask", ""), products=_chosen(request),
                silence_until=posted_time(request, "silence_until"), by=person(request),
            )  # fmt: skip
    except (Invalid, GateClosed) as error:
        return refused(request, slug, number, error, "submit")
    what = "Interim package" if submission.interim else "Package"
    messages.success(request, f"{what} {submission.short_hash} is before the board.")
    return redirect("board-room", slug, number)


def _chosen(request: HttpRequest) -> list[str] | None:
    """The products ticked in the form; None where it offered no choice."""
    ticked = request.POST.getlist("products")
    return ticked if ticked or "choice" in request.POST else None


def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take the pending submission back."""
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        submission = actions.withdraw_submission(step=found, by=person(request))
    messages.success(
        request, f"Submission {submission.number} is withdrawn; mend and submit again."
    )
    return redirect("step", slug, number)


def refused(
    request: HttpRequest, slug: str, number: int, error: MaproError, which: str
) -> HttpResponse:
    """The step's page again, with what is wrong in form ``which`` and everything that was typed."""
    found = access_step(person(request), slug, number, to=Perm.STEP_VIEW)
    context = {
        "which": which,
        "message": error.message,
        "fields": error.fields if isinstance(error, Invalid) else {},
    }
    chosen = _chosen(request) if which == "submit" else None
    return _page(request, found, error.status, chosen, refused=context, typed=request.POST)


@dataclass(frozen=True)
class OwedRow:
    """A product of the step: why it belongs there, None if the team started it besides.
    ``chosen`` when it goes before the board."""

    row: ProductRow
    owed: Owed | None
    chosen: bool


def _owed(
    found: Step, rows: Iterable[ProductRow], chosen: Sequence[str] | None
) -> list[OwedRow]:  # fmt: skip
    """The products with their basis; unless some were ``chosen``, all that the step owes go, and
    what the team wrote besides."""
    basis = {owed.key: owed for owed in found.definition.owed}

    def goes(row: ProductRow) -> bool:
        if chosen is not None:
            return row.product.key in chosen
        return row.written > 0 or row.product.key in basis

    return [OwedRow(row, basis.get(row.product.key), goes(row)) for row in rows]


def _page(
    request: HttpRequest, found: Step, status: int = 200, chosen: Sequence[str] | None = None,
    **extra: object,
) -> HttpResponse:  # fmt: skip
    context = effort_context(request, found.effort, "steps", found)
    entries = selectors.record_of(found)
    pending = _pending(entries)
    rows = selectors.products_of_step(found)
    owed = _owed(found, rows, chosen)
    approved = [r.product.approved_version for r in rows if r.product.approved_version]
    bench = _bench(found, context["can"]["step_reopen"])
    context["can"]["step_reopen"] = bench is not None and _may_reopen(request, found, bench)
    if found.status == StepStatus.APPROVED:
        selectors.attach_files(approved)
    context |= {
        "step": found,
        "owed": owed,
        "entries": entries,
        "pending": pending,
        "way": Way((pending or found).way),
        "approved": approved,
        "gate": _gate(found, context["steps"], owed),
        "bench": bench,
        "due_outs": [d for d in progress.open_due_outs(found.effort) if d.step_id == found.pk],
        "reopening": selectors.reopening_of(found),
        "inherited": inherited(found),
        "parent": _parent(request, found),
    }
    return render(request, "planning/step.html", context | extra, status=status)


def _pending(entries: Iterable[selectors.Entry]) -> Submission | None:
    rows = (entry.submission for entry in entries)
    return next((row for row in rows if row.status == SubmissionStatus.PENDING), None)


def _bench(found: Step, may_reopen: bool) -> mandates.Bench | None:
    """Who decides; not asked for an approved step, unless the person might reopen it."""
    if not found.definition.gated or (found.status == StepStatus.APPROVED and not may_reopen):
        return None
    return mandates.bench(found)


def _may_reopen(request: HttpRequest, found: Step, bench: mandates.Bench) -> bool:
    """Whether the step is the person's to reopen: they decide it, or hold the effort's authority."""
    me = person(request)
    return found.status == StepStatus.APPROVED and (
        bench.decider(me) is not None
        or any(
            m.user_id == me.pk and m.role == Role.AUTHORITY and m.step_id is None
            for m in progress.members_of(found.effort)
        )
    )


def _gate(
    found: Step, steps: Sequence[Step], owed: Sequence[OwedRow]
) -> gates.Findings | None:  # fmt: skip
    """What the gate finds in the products that go; None where nothing can be submitted."""
    if found.status not in {StepStatus.OPEN, StepStatus.RETURNED}:
        return None
    return gates.examine(
        found,
        steps[1 : found.number],
        [one.row for one in owed if one.chosen],
        [one.row.product for one in owed],
    )


def inherited(found: Step) -> bool:
    """Whether the effort took the step's first approval over from the one it was forked from."""
    at = found.effort.forked_at
    return at is not None and 0 < found.number < at


def _parent(request: HttpRequest, found: Step) -> Effort | None:
    """The effort that an inherited step was taken over from, if the person may see it."""
    if not inherited(found):
        return None
    return selectors.kin_of(found.effort, person(request))[0]
