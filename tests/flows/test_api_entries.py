"""The API of registers: what they are, their entries, what is done with them, rows at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from mapro.core.models import AuditEvent, Marking
from planning import actions, entries
from planning.api.entries import RegisterEntries, resource_of
from planning.models import Entry, Grant
from planning.registers import REGISTERS
from planning.vocabulary import Perm
from tests.flows.register_kit import CREWS, THINGS, enter, many, plugged
from tests.world import World

API = "/api/v1/"


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


def get(world: World, who: str, address: str, **query: Any) -> Any:
    """GET as ``who``."""
    return world.client(who).get(f"{API}{address}", query)


def send(world: World, who: str, address: str, method: str = "POST", **body: Any) -> Any:
    """Send JSON as ``who``."""
    return world.client(who).generic(
        method, f"{API}{address}", json.dumps(body), "application/json"
    )


def add(world: World, name: str = "Bridge", **values: Any) -> Entry:
    """A thing, as the member enters it."""
    return enter(world.effort, world["member"], name=name, **values)


def fields(answer: Any) -> dict[str, str]:
    """What a refusal says, by field."""
    assert answer.status_code == 400, answer.content
    found: dict[str, str] = answer.json()["fields"]
    return found


def listed(world: World, who: str = "member", address: str = "entries/", **query: Any) -> list[str]:
    """The labels of a list, oldest first."""
    answer = get(world, who, address, **query)
    assert answer.status_code == 200, answer.content
    return [row["label"] for row in reversed(answer.json()["results"])]


def patch(world: World, entry: Entry, who: str = "lead", **body: Any) -> Any:
    """Change an entry."""
    return send(world, who, f"entries/{entry.pk}/", "PATCH", **body)


def read(entry: Entry) -> Entry:
    """An entry, read anew with its links."""
    found = Entry.objects.select_related("effort__marking", "portion").get(pk=entry.pk)
    return entries.with_links([found], found.effort)[0]


# ---------- which registers there are


def test_registers_are_described(world: World) -> None:
    answer = get(world, "outsider", "registers/")
    assert answer.status_code == 200
    by_key = {row["key"]: row for row in answer.json()}
    assert set(by_key) == set(REGISTERS)
    things = by_key["things"]
    assert (things["prefix"], things["kind"], things["signal"]) == ("THG", "sort", "amount")
    by = {field["key"]: field for field in things["fields"]}
    assert list(by) == [field.key for field in THINGS.fields]
    assert by["sort"]["choices"][1] == {"value": "place", "label": "Place: of any sort"}
    assert by["near"]["to"] == ["things"] and by["near"]["inverse"] == "is near to"
    assert by["state"]["act"] and by["name"]["required"] and by["name"]["hint"]
    assert get(world, "anonymous", "registers/").status_code == 401


# ---------- reading


def test_an_entry_is_shown_with_its_values(world: World) -> None:
    add(world, "Drum")
    made = add(
        world, sort="place", tags="tool", amount=0, roles="Chief since 2013-01-01", near="THG-1"
    )
    row = get(world, "board", f"entries/{made.pk}/").json()
    assert row["values"] == {
        "name": "Bridge", "sort": "place", "note": None, "tags": ["tool"], "amount": 0, "day": None,
        "roles": [["chief", "2013-01-01", None]], "state": "proposed", "near": ["THG-1"],
        "crew": [], "story": None,
    }  # fmt: skip
    assert (row["effort"], row["register"], row["number"], row["label"], row["kind"]) == (
        "country-x", "things", 2, "THG-2", "place",
    )  # fmt: skip
    assert (row["portion"], row["highlight"], row["revision"], row["position"]) == (
        world.effort.marking.code, False, 1, 2,
    )  # fmt: skip
    assert row["added_by"] == row["changed_by"] == world["member"].post
    assert row["retired_at"] is row["signaled_at"] is None and row["retired_why"] == ""
    # What is shown is taken again, and changes nothing.
    values = {key: value for key, value in row["values"].items() if key != "state"}
    assert patch(world, made, values=values, revision=1).json()["revision"] == 1


def test_lists_hold_what_one_may_see_and_asks_for(world: World) -> None:
    drum = add(world, "Drum", sort="tool")
    add(world, sort="place")
    enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    enter(world.other, world["outsider"], name="Far bridge")
    actions.highlight_entry(entry=drum, on=True, by=world["lead"])
    actions.retire_entry(entry=read(drum), why="Gone.", by=world["lead"])
    assert listed(world) == listed(world, "board") == ["THG-1", "THG-2", "CRW-1"]
    assert listed(world, "outsider") == ["THG-1"]
    assert listed(world, "observer") == []
    for query, found in (
        ({"effort__slug": "country-x"}, ["THG-1", "THG-2", "CRW-1"]),
        ({"effort__slug": world.other.slug}, []),
        ({"register": "crews"}, ["CRW-1"]),
        ({"kind": "place"}, ["THG-2"]),
        ({"highlight": "true"}, ["THG-1"]),
        ({"retired": "false"}, ["THG-2", "CRW-1"]),
        ({"retired": "true"}, ["THG-1"]),
        ({"number": "2"}, ["THG-2"]),
        ({"number": "9" * 25}, []),
        ({"register": "none"}, []),
    ):
        assert listed(world, **query) == found, query
    # A list takes the right to read registers, not only the one to see the effort.
    Grant.objects.filter(user=world["board"], permission=Perm.REGISTER_VIEW).delete()
    assert listed(world, "board") == [] and get(world, "board", "efforts/").json()["results"]


def test_what_is_hidden_and_what_is_absent_answer_the_same(world: World) -> None:
    hidden = enter(world.other, world["outsider"], name="Far bridge")
    answers = [
        get(world, "lead", f"entries/{pk}/") for pk in (hidden.pk, 999_999, "none", "9" * 30)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert patch(world, hidden, revision=1).status_code == 404
    gone = Entry.objects.filter(pk=hidden.pk)
    gone.update(effort=world.effort, register="gone")
    assert get(world, "lead", f"entries/{hidden.pk}/").status_code == 404
    assert listed(world, "lead") == []


# ---------- writing


def test_a_fact_is_entered(world: World) -> None:
    add(world, "Drum")
    high = Marking.objects.order_by("-rank")[0]
    body: dict[str, Any] = {"effort": "country-x", "register": "things"}
    values = {"name": "Bridge", "sort": "Place: of any sort", "near": ["drum"], "amount": 3,
              "roles": [["chief", None, "2013-01-01"], "Onlooker"], "note": None}  # fmt: skip
    answer = send(
        world, "member", "entries/", **body, values=values, portion=high.code, highlight=True
    )
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["label"], row["portion"], row["highlight"]) == ("THG-2", high.code, True)
    assert row["values"]["near"] == ["THG-1"] and row["values"]["amount"] == 3
    assert row["values"]["roles"] == [["chief", None, "2013-01-01"], ["onlooker", None, None]]
    wrong = send(world, "member", "entries/", **body, values={"sort": "x", "wealth": 1})
    assert set(fields(wrong)) == {"name", "sort", "wealth"}
    assert "things, crews" in fields(
        send(world, "member", "entries/", **body | {"register": "none"}, values={})
    )["register"]  # fmt: skip
    assert set(fields(send(world, "member", "entries/"))) == {"effort", "register", "values"}
    assert "no marking" in fields(
        send(world, "member", "entries/", **body, values={"name": "B"}, portion="none")
    )["portion"]  # fmt: skip
    odd = {"name": {"a": 1}, "day": ["x"], "near": {"a": 1}, "tags": 3, "amount": True}
    assert set(fields(send(world, "member", "entries/", **body, values=odd))) == set(odd)
    assert send(world, "board", "entries/", **body, values=values).status_code == 403
    assert send(world, "outsider", "entries/", **body, values=values).status_code == 404
    assert Entry.objects.count() == 2


def test_fields_are_changed(world: World) -> None:
    made = add(world, note="Long.", amount=3)
    answer = patch(world, made, "member", values={"note": None, "amount": 4}, revision=1)
    assert answer.status_code == 200, answer.content
    assert answer.json()["values"]["note"] is None and answer.json()["revision"] == 2
    high = Marking.objects.order_by("-rank")[0]
    assert patch(world, made, revision=2, portion=high.code).json()["portion"] == high.code
    assert set(fields(patch(world, made, values={"name": "Span"}))) == {"revision"}
    assert set(fields(patch(world, made, values={"name": ""}, revision=3))) == {"name"}
    assert (
        "act of its own" in fields(patch(world, made, values={"state": "x"}, revision=3))["state"]
    )
    assert fields(patch(world, made, revision=0)) and fields(patch(world, made, revision=2**40))
    assert patch(world, made, "board", values={"note": "N."}, revision=3).status_code == 403
    assert AuditEvent.objects.filter(code="entry.edited").count() == 2


def test_a_stale_change_answers_with_both_texts(world: World) -> None:
    made = add(world, note="Long.")
    patch(world, made, "member", values={"note": "Longer."}, revision=1)
    assert patch(world, made, values={"amount": 3}, revision=1).status_code == 200
    answer = patch(world, made, values={"note": "Longest."}, revision=1)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "stale_save")
    assert (told["yours"], told["theirs"]) == ("Note: Longest.", "Note: Longer.")
    assert told["revision"] == 3
    again = patch(world, made, values={"note": "Longest."}, revision=told["revision"])
    assert again.status_code == 200


def test_highlight_order_review(world: World) -> None:
    made, drum = add(world), add(world, "Drum", near="THG-1")
    at = f"entries/{drum.pk}/"
    assert send(world, "lead", f"{at}highlight/", on=True).json()["highlight"] is True
    assert send(world, "lead", f"{at}highlight/", on=True).json()["highlight"] is True
    assert AuditEvent.objects.filter(code="entry.highlighted").count() == 1
    assert send(world, "lead", f"{at}highlight/", on=False).json()["highlight"] is False
    assert "on" in fields(send(world, "lead", f"{at}highlight/"))
    assert send(world, "lead", f"{at}move/", before=1).json()["position"] == 1
    assert read(made).position == 2
    assert send(world, "lead", f"{at}move/", before=None).json()["position"] == 3
    assert "no THG-9" in fields(send(world, "lead", f"{at}move/", before=9))["before"]
    assert "before" in fields(send(world, "lead", f"{at}move/"))
    assert "before" in fields(send(world, "lead", f"{at}move/", before="last"))
    patch(world, made, values={"amount": 3}, revision=1)
    before = get(world, "board", at).json()["reviewed_at"]
    assert before < get(world, "board", f"entries/{made.pk}/").json()["signaled_at"]
    assert send(world, "member", f"{at}review/").json()["reviewed_at"] > before


def test_retire_and_restore(world: World) -> None:
    made = add(world)
    at = f"entries/{made.pk}/"
    assert "why" in fields(send(world, "lead", f"{at}retire/"))
    assert "why" in fields(send(world, "lead", f"{at}retire/", why=" "))
    row = send(world, "lead", f"{at}retire/", why="It fell.").json()
    assert row["retired_at"] and row["retired_why"] == "It fell."
    for act, body in (
        ("retire/", {"why": "Again."}), ("highlight/", {"on": True}), ("move/", {"before": None}),
        ("review/", {}),
    ):  # fmt: skip
        answer = send(world, "lead", f"{at}{act}", **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state"), act
    assert patch(world, made, values={"note": "N."}, revision=1).status_code == 409
    assert send(world, "member", f"{at}restore/").json()["retired_at"] is None
    assert send(world, "member", f"{at}restore/").status_code == 409
    for act in ("retire/", "restore/", "review/", "move/", "highlight/"):
        assert send(world, "authority", f"{at}{act}", why="W.").status_code == 403
        assert send(world, "outsider", f"{at}{act}", why="W.").status_code == 404


# ---------- rows at once


def rows(world: World, *sent: dict[str, Any], who: str = "member", **more: Any) -> Any:
    """Send rows for the things."""
    body = {"effort": "country-x", "register": "things"} | more
    return send(world, who, "entries/rows/", **body, rows=list(sent))


def test_rows_are_added_and_changed_at_once(world: World) -> None:
    add(world, note="Long.", amount=3, sort="tool")
    sent: tuple[dict[str, Any], ...] = (
        {"number": 1, "note": None, "near": ["Drum"]},
        {"name": "Drum", "near": ["THG-1"], "highlight": True, "tags": ["tool"], "amount": 0},
        {"name": "Fife", "portion": Marking.objects.order_by("-rank")[0].code},
    )
    plan = rows(world, *sent, dry_run=True)
    assert plan.status_code == 200, plan.content
    told = plan.json()
    assert (told["added"], told["changed"], told["unchanged"], told["problems"]) == (2, 1, 0, [])
    assert [(row["row"], row["number"], row["title"]) for row in told["rows"]] == [
        (1, 1, "Bridge"), (2, None, "Drum"), (3, None, "Fife"),
    ]  # fmt: skip
    assert {"label": "Note", "before": "Long.", "after": ""} in told["rows"][0]["changes"]
    assert Entry.objects.count() == 1
    done = rows(world, *sent, digest=told["digest"])
    assert done.status_code == 200 and done.json() == told
    bridge, drum, fife = (read(one) for one in Entry.objects.order_by("number"))
    assert (bridge.data.get("note"), bridge.data["amount"], bridge.kind) == (None, 3, "tool")
    assert bridge.value("near") == [drum] and drum.value("near") == [bridge]
    assert drum.highlight and drum.data["amount"] == 0 and drum.data["tags"] == ["tool"]
    assert fife.portion == Marking.objects.order_by("-rank")[0]
    assert AuditEvent.objects.filter(code="entries.taken_in").count() == 1
    # The same rows again: what they change is as they say; without numbers they add.
    assert rows(world, sent[0], dry_run=True).json()["unchanged"] == 1
    assert rows(world, {"number": 2, "highlight": None, "portion": None}).json()["unchanged"] == 0
    assert not read(drum).highlight


def test_rows_are_taken_in_whole_or_not_at_all(world: World) -> None:
    sent = ({"name": "Drum"}, {"name": "", "day": "no"}, {"number": 9, "name": "Fife"})
    plan = rows(world, *sent, dry_run=True)
    assert plan.status_code == 200
    assert [(one["row"], one["column"]) for one in plan.json()["problems"]] == [
        (2, "Day"), (2, "Name"), (3, "ID"),
    ]  # fmt: skip
    answer = rows(world, *sent)
    assert "Row 2, column “Day”" in fields(answer)["rows"]
    assert answer.json()["problems"] == plan.json()["problems"]
    assert not Entry.objects.exists()
    for wrong in (({"wealth": 1},), ({"name": {"a": 1}},), ({},), ()):
        assert rows(world, *wrong).status_code == 400, wrong
        assert rows(world, *wrong, dry_run=True).json()["problems"]
    assert "rows" in fields(send(world, "member", "entries/rows/", effort="country-x",
                                 register="things", rows=["x"]))  # fmt: skip
    assert "register" in fields(rows(world, {"name": "B"}, register="none"))
    assert rows(world, {"name": "B"}, who="board").status_code == 403
    assert rows(world, {"name": "B"}, who="outsider").status_code == 404
    assert not AuditEvent.objects.filter(code="entries.taken_in").exists()


def test_rows_that_would_do_something_else_now_are_refused(world: World) -> None:
    made = add(world, note="Long.")
    sent = {"number": 1, "note": "Longest."}
    digest = rows(world, sent, dry_run=True).json()["digest"]
    patch(world, made, values={"note": "Longer."}, revision=1)
    answer = rows(world, sent, digest=digest)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer.json()["plan"]["rows"][0]["changes"][0]["before"] == "Longer."
    assert read(made).data["note"] == "Longer."
    assert rows(world, sent, digest=answer.json()["plan"]["digest"]).status_code == 200


# ---------- one register under an address of its own


def view(resource: type[RegisterEntries], world: World, who: str, **kwargs: Any) -> Any:
    """The answer of a resource as the API's router would call it."""
    methods = {"get": "retrieve" if kwargs else "list"}
    request = RequestFactory().get("/")
    request.user = world[who]
    request.perm = Perm.REGISTER_VIEW  # type: ignore[attr-defined]
    answer = resource.as_view(methods)(request, **kwargs)
    return answer.render() if hasattr(answer, "render") else answer


