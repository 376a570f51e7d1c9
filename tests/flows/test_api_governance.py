"""The API of how steps are decided: every act of a page, with its refusals and what it shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapro.core.models import AuditEvent
from planning import actions
from planning.models import DueOut, Effort, Mandate, Reply, Submission
from planning.vocabulary import ForkKind, Origin, Outcome, Role, Way
from tests.world import World

API = "/api/v1/"


def get(world: World, who: str, address: str, **query: Any) -> Any:
    """GET as ``who``."""
    return world.client(who).get(f"{API}{address}", query)


def send(world: World, who: str, address: str, method: str = "POST", **body: Any) -> Any:
    """Send JSON as ``who``."""
    return world.client(who).generic(
        method, f"{API}{address}", json.dumps(body), "application/json"
    )


def step(world: World, act: str = "", number: int = 1) -> str:
    """The address of a step, or of an act on it."""
    return f"steps/{world.step(number).pk}/{act}"


def fields(answer: Any) -> dict[str, str]:
    """What a refusal says, by field."""
    assert answer.status_code == 400, answer.content
    found: dict[str, str] = answer.json()["fields"]
    return found


def in_days(days: float) -> str:
    """A time from now."""
    return (timezone.now() + timedelta(days=days)).isoformat()


def listed(world: World, who: str, address: str, **query: Any) -> list[Any]:
    """The ids of a list, in its order."""
    return [row["id"] for row in get(world, who, address, **query).json()["results"]]


# ---------- steps


def test_how_a_step_is_decided(world: World) -> None:
    how = {"way": "silence", "quorum": 2, "silence_hours": 24, "due_at": in_days(9)}
    answer = send(world, "authority", step(world, "how/"), "PUT", **how)
    assert answer.status_code == 200, answer.content
    shown = get(world, "member", step(world)).json()
    assert (shown["way"], shown["quorum"], shown["silence_hours"]) == ("silence", 2, 24)
    assert shown["cycle"] == 1
    assert listed(world, "member", "steps/", way="silence") == [shown["id"]]
    assert AuditEvent.objects.get(code="step.settled").actor_id == world["authority"].pk
    address = step(world, "how/")
    assert "99" in fields(send(world, "lead", address, "PUT", **how | {"quorum": 100}))["quorum"]
    assert "way" in fields(send(world, "lead", address, "PUT", **how | {"way": "vote"}))
    assert "quorum" in fields(send(world, "lead", address, "PUT", way="majority"))
    assert send(world, "board", address, "PUT", **how).status_code == 403


def test_a_gate_says_what_it_found(world: World) -> None:
    found = get(world, "board", step(world, "gate/")).json()
    assert found["blocked"] is True
    assert found["passed"] > 0
    first = found["objections"][0]
    assert first["blocks"] is True
    assert first["url"].startswith("/efforts/country-x/")
    world.write()
    after = get(world, "board", step(world, "gate/")).json()
    assert after["blocked"] is False
    assert after["passed"] == found["passed"] + 1


def test_products_go_alone_and_silence_has_an_end(world: World) -> None:
    world.write()
    now = world.step()
    actions.settle_step(
        step=now, way=Way.SILENCE, quorum=1, silence_hours=48, due_at=None, by=world["lead"]
    )
    until = in_days(3)
    address = step(world, "submit/")
    wrong = send(world, "lead", address, ask="Approve.", products=["tab-99"])
    assert "tab-99" in fields(wrong)["products"]
    late = send(world, "lead", address, ask="Approve.", silence_until=in_days(-1))
    assert "silence_until" in fields(late)
    answer = send(world, "lead", address, ask="Approve.", products=["tab-01"], silence_until=until)
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["interim"], row["way"], row["quorum"], row["cycle"]) == (False, "silence", 1, 1)
    assert row["silence_until"][:19] == until[:19]
    assert row["checks"]["passed"] > 0
    assert isinstance(row["checks"]["warnings"], list)
    assert listed(world, "board", "submissions/", interim="false") == [row["id"]]
    assert listed(world, "board", "submissions/", interim="true") == []
    early = send(
        world, "authority", step(world, "decide/"), outcome="approve",
        package_hash=row["package_hash"],
    )  # fmt: skip
    assert (early.status_code, early.json()["code"]) == (409, "not_carried")


def test_silence_names_nobody_in_the_decision(world: World) -> None:
    world.write()
    actions.settle_step(
        step=world.step(), way=Way.SILENCE, quorum=0, silence_hours=1, due_at=None,
        by=world["lead"],
    )  # fmt: skip
    submission = world.submit()
    Submission.objects.update(silence_until=timezone.now() - timedelta(minutes=1))
    assert actions.close_silence(step=world.step()) is not None
    [row] = get(world, "member", "decisions/", submission=submission.pk).json()["results"]
    assert (row["decided_by"], row["on_behalf_of"], row["way"]) == (None, None, "silence")
    assert row["by_words"] == "Supervisory Board, by silence"
    assert {seat["position"] for seat in row["seats"]} == {""}
    assert len(row["seats"]) == world.effort.memberships.filter(role="board").count()


def stand_in(world: World, holder: str, role: str = "board", to: str = "usaid") -> Any:
    """Let somebody stand in for ``holder``, who asks for it."""
    return send(
        world, holder, "mandates/", effort="country-x", role=role, to=world[to].email,
        ends_at=in_days(5), why="Travels.",
    )  # fmt: skip


def test_a_substitute_votes_for_a_seat(world: World) -> None:
    for holder in ("board", "board-io"):
        assert stand_in(world, holder).status_code == 201
    world.write()
    package = world.submit().package_hash
    vote = {"position": "concur", "package_hash": package}
    nobody = send(world, "usaid", step(world, "vote/"), seat="nobody@example.org", **vote)
    assert "Nobody on the team" in fields(nobody)["seat"]
    other = send(world, "usaid", step(world, "vote/"), seat=world["board-af"].email, **vote)
    assert other.status_code == 403
    for named in (world["board-io"].email.upper(), str(world["board"].pk)):
        cast = send(world, "usaid", step(world, "vote/"), seat=named, **vote)
        assert cast.status_code == 201, cast.content
        assert cast.json()["cast_by"] == world["usaid"].post
    posts = {v["post"] for v in get(world, "lead", "submissions/").json()["results"][0]["votes"]}
    assert posts == {world["board"].post, world["board-io"].post}
    own = send(world, "board-af", step(world, "vote/"), **vote).json()
    assert own["cast_by"] is None


def test_a_delegate_decides_on_behalf(world: World) -> None:
    assert stand_in(world, "authority", "authority", "alternate").status_code == 201
    world.write()
    submission = world.submit()
    world.vote(submission, "board")
    answer = send(
        world, "alternate", step(world, "decide/"), outcome="approve",
        package_hash=submission.package_hash,
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert row["decided_by"] == world["alternate"].post
    assert row["on_behalf_of"] == world["authority"].post
    assert row["by_words"] == f"{row['decided_by']}, on behalf of {row['on_behalf_of']}"
    seats = {seat["post"]: seat["position"] for seat in row["seats"]}
    assert seats[world["board"].post] == "Concur"
    assert seats[world["board-io"].post] == ""
    assert listed(world, "lead", "decisions/", way="authority") == [row["id"]]


def test_a_higher_level_decides_one_step(world: World) -> None:
    body = world["observer"].organization
    assert body is not None
    address = step(world, "raise/")
    missing = send(world, "lead", address, user="no@example.org", organization=body.code)
    assert "Nobody here" in fields(missing)["user"]
    nowhere = send(world, "lead", address, user=world["outsider"].email, organization="nowhere")
    assert "no organization" in fields(nowhere)["organization"]
    made = send(world, "lead", address, user=str(world["outsider"].pk), organization=body.code)
    assert made.status_code == 201, made.content
    assert (made.json()["role"], made.json()["step"]) == ("authority", world.step().pk)
    again = send(world, "lead", address, user=world["outsider"].email, organization=body.code)
    assert "decides" in fields(again)["user"]
    team = {m["id"]: m["step"] for m in get(world, "lead", "efforts/country-x/team/").json()}
    assert team[made.json()["id"]] == world.step().pk
    world.write()
    decide = {"outcome": "approve", "package_hash": world.submit().package_hash}
    assert send(world, "authority", step(world, "decide/"), **decide).status_code == 403
    done = send(world, "outsider", step(world, "decide/"), **decide)
    assert done.status_code == 201, done.content
    assert done.json()["body"] == body.name
    lowered = send(world, "lead", step(world, "lower/"))
    assert lowered.status_code == 200
    assert get(world, "outsider", step(world)).status_code == 404
    assert send(world, "lead", step(world, "lower/")).status_code == 409


def test_a_step_is_opened_again(world: World) -> None:
    world.approve()
    world.approve(2)
    address = step(world, "reopen/")
    assert "reason" in fields(send(world, "authority", address, reason=" "))
    assert send(world, "lead", address, reason="New facts.").status_code == 403
    made = send(world, "authority", address, reason="New facts.")
    assert made.status_code == 201, made.content
    assert (made.json()["cycle"], made.json()["reason"]) == (2, "New facts.")
    assert made.json()["by"] == world["authority"].post
    assert get(world, "lead", step(world)).json()["cycle"] == 2
    flagged = get(world, "lead", "due-outs/", origin="reopened").json()["results"]
    assert {row["step"] for row in flagged} == {world.step(2).pk, world.step(3).pk}
    assert send(world, "authority", address, reason="Again.").status_code == 409


def test_a_verbal_approval_is_recorded_and_confirmed(world: World) -> None:
    world.write()
    submission = world.submit()
    address = step(world, "verbal/")
    said = {"said_by": world["authority"].email, "said_at": timezone.now().isoformat()}
    assert "words" in fields(send(world, "lead", address, **said, words=""))
    assert "said_by" in fields(
        send(world, "lead", address, **said | {"said_by": "x@example.org"}, words="Go.")
    )
    member = send(world, "lead", address, **said | {"said_by": world["member"].email}, words="Go.")
    assert "may not decide" in fields(member)["said_by"]
    made = send(world, "lead", address, **said, words="Go ahead.")
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["origin"], row["is_debt"], row["submission"]) == ("verbal", True, submission.pk)
    assert row["detail"]["words"] == "Go ahead."
    assert row["owner"] == world["authority"].pk
    assert get(world, "lead", step(world, number=2)).json()["status"] == "open"
    settle = send(world, "lead", f"due-outs/{row['id']}/settle/", evidence="He said so.")
    assert settle.status_code == 409
    world.decide(submission)
    assert get(world, "lead", f"due-outs/{row['id']}/").json()["done_at"] is not None


def test_a_step_is_started_at_risk(world: World) -> None:
    address = step(world, "at-risk/", 2)
    assert "why" in fields(send(world, "lead", address, why=""))
    made = send(world, "lead", address, why="The window closes.")
    assert made.status_code == 201, made.content
    assert (made.json()["origin"], made.json()["step"]) == ("at_risk", world.step(2).pk)
    assert send(world, "lead", address, why="Again.").status_code == 409


def test_seats_that_are_out_are_reminded(world: World) -> None:
    world.write()
    submission = world.submit()
    world.vote(submission, "board")
    address = step(world, "remind/")
    assert "seat" in fields(send(world, "lead", address, seat="x@example.org"))
    assert send(world, "lead", address, seat=world["board"].email).status_code == 409  # voted
    one = send(world, "lead", address, seat=world["board-io"].email)
    assert one.json() == {"reminded": 1}
    again = send(world, "authority", address, seat=world["board-io"].email)
    assert "few minutes ago" in again.json()["detail"]
    board = world.effort.memberships.filter(role="board").count()
    assert send(world, "authority", address).json() == {"reminded": board - 2}


# ---------- mandates


def test_a_member_stands_aside_and_comes_back(world: World) -> None:
    address = step(world, "recuse/")
    assert "why" in fields(send(world, "board", address, role="board", why=""))
    assert send(world, "board", address, role="authority", why="Kin.").status_code == 403
    made = send(world, "board", address, role="board", why="Kin.")
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["kind"], row["cycle"], row["delegate"]) == ("recusal", 1, None)
    world.write()
    vote = {"position": "concur", "package_hash": world.submit().package_hash}
    assert send(world, "board", step(world, "vote/"), **vote).status_code == 403
    assert send(world, "board-io", f"mandates/{row['id']}/end/").status_code == 403
    ended = send(world, "board", f"mandates/{row['id']}/end/").json()
    assert ended["ended_by"] == world["board"].post
    assert send(world, "board", step(world, "vote/"), **vote).status_code == 201


def test_delegations_are_listed_and_ended(world: World) -> None:
    ask = {"effort": "country-x", "role": "board", "ends_at": in_days(5), "why": "Travels."}
    to = {"to": world["usaid"].email}
    wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("board", ask | {"to": "x@example.org"}, "to"),
        ("board", ask | {"to": world["outsider"].email}, "to"),
        ("board", ask | to | {"ends_at": in_days(-1)}, "ends_at"),
        ("board", ask | to | {"why": ""}, "why"),
        ("board", ask | to | {"step": world.other.steps.earliest("pk").pk}, "step"),
        ("board", ask | to | {"holder": "x@example.org"}, "holder"),
        ("lead", ask | to, "holder"),  # the lead holds no seat
        ("board", ask | to | {"role": "member"}, "role"),
    )
    for who, body, field in wrong:
        assert field in fields(send(world, who, "mandates/", **body)), body
    assert not Mandate.objects.exists()
    for_authority = ask | to | {"role": "authority", "holder": world["authority"].email}
    assert send(world, "lead", "mandates/", **for_authority).status_code == 403
    named = ask | to | {"holder": world["board"].email, "step": world.step().pk}
    made = send(world, "lead", "mandates/", **named)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["holder"], row["delegate"]) == (world["board"].pk, world["usaid"].pk)
    assert (row["given_by"], row["step"]) == (world["lead"].post, world.step().pk)
    here = {"effort__slug": "country-x"}
    assert listed(world, "member", "mandates/", **here) == [row["id"]]
    assert listed(world, "member", "mandates/", ended_at__isnull="false", **here) == []
    assert send(world, "usaid", f"mandates/{row['id']}/end/").status_code == 403
    assert send(world, "lead", f"mandates/{row['id']}/end/").status_code == 200
    assert listed(world, "member", "mandates/", ended_at__isnull="false", **here) == [row["id"]]
    assert send(world, "lead", f"mandates/{row['id']}/end/").status_code == 409


# ---------- due-outs


def test_a_due_out_from_giving_to_evidence(world: World) -> None:
    ask = {"effort": "country-x", "text": "Call the Embassy.", "origin": "meeting"}
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        (ask | {"text": ""}, "text"),
        (ask | {"origin": "condition"}, "origin"),
        (ask | {"origin": "wish"}, "origin"),
        (ask | {"owner": "x@example.org"}, "owner"),
        (ask | {"owner": world["board"].email}, "owner"),
        (ask | {"step": world.other.steps.earliest("pk").pk}, "step"),
    )
    for body, field in wrong:
        assert field in fields(send(world, "board", "due-outs/", **body)), body
    assert send(world, "member", "due-outs/", **ask).status_code == 403
    made = send(world, "board", "due-outs/", **ask, owner=world["usaid"].email, due_at=in_days(2))
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["name"], row["owner_post"]) == ("DO-1", world["usaid"].post)
    assert (row["given_by"], row["is_late"], row["is_debt"]) == (world["board"].post, False, False)
    address = f"due-outs/{row['id']}/"
    later = in_days(4)
    moved = send(world, "lead", address, "PATCH", due_at=later).json()
    assert (moved["owner"], moved["due_at"][:19]) == (world["usaid"].pk, later[:19])
    given = send(world, "lead", address, "PATCH", owner=str(world["africom"].pk)).json()
    assert (given["owner"], given["due_at"]) == (world["africom"].pk, moved["due_at"])
    freed = send(world, "lead", address, "PATCH", owner=None).json()
    assert (freed["owner"], freed["owner_post"]) == (None, None)
    assert "owner" in fields(send(world, "lead", address, "PATCH", owner="x@example.org"))
    assert send(world, "board", address, "PATCH", owner=None).status_code == 403
    here = {"effort__slug": "country-x"}
    assert listed(world, "member", "due-outs/", done_at__isnull="true", **here) == [row["id"]]
    assert "evidence" in fields(send(world, "member", f"{address}settle/", evidence=" "))
    done = send(world, "member", f"{address}settle/", evidence="Cable 12.").json()
    assert (done["evidence"], done["done_by"]) == ("Cable 12.", world["member"].post)
    assert listed(world, "member", "due-outs/", done_at__isnull="true", **here) == []
    assert send(world, "member", f"{address}settle/", evidence="Again.").status_code == 409
    assert "why" in fields(send(world, "board", f"{address}reopen/", why=""))
    assert send(world, "member", f"{address}reopen/", why="No.").status_code == 403
    again = send(world, "board", f"{address}reopen/", why="Nobody answered.").json()
    assert (again["done_at"], again["evidence"]) == (None, "")
    assert get(world, "authority", address).json() == again


def test_conditions_are_due_outs_of_their_decision(world: World) -> None:
    world.write()
    decision = world.decide(
        world.submit(), Outcome.APPROVE_CONDITIONS, conditions="Tell the Embassy.\nName a deputy."
    )
    rows = get(world, "lead", "due-outs/", decision=decision.pk).json()["results"]
    assert [row["text"] for row in reversed(rows)] == ["Tell the Embassy.", "Name a deputy."]
    assert {row["origin"] for row in rows} == {"condition"}


# ---------- crisis and forks


def test_a_crisis_is_declared_and_ended(world: World) -> None:
    address = "efforts/country-x/crisis/"
    assert "why" in fields(send(world, "lead", address, on=True, why=""))
    assert send(world, "lead", address, on=False, why="Calm.").status_code == 409
    on = send(world, "authority", address, on=True, why="Raids tonight.").json()
    assert (on["kind"], on["crisis_since"] is not None) == ("crisis", True)
    assert send(world, "lead", address, on=True, why="Still.").status_code == 409
    off = send(world, "lead", address, on=False, why="Talks began.").json()
    assert (off["kind"], off["crisis_since"]) == ("deliberate", None)
    assert send(world, "member", address, on=True, why="Raids.").status_code == 403


def test_a_patch_leaves_the_kind_alone_and_sets_the_term(world: World) -> None:
    answer = send(
        world, "lead", "efforts/country-x/", "PATCH", kind="crisis", confirm_hours=12
    ).json()
    assert (answer["kind"], answer["confirm_hours"]) == ("deliberate", 12)
    assert "confirm_hours" in fields(
        send(world, "lead", "efforts/country-x/", "PATCH", confirm_hours=0)
    )


def test_a_fork_names_its_parent_to_those_who_see_it(world: World) -> None:
    world.approve()
    address = "efforts/country-x/fork/"
    ask = {"fork": "sequel", "name": "Country X, after", "why": "The coup.", "at": 2}
    for field, value in (("name", " "), ("why", ""), ("at", 9), ("fork", "twig")):
        assert field in fields(send(world, "lead", address, **ask | {field: value}))
    assert send(world, "lead", address, **ask | {"at": 3}).status_code == 409
    made = send(world, "lead", address, **ask)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["parent"], row["fork"], row["forked_at"]) == ("country-x", "sequel", 2)
    fork = Effort.objects.get(slug=row["slug"])
    actions.add_member(effort=fork, user=world["outsider"], role=Role.MEMBER, by=world["lead"])
    for who, parent in (("member", "country-x"), ("outsider", None)):
        assert get(world, who, f"efforts/{fork.slug}/").json()["parent"] == parent
        rows = {e["slug"]: e["parent"] for e in get(world, who, "efforts/").json()["results"]}
        assert rows[fork.slug] == parent
    assert rows[world.other.slug] is None


# ---------- dissents


def dissent(world: World, who: str = "board", **more: Any) -> Any:
    """A dissent through the API."""
    body = {"effort": "country-x", "words": "Too short."} | more
    return send(world, who, "dissents/", **body)


def test_a_dissent_names_what_it_disputes(world: World) -> None:
    world.write()
    submission = world.submit()
    row = dissent(world, submission=submission.pk, red_flag=True).json()
    assert (row["submission"], row["product"], row["red_flag"]) == (submission.pk, None, True)
    assert row["subject"] == "submission 1 of Step 1"
    course = dissent(world).json()
    assert (course["subject"], course["red_flag"]) == ("the course of the effort", False)
    part = dissent(world, product=world.product().pk, section="timeline").json()
    assert part["subject"] == "Tab 1, Initial Guidance, “Timeline”"
    assert listed(world, "lead", "dissents/", red_flag="true") == [row["id"]]
    assert listed(world, "lead", "dissents/", submission=submission.pk) == [row["id"]]
    assert "submission" in fields(dissent(world, submission=999_999))
    hidden = Submission.objects.create(
        step=world.other.steps.get(number=1), number=1, ask="?", package_hash="0" * 64,
        submitted_by=world["outsider"], submitted_at=timezone.now(),
    )  # fmt: skip
    assert "submission" in fields(dissent(world, submission=hidden.pk))
    assert "fact" in fields(dissent(world, fact="assumptions:A-7"))
    both = dissent(world, submission=submission.pk, product=world.product().pk)
    assert "submission" in fields(both)


def test_a_dissent_is_joined_answered_and_ruled_on(world: World) -> None:
    key = dissent(world).json()["id"]
    joined = send(world, "member", f"dissents/{key}/cosign/")
    assert joined.status_code == 201, joined.content
    assert joined.json()["replies"][0]["by"] == world["member"].post
    assert send(world, "member", f"dissents/{key}/cosign/").status_code == 409
    assert send(world, "board", f"dissents/{key}/cosign/").status_code == 403
    left = send(world, "member", f"dissents/{key}/cosign/", "DELETE")
    assert left.status_code == 200
    assert left.json()["replies"][0]["withdrawn_at"] is not None
    assert send(world, "member", f"dissents/{key}/cosign/", "DELETE").status_code == 409
    assert Reply.objects.count() == 1
    assert "words" in fields(send(world, "lead", f"dissents/{key}/answer/", words=""))
    assert send(world, "member", f"dissents/{key}/answer/", words="No.").status_code == 403
    assert send(world, "lead", f"dissents/{key}/answer/", words="We wait.").status_code == 201
    rule = f"dissents/{key}/rule/"
    assert "ruling" in fields(send(world, "authority", rule, ruling="maybe", words="So."))
    assert "words" in fields(send(world, "authority", rule, ruling="sustained", words=""))
    assert send(world, "lead", rule, ruling="sustained", words="So.").status_code == 403
    ruled = send(world, "authority", rule, ruling="sustained", words="So.")
    assert ruled.status_code == 201, ruled.content
    shown = get(world, "board-io", f"dissents/{key}/").json()
    assert [(r["kind"], r["ruling"], r["words"]) for r in shown["replies"]] == [
        ("cosign", "", ""), ("answer", "", "We wait."), ("ruling", "sustained", "So."),
    ]  # fmt: skip
    assert ruled.json() == shown


# ---------- need to know


@pytest.fixture
def whole(world: World) -> World:
    """Country X with something of every kind."""
    world.write()
    world.submit()
    actions.add_due_out(effort=world.effort, text="Call.", origin=Origin.MEETING, by=world["board"])
    actions.delegate(
        effort=world.step().effort, holder=world["board"], role=Role.BOARD, to=world["usaid"],
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=1), why="Travels.",
        by=world["board"],
    )  # fmt: skip
    actions.enter_dissent(effort=world.effort, words="No.", by=world["board"])
    return world


def test_an_outsider_finds_nothing_and_changes_nothing(whole: World) -> None:
    due_out = f"due-outs/{DueOut.objects.get().pk}/"
    mandate = f"mandates/{Mandate.objects.get().pk}/"
    disputed = f"dissents/{whole.effort.dissents.get().pk}/"
    slug = {"effort": "country-x"}
    said = {"said_by": "1", "said_at": in_days(0), "words": "Go."}
    stand = slug | {"role": "board", "to": "1", "ends_at": in_days(1), "why": "So."}
    how = {"way": "majority", "quorum": 0, "silence_hours": 1, "due_at": None}
    acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("GET", step(whole, "gate/"), {}), ("GET", due_out, {}), ("GET", disputed, {}),
        ("PUT", step(whole, "how/"), how),
        ("POST", step(whole, "raise/"), {"user": "1", "organization": "cso"}),
        ("POST", step(whole, "lower/"), {}),
        ("POST", step(whole, "reopen/"), {"reason": "So."}),
        ("POST", step(whole, "verbal/"), said),
        ("POST", step(whole, "at-risk/"), {"why": "So."}),
        ("POST", step(whole, "remind/"), {}),
        ("POST", step(whole, "recuse/"), {"role": "board", "why": "So."}),
        ("POST", "efforts/country-x/crisis/", {"on": True, "why": "So."}),
        ("POST", "efforts/country-x/fork/", {"fork": "branch", "name": "Y", "why": "S", "at": 1}),
        ("POST", "mandates/", stand), ("POST", f"{mandate}end/", {}),
        ("POST", "due-outs/", slug | {"text": "Do.", "origin": "meeting"}),
        ("PATCH", due_out, {"owner": None}),
        ("POST", f"{due_out}settle/", {"evidence": "Done."}),
        ("POST", f"{due_out}reopen/", {"why": "So."}),
        ("POST", f"{disputed}cosign/", {}), ("DELETE", f"{disputed}cosign/", {}),
        ("POST", f"{disputed}answer/", {"words": "So."}),
        ("POST", f"{disputed}rule/", {"ruling": "sustained", "words": "So."}),
    )  # fmt: skip
    before = AuditEvent.objects.count()
    for who in ("outsider", "observer", "partner", "admin"):
        for method, address, body in acts:
            answer = send(whole, who, address, method, **body)
            assert answer.status_code == 404, (who, method, address)
    for method, address, body in acts:
        answer = Client().generic(method, f"{API}{address}", json.dumps(body), "application/json")
        assert answer.status_code == 401, (method, address)
    assert AuditEvent.objects.count() == before


def test_lists_hold_only_what_one_may_see(whole: World) -> None:
    for name in ("mandates/", "due-outs/", "dissents/"):
        assert len(listed(whole, "member", name)) == 1
        for who in ("outsider", "observer", "partner", "admin"):
            assert listed(whole, who, name) == [], (who, name)


def test_a_filter_tells_nothing_of_what_is_hidden(whole: World) -> None:
    for address, name, key in (
        ("mandates/", "holder", whole["board"].pk), ("mandates/", "step", whole.step().pk),
        ("due-outs/", "step", whole.step().pk), ("due-outs/", "owner", whole["lead"].pk),
        ("dissents/", "submission", Submission.objects.get().pk),
        ("renditions/", "submission", Submission.objects.get().pk),
    ):  # fmt: skip
        seen = get(whole, "outsider", address, **{name: key})
        absent = get(whole, "outsider", address, **{name: 999_999})
        assert seen.status_code == absent.status_code == 200
        assert seen.content == absent.content
        assert get(whole, "outsider", address, **{name: "x"}).status_code == 400


def _fill(world: World, rows: int) -> None:
    """``rows`` forks, mandates, due-outs and dissents of each kind."""
    submission = Submission.objects.select_related("step").get(number=1, step__effort=world.effort)
    effort = world.step().effort
    now = timezone.now()
    for number in range(rows):
        actions.fork_effort(
            effort=effort, kind=ForkKind.BRANCH, name=f"Fork {number}", why="So.", at=1,
            by=world["lead"],
        )  # fmt: skip
        actions.add_due_out(
            effort=effort, text=f"Do {number}.", origin=Origin.GUIDANCE, by=world["board"]
        )
        actions.delegate(
            effort=effort, holder=world["board"], role=Role.BOARD, to=world["usaid"],
            starts_at=now, ends_at=now + timedelta(days=1), why="So.", by=world["board"],
        )  # fmt: skip
        made = actions.enter_dissent(
            effort=effort, words=f"No {number}.", submission=submission, by=world["board"]
        )
        actions.cosign_dissent(dissent=made, by=world["member"])
        actions.enter_dissent(
            effort=effort, words="And no.", product=world.product(), by=world["member"]
        )


COSTS = {
    "efforts/": 3, "mandates/": 3, "due-outs/": 3, "dissents/": 4, "steps/": 3,
    "submissions/": 6, "decisions/": 3,
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 12])
def test_lists_cost_the_same_with_many_rows(whole: World, rows: int) -> None:
    whole.vote(Submission.objects.get(), "board-io")
    _fill(whole, rows)
    client = whole.client("member")

    def cost(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert ask().status_code == 200
        return len(caught)

    found = {a: cost(lambda a=a: client.get(f"{API}{a}")) for a in COSTS}
    assert found == COSTS


def test_the_schema_is_valid(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    schema = target.read_text()
    for name in ("/api/v1/due-outs/{id}/settle/", "/api/v1/steps/{id}/at-risk/"):
        assert name in schema
