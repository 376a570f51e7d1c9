"""The tables of a Document as an Excel workbook: one sheet for each, behind a sheet about it.

What a cell says is words or a plain number, never a formula: text that a spreadsheet could take
for one is stored as text and marked as quoted. Nothing is fetched, and the same Document gives the
same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

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
    inlines,
    notes_of,
    right_to_left,
    tables_of,
)
from planning.products.document import Document
from planning.rendering import bounds
from planning.rendering.base import RenderedFile, RenderError, bounded
from planning.rendering.office import (
    hex_color,
    link_address,
    moment,
    printable,
    property_words,
    repacked,
)
from planning.rendering.tables import Placed, layout

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SHEETS = 250
MAX_COLUMNS = 16_384  # these three are Excel's own
MAX_LETTERS = 32_767
MAX_NAME = 31
MIN_WIDTH, MAX_WIDTH = 9.0, 60.0  # of a column, in digits of the text
LINE = 13.5  # points
MAX_HEIGHT = 400.0  # points; Excel's own bound is 409
MAX_FROZEN = 10  # rows; more of them would leave no room to scroll
HEADER_LETTERS = 200  # of the banner in the print header; Excel takes 255 with its codes
_NUMERAL = re.compile(r"(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_LIVE = ("=", "+", "-", "@", "\t", "\r")
_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INK, _SOFT, _RULE = "FF171716", "FF5D5D52", "FFCAC9C0"


@dataclass(frozen=True)
class _Sheet:
    """A table with the section that it stands in."""

    name: str  # as wished; Excel's rules come later
    heading: str
    table: Table


def has_tables(document: Document) -> bool:
    """Whether a Document has anything that a workbook could show."""
    return any(True for _ in _tables(document))


def render(document: Document) -> RenderedFile:
    """The workbook of a Document's tables; its pages are the sheets.

    Raises RenderError when there are no tables or they are beyond a bound, ValueError unless the
    marking's color is #rrggbb.
    """
    with bounded():
        sheets = list(_tables(document))
        if not sheets:
            raise RenderError(
                "This product has no tables, so there is nothing for a workbook to hold. "
                "Export it as PDF or Word."
            )
        if len(sheets) > MAX_SHEETS:
            raise RenderError(
                f"This product has {len(sheets)} tables; {MAX_SHEETS} is the most for a workbook. "
                "Join some of them, or part it into two products."
            )
        bounds.check_blocks([[s.table] for s in sheets], "Excel")
        return _Book(document).made(sheets)


def _tables(document: Document) -> Iterator[_Sheet]:
    """The tables of sections and annexes, in reading order."""
    for section in document.sections:
        number = f"{section.number}. " if section.number else ""
        for table in tables_of(section.blocks):
            yield _Sheet(
                f"{section.number} {section.title}",
                f"{number}{section.title} {section.portion}".strip(), table,
            )  # fmt: skip
    for annex in document.annexes:
        for table in tables_of(annex.blocks):
            yield _Sheet(annex.title, annex.title, table)


class _Book:
    """One workbook while it is made."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.book = Workbook()
        self.names: set[str] = set()
        self.ground = hex_color(document.marking.ground)
        # Styles are shared: a workbook may hold only some ten thousand of them.
        self.plain = Alignment(vertical="top", wrap_text=True)
        self.turned = Alignment(vertical="top", wrap_text=True, horizontal="right", readingOrder=2)
        self.rule = Border(bottom=Side("hair", _RULE))
        self.head_rule = Border(bottom=Side("thin", _INK))

    def made(self, sheets: Sequence[_Sheet]) -> RenderedFile:
        """The file of these sheets."""
        about = self.book.active
        self._about(about)
        for sheet in sheets:
            self._sheet(self.book.create_sheet(self._name(sheet.name)), sheet)
        self._properties()
        out = BytesIO()
        self.book.save(out)
        content = repacked(out.getvalue(), self.document.created_at)
        return RenderedFile(MEDIA_TYPE, content, len(sheets) + 1)

    # ---------- sheets

    def _about(self, page: Any) -> None:
        one = self.document
        page.title = self._name("About")
        rows = [
            ("Title", one.title), ("Label", one.label), ("Effort", one.effort),
            ("Marking", one.marking.banner), ("State", one.state),
            ("SHA-256", one.content_hash), ("Created", one.created_at), *one.header,
        ]  # fmt: skip
        self._banner(page, 1, 2)
        self._words(page, 2, 1, one.subject, Font(name="Arial", size=14, bold=True))
        for y, (name, value) in enumerate(rows, start=3):
            self._words(page, y, 1, name, Font(name="Arial", size=10, color=_SOFT))
            self._words(page, y, 2, value, self._font(value))
        self._banner(page, len(rows) + 3, 2)
        page["A2"].alignment = Alignment(vertical="top")
        page.column_dimensions["A"].width = 20
        page.column_dimensions["B"].width = 80
        self._paper(page, 1)

    def _sheet(self, page: Any, sheet: _Sheet) -> None:
        """Banner, heading, the table, its footnotes, banner."""
        rows, width = layout(sheet.table)
        if width > MAX_COLUMNS:
            raise RenderError(
                f"A table in “{sheet.heading}” has {width:,} columns; {MAX_COLUMNS:,} is the most "
                "for Excel. Part it into two tables."
            )
        head = sheet.table.head
        self._banner(page, 1, width)
        self._words(page, 2, 1, sheet.heading, Font(name="Arial", size=12, bold=True))
        page["A2"].alignment = Alignment(vertical="top")  # it may run over its neighbors
        top = 3
        widths = [MIN_WIDTH] * width
        for y, row in enumerate(rows):
            for x, one in enumerate(row):
                if one.cell is not None and (one.row, one.column) == (y, x):
                    words = self._cell(page, top, one, y < head, sheet.heading)
                    if one.columns == 1:
                        widths[x] = max(widths[x], _width(words))
                elif one.cell is None or one.rows == one.columns == 1:
                    page.cell(top + y, x + 1).border = self.rule
        for x, wide in enumerate(widths):
            page.column_dimensions[get_column_letter(x + 1)].width = wide
        self._heights(page, top, rows, widths)
        last = top + len(rows) - 1
        if head:
            first = top + head - 1
            if head <= MAX_FROZEN:
                page.freeze_panes = f"A{top + head}"
            page.auto_filter.ref = f"A{first}:{get_column_letter(max(width, 1))}{last}"
            page.print_title_rows = f"{top}:{first}"
        for note in notes_of([sheet.table]):
            last += 1
            words = f"{note.number}. {note.note}"
            self._words(page, last, 1, words, Font(name="Arial", size=9, color=_SOFT))
            page.cell(last, 1).alignment = Alignment(vertical="top")
        self._banner(page, last + 1, width)
        self._paper(page, width)

    def _banner(self, page: Any, row: int, width: int) -> None:
        cell = self._words(
            page, row, 1, self.document.marking.banner,
            Font(name="Arial", size=11, bold=True, color=f"FF{self.ground}"),
        )  # fmt: skip
        # Not over all of a broad table: it has to be read where the sheet opens.
        across = min(width, 8)
        if across > 1:
            page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=across)
        cell.alignment = Alignment(horizontal="center" if across > 1 else "left")

    def _paper(self, page: Any, width: int) -> None:
        """How it is printed: letter, as broad as a page, the marking on every page."""
        one = self.document
        page.page_setup.orientation = "landscape" if width > 3 else "portrait"
        page.page_setup.paperSize = page.PAPERSIZE_LETTER
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.print_options.horizontalCentered = True
        banner = _print_code(one.marking.banner, HEADER_LETTERS)
        for part in (page.oddHeader, page.oddFooter):
            part.center.text = banner
            part.center.font = "Arial,Bold"
            part.center.color = self.ground
        left = _print_code(f"{one.effort}, {one.label}, {one.state}", 200 - len(banner))
        page.oddFooter.left.text = left
        page.oddFooter.right.text = "Page &P of &N"

    # ---------- cells

    def _cell(self, page: Any, top: int, one: Placed, header: bool, heading: str) -> str:
        """Write a cell with its spans; the words that it shows."""
        cell = one.cell or Cell(())
        words = "\n".join(_lines(cell.blocks))
        if len(_stored(words)) > MAX_LETTERS:
            raise RenderError(
                f"A cell of a table in “{heading}” holds {len(words):,} characters; "
                f"{MAX_LETTERS:,} is the most for Excel. Shorten it, or export it as PDF or Word."
            )
        row, column = top + one.row, one.column + 1
        font = self._font(words, bold=header or cell.header)
        made = self._words(page, row, column, words, font, number=not header)
        made.alignment = self.turned if right_to_left(words) else self.plain
        border = self.head_rule if header else self.rule
        for dy in range(one.rows):
            for dx in range(one.columns):
                page.cell(row + dy, column + dx).border = border
        if one.rows > 1 or one.columns > 1:
            page.merge_cells(
                start_row=row, end_row=row + one.rows - 1,
                start_column=column, end_column=column + one.columns - 1,
            )  # fmt: skip
        addresses = {run.href for runs in inlines(cell.blocks) for run in runs if run.href}
        address = link_address(addresses.pop()) if len(addresses) == 1 else ""
        if address and words:
            made.hyperlink = address
            made.font = self._font(words, bold=header or cell.header, link=True)
        return words

    def _words(
        self, page: Any, row: int, column: int, words: str, font: Font, *, number: bool = False
    ) -> Any:
        """Write a cell that cannot be live; with ``number`` a plain numeral is a number."""
        cell = page.cell(row, column)
        cell.font = font
        found = _NUMERAL.fullmatch(words) if number else None
        digits = sum(letter.isdigit() for letter in words)
        if found and digits <= 15:  # what Excel keeps exactly
            plain = words.replace(",", "")
            cell.value = float(plain) if found.group(1) else int(plain)
            whole = "#,##0" if "," in words else "0"
            cell.number_format = whole + (f".{'0' * len(found.group(1))}" if found.group(1) else "")
            return cell
        if words:
            cell.value = _stored(words)
            cell.data_type = "s"
            cell.number_format = "@" if words.startswith(_LIVE) else "General"
            cell.quotePrefix = words.startswith(_LIVE)
        cell.alignment = self.turned if right_to_left(words) else self.plain
        return cell

    def _font(self, words: str, *, bold: bool = False, link: bool = False) -> Font:
        """The type for the script of the words: a cell has one."""
        name = "Arial"
        for letter in words:
            if letter < "֐":
                continue
            if unicodedata.bidirectional(letter) == "AL":
                name = "Noto Naskh Arabic"
                break
            if unicodedata.east_asian_width(letter) in "WF" and letter.isalpha():
                name = "Noto Sans CJK SC"
                break
        return Font(
            name=name, size=10, bold=bold, color="FF005EA2" if link else _INK,
            underline="single" if link else None,
        )  # fmt: skip

    def _heights(
        self, page: Any, top: int, rows: Sequence[Sequence[Placed]], widths: Sequence[float]
    ) -> None:
        """Tell how high rows with joined cells are: Excel counts the words of single cells only."""
        for y, row in enumerate(rows):
            begun = {o for x, o in enumerate(row) if (o.row, o.column) == (y, x) and o.cell}
            if not any(o.columns > 1 for o in begun):
                continue
            high = 1
            for one in begun:
                if one.rows == 1 and one.cell is not None:
                    room = sum(widths[one.column : one.column + one.columns])
                    text = "\n".join(_lines(one.cell.blocks))
                    high = max(high, sum(int(len(w) / room) + 1 for w in text.split("\n")))
            page.row_dimensions[top + y].height = min(high * LINE, MAX_HEIGHT)

    # ---------- the file

    def _name(self, wished: str) -> str:
        """A name for a sheet by Excel's rules: no signs of addresses, at most 31, each once."""
        base = " ".join(_UNFIT.sub(" ", printable(wished)).split()).strip("' ") or "Table"
        for count in range(1, MAX_SHEETS + 3):
            suffix = f" ({count})" if count > 1 else ""
            name = _cut(base, MAX_NAME - len(suffix)).rstrip("' ") + suffix
            # Excel keeps “History” for itself.
            if name.casefold() not in self.names and name.casefold() != "history":
                break
        self.names.add(name.casefold())
        return name

    def _properties(self) -> None:
        one = self.document
        core = self.book.properties
        core.title = property_words(one.subject)
        core.creator = core.lastModifiedBy = property_words(one.author)
        core.subject = property_words(one.label)
        core.keywords = property_words(f"{one.marking.banner}, sha256 {one.content_hash}")
        core.language = property_words(one.language)
        core.version = property_words(one.state)
        core.created = core.modified = moment(one.created_at)


