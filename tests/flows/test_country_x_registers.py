"""Country X's facts: entered once, frozen as they read, and moved on while approvals stay."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assessments import watching
from assessments.models import Alert, Event, Rating
from mapro.core.errors import NotAllowed
from planning import actions, scenario, selectors
from planning.management.commands import walkthrough
from planning.models import Dissent, DueOut, Effort, Entry, Version
from planning.products.document import digest
from planning.registers import REGISTERS
from planning.scenario import faults
from planning.screenplay import VERBS, Verb, add_verb
from planning.vocabulary import Origin
from tests.flows.test_scenario import approved, printed, text
from tests.world import SCRIPT, World

# The actors of the Handbook's example, as the exercise calls them.
ACTORS = {
    "Country X government", "Noot", "Country X armed forces", "Chim armed groups", "Calens",
    "Refugees from West Calen", "Minority leaders", "Country Y", "NGOs in West Calen", "ECOWAS",
    "United Nations", "African Union", "Prospective coalition partners", "United States",
}  # fmt: skip
# What approved products show of registers and watch, and no longer holds when option two and then
# option B have been adopted, the wargame has been played and the gendarmes have acted.
MOVED = {
    ("tab-01", "assumptions"),
    ("tab-02", "establish-context"), ("tab-02", "identity-groups"), ("tab-02", "key-actors"),
    ("tab-02", "drivers-of-conflict"), ("tab-02", "mitigating-factors"),
    ("tab-02", "other-actors"),
    ("tab-02-enclosure-1", "context-of-the-conflict"),
    ("tab-02-enclosure-1", "drivers-and-mitigating-factors"),
    ("tab-02-enclosure-1", "non-usg-actors"),
    ("tab-03", "background"), ("tab-03", "actors"), ("tab-03", "drivers-of-conflict"),
    ("tab-03", "other-actors"), ("tab-03", "critical-dynamics"), ("tab-03", "assumptions"),
    ("tab-04", "other-actors"),
    ("tab-04-enclosure-1", "other-actors"), ("tab-06", "rationale"),
    ("tab-06", "overall-concept-sketch"), ("tab-06", "phasing"),
}  # fmt: skip
GENDARMES = [
    ("tab-02", "key-actors"), ("tab-03", "actors"), ("tab-04", "other-actors"),
    ("tab-04-enclosure-1", "other-actors"),
]  # fmt: skip


def entry(world: World, register: str, title: str) -> Entry:
    """An entry by how its title begins."""
    return world.effort.entries.get(register=register, title__startswith=title)


def moved(world: World) -> list[selectors.Moved]:
    """What approved versions show of registers that say something else now; earlier guidance,
    which every decision adds to, is left out."""
    effort = Effort.objects.select_related("marking").get(pk=world.effort.pk)
    return [one for one in selectors.moved(effort) if one.section != "previous-guidance"]


def hashes(world: World) -> dict[int, str]:
    """The hash of every approved version, computed anew."""
    rows = Version.objects.filter(product__effort=world.effort).exclude(approved_at=None)
    return {row.pk: digest(row.snapshot) for row in rows}


# ---------- one play, to the choice of an option


def test_facts_move_on_and_approvals_stay(world: World) -> None:
    scenario.play(SCRIPT, world.effort, world.people, until="decision")
    for look in (
        every_register_is_filled, units_are_told_apart, assumptions_stand_and_fall,
        roles_hold_for_a_time, a_question_is_answered, what_is_out_of_date, the_watch_proposed_it,
    ):  # fmt: skip
        look(world)


def every_register_is_filled(world: World) -> None:
    rows = world.effort.entries.filter(retired_at=None)
    assert set(rows.values_list("register", flat=True)) == set(REGISTERS)
    assert ACTORS <= set(rows.filter(register="actors").values_list("title", flat=True))
    interests = rows.filter(register="interests").exclude(kind="own")
    assert sorted(row.data["priority"] for row in interests) == list(range(1, 18))
    assert Entry.objects.filter(
        effort=world.effort, register="interests", links__field="conflicts_with"
    ).distinct().count() >= 3  # fmt: skip
    topics = set(rows.filter(register="assumptions").values_list("kind", flat=True))
    assert topics == {value for value, _ in REGISTERS["assumptions"].field("topic").choices}
    for key in ("findings", "gaps"):
        kinds = set(rows.filter(register=key).values_list("kind", flat=True))
        assert kinds == {value for value, _ in REGISTERS[key].field("kind").choices}, key


def units_are_told_apart(world: World) -> None:
    """The board sent the first edition back, which showed the army as one and drivers unweighed."""
    before, after = Version.objects.filter(product=world.product("tab-02")).order_by("number")
    assert "5th Brigade" not in printed(before)
    assert "Second battalion, 5th Brigade" in printed(after)
    assert "Decisive" not in drivers(before)
    assert [drivers(after).count(word) for word in ("Decisive", "Strong")] == [2, 2]
    assert "seven" in text(after, "drivers-of-conflict")


def drivers(version: Version) -> str:
    """The table of drivers in a version of Tab 2."""
    row = next(s for s in version.snapshot["sections"] if s["key"] == "drivers-of-conflict")
    return str(row["registers"][0]["html"])


def assumptions_stand_and_fall(world: World) -> None:
    """The authority approved twelve before the analysis was submitted; one fell in the crisis."""
    frozen = printed(approved(world, "tab-03")[0])
    assert "Approved" in frozen and "Invalidated" not in frozen
    assert entry(world, "assumptions", "The President can stop").data["status"] == "proposed"
    fell = entry(world, "assumptions", "Outside pressure")
    assert fell.data["status"] == "invalidated"
    assert entry(world, "assumptions", "ECOWAS needs six").data["status"] == "validated"
    due = DueOut.objects.get(effort=world.effort, origin=Origin.ASSUMPTION)
    assert str(fell) in due.text and due.done_at is not None


def roles_hold_for_a_time(world: World) -> None:
    government = entry(world, "actors", "Country X government")
    assert ["facilitators", "2026-11-25", None] in government.data["roles"]
    gendarmes = entry(world, "actors", "Gendarmerie").data["roles"]
    assert gendarmes[0] == ["bystanders", "2026-10-22", "2026-12-01"]
    assert gendarmes[-1] == ["rank_and_file", "2026-12-02", None]


def a_question_is_answered(world: World) -> None:
    asked = entry(world, "requirements", "Has the government changed")
    assert asked.data["answer"].startswith("Yes: two ministers incite")
    assert asked.data["answered_on"] == "2026-11-26"
    linked = {link.to.title for link in asked.links.filter(field="asks_about")}
    assert fallen(world) in linked


def fallen(world: World) -> str:
    return entry(world, "assumptions", "Outside pressure").title


def what_is_out_of_date(world: World) -> None:
    """The list is exact, and no approved version changed by a byte."""
    found = moved(world)
    assert {(one.product.key, one.section) for one in found} == MOVED
    gendarmes = [
        (one.product.key, one.section)
        for one in found
        if any(words.startswith("Gendarmerie") for words in one.changed)
    ]
    assert gendarmes == GENDARMES
    for version in Version.objects.filter(product__effort=world.effort).exclude(approved_at=None):
        assert digest(version.snapshot) == version.sha256
    assert "broke up two of three" not in printed(approved(world, "tab-02")[0])


def the_watch_proposed_it(world: World) -> None:
    """An alert on evidence led to the effort; seven raids and an eighth stand as events."""
    alert = Alert.objects.get(effort=world.effort)
    assert {one["kind"] for one in alert.evidence} == {"report"} and len(alert.evidence) == 3
    assert not Alert.objects.filter(country=alert.country, status="open").exists()
    raids = Event.objects.filter(
        country=alert.country, headline__startswith="Raid", type_of_violence="one_sided"
    ).order_by("date_start")
    assert [raid.place for raid in raids] == [
        "Ouda", "Mebo", "Gandi", "Tarsi", "Lassin", "Dore", "Beri", "Mebo"
    ]  # fmt: skip
    assert sum(raid.deaths_best for raid in raids[:7]) == 267
    assert (sum(r.deaths_low for r in raids[:7]), sum(r.deaths_high for r in raids[:7])) == (
        240,
        320,
    )
    history = Rating.objects.filter(country=alert.country, frame="osapg", item="5.6")
    assert [row.level for row in history.order_by("pk")] == ["clear", "acute"]


def test_an_actor_moves_on_without_touching_what_was_approved(world: World) -> None:
    """Before the gendarmes acted nothing of them was out of date."""
    scenario.play(SCRIPT, world.effort, world.people, until="options")
    before = hashes(world)
    assert not [one for one in moved(world) if "Gendarmerie" in " ".join(one.changed)]
    act = next(act for act in SCRIPT["acts"] if act.get("entry") == "gendarmerie")
    row = entry(world, "actors", "Gendarmerie")
    actions.save_entry(
        entry=row, values={"roles": act["values"]["roles"]}, revision=row.revision,
        by=world["country-team"],
    )  # fmt: skip
    found = [one for one in moved(world) if "Gendarmerie" in " ".join(one.changed)]
    assert [(one.product.key, one.section) for one in found] == GENDARMES[:2]
    assert hashes(world) == before


def test_the_watch_takes_a_part_in_once(world: World) -> None:
    """Who plays twice, each time in an effort of its own, finds the watch as it was."""
    for _ in range(2):
        watching.take_in("country_x", "november-11", effort=world.effort, by=world["lead"])
        watching.take_in("country_x", "november-18", effort=world.effort, by=world["lead"])
    assert Event.objects.count() == 27
    assert Rating.objects.filter(frame="osapg", item="6.1").count() == 2
    assert Alert.objects.filter(effort=world.effort).count() == 1
    assert not Dissent.objects.exists()


# ---------- what cannot be entered


def told(**registers: Any) -> list[str]:
    """What is said of rows in the part that a play enters first, without any act."""
    return list(faults(SCRIPT | {"registers": {"": registers}, "acts": []}))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"poems": []}, "registers/poems.yaml: there is no register “poems”"),
        ({"actors": {"id": "a"}}, "registers/actors.yaml: the file is a list of rows"),
        ({"actors": [{"name": "A"}]}, "registers/actors.yaml, row 1: a row is a mapping with an"),
        ({"actors": [{"id": "a"}]}, "row 1 (a): “name” is missing"),
        (
            {"actors": [{"id": "a", "name": "A", "poem": "B"}]},
            "row 1 (a): Actors has no field “poem”",
        ),
        ({"actors": [{"id": "a", "name": "A", "what": "cloud"}]}, "“what”: “cloud” is none of"),
        ({"actors": [{"id": "a", "name": "A", "highlight": "yes"}]}, "neither true nor false"),
        ({"actors": [{"id": "a", "name": "A", "portion": 3}]}, "the code of a marking"),
        ({"actors": [{"id": "a", "name": "A", "sources": ["b"]}]}, "“sources” names “b”, which is"),
        (
            {"actors": [{"id": "a", "name": "A"}, {"id": "a", "name": "B"}]},
            "row 2 (a): registers/actors.yaml, row 1 (a) has the same id",
        ),
        (
            {"assumptions": [{"id": "a", "statement": "A", "status": "approved"}]},
            "“status” is set by an act of its own",
        ),
    ],
)
def test_a_faulty_row_is_named(rows: dict[str, Any], words: str) -> None:
    found = told(**rows)
    assert len(found) == 1 and words in found[0], found


def test_rows_are_entered_once_and_in_an_order_that_links_allow() -> None:
    acts = copy.deepcopy(SCRIPT["acts"])
    first = next(n for n, act in enumerate(acts) if act["do"] == "enter" and "part" not in act)
    assert "actors" in acts[first]["registers"]
    acts[first]["registers"] = ["actors", "sources", "relations", "sources"]
    found = [one for one in faults(SCRIPT | {"acts": acts}) if f"Act {first + 1}, enter" in one]
    assert "registers/actors.yaml, row 1 (government): “sources” names “src-speeches”" in found[0]
    assert "registers/sources.yaml, row 1 (src-census) is entered already" in found[0]


def test_an_act_that_is_refused_enters_nothing(world: World) -> None:
    acts = [
        {"do": "scene", "key": "a", "title": "A"},
        {"do": "enter", "registers": ["sources"], "by": "board"},
    ]
    with pytest.raises(NotAllowed, match="keep the registers"):
        scenario.play(SCRIPT | {"acts": acts}, world.effort, world.people)
    assert not Entry.objects.exists()


def test_only_the_authority_approves_assumptions_in_a_play(world: World) -> None:
    acts = [
        {"do": "scene", "key": "a", "title": "A"},
        {"do": "enter", "registers": ["assumptions"], "part": "guidance", "by": "member"},
        {"do": "approve_assumption", "entries": ["asm-border"], "by": "lead"},
    ]
    assert list(faults(SCRIPT | {"acts": acts})) == []
    with pytest.raises(NotAllowed, match="approve an assumption"):
        scenario.play(SCRIPT | {"acts": acts}, world.effort, world.people)
    assert entry(world, "assumptions", "Country Y keeps").data["status"] == "proposed"


def test_the_walkthrough_writes_what_was_approved(world: World) -> None:
    """Registers that moved on do not make a draft of what nobody wrote anew."""
    world.approve()
    approved_version = world.product().approved_version
    actions.add_entry(
        effort=world.effort, register=REGISTERS["assumptions"], by=world["member"],
        values={"statement": "The road stays open."},
    )  # fmt: skip
    [current] = actions.freeze_current(effort=scenario.fresh(world.effort), by=world["lead"])
    assert current != approved_version
    assert walkthrough._standing(current) == approved_version
    scenario.draft(world.effort, "tab-01", {"other": "Written anew."}, world["member"])
    [current] = actions.freeze_current(effort=scenario.fresh(world.effort), by=world["lead"])
    assert walkthrough._standing(current) == current


def test_a_verb_is_another_apps_or_nobodys() -> None:
    with pytest.raises(ValueError, match="There is a verb 'vote' already"):
        add_verb("vote", Verb(lambda stage, act: None, "by"))
    assert {"approve_assumption", "judge_assumption", "watch"} <= set(VERBS)
