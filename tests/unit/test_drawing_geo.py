"""Countries and outlines: who is in the list, where its land lies, what projections keep true."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import DrawingError, geo
from assessments.drawing import frame as frames
from assessments.drawing.geo import Ring
from assessments.drawing.projection import EARTH_KM, Azimuthal, equal_earth, near

LONS = st.floats(-180, 180)
LATS = st.floats(-89, 89)

# Names as UCDP writes them, with the number that stands in its country_id.
UCDP = {
    "Central African Republic": ("CAF", 482), "DR Congo (Zaire)": ("COD", 490),
    "Rwanda": ("RWA", 517), "Sudan": ("SDN", 625), "South Sudan": ("SSD", 626),
    "Myanmar (Burma)": ("MMR", 775), "Yemen (North Yemen)": ("YEM", 678),
    "Russia (Soviet Union)": ("RUS", 365), "Cambodia (Kampuchea)": ("KHM", 811),
    "Serbia (Yugoslavia)": ("SRB", 345), "Zimbabwe (Rhodesia)": ("ZWE", 552),
    "Kingdom of eSwatini (Swaziland)": ("SWZ", 572), "Bosnia-Herzegovina": ("BIH", 346),
    "Macedonia, FYR": ("MKD", 343), "Ivory Coast": ("CIV", 437), "Congo": ("COG", 484),
    "Madagascar (Malagasy)": ("MDG", 580), "Vietnam (North Vietnam)": ("VNM", 816),
    "United States of America": ("USA", 2), "Syria": ("SYR", 652), "Ethiopia": ("ETH", 530),
}  # fmt: skip

# Towns, so that an outline under the wrong key, or a border on the wrong side, is found.
TOWNS = {
    "CAF": (18.58, 4.37), "COD": (25.2, 0.5), "SDN": (32.5, 15.5), "SSD": (31.6, 4.85),
    "UKR": (34.1, 44.95), "SOM": (44.06, 9.56), "CYP": (33.36, 35.17), "RUS": (37.6, 55.75),
    "XKX": (21.1, 42.6), "FJI": (178.0, -17.8), "LSO": (28.2, -29.6), "GBR": (-1.9, 52.5),
    "MMR": (96.1, 21.9), "USA": (-98.0, 39.0), "FRA": (2.35, 48.85), "NOR": (10.7, 60.2),
}  # fmt: skip


def inside(lon: float, lat: float, rings: Iterable[Ring]) -> bool:
    """Whether a place lies in an outline; a hole counts as outside."""
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring.points, ring.points[1:] + ring.points[:1], strict=True):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def test_every_country_has_its_facts_and_no_two_share_a_name() -> None:
    listed = geo.countries()
    assert len(listed) >= 195
    assert len({c.iso3 for c in listed}) == len({c.iso2 for c in listed}) == len(listed)
    for country in listed:
        assert len(country.iso3) == 3 and len(country.iso2) == 2, country
        assert country.region in {"Africa", "Americas", "Asia", "Europe", "Oceania"}, country
        assert country.subregion, country
    names = Counter(name.casefold() for c in listed for name in {c.iso3, c.name, *c.aliases})
    assert [name for name, count in names.items() if count > 1] == []
    numbers = Counter(number for c in listed for number in c.gw)
    assert [number for number, count in numbers.items() if count > 1] == []


@pytest.mark.parametrize(("name", "code"), UCDP.items())
def test_a_country_is_found_by_the_name_and_number_of_ucdp(
    name: str, code: tuple[str, int]
) -> None:
    iso3, number = code
    by_name, by_number = geo.find_country(name), geo.find_country(number)
    assert by_name is by_number is geo.find_country(iso3.lower())
    assert by_name is not None and by_name.iso3 == iso3 and by_name.gw[0] == number


def test_an_exercise_country_is_not_found() -> None:
    assert geo.find_country("Country X") is None
    assert geo.find_country("") is None
    assert geo.find_country(0) is None


def test_every_country_has_both_outlines() -> None:
    codes = {country.iso3 for country in geo.countries()}
    assert codes <= geo.world().keys()
    assert codes <= geo.outlines().keys()


@pytest.mark.parametrize(("iso3", "town"), TOWNS.items())
def test_towns_lie_in_their_own_country_alone(iso3: str, town: tuple[float, float]) -> None:
    fine = {code for code, rings in geo.outlines().items() if inside(*town, rings)}
    coarse = {code for code, rings in geo.world().items() if inside(*town, rings)}
    assert fine == {iso3}
    assert coarse == {iso3}


@pytest.mark.parametrize("outlines", [geo.world, geo.outlines])
def test_no_ring_is_torn_where_the_date_changes(outlines: object) -> None:
    for iso3, rings in outlines().items():  # type: ignore[operator]
        for ring in rings:
            assert len(ring.points) >= 3
            around = zip(ring.points, ring.points[1:] + ring.points[:1], strict=True)
            widest = max(abs(a[0] - b[0]) for a, b in around)
            assert widest < 20, iso3  # degrees; a tear would be 360
            west, _, east, _ = ring.box
            assert east - west < 175, iso3


def test_russia_is_whole_and_reaches_beyond_180() -> None:
    for outlines in (geo.world(), geo.outlines()):
        largest = outlines["RUS"][0]
        assert largest.box[2] > 188  # Chukotka, on the same ring as Moscow
        assert inside(177.5 + 7, 66.5, [largest]) or inside(184, 66.5, [largest])


def test_islands_cut_by_the_source_at_180_are_one_again() -> None:
    # Vanua Levu and Taveuni, in Fiji: no line may run along the cut.
    for ring in geo.outlines()["FJI"]:
        along = [
            (a, b)
            for a, b in zip(ring.points, ring.points[1:] + ring.points[:1], strict=True)
            if abs(a[0]) == abs(b[0]) == 180
        ]
        assert along == []


def test_antarctica_is_left_out() -> None:
    for outlines in (geo.world(), geo.outlines()):
        assert "ATA" not in outlines
        assert min(ring.box[1] for rings in outlines.values() for ring in rings) > -61


@pytest.mark.parametrize(("iso3", "size"), [("MLT", 0.6), ("SGP", 0.5), ("MDV", 2), ("TUV", 5)])
def test_small_states_are_in_the_world(iso3: str, size: float) -> None:
    ring = geo.world()[iso3][0]
    assert ring.box[2] - ring.box[0] < size


@pytest.mark.parametrize(
    ("iso3", "left_out", "kept"),
    [
        ("USA", (-150.0, 64.0), (-81.0, 28.0)),  # Alaska; Florida
        ("FRA", (-53.0, 4.0), (9.1, 42.2)),  # French Guiana; Corsica
        ("NOR", (16.0, 78.5), (25.0, 70.0)),  # Svalbard; Finnmark
        ("GNQ", (200.0, 0.0), (8.7, 3.5)),  # nowhere; Bioko, where the capital is
        ("MYS", (200.0, 0.0), (102.0, 4.0)),  # nowhere; the peninsula beside Borneo
    ],
)
def test_a_map_of_a_country_shows_its_mainland(
    iso3: str, left_out: tuple[float, float], kept: tuple[float, float]
) -> None:
    rings = geo.mainland(iso3)
    assert not inside(*left_out, rings)
    assert inside(*kept, rings)


def test_a_country_without_outline_has_no_mainland() -> None:
    assert geo.mainland("XXX") == ()


@given(lon=LONS, lat=LATS, center_lon=LONS, center_lat=LATS)
def test_the_azimuthal_projection_can_be_turned_back(
    lon: float, lat: float, center_lon: float, center_lat: float
) -> None:
    projection = Azimuthal(center_lon, center_lat)
    x, y = projection.project(lon, lat)
    if math.hypot(x, y) > 1.99:
        return  # the far side of the earth, where a place is spread over a ring
    back_lon, back_lat = projection.invert(x, y)
    again = projection.project(back_lon, back_lat)
    assert math.dist(again, (x, y)) < 1e-5
    assert abs(back_lat - lat) < 1e-4


def test_a_degree_of_latitude_is_111_km_in_the_middle_of_a_map() -> None:
    projection = Azimuthal(20, 6)
    north, south = projection.project(20, 6.5), projection.project(20, 5.5)
    assert north[1] > south[1]
    assert (north[1] - south[1]) * EARTH_KM == pytest.approx(111.2, abs=0.2)


@given(lon=LONS, lat=st.floats(-80, 80))
def test_the_world_keeps_areas(lon: float, lat: float) -> None:
    step = 0.01
    corners = [
        equal_earth(lon + a, lat + b) for a, b in ((0, 0), (step, 0), (step, step), (0, step))
    ]
    area = abs(
        sum(
            x * d - c * y for (x, y), (c, d) in zip(corners, corners[1:] + corners[:1], strict=True)
        )
        / 2
    )
    true = math.radians(step) * (math.sin(math.radians(lat + step)) - math.sin(math.radians(lat)))
    assert area == pytest.approx(true, rel=1e-3)


@given(lon=st.floats(-720, 720), center=LONS)
def test_near_keeps_the_meridian_and_comes_close(lon: float, center: float) -> None:
    found = near(lon, center)
    assert abs(found - center) <= 180 + 1e-9
    assert (found - lon) / 360 == pytest.approx(round((found - lon) / 360), abs=1e-9)


@given(st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)), min_size=3, max_size=12))
def test_what_is_clipped_stays_in_the_frame(points: list[tuple[float, float]]) -> None:
    for x, y in frames.clipped(points, 500):
        assert -5 <= x <= frames.WIDTH + 5
        assert -5 <= y <= 505


def test_what_is_inside_is_not_clipped() -> None:
    points = [(10.0, 10.0), (100.0, 20.0), (50.0, 300.0)]
    assert sorted(frames.clipped(points, 500)) == sorted(points)


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 400), (math.nan, 0), (0, math.inf)])
def test_a_place_that_is_nowhere_is_refused_by_name(lat: float, lon: float) -> None:
    with pytest.raises(DrawingError, match="The camp has latitude"):
        geo.checked_place(lat, lon, "The camp")
