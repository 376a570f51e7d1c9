"""How much one file may hold, counted before anything is made.

A program that has begun on a table of a million cells cannot be stopped for its memory, so each
kind of file has a bound on what makes it large. Each refusal is a sentence for the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planning.products.blocks import (
    Block,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    words_of,
)
from planning.products.document import Document, Picture
from planning.rendering.base import RenderError

MAX_CHARACTERS = 3_000_000
MAX_PARAGRAPHS = 20_000
MAX_CELLS: Mapping[str, int] = {"PDF": 20_000, "HTML": 50_000, "Word": 200_000, "Excel": 200_000}
MAX_COLUMNS = 100  # of one table in a PDF: below 5 points to a column nothing is readable
MAX_PICTURE_BYTES = 150_000_000
MAX_PIXELS = 250_000_000  # of all pictures of a file, 3 bytes each where they are decoded
MAX_PAGES = 400
PAGE_CHARACTERS = 6_000  # more than a page of the smallest type holds


@dataclass
class Weight:
    """How much there is: paragraphs, the places of tables, letters, and the broadest table."""

    paragraphs: int = 0
    cells: int = 0
    characters: int = 0
    columns: int = 0

    def add(self, blocks: Iterable[Block]) -> None:
        """Count blocks and what is in them."""
        for block in blocks:
            match block:
                case ListBlock(_, items, _):
                    for item in items:
                        self.paragraphs += not item or not isinstance(item[0], Paragraph)
                        self.add(item)
                case Table(rows, _):
                    broadest = max((sum(c.colspan for c in row) for row in rows), default=0)
                    covered = sum(c.colspan * c.rowspan for row in rows for c in row)
                    # At least as many places as ``grid`` makes, told without making them.
                    self.cells += max(covered, broadest * len(rows))
                    self.columns = max(self.columns, broadest)
                    for row in rows:
                        for cell in row:
                            self.add(cell.blocks)
                case Quote(inner):
                    self.add(inner)
                case Paragraph(runs) | Heading(runs, _):
                    self.paragraphs += 1
                    self._words(runs)
                case Figure():
                    self.paragraphs += 1

    def _words(self, runs: Inline) -> None:
        self.characters += len(words_of(runs)) + sum(len(run.note) for run in runs)


def check(documents: Sequence[Document], program: str) -> None:
    """Raise RenderError when the documents of one file are more than ``program`` takes.

    ``program`` is a key of ``MAX_CELLS``.
    """
    groups = [s.blocks for d in documents for s in d.sections]
    groups += [a.blocks for d in documents for a in d.annexes]
    pictures = {key: one for d in documents for key, one in d.pictures.items()}
    check_blocks(groups, program)
    check_pictures(pictures.values())


def check_blocks(groups: Iterable[Sequence[Block]], program: str) -> None:
    """Raise RenderError when ``groups`` of blocks are more than ``program`` takes."""
    weight = Weight()
    for blocks in groups:
        weight.add(blocks)
    if weight.paragraphs > MAX_PARAGRAPHS:
        raise RenderError(
            f"This document holds {weight.paragraphs:,} paragraphs; {MAX_PARAGRAPHS:,} is the most "
            f"for {program}. Part it into two products."
        )
    if weight.cells > MAX_CELLS[program]:
        raise RenderError(
            f"The tables of this document hold {weight.cells:,} cells; {MAX_CELLS[program]:,} is "
            f"the most for {program}. Take out rows or columns, or part it into two products."
        )
    if weight.characters > MAX_CHARACTERS:
        raise RenderError(
            f"This document holds {weight.characters / 1e6:.1f} million characters; "
            f"{MAX_CHARACTERS / 1e6:.0f} million is the most. Part it into two products."
        )
    if program != "PDF":
        return
    if weight.columns > MAX_COLUMNS:
        raise RenderError(
            f"A table of this document has {weight.columns} columns; {MAX_COLUMNS} is the most "
            "that a page takes. Part the table, or export it as an Excel workbook."
        )
    check_pages(weight.characters // PAGE_CHARACTERS, "at least ")


def check_pages(pages: int, about: str = "") -> None:
    """Raise RenderError when a PDF would have too many pages."""
    if pages > MAX_PAGES:
        raise RenderError(
            f"This document would have {about}{pages} pages; {MAX_PAGES} is the most. "
            "Shorten it, or part it into two products."
        )


def check_pictures(pictures: Iterable[Picture]) -> None:
    """Raise RenderError when pictures together take more memory than a worker has for them."""
    kept = list(pictures)
    size = sum(len(one.content) for one in kept)
    pixels = sum(one.width * one.height for one in kept)
    if size > MAX_PICTURE_BYTES or pixels > MAX_PIXELS:
        raise RenderError(
            f"The pictures of this document take {size / 1e6:.0f} MB and {pixels / 1e6:.0f} million "
            f"pixels; {MAX_PICTURE_BYTES / 1e6:.0f} MB and {MAX_PIXELS / 1e6:.0f} million are the "
            "most. Make some of them smaller, or part the document into two products."
        )
