"""The real case: what events alone say of the Central African Republic at the end of 2013."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Q, QuerySet, Sum

from assessments import selectors, watching
from assessments.models import Alert, Country, Event, Import, Rating
from planning import actions, scenario
from planning.models import Decision, Effort, Entry, Rendition, Step
from planning.vocabulary import StepStatus

CASE = scenario.load("car_2013")
FIGURES = {  # what texts and registers say, with the question that counts it
    "19 events in 2012": lambda: one_sided(2012).count(),
    "140 in 2013": lambda: one_sided(2013).count(),
    "52 events against civilians in 2013": lambda: by("Government of Central African Republic"),
    "36 events against civilians": lambda: by("FPRC"),
    "30 events against civilians": lambda: by("anti-Balaka"),
    "13 events against civilians in 2013": lambda: by("LRA"),
    "9 of them against civilians": lambda: by("Seleka"),
    "32 fights with the government and the FPRC": lambda: fights("anti-Balaka"),
    "41 events in December": lambda: month(12).count(),
    "6 in November": lambda: month(11).count(),
    "1,318 deaths by the best estimate": lambda: deaths(month(12)),
    "34 events": lambda: month(9).count(),
    "868 deaths": lambda: deaths(month(9)),
    "thirteen provinces in 2013": lambda: provinces(2013),
    "eight the year before": lambda: provinces(2012),
    "800 killed in one event": lambda: max(e.deaths_best for e in on(date(2013, 12, 5))),
}
WORDS = {"thirteen": 13, "eight": 8}


def year(number: int) -> QuerySet[Event]:
    return Event.objects.filter(country__code="caf", date_start__year=number)


def one_sided(number: int) -> QuerySet[Event]:
    return year(number).filter(type_of_violence="one_sided")


def by(side: str) -> int:
    return one_sided(2013).filter(side_a=side).count()


def fights(side: str) -> int:
    return (
        year(2013)
        .exclude(type_of_violence="one_sided")
        .filter(Q(side_a=side) | Q(side_b=side))
        .count()
    )


def month(number: int) -> QuerySet[Event]:
    return year(2013).filter(date_start__month=number)


def on(day: date) -> QuerySet[Event]:
    return Event.objects.filter(country__code="caf", date_start=day)


def deaths(rows: QuerySet[Event]) -> int:
    return int(rows.aggregate(best=Sum("deaths_best"))["best"])


def provinces(number: int) -> int:
    return year(number).exclude(adm_1="").values("adm_1").distinct().count()


@pytest.fixture
def effort(db: None) -> Effort:
    """The case, played."""
    cast = scenario.people(CASE, None)
    made = scenario.stage(CASE, cast)
    scenario.play(CASE, made, cast)
    return scenario.fresh(made)


def test_the_case_is_data_and_decides_nothing(effort: Effort) -> None:
    assert effort.exercise
    done = Import.objects.get()
    assert (done.status, done.added, done.feed.key) == ("done", 470, "ucdp-ged")
    assert done.sha256 == actual(watching.FOLDER.parent / "data/examples" / done.file_name)
    assert not Decision.objects.exists()
    state = dict(Step.objects.filter(effort=effort).values_list("number", "status"))
    assert (state[1], state[2], state[3]) == (StepStatus.OPEN, StepStatus.OPEN, StepStatus.LOCKED)


def actual(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_figure_is_counted(effort: Effort) -> None:
    """Each figure stands in a register, and is what the events give."""
    said = "\n".join(
        f"{row.title}\n{row.data}" for row in Entry.objects.filter(effort=effort, retired_at=None)
    )
    for words, count in FIGURES.items():
        assert words in said, words
        first = words.split()[0]
        number = WORDS.get(first) or int(first.replace(",", ""))
        assert count() == number, words


def test_ratings_cite_what_a_query_gives(effort: Effort) -> None:
    country = Country.objects.get(code="caf")
    killing = Rating.objects.get(country=country, item="6.1")
    assert killing.level == "acute"
    for rows in (one_sided(2013), one_sided(2012), month(12).filter(type_of_violence="one_sided")):
        sums = rows.aggregate(low=Sum("deaths_low"), high=Sum("deaths_high"))
        words = f"{rows.count()} events with {deaths(rows):,} deaths ({sums['low']:,} to {sums['high']:,})"
        assert words in killing.evidence
    assert "{" not in "".join(Rating.objects.values_list("evidence", flat=True))
    assert all("31 December 2013" in row.note for row in Rating.objects.all())
    assert not any(row.reports.exists() for row in Rating.objects.all())
    found = selectors.cumulative(country)
    unknown = sum(
        count for one in found for level, count in one.levels.items() if level == "unknown"
    )
    assert unknown == 48 - Rating.objects.filter(frame="osapg").count()


def test_a_threshold_speaks_and_opens_nothing(effort: Effort) -> None:
    alert = Alert.objects.get()
    assert alert.raised_by is None and alert.status == "open"
    last = year(2013).filter(date_start__gte=date(2013, 12, 2))
    assert f"{last.count()} events from 2013-12-02 to 2013-12-31" in alert.words
    assert f"{deaths(last):,} deaths" in alert.words


def test_the_overview_shows_map_chart_and_indicators(effort: Effort) -> None:
    lead = scenario.people(CASE, None)["lead"]
    [version] = actions.freeze_current(effort=effort, by=lead)
    assert version.product.key == "tab-03"
    html = {
        one["source"]: one["html"]
        for row in version.snapshot["sections"]
        for one in row.get("registers", ())
    }
    assert html["events-map"].count("<img") == 1 and "470 events" in html["events-map"]
    assert html["events-chart"].count("<img") == 1
    assert "CC BY 4.0" in html["events-map"] and "Uppsala" in html["events-chart"]
    assert "Genocidal acts" in html["indicators"] and "acute" in html["indicators"].lower()
    assert "anti-Balaka" in html["actor-highlights"]


def test_the_walkthrough_makes_the_overview_alone(
    seeded: None, tmp_path: Path, capsys: Any
) -> None:
    out = tmp_path / "out"
    call_command("walkthrough", scenario="car_2013", output=out)
    made = {path.name for path in out.iterdir()}
    assert {name.split(".")[-1] for name in made} == {"pdf", "docx", "pptx", "xlsx", "html"}
    assert all(name.startswith(("tab-03-", "binder")) for name in made)
    assert "31 December 2013: what the events show" in capsys.readouterr().out
    assert not Rendition.objects.exclude(status="ready").exists()


# ---------- counts in evidence


def test_evidence_counts_what_is_asked_and_nothing_else(monkeypatch: Any) -> None:
    part = {
        "country": "caf",
        "ratings": [
            {"frame": "osapg", "item": "6.1", "level": "acute", "evidence": "{a} and {b.events}.",
             "counts": {"b": {"from": date(2013, 1, 1), "type": "x"}}},
            {"frame": "osapg", "item": "6.9", "level": "grave", "evidence": "None."},
            {"frame": "moon", "item": "1", "level": "none", "evidence": "None."},
        ],
        "events": {"file": "none.csv"}, "poem": 1, "profile": {"weather": {}},
        "alert": {"words": "A.", "reports": ["r"]},
    }  # fmt: skip
    monkeypatch.setattr(watching, "parts", lambda name: {"p": part})
    found = list(watching.faults("car_2013", "p"))
    for words in (
        "part “p” has no “poem”", "a profile has no heading “weather”", "there is no file none.csv",
        "the rating of osapg 6.1: nothing counts “a”", "“b” counts from a day to a day",
        "the rating of osapg 6.9: there is no such item", "“grave” is no level",
        "the rating of moon 1: there is no such frame", "there is no report “r”",
    ):  # fmt: skip
        assert any(words in one for one in found), words
    assert len(found) == 9
    assert list(watching.faults("car_2013", "q")) == [
        "car_2013/watch.yaml has no part “q”; it has p"
    ]
