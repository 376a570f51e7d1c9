"""Crisis planning: the hasty minimum is enough, and what it leaves out is owed."""

from __future__ import annotations

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import WrongState
from mapro.core.models import User
from planning.actions.words import MAX_WHY, said
from planning.models import Effort
from planning.vocabulary import EffortKind


@atomic()
def declare_crisis(*, effort: Effort, why: str, by: User) -> Effort:
    """Plan in crisis from now on (Part II: every step, however abbreviated).

    Raises Invalid without a reason, WrongState when it is declared already.
    """
    why = said("why", why, need="Say what leaves no time for deliberate planning.", most=MAX_WHY)
    if effort.kind == EffortKind.CRISIS:
        raise WrongState("Crisis planning runs already.")
    effort.kind, effort.crisis_since, effort.crisis_by = EffortKind.CRISIS, timezone.now(), by
    return _turned(effort, "effort.crisis_declared", why, by)


@atomic()
def end_crisis(*, effort: Effort, why: str, by: User) -> Effort:
    """Return to deliberate planning; debts stay until they are settled.

    Raises Invalid without a reason, WrongState when there is no crisis.
    """
    why = said("why", why, need="Say why there is time again.", most=MAX_WHY)
    if effort.kind != EffortKind.CRISIS:
        raise WrongState("Planning is deliberate already.")
    effort.kind, effort.crisis_since, effort.crisis_by = EffortKind.DELIBERATE, None, None
    return _turned(effort, "effort.crisis_ended", why, by)


def _turned(effort: Effort, code: str, why: str, by: User) -> Effort:
    effort.save(update_fields=["kind", "crisis_since", "crisis_by"])
    record(code, by=by, on=effort, effort_id=effort.pk, label=effort.name, why=why)
    return effort
