"""How the rows of a file become events: the work of the job ``assessments.import``.

Rows are read and staged in small transactions, which show how far the import is and hold nobody up.
One transaction then turns all of them into events, or none. Nothing of a file stands in memory but
one batch of rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min
from django.utils import timezone

from assessments.actions import names
from assessments.importing.events import FORMATS, ParsedEvent, Problem, parse
from assessments.models import Country, Feed, Import, StagedEvent
from assessments.vocabulary import ImportStatus
from mapro.core import files, sheets
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.jobs import JobFailed

BATCH = 1_000  # rows
MAX_PROBLEMS = 100  # that are kept; then reading stops

_COLUMNS = tuple(
    str(f.column)
    for f in StagedEvent._meta.concrete_fields  # noqa: SLF001 - Django documents Model._meta
    if f.name not in {"id", "imported"}
)
_TAKEN = tuple(  # what an event takes over from its row as it is
    f.name
    for f in StagedEvent._meta.concrete_fields  # noqa: SLF001
    if f.name not in {"id", "imported", "country", "digest"}
)
_of = attrgetter(*_TAKEN)
_EVENTS, _STAGED = "assessments_event", "assessments_stagedevent"


class GivenUp(Exception):
    """The import was cancelled, or another worker has started it anew."""


@dataclass
class Attempt:
    """One start of an import: the rows that wait to be staged, and what was found so far."""

    row: Import
    number: int
    waiting: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0


def whole(message: str) -> dict[str, Any]:
    """A problem of the whole file."""
    return {"row": None, "column": "", "letter": "", "message": message}


@atomic()
def begin(pk: int) -> Attempt | None:
    """Start an import anew; None when it has ended. A worker that had it before finds so out."""
    started = Import.objects.filter(
        pk=pk, status__in=[ImportStatus.QUEUED, ImportStatus.RUNNING]
    ).update(
        status=ImportStatus.RUNNING, attempt=F("attempt") + 1, rows_done=0, rows_total=None,
        problems=[],
    )  # fmt: skip
    if not started:
        return None
    StagedEvent.objects.filter(imported=pk).delete()
    row = Import.objects.select_related("feed", "only", "by").get(pk=pk)
    return Attempt(row, row.attempt)


def _still_ours(attempt: Attempt, **fields: Any) -> None:
    """Write ``fields`` if the import is still this attempt's, and lock it. Raises GivenUp."""
    ours = Import.objects.filter(
        pk=attempt.row.pk, status=ImportStatus.RUNNING, attempt=attempt.number
    )
    if not ours.update(attempt=attempt.number, **fields):
        raise GivenUp(f"attempt {attempt.number}")
    for name, value in fields.items():
        setattr(attempt.row, name, value)


# ---------- reading


def read(attempt: Attempt, progress: Callable[[Import], None] | None = None) -> None:
    """Read the file row by row, then apply it, or refuse it if anything is wrong with it.

    Raises GivenUp when the import was cancelled or started anew, JobFailed when the file is gone.
    """
    row = attempt.row
    tell = progress or (lambda _: None)
    try:
        stream = files.path(row.file).open("rb")
    except FileNotFoundError as error:
        raise JobFailed("The file is no longer stored. Choose it again to import it.") from error
    with stream:
        try:
            sheet = sheets.read(stream, row.file_name)
        except sheets.SheetError as error:
            attempt.problems.append(_plain(Problem(error.row, error.column, error.words)))
        else:
            for _ in _staged(attempt, sheet):
                tell(row)
    if not attempt.problems and attempt.seen == 0:
        attempt.problems += _silent(row)
    with atomic():
        if attempt.problems:
            _still_ours(attempt, rows_done=attempt.seen)
            refuse(row, attempt.problems)
        else:
            _apply(attempt)
    tell(row)


def _staged(attempt: Attempt, sheet: sheets.Sheet) -> Iterator[None]:
    """Stage the rows of a table, a batch at a time. After a problem rows are only looked at."""
    row, known, rows = attempt.row, names.Known(), _Rows(sheet.rows)
    for found in parse(replace(sheet, rows=rows), FORMATS[row.feed.format]):
        country = None if isinstance(found, Problem) else known.country(found)
        if isinstance(found, Problem):
            attempt.problems.append(_plain(found))
        elif country is None:
            attempt.problems.append(_plain(known.problem(found, rows.number, sheet.header)))
        elif row.only_id in (None, country.pk):
            attempt.waiting.append(_row(found, country, row))
        if len(attempt.problems) > MAX_PROBLEMS:
            break
        if rows.count - attempt.seen >= BATCH:
            _flush(attempt, rows.count)
            yield
    _flush(attempt, rows.count)
    yield


class _Rows(Iterator[sheets.SheetRow]):
    """The rows of a table; ``number`` is where the last one stands, ``count`` how many there were."""

    def __init__(self, rows: Iterator[sheets.SheetRow]) -> None:
        self.rows = rows
        self.number = self.count = 0

    def __next__(self) -> sheets.SheetRow:
        row = next(self.rows)
        self.number = row.number
        self.count += 1
        return row


@atomic()
def _flush(attempt: Attempt, seen: int) -> None:
    """Write what waits, and how far the import is. Raises GivenUp."""
    attempt.seen = seen
    _still_ours(attempt, rows_done=seen)
    if attempt.waiting and not attempt.problems:
        _stage(attempt.waiting)
    attempt.waiting.clear()


