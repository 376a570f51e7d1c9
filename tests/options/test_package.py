"""Packages: tools picked, several measures set at once, an option copied whole."""

from __future__ import annotations

import pytest
from django.utils import timezone

from dime.actions.package import MOST, copy_option, pick_tools, set_measures
from dime.models import Tool
from dime.selectors.board import package
from dime.vocabulary import Level
from mapro.core.errors import Invalid, StaleSave, WrongState
from mapro.core.models import AuditEvent
from planning import actions, entries
from planning.models import Entry
from tests.options import kit
from tests.world import World


@pytest.fixture
def option(world: World) -> Entry:
    return kit.option(world)


def measures(world: World) -> list[Entry]:
    rows = Entry.objects.filter(effort=world.effort, register="measures").order_by("number")
    return entries.with_links(rows.select_related("portion"), kit.fresh(world))


def retire(key: str) -> None:
    Tool.objects.filter(key=key).update(retired_at=timezone.now(), retired_why="Out of use.")


# ---------- pick


def test_each_tool_becomes_a_measure_with_what_the_toolbox_knows(
    world: World, option: Entry
) -> None:
    pick_tools(option=option, keys=["contacts", "foreign-aid", "contacts"], by=world["member"])
    first, second = measures(world)
    tool = Tool.objects.get(key="contacts")
    assert first.title == tool.name
    assert first.value("tool") == {"key": "contacts", "label": tool.label, "version": tool.version}
    assert first.value("purposes") == tool.purposes
    assert first.value("option") == [option]
    assert first.value("lead")
    assert second.value("tool")["key"] == "foreign-aid"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([], "Tick at least one tool"),
        (["contacts", "no-such-tool"], "“no-such-tool” is no tool"),
        (["contacts", "exercises"], "was retired: Out of use. Nothing was added."),
        ([f"t-{n}" for n in range(MOST + 1)], "40 are the most"),
    ],
)
def test_all_or_no_tools_are_added(
    world: World, option: Entry, keys: list[str], words: str
) -> None:
    retire("exercises")
    with pytest.raises(Invalid, match=words) as refused:
        pick_tools(option=option, keys=keys, by=world["member"])
    assert set(refused.value.fields) == {"tool"}
    assert measures(world) == []


def test_do_nothing_and_what_was_retired_take_no_tools(world: World, option: Entry) -> None:
    with pytest.raises(WrongState, match="its package stays empty"):
        pick_tools(option=kit.nothing(world), keys=["contacts"], by=world["member"])
    actions.retire_entry(entry=option, why="Weak.", by=world["member"])
    with pytest.raises(WrongState, match="was retired"):
        pick_tools(option=kit.read(option), keys=["contacts"], by=world["member"])


def test_a_tool_that_is_retired_while_in_use_stays_and_warns(world: World, option: Entry) -> None:
    (row,) = kit.pick(world, option, "contacts")
    retire("contacts")
    assert kit.warned(world, option, "tool-retired")
    kept = kit.change(world, row, lead="DoS", tool="contacts")
    assert kept.value("tool")["key"] == "contacts"
    assert kept.value("lead") == "DoS"


# ---------- several at once


def test_the_same_is_said_of_several(world: World, option: Entry) -> None:
    rows = kit.pick(world, option, "contacts", "exercises", "foreign-aid")
    kit.enter(world, "actors", name="Army")
    seen = {row.number: row.revision for row in rows[:2]}
    set_measures(
        option=kit.read(option), revisions=seen, by=world["member"],
        values={"targets": ["ACT-1"], "stages": "stage_1c"},
    )  # fmt: skip
    found = [(bool(row.value("targets")), row.value("stages")) for row in measures(world)]
    assert found == [(True, ["stage_1c"]), (True, ["stage_1c"]), (False, None)]
    assert AuditEvent.objects.filter(code="entry.edited").count() == 2


def test_several_are_set_all_or_none(world: World, option: Entry) -> None:
    rows = kit.pick(world, option, "contacts", "exercises")
    seen = {row.number: row.revision for row in rows}
    kit.change(world, rows[1], stages="stage_2a")

    def set_all(**values: object) -> None:
        set_measures(option=kit.read(option), revisions=seen, values=values, by=world["member"])

    with pytest.raises(StaleSave):
        set_all(stages="stage_1c")
    assert [row.value("stages") for row in measures(world)] == [None, ["stage_2a"]]
    set_all(intensity="high")  # another field than what was changed meanwhile
    assert {row.value("intensity") for row in measures(world)} == {"high"}
    with pytest.raises(Invalid, match="ACT-9"):
        set_all(targets=["ACT-9"])
    with pytest.raises(Invalid, match="on its own page"):
        set_all(name="All alike")
    with pytest.raises(Invalid, match="Say something of them"):
        set_all()


