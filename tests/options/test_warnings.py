"""What warns of an option: each warning where it belongs, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dime.models import Tool
from dime.selectors.warnings import KINDS, warnings_of
from planning import actions
from planning.models import Entry
from tests.options import kit
from tests.world import World


@dataclass
class Sound:
    """An option of which nothing warns: four elements, and everything said."""

    world: World
    option: Entry
    actor: Entry
    assumption: Entry
    objective: Entry
    lines: list[Entry]
    measures: list[Entry]

    def measure(self, **values: object) -> None:
        """Say something else of the first measure."""
        kit.change(self.world, self.measures[0], **values)

    def say(self, **values: object) -> None:
        """Say something else of the option."""
        kit.change(self.world, self.option, **values)

    def add(self, *tools: str, **values: object) -> list[Entry]:
        """Pick more tools, as complete as the first ones."""
        made = kit.pick(self.world, self.option, *tools)
        said = {"targets": [str(self.actor)], "stages": "stage_1c", "lead": "DoS"}
        said |= {"authority": "Executive order", "starts_when": "At once", **values}
        return [kit.change(self.world, one, **said) for one in made]


@pytest.fixture
def sound(world: World) -> Sound:
    actor = kit.enter(world, "actors", name="Army")
    assumption = kit.enter(
        world, "assumptions", statement="Roads stay open.", invalidated_by="Rain"
    )
    objective = kit.enter(world, "objectives", statement="Stop the killing.")
    option = kit.option(
        world, assumptions=[str(assumption)], first_effect="Days", us_role="bystander",
        **kit.argued(),
    )  # fmt: skip
    kit.change(world, kit.nothing(world), inaction="Thousands flee.")
    lines = [
        kit.enter(world, "lines-of-effort", name=f"Line {n}", objectives=[str(objective)])
        for n in range(4)
    ]
    made = Sound(world, option, actor, assumption, objective, lines, [])
    made.measures = made.add(*kit.FOUR)
    return made


def test_nothing_warns_of_a_sound_option(sound: Sound) -> None:
    assert kit.warned(sound.world, sound.option) == []
    assert kit.warned(sound.world, kit.nothing(sound.world)) == []


def _retire(sound: Sound, entry: Entry) -> None:
    actions.retire_entry(entry=kit.read(entry), why="It is no more.", by=sound.world["member"])


def _tool(key: str, **values: object) -> None:
    Tool.objects.filter(key=key).update(**values)


def _message(sound: Sound, kind: str, *, backed: bool) -> None:
    made = kit.enter(sound.world, "messages", message="We will protect you.", audience_kind=kind)
    if backed:
        sound.measure(messages=[str(made)])


def _twin(sound: Sound) -> None:
    other = kit.option(sound.world, "Another name", us_role="bystander")
    kit.pick(sound.world, other, *kit.FOUR)


def _invalidate(sound: Sound) -> None:
    row = kit.read(sound.assumption)
    row.data["status"] = "invalidated"
    row.save(update_fields=["data"])


def _crowd(sound: Sound) -> None:
    for n in range(7):
        kit.enter(sound.world, "lines-of-effort", name=f"More {n}")


SPOILT: dict[str, tuple[str, Callable[[Sound], object], str]] = {
    "conflict anywhere": ("conflict", lambda s: s.add("embassy-augmentation", "embassy-reduction"),
                          "work against each other"),
    "conflict, same target": ("conflict", lambda s: s.add("breaking-relations"),
                              "Breaking relations ends"),
    "conflict, no target said": ("conflict", lambda s: s.add("breaking-relations", targets=[]),
                                 "Breaking relations ends"),
    "no authority": ("no-authority", lambda s: s.add("criminal-investigations", authority=""),
                     "names none. The toolbox says"),
    "prerequisite": ("prerequisite", lambda s: s.add("formal-negotiations", starts_when=""),
                     "needs first:"),
    "no target": ("no-target", lambda s: s.measure(targets=[]), "says toward nobody"),
    "no purpose": ("no-purpose", lambda s: s.measure(purposes=[]), "has no purpose"),
    "no lead": ("no-lead", lambda s: s.measure(lead=""), "names no agency"),
    "no time": ("no-time", lambda s: s.measure(stages="", starts_when=""), "in no stage"),
    "target retired": ("target-retired", lambda s: _retire(s, s.actor), "It is no more."),
    "tool retired": ("tool-retired", lambda s: _tool(
        "contacts", retired_at=timezone.now(), retired_why="Nobody meets."), "Nobody meets."),
    "tool newer": ("tool-newer", lambda s: _tool("contacts", version=2), "was changed since"),
    "element empty": ("element-empty", lambda s: _retire(s, s.measures[2]), "No military tool"),
    "no measures": ("no-measures", lambda s: [_retire(s, one) for one in s.measures],
                    "No measure stands"),
    "unbacked": ("message-unbacked", lambda s: _message(s, "victims", backed=False),
                 "backed by no measure"),
    "undelivered": ("message-undelivered", lambda s: (
        s.measure(purposes=["build_resolve"]), _message(s, "victims", backed=True)),
        "promises what no tool behind it delivers"),
    "few lines": ("lines", lambda s: _retire(s, s.lines[0]), "3 lines of effort"),
    "many lines": ("lines", _crowd, "11 lines of effort"),
    "objective": ("objective-unserved", lambda s: kit.enter(
        s.world, "objectives", statement="Feed all."), "served by no line"),
    "alike": ("alike", _twin, "same approach, role and tools as OPT-3"),
    "not judged": ("test", lambda s: s.say(feasible=""), "“Feasible” is not judged"),
    "not argued": ("test", lambda s: s.say(feasible_why=""), "“Feasible” is not argued"),
    "no assumption": ("no-assumption", lambda s: s.say(assumptions=[]), "names no assumption"),
    "assumption fell": ("assumption-fell", _invalidate, "which does not hold"),
    "assumption retired": ("assumption-fell", lambda s: _retire(s, s.assumption), "was retired"),
    "no dates": ("no-dates", lambda s: s.say(first_effect=""), "when it can first be felt"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SPOILT))
def test_a_warning_where_it_belongs(sound: Sound, name: str) -> None:
    kind, spoil, words = SPOILT[name]
    assert kit.warned(sound.world, sound.option, kind) == []
    spoil(sound)
    found = kit.warned(sound.world, sound.option, kind)
    assert any(words in one.words for one in found), found
    assert all(one.url.startswith(("/efforts/country-x/", "/toolbox/")) for one in found)
    assert all(len(one.key) <= 200 and one.key.startswith(kind) for one in found)
    keys = [one.key for one in kit.warned(sound.world, sound.option)]
    assert len(keys) == len(set(keys))


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _, _ in SPOILT.values()} | {"nothing-said"} == set(KINDS)


def test_do_nothing_is_asked_only_what_it_costs(world: World) -> None:
    kit.option(world)
    found = kit.warned(world, kit.nothing(world))
    assert [one.kind for one in found] == ["nothing-said"]


@pytest.mark.parametrize(
    ("values", "clashes"),
    [({}, True), ({"targets": "other"}, False), ({"stages": "stage_2b"}, False)],
    ids=["together", "other target", "other stage"],
)
def test_targets_and_stages_keep_tools_apart(
    sound: Sound, values: dict[str, str], clashes: bool
) -> None:
    if "targets" in values:
        values = {"targets": [str(kit.enter(sound.world, "actors", name="Militia"))]}  # type: ignore[dict-item]
    sound.add("breaking-relations", **values)
    assert bool(kit.warned(sound.world, sound.option, "conflict")) is clashes


def test_targets_do_not_keep_apart_what_clashes_anywhere(sound: Sound) -> None:
    other = kit.enter(sound.world, "actors", name="Militia")
    sound.add("embassy-augmentation")
    sound.add("embassy-reduction", targets=[str(other)])
    assert kit.warned(sound.world, sound.option, "conflict")


def test_a_promise_that_a_tool_keeps_warns_of_nothing(sound: Sound) -> None:
    sound.measure(purposes=["protect_victims"])
    _message(sound, "victims", backed=True)
    assert kit.warned(sound.world, sound.option) == []


def test_another_option_with_other_tools_is_not_alike(sound: Sound) -> None:
    other = kit.option(sound.world, "Another", us_role="bystander")
    kit.pick(sound.world, other, "contacts")
    assert kit.warned(sound.world, sound.option, "alike") == []


def test_a_concept_is_not_alike_to_the_option_that_it_carries_out(sound: Sound) -> None:
    other = kit.option(sound.world, "Concept", us_role="bystander", level="concept")
    kit.pick(sound.world, other, *kit.FOUR)
    assert kit.warned(sound.world, sound.option, "alike") == []


def test_lines_of_another_option_do_not_count(sound: Sound) -> None:
    other = kit.option(sound.world, "Another")
    for line in sound.lines[:2]:
        kit.change(sound.world, line, options=[str(other)])
    found = kit.warned(sound.world, sound.option, "lines")
    assert "2 lines of effort" in found[0].words


def test_the_warnings_of_all_options_take_four_queries_whatever_their_number(sound: Sound) -> None:
    def queries() -> int:
        effort = kit.fresh(sound.world)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            warnings_of(effort)
        return len(asked)

    before = queries()
    for n in range(3):
        kit.pick(sound.world, kit.option(sound.world, f"Option {n}"), *kit.FOUR)
    assert queries() == before == 4
