"""What orients on a country's map: the scale, north, and the degrees where there is no outline."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assessments.drawing import frame as frames
from assessments.drawing import labels
from assessments.drawing.frame import WIDTH, Frame
from mapro.core.drawing.colors import EDGE, INK, INK_FAINT, PAPER, RULE_FAINT
from mapro.core.drawing.svg import Sheet, element, number, text


def grid(sheet: Sheet, frame: Frame, room: labels.Room) -> None:
    """Meridians and parallels: all the orientation there is without an outline."""
    west, south, east, north = frame.bounds()
    span = max(east - west, north - south)
    steps = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30)
    step = next((step for step in steps if span / step <= 8), 30)
    lines: list[str] = []
    for count in range(math.ceil(west / step), math.floor(east / step) + 1):
        line = [frame.at(count * step, south + (north - south) * s / 24) for s in range(25)]
        lines.append(_through(line))
        foot = frame.at(count * step, frame.projection.lat)[0]
        sheet.add(_degrees(foot, frame.height - 6, easting(count * step), "middle", room))
    for count in range(math.ceil(south / step), math.floor(north / step) + 1):
        line = [frame.at(west + (east - west) * s / 24, count * step) for s in range(25)]
        lines.append(_through(line))
        y = frame.at(frame.projection.lon, count * step)[1]
        sheet.add(_degrees(6, y - 3, northing(count * step), "start", room))
    sheet.add(element("path", d="".join(lines), fill="none", stroke=RULE_FAINT))


def _through(line: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in line)


def _degrees(x: float, y: float, words: str, anchor: str, room: labels.Room) -> str:
    if room.place(words, [(x, y, anchor)]) is None:
        return ""
    return text(x, y, words, fill=INK_FAINT, anchor=None if anchor == "start" else anchor)


def easting(lon: float) -> str:
    """A longitude as people write it: 18.5°E."""
    lon = (lon + 180) % 360 - 180
    return f"{abs(lon):g}°{'' if lon in (0, -180) else 'E' if lon > 0 else 'W'}"


def northing(lat: float) -> str:
    """A latitude as people write it: 4.4°N."""
    return f"{abs(lat):g}°{'' if not lat else 'N' if lat > 0 else 'S'}"


def scale(sheet: Sheet, frame: Frame, room: labels.Room) -> str:
    """The scale bar and the north arrow, lower right, to be drawn on top."""
    km, long = frames.scale_bar(frame)
    right, y = WIDTH - 16.0, frame.height - 14.0
    left = right - long
    box = (left - 12, y - 30, right + 8, y + 8)
    room.take(box)
    arrow_x = left - 26
    room.take((arrow_x - 10, y - 34, arrow_x + 10, y + 8))
    return (
        element("rect", x=arrow_x - 14, y=y - 34, width=right - arrow_x + 26, height=42,
                fill=PAPER, fill_opacity=0.86)
        + element("path", d=f"M{number(left)} {number(y - 5)}v5H{number(right)}v-5",
                  fill="none", stroke=INK, stroke_width=1.5)
        + text((left + right) / 2, y - 9, f"{km:,} km", anchor="middle")
        + element("path", d=f"M{number(arrow_x)} {number(y)}v-14m-4 0l4 -9l4 9z", fill=INK,
                  stroke=INK, stroke_width=1.2)
        + text(arrow_x + 8, y - 14, "N", size=12, bold=True)
    )  # fmt: skip


def border(frame: Frame) -> str:
    """The line around the map."""
    return element(
        "rect", x=0.5, y=0.5, width=WIDTH - 1, height=frame.height - 1, fill="none", stroke=EDGE
    )
