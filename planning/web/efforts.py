"""Efforts: the list, opening one, its page, its record."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid
from planning import actions, gates, progress, selectors
from planning.models import Step
from planning.policies import access_effort
from planning.progress import ProductRow
from planning.web.forms import EffortForm, OpenEffortForm
from planning.web.frame import effort_context, perm, person


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
    return render(request, "planning/effort_open.html", context, status=_status(form))


def effort(request: HttpRequest, slug: str) -> HttpResponse:
    """What must be decided next, products by step, clock, team by agency, decisions."""
    found = access_effort(person(request), slug, to=perm(request))
    context = effort_context(request, found, "overview")
    current = context["current"]
    by_step: dict[int, tuple[Step, list[ProductRow]]] = {
        s.number: (s, []) for s in context["steps"]
    }
    for row in progress.products_of(found):
        by_step[row.product.step.number][1].append(row)
    agencies = Counter(
        m.organization.name if m.organization else "No organization"
        for m in progress.members_of(found)
    )
    context |= {
        "products_by_step": [rows for rows in by_step.values() if rows[1]],
        "objections": gates.objections(current, context["steps"][current.number - 1])
        if current and current.status in {"open", "returned"}
        else (),
        "agencies": sorted(agencies.items()),
        "decisions": selectors.decisions_of(found),
    }
    return render(request, "planning/effort.html", context)


def effort_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the effort and its timeline."""
    with atomic():
        found = access_effort(
            person(request), slug, to=perm(request), lock=request.method == "POST"
        )
        form = EffortForm(request.POST or None, effort=found)
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
    return render(request, "planning/effort_edit.html", context, status=_status(form))


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


def _status(form: EffortForm) -> int:
    return 400 if form.errors else 200
