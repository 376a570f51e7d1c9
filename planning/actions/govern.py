"""How a step is decided, at which level, and when it is opened again, ahead of time or by word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mapro.core import jobs
from mapro.core.audit import record, stream_of
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent, Organization, User
from planning import grants, mandates, states
from planning.actions import due_out
from planning.actions.rendition import MAIL
from planning.actions.submit import pending
from planning.actions.words import MAX_WHY, said
from planning.models import DueOut, Membership, Reopening, Step
from planning.progress import open_due_outs, products_of
from planning.vocabulary import Origin, Role, StepStatus, Way

MAX_QUORUM = 99
MAX_SILENCE = 60 * 24  # hours
REMIND_AGAIN = timedelta(minutes=10)
HOW = ("way", "quorum", "silence_hours", "due_at")


@atomic()
def settle_step(
    *, step: Step, by: User, way: Way, quorum: int, silence_hours: int, due_at: datetime | None
) -> Step:
    """Settle how and by when a step is decided; it holds from the next submission.

    ``step`` must be locked. Raises Invalid for a quorum or a term out of bounds. Nothing is
    recorded when nothing changed.
    """
    if not 0 <= quorum <= MAX_QUORUM:
        raise Invalid({"quorum": f"Give a number of seats from 0 to {MAX_QUORUM}."})
    if not 1 <= silence_hours <= MAX_SILENCE:
        raise Invalid({"silence_hours": f"Give hours from 1 to {MAX_SILENCE:,}."})
    new: dict[str, Any] = dict(zip(HOW, (way, quorum, silence_hours, due_at), strict=True))
    old = {name: getattr(step, name) for name in HOW}
    changed = [name for name in HOW if old[name] != new[name]]
    if not changed:
        return step
    for name in changed:
        setattr(step, name, new[name])
    step.save(update_fields=changed)
    record(
        "step.settled", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={name: _plain(old[name]) for name in changed},
        new={name: _plain(new[name]) for name in changed},
    )  # fmt: skip
    return step


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@atomic()
def raise_step(*, step: Step, user: User, organization: Organization, by: User) -> Membership:
    """Make a higher level, such as the Deputies Committee, the authority of this step alone.

    ``user`` acts for ``organization``. Raises Invalid for an inactive account or one that decides
    the step already.
    """
    if not user.is_active:
        raise Invalid({"user": f"{user.post} has no active account."})
    made, new = Membership.objects.get_or_create(
        effort=step.effort, user=user, step=step, role=Role.AUTHORITY,
        defaults={"organization": organization},
    )  # fmt: skip
    if not new:
        raise Invalid({"user": f"{user.post} decides {step} already."})
    grants.refresh(step.effort, user)
    mandates.forget(step.effort)
    record(
        "step.raised", by=by, on=step, effort_id=step.effort_id, label=f"{step}: {user.post}",
        new={"user": user.pk, "organization": organization.name},
    )  # fmt: skip
    return made


@atomic()
def lower_step(*, step: Step, by: User) -> None:
    """Give the step back to the effort's authority. Raises WrongState when it was not raised."""
    rows = list(step.authorities.select_related("user"))
    if not rows:
        raise WrongState(f"{step} is decided by the effort's own authority already.")
    step.authorities.all().delete()
    for row in rows:
        grants.refresh(step.effort, row.user)
    mandates.forget(step.effort)
    record(
        "step.lowered", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={"users": [row.user_id for row in rows]},
    )  # fmt: skip


@atomic()
def reopen_step(*, step: Step, reason: str, by: User) -> Reopening:
    """Open an approved step for a new cycle (Part II: the framework is iterative).

    Every later step that has begun, and what was approved there, is flagged: its next gate waits
    until the lead says what the new decision changes. ``step`` must be locked. Raises Invalid
    without a reason, NotAllowed for whoever does not decide this step or the effort, WrongState
    when it is not approved.
    """
    reason = said("reason", reason, need="Say what changed, so that the step is decided again.")
    if mandates.bench(step).decider(by) is None and not _effort_authority(step, by):
        raise NotAllowed(f"Only who decides {step}, or the effort's authority, may reopen it.")
    states.move(step, "reopen", approved_at=None, opened_at=timezone.now())
    step.cycle += 1
    step.save(update_fields=["cycle"])
    row = Reopening.objects.create(
        step=step, cycle=step.cycle, reason=reason, by=by, at=timezone.now()
    )
    record(
        "step.reopened", by=by, on=step, effort_id=step.effort_id, label=str(step),
        new={"cycle": step.cycle, "reason": reason},
    )  # fmt: skip
    due_out.give(step.effort, _flags(step, row))
    return row


def _effort_authority(step: Step, user: User) -> bool:
    return Membership.objects.filter(
        effort=step.effort, user=user, role=Role.AUTHORITY, step=None
    ).exists()


def _flags(step: Step, row: Reopening) -> Iterator[DueOut]:
    """One due-out for each later step that has begun, naming what was approved there."""
    later = step.effort.steps.filter(number__gt=step.number).exclude(status=StepStatus.LOCKED)
    lead = due_out.lead_of(step.effort)
    for other in later.order_by("number"):
        approved = [
            r.product.definition.label
            for r in products_of(step.effort)
            if r.product.step_id == other.pk and r.product.approved_version_id
        ]
        words = f"{step} was reopened (cycle {row.cycle}); {other} rests on it."
        if approved:
            words += f" Approved there: {', '.join(approved)}."
        yield DueOut(
            text=words, origin=Origin.REOPENED, step=other, reopening=row, owner=lead,
            given_by=row.by, given_at=row.at,
        )  # fmt: skip


