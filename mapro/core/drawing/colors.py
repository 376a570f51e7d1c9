"""Colors and looks of all drawings: USWDS tokens, the same as the custom properties of the screen.

Nothing is told by color alone: every look also has a hatch, a shape or a dash.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#171716"
INK_SOFT = "#454540"
INK_FAINT = "#5d5d52"
RULE = "#cac9c0"
RULE_FAINT = "#e6e6e2"
EDGE = "#76766a"
PAPER = "#fff"
PAPER_2 = "#f9f9f7"
PAPER_3 = "#f0f0ec"
ACCENT = "#07648d"
ACCENT_DARK = "#074b69"
ACCENT_TINT = "#e7f2f5"
ACCENT_LINE = "#82b4c9"
GOOD = "#446443"
LATE = "#7a591a"
LATE_TINT = "#f5f0e6"
STOP = "#a72f10"
STOP_TINT = "#faeee5"
ADD_TINT = "#ecf3ec"

FONTS = "Public Sans Web,Public Sans,sans-serif"


@dataclass(frozen=True)
class Hatch:
    """How an area is filled: a ground, and lines or dots upon it.

    ``lines`` is an SVG path within a square tile of ``tile`` pixels, drawn ``stroke`` pixels wide.
    """

    ground: str
    ink: str = ""
    tile: int = 6
    lines: str = ""
    stroke: float = 1
    turn: int = 0


@dataclass(frozen=True)
class Look:
    """The looks of one kind of thing: its word, color, fill and shape."""

    label: str
    color: str
    hatch: Hatch
    shape: str = "circle"


# Where there is no data: never like a quiet area, never like zero.
NO_DATA = Hatch(PAPER, EDGE, 6, "M0 3H4", 1.1, 45)

# Groups, in order of their first appearance; the shape tells them apart without color.
GROUPS: tuple[Look, ...] = (
    Look("", ACCENT, Hatch(ACCENT_TINT), "circle"),
    Look("", STOP, Hatch(STOP_TINT), "square"),
    Look("", GOOD, Hatch(ADD_TINT), "triangle"),
    Look("", LATE, Hatch(LATE_TINT), "diamond"),
    Look("", INK_FAINT, Hatch(PAPER_3), "cross"),
    Look("", ACCENT_DARK, Hatch(PAPER), "ring"),
    Look("", INK, Hatch(PAPER_2), "bar"),
)
