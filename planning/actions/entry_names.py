"""What entries are called while rows are taken in: by number, or by title within a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planning.actions.entry_table import folded
from planning.models import Effort, Entry
from planning.registers import Field, Kind
from planning.registers.values import parse

_STAND_IN = "\ue000{}"  # what a row is called until it has a number; nobody types this sign


class Book:
    """The standing entries of ``registers`` by number and title, and those of rows not yet written.

    An entry without a number stands for the row with the negative of its key. One query, none
    without registers.
    """

    def __init__(self, effort: Effort, registers: Sequence[str]) -> None:
        self.by_label: dict[str, Entry] = {}
        self.by_title: dict[tuple[str, str], list[Entry]] = {}
        if registers:
            rows = effort.entries.filter(register__in=set(registers), retired_at=None)
            for row in rows.only("effort", "register", "number", "title", "retired_at"):
                row.effort = effort
                self.enter(row, row.title)

    def enter(self, entry: Entry, title: str) -> None:
        """Note that an entry has, or will have, this title."""
        self.by_label.setdefault(_label(entry), entry)
        several = self.by_title.setdefault((entry.register, folded(title)), [])
        if all(one.pk != entry.pk for one in several):
            several.append(entry)

    def known(self, entry: Entry) -> Mapping[str, Entry]:
        """The entries by label; what ``entry`` links to stays known when it was retired."""
        held = [one for several in entry.__dict__.get("_links", {}).values() for one in several]
        more = {str(one): one for one in held if str(one) not in self.by_label}
        return self.by_label | more if more else self.by_label

    def numbered(self, field: Field, raw: Any) -> Any:
        """A cell, in which links are labels. Raises ValueError for a title that several have."""
        if field.kind is not Kind.LINKS:
            return raw
        found = []
        for name in parse(field, raw):
            several = [e for to in field.to for e in self.by_title.get((to, folded(name)), ())]
            if name.upper() in self.by_label or not several:
                found.append(name)
            elif len(several) == 1:
                found.append(_label(several[0]))
            else:
                these = ", ".join(str(e) if e.number else f"row {-e.pk}" for e in several)
                raise ValueError(
                    f"“{name}” is the title of {these}. Name the one that is meant by its number, "
                    "or give them different titles."
                )
        return found


def _label(entry: Entry) -> str:
    return str(entry) if entry.number else _STAND_IN.format(-entry.pk)
