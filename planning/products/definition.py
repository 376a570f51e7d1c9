"""What a product is: frozen declarations, checked when they are made. No ORM here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

_KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
ALWAYS = frozenset({"outline", "dissents", "previous-guidance"})  # sources that are never empty
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Layout(StrEnum):
    """How a product is laid out on paper."""

    MEMORANDUM = "memorandum"
    BRIEFING = "briefing"
    DOCUMENT = "document"
    STATEMENT = "statement"
    ONE_PAGE = "one_page"

    @property
    def label(self) -> str:
        """The layout in words."""
        return _LAYOUT_LABELS[self]


_LAYOUT_LABELS = {
    Layout.MEMORANDUM: "Memorandum",
    Layout.BRIEFING: "Briefing slides",
    Layout.DOCUMENT: "Document with contents",
    Layout.STATEMENT: "Statement",
    Layout.ONE_PAGE: "One page",
}


@dataclass(frozen=True)
class Section:
    """One heading of a format. ``hint_words`` is how many words are usual, 0 for no hint.

    ``sources`` name the registers that fill it besides the drafter's text. The last three say
    how an effort tailored it: the reason for which it is hidden, whether it was added or moved,
    and the title that it had.
    """

    key: str
    title: str
    required: bool = False
    hint_words: int = 0
    sources: tuple[str, ...] = ()
    children: tuple[Section, ...] = ()
    hidden: str = ""
    changed: str = ""
    was: str = ""

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(
                f"Section key {self.key!r} must be lower-case words joined by hyphens."
            )
        if self.hidden and self.needed:
            raise ValueError(f"“{self.title}” is required by the gate and cannot be hidden.")

    @property
    def needed(self) -> bool:
        """Whether a gate asks for this section or for one inside it."""
        return self.required or any(child.needed for child in self.children)

    def is_written(self, has_text: bool, filled: Collection[str] = ()) -> bool:
        """Whether it says something: by its own text, or by a register that holds something.

        ``filled`` are the sources that do. An agenda, or that there is no dissent, says enough
        where the gate does not ask for the team's own words.
        """
        if has_text or any(source in filled for source in self.sources):
            return True
        return not self.required and any(source in ALWAYS for source in self.sources)

    def title_for(self, effort: str) -> str:
        """The title in an effort: the formats say “Country X” where the country's name stands."""
        return self.title.replace("Country X", effort)

    def was_for(self, effort: str) -> str:
        """The title that it had, as ``title_for`` gives it; empty if it was not renamed."""
        return self.was.replace("Country X", effort)


@dataclass(frozen=True)
class OutlinedSection:
    """A section where it stands: ``number`` as printed (“5.b”), ``depth`` from 1."""

    section: Section
    number: str
    depth: int


