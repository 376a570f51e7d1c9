"""The cycles of a step: why each began, what it decided, and two of them beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from planning import selectors
from planning.policies import access_step
from planning.selectors import Cycle, CyclePair
from planning.web.frame import effort_context, perm, person
from planning.web.steps import inherited


def cycles(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every cycle, newest first; ``?from=`` and ``?to=`` name two to compare, else the last two."""
    found = access_step(person(request), slug, number, to=perm(request))
    context = effort_context(request, found.effort, "steps", found)
    rows = selectors.cycles_of(found)
    pair = _pair(request, rows)
    context |= {
        "step": found,
        "cycles": rows,
        "pair": pair,
        "sides": (pair.old, pair.new) if pair else (),
        "inherited": inherited(found),
    }
    return render(request, "planning/cycles.html", context)


def _pair(request: HttpRequest, rows: Sequence[Cycle]) -> CyclePair | None:
    """The two cycles that were asked for, older first; None where there is only one."""
    if len(rows) == 1:
        return None
    by_number = {str(cycle.number): cycle for cycle in rows}
    old = by_number.get(request.GET.get("from", ""), rows[1])
    new = by_number.get(request.GET.get("to", ""), rows[0])
    if old.number > new.number:
        old, new = new, old
    return selectors.cycles_compared(old, new)
