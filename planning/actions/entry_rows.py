"""Rows of a table taken into a register: planned and shown first, then all of them or none.

A plan says row by row what would be added and changed, or what has to be mended. Its digest covers
just that, so that what is taken in is what somebody saw. What ``header_of`` and ``cells_of`` write
is read back as no change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import Max

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning import entries
from planning.actions.entry import changed, keep_company, line_up
from planning.actions.entry_parts import apply, new_entry, no_ring, plain, values_of
from planning.actions.entry_plan import plan_rows
from planning.actions.entry_table import (
    MAX_ROWS,
    Change,
    Plan,
    PlannedRow,
    Problem,
    RowLike,
    Start,
    cells_of,
    header_of,
    names_of,
)
from planning.models import Effort, Entry, EntryLink
from planning.registers import Kind, Register

__all__ = [
    "MAX_ROWS",
    "Change",
    "Plan",
    "PlanChanged",
    "PlannedRow",
    "Problem",
    "RowsRefused",
    "cells_of",
    "header_of",
    "names_of",
    "plan_rows",
    "take_in",
]

# What a row may change of an entry that stands.
_WRITTEN = (
    "title", "kind", "data", "words", "portion", "highlight", "revision", "touched", "changed_by",
    "changed_at", "reviewed_at", "signaled_at",
)  # fmt: skip


class PlanChanged(WrongState):
    """The rows would do something else now than what was shown. ``plan`` says what."""

    title = "The register changed since you looked"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            "Somebody changed the register after this was shown, so nothing was taken in. "
            "Look at what the rows would do now, and take them in again.",
            plan=plan.as_dict(),
        )


class RowsRefused(Invalid):
    """Some rows need mending, so that none was taken in. ``plan`` names them."""

    title = "Some rows need mending"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__({"rows": " ".join(one.sentence for one in plan.problems[:20])})
        self.extra |= {"problems": [one.as_dict() for one in plan.problems]}


@atomic()
def take_in(
    *, effort: Effort, register: Register, rows: Sequence[RowLike],
    header: Sequence[str] | None = None, start: Start | None = None, digest: str, by: User,
) -> Plan:  # fmt: skip
    """Add and change what the rows say, if that is still what the plan with this digest said.

    ``rows``, ``header`` and ``start`` are as ``plan_rows`` takes them. What changes nothing writes
    nothing. Raises PlanChanged with the new plan when the digest is another, RowsRefused when a row
    needs mending. The number of queries does not grow with the rows.
    """
    line_up(effort)
    entries.forget(effort)
    plan = plan_rows(effort, register, rows, header, start)
    if plan.digest != digest:
        raise PlanChanged(plan)
    if plan.problems:
        raise RowsRefused(plan)
    if not plan.writes:
        return plan
    made = _made(plan, by)
    edited = [_edited(row, by) for row in plan.rows if row.changes and not row.added]
    _write(plan, made, [entry for entry, _, _ in edited])
    try:
        no_ring(effort, register)
    except Invalid as error:  # known once all rows are written; the transaction takes them back
        problems = tuple(Problem(0, "", words) for words in error.fields.values())
        raise RowsRefused(replace(plan, problems=problems)) from error
    changed(effort)
    said: list[dict[str, Any]] = [
        {"number": entry.number, "added": True, "new": new} for entry, new in made.values()
    ]
    said += [{"number": entry.number, "old": old, "new": new} for entry, old, new in edited]
    record(
        "entries.taken_in", by=by, on=effort, effort_id=effort.pk,
        label=f"{register.label}: {plan.counted}", register=register.key, added=plan.added,
        changed=plan.changed, unchanged=plan.unchanged, changes=said,
    )  # fmt: skip
    if made:
        keep_company(effort, register, by)
    return plan


Made = dict[int, tuple[Entry, dict[str, Any]]]


def _made(plan: Plan, by: User) -> Made:
    """The new entries with what they say, by the stand-ins of the plan; numbered, not written."""
    effort, register = plan.effort, plan.register
    last = effort.entries.filter(register=register.key).aggregate(
        number=Max("number"), position=Max("position")
    )
    number, position = last["number"] or 0, last["position"] or 0
    made: dict[int, Entry] = {}
    for row in plan.rows:
        if row.added:
            entry = new_entry(effort, register, row.checked, by, row.portion or effort.marking)
            entry.number, entry.position = number + len(made) + 1, position + len(made) + 1
            entry.highlight = bool(row.highlight)
            made[row.entry.pk] = entry
    # Links between rows are links between entries now.
    for row in plan.rows:
        for key, value in row.checked.items():
            if register.field(key).kind is Kind.LINKS:
                row.checked[key] = [made.get(one.pk, one) for one in value]
    return {
        row.entry.pk: (
            made[row.entry.pk],
            plain(register, row.checked) | {"portion": made[row.entry.pk].portion.code},
        )
        for row in plan.rows
        if row.added
    }


def _edited(row: PlannedRow, by: User) -> tuple[Entry, dict[str, Any], dict[str, Any]]:
    """A standing entry with what the row changes, as it was and as it is; not written."""
    entry, before = row.entry, values_of(row.entry)
    new: dict[str, Any] = plain(entry.definition, row.checked)
    old = {key: before[key] for key in new}
    if row.checked or row.portion is not None:
        for key in apply(entry, row.checked, by):
            old[key], new[key] = before[key], entry.value(key)
    if row.portion is not None:
        old["portion"], new["portion"] = entry.portion.code, row.portion.code
        entry.portion = row.portion
        entry.touched["portion"] = entry.revision
    if row.highlight is not None:
        old["highlight"], new["highlight"] = entry.highlight, row.highlight
        entry.highlight = row.highlight
    return entry, old, new


def _write(plan: Plan, made: Made, edited: Sequence[Entry]) -> None:
    """Write new and changed entries and their links."""
    links: list[tuple[Entry, str, Sequence[Entry]]] = []
    loose: dict[str, list[Entry]] = {}
    for row in plan.rows:
        entry = made[row.entry.pk][0] if row.added else row.entry
        for key, value in row.checked.items():
            if plan.register.field(key).kind is Kind.LINKS:
                links.append((entry, key, value))
                if not row.added:
                    loose.setdefault(key, []).append(entry)
    with _in_one_statement():
        Entry.objects.bulk_create([entry for entry, _ in made.values()])
        # An insert that meets its own key changes the row: one statement for all of them, where
        # an update would try every row against every other.
        Entry.objects.bulk_create(
            edited, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
        )
        for key, owners in loose.items():
            EntryLink.objects.filter(entry__in=owners, field=key).delete()
        EntryLink.objects.bulk_create(
            EntryLink(entry=entry, field=key, to=one)
            for entry, key, value in links
            for one in value
        )


@contextmanager
def _in_one_statement() -> Iterator[None]:
    """Let SQLite take as many parameters as it says that it takes.

    Django reckons with 999, which was the most in 2019, and would part a thousand rows into dozens
    of statements.
    """
    features: Any = connection.features
    before = features.max_query_params
    if connection.vendor == "sqlite":
        raw: Any = connection.connection
        features.max_query_params = raw.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    try:
        yield
    finally:
        features.max_query_params = before