def _row(found: ParsedEvent, country: Country, imported: Import) -> tuple[Any, ...]:
    values = _of(found)
    meaning = repr((country.code, *values)).encode()
    digest = hashlib.sha256(meaning).hexdigest()[:12]
    return (*map(_adapted, values), country.pk, digest, imported.pk)


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _stage(rows: list[tuple[Any, ...]]) -> None:
    """Insert staged rows. By hand, because ``bulk_create`` takes as long as all the rest of an
    import, and whoever waits for a large file waits for it."""
    columns = (*_TAKEN, "country_id", "digest", "imported_id")
    one = f"({', '.join(['%s'] * len(columns))})"
    sql = f"INSERT INTO {_STAGED} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # which takes few values in one statement
            cursor.executemany(sql + one, rows)
        else:
            cursor.execute(sql + ", ".join([one] * len(rows)), [v for row in rows for v in row])


def _plain(problem: Problem) -> dict[str, Any]:
    """A problem as it is stored; a row of 0 is the whole file."""
    return {
        "row": problem.row or None, "column": problem.column, "letter": problem.letter,
        "message": problem.message,
    }  # fmt: skip


def _silent(row: Import) -> list[dict[str, Any]]:
    """Why a file without events is refused. A file that says of what it speaks may be empty: then
    nothing happened there."""
    if row.covers_from and (row.everywhere or row.only_id):
        return []
    return [
        whole(
            "There is no row below the header. If nothing happened, say of which days and of which "
            "country the file speaks."
        )
    ]


# ---------- all or nothing


def _apply(attempt: Attempt) -> None:
    """Make the staged rows events. Imports of one feed wait for each other here."""
    row = attempt.row
    Feed.objects.select_for_update(no_key=True).get(pk=row.feed_id)
    _still_ours(attempt)
    staged = StagedEvent.objects.filter(imported=row)
    span = staged.aggregate(first=Min("date_start"), last=Max("date_end"))
    countries = set(staged.order_by().values_list("country", flat=True).distinct())
    added, changed, unchanged = _compared(row)
    _upsert(row)
    row.countries.set(countries | ({row.only_id} if row.only_id else set()))
    _still_ours(
        attempt, status=ImportStatus.DONE, finished_at=timezone.now(), rows_total=attempt.seen,
        added=added, changed=changed, unchanged=unchanged,
        covers_from=row.covers_from or span["first"], covers_to=row.covers_to or span["last"],
    )  # fmt: skip
    staged.delete()
    record(
        "import.done", by=row.by, on=row, label=f"{row.feed.name}: {row.file_name}",
        new={"rows": attempt.seen, "added": added, "changed": changed, "unchanged": unchanged,
             "covers_from": str(row.covers_from), "covers_to": str(row.covers_to)},
    )  # fmt: skip


def _compared(row: Import) -> tuple[int, int, int]:
    """How many staged rows are new, differ from the event that is there, and do not."""
    sql = f"""
        SELECT COALESCE(SUM(CASE WHEN e.id IS NULL THEN 1 ELSE 0 END), 0),
               COALESCE(SUM(CASE WHEN e.digest <> s.digest THEN 1 ELSE 0 END), 0),
               COALESCE(SUM(CASE WHEN e.digest = s.digest THEN 1 ELSE 0 END), 0)
        FROM {_STAGED} s
        LEFT JOIN {_EVENTS} e ON e.feed_id = %s AND e.source_id = s.source_id
        WHERE s.imported_id = %s
    """  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [row.feed_id, row.pk])
        added, changed, unchanged = cursor.fetchone()
    return added, changed, unchanged


def _upsert(row: Import) -> None:
    """Write what is new or differs, in one statement. What a file no longer names stays."""
    columns = ", ".join(_COLUMNS)
    taken = ", ".join(f"{c} = excluded.{c}" for c in (*_COLUMNS, "imported_id", "updated_at"))
    sql = f"""
        INSERT INTO {_EVENTS} ({columns}, feed_id, imported_id, updated_at)
        SELECT {columns}, %s, imported_id, %s FROM {_STAGED} WHERE imported_id = %s ORDER BY id
        ON CONFLICT (feed_id, source_id) DO UPDATE SET {taken}
        WHERE {_EVENTS}.digest <> excluded.digest
    """  # noqa: S608 - names of our own tables and columns
    with connection.cursor() as cursor:
        cursor.execute(sql, [row.feed_id, timezone.now(), row.pk])


def refuse(row: Import, problems: list[dict[str, Any]]) -> None:
    """End an import with what is wrong; part of another transaction. Nothing of it is applied."""
    kept = problems[:MAX_PROBLEMS]
    if len(problems) > MAX_PROBLEMS:
        kept.append(whole(f"And more: reading stopped after {MAX_PROBLEMS} problems."))
    Import.objects.filter(pk=row.pk).update(
        status=ImportStatus.REFUSED, problems=kept, finished_at=timezone.now()
    )
    row.status, row.problems = ImportStatus.REFUSED, kept
    StagedEvent.objects.filter(imported=row).delete()
    record(
        "import.refused", by=row.by, on=row, label=f"{row.feed.name}: {row.file_name}",
        problems=len(kept), first=kept[0]["message"][:300],
    )  # fmt: skip
