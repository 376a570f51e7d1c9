"""What is too much is refused in words, in time, and the process goes on."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from unittest import mock

import pytest

from planning.products.annex_d import CATALOGUE
from planning.products.blocks import MAX_DEPTH, parse, text_of
from planning.products.document import Document, Picture, build, digest
from planning.rendering import base, bounds, docx, html, pdf, xlsx
from planning.rendering.base import RenderError, bounded
from tests.rendering import content

EMPTY = "<td></td>"
TAB_01 = CATALOGUE["tab-01"]
USABLE = content.document(TAB_01, "empty")


def holding(html_text: str) -> Document:
    """Tab 1 with this as its first section."""
    taken = content.snapshot(TAB_01, "empty")
    taken["sections"][0]["html"] = html_text
    return build(
        taken, approved=True, version=1, content_hash=digest(taken), created_at=content.AT
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _usable_afterwards() -> Iterator[None]:
    """After each refusal the same process makes a file, byte for byte as before."""
    before = _usable()
    yield
    assert pdf.render(USABLE).content == before


@cache
def _usable() -> bytes:
    return pdf.render(USABLE).content


@pytest.fixture
def unset(_usable_afterwards: None) -> Iterator[None]:
    """Layout must not even begin."""
    with mock.patch.object(pdf, "_laid_out", side_effect=AssertionError("layout began")):
        yield


# ---------- the clock


@pytest.fixture
def _quiet_collector() -> Iterator[None]:
    """No callbacks of the garbage collector: what is raised in one of them, such as hypothesis's,
    goes nowhere."""
    kept = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks.extend(kept)


@pytest.mark.usefixtures("_quiet_collector")
def test_a_render_that_takes_too_long_is_stopped() -> None:
    long = holding(f"<p>{content.prose(20_000)}</p>")
    begun = time.monotonic()
    with pytest.raises(RenderError, match=r"longer than 0\.2 seconds and was stopped"):
        with bounded(0.2):
            pdf.render(long)
    assert time.monotonic() - begun < 5


def test_the_clock_rings_again_when_a_library_swallows_it() -> None:
    begun = time.monotonic()
    with pytest.raises(RenderError, match="was stopped"), bounded(0.05):
        try:
            time.sleep(5)
        except Exception:  # noqa: BLE001 - as a library does
            time.sleep(5)
    assert 0.9 < time.monotonic() - begun < 4


def test_a_clock_inside_another_leaves_it_running() -> None:
    with pytest.raises(RenderError, match="was stopped"), bounded(0.3):
        with bounded(60):
            pass
        time.sleep(5)
    time.sleep(0.4)  # nothing rings after the end


# ---------- how much


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (lambda: f"<p>{'word ' * 500_000}</p>", r"would have at least 41\d pages; 400 is the most"),
        (lambda: f"<p>{'word ' * 620_000}</p>", r"3\.1 million characters; 3 million is the most"),
        (lambda: "<p>x</p>" * 20_001, r"20,0\d\d paragraphs; 20,000 is the most for PDF"),
        (lambda: f"<table>{f'<tr>{EMPTY * 8}</tr>' * 2_501}</table>", "20,008 cells; 20,000 is the"),
        (lambda: "<table><tr><td colspan='50' rowspan='50'>x</td></tr></table>" * 9, "22,500 cells"),
        (lambda: f"<table><tr>{'<td>x</td>' * 101}</tr></table>", "has 101 columns; 100 is the most"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_before_layout(
    text: Callable[[], str], words: str, unset: None
) -> None:
    document = holding(text())
    for attempt in (
        lambda: pdf.render(document),
        lambda: pdf.render(document, record=True),
        lambda: pdf.bind(USABLE, [document]),
        lambda: pdf.compare(document, USABLE, ()),
    ):
        with pytest.raises(RenderError, match=words):
            attempt()


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Picture("image/png", b"x" * 160_000_000, 10, 10), "160 MB"),
        (Picture("image/png", b"x", 20_000, 20_000), "400 million pixels"),
    ],
)
def test_pictures_beyond_memory_are_refused(picture: Picture, words: str, unset: None) -> None:
    document = replace(USABLE, pictures={content.PHOTO: picture})
    with pytest.raises(RenderError, match=f"{words}.*are the most"):
        pdf.render(document)
    with pytest.raises(RenderError, match=words):
        docx.render(document)


def test_too_many_pages_are_refused_after_layout() -> None:
    long = holding(f"<p>{content.prose(2_000)}</p>")
    assert pdf.render(long).pages > 3
    with (
        mock.patch.object(bounds, "MAX_PAGES", 3),
        pytest.raises(RenderError, match=r"would have \d pages; 3 is the most"),
    ):
        pdf.render(long)


def test_the_heading_alone_must_fit_the_one_page() -> None:
    document = content.document(TAB_01, "country_x", layout="one_page")
    letterhead = replace(document.letterhead, lines=("A line of the letterhead",) * 90)
    with pytest.raises(RenderError, match="heading of this product alone"):
        pdf.render(replace(document, letterhead=letterhead))


def test_a_page_shows_fewer_sections_when_not_all_fit() -> None:
    document = content.document(TAB_01, "country_x", layout="one_page")
    one = replace(document.sections[0], title="A title of a section that is rather long " * 3)
    many = replace(document, sections=tuple(replace(one, key=f"k{n}") for n in range(60)))
    made = pdf.render(many)
    assert made.pages == 1


def test_every_bound_lets_what_is_below_it_pass() -> None:
    within = holding(content.big_table(40, 8) + "<p>x</p>" * 300)
    assert pdf.render(within).pages > 3
    assert docx.render(within).content
    assert xlsx.render(within).content
    bounds.check([within], "HTML")


# ---------- depth


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("<blockquote><p>q</p>", "</blockquote>"),
        ("<ul><li><p>i</p>", "</li></ul>"),
        ("<table><tbody><tr><td><p>c</p>", "</td></tr></tbody></table>"),
        ("<blockquote><ol><li><table><tr><td>x", "</td></tr></table></li></ol></blockquote>"),
    ],
)
def test_deep_nesting_is_made_flat_and_loses_no_words(opened: str, closed: str) -> None:
    deep = opened * 3_000 + "<p>the innermost words</p>" + closed * 3_000
    blocks = parse(deep)
    assert "the innermost words" in text_of(blocks)
    shallow = opened * (MAX_DEPTH // 4) + "<p>inner</p>" + closed * (MAX_DEPTH // 4)
    begun = time.process_time()
    made = pdf.render(holding(shallow))
    assert made.pages
    assert time.process_time() - begun < 30
    assert "inner" in html.page(holding(shallow))


def test_what_the_stack_cannot_hold_is_told() -> None:
    with pytest.raises(RenderError, match="nested too deeply"), bounded():
        raise RecursionError
    with pytest.raises(RenderError, match="too large to set"), bounded():
        raise MemoryError


def test_the_bounds_are_those_that_the_documentation_tells() -> None:
    assert (bounds.MAX_PAGES, bounds.MAX_CHARACTERS, base.MAX_SECONDS) == (400, 3_000_000, 240.0)