def _stored(words: str) -> str:
    """Words as the file holds them: Excel reads “_x0041_” as a letter, so the line is escaped."""
    return _ESCAPE.sub("_x005F_", printable(words))


def _print_code(words: str, most: int) -> str:
    """Words for the print header, where “&” begins a code."""
    words = " ".join(printable(words).split()).replace("&", "&&")
    if len(words) <= most:
        return words
    return words[: max(most - 1, 0)].rstrip("&") + "…"


def _cut(words: str, most: int) -> str:
    """The beginning of ``words``, at most so many UTF-16 units long, which is how Excel counts."""
    used = 0
    for place, letter in enumerate(words):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > most:
            return words[:place]
    return words


def _width(words: str) -> float:
    longest = max((sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line)
                   for line in words.split("\n")), default=0)  # fmt: skip
    return min(max(MIN_WIDTH, longest * 1.1 + 2), MAX_WIDTH)


def _lines(blocks: Sequence[Block], depth: int = 0) -> Iterator[str]:
    """The words of a cell, line by line: a cell has no lists and no tables of its own."""
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(runs, _):
                yield _said(runs)
            case Quote(inner):
                yield from _lines(inner, depth)
            case Figure(_, alt):
                yield f"[Picture: {alt or 'not described'}]"
            case Table(rows, _):
                for row in rows:
                    for cell in row:
                        yield from _lines(cell.blocks, depth)
            case ListBlock():
                yield from _items(block, depth)


def _items(block: ListBlock, depth: int) -> Iterator[str]:
    for place, item in enumerate(block.items):
        sign = f"{block.start + place}." if block.ordered else "•"
        bare = bool(item) and isinstance(item[0], ListBlock)
        for count, line in enumerate(_lines(item, depth + 1)):
            # A list in a list has signs of its own.
            begins = not count and not bare
            yield f"{'  ' * depth}{sign} {line}" if begins else line


def _said(runs: Inline) -> str:
    """The words of a paragraph; a footnote is a small number behind them."""
    return "".join(_word(run) for run in runs)


def _word(run: Run) -> str:
    return str(run.number).translate(_SMALL) if run.note else run.text
