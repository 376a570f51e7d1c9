"""Many events into few bubbles: those of one type that lie close together become one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.drawing import geo
from assessments.drawing.looks import TYPES
from assessments.drawing.projection import near
from mapro.core.drawing.svg import DrawingError

MOST = 300
_FINEST = 0.01  # degrees: about 1 km, closer than any event is located
_GROWTH = 1.2  # how much a cell grows at a time
_TOO_FINE = 12  # how many times too many cells the first try may have
_NAMED = 3  # places of a bubble that are named; one more is kept, to know that there are others

_Key = tuple[int, int, str]


@dataclass(frozen=True)
class MapPoint:
    """An event at a place, with the best estimate of deaths. ``words`` name place or parties."""

    lat: float
    lon: float
    deaths_best: int
    type: str
    words: str


@dataclass(frozen=True)
class Bubble:
    """Events of one type around one place: their center of gravity by deaths, and their sums.

    The longitude is written near that of the map's center. ``words`` are those of up to four.
    """

    type: str
    lat: float
    lon: float
    events: int
    deaths: int
    words: tuple[str, ...]


class _Heap:
    """What a bubble is summed up in."""

    __slots__ = ("deaths", "events", "lat", "lon", "type", "weight", "words")

    def __init__(self, kind: str) -> None:
        self.type = kind
        self.events = self.deaths = self.weight = 0
        self.lat = self.lon = 0.0  # times weight
        self.words: dict[str, None] = {}


def checked(points: Sequence[MapPoint]) -> None:
    """Raises DrawingError for the first event that cannot be drawn."""
    for number, point in enumerate(points, 1):
        if point.type not in TYPES or point.deaths_best < 0:
            raise DrawingError(
                f"Event {number} ({point.words[:60]!r}) has the type {point.type!r} and "
                f"{point.deaths_best} deaths. Types are {', '.join(TYPES)}; deaths are 0 or more."
            )
        # One comparison for nearly all: a map may hold 10,000 events.
        if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
            geo.checked_place(point.lat, point.lon, f"Event {number} ({point.words[:60]!r})")


def merged(points: Sequence[MapPoint], center: float, lat: float, most: int = MOST) -> list[Bubble]:
    """At most ``most`` bubbles, most deaths first.

    Places are rounded to cells that are about square at the latitude given, and the cells grow
    until the bubbles are few enough. Longitudes are written near the meridian ``center``.
    """
    shrink = max(math.cos(math.radians(lat)), 0.05)
    cell = _first_cell(points, center, shrink, most)
    heaps = _heaped(points, center, cell, cell / shrink)
    while len(heaps) > most:
        cell *= _GROWTH
        heaps = _coarser(heaps, cell, cell / shrink)
    found = [
        Bubble(h.type, h.lat / h.weight, h.lon / h.weight, h.events, h.deaths, tuple(h.words))
        for h in heaps.values()
    ]
    return sorted(found, key=lambda b: (-b.deaths, -b.events, b.type, b.lat, b.lon))


def _first_cell(points: Sequence[MapPoint], center: float, shrink: float, most: int) -> float:
    """The finest cell when that gives few enough bubbles; else one a few steps too fine.

    Beginning with the finest would sum up 10,000 heaps many times over.
    """
    if len(points) <= most:
        return _FINEST
    places = {(round(p.lat, 2), round(p.lon, 2), p.type) for p in points}
    if len(places) <= most:
        return _FINEST
    lats = [lat for lat, _, _ in places]
    lons = [near(lon, center) for _, lon, _ in places]
    area = (max(lats) - min(lats)) * (max(lons) - min(lons)) * shrink
    return max(_FINEST, math.sqrt(area * len(TYPES) / (most * _TOO_FINE)))


def _heaped(
    points: Sequence[MapPoint], center: float, high: float, wide: float
) -> dict[_Key, _Heap]:
    heaps: dict[_Key, _Heap] = {}
    for point in points:
        lat, lon, deaths = point.lat, point.lon, point.deaths_best
        if abs(lon - center) > 180:
            lon = near(lon, center)
        key = (round(lat / high), round(lon / wide), point.type)
        heap = heaps.get(key)
        if heap is None:
            heap = heaps[key] = _Heap(point.type)
        weight = deaths + 1
        heap.events += 1
        heap.deaths += deaths
        heap.weight += weight
        heap.lat += lat * weight
        heap.lon += lon * weight
        if point.words and len(heap.words) <= _NAMED:
            heap.words[point.words] = None
    return heaps


def _coarser(heaps: dict[_Key, _Heap], high: float, wide: float) -> dict[_Key, _Heap]:
    made: dict[_Key, _Heap] = {}
    for heap in heaps.values():
        weight = heap.weight
        key = (round(heap.lat / weight / high), round(heap.lon / weight / wide), heap.type)
        whole = made.get(key)
        if whole is None:
            made[key] = heap
            continue
        whole.events += heap.events
        whole.deaths += heap.deaths
        whole.weight += weight
        whole.lat += heap.lat
        whole.lon += heap.lon
        for words in heap.words:
            if len(whole.words) > _NAMED:
                break
            whole.words[words] = None
    return made
