"""The memo: its content, its structure, its fonts."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from planning.products import richtext
from planning.products.annex_d import CATALOGUE
from planning.products.blocks import parse, text_of
from planning.products.document import Document, build, digest
from planning.rendering import html, pdf
from tests.rendering import content
from tests.world import TEXTS

TAB_01 = CATALOGUE["tab-01"]
BANNER = "UNCLASSIFIED // EXERCISE"


def snapshot(texts: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A snapshot of Tab 1 with these HTML texts."""
    return {
        "schema": 1, "product": "tab-01", "label": "Tab 1", "definition_version": 1,
        "title": TAB_01.title, "layout": "memorandum", "language": "en",
        "effort": {"slug": "country-x", "name": "Country X", "country": "Country X"},
        "header": [["To", "Interagency Planning Team"], ["Subject", "Country X"]],
        "designation": [["Marking", BANNER], ["Prepared by", "Lead planner, CSO"]],
        "marking": {"banner": BANNER, "portion": "(U)", "ground": "#216e1f"},
        "sections": [
            {"key": o.section.key, "number": o.number, "title": o.section.title,
             "depth": o.depth, "portion": "(U)", "html": richtext.clean(texts.get(o.section.key, ""))}
            for o in TAB_01.walk()
        ],
    } | changes  # fmt: skip


def document(texts: dict[str, str], *, approved: bool = False, **changes: Any) -> Document:
    """The Document of such a snapshot."""
    taken = snapshot(texts, **changes)
    return build(
        taken, approved=approved, version=1, content_hash=digest(taken),
        created_at=datetime(2026, 11, 19, 14, 32, tzinfo=UTC),
    )  # fmt: skip


def words(content: bytes) -> list[str]:
    """The text of each page, spaces folded."""
    return [" ".join(p.extract_text().split()) for p in PdfReader(BytesIO(content)).pages]


COUNTRY_X = {key: richtext.from_plain(text) for key, text in TEXTS.items()}


def test_the_memo_holds_everything_and_its_marking_on_each_page() -> None:
    built = document(COUNTRY_X)
    pages = words(pdf.render(built).content)
    text = " ".join(pages)
    for section in built.sections:
        assert f"{section.number}." in text
        for line in text_of(section.blocks).splitlines():
            assert " ".join(line.split()) in text
    assert all(page.count(BANNER) >= 2 for page in pages)


