"""The resource of comparisons: read, settled, reopened, scored; and its place in the schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from dime.models import Comparison, Score
from tests.options.comparing import CIVIL, given, score, scored, settle, stage
from tests.world import World

API = "/api/v1/comparisons/"
POLICY = f"{API}country-x/policy/"


def get(world: World, who: str = "member", address: str = POLICY) -> Any:
    """What the resource answers."""
    answer = world.client(who).get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(world: World, act: str, who: str = "member", **body: Any) -> Any:
    """POST an act."""
    return world.client(who).post(f"{POLICY}{act}/", json.dumps(body), "application/json")


def rows(values: dict[int, tuple[int, ...]]) -> list[dict[str, Any]]:
    """Scores as the API takes them."""
    return [
        {"option": option, "criterion": criterion, "value": value}
        for (option, criterion), value in given(values).items()
    ]


def test_a_comparison_is_worked_out(world: World) -> None:
    scored(world)
    body = get(world)
    assert [(o["number"], o["total"], o["rank"], o["tied"]) for o in body["options"]] == [
        ("OPT-3", 3.4, 1, False), ("OPT-1", 3.3, 2, False), ("OPT-2", 2.6, 3, False),
    ]  # fmt: skip
    speed, cost = body["criteria"]
    assert (speed["weight"], speed["below"], speed["above"]) == (60, ["OPT-1"], [])
    assert speed["first"] == [57.1429, 100.0]
    assert cost["first"] == [0.0, 42.8571]
    assert {"option": "OPT-1", "criterion": "CRT-1", "mean": 2.5, "low": 2, "high": 3} in body[
        "means"
    ]
    assert len(body["scores"]) == 12
    codes = {world[w].organization.code for w in ("member", "africom")}  # type: ignore[union-attr]
    assert {row["organization"] for row in body["agencies"]} == codes
    changed = {row["organization"]: row["changes"] for row in body["agencies"]}
    assert sorted(changed.values()) == [False, True]
    assert body["headline"].startswith("“Broad campaign” leads")
    assert body["swings"][0]["leaders"] == ["OPT-1", "OPT-3"]
    assert body["informs"].endswith("the decision remains the authority's.")


def test_an_empty_comparison_can_be_read(world: World) -> None:
    body = get(world)
    assert (body["round"], body["options"], body["settled_at"]) == (0, [], None)
    stage(world, 60)
    body = get(world)
    assert [row["total"] for row in body["options"]] == [None, None, None]
    assert body["criteria"][0]["first"] is None


def test_weights_are_settled_and_reopened(world: World) -> None:
    stage(world, 60, 30)
    answer = send(world, "settle")
    assert answer.status_code == 400
    assert "10 are missing" in answer.json()["fields"]["weights"]
    assert not Comparison.objects.exists()
    world.effort.entries.filter(register="criteria", number=2).update(
        data={"level": "policy", "weight": 40}
    )
    assert send(world, "settle").json()["round"] == 1
    assert send(world, "settle").status_code == 409
    assert send(world, "reopen", why="").status_code == 400
    assert send(world, "reopen", why="Anew.").json()["settled_at"] is None


def test_scores_are_given_all_or_none(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    wrong = [*rows(CIVIL), {"option": 9, "criterion": 1, "value": 3}]
    answer = send(world, "scores", round=1, scores=wrong)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["score-9-1"]
    for bad in (0, 6, "x", 2.5):
        answer = send(
            world, "scores", round=1, scores=[{"option": 1, "criterion": 1, "value": bad}]
        )
        assert answer.status_code == 400
    assert send(world, "scores", round=1, scores=[]).status_code == 400
    assert send(world, "scores", scores=rows(CIVIL)).status_code == 400
    assert send(world, "scores", round=2, scores=rows(CIVIL)).status_code == 409
    assert not Score.objects.exists()
    body = send(world, "scores", round=1, scores=rows(CIVIL)).json()
    assert {row["value"] for row in body["scores"]} == {1, 2, 4, 5}
    back = [{"option": 1, "criterion": 1, "value": None}]
    assert len(send(world, "scores", round=1, scores=back).json()["scores"]) == 5


def test_the_list_holds_what_the_caller_may_see(world: World) -> None:
    scored(world)
    body = get(world, address=API)
    assert [(row["effort"], row["level"], row["round"]) for row in body["results"]] == [
        ("country-x", "policy", 1)
    ]
    assert get(world, address=f"{API}?level=concept")["results"] == []
    assert get(world, "outsider", API)["results"] == []
    assert world.client("outsider").get(POLICY).status_code == 404
    for place in ("country-x/plan/", "none/policy/", "country-x/"):
        assert world.client("member").get(f"{API}{place}").status_code == 404, place


def test_only_who_may_settles_and_scores(world: World) -> None:
    scored(world)
    for who in ("board", "authority"):
        assert send(world, "reopen", who, why="No.").status_code == 403
        assert send(world, "scores", who, round=1, scores=rows(CIVIL)).status_code == 403
    assert send(world, "reopen", "observer", why="No.").status_code == 404


@pytest.mark.parametrize("agencies", [1, 3])
def test_reading_costs_the_same_whatever_there_is(world: World, agencies: int) -> None:
    stage(world, 60, 40)
    settle(world)
    for who in ("member", "africom", "usaid")[:agencies]:
        score(world, who, CIVIL)
    client = world.client("member")
    client.get(POLICY)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(POLICY).status_code == 200
    assert len(queries) <= 9


def test_the_schema_knows_comparisons() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = [path for path in schema["paths"] if path.startswith("/api/v1/comparisons/")]
    assert len(paths) == 5
    assert not [w for w in GENERATOR_STATS._warn_cache if "omparison" in w]
    assert not [w for w in GENERATOR_STATS._error_cache if "omparison" in w]
    address = schema["paths"]["/api/v1/comparisons/{id}/"]["get"]["parameters"]
    assert [(p["name"], p["schema"]["type"]) for p in address] == [("id", "string")]
