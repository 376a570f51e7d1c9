"""Reads around countries: the watch as a table, one country's page, what can be chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, Max, Prefetch, Q, When
from django.utils import timezone

from assessments import current
from assessments.frames import FRAMES
from assessments.models import (
    Alert,
    Country,
    EffortCountry,
    Event,
    Listing,
    Profile,
    Report,
    Threshold,
    Watchlist,
)
from assessments.selectors.events import SUMS, WHOSE, FeedRow, Sums, feed_states
from assessments.vocabulary import AlertStatus, FrameKey, Heading, Level, Trend
from mapro.core.models import User
from planning.models import Effort
from planning.policies import visible

RECENT = timedelta(days=365)  # what the watch's table counts, back from the last day reported
MOST_REPORTS = 50
MOST_ALERTS = 20


@dataclass(frozen=True)
class Watched:
    """A watched country in the watch's table.

    ``levels`` counts the items of the UN framework by level, unknown ones too. ``recent`` sums the
    events of the year up to ``reported_to``, the last day of which feeds speak; None when no feed
    ever spoke of the country.
    """

    country: Country
    levels: Mapping[Level, int]
    worse: int
    rated_at: datetime | None
    recent: Sums | None
    reported_to: date | None
    alerts: int
    listings: Sequence[Listing] = field(default=())

    @property
    def highest(self) -> Level:
        """The highest level that an item stands at; unknown while none is known."""
        return max((level for level, n in self.levels.items() if n), key=lambda level: level.rank)


@dataclass(frozen=True)
class WatchIndex:
    """The watched countries, those with the gravest signs first; the feeds; the open alerts."""

    rows: Sequence[Watched]
    feeds: Sequence[FeedRow]
    alerts: Sequence[Alert]


def watch_index() -> WatchIndex:
    """The whole watch. Nine queries at most, whatever the number of countries and events."""
    countries = list(
        Country.objects.filter(watched_since__isnull=False)
        .select_related("watched_by")
        .order_by("name")
    )
    keys = [country.pk for country in countries]
    levels, rated, worse = _levels(keys)
    last = current.last_days(keys)
    recent = _recent(last)
    alerts = alerts_open()
    open_: dict[int, int] = defaultdict(int)
    for alert in alerts:
        open_[alert.country_id] += 1
    listings: dict[int, list[Listing]] = defaultdict(list)
    for listing in Listing.objects.filter(
        country__in=keys, ended_at=None, watchlist__retired_at=None
    ).select_related("watchlist"):
        listings[listing.country_id].append(listing)
    rows = [
        Watched(
            country, levels[country.pk], worse[country.pk], rated.get(country.pk),
            recent.get(country.pk, Sums()) if country.pk in last else None,
            last.get(country.pk), open_[country.pk], listings[country.pk],
        )
        for country in countries
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row.highest.rank, -row.levels[row.highest], -row.alerts))
    return WatchIndex(rows, feed_states(), alerts)


def _levels(
    keys: Sequence[int],
) -> tuple[dict[int, dict[Level, int]], dict[int, datetime], dict[int, int]]:
    """For each country: items of the UN framework by level, when one was rated last, and how many
    get worse. One query."""
    items = len(FRAMES[FrameKey.OSAPG].items)
    levels = {pk: {**dict.fromkeys(Level, 0), Level.UNKNOWN: items} for pk in keys}
    rated: dict[int, datetime] = {}
    worse = dict.fromkeys(keys, 0)
    known = list(FRAMES[FrameKey.OSAPG].items)
    rows = current.newest_ratings(keys, [FrameKey.OSAPG]).filter(item__in=known).order_by()
    for row in rows.values("country", "level").annotate(
        n=Count("pk"), at=Max("at"), worse=Count("pk", filter=Q(trend=Trend.WORSE))
    ):
        pk, level = row["country"], Level(row["level"])
        if level is not Level.UNKNOWN:
            levels[pk][level] = row["n"]
            levels[pk][Level.UNKNOWN] -= row["n"]
        rated[pk] = max(row["at"], rated.get(pk, row["at"]))
        worse[pk] += row["worse"]
    return levels, rated, worse


def _recent(last: Mapping[int, date]) -> dict[int, Sums]:
    """The events of the year before the last day reported, by country. One query."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for pk, day in last.items():
        by_day[min(day, timezone.localdate())].append(pk)
    if not by_day:
        return {}
    wanted = Q()
    for day, keys in by_day.items():
        wanted |= Q(country__in=keys, date_start__gt=day - RECENT, date_start__lte=day)
    rows = Event.objects.filter(wanted).order_by().values_list("country")
    return {pk: Sums(*numbers) for pk, *numbers in rows.annotate(**SUMS, **WHOSE)}


