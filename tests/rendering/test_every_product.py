"""Every product in every format with every kind of content: it is made, and it says the same.

The short form takes the worst content for one product of each layout; MAPRO_FULL=1 takes it for
all.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from planning.products.annex_d import CATALOGUE
from planning.products.blocks import notes_of
from planning.products.definition import Layout
from planning.products.document import Document, fragments
from planning.rendering import docx, html, htmlfile, pdf, pptx, summary, xlsx
from planning.rendering.base import RenderedFile, RenderError
from tests.rendering import content
from tests.rendering.pdfread import Element, TaggedPdf
from tests.rendering.readback import (
    READERS,
    Words,
    furniture,
    of_tags,
    squeezed,
    table_fragments,
)

RENDERERS: Mapping[str, Callable[[Document], RenderedFile]] = {
    "pdf": pdf.render,
    "pdfa": lambda one: pdf.render(one, record=True),
    "docx": docx.render,
    "pptx": pptx.render,
    "xlsx": xlsx.render,
    "html": htmlfile.render,
}
# One product of each layout, the shortest: what takes the worst content in the short form.
SHORTEST = {"tab-01", "tab-04-enclosure-1", "minutes", "tab-05"}
# Ten times the longest document, as slides: more of them than a file may have.
BEYOND = {("tab-08", "worst", "pdf", "briefing")}
FULL = bool(os.environ.get("MAPRO_FULL"))
LETTER, SLIDE = (612, 792), (960, 540)


def _cases() -> Iterator[tuple[str, str, str, str]]:
    """Product, content, format, layout."""
    for key, definition in CATALOGUE.items():
        for kind in content.KINDS:
            if kind == "worst" and not FULL and key not in SHORTEST:
                continue
            for form in RENDERERS:
                if form == "pdfa" and kind == "worst" and not FULL:
                    continue
                yield key, kind, form, str(definition.layout)
            for layout in definition.layouts[1:]:
                yield key, kind, "pdf", str(layout)


@cache
def built(key: str, kind: str, layout: str) -> Document:
    """The Document of a product."""
    return content.document(CATALOGUE[key], kind, layout=layout)


@cache
def made_file(key: str, kind: str, form: str, layout: str) -> RenderedFile:
    """The file of a product in a format."""
    return RENDERERS[form](built(key, kind, layout))


@pytest.mark.parametrize(("key", "kind", "form", "layout"), list(_cases()))
def test_every_product_in_every_format(key: str, kind: str, form: str, layout: str) -> None:
    document = built(key, kind, layout)
    if form == "xlsx" and not xlsx.has_tables(document):
        with pytest.raises(RenderError, match="no tables"):
            xlsx.render(document)
        return
    if (key, kind, form, layout) in BEYOND:
        with pytest.raises(RenderError, match=r"would have 4\d\d pages; 400 is the most"):
            made_file(key, kind, form, layout)
        return
    made = made_file(key, kind, form, layout)
    read = TaggedPdf(made.content) if form in {"pdf", "pdfa"} else None
    words = Words(of_tags(read) if read else READERS[form](made.content))
    wanted = list(_wanted(document, form, words))
    assert len(wanted) >= 2
    missing = [fragment for fragment in wanted if fragment not in words]
    assert not missing, (len(missing), len(wanted), missing[:5])
    if read:
        _check_pdf(made, read, document, record=form == "pdfa")


def _wanted(document: Document, form: str, words: Words) -> Iterator[str]:
    if form == "xlsx":
        yield from (document.title, document.effort, document.marking.banner)
        yield from table_fragments(document)
        return
    if document.layout != "one_page" or form != "pdf":
        yield from furniture(document)
        yield from fragments(document)
        if form in {"pdf", "pdfa"}:  # elsewhere the program that opens the file counts
            groups = [*(s.blocks for s in document.sections), *(a.blocks for a in document.annexes)]
            yield from (f"{n.number}. {n.note}" for blocks in groups for n in notes_of(blocks))
        return
    yield from (words for words in furniture(document) if words != "Subject")  # it is the title
    lines = summary.lines(document)
    left = re.search(r"(\d+)moresections?(?:is|are)notshown", words.letters)
    for line in lines[: len(lines) - int(left.group(1)) if left else None]:
        yield line.title
        yield " ".join(line.text.split()[: html.SUMMARY_WORDS[0]])[: html.SUMMARY_WORDS[0] * 12]


def _check_pdf(made: RenderedFile, read: TaggedPdf, document: Document, *, record: bool) -> None:
    """Tagged, titled, marked, nothing alive in it, and its tags in the order of the HTML."""
    root = read.root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == document.language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].get_data()
    assert (b"pdfaid:part" if record else b"pdfuaid:part") in metadata
    assert read.reader.metadata is not None
    assert read.reader.metadata.title == document.subject
    assert read.reader.outline, "no bookmarks"
    assert_dead(read.reader)

    assert len(read.pages) == made.pages
    if document.layout == Layout.ONE_PAGE:
        assert made.pages == 1
    size = SLIDE if document.layout == Layout.BRIEFING else LETTER
    for page, words in zip(read.reader.pages, read.pages, strict=True):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
        assert words.count(document.marking.banner) >= 2
    assert not any(read.unmarked), "text that is neither tagged nor an artifact"

    if document.layout == Layout.ONE_PAGE:
        return  # its words are chosen while it is laid out
    outline = _Outline()
    outline.feed(html.page(document))
    assert_same_order(outline.events, read.tree)
    pictures = [one.alt for one in read.of("Figure")]
    assert pictures == outline.pictures
    assert all(pictures)


def assert_dead(reader: PdfReader) -> None:
    """No script, no attachment, nothing that starts by itself; links lead to the web alone."""
    root: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(root)
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
    for page in reader.pages:
        assert "/AA" not in page
        for annotation in page.get("/Annots", ()):
            one = annotation.get_object()
            assert one["/Subtype"] == "/Link"
            action = one.get("/A", {})
            assert action.get("/S", "/URI") == "/URI"
            assert action.get("/URI", "https:").startswith(("https:", "http:", "mailto:"))


class _Outline(HTMLParser):
    """The headings, tables and pictures of a page in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[str, list[str]]] = []  # H2 and its words, Table and its rows
        self.open: list[tuple[str, list[str]]] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pictures.append(dict(attrs)["alt"] or "")
        elif tag == "table":
            self.open.append(("Table", []))
            self.events.append(self.open[-1])
        elif tag == "tr":
            self.open[-1][1].append("")
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.open.append((tag.upper(), [""]))
            self.events.append(self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag.upper() == self.open[-1][0].upper():
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for _, rows in self.open:
            if rows:
                rows[-1] += data


def assert_same_order(events: list[tuple[str, list[str]]], tree: Element) -> None:
    """The headings and tables of the tags are those of the HTML; a table may go on on a new page."""
    wanted = [(tag, [_letters(row) for row in rows]) for tag, rows in events]
    at = 0
    for one in tree.walk():
        if one.tag == "Table":
            first = _letters(next(row.text() for row in one.walk() if row.tag == "TR"))
            goes_on = at and wanted[at - 1][0] == "Table" and first in wanted[at - 1][1]
            if goes_on and (at == len(wanted) or first != wanted[at][1][0]):
                continue
        elif re.fullmatch("H[1-6]", one.tag):
            first = _letters(one.text())
        else:
            continue
        assert at < len(wanted), one
        assert (one.tag, first) == (wanted[at][0], wanted[at][1][0])
        at += 1
    assert at == len(wanted), wanted[at]


def _letters(text: str) -> str:
    """The letters in one order, so that runs from right to left compare."""
    return "".join(sorted(squeezed(text)))


def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed")
    for key in SHORTEST:
        for kind in ("country_x", "worst"):
            file = tmp_path / "made.pdf"
            file.write_bytes(made_file(key, kind, "pdf", str(CATALOGUE[key].layout)).content)
            said = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
            assert said.returncode == 0, (key, kind, said.stdout, said.stderr)
            assert b"No syntax or stream encoding errors found" in said.stdout


def test_the_readers_see_what_is_missing() -> None:
    """A fragment that is not there is told, in each format, right-to-left words too."""
    document = built("tab-01", "country_x", "memorandum")
    for form, render in RENDERERS.items():
        if form == "xlsx":
            continue
        words = Words(READERS[form](render(document).content))
        assert "Plan informally to prevent" in words
        assert "Plan formally to prevent" not in words
        assert content.ARABIC not in words
        assert "1999" not in words


def test_the_catalogue_has_every_layout() -> None:
    layouts = {layout for d in CATALOGUE.values() for layout in d.layouts}
    assert layouts == set(Layout)
    assert {CATALOGUE[key].layout for key in SHORTEST} == set(Layout) - {Layout.ONE_PAGE}
