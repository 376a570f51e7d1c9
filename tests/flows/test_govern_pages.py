"""The step's page, how a step is decided, and what is done ahead of time, by word, or again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core.models import Organization
from planning import actions, mandates
from planning.models import Mandate, Rendition, Step
from planning.vocabulary import ForkKind, MandateKind, Origin, Outcome, Role, StepStatus, Way
from planning.web import govern, steps
from tests.flows.test_query_counts import queries
from tests.world import World

EFFORT = "/efforts/country-x/"
HOUR = timedelta(hours=1)


def url(number: int = 1, act: str = "") -> str:
    """An address of a step."""
    return f"{EFFORT}steps/{number}/{act}"


def page(world: World, number: int = 1, who: str = "lead", act: str = "") -> str:
    """The text of the step's page."""
    answer = world.client(who).get(url(number, act))
    assert answer.status_code == 200
    return answer.content.decode()


def post(world: World, act: str, who: str = "lead", number: int = 1, **form: Any) -> Any:
    """Send a form of a step."""
    return world.client(who).post(url(number, f"{act}/"), form)


def settle(world: World, number: int = 1, **how: Any) -> None:
    """Settle how a step is decided, as the lead."""
    stands = {"way": Way.AUTHORITY, "quorum": 0, "silence_hours": 48, "due_at": None}
    actions.settle_step(step=world.step(number), by=world["lead"], **stands | how)


def section(text: str, head: str) -> str:
    """What stands below the heading with the id ``head``."""
    return text[text.index(f'id="{head}"') :].split("<h2", 1)[0]


def minute(at: Any) -> str:
    """A time as a form sends it."""
    return f"{at:%Y-%m-%dT%H:%M}"


# ---------- what the page says


def test_a_step_says_what_it_needs_owes_and_leaves(world: World) -> None:
    text = page(world, 4)
    framework = section(text, "framework")
    assert "An issued Policy Statement." in framework
    assert "Part II, Step 3" in framework
    assert "The USG Strategic Plan and the supporting plans are ready." in framework
    assert "Military forces" in framework
    assert "Inferred: from what" in framework  # the order of the tabs is
    owed = section(text, "owed")
    assert owed.count("Inferred: why here") == 4
    assert "Annex D, Tab 6" in owed
    places = [owed.index(f"products/tab-0{n}/") for n in (6, 7, 8, 9)]
    assert places == sorted(places)


def test_what_the_team_started_besides_has_no_basis(world: World) -> None:
    made = actions.start_product(
        effort=world.effort, format="minutes", by=world["lead"], name="One"
    )  # fmt: skip
    owed = section(page(world, made.step.number), "owed")
    assert owed.count("The team started it besides.") == 1


def test_step_0_has_no_gate(world: World) -> None:
    text = page(world, 0)
    assert "has no gate" in text
    assert 'id="how"' not in text
    assert 'id="record"' not in text


def test_the_gate_counts_its_findings(world: World) -> None:
    gate = section(page(world), "gate")
    assert "8 checks passed, 4 findings" in gate
    assert gate.count("Mend it") == 4
    assert "<details" not in gate
    world.write()
    assert "9 checks passed" in section(page(world), "gate")
    assert "Nothing objects." in section(page(world), "gate")


def test_a_long_list_of_findings_is_folded(world: World) -> None:
    world.approve(1)
    gate = section(page(world, 2), "gate")
    shown, folded = gate.split("<details", 1)
    assert shown.count("Mend it") == 6
    assert f"And {folded.count('Mend it')} more" in folded
    assert folded.count("Mend it") > 6
    refused = post(world, "submit", number=2, ask="Go.").content.decode()
    assert '<details class="second-step" open><summary>And' in refused


def test_how_it_is_decided(world: World) -> None:
    settle(world, way=Way.MAJORITY, quorum=3, due_at=timezone.now() + HOUR)
    text = section(page(world, who="board"), "how")
    assert Way.MAJORITY.label in text
    assert Way.MAJORITY.rule in text
    assert "3 seats" in text
    assert world["authority"].post in text
    assert f"{EFFORT}mandates/" in text
    assert "how/" not in text  # the board does not settle it
    assert url(1, "how/") in section(page(world), "how")


