"""Who stands with whom: actors as labeled boxes, relations as lines between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.drawing import labels, layout
from assessments.drawing.layout import HALF_HIGH, HALF_WIDE, WIDTH
from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import ACCENT, GOOD, GROUPS, INK_FAINT, INK_SOFT, PAPER, STOP, Look
from mapro.core.drawing.svg import (
    Drawing,
    DrawingError,
    Sheet,
    element,
    key_shape,
    number,
    shape,
    text,
    titled,
)  # fmt: skip

MOST = 80  # nodes; up to 40 read well
_MOST_EDGES = 400
_ROOM = 2 * HALF_WIDE - 34  # pixels for a label beside the shape of its group
_LABEL = 120.0  # pixels for the words on a line
# Where words may stand that do not fit on their line.
_BESIDE = ((7, 4, "start"), (-7, 4, "end"), (0, -6, "middle"), (0, 15, "middle"))
_BOW = 16.0  # pixels between lines that join the same two


@dataclass(frozen=True)
class Node:
    """An actor. ``key`` is unique; those of one ``group`` look the same."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Edge:
    """What one actor is to another; ``kind`` is supports, opposes, controls or other."""

    start: str
    end: str
    label: str = ""
    kind: str = "other"


@dataclass(frozen=True)
class _Kind:
    label: str
    color: str
    dash: str | None
    width: float
    head: str  # open, cross, full or small


_KINDS = {
    "supports": _Kind("supports", GOOD, None, 1.8, "open"),
    "opposes": _Kind("opposes", STOP, "7 4", 1.8, "cross"),
    "controls": _Kind("controls", ACCENT, None, 3.2, "full"),
    "other": _Kind("is linked to", INK_FAINT, "2 4", 1.6, "small"),
}


def network(
    nodes: Sequence[Node], edges: Sequence[Edge], *,
    title: str = "Network of actors", prefix: str = "network",
) -> Drawing:  # fmt: skip
    """Actors and their relations; 960 pixels wide, as high as the number of actors asks.

    Same actors in the same order, same picture. Raises DrawingError for a key used twice, a line
    to an unknown actor, an unknown kind, or more than 80 actors or 400 lines.
    """
    _checked(nodes, edges)
    at, height = layout.placed(
        [node.key for node in nodes], [node.group for node in nodes],
        [(edge.start, edge.end) for edge in edges],
    )  # fmt: skip
    groups = list(dict.fromkeys(node.group for node in nodes))
    looks = {group: GROUPS[index % len(GROUPS)] for index, group in enumerate(groups)}
    names = {node.key: words_of.clean(node.label) or node.key for node in nodes}
    sheet = Sheet(WIDTH, prefix)
    room = labels.Room(WIDTH, height)
    for x, y in at.values():
        room.take((x - HALF_WIDE, y - HALF_HIGH, x + HALF_WIDE, y + HALF_HIGH))
    unnamed = _edges(sheet, edges, at, names, room)
    for node in nodes:
        _node(sheet, node, *at[node.key], looks[node.group])
    bottom = _legend(sheet, looks, edges, unnamed, height)
    return sheet.drawing(bottom, title, _alt(nodes, edges, names))


