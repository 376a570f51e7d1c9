"""Tables of whole entries: how columns are called, what a row of one does, what leaves as one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from mapro.core.models import Marking
from planning.actions.entry_parts import plain
from planning.models import Effort, Entry
from planning.registers import Field, Kind, Register
from planning.registers.values import words

MAX_ROWS = 2_000  # in one act
NUMBER, PORTION, HIGHLIGHT = "number", "portion", "highlight"
# What the columns of every entry are called in a table; the first is what an export writes.
COMMON = {NUMBER: ("ID", "Number"), PORTION: ("Portion",), HIGHLIGHT: ("Highlight",)}

# Where pasting begins: the number of an entry, None for new ones, and the key of a field.
Start = tuple[int | None, str]


class RowLike(Protocol):
    """A row as ``mapro.core.sheets`` reads it: its number in the table, its cells.

    A cell is text, or what the API takes; None leaves the field as it stands.
    """

    @property
    def number(self) -> int: ...

    @property
    def cells(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Problem:
    """What has to be mended: in which row (0 for the whole), under which column, and how."""

    row: int
    column: str
    message: str

    @property
    def sentence(self) -> str:
        """The problem with its place."""
        where = [f"Row {self.row}"] if self.row else []
        where += [f"column “{self.column}”"] if self.column else []
        place = ", ".join(where)
        return f"{place[:1].upper()}{place[1:]}: {self.message}" if where else self.message

    def as_dict(self) -> dict[str, Any]:
        """The problem as the API shows it."""
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass(frozen=True)
class Change:
    """One field that a row sets, in words."""

    label: str
    before: str
    after: str


@dataclass
class PlannedRow:
    """What one row does. ``entry`` is the one that it changes, or stands in for one to add.

    ``checked`` are the values that it sets and that differ from what stands; ``portion`` and
    ``highlight`` are None where they stay. Without ``changes`` it does nothing.
    """

    row: int
    entry: Entry
    added: bool
    checked: dict[str, Any]
    portion: Marking | None = None
    highlight: bool | None = None
    changes: tuple[Change, ...] = ()

    @property
    def label(self) -> str:
        """The entry that it changes; empty for one to add."""
        return "" if self.added else str(self.entry)

    @property
    def title(self) -> str:
        """The title that the entry will have."""
        key = self.entry.definition.title.key
        return str(self.checked.get(key) or self.entry.title)


@dataclass(frozen=True)
class Plan:
    """What rows would do to a register; with ``problems`` they do nothing at all."""

    effort: Effort
    register: Register
    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]

    @property
    def added(self) -> int:
        """How many entries would be added."""
        return sum(row.added for row in self.rows)

    @property
    def changed(self) -> int:
        """How many entries would change."""
        return sum(bool(row.changes) for row in self.rows) - self.added

    @property
    def unchanged(self) -> int:
        """How many rows say what stands already."""
        return len(self.rows) - self.added - self.changed

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.changed)

    @property
    def counted(self) -> str:
        """The counts in words."""
        return f"{self.added} added, {self.changed} changed, {self.unchanged} as they were"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the rows do and of their problems."""
        body = [self.effort.pk, self.register.key, [_plainly(row) for row in self.rows]]
        body.append([one.as_dict() for one in self.problems])
        told = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """The plan as the API shows it."""
        return {
            "added": self.added, "changed": self.changed, "unchanged": self.unchanged,
            "digest": self.digest, "problems": [one.as_dict() for one in self.problems],
            "rows": [
                {
                    "row": row.row, "number": None if row.added else row.entry.number,
                    "title": row.title, "changes": [vars(one) for one in row.changes],
                }
                for row in self.rows
            ],
        }  # fmt: skip


def _plainly(row: PlannedRow) -> list[Any]:
    portion = row.portion.code if row.portion else None
    said = [[one.label, one.before, one.after] for one in row.changes]
    return [
        row.row, row.label, plain(row.entry.definition, named(row)), portion, row.highlight, said
    ]  # fmt: skip


def named(row: PlannedRow) -> dict[str, Any]:
    """The values; entries that have no number yet by their row."""
    return {
        key: [one if one.number else f"row {-one.pk}" for one in value]
        if row.entry.definition.field(key).kind is Kind.LINKS
        else value
        for key, value in row.checked.items()
    }


# ---------- what leaves, and how columns are called


def names_of(register: Register) -> dict[str, str]:
    """What may stand at the head of a column, in lower case, and the key of its field.

    A label that two fields share names neither; their keys do.
    """
    shared = Counter(folded(one.label) for one in register.fields)
    found = {folded(f.label): f.key for f in register.fields if shared[folded(f.label)] == 1}
    found |= {f.key: f.key for f in register.fields}
    return found | {folded(name): key for key, names in COMMON.items() for name in names}


def header_of(register: Register) -> list[str]:
    """The head of a table that holds whole entries."""
    names = names_of(register)
    labels = [f.label if names.get(folded(f.label)) == f.key else f.key for f in register.fields]
    return [COMMON[NUMBER][0], *labels, COMMON[PORTION][0], COMMON[HIGHLIGHT][0]]


def cells_of(entry: Entry) -> list[str]:
    """An entry as a row below ``header_of``, links by number; the links must have been read."""
    told = [cell_of(entry, one) for one in entry.definition.fields]
    return [str(entry), *told, entry.portion.code, "yes" if entry.highlight else "no"]


def cell_of(entry: Entry, one: Field) -> str:
    """A field's value in the words that are read back as the same value."""
    value = entry.value(one.key)
    return words(one, [str(to) for to in value] if one.kind is Kind.LINKS else value)


def folded(name: Any) -> str:
    """A name as names are compared: in one line, whatever its case."""
    return " ".join(str(name).split()).casefold()


def said(raw: Any) -> bool:
    """Whether a cell holds anything."""
    return bool(raw.strip()) if isinstance(raw, str) else raw not in (None, [], ())