def test_only_measures_of_the_option_are_set(world: World, option: Entry) -> None:
    other = kit.option(world, "Other")
    (mine,), (theirs,) = kit.pick(world, option, "contacts"), kit.pick(world, other, "contacts")
    for revisions, words in (
        ({mine.number: 1, theirs.number: 1}, "MSR-2 is no measure of OPT-1"),
        ({}, "Tick at least one measure"),
        ({99: 1}, "MSR-99 is no measure"),
    ):
        with pytest.raises(Invalid, match=words):
            set_measures(
                option=kit.read(option), revisions=revisions, values={"intensity": "low"},
                by=world["member"],
            )  # fmt: skip
    assert {row.value("intensity") for row in measures(world)} == {None}


def test_conditions_in_a_ring_are_refused_and_nothing_is_lost(world: World, option: Entry) -> None:
    one, two = kit.pick(world, option, "contacts", "exercises")
    kit.change(world, one, after=[str(two)])
    with pytest.raises(Invalid, match="wait for each other in a ring"):
        kit.change(world, two, after=[str(one)])
    assert [[str(w) for w in row.value("after")] for row in measures(world)] == [["MSR-2"], []]


# ---------- copy


def test_a_copy_has_the_words_the_measures_and_the_lines(world: World, option: Entry) -> None:
    kit.enter(world, "actors", name="Army")
    option = kit.change(world, option, summary="Press hard.", goal="Peace.", **kit.argued())
    one, two = kit.pick(world, option, "contacts", "exercises")
    kit.change(world, one, targets=["ACT-1"], after=[str(two)], stages="stage_1c")
    objective = kit.enter(world, "objectives", statement="Stop it.", options=[str(option)])
    line = kit.enter(world, "lines-of-effort", name="Protect", objectives=[str(objective)])
    other = kit.option(world, "Unlike")
    lines = kit.enter(world, "lines-of-effort", name="Apart", options=[str(other)])
    made = copy_option(
        option=kit.read(option), level=Level.CONCEPT, by=world["member"],
        values={"name": "Concept A", "summary": "Press harder.", "approach": ""},
    )  # fmt: skip
    made = kit.read(made)
    assert (made.title, made.value("level"), made.kind) == ("Concept A", "concept", "compellence")
    assert (made.value("summary"), made.value("goal")) == ("Press harder.", "Peace.")
    assert made.value("standing") == "proposed" and made.value("feasible") is None
    shown = package(made)
    first, second = sorted(shown.members, key=lambda m: m.measure.number)
    assert [m.measure.title for m in (first, second)] == [one.title, two.title]
    assert first.after == [second.measure] and first.stages == ("stage_1c",)
    assert [t.title for t in first.measure.value("targets")] == ["Army"]
    assert first.measure.value("tool")["key"] == "contacts"
    rows = {row.pk: row for row in entries.with_links(
        Entry.objects.filter(pk__in=[objective.pk, line.pk, lines.pk]), kit.fresh(world))}  # fmt: skip
    assert [str(o) for o in rows[objective.pk].value("options")] == [str(option), str(made)]
    assert rows[line.pk].value("options") == []  # it belongs to all already
    assert [str(o) for o in rows[lines.pk].value("options")] == [str(other)]
    assert AuditEvent.objects.get(code="option.copied").detail["source"] == str(option)


def test_a_copy_keeps_what_was_retired_in_its_original(world: World, option: Entry) -> None:
    actor = kit.enter(world, "actors", name="Army")
    (row,) = kit.pick(world, option, "contacts")
    kit.change(world, row, targets=[str(actor)])
    retire("contacts")
    actions.retire_entry(entry=actor, why="It is no more.", by=world["member"])
    made = copy_option(
        option=kit.read(option), level=Level.POLICY, values={"name": "Copy"}, by=world["member"]
    )
    kinds = {one.kind for one in kit.warned(world, made)}
    assert {"tool-retired", "no-target"} <= kinds
    assert "target-retired" not in kinds
    page = world.client("member").get(f"/efforts/country-x/registers/measures/{row.number + 1}/")
    assert page.status_code == 200


def test_a_copy_needs_a_name_and_do_nothing_is_one(world: World, option: Entry) -> None:
    with pytest.raises(Invalid, match="Name is needed"):
        copy_option(option=option, level=Level.POLICY, values={}, by=world["member"])
    with pytest.raises(WrongState, match="There is one “do nothing”"):
        copy_option(
            option=kit.nothing(world), level=Level.POLICY, values={"name": "X"}, by=world["member"]
        )
    assert Entry.objects.filter(effort=world.effort, register="options").count() == 2
