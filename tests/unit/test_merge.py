"""The three-way merge: both changes, or none."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.products import compare, richtext
from planning.products.merge import blocks, merge

BASE = "<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>"
PIECES = (
    "<p>One.</p>", "<p>Two &amp; <strong>three</strong>.<br>Four.</p>", "<h3>Title</h3>",
    "<ul><li><p>a</p></li><li><p>b</p><ol><li><p>c</p></li></ol></li></ul>",
    "<blockquote><p>Said.</p></blockquote>", "<p>Ümläut &lt;p&gt; “q”.</p>",
    "<table><tbody><tr><th><p>H</p></th><td><p>x</p></td></tr></tbody></table>",
    f'<img src="/efforts/x/pictures/{"a" * 64}/" alt="A map">', "<p>Last<sup data-note=\"See &lt;1&gt;.\">*</sup>.</p>",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=7)


def html(words: list[str]) -> str:
    """A paragraph a word."""
    return "".join(f"<p>{word}</p>" for word in words)


def test_changes_apart_are_joined() -> None:
    mine = BASE.replace("One", "First")
    theirs = BASE.replace("Four", "Last")
    assert merge(BASE, mine, theirs) == BASE.replace("One", "First").replace("Four", "Last")


def test_additions_at_both_ends_are_joined() -> None:
    assert merge(BASE, f"<h3>Head</h3>{BASE}", f"{BASE}<p>End.</p>") == (
        f"<h3>Head</h3>{BASE}<p>End.</p>"
    )


def test_what_was_taken_out_stays_out() -> None:
    assert merge(BASE, BASE.replace("<p>One.</p>", ""), f"{BASE}<p>End.</p>") == (
        BASE.replace("<p>One.</p>", "") + "<p>End.</p>"
    )


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (BASE.replace("Two", "II"), BASE.replace("Two", "Deux")),
        (BASE.replace("Two", "II"), BASE.replace("<p>Two.</p>", "")),
        (BASE.replace("Two", "II"), BASE.replace("Three", "III")),  # neighbors
        (f"{BASE}<p>Mine.</p>", f"{BASE}<p>Theirs.</p>"),
        ("", BASE.replace("Two", "II")),
    ],
)
def test_changes_that_touch_are_not_joined(mine: str, theirs: str) -> None:
    assert merge(BASE, mine, theirs) is None
    assert merge(BASE, theirs, mine) is None


def test_two_first_texts_are_not_joined() -> None:
    assert merge("", "<p>Mine.</p>", "<p>Theirs.</p>") is None


def test_a_change_that_both_made_is_made_once() -> None:
    both = f"{BASE}<p>End.</p>"
    assert merge(BASE, both, both) == both
    assert merge(BASE, both, both.replace("One", "First")) == both.replace("One", "First")


def test_a_block_is_a_whole_top_level_element() -> None:
    assert blocks("".join(PIECES)) == list(PIECES)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_blocks_are_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert richtext.clean(text) == text  # what is stored reads like this
    assert "".join(blocks(text)) == text


@given(st.text(st.sampled_from("<>/pulibr =\"'&;ab\n"), max_size=120))
def test_the_blocks_of_whatever_was_saved_are_the_text(hostile: str) -> None:
    saved = richtext.clean(hostile)
    assert "".join(blocks(saved)) == saved


@given(TEXTS, TEXTS)
def test_one_change_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


@given(LISTS, LISTS, LISTS)
def test_the_order_of_the_two_does_not_matter(base: list, mine: list, theirs: list) -> None:
    assert merge(html(base), html(mine), html(theirs)) == merge(
        html(base), html(theirs), html(mine)
    )


@given(LISTS, LISTS, LISTS)
def test_nothing_that_either_wrote_is_lost(base: list, mine: list, theirs: list) -> None:
    """A block that somebody added is there, and one that neither took out too."""
    merged = merge(html(base), html(mine), html(theirs))
    assume(merged is not None)
    found = blocks(merged or "")
    for word in "abcdefgh":
        block, now = f"<p>{word}</p>", found.count(f"<p>{word}</p>")
        added = max(mine.count(word) - base.count(word), theirs.count(word) - base.count(word))
        if added > 0:
            assert now > 0, (block, merged)
        if mine.count(word) >= base.count(word) <= theirs.count(word):
            assert now >= base.count(word), (block, merged)
        if word not in mine and word not in theirs:
            assert now == 0, (block, merged)


def test_hostile_texts_do_not_hold_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ["<p>a</p>", "<p>b</p>"] * 6_000
    other = ["<p>b</p>", "<p>c</p>", "<p>a</p>"] * 4_000
    began = time.monotonic()
    assert merge("".join(many), "".join(other), "".join(many) + "<p>x</p>") is None
    assert time.monotonic() - began < 5
    base, mine = html(["a", "b", "c"]), html(["x", "b", "y"])
    assert merge(base, mine, base) == mine
    monkeypatch.setattr(compare, "MAX_WORK", 0)
    assert merge(base, mine, base) is None
