"""Short ways to a comparison: two options beside doing nothing, criteria, weights, scores."""

from __future__ import annotations

from typing import Any

from dime.actions.comparison import give_scores, settle_weights, weights_shown
from dime.selectors.comparison import Compared, compare
from dime.vocabulary import Level
from planning.models import Entry
from tests.options.kit import enter, fresh, option
from tests.world import World

POLICY, CONCEPT = Level.POLICY, Level.CONCEPT
# By criterion, the scores of options 1, 2 (doing nothing) and 3.
CIVIL = {1: (2, 1, 4), 2: (4, 5, 2)}
MILITARY = {1: (3, 1, 4), 2: (5, 5, 3)}


def stage(world: World, *weights: int, level: Level = POLICY) -> list[Entry]:
    """Two options, doing nothing between them by number, and a criterion for each weight."""
    option(world, "Pressure with partners", level=level.value)
    option(world, "Broad campaign", approach="mixed", level=level.value)
    names = ("Speed", "Cost", "Reach", "Law")
    return [criterion(world, names[at], weight, level) for at, weight in enumerate(weights)]


def criterion(world: World, name: str, weight: int, level: Level = POLICY) -> Entry:
    """A criterion with what 1 and 5 mean."""
    return enter(
        world, "criteria", name=name, weight=weight, level=level.value, poor=f"{name} is worst.",
        good=f"{name} is best.",
    )  # fmt: skip


def settle(world: World, level: Level = POLICY) -> None:
    """Settle the weights as the member does."""
    settle_weights(effort=fresh(world), level=level, by=world["member"])


def given(by_criterion: dict[int, tuple[int, ...]]) -> dict[tuple[int, int], int]:
    """Scores by option and criterion, from rows by criterion."""
    return {
        (option, criterion): value
        for criterion, values in by_criterion.items()
        for option, value in enumerate(values, start=1)
    }


def score(
    world: World, who: str, by_criterion: dict[int, tuple[int, ...]], level: Level = POLICY
) -> None:
    """Score everything for the organization of ``who``."""
    give_scores(effort=fresh(world), level=level, values=given(by_criterion), by=world[who])


def scored(world: World) -> Compared:
    """A comparison that two agencies scored: speed 60 percent, cost 40."""
    stage(world, 60, 40)
    settle(world)
    score(world, "member", CIVIL)
    score(world, "africom", MILITARY)
    return found(world)


def found(world: World, level: Level = POLICY) -> Compared:
    """The comparison, read anew."""
    return compare(fresh(world), level)


# ---------- for tests that walk every route


def both(world: World) -> None:
    """A comparison with settled weights for Step 3, and one with open weights for Step 4."""
    stage(world, 60, 40)
    stage(world, 50, 50, level=CONCEPT)
    settle(world)
    nothing, first = numbers(world)
    effort = fresh(world)
    give_scores(effort=effort, level=POLICY, values={(nothing, first): 2}, by=world["member"])


def numbers(world: World) -> tuple[int, int]:
    """Doing nothing, which both levels compare, and the first criterion of Step 3."""
    result = found(world)
    return next(o.number for o in result.options if o.kind == "none"), result.criteria[0].number


def arguments(slug: str) -> dict[str, dict[str, str]]:
    """What the addresses of comparisons take, by route."""
    stands, opened = {"level": "policy"}, {"level": "concept"}
    pages = {"": stands, "-criterion": opened, "-weights": opened, "-settle": opened,
             "-reopen": stands, "-scores": stands}  # fmt: skip
    api = {"detail": stands, "settle": opened, "reopen": stands, "scores": stands}
    return {
        **{f"comparison{name}": {"slug": slug, **level} for name, level in pages.items()},
        **{f"api:comparison-{a}": {"pk": f"{slug}/{level['level']}"} for a, level in api.items()},
    }


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """What an allowed act sends, by route."""
    result = found(world, CONCEPT)
    weights = {f"weight-{one.number}": 50 for one in result.criteria}
    shown = {"shown": weights_shown(result)}
    nothing, first = numbers(world)
    cell = {"option": nothing, "criterion": first, "value": 4}
    return {
        "comparison-criterion": {"name": "Reach", "weight": 10},
        "comparison-weights": shown | weights,
        "comparison-settle": shown | weights,
        "comparison-reopen": {"why": "The season turned."},
        "comparison-scores": {"round": 1, f"score-{nothing}-{first}": 4},
        "api:comparison-reopen": {"why": "The season turned."},
        "api:comparison-scores": {"round": 1, "scores": [cell]},
    }
