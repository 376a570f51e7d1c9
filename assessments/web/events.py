"""Events of a country: a chart and a map with their tables, the list, one event."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from assessments import selectors
from assessments.drawing import charts
from assessments.drawing.bubbles import MapPoint
from assessments.drawing.country import country_map
from assessments.models import Country, Event
from assessments.selectors import Spot, Sums
from assessments.vocabulary import Violence
from assessments.web.frame import PAGE, country_of, frame, key
from mapro.core.drawing.svg import Drawing
from mapro.core.errors import NotVisible

MOST_MONTHS = 36  # that the page shows; longer periods are shown by year
MOST_PLACES = 20  # rows of the table beside the map
YEARS = (1900, 2200)


@dataclass(frozen=True)
class Window:
    """The part of the events that is looked at. ``wrong`` says what could not be read."""

    start: date | None = None
    end: date | None = None
    kind: str = ""
    wrong: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Window:
        """From an address: ``from`` and ``to`` as days, ``type`` as a type of violence."""
        days: dict[str, date | None] = {}
        wrong = []
        for name in ("from", "to"):
            try:
                days[name] = _day(query.get(name, ""))
            except ValueError:
                days[name] = None
                wrong.append(f"“{query[name][:20]}” is no day; write it as 2013-12-31.")
        kind = query.get("type", "")
        if kind not in Violence.values:
            wrong += [f"“{kind[:20]}” is no type of violence; choose one."] if kind else []
            kind = ""
        start, end = days["from"], days["to"]
        if start and end and start > end:
            wrong.append("The period ends before it begins; all of it is shown.")
            start = end = None
        return cls(start, end, kind, " ".join(wrong))

    @property
    def chosen(self) -> bool:
        """Whether anything is left out."""
        return bool(self.start or self.end or self.kind)

    @property
    def query(self) -> str:
        """The same as part of an address."""
        found = QueryDict(mutable=True)
        for name, value in (("from", self.start), ("to", self.end), ("type", self.kind)):
            if value:
                found[name] = str(value)
        return found.urlencode()


def _day(value: str) -> date | None:
    if not value:
        return None
    found = date.fromisoformat(value)
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise ValueError(value)
    return found


@dataclass(frozen=True)
class Records:
    """The events of a period: totals by month or year, places, and the drawings of both."""

    window: Window
    by: str
    rows: Sequence[selectors.Period]
    total: Sums
    places: Sequence[Spot]
    more_places: int
    unplaced: int
    chart: Drawing | None
    map: Drawing | None

    @property
    def silent(self) -> int:
        """How many periods no feed speaks of."""
        return sum(not row.reported for row in self.rows)

    @property
    def partial(self) -> bool:
        """Whether feeds speak of some periods only in part."""
        return any(row.reported and not row.whole for row in self.rows)


@lru_cache(maxsize=64)
def records(country: Country, window: Window, stamp: Hashable) -> Records:
    """The events of a country in a period. Three queries, however many there are.

    Kept for the next who asks: events change by imports alone, so ``stamp`` names the day and
    the imports that speak of the country.
    """
    rows = selectors.event_totals(country, "month", window.start, window.end)
    by = "month" if len(rows) <= MOST_MONTHS else "year"
    rows = rows if by == "month" else by_year(rows)
    rows = [_only(row, window.kind) for row in rows]
    found = selectors.places(country, window.start, window.end)
    spots = [s for s in found.spots if window.kind in ("", s.type)]
    chart = None
    if rows:
        drawn = [
            charts.Period(
                row.label if row.whole or not row.reported else f"{row.label}*", row.counts,
                row.reported,
            )
            for row in rows
        ]  # fmt: skip
        title = f"Deaths in {country.name} by {by} and type of violence"
        chart = charts.event_chart(drawn, title=title, prefix="deaths")
    return Records(
        window, by, rows, sum((row.total for row in rows), Sums()), spots[:MOST_PLACES],
        max(0, len(spots) - MOST_PLACES), found.unplaced, chart, _map(country, rows, spots),
    )  # fmt: skip


def _map(
    country: Country, rows: Sequence[selectors.Period], spots: Sequence[Spot]
) -> Drawing | None:
    """The map; none where no feed speaks, which an empty one would make look like calm, and none
    of a country without an outline and without a place."""
    if not spots and not (country.iso3 and any(row.reported for row in rows)):
        return None
    points = list(_points(spots))
    return country_map(country.iso3 or None, country.name, points, prefix="places")


def by_year(months: Sequence[selectors.Period]) -> list[selectors.Period]:
    """Months joined into years: reported when one of the months is, whole when all are."""
    years: dict[str, selectors.Period] = {}
    for month in months:
        label = month.label[:4]
        known = years.get(label)
        if known is None:
            years[label] = replace(month, label=label)
            continue
        sums = dict(known.by_type)
        for kind, found in month.by_type.items():
            sums[kind] = sums.get(kind, Sums()) + found
        years[label] = replace(
            known, end=month.end, reported=known.reported or month.reported,
            whole=known.whole and month.whole, by_type=sums,
        )  # fmt: skip
    return list(years.values())


def _only(row: selectors.Period, kind: str) -> selectors.Period:
    if not kind:
        return row
    sums: Mapping[str, Sums] = {k: v for k, v in row.by_type.items() if k == kind}
    return replace(row, by_type=sums)


def _points(spots: Sequence[Spot]) -> Iterator[MapPoint]:
    """Each event of each spot, as the map counts them: the first carries the deaths of all."""
    for spot in spots:
        yield MapPoint(spot.latitude, spot.longitude, spot.best, spot.type, spot.name)
        if spot.events > 1:
            rest = MapPoint(spot.latitude, spot.longitude, 0, spot.type, spot.name)
            for _ in range(spot.events - 1):
                yield rest


def events(request: HttpRequest, code: str) -> HttpResponse:
    """The events of a country, newest first, 50 a page by key, filtered by period and type."""
    country = country_of(code)
    window = Window.read(request.GET)
    rows = _page(country, window, key(request.GET.get("after")))
    page = rows[:PAGE]
    context: dict[str, Any] = frame(request, "country", country=country) | {
        "rows": page,
        "next_after": page[-1].pk if len(rows) > PAGE else None,
        "first": "after" not in request.GET,
        "window": window,
        "types": Violence.choices,
        "credits": sorted({row.feed.credit for row in page if row.feed.credit}),
    }
    return render(request, "assessments/events.html", context)


def _page(country: Country, window: Window, after: int | None) -> list[Event]:
    """One more than a page if there are. One query, two with ``after``."""
    rows = Event.objects.filter(country=country)
    if window.start:
        rows = rows.filter(date_start__gte=window.start)
    if window.end:
        rows = rows.filter(date_start__lte=window.end)
    if window.kind:
        rows = rows.filter(type_of_violence=window.kind)
    if after is not None:
        last = Event.objects.filter(country=country, pk=after).only("date_start").first()
        if last is not None:
            rows = rows.filter(
                Q(date_start__lt=last.date_start) | Q(date_start=last.date_start, pk__lt=last.pk)
            )
    return list(rows.select_related("feed").order_by("-date_start", "-pk")[: PAGE + 1])


def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with every figure, its sources and the credit of its feed."""
    found = Event.objects.select_related("country", "feed", "imported").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    context = frame(request, "country", country=found.country) | {"event": found}
    return render(request, "assessments/event.html", context)