def _checked(nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
    if len(nodes) > MOST or len(edges) > _MOST_EDGES:
        raise DrawingError(
            f"{len(nodes):,} actors and {len(edges):,} relations cannot be read on one drawing; "
            f"{MOST} and {_MOST_EDGES} can be drawn. Choose some of them."
        )
    keys = [node.key for node in nodes]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise DrawingError(f"These keys stand for two actors: {', '.join(twice)}.")
    for edge in edges:
        for key in (edge.start, edge.end):
            if key not in keys:
                raise DrawingError(
                    f"A relation names the actor {key!r}, who is not on the drawing. "
                    "Give the actor, or leave the relation out."
                )
        if edge.kind not in _KINDS:
            raise DrawingError(
                f"The relation of {edge.start!r} to {edge.end!r} is of the kind {edge.kind!r}; "
                f"give one of {', '.join(_KINDS)}."
            )


def _node(sheet: Sheet, node: Node, x: float, y: float, look: Look) -> None:
    left, top = x - HALF_WIDE, y - HALF_HIGH
    box = element(
        "rect", x=left, y=top, width=2 * HALF_WIDE, height=2 * HALF_HIGH, rx=3,
        fill=look.hatch.ground, stroke=look.color, stroke_width=1.4,
    )  # fmt: skip
    key = element("path", d=shape(look.shape, left + 15, y, 6), fill=look.color,
                  fill_rule="evenodd")  # fmt: skip
    rows = words_of.lines(node.label or node.key, _ROOM, 13, 2)
    start = y + 4.5 - 8 * (len(rows) - 1)
    said = "".join(
        text(left + 28, start + 16 * row, words, size=13) for row, words in enumerate(rows)
    )
    group = f" ({node.group})" if node.group else ""
    sheet.add(titled("g", f"{node.label or node.key}{group}", box + key + said))


def _edges(
    sheet: Sheet, edges: Sequence[Edge], at: dict[str, tuple[float, float]],
    names: dict[str, str], room: labels.Room,
) -> list[str]:  # fmt: skip
    """Draws the lines and their words. Returns the sentences of those that found no room."""
    between: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in edges:
        between[min(edge.start, edge.end), max(edge.start, edge.end)].append(edge)
    unnamed, worded = [], []
    for (first, _), group in between.items():
        for index, edge in enumerate(group):
            bow = (index - (len(group) - 1) / 2) * 2 * _BOW
            # Seen from the same end, so that lines both ways do not fall on one another.
            curve = _curve(at[edge.start], at[edge.end], bow if edge.start == first else -bow)
            sheet.add(_line(edge, curve, names))
            x, y = _on(curve, 0.97)
            room.take((x - 7, y - 7, x + 7, y + 7))  # an arrowhead says more than its words
            if words_of.clean(edge.label):
                worded.append((edge, curve))
    for edge, curve in worded:
        along = [_on(curve, share) for share in (0.46, 0.38, 0.54, 0.3, 0.62, 0.22, 0.7)]
        spots = [(x, y + 4, "middle") for x, y in along]
        spots += [(x + dx, y + dy, anchor) for x, y in along for dx, dy, anchor in _BESIDE]
        if placed := room.place(edge.label, spots, room=_LABEL):
            sheet.add(_words(*placed, edge))
        else:
            unnamed.append(_sentence(edge, names))
    return unnamed


def _words(x: float, y: float, anchor: str, shown: str, edge: Edge) -> str:
    """The words of a line on a plate, so that no line strikes them through."""
    wide = words_of.width(shown)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    plate = element("rect", x=left - 2, y=y - 10, width=wide + 4, height=14, fill=PAPER,
                    fill_opacity=0.92)  # fmt: skip
    return plate + text(
        x, y, edge.label, fill=_KINDS[edge.kind].color, room=_LABEL,
        anchor=None if anchor == "start" else anchor,
    )  # fmt: skip


Curve = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


def _curve(start: tuple[float, float], end: tuple[float, float], bow: float) -> Curve:
    """From edge of box to edge of box: start, control point, end. A loop for one's own."""
    if start == end:
        x, y = start
        turn = HALF_HIGH + 26 + abs(bow)
        return (x + 20, y - HALF_HIGH), (x + HALF_WIDE + 24, y - turn), (x + HALF_WIDE, y - 6)
    (ax, ay), (bx, by) = start, end
    long = math.hypot(bx - ax, by - ay) or 1
    control = (
        (ax + bx) / 2 - (by - ay) / long * bow * 2, (ay + by) / 2 + (bx - ax) / long * bow * 2,
    )  # fmt: skip
    return _leave(start, control), control, _leave(end, control, 3)


def _leave(
    center: tuple[float, float], toward: tuple[float, float], gap: float = 0
) -> tuple[float, float]:
    """Where a line from the middle of a box to a point leaves the box."""
    (x, y), (to_x, to_y) = center, toward
    dx, dy = to_x - x, to_y - y
    share = min(
        (HALF_WIDE + gap) / abs(dx) if dx else math.inf,
        (HALF_HIGH + gap) / abs(dy) if dy else math.inf, 1,
    )  # fmt: skip
    return x + dx * share, y + dy * share


def _on(curve: Curve, share: float) -> tuple[float, float]:
    (ax, ay), (cx, cy), (bx, by) = curve
    left, both, right = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return left * ax + both * cx + right * bx, left * ay + both * cy + right * by


def _line(edge: Edge, curve: Curve, names: dict[str, str]) -> str:
    kind = _KINDS[edge.kind]
    (ax, ay), (cx, cy), (bx, by) = curve
    line = element(
        "path", fill="none", stroke=kind.color, stroke_width=kind.width,
        stroke_dasharray=kind.dash,
        d=f"M{number(ax)} {number(ay)}Q{number(cx)} {number(cy)} {number(bx)} {number(by)}",
    )  # fmt: skip
    head = _head(kind, (cx, cy), (bx, by))
    return titled("g", f"{_sentence(edge, names)}.", line + head)


def _head(kind: _Kind, origin: tuple[float, float], tip: tuple[float, float]) -> str:
    """The end of a line: open arrow, cross, filled arrow, or small arrow."""
    (ox, oy), (x, y) = origin, tip
    long = math.hypot(x - ox, y - oy) or 1
    dx, dy = (x - ox) / long, (y - oy) / long

    def point(back: float, side: float) -> str:
        return f"{number(x - dx * back - dy * side)} {number(y - dy * back + dx * side)}"

    if kind.head == "full":
        path = f"M{point(0, 0)}L{point(13, 6.5)}L{point(13, -6.5)}z"
        return element("path", d=path, fill=kind.color)
    if kind.head == "cross":
        path = f"M{point(4, 5)}L{point(13, -5)}M{point(4, -5)}L{point(13, 5)}"
    else:
        back, side = (11.0, 5.5) if kind.head == "open" else (7.0, 3.5)
        path = f"M{point(back, side)}L{point(0, 0)}L{point(back, -side)}"
    return element("path", d=path, fill="none", stroke=kind.color, stroke_width=2)


def _legend(
    sheet: Sheet,
    looks: dict[str, Look],
    edges: Sequence[Edge],
    unnamed: Sequence[str],
    top: float,
) -> float:
    y = top + 18
    entries = [(group or "No group", look) for group, look in looks.items()]
    wide = [20 + min(words_of.width(words_of.clean(g), 13), 190) for g, _ in entries]
    placed = labels.flow(wide, WIDTH - 16)
    for (group, look), (x, row) in zip(entries, placed, strict=True):
        sheet.add(
            key_shape(look, x + 14, y + row * 22, 6),
            text(x + 28, y + row * 22 + 4.5, group, size=13, room=190),
        )
    y += 22 * (placed[-1][1] + 1) if placed else 0
    used = [kind for kind in _KINDS if any(edge.kind == kind for edge in edges)]
    wide = [56 + words_of.width(_KINDS[kind].label, 13) for kind in used]
    placed = labels.flow(wide, WIDTH - 16)
    for name, (x, row) in zip(used, placed, strict=True):
        kind, at = _KINDS[name], y + row * 22
        sheet.add(
            element("path", d=f"M{number(x + 8)} {number(at)}h44", fill="none", stroke=kind.color,
                    stroke_width=kind.width, stroke_dasharray=kind.dash),
            _head(kind, (x + 8, at), (x + 54, at)),
            text(x + 64, at + 4.5, kind.label, size=13),
        )  # fmt: skip
    y += 22 * (placed[-1][1] + 1) if placed else 0
    if unnamed:
        words = f"No room for the words of: {'; '.join(unnamed)}."
        for line in words_of.lines(words, WIDTH - 60, 12, 5):
            sheet.add(text(8, y + 4, line, fill=INK_SOFT))
            y += 17
    return y + 4


def _sentence(edge: Edge, names: dict[str, str]) -> str:
    words = words_of.clean(edge.label)
    said = f"{names[edge.start]} {_KINDS[edge.kind].label} {names[edge.end]}"
    return f"{said} ({words})" if words else said


def _alt(nodes: Sequence[Node], edges: Sequence[Edge], names: dict[str, str]) -> str:
    if not nodes:
        return "Network of actors. No actors."
    groups: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        groups[words_of.clean(node.group)].append(names[node.key])
    said = [
        f"Network of {words_of.counted(len(nodes), 'actor')} and "
        f"{words_of.counted(len(edges), 'relation')}."
    ]
    said += [
        f"{group or 'Actors without a group'}: {words_of.listed(keys, 40)}."
        for group, keys in groups.items()
    ]
    said += [f"{_sentence(edge, names)}." for edge in edges[:60]]
    if len(edges) > 60:
        said.append(f"And {len(edges) - 60:,} more relations.")
    return " ".join(said)
