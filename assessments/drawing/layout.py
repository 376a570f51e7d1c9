"""Where the boxes of a network stand: a force layout without chance, then no box on another."""

from __future__ import annotations

import math
from collections.abc import Sequence

WIDTH = 960
HALF_WIDE, HALF_HIGH = 82.0, 21.0  # pixels: half of a box
_GAP_X, _GAP_Y = 56.0, 46.0  # pixels left free between boxes
_ROUNDS = 120
_SQUASH = 2.0  # boxes are wide: forces work on a plane that is this much narrower

Point = tuple[float, float]


def placed(
    keys: Sequence[str], groups: Sequence[str], edges: Sequence[tuple[str, str]]
) -> tuple[dict[str, Point], float]:
    """The middles of the boxes in pixels, by key, and the height of the drawing.

    Those that are joined come to lie near each other, and so do those of a group.
    """
    if not keys:
        return {}, 120.0
    index = {key: at for at, key in enumerate(keys)}
    pairs = sorted({(min(index[a], index[b]), max(index[a], index[b])) for a, b in edges if a != b})
    xs, ys = _relaxed(*_ring(groups), groups, pairs)
    height = _height(len(keys))
    xs, ys = _fitted(xs, WIDTH), _fitted(ys, height, HALF_HIGH)
    _separate(xs, ys, height)
    top = min(ys) - HALF_HIGH - 34
    bottom = max(ys) + HALF_HIGH + 14
    return {key: (xs[at], ys[at] - top) for at, key in enumerate(keys)}, bottom - top


def _height(count: int) -> float:
    """High enough that boxes and the gaps around them take about two thirds of the ground."""
    boxes = count * (2 * HALF_WIDE + _GAP_X) * (2 * HALF_HIGH + _GAP_Y)
    return max(260.0, min(1600.0, 1.5 * boxes / WIDTH + 80))


def _ring(groups: Sequence[str]) -> tuple[list[float], list[float]]:
    """A first place for each: around a circle, group beside group, in their order."""
    order = sorted(range(len(groups)), key=lambda at: (list(groups).index(groups[at]), at))
    xs, ys = [0.0] * len(groups), [0.0] * len(groups)
    for place, at in enumerate(order):
        angle = 2 * math.pi * place / len(order) + 0.4
        # Not all as far out: on a perfect circle forces would cancel each other.
        radius = 1 + 0.15 * (place % 3)
        xs[at], ys[at] = radius * math.cos(angle), radius * math.sin(angle)
    return xs, ys


def _relaxed(
    xs: list[float], ys: list[float], groups: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> tuple[list[float], list[float]]:
    """Fruchterman and Reingold's forces for a fixed number of rounds."""
    count = len(xs)
    ideal = 2.2 / math.sqrt(count)
    for turn in range(_ROUNDS):
        heat = 0.25 * (1 - turn / _ROUNDS) + 0.005
        dx = [-0.35 * x for x in xs]  # a pull to the middle holds the unjoined in the picture
        dy = [-0.35 * y for y in ys]
        for a in range(count):
            ax, ay = xs[a], ys[a]
            for b in range(a):
                x, y = ax - xs[b], ay - ys[b]
                square = x * x + y * y + 1e-6
                push = ideal * ideal / square
                if groups[a] == groups[b]:
                    push *= 0.7
                dx[a] += x * push
                dy[a] += y * push
                dx[b] -= x * push
                dy[b] -= y * push
        for a, b in pairs:
            x, y = xs[a] - xs[b], ys[a] - ys[b]
            pull = math.hypot(x, y) / ideal
            dx[a] -= x * pull
            dy[a] -= y * pull
            dx[b] += x * pull
            dy[b] += y * pull
        for at in range(count):
            long = math.hypot(dx[at], dy[at])
            if long:
                step = min(long, heat) / long
                xs[at] += dx[at] * step
                ys[at] += dy[at] * step
    return xs, ys


def _fitted(values: list[float], size: float, half: float = HALF_WIDE) -> list[float]:
    """The values stretched from edge to edge of the drawing, and evened out half-way.

    Half of a place is where the forces put it, half its rank: so that two far islands leave no
    desert between them.
    """
    low, spread = min(values), max(values) - min(values)
    if spread < 1e-9:
        return [size / 2] * len(values)
    ranked = sorted(range(len(values)), key=lambda at: (values[at], at))
    rank = {at: place / (len(values) - 1) for place, at in enumerate(ranked)}
    room = size - 2 * half - 28
    return [
        14 + half + ((value - low) / spread + rank[at]) / 2 * room
        for at, value in enumerate(values)
    ]


def _separate(xs: list[float], ys: list[float], height: float) -> None:
    """Moves boxes apart, along the shorter way, until none touches another."""
    need_x, need_y = 2 * HALF_WIDE + _GAP_X, 2 * HALF_HIGH + _GAP_Y
    left, right = HALF_WIDE + 14, WIDTH - HALF_WIDE - 14
    for turn in range(400):
        moved = False
        for a in range(len(xs)):
            for b in range(a):
                x, y = xs[a] - xs[b], ys[a] - ys[b]
                over_x, over_y = need_x - abs(x), need_y - abs(y)
                if over_x <= 0.01 or over_y <= 0.01:
                    continue
                moved = True
                # Sideways only while there is room at the sides; down there always is.
                if over_x / _SQUASH < over_y and turn < 200:
                    push = over_x / 2 * (1 if x >= 0 else -1)
                    xs[a] = min(right, max(left, xs[a] + push))
                    xs[b] = min(right, max(left, xs[b] - push))
                else:
                    push = (over_y / 2 + 0.1) * (1 if y > 0 or (y == 0 and a > b) else -1)
                    ys[a] += push
                    ys[b] -= push
        if not moved:
            return
