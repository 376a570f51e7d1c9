"""Comparisons under several hands at once, on a real PostgreSQL: no agency loses a score, and
nobody scores by weights that are open."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from dime.actions import comparison as acts
from dime.models import Comparison, Score
from mapro.core import audit
from mapro.core.models import AuditEvent
from planning.models import Membership
from tests.concurrency.gate import expect
from tests.concurrency.racing import Slow, at_once, browser
from tests.options.comparing import CIVIL, MILITARY, POLICY, found, given, settle, stage
from tests.options.kit import fresh
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 40 if os.environ.get("MAPRO_FULL") else 4
BASE = "/efforts/country-x/comparison/policy/"
GUARD = pytest.mark.parametrize("guarded", [True, False], ids=["guard on", "guard off"])


def scoring(world: World, who: str, values: dict[int, tuple[int, ...]]) -> Callable[[], int]:
    """The form of the scores, sent later; gives the status."""
    client = browser(world, who)
    form: dict[str, Any] = {"round": found(world).round}
    form |= {f"score-{o}-{c}": value for (o, c), value in given(values).items()}
    return lambda: client.post(f"{BASE}scores/", form).status_code


def reopening(world: World, who: str) -> Callable[[], int]:
    """The form that reopens the weights, sent later."""
    client = browser(world, who)
    return lambda: client.post(f"{BASE}reopen/", {"why": "The season turned."}).status_code


def values_of(world: World, who: str) -> dict[tuple[int, int], int]:
    """What stands for an agency, by option and criterion."""
    rows = Score.objects.filter(organization=world[who].organization)
    return {(row.option.number, row.criterion.number): row.value for row in rows}


def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let acts on a comparison read without standing in line."""
    monkeypatch.setattr(acts, "line_up", lambda effort: None)


def test_agencies_that_score_at_once_all_keep_their_scores(live_world: World) -> None:
    world = live_world
    stage(world, 60, 40)
    settle(world)
    for turn in range(ROUNDS):
        lower = {c: tuple(1 + (v + turn) % 5 for v in row) for c, row in CIVIL.items()}
        upper = {c: tuple(1 + (v + turn) % 5 for v in row) for c, row in MILITARY.items()}
        answers = at_once(
            scoring(world, "member", lower), scoring(world, "africom", upper),
            scoring(world, "usaid", lower),
        )  # fmt: skip
        assert answers == [302, 302, 302]
        assert values_of(world, "member") == given(lower) == values_of(world, "usaid")
        assert values_of(world, "africom") == given(upper)
    assert AuditEvent.objects.filter(code="scores.given").count() == 3 * ROUNDS
    assert list(audit.verify()) == []


@GUARD
def test_two_of_one_agency_score_one_after_the_other(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The later one changes what the earlier one gave, and the record says what that was."""
    world = live_world
    stage(world, 60, 40)
    settle(world)
    agency = world["member"].organization
    Membership.objects.filter(effort=world.effort, user=world["usaid"]).update(organization=agency)
    first, second = scoring(world, "member", CIVIL), scoring(world, "usaid", MILITARY)
    if not guarded:
        unguarded(monkeypatch)
    slow = Slow().at(monkeypatch, acts, "_checked")
    answers = at_once(first, slow.meanwhile(second))
    troubles = [f"answered {answer}" for answer in answers if answer != 302]
    events = AuditEvent.objects.filter(code="scores.given").order_by("seq")
    if len(events) == 2 and {v and v["value"] for v in events[1].old.values()} == {None}:
        troubles.append("the second did not know of the first")
    expect(troubles, guarded, "answered 500")
    assert Score.objects.count() == 6
    assert list(audit.verify()) == []


@GUARD
def test_nobody_scores_once_the_weights_are_open(
    live_world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Scores that were under way when the weights are reopened come before it, or not at all."""
    world = live_world
    stage(world, 60, 40)
    settle(world)
    scores, reopen = scoring(world, "member", CIVIL), reopening(world, "lead")
    if not guarded:
        unguarded(monkeypatch)
    slow = Slow().at(monkeypatch, acts, "_checked")
    assert at_once(scores, slow.meanwhile(reopen)) == [302, 302]
    codes = list(
        AuditEvent.objects.filter(code__in=("scores.given", "weights.reopened"))
        .order_by("seq").values_list("code", flat=True)
    )  # fmt: skip
    troubles = [] if codes == ["scores.given", "weights.reopened"] else [f"in this order: {codes}"]
    expect(troubles, guarded, "['weights.reopened', 'scores.given']")


def test_scores_and_reopening_in_any_order_leave_nothing_half_done(live_world: World) -> None:
    world = live_world
    stage(world, 60, 40)
    for turn in range(ROUNDS):
        settle(world)
        before = Score.objects.filter(round=turn + 1).count()
        answers = at_once(
            scoring(world, "member", CIVIL), reopening(world, "lead"),
            scoring(world, "africom", MILITARY),
        )  # fmt: skip
        assert answers[1] == 302
        assert set(answers) <= {302, 409}
        given_now = Score.objects.filter(round=turn + 1).count() - before
        assert given_now == 6 * [answers[0], answers[2]].count(302)
        assert Comparison.objects.get().settled_at is None
    assert not acts.compare(fresh(world), POLICY).settled
    assert list(audit.verify()) == []


def test_weights_are_settled_once_by_two_at_once(live_world: World) -> None:
    world = live_world
    stage(world, 60, 40)
    lead, member = browser(world, "lead"), browser(world, "member")
    answers = at_once(
        lambda: lead.post(f"{BASE}settle/").status_code,
        lambda: member.post(f"{BASE}settle/").status_code,
    )
    assert sorted(answers) == [302, 409]
    assert Comparison.objects.get().round == 1