def test_a_register_has_a_resource_of_its_own(world: World) -> None:
    thing = add(world)
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    enter(world.other, world["outsider"], name="Far bridge")
    crews = resource_of("crews")
    assert crews.__name__ == "CrewsResource" and crews.register == "crews"
    listed = json.loads(view(crews, world, "lead").content)["results"]
    assert [row["label"] for row in listed] == ["CRW-1"]
    assert json.loads(view(crews, world, "outsider").content)["results"] == []
    assert view(crews, world, "board", pk=str(crew.pk)).status_code == 200
    assert view(crews, world, "board", pk=str(thing.pk)).status_code == 404
    assert view(crews, world, "outsider", pk=str(crew.pk)).status_code == 404
    assert not hasattr(crews, "create") and not hasattr(crews, "partial_update")


def real(world: World, register: str, **values: Any) -> Entry:
    """An entry of a register of the site, as the member enters it."""
    return enter(world.effort, world["member"], REGISTERS[register], **values)


def assumed(world: World, **values: Any) -> Entry:
    """An assumption."""
    said = {"statement": "Roads stay open.", "invalidated_by": "A convoy is stopped."}
    return real(world, "assumptions", **said | values)


def test_actors_and_assumptions_have_addresses_of_their_own(world: World) -> None:
    thing, actor, made = add(world), real(world, "actors", name="Army"), assumed(world)
    far = enter(world.other, world["outsider"], REGISTERS["actors"], name="Far army")
    for address, own, others in (
        ("actors/", actor, (thing, made, far)), ("assumptions/", made, (thing, actor)),
    ):  # fmt: skip
        assert listed(world, address=address) == [str(own)]
        assert listed(world, "observer", address=address) == []
        assert listed(world, address=address, register="things") == [str(own)]  # no such filter
        assert listed(world, address=address, highlight="true") == []
        assert get(world, "board", f"{address}{own.pk}/").json()["label"] == str(own)
        assert get(world, "outsider", f"{address}{own.pk}/").status_code == 404
        for other in others:
            assert get(world, "board", f"{address}{other.pk}/").status_code == 404
        for method in ("POST", "PUT", "DELETE"):
            assert send(world, "lead", address, method).status_code == 405
        assert send(world, "lead", f"{address}{own.pk}/", "PATCH", revision=1).status_code == 405
        assert get(world, "anonymous", address).status_code == 401
    assert listed(world, "outsider", "actors/") == [str(far)]


