"""Word files and workbooks: read back by the libraries, and set by LibreOffice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook
from PIL import Image

from planning.products.blocks import (
    Cell,
    Figure,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
    parse,
    tables_of,
)
from planning.products.document import (
    Annex,
    Document,
    DocumentSection,
    Letterhead,
    MarkingWords,
    Picture,
    fragments,
)
from planning.rendering import bounds, docx_words, tables, xlsx
from planning.rendering import docx as word
from planning.rendering.base import RenderError
from planning.rendering.office import hex_color, link_address, printable

BANNER = "UNCLASSIFIED // EXERCISE"
LONG = "x" * 300
ARABIC = "كتابة من اليمين إلى اليسار، 12 سطرا"
PICTURE, SEAL, GONE = "a" * 64, "b" * 64, "c" * 64
LAYOUTS = ("memorandum", "document", "statement", "briefing", "one_page")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def png(width: int, height: int, color: str) -> Picture:
    """A picture of one color."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "PNG")
    return Picture("image/png", out.getvalue(), width, height)


def image(key: str, alt: str) -> str:
    """The tag of a stored picture."""
    return f'<img src="/efforts/country-x/pictures/{key}/" alt="{alt}">'


TEXTS = [
    ("Overview", 1, "<p>Raids on villages <strong>continue</strong>, with <em>looting</em>, <u>rape</u> "
     "and <s>rumors</s>: H<sub>2</sub>O, 10<sup>th</sup>.<sup data-note='Situation report 41, "
     "paragraph 3.'>1</sup> See <a href='https://example.org/a b?x=1&amp;y=2'>the report</a> or "
     "<a href='javascript:alert(1)'>not this</a>.</p><p>Second<br>line.</p>"),
    ("Tasks", 1, ""),
    ("Constraints & Restraints", 2,
     "<ol><li><p>One</p><ul><li>Bullet<ul><li>Deeper<ul><li>Fourth<ul><li>Fifth</li></ul></li></ul>"
     "</li></ul></li></ul></li><li>Two<p>Two goes on.</p></li><li><ol><li>Inner one</li></ol></li>"
     "<li>Last item</li></ol><p>Between.</p><ol><li>Starts again</li></ol>"),
    ("Actors", 1,
     "<table><thead><tr><th>Actor</th><th colspan='2'>What they do</th></tr></thead><tbody>"
     "<tr><th rowspan='2'>Country Team</th><td>Reports</td><td>1,234.50</td></tr>"
     "<tr><td><p>Lists<sup data-note='Only since May.'>2</sup></p><ul><li>a</li><li>b</li></ul>"
     "<table><tr><td>inner cell</td></tr></table></td><td>=SUM(A1)</td></tr>"
     f"<tr><td>{LONG}</td><td>{ARABIC}</td><td>漢字 🙂</td></tr></tbody></table>"
     "<table><tr><td>-1+1</td><td>+44</td><td>@x</td><td>007</td><td>2026</td></tr></table>"),
    ("Other scripts", 1, f"<p>{ARABIC}</p><p>漢字かな交じり文。 🙂 {LONG}</p>"
     "<blockquote><p>Quoted words.</p></blockquote><h3>A heading inside</h3><h4>Below it</h4>"),
    ("Pictures", 1, image(PICTURE, "A map of the north") + image(GONE, "A lost chart")),
]  # fmt: skip


def document(**changes: Any) -> Document:
    """A Document with everything in it."""
    sections, note = [], 1
    numbers = iter(["1", "2", "2.a", "3", "4", "5"])
    for title, depth, html in TEXTS:
        blocks = parse(html, note)
        note += html.count("data-note")
        blocks = blocks or (Paragraph((Run("Not yet written."),)),)
        sections.append(
            DocumentSection(
                title.lower(), next(numbers), title, depth, "(U)", blocks, not html
            )
        )  # fmt: skip
    annex = Annex(
        "Dissent of USAID", parse("<p>We do not agree.</p><table><tr><td>7</td></tr></table>")
    )
    built = Document(
        title="Policy Advisory Memorandum", label="Annex D, Tab 4", effort="Country X",
        layout="memorandum", language="en", marking=MarkingWords(BANNER, "(U)", "#216e1f"),
        header=(("To", "Deputies Committee, Approving Authority for Step 3"),
                ("Through", "Supervisory Board"), ("From", "Lead planner"),
                ("Date", "19 November 2026, 11:40Z"), ("Subject", "Country X: adopt option two")),
        designation=(("Marking", BANNER), ("Prepared by", "Lead planner, CSO"),
                     ("Controlled by", "Conflict and Stabilization Operations")),
        approved=False, version=3, content_hash="d96ca4c923630c2c" * 4,
        created_at=datetime(2026, 11, 19, 14, 32, tzinfo=UTC).isoformat(),
        sections=tuple(sections), annexes=(annex,),
        letterhead=Letterhead(("Department of State", "Washington, D.C."), SEAL, "#1a3a5c"),
        pictures={PICTURE: png(1200, 700, "#88aacc"), SEAL: png(200, 200, "#1a3a5c")},
    )  # fmt: skip
    return replace(built, **changes)


