"""Tailoring: what may change in an outline, what stays, and what is told of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.products import tailoring
from planning.products.annex_d import CATALOGUE
from planning.products.definition import (
    Layout,
    ProductDefinition,
    Section,
    from_json,
    number,
    to_json,
)
from planning.products.tailoring import OutlineChange

TAB_01 = CATALOGUE["tab-01"]
BRIEFING = CATALOGUE["tab-02-enclosure-1"]
PLAIN = ProductDefinition(
    "plain", "Plain", "Plain", Layout.DOCUMENT, 1, 0, "", "",
    tuple(Section(key, key.capitalize()) for key in ("first", "second", "third")),
)  # fmt: skip


def titles(definition: ProductDefinition) -> list[str]:
    """What is printed: the titles that are not left out."""
    return [o.section.title for o in definition.walk()]


def keys(definition: ProductDefinition) -> list[str]:
    """Every key, those left out too."""
    return [s.key for s in definition.every_section()]


def needed(definition: ProductDefinition) -> set[str]:
    """The keys of what a gate asks for."""
    return {s.key for s in definition.every_section() if s.required}


# ---------- hide and show


def test_a_section_is_left_out_for_a_reason_and_comes_back() -> None:
    after = tailoring.hide(TAB_01, "other", "  The board asked\n for less. ")
    assert "other" not in {o.section.key for o in after.walk()}
    assert after.section("other").hidden == "The board asked for less."
    assert tailoring.show(after, "other") == TAB_01


def test_the_numbers_close_up() -> None:
    after = tailoring.hide(PLAIN, "first", "Nothing new.")
    assert [(o.number, o.section.key) for o in after.walk()] == [("1", "second"), ("2", "third")]


def test_what_a_section_holds_goes_and_comes_with_it() -> None:
    after = tailoring.hide(BRIEFING, "country-profile", "Everybody knows it.")
    shown = {o.section.key for o in after.walk()}
    assert not shown & {"country-profile", "geography", "us-relations"}
    assert "geography" in {o.section.key for o in tailoring.show(after, "country-profile").walk()}


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_nothing_that_a_gate_asks_for_is_left_out(key: str) -> None:
    definition = CATALOGUE[key]
    for section in definition.every_section():
        if section.needed:
            with pytest.raises(ValueError, match="required by the gate"):
                tailoring.hide(definition, section.key, "It is late.")


def test_a_section_above_a_required_one_is_needed_too() -> None:
    above = Section("above", "Above", children=(Section("below", "Below", required=True),))
    assert above.needed
    with pytest.raises(ValueError, match="cannot be hidden"):
        Section("above", "Above", children=above.children, hidden="No.")


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_reason_is_asked_for(reason: str) -> None:
    with pytest.raises(ValueError, match="why"):
        tailoring.hide(TAB_01, "other", reason)


def test_something_is_left() -> None:
    definition = PLAIN
    *most, last = [s.key for s in definition.sections]
    for key in most:
        definition = tailoring.hide(definition, key, "Nothing new.")
    with pytest.raises(ValueError, match="at least one section"):
        tailoring.hide(definition, last, "Nothing new.")


def test_an_added_section_is_not_taken_away_when_it_is_the_last_one_shown() -> None:
    definition, own = tailoring.add(PLAIN, "Our own", "")
    for key in [s.key for s in PLAIN.sections]:
        definition = tailoring.hide(definition, key, "Nothing new.")
    with pytest.raises(ValueError, match="at least one section"):
        tailoring.hide(definition, own, "")
    assert titles(definition) == ["Our own"]


def test_an_unknown_section_is_said_in_words() -> None:
    for change in (
        lambda: tailoring.hide(TAB_01, "nowhere", "No."),
        lambda: tailoring.show(TAB_01, "nowhere"),
        lambda: tailoring.rename(TAB_01, "nowhere", "Title"),
        lambda: tailoring.move(TAB_01, "nowhere", 1),
        lambda: tailoring.add(TAB_01, "Title", "nowhere"),
    ):
        with pytest.raises(ValueError, match="no such section any more"):
            change()


# ---------- rename, add, move


def test_a_title_changes_and_its_first_one_is_kept() -> None:
    once = tailoring.rename(TAB_01, "intent", "Purpose of the task")
    twice = tailoring.rename(once, "intent", "Commander's intent")
    assert (twice.section("intent").title, twice.section("intent").was) == (
        "Commander's intent", "Intent",
    )  # fmt: skip
    assert tailoring.rename(twice, "intent", "Intent") == TAB_01


def test_a_title_is_put_on_one_line_and_cleared_of_what_no_file_can_hold() -> None:
    after = tailoring.rename(TAB_01, "intent", " The\n\tin\x00tent\x07  now ")
    assert after.section("intent").title == "The intent now"
    hidden = tailoring.hide(TAB_01, "other", "Not\x00 now\x1b.")
    assert hidden.section("other").hidden == "Not now."


@pytest.mark.parametrize(
    ("title", "word"), [("", "Give"), (" \n", "Give"), ("x" * 161, "below 160")]
)
def test_titles_have_bounds(title: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        tailoring.rename(TAB_01, "intent", title)
    with pytest.raises(ValueError, match=word):
        tailoring.add(TAB_01, title, "intent")


def test_a_section_is_added_behind_another_on_its_level() -> None:
    after, key = tailoring.add(TAB_01, "Legal limits", "assumptions")
    above = next(s for s in after.sections if s.key == "additional-guidance")
    assert [s.key for s in above.children][:2] == ["assumptions", "legal-limits"]
    assert key == "legal-limits"
    assert tailoring.hide(after, key, "") == TAB_01


def test_without_a_place_it_stands_at_the_end() -> None:
    after, key = tailoring.add(TAB_01, "Legal limits", "")
    assert after.sections[-1].key == key


def test_the_same_title_twice_gets_two_keys() -> None:
    once, first = tailoring.add(TAB_01, "Intent", "intent")
    twice, second = tailoring.add(once, "Intent", "intent")
    assert (first, second) == ("intent-2", "intent-3")
    assert len(set(keys(twice))) == len(keys(twice))


def test_a_title_of_no_latin_letter_gets_a_key() -> None:
    _, key = tailoring.add(TAB_01, "الوضع", "")
    assert key == "section"


def test_an_outline_has_a_bound() -> None:
    definition = TAB_01
    for n in range(tailoring.MAX_SECTIONS - len(keys(TAB_01))):
        definition, _ = tailoring.add(definition, f"Section {n}", "")
    with pytest.raises(ValueError, match="at most 80"):
        tailoring.add(definition, "One more", "")


def test_the_bound_holds_only_while_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tailoring, "MAX_SECTIONS", len(keys(TAB_01)))
    with pytest.raises(ValueError, match="at most"):
        tailoring.add(TAB_01, "One more", "")
    monkeypatch.setattr(tailoring, "MAX_SECTIONS", 1_000)
    assert tailoring.add(TAB_01, "One more", "")[1] == "one-more"


def test_a_section_moves_among_its_neighbors_and_stops_at_the_end() -> None:
    order = [s.key for s in TAB_01.sections]
    down = tailoring.move(TAB_01, order[0], 1)
    assert [s.key for s in down.sections] == [order[1], order[0], *order[2:]]
    assert tailoring.move(TAB_01, order[0], -1) == TAB_01
    far = tailoring.move(TAB_01, order[0], 99)
    assert [s.key for s in far.sections] == [*order[1:], order[0]]


def test_a_section_below_moves_below() -> None:
    after = tailoring.move(TAB_01, "intent", -1)
    above = next(s for s in after.sections if s.key == "additional-guidance")
    assert [s.key for s in above.children][2:4] == ["intent", "coordination-with-non-usg-actors"]
    assert [s.key for s in after.sections] == [s.key for s in TAB_01.sections]


def test_what_moved_back_is_no_change() -> None:
    there = tailoring.move(TAB_01, "intent", 1)
    back = tailoring.move(there, "intent", -1)
    assert list(tailoring.changes(back)) != []
    assert tailoring.settle(back, TAB_01) == TAB_01
    assert tailoring.settle(there, TAB_01) == there


# ---------- what is told


def test_the_format_itself_has_no_changes() -> None:
    for definition in CATALOGUE.values():
        assert list(tailoring.changes(definition)) == []


def test_changes_are_listed_in_outline_order() -> None:
    after = tailoring.hide(TAB_01, "other", "Nothing else.")
    after = tailoring.rename(after, "purpose", "Task")
    after = tailoring.move(after, "lead-agency", 1)
    after, _ = tailoring.add(after, "Legal limits", "purpose")
    after = tailoring.rename(after, "legal-limits", "Law")
    assert list(tailoring.changes(after)) == [
        OutlineChange("Renamed", "Task", "It was “Purpose”."),
        OutlineChange("Added", "Law", ""),
        OutlineChange("Moved", "Lead Agency", ""),
        OutlineChange(
            "Left out", "Other", "Nothing else.",
        ),
    ]  # fmt: skip


def test_a_renamed_section_that_is_left_out_is_told_by_the_title_of_the_format() -> None:
    after = tailoring.hide(tailoring.rename(TAB_01, "other", "Rest"), "other", "Empty.")
    assert list(tailoring.changes(after)) == [OutlineChange("Left out", "Other", "Empty.")]


def test_the_country_stands_in_the_titles_that_are_told() -> None:
    after = tailoring.hide(BRIEFING, "country-profile", "Known.")
    assert [c.section for c in tailoring.changes(after, "Calenia")] == ["Calenia Profile"]
    renamed = tailoring.rename(BRIEFING, "us-relations", "Relations")
    assert [c.reason for c in tailoring.changes(renamed, "Calenia")] == [
        "It was “U.S.-Calenia Relations”."
    ]


# ---------- any sequence of changes

Change = Callable[[ProductDefinition], ProductDefinition]
WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def tailored(draw: st.DrawFn) -> tuple[ProductDefinition, ProductDefinition]:
    """A format of the catalogue, and the same after up to twelve changes or attempts at one."""
    format_ = CATALOGUE[draw(st.sampled_from(sorted(CATALOGUE)))]
    now = format_
    for _ in range(draw(st.integers(0, 12))):
        key = draw(st.sampled_from(keys(now)))
        what = draw(st.sampled_from(["hide", "show", "rename", "add", "move"]))
        try:
            if what == "hide":
                now = tailoring.hide(now, key, draw(WORDS))
            elif what == "show":
                now = tailoring.show(now, key)
            elif what == "rename":
                now = tailoring.rename(now, key, draw(WORDS))
            elif what == "add":
                now, made = tailoring.add(now, draw(WORDS), draw(st.sampled_from([key, ""])))
                assert now.section(made).changed == tailoring.ADDED
            else:
                now = tailoring.move(now, key, draw(st.integers(-3, 3)))
        except ValueError:
            continue
    return format_, now


@given(tailored())
def test_whatever_was_changed_the_outline_holds_together(
    pair: tuple[ProductDefinition, ProductDefinition],
) -> None:
    format_, now = pair
    assert len(set(keys(now))) == len(keys(now))
    shown = [o.section.key for o in now.walk()]
    assert shown
    assert needed(format_) == needed(now)
    assert needed(format_) <= set(shown)
    assert set(keys(format_)) <= set(keys(now))
    own = {s.key for s in now.every_section() if s.changed == tailoring.ADDED}
    assert set(keys(now)) - set(keys(format_)) == own
    numbers = [o.number for o in now.walk()]
    assert len(set(numbers)) == len(numbers)
    assert all(s.title.strip() and "\n" not in s.title for s in now.every_section())


@given(tailored())
def test_each_departure_is_told_once(pair: tuple[ProductDefinition, ProductDefinition]) -> None:
    _, now = pair
    told = list(tailoring.changes(now))
    expected = sum(
        bool(s.hidden or s.changed) + bool(s.was and not s.hidden) for s in now.every_section()
    )
    assert len(told) == expected
    assert all(c.reason for c in told if c.what in {"Left out", "Renamed"})


@given(tailored())
def test_a_definition_survives_json(pair: tuple[ProductDefinition, ProductDefinition]) -> None:
    for definition in pair:
        assert from_json(json.loads(json.dumps(to_json(definition)))) == definition


# ---------- JSON


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_every_format_survives_json(key: str) -> None:
    plain = json.loads(json.dumps(to_json(CATALOGUE[key])))
    assert from_json(plain) == CATALOGUE[key]
    assert plain["layout"] == CATALOGUE[key].layout.value


@pytest.mark.parametrize(
    "data",
    [
        {}, {"layout": "memorandum"}, {"layout": "scroll", "sections": []},
        {"layout": "document", "sections": [[]]}, {"layout": "document", "sections": "abc"},
        to_json(TAB_01) | {"color": "red"}, to_json(TAB_01) | {"sections": [{"key": "x"}]},
        to_json(TAB_01) | {"key": "Not a key"}, to_json(TAB_01) | {"sections": None},
        to_json(TAB_01) | {"sections": [{"key": "a b", "title": "T"}]},
        to_json(TAB_01) | {"sections": [{"key": "a", "title": "T"}] * 2},
    ],
)  # fmt: skip
def test_what_is_no_format_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(data)


def test_a_product_is_laid_out_in_its_own_layout_or_on_one_page() -> None:
    assert TAB_01.layouts == (Layout.MEMORANDUM, Layout.ONE_PAGE)
    assert CATALOGUE["tab-04"].layouts == (Layout.MEMORANDUM, Layout.BRIEFING, Layout.ONE_PAGE)


@pytest.mark.parametrize(
    ("place", "style", "printed"),
    [
        (1, "1", "1"), (12, "1", "12"), (1, "a", "a"), (26, "a", "z"), (27, "a", "aa"),
        (28, "A", "AB"), (4, "I", "IV"), (9, "I", "IX"), (14, "I", "XIV"), (49, "I", "XLIX"), (80, "I", "LXXX"),
    ],
)  # fmt: skip
def test_numbers_by_style(place: int, style: str, printed: str) -> None:
    assert number(place, style) == printed
