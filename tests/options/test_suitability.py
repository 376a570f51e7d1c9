"""Shades: rules as data, the worst wins, a reason for each, nothing hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
import yaml

from dime import suitability
from dime.conflicts import conflicts, conflicts_between, conflicts_of
from dime.registers.situation import SCALES, SITUATION
from dime.seeds import tools
from dime.suitability import DATA, Reason, Rule, shade, variables
from dime.vocabulary import Shade
from tests.options.tools import READINGS


@dataclass(frozen=True)
class Stub:
    """A tool as the rules see it."""

    key: str = "leaflets"
    element: str = "informational"
    approach: str = "suasion"
    incentive: str = "neutral"
    targets: tuple[str, ...] = ("victims",)
    lead_time: str = "weeks"
    needs_authority: bool = False
    cost: int = 2
    risk: int = 1
    intrusiveness: int = 2


@dataclass(frozen=True)
class Listed:
    """A tool of the file."""

    row: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.row[name]


def rule(shade: Shade = Shade.CARE, value: str = "urgent", **match: Any) -> Rule:
    return Rule("volatility", value, match, shade, f"because {shade.value}")


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rules of the test's own."""

    def only(*rules: Rule) -> None:
        monkeypatch.setattr(suitability, "rules", lambda: rules)

    return only


def test_the_variables_are_those_of_the_register() -> None:
    choices = SITUATION.field("variable").choices
    assert [(v.key, v.name) for v in variables().values()] == list(choices)
    for key, variable in variables().items():
        assert tuple(one.value for one in variable.values) == SCALES[key]
        for one in variable.values:
            assert one.label == SITUATION.field("value").label_of(one.value) and one.means


@pytest.mark.parametrize(
    ("match", "other"),
    [
        ({"keys": ["leaflets", "radio"]}, {"key": "summits"}),
        ({"element": ["informational"]}, {"element": "military"}),
        ({"approach": ["suasion", "compellence"]}, {"approach": "intervention"}),
        ({"incentive": ["neutral"]}, {"incentive": "stick"}),
        ({"targets": ["victims", "partners"]}, {"targets": ("perpetrators",)}),
        ({"lead_time": ["weeks"]}, {"lead_time": "days"}),
        ({"needs_authority": False}, {"needs_authority": True}),
        ({"cost_at_least": 2}, {"cost": 1}),
        ({"risk_at_least": 1}, {"risk": 0}),
        ({"intrusiveness_at_least": 2}, {"intrusiveness": 1}),
    ],
)
def test_a_rule_bears_on_what_it_describes(match: Any, other: Any) -> None:
    assert rule(**match).bears_on(Stub())
    assert not rule(**match).bears_on(replace(Stub(), **other))


def test_every_condition_has_to_hold() -> None:
    assert rule(element=["informational"], cost_at_least=2).bears_on(Stub())
    assert not rule(element=["informational"], cost_at_least=3).bears_on(Stub())


def test_the_worst_shade_wins_and_comes_first(ruled: Any) -> None:
    ruled(rule(Shade.FITS), rule(Shade.CARE), rule(Shade.POOR), rule(Shade.POOR, "latent"))
    found, reasons = shade(Stub(), {"volatility": "urgent"})
    assert found is Shade.POOR
    assert [one.shade for one in reasons] == [Shade.POOR, Shade.CARE, Shade.FITS]
    assert reasons[0] == Reason("volatility", "urgent", Shade.POOR, "because poor")
    assert reasons[0].reading == "Volatility of the Situation: urgent"


def test_what_no_rule_warns_of_fits(ruled: Any) -> None:
    ruled(rule(Shade.POOR, "latent"))
    assert shade(Stub(), {"volatility": "urgent"}) == (Shade.FITS, [])
    ruled(rule(Shade.FITS))
    assert shade(Stub(), {"volatility": "urgent"})[0] is Shade.FITS


def test_a_variable_that_was_not_read_says_nothing(ruled: Any) -> None:
    ruled(rule(Shade.POOR))
    assert shade(Stub(), {}) == (Shade.FITS, [])
    assert shade(Stub(), {"us_position": "low"}) == (Shade.FITS, [])


def test_every_situation_shades_as_the_file_says() -> None:
    """Worked out anew from the file, for all 81 situations and all tools."""
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))["rules"]
    every = [Listed(row) for row in tools()]
    bad = {"fits": 0, "care": 1, "poor": 2}

    def holds(tool: Any, match: dict[str, Any]) -> bool:
        for name, wanted in match.items():
            if name.endswith("_at_least"):
                fine = tool.row[name[: -len("_at_least")]] >= wanted
            elif name == "keys":
                fine = tool.row["key"] in wanted
            elif isinstance(tool.row[name], list):
                fine = any(one in wanted for one in tool.row[name])
            elif isinstance(wanted, bool):
                fine = tool.row[name] == wanted
            else:
                fine = tool.row[name] in wanted
            if not fine:
                return False
        return True

    for values in product(*SCALES.values()):
        readings = dict(zip(SCALES, values, strict=True))
        live = [row for row in rows if readings[row["variable"]] == row["value"]]
        shades = set()
        for tool in every:
            told = [row["shade"] for row in live if holds(tool, row["match"])]
            worst = max(told, key=bad.__getitem__, default="fits")
            found, reasons = shade(tool, readings)
            assert (found.value, len(reasons)) == (worst, len(told)), (readings, tool.key)
            shades.add(found)
        assert len(shades) > 1, f"{readings} shades every tool alike"


def test_the_exercise_shades_about_a_third_as_fitting() -> None:
    counts = Counter(shade(Listed(row), READINGS)[0] for row in tools())
    assert sum(counts.values()) == 104
    assert 25 <= counts[Shade.FITS] <= 45 and 10 <= counts[Shade.POOR] <= 30


def test_conflicts_are_found_among_the_tools_of_an_option() -> None:
    first = conflicts()[0]
    assert conflicts_between([first.a, first.b, "contacts"]) == [first]
    assert conflicts_between([first.a]) == [] and conflicts_between([]) == []
    assert first in conflicts_of(first.a) and first in conflicts_of(first.b)
    assert first.other(first.a) == first.b and first.other(first.b) == first.a
