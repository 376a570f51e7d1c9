"""What a comparison comes to, in sentences: who leads, how stable that is, what is missing.

Pages, the API and products say the same. None of it decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from dime.selectors.comparison import Compared
from dime.weighing import Swing, WeightRange, leaders, score, share
from dime.weighing.totals import HIGHEST

INFORMS = "The comparison informs; the decision remains the authority's."


def headline(found: Compared) -> str:
    """Who leads and by how much."""
    outcome = found.outcome
    if not found.courses:
        return "No option is entered on this level yet."
    if not outcome.totals:
        return "Nothing is ranked yet: no agency has scored an option by every criterion."
    best = score(max(outcome.totals.values()))
    firsts = _named(found, outcome.leaders)
    if len(outcome.totals) == 1:
        said = f"Only {firsts} is scored by every criterion, with {best} of {HIGHEST}."
    elif len(outcome.leaders) > 1:
        said = f"{firsts} share the first place with {best} of {HIGHEST}."
    else:
        second = max(v for key, v in outcome.totals.items() if key not in outcome.leaders)
        next_ones = [key for key, value in outcome.totals.items() if value == second]
        assert outcome.lead is not None  # noqa: S101 - there is a second, so there is a distance
        said = (
            f"{firsts} leads with {best} of {HIGHEST}, {score(outcome.lead)} ahead of "
            f"{_named(found, next_ones)}."
        )
    return said if found.settled else f"{said} The weights are open, so this may change."


def stability(found: Compared) -> list[str]:
    """Which change of a weight, of a score or of who scores would bring another to the first
    place; nothing unless two options are ranked."""
    if len(found.outcome.totals) < 2:  # noqa: PLR2004 - nothing to be stable against
        return []
    return [*_by_agencies(found), *_by_weights(found), *_by_scores(found)]


def missing(found: Compared) -> list[str]:
    """What is not there yet, or has to be looked at again."""
    said = []
    if found.levelless:
        names = _listed(f"{one} “{one.title}”" for one in found.levelless)
        said.append(f"Compared on no level, because no level is said: {names}.")
    vague = [
        one.title for one in found.criteria if not (one.value("poor") and one.value("good"))
    ]  # fmt: skip
    if vague:
        said.append(f"What 1 and 5 mean is not said for {_listed(f'“{name}”' for name in vague)}.")
    if found.round and found.silent:
        said.append(f"No scores yet from {_listed(one.short for one in found.silent)}.")
    for agency, organization in found.agencies.items():
        left = found.gaps(agency)
        if left:
            said.append(f"{organization.short} left {left} of its scores open.")
        old = found.earlier(agency)
        if old:
            said.append(
                f"{organization.short} gave {old} of its scores before the weights were settled "
                "last; it should look at them again."
            )
    if found.scores and found.outcome.incomplete:
        names = _named(found, found.outcome.incomplete)
        verb = "has" if len(found.outcome.incomplete) == 1 else "have"
        said.append(f"{names} {verb} no rank: no agency scored every criterion.")
    return said


def _by_agencies(found: Compared) -> list[str]:
    firsts = found.outcome.leaders
    if len(found.agencies) == 1:
        only = next(iter(found.agencies.values()))
        return [f"Only {only.short} has scored, so this is the view of one agency."]
    said = []
    it = "it" if len(firsts) == 1 else "the same"
    alone = {key: own for key, own in found.outcome.by_agency.items() if own}
    same = [key for key, own in alone.items() if leaders(own) == firsts]
    if len(same) == len(alone):
        said.append(f"Each of the {len(alone)} agencies that scored puts {it} first on its own.")
    else:
        others = _listed(
            f"{found.agencies[key].short} puts {_named(found, leaders(own))} first"
            for key, own in alone.items()
            if key not in same
        )
        verb = "puts" if len(same) == 1 else "put"
        said.append(
            f"On their own, {len(same)} of {len(alone)} agencies {verb} {it} first; {others}."
        )
    turning = [one for one in found.without if one.changes]
    for one in turning:
        short = found.agencies[one.agency].short
        then = (
            f"{_named(found, one.leaders)} would be first" if one.leaders else "nobody would rank"
        )
        said.append(f"Without the scores of {short}, {then}.")
    if not turning and len(same) != len(alone):
        said.append("Leaving any one agency out does not change the first place.")
    return said


def _by_weights(found: Compared) -> list[str]:
    moving = [one for one in found.ranges if one.room is not None]
    if not found.ranges:
        return []
    if not moving:
        return ["No weight of a single criterion, however large or small, changes the first place."]
    near = min(moving, key=lambda one: one.room or 0)
    name, now = found.names[near.criterion], share(near.share, up=False)
    if near.room == 0 and len(found.outcome.leaders) > 1:
        return [f"They are level, so that any change of the weight of “{name}” decides."]
    return [
        f"The nearest change of a weight: {_turn(found, near)} “{name}” weighs {now} percent now."
    ]


def _turn(found: Compared, one: WeightRange) -> str:
    """“above 36.5 percent for “Speed”, “Option one” takes the first place.”"""
    down = one.share - one.first[0] if one.below else None
    up = one.first[1] - one.share if one.above else None
    name = found.names[one.criterion]
    if up is not None and (down is None or up <= down):
        end, then, side = share(one.first[1], up=True), one.above, "above"
    else:
        end, then, side = share(one.first[0], up=False), one.below, "below"
    return f"{side} {end} percent for “{name}”, {_named(found, then)} would be first."


def _by_scores(found: Compared) -> list[str]:
    if not found.swings:
        return ["No change of a single mean score changes the first place."]
    near = found.swings[0]
    if not near.change:
        return ["Any change of a score of theirs decides between them."]
    return [f"The nearest change of a score: {swing_words(found, near)}."]


def swing_words(found: Compared, one: Swing) -> str:
    """What one changed score does."""
    if not one.change:
        return f"any other mean for “{found.names[one.option]}” by “{found.names[one.criterion]}”"
    way = "up" if one.change > 0 else "down"
    return (
        f"“{found.names[one.option]}” by “{found.names[one.criterion]}” {way} from "
        f"{score(one.mean)} to {score(one.to)} would put {_named(found, one.leaders)} level"
    )


def _named(found: Compared, keys: Iterable[int]) -> str:
    """Options by name, in the register's order."""
    wanted = set(keys)
    return _listed(f"“{one.title}”" for one in found.options if one.pk in wanted)


def _listed(names: Iterable[str]) -> str:
    """“A, B and C”."""
    every = list(names)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)
