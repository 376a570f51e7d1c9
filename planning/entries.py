"""The entries of registers: read once for an effort, in words, and as sources of sections.

Each view of a register is a source; the register as a whole is one too, so that a dissent or a
quotation can name any entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from planning.models import Effort, Entry, EntryLink, Product
from planning.ports import SOURCES, Fact, plug_in
from planning.products import richtext
from planning.registers import Field, Kind, Register, Style, View
from planning.registers import plug_in as plug_in_register
from planning.registers.values import words

# What is read of an entry that another names: enough to call it, and to follow it.
_NAMES = (
    "id", "effort_id", "register", "number", "title", "kind", "portion_id", "position", "highlight",
    "revision", "changed_at", "reviewed_at", "signaled_at", "retired_at", "retired_why",
)  # fmt: skip
_NAMED = tuple(f"to__{name}" for name in _NAMES)
FIRST = 5  # entries that a highlights view shows while nothing is highlighted


def entries_of(effort: Effort, *registers: str) -> dict[str, list[Entry]]:
    """The standing entries of registers in the drafter's order, with their links; kept on the
    effort. Two queries for all that were not read before, none for those that are empty."""
    kept: dict[str, list[Entry]] = effort.__dict__.setdefault("_entries", {})
    there = {mark.partition(":")[0] for mark in effort.filled}
    kept |= {name: [] for name in registers if name not in there and name not in kept}
    missing = [name for name in dict.fromkeys(registers) if name not in kept]
    if missing:
        kept |= {name: [] for name in missing}
        rows = Entry.objects.filter(effort=effort, register__in=missing, retired_at=None)
        for row in with_links(rows.select_related("portion").order_by("position", "pk"), effort):
            kept[row.register].append(row)
    return {name: kept[name] for name in registers}


def with_links(rows: Iterable[Entry], effort: Effort) -> list[Entry]:
    """The entries with what they link to, each under ``Entry.value``. One query besides theirs."""
    found = list(rows)
    by_pk: dict[int, dict[str, list[Entry]]] = {}
    for row in found:
        row.effort = effort
        by_pk[row.pk] = row.__dict__["_links"] = {}
    links = EntryLink.objects.filter(entry__in=by_pk).order_by("pk")
    known = {row.pk: row for row in found}
    for pk, field, *named in links.values_list("entry", "field", *_NAMED) if by_pk else ():
        to = known.get(named[0])
        if to is None:  # each is made once, however many name it, and reads the rest when asked
            to = known[named[0]] = Entry.from_db(effort._state.db, _NAMES, named)  # noqa: SLF001 - made by Django's own way of making rows
            to.effort = effort
        by_pk[pk].setdefault(field, []).append(to)
    return found


def forget(effort: Effort) -> None:
    """Drop what was read; part of every act that changes an entry."""
    effort.__dict__.pop("_entries", None)


def in_words(entry: Entry, field: Field) -> str:
    """A field's value as people read it; a linked entry by its title."""
    value = entry.value(field.key)
    if field.kind is Kind.LINKS:
        value = [one.title if one.retired_at is None else f"{one.title} (retired)" for one in value]
    return words(field, value)


def line(entry: Entry, fields: Sequence[Field]) -> str:
    """An entry in one line: the title, then what else is known by the label of each field."""
    parts = [entry.title]
    for field in fields:
        if field.key != entry.definition.title.key:
            said = in_words(entry, field)
            if said:
                parts.append(f"{field.label}: {said}")
    return " ".join("; ".join(parts).split())


