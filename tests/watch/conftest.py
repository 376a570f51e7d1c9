"""What the tests of the watch share: a keeper, a reader, somebody without a right, countries."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from assessments import actions, seeds
from assessments.models import Country, Event, Feed, Import, Watchlist
from assessments.vocabulary import ImportStatus
from mapro.core import seeds as core_seeds
from mapro.core.models import Marking, Organization, User

HEADER = (
    "source_id,country,date_start,date_end,type_of_violence,deaths_low,deaths_best,deaths_high,"
    "place,latitude,longitude"
)


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """By what they may do in the watch: edit, read, none."""
    return {
        watch or "none": User.objects.create_user(
            f"{watch or 'none'}@mapro.example", post=f"Post {watch or 'none'}", watch=watch
        )
        for watch in ("edit", "read", "")
    }


@pytest.fixture
def keeper(people: dict[str, User]) -> User:
    """Who keeps the watch."""
    return people["edit"]


@pytest.fixture
def mali(db: None) -> Country:
    """A country that is not watched."""
    return Country.objects.get(code="mli")


@pytest.fixture
def chad(keeper: User) -> Country:
    """A country that is watched."""
    return actions.watch_country(
        country=Country.objects.get(code="tcd"), why="Clashes in the east.", by=keeper
    )


@pytest.fixture
def marking(db: None) -> Marking:
    """The lowest marking."""
    return Marking.objects.earliest("rank")


@pytest.fixture
def feed(db: None) -> Feed:
    """Own event tables."""
    return Feed.objects.get(key="generic")


@pytest.fixture
def seeded(transactional_db: None) -> Iterator[None]:
    """The facts of the migrations in a database whose transactions are real."""
    core_seeds.load(Organization, Marking)
    seeds.load(Country, Feed, Watchlist)
    yield


def table(*rows: str) -> io.BytesIO:
    """A file of events as somebody sends it."""
    return io.BytesIO("\n".join([HEADER, *rows, ""]).encode())


def row(
    key: Any, country: str = "Mali", day: str = "2020-01-05", best: int = 5, **more: Any
) -> str:
    """A row of such a file."""
    low, high = more.get("low", best), more.get("high", best)
    kind, place = more.get("kind", "one_sided"), more.get("place", "Town")
    spot = more.get("spot", "16.5,-3.0")
    return f"{key},{country},{day},{day},{kind},{low},{best},{high},{place},{spot}"


Bring = Callable[..., Import]


@pytest.fixture
def bring(feed: Feed) -> Bring:
    """Import rows at once, as the system."""

    def bring(*rows: str, **more: Any) -> Import:
        imported = actions.start_import(
            feed=more.pop("feed", feed), file=table(*rows), file_name="events.csv",
            by=more.pop("by", None), queue=False, **more,
        )  # fmt: skip
        return actions.run_import(imported.pk)

    return bring


@pytest.fixture
def many(feed: Feed) -> Callable[..., None]:
    """Write any number of events straight into the table."""

    def many(country: Country, count: int, start: date = date(2001, 1, 1), **more: Any) -> None:
        done = Import.objects.create(
            feed=feed, file_name="many.csv", sha256="0" * 64, size=1, file="imports/none",
            status=ImportStatus.DONE, created_at=timezone.now(), covers_from=start,
            covers_to=date(2019, 12, 31),
        )  # fmt: skip
        done.countries.add(country)
        known = Event.objects.count()
        Event.objects.bulk_create(
            Event(
                feed=feed, imported=done, source_id=f"many-{known + n}", country=country,
                date_start=date.fromordinal(start.toordinal() + n % 6_000),
                date_end=date.fromordinal(start.toordinal() + n % 6_000), date_precision=1,
                type_of_violence=("state_based", "non_state", "one_sided")[n % 3],
                place=f"Town {n % 400}", latitude=10 + n % 400 / 40, longitude=n % 400 / 40,
                deaths_low=n % 5, deaths_best=n % 7, deaths_high=n % 11, digest=f"{n:012x}",
                updated_at=timezone.now(), headline="Something happened. " * 8, **more,
            )
            for n in range(count)
        )  # fmt: skip

    return many
