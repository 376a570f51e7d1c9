"""How much room words, lists, tables and pictures take on a slide, and how they are cut.

Nothing is set to know it: widths are estimated on the wide side, so that what is full here has
room left in every program and typeface. Lengths are points (1/72 inch).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from planning.products.blocks import (
    Block,
    Cell,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
    words_of,
)
from planning.products.document import Picture
from planning.rendering.html_blocks import widths
from planning.rendering.office import printable
from planning.rendering.tables import layout

TEXT, TABLE_TEXT, HEADING_TEXT = 18.0, 15.0, 19.8  # type sizes; headings are bold, so wider
LINE, TABLE_LINE = 26.0, 20.5
GAP, CELL_GAP, CELL_SIDES = 7.0, 14.0, 16.0
INDENT = 28.0  # of each level of a list, and of a quotation
FIGURE_HEIGHT = 234.0
LONG_TEXT, LONG_HEADING = 300, 160  # letters; about 50 words and 25
MOST_LINES = 8  # of a paragraph
MORE = " …"
PIXEL = 0.75
_WIDE = frozenset("MW@%—…ЖШЩЮЫФ")
_THIN = frozenset("iljtf.,;:'| ")


def units(text: str) -> float:
    """The width of ``text`` in tenths of the type size: a Latin letter is about 5.5."""
    total = 0.0
    for letter in text:
        if letter in _THIN:
            total += 3.4
        elif letter in _WIDE:
            total += 10.4
        elif letter in "mw":
            total += 9.0
        elif letter.isascii():
            total += 7.6 if letter.isupper() else 6.0
        elif ord(letter) >= 0x1F000 or "\u2600" <= letter <= "\u27bf":
            total += 13.0
        elif unicodedata.east_asian_width(letter) in "WF":
            total += 10.5
        elif unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
            continue
        else:
            total += 8.2 if letter.isupper() else 6.6
    return total


@lru_cache(maxsize=8192)
def lines(text: str, width: float, size: float) -> int:
    """How many lines ``text`` takes in ``width`` at type ``size``, words kept whole where they fit."""
    room = max(width * 10 / size, 13.0)
    total = 0
    for paragraph in text.split("\n"):
        used, count = 0.0, 1
        for word in paragraph.split():
            wide = units(word)
            if used and used + 3.4 + wide > room:
                count, used = count + 1, 0.0
            if wide > room:  # broken anywhere, a letter too wide for the rest of each line
                count += math.ceil(wide / max(room - 6.0, 13.0)) - 1
                used = wide % room
            else:
                used += wide + (3.4 if used else 0.0)
        total += count
    return total


def words(runs: Inline) -> str:
    """The words of a paragraph with the numbers of its footnotes, as they are set."""
    return "".join(str(run.number) if run.note else run.text for run in runs)


# ---------- cut


def short(runs: Inline, limit: float = LONG_TEXT) -> tuple[Inline, bool]:
    """The beginning of a paragraph that is not above ``limit`` letters wide, and whether it was cut.

    The cut falls after a sentence if one ends in the second half, else after a word.
    """
    said = words_of(runs)
    if units(said) / 5.5 <= limit and said.count("\n") <= 5:
        return runs, False
    room, at = limit * 5.5, 0
    for at, letter in enumerate(said):  # noqa: B007 - how far the room reaches
        room -= 60.0 if letter == "\n" else units(letter)
        if room < 0:
            break
    kept = said[:at]
    ends = [m.end() for m in re.finditer(r"[.!?。؟](?=\s|$)", kept)]
    if ends and ends[-1] > at / 2:
        at = ends[-1]
    elif " " in kept[at // 2 :]:
        at = kept.rindex(" ")
    return (*_first(runs, at), Run(MORE)), True


def _first(runs: Inline, length: int) -> Iterator[Run]:
    for run in runs:
        if length <= 0:
            return
        yield run if run.note else replace(run, text=run.text[:length])
        length -= len(run.text)


def fitted(
    runs: Inline, width: float, size: float, most: int, limit: float = LONG_TEXT
) -> tuple[Inline, bool]:
    """``short`` that takes no more than ``most`` lines of ``width`` at type ``size`` either."""
    cut, was_cut = short(runs, limit)
    while limit > 4 and lines(words(cut), width, size) > most:
        limit *= 0.85
        cut, was_cut = short(runs, limit)
    return cut, was_cut


def line_of(text: str, width: float, size: float, most: int = 1) -> tuple[str, bool]:
    """The beginning of a text that takes ``most`` lines, and whether it was cut."""
    text = " ".join(printable(text).split())
    cut, was_cut = fitted((Run(text),), width, size, most, width * most / size * 1.8)
    return words_of(cut), was_cut


# ---------- measure


def figure_size(picture: Picture, width: float, height: float) -> tuple[float, float]:
    """A picture at its own size (96 pixels an inch), made smaller where there is less room."""
    across, down = max(picture.width, 1) * PIXEL, max(picture.height, 1) * PIXEL
    scale = min(1.0, width / across, height / down)
    return across * scale, down * scale


def column_widths(table: Table, width: float) -> list[float]:
    """How broad the columns of a table are: as in the PDF."""
    found = widths(table)
    if found:
        return [width * part / sum(found) for part in found]
    columns = max(layout(table)[1], 1)
    return [width / columns] * columns


def row_heights(table: Table, width: float) -> list[float]:
    """How high each row of a table is."""
    rows, _ = layout(table)
    across = column_widths(table, width)
    heights = [TABLE_LINE + CELL_GAP] * len(rows)
    later = []
    for y, row in enumerate(rows):
        for x, one in enumerate(row):
            if one.cell is None or (one.row, one.column) != (y, x):
                continue
            room = sum(across[x : x + one.columns]) - CELL_SIDES
            high = cell_lines(one.cell.blocks, room) * TABLE_LINE + CELL_GAP
            if one.rows == 1:
                heights[y] = max(heights[y], high)
            else:
                later.append((y, one.rows, high))
    for y, count, high in later:  # the last row of a joined cell grows, as programs do it
        heights[y + count - 1] += max(high - sum(heights[y : y + count]), 0.0)
    return heights


def cell_lines(blocks: Sequence[Block], width: float) -> int:
    """How many lines the paragraphs of a cell take."""
    total = sum(lines(words(b.runs), width, TABLE_TEXT) for b in blocks if isinstance(b, Paragraph))
    return max(total, 1)


def height(blocks: Sequence[Block], width: float, pictures: Mapping[str, Picture]) -> float:
    """How much of a slide these blocks take, under each other in ``width``."""
    return sum(_height(block, width, pictures) for block in blocks)


def _height(block: Block, width: float, pictures: Mapping[str, Picture]) -> float:
    match block:
        case Paragraph(runs):
            return lines(words(runs), width, TEXT) * LINE + GAP
        case Heading(runs, _):
            return lines(words(runs), width, HEADING_TEXT) * LINE + GAP
        case ListBlock(_, items, _):
            return sum(height(item, width - INDENT, pictures) for item in items)
        case Table():
            return sum(row_heights(block, width)) + GAP
        case Quote(inner):
            return height(inner, width - INDENT, pictures)
        case Figure(key, _):
            return figure_size(pictures[key], width, FIGURE_HEIGHT)[1] + 2 * GAP


# ---------- cells


def short_cell(cell: Cell, width: float, most: int) -> tuple[Cell, bool]:
    """A cell as plain paragraphs of at most ``most`` lines, and whether that is less than all."""
    blocks: list[Block] = []
    left = most
    for runs in _flat(cell.blocks):
        if left < 1:
            return Cell(tuple(blocks), cell.header), True
        limit = width * left / TABLE_TEXT * 1.8
        cut, was_cut = fitted(runs, width, TABLE_TEXT, left, limit)
        blocks.append(Paragraph(cut))
        if was_cut:
            return Cell(tuple(blocks), cell.header), True
        left -= lines(words(cut), width, TABLE_TEXT)
    return Cell(tuple(blocks), cell.header), False


def _flat(blocks: Sequence[Block], mark: str = "") -> Iterator[Inline]:
    """The paragraphs of a cell; the first of each item of a list after its ``mark``."""
    for block in blocks:
        before = (Run(mark),) if mark else ()
        match block:
            case Paragraph(runs):
                yield (*before, *runs)
            case Heading(runs, _):
                strong = (replace(r, marks=r.marks | {"strong"}) for r in runs)
                yield (*before, *strong)
            case ListBlock(ordered, items, start):
                for place, item in enumerate(items, start=start):
                    yield from _flat(item, f"{place}. " if ordered else "• ")
            case Table(rows, _):
                for row in rows:
                    for cell in row:
                        yield from _flat(cell.blocks)
            case Quote(inner):
                yield from _flat(inner)
            case Figure():
                continue
        mark = ""
