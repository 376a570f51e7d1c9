"""Options: the lead recommends one, the authority adopts one, the team overrules warnings.

Handbook Part II, Steps 3 and 4: the decision-maker chooses among options; “do nothing” is one.
"""

from __future__ import annotations

from django.utils import timezone

from dime.models import Overruling
from dime.registers.options import OPTIONS
from dime.selectors import options as reads
from dime.selectors.warnings import warnings_of
from dime.vocabulary import Standing
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, WrongState
from mapro.core.models import User
from planning import entries
from planning.actions.entry import changed, lock
from planning.actions.entry_parts import apply_act, label
from planning.actions.words import MAX_WHY, said
from planning.models import Entry, Step
from planning.vocabulary import StepStatus

REGISTER = OPTIONS.key


@atomic()
def recommend_option(*, entry: Entry, by: User, why: str = "") -> Entry:
    """Put an option before the authority as the one that the team recommends; another one of the
    level that was recommended is a proposal again.

    Raises WrongState when it is recommended or adopted already.
    """
    why = said("why", why, most=MAX_WHY)
    standing = _standing(entry)
    if standing in {Standing.RECOMMENDED, Standing.ADOPTED}:
        raise WrongState(f"{entry} is {standing.label.lower()} already.")
    for other in _others(entry, Standing.RECOMMENDED):
        _move(other, Standing.PROPOSED, "option.withdrawn", by, instead_of=str(entry))
    _move(entry, Standing.RECOMMENDED, "option.recommended", by, why=why)
    return entry


@atomic()
def adopt_option(
    *, entry: Entry, why: str, by: User, revision: int | None = None, content: str | None = None,
    stood: str | None = None,
) -> Entry:  # fmt: skip
    """Choose an option; every other one of the level is set aside. ``revision`` is the one that
    ``by`` read, ``content`` the digest of it and its package (``selectors.options.content_of``),
    ``stood`` names the option (OPT-1) that was adopted then, empty for none.

    Once its step is approved, another choice takes a reopened step. Raises Invalid without a
    reason, ContentChanged when something reads otherwise than ``by`` read it, WrongState when it is
    adopted already or its step was decided with another one.
    """
    why = said("why", why, need="Say why this one, so that others can follow it.", most=MAX_WHY)
    standing = _standing(entry)
    if revision is not None and revision != entry.revision:
        raise ContentChanged(f"Somebody changed {entry} after you opened it. Read it again first.")
    if content is not None and content != reads.content_of(entry):
        raise ContentChanged(
            f"Somebody changed the package of {entry} after you opened it. Read it again first."
        )
    level = reads.level_of(entry)
    chosen = entry if standing is Standing.ADOPTED else _first(_others(entry, Standing.ADOPTED))
    if stood is not None and stood != (str(chosen) if chosen else ""):
        now = f"{chosen} “{chosen.title}” is" if chosen else "No option is"
        raise ContentChanged(f"{now} adopted now, other than when you opened this. Read it again.")
    step = entry.effort.steps.get(number=reads.STEPS[level])
    if chosen is not None:
        _may_choose(entry, chosen, step)
    for other in _others(entry, *(set(Standing) - {Standing.SET_ASIDE})):
        _move(other, Standing.SET_ASIDE, "option.set_aside", by, instead_of=str(entry))
    _move(
        entry, Standing.ADOPTED, reads.ADOPTED, by, why=why, level=str(level), step=step.number,
        cycle=step.cycle, content=reads.content_of(entry),
    )  # fmt: skip
    return entry


def _may_choose(entry: Entry, chosen: Entry, step: Step) -> None:
    """Raise WrongState when the choice that stands would only be repeated, or be undone although
    its step is approved with it."""
    made = [one for one in reads.adoptions(entry.effort) if one.number == chosen.number]
    if not made or made[-1].cycle != step.cycle:
        return
    if chosen == entry:
        raise WrongState(f"{entry} is adopted already.")
    if step.status == StepStatus.APPROVED:
        raise WrongState(
            f"{chosen} “{chosen.title}” was adopted, and {step} is approved with it. Reopen {step} "
            "with a reason before you adopt another."
        )


@atomic()
def overrule(*, entry: Entry, warning: str, why: str, by: User) -> Overruling:
    """Let an option stand in spite of a warning, for a reason that is kept, shown and printed.

    ``warning`` is its key. Raises Invalid without a reason, WrongState when the warning does not
    arise (any more), or was overruled already.
    """
    why = said("why", why, need="Say why it may stand in spite of this.", most=MAX_WHY)
    _standing(entry)
    found = {one.key: one for one in warnings_of(entry.effort).get(entry.pk, ())}
    if warning not in found:
        raise WrongState(
            "This warning does not arise any more. Reload the page to see which do now."
        )
    if found[warning].overruling is not None:
        raise WrongState("This warning was overruled already.")
    words = found[warning].words[:1_000]
    row = Overruling.objects.create(
        effort=entry.effort, option=entry, warning=warning, words=words, why=why, by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(
        "warning.overruled", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        warning=warning, words=words, why=why,
    )  # fmt: skip
    return row


@atomic()
def end_overruling(*, overruling: Overruling, by: User) -> Overruling:
    """Let a warning count again. Raises WrongState when it does already."""
    entry = overruling.option
    lock(entry)
    overruling.refresh_from_db(fields=["ended_at"])
    if overruling.ended_at is not None:
        raise WrongState("This warning counts again already.")
    overruling.ended_at, overruling.ended_by = timezone.now(), by
    overruling.save(update_fields=["ended_at", "ended_by"])
    record(
        "overruling.ended", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        warning=overruling.warning, words=overruling.words,
    )  # fmt: skip
    return overruling


# ---------- parts of several acts


def _standing(entry: Entry) -> Standing:
    """Where an option stands now; whoever changes the effort's registers waits from here on."""
    if entry.register != REGISTER:
        raise WrongState(f"{entry} is no option.")
    lock(entry)
    if entry.retired_at is not None:
        raise WrongState(f"{entry} was retired. Bring it back first.")
    entries.forget(entry.effort)
    entries.with_links([entry], entry.effort)
    return reads.standing_of(entry)


def _others(entry: Entry, *standings: Standing) -> list[Entry]:
    """The other options of its level that stand so, read now. One query."""
    rows = entry.effort.entries.filter(register=REGISTER, retired_at=None).exclude(pk=entry.pk)
    level = reads.level_of(entry)
    found = [
        row
        for row in rows.order_by("position", "pk")
        if reads.level_of(row) is level and reads.standing_of(row) in standings
    ]
    for row in found:
        row.effort = entry.effort
    return found


def _first(rows: list[Entry]) -> Entry | None:
    return rows[0] if rows else None


def _move(entry: Entry, to: Standing, code: str, by: User, **detail: object) -> None:
    """Write where an option stands, on record in its own history."""
    before = reads.standing_of(entry)
    apply_act(entry, {"standing": str(to)}, by)
    changed(entry.effort)  # sections show the chosen option alone
    record(
        code, by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        old={"standing": str(before)}, new={"standing": str(to)}, revision=entry.revision, **detail,
    )  # fmt: skip
