"""Thresholds propose alerts, each once, with what they rest on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import actions
from assessments.actions import threshold as thresholds
from assessments.models import Alert, Country, Event, Threshold
from mapro.core.errors import Invalid, NotAllowed, NotVisible, WrongState
from mapro.core.models import AuditEvent, Heartbeat, User
from planning.actions import clock
from tests.watch.conftest import Bring, row
from tests.watch.test_actions_country import last
from tests.watch.test_actions_ratings import rate


def set_(by: User, **more: Any) -> Threshold:
    fields: dict[str, Any] = {
        "name": "Three clear signs", "kind": "ratings", "frame": "osapg", "level": "clear",
        "number": 2,
    }  # fmt: skip
    return actions.set_threshold(by=by, **fields | more)


def of_events(by: User, **more: Any) -> Threshold:
    fields: dict[str, Any] = {
        "name": "Ten events", "kind": "events", "frame": "", "level": "", "number": 2, "days": 30,
    }  # fmt: skip
    return set_(by, **fields | more)


def settle(by: User) -> None:
    for alert in Alert.objects.filter(status="open"):
        actions.settle_alert(alert=alert, status="closed", why="Looked at.", by=by)


# ---------- setting


def test_a_threshold_is_set_changed_and_dropped(keeper: User, people: dict[str, User]) -> None:
    row = set_(keeper)
    assert (last().code, last().old, last().new["number"]) == ("threshold.set", None, 2)
    set_(keeper, threshold=row, number=4)
    assert (last().old["number"], last().new["number"]) == (2, 4)
    before = AuditEvent.objects.count()
    set_(keeper, threshold=row, number=4)
    assert AuditEvent.objects.count() == before
    for who, error in (("read", NotAllowed), ("none", NotVisible)):
        with pytest.raises(error):
            set_(people[who])
        with pytest.raises(error):
            actions.drop_threshold(threshold=row, by=people[who])
    actions.drop_threshold(threshold=row, by=keeper)
    assert last().code == "threshold.dropped"
    with pytest.raises(WrongState):
        actions.drop_threshold(threshold=row, by=keeper)
    with pytest.raises(WrongState):
        set_(keeper, threshold=row, number=5)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "name"),
        ({"kind": "mood"}, "kind"),
        ({"number": 0}, "number"),
        ({"number": 1_000_001}, "number"),
        ({"frame": ""}, "frame"),
        ({"level": ""}, "level"),
        ({"level": "unknown"}, "level"),
        ({"kind": "events"}, "days"),
        ({"kind": "deaths", "days": 0}, "days"),
        ({"kind": "deaths", "days": 4_000}, "days"),
    ],
)
def test_bad_thresholds_are_refused(keeper: User, wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_(keeper, **wrong)
    assert where in refused.value.fields
    assert not Threshold.objects.exists()


# ---------- ratings


def test_ratings_reach_a_threshold(chad: Country, mali: Country, keeper: User) -> None:
    set_(keeper)
    rate(chad, keeper, item="1.1")
    rate(chad, keeper, item="1.2", level="early")
    assert not Alert.objects.exists()
    rate(chad, keeper, item="1.2", level="acute")
    alert = Alert.objects.get()
    assert (alert.country, alert.raised_by, alert.status) == (chad, None, "open")
    assert "2 items" in alert.words and "“Clear signs” or above" in alert.words
    assert {e["kind"] for e in alert.evidence} == {"rating"} and len(alert.evidence) == 2
    assert (last().code, last().actor) == ("alert.raised", "MAPRO")
    for item in ("1.1", "1.2"):  # not watched, so it is not asked
        rate(mali, keeper, item=item)
    assert Alert.objects.count() == 1


def test_the_newest_rating_counts_alone(chad: Country, keeper: User) -> None:
    set_(keeper)
    rate(chad, keeper, item="1.1")
    rate(chad, keeper, item="1.1", level="acute")
    rate(chad, keeper, item="1.2", level="acute")
    settle(keeper)
    rate(chad, keeper, item="1.1", level="none")
    rate(chad, keeper, item="1.3", level="unknown", evidence="")
    assert Alert.objects.count() == 1
    assert actions.check_thresholds() == []


def test_an_open_alert_is_not_raised_twice(chad: Country, keeper: User) -> None:
    set_(keeper, number=1)
    rate(chad, keeper, item="1.1")
    rate(chad, keeper, item="1.2", level="acute")
    assert Alert.objects.count() == 1
    assert actions.check_thresholds() == [] == actions.check_thresholds(country=chad)


def test_a_settled_alert_comes_again_only_for_something_new(chad: Country, keeper: User) -> None:
    set_(keeper, number=1)
    rate(chad, keeper, item="1.1")
    settle(keeper)
    assert actions.check_thresholds() == []
    rate(chad, keeper, item="1.1")  # confirmed at the same level
    assert Alert.objects.count() == 1
    rate(chad, keeper, item="1.1", level="acute")
    assert Alert.objects.count() == 2
    settle(keeper)
    rate(chad, keeper, item="1.2")
    assert Alert.objects.count() == 3


def test_a_changed_threshold_asks_anew(chad: Country, keeper: User) -> None:
    row = set_(keeper, number=1)
    rate(chad, keeper, item="1.1")
    settle(keeper)
    set_(keeper, threshold=row, number=1, level="early")
    assert Alert.objects.filter(status="open").count() == 1


def test_a_dropped_threshold_and_one_of_another_country_stay_silent(
    chad: Country, mali: Country, keeper: User
) -> None:
    actions.drop_threshold(threshold=set_(keeper, number=1), by=keeper)
    set_(keeper, number=1, country=mali)
    rate(chad, keeper)
    assert not Alert.objects.exists()


def test_setting_a_threshold_asks_at_once(chad: Country, keeper: User) -> None:
    rate(chad, keeper)
    set_(keeper, number=1, country=chad)
    assert Alert.objects.get().country == chad


# ---------- events


def test_events_reach_a_threshold_within_its_days(
    chad: Country, keeper: User, bring: Bring
) -> None:
    of_events(keeper)
    bring(row("a", "Chad", "2020-01-01"), row("b", "Chad", "2020-03-01"))
    assert not Alert.objects.exists()
    bring(row("c", "Chad", "2020-02-20", best=7, low=6, high=9))
    alert = Alert.objects.get()
    assert "2 events from 2020-02-01 to 2020-03-01" in alert.words
    assert "12 deaths by the best estimate (low 11, high 14)" in alert.words
    keys = list(Event.objects.filter(source_id__in="bc").values_list("pk", flat=True))
    assert {e["id"] for e in alert.evidence} == set(keys)
    assert alert.evidence[0]["words"].startswith("2020-02-20, Town: deaths 7")


def test_deaths_are_counted_by_the_best_estimate(chad: Country, keeper: User, bring: Bring) -> None:
    of_events(keeper, kind="deaths", number=10)
    bring(row("a", "Chad", best=9, low=0, high=90))
    assert not Alert.objects.exists()
    bring(row("b", "Chad", best=1))
    assert "is 10 deaths within 30 days" in Alert.objects.get().words


def test_days_are_counted_back_from_the_last_day_reported(
    chad: Country, keeper: User, bring: Bring
) -> None:
    of_events(keeper, number=1)
    bring(row("a", "Chad", "2020-01-05"), covers_from=date(2020, 1, 1), covers_to=date(2020, 6, 30))
    assert not Alert.objects.exists()
    bring(row("b", "Chad", "2020-06-01"))
    assert "from 2020-06-01 to 2020-06-30" in Alert.objects.get().words


def test_what_is_settled_comes_again_for_a_new_event_alone(
    chad: Country, keeper: User, bring: Bring
) -> None:
    of_events(keeper, number=1)
    rows = [row("a", "Chad")]
    bring(*rows)
    settle(keeper)
    bring(*rows)
    assert Alert.objects.count() == 1
    bring(*rows, row("b", "Chad"))
    assert Alert.objects.count() == 2


def test_an_alert_names_the_gravest_events(chad: Country, keeper: User, bring: Bring) -> None:
    of_events(keeper, number=30)
    bring(*(row(f"e{n}", "Chad", best=n) for n in range(30)))
    alert = Alert.objects.get()
    assert len(alert.evidence) == thresholds.MAX_EVIDENCE
    assert "deaths 29" in alert.evidence[0]["words"]
    assert alert.words.startswith("Chad: 30 events")


def test_the_cost_does_not_grow_with_countries(keeper: User, bring: Bring) -> None:
    of_events(keeper, number=1_000)
    set_(keeper, number=40)
    counts = []
    countries = list(Country.objects.exclude(iso3="")[:30])
    for some in (countries[:2], countries[2:]):
        for country in some:
            actions.watch_country(country=country, why="W", by=keeper)
            rate(country, keeper)
        bring(*(row(c.code, c.name, f"2020-01-{n + 1:02}") for n, c in enumerate(some)))
        with CaptureQueriesContext(connection) as caught:
            actions.check_thresholds()
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 10


def test_without_thresholds_or_watched_countries_nothing_is_asked(
    db: None, keeper: User, django_assert_max_num_queries: Any
) -> None:
    assert actions.check_thresholds() == []
    set_(keeper)
    with django_assert_max_num_queries(4):
        assert actions.check_thresholds() == []


# ---------- the clock


def test_the_clock_checks_once_a_day(
    chad: Country, keeper: User, monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    set_(keeper, number=1)
    monkeypatch.setattr("assessments.actions.rating.check_thresholds", lambda **_: [])
    rate(chad, keeper)
    assert clock.tick() == 0  # what planning counts
    assert Alert.objects.count() == 1
    settle(keeper)
    rate(chad, keeper, item="1.2")
    with django_assert_num_queries(1):  # every ten seconds
        assert not actions.tick()
    Heartbeat.objects.filter(name="watch-thresholds").update(at=timezone.now() - timedelta(days=1))
    assert actions.tick() and not actions.tick()
    assert Alert.objects.count() == 2


def test_a_check_that_fails_is_tried_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("assessments.actions.clock.check_thresholds", broken)
    with pytest.raises(RuntimeError):
        actions.tick()
    monkeypatch.undo()
    assert actions.tick()


def test_a_fault_of_the_watch_holds_up_no_decision(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(clock, "_ALSO", [broken])
    assert clock.tick() == 0
    assert "was not done" in caplog.text
