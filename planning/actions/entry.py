"""Entries of registers: enter, change, order, highlight, look again, retire, bring back."""

from __future__ import annotations

from django.db.models import F, Max
from django.utils import timezone

from mapro.core.audit import hold, record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, StaleSave, WrongState
from mapro.core.models import Marking, User
from planning import entries
from planning.actions.entry_parts import (
    Values,
    apply,
    check,
    label,
    may_go,
    new_entry,
    no_ring,
    plain,
    values_of,
    write_links,
)
from planning.actions.words import MAX_WHY, said
from planning.models import Effort, Entry, EntryLink
from planning.registers import Kind, Register
from planning.registers.values import words

MAX_ENTRIES = 5_000  # standing, of one register in one effort
# What an act reads anew; who entered it and where it stands never change.
_FRESH = [
    f.attname for f in Entry._meta.concrete_fields  # noqa: SLF001 - Django documents Model._meta
    if f.name not in {"id", "effort", "register", "number", "added_by", "added_at"}
]  # fmt: skip


@atomic()
def add_entry(
    *, effort: Effort, register: Register, values: Values, by: User, portion: str | None = None,
    highlight: bool = False,
) -> Entry:  # fmt: skip
    """Enter a fact. ``values`` are by field key, as ``registers.values.parse`` takes them.

    Raises Invalid by field for what is missing, unknown or not to be read.
    """
    line_up(effort)
    checked = check(effort, register, values)
    row = new_entry(effort, register, checked, by, _marking(effort, portion))
    row.number, row.position = _next(effort, register)
    row.highlight = highlight
    if effort.entries.filter(register=register.key, retired_at=None).count() >= MAX_ENTRIES:
        raise Invalid({register.title.key: f"A register holds at most {MAX_ENTRIES:,} entries."})
    row.save(force_insert=True)
    write_links(row, checked)
    no_ring(effort, register)
    changed(effort)
    record(
        "entry.added", by=by, on=row, effort_id=effort.pk, label=label(row),
        new=plain(register, checked) | {"portion": row.portion.code},
    )  # fmt: skip
    keep_company(effort, register, by)
    return row


def keep_company(effort: Effort, register: Register, by: User) -> None:
    """Enter what always stands beside others in a register, if it does not yet; on record as an
    act of its own. One query, for a register that has such an entry."""
    kind = register.always_kind
    if kind and not effort.entries.filter(register=register.key, kind=kind).exists():
        add_entry(effort=effort, register=register, values=dict(register.always), by=by)


@atomic()
def save_entry(
    *, entry: Entry, values: Values, revision: int, by: User, portion: str | None = None
) -> Entry:
    """Change some fields of an entry, if nobody changed the same ones since ``revision``.

    Raises Invalid by field, WrongState for a retired entry, StaleSave (with both texts) when a
    field that is changed here was changed meanwhile. What changes nothing writes nothing.
    """
    _standing(entry)
    register = entry.definition
    entries.with_links([entry], entry.effort)
    before = values_of(entry)
    checked = check(entry.effort, register, values, entry)
    marking = entry.portion if portion is None else _marking(entry.effort, portion)
    old = {k: before[k] for k, v in plain(register, checked).items() if before[k] != v}
    new = {k: v for k, v in plain(register, checked).items() if before[k] != v}
    if marking.pk != entry.portion_id:
        old["portion"], new["portion"] = entry.portion.code, marking.code
    if not new:
        return entry
    if revision != entry.revision:
        _refuse_stale(entry, checked, old, revision)
    for key in apply(entry, {k: v for k, v in checked.items() if k in new}, by):
        old[key], new[key] = before[key], entry.value(key)
    if "portion" in new:
        entry.portion = marking
        entry.touched["portion"] = entry.revision
    entry.save()
    write_links(entry, checked)
    no_ring(entry.effort, register)
    changed(entry.effort)
    record(
        "entry.edited", by=by, on=entry, effort_id=entry.effort_id, label=label(entry), old=old,
        new=new, revision=entry.revision,
    )  # fmt: skip
    return entry


@atomic()
def highlight_entry(*, entry: Entry, on: bool, by: User) -> Entry:
    """Mark what reaches the overview briefing, or take the mark away."""
    _standing(entry)
    if entry.highlight != on:
        entry.highlight = on
        entry.save(update_fields=["highlight"])
        entries.forget(entry.effort)
        record(
            "entry.highlighted" if on else "entry.dimmed", by=by, on=entry,
            effort_id=entry.effort_id, label=label(entry),
        )  # fmt: skip
    return entry


@atomic()
def move_entry(*, entry: Entry, before: int | None, by: User) -> Entry:
    """Put an entry in front of the one with the number ``before``, or last for None.

    Raises Invalid when there is no such entry.
    """
    _standing(entry)
    effort = entry.effort
    rows = effort.entries.filter(register=entry.register, retired_at=None)
    if before is None:
        place = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
    else:
        other = rows.filter(number=before).exclude(pk=entry.pk).first()
        if other is None:
            raise Invalid(
                {"before": f"There is no {entry.definition.prefix}-{before} to stand before."}
            )
        place = other.position
        rows.filter(position__gte=place).update(position=F("position") + 1)
    Entry.objects.filter(pk=entry.pk).update(position=place)
    entry.position = place
    entries.forget(effort)
    record("entry.moved", by=by, on=entry, effort_id=effort.pk, label=label(entry), before=before)
    return entry


