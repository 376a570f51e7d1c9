"""An outline as text and back, and what it says of a line that is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.products import outline
from planning.products.annex_d import CATALOGUE
from planning.products.definition import Section
from planning.products.outline import outline_text, parse_outline
from planning.products.tailoring import MAX_SECTIONS, MAX_TITLE

TEXT = """\
Situation * (120 words)
  Actors
  Events (60 words)
    Last week *

Recommendation *
"""


def test_lines_become_sections() -> None:
    assert parse_outline(TEXT) == (
        Section(
            "situation", "Situation", required=True, hint_words=120,
            children=(
                Section("actors", "Actors"),
                Section(
                    "events", "Events", hint_words=60,
                    children=(Section("last-week", "Last week", required=True),),
                ),
            ),
        ),
        Section("recommendation", "Recommendation", required=True),
    )  # fmt: skip


def test_the_text_comes_back_without_its_blank_lines() -> None:
    assert outline_text(parse_outline(TEXT)) == TEXT.replace("\n\n", "\n").strip()


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_every_format_of_the_catalogue_can_be_written_as_text(key: str) -> None:
    def short(section: Section) -> Section:
        """The Handbook has two titles that are longer than a title of one's own may be."""
        below = tuple(map(short, section.children))
        return replace(section, title=section.title[:MAX_TITLE].strip(), children=below)

    sections = tuple(map(short, CATALOGUE[key].sections))
    text = outline_text(sections)
    again = parse_outline(text)
    assert outline_text(again) == text

    def shape(sections: tuple[Section, ...]) -> list[object]:
        return [(s.title, s.required, s.hint_words, shape(s.children)) for s in sections]

    assert shape(again) == shape(sections)


def test_a_tab_is_a_level() -> None:
    assert parse_outline("One\n\tTwo") == parse_outline("One\n  Two")


def test_equal_titles_get_keys_of_their_own() -> None:
    found = parse_outline("Risks\n  Risks\nRisks\n研究")
    assert [found[0].key, found[0].children[0].key, found[1].key, found[2].key] == [
        "risks", "risks-2", "risks-3", "section",
    ]  # fmt: skip


def test_eighty_equal_titles_are_possible_and_one_more_is_named() -> None:
    assert len(parse_outline("a\n" * MAX_SECTIONS)) == MAX_SECTIONS
    with pytest.raises(ValueError, match=f"Line {MAX_SECTIONS + 1} is one too many"):
        parse_outline("a\n" * 5_000)


def test_the_bound_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MAX_SECTIONS", 90)
    assert len(parse_outline("a\n" * 90)) == 90


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one section"),
        (" \n\n", "at least one section"),
        ("One\n    Three", "Line 2 is indented too far"),
        ("  One", "Line 1 is indented too far"),
        ("1\n  2\n    3\n      4\n        5", "Line 5 is indented too far"),
        ("One\n*", "Line 2: give a title"),
        ("One\n\n(40 words)", "Line 3: give a title"),
        ("One\n" + "x" * 161, "Line 2: give a title of at most 160"),
    ],
)
def test_a_bad_line_is_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_outline(text)


@given(st.text(st.sampled_from("ab *(5)words\n\t 12Éß"), max_size=200))
def test_what_was_read_is_read_the_same_again(text: str) -> None:
    try:
        found = parse_outline(text)
    except ValueError as error:
        assert str(error)[0].isupper()
        return
    assert parse_outline(outline_text(found)) == found


SECTIONS = st.recursive(
    st.builds(
        lambda words, required, hint: (" ".join(words), required, hint, ()),
        st.lists(st.text("abcXYZé,/&", min_size=1, max_size=8), min_size=1, max_size=4),
        st.booleans(), st.integers(0, 99_999),
    ),
    lambda below: st.tuples(
        st.just("Above"), st.booleans(), st.just(0), st.lists(below, max_size=3).map(tuple)
    ),
    max_leaves=12,
)  # fmt: skip


def _depth(row: tuple) -> int:
    return 1 + max((_depth(child) for child in row[3]), default=0)


@given(
    st.lists(SECTIONS.filter(lambda row: _depth(row) <= outline.MAX_DEPTH), min_size=1, max_size=4)
)
def test_any_outline_survives_its_text(rows: list[tuple]) -> None:
    def made(row: tuple) -> Section:
        title, required, hint, below = row
        return Section(
            "x", title, required=required, hint_words=hint, children=tuple(map(made, below))
        )

    def plain(section: Section) -> tuple:
        return (
            section.title, section.required, section.hint_words, tuple(map(plain, section.children))
        )  # fmt: skip

    found = parse_outline(outline_text(tuple(map(made, rows))))
    assert [plain(s) for s in found] == rows
    keys: list[str] = []

    def collect(sections: tuple[Section, ...]) -> None:
        for s in sections:
            keys.append(s.key)
            collect(s.children)

    collect(found)
    assert len(set(keys)) == len(keys)
