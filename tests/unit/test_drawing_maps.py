"""The map of the world and the map of a country."""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assessments.drawing import (
    CountryMark,
    Drawing,
    DrawingError,
    MapPoint,
    Place,
    bubbles,
    country,
    country_map,
    find_country,
    maps,
    world_map,
)
from assessments.drawing import frame as frames
from assessments.drawing.looks import LEVELS, TYPES

SVG = "{http://www.w3.org/2000/svg}"
HIGH = CountryMark("CAF", "Central African Republic", "high", "above threshold")


def tree(drawing: Drawing) -> etree._Element:
    """The picture as a tree."""
    return etree.fromstring(drawing.svg.encode())


def titles(drawing: Drawing) -> list[str]:
    """What the parts of the picture say when pointed at."""
    return [found.text or "" for found in tree(drawing).iter(f"{SVG}title")][1:]


def words(drawing: Drawing) -> str:
    """All that is written in the picture."""
    found = [
        part.text or part[0].tail or ""
        for part in tree(drawing).iter(f"{SVG}text")
        if part.get("aria-hidden") is None
    ]
    return " | ".join(found)


def group(drawing: Drawing, title: str) -> etree._Element:
    """The part of the picture with that title."""
    return next(
        found.getparent() for found in tree(drawing).iter(f"{SVG}title") if found.text == title
    )


def test_levels_differ_by_hatch_and_not_by_color_alone() -> None:
    assert len({(look.hatch.lines, look.hatch.stroke) for look in LEVELS.values()}) == len(LEVELS)
    assert all(look.hatch.lines for look in LEVELS.values())
    assert len({look.shape for look in TYPES.values()}) == len(TYPES)


def test_each_level_is_drawn_with_its_own_pattern_and_counted_in_the_legend() -> None:
    marks = [
        HIGH,
        CountryMark("SSD", "South Sudan", "medium", ""),
        CountryMark("FRA", "France", "low", ""),
        CountryMark("SDN", "Sudan", "unknown", "no data for 19 days"),
    ]
    drawing = world_map(marks)
    fills = {
        title: group(drawing, title)[1].get("fill") for title in titles(drawing) if ":" in title
    }
    assert len(set(fills.values())) == 4
    assert all(fill and fill.startswith("url(#world-map-hatch-") for fill in fills.values())
    written = words(drawing)
    for legend in ("High (1)", "Medium (1)", "Low (1)", "does not mean calm (1)", "Not watched"):
        assert legend in written
    assert "not official" in written


def test_the_text_alternative_says_every_mark_and_that_unknown_is_not_calm() -> None:
    drawing = world_map([HIGH, CountryMark("SDN", "Sudan", "unknown", "no data for 19 days")])
    assert drawing.alt == (
        "World map of 2 watched countries. High: Central African Republic (above threshold). "
        "Not known, which does not mean calm: Sudan (no data for 19 days)."
    )
    assert world_map([]).alt == "World map. No country is watched."


@pytest.mark.parametrize("iso3", ["MLT", "SGP", "MDV", "TUV", "BHR", "RWA"])
def test_a_small_state_gets_a_dot_that_can_be_seen(iso3: str) -> None:
    drawing = world_map([CountryMark(iso3, "Small", "low", "")])
    circles = [c for c in group(drawing, "Small: low.") if c.tag == f"{SVG}circle"]
    assert circles and float(circles[0].get("r")) >= 5


def test_small_neighbors_do_not_hide_each_other() -> None:
    drawing = world_map(
        [CountryMark("RWA", "Rwanda", "high", ""), CountryMark("BDI", "Burundi", "low", "")]
    )
    spots = [
        (float(c.get("cx")), float(c.get("cy")))
        for name in ("Rwanda: high.", "Burundi: low.")
        for c in group(drawing, name)
        if c.tag == f"{SVG}circle"
    ]
    assert math.dist(*spots) >= 12


