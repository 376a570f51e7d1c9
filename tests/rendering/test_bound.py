"""Several documents as one PDF, and two versions compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from planning.products.annex_d import CATALOGUE
from planning.products.compare import sections_changed
from planning.products.document import Document, MarkingWords, build, digest, fragments
from planning.rendering import marked, pdf
from planning.rendering.base import RenderedFile
from tests.rendering import content
from tests.rendering.pdfread import TaggedPdf
from tests.rendering.readback import Words
from tests.rendering.test_every_product import assert_dead

LEADER = re.compile(r"\. \. \.? ?(\d+)(?=\s|$)")
HIGHER = {"banner": "CUI // EXERCISE", "portion": "(CUI)", "ground": "#502b85", "rank": 20}
GREEN, PURPLE = "0.129412 0.431373 0.121569 rg", "0.313725 0.168627 0.521569 rg"


def cover() -> Document:
    """The cover of a binder that is marked as its highest document."""
    blank = content.document(CATALOGUE["tab-01"], "empty", marking=HIGHER)
    return replace(blank, title="Planning binder", label="Binder", sections=(), layout="document")


def documents() -> list[Document]:
    """A memorandum, draft slides of a higher marking, and a statement."""
    return [
        content.document(CATALOGUE["tab-01"], "country_x"),
        content.document(CATALOGUE["tab-04-enclosure-1"], "empty", marking=HIGHER),
        content.document(CATALOGUE["tab-05"], "country_x"),
    ]


@cache
def binder() -> tuple[RenderedFile, TaggedPdf]:
    """The binder of these."""
    made = pdf.bind(cover(), documents())
    return made, TaggedPdf(made.content)


def starts() -> list[int]:
    """The page on which each bound document begins, from 1, by the bookmarks."""
    read = binder()[1].reader
    firsts = [one for one in read.outline if not isinstance(one, list)]
    return [read.get_destination_page_number(one) + 1 for one in firsts]  # type: ignore[arg-type]


def test_everything_is_in_the_binder() -> None:
    made, read = binder()
    assert made.pages == len(read.pages)
    words = Words(read.text())
    for one in (cover(), *documents()):
        assert not [f for f in fragments(one) if f not in words]
        assert one.title in words
        assert all(value in words for _, value in one.designation)


def test_the_binder_is_tagged_titled_and_dead() -> None:
    _, read = binder()
    assert read.root["/MarkInfo"]["/Marked"]
    assert read.reader.metadata is not None
    assert read.reader.metadata.title == "Country X: Planning binder"
    assert not any(read.unmarked)
    assert_dead(read.reader)
    assert pdf.bind(cover(), documents()).content == binder()[0].content


def test_bookmarks_lead_to_each_product_and_its_sections() -> None:
    read = binder()[1].reader
    titles = [one.title for one in read.outline if not isinstance(one, list)]
    assert titles == [
        "Country X: Planning binder", "Initial Guidance",
        f"Country X: {CATALOGUE['tab-04-enclosure-1'].title}", "Policy Statement",
    ]  # fmt: skip
    below = [[one.title for one in group if not isinstance(one, list)]
             for group in read.outline if isinstance(group, list)]  # fmt: skip
    assert below[0] == ["Contents"]
    assert below[1][0].startswith("1. Purpose")
    assert len(below[2]) == len(list(CATALOGUE["tab-04-enclosure-1"].walk()))


def test_the_contents_tell_the_right_pages() -> None:
    _, read = binder()
    begins = starts()
    assert begins[0] == 1
    contents = read.pages[1]
    told = [int(n) for n in LEADER.findall(contents)]
    assert told == begins[1:]


def test_pages_are_numbered_through_the_whole() -> None:
    made, read = binder()
    sheets = [n for n, p in enumerate(read.reader.pages, start=1) if p.mediabox.width < 700]
    assert sheets
    for number in sheets:
        assert f"Page {number} of {made.pages}" in read.pages[number - 1]


def test_each_page_is_marked_in_the_words_and_the_color_of_its_document() -> None:
    _, read = binder()
    begins = [*starts(), len(read.pages) + 1]
    wanted = [cover(), *documents()]
    for one, (first, after) in zip(wanted, pairwise(begins), strict=True):
        for number in range(first, after):
            banner = one.marking.banner
            other = "UNCLASSIFIED" if banner.startswith("CUI") else "CUI //"
            assert read.pages[number - 1].count(banner) >= 2
            if number != 2:  # the contents tell every document's marking
                assert other not in read.pages[number - 1]
            drawn = read.reader.pages[number - 1].get_contents().get_data().decode("latin-1")
            mine, foreign = (GREEN, PURPLE) if one.marking.ground == "#216e1f" else (PURPLE, GREEN)
            assert mine in drawn and foreign not in drawn


def test_only_drafts_carry_the_watermark() -> None:
    _, read = binder()
    begins = [*starts(), len(read.pages) + 1]
    for one, (first, after) in zip([cover(), *documents()], pairwise(begins), strict=True):
        for number in range(first, after):
            drawn = read.reader.pages[number - 1].get_contents().get_data()
            assert bool(re.search(rb"/x\d+ Do", drawn)) is not one.approved, number


# ---------- compared


def pair() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two snapshots that differ in every way."""
    definition = CATALOGUE["tab-01"]
    old, new = content.snapshot(definition, "country_x"), content.snapshot(definition, "country_x")
    sections = new["sections"]
    sections[0]["html"] = sections[0]["html"].replace("informally", "quietly and informally")
    sections[1]["title"] = "Planning team"
    sections[2]["portion"] = "(CUI)"
    sections[3]["html"] = f"<p>{content.ARABIC}</p><p>&lt;b&gt;New&lt;/b&gt; words.</p>"
    del sections[5]
    sections.append(dict(sections[0], key="more", number="6", title="One more"))
    return old, new


