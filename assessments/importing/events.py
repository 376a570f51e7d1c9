"""Events parsed from a table: every row is an event or its problems, nothing is guessed.

``parse`` reads row by row in bounded memory and knows no database; whoever imports applies all
rows or none.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from assessments.importing.formats import FORMATS, UNSAID, VIOLENCE, Column, Format
from mapro.core.sheets import Sheet, SheetError, SheetRow, column_letter, shown

__all__ = ["FORMATS", "VIOLENCE", "Format", "ParsedEvent", "Problem", "parse"]

MAX_PROBLEMS = 100
_SIDES = ("deaths_civilians", "deaths_a", "deaths_b", "deaths_unknown")
_NEAR = 0.85  # how alike an unknown name must be to count as a misspelled one


@dataclass(frozen=True)
class ParsedEvent:
    """One event of violence as its source tells it.

    ``date_precision`` is 1 for the day, 2 for two to six days, 3 for a week, 4 for a month, 5 for a
    year or more; ``place_precision`` 1 for the very place to 7 for the open sea or the air, None if
    not said. Deaths are three numbers, of which none is made from the others.
    """

    source_id: str
    country: str
    country_gw: int | None
    country_iso3: str
    date_start: date
    date_end: date
    date_precision: int
    type_of_violence: str
    side_a: str
    side_b: str
    place: str
    adm_1: str
    adm_2: str
    latitude: float | None
    longitude: float | None
    place_precision: int | None
    deaths_low: int
    deaths_best: int
    deaths_high: int
    deaths_civilians: int
    deaths_a: int
    deaths_b: int
    deaths_unknown: int
    headline: str
    sources: str
    conflict: str


_FIELDS = tuple(field.name for field in fields(ParsedEvent))


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place of a file, and how to mend it.

    ``row`` is 0 where no row is to blame; ``column`` and ``letter`` are empty where no column is.
    ``str()`` gives the sentence with its place.
    """

    row: int
    column: str
    message: str
    letter: str = ""

    def __str__(self) -> str:
        if not self.row:
            return self.message
        column = f", column “{self.column}” ({self.letter})" if self.letter else ""
        return f"Row {self.row}{column}: {self.message}"


def parse(
    sheet: Sheet, format: Format, *, today: date | None = None
) -> Iterator[ParsedEvent | Problem]:
    """The events and problems of a table, in the order of its rows.

    After ``MAX_PROBLEMS`` problems one more says that there are others, and reading ends. A header
    that does not fit ends it at once. ``today`` is the last day that an event can have, by default
    the present day (UTC).
    """
    found = 0
    for one in _Parser(sheet, format, today or datetime.now(UTC).date()).read():
        if isinstance(one, Problem):
            found += 1
            if found > MAX_PROBLEMS:
                yield Problem(
                    0, "", f"And more: reading stopped after {MAX_PROBLEMS} problems. Mend these "
                    "first.",
                )  # fmt: skip
                return
        yield one


