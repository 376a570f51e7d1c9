"""What time alone does: silence procedures end, and who is late is reminded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from mapro.core import jobs
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import MaproError
from planning import mandates
from planning.actions.decide import close_silence
from planning.actions.rendition import MAIL
from planning.models import Step, Submission
from planning.vocabulary import SubmissionStatus, Way

log = logging.getLogger(__name__)

# Before the decision is due; the last is when it is past.
REMIND_AT = (timedelta(hours=24), timedelta(hours=4), timedelta(0))
AT_ONCE = 100  # submissions looked at in one turn
_ALSO: list[Callable[[], object]] = []


def every_tick(act: Callable[[], object]) -> None:
    """Call ``act`` at every tick too: how register apps have done what is due with them."""
    if act not in _ALSO:
        _ALSO.append(act)


def tick() -> int:
    """Do what has become due; returns how many packages were adopted by silence.

    Each in a transaction of its own, so that one that fails holds up no other.
    """
    adopted = sum(_close(pk) for pk in _silent())
    for pk in _near():
        _remind(pk)
    for act in _ALSO:
        try:
            act()
        except Exception:  # one app's fault holds up neither the others nor the decisions
            log.exception("what is due in %s was not done", act.__module__)
    return adopted


def _silent() -> list[int]:
    rows = Submission.objects.filter(
        status=SubmissionStatus.PENDING, way=Way.SILENCE, silence_until__lte=timezone.now()
    )
    return list(rows.order_by("silence_until").values_list("step_id", flat=True))


def _locked(pk: int) -> Step:
    return (
        Step.objects.select_related("effort__marking")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=pk)
    )


def _close(pk: int) -> int:
    try:
        with atomic():
            return int(close_silence(step=_locked(pk)) is not None)
    except MaproError as refused:
        log.info("step %s is not adopted by silence: %s", pk, refused)
        return 0


def _near() -> list[int]:
    now = timezone.now()
    late = Q()
    for level, ahead in enumerate(REMIND_AT):
        late |= Q(reminded=level, due__lte=now + ahead)
    rows = Submission.objects.filter(status=SubmissionStatus.PENDING).annotate(
        due=F("step__due_at")
    )
    return list(rows.filter(late).order_by("due").values_list("pk", flat=True)[:AT_ONCE])


@atomic()
def _remind(pk: int) -> None:
    """Remind the seats that are out, and whoever decides; each time once."""
    found = (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("step__effort")
        .get(pk=pk)
    )
    due = found.step.due_at
    now = timezone.now()
    level = sum(due is not None and due <= now + ahead for ahead in REMIND_AT)
    if found.status != SubmissionStatus.PENDING or level <= found.reminded:
        return
    found.reminded = level
    found.save(update_fields=["reminded"])
    board = mandates.bench_for(found)
    out = [s.holder.post for s in mandates.waiting(board, found.votes.all())]
    jobs.enqueue_all([(MAIL, f"remind:{pk}"), (MAIL, f"due:{pk}")])
    record(
        "step.reminded", by=None, on=found.step, effort_id=found.step.effort_id,
        label=str(found.step), submission=found.number, seats=out,
    )  # fmt: skip
