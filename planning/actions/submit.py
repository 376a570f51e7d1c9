"""Submit a step, or some of its products, to the board; and take a submission back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import GateClosed, Invalid, WrongState
from mapro.core.models import User
from planning import gates, states
from planning.actions.freeze import Drafts, freeze_all
from planning.actions.rendition import queue, wanted
from planning.actions.words import in_a_line
from planning.models import Product, SectionDraft, Step, Submission, SubmissionItem, Version
from planning.progress import ProductRow, open_due_outs, row_of
from planning.vocabulary import Format, Origin, SubmissionStatus, Way

MAX_ASK = 300  # characters
LONGEST_SILENCE = timedelta(days=60)


def package_hash(step: Step, ask: str, versions: list[Version]) -> str:
    """SHA-256 over the decision asked for and every Version of the package, in order."""
    package = {
        "effort": step.effort.slug,
        "step": step.number,
        "ask": ask,
        "versions": [[v.product.key, v.number, v.sha256] for v in versions],
    }
    body = json.dumps(package, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


@atomic()
def submit_step(
    *, step: Step, ask: str, by: User, products: Sequence[str] | None = None,
    silence_until: datetime | None = None,
) -> Submission:  # fmt: skip
    """Freeze what the step owes, and what the team started and wrote in, and put it before the board.

    ``ask`` is the decision asked for, in one sentence. ``products`` names those that go alone, for
    an interim decision that leaves the gate where it is; in a step that stays open every
    submission is one. ``silence_until`` ends a silence procedure; without it the step's term does.
    ``step`` must be locked by the caller's ``access_step``. Raises Invalid without an ask, for an
    unknown product or a deadline in the past, GateClosed with every objection, WrongState when the
    step is not open.
    """
    ask = in_a_line(
        "ask", ask, need="Say in one sentence what the board is to decide.", most=MAX_ASK
    )
    every, chosen, drafts = _package(step, products)
    owed = set(step.definition.owes)
    interim = step.definition.stays_open or not owed <= {p.key for p in chosen}
    earlier, last = _earlier(step)
    rows = _rows(chosen, drafts)
    found = gates.examine(step, earlier, rows, every)
    if found.blocked:
        raise GateClosed(found.objections)
    now = timezone.now()
    deadline = _deadline(step, silence_until, now)
    versions = freeze_all(products=chosen, by=by, drafts=drafts)
    fresh = all(version.frozen_at >= now for version in versions)
    states.move(step, "submit")
    submission = Submission.objects.create(
        step=step, number=last + 1, ask=ask, package_hash=package_hash(step, ask, versions),
        submitted_by=by, submitted_at=now, cycle=step.cycle, interim=interim, way=step.way,
        quorum=step.quorum, silence_until=deadline,
        checks={"passed": found.passed, "warnings": [o.message for o in found.objections]},
    )  # fmt: skip
    SubmissionItem.objects.bulk_create(
        SubmissionItem(submission=submission, version=v) for v in versions
    )
    record(
        "step.submitted", by=by, on=step, effort_id=step.effort_id, label=str(step),
        new={"submission": submission.number, "package": submission.package_hash}, ask=ask,
        versions=[[v.product.key, v.number, v.sha256] for v in versions], interim=interim,
        way=step.way, silence_until=deadline.isoformat() if deadline else None,
        warnings=[o.code for o in found.objections],
    )  # fmt: skip
    queue(
        [wanted(version, Format.PDF) for version in versions], by=by,
        mail=[("vote", submission.pk)], fresh=fresh,
    )  # fmt: skip
    return submission


def _package(
    step: Step, keys: Sequence[str] | None
) -> tuple[list[Product], list[Product], dict[int, Drafts]]:
    """The step's products, those that go into the package, and their drafts. One query, which
    locks the products."""
    rows = (
        SectionDraft.objects.filter(product__step=step)
        .select_related("portion", "product")
        .select_for_update(of=("product",), no_key=True)
    )
    there: dict[int, Product] = {}
    drafts: dict[int, Drafts] = {}
    for row in rows.order_by("product__key", "pk"):
        product = there.setdefault(row.product_id, row.product)
        drafts.setdefault(product.pk, {})[row.key] = row
    every = list(there.values())
    for product in every:
        product.effort, product.step = step.effort, step
    if keys is not None:
        unknown = sorted(set(keys) - {p.key for p in every})
        if unknown or not keys:
            raise Invalid({"products": f"This step has no such product: {', '.join(unknown)}."
                           if unknown else "Choose at least one product."})  # fmt: skip
        return every, [p for p in every if p.key in keys], drafts
    owed = step.definition.owes
    chosen = [p for p in every if p.key in owed or any(d.body for d in drafts[p.pk].values())]
    return every, chosen, drafts


def _rows(products: Sequence[Product], drafts: dict[int, Drafts]) -> list[ProductRow]:
    return [
        row_of(product, {key: len(draft.body) for key, draft in drafts[product.pk].items()})
        for product in products
    ]


def _deadline(step: Step, asked: datetime | None, now: datetime) -> datetime | None:
    """When a silence procedure ends. Raises Invalid for a time that is past or far away."""
    if step.way != Way.SILENCE:
        return None
    deadline = asked or now + timedelta(hours=step.silence_hours)
    if not now < deadline <= now + LONGEST_SILENCE:
        raise Invalid(
            {"silence_until": f"End it in the next {LONGEST_SILENCE.days} days, not in the past."}
        )
    return deadline


def _earlier(step: Step) -> tuple[list[Step], int]:
    """The steps before, in order, and the number of this step's last submission, 0 for none. One
    query."""
    numbers = step.submissions.order_by("-number").values("number")
    rows = list(
        Step.objects.filter(effort_id=step.effort_id, number__lte=step.number)
        .annotate(last=Coalesce(Subquery(numbers[:1]), Value(0)))
        .order_by("number")
    )
    for row in rows:
        row.effort = step.effort
    return [row for row in rows if row.number < step.number], rows[-1].last


def pending(step: Step) -> Submission:
    """The submission that waits for a decision. Raises WrongState when there is none."""
    submission = (
        step.submissions.select_related("submitted_by")
        .filter(status=SubmissionStatus.PENDING)
        .first()
    )
    if submission is None:
        raise WrongState(f"Nothing is before the board in Step {step.number}.")
    submission.step = step
    return submission


@atomic()
def withdraw_submission(*, step: Step, by: User) -> Submission:
    """Take the pending submission back; its votes stay on record.

    Raises WrongState without one, or when it was approved verbally: then a decision is owed.
    """
    submission = pending(step)
    if any(
        due.origin == Origin.VERBAL and due.submission_id == submission.pk
        for due in open_due_outs(step.effort)
    ):
        raise WrongState("This package was approved verbally; it is confirmed or returned now.")
    states.move(submission, "withdraw")
    states.move(step, "withdraw")
    record(
        "step.withdrawn", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={"submission": submission.number, "package": submission.package_hash},
    )  # fmt: skip
    return submission
