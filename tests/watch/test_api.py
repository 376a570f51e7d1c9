"""The resources of the watch: what they show, what they take, how they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from assessments import actions
from assessments.models import Alert, Country, Event, Import, Rating, Report
from mapro.core.models import Marking, User
from planning import actions as planning
from planning.models import Effort
from tests.watch.conftest import Bring, row
from tests.watch.staging import RATING, Stage, event_file, report_form, signed_in, stage
from tests.world import do_jobs

API = "/api/v1/"


@pytest.fixture
def staged(keeper: User, chad: Country) -> Stage:
    """A watched country with one of everything."""
    return stage(keeper, chad)


@pytest.fixture
def keeps(keeper: User) -> Client:
    """Who keeps the watch."""
    return signed_in(keeper)


@pytest.fixture
def reads(people: dict[str, User]) -> Client:
    """Who reads it."""
    return signed_in(people["read"])


def got(client: Client, path: str) -> Any:
    """What a resource answers."""
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows(client: Client, path: str) -> list[Any]:
    """The rows of a list's page."""
    return list(got(client, path)["results"])


def post(client: Client, path: str, body: Any) -> HttpResponse:
    """Send JSON."""
    answer = client.post(f"{API}{path}", json.dumps(body), "application/json")
    assert isinstance(answer, HttpResponse)
    return answer


def test_countries_are_listed_by_name_and_by_watch(staged: Stage, reads: Client) -> None:
    page = got(reads, "countries/")
    names = [row["name"] for row in page["results"]]
    assert len(names) == 50 and names == sorted(names) and page["next"]
    following = reads.get(page["next"]).json()["results"]
    assert following[0]["name"] > names[-1]
    assert [row["code"] for row in rows(reads, "countries/?watched=true")] == ["tcd"]
    assert "tcd" not in [row["code"] for row in rows(reads, "countries/?watched=false")]


def test_a_country_says_what_is_known_and_what_is_not(staged: Stage, reads: Client) -> None:
    found = got(reads, "countries/tcd/")
    assert found["reported_to"] == "2020-03-05"
    assert [row["heading"] for row in found["profile"]][0] == "geography"
    said = {row["watchlist"]: row["standing"] for row in found["lists"]}
    assert said["Early warning"] == "Tier 1" and said["USAID Alerts List"] is None
    first = found["cumulative"][0]
    assert first["levels"] == {"unknown": 7, "none": 0, "early": 0, "clear": 0, "acute": 1}
    assert {row["frame"] for row in found["cumulative"]} == {
        "osapg",
        "stanton",
        "conditions",
        "mmo",
    }
    assert got(reads, "countries/mli/")["reported_to"] is None


def test_efforts_are_named_to_their_team_alone(
    staged: Stage, keeper: User, keeps: Client, reads: Client
) -> None:
    User.objects.filter(pk=keeper.pk).update(can_open_efforts=True)
    keeper.refresh_from_db()
    effort = planning.open_effort(by=keeper, name="East", country="Chad", situation="Clashes.")
    actions.tie_country(effort=effort, country=staged.country, by=keeper)
    settled = post(
        keeps, f"alerts/{staged.alert.pk}/settle/", {"status": "effort", "effort": "east"}
    )
    assert settled.json()["effort"] == "east"
    assert got(keeps, "countries/tcd/")["efforts"] == ["east"]
    assert got(reads, "countries/tcd/")["efforts"] == []
    assert got(reads, f"alerts/{staged.alert.pk}/")["effort"] is None
    assert rows(reads, "alerts/")[0]["effort"] is None


def test_totals_tell_silence_from_zero(mali: Country, bring: Bring, reads: Client) -> None:
    bring(row(1, day="2019-01-05", best=3, low=1, high=9))
    bring(row(2, day="2019-04-05"))
    months = got(reads, "countries/mli/totals/")
    assert [(m["period"], m["reported"]) for m in months] == [
        ("2019-01", True), ("2019-02", False), ("2019-03", False), ("2019-04", True),
    ]  # fmt: skip
    assert months[0]["total"] | {"civilians": 0, "unknown": 0} == {
        "events": 1, "low": 1, "best": 3, "high": 9, "civilians": 0, "unknown": 0,
    }  # fmt: skip
    assert set(months[0]["by_type"]) == {"one_sided"}
    years = got(reads, "countries/mli/totals/?by=year&from=2019-02-01")
    assert [y["period"] for y in years] == ["2019"] and years[0]["total"]["events"] == 1
    for query in ("by=week", "from=yesterday"):
        answer = reads.get(f"{API}countries/mli/totals/?{query}")
        assert answer.status_code == 400 and answer.json()["code"] == "invalid", query


