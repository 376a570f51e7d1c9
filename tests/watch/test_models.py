"""What the tables refuse, and what they hold from the start."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import seeds
from assessments.importing.formats import FORMATS
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
from assessments.policies import keeps_watch, reads_watch, watch_editor, watch_reader
from assessments.vocabulary import Heading, Level
from mapro.core.errors import NotAllowed, NotVisible, SignInNeeded
from mapro.core.models import Marking, User


def refused(act: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


# ---------- what is there


def test_the_seed_holds_every_country_and_the_invented_ones(db: None) -> None:
    assert Country.objects.count() == len(seeds.countries()) > 190
    assert set(Country.objects.filter(exercise=True).values_list("name", flat=True)) == {
        "Country X", "Country Y",
    }  # fmt: skip
    assert Country.objects.filter(iso3="").count() == 2
    chad = Country.objects.get(code="tcd")
    assert (chad.iso3, chad.gw, chad.region) == ("TCD", 483, "Africa")
    assert "DR Congo (Zaire)" in Country.objects.get(code="cod").aliases
    assert not Country.objects.filter(watched_since__isnull=False).exists()


def test_the_seed_holds_feeds_with_their_credit_and_the_lists_of_others(db: None) -> None:
    assert set(Feed.objects.values_list("key", flat=True)) == {"ucdp-ged", "generic"}
    credit = Feed.objects.get(key="ucdp-ged").credit
    assert credit == FORMATS["ucdp-ged"].credit and "CC BY 4.0" in credit
    lists = Watchlist.objects.filter(own=False)
    assert {"Atrocity Watch List", "USAID Alerts List"} < set(lists.values_list("name", flat=True))


def test_seeding_again_changes_nothing(db: None) -> None:
    Country.objects.filter(code="tcd").update(region="Elsewhere")
    before = (Country.objects.count(), Feed.objects.count(), Watchlist.objects.count())
    seeds.load(Country, Feed, Watchlist)
    assert before == (Country.objects.count(), Feed.objects.count(), Watchlist.objects.count())
    assert Country.objects.get(code="tcd").region == "Elsewhere"


def test_headings_are_the_seven_of_the_briefing() -> None:
    assert len(Heading) == 7


def test_levels_are_ordered_and_unknown_is_lowest() -> None:
    assert [level.rank for level in Level] == [0, 1, 2, 3, 4]
    assert Level.from_on("clear") == ["clear", "acute"]


# ---------- what is refused


@pytest.fixture
def done(feed: Feed) -> Import:
    return Import.objects.create(
        feed=feed, file_name="a.csv", sha256="0" * 64, size=1, file="imports/a",
        created_at=timezone.now(),
    )  # fmt: skip


def event(done: Import, **more: Any) -> Event:
    fields: dict[str, Any] = {
        "feed": done.feed, "imported": done, "source_id": "a",
        "country": Country.objects.get(code="mli"), "date_start": date(2020, 1, 1),
        "date_end": date(2020, 1, 1), "date_precision": 1, "type_of_violence": "one_sided",
        "deaths_low": 1, "deaths_best": 2, "deaths_high": 3, "digest": "0" * 12,
        "updated_at": timezone.now(),
    }  # fmt: skip
    return Event.objects.create(**fields | more)


def test_an_event_stands_once_in_a_feed(done: Import) -> None:
    event(done)
    refused(lambda: event(done))
    other = Feed.objects.get(key="ucdp-ged")
    assert event(done, feed=other).pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 1.0},
        {"longitude": 1.0},
        {"latitude": 91.0, "longitude": 1.0},
        {"latitude": 1.0, "longitude": -181.0},
        {"date_end": date(2019, 12, 31)},
        {"deaths_low": -1},
    ],
)
def test_an_event_is_on_earth_and_ends_after_it_began(done: Import, wrong: dict[str, Any]) -> None:
    refused(lambda: event(done, **wrong))


def test_deaths_stand_as_they_are_published(done: Import) -> None:
    """UCDP publishes events whose low estimate is above the high one; nobody corrects them here."""
    assert event(done, deaths_low=8, deaths_best=8, deaths_high=4).pk


def test_an_import_covers_a_period_or_none(done: Import) -> None:
    for first, last in ((date(2020, 1, 2), date(2020, 1, 1)), (date(2020, 1, 2), None)):
        refused(lambda a=first, b=last: Import.objects.filter(pk=done.pk).update(
            covers_from=a, covers_to=b
        ))  # fmt: skip


def test_a_country_is_watched_for_a_reason(mali: Country) -> None:
    refused(lambda: Country.objects.filter(pk=mali.pk).update(watched_since=timezone.now()))
    refused(lambda: Country.objects.filter(pk=mali.pk).update(why_watched="No date."))


def test_a_country_stands_once_at_a_time_on_a_list(mali: Country) -> None:
    row = {
        "watchlist": Watchlist.objects.first(), "country": mali, "as_of": date(2020, 1, 1),
        "added_at": timezone.now(),
    }  # fmt: skip
    Listing.objects.create(**row, ended_at=timezone.now())
    Listing.objects.create(**row)
    refused(lambda: Listing.objects.create(**row))


def rating(country: Country, by: User, **more: Any) -> Rating:
    fields = {
        "country": country, "frame": "osapg", "item": "1.1", "level": "clear", "by": by,
        "at": timezone.now(), "evidence": "Seen.",
    }  # fmt: skip
    return Rating.objects.create(**fields | more)


def test_a_rating_has_evidence_and_is_never_changed(mali: Country, keeper: User) -> None:
    refused(lambda: rating(mali, keeper, evidence=""))
    assert rating(mali, keeper, evidence="", level="unknown").pk
    given = rating(mali, keeper)
    given.level = "none"
    with pytest.raises(TypeError, match="not changed"):
        given.save()
    with pytest.raises(TypeError, match="stays"):
        given.delete()


def test_an_alert_names_its_evidence_and_who_settled_it(mali: Country) -> None:
    row: dict[str, Any] = {
        "country": mali, "words": "W", "evidence": [{"kind": "rating", "id": 1, "words": "W"}],
        "raised_at": timezone.now(),
    }  # fmt: skip
    assert Alert.objects.create(**row).pk
    refused(lambda: Alert.objects.create(**row | {"evidence": []}))
    refused(lambda: Alert.objects.create(**row | {"words": ""}))
    refused(lambda: Alert.objects.create(**row, status="closed"))
    refused(lambda: Alert.objects.create(**row, settled_at=timezone.now()))


def threshold(by: User, **more: Any) -> Threshold:
    fields = {
        "name": "T", "kind": "ratings", "frame": "osapg", "level": "clear", "number": 3,
        "set_by": by, "set_at": timezone.now(),
    }  # fmt: skip
    return Threshold.objects.create(**fields | more)


@pytest.mark.parametrize(
    "wrong",
    [
        {"frame": ""},
        {"level": ""},
        {"level": "unknown"},
        {"days": 3},
        {"number": 0},
        {"kind": "events"},
        {"kind": "events", "frame": "", "level": ""},
        {"kind": "deaths", "frame": "", "level": "clear", "days": 3},
        {"kind": "other"},
    ],
)
def test_a_threshold_names_its_parts(keeper: User, wrong: dict[str, Any]) -> None:
    refused(lambda: threshold(keeper, **wrong))


def test_one_open_alert_of_a_threshold_in_a_country(mali: Country, keeper: User) -> None:
    row: dict[str, Any] = {
        "country": mali, "words": "W", "evidence": [{"kind": "rating", "id": 1, "words": "W"}],
        "raised_at": timezone.now(), "threshold": threshold(keeper),
    }  # fmt: skip
    Alert.objects.create(**row, status="closed", settled_at=timezone.now())
    Alert.objects.create(**row)
    refused(lambda: Alert.objects.create(**row))


def test_a_report_is_retired_for_a_reason(mali: Country, keeper: User, marking: Marking) -> None:
    report = Report.objects.create(
        country=mali, kind="ngo", title="T", summary="S", source="S", dated=date(2020, 1, 1),
        marking=marking, added_by=keeper, added_at=timezone.now(),
    )  # fmt: skip
    refused(lambda: Report.objects.filter(pk=report.pk).update(retired_at=timezone.now()))


# ---------- who sees


def test_who_sees_the_watch_and_who_keeps_it(people: dict[str, User]) -> None:
    assert [reads_watch(people[k]) for k in ("edit", "read", "none")] == [True, True, False]
    assert [keeps_watch(people[k]) for k in ("edit", "read", "none")] == [True, False, False]
    assert watch_reader(people["read"]) == people["read"]
    assert watch_editor(people["edit"]) == people["edit"]
    with pytest.raises(NotVisible):
        watch_reader(people["none"])
    with pytest.raises(NotVisible):
        watch_editor(people["none"])
    with pytest.raises(NotAllowed):
        watch_editor(people["read"])
    for check in (watch_reader, watch_editor):
        with pytest.raises(SignInNeeded):
            check(AnonymousUser())
    assert not reads_watch(AnonymousUser()) and not keeps_watch(AnonymousUser())


def test_an_administrator_has_no_right_by_the_job_and_a_closed_account_none(db: None) -> None:
    staff = User.objects.create_user("staff@mapro.example", post="Administrator", is_staff=True)
    assert not reads_watch(staff)
    staff.watch, staff.is_active = "edit", False
    assert not reads_watch(staff) and not keeps_watch(staff)
