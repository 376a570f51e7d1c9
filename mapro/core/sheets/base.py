"""What reading and writing tables share: bounds, refusals, and the rule about formulas.

The rule: text that a spreadsheet could take for a formula leaves with an apostrophe before it,
which the reader takes off again. Text that has apostrophes before such a sign already gets one
more, so that what is read is always what was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mapro.core.errors import Invalid, TooLarge

MAX_NUMBER = 1_048_576  # rows that Excel knows; blank ones count
MAX_SHOWN = 60  # characters of a cell in a message
# Control characters, halves of surrogate pairs and what is no character, but tab and line ends.
# A byte that is no UTF-8 is read as half a pair, U+DC80 to U+DCFF.
BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LIVE = ("=", "+", "-", "@", "\t", "\r")  # what begins a formula; a tab or a line end may hide one
# The same for writing, with the broad signs of East Asian keyboards and blanks before a sign.
_COULD_LIVE = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
    r"|[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
)
_SIGNS = re.compile(r"[+-]+")  # a dash that means “none” computes nothing


@dataclass(frozen=True)
class Limits:
    """How much a table may hold; sizes in bytes, ``max_cell`` in characters.

    ``max_ratio`` is how many bytes one packed byte may become, once they are more than a million.
    ``max_rows`` counts rows with words, without the header.
    """

    max_bytes: int = 150_000_000
    max_unpacked: int = 300_000_000
    max_ratio: int = 200
    max_rows: int = 200_000
    max_columns: int = 200
    max_cell: int = 32_000


STANDARD = Limits()


@dataclass(frozen=True)
class SheetRow:
    """One row: its 1-based number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table being read: its header, the number of the header's row, and the rows below.

    ``rows`` raises SheetError for a row that is refused. The next call goes on with the row after
    it, unless nothing after it can be trusted; then the rows end.
    """

    header: tuple[str, ...]
    rows: Iterator[SheetRow]
    header_row: int = 1


@dataclass(frozen=True)
class Flaw:
    """What is wrong in one row, at a 0-based column if one is to blame."""

    row: int
    index: int | None
    words: str
    too_large: bool = False

    def error(self, header: tuple[str, ...]) -> SheetError:
        """The refusal, in words that name row and column."""
        kind = SheetTooLarge if self.too_large else SheetError
        return kind(self.words, self.row, self.index, header)


class SheetError(Invalid):
    """A table or one row of it is refused.

    ``message`` is the whole sentence with its place, ``words`` the same without. ``row`` is 0 and
    ``column`` and ``letter`` are empty where no single one is to blame.
    """

    title = "This table cannot be read"

    def __init__(
        self, words: str, row: int = 0, index: int | None = None, header: tuple[str, ...] = ()
    ) -> None:
        """``index`` counts columns from 0; ``header`` gives their names, if it is known yet."""
        self.words = words
        self.row = row
        self.letter = "" if index is None else column_letter(index)
        known = index is not None and index < len(header)
        self.column = header[index] if known and index is not None else self.letter
        where = place(row, index, header)
        super().__init__({"file": f"{where}: {words}" if where else words})
        self.extra |= {"row": row, "column": self.column}


class SheetTooLarge(SheetError, TooLarge):
    """A table or a cell is larger than its bound."""

    status = TooLarge.status
    code = TooLarge.code
    title = "This table is too large"


def column_letter(index: int) -> str:
    """How spreadsheets call the column with this 0-based number: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(row: int, index: int | None = None, header: tuple[str, ...] = ()) -> str:
    """“Row 12, column “latitude” (W)”, or as much of it as is known."""
    if not row:
        return ""
    if index is None:
        return f"Row {row}"
    if index < len(header):
        return f"Row {row}, column {shown(header[index])} ({column_letter(index)})"
    return f"Row {row}, column {column_letter(index)}"


def shown(text: str) -> str:
    """``text`` as a message quotes it: one line, cut, in quotation marks."""
    line = " ".join(BAD.sub("\N{REPLACEMENT CHARACTER}", text).split())
    return f"“{line[: MAX_SHOWN - 1]}…”" if len(line) > MAX_SHOWN else f"“{line}”"


def is_number(text: str) -> bool:
    """Whether ``text`` is a plain number, which no spreadsheet takes for a formula."""
    return _NUMBER.fullmatch(text) is not None


def guarded(text: str) -> str:
    """``text`` for a CSV cell: an apostrophe before what could be taken for a formula."""
    return f"'{text}" if _COULD_LIVE.match(text) and not is_number(text) else text


def escaped(text: str) -> str:
    """``text`` for a cell that is stored as text, so that ``unguarded`` gives it back."""
    return f"'{text}" if text.startswith("'") and _COULD_LIVE.match(text) else text


def unguarded(text: str) -> str:
    """``text`` without the apostrophe of ``guarded`` and ``escaped``."""
    return text[1:] if text.startswith("'") and _COULD_LIVE.match(text) else text


def flaw_of(number: int, cells: list[str], limits: Limits, *, formulas: bool) -> Flaw | None:
    """The first thing that is wrong with the cells of a row; ``formulas`` looks for those too."""
    if len(cells) > limits.max_columns:
        return Flaw(
            number, None,
            f"there are {len(cells):,} cells; {limits.max_columns:,} is the most.", too_large=True,
        )  # fmt: skip
    whole = "".join(cells)
    if BAD.search(whole) or len(whole) > limits.max_cell:
        for index, text in enumerate(cells):
            if found := BAD.search(text):
                return Flaw(number, index, _about(found.group()))
            if len(text) > limits.max_cell:
                return Flaw(
                    number, index,
                    f"the cell has {len(text):,} characters; {limits.max_cell:,} is the most. "
                    "If a quotation mark was left open before it, close it.", too_large=True,
                )  # fmt: skip
    if formulas:
        for index, text in enumerate(cells):
            if text.startswith(LIVE) and not is_number(text) and not _SIGNS.fullmatch(text):
                return Flaw(
                    number, index,
                    f"{shown(text)} would be a formula in a spreadsheet. Write the value in its "
                    "place, or an apostrophe before it if it is meant as text.",
                )  # fmt: skip
    return None


def _about(sign: str) -> str:
    """What a character that no cell may hold is, and how to mend the file."""
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that the decoder could not read
        byte = code - 0xDC00
        try:
            meant = f"; in Windows-1252 it is “{bytes([byte]).decode('cp1252')}”"
        except UnicodeDecodeError:
            meant = ""
        return f"the byte 0x{byte:02X} is no UTF-8{meant}. {AS_UTF8}"
    if not code:
        return f"the byte 0x00 has no place in text. The file may be saved as UTF-16. {AS_UTF8}"
    return (
        f"the cell holds the control character U+{code:04X}, which no text needs. Delete it, in Excel with "
        "=CLEAN() and then pasted as values."
    )


AS_UTF8 = (
    "Save the file as UTF-8: in Excel “Save As”, “CSV UTF-8 (Comma delimited)”; in LibreOffice "
    "“Save As”, “Text CSV”, character set “Unicode (UTF-8)”."
)