def test_an_assumption_is_approved(world: World) -> None:
    made, vague = assumed(world), assumed(world, invalidated_by="")
    at = f"assumptions/{made.pk}/approve/"
    for who, code in (("lead", 403), ("member", 403), ("board", 403), ("outsider", 404)):
        assert send(world, who, at).status_code == code
    row = send(world, "authority", at).json()
    assert (row["values"]["status"], row["revision"]) == ("approved", 2)
    again = send(world, "authority", at)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    refused = send(world, "authority", f"assumptions/{vague.pk}/approve/")
    assert set(fields(refused)) == {"invalidated_by"}
    thing = real(world, "actors", name="Army")
    assert send(world, "authority", f"assumptions/{thing.pk}/approve/").status_code == 404
    # A new statement is a new proposal.
    row = patch(world, made, values={"statement": "One road stays open."}, revision=2).json()
    assert row["values"]["status"] == "proposed"
    assert AuditEvent.objects.filter(code="assumption.approved").count() == 1


def test_an_assumption_is_judged(world: World) -> None:
    made = assumed(world)
    at = f"assumptions/{made.pk}/judge/"
    for body, wrong in (
        ({}, {"verdict", "why"}), ({"verdict": "approved", "why": "So."}, {"verdict"}),
        ({"verdict": "validated", "why": " "}, {"why"}),
        ({"verdict": "validated", "why": "w" * 1_001}, {"why"}),
    ):  # fmt: skip
        assert set(fields(send(world, "member", at, **body))) == wrong, body
    body = {"verdict": "invalidated", "why": "Two convoys were stopped."}
    for who, code in (("authority", 403), ("board", 403), ("outsider", 404)):
        assert send(world, who, at, **body).status_code == code
    row = send(world, "member", at, **body).json()
    assert row["values"]["status"] == "invalidated" and row["signaled_at"]
    assert send(world, "member", at, **body).status_code == 409
    due = get(world, "lead", "due-outs/", origin="assumption").json()["results"]
    assert len(due) == 1 and "Two convoys were stopped." in due[0]["text"]
    actions.retire_entry(entry=read(made), why="Doubled.", by=world["lead"])
    assert send(world, "member", at, **body | {"verdict": "validated"}).status_code == 409


# ---------- the cost, the schema


@pytest.mark.parametrize("number", [1, 40])
def test_lists_cost_the_same_with_many_rows(world: World, number: int) -> None:
    many(world.effort, world["member"], number)
    for count in range(number):
        add(world, f"Near {count}", near="THG-1")
        real(world, "actors", name=f"Group {count}")

    def cost(address: str) -> int:
        client: Client = world.client("member")
        client.get(f"{API}registers/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{API}{address}").status_code == 200
        return len(caught)

    pk = Entry.objects.latest("pk").pk
    found = {a: cost(a) for a in ("registers/", "entries/", "actors/", f"actors/{pk}/")}
    assert list(found.values()) == [2, 4, 4, 6]


def test_the_schema_tells_of_entries(tmp_path: Any) -> None:
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    schema = target.read_text()
    for name in (
        "registers/", "entries/{id}/move/", "entries/rows/", "actors/", "actors/{id}/",
        "assumptions/{id}/approve/", "assumptions/{id}/judge/",
    ):  # fmt: skip
        assert f"{API}{name}:" in schema
