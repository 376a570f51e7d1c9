"""Assumptions: the authority approves them; time and events confirm or break them.

Handbook Part II, Step 2, Assumptions: the Approving Authority should approve them, they are
validated early, and branch plans cover those that prove wrong.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid, WrongState
from mapro.core.models import User
from planning import entries, selectors
from planning.actions.due_out import give, lead_of
from planning.actions.entry import lock
from planning.actions.entry_parts import apply_act, label
from planning.actions.words import MAX_WHY, said
from planning.models import DueOut, Entry
from planning.vocabulary import Origin

REGISTER = "assumptions"


class Standing(StrEnum):
    """Where an assumption stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    VALIDATED = "validated"
    INVALIDATED = "invalidated"


@atomic()
def approve_assumption(*, entry: Entry, by: User, revision: int | None = None) -> Entry:
    """Take an assumption as a basis of the plan. It holds for the text at hand: a change of the
    statement makes it a proposal again. ``revision`` is the one that ``by`` read.

    Raises Invalid when it says nobody how it could prove wrong,
    WrongState when it is no proposal, ContentChanged when it reads otherwise than at ``revision``.
    """
    standing = _standing(entry)
    if revision is not None and revision != entry.revision:
        raise ContentChanged(f"Somebody changed {entry} after you opened it. Read it again first.")
    if standing is not Standing.PROPOSED:
        raise WrongState(f"{entry} is {standing} already; only a proposal is approved.")
    if not entry.value("invalidated_by"):
        raise Invalid(
            {"invalidated_by": "Say first what would prove it wrong, or nobody will notice."}
        )
    apply_act(entry, {"status": str(Standing.APPROVED)}, by)
    record(
        "assumption.approved", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        old={"status": str(standing)}, new={"status": str(Standing.APPROVED)},
        revision=entry.revision,
    )  # fmt: skip
    return entry


@atomic()
def judge_assumption(*, entry: Entry, verdict: Standing, why: str, by: User) -> Entry:
    """Say that an assumption came true, or that it does not hold, and what shows it.

    One that does not hold sends everything that rests on it to be looked at again, and the lead
    owes an answer: does the plan stand, or is a branch needed? Raises
    Invalid without a reason or for another verdict, WrongState when it was judged so already.
    """
    if verdict not in {Standing.VALIDATED, Standing.INVALIDATED}:
        raise Invalid({"verdict": "Say whether it is validated or invalidated."})
    why = said("why", why, need="Say what shows it.", most=MAX_WHY)
    standing = _standing(entry)
    if standing is verdict:
        raise WrongState(f"{entry} is {verdict} already.")
    resting = [str(one.entry) for one in selectors.dependents(entry)]
    apply_act(entry, {"status": str(verdict)}, by)
    record(
        f"assumption.{verdict}", by=by, on=entry, effort_id=entry.effort_id, label=label(entry),
        old={"status": str(standing)}, new={"status": str(verdict)}, why=why,
        revision=entry.revision, resting=resting,
    )  # fmt: skip
    if verdict is Standing.INVALIDATED:
        give(entry.effort, [_question(entry, resting, why, by)])
    return entry


def _question(entry: Entry, resting: list[str], why: str, by: User) -> DueOut:
    on = f" On it rest {', '.join(resting[:20])}." if resting else ""
    return DueOut(
        text=f"{entry} does not hold: {entry.title} ({why}){on} Say whether the plan stands or a "
        "branch is needed.",
        origin=Origin.ASSUMPTION, owner=lead_of(entry.effort), given_by=by,
        given_at=timezone.now(),
    )  # fmt: skip


def _standing(entry: Entry) -> Standing:
    if entry.register != REGISTER:
        raise WrongState(f"{entry} is no assumption.")
    lock(entry)
    if entry.retired_at is not None:
        raise WrongState(f"{entry} was retired. Bring it back first.")
    entries.with_links([entry], entry.effort)
    return Standing(entry.value("status") or Standing.PROPOSED)
