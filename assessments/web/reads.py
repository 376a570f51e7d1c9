"""Reads that serve one page of the watch each. Each says how many queries it makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from assessments import current
from assessments.evidence import event_words, rating_words, report_words
from assessments.frames import FRAMES
from assessments.models import (
    Alert,
    Country,
    EffortCountry,
    Event,
    Import,
    Listing,
    Rating,
    Report,
    Watchlist,
)
from assessments.vocabulary import AlertStatus, Level
from assessments.web.frame import PAGE
from mapro.core.models import Marking, User
from planning.models import Effort, Grant
from planning.policies import visible
from planning.vocabulary import Perm


def reports_page(
    *, country: str = "", kind: str = "", retired: bool = False, before: int | None = None
) -> list[Report]:
    """Reports, newest first by entry, below the key ``before``; one more than a page if there are.
    One query."""
    rows = Report.objects.select_related("country", "marking").order_by("-pk")
    if country:
        rows = rows.filter(country__code=country)
    if kind:
        rows = rows.filter(kind=kind)
    if not retired:
        rows = rows.filter(retired_at=None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[: PAGE + 1])


def countries_with_reports() -> list[Country]:
    """Countries on which there is a report, by name. One query."""
    found = Report.objects.values("country")
    return list(Country.objects.filter(pk__in=found).only("code", "name").order_by("name"))


@dataclass(frozen=True)
class Use:
    """A rating that rests on a report, with the words of its item."""

    rating: Rating
    words: str


def rests_on(report: Report, limit: int = PAGE) -> list[Use]:
    """The newest ratings that name a report. One query."""
    rows = report.ratings.order_by("-pk")[:limit]
    return [
        Use(row, FRAMES[row.frame].items[row.item].words)
        for row in rows
        if row.item in FRAMES[row.frame].items
    ]


def watchlists() -> list[tuple[Watchlist, list[Listing]]]:
    """The lists that are kept, our own first, each with what it says now, by country. Two
    queries."""
    lists = list(Watchlist.objects.filter(retired_at=None))
    said: dict[int, list[Listing]] = {row.pk: [] for row in lists}
    rows = Listing.objects.filter(ended_at=None, watchlist__retired_at=None)
    for row in rows.select_related("country").order_by("country__name"):
        said.setdefault(row.watchlist_id, []).append(row)
    return [(row, said[row.pk]) for row in lists]


def listings_of(watchlist: Watchlist, limit: int = 300) -> list[Listing]:
    """What a list says and said, what stands first, by country. One query."""
    rows = watchlist.listings.select_related("country")
    stands = Case(When(ended_at=None, then=Value(0)), default=Value(1))
    return list(rows.order_by(stands, "country__name", "-pk")[:limit])


def alerts_page(*, open_only: bool = False, after: tuple[int, int] | None = None) -> list[Alert]:
    """Alerts, open ones first, then newest first; one more than a page if there are. ``after`` is
    (0 for open or 1, key) of the last row of the page before. One query."""
    rows = Alert.objects.annotate(
        place=Case(When(status=AlertStatus.OPEN, then=Value(0)), default=Value(1))
    )
    if open_only:
        rows = rows.filter(status=AlertStatus.OPEN)
    if after is not None:
        place, pk = after
        rows = rows.filter(place=place, pk__lt=pk) | rows.filter(place__gt=place)
    rows = rows.select_related("country", "raised_by", "threshold").order_by("place", "-pk")
    return list(rows[: PAGE + 1])


def markings_behind(alerts: Iterable[Alert]) -> list[Marking]:
    """The markings of the reports that alerts rest on. One query, none without reports."""
    keys = {e["id"] for alert in alerts for e in alert.evidence if e["kind"] == "report"}
    return list(Marking.objects.filter(pk__in=_marked(keys))) if keys else []


def _marked(keys: set[int]) -> QuerySet[Report, int]:
    return Report.objects.filter(pk__in=keys).order_by().values_list("marking_id", flat=True)


def markings_on(country: Country) -> list[Marking]:
    """The markings of the reports on a country that stand. One query."""
    rows = country.reports.filter(retired_at=None).order_by()
    return list(Marking.objects.filter(pk__in=rows.values("marking")))


def imports_page(before: int | None = None) -> list[Import]:
    """Imports, newest first, below the key ``before``; one more than a page if there are. One
    query."""
    rows = Import.objects.select_related("feed", "by").defer("problems").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[: PAGE + 1])


@dataclass(frozen=True)
class Bound:
    """An effort that a reader may see: whether it is ``tied`` to the country, whether the reader
    leads it."""

    effort: Effort
    tied: bool
    led: bool


def efforts_for(country: Country, user: User, limit: int = 100) -> list[Bound]:
    """The efforts for a country that ``user`` may see, and those that ``user`` leads and could tie
    to it. One query."""
    edits = Grant.objects.filter(
        user_id=user.pk, permission=Perm.EFFORT_EDIT.value, effort_id=OuterRef("pk")
    )
    ties = EffortCountry.objects.filter(country=country, effort_id=OuterRef("pk"))
    rows = visible(Effort.objects.annotate(tied=Exists(ties), led=Exists(edits)), user)
    rows = rows.filter(Q(tied=True) | Q(led=True)).select_related("marking").order_by("name")
    return [Bound(row, row.tied, row.led) for row in rows[:limit]]


@dataclass(frozen=True)
class Offered:
    """What an alert on a country could name as evidence: (heading, [(value, words)])."""

    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    reports: Sequence[Report]


def evidence_for(country: Country, limit: int = 20) -> Offered:
    """The ratings that hold, the newest reports and the newest events of a country. Three
    queries."""
    unknown = [Level.UNKNOWN]
    ratings = current.newest_ratings([country.pk]).exclude(level__in=unknown).order_by("-pk")
    reports = list(country.reports.filter(retired_at=None).select_related("marking")[:limit])
    events = Event.objects.filter(country=country).order_by("-date_start", "-pk")[:limit]
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        ("Ratings", [(f"rating-{r.pk}", rating_words(r)) for r in ratings[:60]]),
        (
            "Reports",
            [(f"report-{r.pk}", f"{r.marking.portion} {report_words(r)}") for r in reports],
        ),
        ("Events, newest first", [(f"event-{e.pk}", event_words(e)) for e in events]),
    ]
    return Offered([group for group in groups if group[1]], reports)
