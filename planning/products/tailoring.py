"""Tailor a format for one effort: hide, add, rename, move. Pure functions over definitions.

The Handbook lets every format be adapted (Annex D, introduction). What was changed stays marked on
the section, so that an annex can list it; a section that a gate requires cannot be hidden. Each
function raises ValueError with a sentence for the user.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from planning.products.definition import ProductDefinition, Section
from planning.products.reading import ILLEGAL

MAX_TITLE = 160
MAX_SECTIONS = 80
ADDED, MOVED = "added", "moved"


@dataclass(frozen=True)
class OutlineChange:
    """One departure from the format: what was done, to which section, and why or from what."""

    what: str
    section: str
    reason: str


def changes(definition: ProductDefinition, effort: str = "Country X") -> Iterator[OutlineChange]:
    """Every departure of a tailored definition from its format, in outline order.

    Titles are those of ``effort``, as they are printed.
    """
    for section in definition.every_section():
        title = section.title_for(effort)
        was = section.was_for(effort)
        if section.hidden:
            yield OutlineChange("Left out", was or title, section.hidden)
        elif section.changed == ADDED:
            yield OutlineChange("Added", title, "")
        elif section.changed == MOVED:
            yield OutlineChange("Moved", title, "")
        if was and not section.hidden:
            yield OutlineChange("Renamed", title, f"It was “{was}”.")


def hide(definition: ProductDefinition, key: str, reason: str) -> ProductDefinition:
    """Leave out a section, for a reason that is printed. One that was added is taken away."""
    reason = _line(reason)
    section = _found(definition, key)
    if section.needed:
        raise ValueError(
            f"“{section.title}” is required by the gate, or holds a section that is; "
            "it cannot be left out."
        )
    if not [s for s in definition.sections if s.key != key and not s.hidden]:
        raise ValueError("A product needs at least one section.")
    if section.changed == ADDED:
        return _with(definition, _drop(definition.sections, key))
    if not reason:
        raise ValueError("Say why this section is left out; the reason is printed.")
    return _changed(definition, key, lambda s: replace(s, hidden=reason[:500]))


def show(definition: ProductDefinition, key: str) -> ProductDefinition:
    """Bring a section back that was left out."""
    _found(definition, key)
    return _changed(definition, key, lambda s: replace(s, hidden=""))


def rename(
    definition: ProductDefinition, key: str, title: str, effort: str = "Country X"
) -> ProductDefinition:
    """Give a section another title; its first one is kept and told.

    A title that reads in ``effort`` like the present or the first one is that one.
    """
    title = _title(title)

    def renamed(section: Section) -> Section:
        if title == section.title_for(effort):
            return section
        if title == section.was_for(effort):
            return replace(section, title=section.was, was="")
        was = "" if section.changed == ADDED else (section.was or section.title)
        return replace(section, title=title, was=was)

    _found(definition, key)
    return _changed(definition, key, renamed)


def add(definition: ProductDefinition, title: str, after: str) -> tuple[ProductDefinition, str]:
    """A new section behind the section ``after``, on its level; returns its key too.

    An empty ``after`` puts it at the end.
    """
    title = _title(title)
    taken = {section.key for section in definition.every_section()}
    if len(taken) >= MAX_SECTIONS:
        raise ValueError(f"A product has at most {MAX_SECTIONS} sections.")
    base = _slug(title) or "section"
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, 99))) if k not in taken)
    new = Section(key, title, changed=ADDED)
    if not after:
        return _with(definition, (*definition.sections, new)), key
    _found(definition, after)

    def placed(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        found: list[Section] = []
        for section in sections:
            found.append(replace(section, children=placed(section.children)))
            if section.key == after:
                found.append(new)
        return tuple(found)

    return _with(definition, placed(definition.sections)), key


def move(definition: ProductDefinition, key: str, by: int) -> ProductDefinition:
    """Move a section ``by`` places among its neighbors (-1 is up); at the end it stays."""
    _found(definition, key)

    def moved(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        keys = [s.key for s in sections]
        if key not in keys:
            return tuple(replace(s, children=moved(s.children)) for s in sections)
        row = list(sections)
        at = keys.index(key)
        to = max(0, min(len(row) - 1, at + by))
        section = row.pop(at)
        if to != at and section.changed != ADDED:
            section = replace(section, changed=MOVED)
        row.insert(to, section)
        return tuple(row)

    return _with(definition, moved(definition.sections))


def settle(definition: ProductDefinition, format: ProductDefinition) -> ProductDefinition:  # noqa: A002
    """Take the mark of a move from sections that stand in the order of ``format`` again."""
    places = {section.key: place for place, section in enumerate(format.every_section())}

    def settled(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        order = [places[s.key] for s in sections if s.key in places]
        back = order == sorted(order)
        return tuple(
            replace(
                s, children=settled(s.children),
                changed="" if back and s.changed == MOVED else s.changed,
            )
            for s in sections
        )  # fmt: skip

    return _with(definition, settled(definition.sections))


def _line(words: str) -> str:
    """Words on one line, without what neither a database nor a document can hold."""
    return " ".join(unicodedata.normalize("NFC", ILLEGAL.sub("", words)).split())


def _title(title: str) -> str:
    title = _line(title)
    if not title:
        raise ValueError("Give the section a title.")
    if len(title) > MAX_TITLE:
        raise ValueError(f"Keep the title below {MAX_TITLE} characters.")
    return title


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


def _found(definition: ProductDefinition, key: str) -> Section:
    try:
        return definition.section(key)
    except LookupError:
        raise ValueError("This product has no such section any more; reload the page.") from None


def _with(definition: ProductDefinition, sections: tuple[Section, ...]) -> ProductDefinition:
    return replace(definition, sections=sections)


def _changed(
    definition: ProductDefinition, key: str, change: Callable[[Section], Section]
) -> ProductDefinition:
    def walked(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        return tuple(
            change(s) if s.key == key else replace(s, children=walked(s.children)) for s in sections
        )

    return _with(definition, walked(definition.sections))


def _drop(sections: tuple[Section, ...], key: str) -> tuple[Section, ...]:
    return tuple(replace(s, children=_drop(s.children, key)) for s in sections if s.key != key)
