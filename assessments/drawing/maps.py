"""The map of the world: watched countries by level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from assessments.drawing import geo, labels
from assessments.drawing.looks import LEVELS
from assessments.drawing.projection import WORLD_CENTER, equal_earth
from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import (
    ACCENT_TINT,
    EDGE,
    INK,
    INK_FAINT,
    INK_SOFT,
    PAPER,
    PAPER_3,
    RULE,
    Hatch,
)
from mapro.core.drawing.svg import Drawing, DrawingError, Sheet, element, polyline, text, titled

WIDTH = 960
NOT_OFFICIAL = (
    "Boundaries are simplified, not official, and imply no endorsement. Source: Natural Earth."
)
_NORTH, _SOUTH = 84.0, -56.5  # degrees: Greenland to Cape Horn
_SMALL = 9  # pixels: what is drawn smaller gets a dot
_DOT = 6
_TARGET = 12  # pixels: half of the smallest target that a pointer can be asked to hit
_ROW = 22
_CROWD = 60  # marks: of more than these only the worst are named
_NAME = 215  # pixels: the longest name of a state at full length


@dataclass(frozen=True)
class CountryMark:
    """A watched country.

    ``level`` is high, medium, low or unknown; ``words`` say its state ("above threshold, rising");
    ``href`` is where a click leads, within MAPRO.
    """

    iso3: str
    name: str
    level: str
    words: str
    href: str = ""


@dataclass(frozen=True)
class _Area:
    """A country as drawn on the world: path data, where its name goes, its extent in pixels."""

    path: str
    x: float
    y: float
    across: float  # half of its largest part's width
    down: float

    @property
    def extent(self) -> float:
        return 2 * max(self.across, self.down)


def world_map(
    marks: Sequence[CountryMark], *, title: str = "World map of watched countries",
    prefix: str = "world-map",
) -> Drawing:  # fmt: skip
    """The world with the marked countries by level; 960 pixels wide.

    A mark whose code has no outline (an exercise country) is named below the map. Raises
    DrawingError for an unknown level, and for two marks of one country.
    """
    for mark in marks:
        if mark.level not in LEVELS:
            raise DrawingError(
                f"{mark.name!r} has the level {mark.level!r}; give one of {', '.join(LEVELS)}."
            )
    areas, height = _world()
    drawn = {mark.iso3: mark for mark in marks if mark.iso3 in areas}
    elsewhere = [mark for mark in marks if mark.iso3 not in areas]
    if len(drawn) + len(elsewhere) < len(marks):
        twice = sorted({a.iso3 for a in marks if [b.iso3 for b in marks].count(a.iso3) > 1})
        raise DrawingError(
            f"Marked more than once: {', '.join(twice)}. Give each country one mark."
        )
    sheet = Sheet(WIDTH, prefix)
    _land(sheet, areas, drawn.keys())
    # Large ones first, so that a small neighbor lies on top and can be hit.
    shown = _apart({iso3: areas[iso3] for iso3 in sorted(drawn)})
    for iso3 in sorted(shown, key=lambda iso3: (-shown[iso3].extent, iso3)):
        _mark(sheet, shown[iso3], drawn[iso3])
    _names(sheet, shown, drawn, height)
    bottom = _legend(sheet, marks, elsewhere, height)
    return sheet.drawing(bottom, title, _alt(marks, elsewhere))


@cache
def _world() -> tuple[dict[str, _Area], float]:
    """Every area of the world in pixels, and the height of the map."""
    left, right = equal_earth(WORLD_CENTER - 180, 0)[0], equal_earth(WORLD_CENTER + 180, 0)[0]
    scale = (WIDTH - 8) / (right - left)
    north, south = equal_earth(0, _NORTH)[1], equal_earth(0, _SOUTH)[1]
    areas = {}
    for iso3, rings in geo.world().items():
        paths = []
        found = _Area("", 0, 0, 0, 0)
        for ring in rings:
            points = [
                ((x - left) * scale + 4, (north - y) * scale + 4)
                for x, y in (equal_earth(lon, lat) for lon, lat in ring.around(WORLD_CENTER).points)
            ]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            across, down = (max(xs) - min(xs)) / 2, (max(ys) - min(ys)) / 2
            if not found.x or max(across, down) > found.extent / 2:
                found = _Area("", *_middle(points), across, down)
            if max(across, down) >= 0.4 and min(ys) < (north - south) * scale + 8:
                paths.append(polyline(points, closed=True))
        areas[iso3] = replace(found, path="".join(paths))
    return areas, (north - south) * scale + 8


@cache
def _sea() -> str:
    """The outline of the map: path data."""
    left, right = equal_earth(WORLD_CENTER - 180, 0)[0], equal_earth(WORLD_CENTER + 180, 0)[0]
    scale = (WIDTH - 8) / (right - left)
    north = equal_earth(0, _NORTH)[1]
    lats = [_SOUTH + (_NORTH - _SOUTH) * step / 40 for step in range(41)]
    west = [equal_earth(WORLD_CENTER - 180, lat) for lat in lats]
    east = [equal_earth(WORLD_CENTER + 180, lat) for lat in reversed(lats)]
    return polyline(
        [((x - left) * scale + 4, (north - y) * scale + 4) for x, y in west + east], closed=True
    )


def _apart(areas: dict[str, _Area]) -> dict[str, _Area]:
    """The same, with the dots of small states moved until none covers another's middle."""
    spots = {iso3: (a.x, a.y) for iso3, a in areas.items() if a.extent < _SMALL}
    for _ in range(20):
        for first, second in combinations(spots, 2):
            (ax, ay), (bx, by) = spots[first], spots[second]
            if abs(ax - bx) > 2 * _DOT + 1:
                continue
            apart = math.hypot(bx - ax, by - ay)
            if apart < 2 * _DOT + 1:
                push = (2 * _DOT + 1.5 - apart) / 2
                along = ((bx - ax) / apart, (by - ay) / apart) if apart else (1.0, 0.0)
                spots[first] = ax - along[0] * push, ay - along[1] * push
                spots[second] = bx + along[0] * push, by + along[1] * push
    return {
        iso3: replace(area, x=spots[iso3][0], y=spots[iso3][1]) if iso3 in spots else area
        for iso3, area in areas.items()
    }


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The center of gravity of a polygon; of its points when it has no area."""
    double = x = y = 0.0
    for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
        cross = ax * by - bx * ay
        double, x, y = double + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    if abs(double) < 0.01:
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return x / (3 * double), y / (3 * double)


def _land(sheet: Sheet, areas: dict[str, _Area], marked: object) -> None:
    """Everything that is not watched, as one path; small states as dots."""
    rest = [area for iso3, area in areas.items() if iso3 not in marked]  # type: ignore[operator]
    sheet.add(
        element("path", d=_sea(), fill=ACCENT_TINT),
        element(
            "path", d="".join(area.path for area in rest), fill=PAPER_3, stroke=RULE,
            stroke_width=0.6, stroke_linejoin="round", fill_rule="evenodd",
        ),
        element(
            "path", stroke=EDGE, stroke_width=2.4, stroke_linecap="round", fill="none",
            d="".join(f"M{area.x:.1f} {area.y:.1f}h0" for area in rest if area.extent < 3) or None,
        ),
    )  # fmt: skip


def _mark(sheet: Sheet, area: _Area, mark: CountryMark) -> None:
    look = LEVELS[mark.level]
    title = f"{mark.name}: {look.label.lower()}. {mark.words}".strip()
    fill = sheet.hatch(look.hatch)
    content = ""
    if area.path:
        content = element(
            "path", d=area.path, fill=fill, stroke=INK, stroke_width=0.7, stroke_linejoin="round",
            fill_rule="evenodd",
        )  # fmt: skip
    if area.extent < _SMALL:
        content += element(
            "circle", cx=area.x, cy=area.y, r=_DOT, fill=fill, stroke=INK, stroke_width=1.2
        )
    if not mark.href:
        sheet.add(titled("g", title, content))
        return
    if area.extent < 2 * _TARGET:
        content += element(
            "circle", cx=area.x, cy=area.y, r=_TARGET, fill=PAPER, fill_opacity=0,
            pointer_events="all",
        )  # fmt: skip
    sheet.add(sheet.link(mark.href, title, content))


def _names(
    sheet: Sheet, areas: dict[str, _Area], drawn: dict[str, CountryMark], height: float
) -> None:
    """Names beside or on the marked countries, the worst level first, where there is room."""
    room = labels.Room(WIDTH, height)
    order = list(LEVELS)
    ranked = sorted(
        drawn.values(),
        key=lambda mark: (order.index(mark.level), -areas[mark.iso3].extent, mark.iso3),
    )
    bodies = {}
    for mark in ranked:
        area = areas[mark.iso3]
        x, y, share = area.x, area.y, 0.75 if area.extent >= 2 * _TARGET else 1
        across, down = max(area.across * share, _DOT) + 12, max(area.down * share, _DOT) + 2
        bodies[mark.iso3] = (x - across, y - down, x + across, y + down)
        room.take(bodies[mark.iso3])
        if area.extent < _SMALL:
            room.dots.append((x, y))
    # On a crowded map names stand close by or not at all: it would be lines from end to end.
    distances = (3, 16, 34, 60) if len(ranked) <= _CROWD else (3,)
    for mark in ranked[:_CROWD]:
        area, bold = areas[mark.iso3], mark.level == "high"
        spots = []
        wide = words_of.width(words_of.cut(mark.name, _NAME, bold=bold), bold=bold)
        if wide < 1.5 * area.across and area.down > 9:
            spots.append((area.x, area.y + 4, "middle"))
        across, down = max(area.across, _DOT), max(area.down, _DOT)
        for farther in distances:
            spots += labels.around(area.x, area.y, across + farther, down + farther - 3)
        placed = room.place(
            mark.name, spots, bold=bold, room=_NAME, own=bodies[mark.iso3], origin=(area.x, area.y)
        )
        if placed is None:
            continue
        x, y, anchor, _ = placed
        if abs(x - area.x) > across + 4 or abs(y - 4 - area.y) > down + 14:
            # It stands apart: a line says whose name it is.
            side = x - 2 if anchor == "start" else x + 2 if anchor == "end" else x
            sheet.add(
                element("line", x1=area.x, y1=area.y, x2=side, y2=y - 4, stroke=INK),
                element("circle", cx=area.x, cy=area.y, r=1.8),
            )
        sheet.add(
            text(
                x, y, mark.name, anchor=None if anchor == "start" else anchor, room=_NAME,
                bold=bold, halo=PAPER,
            )
        )  # fmt: skip


def _legend(
    sheet: Sheet, marks: Sequence[CountryMark], elsewhere: Sequence[CountryMark], top: float
) -> float:
    """The levels with their counts, what is not on the map, the note. Returns the bottom."""
    entries: list[tuple[str, Hatch]] = [
        (_level_words(level, sum(mark.level == level for mark in marks)), look.hatch)
        for level, look in LEVELS.items()
    ]
    entries.append(("Not watched", Hatch(PAPER_3)))
    y = top + 14
    placed = labels.flow([30 + words_of.width(w, 13) for w, _ in entries], WIDTH - 16)
    for (words, hatch), (x, row) in zip(entries, placed, strict=True):
        at = y + row * _ROW
        sheet.add(sheet.swatch(x + 8, at, hatch), text(x + 38, at + 11.5, words, size=13))
    y += (placed[-1][1] + 1) * _ROW + 12
    if elsewhere:
        named = [f"{mark.name} ({_plain(mark)})" for mark in elsewhere]
        words = f"Not on the map: {words_of.listed(named, 20)}."
        for line in words_of.lines(words, WIDTH - 60, 12, 3):
            sheet.add(text(8, y, line, fill=INK_SOFT))
            y += 17
    sheet.add(text(8, y, NOT_OFFICIAL, fill=INK_FAINT))
    return y + 8


def _level_words(level: str, count: int) -> str:
    label = LEVELS[level].label
    label += ", which does not mean calm" if level == "unknown" else ""
    return f"{label} ({count:,})"


def _plain(mark: CountryMark) -> str:
    level = LEVELS[mark.level].label.lower()
    return f"{level}; {mark.words}" if mark.words else level


def _alt(marks: Sequence[CountryMark], elsewhere: Sequence[CountryMark]) -> str:
    if not marks:
        return "World map. No country is watched."
    said = [f"World map of {words_of.counted(len(marks), 'watched country', 'watched countries')}."]
    for level, look in LEVELS.items():
        if names := [
            f"{mark.name} ({mark.words})" if mark.words else mark.name
            for mark in marks
            if mark.level == level
        ]:
            label = "Not known, which does not mean calm" if level == "unknown" else look.label
            said.append(f"{label}: {words_of.listed(names, 25)}.")
    if elsewhere:
        said.append(f"Not on the map: {words_of.listed([m.name for m in elsewhere], 25)}.")
    return " ".join(said)
