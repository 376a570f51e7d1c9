"""What comparisons put into products: tables that fit, words, one picture; nothing when empty."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from dime import picture, weighed
from dime.actions.comparison import reopen_weights
from mapro.core.drawing import raster
from planning.models import Drawing, Product
from planning.ports import SOURCES
from tests.options.comparing import CONCEPT, POLICY, found, score, scored, settle, stage
from tests.options.kit import fresh, option
from tests.world import World

KEYS = {
    "policy-comparison", "comparison-by-agency", "policy-sensitivity", "comparison-picture",
    "concept-comparison", "concept-by-agency", "concept-sensitivity", "concept-picture",
}  # fmt: skip


def product(world: World) -> Product:
    """Tab 4 of an effort read anew."""
    made = world.product("tab-04")
    made.effort = fresh(world)
    return made


def content(world: World, key: str) -> str:
    """What a source prints."""
    shown = product(world)
    return SOURCES[key].content(shown, SOURCES[key].facts(shown))


def cells(html: str) -> list[list[str]]:
    """The rows of the tables, in words."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[hd][^>]*><p>(.*?)</p></t[hd]>", row) for row in rows]


def test_every_source_is_plugged_in() -> None:
    assert set(SOURCES) >= KEYS
    assert {one.key for one in weighed.SOURCES} == KEYS


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_source_prints_nothing_before_anything_ranks(world: World, key: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        shown = product(world)
        before = len(queries)
        assert SOURCES[key].content(shown, SOURCES[key].facts(shown)) == ""
        assert len(queries) == before  # an effort without criteria is not even asked
    stage(world, 60, 40)
    settle(world)
    assert content(world, key) == ""
    assert list(SOURCES[key].facts(product(world))) == []


def test_the_table_has_means_ranges_totals_and_ranks(world: World) -> None:
    scored(world)
    assert cells(content(world, "policy-comparison")) == [
        ["Criterion", "Weight", "Broad campaign", "Pressure with partners", "Do nothing"],
        ["Speed", "60", "4.00", "2.50 (2 to 3)", "1.00"],
        ["Cost", "40", "2.50 (2 to 3)", "4.50 (4 to 5)", "5.00"],
        ["Total", "", "3.40", "3.30", "2.60"],
        ["Rank", "", "1", "2", "3"],
    ]
    assert content(world, "concept-comparison") == ""


def test_options_that_tie_share_their_rank_and_unscored_ones_have_none(world: World) -> None:
    stage(world, 50, 50)
    option(world, "Third way")
    settle(world)
    score(world, "member", {1: (5, 1, 1), 2: (1, 1, 5)})
    rows = cells(content(world, "policy-comparison"))
    assert rows[0][2:] == ["Pressure with partners", "Broad campaign", "Do nothing", "Third way"]
    assert rows[1][5] == "not scored"
    assert rows[-1] == ["Rank", "", "1=", "1=", "3", "no rank"]


def test_many_options_are_printed_in_tables_that_fit(world: World) -> None:
    stage(world, 50, 50)
    for name in ("Third", "Fourth", "Fifth"):
        option(world, name)
    settle(world)
    score(world, "member", {1: (5, 1, 1, 2, 3, 4), 2: (1, 1, 5, 2, 3, 4)})
    for key in ("policy-comparison", "comparison-by-agency"):
        html = content(world, key)
        assert html.count("<table>") == 2
        assert max(len(row) for row in cells(html)) <= 6


def test_each_agency_is_printed_apart(world: World) -> None:
    scored(world)
    rows = cells(content(world, "comparison-by-agency"))
    by = {row[0]: row[1:] for row in rows[1:]}
    civil, military = (world[w].organization for w in ("member", "africom"))
    assert civil and military
    assert by[civil.short] == ["3.20, rank 1", "2.80, rank 2", "2.60, rank 3"]
    assert by[military.short] == ["3.60, rank 2", "3.80, rank 1", "2.60, rank 3"]


def test_the_words_say_how_stable_it_is_and_who_decides(world: World) -> None:
    scored(world)
    html = content(world, "policy-sensitivity")
    assert "“Broad campaign” leads with 3.40 of 5" in html
    assert "would be first" in html
    assert "the decision remains the authority" in html


def test_open_weights_are_said_in_print(world: World) -> None:
    scored(world)
    assert "open again" not in content(world, "policy-comparison")
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    assert "The weights are open again" in content(world, "policy-comparison")


def test_facts_name_totals_and_ranks_and_change_with_them(world: World) -> None:
    scored(world)
    before = {fact.key: fact for fact in SOURCES["policy-comparison"].facts(product(world))}
    assert before["3"].words == "Broad campaign: 3.40 of 5, rank 1"
    assert before["3"].marking is not None
    score(world, "africom", {1: (5, 1, 1), 2: (5, 5, 1)})
    after = {fact.key: fact for fact in SOURCES["policy-comparison"].facts(product(world))}
    assert after["1"].words.endswith("rank 1")
    assert after["3"].digest != before["3"].digest
    assert after["3"].changed_at > before["3"].changed_at


def test_the_picture_is_drawn_once_for_the_same_facts(world: World) -> None:
    scored(world)
    first = content(world, "comparison-picture")
    assert first.startswith("<figure><img")
    assert "Rank 1: Broad campaign, 3.40" in first
    assert content(world, "comparison-picture") == first
    assert Drawing.objects.count() == 1
    score(world, "africom", {1: (5, 1, 1), 2: (5, 5, 1)})
    assert content(world, "comparison-picture") != first
    assert Drawing.objects.count() == 2


def test_the_picture_says_in_words_and_numbers_what_it_shows(world: World) -> None:
    result = scored(world)
    bars = weighed.bars_of(result)
    assert [bar.rank for bar in bars] == ["1", "2", "3"]
    for bar in bars:
        assert sum(part.value for part in bar.parts) == pytest.approx(bar.total)
    made = picture.comparison(bars, weighed.legend_of(result), title="Comparison")
    raster.check(made.svg)
    said = [e.text for e in etree.fromstring(made.svg.encode()).iter("{*}text")]
    assert "3.40" in said and "rank 1" in said
    assert said.count("1") >= 1 + len(bars)  # the scale, and a number in each part
    assert any(one and one.startswith("1 Speed (60 %)") for one in said)


def test_the_picture_bears_hostile_names_and_many_criteria() -> None:
    hostile = '<script>"&' + "long " * 60
    parts = tuple(picture.Part(at, 0.3) for at in range(12))
    bars = [picture.Bar(hostile, 3.6, "3.60", "1", parts), picture.Bar(hostile, 0, "", "", ())]
    criteria = [(f"{hostile} {at}", "8 %") for at in range(12)]
    made = picture.comparison(bars, criteria, title=hostile)
    raster.check(made.svg)
    assert "<script>" not in made.svg
    assert "no rank: scores missing" in made.svg
    fills = re.findall(r'<rect x="8(?:\.0)?" y="[\d.]+" width="22"[^>]*fill="([^"]+)"', made.svg)
    assert len(fills) == 6
    empty = picture.comparison([], [], title="Nothing")
    raster.check(empty.svg)


def test_the_concept_level_has_sources_of_its_own(world: World) -> None:
    stage(world, 50, 50, level=CONCEPT)
    settle(world, CONCEPT)
    score(world, "member", {1: (5, 1, 1), 2: (2, 1, 5)}, CONCEPT)
    assert found(world, CONCEPT).outcome.totals
    assert "3.50" in content(world, "concept-comparison")
    assert content(world, "policy-comparison") == ""