@pytest.mark.parametrize("iso3", ["RUS", "FJI", "USA", "NZL", "KIR"])
def test_no_country_is_smeared_across_the_map(iso3: str) -> None:
    area = maps._world()[0][iso3]
    for part in area.path.split("M")[1:]:
        steps = [abs(x) for x, _ in _steps(part)]
        assert max(steps, default=0) < 60, iso3  # pixels; a smear would be about 900


def test_russia_lies_in_one_piece_in_the_east() -> None:
    area = maps._world()[0]["RUS"]
    assert area.x > 500
    for part in area.path.split("M")[1:]:
        assert float(re.match(r"-?[\d.]+", part)[0]) > 450  # type: ignore[index]


def _steps(part: str) -> list[tuple[float, float]]:
    data = part.partition("l")[2]
    numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", data)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_an_exercise_country_is_named_below_the_map() -> None:
    drawing = world_map([CountryMark("XXX", "Country X", "high", "above threshold"), HIGH])
    assert "Not on the map: Country X (high; above threshold)." in words(drawing)
    assert "Not on the map: Country X." in drawing.alt


def test_links_lead_within_mapro_and_can_be_reached() -> None:
    drawing = world_map([CountryMark("MLT", "Malta", "high", "rising", "/watch/mlt/"), HIGH])
    root = tree(drawing)
    link = next(root.iter(f"{SVG}a"))
    assert link.get("href") == "/watch/mlt/"
    assert link[0].tag == f"{SVG}title" and link[0].text == "Malta: high. rising"
    assert root.get("role") == "group"  # an image would hide the links from screen readers
    target = [c for c in link if c.get("pointer-events") == "all"]
    assert target and float(target[0].get("r")) >= 12
    assert tree(world_map([HIGH])).get("role") == "img"
    quoted = world_map([CountryMark("CAF", "CAR", "high", "", "/watch/?q=\"'<&>")])
    assert next(tree(quoted).iter(f"{SVG}a")).get("href") == "/watch/?q=\"'<&>"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "https://evil.example/",
        "//evil.example",
        "data:x",
        " /x",
        "/a\\b",
        "x",
    ],
)
def test_links_out_of_mapro_are_refused(href: str) -> None:
    with pytest.raises(DrawingError, match="leads out of MAPRO"):
        world_map([CountryMark("CAF", "CAR", "high", "", href)])


def test_two_marks_of_a_country_and_an_unknown_level_are_refused() -> None:
    with pytest.raises(DrawingError, match="Marked more than once: CAF"):
        world_map([HIGH, CountryMark("CAF", "Again", "low", "")])
    with pytest.raises(DrawingError, match="'calm'; give one of high, medium, low, unknown"):
        world_map([CountryMark("CAF", "CAR", "calm", "")])


BANGUI = MapPoint(4.37, 18.58, 40, "one_sided", "Bangui")
BIRAO = MapPoint(10.28, 22.79, 10, "state_based", "Birao")


def test_a_country_map_says_what_it_shows() -> None:
    drawing = country_map("CAF", "Central African Republic", [BANGUI, BIRAO])
    assert drawing.width == 720
    assert drawing.alt == (
        "Map of Central African Republic with 2 events and 50 deaths (best estimates). "
        "Events by type: State-based conflict: 1; One-sided violence: 1. "
        "Most deaths: Bangui (40 deaths, one-sided violence) and "
        "Birao (10 deaths, state-based conflict)."
    )
    assert "1 event, 40 deaths (best estimate), one-sided violence: Bangui" in titles(drawing)
    written = words(drawing)
    assert " km" in written and "N" in written.split(" | ") and "not official" in written
    for neighbor in ("Chad", "South Sudan", "Democratic Republic of the Congo"):
        assert neighbor in written


def test_bubbles_are_as_large_in_area_as_their_deaths() -> None:
    size = country._Radius(400)
    assert (size(400) / size(100)) ** 2 == pytest.approx(4)
    assert size(0) == size(size.least) < size(size.least + 1)


@pytest.mark.parametrize("kind", ["circle", "square", "triangle", "diamond", "cross", "bar"])
def test_shapes_have_the_area_of_their_circle(kind: str) -> None:
    from mapro.core.drawing.svg import shape

    path = shape(kind, 500, 500, 100)
    if kind == "circle":
        assert "a100 100" in path
        return
    assert _area(path) == pytest.approx(math.pi * 100**2, rel=0.01)


