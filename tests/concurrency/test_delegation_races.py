"""Who delegates and who stands in, at the same moment, on a real PostgreSQL through HTTP.

As in ``test_gate_races``: a race returns what went wrong, and each guard is also switched off.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from planning import mandates
from planning.actions import decide as decide_module
from planning.actions import mandate as mandate_module
from planning.models import Decision, Mandate
from planning.vocabulary import Outcome
from tests.concurrency.gate import RACES, Gate, expect, run, stand_in
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
from tests.world import World

pytestmark = pytest.mark.postgres
DECIDED = ("step.approved", "step.returned")


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
