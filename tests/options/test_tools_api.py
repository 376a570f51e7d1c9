"""The resource of tools: what it shows, how it is filtered, what it takes, how it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from dime.models import Tool, ToolNote
from dime.seeds import TEXT, tools
from tests.flows.test_query_counts import queries
from tests.options.tools import NOTE, TOOL
from tests.world import World

API = "/api/v1/tools/"
JSON = "application/json"


@pytest.fixture
def usaid(world: World) -> Client:
    return world.client("usaid")


def got(client: Client, path: str = "", status: int = 200) -> Any:
    answer = client.get(f"{API}{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def keys(client: Client, query: str) -> list[str]:
    """The keys of every page of a list."""
    page = got(client, f"?page_size=200&{query}")
    assert page["next"] is None
    return [row["key"] for row in page["results"]]


def send(client: Client, path: str, body: Any, method: str = "POST") -> HttpResponse:
    answer = client.generic(method, f"{API}{path}", json.dumps(body), JSON)
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_list_holds_every_tool_in_the_order_of_the_grid(usaid: Client) -> None:
    assert keys(usaid, "") == [row["key"] for row in tools()]
    first = got(usaid)
    assert len(first["results"]) == 50 and first["next"]
    assert queries(lambda: got(usaid)) <= 6


def test_a_tool_shows_every_field(usaid: Client) -> None:
    found = got(usaid, "counter-hate-media/")
    tool = Tool.objects.get(key="counter-hate-media")
    assert {name: found[name] for name in TEXT} == {name: getattr(tool, name) for name in TEXT}
    assert (found["element"], found["approach"]) == ("informational", "compellence")
    assert found["organization"] is None and found["version"] == 1 and found["in_figure"]
    assert "cost" in found["judged"] and "cautions" not in found["judged"]
    assert got(usaid, "no-such-tool/", 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("element=economic", lambda t: t["element"] == "economic"),
        ("approach=suasion&element=military",
         lambda t: (t["element"], t["approach"]) == ("military", "suasion")),
        ("incentive=carrot", lambda t: t["incentive"] == "carrot"),
        ("target=actors", None),
        ("target=positive_actors", lambda t: "positive_actors" in t["targets"]),
        ("purpose=build_resolve", lambda t: "build_resolve" in t["purposes"]),
        ("q=MEDIA", lambda t: any("media" in t[n].lower()
                                  for n in ("name", "figure_name", "summary"))),
        ("organization=handbook", lambda t: True),
        ("organization=cso", lambda t: False),
        ("retired=true", lambda t: False),
    ],
)  # fmt: skip
def test_filters(usaid: Client, query: str, wanted: Any) -> None:
    if wanted is None:  # no choice of the list
        assert got(usaid, f"?{query}", 400)["fields"].keys() == {"target"}
        return
    assert keys(usaid, query) == [row["key"] for row in tools() if wanted(row)]


def test_an_agency_adds_and_changes_its_tool(usaid: Client) -> None:
    answer = send(usaid, "", TOOL | {"targets": ["victims"], "goes_with": ["contacts"]})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["key"], made["organization"]) == ("radio-for-displaced-people", "usaid-africa")
    assert made["targets"] == ["victims"] and made["goes_with"] == ["contacts"]
    path = f"{made['key']}/"
    changed = send(usaid, path, {"cost": 3, "version": 1, "why": "Prices."}, "PATCH")
    assert changed.status_code == 200 and changed.json()["version"] == 2
    assert changed.json()["cautions"] == made["cautions"]
    late = send(usaid, path, {"cost": 4, "version": 1, "why": "Prices."}, "PATCH")
    assert late.status_code == 409 and late.json()["code"] == "stale_save"
    assert "Tens of millions" in late.json()["theirs"]
    assert keys(usaid, "organization=usaid-africa") == [made["key"]]


def test_bad_input_is_refused_by_field(usaid: Client) -> None:
    wrong = send(usaid, "", {"name": "", "element": "naval", "cost": 9})
    assert wrong.status_code == 400
    assert {"name", "element", "cost", "summary"} <= set(wrong.json()["fields"])
    assert send(usaid, "", TOOL | {"goes_with": ["none"]}).json()["fields"].keys() == {"goes_with"}
    assert send(usaid, "contacts/notes/", {}).status_code == 400
    assert Tool.objects.count() == 104


def test_a_tool_is_retired_and_brought_back(usaid: Client) -> None:
    key = send(usaid, "", TOOL).json()["key"]
    assert send(usaid, f"{key}/retire/", {"why": ""}).status_code == 400
    gone = send(usaid, f"{key}/retire/", {"why": "Overtaken."})
    assert gone.status_code == 200 and gone.json()["retired_why"] == "Overtaken."
    assert keys(usaid, "retired=true") == [key] and key not in keys(usaid, "retired=false")
    assert send(usaid, f"{key}/retire/", {"why": "Again."}).status_code == 409
    assert send(usaid, f"{key}/restore/", {}).json()["retired_at"] is None
    assert send(usaid, f"{key}/restore/", {}).status_code == 409


def test_notes_are_entered_read_and_retired(usaid: Client, world: World) -> None:
    made = send(usaid, "contacts/notes/", NOTE | {"marking": "U"})
    assert made.status_code == 201 and made.json()["organization"] == "usaid-africa"
    (note,) = got(usaid, "contacts/notes/")
    assert (note["where"], note["outcome"], note["marking"]) == (NOTE["where"], "mixed", "U")
    path = f"contacts/notes/{note['id']}/retire/"
    assert send(world.client("member"), path, {"why": "Hearsay."}).status_code == 403
    assert send(usaid, path.replace("contacts", "summits"), {"why": "No."}).status_code == 404
    assert send(usaid, path, {"why": "Hearsay."}).json()["retired_why"] == "Hearsay."
    assert ToolNote.objects.count() == 1


def test_others_do_not_change_it_and_outsiders_do_not_see_it(world: World) -> None:
    member = world.client("member")
    body = {"cost": 4, "version": 1, "why": "Prices."}
    assert send(member, "contacts/", body, "PATCH").status_code == 403
    assert send(member, "contacts/retire/", {"why": "No."}).status_code == 403
    assert send(world.client("lead"), "contacts/", body, "PATCH").status_code == 200
    for who in ("observer", "partner", "admin"):
        got(world.client(who), "", 404)
        got(world.client(who), "contacts/", 404)
        got(world.client(who), "contacts/notes/", 404)
    assert world.client("anonymous").get(API).status_code == 401
