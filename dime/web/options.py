"""Options side by side, and what the lead, the authority and the team do with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dime.actions.option import adopt_option, end_overruling, overrule, recommend_option
from dime.actions.package import copy_option
from dime.models import Overruling
from dime.registers.options import APPROACHES, NOTHING, OPTIONS, US_ROLES
from dime.selectors import board as boards
from dime.selectors.options import at, is_nothing
from dime.vocabulary import Level
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid, MaproError, NotVisible, WrongState
from planning import actions, entries
from planning.models import Effort, Entry
from planning.policies import access_effort, access_entry
from planning.vocabulary import Perm
from planning.web.entries import page_of as entry_page
from planning.web.frame import effort_context, perm, person

REGISTER = OPTIONS.key
ASPECTS = ("summary", "first_effect", "cost", "main_risk")  # what the board shows in words
QUICK = ("name", "approach", "us_role", "summary")  # what the quick form asks


def option_of(request: HttpRequest, slug: str, number: int) -> Entry:
    """The option of an address, checked against the route."""
    return access_entry(person(request), slug, REGISTER, number, to=perm(request))


# ---------- side by side


def options(request: HttpRequest, slug: str) -> HttpResponse:
    """The options of ``?level=``; a POST adds one, from another if ``copy`` names it."""
    if request.method == "POST":
        return _add(request, slug)
    return _page(request, access_effort(person(request), slug, to=perm(request)))


def _add(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            made = _made(request, effort)
    except (Invalid, WrongState) as error:
        faults = error.fields if isinstance(error, Invalid) else {"copy": error.message}
        effort = access_effort(person(request), slug, to=perm(request))
        return _page(request, effort, error.status, faults=faults)
    messages.success(request, f"{made} is entered. Build its package next.")
    return redirect("package", slug, made.number)


def _made(request: HttpRequest, effort: Effort) -> Entry:
    """The option that the form asks for."""
    level = _level(request.POST.get("level", "")) or Level.POLICY
    said = {key: request.POST.get(key, "") for key in QUICK}
    source = request.POST.get("copy", "")
    if not source:
        return actions.add_entry(
            effort=effort, register=OPTIONS, values=said | {"level": str(level)},
            by=person(request),
        )  # fmt: skip
    number = int(source) if source.isdecimal() and len(source) < 10 else 0  # noqa: PLR2004
    option = effort.entries.filter(register=REGISTER, number=number).first()
    if option is None:
        raise Invalid({"copy": "There is no such option to copy. Reload the page."})
    option.effort = effort
    return copy_option(option=option, level=level, values=said, by=person(request))


def _level(text: str) -> Level | None:
    return Level(text) if text in set(Level) else None


def _page(
    request: HttpRequest, effort: Effort, status: int = 200, *,
    faults: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    context = effort_context(request, effort, "options")
    asked = request.POST.get("level") or request.GET.get("level", "")
    level = _level(asked) or boards.level_now(effort)
    shown = boards.board(effort, level)
    rows = entries.entries_of(effort, REGISTER)[REGISTER]
    typed = {key: request.POST.get(key, "") for key in (*QUICK, "copy")}
    context |= {
        "board": shown,
        "level": level,
        "levels": [(one, len([o for o in at(rows, one) if not is_nothing(o)])) for one in Level],
        "aspects": [OPTIONS.field(key) for key in ASPECTS],
        "sources": [row for row in rows if not is_nothing(row)],
        "typed": typed,
        "faults": faults or {},
        "approaches": [pair for pair in APPROACHES if pair[0] != NOTHING],
        "roles": US_ROLES,
    }
    return render(request, "dime/options.html", context, status=status)


def option(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The short address of an option leads to its entry."""
    return redirect(option_of(request, slug, number))


# ---------- recommend, adopt, overrule


def recommend(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put it before the authority as the team's recommendation."""

    def act(found: Entry) -> str:
        why = request.POST.get("why_recommend", "")
        recommend_option(entry=found, why=why, by=person(request))
        return f"{found} “{found.title}” is recommended."

    return _do(request, slug, number, "recommend", act)


def adopt(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Choose it, as it was shown; the others of its level are set aside."""

    def act(found: Entry) -> str:
        revision = request.POST.get("revision", "")
        adopt_option(
            entry=found, why=request.POST.get("why_adopt", ""), by=person(request),
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,  # noqa: PLR2004
            content=request.POST.get("content") or None, stood=request.POST.get("stood"),
        )  # fmt: skip
        return f"{found} “{found.title}” is adopted; the other options are set aside."

    return _do(request, slug, number, "adopt", act)


def overrule_warnings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let the option stand in spite of the warnings that are ticked, for one reason."""

    def act(found: Entry) -> str:
        keys = list(dict.fromkeys(request.POST.getlist("warning")))
        if not keys:
            raise Invalid({"warning": "Tick at least one warning."})
        for key in keys:
            overrule(
                entry=found, warning=key, why=request.POST.get("why_overrule", ""),
                by=person(request),
            )  # fmt: skip
        return f"{len(keys)} warning{'s' if len(keys) > 1 else ''} about {found} overruled."

    return _do(request, slug, number, "overrule", act)


def end(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Let a warning that was overruled count again."""

    def act(found: Entry) -> str:
        row = Overruling.objects.filter(option=found, pk=pk).first()
        if row is None:
            raise NotVisible
        row.option = found
        end_overruling(overruling=row, by=person(request))
        return "The warning counts again."

    return _do(request, slug, number, "end", act)


def _do(
    request: HttpRequest, slug: str, number: int, which: str, act: Callable[[Entry], str]
) -> HttpResponse:
    """Do ``act`` on an option and go back to where it was asked; refused, its page says why."""
    found = option_of(request, slug, number)
    try:
        with atomic():
            done = act(found)
    except (ContentChanged, Invalid, WrongState) as error:
        return _refused(request, found, which, error)
    messages.success(request, done)
    return redirect(_back(request, found))


def _back(request: HttpRequest, found: Entry) -> str:
    """The page that the form stood on."""
    slug, came = found.effort.slug, request.POST.get("from", "")
    if came == "package":
        return f"{reverse('package', args=[slug, found.number])}#warnings"
    if came in set(Level):
        return f"{reverse('options', args=[slug])}?level={came}"
    return f"{found.get_absolute_url()}#option"


def _refused(request: HttpRequest, found: Entry, which: str, error: MaproError) -> HttpResponse:
    """The entry's page with what was typed; what the act left on the entry is read anew."""
    fields: dict[str, Any] = dict(error.fields) if isinstance(error, Invalid) else {}
    kind = request.POST.get("kind", "")
    places = {"why": f"why-{kind if which == 'overrule' else which}", "warning": f"w-{kind}"}
    fields = {places.get(key, key): words for key, words in fields.items()}  # as the page has them
    refused = {"which": which, "message": error.message, "fields": fields}
    anew = access_entry(person(request), to=Perm.REGISTER_VIEW, pk=found.pk)
    return entry_page(request, anew, error.status, refused=refused)