def of(*blocks: Any, **changes: Any) -> Document:
    """A Document of one section with these blocks."""
    section = DocumentSection("only", "1", "Only", 1, "(U)", tuple(blocks), False)
    return document(sections=(section,), annexes=(), **changes)


def said(*words: str) -> Paragraph:
    """A paragraph of runs."""
    return Paragraph(tuple(Run(one) for one in words))


def members(content: bytes) -> dict[str, bytes]:
    """What the package holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def opened(one: Document) -> Any:
    """The Word file, read back."""
    return docx.Document(io.BytesIO(word.render(one).content))


def every_word(content: bytes) -> str:
    """The words of each paragraph of a Word file, notes and descriptions of pictures too."""
    lines: list[str] = []
    parts = members(content)
    for name in ("word/document.xml", "word/footnotes.xml"):
        if name not in parts:
            continue
        root = etree.fromstring(parts[name])
        for paragraph in root.iter(f"{W}p"):
            lines.append(
                "".join("\n" if e.tag == f"{W}br" else e.text or "" for e in paragraph.iter(
                    f"{W}t", f"{W}br"
                ))
            )  # fmt: skip
        lines += [e.get("descr") or "" for e in root.iter() if e.tag.endswith("}docPr")]
    return "\n".join(lines)


def styled(file: Any, style: str) -> list[str]:
    """The paragraphs of a style."""
    return [p.text for p in file.paragraphs if p.style.name == style]


def paragraph(file: Any, words: str) -> Any:
    """The first paragraph with these words, in the text or in a table."""
    for one in file.element.body.iter(qn("w:p")):
        if words in "".join(t.text or "" for t in one.iter(qn("w:t"))):
            return one
    raise AssertionError(words)


def bold(one: Any) -> list[str]:
    """The words of the runs that are bold by themselves."""
    return [
        "".join(t.text for t in r.iter(qn("w:t"))) for r in one.iter(qn("w:r"))
        if r.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None
    ]  # fmt: skip


# ---------- Word: the file


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_fragment_is_in_the_word_file(layout: str) -> None:
    built = document(layout=layout)
    words = every_word(word.render(built).content)
    for fragment in fragments(built):
        assert fragment in words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_same_in_same_out_without_a_clock(layout: str) -> None:
    built = document(layout=layout)
    made = word.render(built)
    assert made.content == word.render(built).content
    assert made.media_type == word.MEDIA_TYPE
    assert made.pages == 0
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        names = package.namelist()
        assert names == sorted(names, key=lambda n: (n != "[Content_Types].xml", n))
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any("thumbnail" in n or "Effects" in n or "customXml" in n for n in names)


def test_properties() -> None:
    core = opened(document()).core_properties
    assert core.title == "Country X: Policy Advisory Memorandum"
    assert core.author == core.last_modified_by == "Interagency Planning Team, Country X"
    assert core.subject == "Annex D, Tab 4"
    assert core.keywords == f"{BANNER}, sha256 {'d96ca4c923630c2c' * 4}"
    assert core.language == "en"
    assert core.version == "version 3, draft"
    assert core.created.isoformat() == core.modified.isoformat() == "2026-11-19T14:32:00+00:00"
    assert core.comments == ""


def test_properties_that_are_too_long_are_cut() -> None:
    core = opened(document(title="Very long " * 60, effort="E\x01 f\n g")).core_properties
    assert len(core.title) == 255
    assert core.title.startswith("E f g: Very long")


def test_the_marking_is_on_each_page_and_in_the_text() -> None:
    file = opened(document())
    paper = file.sections[0]
    assert paper.header.paragraphs[0].text == BANNER
    foot = [p.text for p in paper.footer.paragraphs]
    assert foot == [
        "Country X, Annex D, Tab 4, version 3, draft\tPage 1 of 1", "sha256 d96ca4c923630c2c", BANNER,
    ]  # fmt: skip
    fields = [e.text.strip() for e in paper.footer.part.element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert file.paragraphs[0].text == file.paragraphs[-1].text == BANNER
    assert str(file.styles["Marking"].font.color.rgb) == "216E1F"
    assert str(file.styles["Banner"].font.color.rgb) == "216E1F"
    assert file.styles["Banner"].font.bold
    assert (paper.page_width.inches, paper.page_height.inches) == (8.5, 11)
    assert paper.left_margin.inches == paper.top_margin.inches == 1


def test_a_draft_says_so_and_an_approved_one_does_not() -> None:
    draft = members(word.render(document()).content)
    final = members(word.render(document(approved=True)).content)

    def head(parts: dict[str, bytes]) -> bytes:
        return b"".join(v for n, v in parts.items() if re.search(r"header\d", n))

    assert b'string="DRAFT"' in head(draft)
    assert b"DRAFT" not in head(final)
    assert "draft" not in every_word(word.render(document(approved=True)).content)


def test_a_color_is_a_color() -> None:
    assert hex_color("#21aE1f") == "21AE1F"
    with pytest.raises(ValueError, match="color"):
        word.render(document(marking=MarkingWords("X", "(X)", 'red"/><w:x')))


def test_forbidden_characters_are_dropped() -> None:
    bad = "a\x00b\x0bc\ufffe\ud800d"
    built = of(said(bad), title=bad, header=((bad, bad),), effort=bad)
    words = every_word(word.render(built).content)
    assert words.count("abcd") >= 4
    assert printable(bad) == "abcd"


# ---------- Word: layouts


def test_section_headings_have_number_title_and_portion() -> None:
    file = opened(document())
    assert styled(file, "Heading 1") == [
        "1. Overview (U)", "2. Tasks (U)", "3. Actors (U)", "4. Other scripts (U)",
        "5. Pictures (U)", "Dissent of USAID",
    ]  # fmt: skip
    assert styled(file, "Heading 2") == ["2.a. Constraints & Restraints (U)"]
    assert styled(file, "Text Heading 2") == ["A heading inside"]
    assert styled(file, "Text Heading 3") == ["Below it"]
    assert styled(file, "Title") == ["Policy Advisory Memorandum"]
    assert file.styles["Text Heading 2"].base_style.name == "Heading 2"
    assert styled(file, "Empty Text") == ["(U) Not yet written."]
    briefing = opened(document(layout="briefing"))
    assert styled(briefing, "Heading 1")[0] == "Overview (U)"
    assert styled(briefing, "Title") == ["Country X: Policy Advisory Memorandum"]


def test_deep_sections_stay_at_heading_4() -> None:
    section = DocumentSection("a", "1.a.1.a.1", "Deep", 5, "(U)", (said("x"),), False)
    file = opened(document(sections=(section,)))
    assert styled(file, "Heading 4") == ["1.a.1.a.1. Deep (U)"]


def test_paragraphs_and_the_first_item_carry_the_portion_mark() -> None:
    file = opened(document())
    texts = [p.text for p in file.paragraphs]
    assert "(U) Second\nline." in texts
    assert "(U) One" in texts
    assert not any(t.startswith("(U) Two") for t in texts)
    assert "We do not agree." in texts  # an annex has no mark of its own


def test_letterhead_designation_and_address() -> None:
    file = opened(document())
    head, designation, address = file.tables[:3]
    assert [c.text for c in head.rows[0].cells] == [
        "", "Department of State\nWashington, D.C.", "Annex D, Tab 4",
    ]  # fmt: skip
    seal = next(iter(head._tbl.iter("{*}docPr")))
    assert seal.get("descr") == "Seal"
    assert [c.text for c in designation.rows[1].cells] == ["Prepared by", "Lead planner, CSO"]
    assert [r.cells[0].text for r in address.rows] == ["To", "Through", "From", "Date", "Subject"]
    assert str(file.styles["Title"].font.color.rgb) == "1A3A5C"
    bare = opened(document(letterhead=Letterhead(), pictures={}))
    assert [c.text for c in bare.tables[0].rows[0].cells] == [
        "Interagency Planning Team, Country X", "Annex D, Tab 4",
    ]  # fmt: skip


def test_a_document_has_a_title_page_and_filled_contents() -> None:
    parts = members(word.render(document(layout="document")).content)
    root = etree.fromstring(parts["word/document.xml"])
    contents = root.find(f".//{W}sdt")
    lines = ["".join(t.text for t in p.iter(f"{W}t")) for p in contents.iter(f"{W}p")]
    assert lines == [
        "Contents", "1. Overview (U)", "2. Tasks (U)", "2.a. Constraints & Restraints (U)",
        "3. Actors (U)", "4. Other scripts (U)", "5. Pictures (U)", "Dissent of USAID",
    ]  # fmt: skip
    told = [e.text.strip() for e in contents.iter(f"{W}instrText")]
    assert told[0] == 'TOC \\o "1-3" \\h \\z'
    kinds = [e.get(f"{W}fldCharType") for e in contents.iter(f"{W}fldChar")]
    dirty = [e.get(f"{W}dirty") for e in contents.iter(f"{W}fldChar")]
    assert dirty.count("true") == len(told) - 1  # each page number, and not the contents
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == len(told)
    marks = {e.get(f"{W}name") for e in root.iter(f"{W}bookmarkStart")}
    assert {e.get(f"{W}anchor") for e in contents.iter(f"{W}hyperlink")} <= marks
    styles = [p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for p in contents.iter(f"{W}p")]
    assert styles[:4] == ["TOCHeading", "TOC1", "TOC1", "TOC2"]
    breaks = [e for e in root.iter(f"{W}br") if e.get(f"{W}type") == "page"]
    assert len(breaks) == 2
    assert b"w:sdt" not in members(word.render(document(layout="briefing")).content)[
        "word/document.xml"
    ]  # fmt: skip


def test_statement_and_one_page() -> None:
    statement = opened(document(layout="statement"))
    assert statement.styles["Title"].paragraph_format.alignment is not None
    assert styled(statement, "Subtitle") == ["Country X"]
    assert styled(statement, "Heading 1")[0] == "1. Overview (U)"
    assert statement.tables[-1].rows[0].cells[0].text == "Marking"
    dense = opened(document(layout="one_page"))
    assert dense.styles["Normal"].font.size < opened(document()).styles["Normal"].font.size


# ---------- Word: words


def test_marks_links_and_direction() -> None:
    file = opened(document())
    first = paragraph(file, "Raids on villages")
    looks = {
        "".join(t.text for t in r.iter(qn("w:t"))): r.find(qn("w:rPr"))
        for r in first.iter(qn("w:r"))
    }
    assert looks["continue"].find(qn("w:b")) is not None
    assert looks["continue"].find(qn("w:bCs")) is not None
    assert looks["looting"].find(qn("w:i")) is not None
    assert looks["rape"].find(qn("w:u")) is not None
    assert looks["rumors"].find(qn("w:strike")) is not None
    assert looks["2"].find(qn("w:vertAlign")).get(qn("w:val")) == "subscript"
    assert looks["th"].find(qn("w:vertAlign")).get(qn("w:val")) == "superscript"
    links = {r.target_ref for r in file.part.rels.values() if r.is_external}
    assert links == {"https://example.org/a%20b?x=1&y=2"}
    assert "not this" in "".join(t.text for t in first.iter(qn("w:t")))
    arabic = next(p for p in file.paragraphs if ARABIC[:20] in p.text)
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert any(
        r.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for r in arabic._p.iter(qn("w:r"))
    )
    fonts = file.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Noto Sans CJK SC"
    assert fonts.get(qn("w:cs")) == "Noto Naskh Arabic"
    defaults = file.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:lang")).get(qn("w:val")) == "en"
    assert defaults.find(qn("w:rFonts")).get(qn("w:cs")) == "Noto Naskh Arabic"


@pytest.mark.parametrize(
    ("words", "base", "expected"),
    [
        ("plain", False, [("plain", False)]),
        ("", False, []),
        ("", True, []),
        ("abc", True, [("abc", False)]),
        ("نص abc", True, [("نص ", True), ("abc", False)]),
        ("see نص نص.", False, [("see ", False), ("نص نص", True), (".", False)]),
        ("é\u0301 漢", False, [("é\u0301 漢", False)]),
        ("12", True, [("12", True)]),
    ],
)
def test_directions(words: str, base: bool, expected: list[tuple[str, bool]]) -> None:
    assert list(docx_words.directed(words, base)) == expected


def test_no_letter_is_lost_between_directions() -> None:
    words = "a ش\u0651 1, ש ب ־ 漢 🙂 (x) ؟"
    for base in (False, True):
        assert "".join(piece for piece, _ in docx_words.directed(words, base)) == words


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/ü?a=b", "https://example.org/ü?a=b"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("http://x/<a b>", "http://x/%3Ca%20b%3E"),
        ("javascript:alert(1)", ""), ("file:///etc/passwd", ""), ("//example.org", ""),
        ("http://[bad", ""), ("http:", ""), ("/efforts/", ""), ("", ""), ("https://x/" + "a" * 3000, ""),
    ],
)  # fmt: skip
def test_addresses(href: str, expected: str) -> None:
    assert link_address(href) == expected


def test_lists_are_real_and_each_counts_for_itself() -> None:
    file = opened(document())
    numbering = file.part.numbering_part.element
    starts = {
        n.get(qn("w:numId")): (
            n.find(qn("w:lvlOverride")).get(qn("w:ilvl")),
            n.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")),
        )
        for n in numbering.findall(qn("w:num"))
        if n.find(qn("w:lvlOverride")) is not None
    }

    def number(words: str) -> tuple[str, str, str]:
        one = paragraph(file, words)
        numbered = one.pPr.numPr
        return (
            one.pPr.pStyle.val, numbered.ilvl.get(qn("w:val")), numbered.numId.get(qn("w:val")),
        )  # fmt: skip

    assert number("One")[:2] == ("ListNumber", "0")
    assert number("Bullet")[:2] == ("ListBullet2", "1")
    assert number("Deeper")[:2] == ("ListBullet3", "2")
    assert number("Fourth")[:2] == ("ListBullet4", "3")
    assert number("Fifth")[:2] == ("ListBullet4", "3")
    assert number("Inner one")[:2] == ("ListNumber2", "1")
    one, two, last, again = (number(w)[2] for w in ("One", "Two", "Last item", "Starts again"))
    assert one == two
    assert starts[one] == ("0", "1")
    assert starts[last] == ("0", "4")  # the item without words of its own took the 3
    assert again not in {one, last}
    assert starts[again] == ("0", "1")
    assert starts[number("Inner one")[2]] == ("1", "1")
    assert paragraph(file, "Two goes on.").pPr.pStyle.val == "ListContinue"
    assert paragraph(file, "Two goes on.").pPr.numPr is None


def test_a_list_starts_where_it_starts() -> None:
    file = opened(of(ListBlock(True, ((said("Seven"),), ()), 7)))
    last = file.part.numbering_part.element.findall(qn("w:num"))[-1]
    assert last.find(f".//{qn('w:startOverride')}").get(qn("w:val")) == "7"
    assert styled(file, "List Number") == ["(U) Seven", ""]


def test_footnotes_are_word_s_own() -> None:
    built = document()
    parts = members(word.render(built).content)
    notes = etree.fromstring(parts["word/footnotes.xml"])
    kinds = [(n.get(f"{W}id"), n.get(f"{W}type")) for n in notes]
    assert kinds == [
        ("-1", "separator"), ("0", "continuationSeparator"), ("1", None), ("2", None),
    ]  # fmt: skip
    assert "".join(notes[2].itertext()) == " Situation report 41, paragraph 3."
    body = etree.fromstring(parts["word/document.xml"])
    asked = [e.get(f"{W}id") for e in body.iter(f"{W}footnoteReference")]
    assert asked == ["1", "2"]
    assert b"footnotes+xml" in parts["[Content_Types].xml"]
    assert b"relationships/footnotes" in parts["word/_rels/document.xml.rels"]
    assert b"footnotePr" in parts["word/settings.xml"]
    without = members(word.render(of(said("No notes."))).content)
    assert "word/footnotes.xml" not in without
    assert b"footnotePr" not in without["word/settings.xml"]


def test_a_footnote_out_of_turn_keeps_its_number() -> None:
    runs = tuple(Run("", note=f"note {n}", number=n) for n in (1, 5, 2))
    parts = members(word.render(of(Paragraph(runs))).content)
    body = etree.fromstring(parts["word/document.xml"])
    marks = [
        (e.get(f"{W}customMarkFollows"), "".join(e.getparent().itertext()))
        for e in body.iter(f"{W}footnoteReference")
    ]
    assert marks == [(None, ""), ("1", "5"), (None, "")]


# ---------- Word: tables and pictures


def test_tables_have_headers_that_repeat_and_spans() -> None:
    file = opened(document())
    table = next(t for t in file.tables if t.cell(0, 0).text == "Actor")
    assert table.style.name == "Data Table"
    rows = table._tbl.tr_lst
    assert [r.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for r in rows] == [
        True, False, False, False,
    ]  # fmt: skip
    assert rows[1].find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None
    assert [c.grid_span for c in rows[0].tc_lst] == [1, 2]
    assert [c.vMerge for c in rows[1].tc_lst] == ["restart", None, None]
    assert [c.vMerge for c in rows[2].tc_lst] == ["continue", None, None]
    assert table.cell(0, 1).paragraphs[0].style.name == "Table Heading"
    assert table.cell(1, 0).paragraphs[0].style.name == "Table Heading"
    assert file.styles["Table Heading"].font.bold
    inner = table.cell(2, 1)
    assert [p.text for p in inner.paragraphs] == ["Lists", "a", "b", "inner cell"]
    assert inner.paragraphs[1]._p.pPr.numPr is not None
    assert not inner.tables


def test_every_row_fills_the_grid_whatever_the_spans_say() -> None:
    cells = [
        (Cell((said("a"),), rowspan=3), Cell((said("b"),), colspan=2, rowspan=9), Cell(())),
        (Cell((said("c"),), colspan=3), Cell((said("d"),))),
        (Cell((said("e"),)),),
    ]
    table = Table(tuple(cells), 1)
    rows, width = tables.layout(table)
    assert {len(row) for row in rows} == {width}
    built = of(table)
    for one in opened(built).tables[3]._tbl.tr_lst:
        assert sum(c.grid_span for c in one.tc_lst) == width
        assert all(c.p_lst for c in one.tc_lst)
    words = every_word(word.render(built).content)
    assert all(letter in words.split() for letter in "abcde")


def test_a_table_too_broad_for_word_is_parted() -> None:
    row = tuple(Cell((said(f"c{n}"),)) for n in range(100))
    file = opened(of(Table((row, row))))
    assert [len(t.columns) for t in file.tables[3:]] == [63, 37]
    assert file.tables[4].cell(0, 0).text == "c63"


def test_a_row_as_long_as_a_page_may_be_parted() -> None:
    table = Table(((Cell((said("word " * 3000),)),), (Cell((said("x"),)),)), 1)
    long, short = opened(of(table)).tables[3]._tbl.tr_lst
    assert long.find(qn("w:trPr")) is None
    assert short.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None


def test_pictures_have_their_words_and_fit() -> None:
    file = opened(document())
    drawings = list(file.element.body.iter("{*}docPr"))
    assert [d.get("descr") for d in drawings] == ["Seal", "A map of the north"]
    assert len({d.get("id") for d in drawings}) == 2
    extent = list(file.element.body.iter("{*}inline"))[1].find("{*}extent")
    assert int(extent.get("cx")) <= 6.5 * 914_400
    assert int(extent.get("cx")) / int(extent.get("cy")) == pytest.approx(1200 / 700, rel=0.01)
    assert "[Picture: A lost chart]" in styled(file, "Caption")


def test_a_broken_or_tall_picture() -> None:
    broken = Picture("image/png", b"\x89PNG\r\n\x1a\n broken", 10, 10)
    file = opened(of(Figure(PICTURE, "Broken"), Figure(GONE, ""), pictures={PICTURE: broken}))
    assert styled(file, "Caption") == ["[Picture: Broken]", "[Picture: not described]"]
    tall = opened(of(Figure(PICTURE, "Tall"), pictures={PICTURE: png(10, 2000, "red")}))
    extent = next(iter(tall.element.body.iter("{*}inline"))).find("{*}extent")
    assert int(extent.get("cy")) <= 6.4 * 914_400


def test_quotes_and_lists_hold_anything() -> None:
    table = Table(((Cell((Quote((said("in a cell"), ListBlock(True, ((said("n"),),)))),)),),))
    item = (table, Figure(GONE, "gone"), Quote((said("q"),)))
    file = opened(of(Quote((said("outer"), Quote((said("inner"),)), ListBlock(False, (item,))))))
    assert styled(file, "Quote") == ["outer", "inner", "q"]
    assert file.tables[3].cell(0, 0).text == "in a cell\nn"


def test_too_much_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    many = of(*[said("x")] * 20_001)
    with pytest.raises(RenderError, match=r"20,001 paragraphs; 20,000 is the most.*Part it"):
        word.render(many)
    broad = Table(((Cell((said("x"),), colspan=50, rowspan=50),) * 100,))
    with pytest.raises(RenderError, match="250,000 cells"):
        word.render(of(broad))
    with pytest.raises(RenderError, match="250,000 cells"):
        xlsx.render(of(broad))
    wide = (Cell((), colspan=50),) * 60
    with pytest.raises(RenderError, match="cells"):
        word.render(of(Table((wide, *[(Cell(()),)] * 100))))
    monkeypatch.setattr(bounds, "MAX_CHARACTERS", 10)
    with pytest.raises(RenderError, match="million characters"):
        word.render(document())


# ---------- Excel


def book(one: Document) -> Any:
    """The workbook, read back."""
    return load_workbook(io.BytesIO(xlsx.render(one).content))


def values(one: Document) -> str:
    """Every value of every sheet, as shown."""
    return "\n".join(
        shown(c) for page in book(one) for row in page for c in row if c.value is not None
    )


def shown(cell: Any) -> str:
    """A value as Excel prints it, for the formats that we use."""
    if isinstance(cell.value, int | float):
        digits = len(cell.number_format.partition(".")[2])
        comma = "," if "," in cell.number_format else ""
        return f"{cell.value:{comma}.{digits}f}"
    return str(cell.value)


def table_words(one: Document) -> Iterator[str]:
    """The fragments of the tables alone."""
    for section in (*one.sections, *one.annexes):
        tables = tuple(tables_of(section.blocks))
        yield from list(fragments(document(sections=(), annexes=(Annex("", tables),))))[1:]


def test_every_fragment_of_a_table_is_in_the_workbook() -> None:
    built = document()
    found = values(built)
    words = list(table_words(built))
    assert len(words) > 15
    for fragment in words:
        assert fragment in found


def test_sheets_are_named_by_their_sections() -> None:
    built = document()
    made = xlsx.render(built)
    pages = book(built)
    assert pages.sheetnames == ["About", "3 Actors", "3 Actors (2)", "Dissent of USAID"]
    assert made.pages == 4
    assert made.content == xlsx.render(built).content
    about = {r[0].value: r[1].value for r in pages["About"].iter_rows(min_row=3, max_row=12)}
    assert about["Title"] == "Policy Advisory Memorandum"
    assert about["State"] == "version 3, draft"
    assert about["SHA-256"] == built.content_hash
    assert about["Through"] == "Supervisory Board"
    assert pages.properties.title == built.subject
    assert pages.properties.version == built.state
    assert pages.properties.created == pages.properties.modified == datetime(2026, 11, 19, 14, 32)  # noqa: DTZ001 - as openpyxl reads it


def test_the_marking_is_first_last_and_printed() -> None:
    for page in book(document()):
        assert page["A1"].value == BANNER
        assert page.cell(page.max_row, 1).value == BANNER
        assert page["A1"].font.color.rgb == "FF216E1F"
        assert page["A1"].font.bold
        assert page.oddHeader.center.text == page.oddFooter.center.text == BANNER
        assert page.oddFooter.left.text == "Country X, Annex D, Tab 4, version 3, draft"


def test_a_sheet_has_header_filter_spans_and_notes() -> None:
    page = book(document())["3 Actors"]
    assert page["A2"].value == "3. Actors (U)"
    assert page["A3"].font.bold
    assert not page["B4"].font.bold
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:C6"
    assert page.print_title_rows == "$3:$3"
    assert {"B3:C3", "A4:A5"} <= {str(r) for r in page.merged_cells.ranges}
    assert page["B5"].value == "Lists²\n• a\n• b\ninner cell"
    assert page["B5"].alignment.wrap_text
    assert page["B6"].alignment.readingOrder == 2
    assert page["B6"].font.name == "Noto Naskh Arabic"
    assert page["C6"].font.name == "Noto Sans CJK SC"
    assert page["A7"].value == "2. Only since May."
    assert page.column_dimensions["A"].width == 60


def test_nothing_is_a_live_formula() -> None:
    signs = ["=1+1", "=", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", '=HYPERLINK("http://x")']
    row = tuple(Cell((Paragraph((Run(s),)),)) for s in signs)
    built = of(Table((row, row), 1), header=(("=1", "=2"),), effort="=cmd|'/c calc'!A1")
    content = xlsx.render(built).content
    for name, data in members(content).items():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in data
            assert b"<f " not in data
    pages = load_workbook(io.BytesIO(content))
    for page in pages:
        for line in page:
            for cell in line:
                assert cell.data_type in {"s", "n"}
                if isinstance(cell.value, str) and cell.value[0] in "=+-@\t\r":
                    assert cell.quotePrefix
    assert pages.worksheets[1]["A3"].value == "=1+1"


@pytest.mark.parametrize(
    ("words", "value", "pattern"),
    [
        ("0", 0, "0"), ("2026", 2026, "0"), ("1,234", 1234, "#,##0"), ("1234.50", 1234.5, "0.00"),
        ("1,234,567.8", 1234567.8, "#,##0.0"), ("0.10", 0.1, "0.00"),
        ("007", "007", "General"), ("1,23", "1,23", "General"), ("12,345,67", "12,345,67", "General"),
        ("1.", "1.", "General"), (".5", ".5", "General"), ("-5", "-5", "@"), ("5 %", "5 %", "General"),
        ("1234567890123456", "1234567890123456", "General"), ("١٢", "١٢", "General"),
        ("1e5", "1e5", "General"),
    ],
)  # fmt: skip
def test_numerals_are_numbers_that_print_the_same(words: str, value: Any, pattern: str) -> None:
    cell = book(of(Table(((Cell((said(words),)),),)))).worksheets[1]["A3"]
    assert cell.value == value
    assert cell.number_format == pattern
    assert shown(cell) == words


def test_letters_like_an_escape_stay_letters() -> None:
    content = xlsx.render(of(Table(((Cell((said("_x0041_"),)),),)))).content
    assert b"_x005F_x0041_" in members(content)["xl/worksheets/sheet2.xml"]


def test_sheet_names_follow_excel_s_rules() -> None:
    table = Table(((Cell((said("x"),)),),))
    titles = [
        "[a]:*?/\\b",
        "'quoted'",
        "a" * 50,
        "a" * 50,
        "A" * 50,
        "🙂" * 40,
        "",
        "History",
        "about",
    ]
    annexes = tuple(Annex(title, (table,)) for title in titles)
    names = book(document(sections=(), annexes=annexes)).sheetnames
    assert names[1] == "a b"
    assert len({n.casefold() for n in names}) == len(names) == 10
    for name in names:
        assert len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_links_and_lists_in_cells() -> None:
    html = (
        "<table><tr><td><a href='https://example.org/'>=there</a></td><td><ol><li>one<ul><li>two"
        "</li></ul></li><li>three</li></ol></td><td>" + image(GONE, "lost") + "</td></tr></table>"
    )
    page = book(of(*parse(html))).worksheets[1]
    assert page["A3"].hyperlink.target == "https://example.org/"
    assert page["A3"].value == "=there"
    assert page["A3"].data_type == "s"
    assert page["B3"].value == "1. one\n  • two\n2. three"
    assert page["C3"].value == "[Picture: lost]"


def test_a_workbook_needs_tables_and_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx.has_tables(document())
    bare = of(said("x"))
    assert not xlsx.has_tables(bare)
    with pytest.raises(RenderError, match=r"^This product has no tables, "):
        xlsx.render(bare)
    huge = Table(((Cell((said("x" * 32_768),)),),))
    with pytest.raises(RenderError, match=r"“1\. Only \(U\)” holds 32,768 characters"):
        xlsx.render(of(huge))
    row = (Cell((said("x"),)),)
    with pytest.raises(RenderError, match="251 tables; 250 is the most"):
        xlsx.render(of(*[Table((row,))] * 251))
    with pytest.raises(RenderError, match="columns"):
        xlsx.render(of(Table(((Cell((), colspan=50),) * 400,))))
    monkeypatch.setattr(bounds, "MAX_PARAGRAPHS", 1)
    with pytest.raises(RenderError, match="for Excel"):
        xlsx.render(document())


def test_a_long_banner_does_not_break_the_print_header() -> None:
    long = MarkingWords("SECRET & " * 60, "(S)", "#c8102e")
    data = members(xlsx.render(document(marking=long)).content)["xl/worksheets/sheet1.xml"]
    root = etree.fromstring(data)
    for part in (
        root.find("{*}headerFooter/{*}oddHeader"),
        root.find("{*}headerFooter/{*}oddFooter"),
    ):
        assert len(part.text) <= 255
        assert not re.search(r"(?<!&)(?:&&)*&(?![&CLRPNK\"])", part.text)


# ---------- LibreOffice


@pytest.mark.office
@pytest.mark.parametrize("layout", [*LAYOUTS, "xlsx"])
def test_libreoffice_opens_what_we_write(layout: str, tmp_path: Path) -> None:
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("soffice or pdftotext is not installed")
    if layout == "xlsx":
        file = tmp_path / "made.xlsx"
        file.write_bytes(xlsx.render(document()).content)
    else:
        file = tmp_path / "made.docx"
        file.write_bytes(word.render(document(layout=layout)).content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "made.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    pages = text.split("\f")[:-1]
    assert all(page.count(BANNER) >= 2 for page in pages)
    assert "Country Team" in text
    assert "=SUM(A1)" in text
    assert "1,234.50" in text
    if layout != "xlsx":
        assert "Situation report 41" in text
        assert f"Page {len(pages)} of {len(pages)}" in text
