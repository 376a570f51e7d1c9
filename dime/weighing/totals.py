"""What each option comes to by the weights and the scores, and where it ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

LOWEST, HIGHEST = 1, 5  # of a score
FULL = 100  # percent
# An option and a criterion, each by its key.
Cell = tuple[int, int]
Scores = Mapping[int, Mapping[Cell, int]]  # by agency
Totals = Mapping[int, Fraction]  # by option


@dataclass(frozen=True)
class Place:
    """Where an option ranks, from 1; ``tied`` when it shares the place."""

    rank: int
    tied: bool

    def __str__(self) -> str:
        return f"{self.rank}=" if self.tied else str(self.rank)


@dataclass(frozen=True)
class Outcome:
    """A comparison, worked out.

    ``means`` of a cell are over the agencies that scored it, ``spread`` the lowest and highest of
    them. ``totals`` are on the scale of the scores and hold the options that at least one agency
    scored by every criterion, the best first; ``incomplete`` are the others, which have no rank.
    ``by_agency`` are the totals of each agency for the options that it scored by every criterion.
    """

    options: tuple[int, ...]
    shares: Mapping[int, Fraction]  # by criterion; they add up to 1
    scores: Scores
    means: Mapping[Cell, Fraction]
    spread: Mapping[Cell, tuple[int, int]]
    totals: Totals
    places: Mapping[int, Place]
    leaders: frozenset[int]
    incomplete: tuple[int, ...]
    by_agency: Mapping[int, Totals]

    @property
    def lead(self) -> Fraction | None:
        """How far the first place lies before the next; None when there is no next one."""
        behind = [total for key, total in self.totals.items() if key not in self.leaders]
        if not behind or not self.leaders:
            return None
        return next(iter(self.totals.values())) - max(behind)


def weigh(options: Sequence[int], weights: Mapping[int, int], scores: Scores) -> Outcome:
    """Work a comparison out. Scores of options and criteria that are not compared do not count.

    Raises ValueError for a weight that is not positive, or a score that is not 1 to 5.
    """
    parts = shares(weights)
    known = {
        agency: {
            cell: value for cell, value in given.items() if cell[0] in options and cell[1] in parts
        }
        for agency, given in scores.items()
    }
    known = {agency: given for agency, given in known.items() if given}
    cells: dict[Cell, list[int]] = {}
    for given in known.values():
        for cell, value in given.items():
            if not LOWEST <= value <= HIGHEST:
                raise ValueError(f"{value} is no score; give {LOWEST} to {HIGHEST}.")
            cells.setdefault(cell, []).append(value)
    means = {cell: Fraction(sum(values), len(values)) for cell, values in cells.items()}
    by_agency = {agency: _totals(options, parts, given) for agency, given in known.items()}
    whole = {option for own in by_agency.values() for option in own}
    totals = _totals([one for one in options if one in whole], parts, means)
    return Outcome(
        options=tuple(options), shares=parts, scores=known, means=means,
        spread={cell: (min(values), max(values)) for cell, values in cells.items()},
        totals=totals, places=places(totals), leaders=leaders(totals),
        incomplete=tuple(one for one in options if one not in totals), by_agency=by_agency,
    )  # fmt: skip


def shares(weights: Mapping[int, int]) -> dict[int, Fraction]:
    """The weights as parts of 1. Raises ValueError for one that is not positive."""
    if any(weight <= 0 for weight in weights.values()):
        raise ValueError("A weight must be more than 0.")
    total = sum(weights.values())
    return {criterion: Fraction(weight, total) for criterion, weight in weights.items()}


def _totals(
    options: Sequence[int], parts: Mapping[int, Fraction], given: Mapping[Cell, Fraction | int]
) -> dict[int, Fraction]:
    """The totals of the options that are scored by every criterion, the best first."""
    if not parts:
        return {}
    found = {
        option: sum((part * given[option, c] for c, part in parts.items()), Fraction(0))
        for option in options
        if all((option, c) in given for c in parts)
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def places(totals: Totals) -> dict[int, Place]:
    """Where each option ranks: 1 more than how many are better, as in sports."""
    every = list(totals.values())
    return {
        option: Place(1 + sum(other > total for other in every), every.count(total) > 1)
        for option, total in totals.items()
    }


def leaders(totals: Totals) -> frozenset[int]:
    """Who is in first place; several when they tie, none when nothing is ranked."""
    best = max(totals.values(), default=None)
    return frozenset(option for option, total in totals.items() if total == best)


def fitted(weights: Mapping[int, int], full: int = FULL) -> dict[int, int]:
    """Whole weights in the same proportions that add up to ``full``, each at least 1.

    What rounding leaves over goes to the largest remainders, the first of equal ones first.
    Raises ValueError for weights that are not positive, or more than ``full`` of them.
    """
    if len(weights) > full:
        raise ValueError(f"{len(weights)} weights cannot add up to {full}.")
    exact = {criterion: part * full for criterion, part in shares(weights).items()}
    found = {criterion: max(1, int(value)) for criterion, value in exact.items()}
    while (short := full - sum(found.values())) != 0:
        step = 1 if short > 0 else -1
        free = [c for c in found if step > 0 or found[c] > 1]
        chosen = max(free, key=lambda c: step * (exact[c] - found[c]))
        found[chosen] += step
    return found
