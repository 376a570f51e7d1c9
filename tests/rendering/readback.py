"""The words of a made file, whatever its format, and whether they hold what they must."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import docx
import pptx
from lxml import etree
from openpyxl import load_workbook

from planning.products.blocks import text_of
from planning.products.document import Document
from tests.rendering.pdfread import TaggedPdf

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# White space, soft hyphens, marks of direction and joining: what a format may add or leave out.
_LOOSE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]+")


def squeezed(text: str) -> str:
    """The letters of ``text`` alone, in one form."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


class Words:
    """The words of a file, to be asked for fragments."""

    def __init__(self, text: str) -> None:
        self.letters = squeezed(text)
        self.words = {"".join(sorted(word)) for word in _words(text)}

    def __contains__(self, fragment: str) -> bool:
        """Whether the fragment stands there, white space and the order of bidi runs aside.

        A PDF holds words that run from right to left as they are drawn, two letters of one glyph
        the other way round.
        """
        if squeezed(fragment) in self.letters:
            return True
        if not any(unicodedata.bidirectional(c) in {"R", "AL"} for c in fragment):
            return False
        return all(
            word in self.letters or "".join(sorted(word)) in self.words for word in _words(fragment)
        )


def of_pdf(content: bytes) -> str:
    """The tagged words, and what is told of pictures."""
    return of_tags(TaggedPdf(content))


def of_tags(read: TaggedPdf) -> str:
    """The same of a PDF that is open."""
    return read.text() + "\n".join(one.alt for one in read.of("Figure"))


def of_docx(content: bytes) -> str:
    """Text, footnotes, and what is told of pictures; python-docx must be able to open it."""
    assert docx.Document(io.BytesIO(content)).paragraphs
    lines: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in ("word/document.xml", "word/footnotes.xml"):
            if name in package.namelist():
                root = etree.fromstring(package.read(name))
                lines += [
                    "".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")
                ]
                lines += [e.get("descr") or "" for e in root.iter() if e.tag.endswith("}docPr")]
    return "\n".join(lines)


def of_pptx(content: bytes) -> str:
    """What stands on the slides and in their notes, and what is told of pictures."""
    lines: list[str] = []

    def shapes(group: Any) -> None:
        for shape in group:
            if shape.has_text_frame:
                lines.append(shape.text_frame.text)
            if getattr(shape, "has_table", False):
                lines.extend(c.text for row in shape.table.rows for c in row.cells)
            if hasattr(shape, "shapes"):
                shapes(shape.shapes)
            lines.append(shape._element._nvXxPr.cNvPr.get("descr") or "")

    for slide in pptx.Presentation(io.BytesIO(content)).slides:
        shapes(slide.shapes)
        if slide.has_notes_slide:
            lines.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(lines)


def of_xlsx(content: bytes) -> str:
    """What the cells hold; a number as it is written in the text."""
    lines: list[str] = []
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    lines += [str(cell.value), f"{cell.value:,}", _shown(cell)]
                elif cell.value is not None:
                    assert cell.data_type != "f"
                    lines.append(str(cell.value))
    return "\n".join(lines)


def _shown(cell: Any) -> str:
    places = len(cell.number_format.partition(".")[2])
    grouped = "," if "," in cell.number_format else ""
    return f"{cell.value:{grouped}.{places}f}"


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag == "style"
        self.parts += [value or "" for name, value in attrs if name == "alt"]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def of_html(content: bytes) -> str:
    """The words of the page, and what is told of pictures."""
    reader = _Html()
    reader.feed(content.decode())
    return "\n".join(reader.parts)


READERS: Mapping[str, Callable[[bytes], str]] = {
    "pdf": of_pdf, "pdfa": of_pdf, "docx": of_docx, "pptx": of_pptx, "xlsx": of_xlsx,
    "html": of_html,
}  # fmt: skip


def furniture(document: Document) -> Iterator[str]:
    """What stands around the text in every format: whose paper it is, to whom, when, how marked."""
    yield document.title
    yield document.label
    yield document.effort
    yield from (words for pair in document.header for words in pair)
    yield from (words for pair in document.designation for words in pair)
    yield document.marking.banner


def table_fragments(document: Document) -> Iterator[str]:
    """What a workbook has to hold: each paragraph of each cell."""
    from planning.products.blocks import tables_of

    groups = [s.blocks for s in document.sections] + [a.blocks for a in document.annexes]
    for blocks in groups:
        for table in tables_of(blocks):
            for row in table.rows:
                for cell in row:
                    yield from (line for line in text_of(cell.blocks).split("\n") if line.strip())