def version(taken: dict[str, Any], number: int) -> Document:
    """The Document of one of them."""
    return build(
        taken, approved=True, version=number, content_hash=digest(taken), created_at=content.AT
    )  # fmt: skip


@cache
def compared() -> TaggedPdf:
    """Their comparison."""
    old, new = pair()
    made = pdf.compare(version(old, 1), version(new, 2), sections_changed(old, new))
    return TaggedPdf(made.content)


def test_a_comparison_shows_what_came_and_what_went() -> None:
    read = compared()
    words = Words(read.text())
    old, new = pair()
    for wanted in (
        "quietly and informally", "Title before: “IPT”.", "Marking before: (U).", "<b>New</b> words.",
        content.ARABIC, "One more", "New section.", "Section taken out.", "The Under Secretary",
        digest(old), digest(new), "version 1", "version 2", "Initial Guidance: what changed",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert "5.d. Intent" not in words  # it did not change
    assert all(page.count(content.BANNER) >= 2 for page in read.pages)
    assert not any(read.unmarked)
    assert_dead(read.reader)


def test_what_came_is_underlined_and_what_went_is_struck() -> None:
    old, new = pair()
    page = marked.page(version(old, 1), version(new, 2), sections_changed(old, new))
    came = " ".join(re.findall(r"<ins>(.*?)</ins>", page))
    went = " ".join(re.findall(r"<del>(.*?)</del>", page))
    assert "quietly" in came and "quietly" not in went
    assert "Under Secretary" in went and "Under Secretary" not in came
    assert "&lt;b&gt;New&lt;/b&gt;" in came
    assert '<p dir="rtl"><ins>' in page


def test_paragraphs_stay_apart_in_a_comparison() -> None:
    old, new = pair()
    page = marked.page(version(old, 1), version(new, 2), sections_changed(old, new))
    first = page.partition('<section class="depth-1">')[2].partition("</section>")[0]
    assert first.count("<p") == 1 + 1  # two paragraphs
    assert "respond to them" not in first.split("<p>")[-1]


def test_a_comparison_is_marked_as_the_higher_of_the_two() -> None:
    low = version(pair()[0], 1)
    high = replace(version(pair()[1], 2), marking=MarkingWords(**HIGHER))
    same_rank = replace(high, marking=replace(high.marking, rank=0))
    for old, new in ((low, high), (high, low)):
        page = marked.page(old, new, ())
        assert 'data-marking="CUI // EXERCISE"' in page
        assert "#502b85" in page and "The two versions hold the same text." in page
    assert 'data-marking="CUI // EXERCISE; UNCLASSIFIED // EXERCISE"' in marked.page(
        low, same_rank, ()
    )


@pytest.mark.parametrize("key", ["tab-02", "tab-08"])
def test_a_long_document_tells_its_pages(key: str) -> None:
    """The contents: every section with the page on which it begins."""
    built = content.document(CATALOGUE[key], "country_x")
    read = TaggedPdf(pdf.render(built).content)
    told = [int(n) for n in LEADER.findall(" ".join(read.pages[1:3]))]
    assert told == list(_begins(read.reader))
    assert len(told) == len(built.sections)


def _begins(reader: PdfReader) -> Iterator[int]:
    """The pages of the bookmarks of sections: those that begin with a number."""

    def walk(group: list[Any]) -> Iterator[int]:
        for one in group:
            if isinstance(one, list):
                yield from walk(one)
            elif re.match(r"[0-9IVX]+\.", one.title) and one.title.endswith("(U)"):
                yield reader.get_destination_page_number(one) + 1  # type: ignore[operator]

    yield from walk(reader.outline)
