"""The resource of options: what warns of them, what is decided on them, their packages."""

from __future__ import annotations

from typing import Any

import pytest

from dime.selectors.options import standing_of
from planning.models import Entry
from tests.options import kit
from tests.world import World

API = "/api/v1/options/"


def get(world: World, address: str, who: str = "member", code: int = 200) -> Any:
    answer = world.client(who).get(address)
    assert answer.status_code == code, answer.content
    return answer.json()


def post(world: World, address: str, body: Any, who: str = "member", code: int = 200) -> Any:
    answer = world.client(who).post(address, body, "application/json")
    assert answer.status_code == code, answer.content
    return answer.json()


@pytest.fixture
def option(world: World) -> Entry:
    return kit.option(world, "Press")


def test_the_list_holds_what_the_caller_may_see(world: World, option: Entry) -> None:
    kit.enter(world, "actors", name="Army")
    rows = get(world, API)["results"]
    assert {row["values"]["name"] for row in rows} == {"Press", "Do nothing"}
    assert get(world, API, "outsider")["results"] == []
    assert get(world, f"{API}{option.pk}/")["values"]["approach"] == "compellence"
    get(world, f"{API}{option.pk}/", "outsider", 404)
    actor = Entry.objects.get(effort=world.effort, register="actors")
    get(world, f"{API}{actor.pk}/", code=404)
    get(world, f"{API}{actor.pk}/warnings/", code=404)


def test_recommend_and_adopt(world: World, option: Entry) -> None:
    found = post(world, f"{API}{option.pk}/recommend/", {"why": "It costs least."}, "lead")
    assert found["values"]["standing"] == "recommended"
    address = f"{API}{option.pk}/adopt/"
    post(world, address, {"why": "So."}, "lead", 403)
    assert post(world, address, {"why": " "}, "authority", 400)["fields"]["why"]
    stale = {"why": "So.", "revision": 1}
    assert post(world, address, stale, "authority", 409)["code"] == "content_changed"
    content = get(world, f"{API}{option.pk}/package/")["content"]
    kit.pick(world, option, "contacts")
    body = {"why": "It stops them soonest.", "content": content}
    assert post(world, address, body, "authority", 409)["code"] == "content_changed"
    body["content"] = get(world, f"{API}{option.pk}/package/")["content"]
    assert post(world, address, body, "authority")["values"]["standing"] == "adopted"
    assert standing_of(kit.nothing(world)) == "set_aside"
    assert post(world, address, body, "authority", 409)["code"] == "wrong_state"


def test_warnings_are_read_overruled_and_heeded(world: World, option: Entry) -> None:
    base = f"{API}{option.pk}/"
    found = {row["kind"]: row for row in get(world, f"{base}warnings/")}
    one = found["no-assumption"]
    assert one["overruled"] is None and one["mend"] and one["url"].startswith("/efforts/country-x/")
    post(world, f"{base}overrule/", {"warning": one["key"]}, code=400)
    post(world, f"{base}overrule/", {"warning": "gone", "why": "So."}, code=409)
    post(world, f"{base}overrule/", {"warning": one["key"], "why": "So."}, "board", 403)
    body = {"warning": one["key"], "why": "None is needed."}
    rows = {row["kind"]: row for row in post(world, f"{base}overrule/", body)}
    assert rows["no-assumption"]["overruled"]["why"] == "None is needed."
    assert rows["no-assumption"]["overruled"]["by"] == world["member"].post
    assert rows["no-dates"]["overruled"] is None
    rows = {row["kind"]: row for row in post(world, f"{base}heed/", {"warning": one["key"]})}
    assert rows["no-assumption"]["overruled"] is None
    post(world, f"{base}heed/", {"warning": one["key"]}, code=400)


def test_the_package_is_read_and_added_to(world: World, option: Entry) -> None:
    base = f"{API}{option.pk}/"
    made = post(world, f"{base}pick/", {"tools": ["contacts", "exercises"]}, code=201)
    rows = {row["element"]: row["measures"] for row in made["elements"]}
    assert list(rows) == ["Diplomatic", "Informational", "Military", "Economic"]
    assert [row["tool"] for row in rows["Diplomatic"]] == ["contacts"]
    assert rows["Military"][0]["entry"] == "MSR-2" and rows["Economic"] == []
    assert made["option"] == "OPT-1" and made["warnings"]
    refused = post(world, f"{base}pick/", {"tools": ["contacts", "none"]}, code=400)
    assert "no tool" in refused["fields"]["tool"]
    post(world, f"{base}pick/", {"tools": []}, code=400)
    post(world, f"{base}pick/", {"tools": ["contacts"]}, "board", 403)
    assert Entry.objects.filter(effort=world.effort, register="measures").count() == 2


def test_an_option_is_copied(world: World, option: Entry) -> None:
    kit.pick(world, option, "contacts")
    body = {"name": "Concept A", "level": "concept"}
    made = post(world, f"{API}{option.pk}/copy/", body, code=201)
    assert (made["values"]["name"], made["values"]["level"]) == ("Concept A", "concept")
    package = get(world, f"{API}{made['id']}/package/")
    assert package["elements"][0]["measures"][0]["tool"] == "contacts"
    post(world, f"{API}{option.pk}/copy/", {"name": "X", "level": "none"}, code=400)
    post(world, f"{API}{option.pk}/copy/", body, "board", 403)
