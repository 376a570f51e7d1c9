"""Values of registers: what ``words`` writes, ``parse`` reads back; what cannot be read is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.registers import ALL
from planning.registers import Field, Kind
from planning.registers.definition import MAX_LINE, MAX_MANY, MAX_TEXT, MAX_TITLE
from planning.registers.values import MAX_NUMBER, clean_words, parse, pieces, words
from tests.flows.register_kit import CREWS, THINGS

LINE, TEXT = Field("name", "Name"), Field("note", "Note", Kind.TEXT)
NUMBER, DAY = Field("amount", "Amount", Kind.NUMBER), Field("day", "Day", Kind.DATE)
NEAR = THINGS.field("near")
CHOSEN = [
    field
    for register in ALL
    for field in register.fields
    if field.kind in {Kind.CHOICE, Kind.CHOICES, Kind.SPANS}
]
DATES = st.dates(date(1800, 1, 1), date(2200, 12, 31)).map(date.isoformat)
# What people type and what a spreadsheet or a page that was copied from brings along.
TYPED = st.text(
    st.characters(codec="utf-8", exclude_categories=("Mn",))
    | st.sampled_from("\r\n\t \x00\x0b\u00a0;,-")
)


@st.composite
def spans(draw: Any, field: Field) -> list[Any]:
    """Choices that hold for a time, no two alike."""
    span = st.tuples(
        st.sampled_from([value for value, _ in field.choices]), st.none() | DATES, st.none() | DATES
    )
    rows = [
        [what, min(start, end), max(start, end)] if start and end else [what, start, end]
        for what, start, end in draw(st.lists(span, max_size=6, unique=True))
    ]
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


# ---------- there and back


@given(TYPED)
def test_text_is_read_back(raw: str) -> None:
    for field in (LINE, TEXT):
        value = parse(field, raw[:200])
        assert parse(field, words(field, value)) == value
        assert value is None or (value == value.strip() and "\x00" not in value)
        assert value is None or "\n" not in value or field is TEXT


@given(st.integers(-MAX_NUMBER, MAX_NUMBER))
def test_numbers_are_read_back(value: int) -> None:
    assert parse(NUMBER, words(NUMBER, value)) == value == parse(NUMBER, value)
    assert parse(NUMBER, f" {value:,} ") == value


@given(DATES)
def test_dates_are_read_back(value: str) -> None:
    assert parse(DAY, words(DAY, value)) == value


@given(st.sampled_from(CHOSEN), st.data())
def test_what_is_chosen_is_read_back(field: Field, data: st.DataObject) -> None:
    values = [value for value, _ in field.choices]
    if field.kind is Kind.CHOICE:
        value: Any = data.draw(st.sampled_from(values) | st.none())
    elif field.kind is Kind.CHOICES:
        value = data.draw(st.lists(st.sampled_from(values), unique=True))
    else:
        value = data.draw(spans(field))
    assert parse(field, words(field, value)) == value
    assert parse(field, value) == value  # as the API sends it
    if field.kind is not Kind.SPANS:
        assert parse(field, words(field, value).upper()) == value  # whatever its case
    if field.kind is not Kind.CHOICE:
        assert parse(field, words(field, value).replace("; ", "\n")) == value  # one a line


@given(st.lists(st.from_regex(r"[A-Z]{2,5}-[1-9][0-9]{0,4}", fullmatch=True), unique=True))
def test_links_are_read_back_as_labels(value: list[str]) -> None:
    assert parse(NEAR, words(NEAR, value[:MAX_MANY])) == value[:MAX_MANY]


@given(st.sampled_from([*CHOSEN, LINE, TEXT, NUMBER, DAY, NEAR]), TYPED | st.floats() | st.booleans()
       | st.lists(st.text() | st.none() | st.integers()) | st.dictionaries(st.text(), st.text()))  # fmt: skip
def test_whatever_comes_is_read_or_refused_in_words(field: Field, raw: Any) -> None:
    try:
        value = parse(field, raw)
    except ValueError as error:
        assert str(error).endswith((".", "?")) and len(str(error)) > 10
    else:
        if field.kind is not Kind.LINKS:  # names, which whoever knows the entries looks up
            assert parse(field, value) == value


# ---------- empty, and what stands for what


@pytest.mark.parametrize(
    ("field", "empty"),
    [(LINE, None), (TEXT, None), (NUMBER, None), (DAY, None), (THINGS.field("sort"), None),
     (THINGS.field("tags"), []), (THINGS.field("roles"), []), (NEAR, [])],
)  # fmt: skip
@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t\r\n"])
def test_empty_is_nothing(field: Field, empty: Any, raw: str | None) -> None:
    assert parse(field, raw) == empty
    assert words(field, empty) == ""


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("name", "  a\tb\n c ", "a b c"),
        ("name", "cafe\u0301", "caf\u00e9"),
        ("name", 12, "12"),
        ("note", "a  \r\n b\x00\x1f\n\n", "a\n b"),
        ("sort", "TOOL", "tool"),
        ("sort", "place: OF any sort", "place"),
        ("tags", "tool; Other\nTOOL;;", ["tool", "other"]),
        ("tags", ["tool", " tool "], ["tool"]),
        ("amount", "1,200 000", 1_200_000),
        ("amount", "-5", -5),
        ("amount", 0, 0),
        ("roles", "chief from 2013-01-01 until 2013-02-01", [["chief", "2013-01-01", "2013-02-01"]]),
        ("roles", "helper since youth", [["helper", None, None]]),
        ("roles", "Helper since youth since 2013-01-01", [["helper", "2013-01-01", None]]),
        ("roles", "chief to 2013-02-01;chief", [["chief", None, "2013-02-01"], ["chief", None, None]]),
        ("roles", "chief\nchief", [["chief", None, None]]),
        ("roles", [["chief", "", None], "onlooker"], [["chief", None, None], ["onlooker", None, None]]),
        ("near", "THG-1; Drum\nTHG-1", ["THG-1", "Drum"]),
        ("near", [" THG-1 ", 7], ["THG-1", "7"]),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(key: str, raw: Any, value: Any) -> None:
    assert parse(THINGS.field(key), raw) == value


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("name", "n" * (MAX_LINE + 1), "301 characters; 300 are the most"),
        ("note", "n" * (MAX_TEXT + 1), "8,001 characters; 8,000 are the most"),
        ("name", ["a"], "Give this as text"),
        ("name", True, "Give this as text"),
        ("sort", "toll", "“toll” is none of: Tool, Place: of any sort, Other"),
        ("sort", ["tool"], "Give this as text"),
        ("tags", "tool; toll", "“toll” is none of"),
        ("tags", {"a": 1}, "Give a list, or words parted by semicolons"),
        ("tags", ["tool", None], "Give a list"),
        ("amount", "12.5", "“12.5” is no whole number"),
        ("amount", 12.5, "no whole number"),
        ("amount", "1e3", "no whole number"),
        ("amount", "٣", "no whole number"),
        ("amount", str(MAX_NUMBER + 1), "no whole number"),
        ("amount", False, "Give this as text"),
        ("day", "5 December 2013", "write it as 2013-12-05"),
        ("day", "2013-02-30", "is no date"),
        ("day", "1799-12-31", "The year 1799 cannot be meant"),
        ("day", "2201-01-01", "The year 2201 cannot be meant"),
        ("roles", "chief since 2014-01-01 to 2013-01-01", "2013-01-01 lies before 2014-01-01"),
        ("roles", "chief since spring", "“spring” is no date"),
        ("roles", "king", "“king” is none of: Chief"),
        ("roles", [["chief", None]], "Write “bystanders since"),
        ("roles", [{"what": "chief"}], "Write “bystanders since"),
        ("roles", [["chief", 5, None]], "“5” is no date"),
        ("roles", 5, "Give a list"),
        ("near", {"a": 1}, "Give a list"),
        ("near", [["THG-1"]], "Give a list"),
        ("near", ["THG-1"] * (MAX_MANY + 1), "These are 61; 60 are the most"),
        ("tags", "; ".join(["tool"] * (MAX_MANY + 1)), "These are 61; 60 are the most"),
        ("roles", ["chief"] * (MAX_MANY + 1), "These are 61; 60 are the most"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(key: str, raw: Any, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - its words are what is tested
        parse(THINGS.field(key), raw)
    assert said in str(refused.value)


def test_a_title_is_longer_than_a_line_and_shorter_than_a_text() -> None:
    motto = CREWS.title
    assert parse(motto, "m" * MAX_TITLE, title=True) == "m" * MAX_TITLE
    with pytest.raises(ValueError, match="1,000 are the most"):
        parse(motto, "m" * (MAX_TITLE + 1), title=True)
    with pytest.raises(ValueError, match="300 are the most"):
        parse(LINE, "m" * (MAX_LINE + 1), title=True)


def test_a_choice_that_is_none_any_more_is_shown_as_it_was() -> None:
    assert words(THINGS.field("sort"), "boat") == "boat"
    assert words(THINGS.field("tags"), ["tool", "boat"]) == "Tool; boat"
    assert words(THINGS.field("roles"), [["king", None, "2013-01-01"]]) == "king to 2013-01-01"


def test_parts_of_a_cell() -> None:
    assert pieces(" a ;b\n\n c;; ") == ["a", "b", "c"]
    assert clean_words("a\r\nb ", line=True) == "a b"
