"""What a country's page shows, read at once, however many events there are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, When
from django.utils import timezone

from assessments import current
from assessments.frames import FRAMES, Category, Frame, Item
from assessments.models import Alert, Country, Feed, Import, Profile, Rating, Report, Watchlist
from assessments.selectors import Cumulative, state_of, summed
from assessments.vocabulary import AlertStatus, FeedState, FrameKey, Heading
from assessments.web.events import Records, Window, records
from assessments.web.overview import freshness
from assessments.web.picture import Picture
from assessments.web.reads import Bound, efforts_for
from mapro.core.errors import NotVisible
from mapro.core.models import Marking, User

REPORTS = 8
ALERTS = 12


@dataclass(frozen=True)
class Speaking:
    """A feed that speaks of the country, and of which days."""

    feed: Feed
    start: date
    end: date


@dataclass(frozen=True)
class Said:
    """What a list says of the country; ``standing`` is None when it does not name it."""

    watchlist: Watchlist
    standing: str | None
    as_of: date | None
    note: str


@dataclass(frozen=True)
class FrameState:
    """A frame with what holds of each category and item."""

    frame: Frame
    categories: Sequence[Cumulative]
    ratings: Mapping[str, Rating]

    @property
    def items(self) -> list[tuple[Category, Item, Rating | None]]:
        """Each item in the frame's own order with the rating that holds, if there is one."""
        return [
            (category, item, self.ratings.get(item.key))
            for category in self.frame.categories
            for item in category.items
        ]

    @property
    def rated(self) -> int:
        """How many items somebody rated other than unknown."""
        return sum(c.items - c.unknown for c in self.categories)


@dataclass(frozen=True)
class Dossier:
    """All that a country's page shows."""

    country: Country
    profile: Sequence[tuple[Heading, Profile | None]]
    picture: Picture
    frames: Mapping[str, FrameState]
    reports: Sequence[Report]
    more_reports: bool
    lists: Sequence[Said]
    alerts: Sequence[Alert]
    efforts: Sequence[Bound]
    speaking: Sequence[Speaking]
    records: Records

    @property
    def reported_to(self) -> date | None:
        """The last day of which a feed speaks."""
        return max((s.end for s in self.speaking), default=None)

    @property
    def state(self) -> FeedState:
        """The state of the freshest feed that speaks of the country."""
        today = timezone.localdate()
        found = [state_of(s.end, s.feed.every_days, today) for s in self.speaking]
        return min(found, key=list(FeedState).index, default=FeedState.SILENT)

    @property
    def fresh(self) -> str:
        """How fresh the events are, in words."""
        return freshness(self.state, self.reported_to)

    @property
    def open_alerts(self) -> int:
        """How many alerts are open."""
        return sum(a.status == AlertStatus.OPEN for a in self.alerts)

    @property
    def tied(self) -> list[Bound]:
        """The efforts for the country that the reader may see."""
        return [bound for bound in self.efforts if bound.tied]

    @property
    def led(self) -> list[Bound]:
        """Other efforts that the reader leads, which could be tied."""
        return [bound for bound in self.efforts if bound.led and not bound.tied]

    @property
    def markings(self) -> list[Marking]:
        """The markings of what the page shows."""
        return [r.marking for r in self.reports] + [
            b.effort.marking for b in self.efforts if b.tied
        ]


def dossier(code: str, user: User, window: Window) -> Dossier:
    """The page of the country at ``code`` for ``user``. Ten queries, seven when its events were
    drawn before. Raises NotVisible where there is none."""
    country, profile = _country(code)
    ratings = list(current.newest_ratings([country.pk]).order_by())
    reports = list(country.reports.filter(retired_at=None).select_related("marking")[: REPORTS + 1])
    imports = list(
        current.speaking_of(country).select_related("feed").defer("problems").order_by("pk")
    )
    settled = Case(When(status=AlertStatus.OPEN, then=0), default=1)
    return Dossier(
        country=country,
        profile=profile,
        picture=Picture.of(ratings),
        frames={key: _state(FRAMES[key], ratings) for key in FrameKey.values},
        reports=reports[:REPORTS],
        more_reports=len(reports) > REPORTS,
        lists=_lists(country),
        alerts=list(country.alerts.select_related("country").order_by(settled, "-pk")[:ALERTS]),
        efforts=efforts_for(country, user),
        speaking=_speaking(imports),
        records=records(country, window, _stamp(imports)),
    )


def _country(code: str) -> tuple[Country, list[tuple[Heading, Profile | None]]]:
    """The country and its profile. One query: a row for each heading that is written."""
    names = ("heading", "body", "sources", "revision", "updated_at")
    rows: list[Any] = list(
        Country.objects.filter(code=code)
        .select_related("watched_by")
        .annotate(**{f"p_{name}": F(f"profiles__{name}") for name in names},
                  p_by=F("profiles__updated_by__post"))
        .order_by()
    )  # fmt: skip
    if not rows:
        raise NotVisible
    country: Country = rows[0]
    written = {}
    for row in rows:
        if row.p_heading and row.p_body:
            found = Profile(country=country, **{n: getattr(row, f"p_{n}") for n in names})
            found.by = row.p_by  # type: ignore[attr-defined]
            written[row.p_heading] = found
    return country, [(heading, written.get(heading.value)) for heading in Heading]


def _state(frame: Frame, ratings: Sequence[Rating]) -> FrameState:
    own = [r for r in ratings if r.frame == frame.key]
    return FrameState(frame, summed(frame, own), {r.item: r for r in own})


def _lists(country: Country) -> list[Said]:
    """Every list that is followed, our own first, with what it says of the country. One query."""
    naming = FilteredRelation(
        "listings", condition=Q(listings__country=country.pk, listings__ended_at=None)
    )
    rows: Any = Watchlist.objects.filter(retired_at=None).annotate(
        naming=naming, listed=F("naming__pk"), standing=F("naming__standing"),
        as_of=F("naming__as_of"), said_note=F("naming__note"),
    )  # fmt: skip
    return [
        Said(row, (row.standing or "Named") if row.listed else None, row.as_of, row.said_note or "")
        for row in rows
    ]


def _speaking(imports: Sequence[Import]) -> list[Speaking]:
    """The feeds of the imports that speak of a country, and of which days."""
    found: dict[int, Speaking] = {}
    for row in imports:
        start, end = row.covers_from, row.covers_to
        if start is None or end is None:
            continue
        known = found.get(row.feed_id)
        found[row.feed_id] = Speaking(
            row.feed, min(start, known.start if known else start),
            max(end, known.end if known else end),
        )  # fmt: skip
    return list(found.values())


def _stamp(imports: Sequence[Import]) -> Hashable:
    """What the events of a country depend on: the day, and the imports that speak of it."""
    known = tuple((i.pk, i.attempt, i.created_at, i.finished_at) for i in imports)
    return timezone.localdate(), known
