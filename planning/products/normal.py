"""The normal form of a section's text: what it is made of, and how it is written. No ORM, no clock.

Tags and attributes are written from the few that are known here, words are escaped; nothing of any
input is copied. The editor in the browser writes the same form.

    block    p, h3, h4 (words in them); ul, ol (li); blockquote; table (tbody, tr, th or td); img
    li, blockquote, th, td hold blocks; an empty cell holds an empty p
    words    text, br, sup[data-note] (a footnote), within a, q[data-fact], strong, em, u, s, sub,
             sup, in this order from the outside
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

MARKS = ("a", "q", "strong", "em", "u", "s", "sub", "sup")  # outermost first, as the editor nests


@dataclass(frozen=True)
class Words:
    """Text, a line break ("\n") or a footnote, with its marks in the order of ``MARKS``."""

    text: str
    marks: tuple[tuple[str, str], ...] = ()  # (tag, address or fact)
    note: str = ""


@dataclass
class Text:
    """A paragraph or heading. ``level`` above 0 makes it an item of a pasted list."""

    tag: str
    runs: list[Words]
    level: int = 0
    ordered: bool = False


@dataclass
class Listing:
    """A list of items, each a sequence of blocks."""

    ordered: bool
    items: list[list[Block]]


@dataclass
class Quotation:
    """A block quotation."""

    blocks: list[Block]


@dataclass
class Picture:
    """A stored picture by its address."""

    src: str
    alt: str


@dataclass
class Cell:
    """A table cell."""

    header: bool
    colspan: int
    rowspan: int
    scope: str
    blocks: list[Block]


@dataclass
class Table:
    """Rows of cells."""

    rows: list[list[Cell]]


Block = Text | Listing | Quotation | Picture | Table


def plain(block: Block) -> str:
    """The words of one block, without its footnotes."""
    match block:
        case Text(_, runs):
            return "".join(run.text for run in runs)
        case Listing(_, items):
            return " ".join(plain(b) for item in items for b in item)
        case Quotation(blocks):
            return " ".join(map(plain, blocks))
        case Table(rows):
            return " ".join(plain(b) for row in rows for cell in row for b in cell.blocks)
        case Picture(_, alt):
            return alt


def _escaped(text: str, quote: bool = False) -> str:
    return (
        escape(text, quote=False)
        .replace("\u00a0", "&nbsp;")
        .replace('"', "&quot;" if quote else '"')
    )


def _opening(mark: tuple[str, str]) -> str:
    tag, value = mark
    if tag == "a":
        return f'<a href="{_escaped(value, quote=True)}">'
    return f'<q data-fact="{value}">' if tag == "q" else f"<{tag}>"


def _inline(runs: Sequence[Words]) -> str:
    parts: list[str] = []
    active: tuple[tuple[str, str], ...] = ()
    for run in (*runs, Words("")):
        keep = 0
        while keep < min(len(active), len(run.marks)) and active[keep] == run.marks[keep]:
            keep += 1
        parts += [f"</{tag}>" for tag, _ in reversed(active[keep:])]
        parts += [_opening(mark) for mark in run.marks[keep:]]
        active = run.marks
        if run.note:
            parts.append(f'<sup data-note="{_escaped(run.note, quote=True)}">*</sup>')
        elif run.text == "\n":
            parts.append("<br>")
        else:
            parts.append(_escaped(run.text))
    return "".join(parts)


def write(blocks: Sequence[Block]) -> str:
    """The normal form of blocks."""
    parts = []
    for block in blocks:
        match block:
            case Text(tag, runs):
                parts.append(f"<{tag}>{_inline(runs)}</{tag}>")
            case Listing(ordered, items):
                tag = "ol" if ordered else "ul"
                inner = "".join(f"<li>{write(item)}</li>" for item in items)
                parts.append(f"<{tag}>{inner}</{tag}>")
            case Quotation(inside):
                parts.append(f"<blockquote>{write(inside)}</blockquote>")
            case Picture(src, alt):
                parts.append(f'<img src="{src}" alt="{_escaped(alt, quote=True)}">')
            case Table(rows):
                body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
                parts.append(f"<table><tbody>{body}</tbody></table>")
    return "".join(parts)


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    attributes = ""
    if cell.colspan > 1:
        attributes += f' colspan="{cell.colspan}"'
    if cell.rowspan > 1:
        attributes += f' rowspan="{cell.rowspan}"'
    if cell.header and cell.scope in {"col", "row", "colgroup", "rowgroup"}:
        attributes += f' scope="{cell.scope}"'
    return f"<{tag}{attributes}>{write(cell.blocks) or '<p></p>'}</{tag}>"
