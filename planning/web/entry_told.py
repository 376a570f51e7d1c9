"""What the record says of an entry, in words, and why somebody should look at it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent
from planning import entries, selectors
from planning.models import Entry
from planning.registers import Register
from planning.registers.values import words

TAKEN_IN = "entries.taken_in"
MOST = 50  # acts that took in rows, of which the history may hold some
SHORT = 600  # characters of a value in the history
VERBS = {
    "entry.added": "entered it",
    "entry.edited": "changed it",
    "entry.highlighted": "made it a highlight",
    "entry.dimmed": "took the highlight away",
    "entry.moved": "moved it",
    "entry.reviewed": "looked at it again: it still holds",
    "entry.retired": "retired it",
    "entry.restored": "brought it back",
    TAKEN_IN: "took it in with rows of a table",
}


@dataclass(frozen=True)
class Told:
    """An act on an entry: when, who, what, and each field that it changed, before and after."""

    at: datetime
    actor: str
    verb: str
    changes: tuple[tuple[str, str, str], ...]
    remark: str = ""


def history(entry: Entry) -> list[Told]:
    """What was done with an entry, newest first. One query, one more if rows of a table did it."""
    own = selectors.entry_history(entry)
    told = [
        (event, event.old, event.new) for event in own
    ] + list(_taken_in(entry, own))  # fmt: skip
    told.sort(key=lambda one: -one[0].seq)
    return [_told(entry.definition, *one) for one in told]


def _taken_in(entry: Entry, own: Iterable[AuditEvent]) -> Iterator[tuple[AuditEvent, Any, Any]]:
    """What acts that took in rows did to an entry: they are on record for the register.

    The saves that its own record does not hold are looked for there, newest first.
    """
    known = {event.detail.get("revision", 1) for event in own if event.new is not None}
    missing = entry.revision - len(known)
    if missing <= 0:
        return
    events = AuditEvent.objects.filter(
        stream=stream_of(entry.effort_id), code=TAKEN_IN, detail__register=entry.register,
        at__gte=entry.added_at,
    )  # fmt: skip
    for event in events.order_by("-seq")[:MOST]:
        for one in event.detail["changes"]:
            if one["number"] == entry.number and missing > 0:
                missing -= 1
                yield event, one.get("old"), one["new"]
        if missing <= 0:
            return


def _told(register: Register, event: AuditEvent, old: Any, new: Any) -> Told:
    verb = VERBS.get(event.code) or f"{event.code.partition('.')[2].replace('_', ' ')} it"
    remark = str(event.detail.get("why") or "")
    if event.code == "entry.moved":
        before = event.detail.get("before")
        remark = f"in front of {register.prefix}-{before}" if before else "to the end"
    return Told(
        event.at, event.actor, verb, tuple(_changes(register, old or {}, new or {})), remark
    )


def _changes(
    register: Register, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    order = [field.key for field in register.fields]
    for key in sorted(new, key=lambda key: order.index(key) if key in order else len(order)):
        before, after = _said(register, key, old.get(key)), _said(register, key, new[key])
        if before or after:
            yield _label(register, key), before, after


def _label(register: Register, key: str) -> str:
    try:
        return register.field(key).label
    except LookupError:  # the portion, or a field that the register no longer has
        return key.replace("_", " ").capitalize()


def _said(register: Register, key: str, value: Any) -> str:
    """A recorded value as people read it; the record may be older than the register's fields."""
    if value is None:
        return ""
    try:
        text = words(register.field(key), value)
    except (LookupError, TypeError, ValueError):
        text = value if isinstance(value, str) else ("yes" if value is True else str(value))
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


# ---------- look again


@dataclass(frozen=True)
class Reason:
    """A linked entry that says something else since somebody last looked: what, and when."""

    entry: Entry
    label: str
    said: str
    at: datetime


def reasons(entry: Entry) -> list[Reason]:
    """Why somebody should look at an entry again, newest first; none for a retired one. Two
    queries, one where there is no reason."""
    rows = [] if entry.retired_at else selectors.signals_to(entry)
    found = (_reason(row) for row in entries.with_links(rows, entry.effort))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _reason(row: Entry) -> Reason:
    at = row.signaled_at or row.changed_at
    if not row.definition.signal:  # the register has none any more
        return Reason(row, "", "", at)
    field = row.definition.field(row.definition.signal)
    return Reason(row, field.label, entries.in_words(row, field), at)
