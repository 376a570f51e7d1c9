"""What each step needs and owes, which of it is inferred, and a format's haste and order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from planning import checks, framework
from planning.products import tailoring
from planning.products.annex_d import CATALOGUE
from planning.products.annex_d.tab_01 import TAB_01
from planning.products.annex_d.tab_07 import TAB_07
from planning.products.definition import ProductDefinition, Section, from_json, to_json
from planning.products.outline import parse_outline

OWED = sorted(key for key, d in CATALOGUE.items() if d.owed)


def required(definition: ProductDefinition) -> list[str]:
    """The keys of the sections that a gate asks for in deliberate planning."""
    return [s.key for s in definition.every_section() if s.required]


def before_the_fields(definition: ProductDefinition) -> dict[str, Any]:
    """A definition as it was stored before formats had a hasty minimum and an order."""
    plain: dict[str, Any] = json.loads(json.dumps(to_json(definition)))
    return {name: value for name, value in plain.items() if name not in {"hasty", "after"}}


# ---------- the steps


def test_six_steps_of_which_all_but_the_first_are_gated() -> None:
    assert [s.number for s in framework.STEPS] == [0, 1, 2, 3, 4, 5]
    assert [s.number for s in framework.STEPS if s.gated] == [1, 2, 3, 4, 5]
    assert [s.number for s in framework.STEPS if s.stays_open] == [5]
    assert framework.step(3) is framework.STEPS[3]
    for number in (-1, 6):
        with pytest.raises(LookupError, match="no step"):
            framework.step(number)


@pytest.mark.parametrize("step", framework.STEPS, ids=str)
def test_each_step_says_what_it_needs_and_leaves_and_who_takes_part(step: framework.Step) -> None:
    assert step.needs and step.leaves and step.who
    assert len(set(step.who)) == len(step.who)
    for fact in (*step.needs, *step.leaves):
        assert fact.words.endswith(".") and fact.cite.startswith("Part II"), fact


def test_what_a_step_owes_comes_from_its_rows() -> None:
    assert {s.number: s.owes for s in framework.STEPS} == {
        0: (),
        1: ("tab-01",),
        2: ("tab-02", "tab-02-enclosure-1", "tab-03"),
        3: ("tab-04", "tab-04-enclosure-1", "tab-05"),
        4: ("tab-06", "tab-07", "tab-08", "tab-09"),
        5: ("tab-10",),
    }
    more = framework.Owed("minutes", "A meeting is held.", "Annex E")
    assert replace(framework.step(0), owed=(more,)).owes == ("minutes",)


def test_what_the_handbook_does_not_state_is_marked() -> None:
    rows = [row for s in framework.STEPS for row in s.owed]
    assert [row.key for row in rows if not row.inferred] == []
    assert all(row.basis.endswith(".") and "Annex D" in row.cite for row in rows)
    orders = {s.number: s.order for s in framework.STEPS if s.order}
    assert list(orders) == [4] and orders[4].inferred
    assert not any(f.inferred for s in framework.STEPS for f in (*s.needs, *s.leaves))


# ---------- the hasty minimum


@pytest.mark.parametrize("key", OWED)
def test_haste_asks_for_less_but_never_for_nothing(key: str) -> None:
    definition = CATALOGUE[key]
    assert definition.hasty
    assert set(definition.hasty) < set(required(definition))
    places = [s.key for s in definition.every_section() if s.key in definition.hasty]
    assert list(definition.hasty) == places, "in reading order"


def test_a_format_that_names_no_minimum_keeps_all_that_it_requires() -> None:
    for definition in CATALOGUE.values():
        if not definition.owed:
            assert list(definition.hasty) == required(definition) != []
    assert replace(TAB_01, hasty=()).hasty == tuple(required(TAB_01))
    own = replace(TAB_01, hasty=(), sections=parse_outline("Events *\n  Dead *\nOutlook"))
    assert own.hasty == ("events", "dead")
    assert replace(own, sections=(Section("notes", "Notes"),), hasty=()).hasty == ()


@pytest.mark.parametrize("hasty", [("assumptions",), ("nowhere",), ("purpose", "purpose")])
def test_a_minimum_of_other_sections_is_refused(hasty: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="hasty minimum"):
        replace(TAB_01, hasty=hasty)


def test_tailoring_keeps_the_minimum_and_the_order() -> None:
    now, _ = tailoring.add(tailoring.hide(TAB_07, "phasing", "One phase."), "Costs", "resources")
    now = tailoring.move(tailoring.rename(now, "resources", "Means"), "resources", 1)
    assert (now.hasty, now.after) == (TAB_07.hasty, TAB_07.after)
    with pytest.raises(ValueError, match="required by the gate"):
        tailoring.hide(TAB_07, "recommendations", "No time.")


# ---------- the order


def test_the_decision_among_options_follows_the_approval_of_options() -> None:
    assert {d.key: d.after for d in CATALOGUE.values() if d.after} == {"tab-07": ("tab-06",)}


def test_no_product_waits_for_itself_however_far_round() -> None:
    def waits_for(key: str, seen: tuple[str, ...] = ()) -> set[str]:
        assert key not in seen, f"{' after '.join((*seen, key))}"
        return {key}.union(*(waits_for(k, (*seen, key)) for k in CATALOGUE[key].after))

    for key in CATALOGUE:
        waits_for(key)


@pytest.mark.parametrize("after", [("tab-07",), ("tab-06", "tab-06"), ("Tab 6",)])
def test_an_order_that_cannot_be_is_refused(after: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot come after"):
        replace(TAB_07, after=after)


# ---------- JSON


def test_both_survive_json() -> None:
    plain = json.loads(json.dumps(to_json(TAB_07)))
    assert (plain["hasty"], plain["after"]) == (list(TAB_07.hasty), ["tab-06"])
    assert from_json(plain) == TAB_07
    tightened = replace(TAB_07, hasty=("recommendations",), after=("tab-03",))
    assert from_json(to_json(tightened), TAB_07) == tightened, "what was stored counts"


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_an_outline_from_before_reads_as_the_catalogue_has_it(key: str) -> None:
    assert from_json(before_the_fields(CATALOGUE[key]), CATALOGUE[key]) == CATALOGUE[key]


def test_a_tailored_outline_from_before_keeps_its_tailoring() -> None:
    now = tailoring.rename(TAB_07, "recommendations", "What we advise")
    assert from_json(before_the_fields(now), TAB_07) == now


def test_an_outline_from_before_that_requires_other_sections_is_still_read() -> None:
    data = before_the_fields(TAB_01) | {
        "sections": [
            {"key": "purpose", "title": "Purpose", "required": True},
            {"key": "lead-agency", "title": "Lead Agency"},
        ]
    }
    assert from_json(data, TAB_01).hasty == ("purpose",)


def test_a_format_of_a_deployment_from_before_keeps_all_that_it_requires() -> None:
    read = from_json(before_the_fields(TAB_07))
    assert (list(read.hasty), read.after) == (required(TAB_07), ())


@pytest.mark.parametrize("wrong", [{"hasty": "purpose"}, {"hasty": None}, {"after": [1]}])
def test_what_is_no_minimum_and_no_order_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(to_json(TAB_01) | wrong)


# ---------- the system check


def found_with(monkeypatch: pytest.MonkeyPatch, changed: ProductDefinition) -> list[Any]:
    """What the check says with this format in the catalogue."""
    monkeypatch.setattr(checks, "CATALOGUE", {**CATALOGUE, changed.key: changed})
    return checks.framework_fits_catalogue()


@pytest.mark.parametrize("first", ["tab-08", "tab-10", "minutes", "tab-99"])
def test_the_check_finds_a_product_that_waits_for_what_comes_later_or_never(
    monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    [error] = found_with(monkeypatch, replace(TAB_07, after=("tab-06", first)))
    assert error.id == "plan.E005" and f"tab-07 waits for {first}," in error.msg


def test_the_check_lets_a_product_wait_for_any_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_with(monkeypatch, replace(TAB_07, after=("tab-01", "tab-05", "tab-06"))) == []
    newsletter = replace(CATALOGUE["newsletter"], after=("tab-10",))
    assert found_with(monkeypatch, newsletter) == []


def test_the_check_finds_an_owed_product_that_requires_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loose = tuple(
        replace(s, required=False, children=()) for s in TAB_01.sections
    )  # fmt: skip
    [error] = found_with(monkeypatch, replace(TAB_01, sections=loose, hasty=()))
    assert error.id == "plan.E006" and error.msg.startswith("tab-01 ")
    free = replace(CATALOGUE["newsletter"], hasty=(), sections=(Section("updates", "Updates"),))
    assert "plan.E006" not in {e.id for e in found_with(monkeypatch, free)}
