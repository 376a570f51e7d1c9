"""Due-outs: what somebody owes, from giving it to the evidence that it was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from mapro.core.audit import hold, record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning.actions.words import MAX_WORDS, lines, said
from planning.models import Decision, DueOut, Effort, Step
from planning.progress import members_of, products_of
from planning.vocabulary import Origin, Role

MAX_LINES = 30  # conditions or lines of guidance in one decision
DOERS = frozenset({Role.LEAD, Role.MEMBER})


def give(effort: Effort, rows: Iterable[DueOut]) -> list[DueOut]:
    """Number and write due-outs; part of another act, after its ``record``: the head of the
    effort's stream, which that locks, puts those who number in line. Two queries, none for none."""
    found = list(rows)
    if not found:
        return []
    last = effort.due_outs.aggregate(last=Max("number"))["last"] or 0
    for number, row in enumerate(found, last + 1):
        row.effort, row.number = effort, number
    DueOut.objects.bulk_create(found)
    effort.__dict__.pop("_due_outs", None)
    return found


def of_decision(decision: Decision, step: Step, by: User | None) -> list[DueOut]:
    """The rows that a decision's conditions and guidance make, one per line.

    Raises Invalid for too many lines.
    """
    owner = lead_of(step.effort)
    found = []
    for origin, words in (
        (Origin.CONDITION, decision.conditions),
        (Origin.GUIDANCE, decision.guidance),
    ):
        each = lines(words)
        if len(each) > MAX_LINES:
            field = "conditions" if origin is Origin.CONDITION else "guidance"
            raise Invalid({field: f"Keep to {MAX_LINES} lines; each becomes a due-out."})
        found += [
            DueOut(
                text=text, origin=origin, step=step, decision=decision, owner=owner, given_by=by,
                given_at=decision.decided_at,
            )
            for text in each
        ]  # fmt: skip
    return found


def lead_of(effort: Effort) -> User | None:
    """The first lead planner, who owes what nobody else was given."""
    return next((m.user for m in members_of(effort) if m.role == Role.LEAD), None)


def _owner(effort: Effort, owner: User | None) -> User | None:
    if owner is not None and not any(
        m.user_id == owner.pk and m.role in DOERS for m in members_of(effort)
    ):
        raise Invalid({"owner": f"{owner.post} is neither lead planner nor member of the team."})
    return owner


@atomic()
def add_due_out(
    *, effort: Effort, text: str, origin: Origin, by: User, owner: User | None = None,
    due_at: datetime | None = None, step: Step | None = None,
) -> DueOut:  # fmt: skip
    """Give a due-out: guidance of the board, or what a comment or a meeting asks for.

    Raises Invalid without words, for an owner who is not drafting, or for an origin that only
    follows from another act.
    """
    text = said("text", text, need="Say what is to be done.")
    if not origin.by_hand:
        raise Invalid({"origin": "Choose guidance, comment or meeting."})
    hold(effort.pk)
    row = DueOut(
        text=text, origin=origin, step=step, owner=_owner(effort, owner) or lead_of(effort),
        due_at=due_at, given_by=by, given_at=timezone.now(),
    )  # fmt: skip
    [row] = give(effort, [row])
    _record("due_out.given", row, by, new={"text": text, "origin": str(origin), **_terms(row)})
    return row


@atomic()
def assign_due_out(
    *, due_out: DueOut, owner: User | None, due_at: datetime | None, by: User
) -> DueOut:
    """Name who owes it, and by when. Raises Invalid for an owner who is not drafting, WrongState
    when it is done, or when its term follows from an approval."""
    _still_open(due_out)
    if due_out.came_from.is_debt and due_out.due_at != due_at:
        raise WrongState("The term of a debt follows from the approval; settle the debt instead.")
    old = _terms(due_out)
    due_out.owner, due_out.due_at = _owner(due_out.effort, owner), due_at
    due_out.save(update_fields=["owner", "due_at"])
    if old != _terms(due_out):
        _record("due_out.assigned", due_out, by, old=old, new=_terms(due_out))
    return due_out


@atomic()
def settle_due_out(*, due_out: DueOut, evidence: str, by: User) -> DueOut:
    """Say that it is done, and what proves it.

    Raises Invalid without evidence, WrongState when it is done, when it is a debt that only a
    decision settles, or when sections that haste left out are still empty.
    """
    evidence = said("evidence", evidence, need="Say what proves that it is done.")
    _still_open(due_out)
    match due_out.came_from:
        case Origin.VERBAL | Origin.AT_RISK:
            raise WrongState("Only the decision on the step settles this.")
        case Origin.HASTY:
            _nothing_missing(due_out)
        case Origin.REOPENED if "changes" not in due_out.detail:
            _decided_again(due_out)
    close([due_out], evidence, by)
    _record("due_out.settled", due_out, by, new={"evidence": evidence})
    return due_out


def close(rows: Sequence[DueOut], evidence: str, by: User | None) -> None:
    """Mark as done; part of another, recorded act. One query."""
    if not rows:
        return
    now = timezone.now()
    DueOut.objects.filter(pk__in=[row.pk for row in rows]).update(
        done_at=now, done_by=by, evidence=evidence[:MAX_WORDS]
    )
    for row in rows:
        row.done_at, row.done_by, row.evidence = now, by, evidence
        row.effort.__dict__.pop("_due_outs", None)


@atomic()
def reopen_due_out(*, due_out: DueOut, why: str, by: User) -> DueOut:
    """Say that it is not done after all; the evidence stays in the record.

    Raises WrongState when it is open, or was settled by a decision; Invalid without a reason.
    """
    why = said("why", why, need="Say what is still missing.")
    if due_out.done_at is None:
        raise WrongState(f"{due_out} is open already.")
    if due_out.came_from in {Origin.VERBAL, Origin.AT_RISK}:
        raise WrongState("The decision on the step settled this.")
    old = {"evidence": due_out.evidence}
    due_out.done_at, due_out.done_by, due_out.evidence = None, None, ""
    due_out.save(update_fields=["done_at", "done_by", "evidence"])
    due_out.effort.__dict__.pop("_due_outs", None)
    _record("due_out.reopened", due_out, by, old=old, why=why)
    return due_out


def _still_open(due_out: DueOut) -> None:
    if due_out.done_at is not None:
        raise WrongState(f"{due_out} is settled already.")


def _nothing_missing(due_out: DueOut) -> None:
    rows = [r for r in products_of(due_out.effort) if r.product.pk == due_out.product_id]
    missing = [o.section.title_for(due_out.effort.name) for row in rows for o in row.due]
    if missing:
        raise WrongState(f"Still empty: {'; '.join(missing)}. Write them, then settle the debt.")


def _decided_again(due_out: DueOut) -> None:
    """What a reopened step changes is known once it is decided again."""
    again = due_out.reopening.step if due_out.reopening else None
    if again is not None and again.approved_at is None:
        raise WrongState(
            f"Step {again.number} is not decided again yet, so nobody can say what it changes."
        )


def _terms(due_out: DueOut) -> dict[str, Any]:
    return {
        "owner": due_out.owner.post if due_out.owner else None,
        "due_at": due_out.due_at.isoformat() if due_out.due_at else None,
    }


def _record(code: str, due_out: DueOut, by: User, **words: Any) -> None:
    record(
        code, by=by, on=due_out, effort_id=due_out.effort_id,
        label=f"{due_out}: {due_out.text}", **words,
    )  # fmt: skip
