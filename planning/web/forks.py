"""Turn to crisis planning and back, and fork an effort."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from planning import actions, selectors
from planning.policies import access_effort
from planning.web.efforts import overview
from planning.web.forms import ForkForm
from planning.web.frame import effort_context, perm, person


def crisis(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare crisis planning, or end it."""
    ends = request.POST.get("turn") == "end"
    act, done = (
        (actions.end_crisis, "Planning is deliberate again. Debts stay until they are settled.")
        if ends
        else (actions.declare_crisis, "Crisis planning runs. What haste leaves out is owed later.")
    )
    why = request.POST.get("why", "")
    try:
        with atomic():
            found = access_effort(person(request), slug, to=perm(request), lock=True)
            act(effort=found, why=why, by=person(request))
    except Invalid as error:
        return overview(request, found, error.status, crisis_refused=error.message, crisis_why=why)
    messages.success(request, done)
    return redirect(found)


def fork(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a branch or a sequel from what was approved."""
    status = 200
    with atomic():
        found = access_effort(
            person(request), slug, to=perm(request), lock=request.method == "POST"
        )
        steps = selectors.steps_of(found)
        named = {name: request.GET[name] for name in ("kind", "why") if name in request.GET}
        form = ForkForm(request.POST or None, steps=steps, initial=named)
        if request.method == "POST":
            status = Invalid.status
            if form.is_valid():
                try:
                    made = actions.fork_effort(
                        effort=found, by=person(request), **form.cleaned_data
                    )
                except (Invalid, WrongState) as error:
                    form.refuse(error)
                    status = error.status
                else:
                    messages.success(request, f"{made} is open, a {made.fork} of {found}.")
                    return redirect(made)
    context = effort_context(request, found, "overview") | {"form": form}
    return render(request, "planning/effort_fork.html", context, status=status)
