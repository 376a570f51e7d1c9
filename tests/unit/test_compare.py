"""What changed between two texts: word by word, and section by section."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.products import compare
from planning.products.compare import Piece, sections_changed, shortened, words_changed

LINES = st.lists(
    st.lists(st.sampled_from(["a", "bb", "ccc", "d,", "e.", "é"]), max_size=6).map(" ".join),
    max_size=6,
)
TEXTS = st.one_of(LINES.map("\n".join), st.text(st.sampled_from("ab \n\t.\u00a0"), max_size=40))


def side(pieces: tuple[Piece, ...], *kinds: str) -> str:
    """The pieces of some kinds, joined."""
    return "".join(p.text for p in pieces if p.kind in kinds)


def squeezed(text: str) -> list[str]:
    """The words of a text: white space aside, that is what it says."""
    return text.split()


def test_a_word_that_changed_is_told_alone() -> None:
    assert words_changed("We wait for May.", "We act in May.") == (
        Piece("same", "We"), Piece("removed", " wait for"), Piece("added", " act in"),
        Piece("same", " May."),
    )  # fmt: skip


def test_lines_that_stayed_are_told_whole() -> None:
    pieces = words_changed("One.\nTwo.\nThree.", "One.\nTwo!\nThree.")
    assert pieces == (
        Piece("same", "One.\n"), Piece("removed", "Two."), Piece("added", "Two!"),
        Piece("same", "\n"), Piece("same", "Three."),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("", "", []),
        ("", "New.", ["added"]),
        ("Old.", "", ["removed"]),
        ("Same.", "Same.", ["same"]),
    ],
)
def test_the_plain_cases(old: str, new: str, kinds: list[str]) -> None:
    assert [p.kind for p in words_changed(old, new)] == kinds


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(old: str, new: str) -> None:
    pieces = words_changed(old, new)
    assert squeezed(side(pieces, "same", "added")) == squeezed(new)
    assert squeezed(side(pieces, "same", "removed")) == squeezed(old)
    assert all(p.text for p in pieces)
    if old == new:
        assert {p.kind for p in pieces} <= {"same"}


@given(TEXTS, TEXTS, st.integers(0, 60), st.integers(0, 4))
def test_within_any_bound_both_texts_can_be_read(old: str, new: str, work: int, edits: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "MAX_WORK", work)
        patch.setattr(compare, "MAX_EDITS", edits)
        pieces = words_changed(old, new)
    assert squeezed(side(pieces, "same", "added")) == squeezed(new)
    assert squeezed(side(pieces, "same", "removed")) == squeezed(old)


def test_above_the_bound_words_are_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "a b c d", "a x c d"
    assert len(words_changed(old, new)) == 4
    monkeypatch.setattr(compare, "MAX_WORK", 0)
    assert words_changed(old, new) == (Piece("removed", old), Piece("added", new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 25_000, "b\n" + "a\nb\n" * 12_500),
        ("a " * 60_000, "b " + "a b " * 30_000),
        ("\n".join(f"w{n}" for n in range(20_000)), "\n".join(f"w{n}\ny" for n in range(20_000))),
        ("".join("a " * 300 + f"\n{n}\n" for n in range(200)),
         "".join("b a " * 150 + f"\n{n}\n" for n in range(200))),
    ],
)  # fmt: skip
def test_hostile_texts_do_not_hold_a_worker(old: str, new: str) -> None:
    began = time.monotonic()
    pieces = words_changed(old, new)
    assert time.monotonic() - began < 8
    assert squeezed(side(pieces, "same", "added")) == squeezed(new)


def test_a_table_that_repeats_itself_is_still_told_cell_by_cell() -> None:
    cells = ["Yes", "No", "No"] * 1_000
    changed = ["No", *cells[1:1_500], "Maybe", *cells[1_501:-1], "Yes"]
    assert compare._work(cells, changed) > compare.MAX_WORK
    pieces = words_changed("\n".join(cells), "\n".join(changed))
    assert [p.text.strip() for p in pieces if p.kind == "added"] == ["No", "Maybe", "Yes"]
    assert sum(p.kind == "removed" for p in pieces) == 3


@given(LINES, LINES)
def test_the_bounded_way_matches_as_much_as_can_be(old: list[str], new: list[str]) -> None:
    found = compare._shortest(old, new)
    assert found is not None
    at = (0, 0)
    for op, a1, a2, b1, b2 in found:
        assert (a1, b1) == at
        assert (op == "equal") == (old[a1:a2] == new[b1:b2])
        at = (a2, b2)
    assert at == (len(old), len(new))
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x, before in enumerate(old):
        for y, after in enumerate(new):
            longest[x + 1][y + 1] = (
                longest[x][y] + 1 if before == after else max(longest[x][y + 1], longest[x + 1][y])
            )
    assert sum(a2 - a1 for op, a1, a2, *_ in found if op == "equal") == longest[-1][-1]


def test_a_long_text_with_one_change_is_still_told_word_by_word() -> None:
    lines = [f"Line {n} says this." for n in range(5_000)]
    changed = [*lines]
    changed[2_500] = "Line 2500 says that."
    pieces = words_changed("\n".join(lines), "\n".join(changed))
    assert [p.text.strip() for p in pieces if p.kind == "removed"] == ["this."]
    assert [p.text.strip() for p in pieces if p.kind == "added"] == ["that."]


# ---------- sections


def row(key: str, html: str = "<p>Text.</p>", **more: Any) -> dict[str, Any]:
    """A section as a snapshot holds it."""
    return {
        "key": key, "number": "1", "title": key.capitalize(), "portion": "(U)", "depth": 1,
        "html": html,
    } | more  # fmt: skip


def changed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Key and kind of what differs."""
    return [(s.key, s.kind) for s in sections_changed({"sections": old}, {"sections": new})]


