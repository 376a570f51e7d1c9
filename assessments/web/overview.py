"""What the watch's first page shows, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from assessments import current
from assessments.drawing.charts import trend_line
from assessments.models import Alert, Country, EffortCountry, Event, Feed, Import, Listing, Rating
from assessments.selectors import alerts_open, state_of
from assessments.vocabulary import FeedState, FrameKey, ImportStatus
from assessments.web.picture import Picture
from mapro.core.drawing.svg import Drawing
from mapro.core.models import User
from planning.models import Effort
from planning.policies import visible

MONTHS = 12  # of the line of a trend
STEP = 3  # months that are compared with those before
MARKED = 0.1  # of a difference that is worth a word

Span = tuple[date, date]


@dataclass(frozen=True)
class Course:
    """Deaths by month, best estimate, in the year up to the last month of which feeds speak; None
    for a month of which they do not."""

    last: date
    values: Sequence[int | None]

    @property
    def word(self) -> str:
        """The last three months against the three before; unknown unless all six were reported."""
        six = self.values[-2 * STEP :]
        if any(value is None for value in six):
            return "unknown"
        before, after = (sum(v or 0 for v in half) for half in (six[:STEP], six[STEP:]))
        if abs(after - before) <= MARKED * max(before, after):
            return "steady"
        return "rising" if after > before else "falling"

    def line(self, prefix: str) -> Drawing:
        """The line of the trend."""
        return trend_line(self.values, title=f"Deaths by month to {self.last:%B %Y}", prefix=prefix)


@dataclass(frozen=True)
class FeedNow:
    """A feed and how fresh it is, in words that say what silence means."""

    feed: Feed
    covers_from: date | None
    covers_to: date | None
    state: FeedState

    @property
    def words(self) -> str:
        """“No data since 31 December 2013: silence is not calm”."""
        return freshness(self.state, self.covers_to)


def freshness(state: FeedState, to: date | None) -> str:
    """How fresh data up to ``to`` is, in words."""
    if to is None:
        return "No data yet: silence is not calm"
    if state is FeedState.FRESH:
        return f"Fresh, to {long_day(to)}"
    if state is FeedState.LATE:
        return f"Late: no data since {long_day(to)}"
    return f"No data since {long_day(to)}: silence is not calm"


def long_day(day: date) -> str:
    """“31 Dec 2013”."""
    return f"{day.day} {day:%b %Y}"


@dataclass(frozen=True)
class Row:
    """A watched country in the table."""

    country: Country
    picture: Picture
    course: Course | None
    state: FeedState
    reported_to: date | None
    alerts: int
    efforts: Sequence[Effort]
    listings: Sequence[Listing] = field(default=())

    @property
    def fresh(self) -> str:
        """How fresh the data on the country is."""
        return freshness(self.state, self.reported_to)


@dataclass(frozen=True)
class Overview:
    """The watched countries, the gravest first; feeds; open alerts; what each list says of them."""

    rows: Sequence[Row]
    feeds: Sequence[FeedNow]
    alerts: Sequence[Alert]


def overview(user: User) -> Overview:
    """The whole watch for ``user``. Eight queries, whatever the number of countries and events."""
    watched = list(Country.objects.filter(watched_since__isnull=False).order_by("name"))
    keys = [country.pk for country in watched]
    ratings: dict[int, list[Rating]] = defaultdict(list)
    for rating in current.newest_ratings(keys, [FrameKey.OSAPG]).order_by():
        ratings[rating.country_id].append(rating)
    feeds = feeds_now()
    spoken = _spoken(keys)
    spans = {key: _joined(spoken.of(key)) for key in keys}
    ends = {key: min(found[-1][1], timezone.localdate()) for key, found in spans.items() if found}
    deaths = _deaths(ends)
    alerts = alerts_open()
    efforts = _efforts(keys, user)
    listings: dict[int, list[Listing]] = defaultdict(list)
    rows = Listing.objects.filter(country__in=keys, ended_at=None, watchlist__retired_at=None)
    for listing in rows.select_related("watchlist").order_by("-watchlist__own", "watchlist__name"):
        listings[listing.country_id].append(listing)
    found = [
        Row(
            country, Picture.of(ratings[country.pk]),
            _course(ends[country.pk], spans[country.pk], deaths[country.pk])
            if country.pk in ends else None,
            spoken.state(country.pk, [now.feed for now in feeds]), ends.get(country.pk),
            sum(alert.country_id == country.pk for alert in alerts), efforts[country.pk],
            listings[country.pk],
        )
        for country in watched
    ]  # fmt: skip
    found.sort(key=lambda row: (-row.picture.gravest.rank, -row.picture.met, -row.alerts))
    return Overview(found, feeds, alerts)


@dataclass(frozen=True)
class Spoken:
    """Of which days and countries the finished imports speak: (feed, span) by country; those of
    every country under None."""

    said: Mapping[int | None, Sequence[tuple[int, Span]]]

    def of(self, country: int) -> list[Span]:
        """The stretches of which any feed speaks."""
        return [span for key in (None, country) for _, span in self.said.get(key, ())]

    def state(self, country: int, feeds: Iterable[Feed]) -> FeedState:
        """The best state of a feed that speaks of the country."""
        every = {feed.pk: feed.every_days for feed in feeds}
        found = [
            state_of(span[1], every[feed], timezone.localdate())
            for key in (None, country)
            for feed, span in self.said.get(key, ())
            if feed in every
        ]
        order = list(FeedState)
        return min(found, key=order.index, default=FeedState.SILENT)


def _spoken(keys: Sequence[int]) -> Spoken:
    """One query."""
    said: dict[int | None, list[tuple[int, Span]]] = defaultdict(list)
    rows = Import.objects.filter(status=ImportStatus.DONE, covers_from__isnull=False).filter(
        Q(everywhere=True) | Q(countries__in=keys)
    )
    for feed, start, end, everywhere, country in rows.order_by().values_list(
        "feed_id", "covers_from", "covers_to", "everywhere", "countries"
    ):
        key = None if everywhere else country
        if start and end and (feed, (start, end)) not in said[key]:
            said[key].append((feed, (start, end)))
    return Spoken(said)


def feeds_now() -> list[FeedNow]:
    """The active feeds by name, from when to when each speaks, and whether that is fresh. One
    query."""
    done = Q(imports__status=ImportStatus.DONE)
    rows = Feed.objects.filter(is_active=True).annotate(
        start=Min("imports__covers_from", filter=done), end=Max("imports__covers_to", filter=done)
    )
    today = timezone.localdate()
    return [
        FeedNow(feed, feed.start, feed.end, state_of(feed.end, feed.every_days, today))
        for feed in rows
    ]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches of days that touch or overlap as one, oldest first."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _months(last: date) -> list[date]:
    """The first days of the twelve months that end with the month of ``last``."""
    at = last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(at - MONTHS + 1, at + 1)]


def _deaths(ends: Mapping[int, date]) -> Mapping[int, Mapping[date, int]]:
    """Deaths by country and month in the year up to each country's last day. One query, summed by
    day: SQLite would call back for each event to cut its month."""
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    by_day: dict[date, list[int]] = defaultdict(list)
    for key, end in ends.items():
        by_day[end].append(key)
    wanted = Q(pk__in=())
    for end, countries in by_day.items():
        wanted |= Q(country__in=countries, date_start__range=(_months(end)[0], end))
    rows = Event.objects.filter(wanted).order_by().values_list("country", "date_start")
    for country, day, best in rows.annotate(best=Sum("deaths_best", default=0)):
        found[country][day.replace(day=1)] += best
    return found


def _course(last: date, spans: Sequence[Span], deaths: Mapping[date, int]) -> Course:
    """A month counts as reported when feeds speak of some of its days."""
    values = []
    for month in _months(last):
        end = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        reported = any(a <= end and b >= month for a, b in spans)
        values.append(deaths.get(month, 0) if reported else None)
    return Course(last, values)


def _efforts(keys: Sequence[int], user: User) -> Mapping[int, list[Effort]]:
    """The efforts for each country that ``user`` may see. One query."""
    ties = visible(EffortCountry.objects.filter(country__in=keys), user, effort="effort_id")
    found: dict[int, list[Effort]] = defaultdict(list)
    for tie in ties.select_related("effort__marking").order_by("effort__name"):
        found[tie.country_id].append(tie.effort)
    return found
