"""What a product is: frozen declarations, checked when they are made. No ORM here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from planning.products import richtext

_KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class Layout(StrEnum):
    """How a product is laid out on paper."""

    MEMORANDUM = "memorandum"
    BRIEFING = "briefing"
    DOCUMENT = "document"
    STATEMENT = "statement"
    ONE_PAGE = "one_page"


@dataclass(frozen=True)
class Section:
    """One heading of a format. ``hint_words`` is how many words are usual, 0 for no hint."""

    key: str
    title: str
    required: bool = False
    hint_words: int = 0
    children: tuple[Section, ...] = ()

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(
                f"Section key {self.key!r} must be lower-case words joined by hyphens."
            )


@dataclass(frozen=True)
class OutlinedSection:
    """A section where it stands: ``number`` as printed (“5.b”), ``depth`` from 1."""

    section: Section
    number: str
    depth: int


@dataclass(frozen=True)
class ProductDefinition:
    """A format: its outline, layout and origin. A published one changes by a new ``version``."""

    key: str
    label: str
    title: str
    layout: Layout
    version: int
    step: int
    purpose: str
    cite: str
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(f"Product key {self.key!r} must be lower-case words and hyphens.")
        keys = [o.section.key for o in self.walk()]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.key} names a section twice.")

    def walk(self) -> Iterator[OutlinedSection]:
        """Every section in reading order with its number and depth."""
        for place, section in enumerate(self.sections, start=1):
            yield OutlinedSection(section, f"{place}", 1)
            yield from _below(section.children, f"{place}", 2)

    def section(self, key: str) -> Section:
        """The section with this key. Raises LookupError when the format has none."""
        for outlined in self.walk():
            if outlined.section.key == key:
                return outlined.section
        raise LookupError(f"{self.label} has no section {key!r}.")

    def missing(self, bodies: Mapping[str, str]) -> tuple[Section, ...]:
        """Required sections whose text in ``bodies`` (key → sanitized HTML) says nothing."""
        return tuple(
            o.section
            for o in self.walk()
            if o.section.required and richtext.is_empty(bodies.get(o.section.key, ""))
        )


def _below(sections: tuple[Section, ...], above: str, depth: int) -> Iterator[OutlinedSection]:
    for place, section in enumerate(sections):
        number = f"{above}.{chr(ord('a') + place)}"
        yield OutlinedSection(section, number, depth)
        yield from _below(section.children, number, depth + 1)
