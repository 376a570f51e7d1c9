"""One entry of a register: its page, its cells in the table, and what is done with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mapro.core.errors import Invalid, MaproError, NotVisible, StaleSave, WrongState
from mapro.core.models import Marking
from planning import actions, entries, selectors
from planning.models import Entry
from planning.policies import access_entry
from planning.registers import Field, Kind
from planning.vocabulary import Perm
from planning.web import entry_form, entry_told
from planning.web.frame import effort_context, perm, person
from planning.web.panels import PANELS

_NUMBER = re.compile(r"(?:(?P<prefix>[A-Za-z]{2,5})-)?(?P<number>[0-9]{1,9})")


# ---------- the page, and saving all of it


def entry(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """The entry, what it names and what names it; a POST saves what somebody changed."""
    if request.method == "POST":
        return _save(request, slug, register, number)
    return page_of(request, access_entry(person(request), slug, register, number, to=perm(request)))


def _save(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    found = access_entry(person(request), slug, register, number, to=perm(request))
    entries.with_links([found], found.effort)
    typed = entry_form.changes(found, request.POST)
    values = {key: value for key, value in typed.items() if key != entry_form.PORTION}
    before = found.revision
    try:
        actions.save_entry(
            entry=found, values=values, revision=_revision(request), by=person(request),
            portion=typed.get(entry_form.PORTION),
        )  # fmt: skip
    except (Invalid, StaleSave, WrongState) as error:
        return _refused(request, found, typed, error)
    said = "is saved" if found.revision != before else "stands as it was; nothing was changed"
    messages.success(request, f"{found} {said}.")
    return redirect(found)


def _refused(
    request: HttpRequest, found: Entry, typed: Mapping[str, Any], error: MaproError
) -> HttpResponse:
    """The page with what was typed, and what stands instead of it or is wrong with it."""
    revision, faults = found.revision, {}
    if isinstance(error, Invalid):
        faults = error.fields
        if "revision" not in faults:  # nobody has seen yet what others saved meanwhile
            revision = min(_revision(request), revision)
    since = _revision(request) if isinstance(error, StaleSave) else -1
    texts = [
        (_label(found, key), _typed_words(found, key, value), _words(found, key))
        for key, value in typed.items()
        if found.touched.get(key, 0) > since
    ]
    return page_of(
        request, found, error.status, typed=typed, faults=faults, error=error, texts=texts,
        revision=revision,
    )  # fmt: skip


def _revision(request: HttpRequest) -> int:
    """The revision that the form started from. Raises Invalid."""
    value = request.POST.get("revision", "")
    if not value.isdecimal() or len(value) > 9:  # noqa: PLR2004 - what a column holds
        raise Invalid({"revision": "The form came without its revision. Reload the page."})
    return int(value)


def _label(found: Entry, key: str) -> str:
    return "Portion" if key == entry_form.PORTION else found.definition.field(key).label


def _words(found: Entry, key: str) -> str:
    """What stands in a field, in words."""
    if key == entry_form.PORTION:
        return found.portion.code
    field = found.definition.field(key)
    if field.kind is Kind.LINKS:
        return "; ".join(f"{one} {one.title}" for one in found.value(key))
    return entries.in_words(found, field)


def _typed_words(found: Entry, key: str, value: Any) -> str:
    """What somebody typed or chose for a field, in words as near to the same as it allows."""
    if key == entry_form.PORTION:
        return str(value)
    field = found.definition.field(key)
    several = value if isinstance(value, list) else [value]
    labels = dict(entry_form.choices_of(found.effort, field))
    return "; ".join(labels.get(str(one), str(one)) for one in several)


@dataclass(frozen=True)
class Place:
    """Where an entry can be moved to: in front of another."""

    number: str
    words: str


def page_of(
    request: HttpRequest, found: Entry, status: int = 200, *,
    typed: Mapping[str, Any] | None = None, faults: Mapping[str, str] | None = None, **extra: Any,
) -> HttpResponse:  # fmt: skip
    """The page. ``typed`` stands in the form instead of what is stored, ``faults`` beside it."""
    effort, definition = found.effort, found.definition
    context = effort_context(request, effort, "registers")
    if "_links" not in found.__dict__:
        entries.with_links([found], effort)
    edits = context["can"]["register_edit"] and found.retired_at is None
    links = [name for field in definition.fields if not field.act for name in field.to]
    wanted = {definition.key, *links} if edits else set()
    names = entry_form.names_in(effort, wanted)
    context |= {
        "entry": found,
        "register": definition,
        "edits": edits,
        "fields": entry_form.asked(found, names, typed, faults),
        "was": entry_form.digests(found),
        "revision": found.revision,
        "portion": (typed or {}).get(entry_form.PORTION, found.portion.code),
        "markings": Marking.objects.all() if edits else (),
        "named": _named(found),
        "named_by": selectors.dependents(found),
        "reasons": entry_told.reasons(found),
        "shown": selectors.shown_in(found),
        "dissents": selectors.dissents_on_entry(found),
        "history": entry_told.history(found),
        "faults": faults or {},
        "places": _places(found, names.get(definition.key, ())),
        "moves": len(names.get(definition.key, ())) > 1,
        "posted": request.POST,
        **extra,
    }
    panel = PANELS.get(found.register)
    if panel is not None:
        context |= {"panel": panel.template, **panel.context(request, found)}
    return render(request, "planning/entry.html", context, status=status)


def _named(found: Entry) -> list[tuple[str, Sequence[Entry]]]:
    """What the entry names, by the label of the field that does."""
    fields = [one for one in found.definition.fields if one.kind is Kind.LINKS]
    return [(one.label, rows) for one in fields if (rows := found.value(one.key))]


def _places(found: Entry, names: Sequence[tuple[str, str]]) -> list[Place]:
    """The others of the register, that it can be put in front of; none if there are too many to
    choose from."""
    if len(names) >= entry_form.OFFERED:
        return []
    own = str(found)
    return [Place(label.partition("-")[2], f"{label}: {title}") for label, title in names
            if label != own]  # fmt: skip


# ---------- one cell of the table


def cell(request: HttpRequest, slug: str, register: str, number: int, field: str) -> HttpResponse:
    """A cell: opened as a form, or saved. A browser without scripts is sent to the entry's page."""
    found = access_entry(
        person(request), slug, register, number, to=perm(request)
    )  # fmt: skip
    try:
        asked = found.definition.field(field)
    except LookupError:
        raise NotVisible from None
    if request.method == "POST":
        return _save_cell(request, found, asked)
    if not request.headers.get("HX-Request"):
        return redirect(f"{found.get_absolute_url()}#f-{asked.key}")
    entries.with_links([found], found.effort)
    context = effort_context(request, found.effort, "registers")
    if asked.act or found.retired_at or not context["can"]["register_edit"]:
        return _cell(request, found, asked, editable=False)
    return _cell_form(request, found, asked)


