"""What the ratings of a country add up to, in words and as a tint of the map.

The tint shows the gravest sign that is known and decides nothing: people judge the cumulative
effect, from the counts that stand beside it. “Low” needs half of the items to be known; fewer known
items without a grave sign are “unknown”, since absence of information is not absence of risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assessments.frames import FRAMES
from assessments.models import Rating
from assessments.vocabulary import FrameKey, Level, Trend

ITEMS = len(FRAMES[FrameKey.OSAPG].items)


@dataclass(frozen=True)
class Picture:
    """The items of the UN framework by level, and how many of them get worse."""

    levels: Counter[Level] = field(default_factory=Counter)
    worse: int = 0

    @classmethod
    def of(cls, ratings: Iterable[Rating]) -> Picture:
        """From the newest ratings of a country, those of other frames left aside."""
        known = [
            r
            for r in ratings
            if r.frame == FrameKey.OSAPG and r.item in FRAMES[FrameKey.OSAPG].items
        ]
        levels = Counter(Level(r.level) for r in known)
        levels[Level.UNKNOWN] += ITEMS - len(known)
        return cls(levels, sum(r.trend == Trend.WORSE for r in known))

    @property
    def unknown(self) -> int:
        """How many items nobody can tell."""
        return self.levels[Level.UNKNOWN]

    @property
    def met(self) -> int:
        """How many items show clear or acute signs."""
        return self.levels[Level.CLEAR] + self.levels[Level.ACUTE]

    @property
    def items(self) -> int:
        """How many items there are."""
        return ITEMS

    @property
    def gravest(self) -> Level:
        """The highest level known; “no sign” and “early” count only once half is known."""
        for level in (Level.ACUTE, Level.CLEAR):
            if self.levels[level]:
                return level
        if 2 * self.unknown > ITEMS:
            return Level.UNKNOWN
        return Level.EARLY if self.levels[Level.EARLY] else Level.NONE

    @property
    def tint(self) -> str:
        """The level as the map knows it: high, medium, low or unknown."""
        tints = {Level.ACUTE: "high", Level.CLEAR: "medium", Level.UNKNOWN: "unknown"}
        return tints.get(self.gravest, "low")

    @property
    def words(self) -> str:
        """The counts in words: “2 acute, 5 clear, 30 of 48 items unknown”."""
        said = [
            f"{self.levels[level]} {word}"
            for level, word in (
                (Level.ACUTE, "acute"), (Level.CLEAR, "clear"), (Level.EARLY, "early"),
                (Level.NONE, "without a sign"),
            )
            if self.levels[level]
        ]  # fmt: skip
        return ", ".join([*said, f"{self.unknown} of {ITEMS} items unknown"])
