"""Put a country on the watch, write its profile, keep the lists that name it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import MAX_BODY, Country, Listing, Profile, Watchlist
from mapro.core import audit
from mapro.core.errors import Invalid, NotAllowed, NotVisible, StaleSave, WrongState
from mapro.core.models import AuditEvent, User


def last() -> AuditEvent:
    """The newest entry of the site's trail."""
    return AuditEvent.objects.filter(stream=audit.SITE).latest("seq")


@pytest.fixture
def lists(keeper: User) -> Watchlist:
    return actions.save_watchlist(name="Own list", owner="Watch desk", own=True, by=keeper)


# ---------- every action asks for the right


ACTS: dict[str, Callable[..., Any]] = {
    "watch": lambda by, mali, chad, lists: actions.watch_country(country=mali, why="W", by=by),
    "unwatch": lambda by, mali, chad, lists: actions.unwatch_country(country=chad, why="W", by=by),
    "profile": lambda by, mali, chad, lists: actions.save_profile(
        country=mali, heading="people", body="B", revision=0, by=by
    ),
    "list": lambda by, mali, chad, lists: actions.save_watchlist(name="N", owner="O", by=by),
    "listing": lambda by, mali, chad, lists: actions.list_country(
        watchlist=lists, country=mali, as_of=date(2020, 1, 1), by=by
    ),
    "end": lambda by, mali, chad, lists: actions.end_listing(
        listing=Listing(watchlist=lists, country=mali, pk=0), by=by
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_only_who_keeps_the_watch_may(
    name: str, people: dict[str, User], mali: Country, chad: Country, lists: Watchlist
) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(NotAllowed):
        ACTS[name](people["read"], mali, chad, lists)
    with pytest.raises(NotVisible):
        ACTS[name](people["none"], mali, chad, lists)
    assert AuditEvent.objects.count() == before


# ---------- the watch


def test_watching_is_recorded_once(mali: Country, keeper: User) -> None:
    actions.watch_country(country=mali, why="  Raids on villages.  ", by=keeper)
    mali.refresh_from_db()
    assert mali.is_watched and mali.watched_by == keeper
    assert mali.why_watched == "Raids on villages."
    assert (last().code, last().label, last().actor) == ("country.watched", "Mali", keeper.post)
    before = AuditEvent.objects.count()
    with pytest.raises(WrongState, match="watched already"):
        actions.watch_country(country=mali, why="Again.", by=keeper)
    assert AuditEvent.objects.count() == before


def test_no_longer_watching_keeps_the_reason_in_the_record(chad: Country, keeper: User) -> None:
    actions.unwatch_country(country=chad, why="Calm for two years.", by=keeper)
    chad.refresh_from_db()
    assert (chad.is_watched, chad.watched_by, chad.why_watched) == (False, None, "")
    assert last().code == "country.unwatched"
    assert last().old["why"] == "Clashes in the east."
    with pytest.raises(WrongState, match="is not watched"):
        actions.unwatch_country(country=chad, why="Again.", by=keeper)


@pytest.mark.parametrize("why", ["", "   ", "x" * 4_001])
def test_a_reason_is_needed(mali: Country, chad: Country, keeper: User, why: str) -> None:
    with pytest.raises(Invalid, match="why|below"):
        actions.watch_country(country=mali, why=why, by=keeper)
    with pytest.raises(Invalid):
        actions.unwatch_country(country=chad, why=why, by=keeper)


# ---------- profile


def save(country: Country, by: User, body: str, revision: int, **more: Any) -> Profile:
    return actions.save_profile(
        country=country, heading=more.pop("heading", "history"), body=body, revision=revision,
        by=by, **more,
    )  # fmt: skip


def test_a_profile_is_written_and_its_former_text_stays_in_the_record(
    mali: Country, keeper: User
) -> None:
    first = save(mali, keeper, "Independent since 1960.", 0, sources="Atlas")
    assert (first.revision, first.updated_by) == (1, keeper)
    second = save(mali, keeper, "Independent since 22 September 1960.", 1, sources="Atlas")
    assert second.revision == 2 and Profile.objects.count() == 1
    assert last().code == "profile.saved" and last().label == "Mali: History"
    assert last().old["body"] == "Independent since 1960."
    assert last().new["body"] == "Independent since 22 September 1960."


def test_a_stale_save_is_refused_with_both_texts(
    mali: Country, keeper: User, people: dict[str, User]
) -> None:
    save(mali, keeper, "Mine.", 0)
    with pytest.raises(StaleSave) as refused:
        save(mali, keeper, "Late.", 0)
    assert refused.value.extra["yours"] == "Late."
    assert refused.value.extra["theirs"] == "Mine."
    assert refused.value.extra["revision"] == 1
    assert Profile.objects.get().body == "Mine."


def test_a_save_that_arrives_twice_writes_once(mali: Country, keeper: User) -> None:
    save(mali, keeper, "Mine.", 0)
    before = AuditEvent.objects.count()
    assert save(mali, keeper, "Mine.", 0).revision == 1
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(("heading", "body"), [("weather", "B"), ("history", "x" * (MAX_BODY + 1))])
def test_bad_profiles_are_refused(mali: Country, keeper: User, heading: str, body: str) -> None:
    with pytest.raises(Invalid):
        save(mali, keeper, body, 0, heading=heading)


# ---------- lists


def test_lists_are_added_changed_and_retired(keeper: User) -> None:
    row = actions.save_watchlist(
        name="Alerts", owner="An NGO", by=keeper, address="https://ngo.example/list"
    )
    assert (last().code, last().old) == ("watchlist.saved", None)
    changed = actions.save_watchlist(
        watchlist=row, name="Alerts", owner="Another NGO", by=keeper,
        address="https://ngo.example/list",
    )  # fmt: skip
    assert changed.pk == row.pk
    assert (last().old, last().new) == ({"owner": "An NGO"}, {"owner": "Another NGO"})
    before = AuditEvent.objects.count()
    actions.save_watchlist(
        watchlist=row, name="Alerts", owner="Another NGO", by=keeper,
        address="https://ngo.example/list",
    )  # fmt: skip
    assert AuditEvent.objects.count() == before
    retired = actions.save_watchlist(
        watchlist=row, name="Alerts", owner="Another NGO", by=keeper, retired=True
    )
    assert retired.retired_at is not None
    with pytest.raises(WrongState, match="retired"):
        actions.list_country(
            watchlist=retired, country=Country.objects.get(code="mli"), as_of=date(2020, 1, 1),
            by=keeper,
        )  # fmt: skip
    again = actions.save_watchlist(watchlist=row, name="Alerts", owner="Another NGO", by=keeper)
    assert again.retired_at is None


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "", "owner": "O"}, "name"),
        ({"name": "N", "owner": ""}, "owner"),
        ({"name": "usaid alerts list", "owner": "O"}, "name"),
        ({"name": "N", "owner": "O", "address": "javascript:alert(1)"}, "address"),
        ({"name": "N", "owner": "O", "address": "data:text/html,x"}, "address"),
        ({"name": "N", "owner": "O", "note": "x" * 2_001}, "note"),
    ],
)
def test_bad_lists_are_refused(keeper: User, fields: dict[str, str], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.save_watchlist(by=keeper, **fields)
    assert where in refused.value.fields


def test_a_reference_in_words_is_no_address(keeper: User) -> None:
    row = actions.save_watchlist(name="N", owner="O", address="Annual report, page 4", by=keeper)
    assert row.address == "Annual report, page 4"


def test_a_new_listing_ends_the_one_before(lists: Watchlist, mali: Country, keeper: User) -> None:
    first = actions.list_country(
        watchlist=lists, country=mali, as_of=date(2020, 1, 1), standing="Tier 2", by=keeper
    )
    second = actions.list_country(
        watchlist=lists, country=mali, as_of=date(2021, 1, 1), standing="Tier 1", by=keeper
    )
    first.refresh_from_db()
    assert first.ended_at is not None and second.ended_at is None
    assert last().code == "listing.added" and last().new["standing"] == "Tier 1"
    actions.end_listing(listing=second, why="Taken off.", by=keeper)
    assert last().code == "listing.ended" and last().label == "Mali on Own list"
    with pytest.raises(WrongState, match="ended already"):
        actions.end_listing(listing=second, by=keeper)


def test_a_list_says_nothing_of_days_to_come(lists: Watchlist, mali: Country, keeper: User) -> None:
    with pytest.raises(Invalid, match="to come"):
        actions.list_country(
            watchlist=lists, country=mali, by=keeper,
            as_of=timezone.localdate() + timedelta(days=1),
        )  # fmt: skip