def test_the_level_and_who_stands_in(world: World) -> None:
    body = Organization.objects.filter(is_active=True).latest("pk")
    actions.raise_step(
        step=world.step(), user=world["africom"], organization=body, by=world["lead"]
    )
    Mandate.objects.create(
        effort=world.effort, kind=MandateKind.DELEGATION, role=Role.AUTHORITY,
        holder=world["africom"], delegate=world["alternate"], why="Away.",
        starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR,
        given_by=world["africom"], given_at=timezone.now(),
    )  # fmt: skip
    text = section(page(world), "how")
    assert body.name in text
    assert world["authority"].post not in text
    assert f"{world['alternate'].post}, on behalf of the {world['africom'].post}" in text


def test_a_pending_package_keeps_its_way(world: World) -> None:
    world.write()
    world.submit()
    Step.objects.filter(pk=world.step().pk).update(way=Way.UNANIMITY)
    assert Way.AUTHORITY.rule in section(page(world), "how")


# ---------- submit


def test_a_part_goes_as_an_interim_decision(world: World) -> None:
    for number in (1, 2, 3):
        world.approve(number)
    world.owe(4)
    text = page(world, 4)
    assert "interim decision; the gate stays" in text
    assert re.findall(r'name="products" value="([\w-]+)" checked', text) == [
        "tab-06", "tab-07", "tab-08", "tab-09",
    ]  # fmt: skip
    answer = post(world, "submit", number=4, ask="Examine.", choice="yes", products=["tab-06"])
    assert answer["Location"] == url(4, "board/")
    submission = world.step(4).submissions.get()
    assert submission.interim
    assert [i.version.product.key for i in submission.items.all()] == ["tab-06"]
    assert "An interim decision" in page(world, 4)
    world.decide(submission)
    text = page(world, 4)
    assert "Submission 1, interim: Examine." in text
    assert 'href="/efforts/country-x/products/tab-06/versions/1/"' in section(text, "owed")


def test_a_refused_gate_keeps_what_was_typed(world: World) -> None:
    for number in (1, 2, 3):
        world.approve(number)
    world.owe(4)
    answer = post(world, "submit", number=4, ask="Decide.", choice="yes", products=["tab-07"])
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Decide.</textarea>" in text
    assert re.findall(r'name="products" value="([\w-]+)" checked', text) == ["tab-07"]
    assert "Tab 7 waits for Tab 6" in section(text, "gate")
    assert world.step(4).status == StepStatus.OPEN


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ({"ask": " "}, "#ask"),
        ({"ask": "Go.", "choice": "yes"}, "#choice-1"),
        ({"ask": "Go.", "choice": "yes", "products": "tab-99"}, "#choice-1"),
        ({"ask": "Go.", "silence_until": "soon"}, "#silence_until"),
        ({"ask": "Go.", "silence_until": "2020-01-01T00:00"}, "#silence_until"),
    ],
)
def test_refused_input_is_said_at_its_field(world: World, form: dict[str, str], link: str) -> None:
    world.approve(1)
    world.owe(2)
    settle(world, 2, way=Way.SILENCE)
    answer = post(world, "submit", number=2, **form)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="{link}"' in text
    assert f'id="{link[1:]}"' in text
    assert form["ask"].strip() in section(text, "gate")
    assert form.get("silence_until", "") in section(text, "gate")
    assert not world.step(2).submissions.exists()


def test_the_deadline_of_a_silence(world: World) -> None:
    world.write()
    assert "silence_until" not in page(world)
    settle(world, way=Way.SILENCE, silence_hours=7)
    assert "the silence lasts 7 hours" in page(world)
    until = timezone.now() + 30 * HOUR
    post(world, "submit", ask="Go.", silence_until=minute(until))
    found = world.step().submissions.get().silence_until
    assert found is not None
    assert minute(found) == minute(until)


def test_step_5_decides_each_update(world: World) -> None:
    for number in (1, 2, 3, 4):
        world.approve(number)
    world.ready(5)
    assert "This step stays open: decide each situation update by itself." in page(world, 5)
    world.decide(world.submit(5))
    text = page(world, 5)
    assert world.step(5).status == StepStatus.OPEN
    assert "Submission 1, interim:" in text
    assert "Submit to the board" in text


@pytest.mark.parametrize("who", ["member", "board", "authority", "alternate"])
def test_who_does_not_submit_sees_no_form(world: World, who: str) -> None:
    assert "Submit to the board" not in page(world, who=who)
    assert post(world, "submit", who, ask="Go.").status_code == 403


# ---------- the decision record