def test_events_are_filtered_and_paged_by_key(
    staged: Stage, mali: Country, many: Callable[..., None], reads: Client
) -> None:
    many(mali, 120)
    seen: list[int] = []
    days: list[str] = []
    address = f"{API}events/?country=mli"
    while address:
        page = reads.get(address).json()
        seen += [row["id"] for row in page["results"]]
        days += [row["date_start"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 120 and days == sorted(days, reverse=True)
    found = rows(reads, "events/?country=tcd&from=2020-02-01&to=2020-12-31&type=one_sided")
    assert [row["source_id"] for row in found] == ["2"] and found[0]["deaths_high"] == 20
    assert rows(reads, "events/?country=tcd&type=state_based") == []
    assert reads.get(f"{API}events/?type=unknown").status_code == 400
    assert got(reads, f"events/{staged.event.pk}/")["feed"] == "generic"


COSTS = {
    "countries/": 3, "countries/tcd/totals/": 5, "events/": 3, "indicators/": 4, "reports/": 3,
    "alerts/": 3, "watchlists/": 4, "feeds/": 4, "imports/": 3,
}  # fmt: skip


@pytest.mark.parametrize("more", [0, 15])
def test_lists_cost_the_same_with_many_rows(
    staged: Stage, keeper: User, keeps: Client, many: Callable[..., None], more: int
) -> None:
    many(staged.country, more * 10)
    for n in range(more):
        report = actions.add_report(
            country=staged.country, kind="un", title=f"Report {n}", summary="More.", source="UN",
            dated=date(2020, 1, 1), by=keeper,
        )  # fmt: skip
        actions.rate(
            country=staged.country, frame="osapg", item="1.2", level="clear", evidence="Seen.",
            reports=[report], by=keeper,
        )  # fmt: skip
        actions.raise_alert(
            country=staged.country, words=f"No {n}.", evidence=[("report", report.pk)], by=keeper
        )
        own = actions.save_watchlist(name=f"List {n}", owner="We", by=keeper)
        actions.list_country(
            watchlist=own, country=staged.country, as_of=date(2020, 1, 1), by=keeper
        )
    found = {}
    for path in COSTS:
        with CaptureQueriesContext(connection) as caught:
            got(keeps, path)
        found[path] = len(caught.captured_queries)
    assert found == COSTS


def test_indicators_are_rated_and_the_newest_holds(staged: Stage, keeps: Client) -> None:
    body = RATING | {
        "country": "tcd", "frame": "osapg", "item": "1.1", "reports": [staged.report.pk],
    }  # fmt: skip
    made = post(keeps, "indicators/", body)
    assert made.status_code == 201 and json.loads(made.content)["words"].startswith("Tension")
    assert len(rows(keeps, "indicators/?country=tcd&item=1.1")) == 2
    (holds,) = rows(keeps, "indicators/?country=tcd&current=true")
    assert (holds["level"], holds["by"], holds["reports"]) == (
        "early", "Post edit", [staged.report.pk],
    )  # fmt: skip
    (before,) = rows(keeps, "indicators/?country=tcd&current=false")
    assert before["level"] == "acute"
    for wrong in (
        {"level": "odd"}, {"evidence": ""}, {"item": "99"}, {"frame": "none"},
        {"country": "nowhere"}, {"reports": [999_999]},
    ):  # fmt: skip
        refused = post(keeps, "indicators/", body | wrong)
        assert refused.status_code == 400, wrong
        fields = json.loads(refused.content)["fields"]
        assert set(fields) == set(wrong), fields
    assert Rating.objects.count() == 2


def test_reports_are_entered(staged: Stage, keeps: Client) -> None:
    made = post(keeps, "reports/", report_form("tcd") | {"marking": "CUI"})
    assert made.status_code == 201 and json.loads(made.content)["marking"] == "CUI"
    refused = post(keeps, "reports/", report_form("tcd") | {"marking": "X", "country": "nowhere"})
    assert json.loads(refused.content)["fields"] == {
        "marking": "There is no marking “X”.", "country": "There is no country “nowhere”.",
    }  # fmt: skip
    plain = {k: v for k, v in report_form("tcd").items() if k != "marking"}
    odd = post(keeps, "reports/", plain | {"kind": "rumor"})
    assert odd.status_code == 400 and "kind" in json.loads(odd.content)["fields"]
    actions.retire_report(report=staged.report, why="Withdrawn.", by=User.objects.get(watch="edit"))
    assert [row["retired_why"] for row in rows(keeps, "reports/?retired=true")] == ["Withdrawn."]
    assert len(rows(keeps, "reports/?country=tcd&kind=un&retired=false")) == 1
    assert Report.objects.count() == 2


def test_alerts_are_raised_and_settled(staged: Stage, keeps: Client) -> None:
    body = {
        "country": "tcd", "words": "It spreads.",
        "evidence": [{"kind": "rating", "id": staged.rating.pk}],
    }  # fmt: skip
    made = post(keeps, "alerts/", body)
    found = json.loads(made.content)
    assert made.status_code == 201 and found["status"] == "open"
    assert "House" not in found["evidence"][0]["words"] and found["evidence"][0]["kind"] == "rating"
    for evidence in ([], [{"kind": "rumor", "id": 1}], [{"kind": "event", "id": 999_999}]):
        refused = post(keeps, "alerts/", body | {"evidence": evidence})
        assert refused.status_code == 400 and b"evidence" in refused.content, evidence
    settle = f"alerts/{found['id']}/settle/"
    assert post(keeps, settle, {"status": "closed"}).status_code == 400
    assert post(keeps, settle, {"status": "effort", "effort": "none"}).status_code == 404
    done = post(keeps, settle, {"status": "closed", "why": "It ended."})
    assert json.loads(done.content)["settled_by"] == "Post edit"
    again = post(keeps, settle, {"status": "closed", "why": "Again."})
    assert again.status_code == 409 and json.loads(again.content)["code"] == "wrong_state"
    assert [row["id"] for row in rows(keeps, "alerts/?status=closed")] == [found["id"]]
    assert Alert.objects.count() == 2


def test_a_file_is_sent_and_asked_after(mali: Country, keeps: Client) -> None:
    sent = {
        "feed": "generic", "file": event_file(row(1), row(2)), "covers_from": "2020-01-01",
        "covers_to": "2020-06-30",
    }  # fmt: skip
    made = keeps.post(f"{API}imports/", sent)
    assert made.status_code == 202 and made.json()["status"] == "queued"
    address = f"imports/{made.json()['id']}/"
    do_jobs()
    found = got(keeps, address)
    assert (found["status"], found["rows_total"], found["added"]) == ("done", 2, 2)
    assert got(keeps, "countries/mli/")["reported_to"] == "2020-06-30"
    assert keeps.post(f"{API}{address}cancel/").status_code == 409
    assert rows(keeps, "imports/?feed=generic&status=done")[0]["file_name"] == "more.csv"


def test_a_bad_file_names_row_and_column(mali: Country, keeps: Client) -> None:
    sent = {"feed": "generic", "file": event_file(row(1), row(2, "Atlantis"))}
    address = f"imports/{keeps.post(f'{API}imports/', sent).json()['id']}/"
    do_jobs()
    found = got(keeps, address)
    assert found["status"] == "refused" and not Event.objects.exists()
    assert (found["problems"][0]["row"], found["problems"][0]["column"]) == (3, "country")
    assert keeps.post(f"{API}{address}retry/").json()["status"] == "queued"
    assert keeps.post(f"{API}{address}cancel/").json()["status"] == "cancelled"
    for wrong in ({"feed": "none", "file": event_file(row(1))}, {"feed": "generic"}):
        assert keeps.post(f"{API}imports/", wrong).status_code == 400
    assert Import.objects.count() == 1


def test_lists_and_feeds(staged: Stage, reads: Client) -> None:
    (own,) = rows(reads, "watchlists/?own=true")
    assert own["listings"][0] | {"id": 0} == {
        "id": 0, "country": "tcd", "standing": "Tier 1", "note": "",
        "as_of": staged.listing.as_of.isoformat(),
    }  # fmt: skip
    assert got(reads, f"watchlists/{staged.watchlist.pk}/")["name"] == "Early warning"
    states = {feed["key"]: (feed["state"], feed["covers_to"]) for feed in got(reads, "feeds/")}
    assert states == {"generic": ("silent", "2020-03-05"), "ucdp-ged": ("silent", None)}


def test_refusals_have_their_type(staged: Stage, reads: Client, people: dict[str, User]) -> None:
    def refused(client: Client, path: str, body: Any = None) -> tuple[int, str]:
        answer: Any = client.get(f"{API}{path}") if body is None else post(client, path, body)
        return answer.status_code, json.loads(answer.content)["code"]

    assert refused(signed_in(None), "countries/")[0] == 401
    assert refused(signed_in(people["none"]), "countries/") == (404, "not_found")
    assert refused(signed_in(people["none"]), "indicators/", {}) == (404, "not_found")
    assert refused(reads, "indicators/", {}) == (403, "not_allowed")
    for path in ("countries/none/", "events/999999/", "events/x/", "imports/999999/", "reports/0/"):
        assert refused(reads, path) == (404, "not_found"), path
    assert reads.delete(f"{API}reports/{staged.report.pk}/").status_code == 405
    assert Effort.objects.count() == 0 and Marking.objects.exists()


def test_the_schema_has_every_resource_and_no_fault() -> None:
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = set(schema["paths"])
    for path in (
        "countries/", "countries/{code}/", "countries/{code}/totals/", "events/", "events/{id}/",
        "indicators/", "reports/", "alerts/", "alerts/{id}/settle/", "watchlists/", "feeds/",
        "imports/", "imports/{id}/cancel/",
    ):  # fmt: skip
        assert f"{API}{path}" in paths, sorted(p for p in paths if path.split("/")[0] in p)
    sent = schema["paths"][f"{API}imports/"]["post"]["requestBody"]["content"]
    assert list(sent) == ["multipart/form-data"]
    taken = {p["name"] for p in schema["paths"][f"{API}events/"]["get"]["parameters"]}
    assert {"country", "from", "to", "type", "cursor"} <= taken
    assert "assessments" not in str(GENERATOR_STATS._error_cache) + str(GENERATOR_STATS._warn_cache)
