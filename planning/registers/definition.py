"""Registers as frozen declarations, checked when they are made. No ORM here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_KEY = re.compile(r"^[a-z]+(-[a-z]+)*$")
_NAME = re.compile(r"^[a-z]+(_[a-z]+)*$")
_PREFIX = re.compile(r"^[A-Z]{2,5}$")
MAX_LINE = 300  # characters
MAX_TEXT = 8_000
MAX_TITLE = 1_000
MAX_MANY = 60  # links, choices or spans in one field


class Kind(StrEnum):
    """What a field holds.

    ``SPANS`` are choices that hold for a time: “architects since 2013-03-24; bystanders to
    2013-03-23”. ``LINKS`` are other entries of the effort. A ``REFERENCE`` names something that
    all efforts share, such as a tool of the toolbox, as it was when it was chosen: a dict of its
    ``key``, ``label`` and ``version``.
    """

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    SPANS = "spans"
    LINKS = "links"
    REFERENCE = "reference"


class Style(StrEnum):
    """How a view sets its entries in a document."""

    TABLE = "table"
    LIST = "list"


@dataclass(frozen=True)
class Field:
    """One fact of an entry. ``key`` is its name in data, in the API and at the head of a column.

    ``choices`` are pairs of value and label. ``to`` names the registers that a link may lead to,
    ``inverse`` how the entry at the other end calls it. A field set by an ``act`` of its own, such
    as an approval, cannot be edited; when a field that it ``binds`` to changes, it goes back to its
    first choice, as an approval holds for one text alone. ``column`` is False for what the table leaves to the entry's
    page. ``refers`` names the catalogue (``planning.registers.CATALOGUES``) of a reference.
    ``acyclic`` links may not lead back to where they start.
    """

    key: str
    label: str
    kind: Kind = Kind.LINE
    required: bool = False
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    to: tuple[str, ...] = ()
    inverse: str = ""
    act: bool = False
    binds: tuple[str, ...] = ()
    column: bool = True
    refers: str = ""
    acyclic: bool = False

    def __post_init__(self) -> None:
        if not _NAME.match(self.key):
            raise ValueError(f"Field key {self.key!r} must be lower-case words and underscores.")
        if (self.kind in {Kind.CHOICE, Kind.CHOICES, Kind.SPANS}) != bool(self.choices):
            raise ValueError(f"Field {self.key!r}: choices belong to fields that are chosen.")
        if self.kind in {Kind.CHOICES, Kind.SPANS} and any(
            ";" in label for _, label in self.choices
        ):
            raise ValueError(f"Field {self.key!r}: a semicolon parts choices, so no label has one.")
        if self.binds and not (self.act and self.kind is Kind.CHOICE):
            raise ValueError(f"Field {self.key!r}: only a choice that an act sets binds to others.")
        if (self.kind is Kind.LINKS) != bool(self.to):
            raise ValueError(f"Field {self.key!r}: a link says which registers it leads to.")
        if (self.kind is Kind.REFERENCE) != bool(self.refers):
            raise ValueError(f"Field {self.key!r}: a reference says which catalogue it is from.")
        if self.acyclic and self.kind is not Kind.LINKS:
            raise ValueError(f"Field {self.key!r}: only links can lead back.")

    def label_of(self, value: str) -> str:
        """The label of a choice; the value itself where it is no longer one."""
        return dict(self.choices).get(value, value)


@dataclass(frozen=True)
class View:
    """What a section of a product shows of a register; ``key`` is the name of its source.

    ``kinds`` keeps entries of these kinds alone, ``only`` those that have these values of choices
    (pairs of field key and value). With ``highlights`` it shows what the team marked
    as a highlight, or else the first few. ``fields`` are the columns behind the title.
    """

    key: str
    label: str
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    style: Style = Style.TABLE
    highlights: bool = False
    only: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(f"View key {self.key!r} must be lower-case words and hyphens.")


@dataclass(frozen=True)
class Register:
    """A table that an effort keeps. ``one`` is a single entry in words, ``prefix`` names it (ACT-3).

    The first field is the title, by which other places call an entry. ``kind`` is the key of the
    choice that sorts entries into kinds, if there is one: pages group by it, views filter by it.
    ``empty`` says what to enter first. When the field ``signal`` comes to say something else, such
    as the answer to a question, every entry that is linked with this one has to be looked at again.
    ``always`` are the values, by key, of an entry that stands in the register as soon as another
    does, and as long: its kind names it, such as “do nothing” among options.
    """

    key: str
    label: str
    one: str
    prefix: str
    purpose: str
    cite: str
    fields: tuple[Field, ...]
    kind: str = ""
    views: tuple[View, ...] = ()
    empty: str = ""
    signal: str = ""
    always: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.match(self.key) or not _PREFIX.match(self.prefix):
            raise ValueError(f"Register {self.key!r}: wrong key or prefix {self.prefix!r}.")
        keys = [f.key for f in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError(f"Register {self.key!r} names a field twice.")
        if {"number", "portion", "highlight", "revision", "title_words"} & set(keys):
            raise ValueError(f"Register {self.key!r} takes a name that every entry has.")
        title = self.fields[0]
        if title.kind not in {Kind.LINE, Kind.TEXT} or not title.required:
            raise ValueError(f"Register {self.key!r}: the first field is the title, in words.")
        if self.kind and self.field(self.kind).kind is not Kind.CHOICE:
            raise ValueError(f"Register {self.key!r}: kinds are a choice.")
        for name in (
            *((self.signal,) if self.signal else ()),
            *(b for f in self.fields for b in f.binds),
        ):
            self.field(name)
        known = {value for value, _ in self.field(self.kind).choices} if self.kind else set()
        for view in self.views:
            for name in view.fields:
                self.field(name)
            if set(view.kinds) - known:
                raise ValueError(f"View {view.key!r} names a kind that is none.")
            for name, value in view.only:
                if value not in dict(self.field(name).choices):
                    raise ValueError(f"View {view.key!r} keeps a value that is none.")
        if self.always and (not self.kind or dict(self.always).get(self.kind) not in known):
            raise ValueError(f"Register {self.key!r}: what always stands is named by its kind.")

    @property
    def always_kind(self) -> str:
        """The kind of the entry that always stands; empty when there is none."""
        return dict(self.always).get(self.kind, "") if self.always else ""

    @property
    def title(self) -> Field:
        """The field that names an entry."""
        return self.fields[0]

    def field(self, key: str) -> Field:
        """The field with this key. Raises LookupError when there is none."""
        for one in self.fields:
            if one.key == key:
                return one
        raise LookupError(f"{self.label} has no field {key!r}.")