@atomic()
def review_entry(*, entry: Entry, by: User) -> Entry:
    """Say that an entry still holds, having looked at what changed around it."""
    _standing(entry)
    entry.reviewed_at = timezone.now()
    entry.save(update_fields=["reviewed_at"])
    entries.forget(entry.effort)
    record(
        "entry.reviewed", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        revision=entry.revision,
    )  # fmt: skip
    return entry


@atomic()
def retire_entry(*, entry: Entry, why: str, by: User) -> Entry:
    """Take an entry out of the register. It keeps its number and its history, and can come back.

    Raises Invalid without a reason.
    """
    _standing(entry)
    entry.retired_why = said("why", why, need="Say why it no longer stands.", most=MAX_WHY)
    may_go(entry)
    entry.retired_at = timezone.now()
    entry.save(update_fields=["retired_at", "retired_why"])
    changed(entry.effort)
    record(
        "entry.retired", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        why=entry.retired_why,
    )  # fmt: skip
    return entry


@atomic()
def restore_entry(*, entry: Entry, by: User) -> Entry:
    """Bring a retired entry back. Raises WrongState when it stands."""
    lock(entry)
    if entry.retired_at is None:
        raise WrongState(f"{entry} stands in the register.")
    entry.retired_at, entry.retired_why, entry.reviewed_at = None, "", timezone.now()
    entry.save(update_fields=["retired_at", "retired_why", "reviewed_at"])
    no_ring(entry.effort, entry.definition)
    changed(entry.effort)
    record(
        "entry.restored", by=by, on=entry, effort_id=entry.effort_id, label=label(entry)
    )  # fmt: skip
    return entry


# ---------- parts of several acts


def changed(effort: Effort) -> None:
    """Note which kinds of entries the effort holds now, and which sources that choose among them
    show something; drop what was read of them.

    Part of every act that adds an entry or takes one away. One query, two if something changed, and
    two more for registers of which sections show a selection.
    """
    entries.forget(effort)
    effort.__dict__.pop("_products", None)
    rows = (
        effort.entries.filter(retired_at=None).order_by().values_list("register", "kind").distinct()
    )
    before, kinds = effort.filled, [f"{register}:{kind}" for register, kind in rows]
    effort.filled = kinds  # what is shown is read by it
    marks = sorted([*kinds, *(f"{key}:" for key in entries.showing(effort))])
    entries.forget(effort)
    effort.filled = marks
    if marks != before:
        Effort.objects.filter(pk=effort.pk).update(filled=marks)


def copy_entries(old: Effort, new: Effort) -> int:
    """Give a fork the standing entries of its origin, numbers and links included; how many."""
    rows = list(old.entries.filter(retired_at=None).order_by("pk"))
    pairs = {}
    for row in rows:
        before = row.pk
        row.pk, row._state.adding, row.effort = None, True, new  # noqa: SLF001 - a copy of a row
        pairs[before] = row
    Entry.objects.bulk_create(rows)
    EntryLink.objects.bulk_create(
        EntryLink(entry=pairs[link.entry_id], field=link.field, to=pairs[link.to_id])
        for link in EntryLink.objects.filter(entry__in=list(pairs), to__in=list(pairs))
    )
    changed(new)
    return len(rows)


def _next(effort: Effort, register: Register) -> tuple[int, int]:
    """The next number and position; the head of the effort's stream must be held."""
    last = effort.entries.filter(register=register.key).aggregate(
        number=Max("number"), position=Max("position")
    )
    return (last["number"] or 0) + 1, (last["position"] or 0) + 1


def _marking(effort: Effort, code: str | None) -> Marking:
    if code is None:
        return effort.marking
    found = Marking.objects.filter(code=code).first()
    if found is None:
        raise Invalid({"portion": f"There is no marking “{code}”."})
    return found


def line_up(effort: Effort) -> None:
    """Lock the effort, read what its registers hold now, and take a place in its record.

    Every act locks entries, if it locks any, then the effort, then the head of its stream: an act
    that adds or retires writes to the effort behind the head, and would wait for one that locked
    the effort and waits for the head. Two queries.
    """
    rows = Effort.objects.select_for_update(no_key=True).filter(pk=effort.pk)
    effort.filled = rows.values_list("filled", flat=True).get()
    hold(effort.pk)


def lock(entry: Entry) -> None:
    """Put those who change an effort's registers in line, and read what stands now."""
    line_up(entry.effort)
    entry.refresh_from_db(fields=_FRESH)


def _standing(entry: Entry) -> None:
    lock(entry)
    if entry.retired_at is not None:
        raise WrongState(f"{entry} was retired. Bring it back first.")


def _refuse_stale(entry: Entry, checked: Values, old: Values, revision: int) -> None:
    """Refuse a save from an older revision, if it touches a field that was changed since.

    Raises StaleSave.
    """
    touched = {key for key, at in entry.touched.items() if at > revision}
    both = [key for key in old if key in touched]
    if not both:
        return
    register = entry.definition
    theirs, yours = [], []
    for key in both:
        if key == "portion":
            yours.append("Portion: yours")
            theirs.append(f"Portion: {entry.portion.portion} {entry.portion.banner}")
            continue
        field = register.field(key)
        mine = [one.title for one in checked[key]] if field.kind is Kind.LINKS else checked[key]
        yours.append(f"{field.label}: {words(field, mine)}")
        theirs.append(f"{field.label}: {entries.in_words(entry, field)}")
    raise StaleSave(
        yours="\n".join(yours), theirs="\n".join(theirs), merged=None, revision=entry.revision,
        by=entry.changed_by.post, at=entry.changed_at.isoformat(),
    )  # fmt: skip
