"""The catalogue against the doctrine's numbers, and what the system check misses nothing of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from planning import checks, framework, ports
from planning.products import prompts
from planning.products.annex_d import CATALOGUE
from planning.products.definition import Layout, ProductDefinition, Section
from planning.products.prompts import prompt

# Sections in all, and the titles of the first level, as Annexes D and E have them.
BOOK: dict[str, tuple[int, tuple[str, ...]]] = {
    "tab-01": (11, (
        "Purpose", "IPT", "Lead Agency", "Approving Authority", "Additional Guidance",
    )),
    "tab-02": (23, ("Conflict Diagnosis", "Segue Into Planning")),
    "tab-02-enclosure-1": (24, (
        "Purpose of Briefing", "Agenda", "Country X Profile", "Conflict Assessment",
        "Discussion/Guidance",
    )),
    "tab-03": (22, (
        "Purpose of Briefing", "Agenda", "Background", "Country Profile Highlights",
        "Conflict Assessment Highlights", "U.S. Interests", "Previous Guidance",
        "Critical Dynamics", "Legal Considerations", "Assumptions", "Resources", "Policy Options",
        "Critical Information Requirements and Gaps", "Discussion/Guidance",
    )),
    "tab-04": (8, (
        "Overview", "U.S. Interests", "Past U.S. Policies", "Other Actors",
        "Critical Issues to Address", "Policy Options (Goals and Strategic Objectives)",
        "Analysis / Recommendations / Dissenting Opinions", "Proposed Next Steps",
    )),
    "tab-04-enclosure-1": (12, (
        "Purpose of Briefing", "Agenda", "Country X Overview or Situation Update",
        "U.S. Interests", "Past/Existing U.S. Policies", "Other Actors",
        "Critical Issues to Address", "Policy Options",
        "Recommendations/Proposed Next Steps/Dissenting Opinions", "Discussion/Guidance",
    )),
    "tab-05": (9, (
        "General", "Policy Goal", "Strategic Objectives", "Lines of Effort",
        "Critical Planning Considerations",
    )),
    "tab-06": (20, (
        "Purpose of Briefing", "Agenda", "Situation Update", "Review", "Options",
        "Discussion/Guidance",
    )),
    "tab-07": (15, (
        "Purpose of Briefing", "Agenda", "Situation Update", "Review of Options",
        "Analysis of Options", "Recommendations", "Discussion/Guidance",
    )),
    "tab-08": (19, (
        "Plan Overview Template", "Strategic Plan Narrative", "LOE Concepts",
        "Determination of what decisions remain in Washington", "Relevant Technical Annexes",
    )),
    "tab-09": (17, (
        "Purpose of Briefing", "Agenda", "Situation", "Assumptions", "Limitations", "Key Tasks",
        "Mission", "Concept", "Issues", "Recommendations", "Discussion/Guidance",
    )),
    "tab-10": (14, (
        "Recent Events", "Situation Changes", "LOE Status/Progress/Setbacks", "Upcoming Events",
        "Issues", "Recommendations",
    )),
    "agenda": (8, (
        "Welcome/Introductions", "Updates", "Presentation(s)", "General Discussion",
        "Next Meeting",
    )),
    "minutes": (5, (
        "Welcome/Introductions", "Updates", "Presentation(s)", "General Discussion",
        "Next Meeting",
    )),
    "newsletter": (3, (
        "Recent MAPRO-related publications", "Upcoming events", "MAPRO updates",
    )),
}  # fmt: skip
STEP_OF = {
    "tab-01": 1, "tab-02": 2, "tab-02-enclosure-1": 2, "tab-03": 2, "tab-04": 3,
    "tab-04-enclosure-1": 3, "tab-05": 3, "tab-06": 4, "tab-07": 4, "tab-08": 4, "tab-09": 4,
    "tab-10": 5,
}  # fmt: skip
LAYOUT_OF = {
    Layout.MEMORANDUM: {"tab-01", "tab-04"},
    Layout.BRIEFING: {
        "tab-02-enclosure-1", "tab-03", "tab-04-enclosure-1", "tab-06", "tab-07", "tab-09",
    },
    Layout.STATEMENT: {"tab-05"},
    Layout.DOCUMENT: {"tab-02", "tab-08", "tab-10", "agenda", "minutes", "newsletter"},
}  # fmt: skip
# Brackets that are part of a term; an aside in brackets belongs into the prompt.
TERMS = {
    "Constraints and Restraints (Limitations)", "Policy Options (Goals and Strategic Objectives)",
    "Strategic Objectives (Lines of Effort)", "Risks (of acting and not acting)", "Presentation(s)",
}  # fmt: skip


def test_the_catalogue_is_the_book() -> None:
    assert list(CATALOGUE) == list(BOOK)
    assert {key for key, d in CATALOGUE.items() if d.owed} == set(STEP_OF)
    assert {key: d.step for key, d in CATALOGUE.items() if d.owed} == STEP_OF
    assert {d.layout: key for key, d in CATALOGUE.items()}.keys() == LAYOUT_OF.keys()
    for layout, keys in LAYOUT_OF.items():
        assert {key for key, d in CATALOGUE.items() if d.layout is layout} == keys


@pytest.mark.parametrize("key", list(BOOK))
def test_outlines_have_the_sections_of_the_book(key: str) -> None:
    count, titles = BOOK[key]
    assert sum(1 for _ in CATALOGUE[key].every_section()) == count
    assert tuple(s.title for s in CATALOGUE[key].sections) == titles


@pytest.mark.parametrize("key", list(BOOK))
def test_asides_stand_in_the_prompts(key: str) -> None:
    titles = [s.title for s in CATALOGUE[key].every_section()]
    bracketed = {t for t in titles if re.search(r"[()]", t)}
    assert bracketed - TERMS - {t for t in bracketed if "(U)" in t} == set()


def test_only_briefings_fill_their_agenda_and_every_one_does() -> None:
    for key, definition in CATALOGUE.items():
        filled = [s.title for s in definition.every_section() if "outline" in s.sources]
        assert filled == (["Agenda"] if definition.layout is Layout.BRIEFING else []), key


def test_dissents_have_their_place_where_options_are_recommended() -> None:
    found = {
        key: [s.key for s in d.every_section() if "dissents" in s.sources]
        for key, d in CATALOGUE.items()
    }
    assert {key: keys for key, keys in found.items() if keys} == {
        "tab-04": ["analysis-and-recommendations"],
        "tab-04-enclosure-1": ["recommendations"],
        "tab-07": ["recommendations"],
        "agenda": ["general-discussion"],
        "minutes": ["general-discussion"],
    }


# ---------- prompts


@pytest.mark.parametrize("key", list(BOOK))
def test_each_section_has_a_whole_prompt(key: str) -> None:
    for section in CATALOGUE[key].every_section():
        found = prompt(key, section.key)
        where = f"{key}, {section.key}"
        assert found.question.endswith("?"), where
        assert 2 <= len(found.strong) <= 8, where
        assert all(line and not line.endswith(".") for line in found.strong), where
        assert found.open and all(line.endswith("?") for line in found.open), where
        assert re.search(r"Part (I|II|III)\b|Annex", found.reference), where
        words = " ".join([found.question, *found.strong, *found.open])
        assert "—" not in words and "TODO" not in words, where


def test_no_prompt_is_left_over() -> None:
    folders = {key.replace("-", "_"): d for key, d in CATALOGUE.items()}
    there = {
        (path.parent.name, path.stem) for path in prompts.FOLDER.glob("*/*.md")
    }  # fmt: skip
    wanted = {
        (folder, s.key.replace("-", "_"))
        for folder, d in folders.items()
        for s in d.every_section()
    }
    assert there == wanted


def test_a_section_of_ones_own_gets_the_general_prompt() -> None:
    assert prompts.prompt_or_general("tab-01", "legal-limits") is prompts.GENERAL
    assert prompts.prompt_or_general("situation-report", "events") is prompts.GENERAL
    assert prompts.prompt_or_general("tab-01", "purpose") == prompt("tab-01", "purpose")


# ---------- the system check


def found_with(monkeypatch: pytest.MonkeyPatch, **formats: ProductDefinition) -> list[Any]:
    """What the check says with these formats in the catalogue too."""
    more = {key.replace("_", "-"): d for key, d in formats.items()}
    monkeypatch.setattr(checks, "CATALOGUE", {**CATALOGUE, **more})
    return checks.framework_fits_catalogue()


def fresh(**more: Any) -> ProductDefinition:
    """A format that nobody owes, with one section that has a prompt."""
    return replace(CATALOGUE["newsletter"], **more)


def test_the_check_finds_nothing() -> None:
    assert checks.framework_fits_catalogue() == []


def test_the_check_finds_what_is_owed_and_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CATALOGUE", {k: d for k, d in CATALOGUE.items() if k != "tab-10"})
    assert [e.id for e in checks.framework_fits_catalogue()] == ["plan.E001"]


def test_the_check_finds_a_product_that_no_step_owes(monkeypatch: pytest.MonkeyPatch) -> None:
    [error] = found_with(monkeypatch, newsletter=fresh(owed=True))
    assert (error.id, "owed by []" in error.msg) == ("plan.E002", True)


def test_the_check_finds_a_product_that_two_steps_owe(monkeypatch: pytest.MonkeyPatch) -> None:
    again = framework.step(1).owed
    steps = [replace(s, owed=(*s.owed, *again)) if s.number == 2 else s for s in framework.STEPS]
    monkeypatch.setattr(framework, "STEPS", tuple(steps))
    assert [(e.id, "[1, 2]" in e.msg) for e in checks.framework_fits_catalogue()] == [
        ("plan.E002", True)
    ]


def test_the_check_finds_a_product_owed_by_another_step(monkeypatch: pytest.MonkeyPatch) -> None:
    [error] = found_with(monkeypatch, tab_01=replace(CATALOGUE["tab-01"], step=2))
    assert error.id == "plan.E002"


def test_the_check_finds_a_missing_and_an_unclear_prompt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    more = fresh(sections=(*CATALOGUE["newsletter"].sections, Section("letters", "Letters")))
    [error] = found_with(monkeypatch, newsletter=more)
    assert (error.id, "letters.md" in error.msg) == ("plan.E003", True)
    (tmp_path / "newsletter").mkdir()
    (tmp_path / "newsletter" / "letters.md").write_text("# A question?\n\nHandbook: Annex E\n")
    monkeypatch.setattr(prompts, "FOLDER", tmp_path)
    prompts.prompt.cache_clear()
    with pytest.raises(ValueError, match="lacks its question"):
        prompt("newsletter", "letters")
    prompts.prompt.cache_clear()


def test_the_check_finds_a_source_that_is_not_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = CATALOGUE["newsletter"].sections
    more = fresh(sections=(replace(first, sources=("outline", "contacts")), *others))
    [error] = found_with(monkeypatch, newsletter=more)
    assert (error.id, "'contacts'" in error.msg) == ("plan.E004", True)
    monkeypatch.setitem(ports.SOURCES, "contacts", ports.SOURCES["outline"])
    assert found_with(monkeypatch, newsletter=more) == []


def test_two_sources_of_one_name_are_refused() -> None:
    class Other:
        key = "outline"
        label = ""

        def facts(self, product: Any) -> list[ports.Fact]:
            return []

        def content(self, product: Any, facts: Any) -> str:
            return ""

    kept = ports.SOURCES["outline"]
    with pytest.raises(ValueError, match="already"):
        ports.plug_in(Other())
    ports.plug_in(kept)
    assert ports.SOURCES["outline"] is kept