def test_tagged_titled_language_and_bookmarks() -> None:
    made = pdf.render(document(COUNTRY_X))
    reader = PdfReader(BytesIO(made.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert len(reader.outline) >= 1
    assert reader.metadata is not None
    assert reader.metadata.title == "Country X: Initial Guidance"
    assert reader.metadata.author == "Interagency Planning Team, Country X"
    assert len(reader.pages) == made.pages


def test_every_font_is_embedded() -> None:
    if not shutil.which("pdffonts"):
        pytest.skip("pdffonts is not installed")
    said = subprocess.run(
        ["pdffonts", "-"], input=pdf.render(document(COUNTRY_X)).content, capture_output=True,
        check=True,
    ).stdout.decode()  # fmt: skip
    fonts = said.splitlines()[2:]
    assert fonts
    assert all(re.search(r"yes\s+yes\s+yes", line) for line in fonts), said


def test_every_script_is_set_in_a_font_of_our_own() -> None:
    """A machine without fonts of its own gives the same file."""
    sheet = pdf.asset("mapro-print:print/print.css").decode()
    named = re.findall(r"url\((mapro-print:fonts/[^)]+)\)", sheet)
    assert len(named) >= 14
    assert all(len(pdf.asset(address)) > 20_000 for address in named)
    texts = {"purpose": f"{content.SCRIPTS}<p>Šabac, Łódź, Ћуприја, Αθήνα, देश</p>"}
    pages = PdfReader(BytesIO(pdf.render(document(texts)).content)).pages
    used = {
        re.sub(r"^/[A-Z]+\+", "", font.get_object()["/BaseFont"])
        for page in pages for font in page["/Resources"]["/Font"].values()
    }  # fmt: skip
    own = ("Public-Sans", "Merriweather", "Roboto-Mono", "IBM-Plex-Sans-Arabic", "Heebo",
           "Noto-Sans", "Noto-Sans-SC", "Noto-Emoji")  # fmt: skip
    styles = ("", "-Italic", "-Bold", "-Semi-Bold", "-Light")
    assert used <= {name + style for name in own for style in styles}, used
    assert {"IBM-Plex-Sans-Arabic", "Heebo", "Noto-Sans", "Noto-Sans-SC", "Noto-Emoji"} <= used


def test_same_in_same_out() -> None:
    assert pdf.render(document(COUNTRY_X)).content == pdf.render(document(COUNTRY_X)).content


def test_a_draft_carries_a_watermark_and_an_approved_one_does_not() -> None:
    draft = pdf.render(document(COUNTRY_X)).content
    final = pdf.render(document(COUNTRY_X, approved=True)).content
    assert "version 1, draft" in " ".join(words(draft))
    assert "version 1, draft" not in " ".join(words(final))
    assert len(draft) != len(final)


def test_empty_sections_say_so() -> None:
    assert " ".join(words(pdf.render(document({})).content)).count("Not yet written.") == 11
    assert " ".join(words(pdf.render(document({}, approved=True)).content)).count("None.") == 11


def test_the_preview_has_the_same_structure() -> None:
    built = document(COUNTRY_X)
    assert html.body(built) in html.page(built)


def test_a_long_memo_with_tables_lists_and_other_scripts() -> None:
    row = "<tr><td>Country Team</td><td>كتابة من اليمين 漢字 🙂</td></tr>"
    texts = {
        "purpose": "<p>Words. </p>" * 300,
        "ipt": f"<table><thead><tr><th>Who</th><th>What</th></tr></thead><tbody>{row * 60}</tbody></table>",
        "intent": f"<p>{'x' * 300}</p><ol><li>One<ul><li>Two</li></ul></li></ol>",
        "other": "<blockquote><p>Quoted.</p></blockquote><h3>Head</h3><h4>Below</h4>",
    }
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    made = pdf.render(document(texts))
    said = subprocess.run(
        ["pdftotext", "-", "-"], input=made.content, capture_output=True, check=True
    ).stdout.decode()
    pages = [" ".join(page.split()) for page in said.split("\f")[:-1]]
    assert len(pages) == made.pages > 5
    assert all(page.count(BANNER) >= 2 for page in pages)
    assert " ".join(pages).count("Country Team") == 60
    assert sum("Who What" in page for page in pages) > 1  # the header comes again


def test_a_title_at_the_margin_is_printed_once_and_beside_its_text() -> None:
    """Wherever a page ends: WeasyPrint repeats the rest of a float that a page parts."""
    pairs = (
        ("3. Lead Agency", "The Bureau of Conflict"), ("4. Approving Authority", "The Under Secretary"),
        ("5. Additional Guidance", "Guidance is likely"), ("5.d. Intent", "Principals can choose"),
    )  # fmt: skip
    for lines in range(0, 28, 2):
        built = document(COUNTRY_X | {"purpose": f"<p>{'Line<br>' * lines}Line</p>"})
        pages = words(pdf.render(built).content)
        for title, text in pairs:
            last = title.split()[-1] + " (U)"
            assert sum(page.count(last) for page in pages) == 1, (lines, last)
            assert [last in page for page in pages] == [text in page for page in pages]


def test_a_marking_color_cannot_carry_css() -> None:
    with pytest.raises(ValueError, match="color"):
        html.page(document({}, marking={"banner": "X", "portion": "(X)", "ground": "red}*{x:y"}))


def test_memory_stays_flat_over_many_memos() -> None:
    """A fresh font configuration per render would leak; one is shared."""
    import resource

    built = document(COUNTRY_X)
    for _ in range(5):
        pdf.render(built)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(15):
        pdf.render(built)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after / before < 1.25


def test_parsing_keeps_words_and_structure() -> None:
    blocks = parse("<p>a <strong>b</strong><br>c</p><ul><li><p>d</p></li></ul><p></p>")
    assert text_of(blocks) == "a b\nc\nd"


def test_outline_and_prompts_are_complete() -> None:
    from planning.products import prompts

    outline = [(o.number, o.section.title) for o in TAB_01.walk()]
    assert [n for n, _ in outline] == [
        "1", "2", "3", "4", "5", "5.a", "5.b", "5.c", "5.d", "5.e", "5.f",
    ]  # fmt: skip
    assert outline[6][1] == "Constraints and Restraints (Limitations)"
    for outlined in TAB_01.walk():
        assert prompts.prompt("tab-01", outlined.section.key).question.endswith("?")
    with pytest.raises(LookupError):
        prompts.prompt("tab-01", "none")
