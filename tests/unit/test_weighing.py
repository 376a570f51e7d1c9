"""The comparison of options: worked out by hand, and against a reference that tries values out.

The reference re-ranks from the plain scores for each weight and each score that it tries. It knows
nothing of lines that meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dime import weighing
from dime.weighing import Outcome

STEPS = 60  # weights that the reference tries for each criterion
TINY = Fraction(1, 10**30)  # nearer than any two places where the order changes
A, B, C = 1, 2, 3
COST, SPEED = 11, 12
STATE, DEFENSE = 21, 22


@dataclass(frozen=True)
class Case:
    """What is compared: options, weights by criterion, scores by agency and cell."""

    options: tuple[int, ...]
    weights: dict[int, int]
    scores: dict[int, dict[tuple[int, int], int]]

    @property
    def outcome(self) -> Outcome:
        """As the code works it out."""
        return weighing.weigh(self.options, self.weights, self.scores)


@st.composite
def cases(draw: Any, *, whole: bool = False, criteria: int = 1) -> Case:
    """Comparisons of up to five options. With ``whole`` every agency scored every cell; without, a
    few cells are open. A narrow scale makes ties."""
    options = tuple(range(1, draw(st.integers(2, 5)) + 1))
    heavy = draw(st.sampled_from((1, 3, 60)))
    weights = {
        10 + n: draw(st.integers(1, heavy)) for n in range(draw(st.integers(criteria, 5)))
    }  # fmt: skip
    agencies = range(20, 20 + draw(st.integers(1, 4)))
    best = draw(st.sampled_from((2, 5)))
    every = [(agency, (o, c)) for agency in agencies for o in options for c in weights]
    gaps = frozenset() if whole else draw(st.frozensets(st.sampled_from(every), max_size=4))
    scores: dict[int, dict[tuple[int, int], int]] = {agency: {} for agency in agencies}
    for agency, cell in every:
        value = draw(st.integers(1, best))
        if (agency, cell) not in gaps:
            scores[agency][cell] = value
    return Case(options, weights, scores)


def test_the_cases_hold_what_can_go_wrong() -> None:
    """A property that is tried on comparisons without an order would say little."""
    met: Counter[str] = Counter()

    @given(cases(criteria=2))
    def look(case: Case) -> None:
        outcome = case.outcome
        ranges = weighing.weight_ranges(outcome)
        met["three are ranked"] += len(outcome.totals) > 2
        met["the first place is shared"] += len(outcome.leaders) > 1
        met["somebody has no rank"] += bool(outcome.incomplete and outcome.totals)
        met["a weight matters on one side"] += any(one.below or one.above for one in ranges)
        met["on both sides"] += any(one.below and one.above for one in ranges)
        met["the order holds for less"] += any(one.order != one.first for one in ranges)
        met["a score matters"] += any(one.change for one in weighing.swings(outcome))
        met["an agency decides"] += any(one.changes for one in weighing.without_each(outcome))

    look()
    assert min(met.values()) >= 5, met


# ---------- the reference


def mean(case: Case, option: int, criterion: int) -> Fraction | None:
    """The mean of those who scored a cell."""
    found = [own[option, criterion] for own in case.scores.values() if (option, criterion) in own]
    return Fraction(sum(found), len(found)) if found else None


def is_whole(case: Case, option: int) -> bool:
    """Whether one agency scored an option by every criterion."""
    return any(all((option, c) in own for c in case.weights) for own in case.scores.values())


def firsts(totals: Mapping[int, Fraction]) -> set[int]:
    """Who has the most."""
    return {one for one in totals if not any(other > totals[one] for other in totals.values())}


def ranked(
    case: Case, weights: Mapping[int, Fraction], changed: Mapping[tuple[int, int], Fraction]
) -> dict[int, Fraction]:
    """Totals with other weights and other means, from the scores alone."""
    totals = {}
    for option in case.options:
        if is_whole(case, option):
            total = Fraction(0)
            for criterion, weight in weights.items():
                one = changed.get((option, criterion), mean(case, option, criterion))
                assert one is not None
                total += weight * one
            totals[option] = total / sum(weights.values())
    return totals


def plainly(case: Case) -> dict[int, Fraction]:
    """Totals as the case stands."""
    return ranked(case, {c: Fraction(w) for c, w in case.weights.items()}, {})


def reweighted(case: Case, criterion: int, share: Fraction) -> dict[int, Fraction]:
    """Totals with one weight at ``share`` and the others in their proportions."""
    rest = sum(w for c, w in case.weights.items() if c != criterion)
    weights = {c: (1 - share) * Fraction(w, rest) for c, w in case.weights.items()}
    return ranked(case, weights | {criterion: share}, {})


def rescored(case: Case, option: int, criterion: int, value: Fraction) -> dict[int, Fraction]:
    """Totals with another mean in one cell."""
    weights = {c: Fraction(w) for c, w in case.weights.items()}
    return ranked(case, weights, {(option, criterion): value})


def tried(*more: Fraction) -> Iterator[Fraction]:
    """Shares from 0 to 1."""
    yield from (Fraction(step, STEPS) for step in range(STEPS + 1))
    yield from more


def in_order(now: Mapping[int, Fraction], then: Mapping[int, Fraction]) -> bool:
    """Whether nobody has passed anybody: who was ahead is not behind, who was level is level."""
    return all(
        then[a] >= then[b] if now[a] > now[b] else then[a] == then[b] if now[a] == now[b] else True
        for a in now
        for b in now
    )


# ---------- totals and ranks


@given(cases())
def test_totals_means_and_ranks_are_those_of_the_reference(case: Case) -> None:
    outcome = case.outcome
    totals = plainly(case)
    assert dict(outcome.totals) == totals
    assert outcome.leaders == firsts(totals)
    assert set(outcome.incomplete) == set(case.options) - set(totals)
    for option, place in outcome.places.items():
        better = [one for one in totals if totals[one] > totals[option]]
        level = [one for one in totals if totals[one] == totals[option]]
        assert (place.rank, place.tied) == (len(better) + 1, len(level) > 1)
    for option in case.options:
        for criterion in case.weights:
            assert outcome.means.get((option, criterion)) == mean(case, option, criterion)
    for agency, own in outcome.by_agency.items():
        alone = Case(case.options, case.weights, {agency: case.scores[agency]})
        assert dict(own) == plainly(alone)


@given(cases())
def test_the_best_come_first_and_the_lead_is_their_distance(case: Case) -> None:
    outcome = case.outcome
    assert all(a >= b for a, b in pairwise(outcome.totals.values()))
    behind = [total for one, total in outcome.totals.items() if one not in outcome.leaders]
    if not behind:
        assert outcome.lead is None
    else:
        assert outcome.lead == max(outcome.totals.values()) - max(behind) > 0


@given(cases(), st.integers(2, 9))
def test_only_the_proportions_of_weights_count(case: Case, times: int) -> None:
    larger = Case(case.options, {c: w * times for c, w in case.weights.items()}, case.scores)
    assert larger.outcome == case.outcome


# ---------- sensitivity


@given(cases(criteria=2))
def test_the_range_of_a_weight_is_where_the_first_place_stays(case: Case) -> None:
    outcome = case.outcome
    now = plainly(case)
    ranges = weighing.weight_ranges(outcome)
    assert [one.criterion for one in ranges] == (list(case.weights) if len(now) > 1 else [])
    for one in ranges:
        low, high = one.first
        assert low <= one.share <= high
        for share in tried(low, high):
            stays = firsts(now) <= firsts(reweighted(case, one.criterion, share))
            assert (low <= share <= high) == stays, share
        for end, way, then in ((low, -1, one.below), (high, 1, one.above)):
            beyond = end + way * TINY
            if 0 <= beyond <= 1:
                assert firsts(reweighted(case, one.criterion, beyond)) == then
                assert not firsts(now) <= then
            else:
                assert then == set()


@given(cases(criteria=2))
def test_the_range_of_a_weight_is_where_the_order_stays(case: Case) -> None:
    now = plainly(case)
    for one in weighing.weight_ranges(case.outcome):
        low, high = one.order
        assert one.first[0] <= low <= one.share <= high <= one.first[1]
        for share in tried(low, high):
            stays = in_order(now, reweighted(case, one.criterion, share))
            assert (low <= share <= high) == stays, share
        for beyond in (low - TINY, high + TINY):
            if 0 <= beyond <= 1:
                assert not in_order(now, reweighted(case, one.criterion, beyond))


@given(cases(criteria=2))
def test_the_room_of_a_weight_is_the_least_change_that_brings_another(case: Case) -> None:
    now = firsts(plainly(case))
    for one in weighing.weight_ranges(case.outcome):
        changing = [
            abs(share - one.share)
            for share in tried()
            if not now <= firsts(reweighted(case, one.criterion, share))
        ]
        if one.room is None:
            assert changing == []
        else:
            assert all(change > one.room for change in changing)


@given(cases())
def test_the_smallest_change_of_a_score_is_found(case: Case) -> None:
    outcome = case.outcome
    now = firsts(plainly(case))
    found = {(one.option, one.criterion): one for one in weighing.swings(outcome)}
    values = [1 + Fraction(step, 24) for step in range(4 * 24 + 1)]
    for option in plainly(case):
        for criterion in case.weights:
            one = found.pop((option, criterion), None)
            stood = mean(case, option, criterion)
            for value in values:
                changes = firsts(rescored(case, option, criterion, value)) != now
                if one is None:
                    assert not changes
                elif changes:
                    assert abs(value - stood) >= abs(one.change)
            if one is None:
                continue
            assert one.mean == stood
            assert 1 <= one.to <= 5
            then = firsts(rescored(case, option, criterion, one.to))
            assert then == one.leaders
            if one.change:
                assert then != now
            else:
                near = [stood - TINY, stood + TINY]
                assert all(firsts(rescored(case, option, criterion, v)) != now for v in near)
    assert found == {}


@given(cases())
def test_changes_of_scores_come_by_size(case: Case) -> None:
    sizes = [abs(one.change) for one in weighing.swings(case.outcome)]
    assert sizes == sorted(sizes)


@given(cases())
def test_each_agency_is_left_out_in_turn(case: Case) -> None:
    outcome = case.outcome
    scored = [agency for agency, own in case.scores.items() if own]
    found = weighing.without_each(outcome)
    assert [one.agency for one in found] == (scored if len(scored) > 1 else [])
    for one in found:
        rest = {agency: own for agency, own in case.scores.items() if agency != one.agency}
        then = plainly(Case(case.options, case.weights, rest))
        assert one.leaders == firsts(then)
        assert one.changes == (firsts(then) != firsts(plainly(case)))
        assert set(one.lost) == set(plainly(case)) - set(then)


@given(cases(whole=True, criteria=2))
def test_an_option_that_is_best_by_every_criterion_stays_first(case: Case) -> None:
    best = {agency: {cell: 5 if cell[0] == A else min(v, 4) for cell, v in own.items()}
            for agency, own in case.scores.items()}  # fmt: skip
    outcome = Case(case.options, case.weights, best).outcome
    assert outcome.leaders == {A}
    assert all(one.first == (0, 1) and one.room is None for one in weighing.weight_ranges(outcome))
    assert not any(one.changes for one in weighing.without_each(outcome))


# ---------- worked out by hand

HAND = Case(
    (A, B, C),
    {COST: 40, SPEED: 60},
    {
        STATE: {
            (A, COST): 3, (A, SPEED): 5, (B, COST): 5, (B, SPEED): 2, (C, COST): 1, (C, SPEED): 1,
        },
        DEFENSE: {(A, COST): 2, (A, SPEED): 3, (B, COST): 5, (B, SPEED): 5},
    },
)  # fmt: skip


def test_a_comparison_by_hand() -> None:
    outcome = HAND.outcome
    # B: 40 % of 5 and 60 % of 3.5; A: 40 % of 2.5 and 60 % of 4.
    assert list(outcome.totals.items()) == [
        (B, Fraction("4.1")), (A, Fraction("3.4")), (C, Fraction(1)),
    ]  # fmt: skip
    assert outcome.spread[A, SPEED] == (3, 5)
    assert outcome.lead == Fraction("0.7")
    cost, speed = weighing.weight_ranges(outcome)
    # Level where 5c + 3.5(1-c) = 2.5c + 4(1-c), at c = 1/6.
    assert (cost.first, cost.below, cost.above) == ((Fraction(1, 6), 1), {A}, set())
    assert (speed.first, speed.below, speed.above) == ((0, Fraction(5, 6)), set(), {A})
    assert cost.room == Fraction(2, 5) - Fraction(1, 6)
    assert [(one.option, one.criterion, one.change) for one in weighing.swings(outcome)] == [
        (B, SPEED, Fraction(-7, 6)), (B, COST, Fraction(-7, 4)), (A, COST, Fraction(7, 4)),
    ]  # fmt: skip
    state, defense = weighing.without_each(outcome)
    assert (state.changes, state.lost) == (False, (C,))
    assert (defense.changes, defense.leaders) == (True, {A})


def test_options_that_are_level_share_their_place_and_any_change_decides() -> None:
    even = {
        STATE: {(A, COST): 5, (A, SPEED): 1, (B, COST): 1, (B, SPEED): 5, (C, COST): 1,
                (C, SPEED): 1},
    }  # fmt: skip
    outcome = weighing.weigh((A, B, C), {COST: 50, SPEED: 50}, even)
    assert [str(outcome.places[one]) for one in (A, B, C)] == ["1=", "1=", "3"]
    cost, _ = weighing.weight_ranges(outcome)
    half = Fraction(1, 2)
    assert (cost.first, cost.below, cost.above, cost.room) == ((half, half), {B}, {A}, 0)
    assert weighing.swings(outcome)[0].change == 0
    assert outcome.lead == 2


def test_an_option_that_nobody_scored_whole_is_ranked_apart() -> None:
    halves = {STATE: {(A, COST): 5}, DEFENSE: {(A, SPEED): 5, (B, COST): 1, (B, SPEED): 1}}
    outcome = weighing.weigh((A, B), {COST: 50, SPEED: 50}, halves)
    assert outcome.incomplete == (A,)
    assert outcome.leaders == {B}
    assert outcome.means[A, COST] == 5
    assert weighing.weight_ranges(outcome) == []
    assert weighing.swings(outcome) == []
    assert weighing.weigh((), {}, {}).leaders == frozenset()


@pytest.mark.parametrize(
    ("weights", "value"), [({COST: 0, SPEED: 100}, 3), ({COST: 50}, 0), ({COST: 50}, 6)]
)
def test_what_is_no_weight_or_no_score_is_refused(weights: dict[int, int], value: int) -> None:
    with pytest.raises(ValueError, match="weight|score"):
        weighing.weigh((A,), weights, {STATE: {(A, COST): value}})


@given(st.dictionaries(st.integers(1, 20), st.integers(1, 500), min_size=1, max_size=20))
def test_fitted_weights_add_up_and_keep_their_proportions(weights: dict[int, int]) -> None:
    found = weighing.fitted(weights)
    assert sum(found.values()) == 100
    assert list(found) == list(weights)
    assert min(found.values()) >= 1
    total = sum(weights.values())
    lifted = [c for c in weights if Fraction(100 * weights[c], total) < 1]
    for c, weight in weights.items():
        exact = Fraction(100 * weight, total)
        # Rounded to a neighbor; those below 1 take their part from the others.
        assert exact - 1 - len(lifted) < found[c] < exact + 1 or c in lifted
    for a in weights:
        for b in weights:
            if weights[a] > weights[b]:
                assert found[a] >= found[b]


def test_weights_that_add_up_are_left_alone() -> None:
    assert weighing.fitted({COST: 40, SPEED: 60}) == {COST: 40, SPEED: 60}
    assert weighing.fitted({COST: 1, SPEED: 2}) == {COST: 33, SPEED: 67}
    with pytest.raises(ValueError, match="cannot add up"):
        weighing.fitted(dict.fromkeys(range(101), 1))


@pytest.mark.parametrize(
    ("value", "told"),
    [("3.665", "3.67"), ("3.6649", "3.66"), ("0", "0.00"), ("-1.005", "-1.01"), ("5", "5.00")],
)
def test_scores_are_told_with_two_decimals(value: str, told: str) -> None:
    assert weighing.score(Fraction(value)) == told


def test_bounds_are_rounded_up_or_down() -> None:
    third = Fraction(1, 3)
    assert (weighing.share(third, up=True), weighing.share(third, up=False)) == ("33.4", "33.3")
    assert weighing.share(Fraction(1, 4), up=True) == "25"
    assert weighing.share(Fraction(0), up=False) == "0"
    assert weighing.share(Fraction(1), up=False) == "100"
