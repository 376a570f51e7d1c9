"""The one table of an Excel workbook, row by row, as text.

Only what a cell holds is read: its number, date or words. A formula is refused, since nobody can
tell whether its stored result is still right. The library that writes workbooks keeps all shared
words in memory and fills gaps between rows as far as a row number says; both are bounded here.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, time, timedelta

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from mapro.core.sheets.base import Flaw, Limits, SheetError, shown
from mapro.core.sheets.files import Counted, Package
from mapro.core.sheets.parts import (
    MAX_PART,
    Book,
    Relations,
    SharedWords,
    Styles,
    Words,
    check_parts,
    meant,
)
from mapro.core.sheets.texts import RawRow
from mapro.core.sheets.xml import Reader

MAX_DAY = 2_958_466  # the first day of the year 10000, which no date can hold
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_WHOLE = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?$")


class _Context:
    """What all sheets of a workbook share."""

    def __init__(self, package: Package, limits: Limits, closing: ExitStack) -> None:
        self.limits = limits
        roots = Relations("_rels/.rels")
        roots.whole(package.open(roots.part), MAX_PART)
        part = roots.target("officeDocument")
        folder, _, file = part.rpartition("/")
        relations = Relations(f"{folder}/_rels/{file}.rels".lstrip("/"))
        relations.whole(package.open(relations.part), MAX_PART)
        if relations.outside:
            raise SheetError(
                f"This workbook leads to another file, {shown(relations.outside[0])}. Break the "
                "link in the spreadsheet program and save it again."
            )
        book = Book(part)
        book.whole(package.open(part), MAX_PART)
        self.epoch = MAC_EPOCH if book.since_1904 else WINDOWS_EPOCH
        self.kinds: dict[str, str] = {}
        if name := relations.target("styles"):
            styles = Styles(name)
            styles.whole(package.open(name), MAX_PART)
            self.kinds = {str(number): kind for number, kind in enumerate(styles.kinds())}
        self.shared: SharedWords | None = None
        if name := relations.target("sharedStrings"):
            kept = closing.enter_context(tempfile.TemporaryFile())
            self.shared = SharedWords(name, limits, kept)
            for _ in self.shared.pieces(package.open(name)):
                pass
            self.shared.file.flush()
        self.sheets: list[tuple[str, str, bool]] = []
        for title, key, hidden in book.sheets:
            kind, target = relations.found.get(key, ("", ""))
            if kind == "worksheet":
                self.sheets.append((title, target, hidden))
        if len({target for _, target, _ in self.sheets}) != len(self.sheets):
            raise book.broken()  # the same part again and again would take for ever


def rows(package: Package, limits: Limits, closing: ExitStack) -> Iterator[RawRow]:
    """The rows of the one sheet that has any. Raises SheetError when there are several.

    What must be closed when the rows are read is left to ``closing``.
    """
    if "[Content_Types].xml" not in package.members:
        raise SheetError("This is no Excel workbook, whatever its name says. Save it as .xlsx.")
    check_parts(package)
    context = _Context(package, limits, closing)
    filled = [
        one for one in context.sheets
        if next(_Cells(one[1], context).rows(package.open(one[1])), None) is not None
    ]  # fmt: skip
    if len(filled) > 1:
        names = ", ".join(f"{shown(name)}{' (hidden)' * hidden}" for name, _, hidden in filled[:10])
        raise SheetError(
            f"This workbook has {len(filled)} sheets that are not empty: {names}. Keep the one to "
            "import and delete the others."
        )
    if not filled:
        raise SheetError("This workbook is empty.")
    return _Cells(filled[0][1], context).rows(package.open(filled[0][1]))


class _Cells(Reader):
    """The cells of one sheet. Rows without a word are passed over."""

    def __init__(self, part: str, context: _Context) -> None:
        super().__init__(part)
        self.context = context
        self.ready: list[RawRow] = []
        self.number = 0
        self.cells: list[str] = []
        self.flaw: Flaw | None = None
        self.letters: dict[str, int] = {}
        self.column = -1
        self.open = self.keep = self.formula = False
        self.aside = 0
        self.kind = ""
        self.style = ""
        self.words = Words(context.limits)

    def rows(self, stream: Counted) -> Iterator[RawRow]:
        """The rows with something in them, as they are read."""
        for _ in self.pieces(stream):
            ready, self.ready = self.ready, []
            yield from ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or something in a cell."""
        if name == "c":
            self._place(attributes.get("r", ""))
            self.kind = attributes.get("t", "n")
            self.style = attributes.get("s", "")
            self.open, self.formula = True, False
        elif name == "row":
            self._row(attributes.get("r", ""))
        elif self.open:
            if name in {"v", "t"}:
                self.keep = not self.aside
            elif name == "f":
                self.formula = True
            elif name == "rPh":
                self.aside += 1

    def text(self, words: str) -> None:
        """Keep words of a cell."""
        if self.keep:
            self.words.add(words)

    def end(self, name: str) -> None:
        """What has begun is whole."""
        if name in {"v", "t"}:
            self.keep = False
        elif name == "c" and self.open:
            self.open, self.aside = False, 0
            self._cell(self.words.taken())
        elif name == "rPh" and self.aside:
            self.aside -= 1
        elif name == "row":
            if self.flaw is not None:
                self.ready.append(self.flaw)
            elif self.cells:
                self.ready.append((self.number, self.cells))
            self.cells, self.flaw = [], None

    def _row(self, given: str) -> None:
        if given and not re.fullmatch(r"[0-9]{1,7}", given):
            raise self.broken()
        number = int(given) if given else self.number + 1
        if number <= self.number:
            raise self.broken()
        self.number, self.column = number, -1

    def _place(self, given: str) -> None:
        """The column of the next cell; cells come in order, each once."""
        column = self.column + 1
        if given:
            found = _REFERENCE.fullmatch(given)
            if found is None or int(found.group(2)) != self.number:
                raise self.broken()
            letters = found.group(1)
            column = self.letters.get(letters, -1)
            if column < 0:
                column = self.letters[letters] = _index(letters)
        if column <= self.column or self.open:
            raise self.broken()
        self.column = column

    def _cell(self, raw: str) -> None:
        if self.flaw is not None:
            return
        if self.formula:
            self._wrong("the cell holds a formula. Copy the cells and paste them as values.")
            return
        text = self._value(raw)
        if text:
            self.cells.extend([""] * (self.column - len(self.cells)))
            self.cells.append(text)

    def _wrong(self, words: str) -> str:
        self.flaw = Flaw(self.number, self.column, words)
        return ""

    def _value(self, raw: str) -> str:
        match self.kind:
            case "s":
                shared = self.context.shared
                number = int(raw) if re.fullmatch(r"[0-9]{1,9}", raw) else -1
                found = shared.at(number) if shared is not None else None
                return found if found is not None else self._wrong("the cell is damaged.")
            case "n":
                return self._number(raw.strip())
            case "b":
                return {"1": "TRUE", "0": "FALSE"}.get(raw.strip(), raw)
            case "d":
                return _MIDNIGHT.sub("", raw.strip())
            case _:
                return meant(raw)

    def _number(self, raw: str) -> str:
        """A number as text, without “.0”; a date as ISO writes it."""
        if not raw:
            return ""
        kind = self.context.kinds.get(self.style, "")
        if not kind and _WHOLE.fullmatch(raw):
            return raw
        value = float(raw) if _DECIMAL.fullmatch(raw) else math.inf
        if math.isinf(value):
            return self._wrong(f"{shown(raw)} is stored as a number and is none.")
        if kind and 0 <= value < MAX_DAY:
            return _moment(from_excel(value, self.context.epoch, timedelta=kind == "duration"))
        if kind == "date":
            return self._wrong(f"{shown(raw)} is stored as a date and is none.")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _moment(value: datetime | time | timedelta | None) -> str:
    """A date without a time where it is midnight; a duration as hours, minutes and seconds."""
    match value:
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case None:
            return ""
        case _:
            return value.isoformat()


def _index(letters: str) -> int:
    """The 0-based number of a column."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
