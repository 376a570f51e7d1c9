"""Reports, and the ratings that rest on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import Country, Rating, Report
from mapro.core.errors import Invalid, NotAllowed, NotVisible, WrongState
from mapro.core.models import AuditEvent, Marking, User
from tests.watch.test_actions_country import last


def report(country: Country, by: User, **more: Any) -> Report:
    fields: dict[str, Any] = {
        "kind": "embassy", "title": "Raids", "summary": "Raids on three villages.",
        "source": "Embassy", "dated": date(2020, 1, 5),
    }  # fmt: skip
    return actions.add_report(country=country, by=by, **fields | more)


def rate(country: Country, by: User, **more: Any) -> Rating:
    fields: dict[str, Any] = {
        "frame": "osapg", "item": "1.1", "level": "clear", "evidence": "Three villages raided.",
    }  # fmt: skip
    return actions.rate(country=country, by=by, **fields | more)


@pytest.mark.parametrize("act", [report, rate])
def test_only_who_keeps_the_watch_may(act: Any, people: dict[str, User], mali: Country) -> None:
    with pytest.raises(NotAllowed):
        act(mali, people["read"])
    with pytest.raises(NotVisible):
        act(mali, people["none"])


def test_only_who_keeps_the_watch_changes_a_report(people: dict[str, User], mali: Country) -> None:
    row = report(mali, people["edit"])
    with pytest.raises(NotAllowed):
        actions.edit_report(report=row, title="Other", by=people["read"])
    with pytest.raises(NotAllowed):
        actions.retire_report(report=row, why="W", by=people["read"])


# ---------- reports


def test_a_report_is_entered_changed_and_retired(
    mali: Country, keeper: User, marking: Marking
) -> None:
    row = report(mali, keeper)
    assert row.marking == marking and row.reliability == "unknown"
    assert (last().code, last().label) == ("report.added", "Mali: Raids")
    assert last().new["dated"] == "2020-01-05" and last().new["marking"] == "U"
    higher = Marking.objects.latest("rank")
    row = actions.edit_report(
        report=row, title="Raids on villages", marking=higher, kind="embassy", by=keeper
    )
    assert (row.title, row.marking) == ("Raids on villages", higher)
    assert last().code == "report.edited"
    assert last().old == {"title": "Raids", "marking": "U"}
    before = AuditEvent.objects.count()
    actions.edit_report(report=row, title="Raids on villages", by=keeper)
    assert AuditEvent.objects.count() == before
    actions.retire_report(report=row, why="Withdrawn by its source.", by=keeper)
    assert last().code == "report.retired"
    with pytest.raises(WrongState, match="retired"):
        actions.edit_report(report=row, title="More", by=keeper)
    with pytest.raises(WrongState, match="already"):
        actions.retire_report(report=row, why="Again.", by=keeper)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"kind": "rumor"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"summary": ""}, "summary"),
        ({"source": ""}, "source"),
        ({"reliability": "very"}, "reliability"),
        ({"dated": "yesterday"}, "dated"),
        ({"dated": timezone.now()}, "dated"),
        ({"dated": timezone.localdate() + timedelta(days=2)}, "dated"),
        ({"address": "JavaScript:alert(1)"}, "address"),
    ],
)
def test_bad_reports_are_refused(
    mali: Country, keeper: User, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        report(mali, keeper, **wrong)
    assert list(refused.value.fields) == [where]
    row = report(mali, keeper)
    with pytest.raises(Invalid):
        actions.edit_report(report=row, by=keeper, **wrong)


def test_all_that_is_wrong_is_said_at_once(mali: Country, keeper: User) -> None:
    with pytest.raises(Invalid) as refused:
        report(mali, keeper, title="", summary="", kind="rumor")
    assert set(refused.value.fields) == {"title", "summary", "kind"}


def test_a_slip_of_the_caller_is_no_bad_input(mali: Country, keeper: User) -> None:
    with pytest.raises(TypeError):
        actions.edit_report(report=report(mali, keeper), by=keeper, country=mali)


# ---------- ratings


def test_a_rating_is_recorded_with_all_that_it_says(mali: Country, keeper: User) -> None:
    rests_on = report(mali, keeper)
    given = rate(
        mali, keeper, trend="worse", confidence="moderate", reports=[rests_on], note="By phone."
    )
    assert list(given.reports.all()) == [rests_on]
    assert (given.by, given.level, given.trend) == (keeper, "clear", "worse")
    assert last().code == "rating.given"
    assert last().new == {
        "country": "mli", "frame": "osapg", "item": "1.1", "level": "clear", "trend": "worse",
        "confidence": "moderate", "evidence": "Three villages raided.",
        "reports": [rests_on.pk], "note": "By phone.",
    }  # fmt: skip


def test_ratings_pile_up(mali: Country, keeper: User) -> None:
    rate(mali, keeper)
    rate(mali, keeper, level="none", evidence="Nothing since March.")
    assert Rating.objects.filter(country=mali, item="1.1").count() == 2


def test_unknown_needs_no_evidence_and_every_other_level_does(mali: Country, keeper: User) -> None:
    assert rate(mali, keeper, level="unknown", evidence="").pk
    for level in ("none", "early", "clear", "acute"):
        with pytest.raises(Invalid, match="bears this level out"):
            rate(mali, keeper, level=level, evidence="  ")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"frame": "own"}, "frame"),
        ({"item": "9.9"}, "item"),
        ({"frame": "stanton", "item": "1.1"}, "item"),
        ({"level": "high"}, "level"),
        ({"trend": "up"}, "trend"),
        ({"confidence": "sure"}, "confidence"),
        ({"evidence": "x" * 4_001}, "evidence"),
        ({"note": "x" * 1_001}, "note"),
    ],
)
def test_bad_ratings_are_refused(
    mali: Country, keeper: User, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        rate(mali, keeper, **wrong)
    assert where in refused.value.fields
    assert not Rating.objects.exists()


def test_a_rating_rests_on_reports_of_its_country_that_still_count(
    mali: Country, chad: Country, keeper: User
) -> None:
    elsewhere, gone = report(chad, keeper), report(mali, keeper)
    actions.retire_report(report=gone, why="Withdrawn.", by=keeper)
    for wrong in (elsewhere, gone):
        with pytest.raises(Invalid, match="reports on Mali"):
            rate(mali, keeper, reports=[wrong])
