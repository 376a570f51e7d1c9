"""The data of the DIME toolbox: counts of the Handbook, and references that resolve."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dime import vocabulary as words
from dime.registers.situation import SCALES, VARIABLES

ROOT = Path(__file__).parents[2]
ELEMENTS = ("diplomatic", "informational", "military", "economic")
APPROACHES = ("suasion", "compellence", "intervention")
LISTED = {"approach", "element", "incentive", "targets", "lead_time", "keys"}
AT_LEAST = {"cost_at_least", "risk_at_least", "intrusiveness_at_least"}
LINE = re.compile(r"\S+( \S+)*")


@cache
def read(name: str) -> Any:
    """One of the files."""
    return yaml.safe_load((ROOT / "dime" / "data" / name).read_text(encoding="utf-8"))


def tools() -> list[dict[str, Any]]:
    """Every tool, in the Handbook's order."""
    return read("tools.yaml")["tools"]


def keys() -> set[str]:
    """The keys of the tools."""
    return {tool["key"] for tool in tools()}


def grid(**having: Any) -> list[list[int]]:
    """How many tools each cell has, by element and approach."""
    count = Counter(
        (tool["element"], tool["approach"])
        for tool in tools()
        if all(tool[field] == value for field, value in having.items())
    )
    return [[count[element, approach] for approach in APPROACHES] for element in ELEMENTS]


def holds(match: dict[str, Any], tool: dict[str, Any]) -> bool:
    """Whether every condition of a rule holds for a tool."""

    def one(condition: str, wanted: Any) -> bool:
        if condition in AT_LEAST:
            return bool(tool[condition.removesuffix("_at_least")] >= wanted)
        if condition == "needs_authority":
            return bool(tool[condition] is wanted)
        own = tool["key"] if condition == "keys" else tool[condition]
        return bool(set(wanted) & (set(own) if isinstance(own, list) else {own}))

    return all(one(condition, wanted) for condition, wanted in match.items())


