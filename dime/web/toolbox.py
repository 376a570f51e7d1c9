"""The toolbox: the grid of Figure 14, for everybody who plans and as an effort sees it; several
tools side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dime import suitability
from dime.actions.situation import Reading, read_situation
from dime.policies import planner
from dime.selectors import toolbox as reads
from dime.selectors.toolbox import Filters, Row
from dime.vocabulary import Approach, Element, Incentive, Purpose, Shade, Target
from dime.words import LABELS, in_words, judged
from mapro.core.db import atomic
from mapro.core.errors import Invalid, MaproError, StaleSave
from mapro.core.models import Marking
from planning import entries
from planning.models import Effort, Entry
from planning.policies import access_effort, standing
from planning.vocabulary import Perm
from planning.web.frame import Banner, effort_context, perm, person, posted_number

MAX_TEXT = 100  # characters to look for
COMPARED = 5  # tools side by side
FACTS = tuple(name for name in LABELS if name not in {"name", "element", "approach"})


def toolbox(request: HttpRequest) -> HttpResponse:
    """The grid, with what its filters leave."""
    planner(person(request))
    filters = filters_of(request)
    found = reads.grid(filters, reads.rows_of())
    context = frame("grid") | grid_context(filters, found)
    return render(request, "dime/toolbox.html", context)


def compare(request: HttpRequest) -> HttpResponse:
    """Two to five tools side by side, shaded for an effort if the address names one."""
    user = planner(person(request))
    slug = request.GET.get("effort", "")
    effort = access_effort(user, slug, to=Perm.REGISTER_VIEW) if slug else None
    every = {row.tool.key: row for row in reads.rows_of(effort)}
    named = [*request.GET.get("tools", "").split(","), *request.GET.getlist("tool")]
    keys = [key for key in dict.fromkeys(named) if key in every]
    chosen = [every[key] for key in keys[:COMPARED]]
    names = reads.agency_names(code for row in chosen for code in row.tool.lead_agencies)
    names |= {key: row.tool.name for key, row in every.items()}
    context = frame("compare", effort) | {
        "chosen": [(row, _without(keys[:COMPARED], row.tool.key, slug)) for row in chosen],
        "facts": [
            (LABELS[name], [(in_words(name, getattr(row.tool, name), names), judged(row.tool, name))
                            for row in chosen])
            for name in FACTS
        ],
        "left_out": [every[key].tool for key in keys[COMPARED:]],
        "others": [
            row.tool for key, row in every.items()
            if key not in keys and row.tool.retired_at is None
        ],
        "keys": keys[:COMPARED],
        "more": len(chosen) < COMPARED,
        "shaded": any(row.shade for row in chosen),
        "for_effort": effort,
    }  # fmt: skip
    return render(request, "dime/toolbox_compare.html", context)


def _without(keys: Sequence[str], key: str, effort: str) -> str:
    rest = {"tools": ",".join(one for one in keys if one != key)}
    return urlencode(rest | ({"effort": effort} if effort else {}))


def effort_toolbox(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid as an effort's situation shades it, with one tool in the drawer; POST sets how the
    four variables are read."""
    user = person(request)
    if request.method == "POST":
        return _read(request, slug)
    effort = access_effort(user, slug, to=perm(request))
    if request.headers.get("HX-Request"):
        found = {row.tool.key: row for row in reads.rows_of(effort)}.get(
            request.GET.get("tool", "")
        )
        context = {"drawn": drawn(found) if found else None, "effort": effort}
        return render(request, "dime/_drawer.html", context)
    return _effort_page(request, effort)


