"""Vote on a submission and decide it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid, NotAllowed
from mapro.core.models import User
from planning import framework, states
from planning.actions.freeze import drafts_of, sections_of, written
from planning.actions.rendition import made_ahead, queue
from planning.actions.submit import pending
from planning.models import Decision, Product, Step, Submission, Version, Vote
from planning.vocabulary import Outcome, Position

MAX_WORDS = 4_000  # characters of a reason, a condition or guidance


def _same_package(submission: Submission, package_hash: str) -> None:
    if package_hash != submission.package_hash:
        raise ContentChanged(
            f"You read package {package_hash[:8]}; before the board is package "
            f"{submission.short_hash}. Read it, then vote or decide. What you typed is kept below.",
            package_hash=submission.package_hash,
        )


def _fits(field: str, words: str) -> str:
    words = words.strip()
    if len(words) > MAX_WORDS:
        raise Invalid({field: f"Keep this below {MAX_WORDS:,} characters."})
    return words


@atomic()
def cast_vote(
    *, step: Step, position: Position, package_hash: str, by: User, reason: str = ""
) -> Vote:
    """Record or change a board member's position on the pending package.

    ``step`` must be locked. Raises Invalid when a nonconcur or a comment comes without words,
    ContentChanged when ``package_hash`` is not the pending package's, WrongState when nothing is
    pending.
    """
    reason = _fits("reason", reason)
    if position.needs_reason and not reason:
        raise Invalid({"reason": f"Give your reason: “{position.label}” is void without one."})
    submission = pending(step)
    _same_package(submission, package_hash)
    before = submission.votes.filter(user=by).first()
    # The step is locked, so nobody else casts this person's vote in between.
    vote = Vote(
        pk=before.pk if before else None, submission=submission, user=by, position=position,
        reason=reason, cast_at=timezone.now(),
    )  # fmt: skip
    vote.save(force_insert=before is None, force_update=before is not None)
    record(
        "vote.cast", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={"position": before.position, "reason": before.reason} if before else None,
        new={"position": str(position), "reason": reason},
        submission=submission.number, package=submission.package_hash,
    )  # fmt: skip
    return vote


@atomic()
def decide_step(
    *,
    step: Step,
    outcome: Outcome,
    package_hash: str,
    by: User,
    conditions: str = "",
    guidance: str = "",
) -> Decision:
    """Decide the pending package; an approval opens the next step.

    ``step`` must be locked. Raises NotAllowed for one's own submission, Invalid when conditions or
    guidance that the outcome needs are missing, ContentChanged when ``package_hash`` is not the
    pending package's or a draft moved on after the freeze, WrongState when nothing is pending.
    """
    conditions = _fits("conditions", conditions)
    guidance = _fits("guidance", guidance)
    if outcome is Outcome.APPROVE_CONDITIONS and not conditions:
        raise Invalid({"conditions": "Name the conditions; the next gate holds the team to them."})
    if outcome is Outcome.RETURN and not guidance:
        raise Invalid({"guidance": "Say why you return the package. The team reads this first."})
    if outcome is not Outcome.APPROVE_CONDITIONS:
        conditions = ""
    submission = pending(step)
    if submission.submitted_by_id == by.pk:
        raise NotAllowed("You submitted this package, so somebody else has to decide it.")
    _same_package(submission, package_hash)
    versions = _unchanged_versions(step, submission) if outcome.approves else []
    verb = "approve" if outcome.approves else "send_back"
    states.move(submission, verb)
    now = timezone.now()
    states.move(step, verb, **({"approved_at": now} if outcome.approves else {}))
    decision = Decision.objects.create(
        submission=submission, outcome=outcome, conditions=conditions, guidance=guidance,
        package_hash=package_hash, decided_by=by, decided_at=now,
    )  # fmt: skip
    record(
        f"step.{'approved' if outcome.approves else 'returned'}", by=by, on=step,
        effort_id=step.effort_id, label=str(step),
        new={"outcome": str(outcome), "conditions": conditions, "guidance": guidance},
        submission=submission.number, package=package_hash,
    )  # fmt: skip
    if versions:
        _approve(versions, by, now)
    if outcome.approves and step.number + 1 < len(framework.STEPS):
        _open_next(step, by)
    return decision


def _approve(versions: list[Version], by: User, now: datetime) -> None:
    Version.objects.filter(pk__in=[v.pk for v in versions]).update(approved_at=now)
    for version in versions:
        version.approved_at = now
        version.product.approved_version = version
    Product.objects.bulk_update([v.product for v in versions], ["approved_version"])
    queue([wish for version in versions for wish in made_ahead(version)], by=by)


def _unchanged_versions(step: Step, submission: Submission) -> list[Version]:
    """The package's versions, if every draft still reads as it was frozen."""
    versions = [
        item.version
        for item in submission.items.select_related("version__product", "version__marking")
    ]
    for version in versions:
        version.product.effort, version.product.step = step.effort, step
    drafts = drafts_of([version.product for version in versions], lock=True)
    moved = []
    for version in versions:
        frozen = {s["key"]: written(s) for s in version.snapshot["sections"]}
        now = {s["key"]: s for s in sections_of(version.product, drafts[version.product_id])}
        moved += [
            f"{version.product.definition.label}, “{(now.get(key) or frozen[key])['title']}”"
            for key in (*now, *(key for key in frozen if key not in now))
            if frozen.get(key) != now.get(key)
        ]
    if moved:
        raise ContentChanged(
            f"The draft changed after the package was frozen: {'; '.join(moved)}. "
            "Ask the lead to withdraw and submit again, so that you decide on the text that "
            "stands. What you typed is kept below.",
            changed=moved,
            package_hash=submission.package_hash,
        )
    return versions


def _open_next(step: Step, by: User) -> None:
    following = Step.objects.select_for_update().get(
        effort_id=step.effort_id, number=step.number + 1
    )
    states.move(following, "open", opened_at=timezone.now())
    record(
        "step.opened", by=by, on=following, effort_id=step.effort_id, label=str(following),
        because=f"Step {step.number} was approved",
    )  # fmt: skip
