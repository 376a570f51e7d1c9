"""The looks of levels of risk and of types of violence."""

from mapro.core.drawing.colors import (
    ACCENT,
    ADD_TINT,
    EDGE,
    GOOD,
    INK_FAINT,
    LATE,
    LATE_TINT,
    PAPER,
    STOP,
    Hatch,
    Look,
)

# A turned tile draws its line through the middle: lines that meet the tile's edge leave gaps.
_LINE = "M0 3H6"

LEVELS: dict[str, Look] = {
    "high": Look("High", STOP, Hatch(STOP, PAPER, 6, "M0 3H6M3 0V6", 0.8, 45)),
    "medium": Look("Medium", LATE, Hatch(LATE_TINT, LATE, 5, "M0 2.5H5", 2, 135)),
    "low": Look("Low", GOOD, Hatch(ADD_TINT, GOOD, 6, "M2 3H4", 1.6)),
    "unknown": Look("Not known", EDGE, Hatch(PAPER, EDGE, 6, "M0 3H4", 1.1, 45)),
}

TYPES: dict[str, Look] = {
    "state_based": Look("State-based conflict", ACCENT, Hatch(ACCENT), "circle"),
    "non_state": Look(
        "Non-state conflict", LATE, Hatch(LATE_TINT, LATE, 6, _LINE, 3, 135), "square"
    ),
    "one_sided": Look(
        "One-sided violence", STOP, Hatch(STOP, PAPER, 6, "M0 3H6M3 0V6", 0.8, 45), "triangle"
    ),
    "other": Look("Other", INK_FAINT, Hatch(PAPER, INK_FAINT, 6, "M2 3H4", 1.8), "diamond"),
}
