"""Vote on a submission and decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, GateClosed, NotAllowed, NotCarried, WrongState
from mapro.core.models import User
from planning import gates, mandates, states
from planning.actions import due_out
from planning.actions.decision_record import Consequences, memo_of, seats_of
from planning.actions.freeze import drafts_of, sections_of, written
from planning.actions.rendition import made_ahead, queue
from planning.actions.submit import pending
from planning.actions.words import said
from planning.models import Decision, DueOut, Product, Step, Submission, Version, Vote
from planning.progress import open_due_outs
from planning.vocabulary import Origin, Outcome, Position, Way
from planning.voting import Tally

HASTY_TERM = timedelta(days=7)  # within which what haste left out is written


def _same_package(submission: Submission, package_hash: str) -> None:
    if package_hash != submission.package_hash:
        raise ContentChanged(
            f"You read package {package_hash[:8]}; before the board is package "
            f"{submission.short_hash}. Read it, then vote or decide. What you typed is kept below.",
            package_hash=submission.package_hash,
        )


@atomic()
def cast_vote(
    *, step: Step, position: Position, package_hash: str, by: User, reason: str = "",
    seat: User | None = None,
) -> Vote:  # fmt: skip
    """Record or change a board seat's position on the pending package.

    ``seat`` names the holder in whose place ``by`` votes. ``step`` must be locked. Raises Invalid
    when a nonconcur or a comment comes without words, NotAllowed without a seat that can vote or on
    one's own submission, ContentChanged when ``package_hash`` is not the pending package's,
    WrongState when nothing is pending or a silence procedure has ended.
    """
    void = f"Give your reason: “{position.label}” is void without one."
    reason = said("reason", reason, need=void if position.needs_reason else "")
    submission = pending(step)
    if submission.submitted_by_id == by.pk:
        raise NotAllowed("You submitted this package, so you do not vote on it.")
    _same_package(submission, package_hash)
    now = timezone.now()
    if submission.silence_until is not None and now >= submission.silence_until:
        raise WrongState("The silence procedure has ended; the decision is being recorded.")
    holder = mandates.seat_of(submission, by, seat).holder
    before = submission.votes.filter(user=holder).first()
    # The step is locked, so nobody else casts this seat's vote in between.
    vote = Vote(
        pk=before.pk if before else None, submission=submission, user=holder, position=position,
        cast_by=by if holder.pk != by.pk else None, reason=reason, cast_at=now,
    )  # fmt: skip
    vote.save(force_insert=before is None, force_update=before is not None)
    record(
        "vote.cast", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={"position": before.position, "reason": before.reason} if before else None,
        new={"position": str(position), "reason": reason}, seat=holder.post,
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
    """Decide the pending package; an approval of the whole opens the next step.

    Each line of ``conditions`` and ``guidance`` becomes a due-out. ``step`` must be locked. Raises
    NotAllowed for one's own submission or without a mandate, Invalid when conditions or guidance
    that the outcome needs are missing, ContentChanged when ``package_hash`` is not the pending
    package's or a draft moved on after the freeze, NotCarried when the way of deciding asks for
    more, GateClosed when a step below is no longer approved, WrongState when nothing is pending.
    """
    conditions = said(
        "conditions", conditions,
        need="Name the conditions; the next gate holds the team to them."
        if outcome is Outcome.APPROVE_CONDITIONS else "",
    )  # fmt: skip
    guidance = said(
        "guidance", guidance,
        need="Say why you return the package. The team reads this first."
        if outcome is Outcome.RETURN else "",
    )  # fmt: skip
    if outcome is not Outcome.APPROVE_CONDITIONS:
        conditions = ""
    submission = pending(step)
    decider = mandates.decider_of(step, submission, by)
    _same_package(submission, package_hash)
    case = _Case.read(step, submission)
    versions = _approvable(case) if outcome.approves else []
    return _decide(case, outcome, versions, decider, conditions, guidance)


@atomic()
def close_silence(*, step: Step) -> Decision | None:
    """Adopt by silence what nobody objected to until the deadline; None when it is not to be.

    ``step`` must be locked. Raises ContentChanged or GateClosed when it cannot be approved.
    """
    submission = pending(step)
    if submission.way != Way.SILENCE:
        return None
    case = _Case.read(step, submission)
    if not case.tally.carried:
        return None
    return _decide(case, Outcome.APPROVE, _approvable(case), None, "", "")


@dataclass(frozen=True)
class _Case:
    """What a decision looks at, read once: the steps of the effort, the board, its votes."""

    step: Step
    submission: Submission
    steps: Sequence[Step]
    board: mandates.Bench
    votes: Sequence[Vote]
    now: datetime

    @classmethod
    def read(cls, step: Step, submission: Submission) -> _Case:
        steps = list(step.effort.steps.order_by("number"))
        for one in steps:
            one.effort = step.effort
        votes = list(submission.votes.select_related("user", "cast_by"))
        now = timezone.now()
        return cls(step, submission, steps, mandates.bench_for(submission, now), votes, now)

    @property
    def tally(self) -> Tally:
        return mandates.count(self.submission, self.board, self.votes, self.now)

    @property
    def following(self) -> Step | None:
        return next((s for s in self.steps if s.number == self.step.number + 1), None)


def _approvable(case: _Case) -> list[Version]:
    """The versions of the package, if they may be approved now. Raises as ``decide_step`` says."""
    if not case.tally.carried:
        raise NotCarried(case.tally.lacks)
    earlier = [s for s in case.steps if s.definition.gated and s.number < case.step.number]
    below = gates.rests_on_approvals(case.step, earlier)
    if below:
        raise GateClosed(below)
    return _unchanged_versions(case.step, case.submission)


def _decide(
    case: _Case, outcome: Outcome, versions: list[Version], decider: mandates.Decider | None,
    conditions: str, guidance: str,
) -> Decision:  # fmt: skip
    step, submission, now = case.step, case.submission, case.now
    by = decider.user if decider else None
    verb = "approve" if outcome.approves else "send_back"
    states.move(submission, verb)
    if outcome.approves and submission.interim:
        states.move(step, "approve_interim")
    else:
        states.move(step, verb, **({"approved_at": now} if outcome.approves else {}))
    decision = Decision.objects.create(
        submission=submission, outcome=outcome, conditions=conditions, guidance=guidance,
        package_hash=submission.package_hash, decided_by=by,
        on_behalf_of=decider.on_behalf_of if decider else None,
        body=decider.body if decider else "", way=submission.way, decided_at=now,
        seats=seats_of(case.board, case.votes),
    )  # fmt: skip
    opened = _open_next(case, outcome)
    record(
        f"step.{'approved' if outcome.approves else 'returned'}", by=by, on=step,
        effort_id=step.effort_id, label=str(step),
        new={"outcome": str(outcome), "conditions": conditions, "guidance": guidance},
        submission=submission.number, package=submission.package_hash, way=submission.way,
        on_behalf_of=decider.on_behalf_of.post if decider and decider.on_behalf_of else "",
        tally=case.tally.words, **({"opened": opened.number} if opened else {}),
    )  # fmt: skip
    # A text that is approved for the first time has no file of its approved edition yet.
    fresh = all(version.approved_at is None for version in versions)
    changes = _approve(versions, now)
    owed = _owe(case, decision, versions, changes, by)
    files = [wish for version in versions for wish in made_ahead(version)]
    memo = memo_of(decision, case.submission, case.tally, versions, owed)
    queue(
        [*files, memo], by=by or submission.submitted_by, mail=[("decided", submission.pk)],
        fresh=fresh,
    )  # fmt: skip
    return decision


def _approve(versions: list[Version], now: datetime) -> list[dict[str, Any]]:
    """Make these the approved versions; what that changes, as ``DueOut.detail`` holds it."""
    if not versions:
        return []
    changes = [
        {
            "product": version.product.key,
            "label": version.product.definition.label,
            "title": version.product.title,
            "old": version.product.approved_version.number
            if version.product.approved_version
            else None,
            "new": version.number,
        }
        for version in versions
        if version.product.approved_version_id != version.pk
    ]
    # A text that was approved before, in part of a step, keeps its first time.
    Version.objects.filter(pk__in=[v.pk for v in versions], approved_at=None).update(
        approved_at=now
    )
    for version in versions:
        version.approved_at = version.approved_at or now
        version.product.approved_version = version
    Product.objects.bulk_update([v.product for v in versions], ["approved_version"])
    return changes


def _owe(
    case: _Case, decision: Decision, versions: list[Version], changes: list[dict[str, Any]],
    by: User | None,
) -> Consequences:  # fmt: skip
    """Settle the debts that this decision settles, and give the due-outs that it makes."""
    step, submission = case.step, case.submission
    due_outs = open_due_outs(step.effort)
    approved = decision.result.approves
    spoken = [d for d in due_outs if d.submission_id == submission.pk and d.origin == Origin.VERBAL]
    settled = list(spoken)
    if approved and not submission.interim and case.following:
        settled += [d for d in due_outs if d.origin == Origin.AT_RISK
                    and d.step_id == case.following.pk]  # fmt: skip
    due_out.close(settled, f"{step}, {submission}: {decision.result.label.lower()}.", by)
    if approved and step.cycle > 1 and not submission.interim:
        DueOut.objects.filter(
            effort=step.effort, reopening__step=step, reopening__cycle=step.cycle
        ).update(detail={"changes": changes})
    rows = due_out.of_decision(decision, step, by)
    rows += _left_out(step, decision, versions, due_outs, by)
    if spoken and not approved and case.following and case.following.opened_at:
        rows.append(
            DueOut(
                text=f"{case.following} was opened on a verbal approval that was not confirmed.",
                origin=Origin.AT_RISK, step=case.following, given_by=by, given_at=case.now,
            )
        )  # fmt: skip
    standing = [d for d in due_outs if d.came_from.is_debt and d not in settled]
    return Consequences(due_out.give(step.effort, rows), next(iter(spoken), None), standing)


def _left_out(
    step: Step, decision: Decision, versions: list[Version], due_outs: Sequence[DueOut],
    by: User | None,
) -> list[DueOut]:  # fmt: skip
    """A debt for each approved product whose required sections haste left empty."""
    owed = {d.product_id for d in due_outs if d.origin == Origin.HASTY}
    found = []
    for version in versions:
        product = version.product
        texts = {s["key"]: s["html"] for s in version.snapshot["sections"]}
        empty = [
            o.section.title_for(step.effort.name)
            for o in product.definition.walk()
            if o.section.required and not texts.get(o.section.key)
        ]
        if empty and product.pk not in owed:
            text = f"{product.definition.label}, {product.title}: {'; '.join(empty)}."
            found.append(
                DueOut(
                    text=text, origin=Origin.HASTY, step=step, product=product, decision=decision,
                    owner=due_out.lead_of(step.effort), due_at=decision.decided_at + HASTY_TERM,
                    given_by=by, given_at=decision.decided_at,
                )
            )  # fmt: skip
    return found


def _unchanged_versions(step: Step, submission: Submission) -> list[Version]:
    """The package's versions, if every draft still reads as it was frozen."""
    versions = [
        item.version
        for item in submission.items.select_related(
            "version__product__approved_version", "version__marking"
        )
        .defer("version__product__approved_version__snapshot")
        .select_for_update(of=("version__product",), no_key=True)
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


def _open_next(case: _Case, outcome: Outcome) -> Step | None:
    """The next step, if this approval opens it; it may be open already, at risk or by word."""
    following = case.following
    if not outcome.approves or case.submission.interim or following is None:
        return None
    return following if states.try_move(following, "open", opened_at=case.now) else None
