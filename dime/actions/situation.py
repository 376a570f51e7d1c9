"""The team's reading of the situation: one standing reading of each variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dime.registers import SITUATION
from dime.suitability import variables
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning import entries
from planning.actions import add_entry, retire_entry, save_entry
from planning.actions.entry_parts import check
from planning.models import Effort, Entry

REPLACED = "A newer reading of this variable stands."
TAKEN_BACK = "The team takes this reading back."


@dataclass(frozen=True)
class Reading:
    """How a variable is read, what shows it, and which revision of the reading before was seen;
    without a ``value`` it is not read any more."""

    value: str
    why: str = ""
    revision: int | None = None


@atomic()
def read_situation(*, effort: Effort, readings: Mapping[str, Reading], by: User) -> list[Entry]:
    """Set how variables are read; those that ``readings`` does not name stay. Each entry is on
    record as an act of its own, all or none.

    Raises Invalid (fields “value_…” and “why_…” by variable) and StaleSave, as entries do.
    """
    stood: dict[str, list[Entry]] = {}
    entries.forget(effort)  # what was read for the page may be old by now
    for row in entries.entries_of(effort, SITUATION.key)[SITUATION.key]:
        stood.setdefault(row.kind, []).append(row)
    known = {key: _in_order(stood.get(key, ())) for key in readings}
    _check(effort, readings, known)
    return [
        row
        for variable, reading in readings.items()
        for row in _read(effort, variable, reading, known[variable], by)
    ]


def _check(
    effort: Effort, readings: Mapping[str, Reading], known: Mapping[str, list[Entry]]
) -> None:
    """Raise Invalid with all that is wrong, before anything is written."""
    wrong: dict[str, str] = {}
    for variable, reading in readings.items():
        if variable not in variables():
            raise Invalid({"variable": f"There is no variable “{variable}”."})
        if not reading.value:
            continue
        held = known[variable][-1] if known[variable] else None
        try:
            check(effort, SITUATION, _values(variable, reading), held)
        except Invalid as error:
            wrong |= {f"{name}_{variable}": words for name, words in error.fields.items()}
    if wrong:
        raise Invalid(wrong)


def _values(variable: str, reading: Reading) -> dict[str, str]:
    return {"variable": variable, "value": reading.value, "why": reading.why}


def _in_order(rows: Iterable[Entry]) -> list[Entry]:
    """Readings of a variable, the one that holds last."""
    return sorted(rows, key=lambda row: (row.changed_at, row.pk))


def _read(
    effort: Effort, variable: str, reading: Reading, before: list[Entry], by: User
) -> list[Entry]:
    """Keep one standing entry of a variable: the newest, changed, or a new one."""
    if not reading.value:
        for row in before:
            retire_entry(entry=row, why=reading.why or TAKEN_BACK, by=by)
        return []
    values = _values(variable, reading)
    if not before:
        return [add_entry(effort=effort, register=SITUATION, values=values, by=by)]
    *older, newest = before
    for row in older:
        retire_entry(entry=row, why=REPLACED, by=by)
    seen = newest.revision if reading.revision is None else reading.revision
    return [save_entry(entry=newest, values=values, revision=seen, by=by)]