def _save_cell(request: HttpRequest, found: Entry, field: Field) -> HttpResponse:
    entries.with_links([found], found.effort)
    partial = bool(request.headers.get("HX-Request"))
    held = entry_form.sent(field, request.POST.getlist("value"))
    typed = {field.key: held if field.kind in entry_form.SEVERAL else held[0]}
    stands = entry_form.shown(found, field)
    same = entry_form.digest(field, held) == entry_form.digest(field, stands)
    try:
        actions.save_entry(
            entry=found, values={} if same else typed, revision=_revision(request),
            by=person(request),
        )  # fmt: skip
    except (Invalid, StaleSave, WrongState) as error:
        if partial:
            return _cell_form(request, found, field, typed, error)
        return _refused(request, found, typed, error)
    if not partial:
        messages.success(request, f"{found} is saved.")
        return redirect(found)
    # Read anew, since links are written apart from the entry.
    return _cell(request, entries.with_links([found], found.effort)[0], field, editable=True)


def _cell(request: HttpRequest, found: Entry, field: Field, *, editable: bool) -> HttpResponse:
    title = field.key == found.definition.title.key
    again = title and selectors.looked_at_again(found.effort).filter(pk=found.pk).exists()
    context = {
        "effort": found.effort, "entry": found, "field": field,
        "words": entries.in_words(found, field), "editable": editable, "again": again,
    }  # fmt: skip
    return render(request, "planning/_cell.html", context)


