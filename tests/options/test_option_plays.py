"""Verbs of options in plays: what a scenario says is done, and what it cannot say is told."""

from __future__ import annotations

from typing import Any

import pytest

from dime.models import Overruling, Score
from dime.selectors.options import standing_of
from planning.models import Entry
from planning.scenario import faults
from planning.screenplay import ScriptError, play
from tests.world import SCRIPT, World

ROWS = {
    "options": [
        {"id": "opt-1", "name": "One", "level": "policy", "approach": "suasion"},
        {"id": "opt-2", "name": "Two", "level": "policy", "approach": "mixed"},
    ],
    "measures": [
        {"id": "msr-1", "name": "Talks", "option": ["opt-1"], "tool": "contacts"},
        {"id": "msr-2", "name": "Drills", "option": ["opt-1"], "tool": "exercises"},
    ],
    "criteria": [
        {"id": "crt-1", "name": "Speed", "level": "policy", "weight": 60},
        {"id": "crt-2", "name": "Cost", "level": "policy", "weight": 40},
    ],
}
SCENE = {"do": "scene", "key": "now", "title": "Now"}
ENTER = {"do": "enter", "registers": list(ROWS), "by": "member"}


def staged(*acts: dict[str, Any]) -> dict[str, Any]:
    """A scenario that enters the rows and then plays the acts."""
    return SCRIPT | {"registers": {"": ROWS}, "acts": [SCENE, ENTER, *acts]}


def told(act: dict[str, Any]) -> str:
    """What is wrong with an act."""
    return "\n".join(faults(staged(act)))


def test_a_play_recommends_overrules_and_adopts(world: World) -> None:
    scenario = staged(
        {"do": "recommend_option", "option": "opt-2", "by": "lead"},
        {"do": "overrule", "option": "opt-1", "warning": "no-target", "entries": ["msr-2"],
         "by": "member", "why": "They show resolve to all."},
        {"do": "overrule", "option": "opt-2", "warning": "no-dates", "by": "lead", "why": "Soon."},
        {"do": "adopt_option", "option": "opt-1", "by": "authority", "why": "It costs least."},
    )  # fmt: skip
    assert list(faults(scenario)) == []
    play(scenario, world.effort, world.people)
    rows = Entry.objects.filter(effort=world.effort, register="options").order_by("number")
    assert [str(standing_of(row)) for row in rows] == ["adopted", "set_aside", "set_aside"]
    overruled = set(Overruling.objects.values_list("warning", flat=True))
    assert overruled == {"no-target:MSR-2", "no-dates"}


def test_a_play_settles_weights_and_scores(world: World) -> None:
    scenario = staged(
        {"do": "settle_weights", "level": "policy", "by": "member"},
        {"do": "score", "level": "policy", "by": "member",
         "values": {"opt-1": {"crt-1": 2, "crt-2": [5, "It costs least."]}, "opt-2": {"crt-1": 4}}},
        {"do": "reopen_weights", "level": "policy", "by": "lead", "why": "The season turned."},
    )  # fmt: skip
    assert list(faults(scenario)) == []
    play(scenario, world.effort, world.people)
    found = {(s.option.title, s.criterion.title): (s.value, s.why) for s in Score.objects.all()}
    assert found == {
        ("One", "Speed"): (2, ""), ("One", "Cost"): (5, "It costs least."),
        ("Two", "Speed"): (4, ""),
    }  # fmt: skip


def test_a_play_overrules_only_what_arises(world: World) -> None:
    act = {"do": "overrule", "option": "opt-1", "warning": "tool-newer", "by": "lead", "why": "So."}
    assert told(act) == ""
    with pytest.raises(ScriptError, match="has no warning “tool-newer”"):
        play(staged(act), world.effort, world.people)
    assert not Overruling.objects.exists()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"do": "adopt_option", "option": "crt-1", "by": "lead", "why": "So."},
         "no earlier act entered “crt-1” in “options”"),
        ({"do": "adopt_option", "option": "opt-1", "by": "lead"}, "“why” is missing"),
        ({"do": "overrule", "option": "opt-1", "warning": "odd", "by": "lead", "why": "So."},
         "“odd” is no kind of warning"),
        ({"do": "overrule", "option": "opt-1", "warning": "test", "by": "lead", "why": "So.",
          "entries": ["msr-9"]}, "no earlier act entered msr-9"),
        ({"do": "settle_weights", "level": "high", "by": "lead"}, "“high” is not one of"),
        ({"do": "score", "level": "policy", "by": "lead", "values": {"opt-1": {"crt-1": 6}}},
         "“6” is no score from 1 to 5"),
        ({"do": "score", "level": "policy", "by": "lead", "values": {"opt-9": {"opt-1": 1}}},
         "entered “opt-1” in “criteria”"),
        ({"do": "score", "level": "policy", "by": "lead", "values": {"opt-1": 3}},
         "scores by option and criterion"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_told(act: dict[str, Any], words: str) -> None:
    assert words in told(act)
