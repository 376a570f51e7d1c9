"""What Tabs 4 to 8 show of options: side by side, of the chosen one, with risks and dissent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dime import sources
from dime.actions.option import adopt_option, end_overruling, overrule, recommend_option
from dime.selectors.warnings import warnings_of
from planning import actions, ports
from planning.actions.freeze import snapshot
from planning.models import Entry, Product
from planning.products.annex_d import CATALOGUE
from planning.screenplay import fresh
from tests.options.formulated import (
    enter,
    formulate,
    nothing,
    option,
    read,
    review,
    risk,
    save,
)
from tests.world import World

FILLED = ("tab-04", "tab-04-enclosure-1", "tab-05", "tab-06", "tab-07", "tab-08")
SLIDES = {"tab-04-enclosure-1", "tab-06", "tab-07"}


def product(world: World, key: str = "tab-04") -> Product:
    """A product with nothing kept on its effort."""
    found = world.product(key)
    found.effort = fresh(world.effort)
    return found


def content(world: World, source: str, key: str = "tab-04") -> str:
    """What a source puts into a section now."""
    one = product(world, key)
    found = ports.SOURCES[source]
    return found.content(one, found.facts(one))


def rows(html: str) -> list[list[str]]:
    """The rows of the tables of a section, their cells in words."""
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]


def words(html: str) -> str:
    """What HTML says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def table(world: World, source: str, key: str = "tab-04") -> list[list[str]]:
    """The rows that a source shows."""
    return rows(content(world, source, key))


def of(world: World, name: str) -> Entry:
    """The option of a name."""
    return read(world.effort.entries.get(register="options", title=name))


def pick(world: World, name: str) -> None:
    """Adopt an option as the authority."""
    adopt_option(entry=of(world, name), why=f"{name} acts in time.", by=world["authority"])


# ---------- where they stand


