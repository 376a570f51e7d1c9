"""Which change of a weight or of a score changes the order, and whether one agency decides it.

A total is a straight line in the share of one weight when the others keep their proportions among
themselves, so each question is settled where two lines meet, and not by trying values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dime.weighing.totals import HIGHEST, LOWEST, Outcome, Totals, leaders, weigh

Span = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class WeightRange:
    """How far the weight of a criterion can go, as parts of 1, the others scaled in proportion.

    Within ``first``, its ends included, everybody who is in first place stays there (at an end
    somebody may draw level); within ``order`` nobody passes anybody. ``below`` and ``above`` are in
    first place just beyond the ends of ``first``; empty when the end is that of the scale.
    """

    criterion: int
    share: Fraction
    first: Span
    order: Span
    below: frozenset[int]
    above: frozenset[int]

    @property
    def room(self) -> Fraction | None:
        """The smallest change of the weight that reaches an end; None when none matters."""
        ends = [self.share - self.first[0]] if self.below else []
        ends += [self.first[1] - self.share] if self.above else []
        return min(ends, default=None)


@dataclass(frozen=True)
class Swing:
    """The smallest change of one mean score, within 1 to 5, at which the first place is another's
    or shared anew. ``leaders`` are in first place then. A ``change`` of 0 says that they are level
    now, and that any change at all decides."""

    option: int
    criterion: int
    mean: Fraction
    change: Fraction
    leaders: frozenset[int]

    @property
    def to(self) -> Fraction:
        """The mean score at which it happens."""
        return self.mean + self.change


@dataclass(frozen=True)
class Without:
    """The first place as it would be without one agency's scores; ``lost`` are options that nobody
    else scored whole."""

    agency: int
    leaders: frozenset[int]
    changes: bool
    lost: tuple[int, ...]


@dataclass(frozen=True)
class _Line:
    """A total as a function of the share of one weight."""

    at_none: Fraction  # with a share of 0
    at_all: Fraction  # with a share of 1

    @property
    def slope(self) -> Fraction:
        return self.at_all - self.at_none

    def at(self, share: Fraction) -> Fraction:
        return self.at_none + share * self.slope


def weight_ranges(outcome: Outcome) -> list[WeightRange]:
    """The range of each weight, in the order of the criteria; none unless two options are ranked
    by two criteria."""
    if len(outcome.totals) < 2 or len(outcome.shares) < 2:  # noqa: PLR2004 - nothing to compare
        return []
    return [_range(outcome, criterion) for criterion in outcome.shares]


def _range(outcome: Outcome, criterion: int) -> WeightRange:
    share = outcome.shares[criterion]
    lines = {}
    for option, total in outcome.totals.items():
        own = outcome.means[option, criterion]
        lines[option] = _Line((total - share * own) / (1 - share), own)
    totals = outcome.totals
    first = _holds(share, lines, _pairs(totals, outcome.leaders))
    order = _holds(share, lines, _pairs(totals, totals))
    return WeightRange(
        criterion, share, first, order, _beyond(lines, first[0], -1), _beyond(lines, first[1], 1)
    )


def _pairs(totals: Totals, upper: Iterable[int]) -> list[tuple[int, int]]:
    """Every pair of which the first, one of ``upper``, is not behind the second now."""
    return [(a, b) for a in upper for b in totals if a != b and totals[a] >= totals[b]]


def _holds(share: Fraction, lines: Mapping[int, _Line], pairs: Iterable[tuple[int, int]]) -> Span:
    """The shares around ``share`` at which the first of each pair is not behind the second."""
    low, high = Fraction(0), Fraction(1)
    for a, b in pairs:
        gains = lines[a].slope - lines[b].slope  # of a over b, as the share grows
        if gains:
            meet = share - (lines[a].at(share) - lines[b].at(share)) / gains
            if gains > 0:
                low = max(low, meet)
            else:
                high = min(high, meet)
    return low, high


def _beyond(lines: Mapping[int, _Line], end: Fraction, way: int) -> frozenset[int]:
    """Who is in first place just beyond ``end`` in the direction ``way``; nobody at the end of the
    scale."""
    if end == (0 if way < 0 else 1):
        return frozenset()
    level = leaders({option: line.at(end) for option, line in lines.items()})
    return leaders({option: way * lines[option].slope for option in level})


def swings(outcome: Outcome) -> list[Swing]:
    """The smallest change of each mean score that changes the first place, the smallest first.

    Cells where no change within 1 to 5 does so are left out. Options that have no rank are too.
    """
    found = []
    for option in outcome.totals:
        for criterion in outcome.shares:
            swing = _swing(outcome, option, criterion)
            if swing is not None:
                found.append(swing)
    return sorted(found, key=lambda one: abs(one.change))


def _swing(outcome: Outcome, option: int, criterion: int) -> Swing | None:
    totals, firsts = outcome.totals, outcome.leaders
    mean, share = outcome.means[option, criterion], outcome.shares[criterion]
    others = [total for other, total in totals.items() if other != option]
    if not others:
        return None
    # Level with the best of the others: above that it leads alone, below it does not lead.
    change = (max(others) - totals[option]) / share
    to = mean + change
    if not LOWEST <= to <= HIGHEST:
        return None
    if change:
        then = leaders({**totals, option: totals[option] + share * change})
    else:
        then = firsts
    return Swing(option, criterion, mean, change, then)


def without_each(outcome: Outcome) -> list[Without]:
    """The first place without each agency in turn; none when only one has scored."""
    if len(outcome.scores) < 2:  # noqa: PLR2004 - without the only one nothing is left
        return []
    # Shares are weights as well: only their proportions count.
    scale = _whole(outcome.shares.values())
    weights = {c: int(share * scale) for c, share in outcome.shares.items()}
    found = []
    for agency in outcome.scores:
        rest = {key: given for key, given in outcome.scores.items() if key != agency}
        then = weigh(outcome.options, weights, rest)
        lost = tuple(one for one in outcome.totals if one not in then.totals)
        found.append(Without(agency, then.leaders, then.leaders != outcome.leaders, lost))
    return found


def _whole(parts: Iterable[Fraction]) -> int:
    """A number by which every part becomes whole."""
    scale = 1
    for part in parts:
        scale *= (part * scale).denominator
    return scale
