"""The gates under load on a real PostgreSQL, through HTTP: who decides, what, and in which order.

Every race returns what went wrong. Where one side must wait for the other, the race is also run
with that side slowed at its worst place: with the guard on it stays right, with the guard off it
must go wrong.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mapro.core import audit
from mapro.core.models import AuditEvent, Organization
from planning import actions, mandates, scenario
from planning.actions import decide as decide_module
from planning.actions import mandate as mandate_module
from planning.models import Decision, Mandate, Submission, Vote
from planning.vocabulary import Outcome, Role
from tests.concurrency.racing import (
    Act,
    Crew,
    Slow,
    at_once,
    browser,
    crew,
    meet,
    unconditional,
    unlocked,
)
from tests.world import SCRIPT, World

pytestmark = pytest.mark.postgres
FULL = bool(os.environ.get("MAPRO_FULL"))
GATES = RACES = 1_000 if FULL else 8
PER_EFFORT = (
    20 if FULL else 4
)  # gates of one effort, so that what its decisions leave behind stays small
STAND_INS = ("member", "country-team", "board-af", "board-io", "alternate")
DECIDED = ("step.approved", "step.returned")
JITTER = 0.03  # seconds by which one side of a race may start later
Race = Callable[["Gate", Crew], list[str]]


@pytest.fixture(autouse=True)
def _real_database(live_world: World) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.fail("The races need PostgreSQL; bin/test gives them one.")
    yield


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Iterator[Counter[str]]:
    """Count what happened; the counts are printed with the time that it took."""
    counts: Counter[str] = Counter()
    began = time.monotonic()
    yield counts
    with capsys.disabled():
        found = ", ".join(f"{word} {n}" for word, n in sorted(counts.items()))
        print(f"\n  {found}; {time.monotonic() - began:.0f} s", end="")


class Gate:
    """Step 1 of an effort with a package before the board, made ready again for each race.

    ``settle`` names who decides it, once per effort.
    """

    def __init__(self, world: World, settle: Callable[[World, int], None] | None = None) -> None:
        self.world, self.number = world, -1
        self._settle = settle
        self._random = random.Random(20)  # noqa: S311 - the same races in each run

    def ready(self) -> Gate:
        """A new package before the board; every so often in a new effort."""
        self.number += 1
        world = self.world
        if self.number % PER_EFFORT == 0:
            world.effort = scenario.stage(SCRIPT, world.people)
            world.write()
            if self._settle is not None:
                self._settle(world, self.number // PER_EFFORT)
        step = world.step()
        if step.status == "submitted":
            actions.withdraw_submission(step=step, by=world["lead"])
        elif step.status == "approved":
            actions.reopen_step(step=step, reason="Once more.", by=world["authority"])
        self.submission: Submission = world.submit(ask=f"Approve, race {self.number}.")
        self.began = AuditEvent.objects.latest("pk").pk
        return self

    @property
    def codes(self) -> list[str]:
        """What was recorded in the effort since the package came, in the order of the chain."""
        rows = AuditEvent.objects.filter(
            pk__gt=self.began, stream=audit.stream_of(self.world.effort.pk)
        )
        return list(rows.order_by("seq").values_list("code", flat=True))

    def send(self, who: str, verb: str, *, api: bool = False, **form: Any) -> Act:
        """A POST on the step; gives the status, and 302 for what the API answers with 2xx."""
        client = browser(self.world, who)
        step = self.submission.step
        page = f"/efforts/{self.world.effort.slug}/steps/1/{verb}/"
        address = f"/api/v1/steps/{step.pk}/{verb}/" if api else page
        form |= {"package_hash": self.submission.package_hash}
        if api:
            return lambda: _plain(client.post(address, form, "application/json").status_code)
        return lambda: _plain(client.post(address, form | {"read": "yes"}).status_code)

    def decide(self, who: str, outcome: Outcome = Outcome.APPROVE, *, api: bool = True) -> Act:
        """A decision of ``who``."""
        return self.send(who, "decide", api=api, outcome=str(outcome), guidance="More of it.")

    def save(self) -> Act:
        """The member saves the section that the board reads."""
        client = browser(self.world, "member")
        address = f"/efforts/{self.world.effort.slug}/products/tab-01/sections/purpose/"
        form = {
            "body": f"<p>Text {self.number}.</p>", "revision": self.world.section().revision,
            "format": "html",
        }  # fmt: skip
        return lambda: client.post(address, form, headers={"X-Autosave": "1"}).status_code

    def late(self, act: Act) -> Act:
        """``act``, a little later or not, so that either side comes first."""
        wait = self._random.choice((0.0, self._random.random() * JITTER))

        def wait_and_act() -> Any:
            time.sleep(wait)
            return act()

        return wait_and_act

    def shuffled(self, acts: list[Act]) -> list[Act]:
        """The acts in any order: threads that start first win more often."""
        self._random.shuffle(acts)
        return acts


def _plain(status: int) -> int:
    return 302 if status in {200, 201} else status


def expect(found: list[str], guarded: bool, trouble: str) -> None:
    """With the guard on nothing may go wrong; with the guard off that very trouble must come."""
    if guarded:
        assert found == []
    else:
        assert any(trouble in one for one in found), found


def run(world: World, race: Race, rounds: int, size: int, **more: Any) -> None:
    """Run a race ``rounds`` times; nothing may go wrong, and every chain must hold at the end."""
    gate = Gate(world, **more)
    with crew(size) as threads:
        for _ in range(rounds):
            assert race(gate.ready(), threads) == [], f"race {gate.number}"
    assert not list(audit.verify())


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


def stand_in(world: World, holder: str, who: str, role: Role = Role.AUTHORITY) -> Mandate:
    """``who`` stands in for ``holder`` from now on."""
    now = timezone.now()
    world.effort.__dict__.pop("_members", None)
    return actions.delegate(
        effort=world.effort, holder=world[holder], role=role, to=world[who],
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=7), why="On travel.",
        by=world[holder],
    )  # fmt: skip


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
    run(live_world, eight_decide, GATES, 8, settle=eight)
    decisions = Decision.objects.all()
    tell["gates"] = GATES
    tell["by a delegate"] = decisions.exclude(on_behalf_of=None).count()
    tell["at a higher level"] = decisions.exclude(body="").count()
    tell["approved"] = decisions.filter(outcome=Outcome.APPROVE).count()
    assert decisions.count() == GATES


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


# ---------- who delegates, and who stands in


def both_decide(gate: Gate, threads: Crew) -> list[str]:
    """The authority and the delegate decide at once."""
    answers = threads(
        gate.late(gate.decide("authority")),
        gate.late(gate.decide("alternate", Outcome.RETURN, api=False)),
    )  # fmt: skip
    return judge_both(gate, answers)


def judge_both(gate: Gate, answers: list[Any]) -> list[str]:
    """Whether one of the two decided, in its own name or for the other."""
    wrong = []
    answers = sorted(answers, key=str)
    if answers != [302, 409]:
        wrong.append(f"answers {answers}")
    found = list(Decision.objects.filter(submission=gate.submission))
    if len(found) != 1 or len(set(gate.codes) & set(DECIDED)) != 1:
        return [*wrong, f"{len(found)} decisions, recorded {gate.codes}"]
    people = gate.world.people
    by = found[0].decided_by, found[0].on_behalf_of
    if by not in {(people["authority"], None), (people["alternate"], people["authority"])}:
        wrong.append(f"decided by {by}")
    return wrong


def one_delegate(world: World, which: int) -> None:
    """The alternate stands in for the authority."""
    stand_in(world, "authority", "alternate")


def test_delegate_and_delegator_decide_once(live_world: World, tell: Counter[str]) -> None:
    run(live_world, both_decide, RACES, 2, settle=one_delegate)
    tell["delegate against delegator"] = RACES
    tell["by the delegate"] = Decision.objects.exclude(on_behalf_of=None).count()


@pytest.mark.parametrize("guarded", [True, False])
def test_delegate_and_delegator_meet(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    gate = Gate(live_world, one_delegate).ready()
    if not guarded:
        unlocked(monkeypatch)
        unconditional(monkeypatch)
    meet(monkeypatch, decide_module, "pending")
    with crew(2) as threads:
        expect(both_decide(gate, threads), guarded, "answers [302, 500]")


def end(gate: Gate, mandate: Mandate) -> Act:
    """The authority ends the delegation."""
    client = browser(gate.world, "authority")
    address = f"/efforts/{gate.world.effort.slug}/mandates/{mandate.pk}/end/"
    return lambda: client.post(address).status_code


def end_against_decide(gate: Gate, threads: Crew) -> list[str]:
    """The authority takes the delegation back while the delegate decides."""
    mandate = stand_in(gate.world, "authority", "alternate")
    return judge_end(
        gate, *threads(gate.late(end(gate, mandate)), gate.late(gate.decide("alternate")))
    )  # fmt: skip


def judge_end(gate: Gate, ended: Any, decided: Any) -> list[str]:
    """Whether the delegate decided, if at all, before the delegation ended."""
    wrong = []
    if ended != 302 or decided not in {302, 403}:
        wrong.append(f"answers {ended}, {decided}")
    codes = gate.codes
    if decided == 302 and codes.index("step.approved") > codes.index("mandate.ended"):
        wrong.append(f"decided after the delegation had ended: {codes}")
    made = Decision.objects.filter(submission=gate.submission).count()
    if not made == codes.count("step.approved") == int(decided == 302):
        wrong.append(f"{made} decisions, answered {decided}, recorded {codes}")
    return wrong


def test_no_decision_after_the_delegation_ended(live_world: World, tell: Counter[str]) -> None:
    run(live_world, end_against_decide, RACES, 2)
    tell["ends against decisions"] = RACES
    tell["decided first"] = Decision.objects.count()


def _without_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mandates, "_hold", lambda mandate: None)


@pytest.mark.parametrize("guarded", [True, False])
def test_the_end_of_a_delegation_waits_for_the_decision(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The delegate stands between learning that the delegation holds and deciding."""
    gate = Gate(live_world).ready()
    mandate = stand_in(live_world, "authority", "alternate")
    if not guarded:
        _without_hold(monkeypatch)
    slow = Slow().at(monkeypatch, mandates, "decider_of")
    decided, ended = at_once(gate.decide("alternate"), slow.meanwhile(end(gate, mandate)))
    expect(judge_end(gate, ended, decided), guarded, "decided after the delegation had ended")


@pytest.mark.parametrize("guarded", [True, False])
def test_a_decision_waits_for_the_end_of_the_delegation(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The authority has ended the delegation and not committed yet."""
    gate = Gate(live_world).ready()
    mandate = stand_in(live_world, "authority", "alternate")
    if not guarded:
        _without_hold(monkeypatch)
    slow = Slow().at(monkeypatch, mandate_module, "record")
    ended, decided = at_once(end(gate, mandate), slow.meanwhile(gate.decide("alternate")))
    expect(judge_end(gate, ended, decided), guarded, "decided after the delegation had ended")
