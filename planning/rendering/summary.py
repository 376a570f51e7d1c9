"""What one page says of a Document: the beginning of each section that is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planning.products.blocks import (
    Block,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    inlines,
    words_of,
)
from planning.products.document import Document, DocumentSection

MAX_LINES = 14  # more sections than this, and only those of the first level have a line each
WIDE = 12  # letters; a word is never counted shorter, so that text without spaces is cut too
MORE = " …"
_END = re.compile(r"[.!?。！？؟][”’\")]*(?=\s|$)|[。！？]")
_CLOSED = (".", "!", "?", ":", ";", ",", "。", "！", "？", "؟")


@dataclass(frozen=True)
class Line:
    """One section on the page: its title, its portion mark and its words."""

    title: str
    portion: str
    text: str


def lines(document: Document) -> list[Line]:
    """A line for each written section, or for each of the first level with what is in it.

    A line that holds several portions of different marking carries the document's.
    """
    written = [s for s in document.sections if not s.empty]
    if len(written) <= MAX_LINES:
        return [Line(s.title, s.portion, _text(s.blocks)) for s in written]
    groups: list[list[DocumentSection]] = []
    for section in document.sections:
        if section.depth == 1 or not groups:
            groups.append([])
        groups[-1].append(section)
    found = []
    for group in groups:
        full = [s for s in group if not s.empty]
        if full:
            marks = {s.portion for s in full}
            portion = marks.pop() if len(marks) == 1 else document.marking.portion
            text = " ".join(_text(s.blocks) for s in full)
            found.append(Line(group[0].title, portion, text))
    return found


def cut(text: str, words: int) -> str:
    """The beginning of ``text``: at most ``words`` words, whole sentences if they fill half."""
    kept = text.split()
    start = text if len(kept) <= words else " ".join(kept[:words])
    start = start[: words * WIDE]
    if start == text:
        return text
    ends = [found.end() for found in _END.finditer(start)]
    if ends and ends[-1] > len(start) / 2:
        return start[: ends[-1]] + MORE
    return start.rstrip(" ,;:") + MORE


def _text(blocks: Sequence[Block]) -> str:
    """The words of blocks as running text: prose first; tables only where there is nothing else."""
    prose = _joined(_prose(blocks))
    return prose if len(prose.split()) >= 8 else _joined([prose, *_rows(blocks)])


def _joined(parts: Iterator[str] | Sequence[str]) -> str:
    text = ""
    for part in parts:
        if text and part:
            text += " " if text.endswith(_CLOSED) else "; "
        text += part
    return text


def _prose(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield " ".join(words_of(runs).split())
            case Heading(runs, _):
                yield " ".join(words_of(runs).split()) + ":"
            case ListBlock(_, items, _):
                for item in items:
                    yield from _prose(item)
            case Quote(inner):
                yield from _prose(inner)
            case Table() | Figure():
                pass


def _rows(blocks: Sequence[Block]) -> Iterator[str]:
    """Each row of each table below its header: its first cell, then the others."""
    for block in blocks:
        match block:
            case Table(rows, head):
                for row in rows[head:]:
                    cells = [
                        " ".join(" ".join(words_of(r).split()) for r in inlines(c.blocks))
                        for c in row
                    ]
                    first, *others = [c for c in cells if c] or [""]
                    yield f"{first}: {', '.join(others)}" if others else first
            case ListBlock(_, items, _):
                for item in items:
                    yield from _rows(item)
            case Quote(inner):
                yield from _rows(inner)
            case Paragraph() | Heading() | Figure():
                pass