@dataclass(frozen=True)
class ProductDefinition:
    """A format: its outline, layout and origin. A published one changes by a new ``version``.

    ``step`` owes it if ``owed``; otherwise a team starts one when it needs it. ``alternates`` are
    other layouts that the Handbook allows. ``numbering`` gives the style of each depth by its
    first number.

    ``hasty`` are the required sections that a gate still insists on in crisis planning: all of
    them unless said. ``after`` are the products that need an approved version before this one goes
    before the board.
    """

    key: str
    label: str
    title: str
    layout: Layout
    version: int
    step: int
    purpose: str
    cite: str
    sections: tuple[Section, ...]
    alternates: tuple[Layout, ...] = ()
    numbering: tuple[str, ...] = ("1", "a")
    owed: bool = True
    hasty: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(f"Product key {self.key!r} must be lower-case words and hyphens.")
        keys = [section.key for section in self.every_section()]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.key} names a section twice.")
        required = _required(self.sections)
        for key in self.hasty:
            if key not in required or self.hasty.count(key) > 1:
                raise ValueError(
                    f"{self.key}: the hasty minimum names {key!r}, which is not required, or twice."
                )
        for key in self.after:
            if not _KEY.match(key) or key == self.key or self.after.count(key) > 1:
                raise ValueError(f"{self.key} cannot come after {key!r}, or comes after it twice.")
        if not self.hasty:
            object.__setattr__(self, "hasty", required)  # frozen for everybody else

    @property
    def paper_label(self) -> str:
        """Where the format stands in the Handbook, as printed: “Annex D, Tab 1”."""
        return f"Annex D, {self.label}" if self.label.startswith("Tab ") else self.label

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Every layout that the product may be exported in, its own first."""
        return tuple(dict.fromkeys((self.layout, *self.alternates, Layout.ONE_PAGE)))

    def walk(self) -> Iterator[OutlinedSection]:
        """Every section that is not hidden, in reading order, with its number and depth."""
        yield from _outlined(self.sections, "", 1, self.numbering)

    def every_section(self) -> Iterator[Section]:
        """Every section in reading order, hidden ones too."""
        yield from _flat(self.sections)

    def section(self, key: str) -> Section:
        """The section with this key. Raises LookupError when the format has none."""
        for section in self.every_section():
            if section.key == key:
                return section
        raise LookupError(f"{self.label} has no section {key!r}.")


def number(place: int, style: str) -> str:
    """The ``place``-th number (from 1) of a style: “1”, “a”, “A” or “I”."""
    if style == "I":
        text = ""
        for value, letters in _ROMAN:
            text += letters * (place // value)
            place %= value
        return text
    if style in {"a", "A"}:
        text = ""
        while place:
            place, rest = divmod(place - 1, 26)
            text = chr(ord(style) + rest) + text
        return text
    return str(place)


def _outlined(
    sections: tuple[Section, ...], above: str, depth: int, numbering: tuple[str, ...]
) -> Iterator[OutlinedSection]:
    style = numbering[min(depth, len(numbering)) - 1]
    shown = [section for section in sections if not section.hidden]
    for place, section in enumerate(shown, start=1):
        full = f"{above}{number(place, style)}"
        yield OutlinedSection(section, full, depth)
        yield from _outlined(section.children, f"{full}.", depth + 1, numbering)


def _flat(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _flat(section.children)


def _required(sections: tuple[Section, ...]) -> tuple[str, ...]:
    return tuple(section.key for section in _flat(sections) if section.required)


def to_json(definition: ProductDefinition) -> dict[str, Any]:
    """The definition as plain JSON, defaults left out."""

    def plain(thing: Any) -> Any:
        if isinstance(thing, Section | ProductDefinition):
            return {
                f.name: plain(getattr(thing, f.name))
                for f in fields(thing)
                if getattr(thing, f.name) != f.default
            }
        if isinstance(thing, tuple):
            return [plain(one) for one in thing]
        return str(thing) if isinstance(thing, Layout) else thing

    return dict(plain(definition))


def from_json(
    data: Mapping[str, Any], published: ProductDefinition | None = None
) -> ProductDefinition:
    """The definition of ``to_json``. Raises ValueError for what is no definition.

    ``published`` is the format that ``data`` tailors, if the catalogue has it. What was stored
    before formats had a hasty minimum and an order takes them from there.
    """
    try:
        sections = tuple(_section(row) for row in data["sections"])
        required = _required(sections)
        hasty = [key for key in published.hasty if key in required] if published else ()
        return ProductDefinition(
            **dict(data)
            | {
                "layout": Layout(data["layout"]),
                "sections": sections,
                "alternates": tuple(Layout(name) for name in data.get("alternates", ())),
                "numbering": tuple(data.get("numbering", ("1", "a"))),
                "hasty": tuple(data.get("hasty", hasty)),
                "after": tuple(data.get("after", published.after if published else ())),
            }
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"This is not a format: {error}.") from error


def _section(row: Mapping[str, Any]) -> Section:
    return Section(
        **dict(row)
        | {
            "sources": tuple(row.get("sources", ())),
            "children": tuple(_section(child) for child in row.get("children", ())),
        }
    )
