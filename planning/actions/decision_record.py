"""What a decision memo records, put together in the decision's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planning import mandates
from planning.actions.freeze import banner, letterhead
from planning.actions.rendition import Wanted
from planning.models import Decision, DueOut, Mandate, Submission, Version, Vote
from planning.products.decision_memo import memo
from planning.progress import members_of
from planning.sources import dissents_of, fact
from planning.vocabulary import Format, Origin, Position, RenditionKind, Role
from planning.voting import Tally


def seats_of(board: mandates.Bench, votes: Iterable[Vote]) -> list[dict[str, str]]:
    """The board as it stood: every seat, also those that took no position, then whoever voted and
    left the board."""
    cast = {vote.user_id: vote for vote in votes}
    rows = [_seat(seat.holder.post, cast.pop(seat.holder.pk, None), seat.recusal)
            for seat in board.seats]  # fmt: skip
    return rows + [_seat(vote.user.post, vote, None) for vote in cast.values()]


def _seat(post: str, vote: Vote | None, recusal: Mandate | None) -> dict[str, str]:
    return {
        "post": post,
        "position": Position(vote.position).label if vote else "",
        "reason": vote.reason if vote else "",
        "by": vote.cast_by.post if vote and vote.cast_by else "",
        "at": vote.cast_at.isoformat() if vote else "",
        "recused": recusal.why if recusal else "",
    }


@dataclass(frozen=True)
class Consequences:
    """What a decision gives to do, the verbal approval that it settles, debts that stand before."""

    given: Sequence[DueOut]
    spoken: DueOut | None
    standing: Sequence[DueOut]

    @property
    def debts(self) -> list[DueOut]:
        """Every debt that stands after the decision."""
        return [*self.standing, *(d for d in self.given if d.came_from.is_debt)]


def memo_of(
    decision: Decision,
    submission: Submission,
    tally: Tally,
    versions: Sequence[Version],
    owed: Consequences,
) -> Wanted:
    """The decision memo as a file to be made.

    ``versions`` is empty for a return; then the package is read. Two queries at most, besides what
    is kept on the effort.
    """
    step, effort = submission.step, submission.step.effort
    versions = versions or _package(submission)
    marking = max((v.marking for v in versions), key=lambda m: m.rank, default=effort.marking)
    leads = [m for m in members_of(effort) if m.role == Role.LEAD]
    agency = next((m.organization for m in leads if m.organization), None)
    said: dict[str, Any] = {
        "effort": {"slug": effort.slug, "name": effort.name, "country": effort.country},
        "exercise": effort.exercise,
        "marking": {
            "banner": banner(effort, marking), "portion": marking.portion,
            "ground": marking.ground, "rank": marking.rank,
        },
        "letterhead": letterhead(agency),
        "step": {"number": step.number, "title": step.title, "cycle": step.cycle},
        "submission": {
            "number": submission.number, "ask": submission.ask,
            "package_hash": submission.package_hash,
            "submitted_by": submission.submitted_by.post,
            "submitted_at": submission.submitted_at.isoformat(), "interim": submission.interim,
            "warnings": submission.checks.get("warnings", []),
        },
        "versions": [
            {
                "label": v.product.definition.label, "title": v.product.title,
                "number": v.number, "sha256": v.sha256, "portion": v.marking.portion,
                "changed": "",
            }
            for v in versions
        ],
        "way": {
            "label": submission.decided_how.label, "quorum": submission.quorum,
            "silence_until": submission.silence_until.isoformat()
            if submission.silence_until else "",
            "tally": tally.words,
        },
        "seats": decision.seats,
        "decision": {
            "outcome": decision.result.label, "approves": decision.result.approves,
            "by": decision.by_words, "at": decision.decided_at.isoformat(),
            "conditions": [_due(d) for d in owed.given if d.origin == Origin.CONDITION],
            "guidance": [_due(d) for d in owed.given if d.origin == Origin.GUIDANCE],
        },
        "verbal": _verbal(owed.spoken),
        "debts": [_due(d) for d in owed.debts],
        "dissents": [
            {
                "html": fact(row).html, "red_flag": row.red_flag,
                "after_freeze": row.entered_at > submission.submitted_at,
            }
            for row in dissents_of(effort)
            if row.reaches(step.number)
        ],
        "reopened": _reopened(submission),
        "prepared_by": "; ".join(m.user.post for m in leads),
        "controlled_by": agency.name if agency else "",
    }  # fmt: skip
    return Wanted(
        effort, RenditionKind.DECISION, Format.PDF, approved=decision.result.approves,
        payload={"memo": memo(said)}, submission=submission,
    )  # fmt: skip


def _package(submission: Submission) -> list[Version]:
    rows = submission.items.select_related("version__product", "version__marking").defer(
        "version__snapshot"
    )
    return [row.version for row in rows]


def _due(due: DueOut) -> dict[str, str]:
    return {
        "number": str(due), "text": due.text, "owner": due.owner.post if due.owner else "",
        "due": due.due_at.isoformat() if due.due_at else "",
    }  # fmt: skip


def _verbal(due: DueOut | None) -> dict[str, str] | None:
    """What was said before the decision was written down."""
    if due is None:
        return None
    said = {name: due.detail[name] for name in ("by", "at", "words")}
    return said | {"recorded_by": due.given_by.post if due.given_by else ""}


def _reopened(submission: Submission) -> dict[str, str] | None:
    """Why the step was decided again. One query, none in the first cycle."""
    if submission.cycle == 1:
        return None
    row = submission.step.reopenings.filter(cycle=submission.cycle).select_related("by").first()
    if row is None:
        return None
    return {"reason": row.reason, "by": row.by.post, "at": row.at.isoformat()}
