"""Rows for a register that are pasted or come as a file: shown first, then taken in or not."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core import sheets
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from planning import actions
from planning.models import Effort
from planning.policies import access_effort
from planning.registers import Register
from planning.web.frame import effort_context, perm, person
from planning.web.registers import definition_of

LIMITS = sheets.Limits(
    max_bytes=5_000_000, max_unpacked=50_000_000, max_rows=actions.MAX_ROWS, max_columns=60
)
PASTED = sheets.Limits(max_bytes=700_000, max_rows=actions.MAX_ROWS, max_columns=60)
MAX_PACKED = 2_500_000  # characters that a preview carries to the next post
MAX_UNPACKED = 30_000_000  # bytes
SHOWN = 200  # rows and problems of a preview
_NUMBER = re.compile(r"(?:[A-Za-z]+-)?([0-9]{1,9})")


@dataclass
class Given:
    """Rows as they came, and what the next post has to send so that they come again."""

    rows: Sequence[Any]
    header: Sequence[str] | None = None
    start: tuple[int | None, str] | None = None
    sent: dict[str, str] = field(default_factory=dict)


def paste(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """Cells copied from a spreadsheet. Without ``digest`` it shows what they would do."""
    return _answer(request, slug, register, "paste", _pasted)


def import_file(request: HttpRequest, slug: str, register: str) -> HttpResponse:
    """A CSV or XLSX file. Without ``digest`` it shows what the file would do."""
    return _answer(request, slug, register, "import", _imported)


def _answer(request: HttpRequest, slug: str, key: str, way: str, read: Any) -> HttpResponse:
    effort = access_effort(person(request), slug, to=perm(request))
    definition = definition_of(key)
    if request.method != "POST":
        return _page(request, effort, definition, way)
    try:
        given = read(request, definition)
    except Invalid as error:
        return _page(request, effort, definition, way, error.status, error=error)
    if not request.POST.get("digest"):
        plan = actions.plan_rows(effort, definition, given.rows, given.header, given.start)
        status = Invalid.status if plan.problems else 200
        return _page(request, effort, definition, way, status, plan=plan, given=given)
    try:
        with atomic():
            plan = actions.take_in(
                effort=access_effort(person(request), slug, to=perm(request)), register=definition,
                rows=given.rows, header=given.header, start=given.start,
                digest=request.POST["digest"], by=person(request),
            )  # fmt: skip
    except (actions.PlanChanged, actions.RowsRefused) as error:
        return _page(
            request, effort, definition, way, error.status, plan=error.plan, given=given,
            error=error if isinstance(error, actions.PlanChanged) else None,
        )  # fmt: skip
    messages.success(request, f"Taken in: {plan.counted}.")
    return redirect("register", slug, key)


def _page(
    request: HttpRequest, effort: Effort, definition: Register, way: str, status: int = 200,
    **extra: Any,
) -> HttpResponse:  # fmt: skip
    plan = extra.get("plan")
    acting = [row for row in plan.rows if row.changes] if plan else []
    context = effort_context(request, effort, "registers") | {
        "register": definition,
        "way": way,
        "columns": [one for one in definition.fields if one.column],
        "header": actions.header_of(definition),
        "rows": acting[:SHOWN],
        "more": max(len(acting) - SHOWN, 0),
        "problems": plan.problems[:SHOWN] if plan else (),
        "more_problems": max(len(plan.problems) - SHOWN, 0) if plan else 0,
        "most": actions.MAX_ROWS,
        "typed": request.POST,
        **extra,
    }
    return render(request, "planning/register_take_in.html", context, status=status)


# ---------- pasted


def _pasted(request: HttpRequest, definition: Register) -> Given:
    """The posted cells. Raises Invalid or SheetError for what cannot be read."""
    text, at = request.POST.get("text", ""), request.POST.get("at", "").strip()
    key = request.POST.get("field", "") or definition.title.key
    first = request.POST.get("first", "")
    met = _NUMBER.fullmatch(at)
    if at and met is None:
        raise Invalid(
            {"at": f"“{at}” names no {definition.one}; write it as {definition.prefix}-1."}
        )
    rows: Sequence[Any] = sheets.read_pasted(text, PASTED)
    if not rows:
        raise Invalid({"text": "There is nothing to take in. Paste the cells into the field."})
    sent = {"text": text, "at": at, "field": key, "first": first}
    if first == "header" or (first != "data" and _names_columns(definition, rows, at)):
        return Given(rows[1:], header=rows[0].cells, sent=sent)
    return Given(rows, start=(int(met[1]) if met else None, key), sent=sent)


def _names_columns(definition: Register, rows: Sequence[Any], at: str) -> bool:
    """Whether the first row looks like the names of columns: each is one, and there are several.

    Cells that are meant for one place of the table hold names only if they are several.
    """
    cells = [cell.strip() for cell in rows[0].cells if cell.strip()]
    names = actions.names_of(definition)
    named = bool(cells) and all(" ".join(cell.split()).casefold() in names for cell in cells)
    return named and len(rows) > 1 and (len(cells) > 1 or not at)


# ---------- from a file


def _imported(request: HttpRequest, definition: Register) -> Given:
    """The posted file, or what the preview carried of it. Raises SheetError and Invalid."""
    if request.POST.get("packed"):
        header, rows = _unpacked(request.POST["packed"])
        return Given(rows, header=header, sent={"packed": request.POST["packed"]})
    file = request.FILES.get("file")
    if file is None:
        raise Invalid({"file": "Choose a file first: CSV or XLSX."})
    sheet = sheets.read(cast(BinaryIO, file), file.name or "", limits=LIMITS)
    rows, refused = [], []
    while True:
        try:
            rows.append(next(sheet.rows))
        except StopIteration:
            break
        except sheets.SheetError as error:
            refused.append(error.message)
            if len(refused) == SHOWN:
                break
    if refused:
        raise Invalid({f"file-{n}": message for n, message in enumerate(refused)})
    packed = _packed(sheet.header, rows)
    if len(packed) > MAX_PACKED:
        raise Invalid(
            {"file": "This file holds more text than one import takes. Part it into several."}
        )
    return Given(rows, header=sheet.header, sent={"packed": packed})


def _packed(header: Sequence[str], rows: Sequence[Any]) -> str:
    """A table in as few characters as a form can carry."""
    body = json.dumps([list(header), [[row.number, *row.cells] for row in rows]])
    return urlsafe_b64encode(zlib.compress(body.encode())).decode()


def _unpacked(packed: str) -> tuple[list[str], list[Any]]:
    """The table again. Raises Invalid for what ``_packed`` did not write."""
    try:
        unzip = zlib.decompressobj()
        body = unzip.decompress(urlsafe_b64decode(packed), MAX_UNPACKED)
        header, rows = json.loads(body)
        return [str(name) for name in header], [
            sheets.SheetRow(int(number), tuple(map(str, cells))) for number, *cells in rows
        ]
    except (ValueError, TypeError, zlib.error) as error:
        raise Invalid({"file": "The file did not come along. Choose it once more."}) from error
