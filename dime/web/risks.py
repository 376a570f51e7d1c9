"""The page of risks: what could go wrong with each option, what remains, what nobody looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dime.registers.risks import CONSEQUENCE
from dime.selectors import risks as reads
from dime.vocabulary import Level
from planning.models import Entry
from planning.policies import access_effort
from planning.web.frame import effort_context, perm, person


def risks(request: HttpRequest, slug: str) -> HttpResponse:
    """The grids and lists of the options of ``?level=``, and the checklist."""
    effort = access_effort(person(request), slug, to=perm(request))
    levels = reads.levels_of(effort)
    asked = request.GET.get("level", "")
    level = Level(asked) if asked in set(levels) else levels[-1]
    found = reads.risks_of(effort, level)
    context = effort_context(request, effort, "options") | {
        "level": level,
        "levels": levels,
        "found": found,
        "top": _gravest(found),
        "bare": _once(one.bare for one in found.options),
        "untreated": _once(one.untreated for one in found.options),
        # A narrow column parts the longest word where it may be parted.
        "consequences": [
            label.replace("Catastrophic", "Cata\u00adstrophic") for _, label in CONSEQUENCE
        ],
    }
    return render(request, "dime/risks.html", context)


def _gravest(found: reads.Risks) -> tuple[reads.OfOption, reads.Weighed] | None:
    """The option with the gravest risk that remains, and the risk; None while none is weighed."""
    tops = [(one, one.top) for one in found.options if one.top]
    weights = [(one, top, top.remains.score) for one, top in tops if top and top.remains]
    best = max(weights, key=lambda row: row[2], default=None)
    return (best[0], best[1]) if best else None


def _once(groups: Iterable[Sequence[Entry]]) -> list[Entry]:
    """Each entry once, in the order in which it first comes."""
    return list({one.pk: one for group in groups for one in group}.values())
