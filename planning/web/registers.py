"""Registers: the index, one table, rows that are pasted or imported, the table as a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from mapro.core import sheets
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, entries, framework, selectors
from planning.models import Effort, Entry
from planning.policies import access_effort, access_entry, standing
from planning.registers import READY_MADE, REGISTERS, Field, Kind, Register
from planning.web.entry_form import choices_of
from planning.web.frame import effort_context, perm, person, posted_number

_STEP = re.compile(r"\bStep (\d)")
MAX_QUERY = 200  # characters
LISTED = 5  # facts of each sort that the index names of what has moved
FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def definition_of(key: str) -> Register:
    """The register with this key. Raises NotVisible when there is none."""
    found = REGISTERS.get(key)
    if found is None:
        raise NotVisible
    return found


# ---------- the index


def registers(request: HttpRequest, slug: str) -> HttpResponse:
    """Every register with its counts, and what approved products no longer agree with."""
    effort = access_effort(person(request), slug, to=perm(request))
    context = effort_context(request, effort, "registers") | {
        "groups": _grouped(selectors.registers_of(effort)),
        "moved": [(one, _facts(one)) for one in selectors.moved(effort)],
    }
    return render(request, "planning/registers.html", context)


def _grouped(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """The registers by the step that the Handbook asks for them in; the others at the end."""
    titles = {step.number: f"Step {step.number}. {step.title}" for step in framework.STEPS}
    found: dict[str, list[Any]] = {title: [] for title in titles.values()}
    across = "Across the steps"
    for row in rows:
        met = _STEP.search(row.register.cite)
        found.setdefault(titles.get(int(met[1]), across) if met else across, []).append(row)
    return [(title, group) for title, group in found.items() if group]


def _facts(one: Any) -> list[tuple[str, list[str], int]]:
    """What changed, came and went, the first few of each, and how many more there are."""
    sorts = (
        ("Changed", one.changed),
        ("New", one.new),
        ("Gone", [f"number {n}" for n in one.gone]),
    )
    return [
        (label, list(words[:LISTED]), max(len(words) - LISTED, 0))
        for label, words in sorts
        if words
    ]


# ---------- one table


@dataclass(frozen=True)
class Row:
    """An entry as the table shows it: each column in words."""

    entry: Entry
    cells: list[tuple[Field, str, bool]]
    again: bool


def register(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """The table; a POST adds an entry."""
    if request.method == "POST":
        return _add(request, slug, register)
    effort = access_effort(person(request), slug, to=perm(request))
    return page_of(request, effort, definition_of(register))


def _add(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    definition = definition_of(key)
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            made = actions.add_entry(
                effort=effort, register=definition, values=posted_values(request, definition),
                by=person(request),
            )  # fmt: skip
    except Invalid as error:
        effort = access_effort(person(request), slug, to=perm(request))
        return page_of(request, effort, definition, error.status, faults=error.fields)
    messages.success(request, f"{made} is entered; it stands at the end of the register.")
    return redirect("register", slug, key)


def posted_values(request: HttpRequest, definition: Register) -> dict[str, Any]:
    """What a form says of the fields that it has, by key."""
    found: dict[str, Any] = {}
    for one in definition.fields:
        if not one.act:
            several = request.POST.getlist(one.key)
            found[one.key] = several if one.kind is Kind.CHOICES else "; ".join(several)
    return found


def page_of(
    request: HttpRequest, effort: Effort, definition: Register, status: int = 200, **extra: Any
) -> HttpResponse:
    """The table under the filters ``?kind=``, ``?q=``, ``?after=`` and ``?show=retired``."""
    kinds = dict(definition.field(definition.kind).choices) if definition.kind else {}
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    query = " ".join(request.GET.get("q", "").split())[:MAX_QUERY]
    retired = request.GET.get("show") == "retired"
    page = selectors.register_page(
        effort, definition, kind=kind, query=query, after=request.GET.get("after", ""),
        retired=retired,
    )  # fmt: skip
    context = effort_context(request, effort, "registers")
    edits = context["can"]["register_edit"] and not retired
    columns = [one for one in definition.fields if one.column]
    narrowed = {"kind": kind, "q": query, "show": "retired" if retired else ""}
    stands, gone = _counts(effort, definition)
    counts = gone if retired else stands
    context |= {
        "register": definition,
        "page": page,
        "columns": columns,
        "rows": [_row(entry, columns, entry.pk in page.again, edits) for entry in page.rows],
        "edits": edits,
        "ready_made": definition.key in READY_MADE,
        "kind": kind,
        "query": query,
        "retired": retired,
        "kinds": [
            (value, label, counts[value], _query(narrowed | {"kind": value}))
            for value, label in kinds.items()
            if counts[value] or value == kind
        ],
        "every": _query(narrowed | {"kind": ""}),
        "other": _query({"show": "" if retired else "retired"}),
        "next": _query(narrowed | {"after": page.after}) if page.after else "",
        "first": _query(narrowed),
        "later": bool(request.GET.get("after")),
        "count": counts.total(),
        "gone": gone.total(),
        "form": _form(request, effort, definition, extra.get("faults", {})) if edits else [],
        **extra,
    }
    return render(request, "planning/register.html", context, status=status)


def _row(entry: Entry, columns: list[Field], again: bool, edits: bool) -> Row:
    cells = [(one, entries.in_words(entry, one), edits and not one.act) for one in columns]
    return Row(entry, cells, again)


def _counts(effort: Effort, definition: Register) -> tuple[Counter[str], Counter[str]]:
    """How many entries stand of each kind, and how many are retired. One query."""
    rows = effort.entries.filter(register=definition.key).order_by().values("kind")
    stands: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for row in rows.annotate(
        stand=Count("pk", filter=Q(retired_at=None)),
        gone=Count("pk", filter=Q(retired_at__isnull=False)),
    ):
        stands[row["kind"]], gone[row["kind"]] = row["stand"], row["gone"]
    return stands, gone


def _query(wanted: dict[str, str]) -> str:
    """The part of an address behind the question mark, with it; the bare page for nothing."""
    kept = {name: value for name, value in wanted.items() if value}
    return f"?{urlencode(kept)}" if kept else "./"


@dataclass(frozen=True)
class Asked:
    """A field of the form that adds an entry: what was typed, and what is wrong with it."""

    field: Field
    value: str
    error: str
    first: bool
    choices: tuple[tuple[str, str], ...] = ()


def _form(
    request: HttpRequest, effort: Effort, definition: Register, faults: dict[str, str]
) -> list[Asked]:
    """The fields that one types in; those first that an entry needs or is sorted by."""
    needed = {one.key for one in definition.fields if one.required} | {definition.kind}
    return [
        Asked(
            one, "; ".join(request.POST.getlist(one.key)), faults.get(one.key, ""),
            one.key in needed, choices_of(effort, one),
        )
        for one in definition.fields
        if not one.act
    ]  # fmt: skip


# ---------- order, and the table as a file


def order(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """Put the entry ``number`` in front of ``before``, or behind ``after``; last without both.

    Answers 204 to a script (header X-Order), which has moved the row already.
    """
    with atomic():
        access_effort(person(request), slug, to=perm(request))  # before what was posted is read
        definition_of(register)
        number = posted_number(request, "number")
        entry = access_entry(person(request), slug, register, number, to=perm(request))
        before = _before(request, entry)
        if before != entry.number:
            actions.move_entry(entry=entry, before=before, by=person(request))
    if request.headers.get("X-Order"):
        return HttpResponse(status=204)
    messages.success(request, f"{entry} is moved.")
    return redirect("register", slug, register)


def _before(request: HttpRequest, entry: Entry) -> int | None:
    """The number of the entry to stand before; None to stand last."""
    if request.POST.get("before"):
        return posted_number(request, "before")
    if not request.POST.get("after"):
        return None
    number = posted_number(request, "after")
    rows = entry.effort.entries.filter(register=entry.register, retired_at=None)
    numbers = list(rows.order_by("position", "pk").values_list("number", flat=True))
    if number not in numbers:
        raise Invalid({"after": f"There is no {entry.definition.prefix}-{number} to stand behind."})
    return next(iter(numbers[numbers.index(number) + 1 :]), None)


def export(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """The standing entries as CSV, or as XLSX with ``?as=xlsx``; an import reads them back."""
    effort = access_effort(person(request), slug, to=perm(request))
    definition = definition_of(register)
    asked = request.GET.get("as", "")
    ending = asked if asked in FILES else "csv"
    header = actions.header_of(definition)
    rows = map(actions.cells_of, selectors.every_entry(effort, definition))
    if ending == "xlsx":
        body = sheets.write_xlsx(definition.label, header, rows)
    else:
        body = b"".join(sheets.write_csv(header, rows))
    # The marking goes with the file, whoever passes it on.
    marking = slugify(standing(person(request), effort).banner)
    name = f"{effort.slug}-{definition.key}-{marking}.{ending}"
    return HttpResponse(
        body, content_type=FILES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