class RegisterSource:
    """A whole register, by which entries are quoted and disputed."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.key = register.key
        self.label = register.label
        self.fields: tuple[Field, ...] = register.fields
        self.style = Style.TABLE

    def rows(self, effort: Effort) -> list[Entry]:
        """The entries that it shows, in order."""
        return entries_of(effort, self.register.key)[self.register.key]

    def facts(self, product: Product) -> Sequence[Fact]:
        """Every entry as a fact; its key is the entry's number."""
        return [
            Fact(
                self.key, str(entry.number), line(entry, self.fields), "", entry.changed_at,
                entry.portion,
            )
            for entry in self.rows(product.effort)
        ]  # fmt: skip

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The entries as a table or a list; nothing for an empty register."""
        rows = self.rows(product.effort)
        if not rows:
            return ""
        mixed = len({row.portion_id for row in rows}) > 1
        return self._table(rows, mixed) if self.style is Style.TABLE else self._list(rows, mixed)

    def _table(self, rows: Sequence[Entry], mixed: bool) -> str:
        fields = [f for f in self.fields if f.key != self.register.title.key]
        # A column that nobody filled only takes room.
        fields = [f for f in fields if any(in_words(row, f) for row in rows)]
        labels = (self.register.title.label, *(f.label for f in fields))
        head = "".join(f'<th scope="col"><p>{escape(label)}</p></th>' for label in labels)
        body = ""
        for row in rows:
            cells = "".join(f"<td>{cell(in_words(row, f))}</td>" for f in fields)
            body += f'<tr><th scope="row"><p>{titled(row, mixed)}</p></th>{cells}</tr>'
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _list(self, rows: Sequence[Entry], mixed: bool) -> str:
        items = ""
        for row in rows:
            said = [in_words(row, f) for f in self.fields if f.key != self.register.title.key]
            rest = "; ".join(" ".join(one.split()) for one in said if one)
            items += f"<li><p>{titled(row, mixed)}{escape(f': {rest}' if rest else '')}</p></li>"
        return f"<ul>{items}</ul>"


class ViewSource(RegisterSource):
    """One view of a register: some kinds, some fields, perhaps only the highlights."""

    def __init__(self, register: Register, view: View) -> None:
        super().__init__(register)
        self.view = view
        self.key, self.label, self.style = view.key, view.label, view.style
        self.fields = tuple(register.field(name) for name in view.fields)

    def rows(self, effort: Effort) -> list[Entry]:
        """Those of the view's kinds; of a highlights view what is highlighted, else the first."""
        kinds, only = self.view.kinds, self.view.only
        found = [row for row in super().rows(effort) if not kinds or row.kind in kinds]
        found = [row for row in found if all(row.value(key) == value for key, value in only)]
        if self.view.highlights:
            return [row for row in found if row.highlight] or found[:FIRST]
        return found


class ComposedSource(RegisterSource):
    """What a section shows that is put together from several registers.

    Its facts are entries of ``register``; ``reads`` are the others that it needs, and ``fields``
    what a fact says behind its title. A ``quiet`` one prints and does not make a section count as
    written. An app says which entries it shows (``rows``) and how (``content``).
    """

    def __init__(
        self, register: Register, key: str, label: str, fields: Sequence[str] = (),
        reads: Sequence[str] = (), *, quiet: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(register)
        self.key, self.label, self.quiet = key, label, quiet
        self.fields = tuple(register.field(name) for name in fields)
        self.reads = tuple(reads)

    def read(self, effort: Effort) -> dict[str, list[Entry]]:
        """The standing entries of every register that it needs. Two queries at most."""
        return entries_of(effort, self.register.key, *self.reads)

    def says(self, entry: Entry) -> str:
        """The words of the fact: what the section shows of an entry, in one line.

        What an act of its own sets, such as the choice of an option, is left out: a paper that led
        to a decision is not out of date because the decision was made.
        """
        return line(entry, [one for one in self.fields if not one.act])

    def facts(self, product: Product) -> Sequence[Fact]:
        """The entries that it shows; a fact's key is the entry's number."""
        return [
            Fact(self.key, str(row.number), self.says(row), "", row.changed_at, row.portion)
            for row in self.rows(product.effort)
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The HTML of its rows; empty without any."""
        raise NotImplementedError


def showing(effort: Effort) -> list[str]:
    """The sources, of those that show a selection which no kind tells, that have something to
    show. Two queries at most; none while their registers are empty."""
    there = {mark.partition(":")[0] for mark in effort.filled}
    chosen = [
        source
        for source in SOURCES.values()
        if isinstance(source, RegisterSource) and source.register.key in there and _selects(source)
    ]
    entries_of(effort, *registers_behind(source.key for source in chosen))
    return [source.key for source in chosen if source.rows(effort)]


def _selects(source: RegisterSource) -> bool:
    if isinstance(source, ComposedSource):
        return not source.quiet
    return isinstance(source, ViewSource) and bool(source.view.only)


def titled(row: Entry, mixed: bool) -> str:
    """The title of an entry as HTML, behind its portion mark where several are shown."""
    mark = f"{row.portion.portion} " if mixed else ""
    return escape(f"{mark}{' '.join(row.title.split())}")


def cell(text: str) -> str:
    """What stands in a cell of a table, as HTML."""
    return richtext.from_plain(text) if text else "<p></p>"


def plug_in_all(registers: Iterable[Register]) -> None:
    """Plug in registers, each with its views. Raises ValueError when a key is another's."""
    for register in registers:
        plug_in_register(register)
        plug_in(RegisterSource(register))
        for view in register.views:
            plug_in(ViewSource(register, view))


def registers_behind(sources: Iterable[str]) -> list[str]:
    """The registers that these sources read, so that they can be read at once."""
    found: dict[str, None] = {}
    for name in sources:
        source = SOURCES.get(name)
        if isinstance(source, RegisterSource):
            found[source.register.key] = None
        if isinstance(source, ComposedSource):
            found |= dict.fromkeys(source.reads)
    return list(found)
