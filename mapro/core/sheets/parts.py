"""The small parts of a workbook: what leads where, its sheets, its formats, its shared words."""

from __future__ import annotations

import os
import posixpath
import re
from array import array
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from mapro.core.sheets.base import Limits, SheetError, SheetTooLarge
from mapro.core.sheets.files import Package
from mapro.core.sheets.xml import Reader

MAX_PART = 20_000_000  # bytes of one of these parts, but for the shared words
MAX_STRINGS = 5_000_000
# A letter that XML cannot hold is written “_x000D_”; halves of pairs stay as they are.
_ESCAPED = re.compile(r"_x(?![dD][89a-fA-F])([0-9a-fA-F]{4})_")
_LONGEST = 8  # letters in the file for one that is meant, and one more


class Relations(Reader):
    """Where a part leads: the kind and the target of each relation by its id."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.base = posixpath.dirname(posixpath.dirname(part))
        self.found: dict[str, tuple[str, str]] = {}
        self.outside: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep a relation."""
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") == "External":
            self.outside.append(target)
        joined = posixpath.join("/", self.base, target)
        self.found[attributes.get("Id", "")] = (kind, posixpath.normpath(joined).lstrip("/"))

    def target(self, kind: str) -> str:
        """The first target of this kind, or “”."""
        return next((target for found, target in self.found.values() if found == kind), "")


class ContentTypes(Reader):
    """Whether a package says that it may hold macros."""

    macros = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Look at the type of a part."""
        kind = attributes.get("ContentType", "").casefold()
        self.macros = self.macros or "macroenabled" in kind or "vbaproject" in kind


class Book(Reader):
    """The sheets of a workbook, each its name, the id of its relation and whether it is hidden."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep a sheet, or the day from which days are counted."""
        if name == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), key, hidden))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}


class Styles(Reader):
    """What a number of each style is: “date”, “duration”, or “” for a number."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self.ids: list[int] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep a format, or a style of cells."""
        if name == "cellXfs":
            self.inside = True
        elif name == "numFmt":
            self.formats[self._id(attributes)] = attributes.get("formatCode", "")
        elif name == "xf" and self.inside:
            self.ids.append(self._id(attributes))

    def end(self, name: str) -> None:
        """Other lists of styles are not those of cells."""
        if name == "cellXfs":
            self.inside = False

    def kinds(self) -> list[str]:
        """The kind of each style of cells."""
        made: dict[int, str] = {}
        for one in set(self.ids):
            code = self.formats.get(one, "")
            duration = is_timedelta_format(code)
            made[one] = "duration" if duration else "date" if is_date_format(code) else ""
        return [made[one] for one in self.ids]

    def _id(self, attributes: dict[str, str]) -> int:
        text = attributes.get("numFmtId", "0")
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise self.broken()
        return int(text)


class Words:
    """Letters of a cell while they are read, no more than can matter."""

    def __init__(self, limits: Limits) -> None:
        # Longer text is cut here and refused when a cell shows it, with its row and column.
        self.most = limits.max_cell * _LONGEST
        self.kept: list[str] = []
        self.size = 0

    def add(self, words: str) -> None:
        """Keep words."""
        if self.size <= self.most:
            self.kept.append(words)
            self.size += len(words)

    def taken(self) -> str:
        """All words since the last call."""
        text = "".join(self.kept)
        self.kept.clear()
        self.size = 0
        return text


def meant(text: str) -> str:
    """``text`` with the letters that a workbook writes as “_x000D_”."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


class SharedWords(Reader):
    """The words that cells share, kept in a ``file`` on disk because they may be many.

    ``at`` gives the words with a number, once the file is flushed.
    """

    def __init__(self, part: str, limits: Limits, file: IO[bytes]) -> None:
        super().__init__(part)
        self.words = Words(limits)
        self.keep = False
        self.aside = 0  # within what tells the pronunciation
        self.file = file
        self.ends = array("I", [0])  # four bytes each: less than 4 GB are unpacked

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Words begin."""
        if name == "t":
            self.keep = not self.aside
        elif name == "rPh":
            self.aside += 1

    def text(self, words: str) -> None:
        """Keep words."""
        if self.keep:
            self.words.add(words)

    def end(self, name: str) -> None:
        """Store the words of an entry."""
        if name == "t":
            self.keep = False
        elif name == "rPh":
            self.aside -= 1
        elif name == "si":
            if len(self.ends) > MAX_STRINGS:
                raise SheetTooLarge(
                    f"This workbook holds more than {MAX_STRINGS:,} different texts. Save it as "
                    "CSV UTF-8."
                )
            data = meant(self.words.taken()).encode("utf-8", "surrogatepass")
            self.file.write(data)
            self.ends.append(self.ends[-1] + len(data))

    def at(self, number: int) -> str | None:
        """The words with this number, None when there are none."""
        if not 0 <= number < len(self.ends) - 1:
            return None
        begin, end = self.ends[number], self.ends[number + 1]
        return os.pread(self.file.fileno(), end - begin, begin).decode("utf-8", "surrogatepass")


class _Prolog(Reader):
    """What stands before the first element of a part."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """The first element: a document type cannot follow it."""
        raise _BegunError


class _BegunError(Exception):
    """An element has begun."""


def check_parts(package: Package) -> None:
    """Raise SheetError when a workbook has macros, links to other files, or a document type."""
    for name in package.members:
        low = name.casefold()
        if any(sign in low for sign in ("vbaproject", "/macrosheets/", "/activex/")):
            raise with_macros()
        if "/externallinks/" in low or low.startswith("xl/connections"):
            raise SheetError(
                "This workbook takes values from other files. In the spreadsheet program break "
                "these links, so that the values stay, and save it again."
            )
        if not low.endswith((".xml", ".rels")):
            continue
        try:
            for _ in _Prolog(name).pieces(package.open(name)):
                pass
        except _BegunError:
            pass
    types = ContentTypes("[Content_Types].xml")
    types.whole(package.open(types.part), MAX_PART)
    if types.macros:
        raise with_macros()


def with_macros() -> SheetError:
    """The refusal of a workbook that may hold a program."""
    return SheetError("This workbook may hold macros. Save it as “Excel Workbook (.xlsx)”.")