def test_sections_that_stayed_are_not_told() -> None:
    assert changed([row("a"), row("b")], [row("a"), row("b")]) == []


def test_sections_that_came_went_and_changed() -> None:
    old = [row("a"), row("gone"), row("c")]
    new = [row("c", "<p>Other.</p>"), row("a"), row("new")]
    assert changed(old, new) == [("c", "changed"), ("new", "added"), ("gone", "removed")]


def test_a_section_that_came_or_went_empty_is_told_too() -> None:
    assert changed([], [row("a", "")]) == [("a", "added")]
    assert changed([row("a", "")], []) == [("a", "removed")]


def test_words_are_counted() -> None:
    [found] = sections_changed(
        {"sections": [row("a", "<p>One two three.</p>")]},
        {"sections": [row("a", "<p>One three four five.</p>")]},
    )
    assert (found.added, found.removed) == (3, 2)


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ({"title": "Goal"}, {"title": "Aim"}, "Title before: “Goal”."),
        ({"portion": "(CUI)"}, {"portion": "(U)"}, "Marking before: (CUI)."),
        (
            {"html": "<p>Words.</p>"}, {"html": "<p><strong>Words.</strong></p>"},
            "The words are the same; their form changed.",
        ),
    ],
)  # fmt: skip
def test_what_else_changed_is_remarked(
    old: dict[str, Any], new: dict[str, Any], remark: str
) -> None:
    [found] = sections_changed({"sections": [row("a") | old]}, {"sections": [row("a") | new]})
    assert found.remarks == (remark,)
    assert (found.kind, found.added, found.removed) == ("changed", 0, 0)


def test_a_picture_that_was_replaced_and_a_footnote_are_seen() -> None:
    def picture(digit: str, alt: str) -> str:
        return f'<img src="/efforts/x/pictures/{digit * 64}/" alt="{alt}">'

    assert changed([row("a", picture("1", "Map"))], [row("a", picture("2", "Map"))]) == [
        ("a", "changed")
    ]
    [found] = sections_changed(
        {"sections": [row("a", "<p>Said.</p>")]},
        {"sections": [row("a", '<p>Said<sup data-note="Report 41."></sup>.</p>')]},
    )
    assert "Report 41." in side(found.pieces, "added")


def test_what_a_register_put_in_is_compared() -> None:
    def filled(html: str) -> dict[str, Any]:
        register = {
            "source": "dissents",
            "label": "Dissents",
            "as_of": "",
            "html": html,
            "facts": [],
        }
        return row("a") | {"registers": [register]}

    [found] = sections_changed(
        {"sections": [filled("<p>None.</p>")]}, {"sections": [filled("<p>D-1, State.</p>")]}
    )
    assert side(found.pieces, "removed").strip() == "None."
    assert side(found.pieces, "added").strip() == "D-1, State."
    assert changed([filled("<p>None.</p>")], [filled("<p>None.</p>")]) == []
    assert changed([row("a")], [filled("<p>None.</p>")]) == [("a", "changed")]


def test_the_short_form_keeps_every_change_and_the_words_next_to_it() -> None:
    same = " ".join(f"w{n}" for n in range(100))
    pieces = (
        Piece("same", same), Piece("added", "came in"), Piece("same", same),
        Piece("removed", "went away"), Piece("same", "a short end"),
    )  # fmt: skip
    short = shortened(pieces)
    assert [p for p in short if p.kind != "same"] == [p for p in pieces if p.kind != "same"]
    assert short[0].text == " … " + " ".join(f"w{n}" for n in range(90, 100))
    assert short[2].text.startswith("w0 w1 ")
    assert short[2].text.endswith(" w98 w99")
    assert short[2].text.count("…") == 1
    assert short[4].text == "a short end"
