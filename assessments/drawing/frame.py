"""The ground of a country's own map: where it lies, how large, and what land is in the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assessments.drawing import geo
from assessments.drawing.projection import EARTH_KM, Azimuthal, Point, near
from mapro.core.drawing.svg import polyline

WIDTH = 720
LOWEST, HIGHEST = 380, 720  # pixels: the height of the map follows the country within these
_EDGE = 22  # pixels left free around what the map is fitted to
_FAR = 0.5  # of the country's size: events farther off than this are counted beside the map
_FAR_KM = 300.0
_SMALLEST_KM = 40.0  # the least that a map shows across
_BEYOND = 4  # pixels that lines run beyond the frame

Extent = tuple[float, float, float, float]  # left, bottom, right, top in radii of the earth


@dataclass(frozen=True)
class Frame:
    """A map's projection and its scale, in pixels per radius of the earth."""

    projection: Azimuthal
    left: float
    top: float
    scale: float
    height: int

    def at(self, lon: float, lat: float) -> Point:
        """The pixel of a place."""
        x, y = self.projection.project(lon, lat)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel is on the map."""
        return 0 <= x <= WIDTH and 0 <= y <= self.height

    @property
    def km(self) -> float:
        """Pixels per kilometer in the middle of the map."""
        return self.scale / EARTH_KM

    def bounds(self) -> Extent:
        """West, south, east, north of what the map shows; the whole circle when a pole is on it."""
        steps = [step / 12 for step in range(13)]
        places = [
            self.projection.invert(
                self.left + WIDTH * a / self.scale, self.top - self.height * b / self.scale
            )
            for a in steps
            for b in steps
        ]
        lons, lats = zip(*places, strict=True)
        south, north = min(lats) - 0.5, max(lats) + 0.5
        for pole in (-90.0, 90.0):
            if self.holds(*self.at(self.projection.lon, pole)):
                return self.projection.lon - 180, min(south, pole), self.projection.lon + 180, max(
                    north, pole
                )  # fmt: skip
        return min(lons) - 0.5, south, max(lons) + 0.5, north


def fitted(iso3: str | None, places: Sequence[Point]) -> Frame:
    """The frame of a country and of the places (longitude, latitude) in and near it.

    Without an outline, the frame of the places alone.
    """
    rings = geo.mainland(iso3) if iso3 else ()
    if rings:
        projection, extent = _country(iso3 or "")
        size = max(extent[2] - extent[0], extent[3] - extent[1])
        far = max(size * _FAR, _FAR_KM / EARTH_KM)
        around = (extent[0] - far, extent[1] - far, extent[2] + far, extent[3] + far)
        found = [
            (x, y)
            for x, y in (projection.project(lon, lat) for lon, lat in places)
            if around[0] <= x <= around[2] and around[1] <= y <= around[3]
        ]
        return _framed(projection, _extent(found, extent))
    if not places:
        return _framed(Azimuthal(0, 0), (-0.05, -0.03, 0.05, 0.03))
    first = places[0][0]
    lons = [near(lon, first) for lon, _ in places]
    lats = [lat for _, lat in places]
    projection = Azimuthal((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    return _framed(projection, _extent([projection.project(lon, lat) for lon, lat in places]))


@lru_cache(maxsize=64)
def _country(iso3: str) -> tuple[Azimuthal, Extent]:
    rings = geo.mainland(iso3)
    west, south = min(r.box[0] for r in rings), min(r.box[1] for r in rings)
    east, north = max(r.box[2] for r in rings), max(r.box[3] for r in rings)
    projection = Azimuthal((west + east) / 2, (south + north) / 2)
    return projection, _extent(
        [projection.project(lon, lat) for ring in rings for lon, lat in ring.points]
    )


def _extent(points: Iterable[Point], start: Extent | None = None) -> Extent:
    xs, ys = [], []
    if start:
        xs, ys = [start[0], start[2]], [start[1], start[3]]
    for x, y in points:
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def _framed(projection: Azimuthal, extent: Extent) -> Frame:
    """Fits an extent into the width, and the height to the extent as far as it may."""
    least = _SMALLEST_KM / EARTH_KM
    wide, high = max(extent[2] - extent[0], least), max(extent[3] - extent[1], least)
    height = round((WIDTH - 2 * _EDGE) * high / wide) + 2 * _EDGE
    height = max(LOWEST, min(HIGHEST, height))
    scale = min((WIDTH - 2 * _EDGE) / wide, (height - 2 * _EDGE) / high)
    middle_x, middle_y = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    # Rounded, so that the ground is found again when the events have changed but not the frame.
    return Frame(
        projection, round(middle_x - WIDTH / 2 / scale, 6),
        round(middle_y + height / 2 / scale, 6), round(scale, 4), height,
    )  # fmt: skip


@dataclass(frozen=True)
class Land:
    """A country in the picture: path data, and the largest part that is seen of it."""

    iso3: str
    path: str
    largest: tuple[Point, ...]

    @property
    def box(self) -> Extent:
        """Left, top, right, bottom of the largest part, in pixels."""
        xs, ys = [x for x, _ in self.largest], [y for _, y in self.largest]
        return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=64)
def ground(frame: Frame) -> tuple[Land, ...]:
    """All land in the frame, by country."""
    west, south, east, north = frame.bounds()
    center = frame.projection.lon
    found = []
    for iso3, rings in geo.outlines().items():
        paths: list[str] = []
        largest: list[Point] = []
        for ring in rings:
            left, bottom, right, top = ring.box
            turn = near((left + right) / 2, center) - (left + right) / 2
            if bottom > north or top < south or left + turn > east or right + turn < west:
                continue
            seen = clipped([frame.at(lon, lat) for lon, lat in ring.points], frame.height)
            if len(seen) > 2:
                paths.append(polyline(seen, closed=True))
                if _size(seen) > _size(largest):
                    largest = seen
        if paths:
            found.append(Land(iso3, "".join(paths), tuple(largest)))
    return tuple(found)


def _size(points: Sequence[Point]) -> float:
    if not points:
        return -1
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


@lru_cache(maxsize=512)
def on_land(land: Land, half: float, tall: float) -> tuple[Point, ...]:
    """Middles of boxes, so wide to both sides and so tall, that lie on the largest part alone.

    The roomiest come first: those nearest to the middle of the part.
    """
    left, top, right, bottom = land.box
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    found = []
    for down in range(1, 14):
        y = top + (bottom - top) * down / 14
        rows = [_crossings(land.largest, y + dy) for dy in (-tall, 0, tall)]
        for across in range(1, 14):
            x = left + (right - left) * across / 14
            if x - half < 4 or x + half > WIDTH - 4:
                continue
            if all(_within(row, x - half - 3, x + half + 3) for row in rows):
                away = math.hypot((x - middle_x) / (right - left), (y - middle_y) / (bottom - top))
                found.append((round(away, 3), y, x))
    return tuple((x, y) for _, y, x in sorted(found))


def _crossings(points: Sequence[Point], y: float) -> list[float]:
    """Where a polygon's boundary crosses a horizontal line, from left to right."""
    found = []
    before_x, before_y = points[-1]
    for x, at in points:
        if (at > y) != (before_y > y):
            found.append(before_x + (x - before_x) * (y - before_y) / (at - before_y))
        before_x, before_y = x, at
    return sorted(found)


