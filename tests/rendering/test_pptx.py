"""PowerPoint files: read back by python-pptx, measured, and set by LibreOffice."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from planning.products.blocks import Cell, Paragraph, Quote, Run, Table, parse, words_of
from planning.products.document import (
    Annex,
    Document,
    DocumentSection,
    Letterhead,
    MarkingWords,
    Picture,
    fragments,
)
from planning.rendering import bounds, pdf, pptx, pptx_theme, slides, slides_size, slides_tables
from planning.rendering.base import RenderError
from planning.rendering.pptx_words import language
from tests.rendering.test_office_docs import (
    ARABIC,
    BANNER,
    GONE,
    LAYOUTS,
    LONG,
    PICTURE,
    SEAL,
    document,
    image,
    members,
    of,
    png,
    said,
)

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WORDS = (
    "Officials incite attacks on leaders of the minority, and armed groups raid their villages "
    "while the armed forces watch or help. "
)
TITLE = "The situation turned on 17 November: incitement is followed by attacks on villages"
BRIEFING = [
    ("Purpose and agenda", 1, "<p>Obtain a decision: replace option one, approved on 13 November, "
     "by option two in a strengthened form.</p><h3>Agenda</h3><ol><li>What changed since 13 "
     "November</li><li>The two options compared</li><li>Dissenting opinions</li><li>Recommendation "
     "and next steps</li><li>Discussion and guidance</li></ol>"),
    (TITLE, 1, "<ul><li>Officials’ statements incite attacks on minority leaders and others</li>"
     "<li>Armed Chim groups raid Calen villages; the armed forces support some raids<ul><li>Nine "
     "attacks this week, threshold five</li><li>Three villages empty</li></ul></li><li>Refugees to "
     "Country Y: 3,100 this week, three times the threshold<sup data-note='UNHCR, situation report "
     "41, 19 November.'>1</sup></li><li>Relief organizations leave West Calen</li></ul>"),
    ("Option two acts within days and keeps choices open", 1,
     "<table><thead><tr><th>Aspect</th><th>Option one: low-key US support</th><th>Option two: "
     "expanded US effort</th></tr></thead><tbody><tr><th>US role</th><td>Support other actors</td>"
     "<td>Lead a multinational effort</td></tr><tr><th>Measures</th><td>Support to UN and regional "
     "organizations; more if the situation worsens</td><td>Larger programs, bilateral diplomacy, "
     "regional military engagement, shaped UN efforts, coalition contingency planning</td></tr><tr>"
     "<th>First effect</th><td>Four to six weeks</td><td>Days for diplomacy and information, weeks "
     "for the rest</td></tr><tr><th>Risk of acting</th><td>Low; may come too late</td><td>May "
     "harden the armed forces’ position</td></tr><tr><th>Risk of not acting</th><td>Atrocities "
     "spread beyond West Calen</td><td>Lower, if incitement stops within two weeks</td></tr>"
     "</tbody></table>"),
    ("Two dissents stand", 1, "<p><strong>OUSD for Policy</strong>, on contingency planning; "
     "co-signed by U.S. Africa Command</p><blockquote><p>Planning announced before access and "
     "overflight are secured promises more than can be delivered. Plan quietly; announce when two "
     "partners have agreed.</p></blockquote><p><strong>USAID African Bureau</strong>, on assumption "
     "A-7, NGO presence continues</p><blockquote><p>Two larger relief organizations are leaving "
     "this week.</p><p>Tasks that rest on their networks will fail first.</p></blockquote><h3>"
     "Answer of the lead</h3><p>Planning starts at once and is announced only with partners. See "
     "<a href='https://example.org/a'>the matrix</a>.</p>"),
    ("The north", 2, image(PICTURE, "A map of the north")),
    ("Recommendation and next steps", 1, "<p>Adopt option two, strengthened. Record both dissents."
     "</p><table><thead><tr><th>Next step</th><th>Owner</th><th>By</th></tr></thead><tbody><tr><td>"
     "American citizens: movement confirmed</td><td>Country Team</td><td>20 Nov</td></tr><tr><td>"
     "Policy Statement to the Deputies</td><td>CSO</td><td>21 Nov</td></tr><tr><td>Demarches to "
     "Country Y and ECOWAS</td><td>DoS African Bureau</td><td>21 Nov</td></tr></tbody></table>"
     "<p>Guidance given here is entered in the record by the scribe.</p>"),
    ("Funding", 1, ""),
]  # fmt: skip


def built(texts: list[tuple[str, int, str]], **changes: Any) -> Document:
    """A briefing of sections: title, depth and HTML."""
    sections: list[DocumentSection] = []
    above: list[str] = []
    note = 1
    for place, (title, depth, html) in enumerate(texts, start=1):
        above = above[: depth - 1]
        blocks = parse(html, note) or (Paragraph((Run("Not yet written."),)),)
        note += html.count("data-note")
        sections.append(
            DocumentSection(
                f"s{place}", str(place), title, depth, "(U)", blocks, not html, tuple(above)
            )
        )  # fmt: skip
        above.append(title)
    made = document(layout="briefing", sections=tuple(sections), annexes=())
    return replace(made, **changes)


def nested(tag: str, depth: int) -> str:
    """A list in a list in a list."""
    inner = nested(tag, depth - 1) if depth > 1 else ""
    return f"<{tag}><li><p>Level {depth} counted from within</p>{inner}</li><li>Next</li></{tag}>"


def rows(count: int, columns: int, words: str = "Cell", head: str = "Column") -> str:
    """A table with a header."""
    top = "".join(f"<th>{head} {x}</th>" for x in range(columns))
    body = "".join(
        "<tr>" + "".join(f"<td>{words} {y}.{x}</td>" for x in range(columns)) + "</tr>"
        for y in range(count)
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


SPANS = (
    "<table><thead><tr><th rowspan='2'>Actor</th><th colspan='3'>What they do</th></tr><tr><th>Now"
    "</th><th>Next</th><th>Later</th></tr></thead><tbody>"
    + "".join(
        f"<tr><th rowspan='3'>Actor {n}, who has a long name and a mandate</th><td colspan='2'>Both "
        f"now and next {n}</td><td>Later {n}</td></tr><tr><td rowspan='2'>{WORDS}</td><td>b</td><td>c"
        "</td></tr><tr><td>d</td><td>e</td></tr>"
        for n in range(5)
    )
    + "</tbody></table>"
)
WORST = [
    ("Wort" * 75, 1, f"<p>{WORDS * 12}</p><p>{LONG}</p><p>{'W' * 300}</p>"),
    ("A title that goes on and on " * 11, 1, f"<p>{WORDS * 3}</p>" * 9),
    ("M" * 700, 2, f"<h3>{WORDS * 3}</h3><h4>{WORDS}</h4><p>{WORDS}</p>" * 4),
    ("عنوان طويل جدا للشريحة " * 6, 1, f"<p>{ARABIC * 9}</p><ul><li>{ARABIC}</li><li>{ARABIC * 4}"
     f"</li></ul><ol><li>{ARABIC}</li></ol>" + rows(4, 3, ARABIC, "عمود")),
    ("漢字の題" * 20, 1, f"<p>{'漢字かな交じり文。' * 60}</p><ul><li>{'漢字' * 200}</li></ul>"
     + rows(3, 5, "漢字かな交じり文" * 6)),
    ("🙂🎉 emoji", 2, f"<p>{'🙂' * 300}</p><p>{'👩‍👩‍👧‍👦 ' * 60}</p>" + rows(2, 6, "🙂" * 40)),
    ("Sixty rows", 1, rows(60, 4, "Some words of a cell that go on")),
    ("Long cells", 1, rows(5, 6, WORDS * 4, WORDS)),
    ("Lists", 1, nested("ul", 6) + nested("ol", 6) + f"<ul>{f'<li>{WORDS * 5}</li>' * 9}</ul>"
     + f"<ol>{'<li>Short</li>' * 40}</ol>"),
    ("Items that go on", 1, "<ul><li>" + f"<p>{WORDS * 3}</p>" * 5 + "<blockquote><p>Quoted</p>"
     "</blockquote>" + rows(2, 2) + "</li></ul>"),
    ("Spans", 1, SPANS),
    ("Twelve columns", 1, rows(7, 12, "Cell with words")),
    ("Words in columns", 1, rows(4, 6, "Unpronounceability " * 9, LONG)),
    ("Quotations", 1, "<blockquote>" * 6 + f"<p>{WORDS * 6}</p>" + rows(12, 3) + nested("ul", 4)
     + "</blockquote>" * 6 + "<blockquote><p>One</p><p>Two</p></blockquote>"),
    ("Breaks", 1, f"<p>{'line<br>' * 60}end</p><p>{(WORDS + '<br>') * 5}end</p>"
     + f"<p>{'Note<sup data-note=x>1</sup> ' * 30}</p>"),
    ("Pictures", 1, image(PICTURE, "A map") + f"<p>{WORDS}</p>" + image("d" * 64, "Tall")
     + image("e" * 64, "Small") + image(GONE, "A lost chart. " * 150) + image("f" * 64, "Broken")
     + f"<table><tr><td>{image('e' * 64, 'In a cell')}</td><td>x</td></tr></table>"),
    ("Nothing", 3, ""),
]  # fmt: skip


@cache
def briefing() -> Document:
    """An ordinary briefing."""
    return built(BRIEFING)


@cache
def worst() -> Document:
    """All that is too long, too broad or too deep."""
    pictures = {
        PICTURE: png(1200, 700, "#88aacc"), SEAL: png(900, 200, "#1a3a5c"),
        "d" * 64: png(200, 3000, "#aa8844"), "e" * 64: png(60, 40, "#448844"),
        "f" * 64: Picture("image/png", b"no picture", 100, 100),
    }  # fmt: skip
    return built(
        WORST, title="A subject that goes on and on " * 12, effort="Country X and neighbors " * 9,
        label="Annex D, Tab 4 " * 12, header=(("To whom it may concern " * 4, WORDS * 6),) * 9,
        letterhead=Letterhead((WORDS, *["Department"] * 9), SEAL, "#1a3a5c"), pictures=pictures,
        annexes=(Annex("Dissent of USAID", parse(f"<p>{WORDS * 9}</p>" * 3)),),
        marking=MarkingWords("SECRET // RELEASABLE TO NOBODY " * 6, "(S//REL)", "#c8102e"),
    )  # fmt: skip


KINDS = {"briefing": briefing, "worst": worst, "all blocks": document}


@cache
def made(kind: str) -> bytes:
    """The file of one kind of content."""
    return pptx.render(KINDS[kind]()).content


def opened(content: bytes) -> Any:
    """The file, read back."""
    return Presentation(io.BytesIO(content))


def shown(one: Document) -> list[Any]:
    """The slides of a Document, read back."""
    return list(opened(pptx.render(one).content).slides)


def lines_of(element: Any) -> list[str]:
    """The words of each paragraph; a break is a line end."""
    return [
        "".join("\n" if e.tag == f"{A}br" else e.text or "" for e in p.iter(f"{A}t", f"{A}br"))
        for p in element.iter(f"{A}p")
    ]


def words_on(slide: Any) -> str:
    """What a slide says, with the words that stand for its pictures."""
    found = lines_of(slide.element)
    found += [e.get("descr") for e in slide.element.iter() if e.get("descr")]
    return "\n".join(found)


def notes_on(slide: Any) -> list[str]:
    """The lines of the notes of a slide."""
    return lines_of(slide.notes_slide.notes_text_frame._txBody)


def named(slide: Any, name: str) -> Any:
    """The shape with this name."""
    return next(s for s in slide.shapes if s.name == name)


def paragraph(slide: Any, words: str) -> Any:
    """The first paragraph of a slide that holds these words."""
    return next(p for p in slide.element.iter(f"{A}p") if words in said_in(p))


def said_in(one: Any) -> str:
    """The words of one paragraph."""
    return "".join(t.text or "" for t in one.iter(f"{A}t"))


# ---------- what is in it


@pytest.mark.parametrize("kind", KINDS)
def test_every_fragment_is_on_a_slide_or_in_its_notes(kind: str) -> None:
    built_of = KINDS[kind]()
    words = "\n".join(
        words_on(s) + "\n" + "\n".join(notes_on(s)) for s in opened(made(kind)).slides
    )
    wanted = list(fragments(built_of))
    assert len(wanted) > 20
    for fragment in wanted:
        assert fragment in words


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_layout_gives_the_same_slides(layout: str) -> None:
    result = pptx.render(document(layout=layout))
    assert result.content == made("all blocks")
    assert result.pages == len(opened(result.content).slides)
    assert result.media_type == pptx.MEDIA_TYPE


def test_same_in_same_out_without_a_clock() -> None:
    content = made("worst")
    assert pptx.render(worst()).content == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        assert names == sorted(names, key=lambda n: (n != "[Content_Types].xml", n))
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any("thumbnail" in n or "printerSettings" in n for n in names)


def test_properties() -> None:
    core = opened(made("all blocks")).core_properties
    assert core.title == "Country X: Policy Advisory Memorandum"
    assert core.author == core.last_modified_by == "Interagency Planning Team, Country X"
    assert core.subject == "Annex D, Tab 4"
    assert core.keywords == f"{BANNER}, sha256 {'d96ca4c923630c2c' * 4}"
    assert core.version == "version 3, draft"
    assert core.created.isoformat()[:19] == core.modified.isoformat()[:19] == "2026-11-19T14:32:00"


def test_master_layouts_and_theme() -> None:
    file = opened(made("briefing"))
    assert (file.slide_width, file.slide_height) == (12_192_000, 6_858_000)
    assert [one.name for one in file.slide_layouts] == list(pptx_theme.LAYOUTS)
    kinds = {
        one.name: [str(p.placeholder_format.type) for p in one.placeholders]
        for one in file.slide_layouts
    }
    assert kinds["Title and Table"][:2] == ["TITLE (1)", "TABLE (12)"]
    assert kinds["Title Slide"][:2] == ["CENTER_TITLE (3)", "SUBTITLE (4)"]
    assert all(any("FOOTER" in k for k in one) for one in kinds.values())
    themes = [d for n, d in members(made("briefing")).items() if "/theme/" in n]
    assert len(themes) == 2
    for data in themes:
        root = etree.fromstring(data)
        assert [e.get("typeface") for e in root.iter(f"{A}latin")] == ["Georgia", "Arial"]
        assert {e.get("typeface") for e in root.iter(f"{A}ea")} == {pptx_theme.EAST}
        assert {e.get("typeface") for e in root.iter(f"{A}cs")} == {pptx_theme.COMPLEX}
        assert root.find(f".//{A}accent1/{A}srgbClr").get("val") == "1A3A5C"
    levels = file.slide_master.element.findall(".//{*}bodyStyle/*")
    assert len(levels) == 9
    assert len({e.get("marL") for e in levels}) == 9


def test_titles_stand_in_title_placeholders_and_are_each_one_s_own() -> None:
    every = [s.shapes.title.text_frame.text for s in opened(made("worst")).slides]
    assert len(set(every)) == len(every) > 50
    file = shown(briefing())
    assert [s.shapes.title.text_frame.text for s in file][:3] == [
        "Country X: Policy Advisory Memorandum", "Purpose and agenda (U)", f"{TITLE} (U)",
    ]  # fmt: skip
    assert [s.slide_layout.name for s in file] == [
        "Title Slide", "Title and Content", "Title and Content", "Title and Table",
        "Title and Content", "Title and Picture", "Title and Content", "Title and Content",
    ]  # fmt: skip
    north = next(s for s in file if s.shapes.title.text_frame.text.startswith("The north"))
    assert named(north, "Above").text_frame.text == "Two dissents stand"


def test_what_goes_on_is_counted() -> None:
    titles = [s.shapes.title.text_frame.text for s in opened(made("worst")).slides]
    rest = [t for t in titles if t.startswith("Sixty rows")]
    count = len(rest)
    assert count > 3
    assert rest == [f"Sixty rows (U) {n} of {count}" for n in range(1, count + 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_slide_has_banners_footer_and_number(kind: str) -> None:
    one = KINDS[kind]()
    file = opened(made(kind))
    for number, slide in enumerate(file.slides, start=1):
        top, bottom = named(slide, "Marking top"), named(slide, "Marking bottom")
        assert top.text_frame.text == bottom.text_frame.text
        assert one.marking.banner.startswith(top.text_frame.text.removesuffix(" …"))
        assert (top.left, top.top, top.width) == (0, 0, file.slide_width)
        assert bottom.top + bottom.height == file.slide_height
        for bar in (top, bottom):
            assert str(bar.fill.fore_color.rgb) == one.marking.ground[1:].upper()
            assert bar.text_frame.paragraphs[0].runs[0].font.bold
            color = bar.element.find(f".//{A}rPr/{A}solidFill/{A}schemeClr")
            assert color.get("val") == "bg1"
        assert slide.element.get("showMasterSp") == "0"  # or they would be there twice
        foot = named(slide, "Footer").text_frame.text
        assert foot.endswith("sha256 d96ca4c923630c2c")
        assert named(slide, "Slide Number").element.find(f".//{A}fld").get("type") == "slidenum"
        assert lines_of(named(slide, "Slide Number").element) == [f"Slide {number}"]
    names = [s.name for s in file.slide_master.shapes]
    assert {"Marking top", "Marking bottom"} <= set(names)  # for slides that a person adds
    assert opened(made("briefing")).slides[1].shapes[-3].text_frame.text == (
        "Country X, Annex D, Tab 4, version 3, draft\u2003sha256 d96ca4c923630c2c"
    )


def test_a_draft_says_so_and_an_approved_one_does_not() -> None:
    for slide in opened(made("briefing")).slides:
        assert named(slide, "Draft mark").text_frame.text == "DRAFT"
        assert slide.shapes[0].name == "Draft mark"  # behind everything
    for slide in shown(replace(briefing(), approved=True)):
        assert "draft" not in words_on(slide).casefold()


def test_the_notes_hold_the_plan_s_notes_whole_between_banners() -> None:
    one = worst()
    file = list(opened(made("worst")).slides)[1:]
    planned = slides.plan(one)
    assert len(file) == len(planned)
    assert sum(bool(p.notes) for p in planned) > 8
    for slide, plan in zip(file, planned, strict=True):
        lines = notes_on(slide)
        assert lines[0] == lines[-1] == one.marking.banner
        for block in plan.notes:
            if isinstance(block, Table):
                for row in block.rows:
                    first = [words_of(b.runs) for b in row[0].blocks]
                    assert any(line.startswith(" / ".join(first)) for line in lines)
            elif isinstance(block, Paragraph):
                assert slides_size.words(block.runs) in lines
        if not plan.notes:
            assert lines == [one.marking.banner]
    assert any(x.count(" | ") == 5 for s in file for x in notes_on(s))


def test_footnotes_are_numbers_on_the_slide_and_words_in_its_notes() -> None:
    slide = shown(briefing())[2]
    found = paragraph(slide, "three times the threshold")
    mark = next(r for r in found.iter(f"{A}r") if r.find(f"{A}rPr").get("baseline") == "30000")
    assert mark.find(f"{A}t").text == "1"
    assert "1. UNHCR, situation report 41, 19 November." in notes_on(slide)


def test_links_are_for_the_web_and_mail_only() -> None:
    html = (
        "<p><a href='https://example.org/a b?x=1&amp;y=2'>web</a> <a href='mailto:a@example.org'>"
        "mail</a> <a href='javascript:alert(1)'>script</a> <a href='file:///etc/passwd'>file</a></p>"
    )
    slide = shown(of(*parse(html)))[1]
    found = {
        r.text: r.hyperlink.address
        for p in named(slide, "Content 1").text_frame.paragraphs
        for r in p.runs
    }
    assert found["web"] == "https://example.org/a%20b?x=1&y=2"
    assert found["mail"] == "mailto:a@example.org"
    assert found["script"] is found["file"] is None
    external = [r.target_ref for r in slide.part.rels.values() if r.is_external]
    assert len(external) == 2


def test_pictures_have_words_and_a_lost_one_is_told() -> None:
    slide = next(s for s in shown(briefing()) if "The north" in words_on(s))
    picture = named(slide, "Picture 1")
    assert picture.element.find(".//{*}cNvPr").get("descr") == "A map of the north"
    assert picture.placeholder_format.type is not None
    assert picture.width / picture.height == pytest.approx(1200 / 700, rel=0.01)
    words = "\n".join(words_on(s) for s in opened(made("worst")).slides)
    assert "[Picture: Broken]" in words
    assert "[Picture: A lost chart. " in words
    assert "In a cell" in words
    cover = opened(made("all blocks")).slides[0]
    assert named(cover, "Seal").element.find(".//{*}cNvPr").get("descr") == "Seal"


def test_lists_have_levels_bullets_and_numbers() -> None:
    slide = shown(of(*parse(nested("ul", 6))))[1]
    levels = [p.level for p in named(slide, "Content 1").text_frame.paragraphs]
    assert levels[:6] == [0, 1, 2, 3, 4, 5]
    assert slide.element.find(f".//{A}buChar") is None  # the master's, by level
    html = "<ol><li>One<ul><li>Below</li></ul></li><li>Two</li></ol><p>Between</p><ol><li>Again</li></ol>"
    numbered = shown(of(*parse(html)))[1]
    starts = {
        said_in(p): p.find(f"{A}pPr/{A}buAutoNum").get("startAt", "1")
        for p in numbered.element.iter(f"{A}p")
        if p.find(f"{A}pPr/{A}buAutoNum") is not None
    }
    assert starts == {"One": "1", "Two": "2", "Again": "1"}
    plain = paragraph(numbered, "Between").find(f"{A}pPr")
    assert plain.find(f"{A}buNone") is not None
    assert plain.get("marL") == "0"


def test_a_list_after_a_list_counts_for_itself() -> None:
    slide = shown(of(*parse("<ol><li>One</li></ol><ol><li>Uno</li></ol>")))[1]
    texts = lines_of(named(slide, "Content 1").element)
    assert texts == ["One", "", "Uno"]


def test_directions() -> None:
    file = [s for s in opened(made("worst")).slides if ARABIC in words_on(s)]
    item = paragraph(file[0], ARABIC).find(f"{A}pPr")
    assert (item.get("algn"), item.get("rtl")) == ("r", "1")
    title = file[0].shapes.title.element.find(f".//{A}pPr")
    assert (title.get("algn"), title.get("rtl")) == ("r", "1")
    cell = paragraph(file[-1], "عمود").find(f"{A}pPr")
    assert (cell.get("algn"), cell.get("rtl")) == ("r", "1")
    latin = paragraph(opened(made("briefing")).slides[1], "Obtain").find(f"{A}pPr")
    assert latin.get("rtl") is None


def test_forbidden_characters_are_dropped() -> None:
    bad = "a\x00b\x0bc\ufffe\ud800d"
    cells = Table(((Cell((said(bad),)),),))
    built_of = of(said(bad), cells, title=bad, header=((bad, bad),), effort=bad, label=bad)
    words = "\n".join(words_on(s) for s in shown(built_of))
    assert words.count("abcd") >= 8
    assert "ab cd" not in words
    assert language("en") == "en-US"
    assert language('x"/>') == "en-US"
    assert language("pt-BR") == "pt-BR"


def test_a_color_is_a_color() -> None:
    with pytest.raises(ValueError, match="color"):
        pptx.render(document(marking=MarkingWords("X", "(X)", 'red"/><w:x')))


# ---------- tables


def test_a_table_has_a_header_on_every_slide() -> None:
    file = [s for s in opened(made("worst")).slides if "Sixty rows" in words_on(s)]
    first: list[str] = []
    for slide in file:
        table = named(slide, "Table 1").table
        assert table.first_row
        assert [c.text for c in table.rows[0].cells] == [f"Column {x}" for x in range(4)]
        assert table.cell(0, 0).text_frame.paragraphs[0].runs[0].font.bold
        assert table.cell(1, 1).text_frame.paragraphs[0].runs[0].font.size.pt == 15
        first += [r.cells[0].text for r in list(table.rows)[1:]]
    assert first == [f"Some words of a cell that go on {y}.0" for y in range(60)]


def test_spans_are_joined_cells_and_repeated_where_a_table_goes_on() -> None:
    html = (
        "<table><thead><tr><th colspan='2'>Head</th></tr></thead><tbody><tr><th rowspan='40'>Name"
        "</th><td>1</td></tr>"
        + "".join(f"<tr><td>{n}</td></tr>" for n in range(2, 41))
        + "</tbody></table>"
    )
    file = shown(of(*parse(html)))[1:]
    assert len(file) > 2
    for slide in file:
        table = named(slide, "Table 1").table
        assert table.cell(0, 0).span_width == 2
        name = table.cell(1, 0)
        assert name.text == "Name"
        assert name.span_height == len(table.rows) - 1
    assert [named(s, "Table 1").table.cell(1, 1).text for s in file][0] == "1"


def test_twelve_columns_are_parted_and_the_first_names_each_row() -> None:
    file = [s for s in opened(made("worst")).slides if "Twelve columns" in words_on(s)]
    tables = [s.table for slide in file for s in slide.shapes if s.has_table]
    heads = [[c.text for c in t.rows[0].cells] for t in tables]
    assert {h[0] for h in heads} == {"Column 0"}
    assert max(map(len, heads)) <= slides_tables.MAX_COLUMNS
    assert {c for h in heads for c in h} == {f"Column {x}" for x in range(12)}


# ---------- nothing runs over


# What a box inherits: type size, line spacing, space after, and how far in its first level stands.
USUAL = {
    "Title": (29, 34.8, 0, 0), "Cover": (40, 46.4, 0, 0), "Subtitle": (20, 26, 0, 0),
    "Content": (18, 26, 7, slides_size.INDENT), "Text": (18, 26, 7, slides_size.INDENT),
    "Slide": (11, 14, 0, 0), "Cell": (15, 20.5, 0, 0),
}  # fmt: skip


def text_height(element: Any, width: float, usual: tuple[float, float, float, float]) -> float:
    """How high the paragraphs of a box are by their own properties, else by these; in points."""
    size, line, after, step = usual
    total = 0.0
    for one in element.iter(f"{A}p"):
        properties = one.find(f"{A}pPr")
        if properties is None:
            properties = etree.Element(f"{A}pPr")
        left = step * (int(properties.get("lvl", 0)) + 1)
        if properties.get("marL") is not None:
            left = int(properties.get("marL")) / 12_700
        spacing = [
            int(found.get("val")) / 100 if found is not None else default
            for found, default in (
                (properties.find(f"{A}lnSpc/{A}spcPts"), line),
                (properties.find(f"{A}spcAft/{A}spcPts"), after),
            )
        ]
        sizes = [int(r.get("sz")) / 100 for r in one.iter(f"{A}rPr") if r.get("sz")]
        words = "".join(
            "\n" if e.tag == f"{A}br" else e.text or "" for e in one.iter(f"{A}t", f"{A}br")
        )
        count = slides_size.lines(words, width - left, max(sizes, default=size))
        total += count * spacing[0] + spacing[1]
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_no_shape_and_no_text_runs_over(kind: str) -> None:
    file = opened(made(kind))
    measured = 0
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= file.slide_width
            assert shape.top + shape.height <= file.slide_height
            wide, high = shape.width / 12_700, shape.height / 12_700
            if shape.has_table:
                assert shape.top / 12_700 + high <= slides.BOTTOM + 0.5
                table = shape.table
                columns = [c.width / 12_700 for c in table.columns]
                assert sum(columns) <= wide + 0.1
                heights = [r.height / 12_700 for r in table.rows]
                assert sum(heights) <= high + 0.1
                for y in range(len(heights)):
                    for x in range(len(columns)):
                        cell = table.cell(y, x)
                        if cell.is_spanned:
                            continue
                        room = sum(columns[x : x + cell.span_width])
                        margins = (cell.margin_left + cell.margin_right) / 12_700
                        tall = sum(heights[y : y + cell.span_height])
                        up = (cell.margin_top + cell.margin_bottom) / 12_700
                        text = text_height(cell._tc, room - margins, USUAL["Cell"])
                        assert text + up <= tall + 0.1
                        measured += 1
            elif shape.has_text_frame and shape.name != "Draft mark":
                name = shape.name.split(" ")[0]
                cover = name == "Title" and slide.slide_id == file.slides[0].slide_id
                usual = USUAL.get("Cover" if cover else name, (0, 0, 0, 0))
                text = text_height(shape._element, wide, usual)
                assert 0 < text <= high + 0.1, (shape.name, shape.text_frame.text)
                measured += 1
                if name in {"Content", "Text"}:
                    assert shape.top / 12_700 + high <= slides.BOTTOM + 0.5
    assert measured > 40


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_do_not_lie_on_each_other(kind: str) -> None:
    for slide in opened(made(kind)).slides:
        stacked = sorted(
            (s.top, s.top + s.height, s.name) for s in slide.shapes
            if s.name.startswith(("Title", "Content", "Text", "Table", "Picture", "Address"))
            and s.name != "Title rule"
        )  # fmt: skip
        for (_, end, name), (begin, _, other) in zip(stacked, stacked[1:], strict=False):
            assert end <= begin + 12_700 * 3, (name, other)


def test_text_is_never_small() -> None:
    for kind in KINDS:
        for slide in opened(made(kind)).slides:
            for shape in slide.shapes:
                sizes = {int(e.get("sz")) for e in shape._element.iter(f"{A}rPr") if e.get("sz")}
                if shape.name.startswith(("Content", "Text")):
                    assert min(sizes, default=1800) >= 1800
                elif shape.has_table:
                    assert min(sizes) >= 1500
                elif shape.name == "Title":
                    assert sizes <= {1400, 1800, 2200, 2900}


# ---------- the plan


@pytest.mark.parametrize("kind", KINDS)
def test_no_slide_is_planned_higher_than_it_is(kind: str) -> None:
    one = KINDS[kind]()
    good = {k: p for k, p in one.pictures.items() if p.content[:1] == b"\x89"}
    for slide in slides.plan(replace(one, pictures=good)):
        used = slides_size.height(slide.blocks, slides.BODY_WIDTH, good)
        assert used <= slides.BOTTOM - slide.top
        assert slide.top <= 217


def test_a_title_has_two_sizes_and_an_end() -> None:
    def titled(words: str) -> slides.Slide:
        section = DocumentSection("a", "1", words, 1, "(U)", (said("x"),), False)
        return slides.plan(document(sections=(section,), annexes=()))[0]

    assert titled("Short").size == slides.HEADLINE
    assert titled(TITLE).size == slides.HEADLINE
    long = titled("A title that goes on " * 14)
    assert (long.size, long.title) == (slides.SMALL_HEADLINE, "A title that goes on " * 14)
    assert long.notes == ()
    endless = titled("A title that goes on " * 40)
    assert endless.title.endswith(" …")
    assert words_of(endless.notes[0].runs) == "A title that goes on " * 40


def test_widths_are_estimated_on_the_wide_side() -> None:
    assert slides.units("") == 0
    assert slides.units("🙂") > slides.units("漢") > slides.units("x") > slides.units("i")
    assert slides.units("e\u0301") == slides.units("e")
    assert slides.lines("x" * 300, 844, 18) == 4
    assert slides.lines("one two", 1000, 18) == 1
    assert slides.lines("one\ntwo", 1000, 18) == 2


def test_cuts_keep_the_beginning_and_its_footnotes() -> None:
    runs = (Run(WORDS), Run("", note="n", number=1), Run(WORDS * 9), Run("", note="m", number=2))
    cut, was_cut = slides_size.short(runs)
    assert was_cut
    assert words_of(cut).startswith(WORDS)
    assert words_of(cut).endswith(". …")
    assert [r.number for r in cut if r.note] == [1]
    assert slides_size.short((Run("Short."),)) == ((Run("Short."),), False)


def test_a_heading_stays_with_its_text() -> None:
    html = "<p>Words</p>" * 9 + "<h3>Heading</h3><p>" + "Text<br>" * 5 + "Text</p>"
    first, second = slides.plan(of(*parse(html)))
    assert "Heading" not in str(first.blocks)
    assert "Heading" in str(second.blocks)


def test_quotations_and_tables_in_them_are_joined_again() -> None:
    html = f"<blockquote><p>One</p><p>Two</p>{rows(3, 2)}</blockquote>"
    (slide,) = slides.plan(of(*parse(html)))
    assert slide.blocks == parse(html)


def test_quotations_and_lists_are_nested_no_deeper_than_there_is_room() -> None:
    html = "<blockquote>" * 9 + "<p>Deep</p>" + "</blockquote>" * 9
    block = slides.plan(of(*parse(html)))[0].blocks
    for _ in range(slides.MAX_QUOTES):
        assert isinstance(block[0], Quote)
        block = block[0].blocks
    assert block == (said("Deep"),)
    file = shown(of(*parse(nested("ul", 9))))[1:]
    levels = {p.level for s in file for p in named(s, "Content 1").text_frame.paragraphs}
    assert levels == set(range(slides.MAX_DEPTH))


def test_any_row_fits_a_slide_with_its_header() -> None:
    for html in (rows(5, 6, WORDS * 4, WORDS), rows(4, 6, "Unpronounceability " * 9, LONG)):
        (table,) = parse(html)
        (part,) = slides_tables.parts(table, slides.BODY_WIDTH)
        assert part.head == 1
        for y in range(1, len(part.rows)):
            heights = slides_size.row_heights(part.table((y,)), slides.BODY_WIDTH)
            assert sum(heights) <= slides_tables.ROW_HEIGHT


def test_a_header_as_long_as_a_text_is_not_repeated() -> None:
    (table,) = parse(rows(5, 3, "Cell", WORDS * 2))
    long = Table((table.rows[0],) * 4 + table.rows[1:], 4)
    (part,) = slides_tables.parts(long, slides.BODY_WIDTH)
    assert part.head == 0
    for slide in slides.plan(of(long)):
        used = slides_size.height(slide.blocks, slides.BODY_WIDTH, {})
        assert used <= slides.BOTTOM - slide.top


def test_a_heading_that_has_no_room_with_its_text_stands_alone() -> None:
    line = "Words of a line that is as long as a line of a slide is broad, or nearly so, as here"
    breaks = "<br>".join([line] * 3)
    html = "<p>x</p>" + f"<h3>{breaks}</h3>" * 3 + f"<p>{'<br>'.join(['x'] * 6)}</p>"
    for slide in slides.plan(of(*parse(html))):
        used = slides_size.height(slide.blocks, slides.BODY_WIDTH, {})
        assert used <= slides.BOTTOM - slide.top


# ---------- bounds


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RenderError, match=r"would have \d+ slides; 400 is the most"):
        pptx.render(of(*parse("<p>Words</p>" * 5000)))
    with monkeypatch.context() as patch:
        patch.setattr(pptx, "MAX_SLIDES", 3)
        with pytest.raises(RenderError, match="4 slides; 3 is the most"):
            pptx.render(of(*parse("<p>Words</p>" * 25)))
        assert pptx.render(of(said("x"))).pages == 2
    for module, name in (
        (bounds, "MAX_PARAGRAPHS"), (bounds, "MAX_CHARACTERS"), (pptx, "MAX_CELLS"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(module, name, 2)
            with pytest.raises(RenderError, match="2 is the most for PowerPoint"):
                pptx.render(document())
    with monkeypatch.context() as patch:
        patch.setattr(bounds, "MAX_PICTURE_BYTES", 10)
        with pytest.raises(RenderError, match="pictures of this document"):
            pptx.render(document())


def test_it_is_bounded_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(_: Document) -> None:
        raise RecursionError

    monkeypatch.setattr(slides, "plan", deep)
    with pytest.raises(RenderError, match="nested too deeply"):
        pptx.render(document())


# ---------- other programs


@pytest.mark.office
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_sets_each_slide_on_a_page_with_its_banner(kind: str, tmp_path: Path) -> None:
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("soffice or pdftotext is not installed")
    (tmp_path / "made.pptx").write_bytes(made(kind))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "made.pptx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "made.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    pages = text.split("\f")[:-1]
    file = opened(made(kind))
    assert len(pages) == len(file.slides)
    banner = KINDS[kind]().marking.banner[:24]
    for number, page in enumerate(pages, start=1):
        assert page.count(banner) >= 2
        assert f"Slide {number}" in page
        assert "sha256 d96ca4c923630c2c" in page


def test_the_pdf_sets_each_slide_on_a_page() -> None:
    names = {"Long cells", "Lists", "Items that go on", "Spans", "Quotations", "Breaks", "Pictures"}
    few = [t for t in WORST if t[0] in names]
    one = replace(built(few), pictures=worst().pictures)
    one = replace(one, pictures={k: p for k, p in one.pictures.items() if k != "f" * 64})
    pages = PdfReader(io.BytesIO(pdf.render(one).content)).pages
    planned = slides.plan(one)
    assert len(planned) > 20
    for page, slide in zip(pages[1:], planned, strict=False):
        words = " ".join(page.extract_text().split())
        assert slide.counted in words
        assert re.sub(r"\W", "", slide.title)[-5:] in re.sub(r"\W", "", words)
    assert "Notes to slide" in pages[len(planned) + 1].extract_text()
