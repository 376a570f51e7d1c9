"""Compare options: weights that are settled before anybody scores, and scores by agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from dime.models import Comparison, Score
from dime.registers import CRITERIA
from dime.selectors import comparison as reads
from dime.selectors.comparison import Compared, compare
from dime.vocabulary import SCORES, Level
from dime.weighing.totals import FULL
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid, NotAllowed, WrongState
from mapro.core.models import Organization, User
from mapro.core.sheets import SheetRow
from planning import entries
from planning.actions.dissent import stands_for
from planning.actions.entry import line_up
from planning.actions.entry_rows import plan_rows, take_in
from planning.actions.words import MAX_WHY, said
from planning.models import Effort, Entry

LEAST = 2  # criteria of a comparison
# What an agency gives by option and criterion, each by number: 1 to 5, perhaps with a reason; none
# takes a score back.
Values = Mapping[tuple[int, int], int | None | tuple[int | None, str]]


@atomic()
def weigh_criteria(
    *, effort: Effort, level: Level, weights: Mapping[int, Any], shown: str, by: User
) -> None:
    """Set the weights of several criteria at once, by number, all of them or none.

    ``shown`` is what ``weights_shown`` gave for what ``by`` saw. Raises ContentChanged when it is
    otherwise now, Invalid by ``weight-<number>`` for what is no weight, WrongState once settled.
    """
    found = _lined_up(effort, level)
    if found.settled:
        raise WrongState("These weights are settled. Reopen them first; no score is lost.")
    if shown != weights_shown(found):
        raise ContentChanged(
            "Somebody changed the criteria or their weights after you opened this page. What you "
            "typed is kept below; nothing was saved. Look at it again, then save."
        )
    wanted = {one.number: str(weights[one.number]).strip() for one in found.criteria
              if one.number in weights}  # fmt: skip
    faults = {
        f"weight-{number}": f"{_name(found.criteria, number)}: “{text}” is no percentage; write a "
        f"whole number from 1 to {FULL}."
        for number, text in wanted.items()
        if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 0 < int(text) <= FULL)  # noqa: PLR2004 - "100"
    }
    if faults:
        raise Invalid(faults)
    header = ("number", "weight")
    rows = [
        SheetRow(place, (str(number), text))
        for place, (number, text) in enumerate(wanted.items(), start=1)
    ]
    plan = plan_rows(effort, CRITERIA, rows, header)
    take_in(
        effort=effort, register=CRITERIA, rows=rows, header=header, digest=plan.digest, by=by
    )  # fmt: skip
    reads.forget(effort)


def weights_shown(found: Compared) -> str:
    """The criteria with their weights in one line, by which a form says what it was made from."""
    return " ".join(f"{one.number}:{found.weights[one.pk]}" for one in found.criteria)


@atomic()
def settle_weights(*, effort: Effort, level: Level, by: User) -> Comparison:
    """Let the weights stand, so that agencies score by them.

    Raises WrongState when they stand, Invalid unless there are two criteria or more, each with a
    weight, and the weights add up to 100.
    """
    found = _lined_up(effort, level)
    if found.settled:
        raise WrongState("These weights are settled already.")
    _check_weights(found)
    comparison = found.comparison or Comparison(effort=effort, level=level)
    comparison.round += 1
    comparison.settled_at, comparison.settled_by = timezone.now(), by
    comparison.save()
    reads.forget(effort)
    record(
        "weights.settled", by=by, on=comparison, effort_id=effort.pk,
        label=f"{level.label}: round {comparison.round}",
        new={
            "round": comparison.round,
            "weights": {str(one): found.weights[one.pk] for one in found.criteria},
        },
    )  # fmt: skip
    return comparison


@atomic()
def reopen_weights(*, effort: Effort, level: Level, why: str, by: User) -> Comparison:
    """Let criteria and weights be changed again. Scores stay, and say in which round they were
    given.

    Raises Invalid without a reason, WrongState when the weights do not stand.
    """
    found = _lined_up(effort, level)
    comparison = found.comparison
    if comparison is None or comparison.settled_at is None:
        raise WrongState("These weights are not settled, so they can be changed as they are.")
    why = said("why", why, need="Say why the weights have to change.", most=MAX_WHY)
    comparison.settled_at, comparison.settled_by = None, None
    comparison.save()
    reads.forget(effort)
    record(
        "weights.reopened", by=by, on=comparison, effort_id=effort.pk,
        label=f"{level.label}: round {comparison.round}", why=why,
        old={"round": comparison.round},
    )  # fmt: skip
    return comparison


@atomic()
def give_scores(
    *, effort: Effort, level: Level, values: Values, by: User, round: int | None = None
) -> list[Score]:
    """Score options for the organization that ``by`` stands for, all that is given or nothing.

    What ``values`` do not name stays. ``round`` is the one whose weights ``by`` saw. Gives the
    scores that were written. Raises WrongState while the weights do not stand, ContentChanged when
    they were settled anew, NotAllowed for who stands for no organization, Invalid by
    ``score-<option>-<criterion>`` for what is no score or names what is not compared.
    """
    found = _lined_up(effort, level)
    comparison = found.comparison
    if comparison is None or comparison.settled_at is None:
        raise WrongState(
            "The weights are not settled, so nothing was scored. Settle them first: whoever knows "
            "the scores can no longer weigh without them."
        )
    if round is not None and round != comparison.round:
        raise ContentChanged(
            "The weights were settled anew after you opened this page, so nothing was scored. What "
            "you chose is kept below: look at the weights of now, and give the scores again."
        )
    agency = _agency(effort, by)
    checked = _checked(found, values)
    own = found.cells.get(agency.pk, {})
    now = timezone.now()
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    written, gone = [], []
    for (option, criterion), (value, why) in checked.items():
        before = own.get((option.pk, criterion.pk))
        name = f"{option} {criterion}"
        if value is None:
            if before is not None:
                old[name] = _plain(before.value, before.why)
                new[name] = None
                gone.append(before.pk)
            continue
        same = before is not None and (before.value, before.why) == (value, why)
        if same and before is not None and before.round == comparison.round:
            continue
        old[name] = _plain(before.value, before.why) if before is not None else None
        new[name] = _plain(value, why)
        written.append(
            Score(
                pk=before.pk if before is not None else None, comparison=comparison, option=option,
                criterion=criterion, organization=agency, value=value, why=why,
                round=comparison.round, by=by, at=now,
            )
        )  # fmt: skip
    if not new:
        return []
    Score.objects.filter(pk__in=gone).delete()
    Score.objects.bulk_create([row for row in written if row.pk is None])
    Score.objects.bulk_update(
        [row for row in written if row.pk is not None], ["value", "why", "round", "by", "at"]
    )
    reads.forget(effort)
    record(
        "scores.given", by=by, on=comparison, effort_id=effort.pk,
        label=f"{agency.short}, {level.label}: {len(new)}", old=old, new=new,
        organization=agency.name, round=comparison.round,
    )  # fmt: skip
    return written


# ---------- parts of several acts


def _lined_up(effort: Effort, level: Level) -> Compared:
    """Put those who change an effort's registers or comparisons in line; what stands now."""
    line_up(effort)
    entries.forget(effort)
    reads.forget(effort)
    return compare(effort, level)


