"""Reads around events: totals by time, places, pages of events, and what feeds are worth.

Totals and places are summed by the database, so their cost in queries is the same for ten events
and for a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Func, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from assessments import current
from assessments.models import Country, Event, Feed, Import
from assessments.vocabulary import FeedState, ImportStatus, Violence

_KINDS = tuple(Violence.values)


class _Text(Func):
    """The first ``length`` characters of a date as ISO 8601 writes it: its month or its year.

    Django's own truncation calls back from SQLite for every row, which takes ten times as long.
    """

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="substr(%(expressions)s, 1, %(length)s)", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        form = {4: "YYYY", 7: "YYYY-MM"}[self.extra["length"]]
        return self.as_sql(
            compiler, connection, template=f"to_char(%(expressions)s, '{form}')", **extra
        )


@dataclass(frozen=True)
class Sums:
    """Events and their deaths by three estimates, of which none stands for another. ``civilians``
    and ``unknown`` say whose deaths the best estimate counts, as far as that is told."""

    events: int = 0
    low: int = 0
    best: int = 0
    high: int = 0
    civilians: int = 0
    unknown: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.events + other.events, self.low + other.low, self.best + other.best,
            self.high + other.high, self.civilians + other.civilians,
            self.unknown + other.unknown,
        )  # fmt: skip


SUMS: Mapping[str, Any] = {
    "events": Count("pk"), "low": Sum("deaths_low"), "best": Sum("deaths_best"),
    "high": Sum("deaths_high"),
}  # fmt: skip
WHOSE: Mapping[str, Any] = {
    "civilians": Sum("deaths_civilians"), "unknown": Sum("deaths_unknown"),
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A month or a year. ``reported`` is False when no feed says anything about it: then what
    happened is not known, whatever the sums say. ``whole`` is False when feeds speak of a part."""

    label: str
    start: date
    end: date
    reported: bool
    whole: bool
    by_type: Mapping[str, Sums] = field(default_factory=dict)

    @property
    def total(self) -> Sums:
        """The sums over all types of violence."""
        return sum(self.by_type.values(), Sums())

    @property
    def counts(self) -> dict[str, tuple[int, int, int]]:
        """(low, best, high) by type of violence."""
        return {kind: (s.low, s.best, s.high) for kind, s in self.by_type.items()}


def covered(country: Country, feed: Feed | None = None) -> list[tuple[date, date]]:
    """The stretches of days of which feeds (or one feed) say something about a country, joined,
    oldest first. One query."""
    rows = current.speaking_of(country)
    if feed is not None:
        rows = rows.filter(feed=feed)
    found: list[tuple[date, date]] = []
    for start, end in rows.order_by("covers_from").values_list("covers_from", "covers_to"):
        if start is None or end is None:
            continue
        if found and start <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def event_totals(
    country: Country, by: str = "month", start: date | None = None, end: date | None = None,
    feed: Feed | None = None,
) -> list[Period]:  # fmt: skip
    """Every month (or year) from ``start`` to ``end``, with the events that began in it by type.

    Without bounds, from the first to the last day of which there is an event or a feed speaks.
    Periods that ``start`` or ``end`` cut count only what lies between. Events of several feeds are
    added up unless one is named; the same event may stand in two. Two queries. Raises ValueError
    unless ``by`` is month or year.
    """
    length = {"month": 7, "year": 4}.get(by)
    if length is None:
        raise ValueError(f"Totals are by month or by year, not by {by!r}.")
    spans = covered(country, feed)
    rows = _events(country, start, end, feed).order_by()
    sums: dict[str, dict[str, Sums]] = {}
    for label, kind, *numbers in rows.values_list(
        _Text("date_start", length=length), "type_of_violence"
    ).annotate(**SUMS, **WHOSE):
        sums.setdefault(label, {})[kind] = Sums(*numbers)
    labels = sorted(sums)
    first = start or min([*(span[0] for span in spans[:1]), *(_first(x) for x in labels[:1])],
                         default=None)  # fmt: skip
    last = end or max([*(span[1] for span in spans[-1:]), *(_last(x) for x in labels[-1:])],
                      default=None)  # fmt: skip
    if first is None or last is None:
        return []
    last = min(last, max(timezone.localdate(), _last(labels[-1]) if labels else date.min))
    found = []
    for label in _labels(first, last, length):
        start, end = _first(label), _last(label)
        touching = [(a, b) for a, b in spans if a <= end and b >= start]
        of_label = sums.get(label, {})
        found.append(
            Period(
                label, max(start, first), min(end, last), reported=bool(touching),
                whole=any(a <= start and b >= end for a, b in touching),
                by_type={kind: of_label[kind] for kind in _KINDS if kind in of_label},
            )
        )  # fmt: skip
    return found


