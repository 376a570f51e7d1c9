"""The sanitizer and the way between HTML and plain text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planning.products import richtext

HOSTILE = (
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><use href='file:///etc/passwd'/></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<iframe src='http://127.0.0.1'></iframe>",
    "<object data='file:///etc/passwd'></object>",
    "<style>@import 'http://127.0.0.1/x.css'</style>",
    "<p style='background:url(http://127.0.0.1/)'>x</p>",
    "<link rel=attachment href='file:///etc/passwd'>",
    "<math><mi xlink:href='data:x'>x</mi></math>",
    "<p hx-get='/efforts/' hx-trigger=load>x</p>",
    "<form action='http://127.0.0.1'><button>x</button></form>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<<script>script>alert(1)<</script>/script>",
    "<p>\x00<scr\x00ipt>alert(1)</scr\x00ipt></p>",
)
BAD = ("<script", "onerror", "onclick", "onload", "javascript:", "data:", "<svg", "<img", "<style",
       "style=", "<iframe", "<object", "<link", "hx-", "<form", "file:")  # fmt: skip


def live(html: str) -> list[str]:
    """What would still act: known bad words inside tags."""
    import re

    tags = " ".join(re.findall(r"<[^>]*>", html)).lower()
    return [word for word in BAD if word in tags]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_live_is_left(hostile: str) -> None:
    assert live(richtext.clean(f"<p>Before.</p>{hostile}<p>After.</p>")) == []


def test_the_corpus_is_live_without_the_sanitizer() -> None:
    assert sum(bool(live(hostile)) for hostile in HOSTILE) >= len(HOSTILE) - 2


@given(st.text(max_size=400))
def test_clean_is_idempotent_on_any_text(text: str) -> None:
    once = richtext.clean(text)
    assert richtext.clean(once) == once
    assert live(once) == []


PARTS = st.sampled_from([
    "<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<b>", "</b>", "<table><tr><td>",
    "</td></tr></table>", "words", " ", "<br>", "<blockquote>", "</blockquote>", "<h1>", "</h1>",
    "&lt;", "<script>", "</script>", "<a href='https://example.org'>", "</a>",
])  # fmt: skip


@example("<table><tr><td>" * 6 + "&lt;<p>")  # the parser adds bodies: deeper than let in
@example("<table><tr><td>" * 40 + "x" + "<ul><li>" * 30)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_clean_is_idempotent_on_broken_html(html: str) -> None:
    once = richtext.clean(html)
    assert richtext.clean(once) == once


@given(
    st.lists(st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=30), max_size=6)
)
def test_plain_text_comes_back(paragraphs: list[str]) -> None:
    html = richtext.from_plain("\n\n".join(paragraphs))
    back = richtext.to_plain(html)
    if back is not None:
        assert richtext.from_plain(back) == html


@pytest.mark.parametrize("html", ["", "<p></p>", "<p> </p>", "<ul><li></li></ul>", "<p>&nbsp;</p>"])
def test_empty_is_empty(html: str) -> None:
    assert richtext.is_empty(html)
    assert richtext.clean(html) == ""


def test_words_of_word_processors_become_ours() -> None:
    assert richtext.clean("<h1>A</h1><div>b <b>c</b> <i>d</i></div>") == (
        "<h3>A</h3><p>b <strong>c</strong> <em>d</em></p>"
    )


def test_deep_nesting_is_flattened_and_quick_to_parse() -> None:
    from planning.products.document import parse, text_of

    deep = "<blockquote>" * 10_000 + "<p>Words.</p>" + "</blockquote>" * 10_000
    clean = richtext.clean(deep)
    assert clean.count("<blockquote>") <= richtext.MAX_DEPTH
    assert text_of(parse(clean)) == "Words."


def test_a_table_that_says_more_than_plain_text_is_kept_as_html() -> None:
    assert richtext.to_plain("<table><tbody><tr><td>x</td></tr></tbody></table>") is None


def test_word_count() -> None:
    assert richtext.word_count("<p>One two</p><ul><li>three</li></ul>") == 3
