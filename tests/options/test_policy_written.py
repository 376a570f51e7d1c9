"""What sources of options make of sections: written or not, frozen, out of date, marked."""

from __future__ import annotations

import pytest

from dime import sources
from dime.actions.option import overrule
from dime.selectors.warnings import warnings_of
from mapro.core.models import Marking
from planning import actions, ports, progress, selectors
from planning.actions.freeze import freeze
from planning.models import Product
from planning.screenplay import fresh
from tests.flows.test_query_counts import queries
from tests.options.formulated import formulate, option, read, review, save
from tests.options.test_policy_sources import content, of, pick, product, table, world_dissent
from tests.world import World

# ---------- what counts as written, frozen and out of date


def due(world: World, key: str) -> set[str]:
    """The required sections of a product that are still empty."""
    rows = {r.product.key: r for r in progress.products_of(fresh(world.effort))}
    return {outlined.section.key for outlined in rows[key].due}


def test_options_of_the_policy_write_nothing_of_the_plan(world: World) -> None:
    world.approve(1)
    formulate(world)
    assert {"policy-options", "analysis-and-recommendations"} & due(world, "tab-04") == set()
    assert {"overview", "critical-issues"} <= due(world, "tab-04")
    wanted = {"rationale", "organization-resources", "overall-concept-sketch"}
    assert wanted <= due(world, "tab-06")
    concept = option(world, "A", "concept", rationale="")
    assert wanted & due(world, "tab-06") == {"rationale"}
    save(world, concept, rationale="It bears on the drivers.")
    assert wanted & due(world, "tab-06") == set()
    actions.retire_entry(entry=read(concept), why="It was merged.", by=world["member"])
    assert wanted <= due(world, "tab-06")


def test_what_is_chosen_says_what_is_written(world: World) -> None:
    world.approve(1)
    formulate(world)
    assert "policy-goal" not in due(world, "tab-05")
    save(world, of(world, "Two"), goal="", end_state="")
    assert "policy-goal" not in due(world, "tab-05")  # that of option one is shown
    pick(world, "Two")
    assert "policy-goal" in due(world, "tab-05")


def test_a_view_of_a_level_is_filled_by_that_level_alone(world: World) -> None:
    option(world, "One")
    there = progress.filled(fresh(world.effort))
    assert "policy-options" in there and "concept-options" not in there
    option(world, "A", "concept")
    assert "concept-options" in progress.filled(fresh(world.effort))


def test_words_of_people_stay_words(world: World) -> None:
    bad = "<script>alert(1)</script>"
    formulate(world, "policy", (f"One {bad}", f"Two {bad}"))
    formulate(world, "concept", (f"A {bad}", f"B {bad}"))
    review(world)
    for entry in world.effort.entries.exclude(register="options"):
        save(world, entry, **{entry.definition.title.key: f"{entry.title} {bad}"})
    for register in ("arguments", "policy-risks", "measures"):
        for entry in world.effort.entries.filter(register=register):
            key = {"arguments": "agency", "policy-risks": "owner", "measures": "lead"}[register]
            save(world, entry, **{key: bad})
    pick(world, f"Two {bad}")
    pick(world, f"B {bad}")
    two = of(world, f"Two {bad}")
    warning = warnings_of(fresh(world.effort))[two.pk][0]
    overrule(entry=two, warning=warning.key, why=bad, by=world["member"])
    world_dissent(world, "options", two, bad)
    shown = {one.key: content(world, one.key) for one in sources.ALL}
    assert [key for key, html in shown.items() if "<script" in html] == []
    assert sum("&lt;script&gt;" in html for html in shown.values()) > 25


def test_a_quiet_source_writes_nothing(world: World) -> None:
    world.approve(1)
    review(world)
    recommendations = due(world, "tab-04-enclosure-1") & {"overview", "recommendations"}
    assert recommendations == {"overview", "recommendations"}
    formulate(world)
    pick(world, "Two")
    assert "overview" in due(world, "tab-04-enclosure-1")


def test_an_approved_version_keeps_what_it_showed(world: World) -> None:
    formulate(world)
    version = freeze(product=world.product("tab-04"), by=world["lead"])
    save(world, of(world, "Two"), main_risk="Reprisals on relief workers.")
    version.refresh_from_db()
    assert "Two comes too late" in str(version.snapshot)
    assert "Reprisals" not in str(version.snapshot)
    again = freeze(product=world.product("tab-04"), by=world["lead"])
    assert "Reprisals on relief workers." in str(again.snapshot)
    Product.objects.filter(pk=version.product_id).update(approved_version=version)
    moved = {(one.section, one.label) for one in selectors.moved(fresh(world.effort))}
    assert ("policy-options", "Options side by side") in moved


def test_portions_are_marked_where_they_differ(world: World) -> None:
    formulate(world)
    top = Marking.objects.order_by("rank").last()
    assert top is not None
    two = of(world, "Two")
    actions.save_entry(
        entry=two, values={}, revision=two.revision, portion=top.code, by=world["lead"]
    )
    found = table(world, "options-side-by-side")
    assert found[0][2] == f"{top.portion} Two" and found[0][1].endswith(" One")
    version = freeze(product=world.product("tab-04"), by=world["lead"])
    assert version.marking == top


@pytest.mark.parametrize("names", [("One", "Two"), ("One", "Two", "Three", "Four", "Five")])
def test_a_memo_takes_as_many_queries_for_few_options_as_for_many(
    world: World, names: tuple[str, ...]
) -> None:
    formulate(world, "policy", names)
    review(world)
    one = product(world)

    def every() -> None:
        for section in one.definition.every_section():
            ports.content_of(one, section)

    assert queries(every) <= 22


def test_an_entry_says_in_which_sections_it_is_shown(world: World) -> None:
    formulate(world)
    shown = {(s.product.key, s.section) for s in selectors.shown_in(of(world, "Two"))}
    assert ("tab-04", "policy-options") in shown and ("tab-06", "rationale") not in shown


def test_a_section_leads_to_every_register_behind_it(world: World) -> None:
    formulate(world)
    page = "/efforts/country-x/products/tab-04/sections/policy-options/"
    shown = world.client("member").get(page).content.decode()
    for key, label in (
        ("options", "options"),
        ("measures", "measures"),
        ("objectives", "strategic"),
    ):
        assert f'href="/efforts/country-x/registers/{key}/">Open {label}' in shown