class _Parser:
    """One reading of one table."""

    def __init__(self, sheet: Sheet, format: Format, today: date) -> None:
        self.sheet = sheet
        self.format = format
        self.today = today
        self.at = {name: index for index, name in enumerate(sheet.header)}
        self.rows: dict[str, int] = {}  # of each id

    def read(self) -> Iterator[ParsedEvent | Problem]:
        """Problems of the header; if there are none, the rows."""
        wrong = list(self._header())
        yield from wrong
        while not wrong:
            try:
                row = next(self.sheet.rows, None)
            except SheetError as error:
                yield Problem(error.row, error.column, error.words, error.letter)
                continue
            if row is None:
                return
            yield from self._row(row)

    def _problem(self, row: int, name: str, message: str) -> Problem:
        letter = column_letter(self.at[name]) if name in self.at else ""
        return Problem(row, name, message, letter)

    # ---------- header

    def _header(self) -> Iterator[Problem]:
        """What is missing, and what is unknown, each with the spelling that comes nearest."""
        known = {*self.format.names, *self.format.ignored}
        unknown = [name for name in self.at if name not in known]
        absent = [name for name in self.format.names if name not in self.at]
        for column in self.format.columns:
            if column.needed and column.name in absent:
                near = _nearest(column.name, unknown, 0.6)
                yield Problem(
                    self.sheet.header_row, column.name,
                    f"the column {shown(column.name)} is missing."
                    + (f" Is it the one called {shown(near)}? Rename it." if near else " Add it."),
                )  # fmt: skip
        for name in unknown:
            near = _nearest(name, absent, 0.6 if self.format.closed else _NEAR)
            if near:
                yield self._unknown(name, f"Did you mean {shown(near)}?")
            elif self.format.closed:
                yield self._unknown(name, "Delete it, or see which columns there are.")

    def _unknown(self, name: str, advice: str) -> Problem:
        return self._problem(
            self.sheet.header_row, name, f"no column is called {shown(name)}. {advice}"
        )

    # ---------- rows

    def _row(self, row: SheetRow) -> Iterator[ParsedEvent | Problem]:
        width = len(self.sheet.header)
        if len(row.cells) != width:
            yield Problem(
                row.number, "",
                f"there are {len(row.cells)} cells, but {width} in the header. Look for a missing "
                "or an added separator or quotation mark.",
            )  # fmt: skip
            return
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        names: dict[str, str] = {}  # of the column that a field came from
        for column in self.format.columns:
            if column.name in self.at and column.field not in values:
                names.setdefault(column.field, column.name)
                self._cell(row, column, values, problems)
        problems += self._checked(row.number, values, names)
        yield from problems
        if not problems:
            yield _event(values)

    def _cell(
        self, row: SheetRow, column: Column, values: dict[str, Any], problems: list[Problem]
    ) -> None:
        """Put the value of a cell into ``values``, or what is wrong with it into ``problems``."""
        text = row.cells[self.at[column.name]].strip()
        if not text:
            if not column.blank:
                problems.append(self._problem(row.number, column.name, "the cell is empty."))
            return
        try:
            values[column.field] = column.read(text)
        except ValueError as error:
            problems.append(self._problem(row.number, column.name, str(error)))
            # A field that is wrong is not missing.
            values[column.field] = None

    def _checked(
        self, number: int, values: dict[str, Any], names: dict[str, str]
    ) -> Iterator[Problem]:
        """What is wrong between the cells of a row, and between rows."""

        def problem(field: str, message: str) -> Problem:
            return self._problem(number, names.get(field, field), message)

        key = values.get("source_id")
        if key:
            other = self.rows.setdefault(key, number)
            if other != number:
                yield problem(
                    "source_id", f"{shown(key)} stands in row {other} already. Each event once."
                )
        start, end = values.get("date_start"), values.get("date_end")
        for field, when in (("date_start", start), ("date_end", end)):
            if when and when > self.today:
                yield problem(field, f"{when} lies in the future.")
        if start and end and end < start:
            yield problem("date_end", f"{end} lies before the beginning, {start}.")
        for field, twin in (("latitude", "longitude"), ("longitude", "latitude")):
            if field not in values and twin in values:
                yield problem(
                    field,
                    f"the {field} is missing, though there is a {twin}. Give both or neither.",
                )
        if values.get("latitude") == 0 and values.get("longitude") == 0:
            yield problem(
                "latitude",
                "latitude and longitude are both 0, a point in the Gulf of Guinea that stands for "
                "“not known”. Leave both empty.",
            )
        if self.format.ordered:
            low, best, high = (values.get(f"deaths_{which}") for which in ("low", "best", "high"))
            for less, name, more, field in (
                (low, "deaths_low", best, "deaths_best"),
                (best, "deaths_best", high, "deaths_high"),
                (low, "deaths_low", high, "deaths_high"),
            ):
                if less is not None and more is not None and less > more:
                    yield problem(
                        name,
                        f"{less} is more than {names[field]}, {more}. It is low ≤ best ≤ high.",
                    )
                    break


def _event(values: dict[str, Any]) -> ParsedEvent:
    """The event of a row without problems."""
    if not any(field in values for field in _SIDES):
        values["deaths_unknown"] = values["deaths_best"]  # nobody said whose they are
    values.setdefault("date_end", values["date_start"])
    return ParsedEvent(**{name: values.get(name, UNSAID.get(name, "")) for name in _FIELDS})


def _nearest(name: str, names: list[str], cutoff: float) -> str:
    return next(iter(difflib.get_close_matches(name, names, 1, cutoff)), "")