def _within(crossings: Sequence[float], left: float, right: float) -> bool:
    """Whether the stretch lies inside of the polygon from end to end."""
    return any(
        a <= left and right <= b for a, b in zip(crossings[::2], crossings[1::2], strict=True)
    )


def clipped(points: list[Point], height: float) -> list[Point]:
    """What of a polygon lies in the frame or just beyond it (Sutherland and Hodgman's way)."""
    low, right, bottom = -_BEYOND, WIDTH + _BEYOND, height + _BEYOND
    for axis, limit, sign in ((0, low, 1), (0, right, -1), (1, low, 1), (1, bottom, -1)):
        if not points:
            break
        made: list[Point] = []
        before = points[-1]
        was = (before[axis] - limit) * sign
        for point in points:
            now = (point[axis] - limit) * sign
            if (now < 0) != (was < 0):
                share = was / (was - now)
                made.append(
                    (
                        before[0] + (point[0] - before[0]) * share,
                        before[1] + (point[1] - before[1]) * share,
                    )
                )
            if now >= 0:
                made.append(point)
            before, was = point, now
        points = made
    return points


def scale_bar(frame: Frame, longest: float = 150) -> tuple[int, float]:
    """A round number of kilometers, at most so many pixels long, and its length in pixels."""
    most = longest / frame.km
    power = 10 ** math.floor(math.log10(most))
    step = next(step for step in (5, 2, 1) if step * power <= most)
    length = max(1, round(step * power))
    return length, length * frame.km
