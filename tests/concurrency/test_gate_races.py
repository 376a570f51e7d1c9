"""A gate under load on a real PostgreSQL, through HTTP: who decides it, on what, in which order.

Every race returns what went wrong. Where one side must wait for the other, the race is also run
with that side slowed at its worst place: with the guard on it stays right, with the guard off it
must go wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from mapro.core.models import AuditEvent, Organization
from planning import actions, mandates
from planning.actions import decide as decide_module
from planning.models import Decision, Vote
from planning.vocabulary import Outcome, Role
from tests.concurrency.gate import RACES, Gate, expect, run, stand_in
from tests.concurrency.racing import Crew, Slow, at_once, crew, meet, unconditional, unlocked
from tests.world import World

pytestmark = pytest.mark.postgres
STAND_INS = ("member", "country-team", "board-af", "board-io", "alternate")
DECIDED = ("step.approved", "step.returned")

# ---------- eight people decide one gate


def eight(world: World, which: int) -> None:
    """Three authorities and five who stand in for one of them: of the effort, or, in every other
    effort, of a higher level that decides this step alone."""
    higher = Organization.objects.get(code="deputies-committee")
    holders = ("dc", "africom", "usaid") if which % 2 else ("authority", "africom", "usaid")
    for who in holders:
        if which % 2:
            actions.raise_step(
                step=world.step(), user=world[who], organization=higher, by=world["lead"]
            )
        elif who != "authority":
            actions.add_member(
                effort=world.effort, user=world[who], role=Role.AUTHORITY, by=world["lead"]
            )
    for who in STAND_INS:
        stand_in(world, holders[0], who)


def eight_decide(gate: Gate, threads: Crew) -> list[str]:
    """Four approve and four return, over pages and the API, all at once."""
    found = mandates.bench(gate.world.step())
    keys = {user.pk: key for key, user in gate.world.people.items()}
    who = [keys[d.user.pk] for d in found.deciders]
    acts = [
        gate.decide(one, Outcome.APPROVE if n % 2 else Outcome.RETURN, api=n % 4 < 2)
        for n, one in enumerate(who)
    ]
    answers = Counter(threads(*gate.shuffled(acts)))
    wrong = [f"{len(who)} may decide"] if len(who) != 8 else []
    if answers[302] != 1 or set(answers) - {302, 403, 409}:
        wrong.append(f"answers {answers}")
    decisions = list(Decision.objects.filter(submission=gate.submission))
    events = [code for code in gate.codes if code in DECIDED]
    if len(decisions) != 1 or len(events) != 1:
        return [*wrong, f"{len(decisions)} decisions, {events}"]
    decision, step = decisions[0], gate.world.step()
    event = AuditEvent.objects.filter(code__in=DECIDED).latest("pk")
    status = "approved" if decision.result.approves else "returned"
    if (event.code, step.status, event.actor_id) != (
        f"step.{status}", status, decision.decided_by_id,
    ):  # fmt: skip
        wrong.append(f"decided {decision.outcome}, recorded {event.code}, step {step.status}")
    return wrong


def test_eight_approvers_at_each_gate(live_world: World, tell: Counter[str]) -> None:
    run(live_world, eight_decide, RACES, 8, settle=eight)
    decisions = Decision.objects.all()
    tell["gates"] = RACES
    tell["by a delegate"] = decisions.exclude(on_behalf_of=None).count()
    tell["at a higher level"] = decisions.exclude(body="").count()
    tell["approved"] = decisions.filter(outcome=Outcome.APPROVE).count()
    assert decisions.count() == RACES


def eight_meet(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Eight decide after all of them found the package pending."""
    gate = Gate(world, eight).ready()
    meet(monkeypatch, decide_module, "pending", 8)
    with crew(8) as threads:
        return eight_decide(gate, threads)


@pytest.mark.parametrize("off", [unlocked, unconditional])
def test_either_guard_alone_gives_one_decision(
    live_world: World, monkeypatch: pytest.MonkeyPatch, off: Callable[[pytest.MonkeyPatch], None]
) -> None:
    off(monkeypatch)
    assert eight_meet(live_world, monkeypatch) == []