def test_the_record_of_a_decision(world: World) -> None:
    world.write()
    submission = world.submit()
    world.vote(submission, "board", "nonconcur")
    world.vote(submission, "board-io")
    actions.recuse(step=world.step(), role=Role.BOARD, why="My sister.", by=world["board-af"])
    world.decide(submission, Outcome.APPROVE_CONDITIONS, conditions="One.\nTwo.", guidance="Three.")
    one = world.effort.due_outs.get(number=1)
    actions.settle_due_out(due_out=one, evidence="Seen.", by=world["lead"])
    record = section(page(world), "record")
    assert "1 concurs, 1 nonconcurs, 2 out, 1 recused" in record
    assert "A reason." in record
    assert "recused (My sister.)" in record
    assert f"by the {world['authority'].post}" in record
    assert Way.AUTHORITY.label in record
    for number, state in ((1, "Done"), (2, "Open"), (3, "Open")):
        row = record[record.index(f"due-outs/#do-{number}") :].split("</dd>")[0]
        assert state in row
    memo = Rendition.objects.get(submission=submission)
    assert f'id="rendition-{memo.pk}"' in record


def test_votes_of_a_withdrawn_submission_stay(world: World) -> None:
    world.write()
    world.vote(world.submit(), "board", "nonconcur")
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    record = section(page(world), "record")
    assert "Withdrawn before a decision" in record
    assert f"<b>{world['board'].post}</b>: Nonconcur" in record
    assert "A reason." in record


def test_what_is_still_owed_leads_to_its_place(world: World) -> None:
    world.write()
    world.decide(world.submit(), Outcome.APPROVE_CONDITIONS, conditions="Tell them.")
    actions.reopen_step(step=world.step(), reason="New facts.", by=world["authority"])
    condition, flag = world.due_out(Origin.CONDITION), world.due_out(Origin.REOPENED)
    owing = section(page(world), "owing")
    assert f"due-outs/#do-{condition.number}" in owing
    assert "Tell them." in owing
    assert "Step 2 rests on it" not in owing
    assert f"due-outs/#do-{flag.number}" in section(page(world, 2), "owing")


def test_an_inherited_step_says_where_it_comes_from(world: World) -> None:
    world.approve(1)
    made = actions.fork_effort(
        effort=world.effort, kind=ForkKind.BRANCH, name="Branch", why="Another way.", at=2,
        by=world["lead"],
    )  # fmt: skip
    path = f"/efforts/{made.slug}/steps"
    text = world.client("lead").get(f"{path}/1/").content.decode()
    assert f'Taken over from <a href="{url(1)}">Country X</a>' in text
    assert "Initial Guidance" in section(text, "files")
    assert "Taken over" not in world.client("lead").get(f"{path}/2/").content.decode()
    row = world.effort.memberships.get(user=world["member"])
    actions.remove_member(membership=row, by=world["lead"])
    text = world.client("member").get(f"{path}/1/").content.decode()
    assert "Taken over from the effort it was forked from" in text
    assert url(1) not in text


# ---------- how it is decided


def how(**changed: Any) -> dict[str, Any]:
    """The form as it stands, with what is ``changed``."""
    return {"way": "authority", "quorum": "0", "silence_hours": "48", "due_at": ""} | changed