def sections() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Product, section and sources."""
    for key in FILLED:
        for section in CATALOGUE[key].every_section():
            yield key, section.key, section.sources


def test_every_source_has_its_place_and_every_place_its_source() -> None:
    named = {name for _, _, names in sections() for name in names}
    assert {one.key for one in sources.ALL} <= named
    assert named <= set(ports.SOURCES)
    for key, section, names in sections():
        assert len(set(names)) == len(names), (key, section)
    assert all(len(one.key) <= 30 for one in sources.ALL)  # what a dissent keeps of it


def test_no_product_shows_the_same_source_twice_but_where_two_places_need_it() -> None:
    for product_key in FILLED:
        named = [name for key, _, names in sections() if key == product_key for name in names]
        assert {name for name in named if named.count(name) > 1} <= {"dissents"}, product_key


def test_without_options_nothing_is_printed(world: World) -> None:
    for one in sources.ALL:
        assert content(world, one.key) == "", one.key
    made = option(world, "One")
    actions.retire_entry(entry=made, why="It was a trial.", by=world["member"])
    assert nothing(world).retired_at is None  # it stands alone
    for one in sources.ALL:
        assert content(world, one.key) == "", one.key


def test_with_options_everything_is_printed(world: World) -> None:
    formulate(world)
    formulate(world, "concept", ("A", "B"))
    review(world)
    pick(world, "Two")
    pick(world, "B")
    world_dissent(world, "options", of(world, "Two"))
    for name in ("Two", "B"):
        warning = warnings_of(fresh(world.effort))[of(world, name).pk][0]
        overrule(entry=of(world, name), warning=warning.key, why="Known.", by=world["member"])
    enter(
        world,
        "policy-checks",
        point="Unity.",
        kind="consideration",
        standing="met",
        note="One cell.",
    )
    silent = [one.key for one in sources.ALL if not content(world, one.key)]
    assert silent == []


def test_tables_fit_a_slide(world: World) -> None:
    """Six columns are what a slide shows without parting a table."""
    formulate(world)
    formulate(world, "concept", ("A", "B", "C"))
    pick(world, "Two")
    pick(world, "B")
    for key, _, names in sections():
        for name in names if key in SLIDES else ():
            for row in table(world, name, key):
                assert len(row) <= 6, (key, name, row)


# ---------- side by side


def test_options_stand_side_by_side_with_their_packages(world: World) -> None:
    formulate(world)
    found = {row[0]: row[1:] for row in table(world, "options-side-by-side")}
    assert found["Aspect"] == ["One", "Two", "Do nothing"]
    assert found["U.S. role"] == ["Support Other Actors", "Support Other Actors", "Bystander"]
    assert found["First effect"] == ["Weeks, says One", "Weeks, says Two", ""]
    assert found["Diplomatic"] == ["Envoy of One", "Envoy of Two", ""]
    assert found["Other measures"] == ["Lift of One", "Lift of Two", ""]
    assert "Military" not in found  # no measure uses such a tool
    assert "Standing" not in found and "Disputed in" not in found
    short = {row[0] for row in table(world, "options-at-a-glance")}
    assert short == {"Aspect", "U.S. role", "Approach", "First effect", "Cost", "Main risk"}
    pick(world, "Two")
    found = {row[0]: row[1:] for row in table(world, "options-side-by-side")}
    assert found["Standing"] == ["Not adopted", "Adopted", "Not adopted"]


def test_a_change_of_the_package_is_a_change_of_what_is_shown(world: World) -> None:
    formulate(world)
    world.owe(3)
    before = {f.key: f.digest for f in ports.SOURCES["options-side-by-side"].facts(product(world))}
    measure = world.effort.entries.get(register="measures", title="Envoy of Two")
    save(world, measure, name="Two envoys")
    after = {f.key: f.digest for f in ports.SOURCES["options-side-by-side"].facts(product(world))}
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {str(of(world, "Two").number)}


def test_levels_are_kept_apart(world: World) -> None:
    formulate(world)
    formulate(world, "concept", ("A", "B"))
    for one in sources.ALL:
        html = content(world, one.key)
        if one.key.startswith(
            ("concept", "tasks", "lines-by", "lines-of-concepts", "assumptions-of-c")
        ):
            assert "(policy)" not in html and "<p>Two</p>" not in html, one.key
            assert "(concept)" in html or "B" in html or not html, one.key
        elif "level" in vars(one) and one.level == "policy":
            assert "(concept)" not in html, one.key


def test_tests_are_printed_with_their_reasons_and_nothing_is_not_tested(world: World) -> None:
    formulate(world)
    save(world, nothing(world), suitable="no", suitable_why="It reaches nothing.")
    found = table(world, "policy-tests")
    assert found[0] == ["Test", "One", "Two"]
    assert [row[0] for row in found[1:]] == [
        "Distinguishable", "Suitable", "Feasible", "Acceptable", "Complete",
    ]  # fmt: skip
    assert found[2][1].startswith("Yes: It rests on") and "It reaches nothing" not in str(found)


def test_inaction_begins_with_doing_nothing(world: World) -> None:
    formulate(world)
    save(world, nothing(world), inaction="They are killed.")
    found = table(world, "risks-of-inaction")
    assert [row[0] for row in found] == ["Option", "Do nothing", "One", "Two"]
    assert found[1][1] == "They are killed."


def test_assumptions_name_the_options_that_rest_on_them(world: World) -> None:
    formulate(world)
    enter(world, "assumptions", statement="Nobody uses this one.")
    other = enter(world, "assumptions", statement="The road holds.")
    save(world, of(world, "Two"), assumptions=str(other))
    assert table(world, "assumptions-of-options") == [
        ["Assumption", "Status", "Taken by"],
        ["Relief stays until February (policy).", "Proposed", "One"],
        ["The road holds.", "Proposed", "Two"],
    ]


# ---------- the chosen option


def test_the_goal_is_that_of_the_chosen_option(world: World) -> None:
    formulate(world)
    assert content(world, "policy-goal").startswith("<p>Prevent mass atrocities")  # shared: once
    save(world, of(world, "One"), goal="Save lives now.")
    assert [row[0] for row in table(world, "policy-goal")] == ["Option", "One", "Two"]
    recommend_option(entry=of(world, "One"), by=world["lead"])
    assert words(content(world, "policy-goal")).startswith("Save lives now. End state:")
    pick(world, "Two")
    assert words(content(world, "policy-goal")).startswith("Prevent mass atrocities")
    assert [row[0] for row in table(world, "goals-of-options")] == ["Option", "One", "Two"]


def test_objectives_and_lines_are_those_of_the_chosen_option(world: World) -> None:
    formulate(world)
    enter(world, "objectives", statement="For all.")
    assert [row[0] for row in table(world, "policy-objectives")[1:]] == [
        "1. Timely aid for all (policy).", "2. No spillover (policy).", "3. For all.",
    ]  # fmt: skip
    pick(world, "Two")
    found = table(world, "policy-objectives")
    assert [row[0] for row in found[1:]] == ["1. Timely aid for all (policy).", "2. For all."]
    assert found[0] == ["Objective", "Measure"]
    found = table(world, "policy-lines")
    assert [row[-1] for row in found[1:]] == ["1"] * 4  # by their numbers in that table
    assert found[0] == ["Line of effort", "Lead", "Support", "Purpose", "Objectives"]
    assert [row[0] for row in found[1:]] == [
        "1. Diplomacy (policy)", "2. Military Efforts (policy)", "3. Relief (policy)",
        "4. Governance (policy)",
    ]  # fmt: skip


def test_all_options_show_whose_each_objective_and_line_is(world: World) -> None:
    formulate(world)
    enter(world, "objectives", statement="For all.")
    found = table(world, "objectives-of-options")
    assert found[0] == ["Objective", "Measure", "Options"]
    assert [row[-1] for row in found[1:]] == ["Two", "One", "All"]
    assert [row[-1] for row in table(world, "lines-of-options")[1:]] == ["Two"] * 4 + ["One"]
    served = {row[0]: row[1] for row in table(world, "objectives-and-lines")[1:]}
    assert served["1. Timely aid for all (policy)."].startswith("Diplomacy (policy); Military")
    assert served["2. No spillover (policy)."] == ""


@pytest.mark.parametrize(("number", "told"), [(3, "3 lines"), (4, ""), (10, ""), (11, "11 lines")])
def test_a_number_of_lines_outside_four_to_ten_is_told(
    world: World, number: int, told: str
) -> None:
    option(world, "One")
    option(world, "Two")
    for n in range(number):
        enter(world, "lines-of-effort", name=f"Line {n}")
    for source in ("policy-lines", "lines-of-options"):
        said = words(content(world, source).rpartition("</table>")[2])
        assert said.startswith(told) and bool(said) is bool(told), source


def test_the_plan_starts_from_the_adopted_concept_or_else_policy(world: World) -> None:
    formulate(world)
    formulate(world, "concept", ("A", "B"))
    plan = ("tasks-of-plan", "plan-phasing", "plan-resources")
    assert [content(world, one, "tab-08") for one in plan] == ["", "", ""]  # nothing is picked
    pick(world, "Two")
    assert [row[0] for row in table(world, "tasks-of-plan", "tab-08")[1:]] == [
        "Envoy of Two", "Lift of Two",
    ]  # fmt: skip
    recommend_option(entry=of(world, "A"), by=world["lead"])
    assert [row[0] for row in table(world, "tasks-of-plan", "tab-08")[1:]] == [
        "Envoy of A", "Lift of A",
    ]  # fmt: skip
    pick(world, "B")
    assert table(world, "tasks-of-plan", "tab-08") == [
        ["Task", "Lead", "Stages", "Support", "Line of effort"],
        ["Envoy of B", "State", "IC, IIA", "Defense", "Diplomacy (concept)"],
        ["Lift of B", "Defense", "IIA", "", "Military Efforts (concept)"],
    ]
    phasing = content(world, "plan-phasing", "tab-08")
    assert "B: IC ends at D+45." in phasing
    assert rows(phasing) == [["Measure", "Only after"], ["Lift of B", "Envoy of B"]]
    resources = content(world, "plan-resources", "tab-08")
    assert "B: lift, pay and 24 staff." in resources
    assert rows(resources) == [["Measure", "Resources"], ["Envoy of B", "Ten staff."]]


def test_a_chosen_concept_without_measures_leaves_those_of_the_policy(world: World) -> None:
    formulate(world)
    option(world, "A", "concept")
    pick(world, "Two")
    pick(world, "A")
    assert [row[0] for row in table(world, "tasks-of-plan", "tab-08")[1:]] == [
        "Envoy of Two", "Lift of Two",
    ]  # fmt: skip


# ---------- packages


def test_tasks_stand_by_lead_option_and_phase(world: World) -> None:
    formulate(world, "concept", ("A", "B"))
    unled = enter(world, "measures", name="Census", option=str(of(world, "B")), stages="stage_3a")
    assert table(world, "tasks-of-concepts", "tab-07") == [
        ["Lead", "A", "B"],
        ["State", "Envoy of A", "Envoy of B"],
        ["Defense", "Lift of A", "Lift of B"],
        ["Nobody named", "", "Census"],
    ]
    html = content(world, "tasks-by-phase", "tab-06")
    first, second = html.split("<p><strong>B</strong></p>")
    assert rows(first) == [
        ["Lead", "I Prevention", "II Response"],
        ["State", "Envoy of A", "Envoy of A"],
        ["Defense", "", "Lift of A"],
    ]
    assert rows(second)[0] == ["Lead", "I Prevention", "II Response", "III Transition"]
    assert rows(second)[-1] == ["Nobody named", "", "", "Census"]
    save(world, unled, stages="")
    assert "Census" not in content(world, "tasks-by-phase", "tab-06")
    assert table(world, "lines-by-phase", "tab-06") == [
        ["Line of effort", "I Prevention", "II Response"],
        ["Diplomacy (concept)", "All", "All"],
        ["Military Efforts (concept)", "", "All"],
    ]


# ---------- risks, checklist, arguments


def test_risks_stand_by_what_remains(world: World) -> None:
    formulate(world)
    review(world)
    found = table(world, "policy-risk-table")
    assert found[0] == ["Risk", "Options", "Before", "What is done about it", "After"]
    assert [row[:3] for row in found[1:]] == [
        ["Staff are seized (policy).", "One", "Medium, 2 × 5"],
        ["Bands strike harder (policy).", "Two", "High, 4 × 4"],
        ["Nobody weighed it (policy).", "All", ""],
    ]
    assert found[2][3:] == ["Talks run first.", "Medium, 2 × 3"]
    assert words(content(world, "inaction-risks")) == ("It gets worse and dearer. (High, 5 × 5)")
    assert "It gets worse" not in str(found)


def test_a_slide_shows_the_highlighted_risks_or_the_gravest(world: World) -> None:
    formulate(world, "concept", ("A", "B"))
    for n in range(1, 6):
        risk(world, f"Risk number {n}.", n, n)
    html = content(world, "concept-risk-table", "tab-07")
    assert rows(html)[0] == ["Risk", "Options", "Before", "After", "What is done about it"]
    assert [row[2] for row in rows(html)[1:]] == [
        "High, 5 × 5", "High, 4 × 4", "Medium, 2 × 5", "Medium, 3 × 3", "High, 4 × 4",
    ]  # fmt: skip
    assert html.startswith("<p>5 of 8 risks in the register.</p>")
    one = world.effort.entries.get(register="policy-risks", title="Risk number 1.")
    actions.highlight_entry(entry=read(one), on=True, by=world["lead"])
    found = table(world, "concept-risk-table", "tab-07")
    assert [row[0] for row in found[1:]] == ["Risk number 1."]


def test_the_checklist_shows_what_was_answered_and_counts_the_rest(world: World) -> None:
    option(world, "One")
    review(world)
    html = content(world, "guidelines-and-considerations")
    assert [row[0] for row in rows(html)] == [
        "Point",
        "Others take part.",
        "Legitimacy.",
        "Security.",
    ]
    assert html.endswith("<p>Not answered yet: 1 of 4 points.</p>")
    assert rows(content(world, "considerations-heeded", "tab-05"))[1:] == [
        ["Legitimacy.", "Counsel advises by 5 December."]
    ]


def test_the_situation_is_read_in_the_order_of_the_handbook(world: World) -> None:
    review(world)
    assert table(world, "situation-reading") == [
        ["Variable", "Reading", "Why"],
        ["Role of the Host Nation Government", "Mixed", "It may turn."],
        ["Volatility of the Situation", "Urgent", "Ministers incite."],
    ]


def test_arguments_stand_by_option(world: World) -> None:
    formulate(world)
    formulate(world, "concept", ("A", "B"))
    assert table(world, "policy-advantages") == [
        ["Option", "For", "Against"],
        [
            "Two",
            "Acts before January (policy). (USAID)",
            "Exposes relief workers (policy). (USAID)",
        ],
    ]
    assert table(world, "concept-wargame")[1] == ["B", "Two bands stood down (concept). (USAID)"]
    assert table(world, "concept-positions")[1] == ["USAID", "B", "Access comes first (concept)."]


# ---------- decisions, warnings, dissent


def test_choices_say_who_and_when_and_why(world: World) -> None:
    formulate(world)
    recommend_option(entry=of(world, "One"), why="The board leans to it.", by=world["lead"])
    said = words(content(world, "policy-decision"))
    assert said.startswith(f"Recommended: One , by the {world['lead'].post}, ")
    assert said.endswith("Z: The board leans to it.")
    pick(world, "One")
    pick(world, "Two")
    said = words(content(world, "policy-decision"))
    assert re.findall(r"(\w+): (\w+) , by the ([\w ]+), \d", said) == [
        ("Adopted", "One", world["authority"].post), ("Adopted", "Two", world["authority"].post),
    ]  # fmt: skip
    assert said.endswith("Z: Two acts in time.")
    assert content(world, "concept-decision") == ""


def test_an_overruled_warning_is_printed_with_its_reason_while_it_holds(world: World) -> None:
    formulate(world)
    two = of(world, "Two")
    warning = warnings_of(fresh(world.effort))[two.pk][0]
    row = overrule(entry=two, warning=warning.key, why="No means are left.", by=world["member"])
    found = table(world, "policy-overrulings")
    assert found[0] == ["Option", "Warning", "Why it may stand", "Overruled by"]
    assert found[1][0] == "Two" and found[1][2] == "No means are left."
    assert found[1][3].startswith(world["member"].post)
    assert content(world, "concept-overrulings") == ""
    end_overruling(overruling=row, by=world["member"])
    assert content(world, "policy-overrulings") == ""


def world_dissent(world: World, source: str, entry: Entry, words: str = "It is too late.") -> Any:
    """A dissent on an entry, by the board."""
    return actions.enter_dissent(
        effort=fresh(world.effort), fact=f"{source}:{entry.number}", words=words, by=world["board"]
    )


def test_a_dissent_goes_with_the_option_that_it_disputes(world: World) -> None:
    formulate(world)
    two = of(world, "Two")
    first = world_dissent(world, "options", two)
    second = world_dissent(world, "options-side-by-side", two, "And too dear.")
    assumed = world.effort.entries.get(register="assumptions")
    world_dissent(world, "assumptions", assumed, "On something else.")
    row = {r[0]: r[1:] for r in table(world, "options-side-by-side")}["Disputed in"]
    assert row[0] == row[2] == ""
    assert row[1].startswith(f"{first} (") and f"; {second} (" in row[1]
    for key in ("tab-05", "tab-06", "tab-08"):
        sections = snapshot(product(world, key))["sections"]
        printed = str([s.get("registers") for s in sections])
        assert "It is too late." in printed and "And too dear." in printed, key
        assert "On something else." not in printed, key
    assert "Suitable: why" not in content(world, "option-dissents", "tab-05")  # its name alone
    assert "“Two …”" in content(world, "option-dissents", "tab-05")
    actions.withdraw_dissent(dissent=first, why="Settled.", by=world["board"])
    row = {r[0]: r[1:] for r in table(world, "options-side-by-side")}["Disputed in"]
    assert str(first) not in row[1]
    assert "Withdrawn by its author" in content(world, "option-dissents", "tab-05")
