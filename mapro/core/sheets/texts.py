"""CSV text: what parts its cells, its lines in bounded memory, its records."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator

from mapro.core.sheets.base import AS_UTF8, Flaw, Limits, SheetError, SheetTooLarge
from mapro.core.sheets.files import LOCAL, OLE, Counted

MAX_RECORD = 2_000_000  # characters of one row
MAX_HEAD = 1_000  # lines that are looked through for what parts the cells
DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"(?:[^"]|"")*+(?:"|$)')
RawRow = tuple[int, list[str]] | Flaw
Bound = Callable[[int], None]


class _Lines(Iterator[str]):
    """The lines of a text with their ends. ``taken`` counts characters since it was last zero."""

    def __init__(self, stream: Counted) -> None:
        # Bytes that are no UTF-8 become halves of pairs, so that the cell that holds them is known.
        self.text = io.TextIOWrapper(
            io.BufferedReader(stream, 65_536),
            encoding="utf-8-sig", errors="surrogateescape", newline="",
        )  # fmt: skip
        self.taken = 0
        self.first: deque[str] = deque()

    def __next__(self) -> str:
        line = self.first.popleft() if self.first else self._read()
        self.taken += len(line)
        if self.taken > MAX_RECORD:
            raise OverflowError
        if not line:
            raise StopIteration
        return line

    def _read(self) -> str:
        return self.text.readline(MAX_RECORD + 1)

    def head(self) -> str:
        """The first record with words in it, which is given out again afterwards."""
        quotes = size = 0
        while size <= MAX_RECORD and len(self.first) < MAX_HEAD and (line := self._read()):
            self.first.append(line)
            size += len(line)
            quotes += line.count('"')
            if line.strip() and not quotes % 2:
                break
        return "".join(self.first)


def rows(stream: Counted, limits: Limits) -> Iterator[RawRow]:
    """The records of a CSV text, blank ones too, numbered as a spreadsheet shows them.

    Raises SheetError when the text is no UTF-8 at all or its quotation marks do not pair.
    """
    lines = _Lines(stream)
    records = csv.reader(lines, delimiter=_delimiter(lines.head()), strict=True)
    number = 0
    while True:
        number += 1
        lines.taken = 0
        try:
            record = next(records, None)
        except csv.Error as error:
            raise _broken(number, str(error), limits) from error
        except OverflowError:
            raise SheetTooLarge(
                f"more than {MAX_RECORD:,} characters. A quotation mark may have been left open.",
                number,
            ) from None
        if record is None:
            return
        yield number, record


def check_start(first: bytes) -> None:
    """Raise SheetError when the first bytes of a CSV file are those of something else."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError(
            f"the byte 0x{first[0]:02X} is no UTF-8; it begins a file saved as UTF-16. {AS_UTF8}",
            1, 0,
        )  # fmt: skip
    if first.startswith((LOCAL, OLE, b"%PDF", b"\x1f\x8b")):
        raise SheetError(
            "This file is no CSV text, whatever its name says. Save the table as CSV UTF-8, or "
            "give an Excel workbook its own ending, .xlsx."
        )


def _delimiter(head: str) -> str:
    """What parts the cells of the header: the sign that stands there most often."""
    bare = _QUOTED.sub("", head)
    return max(DELIMITERS, key=bare.count)


def _broken(number: int, reason: str, limits: Limits) -> SheetError:
    if "field limit" in reason:
        return SheetTooLarge(
            f"a cell has more than {limits.max_cell:,} characters. A quotation mark may have been "
            "left open.", number,
        )  # fmt: skip
    if "end of data" in reason:
        return SheetError(
            "the file ends inside a cell that began with a quotation mark. Close it.", number
        )
    return SheetError(
        "a quotation mark stands inside a cell that begins with one. Write it twice, or leave out "
        "the one at the beginning.", number,
    )  # fmt: skip