@pytest.mark.parametrize("who", ["lead", "authority"])
def test_settle_how_a_step_is_decided(world: World, who: str) -> None:
    text = page(world, 2, who, "how/")
    for way in Way:
        assert way.rule in text
    assert re.search(r'value="authority"[^>]* checked', text)
    sent = how(way="majority", quorum="3", silence_hours="5", due_at="2030-01-02T03:04")
    answer = post(world, "how", who, 2, **sent)
    assert answer["Location"] == url(2)
    found = world.step(2)
    assert (found.way, found.quorum, found.silence_hours) == (Way.MAJORITY, 3, 5)
    assert found.due_at is not None
    assert minute(found.due_at) == "2030-01-02T03:04"
    text = page(world, 2, who, "how/")
    assert re.search(r'value="majority"[^>]* checked', text)
    assert 'value="2030-01-02T03:04"' in text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"way": "lot"}, "way"), ({"way": ""}, "way"), ({"quorum": "-1"}, "quorum"),
        ({"quorum": "100"}, "quorum"), ({"quorum": ""}, "quorum"),
        ({"silence_hours": "0"}, "silence_hours"), ({"silence_hours": "x"}, "silence_hours"),
        ({"due_at": "soon"}, "due_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_settled_is_said(world: World, form: dict[str, str], field: str) -> None:
    answer = post(world, "how", **how(quorum="77") | form)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in text
    assert f'id="id_{field}-error"' in text
    assert "Ensure this value" not in text
    assert form.get("quorum", "77") in text
    assert world.step().quorum == 0


def test_raise_and_give_back(world: World) -> None:
    body = Organization.objects.filter(is_active=True).latest("pk")
    form = {"user": world["africom"].pk, "organization": body.pk}
    answer = post(world, "raise", number=2, **form)
    assert answer["Location"] == url(2, "how/")
    assert mandates.bench(world.step(2)).level == body.name
    assert mandates.bench(world.step(1)).level == ""
    text = page(world, 2, act="how/")
    assert f"{world['africom'].post}, for the {body.name}" in text
    again = post(world, "raise", number=2, **form)
    assert again.status_code == 400
    assert "decides Step 2 already" in again.content.decode()
    assert post(world, "lower", number=2)["Location"] == url(2, "how/")
    assert mandates.bench(world.step(2)).level == ""
    assert "Yes, give Step 2 back" not in page(world, 2, act="how/")
    assert post(world, "lower", number=2).status_code == 409


@pytest.mark.parametrize("form", [{}, {"user": "0", "organization": "0"}, {"user": "x"}])
def test_a_level_needs_somebody_and_a_body(world: World, form: dict[str, str]) -> None:
    answer = post(world, "raise", **form)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_user"' in text
    assert 'href="#id_organization"' in text
    assert mandates.bench(world.step()).level == ""


# ---------- again, at risk, by word


def test_reopen(world: World) -> None:
    world.approve(1)
    assert "Reopen the step" not in page(world)
    assert "Yes, reopen Step 1" in page(world, who="authority")
    refused = post(world, "reopen", "authority", reason=" ")
    assert refused.status_code == 400
    assert 'href="#reason"' in refused.content.decode()
    answer = post(world, "reopen", "authority", reason="The Envoy left.")
    assert answer["Location"] == url()
    assert (world.step().cycle, world.step().status) == (2, StepStatus.OPEN)
    text = page(world)
    assert "Cycle 2, reopened" in text
    assert "The Envoy left." in text
    assert url(1, "cycles/") in text
    late = post(world, "reopen", "authority", reason="Once more.")
    assert late.status_code == 409
    assert "You wrote: Once more." in late.content.decode()
    assert world.step().cycle == 2


def test_whoever_does_not_decide_the_step_does_not_reopen_it(world: World) -> None:
    body = Organization.objects.filter(is_active=True).latest("pk")
    world.approve(1)
    world.owe(2)
    actions.raise_step(
        step=world.step(2), user=world["africom"], organization=body, by=world["lead"]
    )
    assert "Yes, reopen Step 1" not in page(world, who="africom")
    assert post(world, "reopen", "africom", reason="I want to.").status_code == 403
    assert "Yes, reopen Step 1" in page(world, who="authority")


def test_start_a_locked_step_at_risk(world: World) -> None:
    assert "Start it at risk" not in page(world, 2, "member")
    assert "Yes, start Step 2 at risk" in page(world, 2)
    refused = post(world, "at-risk", number=2, why=" ")
    assert refused.status_code == 400
    assert 'href="#why"' in refused.content.decode()
    far = post(world, "at-risk", number=3, why="No time.")
    assert far.status_code == 409
    assert "No time.</textarea>" in far.content.decode()
    assert world.step(3).status == StepStatus.LOCKED
    answer = post(world, "at-risk", number=2, why="The rains begin.")
    assert answer["Location"] == url(2)
    assert world.step(2).status == StepStatus.OPEN
    assert "The rains begin." in section(page(world, 2), "owing")
    late = post(world, "at-risk", number=2, why="Again.")
    assert late.status_code == 409
    assert "You wrote: Again." in late.content.decode()


def said(world: World, **changed: Any) -> dict[str, Any]:
    """A verbal approval of this minute, as the room sends it."""
    return {
        "said_by": world["authority"].pk, "said_at": minute(timezone.now()), "words": "By phone: go.",
    } | changed  # fmt: skip


def test_record_a_verbal_approval(world: World) -> None:
    world.write()
    world.submit()
    answer = post(world, "verbal", **said(world))  # a form knows no seconds
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == url(1, "board/")
    debt = world.due_out(Origin.VERBAL)
    assert debt.detail["words"] == "By phone: go."
    assert world.step(2).status == StepStatus.OPEN
    assert post(world, "verbal", **said(world)).status_code == 409


@pytest.mark.parametrize(
    "changed",
    [
        {"said_at": ""}, {"said_at": "noon"}, {"said_at": "2020-01-01T00:00"},
        {"said_at": "2100-01-01T00:00"}, {"said_by": ""}, {"said_by": "0"}, {"said_by": "board"},
        {"words": " "},
    ],
)  # fmt: skip
def test_what_was_not_said_is_not_recorded(world: World, changed: dict[str, str]) -> None:
    world.write()
    world.submit()
    if changed.get("said_by") == "board":
        changed = {"said_by": str(world["board"].pk)}
    answer = post(world, "verbal", **said(world, **changed))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert changed.get("words", "By phone: go.").strip() in text
    assert not world.effort.due_outs.exists()
    assert world.step(2).status == StepStatus.LOCKED


def test_remind(world: World) -> None:
    world.write()
    submission = world.submit()
    world.vote(submission, "board")
    answer = post(world, "remind", seat=world["board-io"].pk)
    assert answer["Location"] == url(1, "board/")
    again = post(world, "remind", seat=world["board-io"].pk)
    assert again.status_code == 409  # a moment ago
    assert post(world, "remind", seat=world["board"].pk).status_code == 409  # has voted
    assert post(world, "remind", seat="0").status_code == 400
    assert post(world, "remind", "authority").status_code == 302


# ---------- who may, when, and under lock

ACTS = {
    "how": ("open", {"lead", "authority"}),
    "raise": ("open", {"lead", "authority"}),
    "lower": ("open", {"lead", "authority"}),
    "reopen": ("approved", {"authority"}),
    "verbal": ("submitted", {"lead"}),
    "remind": ("submitted", {"lead", "authority"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_may(world: World, act: str) -> None:
    state, may = ACTS[act]
    world.reach(state)
    for who in ("lead", "member", "board", "authority", "alternate"):
        answer = post(world, act, who, **how() if act == "how" else {})
        assert (answer.status_code != 403) == (who in may), (who, answer.status_code)
    assert post(world, act, "outsider").status_code == 404
    assert world.client("lead").get(url(9)).status_code == 404


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("how", "submitted"), ("raise", "submitted"), ("lower", "submitted"), ("reopen", "open"),
        ("verbal", "open"), ("remind", "open"), ("at-risk", "open"),
    ],
)  # fmt: skip
def test_not_in_this_state(world: World, act: str, state: str) -> None:
    world.reach(state)
    who = "authority" if act == "reopen" else "lead"
    assert post(world, act, who, reason="Why.", why="Why.").status_code == 409
    assert world.step().status == state


@pytest.mark.parametrize(
    "act", ["submit", "how", "raise", "lower", "reopen", "verbal", "at-risk", "remind"]
)
def test_every_act_locks_its_step(world: World, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = []
    module = steps if act == "submit" else govern
    fetch = module.access_step

    def watched(*args: Any, **kwargs: Any) -> Step:
        locks.append(kwargs.get("lock", False))
        return fetch(*args, **kwargs)

    monkeypatch.setattr(module, "access_step", watched)
    post(world, act)
    assert locks[0] is True


# ---------- queries


@pytest.mark.parametrize("rows", [1, 8])
def test_queries(world: World, rows: int) -> None:
    """Of them two for the session and the person."""
    client = world.client("lead")
    assert queries(lambda: client.get(url())) == 10
    world.write()
    for number in range(rows):
        for who in ("board", "board-io"):
            actions.enter_dissent(effort=world.effort, words=f"No {number}.", by=world[who])
        submission = world.submit()
        for who in ("board", "board-io", "board-af"):
            world.vote(submission, who, "nonconcur")
        guidance = "\n".join(f"Line {n}." for n in range(rows))
        world.decide(submission, Outcome.RETURN, guidance=guidance)
    assert queries(lambda: client.get(url())) == 12
    world.vote(world.submit(), "board")
    assert queries(lambda: client.get(url())) == 13  # the votes of what is not decided
    world.decide(world.step().submissions.get(status="pending"))
    assert queries(lambda: client.get(url())) == 11
    assert queries(lambda: client.get(url(1, "how/"))) == 9
    actions.reopen_step(step=world.step(), reason="New.", by=world["authority"])
    assert queries(lambda: client.get(url())) == 13