def _area(path: str) -> float:
    points = [(0.0, 0.0)]
    for command, data in re.findall(r"([MlhvH])([^MlhvHz]*)", path):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", data)]
        x, y = points[-1]
        if command == "M":
            points = [(numbers[0], numbers[1])]
        elif command == "h":
            points.append((x + numbers[0], y))
        elif command == "v":
            points.append((x, y + numbers[0]))
        else:
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + dx, y + dy
                points.append((x, y))
    turned = points[1:] + points[:1]
    return abs(sum(a * d - c * b for (a, b), (c, d) in zip(points, turned, strict=True))) / 2


POINTS = st.builds(
    MapPoint,
    lat=st.floats(2, 11), lon=st.floats(14, 28), deaths_best=st.integers(0, 500),
    type=st.sampled_from(sorted(TYPES)), words=st.sampled_from(["", "a", "b", "c", "d", "e"]),
)  # fmt: skip


@given(st.lists(POINTS, max_size=120), st.integers(4, 30))
def test_merging_loses_no_event_and_no_death(points: list[MapPoint], most: int) -> None:
    found = bubbles.merged(points, 20, 6, most)
    assert len(found) <= max(most, len({point.type for point in points}))
    for kind in TYPES:
        events = [point for point in points if point.type == kind]
        there = [bubble for bubble in found if bubble.type == kind]
        assert sum(bubble.events for bubble in there) == len(events)
        assert sum(bubble.deaths for bubble in there) == sum(p.deaths_best for p in events)
        if events:
            south, north = min(p.lat for p in events), max(p.lat for p in events)
            assert all(south - 1e-6 <= bubble.lat <= north + 1e-6 for bubble in there)


def test_ten_thousand_events_are_few_bubbles_and_all_are_counted() -> None:
    points = [
        MapPoint(3 + 7 * (n * 0.618034 % 1), 15 + 12 * (n * 0.754878 % 1), n % 9, kind, f"p{n}")
        for n in range(10_000)
        for kind in [("state_based", "non_state", "one_sided")[n % 3]]
    ]
    drawing = country_map("CAF", "Central African Republic", points)
    drawn = [title for title in titles(drawing) if "(best estimate)" in title]
    assert 100 < len(drawn) <= 300
    counted = sum(int(re.match(r"[\d,]+", title)[0].replace(",", "")) for title in drawn)  # type: ignore[index]
    assert counted == 10_000
    assert "10,000 events" in drawing.alt


def test_events_at_few_places_keep_their_places() -> None:
    points = [BANGUI, BIRAO] * 400
    found = bubbles.merged(points, 20, 6)
    assert [(round(b.lat, 2), b.events) for b in found] == [(4.37, 400), (10.28, 400)]


def test_an_event_near_the_border_widens_the_map_and_a_far_one_is_counted_below() -> None:
    near_by = MapPoint(12.5, 21.0, 5, "one_sided", "Chad")
    far = MapPoint(48.85, 2.35, 7, "one_sided", "Paris")
    drawing = country_map("CAF", "Central African Republic", [BANGUI, near_by, far])
    shown = [title for title in titles(drawing) if "(best estimate)" in title]
    assert len(shown) == 2
    assert "Not on this map: 1 event with 7 deaths far outside of it." in words(drawing)
    assert "Not on this map: 1 event with 7 deaths" in drawing.alt


@given(st.lists(POINTS, min_size=1, max_size=300))
def test_all_events_in_and_around_a_country_are_on_its_map(points: list[MapPoint]) -> None:
    drawing = country_map("CAF", "Central African Republic", points)
    assert "Not on this map" not in drawing.alt