def _read(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the readings; when they are refused the form comes back with what was typed."""
    effort = access_effort(person(request), slug, to=perm(request))
    try:
        with atomic():
            read_situation(effort=effort, readings=_posted(request), by=person(request))
    except (Invalid, StaleSave) as error:
        entries.forget(effort)
        return _effort_page(request, effort, error)
    messages.success(request, "The reading of the situation is saved; the toolbox follows it.")
    return redirect("effort-toolbox", slug)


def _posted(request: HttpRequest) -> dict[str, Reading]:
    return {
        key: Reading(
            request.POST.get(f"value_{key}", ""), request.POST.get(f"why_{key}", ""),
            posted_number(request, f"revision_{key}") or None,
        )
        for key in suitability.variables()
        if f"value_{key}" in request.POST
    }  # fmt: skip


def _effort_page(
    request: HttpRequest, effort: Effort, error: MaproError | None = None
) -> HttpResponse:
    filters = filters_of(request)
    found = reads.grid(filters, reads.rows_of(effort))
    options = reads.options_of(effort)
    row = found.rows.get(request.GET.get("tool", ""))
    read = reads.situation_of(effort)
    context = effort_context(request, effort, "toolbox") | grid_context(filters, found)
    context |= {
        "variables": [_asked(request, key, read.get(key), error) for key in suitability.variables()],
        "unread": [v.name for key, v in suitability.variables().items() if key not in read],
        "read": bool(read),
        "refused": error,
        "faults": error.fields if isinstance(error, Invalid) else {},
        "options": options,
        "drawn": drawn(row) if row else None,
        "can_edit": Perm.REGISTER_EDIT in standing(person(request), effort).held,
        "query": f"?effort={effort.slug}",
    }  # fmt: skip
    status = error.status if error else 200
    return render(request, "dime/toolbox_effort.html", context, status=status)


def _asked(
    request: HttpRequest, key: str, entry: Entry | None, error: MaproError | None
) -> dict[str, Any]:
    """A variable with its reading, and what the form about it holds."""
    variable = suitability.variables()[key]
    value = str(entry.value("value")) if entry else ""
    stands = {"value": value, "why": entry.title if entry else ""}
    sent = {name: request.POST.get(f"{name}_{key}", "") for name in stands}
    faults = error.fields if isinstance(error, Invalid) else {}
    return {
        "variable": variable, "entry": entry, "label": variable.label_of(value) if value else "",
        "typed": sent if error else stands,
        # After a stale save the next one starts from what stands now, which the page shows.
        "revision": entry.revision if entry else 0,
        "value_fault": faults.get(f"value_{key}", ""), "why_fault": faults.get(f"why_{key}", ""),
    }  # fmt: skip


# ---------- parts that several pages share


def frame(
    tab: str, effort: Effort | None = None, markings: Iterable[Marking] = ()
) -> dict[str, Any]:
    """The bar of the toolbox and the banner: the highest of ``markings`` and of what the page
    shows of an effort. No query unless the effort's situation was not read yet."""
    found: dict[str, Any] = {"tab": tab, "place": "toolbox"}
    shown = list(markings)
    if effort is not None:
        shown += [effort.marking, *(row.portion for row in reads.situation_of(effort).values())]
    highest = max(shown, key=lambda one: one.rank, default=None)
    if highest is not None:
        exercise = " // EXERCISE" if effort is not None and effort.exercise else ""
        found["page_marking"] = Banner(f"{highest.banner}{exercise}", highest.ground)
    return found


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks for; what it names wrongly leaves all."""

    def one(name: str, known: Iterable[str]) -> str:
        value = request.GET.get(name, "")
        return value if value in known else ""

    return Filters(
        one("element", Element.values), one("approach", Approach.values),
        one("target", Target.values), one("incentive", Incentive.values),
        one("purpose", Purpose.values), request.GET.get("organization", "")[:80],
        request.GET.get("q", "").strip()[:MAX_TEXT], request.GET.get("used", "")[:10],
        one("shade", Shade.values), request.GET.get("retired", "") == "yes",
    )  # fmt: skip


def grid_context(filters: Filters, found: reads.Grid) -> dict[str, Any]:
    """What the grid and its filters show."""
    controls = [
        ("element", "Element", Element.choices, filters.element),
        ("approach", "Approach", Approach.choices, filters.approach),
        ("target", "Aimed at", Target.choices, filters.target),
        ("incentive", "Reward or penalty", Incentive.choices, filters.incentive),
        ("purpose", "Purpose", Purpose.choices, filters.purpose),
        (
            "organization", "Kept by",
            [(reads.HANDBOOK, "The Handbook"), *((o.code, o.short) for o in found.owners)],
            filters.organization,
        ),
    ]  # fmt: skip
    said = [str(dict(choices).get(value, value)) for _, _, choices, value in controls if value]
    if filters.text:
        said.append(f"“{filters.text}”")
    if filters.used:
        said.append(f"used in OPT-{filters.used}")
    if filters.shade:
        said.append(str(Shade(filters.shade).label).lower())
    if filters.retired:
        said.append("with retired tools")
    return {
        "grid": found, "filters": filters, "controls": controls, "said": said,
        "shades": [(s, found.shades.get(s.value, 0)) for s in Shade], "advice": suitability.advice(),
    }  # fmt: skip


def drawn(row: Row) -> dict[str, Any]:
    """What the drawer shows of a tool: facts in words. One query."""
    tool = row.tool
    names = reads.agency_names(tool.lead_agencies)
    shown = ("targets", "purposes", "incentive", "lead_agencies", "lead_time", "authority",
             "cost", "risk", "intrusiveness", "reversible")  # fmt: skip
    return {
        "row": row, "tool": tool,
        "facts": [(LABELS[n], in_words(n, getattr(tool, n), names), judged(tool, n)) for n in shown],
    }  # fmt: skip
