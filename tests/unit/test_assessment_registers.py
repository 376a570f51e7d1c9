"""The registers of the situation analysis against the doctrine's numbers, and their places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from assessments.registers import ALL, suggested
from dime import sources, weighed
from planning.products.annex_d import CATALOGUE
from planning.products.definition import Section
from planning.registers import (
    REGISTERS,
    Field,
    Kind,
    ReadyMade,
    Register,
    Style,
    View,
    by_prefix,
    plug_in,
    ready,
)
from planning.registers.values import parse, words

BY_KEY = {register.key: register for register in ALL}
PREFIXES = {
    "sources": "SRC", "actors": "ACT", "relations": "REL", "dynamics": "DYN", "findings": "FND",
    "interests": "INT", "programs": "PRG", "others": "OTH", "gaps": "GAP", "assumptions": "ASM",
    "requirements": "CIR", "legal": "LEG", "messages": "MSG",
}  # fmt: skip
# What the Handbook counts: register, field, choices.
COUNTS = (
    ("actors", "roles", 9),
    ("dynamics", "factor", 7),  # six, and what runs across them
    ("findings", "kind", 11),
    ("interests", "standing", 3),
    ("interests", "direction", 3),
    ("programs", "level", 3),
    ("others", "cluster", 15),
    ("gaps", "kind", 5),
    ("assumptions", "topic", 9),
    ("assumptions", "case", 2),
    ("requirements", "topic", 7),
    ("legal", "topic", 9),
)
ENTRIES = {"interests": 17, "requirements": 7, "legal": 58, "messages": 4}
PROMPTS = {"assumptions": 19}
# Formats that these registers fill, and the sources that fill them besides.
FILLED = ("tab-01", "tab-02", "tab-02-enclosure-1", "tab-03", "tab-04", "tab-04-enclosure-1")
BESIDES = {
    "country-geography", "country-people", "country-history", "country-government",
    "country-economy", "country-foreign", "country-us", "country-profile", "events-map",
    "events-chart", "indicators", "actor-network", "findings-timeline", "previous-guidance",
}  # fmt: skip
OWN = {"outline", "dissents"}
OPTIONS = {one.key for one in (*sources.ALL, *weighed.SOURCES)}  # of policy formulation
MAX_SOURCE = 30  # characters of a source's name
COLUMNS, SLIDE_COLUMNS = 5, 2  # behind the title: what a page and a slide have room for


def views() -> list[tuple[Register, View]]:
    """Every view with its register."""
    return [(register, view) for register in ALL for view in register.views]


def chosen() -> list[tuple[Register, Field]]:
    """Every field that is chosen from a list."""
    return [(register, f) for register in ALL for f in register.fields if f.choices]


def sections(*formats: str) -> list[tuple[str, Section]]:
    """Every section of these formats."""
    return [(key, s) for key in formats for s in CATALOGUE[key].every_section()]


def ids(found: Sequence[tuple[Any, Any]]) -> list[str]:
    """“actors-roles”."""
    return [f"{first.key}-{second.key}" for first, second in found]


# ---------- the declarations


def test_each_register_is_plugged_in_under_its_own_prefix() -> None:
    assert {register.key: register.prefix for register in ALL} == PREFIXES
    assert len(set(PREFIXES.values())) == len(ALL)
    for register in ALL:
        assert REGISTERS[register.key] is register
        assert by_prefix(register.prefix.lower()) is register


@pytest.mark.parametrize(("register", "field", "count"), COUNTS)
def test_choices_are_as_many_as_the_handbook_has(register: str, field: str, count: int) -> None:
    assert len(BY_KEY[register].field(field).choices) == count


@pytest.mark.parametrize(("register", "field"), chosen(), ids=ids(chosen()))
def test_every_choice_has_a_label_that_reads_back(register: Register, field: Field) -> None:
    values = [value for value, _ in field.choices]
    labels = [label for _, label in field.choices]
    assert all(labels) and all(re.fullmatch(r"[a-z_]{1,40}", value) for value in values)
    for value, label in field.choices:
        assert label[0].isupper(), label
        if field.kind is Kind.SPANS:
            for span in (
                [value, None, None], [value, "2013-03-24", None], [value, None, "2013-12-05"],
                [value, "2013-03-24", "2013-12-05"],
            ):  # fmt: skip
                assert parse(field, words(field, [span])) == [span]
        else:
            assert parse(field, words(field, value)) == value
    said = Counter(word.casefold() for pair in field.choices for word in set(pair))
    assert max(said.values()) <= 2  # a value and its own label may be the same word
    assert len({label.casefold() for label in labels}) == len(set(values)) == len(labels)


def test_only_an_act_sets_the_status_of_an_assumption() -> None:
    acts = [(r.key, f.key) for r in ALL for f in r.fields if f.act]
    assert acts == [("assumptions", "status")]
    status = BY_KEY["assumptions"].field("status")
    assert [value for value, _ in status.choices] == [
        "proposed", "approved", "validated", "invalidated",
    ]  # fmt: skip
    assert status.binds == ("statement",)


def test_what_makes_others_look_again() -> None:
    assert {r.key: r.signal for r in ALL if r.signal} == {
        "assumptions": "status", "requirements": "answer",
    }  # fmt: skip


@pytest.mark.parametrize("register", ALL, ids=list(BY_KEY))
def test_registers_say_what_they_are_for_and_what_to_enter_first(register: Register) -> None:
    for text in (register.purpose, register.empty):
        assert text.endswith(".") and "—" not in text
    assert re.search(r"Part (I|II|III)\b|Annex", register.cite)
    labels = [f.label.casefold() for f in register.fields]
    assert len(labels) == len(set(labels)), "two columns of one name"
    # A sheet's head may be the key or the label, so that neither may mean two fields.
    keys = {f.key: f.label.casefold() for f in register.fields}
    assert all(keys.get(label.replace(" ", "_"), label) == label for label in labels)
    for field in register.fields:
        assert "—" not in field.hint and (not field.hint or field.hint[-1] in ".?"), field.key


def test_links_lead_to_registers_and_are_called_something_at_the_other_end() -> None:
    for register in ALL:
        for field in register.fields:
            if field.kind is Kind.LINKS:
                assert set(field.to) <= set(BY_KEY), (register.key, field.key)
                assert field.inverse, (register.key, field.key)


def test_little_is_required() -> None:
    wanted = {
        (r.key, f.key) for r in ALL for f in r.fields if f.required and f is not r.title
    }  # fmt: skip
    assert wanted == {
        ("relations", "start"), ("relations", "end"), ("findings", "kind"), ("gaps", "kind"),
    }  # fmt: skip


def test_legal_answers_say_that_they_are_no_advice() -> None:
    legal = BY_KEY["legal"]
    assert "not legal advice" in legal.purpose
    assert legal.views and all("not legal advice" in view.label for view in legal.views)


def test_a_register_with_the_prefix_of_another_is_refused() -> None:
    title = Field("name", "Name", required=True)
    other = Register("actresses", "Actresses", "actress", "ACT", "", "", (title,))
    with pytest.raises(ValueError, match="clashes with 'actors'"):
        plug_in(other)
    assert "actresses" not in REGISTERS


# ---------- views and their places


@pytest.mark.parametrize(("register", "view"), views(), ids=ids(views()))
def test_views_show_what_there_is(register: Register, view: View) -> None:
    shown = [register.field(name) for name in view.fields]
    assert register.title not in shown and len(set(view.fields)) == len(view.fields)
    assert len(shown) <= (SLIDE_COLUMNS if view.highlights else COLUMNS)
    assert bool(shown) == (view.style is Style.TABLE)
    assert view.label and len(view.key) <= MAX_SOURCE
    if view.kinds:
        assert set(view.kinds) <= {value for value, _ in register.field(register.kind).choices}


def test_every_kind_of_finding_and_gap_reaches_the_assessment() -> None:
    """These kinds are required because a section takes its own alone; none may fall through."""
    for key in ("findings", "gaps"):
        register = BY_KEY[key]
        placed = {name for _, s in sections("tab-02") for name in s.sources}
        reached = {kind for v in register.views if v.key in placed for kind in v.kinds}
        assert reached == {value for value, _ in register.field(register.kind).choices}


def test_names_of_sources_are_unique() -> None:
    names = [view.key for _, view in views()]
    counted = Counter([*names, *BY_KEY, *BESIDES, *OWN])
    assert [name for name, times in counted.items() if times > 1] == []


def test_every_source_of_a_section_exists() -> None:
    known = {view.key for _, view in views()} | BESIDES | OWN | OPTIONS
    for key, section in sections(*FILLED):
        assert set(section.sources) <= known, f"{key}, {section.key}"
        assert len(set(section.sources)) == len(section.sources), f"{key}, {section.key}"


def test_what_others_plug_in_has_its_place() -> None:
    named = {name for _, section in sections(*FILLED) for name in section.sources}
    assert named >= BESIDES


def test_each_part_of_the_assessment_is_filled() -> None:
    bare = [s.key for _, s in sections("tab-02") if not s.children and not s.sources]
    assert bare == []


def test_briefings_show_highlights_and_documents_show_all() -> None:
    """The advisory memorandum is read by the busiest, so it shows highlights too."""
    short = {view.key: view.highlights for _, view in views()}
    for key, section in sections(*FILLED):
        wanted = key in {"tab-02-enclosure-1", "tab-03", "tab-04", "tab-04-enclosure-1"}
        for name in section.sources:
            assert short.get(name, wanted) is wanted, f"{key}, {section.key}: {name}"


# ---------- what an effort may take in


@pytest.mark.parametrize("key", list(BY_KEY))
def test_suggestions_are_as_many_as_the_handbook_has(key: str) -> None:
    found = suggested.suggested(key)
    assert sum(not one.prompt for one in found) == ENTRIES.get(key, 0)
    assert sum(bool(one.prompt) for one in found) == PROMPTS.get(key, 0)


def offered() -> Iterator[tuple[Register, ReadyMade]]:
    """Every suggestion with its register."""
    for key in (*ENTRIES, *PROMPTS):
        for one in suggested.suggested(key):
            yield BY_KEY[key], one


def test_suggestions_are_ready_to_enter_and_say_where_they_stand() -> None:
    texts = []
    for register, one in offered():
        text = one.prompt or one.values[register.title.key]
        texts.append(text)
        assert re.match(r"Part II|Part III|Annex F", one.cite), text
        assert text[0].isupper() and text[-1] in ".?" and "—" not in text, text
        if not one.prompt:
            assert {f.key for f in register.fields if f.required} <= set(one.values)
        for name, raw in one.values.items():
            assert not register.field(name).act
            assert parse(register.field(name), raw, title=name == register.title.key)
    assert len(texts) == len(set(texts)) == 105


def test_suggestions_cover_every_topic() -> None:
    def count(key: str, field: str) -> dict[str, int]:
        found = Counter(one.values[field] for one in suggested.suggested(key))
        assert set(found) <= {value for value, _ in BY_KEY[key].field(field).choices}
        return dict(found)

    assert count("interests", "standing") == {"primary": 9, "situational": 8}
    assert count("requirements", "kind") == {"cir": 7}
    assert set(count("requirements", "topic").values()) == {1}
    assert list(count("assumptions", "topic").values()) == [3, 1, 2, 5, 3, 1, 1, 2, 1]
    assert list(count("legal", "topic").values()) == [4, 4, 6, 5, 5, 8, 5, 6, 15]
    assert count("legal", "standing") == {"open": 58}
    assert all(
        one.values[BY_KEY["legal"].title.key][-1] == "?" for one in suggested.suggested("legal")
    )


@pytest.mark.parametrize(
    ("key", "group", "match"),
    [
        ("ghosts", {"cite": "Annex F"}, "no register 'ghosts'"),
        ("legal", {"entries": ["Who decides?"]}, "lacks its cite"),
        ("legal", {"cite": "Annex F", "questions": []}, "no \\['questions'\\]"),
        ("legal", {"cite": "Annex F", "values": {"topic": "tax"}, "entries": ["?"]}, "is none of"),
        ("legal", {"cite": "Annex F", "values": {"theme": "x"}, "prompts": ["?"]}, "no field"),
    ],
)
def test_a_wrong_suggestion_is_told(key: str, group: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match) as told:
        list(ready.read("legal.yaml", key, [group]))
    assert "legal.yaml" in str(told.value)
