"""What the Handbook lists ready-made, to be taken into a register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions
from planning.models import Effort
from planning.policies import access_effort
from planning.registers import READY_MADE, ReadyMade, Register
from planning.web.frame import effort_context, perm, person
from planning.web.registers import definition_of


@dataclass(frozen=True)
class Offer:
    """One line of the list; ``there`` when an entry of that title stands already."""

    number: int
    words: str
    there: bool
    asks: bool


@dataclass(frozen=True)
class Row:
    """A row as ``actions.plan_rows`` takes it."""

    number: int
    cells: tuple[str, ...]


def ready_made(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """Choose from the list; what is chosen stands in the register as the team's own from then on."""
    effort = access_effort(person(request), slug, to=perm(request))
    definition = definition_of(register)
    offered = READY_MADE.get(register, tuple)()
    if not offered:
        raise NotVisible
    if request.method != "POST":
        return _page(request, effort, definition, offered)
    wanted = {int(value) for value in request.POST.getlist("take") if value.isdecimal()}
    chosen = [o for n, o in enumerate(offered) if n in wanted and not o.prompt]
    try:
        if not chosen:
            raise Invalid({"take": "Choose at least one line."})
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            taken = _take_in(request, effort, definition, chosen)
    except Invalid as error:
        return _page(request, effort, definition, offered, error)
    messages.success(request, f"Taken in: {taken}. Adapt each to the situation.")
    return redirect("register", slug, register)


def _take_in(
    request: HttpRequest, effort: Effort, definition: Register, chosen: Sequence[ReadyMade]
) -> str:
    keys = list(dict.fromkeys(key for one in chosen for key in one.values))
    rows = [
        Row(number, tuple(one.values.get(key, "") for key in keys))
        for number, one in enumerate(chosen, 1)
    ]
    plan = actions.plan_rows(effort, definition, rows, keys)
    done = actions.take_in(
        effort=effort, register=definition, rows=rows, header=keys, digest=plan.digest,
        by=person(request),
    )  # fmt: skip
    return done.counted


def _page(
    request: HttpRequest, effort: Effort, definition: Register, offered: Sequence[ReadyMade],
    error: Invalid | None = None,
) -> HttpResponse:  # fmt: skip
    rows = effort.entries.filter(register=definition.key, retired_at=None)
    there = {title.casefold() for title in rows.values_list("title", flat=True)}
    title = definition.title.key
    lines = [
        (
            one.cite,
            Offer(
                number, one.prompt or one.values[title],
                not one.prompt and one.values[title].casefold() in there, bool(one.prompt),
            ),
        )
        for number, one in enumerate(offered)
    ]  # fmt: skip
    context = effort_context(request, effort, "registers") | {
        "register": definition,
        "groups": [
            (cite, [offer for _, offer in group]) for cite, group in groupby(lines, lambda x: x[0])
        ],
        "choices": sum(not offer.there and not offer.asks for _, offer in lines),
        "error": error,
    }
    status = error.status if error else 200
    return render(request, "planning/register_ready.html", context, status=status)
