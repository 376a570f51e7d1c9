"""A watch with one of everything, and what its routes' addresses and forms need.

``Stage.arguments`` and ``Stage.body`` cover every route of ``assessments.routes``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assessments import actions
from assessments.models import (
    Alert,
    Country,
    Event,
    Feed,
    Import,
    Listing,
    Rating,
    Report,
    Threshold,
    Watchlist,
)
from mapro.core.models import Marking, User
from tests.watch.conftest import HEADER, row, table


@dataclass
class Stage:
    """What there is. ``effort`` is the slug of one that whoever asks leads, if there is one."""

    keeper: User
    country: Country
    report: Report
    rating: Rating
    event: Event
    alert: Alert
    threshold: Threshold
    watchlist: Watchlist
    listing: Listing
    done: Import
    waiting: Import
    refused: Import
    effort: str = ""
    clients: dict[str, Client] = field(default_factory=dict)

    def arguments(self, name: str) -> dict[str, Any]:
        """What the address of a route is made of."""
        code, frame = {"code": self.country.code}, {"frame": "osapg"}
        known: dict[str, dict[str, Any]] = {
            "watch-country": code,
            "watch-country-watch": {"code": "mli"},
            "watch-country-unwatch": code,
            "watch-country-open": code,
            "watch-country-tie": code,
            "watch-country-untie": code,
            "watch-profile": code | {"heading": "history"},
            "watch-events": code,
            "watch-event": {"pk": self.event.pk},
            "watch-ratings": code | frame,
            "watch-rating": code | frame | {"item": "1.1"},
            "watch-rated": {"pk": self.rating.pk},
            "watchlist-end": {"pk": self.listing.pk},
            "watch-import": {"pk": self.done.pk},
            "watch-import-cancel": {"pk": self.waiting.pk},
            "watch-import-retry": {"pk": self.refused.pk},
            "api:country-detail": code,
            "api:country-totals": code,
            "api:event-detail": {"pk": self.event.pk},
            "api:indicator-detail": {"pk": self.rating.pk},
            "api:import-detail": {"pk": self.done.pk},
            "api:import-cancel": {"pk": self.waiting.pk},
            "api:import-retry": {"pk": self.refused.pk},
        }
        for kind, row_ in (
            ("report", self.report), ("alert", self.alert), ("threshold", self.threshold),
        ):  # fmt: skip
            for end in ("", "-edit", "-retire", "-take", "-settle", "-drop"):
                known[f"watch-{kind}{end}"] = {"pk": row_.pk}
            known[f"api:{kind}-detail"] = known[f"api:{kind}-settle"] = {"pk": row_.pk}
        known["watchlist"] = known["watchlist-add"] = {"pk": self.watchlist.pk}
        known["api:watchlist-detail"] = {"pk": self.watchlist.pk}
        return known.get(name, {})

    def body(self, name: str) -> dict[str, Any]:
        """A form, or the JSON of a resource, that is taken when it may be."""
        return {
            "watch-country-watch": {"why": "Clashes."},
            "watch-country-unwatch": {"why": "Calm."},
            "watch-country-open": self._effort(),
            "watch-country-tie": {"effort": self.effort},
            "watch-country-untie": {"effort": self.effort},
            "watch-profile": {"body": "Old kingdoms.", "sources": "", "revision": "0"},
            "watch-rating": RATING,
            "watch-report-add": report_form(self.country.code),
            "watch-report-edit": report_form(self.country.code) | {"title": "Changed"},
            "watch-report-retire": {"why": "Withdrawn."},
            "watch-report-take": {"effort": self.effort},
            "watchlists": {"name": "A new list", "owner": "An office"},
            "watchlist": {"name": "Renamed", "owner": "An office"},
            "watchlist-add": {"country": "mli", "as_of": "2020-01-01", "standing": "High"},
            "watch-alert-raise": {
                "country": self.country.code, "words": "Look.",
                "evidence": f"report-{self.report.pk}",
            },
            "watch-alert-settle": {"status": "closed", "why": "Nothing came of it."},
            "watch-thresholds": THRESHOLD,
            "watch-threshold": THRESHOLD | {"number": "9"},
            "watch-import-start": {"feed": "generic", "file": event_file()},
            "api:indicator-list": RATING
            | {"country": self.country.code, "frame": "osapg", "item": "1.2"},
            "api:report-list": report_form(self.country.code) | {"marking": "U"},
            "api:alert-list": {
                "country": self.country.code, "words": "Look.",
                "evidence": [{"kind": "report", "id": self.report.pk}],
            },
            "api:alert-settle": {"status": "closed", "why": "Nothing came of it."},
            "api:import-list": {"feed": "generic", "file": event_file()},
        }.get(name, {})  # fmt: skip

    def _effort(self) -> dict[str, Any]:
        marking = Marking.objects.earliest("rank")
        return {
            "name": "Chad", "country": "Chad", "situation": "Clashes in the east.",
            "kind": "deliberate", "marking": marking.pk,
        }  # fmt: skip


RATING: dict[str, Any] = {
    "level": "early", "trend": "worse", "confidence": "low", "evidence": "Seen in the market.",
}  # fmt: skip
THRESHOLD: dict[str, Any] = {
    "name": "Many deaths",
    "kind": "deaths",
    "number": "1000",
    "days": "30",
}


def report_form(country: str) -> dict[str, Any]:
    """A report as a form or as JSON."""
    return {
        "country": country, "kind": "un", "title": "A report", "summary": "What it says.",
        "source": "An office", "reliability": "usually", "dated": "2020-02-01",
        "marking": Marking.objects.earliest("rank").pk,
    }  # fmt: skip


def event_file(*rows: str, name: str = "more.csv") -> SimpleUploadedFile:
    """A file of events as a browser sends it."""
    lines = rows or (row("sent", "Chad"),)
    return SimpleUploadedFile(name, "\n".join([HEADER, *lines, ""]).encode(), "text/csv")


def stage(keeper: User, country: Country) -> Stage:
    """A watched country with one of everything."""
    by: dict[str, Any] = {"by": keeper}
    feed = Feed.objects.get(key="generic")

    def brought(*rows: str, run: bool = True) -> Import:
        made = actions.start_import(
            feed=feed, file=table(*rows), file_name="events.csv", queue=False, **by
        )
        return actions.run_import(made.pk) if run else made

    done = brought(
        row(1, country.name, "2020-01-05", 5), row(2, country.name, "2020-03-05", 7, high=20)
    )
    refused = brought(row(3, "Atlantis"))
    waiting = brought(row(4, country.name), run=False)
    report = actions.add_report(
        country=country, kind="embassy", title="Searches at night", summary="Two dead.",
        source="Embassy", dated=date(2020, 3, 1), marking=Marking.objects.latest("rank"), **by,
    )  # fmt: skip
    rating = actions.rate(
        country=country, frame="osapg", item="1.1", level="acute", trend="worse",
        evidence="House by house.", reports=[report], **by,
    )  # fmt: skip
    threshold = actions.set_threshold(
        name="Never reached", kind="deaths", number=999_999, days=30, **by
    )
    alert = actions.raise_alert(
        country=country, words="Searches spread.", evidence=[("report", report.pk)], **by
    )
    watchlist = actions.save_watchlist(name="Early warning", owner="The office", own=True, **by)
    listing = actions.list_country(
        watchlist=watchlist, country=country, as_of=timezone.localdate(), standing="Tier 1", **by
    )
    event = Event.objects.filter(country=country).latest("date_start")
    return Stage(
        keeper, country, report, rating, event, alert, threshold, watchlist, listing, done,
        waiting, refused,
    )  # fmt: skip


def signed_in(user: User | None) -> Client:
    """A browser in which ``user`` is signed in; None for nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
