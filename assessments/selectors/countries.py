"""Reads around countries: the open alerts, what is known of one country, what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Prefetch, Q, When

from assessments import current
from assessments.models import (
    Alert,
    Country,
    EffortCountry,
    Listing,
    Profile,
    Report,
    Threshold,
    Watchlist,
)
from assessments.selectors.events import FeedRow, feed_states
from assessments.vocabulary import AlertStatus, Heading
from mapro.core.models import User
from planning.models import Effort
from planning.policies import visible

MOST_REPORTS = 50
MOST_ALERTS = 20


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

    Ratings: ``standing``, ``cumulative``. Events: ``event_totals``, ``places``.
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
