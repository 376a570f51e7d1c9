"""Reads around ratings: what holds now, how it came about, and what it adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments import current
from assessments.frames import Category, Frame, Item, frame_of
from assessments.models import Country, Rating
from assessments.vocabulary import FrameKey, Level, Trend

MOST_HISTORY = 100


@dataclass(frozen=True)
class Standing:
    """An item and its newest rating. Without one it is unknown, which is not calm."""

    category: Category
    item: Item
    rating: Rating | None

    @property
    def level(self) -> Level:
        """The level that holds."""
        return Level.UNKNOWN if self.rating is None else Level(self.rating.level)

    @property
    def trend(self) -> Trend:
        """Where it is going."""
        return Trend.UNKNOWN if self.rating is None else Trend(self.rating.trend)


def standing(country: Country, frame: str = FrameKey.OSAPG) -> list[Standing]:
    """Every item of a frame in order, with the rating that holds, who gave it and the reports that
    it rests on. Two queries. Raises LookupError for an unknown frame."""
    rows = current.newest_ratings([country.pk], [frame]).select_related("by")
    found = {rating.item: rating for rating in rows.prefetch_related("reports")}
    return [
        Standing(category, item, found.get(item.key))
        for category in frame_of(frame).categories
        for item in category.items
    ]


def history(country: Country, frame: str, item: str) -> list[Rating]:
    """The ratings of an item, newest first, the newest ``MOST_HISTORY``. Two queries."""
    rows = Rating.objects.filter(country=country, frame=frame, item=item).select_related("by")
    return list(rows.prefetch_related("reports").order_by("-pk")[:MOST_HISTORY])


@dataclass(frozen=True)
class Cumulative:
    """What the ratings of one category add up to. ``levels`` counts every level, unknown too;
    ``items`` is how many the category has; ``newest`` is when one of them was rated last."""

    category: Category
    levels: Mapping[Level, int]
    worse: int
    newest: datetime | None

    @property
    def items(self) -> int:
        """How many items the category has."""
        return len(self.category.items)

    @property
    def unknown(self) -> int:
        """How many of them nobody can tell."""
        return self.levels[Level.UNKNOWN]

    @property
    def highest(self) -> Level:
        """The highest level that one of them stands at; unknown while none is known."""
        return max((level for level, n in self.levels.items() if n), key=lambda level: level.rank)


def cumulative(country: Country, frame: str = FrameKey.OSAPG) -> list[Cumulative]:
    """Each category of a frame in order, with how many items stand at each level. One query."""
    rows = current.newest_ratings([country.pk], [frame])
    return summed(frame_of(frame), list(rows))


def summed(frame: Frame, ratings: Sequence[Rating]) -> list[Cumulative]:
    """The same for ratings at hand: the newest of each item."""
    found = {rating.item: rating for rating in ratings}
    result = []
    for category in frame.categories:
        rated = [found[item.key] for item in category.items if item.key in found]
        count = Counter(Level(rating.level) for rating in rated)
        count[Level.UNKNOWN] += len(category.items) - len(rated)
        result.append(
            Cumulative(
                category, {level: count[level] for level in Level},
                sum(rating.trend == Trend.WORSE for rating in rated),
                max((rating.at for rating in rated), default=None),
            )
        )  # fmt: skip
    return result
