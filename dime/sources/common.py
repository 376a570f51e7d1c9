"""What the sources of options share: which options a section is about, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dime.registers.options import OPTIONS
from dime.selectors.options import at, is_nothing, standing_of
from dime.vocabulary import Level, Standing
from planning.entries import cell, entries_of
from planning.models import Effort, Entry
from planning.ports import SOURCES
from planning.registers import Register
from planning.sources import dissents_of, speaker

# The first that an option has goes before. A recommendation that stands is newer than a choice,
# since whoever adopts an option sets the others aside: after a reopened step it is what is asked.
PICKED = (Standing.RECOMMENDED, Standing.ADOPTED)
ALL_OPTIONS = "All"


def any_option(effort: Effort) -> bool:
    """Whether any option stands, from what the effort keeps of it. No query."""
    return any(mark.startswith(f"{OPTIONS.key}:") for mark in effort.filled)


def options_of(effort: Effort, level: Level) -> list[Entry]:
    """The options that are compared on a level, “do nothing” last. None while that is alone."""
    found = at(entries_of(effort, OPTIONS.key)[OPTIONS.key], level)
    return [] if all(is_nothing(one) for one in found) else found


def picked(effort: Effort, level: Level) -> list[Entry]:
    """The recommended option of a level, or else the adopted one; empty without either."""
    found = options_of(effort, level)
    for standing in PICKED:
        here = [one for one in found if standing_of(one) is standing]
        if here:
            return here
    return []


def chosen(effort: Effort, level: Level) -> list[Entry]:
    """The recommended option of a level, else the adopted one, else all that do something."""
    return picked(effort, level) or [o for o in options_of(effort, level) if not is_nothing(o)]


def names(rows: Iterable[Entry], among: Sequence[Entry]) -> str:
    """The titles of those of ``rows`` that are ``among`` the options of a section; “All” for
    none, or for each of them that does something."""
    named = {row.pk for row in rows}
    acting = {one.pk for one in among if not is_nothing(one)}
    if not named or acting <= named:
        return ALL_OPTIONS
    return "; ".join(one.title for one in among if one.pk in named)


def belongs(row: Entry, field: str, options: Iterable[Entry]) -> bool:
    """Whether an entry names one of the options under ``field``, or none, which means all."""
    named = {one.pk for one in row.value(field)}
    return not named or bool(named & {one.pk for one in options})


def mixed(*groups: Iterable[Entry]) -> bool:
    """Whether entries of several markings are shown, so that each carries its own."""
    return len({row.portion_id for rows in groups for row in rows}) > 1


def disputed(effort: Effort, entry: Entry) -> str:
    """“D-3 (USAID)”: the dissents on an entry that were not withdrawn."""
    return "; ".join(
        f"{row} ({row.organization.short if row.organization else speaker(row)})"
        for row in dissents_of(effort)
        if row.withdrawn_at is None and row.fact == str(entry.number)
        and register_of(row.source) == entry.register
    )  # fmt: skip


def register_of(source: str) -> str:
    """The register whose entries are the facts of a source; empty when it has none."""
    register: Register | None = getattr(SOURCES.get(source), "register", None)
    return register.key if register else ""


BARE = frozenset({"", "<p></p>"})  # what an empty cell holds


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as HTML. ``head`` are words; the first of each row is HTML inside a paragraph, the
    others are HTML. A column that nobody filled is left out; empty without rows."""
    lines = [list(row) for row in rows]
    if not lines:
        return ""
    kept = [0, *(n for n in range(1, len(head)) if any(row[n] not in BARE for row in lines))]
    top = "".join(f'<th scope="col"><p>{escape(head[n])}</p></th>' for n in kept)
    body = ""
    for row in lines:
        cells = "".join(f"<td>{row[n] or '<p></p>'}</td>" for n in kept[1:])
        body += f'<tr><th scope="row"><p>{row[0]}</p></th>{cells}</tr>'
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def bullets(items: Sequence[str]) -> str:
    """Items as HTML in a cell: one as a paragraph, several as a list."""
    if len(items) < 2:  # noqa: PLR2004 - one is no list
        return "".join(f"<p>{one}</p>" for one in items)
    return f"<ul>{''.join(f'<li><p>{one}</p></li>' for one in items)}</ul>"


def headed(label: str, said: str) -> str:
    """Words as HTML, their label in front of the first paragraph; empty without words."""
    head = f"<p><strong>{escape(label)}:</strong> "
    return cell(said).replace("<p>", head, 1) if said else ""
