"""The comparison in one picture: a bar for each option, parted by what each criterion adds.

Dataclasses in, SVG out. A number in each part names its criterion, so that no color is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import (
    ACCENT,
    ACCENT_TINT,
    ADD_TINT,
    EDGE,
    GOOD,
    INK,
    INK_SOFT,
    LATE,
    LATE_TINT,
    NO_DATA,
    PAPER,
    PAPER_3,
    RULE_FAINT,
    STOP,
    STOP_TINT,
    Hatch,
)
from mapro.core.drawing.svg import Drawing, Sheet, element, number, text, titled

WIDTH = 960  # pixels
_LEFT, _RIGHT = 236, 744  # the plot
_ROW, _BAR, _TOP = 46, 26, 34
_SCALE = 5  # the highest score
_LINE = 20  # of the legend
# Grounds that take dark figures; lines tell the second half apart from the first.
_FILLS: tuple[Hatch, ...] = (
    Hatch(ACCENT_TINT),
    Hatch(LATE_TINT),
    Hatch(ADD_TINT),
    Hatch(STOP_TINT),
    Hatch(PAPER_3),
    Hatch(ACCENT_TINT, ACCENT, 8, "M0 4H8", 0.8, 45),
    Hatch(LATE_TINT, LATE, 8, "M0 4H8", 0.8, 135),
    Hatch(ADD_TINT, GOOD, 8, "M0 4H8", 0.8),
    Hatch(STOP_TINT, STOP, 8, "M4 0V8", 0.8),
    Hatch(PAPER, EDGE, 8, "M0 4H8", 0.8, 45),
)


@dataclass(frozen=True)
class Part:
    """What a criterion adds to a total: its share of the weight times the mean score."""

    criterion: int  # its place, from 0
    value: float


@dataclass(frozen=True)
class Bar:
    """An option with its total, and where it ranks (“1”, “2=”); no rank when it is incomplete."""

    name: str
    total: float
    told: str
    rank: str
    parts: tuple[Part, ...]


def comparison(
    bars: Sequence[Bar], criteria: Sequence[tuple[str, str]], *, title: str, prefix: str = "compare"
) -> Drawing:
    """Bars, the best first; ``criteria`` are names and weights in words. 960 pixels wide."""
    sheet = Sheet(WIDTH, prefix)
    bottom = _TOP + _ROW * max(len(bars), 1)
    scale = (_RIGHT - _LEFT) / _SCALE
    for step in range(_SCALE + 1):
        x = _LEFT + step * scale
        sheet.add(
            element("path", d=f"M{number(x)} {_TOP - 8}V{bottom}", stroke=RULE_FAINT),
            text(x, _TOP - 14, str(step), fill=INK_SOFT, anchor="middle"),
        )
    sheet.add(text(_RIGHT + 16, _TOP - 14, "Total and rank", fill=INK_SOFT))
    for place, bar in enumerate(bars):
        sheet.add(*_bar(sheet, bar, criteria, _TOP + place * _ROW, scale))
    sheet.add(element("path", d=f"M{_LEFT} {_TOP - 8}V{bottom}", stroke=INK))
    height = _legend(sheet, criteria, bottom + 14)
    return sheet.drawing(height, title, _alt(bars, criteria))


def _bar(
    sheet: Sheet, bar: Bar, criteria: Sequence[tuple[str, str]], top: float, scale: float
) -> list[str]:
    y = top + (_ROW - _BAR) / 2
    made = []
    lines = words_of.lines(bar.name, _LEFT - 20, 13)
    for at, line in enumerate(lines):
        base = y + _BAR / 2 + 4.5 + (at - (len(lines) - 1) / 2) * 16
        made.append(text(_LEFT - 12, base, line, size=13, anchor="end"))
    x = float(_LEFT)
    for part in bar.parts:
        wide = part.value * scale
        name = criteria[part.criterion][0]
        fill = _FILLS[part.criterion % len(_FILLS)]
        made.append(
            titled(
                "rect", f"{name}: {part.value:.2f}", x=x, y=y, width=wide, height=_BAR,
                fill=sheet.hatch(fill), stroke=EDGE, stroke_width=1,
            )
        )  # fmt: skip
        label = str(part.criterion + 1)
        if wide >= words_of.width(label, 12) + 4:
            made.append(text(x + wide / 2, y + _BAR / 2 + 4.5, label, anchor="middle", halo=PAPER))
        x += wide
    if bar.rank:
        made.append(text(_RIGHT + 16, y + _BAR / 2 + 5, bar.told, size=15, bold=True))
        made.append(text(_RIGHT + 64, y + _BAR / 2 + 5, f"rank {bar.rank}", size=14))
    else:
        made.append(
            element(
                "rect", x=_LEFT, y=y, width=_RIGHT - _LEFT, height=_BAR, fill=sheet.hatch(NO_DATA)
            )
        )  # fmt: skip
        made.append(text(_RIGHT + 16, y + _BAR / 2 + 5, "no rank: scores missing", size=13))
    return made


def _legend(sheet: Sheet, criteria: Sequence[tuple[str, str]], top: float) -> float:
    """Numbers, names and weights in two columns; returns where the picture ends."""
    half = WIDTH / 2
    for at, (name, weight) in enumerate(criteria):
        x, y = 8 + half * (at % 2), top + _LINE * (at // 2)
        label = f"{at + 1}  {name} ({weight})"
        sheet.add(
            sheet.swatch(x, y, _FILLS[at % len(_FILLS)]),
            text(x + 30, y + 11.5, label, size=13, room=half - 50),
        )
    return top + _LINE * -(-len(criteria) // 2) + 8


def _alt(bars: Sequence[Bar], criteria: Sequence[tuple[str, str]]) -> str:
    weights = words_of.listed([f"{name} {weight}" for name, weight in criteria], most=20)
    said = [f"Bars of the weighted totals, on a scale to {_SCALE}. Weights: {weights}."]
    for bar in bars:
        if bar.rank:
            adds = "; ".join(
                f"{words_of.clean(criteria[p.criterion][0])} adds {p.value:.2f}" for p in bar.parts
            )
            said.append(f"Rank {bar.rank}: {words_of.clean(bar.name)}, {bar.told} ({adds}).")
        else:
            said.append(f"{words_of.clean(bar.name)} has no rank, because scores are missing.")
    return " ".join(said)