def _check_weights(found: Compared) -> None:
    """Raise Invalid unless the weights may be settled."""
    count = len(found.criteria)
    if count < LEAST:
        raise Invalid(
            {"weights": f"There {'is 1 criterion' if count == 1 else f'are {count} criteria'}. "
             f"Enter at least {LEAST}, or nothing is weighed against anything."}
        )  # fmt: skip
    none = [one.title for one in found.criteria if found.weights[one.pk] <= 0]
    if none:
        raise Invalid({"weights": f"These have no weight: {', '.join(none)}. Give each one."})
    if found.short:
        much = f"{found.short} are missing" if found.short > 0 else f"{-found.short} too much"
        rather = ", ".join(f"{one.title} {found.fitted[one.pk]}" for one in found.criteria)
        instead = f" In the same proportions these add up: {rather}." if found.fitted else ""
        raise Invalid(
            {"weights": f"The weights add up to {found.total_weight}, not to {FULL}: {much}."
             f"{instead}"}
        )  # fmt: skip


def _agency(effort: Effort, by: User) -> Organization:
    found = stands_for(effort, by)
    if found is None:
        raise NotAllowed(
            "You stand for no organization, so nobody would know whose scores these are. An "
            "administrator can name yours."
        )
    return found


def _checked(found: Compared, values: Values) -> dict[tuple[Entry, Entry], tuple[int | None, str]]:
    options = {one.number: one for one in found.options}
    criteria = {one.number: one for one in found.criteria}
    checked: dict[tuple[Entry, Entry], tuple[int | None, str]] = {}
    faults: dict[str, str] = {}
    for (option, criterion), given in values.items():
        key = f"score-{option}-{criterion}"
        value, why = given if isinstance(given, tuple) else (given, "")
        if option not in options or criterion not in criteria:
            faults[key] = (
                f"OPT-{option} and CRT-{criterion} are not compared here now: one of them was "
                "retired, or belongs to the other level. Nothing was scored."
            )
        elif value is not None and value not in SCORES:
            title = options[option].title
            faults[key] = f"{title}, {criteria[criterion].title}: give 1 to 5, or no score."
        else:
            try:
                words = said(key, why, most=MAX_WHY)
            except Invalid as error:
                faults |= error.fields
                continue
            checked[options[option], criteria[criterion]] = (value, words if value else "")
    if faults:
        raise Invalid(faults)
    return checked


def _plain(value: int, why: str) -> dict[str, Any]:
    return {"value": value, "why": why} if why else {"value": value}


def _name(rows: Any, number: int) -> str:
    return next(one.title for one in rows if one.number == number)
