"""Where words may stand without covering each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from mapro.core.drawing import text as words_of

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Room:
    """Remembers what is taken, and finds a free place for the next word."""

    def __init__(self, width: float, height: float, margin: float = 2) -> None:
        self.frame: Box = (margin, margin, width - margin, height - margin)
        self.taken: list[Box] = []
        self.words: list[Box] = []
        self.dots: list[tuple[float, float]] = []  # middles of small marks: no line may cross them

    def take(self, box: Box) -> None:
        """Nothing may be set here any more."""
        self.taken.append(box)

    def free(self, box: Box, own: Box | None = None) -> bool:
        """Whether the box lies in the frame and on nothing that is taken, but for ``own``."""
        left, top, right, bottom = self.frame
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            return False
        return not any(overlap(box, other) for other in self.taken if other is not own)

    def place(
        self, words: str, spots: Iterable[tuple[float, float, str]], size: float = 12,
        *, bold: bool = False, room: float = 200, own: Box | None = None,
        origin: tuple[float, float] | None = None,
    ) -> tuple[float, float, str, str] | None:  # fmt: skip
        """The first free spot (x, baseline, anchor, words as cut to ``room``), now taken; or None.

        ``own`` is what the words belong to: they may stand on it. A line from ``origin`` to the
        spot may cross no other words and no dots.
        """
        shown = words_of.cut(words, room, size, bold=bold)
        wide = words_of.width(shown, size, bold=bold)
        for x, y, anchor in spots:
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            box = (left - 1, y - size * 0.85, left + wide + 1, y + size * 0.3)
            if self.free(box, own) and (origin is None or self._clear(origin, (x, y - size / 3))):
                self.take(box)
                self.words.append(box)
                return x, y, anchor, shown
        return None

    def _clear(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        (ax, ay), (bx, by) = start, end
        for step in range(1, 16):
            x, y = ax + (bx - ax) * step / 16, ay + (by - ay) * step / 16
            if any(box[0] < x < box[2] and box[1] < y < box[3] for box in self.words):
                return False
        return not any(distance(dot, start, end) < 8 for dot in self.dots if dot != start)


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def distance(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    """From a point to the nearest place on the line between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    square = (bx - ax) ** 2 + (by - ay) ** 2
    along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / square if square else 0.0
    along = max(0.0, min(1.0, along))
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


def around(
    x: float, y: float, across: float, down: float, size: float = 12
) -> list[tuple[float, float, str]]:
    """Spots for a word beside a mark that reaches so far across and down from its middle."""
    middle = y + size * 0.35
    above, below = y - down - 2, y + down + size
    return [
        (x + across, middle, "start"), (x - across, middle, "end"),
        (x, above, "middle"), (x, below, "middle"),
        (x + across * 0.7, above, "start"), (x + across * 0.7, below, "start"),
        (x - across * 0.7, above, "end"), (x - across * 0.7, below, "end"),
        (x + across, middle - down / 2, "start"), (x + across, middle + down / 2, "start"),
        (x - across, middle - down / 2, "end"), (x - across, middle + down / 2, "end"),
    ]  # fmt: skip


def flow(widths: Sequence[float], width: float, gap: float = 18) -> list[tuple[float, int]]:
    """Where each of some items of a legend, so wide each, begins, and on which row."""
    placed = []
    x, row = 0.0, 0
    for wide in widths:
        if x and x + wide > width:
            x, row = 0.0, row + 1
        placed.append((x, row))
        x += wide + gap
    return placed
