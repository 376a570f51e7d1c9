"""Tables that leave, as CSV or as an Excel workbook, with no live formula in them.

A CSV cell that a spreadsheet could take for a formula begins with an apostrophe; a workbook says
of the cell that it is text, so the apostrophe is not needed and not seen there. Control characters
are left out. Every cell is text; the reader gives the same text back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mapro.core.sheets.base import BAD, LIVE, SheetTooLarge, escaped, guarded

MAX_LETTERS = 32_767  # of a cell, in UTF-16 units, as Excel counts
MAX_TITLE = 31
MIN_WIDTH, MAX_WIDTH = 12, 60  # of a column, in digits
_PIECE = 65_536  # characters of CSV that leave together
_UNFIT = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
# XML turns a lone “\r” into “\n”, so it is written as Excel writes it; “_x0041_” means a letter.
_CODED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)|\r")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The table as CSV in UTF-8 with a byte order mark, piece by piece."""
    out = StringIO(newline="")
    # Quotation marks around every name: what parts the cells can then be told from the header.
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([_csv_cell(name) for name in header])
    yield b"\xef\xbb\xbf"
    body = csv.writer(out)
    for row in rows:
        body.writerow([_csv_cell(text) for text in row])
        if out.tell() > _PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as a workbook with one sheet called ``title``.

    Raises SheetTooLarge, with row and column, for a cell that Excel cannot hold.
    """
    # All words first: the library cannot be stopped in the middle of a sheet.
    table = [
        [_words(number, index, text) for index, text in enumerate(row)]
        for number, row in enumerate([header, *rows], start=1)
    ]
    book = Workbook(write_only=True)
    page = book.create_sheet(_title(title))
    page.freeze_panes = "A2"
    for index, name in enumerate(header, start=1):
        wide = min(max(MIN_WIDTH, len(name) + 4), MAX_WIDTH)
        page.column_dimensions[get_column_letter(index)].width = wide
    around = Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(table):
        font = Font(name="Arial", size=10, bold=not number)
        page.append([_cell(page, words, font, around) for words in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _csv_cell(text: str) -> str:
    return guarded(BAD.sub("", text))


def _words(number: int, index: int, text: str) -> str:
    words = _CODED.sub(_code, escaped(BAD.sub("", text)))
    if len(words.encode("utf-16-le")) // 2 > MAX_LETTERS:
        raise SheetTooLarge(
            f"the cell has {len(text):,} characters, more than Excel can hold. Export as CSV.",
            number, index,
        )  # fmt: skip
    return words


def _cell(page: Any, words: str, font: Font, around: Alignment) -> Any:
    cell = WriteOnlyCell(page, words or None)
    cell.font = font
    cell.alignment = around
    if words:
        cell.data_type = "s"  # “=1+1” would have become a formula
    if words.startswith((*LIVE, "_x000D_")):
        cell.number_format = "@"
        cell.quotePrefix = True
    return cell


def _code(found: re.Match[str]) -> str:
    return "_x000D_" if found.group() == "\r" else "_x005F_"


def _title(wished: str) -> str:
    """A name for the sheet by Excel's rules."""
    name = " ".join(_UNFIT.sub(" ", BAD.sub("", wished)).split())[:MAX_TITLE].strip("' ")
    while len(name.encode("utf-16-le")) // 2 > MAX_TITLE:
        name = name[:-1]
    name = name.rstrip("' ")
    return "Table" if not name or name.casefold() == "history" else name