def _cell_form(
    request: HttpRequest, found: Entry, field: Field, typed: Mapping[str, Any] | None = None,
    error: MaproError | None = None,
) -> HttpResponse:  # fmt: skip
    names = entry_form.names_in(found.effort, field.to)
    asked = entry_form.one_asked(found, field, names, typed or {})
    # One control per cell: boxes while they are few and hold all of it, else a line of text.
    boxes = () if asked.types else asked.boxes
    context: dict[str, Any] = {
        "effort": found.effort, "entry": found, "field": field, "value": asked.value,
        "options": boxes, "choices": asked.choices,
    }  # fmt: skip
    if isinstance(error, StaleSave):
        context["theirs"] = _words(found, field.key) or "nothing"
        context["yours"] = _typed_words(found, field.key, (typed or {})[field.key]) or "nothing"
    elif error is not None:
        context["error"] = error.message
    status = error.status if error else 200
    return render(request, "planning/_cell_form.html", context, status=status)


# ---------- what is done with an entry


def highlight(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """Mark what reaches the overview briefing (``on`` is “yes”), or take the mark away."""
    on = request.POST.get("on") == "yes"

    def act(found: Entry) -> str:
        actions.highlight_entry(entry=found, on=on, by=person(request))
        return f"{found} is a highlight." if on else f"{found} is no highlight any more."

    answer = _do(request, slug, register, number, "highlight", act)
    if answer.status_code == 302 and request.POST.get("from") != "entry":  # noqa: PLR2004
        return redirect(f"{reverse('register', args=[slug, register])}#e-{number}")
    return answer


def move(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """Put an entry in front of ``before``, or last without one."""

    def act(found: Entry) -> str:
        actions.move_entry(entry=found, before=_before(request, found), by=person(request))
        return f"{found} is moved."

    return _do(request, slug, register, number, "move", act)


def _before(request: HttpRequest, found: Entry) -> int | None:
    text = request.POST.get("before", "").strip()
    if not text:
        return None
    prefix = found.definition.prefix
    met = _NUMBER.fullmatch(text)
    if met is None or (met["prefix"] or prefix).upper() != prefix:
        raise Invalid({"before": f"“{text}” names no {found.definition.one}: write {prefix}-1."})
    return int(met["number"])


def review(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """Say that it still holds."""

    def act(found: Entry) -> str:
        actions.review_entry(entry=found, by=person(request))
        return f"It is on record that {found} still holds."

    return _do(request, slug, register, number, "review", act)


def retire(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """Take it out of the register, with a reason."""

    def act(found: Entry) -> str:
        actions.retire_entry(entry=found, why=request.POST.get("why", ""), by=person(request))
        return f"{found} is retired. It keeps its number and its history, and can come back."

    return _do(request, slug, register, number, "retire", act)


def restore(request: HttpRequest, slug: str, register: str, number: int) -> HttpResponse:
    """Bring it back."""

    def act(found: Entry) -> str:
        actions.restore_entry(entry=found, by=person(request))
        return f"{found} stands in the register again."

    return _do(request, slug, register, number, "restore", act)


def _do(
    request: HttpRequest, slug: str, register: str, number: int, which: str,
    act: Callable[[Entry], str],
) -> HttpResponse:  # fmt: skip
    """Do ``act`` on an entry; refused words come back on the page."""
    found = access_entry(person(request), slug, register, number, to=perm(request))
    try:
        done = act(found)
    except (Invalid, WrongState) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        refused = {"which": which, "message": error.message, "fields": fields}
        return page_of(request, _anew(request, found), error.status, refused=refused)
    messages.success(request, done)
    return redirect(found)


def _anew(request: HttpRequest, found: Entry) -> Entry:
    """An entry as it stands, whatever a refused act left on it."""
    return access_entry(person(request), to=Perm.REGISTER_VIEW, pk=found.pk)