def test_eight_approvers_go_wrong_without_both_guards(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked(monkeypatch)
    unconditional(monkeypatch)
    expect(eight_meet(live_world, monkeypatch), False, "500: 7")


# ---------- a text is changed while it is approved


def edit_against_approve(gate: Gate, threads: Crew) -> list[str]:
    """A member saves while the authority approves."""
    return judge_edit(
        gate, *threads(gate.late(gate.save()), gate.late(gate.decide("authority")))
    )  # fmt: skip


def judge_edit(gate: Gate, saved: Any, decided: Any) -> list[str]:
    """What an edit and an approval that met made of the package."""
    wrong = []
    if saved != 200 or decided not in {302, 409}:
        wrong.append(f"answers {saved}, {decided}")
    codes = gate.codes
    if ("step.approved" in codes) != (decided == 302) or codes.count("section.saved") != 1:
        wrong.append(f"answered {decided}, recorded {codes}")
    if decided == 302:
        if codes.index("step.approved") > codes.index("section.saved"):
            wrong.append(f"approved after the text had changed: {codes}")
        version = gate.world.product().approved_version
        shown = gate.submission.items.get().version
        if version is None or (version.pk, version.sha256) != (shown.pk, shown.sha256):
            wrong.append("approved what was not in the package")
        elif f"Text {gate.number}." in str(version.snapshot):
            wrong.append("the approved text is the new one")
    return wrong


def test_no_text_is_approved_that_was_not_shown(live_world: World, tell: Counter[str]) -> None:
    run(live_world, edit_against_approve, RACES, 2)
    tell["edits against approvals"] = RACES
    tell["approved first"] = Decision.objects.count()


@pytest.mark.parametrize("guarded", [True, False])
def test_a_save_waits_for_the_approval(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The authority stands between the comparison of the drafts and the decision."""
    gate = Gate(live_world).ready()
    if not guarded:
        read = decide_module.drafts_of
        monkeypatch.setattr(decide_module, "drafts_of", lambda rows, lock=False: read(rows))
    slow = Slow().at(monkeypatch, decide_module, "drafts_of")
    decided, saved = at_once(gate.decide("authority"), slow.meanwhile(gate.save()))
    expect(judge_edit(gate, saved, decided), guarded, "approved after the text had changed")


# ---------- a vote comes while the package is withdrawn


def voters(world: World, which: int) -> None:
    """The Country Team votes for a member of the board who is away."""
    stand_in(world, "board-io", "country-team", Role.BOARD)


VOTERS = ("board", "board-af", "country-team")


def vote_against_withdrawal(gate: Gate, threads: Crew) -> list[str]:
    """Two members of the board and a substitute vote while the lead withdraws."""
    votes = [gate.late(gate.send(who, "vote", position="concur")) for who in VOTERS]
    withdrawn, *cast = threads(gate.late(gate.send("lead", "withdraw")), *votes)
    return judge_votes(gate, withdrawn, cast)


def judge_votes(gate: Gate, withdrawn: Any, cast: list[Any]) -> list[str]:
    """Which votes are on record, and whether each came before the withdrawal."""
    wrong = []
    if withdrawn != 302 or set(cast) - {302, 409}:
        wrong.append(f"answers {withdrawn}, {cast}")
    codes = gate.codes
    if codes[codes.index("step.withdrawn") :] != ["step.withdrawn"]:
        wrong.append(f"voted on a package that was withdrawn: {codes}")
    stand = Vote.objects.filter(submission=gate.submission).count()
    if not stand == codes.count("vote.cast") == cast.count(302):
        wrong.append(f"{stand} votes stand, answers {cast}, recorded {codes}")
    return wrong


def test_no_vote_on_a_withdrawn_package(live_world: World, tell: Counter[str]) -> None:
    run(live_world, vote_against_withdrawal, RACES, 4, settle=voters)
    tell["withdrawals against three votes"] = RACES
    tell["votes in time"] = Vote.objects.count()


@pytest.mark.parametrize("guarded", [True, False])
def test_a_withdrawal_waits_for_the_vote(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The board member stands between finding the package pending and voting."""
    gate = Gate(live_world, voters).ready()
    if not guarded:
        unlocked(monkeypatch)
    slow = Slow().at(monkeypatch, mandates, "seat_of")
    cast, withdrawn = at_once(
        gate.send("board", "vote", position="concur"),
        slow.meanwhile(gate.send("lead", "withdraw")),
    )
    expect(judge_votes(gate, withdrawn, [cast]), guarded, "voted on a package that was withdrawn")
