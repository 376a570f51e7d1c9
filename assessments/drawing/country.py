"""The map of one country: events as bubbles on its outline, or on a plain frame."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from assessments.drawing import bubbles as events
from assessments.drawing import compass, geo, labels
from assessments.drawing import frame as frames
from assessments.drawing.bubbles import Bubble, MapPoint
from assessments.drawing.frame import WIDTH, Frame, Land
from assessments.drawing.looks import TYPES
from assessments.drawing.maps import NOT_OFFICIAL
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
)
from mapro.core.drawing.svg import (
    Drawing,
    DrawingError,
    Sheet,
    element,
    key_shape,
    shape,
    text,
    titled,
)  # fmt: skip

_LARGEST = 30.0  # pixels: the radius of the largest bubble
_LEAST = 3.0  # pixels: below this a bubble is not seen
_KINDS = ("capital", "city", "camp", "place")
_MOST_PLACES = 60
_STRIPS = 50


@dataclass(frozen=True)
class Place:
    """A named place for orientation; ``kind`` is capital, city, camp or place."""

    name: str
    lat: float
    lon: float
    kind: str = "place"


def country_map(
    iso3: str | None, name: str, points: Sequence[MapPoint], places: Sequence[Place] = (), *,
    title: str = "", prefix: str = "country-map",
) -> Drawing:  # fmt: skip
    """A country with its events; 720 pixels wide.

    Bubbles are as large in area as the deaths that they stand for. Events far outside of the
    country are counted below the map. Without a known outline (``iso3`` None, or an exercise
    country) the frame is fitted to the events and places. Raises DrawingError for an event or
    place that cannot be drawn.
    """
    events.checked(points)
    _checked(places)
    rings = geo.mainland(iso3) if iso3 else ()
    spots = [(point.lon, point.lat) for point in points]
    if not rings:
        spots += [(place.lon, place.lat) for place in places]
    frame = frames.fitted(iso3, _outermost(spots))
    drawn = events.merged(points, frame.projection.lon, frame.projection.lat)
    inside, outside = _parted(frame, drawn)
    sheet = Sheet(WIDTH, prefix)
    room = labels.Room(WIDTH, frame.height)
    if rings:
        lands = frames.ground(frame)
        _lands(sheet, frame, lands, iso3 or "")
    else:
        lands = ()
        if spots:
            compass.grid(sheet, frame, room)
    top = compass.scale(sheet, frame, room) if rings or spots else ""
    if not points:
        sheet.add(_nothing(frame, bool(rings or spots)))
    size = _Radius(max((bubble.deaths for _, _, bubble in inside), default=0))
    for x, y, bubble in inside:
        sheet.add(_bubble(x, y, bubble, size))
    for x, y, bubble in inside[:40]:
        half = size(bubble.deaths) * 0.7
        room.take((x - half, y - half, x + half, y + half))
    _places(sheet, frame, places, room)
    _neighbors(sheet, lands, iso3 or "", room)
    sheet.add(top, compass.border(frame))
    bottom = _legend(sheet, frame, inside, outside, size, bool(rings))
    alt = _alt(name, points, inside, outside, bool(rings))
    return sheet.drawing(bottom, title or f"Map of events in {name}", alt)


def _nothing(frame: Frame, located: bool) -> str:
    words = "No events" if located else "No outline, no events and no places to draw"
    return text(WIDTH / 2, frame.height / 2, words, size=16, fill=INK_SOFT, anchor="middle",
                halo=PAPER)  # fmt: skip


def _checked(places: Sequence[Place]) -> None:
    for place in places:
        geo.checked_place(place.lat, place.lon, f"The place {place.name[:60]!r}")
        if place.kind not in _KINDS:
            raise DrawingError(
                f"The place {place.name[:60]!r} is of the kind {place.kind!r}; give one of "
                f"{', '.join(_KINDS)}."
            )
    if len(places) > _MOST_PLACES:
        raise DrawingError(
            f"{len(places)} places are too many to name on one map; give {_MOST_PLACES} at most."
        )


def _outermost(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Of many places those at the edges, in strips both ways: all that a frame has to hold."""
    if len(spots) <= 4 * _STRIPS:
        return list(spots)
    kept: set[tuple[float, float]] = set()
    for along, across in ((0, 1), (1, 0)):
        values = [spot[along] for spot in spots]
        start, wide = min(values), (max(values) - min(values)) / _STRIPS or 1
        edges: dict[int, tuple[tuple[float, float], tuple[float, float]]] = {}
        for spot in spots:
            strip = int((spot[along] - start) / wide)
            low, high = edges.get(strip, (spot, spot))
            if spot[across] <= low[across] or spot[across] >= high[across]:
                edges[strip] = (
                    min(low, spot, key=itemgetter(across)),
                    max(high, spot, key=itemgetter(across)),
                )
        kept.update(spot for pair in edges.values() for spot in pair)
    return sorted(kept)


