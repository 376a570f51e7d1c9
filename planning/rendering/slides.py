"""A Document as slides: what stands on each, what goes into its notes. PDF and PPTX share it.

Text is never set smaller to fit; only a title has a second, smaller size. What is short stands on
the slide; a paragraph, a list item or a table cell that is long is cut to its beginning and stands
whole in the notes. What is more than one slide holds goes on on the next. Lengths are points
(1/72 inch).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from planning.products.blocks import (
    Block,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
    figures,
    notes_of,
    words_of,
)
from planning.products.document import Document
from planning.rendering.slides_size import (
    GAP,
    HEADING_TEXT,
    INDENT,
    LINE,
    LONG_HEADING,
    MOST_LINES,
    TEXT,
    fitted,
    height,
    line_of,
    lines,
    units,
)
from planning.rendering.slides_tables import Part, parts

__all__ = ["Cover", "Slide", "cover", "lines", "plan", "units"]

WIDTH, HEIGHT = 960.0, 540.0
LEFT, BODY_WIDTH = 58.0, 844.0
TOP, BOTTOM = 56.0, 472.0  # between the banners, above the footer
ABOVE_TEXT, ABOVE_HEIGHT = 13.0, 5.0  # what the line above a title takes of the slide
HEADLINE, SMALL_HEADLINE = 29.0, 22.0  # type sizes of a title
HEADLINE_LINES, SMALL_HEADLINE_LINES = 2, 5  # that a title may have at either
HEADLINE_LINE, HEADLINE_GAP = 1.2, 18.0
PART_TEXT = 14.0
NARROWEST = 580.0  # no text on a slide is set narrower than this, tables aside
MAX_DEPTH, MAX_QUOTES = 6, 3  # of lists and quotations that are shown as such
MAX_ITEM = 240.0  # how high an item of a list may be with the paragraphs that go on in it
COVER_TITLE, COVER_LINE, COVER_WIDTH = 40.0, 1.16, 756.0
COVER_TEXT, COVER_ROW, COVER_LABEL = 15.0, 21.0, 150.0


@dataclass(frozen=True)
class Slide:
    """One slide. ``part`` counts the slides of a section from 1, of ``parts``.

    ``size`` is the type size of the title, ``top`` where the text begins below it. ``notes`` hold
    what the slide shows cut, whole, and its footnotes.
    """

    title: str
    above: str
    number: str
    portion: str
    blocks: tuple[Block, ...]
    notes: tuple[Block, ...] = ()
    part: int = 1
    parts: int = 1
    empty: bool = False
    size: float = HEADLINE
    top: float = TOP

    @property
    def counted(self) -> str:
        """“2 of 3”, or nothing where the section is one slide."""
        return f"{self.part} of {self.parts}" if self.parts > 1 else ""


@dataclass(frozen=True)
class Cover:
    """The title slide: the title with its size and lines, rows of names and values, and notes."""

    title: str
    size: float
    lines: int
    rows: tuple[tuple[str, str], ...]
    notes: tuple[Block, ...]


@dataclass
class _Piece:
    """What is not parted: a block or a row of a table, and what it belongs to.

    ``quotes`` are the quotations that it stands in. ``keep`` holds it with the piece after it.
    """

    block: Block | tuple[Part, int]
    family: int = 0
    quotes: tuple[int, ...] = ()
    keep: bool = False


@dataclass
class _Plan:
    """The pieces of a section and what its notes have to hold."""

    document: Document
    pieces: list[_Piece] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    families: int = 0

    def family(self) -> int:
        """The number of a new list, table or quotation."""
        self.families += 1
        return self.families


def plan(document: Document) -> tuple[Slide, ...]:
    """The slides of a Document after its title slide, in reading order."""
    slides: list[Slide] = []
    for section in document.sections:
        empty = Slide(
            section.title, line_of(": ".join(section.above), BODY_WIDTH, ABOVE_TEXT)[0],
            section.number, section.portion, (), empty=section.empty,
        )  # fmt: skip
        slides += _slides(document, empty, section.blocks)
    for annex in document.annexes:
        slides += _slides(
            document, Slide(annex.title, "", "", document.marking.portion, ()), annex.blocks
        )
    return tuple(slides)


def cover(document: Document) -> Cover:
    """What stands on the title slide; rows that find no room stand in its notes."""
    notes: list[Block] = []
    size, count = COVER_TITLE, lines(document.subject, COVER_WIDTH, COVER_TITLE)
    title = document.subject
    if count > 3:
        size = HEADLINE
        title, was_cut = line_of(title, COVER_WIDTH, HEADLINE, 4)
        count = lines(title, COVER_WIDTH, HEADLINE)
        if was_cut:
            notes.append(Paragraph((Run(document.subject),)))
    room = BOTTOM - TOP - 130.0 - count * size * COVER_LINE
    rows = []
    cut = False
    for name, value in (*document.header, *document.designation):
        name, name_cut = line_of(name, COVER_LABEL, COVER_TEXT)
        value, value_cut = line_of(value, BODY_WIDTH - COVER_LABEL, COVER_TEXT, 2)
        room -= COVER_ROW * lines(value, BODY_WIDTH - COVER_LABEL, COVER_TEXT)
        cut |= name_cut or value_cut or room < 0
        if room >= 0:
            rows.append((name, value))
    if cut:
        notes += [
            Paragraph((Run(f"{name}: {value}"),))
            for name, value in (*document.header, *document.designation)
        ]
    return Cover(title, size, count, tuple(rows), tuple(notes))


def _slides(document: Document, empty: Slide, blocks: tuple[Block, ...]) -> list[Slide]:
    """The slides of a section whose title and marks ``empty`` has."""
    made = _Plan(document)
    for block in blocks:
        _pieces(block, made, BODY_WIDTH, ())
    title, size, top = _headline(empty, "")
    pages = _pages(made, BOTTOM - top) or [()]
    if len(pages) > 1:  # “2 of 3” takes room in the title
        title, size, top = _headline(empty, " 10 of 10")
        pages = _pages(made, BOTTOM - top)
    cut = [Paragraph((Run(empty.title),))] if title != empty.title else []
    notes = (*cut, *made.notes, *_footnotes(blocks))
    return [
        Slide(
            title, empty.above, empty.number, empty.portion, page, notes if n == 1 else (), n,
            len(pages), empty.empty, size, top,
        )
        for n, page in enumerate(pages, start=1)
    ]  # fmt: skip


def _headline(slide: Slide, more: str) -> tuple[str, float, float]:
    """The title as it is shown, its type size, and where the text below it begins."""
    title, size = slide.title, HEADLINE

    def count_lines() -> int:
        """With the mark and the count behind the title, which are smaller than it."""
        small = units(slide.portion) * 0.9 + units(more) * PART_TEXT / size
        rest = "x" * math.ceil(small / units("x"))
        return lines(f"{title} {rest}", BODY_WIDTH, size)

    count = count_lines()
    if count > HEADLINE_LINES:
        size = SMALL_HEADLINE
        count = count_lines()
        most = SMALL_HEADLINE_LINES
        while count > SMALL_HEADLINE_LINES:
            title = line_of(slide.title, BODY_WIDTH, size, most)[0]
            count = count_lines()
            most -= 1
    above = ABOVE_HEIGHT if slide.above else 0.0
    return title, size, TOP + above + count * size * HEADLINE_LINE + HEADLINE_GAP


def _footnotes(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    for run in notes_of(blocks):
        yield Paragraph((Run(f"{run.number}. {run.note}"),))


# ---------- pieces


def _pieces(block: Block, made: _Plan, width: float, quotes: tuple[int, ...]) -> None:
    """Part a block into pieces. ``width`` is at most what it will have."""
    match block:
        case Paragraph(runs):
            cut, was_cut = fitted(runs, width, TEXT, MOST_LINES)
            if was_cut:
                made.notes.append(block)
            made.pieces.append(_Piece(Paragraph(cut), 0, quotes))
        case Heading(runs, level):
            cut, was_cut = fitted(runs, width, HEADING_TEXT, MOST_LINES, LONG_HEADING)
            if was_cut:
                made.notes.append(block)
            made.pieces.append(_Piece(Heading(cut, level), 0, quotes, keep=True))
        case ListBlock():
            _items(block, made, width, 1, made.family(), quotes)
        case Table():
            _rows(block, made, quotes)
        case Quote(inner):
            quotes = (*quotes, made.family())[:MAX_QUOTES]
            for one in inner:
                _pieces(one, made, max(width - INDENT, NARROWEST), quotes)
        case Figure(key, alt):
            if key in made.document.pictures:
                made.pieces.append(_Piece(block, 0, quotes))
            else:
                gone = Paragraph((Run(f"[Picture: {alt or 'not described'}]"),))
                _pieces(gone, made, width, quotes)


def _items(
    block: ListBlock, made: _Plan, width: float, level: int, family: int, quotes: tuple[int, ...]
) -> None:
    """Each item a piece with the paragraphs that go on in it; lists inside it are pieces too."""
    room = max(width - INDENT * min(level, MAX_DEPTH), NARROWEST)
    for place, item in enumerate(block.items):
        own: list[Block] = []
        used, rest = 0.0, list(item)
        while rest and isinstance(rest[0], Paragraph):
            cut, was_cut = fitted(rest[0].runs, room, TEXT, MOST_LINES)
            used += lines(words_of(cut), room, TEXT) * LINE + GAP
            if own and used > MAX_ITEM:
                break
            if was_cut:
                made.notes.append(rest[0])
            own.append(Paragraph(cut))
            rest.pop(0)
        one: Block = ListBlock(block.ordered, (tuple(own),), block.start + place)
        for _ in range(min(level, MAX_DEPTH) - 1):
            one = ListBlock(False, ((one,),))
        if any(words_of(p.runs).strip() for p in own if isinstance(p, Paragraph)):
            made.pieces.append(_Piece(one, family, quotes))
        for below in rest:
            if isinstance(below, ListBlock):
                _items(below, made, width, level + 1, family, quotes)
            else:
                _pieces(below, made, room, quotes)


def _rows(table: Table, made: _Plan, quotes: tuple[int, ...]) -> None:
    """Each row a piece, under its header. Pictures in cells come after the table."""
    whole = True
    for part in parts(table, BODY_WIDTH - INDENT * len(quotes)):
        family = made.family()
        whole &= part.whole
        for y in range(part.head, len(part.rows)):
            made.pieces.append(_Piece((part, y), family, quotes))
        if part.head == len(part.rows):
            made.pieces.append(_Piece(part.table(()), family, quotes))
    if not whole:
        made.notes.append(table)
    for figure in figures([table]):
        _pieces(figure, made, NARROWEST, quotes)


# ---------- pages


def _pages(made: _Plan, room: float) -> list[tuple[Block, ...]]:
    """The blocks of each slide, none higher than ``room`` where it has more than one piece."""
    pictures = made.document.pictures

    def high(pieces: Sequence[_Piece]) -> float:
        return height(tuple(_joined(pieces)), BODY_WIDTH, pictures)

    pages: list[list[_Piece]] = []
    page: list[_Piece] = []
    for place, piece in enumerate(made.pieces):
        kept = place
        while made.pieces[kept].keep and kept + 1 < len(made.pieces) and kept < place + 3:
            kept += 1
        if page and not page[-1].keep and high([*page, *made.pieces[place : kept + 1]]) > room:
            pages.append(page)
            page = []
        elif page and high([*page, piece]) > room:
            pages.append(page)
            page = []
        page.append(piece)
    if page:
        pages.append(page)
    return [tuple(_joined(page)) for page in pages]


def _joined(page: Sequence[_Piece], depth: int = 0) -> Iterator[Block]:
    """Neighbors of one list, table or quotation become one block again."""
    start = 0
    for end in range(1, len(page) + 1):
        if end < len(page) and _together(page[end - 1], page[end], depth):
            continue
        group = page[start:end]
        if len(group[0].quotes) > depth:
            yield Quote(tuple(_joined(group, depth + 1)))
        else:
            yield _merge(group)
        start = end


def _together(one: _Piece, other: _Piece, depth: int) -> bool:
    first, second = one.quotes[depth : depth + 1], other.quotes[depth : depth + 1]
    if first or second:
        return first == second
    if not one.family or one.family != other.family:
        return False
    if isinstance(one.block, ListBlock) and isinstance(other.block, ListBlock):
        return one.block.ordered == other.block.ordered
    return isinstance(one.block, tuple) and isinstance(other.block, tuple)


def _merge(group: Sequence[_Piece]) -> Block:
    first = group[0].block
    if isinstance(first, tuple):
        return first[0].table([p.block[1] for p in group if isinstance(p.block, tuple)])
    if isinstance(first, ListBlock):
        lists = [p.block for p in group if isinstance(p.block, ListBlock)]
        return ListBlock(first.ordered, tuple(i for b in lists for i in b.items), first.start)
    return first
