"""The watch: what needs eyes, and the countries that can be watched."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from assessments import selectors
from assessments.drawing.maps import CountryMark, world_map
from assessments.models import Listing, Watchlist
from assessments.vocabulary import FeedState, Level
from assessments.web import reads
from assessments.web.forms import WatchForm
from assessments.web.frame import frame
from assessments.web.overview import Overview, Row, overview
from planning.web.frame import person

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def index(request: HttpRequest) -> HttpResponse:
    """What needs eyes: map, open alerts, watched countries, feeds, the lists side by side."""
    found = overview(person(request))
    markings = [
        *reads.markings_behind(found.alerts),
        *(effort.marking for row in found.rows for effort in row.efforts),
    ]
    exercise = bool(found.rows) and all(row.country.exercise for row in found.rows)
    context = frame(request, "watch", markings=markings, exercise=exercise) | {
        "watch": found,
        "sentence": needs_eyes(found),
        "map": world_map([_mark(row) for row in found.rows]),
        "lines": [
            (row, row.course.line(f"t-{row.country.code}") if row.course else None)
            for row in found.rows
        ],
        "lists": _side_by_side(found.rows),
        "opener": person(request).can_open_efforts,
    }
    return render(request, "assessments/watch.html", context)


def countries(request: HttpRequest) -> HttpResponse:
    """Every country that can be watched; those that are, first."""
    query = request.GET.get("q", "").strip()[:60]
    rows = selectors.countries(query)
    context = frame(request, "countries") | {
        "query": query,
        "watched": [row for row in rows if row.is_watched],
        "others": [row for row in rows if not row.is_watched],
        "form": WatchForm(),
    }
    return render(request, "assessments/countries.html", context)


def needs_eyes(found: Overview) -> str:
    """The watch in a sentence or two: how many are watched, who shows what, who is silent."""
    rows = found.rows
    if not rows:
        return "No country is watched yet."
    said = [f"{_number(len(rows))} {'country is' if len(rows) == 1 else 'countries are'} watched."]
    parts = []
    for level, words in ((Level.ACUTE, "acute signs"), (Level.CLEAR, "clear signs")):
        if named := [row.country.name for row in rows if row.picture.gravest is level]:
            parts.append(f"{_listed(named)} {'shows' if len(named) == 1 else 'show'} {words}")
    if unknown := [row for row in rows if row.picture.gravest is Level.UNKNOWN]:
        names = _listed([row.country.name for row in unknown])
        parts.append(f"too little is known of {names} to judge")
    if parts:
        said.append(f"{'; '.join(parts)}.".replace(parts[0][0], parts[0][0].upper(), 1))
    if silent := [row for row in rows if row.state is FeedState.SILENT]:
        names = _listed([row.country.name for row in silent])
        said.append(f"The feeds are silent on {names}: silence is not calm.")
    return " ".join(said)


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _listed(names: Sequence[str], most: int = 4) -> str:
    """“A, B and C”, or “A, B, C, D and 3 more”."""
    if len(names) == 1:
        return names[0]
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _mark(row: Row) -> CountryMark:
    country = row.country
    return CountryMark(
        country.iso3 or country.code, country.name, row.picture.tint, row.picture.words,
        reverse("watch-country", args=[country.code]),
    )  # fmt: skip


def _side_by_side(rows: Sequence[Row]) -> list[tuple[Watchlist, list[tuple[Row, Listing]]]]:
    """What each list says of the watched countries, our own list first."""
    said: dict[int, tuple[Watchlist, list[tuple[Row, Listing]]]] = {}
    for row in rows:
        for listing in row.listings:
            found = said.setdefault(listing.watchlist_id, (listing.watchlist, []))
            found[1].append((row, listing))
    return sorted(said.values(), key=lambda one: (not one[0].own, one[0].name))
