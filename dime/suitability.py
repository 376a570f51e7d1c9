"""How tools suit a situation: advice with a reason for each shade, which hides nothing.

The rules are in ``dime/data/suitability.yaml``. Of all that bear on a tool the worst shade wins; a
tool that no rule warns of fits. No order of tools follows from it (Part III, DIME Tools). No ORM
here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dime.vocabulary import Shade

DATA = Path(__file__).parent / "data" / "suitability.yaml"
WORST_FIRST = (Shade.POOR, Shade.CARE, Shade.FITS)
AT_LEAST = "_at_least"


@dataclass(frozen=True)
class Scale:
    """A value that a variable may take, and what it means."""

    value: str
    label: str
    means: str


@dataclass(frozen=True)
class Variable:
    """One of the four situational variables."""

    key: str
    name: str
    question: str
    values: tuple[Scale, ...]

    def label_of(self, value: str) -> str:
        """The label of a value."""
        return next(one.label for one in self.values if one.value == value)


@dataclass(frozen=True)
class Rule:
    """What a reading of a variable says of the tools that ``match`` describes."""

    variable: str
    value: str
    match: Mapping[str, Any]
    shade: Shade
    why: str

    def bears_on(self, tool: Any) -> bool:
        """Whether every condition holds for a tool."""
        return all(_holds(tool, name, wanted) for name, wanted in self.match.items())


@dataclass(frozen=True)
class Reason:
    """Why a tool is shaded: a variable, its reading, what that means for the tool."""

    variable: str
    value: str
    shade: Shade
    why: str

    @property
    def reading(self) -> str:
        """“Volatility of the Situation: urgent”."""
        found = variables()[self.variable]
        return f"{found.name}: {found.label_of(self.value).lower()}"


@dataclass(frozen=True)
class Advice:
    """A rule of the Handbook that holds for every package."""

    rule: str
    cite: str


def _holds(tool: Any, name: str, wanted: Any) -> bool:
    if name.endswith(AT_LEAST):
        return bool(getattr(tool, name.removesuffix(AT_LEAST)) >= wanted)
    if isinstance(wanted, bool):
        return bool(getattr(tool, name)) is wanted
    held = getattr(tool, "key" if name == "keys" else name)
    return bool({held} & set(wanted) if isinstance(held, str) else set(held) & set(wanted))


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def variables() -> Mapping[str, Variable]:
    """The four variables by key, in the Handbook's order."""
    return {
        row["key"]: Variable(
            row["key"], row["name"], row["question"], tuple(Scale(**one) for one in row["values"])
        )
        for row in _data()["variables"]
    }


@lru_cache(maxsize=1)
def rules() -> Sequence[Rule]:
    """Every rule, in the order of the file."""
    return [Rule(**row | {"shade": Shade(row["shade"])}) for row in _data()["rules"]]


@lru_cache(maxsize=1)
def advice() -> Sequence[Advice]:
    """What holds for every package, whatever the situation."""
    return [Advice(row["rule"], row["cite"]) for row in _data()["general"]]


def shade(tool: Any, readings: Mapping[str, str]) -> tuple[Shade, list[Reason]]:
    """How a tool suits the situation that ``readings`` (value by variable) describe, and why.

    ``tool`` has the fields of ``dime.models.Tool``. Reasons come worst first. A variable that was
    not read says nothing.
    """
    found = [
        Reason(rule.variable, rule.value, rule.shade, rule.why)
        for rule in rules()
        if readings.get(rule.variable) == rule.value and rule.bears_on(tool)
    ]
    found.sort(key=lambda one: WORST_FIRST.index(one.shade))
    return (found[0].shade if found else Shade.FITS), found
