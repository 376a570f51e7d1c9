"""Blocks as WordprocessingML: paragraphs, lists, tables, quotations and pictures."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.opc.constants import RELATIONSHIP_TYPE

from planning.products.blocks import (
    Block,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
    right_to_left,
    text_of,
    words_of,
)
from planning.products.document import Picture
from planning.rendering.docx_footnotes import Footnotes
from planning.rendering.docx_styles import BULLETS, INK, LEVELS, NUMBERS, STEP, TEXT_WIDTH
from planning.rendering.docx_words import attribute, line, look, paragraph, run
from planning.rendering.office import link_address
from planning.rendering.tables import Placed, column_shares, layout

PIXEL, TWIP = 9525, 635  # in EMU, which pictures are measured in; a pixel is 1/96 inch
MAX_PICTURE_HEIGHT = 5_850_000  # EMU, 6.4 inches
MAX_COLUMNS = 63  # Word takes no more in a table
CELL_SIDES = 175
QUOTE = 300  # how far a quotation is set in; its style says the same
LINES_KEPT = 25  # a row higher than this may be parted between pages
GAP = paragraph("Gap", "")


@dataclass(frozen=True)
class Place:
    """Where blocks stand: how wide and how far in (twips), how deep in lists, in what style.

    ``level`` is that of the heading above.
    """

    width: int = TEXT_WIDTH
    indent: int = 0
    depth: int = 0
    style: str = "Normal"
    level: int = 1
    cell: bool = False


class Writer:
    """Writes blocks, and keeps what other parts of the file need: notes, lists, links, pictures."""

    def __init__(self, part: Any, pictures: Mapping[str, Picture]) -> None:
        self.part = part
        self.pictures = pictures
        self.footnotes = Footnotes()
        self.lists: list[tuple[int, int]] = []
        self._links: dict[str, str] = {}
        self._drawn = 0

    # ---------- words

    def inline(self, runs: Inline, bidi: bool) -> str:
        """The runs of a paragraph whose direction is ``bidi``."""
        return "".join(self._run(one, bidi) for one in runs)

    def _run(self, one: Run, bidi: bool) -> str:
        if one.note:
            return self.footnotes.reference(one.number, one.note)
        address = link_address(one.href) if one.href else ""
        if not address:
            return run(one.text, look(one.marks), bidi=bidi)
        if address not in self._links:
            self._links[address] = self.part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        inner = run(one.text, look(one.marks), bidi=bidi, style="Hyperlink")
        return f'<w:hyperlink r:id="{self._links[address]}" w:history="1">{inner}</w:hyperlink>'

    # ---------- blocks

    def blocks(self, blocks: Sequence[Block], place: Place, portion: str = "") -> str:
        """Blocks one after the other; paragraphs and lists carry the ``portion`` mark, if any."""
        return "".join(self.block(block, place, portion) for block in blocks)

    def block(self, block: Block, place: Place, portion: str = "") -> str:
        """One block."""
        match block:
            case Paragraph(runs):
                return self._paragraph(runs, place, portion)
            case Heading(runs, below):
                level = min(max(place.level + below, 2), LEVELS)
                style = "TableHeading" if place.cell else f"TextHeading{level}"
                return self._paragraph(runs, replace(place, style=style), "")
            case ListBlock():
                return self._list(block, place, portion)
            case Table():
                return self._flat(block, place) if place.cell else self._table(block, place)
            case Quote(inner):
                style = place.style if place.cell else "Quote"
                within = replace(place, style=style, indent=place.indent + QUOTE)
                return self.blocks(inner, within)
            case Figure():
                return self._figure(block, place)

    def _paragraph(
        self, runs: Inline, place: Place, portion: str, number: tuple[int, int] | None = None
    ) -> str:
        bidi = right_to_left(words_of(runs))
        mark = run(f"{portion} ", style="Portion") if portion else ""
        content = mark + self.inline(runs, bidi)
        # A style knows its own indent; it is written out where the text stands elsewhere.
        left = place.indent + STEP * place.depth
        own = QUOTE if place.style == "Quote" else 0
        if place.style.startswith("List"):
            own = STEP * place.depth
        return paragraph(
            place.style, content, number=number, bidi=bidi,
            indent=None if left == own else left, hanging=STEP if number else 0,
        )  # fmt: skip

    # ---------- lists

    def _list(self, block: ListBlock, place: Place, portion: str) -> str:
        """A list is one portion: its first item carries the mark. Each list counts for itself."""
        depth = min(place.depth + 1, LEVELS)
        suffix = str(depth) if depth > 1 else ""
        here = replace(place, depth=depth)
        item_style = f"List{'Number' if block.ordered else 'Bullet'}{suffix}"
        if place.cell:
            first = rest = here
        else:
            first = replace(here, style=item_style)
            rest = replace(here, style=f"ListContinue{suffix}")
        parts = []
        identity = 0 if block.ordered else BULLETS
        for count, item in enumerate(block.items):
            mark = portion if not count else ""
            if item and isinstance(item[0], ListBlock):
                # It shows no number of its own but takes one, as in HTML.
                parts.append(self.blocks(item[:1], rest, mark) + self.blocks(item[1:], rest))
                identity = 0 if block.ordered else BULLETS
                continue
            if not identity:
                self.lists.append((depth - 1, block.start + count))
                identity = NUMBERS + len(self.lists)
            number = identity, depth - 1
            match item[0] if item else None:
                case Paragraph(runs):
                    parts.append(self._paragraph(runs, first, mark, number))
                    item = item[1:]
                case Heading(runs, _):
                    bold = tuple(replace(r, marks=r.marks | {"strong"}) for r in runs)
                    parts.append(self._paragraph(bold, first, mark, number))
                    item = item[1:]
                case _:
                    parts.append(self._paragraph((), first, mark, number))
            parts.append(self.blocks(item, rest))
        return "".join(parts)

    # ---------- tables

    def _flat(self, table: Table, place: Place) -> str:
        """A table inside a cell, cell by cell."""
        return "".join(self.blocks(c.blocks, place) for row in table.rows for c in row)

    def _table(self, table: Table, place: Place) -> str:
        rows, width = layout(table)
        left = place.indent + STEP * place.depth
        room = TEXT_WIDTH - left
        parts = [
            self._columns([row[x : x + MAX_COLUMNS] for row in rows], x, table.head, left, room)
            for x in range(0, width, MAX_COLUMNS)
        ]
        return "".join(f"{part}{GAP}" for part in parts)

    def _columns(
        self, rows: list[list[Placed]], first: int, head: int, left: int, room: int
    ) -> str:
        """A table of the columns from ``first`` that ``rows`` hold."""
        count = len(rows[0]) if rows else 0
        shares = column_shares(rows, count)
        widths = [max(int(room * share), 120) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        body = "".join(self._row(row, y, first, head, widths) for y, row in enumerate(rows))
        indent = f'<w:tblInd w:w="{left}" w:type="dxa"/>' if left else ""
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="DataTable"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{indent}<w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{"0620" if head else "0600"}" w:firstRow="{int(bool(head))}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
            'w:noHBand="1" w:noVBand="1"/>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
        )

    def _row(self, row: list[Placed], y: int, first: int, head: int, widths: list[int]) -> str:
        cells, high, x = [], 0, 0
        while x < len(row):
            one = row[x]
            across = min(one.column + one.columns - first - x, len(row) - x)
            wide = sum(widths[x : x + across])
            begins = one.row == y and one.column == first + x
            cells.append(self._cell(one, begins, across, wide, y < head, y == head - 1))
            if one.cell is not None and begins and one.rows == 1:
                letters = max((wide - CELL_SIDES) // 95, 1)
                words = text_of(one.cell.blocks)
                high = max(high, sum(len(w) // letters + 1 for w in words.split("\n")))
            x += across
        kept = "<w:cantSplit/>" if high <= LINES_KEPT else ""
        # A header as high as a page would push the text off every page.
        repeated = "<w:tblHeader/>" if y < head and high <= LINES_KEPT else ""
        properties = f"<w:trPr>{kept}{repeated}</w:trPr>" if kept or repeated else ""
        return f"<w:tr>{properties}{''.join(cells)}</w:tr>"

    def _cell(
        self, one: Placed, begins: bool, across: int, wide: int, header: bool, last: bool
    ) -> str:
        properties = f'<w:tcW w:w="{wide}" w:type="dxa"/>'
        if across > 1:
            properties += f'<w:gridSpan w:val="{across}"/>'
        if one.rows > 1:
            properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
        if last:
            properties += (
                "<w:tcBorders>"
                f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/></w:tcBorders>'
            )
        if header:
            properties += '<w:vAlign w:val="bottom"/>'
        inner = ""
        if begins and one.cell is not None:
            style = "TableHeading" if header or one.cell.header else "TableText"
            inner = self.blocks(
                one.cell.blocks, Place(max(wide - CELL_SIDES, 120), 0, 0, style, 1, True)
            )
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner or paragraph('TableText', '')}</w:tc>"

    # ---------- pictures

    def _figure(self, figure: Figure, place: Place) -> str:
        left = place.indent + STEP * place.depth
        picture = self.pictures.get(figure.picture)
        drawn = ""
        if picture is not None:
            room = max(place.width - left, 240) * TWIP
            drawn = self.drawing(picture, figure.alt, room, MAX_PICTURE_HEIGHT)
        if not drawn:
            words = f"[Picture: {figure.alt or 'not described'}]"
            style = place.style if place.cell else "Caption"
            return line(style, words) if not left else paragraph(style, run(words), indent=left)
        style = "TableText" if place.cell else "Picture"
        return paragraph(style, drawn, indent=left or None)

    def drawing(self, picture: Picture, alt: str, width: int, height: int) -> str:
        """A run with the picture, at most ``width`` by ``height`` EMU; “” when it is broken."""
        try:
            relation, _ = self.part.get_or_add_image(BytesIO(picture.content))
        except (
            UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError,
            struct.error, KeyError, ValueError,
        ):  # fmt: skip
            return ""
        across, down = max(picture.width, 1) * PIXEL, max(picture.height, 1) * PIXEL
        scale = min(1.0, width / across, height / down)
        extent = f'cx="{max(int(across * scale), 1)}" cy="{max(int(down * scale), 1)}"'
        self._drawn += 1
        number = self._drawn
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent {extent}/><wp:docPr id="{number}" name="Picture {number}" '
            f'descr="{attribute(alt)}"/><wp:cNvGraphicFramePr>'
            '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
            f'<a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect">'
            "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
            "</wp:inline></w:drawing></w:r>"
        )
