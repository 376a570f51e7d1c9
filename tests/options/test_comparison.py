"""Comparisons of options: weights come first, agencies stay apart, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dime.actions import comparison as acts
from dime.actions.comparison import (
    give_scores,
    reopen_weights,
    settle_weights,
    weigh_criteria,
    weights_shown,
)
from dime.models import Comparison, Score
from dime.selectors import verdict
from dime.selectors.comparison import compare
from mapro.core.errors import ContentChanged, Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent, User
from planning import actions
from planning.models import Entry, Membership
from planning.registers import REGISTERS
from tests.options.comparing import (
    CIVIL,
    CONCEPT,
    MILITARY,
    POLICY,
    criterion,
    found,
    given,
    score,
    scored,
    settle,
    stage,
)
from tests.options.kit import enter, fresh, option, read
from tests.world import World


def events(code: str) -> list[AuditEvent]:
    """What is on record under a code."""
    return list(AuditEvent.objects.filter(code=code).order_by("pk"))


def refused(world: World, **more: Any) -> dict[str, str]:
    """What settling the weights is refused for."""
    with pytest.raises(Invalid) as error:
        settle_weights(effort=fresh(world), level=POLICY, by=world["member"], **more)
    return error.value.fields


# ---------- weights


def test_weights_are_settled_when_two_or_more_add_up(world: World) -> None:
    stage(world, 60, 40)
    made = settle_weights(effort=fresh(world), level=POLICY, by=world["member"])
    assert (made.round, made.settled_by) == (1, world["member"])
    event = events("weights.settled")[0]
    assert event.new == {"round": 1, "weights": {"CRT-1": 60, "CRT-2": 40}}
    with pytest.raises(WrongState, match="settled already"):
        settle(world)
    assert Comparison.objects.get().round == 1


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ((), "0 criteria"),
        ((100,), "There is 1 criterion"),
        ((60, 30), "add up to 90, not to 100: 10 are missing"),
        ((60, 60), "add up to 120, not to 100: 20 too much"),
    ],
)
def test_weights_that_do_not_add_up_are_refused_with_the_sum(
    world: World, weights: tuple[int, ...], told: str
) -> None:
    stage(world, *weights)
    assert told in refused(world)["weights"]
    assert not Comparison.objects.exists()
    assert events("weights.settled") == []


def test_a_refusal_offers_weights_in_the_same_proportions(world: World) -> None:
    stage(world, 60, 30)
    assert "Speed 67, Cost 33" in refused(world)["weights"]


def test_criteria_of_the_other_level_do_not_count(world: World) -> None:
    stage(world, 60)
    criterion(world, "Cost", 40, CONCEPT)
    assert "1 criterion" in refused(world)["weights"]


def test_settled_weights_hold_the_criteria_until_they_are_reopened(world: World) -> None:
    first, _ = stage(world, 60, 40)
    settle(world)
    effort = fresh(world)
    with pytest.raises(Invalid, match="Reopen the weights"):
        actions.save_entry(entry=read(first), values={"weight": 50}, revision=1, by=world["member"])
    with pytest.raises(Invalid, match="Reopen the weights"):
        criterion(world, "Reach", 10)
    with pytest.raises(Invalid, match="Reopen the weights"):
        actions.retire_entry(entry=read(first), why="No.", by=world["member"])
    with pytest.raises(WrongState, match="Reopen them first"):
        weigh_criteria(
            effort=effort, level=POLICY, weights={1: 50, 2: 50},
            shown=weights_shown(compare(effort, POLICY)), by=world["member"],
        )  # fmt: skip
    criterion(world, "Reach", 10, CONCEPT)  # the other level is open
    reopen_weights(effort=fresh(world), level=POLICY, why="Reach is missing.", by=world["lead"])
    criterion(world, "Reach", 10)


def test_weights_are_reopened_for_a_reason_that_stays(world: World) -> None:
    stage(world, 60, 40)
    with pytest.raises(WrongState, match="not settled"):
        reopen_weights(effort=fresh(world), level=POLICY, why="So.", by=world["lead"])
    settle(world)
    with pytest.raises(Invalid):
        reopen_weights(effort=fresh(world), level=POLICY, why=" ", by=world["lead"])
    assert found(world).settled
    reopen_weights(effort=fresh(world), level=POLICY, why="The season turned.", by=world["lead"])
    assert events("weights.reopened")[0].detail["why"] == "The season turned."
    assert not found(world).settled


def test_several_weights_are_saved_at_once_or_not_at_all(world: World) -> None:
    stage(world, 60, 30)
    effort = fresh(world)
    shown = weights_shown(compare(effort, POLICY))
    for bad in ("0", "101", "half", "-3", "1.5", "٣", ""):
        with pytest.raises(Invalid) as error:
            weigh_criteria(
                effort=effort, level=POLICY, weights={1: "70", 2: bad}, shown=shown,
                by=world["member"],
            )  # fmt: skip
        assert list(error.value.fields) == ["weight-2"]
    assert [one.data["weight"] for one in found(world).criteria] == [60, 30]
    weigh_criteria(
        effort=effort, level=POLICY, weights={1: "70", 2: " 30 "}, shown=shown, by=world["member"]
    )
    assert list(found(world).weights.values()) == [70, 30]
    assert len(events("entries.taken_in")) == 1


def test_weights_that_somebody_else_changed_are_not_overwritten(world: World) -> None:
    first, _ = stage(world, 60, 30)
    shown = weights_shown(found(world))
    actions.save_entry(entry=read(first), values={"weight": 65}, revision=1, by=world["lead"])
    with pytest.raises(ContentChanged, match="kept below"):
        weigh_criteria(
            effort=fresh(world), level=POLICY, weights={1: 70, 2: 30}, shown=shown,
            by=world["member"],
        )  # fmt: skip
    assert list(found(world).weights.values()) == [65, 30]


# ---------- scores


def test_scores_are_taken_only_once_the_weights_stand(world: World) -> None:
    stage(world, 60, 40)
    with pytest.raises(WrongState, match="Settle them first"):
        score(world, "member", CIVIL)
    settle(world)
    score(world, "member", CIVIL)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    with pytest.raises(WrongState, match="Settle them first"):
        score(world, "africom", MILITARY)
    assert Score.objects.count() == 6


def test_each_agency_scores_for_itself(world: World) -> None:
    result = scored(world)
    names = {one.short for one in result.agencies.values()}
    assert len(names) == 2
    by = {row.organization_id: row.by for row in result.scores}
    assert by == {w.organization_id: w for w in (world["member"], world["africom"])}
    score(world, "member", {1: (5, 5, 5)})
    theirs = Score.objects.filter(organization=world["africom"].organization)
    assert sorted(theirs.values_list("value", flat=True)) == [1, 3, 3, 4, 5, 5]
    event = events("scores.given")[-1]
    assert event.detail["organization"] == world["member"].organization.name  # type: ignore[union-attr]
    assert event.old == {"OPT-1 CRT-1": {"value": 2}, "OPT-2 CRT-1": {"value": 1},
                         "OPT-3 CRT-1": {"value": 4}}  # fmt: skip


def test_scores_are_for_the_organization_that_one_stands_for_in_the_effort(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    cso = world["lead"].organization
    Membership.objects.filter(effort=world.effort, user=world["member"]).update(organization=cso)
    score(world, "member", CIVIL)
    assert {row.organization for row in found(world).scores} == {cso}
    User.objects.filter(pk=world["usaid"].pk).update(organization=None)
    Membership.objects.filter(user=world["usaid"]).update(organization=None)
    world["usaid"].refresh_from_db()
    with pytest.raises(NotAllowed, match="no organization"):
        score(world, "usaid", CIVIL)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({(1, 1): 3, (3, 1): 6}, "score-3-1"),
        ({(1, 1): 3, (3, 1): 0}, "score-3-1"),
        ({(1, 1): 3, (9, 1): 3}, "score-9-1"),
        ({(1, 1): 3, (1, 9): 3}, "score-1-9"),
        ({(1, 1): 3, (4, 1): 3}, "score-4-1"),  # an option of the other level
        ({(1, 1): 3, (1, 3): 3}, "score-1-3"),  # a criterion of the other level
        ({(1, 1): 3, (3, 1): (3, "x" * 1_001)}, "score-3-1"),
    ],
)
def test_one_wrong_score_takes_all_back(
    world: World, values: dict[tuple[int, int], Any], field: str
) -> None:
    stage(world, 60, 40)
    option(world, "A concept", level="concept")
    criterion(world, "Reach", 10, CONCEPT)
    settle(world)
    with pytest.raises(Invalid) as error:
        give_scores(effort=fresh(world), level=POLICY, values=values, by=world["member"])
    assert list(error.value.fields) == [field]
    assert not Score.objects.exists()


def test_scores_by_weights_of_an_earlier_round_are_refused(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    settle(world)
    with pytest.raises(ContentChanged, match="settled anew"):
        give_scores(
            effort=fresh(world), level=POLICY, values=given(CIVIL), by=world["member"], round=1
        )
    assert not Score.objects.exists()
    give_scores(effort=fresh(world), level=POLICY, values=given(CIVIL), by=world["member"], round=2)
    assert Score.objects.count() == 6


def test_scores_stay_when_weights_are_reopened_and_say_their_round(world: World) -> None:
    scored(world)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    settle(world)
    score(world, "member", CIVIL)  # the same again confirms them
    result = found(world)
    mine, theirs = (world[w].organization_id for w in ("member", "africom"))
    assert mine is not None and theirs is not None
    assert (result.earlier(mine), result.earlier(theirs)) == (0, 6)
    assert len(result.scores) == 12
    assert any("before the weights were settled last" in one for one in verdict.missing(result))


def test_the_same_scores_again_write_nothing(world: World) -> None:
    scored(world)
    before = len(events("scores.given"))
    assert (
        give_scores(effort=fresh(world), level=POLICY, values=given(CIVIL), by=world["member"])
        == []
    )
    assert len(events("scores.given")) == before


def test_a_score_can_be_explained_and_taken_back(world: World) -> None:
    scored(world)
    give_scores(
        effort=fresh(world), level=POLICY, by=world["member"],
        values={(1, 1): (5, "Sanctions bite\nat once."), (1, 2): None, (3, 1): (None, "So.")},
    )  # fmt: skip
    mine = {
        (row.option.number, row.criterion.number): row
        for row in Score.objects.filter(organization=world["member"].organization)
    }
    assert set(mine) == {(1, 1), (2, 1), (2, 2), (3, 2)}
    assert mine[1, 1].why == "Sanctions bite\nat once."
    event = events("scores.given")[-1]
    assert event.new["OPT-1 CRT-2"] is None
    assert event.old["OPT-1 CRT-2"] == {"value": 4}


# ---------- what it comes to


def test_doing_nothing_is_compared_on_both_levels(world: World) -> None:
    stage(world, 60, 40)
    stage(world, 50, 50, level=CONCEPT)
    for level in (POLICY, CONCEPT):
        kinds = [one.kind for one in found(world, level).options]
        assert kinds.count("none") == 1 and len(kinds) == 3
        assert len(found(world, level).courses) == 2


def test_totals_are_the_weighted_means_of_the_agencies(world: World) -> None:
    result = scored(world)
    first, nothing, third = (one.pk for one in result.options)
    # Speed 60 %: means 2.5, 1, 4; cost 40 %: means 4.5, 5, 2.5.
    totals = {key: float(value) for key, value in result.outcome.totals.items()}
    assert totals == {third: 3.4, first: 3.3, nothing: 2.6}
    assert [one.title for one in result.ranked] == [
        "Broad campaign", "Pressure with partners", "Do nothing",
    ]  # fmt: skip
    assert verdict.headline(result) == (
        "“Broad campaign” leads with 3.40 of 5, 0.10 ahead of “Pressure with partners”."
    )


def test_the_words_say_what_would_change_the_order(world: World) -> None:
    result = scored(world)
    words = verdict.stability(result)
    civil, military = (world[w].organization for w in ("member", "africom"))
    assert civil and military
    # Alone: 3.2 against 2.8 for the civilians; 3.6 against 3.8 for the military.
    assert words == [
        f"On their own, 1 of 2 agencies puts it first; {military.short} puts “Pressure with partners” "
        "first.",
        f"Without the scores of {civil.short}, “Pressure with partners” would be first.",
        "The nearest change of a weight: below 57.1 percent for “Speed”, “Pressure with partners” "
        "would be first. “Speed” weighs 60 percent now.",
        "The nearest change of a score: “Broad campaign” by “Speed” down from 4.00 to 3.83 "
        "would put “Pressure with partners” and “Broad campaign” level.",
    ]


def test_a_retired_option_leaves_the_comparison_and_comes_back_with_its_scores(
    world: World,
) -> None:
    result = scored(world)
    gone = read(result.options[2])
    actions.retire_entry(entry=gone, why="Nobody wants it.", by=world["member"])
    assert [one.number for one in found(world).options] == [1, 2]
    assert len(found(world).scores) == 8
    actions.restore_entry(entry=read(gone), by=world["member"])
    assert len(found(world).scores) == 12


def test_what_is_missing_is_named(world: World) -> None:
    stage(world, 60)
    enter(world, "criteria", name="Cost", weight=40, level="policy")
    option(world, "Nowhere", level=None)
    settle(world)
    give_scores(
        effort=fresh(world), level=POLICY, by=world["member"],
        values={(1, 1): 3, (1, 2): 3, (3, 1): 4},
    )  # fmt: skip
    words = verdict.missing(found(world))
    mine = world["member"].organization
    assert mine
    for told in (
        "no level is said: OPT-4 “Nowhere”",
        "What 1 and 5 mean is not said for “Cost”",
        f"{mine.short} left 3 of its scores open",
        "“Do nothing” and “Broad campaign” have no rank",
    ):
        assert any(told in one for one in words), (told, words)
    silent = next(one for one in words if one.startswith("No scores yet from"))
    assert mine.short not in silent.removeprefix("No scores yet from ").removesuffix(".").split(
        ", "
    )
    assert verdict.headline(found(world)).startswith("Only “Pressure with partners” is scored")


def test_an_empty_comparison_says_so(world: World) -> None:
    assert verdict.headline(found(world)).startswith("No option")
    stage(world, 60, 40)
    assert verdict.headline(found(world)).startswith("Nothing is ranked yet")
    assert verdict.stability(found(world)) == []


def test_open_weights_are_said_beside_the_result(world: World) -> None:
    scored(world)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    first = Entry.objects.get(register="criteria", number=1)
    actions.save_entry(entry=read(first), values={"weight": 20}, revision=1, by=world["lead"])
    result = found(world)
    assert verdict.headline(result).endswith("The weights are open, so this may change.")
    assert result.short == 40
    assert result.outcome.leaders == {result.options[0].pk}


@pytest.mark.parametrize("agencies", [1, 3])
def test_reading_costs_the_same_whatever_there_is(world: World, agencies: int) -> None:
    stage(world, 40, 30, 30)
    settle(world)
    for who in ("member", "africom", "usaid")[:agencies]:
        score(world, who, {1: (1, 2, 3), 2: (3, 2, 1), 3: (4, 4, 4)})
    effort = fresh(world)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = compare(effort, POLICY)
        verdict.stability(result)
        verdict.missing(result)
        compare(effort, POLICY)
    assert len(queries) == 5  # options and criteria, their links, weights, scores, the team


def test_a_change_of_a_register_is_seen_by_the_same_effort(world: World) -> None:
    scored(world)
    effort = fresh(world)
    assert compare(effort, POLICY).round == 1
    actions.add_entry(
        effort=effort, register=REGISTERS["options"], by=world["member"],
        values={"name": "Third way", "approach": "suasion", "level": "policy"},
    )  # fmt: skip
    assert len(compare(effort, POLICY).options) == 4


def test_acts_wait_in_line_before_they_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an act judges by is read behind the lock of the effort."""
    scored(world)
    order: list[str] = []
    line_up, compare_ = acts.line_up, acts.compare
    monkeypatch.setattr(acts, "line_up", lambda e: (order.append("line"), line_up(e)))
    monkeypatch.setattr(acts, "compare", lambda *a: (order.append("read"), compare_(*a))[1])
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    assert order == ["line", "read"]
