"""Alerts by hand, what comes of alerts, and the countries of an effort."""

from __future__ import annotations

import pytest

from assessments import actions
from assessments.models import Alert, Country, EffortCountry, Event
from mapro.core.errors import Invalid, NotAllowed, NotVisible, WrongState
from mapro.core.models import AuditEvent, User
from planning.models import Effort
from tests.watch.conftest import Bring, row
from tests.watch.test_actions_country import last
from tests.watch.test_actions_ratings import rate, report
from tests.world import World


@pytest.fixture
def alert(mali: Country, keeper: User) -> Alert:
    return actions.raise_alert(
        country=mali, words="Raids spread.", by=keeper,
        evidence=[("report", report(mali, keeper).pk)],
    )  # fmt: skip


@pytest.fixture
def effort(world: World) -> Effort:
    """Country X, whose lead reads the watch; the member does not."""
    world["lead"].watch = "read"
    world["lead"].save()
    return world.effort


def test_an_alert_names_its_evidence_in_words(mali: Country, keeper: User, bring: Bring) -> None:
    bring(row("e1", best=1200, low=0, high=1500))
    pairs = [
        ("event", Event.objects.get().pk),
        ("rating", rate(mali, keeper).pk),
        ("report", report(mali, keeper).pk),
    ]
    alert = actions.raise_alert(
        country=mali, words="Look now.", evidence=[*pairs, pairs[0]], by=keeper
    )
    assert [(e["kind"], e["id"]) for e in alert.evidence] == pairs
    words = " ".join(e["words"] for e in alert.evidence)
    assert "deaths 1,200 by the best estimate (low 0, high 1,500)" in words
    assert "rated “Clear signs”" in words and "(cannot be judged): Raids" in words
    assert (alert.status, alert.raised_by) == ("open", keeper)
    assert last().code == "alert.raised" and len(last().detail["evidence"]) == 3


def test_an_alert_without_evidence_is_refused(mali: Country, chad: Country, keeper: User) -> None:
    elsewhere = report(chad, keeper).pk
    for evidence in ([], [("report", 0)], [("report", elsewhere)], [("rumor", 1)]):
        with pytest.raises(Invalid):
            actions.raise_alert(country=mali, words="W", evidence=evidence, by=keeper)
    many = [("report", n) for n in range(61)]
    with pytest.raises(Invalid, match="at most"):
        actions.raise_alert(country=mali, words="W", evidence=many, by=keeper)
    with pytest.raises(Invalid, match="what has happened"):
        actions.raise_alert(country=mali, words="", evidence=[("report", elsewhere)], by=keeper)
    assert not Alert.objects.exists()


def test_only_who_keeps_the_watch_raises_and_closes(
    alert: Alert, mali: Country, people: dict[str, User]
) -> None:
    pairs = [("report", alert.evidence[0]["id"])]
    with pytest.raises(NotAllowed):
        actions.raise_alert(country=mali, words="W", evidence=pairs, by=people["read"])
    for status in ("noted", "closed"):
        with pytest.raises(NotAllowed):
            actions.settle_alert(alert=alert, status=status, why="W", by=people["read"])
        with pytest.raises(NotVisible):
            actions.settle_alert(alert=alert, status=status, why="W", by=people["none"])


def test_an_alert_is_noted_then_closed_and_then_stays(alert: Alert, keeper: User) -> None:
    actions.settle_alert(alert=alert, status="noted", why="Asked the embassy.", by=keeper)
    with pytest.raises(WrongState, match="“Noted” already"):
        actions.settle_alert(alert=alert, status="noted", why="Again.", by=keeper)
    actions.settle_alert(alert=alert, status="closed", why="A local feud.", by=keeper)
    alert.refresh_from_db()
    assert (alert.status, alert.settled_by, alert.settled_why) == (
        "closed", keeper, "A local feud.",
    )  # fmt: skip
    assert last().code == "alert.settled" and last().old == {"status": "noted"}
    for status in ("noted", "closed"):
        with pytest.raises(WrongState, match="“Closed” already"):
            actions.settle_alert(alert=alert, status=status, why="Again.", by=keeper)


def test_an_alert_is_settled_with_a_reason_or_an_effort(alert: Alert, keeper: User) -> None:
    for status in ("noted", "closed"):
        with pytest.raises(Invalid, match="why no effort"):
            actions.settle_alert(alert=alert, status=status, by=keeper)
    with pytest.raises(Invalid, match="Name the effort"):
        actions.settle_alert(alert=alert, status="effort", by=keeper)
    for status in ("open", "done"):
        with pytest.raises(Invalid):
            actions.settle_alert(alert=alert, status=status, why="W", by=keeper)
    alert.refresh_from_db()
    assert alert.status == "open"


def test_the_lead_of_the_effort_links_it(alert: Alert, effort: Effort, world: World) -> None:
    actions.settle_alert(alert=alert, status="effort", effort=effort, by=world["lead"])
    alert.refresh_from_db()
    assert (alert.status, alert.effort) == ("effort", effort)
    assert last().detail["effort"] == effort.pk and effort.name not in str(last().detail)


def test_nobody_links_an_effort_that_they_do_not_lead(
    alert: Alert, effort: Effort, world: World, keeper: User
) -> None:
    with pytest.raises(NotVisible):  # keeps the watch, but does not see the effort
        actions.settle_alert(alert=alert, status="effort", effort=effort, by=keeper)
    world["member"].watch = ""
    with pytest.raises(NotVisible):  # is on the team, but does not see the watch
        actions.settle_alert(alert=alert, status="effort", effort=effort, by=world["member"])
    world["member"].watch = "edit"
    with pytest.raises(NotAllowed):
        actions.settle_alert(alert=alert, status="effort", effort=effort, by=world["member"])
    alert.refresh_from_db()
    assert alert.status == "open"


# ---------- countries of an effort


def test_a_country_is_tied_and_untied_in_the_effort_s_own_record(
    effort: Effort, world: World, mali: Country
) -> None:
    site = AuditEvent.objects.filter(stream="site").count()
    tie = actions.tie_country(effort=effort, country=mali, by=world["lead"])
    assert list(effort.countries.all()) == [tie]
    entry = AuditEvent.objects.filter(stream=f"effort:{effort.pk}").latest("seq")
    assert (entry.code, entry.label) == ("effort.country_added", "Mali")
    with pytest.raises(Invalid, match="already"):
        actions.tie_country(effort=effort, country=mali, by=world["lead"])
    actions.untie_country(effort=effort, country=mali, by=world["lead"])
    assert not EffortCountry.objects.exists()
    entry = AuditEvent.objects.filter(stream=f"effort:{effort.pk}").latest("seq")
    assert entry.code == "effort.country_removed"
    with pytest.raises(Invalid, match="no country of this effort"):
        actions.untie_country(effort=effort, country=mali, by=world["lead"])
    assert AuditEvent.objects.filter(stream="site").count() == site


def test_who_ties_leads_the_effort_and_reads_the_watch(
    effort: Effort, world: World, mali: Country, keeper: User
) -> None:
    world["lead"].watch = ""
    with pytest.raises(NotVisible):
        actions.tie_country(effort=effort, country=mali, by=world["lead"])
    with pytest.raises(NotVisible):
        actions.tie_country(effort=effort, country=mali, by=keeper)
    world["member"].watch = "edit"
    for act in (actions.tie_country, actions.untie_country):
        with pytest.raises(NotAllowed):
            act(effort=effort, country=mali, by=world["member"])
    assert not EffortCountry.objects.exists()
