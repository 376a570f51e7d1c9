"""What several acts on entries share: reading values, resolving links, writing them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from mapro.core.errors import Invalid
from mapro.core.models import Marking, User
from planning import entries
from planning.models import Effort, Entry, EntryLink
from planning.registers import (
    CATALOGUES,
    REGISTERS,
    RULES,
    Kind,
    Proposal,
    Register,
    by_prefix,
)
from planning.registers.values import parse, words

Values = Mapping[str, Any]


def check(
    effort: Effort,
    register: Register,
    values: Values,
    entry: Entry | None = None,
    known: Mapping[str, Entry] | None = None,
) -> dict[str, Any]:
    """The values by field key, read and checked; of links the entries that they lead to.

    With ``entry`` only the fields given are checked, since the others stand. ``known`` are the
    entries by label and by lower-case title, if they were read already. Raises Invalid by field.
    """
    faults: dict[str, str] = {}
    found: dict[str, Any] = {}
    for key, raw in values.items():
        field = next((f for f in register.fields if f.key == key), None)
        if field is None:
            names = ", ".join(f.key for f in register.fields if not f.act)
            faults[key] = f"{register.label} has no field “{key}”; it has {names}."
        elif field.act:
            faults[key] = f"“{field.label}” is not typed in: an act of its own sets it."
        else:
            try:
                found[key] = parse(field, raw, title=field is register.title)
            except ValueError as error:
                faults[key] = f"{field.label}: {error}"
    for field in register.fields:
        needed = field.required and (entry is None or field.key in values)
        if needed and field.key not in faults and found.get(field.key) in (None, "", []):
            faults[field.key] = f"{field.label} is needed."
        elif field.kind is Kind.LINKS and found.get(field.key):
            try:
                there = called(effort, field.to, entry, field.key) if known is None else known
                found[field.key] = _linked(field.to, found[field.key], entry, there)
            except ValueError as error:
                faults[field.key] = f"{field.label}: {error}"
        elif field.kind is Kind.REFERENCE and found.get(field.key):
            held = entry.value(field.key) if entry is not None else None
            try:
                found[field.key] = CATALOGUES[field.refers].find(effort, found[field.key], held)
            except ValueError as error:
                faults[field.key] = f"{field.label}: {error}"
    if not faults and register.key in RULES:
        stood = {f.key: entry.value(f.key) for f in register.fields} if entry is not None else {}
        faults |= RULES[register.key](Proposal(effort, entry, stood | found))
    if faults:
        raise Invalid(faults)
    return found


def may_go(entry: Entry) -> None:
    """Raise Invalid for an entry that must stand, or that the rule of its register holds."""
    register = entry.definition
    if register.always_kind and entry.kind == register.always_kind:
        others = entry.effort.entries.filter(register=register.key, retired_at=None)
        if not others.filter(kind=entry.kind).exclude(pk=entry.pk).exists():
            raise Invalid(
                {"why": f"“{entry.title}” stands as long as others do, so that they are compared "
                 "with it. Change its words instead."}
            )  # fmt: skip
    if register.key in RULES:
        entries.with_links([entry], entry.effort)
        stood = {f.key: entry.value(f.key) for f in register.fields}
        faults = RULES[register.key](Proposal(entry.effort, entry, stood, retiring=True))
        if faults:
            raise Invalid({"why": " ".join(faults.values())})


def no_ring(effort: Effort, register: Register) -> None:
    """Raise Invalid when links that may not lead back do; the transaction takes it all back.

    One query for each such field.
    """
    for field in register.fields:
        if not field.acyclic:
            continue
        links: dict[int, list[int]] = {}
        rows = EntryLink.objects.filter(
            entry__effort=effort, entry__register=register.key, field=field.key,
            entry__retired_at=None, to__retired_at=None,
        )  # fmt: skip
        names: dict[int, str] = {}
        for pk, to, *numbers in rows.values_list("entry", "to", "entry__number", "to__number"):
            links.setdefault(pk, []).append(to)
            for end, number in zip((pk, to), numbers, strict=True):
                names[end] = f"{register.prefix}-{number}"
        ring = _ring(links)
        if ring:
            told = ", then ".join(names[pk] for pk in ring)
            raise Invalid(
                {field.key: f"{field.label}: these wait for each other in a ring: {told}. Take "
                 "one of them out."}
            )  # fmt: skip


def _ring(links: Mapping[int, Sequence[int]]) -> list[int]:
    """One ring of links, its first member also at the end; empty when there is none."""
    done: set[int] = set()
    for start in sorted(links):
        path: list[int] = []
        places: dict[int, int] = {}
        waiting = [(start, iter(links.get(start, ())))]
        while waiting:
            node, rest = waiting[-1]
            if node not in places and node not in done:
                places[node] = len(path)
                path.append(node)
            ahead = next(rest, None)
            if ahead is None:
                waiting.pop()
                if path and path[-1] == node:
                    done.add(path.pop())
                    del places[node]
            elif ahead in places:
                return [*path[places[ahead] :], ahead]
            elif ahead not in done:
                waiting.append((ahead, iter(links.get(ahead, ()))))
    return []


def _linked(
    to: Sequence[str], labels: Sequence[str], entry: Entry | None, known: Mapping[str, Entry]
) -> list[Entry]:
    """The entries that labels (ACT-3) or titles name. Raises ValueError for one that is none."""
    names = " or ".join(REGISTERS[name].label for name in to if name in REGISTERS)
    found: dict[int, Entry] = {}
    for text in labels:
        one = known.get(text.upper()) or known.get(text.casefold())
        if one is None or one.register not in to:
            prefix = text.partition("-")[0]
            other = by_prefix(prefix) if one is not None else None
            why = f"it stands in {other.label}" if other else "no such entry stands there"
            raise ValueError(
                f"“{text}” is not in {names} ({why}). Name it by number, such as "
                f"{REGISTERS[to[0]].prefix}-1, or by its title."
            )
        if entry is not None and one.pk == entry.pk:
            raise ValueError(f"{entry} cannot name itself.")
        found[one.pk] = one
    return list(found.values())


def called(
    effort: Effort, registers: Sequence[str], entry: Entry | None = None, field: str = ""
) -> dict[str, Entry]:
    """The standing entries of registers by label, and by title where only one has it; of a field
    of an ``entry`` also those that it names already, retired ones too. One query."""
    rows = effort.entries.filter(register__in=registers, retired_at=None).defer("data")
    titles: dict[str, list[Entry]] = {}
    found: dict[str, Entry] = {str(one): one for one in (entry.value(field) if entry else ())}
    for row in rows:
        found[str(row)] = row
        titles.setdefault(row.title.casefold(), []).append(row)
    return found | {title: same[0] for title, same in titles.items() if len(same) == 1}


def new_entry(
    effort: Effort, register: Register, checked: Values, by: User, portion: Marking
) -> Entry:
    """An entry that is not written yet: without number and position."""
    now = timezone.now()
    row = Entry(
        effort=effort, register=register.key, portion=portion, added_by=by, added_at=now,
        changed_by=by, changed_at=now, reviewed_at=now, data={
            f.key: initial(f.choices) for f in register.fields if f.act and f.kind is Kind.CHOICE
        },
    )  # fmt: skip
    _set(row, checked)
    return row


def initial(choices: Sequence[tuple[str, str]]) -> str:
    """What a field that only acts set says at first: its first choice."""
    return choices[0][0]


def apply(entry: Entry, checked: Values, by: User) -> list[str]:
    """Set checked values on an entry and count the save; nothing is written.

    Returns the keys of approvals that this takes back, since they hold for one text alone.
    """
    lapsed = [
        field.key
        for field in entry.definition.fields
        if any(name in checked for name in field.binds)
        and entry.value(field.key) != initial(field.choices)
    ]
    checked = {**checked, **{k: initial(entry.definition.field(k).choices) for k in lapsed}}
    _set(entry, checked)
    entry.revision += 1
    entry.touched |= dict.fromkeys(checked, entry.revision)
    entry.changed_by, entry.changed_at = by, timezone.now()
    entry.reviewed_at = entry.changed_at
    if entry.definition.signal in checked:
        entry.signaled_at = entry.changed_at
    return lapsed


def apply_act(entry: Entry, values: Values, by: User) -> None:
    """Set fields that only an act of their own sets, and write; part of another, recorded act."""
    apply(entry, values, by)
    entry.save()
    entries.forget(entry.effort)


def _set(row: Entry, checked: Values) -> None:
    register = row.definition
    for key, value in checked.items():
        if key == register.title.key:
            row.title = value
        elif key == register.kind:
            row.kind = value or ""
        elif register.field(key).kind is not Kind.LINKS:
            if value in (None, "", []):
                row.data.pop(key, None)
            else:
                row.data[key] = value
    said = (words(f, row.value(f.key)) for f in register.fields if f.kind is not Kind.LINKS)
    row.words = "\n".join(text for text in said if text).casefold()


def write_links(entry: Entry, checked: Values) -> None:
    """Write those links of an entry that ``checked`` names. Two queries per changed field."""
    for field in entry.definition.fields:
        if field.kind is not Kind.LINKS or field.key not in checked:
            continue
        wanted = checked[field.key] or []
        EntryLink.objects.filter(entry=entry, field=field.key).delete()
        EntryLink.objects.bulk_create(
            EntryLink(entry=entry, field=field.key, to=one) for one in wanted
        )


def values_of(entry: Entry) -> dict[str, Any]:
    """Every field's value as plain JSON, links as labels; the links must have been read."""
    return plain(entry.definition, {f.key: entry.value(f.key) for f in entry.definition.fields})


def plain(register: Register, checked: Values) -> dict[str, Any]:
    """Checked values as plain JSON: links as labels, nothing as None."""
    return {
        key: [str(one) for one in value or ()]
        if register.field(key).kind is Kind.LINKS
        else (value or None if value != 0 else 0)
        for key, value in checked.items()
    }


def label(entry: Entry) -> str:
    """“ACT-3: armed groups”, as the record shows it."""
    return f"{entry}: {entry.title}"