def alerts_open() -> list[Alert]:
    """The open alerts, newest first. One query."""
    rows = Alert.objects.filter(status=AlertStatus.OPEN)
    return list(rows.select_related("country", "threshold", "raised_by").order_by("-pk"))


# ---------- one country


@dataclass(frozen=True)
class Listed:
    """A list that is followed, and what it says of the country; None when it does not name it."""

    watchlist: Watchlist
    listing: Listing | None


@dataclass(frozen=True)
class CountryPage:
    """What the watch knows of a country beside its events and ratings.

    ``profile`` has every heading in order, None where nothing is written. ``lists`` has every list
    side by side. ``efforts`` are those for the country that the reader may see.
    """

    country: Country
    profile: Sequence[tuple[Heading, Profile | None]]
    lists: Sequence[Listed]
    reports: Sequence[Report]
    alerts: Sequence[Alert]
    thresholds: Sequence[Threshold]
    efforts: Sequence[Effort]
    reported_to: date | None
    feeds: Sequence[FeedRow]


def country_page(country: Country, user: User | None = None) -> CountryPage:
    """The page of a country for ``user``; nobody's shows no effort. Eleven queries at most,
    whatever there is.

    Ratings: ``standing``, ``cumulative``. Events: ``event_totals``, ``places``, ``event_page``.
    """
    written = {p.heading: p for p in country.profiles.select_related("updated_by")}
    standing = Listing.objects.filter(country=country, ended_at=None).select_related("added_by")
    lists = Watchlist.objects.filter(retired_at=None).prefetch_related(
        Prefetch("listings", standing, to_attr="naming")
    )
    efforts: list[Effort] = []
    if user is not None:
        tied = Effort.objects.filter(
            pk__in=EffortCountry.objects.filter(country=country).values("effort")
        )
        efforts = list(visible(tied, user).order_by("name"))
    thresholds = Threshold.objects.filter(is_active=True).filter(
        Q(country=None) | Q(country=country)
    )
    return CountryPage(
        country=country,
        profile=[(heading, written.get(heading.value)) for heading in Heading],
        lists=[Listed(row, next(iter(row.naming), None)) for row in lists],
        reports=reports_of(country),
        alerts=_open_first(country),
        thresholds=list(thresholds.select_related("set_by")),
        efforts=efforts,
        reported_to=current.last_days([country.pk]).get(country.pk),
        feeds=feed_states(),
    )


def _open_first(country: Country) -> list[Alert]:
    """The open alerts and then the others, each newest first. One query."""
    settled = Case(When(status=AlertStatus.OPEN, then=0), default=1)
    rows = country.alerts.select_related("threshold", "raised_by", "settled_by")
    return list(rows.order_by(settled, "-pk")[:MOST_ALERTS])


def reports_of(country: Country, retired: bool = False, limit: int = MOST_REPORTS) -> list[Report]:
    """Reports on a country, newest first; ``retired`` for those that no longer count. One query."""
    rows = country.reports.filter(retired_at__isnull=not retired)
    return list(rows.select_related("marking", "added_by")[:limit])


def countries(query: str = "", watched: bool | None = None) -> list[Country]:
    """Countries by name; ``query`` is part of a name or code, ``watched`` narrows. One query."""
    rows = Country.objects.order_by("name")
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(code__iexact=query))
    if watched is not None:
        rows = rows.filter(watched_since__isnull=not watched)
    return list(rows)


def countries_of(effort: Effort) -> list[Country]:
    """The countries that an effort plans for, in the order in which they were named. One query."""
    ties = EffortCountry.objects.filter(effort=effort).select_related("country")
    return [tie.country for tie in ties.order_by("pk")]