def _parted(
    frame: Frame, drawn: Sequence[Bubble]
) -> tuple[list[tuple[float, float, Bubble]], list[Bubble]]:
    inside, outside = [], []
    for bubble in drawn:
        x, y = frame.at(bubble.lon, bubble.lat)
        if frame.holds(x, y):
            inside.append((x, y, bubble))
        else:
            outside.append(bubble)
    return inside, outside


def _lands(sheet: Sheet, frame: Frame, lands: Sequence[Land], iso3: str) -> None:
    sheet.add(element("rect", width=WIDTH, height=frame.height, fill=ACCENT_TINT))
    own = [land for land in lands if land.iso3 == iso3]
    others = "".join(land.path for land in lands if land.iso3 != iso3)
    if others:
        sheet.add(
            element("path", d=others, fill=PAPER_3, stroke=RULE, fill_rule="evenodd",
                    stroke_linejoin="round")
        )  # fmt: skip
    for land in own:
        sheet.add(
            element("path", d=land.path, fill=PAPER, stroke=INK_SOFT, stroke_width=1.6,
                    fill_rule="evenodd", stroke_linejoin="round")
        )  # fmt: skip


class _Radius:
    """The radius for a number of deaths: areas are as the deaths, down to the least seen."""

    def __init__(self, most: int) -> None:
        # A handful of deaths is not blown up to the size of a massacre.
        self.scale = min(_LARGEST / math.sqrt(most), 6.0) if most else 1.0

    def __call__(self, deaths: float) -> float:
        return max(_LEAST, self.scale * math.sqrt(deaths))

    @property
    def least(self) -> int:
        """The most deaths that still get the smallest bubble."""
        return math.floor((_LEAST / self.scale) ** 2)


def _bubble(x: float, y: float, bubble: Bubble, size: _Radius) -> str:
    look = TYPES[bubble.type]
    words = words_of.listed(list(bubble.words)[:3] + ["others"] * (len(bubble.words) > 3), 4)
    title = (
        f"{words_of.counted(bubble.events, 'event')}, "
        f"{words_of.counted(bubble.deaths, 'death')} (best estimate), {look.label.lower()}"
    )
    return titled(
        "path", f"{title}: {words}" if words else title,
        d=shape(look.shape, x, y, size(bubble.deaths)), fill=look.color,
        fill_opacity=0.62 if size(bubble.deaths) > 6 else 0.82, stroke=PAPER, stroke_width=0.8,
    )  # fmt: skip


def _places(sheet: Sheet, frame: Frame, places: Sequence[Place], room: labels.Room) -> None:
    ranked = sorted(enumerate(places), key=lambda entry: (_KINDS.index(entry[1].kind), entry[0]))
    for _, place in ranked:
        x, y = frame.at(place.lon, place.lat)
        if not frame.holds(x, y):
            continue
        sheet.add(_place_mark(x, y, place))
        bold = place.kind == "capital"
        own = (x - 5, y - 5, x + 5, y + 5)
        spots = labels.around(x, y, 9, 8) + labels.around(x, y, 22, 20)
        if placed := room.place(place.name, spots, bold=bold, own=own):
            at_x, at_y, anchor, _ = placed
            sheet.add(
                text(at_x, at_y, place.name, anchor=None if anchor == "start" else anchor,
                     bold=bold, room=200, halo=PAPER)
            )  # fmt: skip
        room.take(own)


def _place_mark(x: float, y: float, place: Place) -> str:
    if place.kind == "camp":
        mark = element("rect", x=x - 4, y=y - 4, width=8, height=8, fill=PAPER, stroke=INK,
                       stroke_width=2)  # fmt: skip
    else:
        mark = element("circle", cx=x, cy=y, r=4 if place.kind == "capital" else 3, fill=PAPER,
                       stroke=INK, stroke_width=2)  # fmt: skip
        if place.kind == "capital":
            mark += element("circle", cx=x, cy=y, r=1.4)
    return titled("g", f"{place.name} ({place.kind})", mark)


def _neighbors(sheet: Sheet, lands: Sequence[Land], iso3: str, room: labels.Room) -> None:
    """The names of countries around it, each where it lies on that country's land alone."""
    for land in sorted(lands, key=lambda land: (-_room_in(land), land.iso3)):
        country = geo.find_country(land.iso3)
        if land.iso3 == iso3 or country is None:
            continue
        half = words_of.width(country.name) / 2
        spots = [(x, y + 4, "middle") for x, y in frames.on_land(land, half, 8)]
        if placed := room.place(country.name, spots, room=1000):
            sheet.add(text(*placed[:2], country.name, fill=INK_FAINT, anchor="middle"))


