"""What the watch and the registers put into sections: words, tables and drawings, live and frozen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions as watch
from assessments import drawing
from assessments.models import Country, EffortCountry
from planning import actions, ports
from planning.actions.freeze import freeze, snapshot
from planning.actions.press import pictures_of
from planning.models import Drawing, Picture, Product
from planning.registers import REGISTERS
from planning.screenplay import fresh
from tests.watch.conftest import Bring, row
from tests.world import World

IMAGE = re.compile(r'<img src="/efforts/country-x/pictures/([0-9a-f]{64})/" alt="([^"]+)">')


@pytest.fixture
def lead(world: World) -> Any:
    """The lead planner, who keeps the watch."""
    user = world["lead"]
    user.watch = "edit"
    user.save()
    return user


@pytest.fixture
def mali_of(world: World, lead: Any) -> Country:
    """A country that the effort plans for."""
    country = Country.objects.get(code="mli")
    watch.tie_country(effort=world.effort, country=country, by=lead)
    return country


def product(world: World, key: str = "tab-03") -> Product:
    """A product with nothing kept on its effort."""
    found = world.product(key)
    found.effort = fresh(world.effort)
    return found


def content(world: World, source: str, key: str = "tab-03") -> str:
    """What a source puts into a section now."""
    one = product(world, key)
    found = ports.SOURCES[source]
    return found.content(one, found.facts(one))


def enter(world: World, register: str, **values: Any) -> Any:
    """An entry by the member."""
    return actions.add_entry(
        effort=world.effort, register=REGISTERS[register], values=values, by=world["member"]
    )


def test_without_a_country_nothing_is_printed(world: World) -> None:
    for source in ("country-profile", "events-map", "events-chart", "indicators"):
        assert content(world, source) == ""
    assert Drawing.objects.count() == 0


def test_the_profile_stands_under_its_headings(world: World, lead: Any, mali_of: Country) -> None:
    long = "The Niger bends here. " * 40
    for heading, body in (("history", long), ("people", "Twenty million.")):
        watch.save_profile(country=mali_of, heading=heading, body=body, revision=0, by=lead)
    assert content(world, "country-history", "tab-02-enclosure-1").count("Niger") == 40
    short = content(world, "country-profile")
    assert "Twenty million." in short
    assert short.index("People") < short.index("History")  # in the order of the headings
    assert 0 < short.count("Niger") < 40
    assert short.count("here.</p>") == 1  # it ends with a sentence


def test_a_profile_that_changes_is_another_fact(world: World, lead: Any, mali_of: Country) -> None:
    watch.save_profile(country=mali_of, heading="people", body="Twenty.", revision=0, by=lead)
    source = ports.SOURCES["country-people"]
    [before] = source.facts(product(world))
    watch.save_profile(country=mali_of, heading="people", body="Thirty.", revision=1, by=lead)
    [now] = source.facts(product(world))
    assert (now.key, now.digest != before.digest) == (before.key, True)


def test_events_are_summed_drawn_once_and_credited(
    world: World, lead: Any, mali_of: Country, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(row(1, best=5, low=3, high=9), row(2, day="2020-03-01", best=7, kind="state_based"))
    drawn: list[int] = []
    png = drawing.png
    monkeypatch.setattr(drawing, "png", lambda svg, width: drawn.append(width) or png(svg, width))
    for source in ("events-map", "events-chart"):
        html = content(world, source)
        assert "Mali: 2 events" in html
        assert "best estimate 12 (low 10, high 16)" in html
        [(_, alt)] = IMAGE.findall(html)
        assert "12" in alt
    assert len(drawn) == 2
    again = content(world, "events-map")
    assert len(drawn) == 2  # the same facts are not drawn again
    bring(row(3, day="2020-03-05", best=30))
    assert content(world, "events-map") != again
    assert len(drawn) == 3
    assert not Picture.objects.filter(added_by__isnull=False).exists()


def test_only_the_effort_s_own_people_see_a_drawing(
    world: World, lead: Any, mali_of: Country, bring: Bring
) -> None:
    bring(row(1))
    [(sha256, _)] = IMAGE.findall(content(world, "events-map"))
    address = f"/efforts/country-x/pictures/{sha256}/"
    assert world.client("board").get(address).status_code == 200
    assert world.client("outsider").get(address).status_code == 404


def test_silent_months_are_told(world: World, mali_of: Country, bring: Bring) -> None:
    bring(row(1, day="2020-01-05"), covers_from=date(2020, 1, 1), covers_to=date(2020, 1, 31))
    bring(row(2, day="2020-04-05"), covers_from=date(2020, 4, 1), covers_to=date(2020, 4, 30))
    assert "For 2 months no feed says anything." in content(world, "events-chart")


def test_indicators_stand_in_the_framework_s_order_and_unknown_is_said(
    world: World, lead: Any, mali_of: Country
) -> None:
    watch.rate(
        country=mali_of, frame="osapg", item="6.1", level="acute", trend="worse",
        confidence="high", evidence="Mass graves were found.", by=lead,
    )  # fmt: skip
    html = content(world, "indicators")
    assert html.count('<th scope="row">') == 8
    assert "1 acute" in html
    assert "not ranked" in html
    facts = ports.SOURCES["indicators"].facts(product(world))
    assert [fact.key for fact in facts] == ["mli-genocidal-acts"]
    assert "5 unknown" in facts[0].words


def test_the_network_and_the_timeline_are_drawn_from_registers(world: World) -> None:
    assert content(world, "actor-network", "tab-02") == ""
    assert content(world, "findings-timeline", "tab-02") == ""
    enter(world, "actors", name="Army")
    enter(world, "actors", name="Village")
    enter(world, "actors", name="Nobody's friend")
    enter(world, "relations", what="raids", start="ACT-1", end="ACT-2", relation="opposes")
    enter(
        world, "findings", statement="The rains end", kind="window_of_vulnerability",
        opens="2026-11-01",
    )  # fmt: skip
    [(_, alt)] = IMAGE.findall(content(world, "actor-network", "tab-02"))
    assert "Army" in alt
    assert "Nobody" not in alt  # who is tied to nobody is in the table of actors alone
    [(_, alt)] = IMAGE.findall(content(world, "findings-timeline", "tab-02"))
    assert "The rains end" in alt


def test_a_frozen_version_keeps_its_pictures(
    world: World, lead: Any, mali_of: Country, bring: Bring
) -> None:
    bring(row(1, best=5))
    version = freeze(product=product(world), by=world["lead"])
    kept = pictures_of(version.snapshot)
    assert len(kept) == 2  # the map and the chart, for the renderers
    bring(row(2, best=50))
    assert pictures_of(version.snapshot) == kept
    assert set(pictures_of(snapshot(product(world)))).isdisjoint(kept)


def test_what_a_section_asks_does_not_grow(
    world: World, lead: Any, mali_of: Country, bring: Bring, many: Callable[..., None]
) -> None:
    bring(row(1))

    def asked() -> int:
        content(world, "events-map")  # drawn
        with CaptureQueriesContext(connection) as caught:
            content(world, "events-map")
        return len(caught)

    few = asked()
    many(mali_of, 3_000)
    assert asked() == few <= 8


def test_an_effort_that_is_tied_to_no_country_any_more_says_nothing(
    world: World, lead: Any, mali_of: Country, bring: Bring
) -> None:
    bring(row(1))
    watch.untie_country(effort=world.effort, country=mali_of, by=lead)
    assert not EffortCountry.objects.exists()
    assert content(world, "events-map") == ""