@given(
    st.lists(st.tuples(st.floats(-60, 60), st.floats(-180, 180)), min_size=1, max_size=40),
    st.integers(0, 400),
)
def test_a_map_without_outline_holds_all_its_places(
    spots: list[tuple[float, float]], repeated: int
) -> None:
    first = spots[0]
    spots = [(lat, first[1] + (lon - first[1]) / 4) for lat, lon in spots]
    spots = [(lat, lon) for lat, lon in spots if -180 <= lon <= 180] or [first]
    points = [MapPoint(lat, lon, 1, "other", "") for lat, lon in spots]
    points += points[:1] * repeated
    drawing = country_map(None, "Country X", points)
    assert "Not on this map" not in drawing.alt
    assert drawing.alt.endswith("The map has no outline of the country.")


def test_a_country_on_both_sides_of_180_is_one_map() -> None:
    points = [
        MapPoint(-16.8, 179.9, 3, "one_sided", "east"),
        MapPoint(-16.8, -179.9, 4, "one_sided", "west"),
    ]
    for iso3 in ("FJI", None):
        drawing = country_map(iso3, "Fiji", points)
        assert "Not on this map" not in drawing.alt
        frame = frames.fitted(iso3, [(p.lon, p.lat) for p in points])
        left, right = (frame.at(p.lon, p.lat)[0] for p in points)
        assert 0 < right - left < frames.WIDTH
    assert frames.fitted("FJI", []).km > 1  # pixels: some 400 km across, not the whole earth


def test_a_map_with_nothing_to_draw_invents_no_geography() -> None:
    drawing = country_map(None, "Country X", [])
    assert drawing.alt == "Map of Country X. No events."
    assert "°" not in drawing.svg and " km" not in drawing.svg
    assert "No outline, no events and no places to draw" in words(drawing)
    assert "No events" in words(country_map("CAF", "CAR", []))


def test_places_are_named_and_an_unknown_kind_is_refused() -> None:
    drawing = country_map("CAF", "CAR", [BANGUI], [Place("Bangui", 4.37, 18.58, "capital")])
    assert "Bangui" in words(drawing) and "Bangui (capital)" in titles(drawing)
    with pytest.raises(DrawingError, match="capital, city, camp, place"):
        country_map("CAF", "CAR", [], [Place("x", 1, 1, "village")])
    with pytest.raises(DrawingError, match="61 places are too many to name"):
        country_map("CAF", "CAR", [], [Place("x", 1, 1)] * 61)
    with pytest.raises(DrawingError, match="latitude 99"):
        country_map("CAF", "CAR", [], [Place("x", 99, 1)])


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (MapPoint(95, 18, 1, "other", "Bangui"), "Event 1 .'Bangui'. has latitude 95"),
        (MapPoint(math.nan, 18, 1, "other", "x"), "latitude nan"),
        (MapPoint(5, 18, -1, "other", "x"), "-1 deaths"),
        (MapPoint(5, 18, 1, "riot", "x"), "Types are state_based, non_state, one_sided, other"),
    ],
)
def test_an_event_that_cannot_be_drawn_is_refused(point: MapPoint, said: str) -> None:
    with pytest.raises(DrawingError, match=said):
        country_map("CAF", "CAR", [point])


@pytest.mark.parametrize("iso3", ["CAF", "RUS", "MLT", "IDN", "FJI"])
def test_the_scale_bar_is_true(iso3: str) -> None:
    frame = frames.fitted(iso3, [])
    km, pixels = frames.scale_bar(frame)
    assert 30 <= pixels <= 150
    assert str(km).lstrip("125").strip("0") == ""
    projection = frame.projection
    here = frame.at(projection.lon, projection.lat)
    north = frame.at(projection.lon, projection.lat + 0.1)
    assert here[0] == pytest.approx(north[0]) and north[1] < here[1]  # north is up
    assert math.dist(here, north) / frame.km == pytest.approx(11.12, abs=0.02)


def test_every_country_can_be_drawn() -> None:
    kinds = Counter[str]()
    for iso3 in ("AND", "CHL", "KIR", "MDV", "NRU", "NZL", "TUV", "USA", "VAT", "XKX"):
        found = find_country(iso3)
        assert found is not None
        drawing = country_map(iso3, found.name, [])
        height = drawing.height
        assert 380 <= height <= 900, (iso3, height)
        kinds[iso3] = drawing.svg.count("<path")
    assert all(kinds.values())
