"""What pages of the watch read: right, honest about what is not known, and at a fixed price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import actions, selectors
from assessments.models import Country, Feed, Import, Watchlist
from assessments.selectors import Sums
from assessments.vocabulary import FeedState, Heading, Level, Trend
from mapro.core.models import User
from tests.watch.conftest import Bring, row
from tests.watch.test_actions_ratings import rate, report
from tests.world import World

YEAR_2020 = {"covers_from": date(2020, 1, 1), "covers_to": date(2020, 12, 31)}


# ---------- totals


def test_totals_by_month_hold_every_estimate_by_type(bring: Bring, mali: Country) -> None:
    bring(
        row("a", best=5, low=1, high=9), row("b", best=2, kind="state_based"),
        row("c", day="2020-01-31", best=1), row("d", day="2020-03-01"), row("e", "Chad"),
    )  # fmt: skip
    months = selectors.event_totals(mali)
    assert [m.label for m in months] == ["2020-01", "2020-02", "2020-03"]
    january = months[0]
    assert january.by_type == {
        "state_based": Sums(1, 2, 2, 2, unknown=2), "one_sided": Sums(2, 2, 6, 10, unknown=6),
    }  # fmt: skip
    assert january.total == Sums(3, 4, 8, 12, unknown=8)
    assert january.counts == {"state_based": (2, 2, 2), "one_sided": (2, 6, 10)}
    assert months[1].by_type == {} and months[1].total == Sums()


def test_a_month_that_no_feed_speaks_of_is_not_reported(bring: Bring, mali: Country) -> None:
    bring(row("a"), covers_from=date(2020, 1, 1), covers_to=date(2020, 2, 10))
    bring(row("b", day="2020-05-20"), covers_from=date(2020, 5, 1), covers_to=date(2020, 5, 31))
    bring(row("c", "Chad", "2020-04-05"))  # says nothing of Mali
    months = selectors.event_totals(mali)
    assert [(m.reported, m.whole) for m in months] == [
        (True, True), (True, False), (False, False), (False, False), (True, True),
    ]  # fmt: skip
    bring(row("d", "Chad", "2020-04-05"), everywhere=True, **YEAR_2020)
    assert (
        all(m.reported and m.whole for m in selectors.event_totals(mali))
        and len(selectors.event_totals(mali)) == 12
    )


def test_only_finished_imports_count_as_reported(feed: Feed, mali: Country) -> None:
    for status in ("queued", "running", "refused", "cancelled"):
        made = Import.objects.create(
            feed=feed, file_name="a", sha256="0" * 64, size=1, file="a", status=status,
            created_at=timezone.now(), everywhere=True, **YEAR_2020,
        )  # fmt: skip
        made.countries.add(mali)
    assert selectors.event_totals(mali) == [] == selectors.covered(mali)
    assert selectors.country_page(mali).reported_to is None


def test_totals_by_year_and_within_bounds(bring: Bring, mali: Country) -> None:
    bring(row("a", day="2018-12-31"), row("b", day="2019-01-01"), row("c", day="2020-06-15"))
    years = selectors.event_totals(mali, "year")
    assert [(y.label, y.total.events) for y in years] == [("2018", 1), ("2019", 1), ("2020", 1)]
    cut = selectors.event_totals(mali, "month", date(2019, 12, 15), date(2020, 6, 14))
    assert [m.label for m in cut] == ["2019-12", *(f"2020-{n:02}" for n in range(1, 7))]
    assert (cut[0].start, cut[-1].end) == (date(2019, 12, 15), date(2020, 6, 14))
    assert cut[-1].total.events == 0
    later = selectors.event_totals(mali, "month", end=timezone.localdate() + timedelta(days=400))
    assert later[-1].end == timezone.localdate()
    with pytest.raises(ValueError, match="by month or by year"):
        selectors.event_totals(mali, "week")
    assert selectors.event_totals(Country.objects.get(code="tcd")) == []


def test_totals_of_one_feed(bring: Bring, mali: Country, feed: Feed) -> None:
    other = Feed.objects.create(key="other", name="Other", format="generic")
    bring(row("a"))
    bring(row("a", day="2020-02-05"), feed=other)
    assert [m.total.events for m in selectors.event_totals(mali)] == [1, 1]
    assert [m.label for m in selectors.event_totals(mali, feed=other)] == ["2020-02"]
    assert selectors.covered(mali, feed) == [(date(2020, 1, 5), date(2020, 1, 5))]
    assert selectors.places(mali, feed=other).spots[0].events == 1


def test_stretches_of_days_are_joined(bring: Bring, mali: Country) -> None:
    for first, last in (("03-01", "03-31"), ("01-01", "02-15"), ("02-16", "02-20")):
        bring(
            row("a"), covers_from=date.fromisoformat(f"2020-{first}"),
            covers_to=date.fromisoformat(f"2020-{last}"),
        )  # fmt: skip
    assert selectors.covered(mali) == [
        (date(2020, 1, 1), date(2020, 2, 20)), (date(2020, 3, 1), date(2020, 3, 31)),
    ]  # fmt: skip


# ---------- places, pages


def test_places_are_summed_with_what_has_no_place(bring: Bring, mali: Country) -> None:
    bring(
        row("a", best=2, place="Gao"), row("b", best=3, low=0, high=4, place="Gao"),
        row("c", best=9, place="Kidal", spot="18.4,1.4"),
        row("d", spot=","), row("e", best=1, kind="non_state"), row("f", day="2021-01-01"),
    )  # fmt: skip
    found = selectors.places(mali, date(2020, 1, 1), date(2020, 12, 31))
    assert found.unplaced == 1
    assert [(s.name, s.type, s.events, s.low, s.best, s.high) for s in found.spots] == [
        ("Kidal", "one_sided", 1, 9, 9, 9), ("Gao", "one_sided", 2, 2, 5, 6),
        ("Town", "non_state", 1, 1, 1, 1),
    ]  # fmt: skip
    assert (found.spots[0].latitude, found.spots[0].longitude) == (18.4, 1.4)


# ---------- ratings


def test_what_nobody_rated_is_unknown(mali: Country, keeper: User) -> None:
    assert {s.level for s in selectors.standing(mali)} == {Level.UNKNOWN}
    assert {s.trend for s in selectors.standing(mali)} == {Trend.UNKNOWN}
    summed = selectors.cumulative(mali)
    assert [c.unknown for c in summed] == [c.items for c in summed]
    assert {c.highest for c in summed} == {Level.UNKNOWN}
    rate(mali, keeper, level="none")
    assert selectors.cumulative(mali)[0].highest is Level.NONE
    assert selectors.cumulative(mali)[0].unknown == 7


def test_the_newest_rating_stands(mali: Country, chad: Country, keeper: User) -> None:
    named = report(mali, keeper)
    rate(mali, keeper, level="acute", trend="worse")
    rate(mali, keeper, level="early", reports=[named])
    rate(mali, keeper, frame="stanton", item="denial")
    rate(chad, keeper, item="1.2")
    found = {s.item.key: s for s in selectors.standing(mali)}
    assert len(found) == 48
    assert found["1.1"].level is Level.EARLY and found["1.1"].trend is Trend.UNKNOWN
    assert found["1.1"].rating and list(found["1.1"].rating.reports.all()) == [named]
    assert found["1.2"].rating is None
    assert [r.level for r in selectors.history(mali, "osapg", "1.1")] == ["early", "acute"]
    assert [s.level for s in selectors.standing(mali, "stanton")][-1] is Level.CLEAR
    with pytest.raises(LookupError):
        selectors.standing(mali, "own")


def test_the_cumulative_picture(mali: Country, keeper: User) -> None:
    rate(mali, keeper, item="1.1", level="acute", trend="worse")
    rate(mali, keeper, item="1.2", level="clear")
    last = rate(mali, keeper, item="1.3", level="unknown", evidence="")
    first, second = selectors.cumulative(mali)[:2]
    assert first.levels == {
        Level.UNKNOWN: 6, Level.NONE: 0, Level.EARLY: 0, Level.CLEAR: 1, Level.ACUTE: 1,
    }  # fmt: skip
    assert (first.worse, first.newest, first.highest) == (1, last.at, Level.ACUTE)
    assert (second.newest, second.highest) == (None, Level.UNKNOWN)


# ---------- the watch


def test_the_page_of_a_country(world: World, mali: Country, keeper: User, feed: Feed) -> None:
    actions.save_profile(country=mali, heading="people", body="B", revision=0, by=keeper)
    listed = Watchlist.objects.get(name="Atrocity Watch List")
    actions.list_country(watchlist=listed, country=mali, as_of=date(2020, 1, 1), by=keeper)
    kept, gone = report(mali, keeper), report(mali, keeper, title="Gone")
    actions.retire_report(report=gone, why="W", by=keeper)
    alerts = [
        actions.raise_alert(country=mali, words="W", evidence=[("report", kept.pk)], by=keeper)
        for _ in range(3)
    ]
    actions.settle_alert(alert=alerts[2], status="closed", why="W", by=keeper)
    everywhere = actions.set_threshold(name="All", kind="events", number=9, days=9, by=keeper)
    actions.set_threshold(
        name="Chad", kind="events", number=9, days=9, by=keeper,
        country=Country.objects.get(code="tcd"),
    )  # fmt: skip
    world["lead"].watch = "read"
    actions.tie_country(effort=world.effort, country=mali, by=world["lead"])
    page = selectors.country_page(mali, world["member"])
    assert [h for h, p in page.profile if p] == [Heading.PEOPLE] and len(page.profile) == 7
    assert [x.watchlist.name for x in page.lists if x.listing] == ["Atrocity Watch List"]
    assert len(page.lists) == 3
    assert page.reports == [kept] and selectors.reports_of(mali, retired=True) == [gone]
    assert page.alerts == [alerts[1], alerts[0], alerts[2]]
    assert page.thresholds == [everywhere]
    assert page.efforts == [world.effort] and selectors.countries_of(world.effort) == [mali]
    for who in (world["outsider"], None):  # need to know
        assert selectors.country_page(mali, who).efforts == []


def test_countries_are_found(mali: Country, chad: Country) -> None:
    assert selectors.countries("mal") and mali in selectors.countries("MLI")
    assert selectors.countries(watched=True) == [chad]
    assert chad not in selectors.countries(watched=False)
    assert len(selectors.countries()) > 190


# ---------- feeds


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "fresh"), (31, "fresh"), (32, "late"), (62, "late"), (63, "silent"), (None, "silent")],
)
def test_how_fresh_a_feed_is(days: int | None, state: str) -> None:
    today = date(2026, 3, 1)
    last = None if days is None else today - timedelta(days=days)
    assert selectors.state_of(last, 31, today) is FeedState(state)


def test_feeds_tell_when_they_spoke_last(bring: Bring, feed: Feed) -> None:
    assert {f.state for f in selectors.feed_states()} == {FeedState.SILENT}
    today = timezone.localdate()
    done = bring(row("a", day=str(today - timedelta(days=40))))
    refused = bring(row("b", "Nowhere"))
    found = next(f for f in selectors.feed_states() if f.feed == feed)
    assert (found.state, found.days, found.done, found.newest) == (
        FeedState.LATE, 40, done, refused,
    )  # fmt: skip
    Feed.objects.filter(pk=feed.pk).update(is_active=False)
    assert feed not in [f.feed for f in selectors.feed_states()]


# ---------- the price


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


@pytest.mark.parametrize(("events", "others"), [(10, 1), (10_000, 40)])
def test_the_number_of_queries_is_pinned(
    events: int, others: int, keeper: User, many: Callable[..., None], mali: Country,
    world: World,
) -> None:  # fmt: skip
    many(mali, events)
    for country in [mali, *Country.objects.exclude(iso3="").exclude(pk=mali.pk)[:others]]:
        actions.watch_country(country=country, why="W", by=keeper)
        rate(country, keeper)
    for _ in range(min(others, 5)):
        rests_on = report(mali, keeper)
        rate(mali, keeper, reports=[rests_on])
        actions.raise_alert(country=mali, words="W", evidence=[("report", rests_on.pk)], by=keeper)
    pinned = {
        "totals": (2, lambda: selectors.event_totals(mali)),
        "years": (2, lambda: selectors.event_totals(mali, "year")),
        "places": (1, lambda: selectors.places(mali)),
        "standing": (2, lambda: selectors.standing(mali)),
        "history": (2, lambda: selectors.history(mali, "osapg", "1.1")),
        "cumulative": (1, lambda: selectors.cumulative(mali)),
        "country": (11, lambda: selectors.country_page(mali, world["lead"])),
        "alerts": (1, selectors.alerts_open),
        "feeds": (2, selectors.feed_states),
        "covered": (1, lambda: selectors.covered(mali)),
    }
    assert {k: queries(act) for k, (_, act) in pinned.items()} == {
        k: n for k, (n, _) in pinned.items()
    }
    assert sum(m.total.events for m in selectors.event_totals(mali)) == events
    assert sum(s.events for s in selectors.places(mali).spots) == events


def test_totals_and_places_are_answered_by_their_indexes_alone(
    many: Callable[..., None], mali: Country
) -> None:
    """The rows themselves are long; whoever fetches them all is slow."""
    if connection.vendor != "sqlite":
        pytest.skip("The plan of SQLite says whether an index covers a query.")
    many(mali, 500)
    with CaptureQueriesContext(connection) as caught:
        selectors.event_totals(mali)
        selectors.places(mali)
    plans = []
    with connection.cursor() as cursor:
        for query in caught.captured_queries:
            if "deaths_low" in query["sql"]:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plans.append(" ".join(r[3] for r in cursor.fetchall()))
    assert len(plans) == 2
    assert "COVERING INDEX event_totals" in plans[0], plans
    assert "COVERING INDEX event_places" in plans[1], plans
