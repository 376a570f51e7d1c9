"""What rows of a table would do to a register: read, compared with what stands, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mapro.core.errors import Invalid
from mapro.core.models import Marking
from planning import entries
from planning.actions.entry import MAX_ENTRIES
from planning.actions.entry_names import Book
from planning.actions.entry_parts import check, initial, plain, values_of
from planning.actions.entry_table import (
    COMMON,
    HIGHLIGHT,
    MAX_ROWS,
    NUMBER,
    PORTION,
    Change,
    Plan,
    PlannedRow,
    Problem,
    RowLike,
    Start,
    cell_of,
    folded,
    header_of,
    named,
    names_of,
    said,
)
from planning.models import Effort, Entry
from planning.registers import Field, Kind, Register
from planning.registers.values import clean_words, parse, words

_YES = frozenset({"yes", "y", "true", "x", "1"})
_NO = frozenset({"", "no", "n", "false", "0"})
_CALLED = re.compile(r"(?:(?P<prefix>[A-Za-z]{2,5})-)?(?P<number>[0-9]{1,9})")


def plan_rows(
    effort: Effort, register: Register, rows: Sequence[RowLike],
    header: Sequence[str] | None = None, start: Start | None = None,
) -> Plan:  # fmt: skip
    """What the rows would do; nothing is written. At most six queries, whatever their number.

    With ``header`` its cells name the columns, by key or label; “ID” names the entry that a row
    changes, a row without one adds an entry, “Portion” holds marking codes, “Highlight” yes or no.
    An empty cell empties the field, a column that is not there leaves it. Without ``header`` the
    cells fill the shown columns from ``start`` rightwards, and the register downwards and beyond
    its end. Links name entries by number or title, those too that the same rows add.
    """
    planner = _Planner(effort, register)
    if len(rows) > MAX_ROWS:
        planner.object_to(
            0, "", f"These are {len(rows):,} rows; {MAX_ROWS:,} are the most at a time. Part them."
        )
    elif header is not None:
        planner.by_header(rows, header)
    else:
        planner.by_place(rows, start or (None, register.title.key))
    planner.finish()
    return Plan(effort, register, tuple(planner.rows), tuple(planner.problems))


@dataclass
class _Target:
    """A row and the entry that it changes, or that stands in for one to add."""

    row: int
    entry: Entry
    added: bool
    cells: dict[str, Any]


@dataclass
class _Planner:
    effort: Effort
    register: Register
    rows: list[PlannedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    targets: list[_Target] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.standing = entries.entries_of(self.effort, self.register.key)[self.register.key]
        self.by_number = {row.number: row for row in self.standing}
        self.labels = {one.key: one.label for one in self.register.fields} | {
            key: names[0] for key, names in COMMON.items()
        }

    def object_to(self, row: int, column: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(row, column, message))

    # ---------- which entry, which columns

    def by_header(self, rows: Sequence[RowLike], header: Sequence[str]) -> None:
        """Rows below a header."""
        columns = self._columns(header, rows)
        if self.problems:
            return
        taken: dict[int, int] = {}
        for row in rows:
            cells = {
                key: row.cells[place] if place < len(row.cells) else ""
                for place, key in columns.items()
            }
            called = cells.pop(NUMBER, None)
            if not any(map(said, cells.values())) and not said(called):
                continue
            entry = self._called(row.number, called) if said(called) else None
            if entry is not None and taken.setdefault(entry.number, row.number) != row.number:
                self.object_to(
                    row.number, self.labels[NUMBER],
                    f"Row {taken[entry.number]} names {entry} already. Keep one of the two rows.",
                )  # fmt: skip
            if entry is not None or not said(called):
                self._aim(row.number, entry, cells)
        if not self.targets and not self.problems:
            self.object_to(0, "", "There are no rows below the header. Add some, and try again.")

    def _columns(self, header: Sequence[str], rows: Iterable[RowLike]) -> dict[int, str]:
        """The key of each column by its place."""
        names = names_of(self.register)
        found: dict[int, str] = {}
        for place, name in enumerate(header):
            key = names.get(folded(name))
            if key is not None and key in found.values():
                self.object_to(0, str(name), "This column is there twice. Leave one of them out.")
            elif key is not None:
                found[place] = key
            elif folded(name):
                known = ", ".join(header_of(self.register))
                self.object_to(
                    0, str(name),
                    f"{self.register.label} has no such column. Rename it or leave it out; there are: "
                    f"{known}.",
                )  # fmt: skip
            elif any(place < len(row.cells) and said(row.cells[place]) for row in rows):
                self.object_to(
                    0, "", f"Column {place + 1} has cells but no name. Name it or leave it out."
                )
        return found

    def _called(self, row: int, called: Any) -> Entry | None:
        """The standing entry that a cell names; one that is none is a problem."""
        text = str(called).strip()
        prefix = self.register.prefix
        met = _CALLED.fullmatch(text)
        if met is None or (met["prefix"] or prefix).upper() != prefix:
            self.object_to(
                row, self.labels[NUMBER],
                f"“{text}” names no {self.register.one}: write it as {prefix}-1, or leave the cell "
                "empty to add one.",
            )  # fmt: skip
            return None
        number = int(met["number"])
        if number not in self.by_number:
            self.object_to(
                row, self.labels[NUMBER],
                f"No {prefix}-{number} stands in the register: it never did, or it was retired. "
                "Leave the cell empty to add one, or bring it back first.",
            )  # fmt: skip
        return self.by_number.get(number)

    def by_place(self, rows: Sequence[RowLike], start: Start) -> None:
        """Cells that fill the table from one of its cells on."""
        number, first = start
        shown = [one.key for one in self.register.fields if one.column]
        if first not in shown or (number is not None and number not in self.by_number):
            self.object_to(
                0, "", "The cell to start from is not in the table any more. Choose another."
            )
            return
        columns = shown[shown.index(first) :]
        width = max((len(row.cells) for row in rows), default=0)
        if width > len(columns):
            self.object_to(
                0, "",
                f"These are {width} columns, and from “{self.labels[first]}” to the last column there are "
                f"{len(columns)}. Start further left, or copy fewer columns.",
            )  # fmt: skip
            return
        below = iter(
            self.standing[self.standing.index(self.by_number[number]) :]
            if number is not None
            else ()
        )
        for row in rows:
            entry = next(below, None)
            cells = dict(zip(columns, row.cells, strict=False))
            if entry is not None or any(map(said, cells.values())):
                self._aim(row.number, entry, cells)
        if not self.targets:
            self.object_to(0, "", "There is nothing to take in. Copy the cells once more.")

    def _aim(self, row: int, entry: Entry | None, cells: dict[str, Any]) -> None:
        added = entry is None
        if entry is None:
            entry = Entry(pk=-row, effort=self.effort, register=self.register.key)
        self.targets.append(_Target(row, entry, added, cells))

    # ---------- what each row says

    def finish(self) -> None:
        """Read every row, now that it is known what the others are called."""
        if self.problems and not self.targets:
            return
        new = sum(target.added for target in self.targets)
        if new and len(self.standing) + new > MAX_ENTRIES:
            self.object_to(
                0, "",
                f"{len(self.standing):,} entries stand and {new:,} would be added; a register holds at "
                f"most {MAX_ENTRIES:,}. Retire some, or take in fewer.",
            )  # fmt: skip
        self._name()
        self.markings: dict[str, Marking] = {}
        if any(PORTION in target.cells for target in self.targets):
            for marking in Marking.objects.all():
                for name in (marking.code, marking.portion, marking.banner):
                    self.markings[folded(name)] = marking
        for target in self.targets:
            self._plan(target)
        self.problems.sort(key=lambda one: one.row)

    def _name(self) -> None:
        """Learn what entries are called, those too that these rows add or give another title."""
        links = [one for one in self.register.fields if one.kind is Kind.LINKS]
        used = any(said(t.cells.get(one.key)) for t in self.targets for one in links)
        self.book = Book(self.effort, [name for one in links for name in one.to if used])
        title = self.register.title
        for target in self.targets:
            raw = target.cells.get(title.key)
            if target.added:
                target.entry.title = clean_words(str(raw or ""), line=title.kind is Kind.LINE)
            if said(raw):
                self.book.enter(target.entry, str(raw))

    def _plan(self, target: _Target) -> None:
        entry = target.entry
        known, given, refused = len(self.problems), {}, set()
        for key, raw in target.cells.items():
            try:
                if self._sets(target, key, raw):
                    given[key] = self.book.numbered(self.register.field(key), raw)
            except ValueError as error:
                refused.add(key)
                self.object_to(target.row, self.labels[key], str(error))
        try:
            checked = check(
                self.effort, self.register, given, None if target.added else entry,
                known=self.book.known(entry),
            )  # fmt: skip
        except Invalid as error:
            for key, message in error.fields.items():
                label = self.labels[key]
                if key not in refused:
                    self.object_to(target.row, label, message.removeprefix(f"{label}: "))
            checked = {}
        for key, value in checked.items():
            if self.register.field(key).kind is Kind.LINKS and entry in value:
                self.object_to(target.row, self.labels[key], "An entry cannot name itself.")
        planned = PlannedRow(target.row, entry, target.added, checked)
        self._mark(target, planned)
        if len(self.problems) == known:
            self._compare(planned)
            self.rows.append(planned)

    def _sets(self, target: _Target, key: str, raw: Any) -> bool:
        """Whether a cell sets a field to what it is not. Raises ValueError for one that none may."""
        if key in COMMON or raw is None:
            return False
        one = self.register.field(key)
        if one.act:
            blank = target.added and not said(raw)
            if not blank and not self._stands(target, one, raw):
                raise ValueError(
                    "This is not typed in: an act of its own sets it. Leave the column out, or "
                    "write what stands."
                )
            return False
        return target.added or not self._stands(target, one, raw)

    def _stands(self, target: _Target, one: Field, raw: Any) -> bool:
        """Whether a cell says what the field says already; a value that is none any more too."""
        if not target.added:
            stands = cell_of(target.entry, one)
        else:
            stands = words(one, initial(one.choices)) if one.choices else ""
        if isinstance(raw, str) and clean_words(raw) == clean_words(stands):
            return True
        try:
            return words(one, parse(one, raw)) == stands
        except ValueError:
            return False

    def _mark(self, target: _Target, planned: PlannedRow) -> None:
        """The marking and the highlight that a row gives, where they differ from what stands."""
        raw = target.cells.get(PORTION)
        if said(raw):
            marking = self.markings.get(folded(raw))
            if marking is None:
                codes = ", ".join(dict.fromkeys(m.code for m in self.markings.values()))
                self.object_to(
                    target.row, self.labels[PORTION],
                    f"There is no marking “{raw}”. There are: {codes}.",
                )  # fmt: skip
            elif target.added or marking.pk != target.entry.portion_id:
                planned.portion = marking
        raw = target.cells.get(HIGHLIGHT)
        if raw is not None:
            if (word := folded(raw)) not in _YES | _NO:
                self.object_to(
                    target.row, self.labels[HIGHLIGHT], f"“{raw}” is neither yes nor no."
                )
            elif (on := word in _YES) != (not target.added and target.entry.highlight):
                planned.highlight = on

    def _compare(self, planned: PlannedRow) -> None:
        """Keep what differs from what stands, and put it into words."""
        entry, found = planned.entry, []
        if not planned.added:
            before, after = values_of(entry), plain(self.register, named(planned))
            planned.checked = {k: v for k, v in planned.checked.items() if after[k] != before[k]}
        for one in self.register.fields:
            lapses = not planned.added and any(name in planned.checked for name in one.binds)
            if lapses and entry.value(one.key) != (first := initial(one.choices)):
                found.append(Change(one.label, entries.in_words(entry, one), one.label_of(first)))
            elif one.key in planned.checked:
                value = planned.checked[one.key]
                told = words(one, _titles(value) if one.kind is Kind.LINKS else value)
                stood = "" if planned.added else entries.in_words(entry, one)
                if told or stood:
                    found.append(Change(one.label, stood, told))
        if planned.portion is not None:
            stood = "" if planned.added else entry.portion.portion
            found.append(Change(self.labels[PORTION], stood, planned.portion.portion))
        if planned.highlight is not None:
            stood = "" if planned.added else "yes" if entry.highlight else "no"
            found.append(
                Change(self.labels[HIGHLIGHT], stood, "yes" if planned.highlight else "no")
            )
        planned.changes = tuple(found)


def _titles(value: Iterable[Entry]) -> list[str]:
    return [one.title for one in value]
