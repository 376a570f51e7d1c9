"""Reads around registers: the index, one page of a table, an entry and what rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent
from planning import entries
from planning.models import Dissent, Effort, Entry, EntryLink, Product, Version
from planning.ports import SOURCES, Fact
from planning.registers import REGISTERS, Register

PAGE = 50  # rows
MOST_COUNTED = 500  # above it a page says “500+”


# ---------- the index


@dataclass(frozen=True)
class RegisterRow:
    """One register of an effort: how many entries stand, and when one last changed."""

    register: Register
    count: int
    changed_at: datetime | None
    look_again: int


def registers_of(effort: Effort) -> list[RegisterRow]:
    """Every register that is plugged in, with what the effort holds of it. Two queries."""
    counted: dict[str, Any] = {
        row["register"]: row
        for row in effort.entries.filter(retired_at=None)
        .order_by()
        .values("register")
        .annotate(count=Count("pk"), changed=Max("changed_at"))
    }
    again = dict(
        looked_at_again(effort).order_by().values_list("register").annotate(n=Count("pk"))
    )  # fmt: skip
    return [
        RegisterRow(
            register, counted.get(key, {}).get("count", 0), counted.get(key, {}).get("changed"),
            again.get(key, 0),
        )
        for key, register in REGISTERS.items()
    ]  # fmt: skip


def looked_at_again(effort: Effort) -> QuerySet[Entry]:
    """The entries that somebody has to look at again: a linked one says something else now."""
    told = Q(entry__signaled_at__gt=F("to__reviewed_at")) & Q(entry__retired_at=None)
    tells = Q(to__signaled_at__gt=F("entry__reviewed_at"))
    links = EntryLink.objects.filter(entry__effort=effort)
    return effort.entries.filter(retired_at=None).filter(
        Q(pk__in=links.filter(told).values("to")) | Q(pk__in=links.filter(tells).values("entry"))
    )


# ---------- one table


@dataclass(frozen=True)
class RegisterPage:
    """Fifty rows of a register. ``total`` counts up to ``MOST_COUNTED`` of what the filters leave,
    ``again`` holds the keys of rows to look at again, ``after`` starts the next page."""

    register: Register
    rows: list[Entry]
    total: int
    again: frozenset[int]
    after: str

    @property
    def counted(self) -> str:
        """The count in words."""
        return f"{MOST_COUNTED}+" if self.total > MOST_COUNTED else str(self.total)


def register_page(
    effort: Effort, register: Register, *, kind: str = "", query: str = "", after: str = "",
    retired: bool = False,
) -> RegisterPage:  # fmt: skip
    """A page of a register in the drafter's order, by key. Four queries, whatever its size.

    ``query`` is looked for in all words, whatever its case. ``after`` is that of the page before;
    one that is none starts at the beginning.
    """
    rows = effort.entries.filter(register=register.key, retired_at__isnull=not retired)
    if kind:
        rows = rows.filter(kind=kind)
    if query:
        rows = rows.filter(words__contains=query.casefold())
    total = rows.order_by()[: MOST_COUNTED + 1].count()
    place, _, pk = after.partition("-")
    if place.isdecimal() and pk.isdecimal() and len(after) < 30:  # noqa: PLR2004 - two keys
        rows = rows.filter(Q(position__gt=int(place)) | Q(position=int(place), pk__gt=int(pk)))
    rows = rows.select_related("portion", "changed_by").order_by("position", "pk")
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    entries.with_links(found, effort)
    again = frozenset(
        looked_at_again(effort).filter(pk__in=[r.pk for r in found]).values_list("pk", flat=True)
    )
    last = f"{found[-1].position}-{found[-1].pk}" if more else ""
    return RegisterPage(register, found, total, again, last)


def every_entry(effort: Effort, register: Register) -> list[Entry]:
    """All standing entries with their links, as an export needs them. Two queries."""
    rows = effort.entries.filter(register=register.key, retired_at=None)
    rows = rows.select_related("portion").order_by("position", "pk")
    return entries.with_links(rows, effort)


# ---------- one entry


@dataclass(frozen=True)
class Dependent:
    """An entry that names another, in the words of the field that does; ``depth`` from 1."""

    entry: Entry
    words: str
    depth: int


def dependents(entry: Entry) -> list[Dependent]:
    """Every entry that names this one, and those that name them, nearest first. One query."""
    links: dict[int, list[EntryLink]] = {}
    rows = EntryLink.objects.filter(entry__effort_id=entry.effort_id, entry__retired_at=None)
    for link in rows.select_related("entry").defer("entry__data"):
        link.entry.effort = entry.effort
        links.setdefault(link.to_id, []).append(link)
    found: list[Dependent] = []
    seen, wave, depth = {entry.pk}, [entry.pk], 1
    while wave:
        following = []
        for link in (one for pk in wave for one in links.get(pk, ())):
            if link.entry_id not in seen:
                seen.add(link.entry_id)
                following.append(link.entry_id)
                found.append(Dependent(link.entry, _inverse(link), depth))
        wave, depth = following, depth + 1
    return found


def _inverse(link: EntryLink) -> str:
    field = link.entry.definition.field(link.field)
    return field.inverse or f"names it under “{field.label}”"


def signals_to(entry: Entry) -> list[Entry]:
    """The linked entries that came to say something else since this one was last looked at. One
    query."""
    rows = entry.effort.entries.filter(retired_at=None, signaled_at__gt=entry.reviewed_at)
    return list(
        rows.filter(Q(links__to=entry) | Q(linked_from__entry=entry))
        .exclude(pk=entry.pk)
        .distinct()
        .select_related("changed_by")
    )


@dataclass(frozen=True)
class ShownIn:
    """A section that shows an entry: of the draft, or (``version``) of an approved version."""

    product: Product
    section: str
    title: str
    version: int | None = None


def shown_in(entry: Entry) -> list[ShownIn]:
    """The sections of drafts that show an entry now, and of approved versions that hold it.

    One query, and what registers ask.
    """
    numbers = {str(entry.number)}
    names = {
        name
        for name, source in SOURCES.items()
        if isinstance(source, entries.RegisterSource) and source.register.key == entry.register
    }
    showing = {
        name
        for name in names
        if any(row.pk == entry.pk for row in SOURCES[name].rows(entry.effort))  # type: ignore[attr-defined]
    }
    found = []
    for product in _products(entry.effort):
        for outlined in product.definition.walk():
            if showing.intersection(outlined.section.sources):
                title = outlined.section.title_for(entry.effort.name)
                found.append(ShownIn(product, outlined.section.key, title))
        version = product.approved_version
        if version is not None:
            for row in version.snapshot["sections"]:
                refs = (ref for one in row.get("registers", ()) for ref in one["facts"])
                if any(_named(ref, names, numbers) for ref in refs):
                    found.append(ShownIn(product, row["key"], row["title"], version.number))
    return found


def _named(ref: str, names: set[str], numbers: set[str]) -> bool:
    source, _, rest = ref.partition(":")
    return source in names and rest.partition("@")[0] in numbers


def dissents_on_entry(entry: Entry) -> list[Dissent]:
    """The dissents on an entry, newest first. One query."""
    names = [
        name
        for name, source in SOURCES.items()
        if isinstance(source, entries.RegisterSource) and source.register.key == entry.register
    ]
    return list(
        entry.effort.dissents.filter(source__in=names, fact=str(entry.number))
        .select_related("author", "organization")
        .order_by("-pk")
    )


def entry_history(entry: Entry) -> list[AuditEvent]:
    """What the record says of an entry, newest first. One query."""
    return list(
        AuditEvent.objects.filter(
            stream=stream_of(entry.effort_id), subject=f"entry:{entry.pk}"
        ).order_by("-seq")[:200]
    )


# ---------- what an approval rests on, and no longer reads so


@dataclass(frozen=True)
class Moved:
    """A section of an approved version whose registers say something else now.

    ``gone``, ``new`` and ``changed`` are facts in words as they read now, except those that are
    gone, which are named by number.
    """

    product: Product
    version: Version
    section: str
    title: str
    label: str
    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def moved(effort: Effort) -> list[Moved]:
    """What approved versions show of registers and the registers no longer say.

    A version of an older format is left alone: its sections named other registers. One query, and
    what the registers ask.
    """
    found: list[Moved] = []
    products = [
        product
        for product in _products(effort)
        if product.approved_version is not None
        and _snapshot(product).get("definition_version") == product.definition.version
    ]
    sections = {p.pk: {o.section.key: o.section for o in p.definition.walk()} for p in products}
    sources = [name for by in sections.values() for one in by.values() for name in one.sources]
    entries.entries_of(effort, *entries.registers_behind(sources))
    for product in products:
        for row in _snapshot(product)["sections"]:
            section = sections[product.pk].get(row["key"])
            for name in section.sources if section else ():
                one = _compared(product, row, name)
                if one is not None:
                    found.append(one)
    return found


def _compared(product: Product, row: dict[str, Any], name: str) -> Moved | None:
    """What one source of one section says otherwise now; None when it says the same."""
    source, version = SOURCES.get(name), product.approved_version
    if source is None or version is None:
        return None
    shown = next((one for one in row.get("registers", ()) if one["source"] == name), None)
    refs = shown["facts"] if shown else ()
    before = dict(ref.partition(":")[2].split("@") for ref in refs)
    now: dict[str, Fact] = {fact.key: fact for fact in source.facts(product)}
    changed = tuple(now[k].words for k, d in before.items() if k in now and now[k].digest != d)
    new = tuple(fact.words for key, fact in now.items() if key not in before)
    gone = tuple(key for key in before if key not in now)
    if not (changed or new or gone):
        return None
    return Moved(
        product, version, row["key"], row["title"], source.label, changed, new, gone
    )  # fmt: skip


def _products(effort: Effort) -> Sequence[Product]:
    """The products with the text of their approved version; kept on the effort. One query."""
    kept: list[Product] | None = effort.__dict__.get("_with_approved")
    if kept is None:
        kept = list(
            effort.products.select_related("step", "approved_version").order_by(
                "step__number", "key"
            )
        )
        for product in kept:
            product.effort = product.step.effort = effort
        effort.__dict__["_with_approved"] = kept
    return kept


def _snapshot(product: Product) -> dict[str, Any]:
    return dict(product.approved_version.snapshot) if product.approved_version else {}
