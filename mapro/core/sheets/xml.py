"""XML parts of a workbook, read piece by piece with expat.

A document type ends the reading before any entity could be declared, so nothing is expanded and
nothing fetched. Depth and the length of what expat must keep in memory are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat  # noqa: S407 - document types, and with them entities, are refused

from mapro.core.sheets.base import SheetError, SheetTooLarge, shown
from mapro.core.sheets.files import Counted

PIECE = 65_536  # bytes
MAX_QUIET = 16  # pieces without an element or a word; a comment could go on for ever
MAX_DEPTH = 64


class Reader:
    """Reads one part. A kind of part says in ``start``, ``end`` and ``text`` what it keeps.

    Names come without their namespace.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        self.depth = 0
        self.events = 0
        parser = self.parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, words: str) -> None:
        """Words of the element that is open."""

    def _doctype(self, *_: object) -> None:
        raise SheetError(
            f"The part {shown(self.part)} of this workbook declares a document type, through which "
            "files could be read. Save the workbook anew in a spreadsheet program."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.broken()
        self.start(name.rpartition(" ")[2], attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.end(name.rpartition(" ")[2])

    def _text(self, words: str) -> None:
        self.events += 1
        self.text(words)

    def broken(self) -> SheetError:
        """The refusal of a part that is no workbook's."""
        return SheetError(
            f"The part {shown(self.part)} of this workbook is damaged. Save the workbook anew in a "
            "spreadsheet program."
        )

    def pieces(self, stream: Counted) -> Iterator[None]:
        """Read on; each step has read one more piece."""
        quiet = 0
        while piece := stream.read(PIECE):
            before = self.events
            self._parse(piece, False)
            quiet = 0 if self.events > before else quiet + 1
            if quiet > MAX_QUIET:
                raise self.broken()
            yield
        self._parse(b"", True)
        yield

    def whole(self, stream: Counted, most: int) -> None:
        """Read all. Raises SheetTooLarge when it is more than ``most`` bytes."""
        for count, _ in enumerate(self.pieces(stream)):
            if count * PIECE > most:
                raise SheetTooLarge(f"The part {shown(self.part)} of this workbook is too large.")

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise self.broken() from error