@atomic()
def record_verbal(
    *, step: Step, said_by: User, said_at: datetime, words: str, by: User
) -> DueOut:  # fmt: skip
    """Record that the authority approved the pending package by word; the next step opens.

    It is a debt until the authority confirms it in writing within the effort's term. ``step`` must
    be locked. Raises Invalid without words, for a time in the future or before the package, or
    somebody who may not decide it; WrongState when nothing is pending or it was recorded already.
    """
    words = said("words", words, need="Write down what was said, and how it reached you.")
    submission = pending(step)
    now = timezone.now()
    if not submission.submitted_at <= said_at <= now:
        raise Invalid({"said_at": "It was said after the package was frozen and before now."})
    if (
        said_by.pk == submission.submitted_by_id
        or mandates.bench_for(submission).decider(said_by) is None
    ):
        raise Invalid({"said_by": f"{said_by.post} may not decide {step}."})
    if any(d.submission_id == submission.pk and d.origin == Origin.VERBAL
           for d in open_due_outs(step.effort)):  # fmt: skip
        raise WrongState("A verbal approval of this package is on record already.")
    opened = None if submission.interim else _open_following(step, now)
    record(
        "step.said", by=by, on=step, effort_id=step.effort_id, label=f"{step}: {said_by.post}",
        new={"by": said_by.pk, "at": said_at.isoformat(), "words": words},
        submission=submission.number, package=submission.package_hash,
        opened=opened.number if opened else None,
    )  # fmt: skip
    [row] = due_out.give(
        step.effort,
        [
            DueOut(
                text=f"{said_by.post} approved {submission} by word; to be confirmed in writing.",
                origin=Origin.VERBAL, step=step, submission=submission, owner=said_by,
                due_at=now + timedelta(hours=step.effort.confirm_hours), given_by=by, given_at=now,
                detail={"by": said_by.post, "at": said_at.isoformat(), "words": words},
            )
        ],
    )  # fmt: skip
    jobs.enqueue(MAIL, f"confirm:{submission.pk}")
    return row


def _open_following(step: Step, now: datetime) -> Step | None:
    following = step.effort.steps.filter(number=step.number + 1).first()
    if following is None or not states.try_move(following, "open", opened_at=now):
        return None
    return following


@atomic()
def proceed_at_risk(*, step: Step, why: str, by: User) -> DueOut:
    """Start a locked step before the one below it is approved.

    It is drafted at risk: its gate waits for the approval, and the debt stands until then. ``step``
    must be locked in the database too. Raises Invalid without a reason, WrongState when the step
    below has not begun.
    """
    why = said("why", why, need="Say why waiting costs more than the risk.", most=MAX_WHY)
    below = step.effort.steps.get(number=step.number - 1)
    if below.status == StepStatus.LOCKED:
        raise WrongState(f"{below} has not begun either; start with that one.")
    now = timezone.now()
    states.move(step, "open", opened_at=now)
    record(
        "step.at_risk", by=by, on=step, effort_id=step.effort_id, label=str(step), why=why,
    )  # fmt: skip
    [row] = due_out.give(
        step.effort,
        [
            DueOut(
                text=f"{step} was started before {below} is approved: {why}",
                origin=Origin.AT_RISK, step=step, owner=due_out.lead_of(step.effort), given_by=by,
                given_at=now,
            )
        ],
    )  # fmt: skip
    return row


@atomic()
def remind(*, step: Step, by: User, seat: User | None = None) -> int:
    """Ask the seats that are out, or that of ``seat``, for their vote; how many were asked.

    ``step`` must be locked. Raises WrongState when nothing is pending, nobody is out, or they were
    asked minutes ago.
    """
    submission = pending(step)
    waiting = mandates.waiting(mandates.bench_for(submission), submission.votes.all())
    wanted = [s for s in waiting if seat in {None, s.holder}]
    if not wanted:
        raise WrongState("Every seat that can vote has voted; there is nobody to remind.")
    asked = _asked_lately(step)
    out = [s for s in wanted if s.holder.post not in asked]
    if not out:
        raise WrongState("They were reminded a few minutes ago. Give them time to read.")
    jobs.enqueue(MAIL, *(f"remind:{submission.pk}:{v.pk}" for s in out for v in s.voters))
    record(
        "step.reminded", by=by, on=step, effort_id=step.effort_id, label=str(step),
        submission=submission.number, seats=[s.holder.post for s in out],
    )  # fmt: skip
    return len(out)


def _asked_lately(step: Step) -> set[str]:
    """The posts that were reminded minutes ago, as the record says."""
    lately = AuditEvent.objects.filter(
        stream=stream_of(step.effort_id), code="step.reminded", subject=f"step:{step.pk}",
        at__gt=timezone.now() - REMIND_AGAIN,
    )  # fmt: skip
    return {post for event in lately for post in event.detail["seats"]}
