"""Submit a step to the board, and take a submission back."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import GateClosed, Invalid, WrongState
from mapro.core.models import User
from planning import gates, states
from planning.actions.freeze import drafts_of, freeze_all
from planning.actions.rendition import queue, wanted
from planning.models import Step, Submission, SubmissionItem, Version
from planning.progress import row_of
from planning.vocabulary import Format, SubmissionStatus

MAX_ASK = 300  # characters


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
def submit_step(*, step: Step, ask: str, by: User) -> Submission:
    """Freeze what the step owes, and what the team started and wrote in, and put it before the board.

    ``ask`` is the decision asked for, in one sentence. ``step`` must be locked by the caller's
    ``access_step``. Raises Invalid without an ask, GateClosed with every objection, WrongState
    when the step is not open.
    """
    ask = " ".join(ask.split())
    if not ask:
        raise Invalid({"ask": "Say in one sentence what the board is to decide."})
    if len(ask) > MAX_ASK:
        raise Invalid({"ask": f"Keep the decision asked for below {MAX_ASK} characters."})
    products = list(step.products.select_for_update().order_by("key"))
    for product in products:
        product.effort, product.step = step.effort, step
    drafts = drafts_of(products)
    owed = step.definition.owes
    products = [p for p in products if p.key in owed or any(d.body for d in drafts[p.pk].values())]
    before, last = _before(step)
    rows = [
        row_of(product, {key: len(draft.body) for key, draft in drafts[product.pk].items()})
        for product in products
    ]
    found = gates.objections(step, before, rows)
    if any(o.blocks for o in found):
        raise GateClosed(found)
    versions = freeze_all(products=products, by=by, drafts=drafts)
    states.move(step, "submit")
    submission = Submission.objects.create(
        step=step, number=last + 1, ask=ask, package_hash=package_hash(step, ask, versions),
        submitted_by=by, submitted_at=timezone.now(),
    )  # fmt: skip
    SubmissionItem.objects.bulk_create(
        SubmissionItem(submission=submission, version=v) for v in versions
    )
    record(
        "step.submitted", by=by, on=step, effort_id=step.effort_id, label=str(step),
        new={"submission": submission.number, "package": submission.package_hash}, ask=ask,
        versions=[[v.product.key, v.number, v.sha256] for v in versions],
        warnings=[o.code for o in found],
    )  # fmt: skip
    queue([wanted(version, Format.PDF) for version in versions], by=by)
    return submission


def _before(step: Step) -> tuple[Step | None, int]:
    """The step before, and the number of this step's last submission, 0 for none. One query."""
    numbers = step.submissions.order_by("-number").values("number")
    before = (
        Step.objects.filter(effort_id=step.effort_id, number=step.number - 1)
        .annotate(last=Coalesce(Subquery(numbers[:1]), 0))
        .first()
    )
    if before is None:
        return None, 0
    before.effort = step.effort
    return before, before.last


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
    """Take the pending submission back; its votes stay on record. Raises WrongState without one."""
    submission = pending(step)
    states.move(submission, "withdraw")
    states.move(step, "withdraw")
    record(
        "step.withdrawn", by=by, on=step, effort_id=step.effort_id, label=str(step),
        old={"submission": submission.number, "package": submission.package_hash},
    )  # fmt: skip
    return submission
