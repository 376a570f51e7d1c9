"""Two registers for tests, with a field of every kind, and short ways to fill them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mapro.core.models import User
from mapro.core.sheets import SheetRow
from planning import actions, entries
from planning.models import Effort, Entry
from planning.ports import SOURCES
from planning.registers import REGISTERS, Field, Kind, Register, View

STATES = (("proposed", "Proposed"), ("approved", "Approved"))
SORTS = (("tool", "Tool"), ("place", "Place: of any sort"), ("other", "Other"))
PARTS = (("chief", "Chief"), ("helper", "Helper since youth"), ("onlooker", "Onlooker"))

THINGS = Register(
    key="things", label="Things", one="thing", prefix="THG", purpose="What lies about.",
    cite="Part II, Step 2, Things", kind="sort", empty="Enter the largest first.",
    signal="amount",
    fields=(
        Field("name", "Name", required=True, hint="As people call it."),
        Field("sort", "What it is", Kind.CHOICE, choices=SORTS),
        Field("note", "Note", Kind.TEXT),
        Field("tags", "Tags", Kind.CHOICES, choices=SORTS),
        Field("amount", "Amount", Kind.NUMBER),
        Field("day", "Day", Kind.DATE),
        Field("roles", "Roles", Kind.SPANS, choices=PARTS),
        Field("state", "State", Kind.CHOICE, choices=STATES, act=True, binds=("name",)),
        Field("near", "Near", Kind.LINKS, to=("things",), inverse="is near to"),
        Field("crew", "Crew", Kind.LINKS, to=("crews",), inverse="works with"),
        Field("story", "Story", Kind.TEXT, column=False),
    ),
    views=(View("thing-list", "Things", ("sort", "note")),),
)  # fmt: skip
CREWS = Register(
    key="crews", label="Crews", one="crew", prefix="CRW", purpose="Who handles things.",
    cite="Annex G",
    fields=(
        Field("motto", "Motto", Kind.TEXT, required=True),
        Field("tool", "Tool", Kind.LINKS, to=("things",), inverse="is used by", required=True),
    ),
    empty="Enter the things first.",
)  # fmt: skip


@contextmanager
def plugged(*registers: Register) -> Iterator[None]:
    """Plug registers in for a while."""
    before = dict(REGISTERS), dict(SOURCES)
    try:
        entries.plug_in_all(registers)
        yield
    finally:
        for now, then in zip((REGISTERS, SOURCES), before, strict=True):
            now.clear()  # type: ignore[attr-defined]
            now.update(then)  # type: ignore[attr-defined]


def row(number: int, *cells: Any) -> SheetRow:
    """A row as a reader gives it."""
    return SheetRow(number, cells)


def enter(effort: Effort, by: User, register: Register = THINGS, **values: Any) -> Entry:
    """Add an entry as the action does."""
    return actions.add_entry(effort=effort, register=register, values=values, by=by)


def many(effort: Effort, by: User, number: int, register: Register = THINGS) -> None:
    """Fill a register with plain rows: name, sort, note."""
    rows = [
        row(n, f"Thing number {n}", SORTS[n % 3][1], f"It has stood here for {n} years.")
        for n in range(1, number + 1)
    ]
    header = ["Name", "What it is", "Note"]
    plan = actions.plan_rows(effort, register, rows, header)
    actions.take_in(
        effort=effort, register=register, rows=rows, header=header, digest=plan.digest, by=by
    )