def texts(value: Any) -> Iterator[str]:
    """Every text in a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


# ---------- the inventory


def test_the_grid_has_the_tools_of_the_handbook() -> None:
    assert grid() == [[18, 18, 3], [10, 6, 5], [5, 11, 15], [3, 8, 2]]
    assert grid(in_figure=True) == [[18, 18, 3], [10, 6, 5], [5, 11, 14], [3, 8, 2]]
    assert grid(in_text=True) == [[18, 18, 3], [10, 6, 5], [4, 11, 15], [3, 8, 2]]
    assert len(tools()) == 104
    for tool in tools():
        assert bool(tool["figure_name"]) is tool["in_figure"], tool["key"]
        assert tool["cite"].startswith("Figure 14") is tool["in_figure"], tool["key"]
        assert ("Part III, " in tool["cite"]) is tool["in_text"], tool["key"]


def test_the_figure_has_two_entries_less_than_names() -> None:
    """Three diplomatic tools share one entry of the figure."""
    entries = {
        (tool["element"], tool["approach"], tool["figure_name"])
        for tool in tools()
        if tool["in_figure"]
    }
    count = Counter((element, approach) for element, approach, _ in entries)
    assert [count["diplomatic", approach] for approach in APPROACHES] == [16, 18, 3]
    assert len(entries) == 101


def test_the_facts_of_the_handbook_are_all_there() -> None:
    assert sum(len(tool["cautions"]) for tool in tools()) == 35
    assert sum(len(tool["prerequisites"]) for tool in tools()) == 36
    assert sum(tool["reversible_basis"] == "text" for tool in tools()) == 9
    assert sum(tool["incentive_basis"] == "text" for tool in tools()) == 9
    assert Counter(tool["incentive"] for tool in tools()) == {
        "stick": 51, "neutral": 37, "both": 10, "carrot": 6,
    }  # fmt: skip
    assert sum("note" in tool for tool in tools()) == 11


def test_keys_are_short_unique_and_names_are_told_apart() -> None:
    assert len(keys()) == 104
    assert [key for key in keys() if not re.fullmatch(r"[a-z0-9-]{3,60}", key)] == []
    places = Counter((tool["name"], tool["element"], tool["approach"]) for tool in tools())
    assert max(places.values()) == 1


# ---------- values and references


def test_every_value_is_known() -> None:
    known: dict[str, set[Any]] = {
        "element": set(words.Element.values),
        "approach": set(words.Approach.values),
        "incentive": set(words.Incentive.values),
        "lead_time": set(words.LeadTime.values),
        "reversible": set(words.Reversible.values),
        "cost": set(words.COSTS),
        "risk": set(words.RISKS),
        "intrusiveness": set(words.INTRUSIVENESS),
        "incentive_basis": {"text", "inferred"},
        "reversible_basis": {"text", "inferred"},
        "needs_authority": {True, False},
        "in_figure": {True, False},
        "in_text": {True, False},
    }
    for tool in tools():
        for field, values in known.items():
            assert tool[field] in values, (tool["key"], field)
        assert set(tool["targets"]) <= set(words.Target.values), tool["key"]
        assert set(tool["purposes"]) <= set(words.Purpose.values), tool["key"]
        assert 1 <= len(tool["purposes"]) <= 4, tool["key"]
        for field in ("targets", "purposes", "lead_agencies", "goes_with"):
            assert len(tool[field]) == len(set(tool[field])), (tool["key"], field)
    # every value of every scale is used, so that no filter is empty
    for field, values in known.items():
        assert {tool[field] for tool in tools()} == values, field
    assert {one for tool in tools() for one in tool["purposes"]} == set(words.Purpose.values)
    # what the text calls reversible is not called hard to undo
    assert not [
        tool["key"]
        for tool in tools()
        if tool["reversible_basis"] == "text" and tool["reversible"] == "hard"
    ]


def test_every_reference_resolves() -> None:
    listed = yaml.safe_load(
        (ROOT / "mapro" / "core" / "data" / "organizations.yaml").read_text(encoding="utf-8")
    )
    codes = {row["code"] for row in listed}
    for tool in tools():
        assert tool["lead_agencies"], tool["key"]
        assert set(tool["lead_agencies"]) <= codes, tool["key"]
        assert set(tool["goes_with"]) <= keys() - {tool["key"]}, tool["key"]
        assert len(tool["goes_with"]) <= 4, tool["key"]


def test_force_needs_authority_and_a_decision_of_somebody_is_named() -> None:
    for tool in tools():
        assert tool["authority"], tool["key"]
        assert len(tool["authority"]) <= 300, tool["key"]
        if tool["intrusiveness"] == 4:
            assert tool["needs_authority"], tool["key"]


# ---------- clashes


def test_clashes_are_pairs_of_tools_that_do_not_go_together() -> None:
    clashes = read("conflicts.yaml")["conflicts"]
    assert 20 <= len(clashes) <= 35
    by_key = {tool["key"]: tool for tool in tools()}
    pairs = [frozenset(clash["tools"]) for clash in clashes]
    assert len(set(pairs)) == len(pairs)
    for clash in clashes:
        assert len(set(clash["tools"])) == 2, clash
        assert set(clash["tools"]) <= keys(), clash
        first, second = (by_key[key] for key in clash["tools"])
        assert second["key"] not in first["goes_with"], clash
        assert first["key"] not in second["goes_with"], clash
        assert clash["same_target"] in (True, False), clash
        if clash["same_target"]:  # else it could never arise
            assert set(first["targets"]) & set(second["targets"]), clash


# ---------- suitability


def test_the_variables_are_those_of_the_register() -> None:
    variables = read("suitability.yaml")["variables"]
    assert tuple((row["key"], row["name"]) for row in variables) == VARIABLES
    for row in variables:
        assert tuple(one["value"] for one in row["values"]) == SCALES[row["key"]]
        assert all(one["label"] and one["means"] for one in row["values"])
        assert row["question"].endswith("?")


def test_every_rule_is_sound_and_tells_tools_apart() -> None:
    rules = read("suitability.yaml")["rules"]
    assert 25 <= len(rules) <= 45
    known = {
        "approach": set(words.Approach.values),
        "element": set(words.Element.values),
        "incentive": set(words.Incentive.values),
        "targets": set(words.Target.values),
        "lead_time": set(words.LeadTime.values),
        "keys": keys(),
    }
    for rule in rules:
        assert set(rule) == {"variable", "value", "match", "shade", "why"}, rule
        assert rule["value"] in SCALES[rule["variable"]], rule
        assert rule["shade"] in words.Shade.values, rule
        assert set(rule["match"]) <= LISTED | AT_LEAST | {"needs_authority"}, rule
        for condition in LISTED & set(rule["match"]):
            assert set(rule["match"][condition]) <= known[condition], rule
        for condition in AT_LEAST & set(rule["match"]):
            assert rule["match"][condition] in range(2, 5), rule
        assert 0 < sum(holds(rule["match"], tool) for tool in tools()) < 104, rule
    told = {(rule["variable"], rule["value"]) for rule in rules}
    assert told == {(key, value) for key, values in SCALES.items() for value in values}


def shades(**situation: str) -> dict[str, str]:
    """The shade of every tool in a situation: the worst of the rules that hold."""
    worst = ("fits", "care", "poor")
    rules = [
        rule
        for rule in read("suitability.yaml")["rules"]
        if situation[rule["variable"]] == rule["value"]
    ]
    return {
        tool["key"]: max(
            (rule["shade"] for rule in rules if holds(rule["match"], tool)),
            key=worst.index,
            default="fits",
        )
        for tool in tools()
    }


@pytest.mark.parametrize("role", SCALES["host_nation_role"])
@pytest.mark.parametrize("us", SCALES["us_position"])
@pytest.mark.parametrize("support", SCALES["international_support"])
@pytest.mark.parametrize("volatility", SCALES["volatility"])
def test_no_situation_shades_everything_alike(
    role: str, us: str, support: str, volatility: str
) -> None:
    count = Counter(
        shades(
            host_nation_role=role, us_position=us, international_support=support,
            volatility=volatility,
        ).values()
    )  # fmt: skip
    assert count["fits"] >= 20
    assert count["care"] >= 20
    assert count["poor"] <= 50


def test_the_corners_read_as_the_handbook_says() -> None:
    calm = shades(
        host_nation_role="partner", us_position="high", international_support="high",
        volatility="latent",
    )  # fmt: skip
    crisis = shades(
        host_nation_role="adversary", us_position="medium", international_support="medium",
        volatility="urgent",
    )  # fmt: skip
    by_approach = {
        approach: Counter(calm[tool["key"]] for tool in tools() if tool["approach"] == approach)
        for approach in APPROACHES
    }
    assert by_approach["suasion"] == {"fits": 36}
    assert by_approach["intervention"]["fits"] < 25 / 2
    count = Counter(crisis.values())
    assert 30 <= count["fits"] <= 42
    assert 42 <= count["care"] <= 55
    assert 15 <= count["poor"] <= 25
    # rewards come early; evacuation and publicity can be had at once
    assert (calm["debt-relief"], crisis["debt-relief"]) == ("fits", "poor")
    assert (crisis["neo-military"], crisis["release-of-intelligence"]) == ("fits", "fits")
    assert (calm["strikes-raids"], crisis["strikes-raids"]) == ("poor", "care")


# ---------- words


def test_the_words_that_go_with_the_tools_are_complete() -> None:
    data = read("suitability.yaml")
    assert [row["key"] for row in data["purposes"]] == list(words.Purpose.values)
    assert [row["key"] for row in data["elements"]] == list(words.Element.values)
    assert len(data["general"]) == 9
    assert len(data["constraints"]) == 3
    assert sum(len(row["cautions"]) for row in data["elements"]) == 4
    for row in data["general"] + data["purposes"] + data["elements"] + data["constraints"]:
        assert row["cite"], row


def test_texts_are_sentences_on_one_line() -> None:
    for name in ("tools.yaml", "conflicts.yaml", "suitability.yaml"):
        for text in texts(read(name)):
            assert LINE.fullmatch(text) or not text, (name, text)
    clauses = [one["why"] for one in read("suitability.yaml")["rules"]]
    assert [text for text in clauses if text[0].isupper() or text.endswith(".")] == []
    sentences = [one["why"] for one in read("conflicts.yaml")["conflicts"]]
    sentences += [one["rule"] for one in read("suitability.yaml")["general"]]
    sentences += [one["summary"] for one in read("suitability.yaml")["elements"]]
    for tool in tools():
        assert 15 <= len(tool["summary"].split()) <= 45, tool["key"]
        sentences += [tool["summary"], *tool["prerequisites"], *tool["cautions"]]
        sentences += [tool["note"]] if "note" in tool else []
    assert [text for text in sentences if not text[0].isupper() or text[-1] != "."] == []
    assert len(set(sentences)) == len(sentences)


def test_a_tool_is_not_both_quick_and_slow() -> None:
    """Reasons stand beside each other: none that says “at once” meets one that says “months”."""
    urgent = [one for one in read("suitability.yaml")["rules"] if one["value"] == "urgent"]
    quick = [one["match"] for one in urgent if "at once" in one["why"]]
    assert quick
    for tool in tools():
        if any(holds(match, tool) for match in quick):
            assert tool["lead_time"] in {"days", "weeks"}, tool["key"]
