"""The package of an option: its measures, several of them at once, and tools to pick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dime.actions.package import SHARED, pick_tools, set_measures
from dime.registers.measures import MEASURES, STAGES
from dime.selectors import board as boards
from dime.selectors import toolbox
from dime.selectors.options import is_nothing, level_of
from dime.web.options import option_of
from mapro.core.db import atomic
from mapro.core.errors import Invalid, MaproError, StaleSave, WrongState
from planning import entries
from planning.models import Entry
from planning.policies import access_entry
from planning.registers import Field, Kind
from planning.vocabulary import Perm
from planning.web.entry_form import names_in
from planning.web.frame import effort_context, person

# The facts of a measure that the table shows and opens in place.
COLUMNS = (
    "name", "tool", "targets", "purposes", "intensity", "stages", "lead", "support", "authority",
)  # fmt: skip


def package(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The package of an option."""
    return _page(request, option_of(request, slug, number))


def pick(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Add a measure for each tool that is ticked, all or none."""

    def act(found: Entry) -> str:
        keys = request.POST.getlist("tool")
        made = pick_tools(option=found, keys=keys, by=person(request))
        names = ", ".join(str(one) for one in made)
        return f"Added to {found}: {names}. Say next toward whom they are and when."

    return _do(request, slug, number, act, "#pick")


def set_several(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say the same of the measures that are ticked; what is left empty stays as it is."""

    def act(found: Entry) -> str:
        made = set_measures(
            option=found, revisions=_seen(request), values=_values(request), by=person(request)
        )
        return f"Saved of {len(made)} measure{'s' if len(made) > 1 else ''}."

    return _do(request, slug, number, act, "#measures")


def _seen(request: HttpRequest) -> dict[int, int]:
    """The measures that are ticked, each with the revision that was shown: “3:7”."""
    found: dict[int, int] = {}
    for text in request.POST.getlist("measure"):
        number, _, revision = text.partition(":")
        if not (number.isdecimal() and revision.isdecimal() and len(text) < 19):  # noqa: PLR2004
            raise Invalid({"measure": "The form came without its measures. Reload the page."})
        found[int(number)] = int(revision)
    return found


def _values(request: HttpRequest) -> dict[str, Any]:
    """What the form says, by field; nothing of what it leaves empty."""
    found: dict[str, Any] = {}
    for key in SHARED:
        field = MEASURES.field(key)
        several = [one for one in request.POST.getlist(f"set_{key}") if one.strip()]
        if several:
            found[key] = several if field.kind in {Kind.LINKS, Kind.CHOICES} else several[0]
    return found


def _do(
    request: HttpRequest, slug: str, number: int, act: Callable[[Entry], str], place: str
) -> HttpResponse:
    found = option_of(request, slug, number)
    try:
        with atomic():
            done = act(found)
    except (Invalid, StaleSave, WrongState) as error:
        anew = access_entry(person(request), to=Perm.REGISTER_VIEW, pk=found.pk)
        return _page(request, anew, error.status, error=error, place=place)
    messages.success(request, done)
    return redirect("package", slug, number)


# ---------- the page


def _page(
    request: HttpRequest, option: Entry, status: int = 200, *, error: MaproError | None = None,
    place: str = "",
) -> HttpResponse:  # fmt: skip
    effort = option.effort
    context = effort_context(request, effort, "options")
    shown = boards.package(option)
    edits = context["can"]["register_edit"] and option.retired_at is None
    fields = [MEASURES.field(key) for key in COLUMNS]
    nothing = is_nothing(option)
    context |= {
        "option": option,
        "nothing": nothing,
        "level": level_of(option),
        "package": shown,
        "strip": [(label, [one.measure for one in found]) for label, found in shown.groups],
        "conditioned": any(
            one.after or one.measure.value("starts_when") or one.measure.value("stops_when")
            for one in shown.members
        ),
        "warning_groups": boards.grouped(shown.warnings),
        "fields": fields,
        "labels": [(place, one.label) for place, one in enumerate(fields, start=3)],
        "rows": [_row(one, label, fields) for label, rows in shown.groups for one in rows],
        "stages": [label.partition(" ") for _, label in STAGES],
        "edits": edits,
        "error": error,
        "faults": _faults(error, place if edits and not nothing else "#main"),
        "place": place,
        "stale": isinstance(error, StaleSave),
        "from": "package",
        "ticked": request.POST.getlist("measure"),
    }
    if edits and not nothing:
        context |= _forms(request, option)
    return render(request, "dime/package.html", context, status=status)


def _row(member: boards.Member, element: str, fields: list[Field]) -> dict[str, Any]:
    """A measure as the table shows it, each fact in words."""
    measure = member.measure
    return {
        "measure": measure,
        "tool": member.tool,
        "element": element,
        "cells": [(field, entries.in_words(measure, field)) for field in fields],
        "seen": f"{measure.number}:{measure.revision}",
    }


def _faults(error: MaproError | None, place: str) -> Mapping[str, str]:
    """What is wrong, by the anchor of where it is mended."""
    if error is None:
        return {}
    if isinstance(error, Invalid):
        return {_anchor(key): words for key, words in error.fields.items()}
    return {place.lstrip("#"): error.message}


def _anchor(key: str) -> str:
    """Where a field of the forms stands on the page."""
    if key in SHARED:
        return f"set-{key}"
    return {"tool": "pick", "measure": "measures"}.get(key, key)


def _forms(request: HttpRequest, option: Entry) -> dict[str, Any]:
    """What may be said of several measures, and the tools to pick, with what was typed."""
    effort = option.effort
    shared = [MEASURES.field(key) for key in SHARED]
    names = names_in(effort, [name for one in shared for name in one.to])
    grid = toolbox.grid(toolbox.Filters(), toolbox.rows_of(effort))
    return {
        "shared": [
            {
                "field": one,
                "name": f"set_{one.key}",
                "id": f"set-{one.key}",
                "value": "; ".join(request.POST.getlist(f"set_{one.key}")),
                "options": [pair for name in one.to for pair in names.get(name, ())],
                "error": "",
            }
            for one in shared
        ],
        "grid": grid,
        "picked": request.POST.getlist("tool"),
        "mine": {
            row.tool.key
            for row in grid.rows.values()
            if any(one.pk == option.pk for one in row.options)
        },
    }