def _room_in(land: Land) -> float:
    left, top, right, bottom = land.box
    return (right - left) * (bottom - top)


def _legend(
    sheet: Sheet, frame: Frame, inside: Sequence[tuple[float, float, Bubble]],
    outside: Sequence[Bubble], size: _Radius, outlined: bool,
) -> float:  # fmt: skip
    """Types with their counts, sizes, notes. Returns the bottom."""
    # White below the map: what was drawn beyond its frame goes under.
    sheet.add(element("rect", y=frame.height, width=WIDTH, height=400, fill=PAPER))
    y = frame.height + 22.0
    count, deaths = Counter[str](), Counter[str]()
    for _, _, bubble in inside:
        count[bubble.type] += bubble.events
        deaths[bubble.type] += bubble.deaths
    shown = [kind for kind in TYPES if count[kind] or kind != "other"]
    for at, kind in enumerate(shown):
        look, row = TYPES[kind], y + 21 * at
        sheet.add(
            key_shape(look, 12, row, 6.5),
            text(28, row + 4.5, look.label, size=13),
            text(176, row + 4.5, words_of.counted(count[kind], "event") + ", "
                 + words_of.counted(deaths[kind], "death"), size=13, fill=INK_SOFT),
        )  # fmt: skip
    bottom = max(y + 21 * len(shown), _sizes(sheet, y, inside, size))
    notes = [f"Deaths are best estimates. {NOT_OFFICIAL if outlined else 'No outline is known.'}"]
    if outside:
        notes.insert(0, f"Not on this map: {_outside(outside)}.")
    for note in notes:
        for line in words_of.lines(note, WIDTH - 60, 12, 3):
            sheet.add(text(6, bottom + 6, line, fill=INK_FAINT))
            bottom += 17
    return bottom + 2


def _sizes(
    sheet: Sheet, y: float, inside: Sequence[tuple[float, float, Bubble]], size: _Radius
) -> float:
    """Circles of round numbers of deaths, right of the types. Returns their bottom."""
    most = max((bubble.deaths for _, _, bubble in inside), default=0)
    if not most:
        return y
    steps = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    rounds = [step for step in steps if size.least < step <= most]
    rounds = [rounds[at] for at in sorted({0, len(rounds) // 2, len(rounds) - 1})] if rounds else []
    x = 408.0
    sheet.add(text(x, y + 4.5, "Area: deaths", size=13, fill=INK_SOFT))
    middle = y + 34
    entries = [(_LEAST, f"{size.least:,} or fewer" if size.least else "none")]
    entries += [(size(step), f"{step:,}") for step in rounds]
    while x + sum(2 * r + 21 + words_of.width(w, 13) for r, w in entries) - 16 > WIDTH - 8:
        entries.pop(len(entries) // 2)
    for radius, words in entries:
        x += radius
        sheet.add(
            element("circle", cx=x, cy=middle, r=radius, fill=PAPER_3, stroke=EDGE),
            text(x + radius + 5, middle + 4.5, words, size=13),
        )
        x += radius + 5 + words_of.width(words, 13) + 16
    return middle + max(radius for radius, _ in entries) + 14


def _outside(outside: Sequence[Bubble]) -> str:
    events_there = sum(bubble.events for bubble in outside)
    deaths = sum(bubble.deaths for bubble in outside)
    return (
        f"{words_of.counted(events_there, 'event')} with {words_of.counted(deaths, 'death')} "
        "far outside of it"
    )


def _alt(
    name: str, points: Sequence[MapPoint], inside: Sequence[tuple[float, float, Bubble]],
    outside: Sequence[Bubble], outlined: bool,
) -> str:  # fmt: skip
    if not points:
        return f"Map of {name}. No events."
    deaths = sum(point.deaths_best for point in points)
    said = [
        f"Map of {name} with {words_of.counted(len(points), 'event')} and "
        f"{words_of.counted(deaths, 'death')} (best estimates)."
    ]
    by_type = Counter(point.type for point in points)
    kinds = [f"{TYPES[kind].label}: {by_type[kind]:,}" for kind in TYPES if by_type[kind]]
    said.append(f"Events by type: {'; '.join(kinds)}.")
    worst = [bubble for _, _, bubble in inside[:3] if bubble.deaths]
    if worst:
        places = [
            f"{next(iter(b.words), f'{compass.northing(round(b.lat, 1))} {compass.easting(round(b.lon, 1))}')} "
            f"({words_of.counted(b.deaths, 'death')}, {TYPES[b.type].label.lower()})"
            for b in worst
        ]
        said.append(f"Most deaths: {words_of.listed(places)}.")
    if outside:
        said.append(f"Not on this map: {_outside(outside)}.")
    if not outlined:
        said.append("The map has no outline of the country.")
    return " ".join(said)
