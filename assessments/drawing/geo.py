"""Countries and their outlines, read once from assessments/data. ``bin/geodata`` makes the outlines."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from assessments.drawing.projection import Point, near
from mapro.core.drawing.svg import DrawingError
from mapro.core.drawing.text import clean

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class Country:
    """One line of countries.yaml. ``gw`` holds its Gleditsch-Ward numbers, the usual one first."""

    iso3: str
    iso2: str
    name: str
    region: str
    subregion: str
    numeric: int | None = None
    gw: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ring:
    """A closed line, first point not repeated, longitudes possibly beyond 180 degrees."""

    points: tuple[Point, ...]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        lons, lats = zip(*self.points, strict=True)
        return min(lons), min(lats), max(lons), max(lats)

    @cached_property
    def area(self) -> float:
        """About its area, in square degrees at the equator."""
        double = sum(
            x * b - a * y
            for (x, y), (a, b) in zip(self.points, self.points[1:] + self.points[:1], strict=True)
        )
        return abs(double) / 2 * math.cos(math.radians((self.box[1] + self.box[3]) / 2))

    def around(self, center: float) -> Ring:
        """The same ring on the side of the earth that lies around the meridian ``center``."""
        middle = (self.box[0] + self.box[2]) / 2
        turn = near(middle, center) - middle
        if not turn:
            return self
        return Ring(tuple((lon + turn, lat) for lon, lat in self.points))


@cache
def countries() -> tuple[Country, ...]:
    """All countries that may be watched, in order of their names."""
    path = DATA / "countries.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe one
    return tuple(_country(entry) for entry in entries)


def _country(entry: dict[str, Any]) -> Country:
    number = entry.get("gw")
    return Country(
        entry["iso3"], entry["iso2"], entry["name"], entry["region"], entry["subregion"],
        entry.get("numeric"),
        (number, *entry.get("gw_also", ())) if number is not None else (),
        tuple(entry.get("aliases", ())),
    )  # fmt: skip


@cache
def _index() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    for country in countries():
        for word in (country.iso3, country.name, *country.aliases, *map(str, country.gw)):
            found[clean(word).casefold()] = country
    return found


def find_country(words: str | int) -> Country | None:
    """The country that has this alpha-3 code, name, alias or Gleditsch-Ward number, or None."""
    return _index().get(clean(str(words)).casefold())


@cache
def world() -> Mapping[str, tuple[Ring, ...]]:
    """Coarse outlines by alpha-3, the largest ring first, small states included."""
    return _read((DATA / "geo" / "world.json").read_bytes())


@cache
def outlines() -> Mapping[str, tuple[Ring, ...]]:
    """Fine outlines by alpha-3, the largest ring first. ``-`` is land that is no country's."""
    return _read(gzip.decompress((DATA / "geo" / "countries.json.gz").read_bytes()))


def _read(content: bytes) -> Mapping[str, tuple[Ring, ...]]:
    data = json.loads(content)
    scale = data["scale"]
    return MappingProxyType(
        {
            iso3: tuple(_ring(steps, scale) for steps in rings)
            for iso3, rings in data["areas"].items()
        }
    )


def _ring(steps: list[int], scale: int) -> Ring:
    x = y = 0
    points = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x += dx
        y += dy
        points.append((x / scale, y / scale))
    return Ring(tuple(points))


@lru_cache(maxsize=64)
def mainland(iso3: str) -> tuple[Ring, ...]:
    """The rings that a country's own map is fitted to, all on one side of the earth.

    The largest, those near it or near one that is near it, and any of a quarter of its size; so
    not Alaska, French Guiana or Easter Island. Empty for a country without an outline.
    """
    rings = outlines().get(iso3, ())
    if not rings:
        return ()
    largest = rings[0]
    center = (largest.box[0] + largest.box[2]) / 2
    left = [ring.around(center) for ring in rings[1:]]
    kept = [largest]
    box = largest.box
    reach = max(1.5, min(3.0, 0.25 * max(box[2] - box[0], box[3] - box[1])))
    while taken := [
        ring for ring in left if _gap(ring.box, box) <= reach or ring.area >= largest.area / 4
    ]:
        kept += taken
        left = [ring for ring in left if ring not in taken]
        boxes = [ring.box for ring in kept]
        box = (
            min(b[0] for b in boxes), min(b[1] for b in boxes),
            max(b[2] for b in boxes), max(b[3] for b in boxes),
        )  # fmt: skip
    return tuple(kept)


def _gap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """How many degrees lie between two boxes."""
    shrink = math.cos(math.radians((b[1] + b[3]) / 2))
    across = max(a[0] - b[2], b[0] - a[2], 0) * shrink
    return math.hypot(across, max(a[1] - b[3], b[1] - a[3], 0))


def checked_place(lat: float, lon: float, what: str) -> None:
    """Raises DrawingError when this is no place on earth; ``what`` names it."""
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 360):
        raise DrawingError(
            f"{what} has latitude {lat} and longitude {lon}. Latitudes are from -90 to 90 "
            "degrees, longitudes from -180 to 180; correct the record."
        )
