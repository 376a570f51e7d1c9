"""Blocks: the words of a section as a small tree, read from sanitized HTML. No ORM, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any


@dataclass(frozen=True)
class Run:
    """Words with one look. ``marks`` are names of inline tags; ``href`` makes a link.

    A run with a ``note`` is the reference of a footnote: it has no words, and its ``number``
    counts through the document.
    """

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""
    note: str = ""
    number: int = 0


Inline = tuple[Run, ...]  # a Run with the text "\n" is a line break


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Inline


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; ``level`` 1 or 2 below the section's own."""

    runs: Inline
    level: int


@dataclass(frozen=True)
class ListBlock:
    """A list; each item holds blocks. An ordered one counts from ``start``."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Cell:
    """A table cell; spans are at least 1."""

    blocks: tuple[Block, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Table:
    """A table: the first ``head`` rows are its header."""

    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Figure:
    """A picture by the SHA-256 of its file, with the words that stand for it."""

    picture: str
    alt: str


Block = Paragraph | Heading | ListBlock | Table | Quote | Figure


PICTURE = re.compile(r"/efforts/[-a-z0-9]+/pictures/([0-9a-f]{64})/")
MAX_DEPTH = 60  # elements in each other; the sanitizer lets far fewer pass
_INLINE = {"strong", "em", "u", "s", "sub", "sup"}


class _Node:
    """An open block while parsing: its tag, attributes, finished blocks and loose runs."""

    def __init__(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        self.tag = tag
        self.attrs = attrs
        self.blocks: list[Any] = []
        self.runs: list[Run] = []

    def flush(self) -> None:
        """Close loose words into a paragraph."""
        runs = _trim(self.runs)
        self.runs = []
        if runs:
            self.blocks.append(Paragraph(runs))


def _trim(runs: list[Run]) -> Inline:
    """Join equal neighbors, fold spaces, drop empty edges."""
    joined: list[Run] = []
    for run in runs:
        if run.text == "\n" or run.note:
            joined.append(run)
            continue
        text = " ".join(f"x{run.text}x".split())[1:-1]
        if joined and joined[-1].text != "\n" and not joined[-1].note and (
            joined[-1].marks, joined[-1].href
        ) == (run.marks, run.href):  # fmt: skip
            text = joined.pop().text + text
        if text:
            joined.append(Run(text, run.marks, run.href))
    while joined and not (joined[0].text.strip() or joined[0].note):
        joined.pop(0)
    while joined and not (joined[-1].text.strip() or joined[-1].note):
        joined.pop()
    return tuple(joined)


class _Parser(HTMLParser):
    """Sanitized HTML to blocks. What is nested beyond ``MAX_DEPTH`` is joined to what holds it."""

    def __init__(self, note: int) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("root", {})]
        self.marks: list[str] = []
        self.hrefs: list[str] = []
        self.note = note  # the number of the next footnote
        self.in_note = False

    def handle_data(self, data: str) -> None:
        if self.in_note:
            return  # the mark that stands for the note; its number is counted here
        href = self.hrefs[-1] if self.hrefs else ""
        self.open[-1].runs.append(Run(data, frozenset(self.marks), href))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "br":
            self.open[-1].runs.append(Run("\n"))
        elif tag == "sup" and values.get("data-note"):
            self.open[-1].runs.append(Run("", note=values["data-note"] or "", number=self.note))
            self.note += 1
            self.in_note = True
        elif tag == "img":
            found = PICTURE.fullmatch(values.get("src") or "")
            if found:
                self.open[-1].flush()
                self.open[-1].blocks.append(Figure(found.group(1), values.get("alt") or ""))
        elif tag == "q":
            pass  # a quoted fact: its words are plain words on paper
        elif tag in _INLINE:
            self.marks.append(tag)
        elif tag == "a":
            self.hrefs.append(values.get("href") or "")
        else:
            self.open[-1].flush()
            if len(self.open) <= MAX_DEPTH:
                self.open.append(_Node(tag, values))

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup" and self.in_note:
            self.in_note = False
        elif tag in _INLINE:
            if tag in self.marks:
                self.marks.remove(tag)
        elif tag == "a":
            if self.hrefs:
                self.hrefs.pop()
        elif any(node.tag == tag for node in self.open[1:]):
            while self.open[-1].tag != tag:
                self._shut()
            self._shut()

    def finish(self) -> tuple[Block, ...]:
        """All blocks of the text."""
        self.close()
        while len(self.open) > 1:
            self._shut()
        self.open[0].flush()
        return tuple(b for b in self.open[0].blocks if isinstance(b, Block))

    def _shut(self) -> None:
        node = self.open.pop()
        above = self.open[-1]
        if node.tag in {"h3", "h4"}:
            runs = _trim(node.runs)
            if runs:
                above.blocks.append(Heading(runs, 1 if node.tag == "h3" else 2))
            return
        node.flush()
        made = _block(node)
        if isinstance(made, list):
            above.blocks.extend(made)
        elif made is not None:
            above.blocks.append(made)


def _block(node: _Node) -> Any:
    """What a closed block element stands for; a list when it only holds blocks."""
    if node.tag == "li":
        return _Item(tuple(node.blocks))
    if node.tag in {"ul", "ol"}:
        items = tuple(b.blocks for b in node.blocks if isinstance(b, _Item))
        return ListBlock(node.tag == "ol", items) if items else None
    if node.tag in {"td", "th"}:
        return Cell(
            tuple(node.blocks), node.tag == "th",
            _span(node.attrs.get("colspan")), _span(node.attrs.get("rowspan")),
        )  # fmt: skip
    if node.tag == "tr":
        return _Row(tuple(b for b in node.blocks if isinstance(b, Cell)))
    if node.tag == "thead":
        return [_Row(r.cells, head=True) for r in node.blocks if isinstance(r, _Row)]
    if node.tag == "table":
        rows = [r for r in node.blocks if isinstance(r, _Row) and r.cells]
        head = 0
        for row in rows:
            if not (row.head or all(c.header for c in row.cells)):
                break
            head += 1
        return Table(tuple(r.cells for r in rows), head) if rows else None
    if node.tag == "blockquote":
        return Quote(tuple(node.blocks)) if node.blocks else None
    return node.blocks


@dataclass(frozen=True)
class _Item:
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Row:
    cells: tuple[Cell, ...]
    head: bool = False


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 50) if value and value.isdigit() else 1


def parse(html: str, first_note: int = 1) -> tuple[Block, ...]:
    """Blocks of sanitized HTML; its footnotes count from ``first_note``."""
    parser = _Parser(first_note)
    parser.feed(html)
    return parser.finish()


def inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    """The words of each paragraph and heading, in reading order."""
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(runs, _):
                yield runs
            case ListBlock(_, items, _):
                for item in items:
                    yield from inlines(item)
            case Table(rows, _):
                for row in rows:
                    for cell in row:
                        yield from inlines(cell.blocks)
            case Quote(inner):
                yield from inlines(inner)
            case Figure():
                pass


def figures(blocks: Sequence[Block]) -> Iterator[Figure]:
    """The pictures of blocks, in reading order."""
    for block in blocks:
        match block:
            case Figure():
                yield block
            case ListBlock(_, items, _):
                for item in items:
                    yield from figures(item)
            case Table(rows, _):
                for row in rows:
                    for cell in row:
                        yield from figures(cell.blocks)
            case Quote(inner):
                yield from figures(inner)
            case Paragraph() | Heading():
                pass


def notes_of(blocks: Sequence[Block]) -> list[Run]:
    """The footnotes of blocks, in the order of their numbers."""
    return [run for runs in inlines(blocks) for run in runs if run.note]


def tables_of(blocks: Sequence[Block]) -> list[Table]:
    """The tables that stand by themselves or in a quotation, in reading order."""
    found: list[Table] = []
    for block in blocks:
        if isinstance(block, Table):
            found.append(block)
        elif isinstance(block, Quote):
            found += tables_of(block.blocks)
    return found


def words_of(runs: Inline) -> str:
    """The words of one paragraph; a line break is a new line, a footnote's mark is left out."""
    return "".join(run.text for run in runs)


def text_of(blocks: Sequence[Block]) -> str:
    """The words of blocks, one line per paragraph; what every format must hold."""
    return "\n".join(words_of(runs) for runs in inlines(blocks))


def right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (Unicode rule P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL", "L"}:
            return kind != "L"
    return False


def grid(table: Table) -> list[list[Cell | None]]:
    """The table as rows of equal length: a place that a span covers holds None."""
    width = max((sum(c.colspan for c in row) for row in table.rows), default=0)
    rows: list[list[Cell | None]] = []
    covered: dict[tuple[int, int], bool] = {}
    for y, cells in enumerate(table.rows):
        row: list[Cell | None] = []
        waiting = list(cells)
        x = 0
        while waiting or covered.get((y, x)):
            if covered.get((y, x)):
                row.append(None)
                x += 1
                continue
            cell = waiting.pop(0)
            for dy in range(cell.rowspan):
                for dx in range(cell.colspan):
                    covered[y + dy, x + dx] = True
            row.append(cell)
            row += [None] * (cell.colspan - 1)
            x += cell.colspan
        width = max(width, len(row))
        rows.append(row)
    return [row + [None] * (width - len(row)) for row in rows]