def _labels(first: date, last: date, length: int) -> list[str]:
    if length == 4:
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in months]


def _first(label: str) -> date:
    return date.fromisoformat(f"{label}-01" if len(label) > 4 else f"{label}-01-01")


def _last(label: str) -> date:
    if len(label) == 4:
        return date(int(label), 12, 31)
    first = _first(label)
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _events(
    country: Country, start: date | None, end: date | None, feed: Feed | None
) -> QuerySet[Event]:
    rows = Event.objects.filter(country=country)
    if start is not None:
        rows = rows.filter(date_start__gte=start)
    if end is not None:
        rows = rows.filter(date_start__lte=end)
    return rows if feed is None else rows.filter(feed=feed)


@dataclass(frozen=True)
class Spot:
    """The events of one type at one place (degrees)."""

    latitude: float
    longitude: float
    type: str
    name: str
    events: int
    low: int
    best: int
    high: int


@dataclass(frozen=True)
class Spots:
    """Where events were, those with the most deaths first; ``unplaced`` are events without a
    place."""

    spots: Sequence[Spot]
    unplaced: int


def places(
    country: Country, start: date | None = None, end: date | None = None, feed: Feed | None = None
) -> Spots:
    """The events of a country by place and type, summed by the database. One query."""
    rows = _events(country, start, end, feed).order_by()
    found = rows.values_list("latitude", "longitude", "type_of_violence").annotate(
        name=Min("place"), **SUMS
    )
    spots, unplaced = [], 0
    for latitude, longitude, kind, name, events, low, best, high in found:
        if latitude is None:
            unplaced += events
        else:
            spots.append(Spot(latitude, longitude, kind, name, events, low, best, high))
    spots.sort(key=lambda s: (-s.best, -s.events, s.latitude, s.longitude, s.type))
    return Spots(spots, unplaced)


# ---------- feeds


@dataclass(frozen=True)
class FeedRow:
    """A feed, how fresh it is, and its newest finished import and newest import of all."""

    feed: Feed
    state: FeedState
    covers_to: date | None
    done: Import | None
    newest: Import | None

    @property
    def days(self) -> int | None:
        """How many days ago its last day is; None when it never spoke."""
        return None if self.covers_to is None else (timezone.localdate() - self.covers_to).days


def state_of(covers_to: date | None, every_days: int, today: date) -> FeedState:
    """Fresh within ``every_days`` of the last day that it covers, late up to twice that, else
    silent; silent too when it never spoke."""
    if covers_to is None:
        return FeedState.SILENT
    days = (today - covers_to).days
    if days <= every_days:
        return FeedState.FRESH
    return FeedState.LATE if days <= 2 * every_days else FeedState.SILENT


def feed_states() -> list[FeedRow]:
    """The active feeds by name, and whether each speaks as often as it should. Two queries."""
    done = Q(imports__status=ImportStatus.DONE)
    feeds = list(
        Feed.objects.filter(is_active=True)
        .annotate(
            covers_to=Max("imports__covers_to", filter=done),
            last_done=Max("imports__pk", filter=done), last=Max("imports__pk"),
        )
        .order_by("name")
    )  # fmt: skip
    wanted = {pk for feed in feeds for pk in (feed.last_done, feed.last) if pk is not None}
    imports = Import.objects.select_related("by").defer("problems").in_bulk(wanted)
    today = timezone.localdate()
    return [
        FeedRow(
            feed, state_of(feed.covers_to, feed.every_days, today), feed.covers_to,
            imports.get(feed.last_done), imports.get(feed.last),
        )
        for feed in feeds
    ]  # fmt: skip
