"""The status tables. This is the only module that assigns a status."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from mapro.core.errors import WrongState
from planning.models import Rendition, Step, Submission
from planning.vocabulary import RenditionStatus, StepStatus, SubmissionStatus

Moves = dict[str, tuple[frozenset[StrEnum], StrEnum]]

STEP_MOVES: Moves = {
    "open": (frozenset({StepStatus.LOCKED}), StepStatus.OPEN),
    "submit": (frozenset({StepStatus.OPEN, StepStatus.RETURNED}), StepStatus.SUBMITTED),
    "withdraw": (frozenset({StepStatus.SUBMITTED}), StepStatus.OPEN),
    "approve": (frozenset({StepStatus.SUBMITTED}), StepStatus.APPROVED),
    # An interim submission was approved: its products are decided, the gate stays where it is.
    "approve_interim": (frozenset({StepStatus.SUBMITTED}), StepStatus.OPEN),
    "send_back": (frozenset({StepStatus.SUBMITTED}), StepStatus.RETURNED),
    "reopen": (frozenset({StepStatus.APPROVED}), StepStatus.OPEN),
    # What a fork takes over from the effort that it came from.
    "inherit": (frozenset({StepStatus.LOCKED, StepStatus.OPEN}), StepStatus.APPROVED),
}
SUBMISSION_MOVES: Moves = {
    "withdraw": (frozenset({SubmissionStatus.PENDING}), SubmissionStatus.WITHDRAWN),
    "approve": (frozenset({SubmissionStatus.PENDING}), SubmissionStatus.APPROVED),
    "send_back": (frozenset({SubmissionStatus.PENDING}), SubmissionStatus.RETURNED),
}
RENDITION_MOVES: Moves = {
    # A worker that died left "rendering" behind, so the next one may start from there.
    "start": (
        frozenset({RenditionStatus.QUEUED, RenditionStatus.RENDERING}),
        RenditionStatus.RENDERING,
    ),
    "finish": (frozenset({RenditionStatus.RENDERING}), RenditionStatus.READY),
    "fail": (
        frozenset({RenditionStatus.QUEUED, RenditionStatus.RENDERING}),
        RenditionStatus.FAILED,
    ),
    "retry": (
        frozenset({RenditionStatus.FAILED, RenditionStatus.CANCELLED}),
        RenditionStatus.QUEUED,
    ),
    # A file that was made and is gone from the storage is made again.
    "remake": (frozenset({RenditionStatus.READY}), RenditionStatus.QUEUED),
    # What is being rendered is finished by its worker, which then finds it cancelled.
    "cancel": (
        frozenset({RenditionStatus.QUEUED, RenditionStatus.RENDERING}),
        RenditionStatus.CANCELLED,
    ),
}
_TABLES: dict[type, Moves] = {
    Step: STEP_MOVES,
    Submission: SUBMISSION_MOVES,
    Rendition: RENDITION_MOVES,
}


def move(thing: Step | Submission | Rendition, verb: str, **fields: Any) -> None:
    """Move ``thing`` by ``verb`` and write ``fields`` with it, in one conditional UPDATE.

    Raises WrongState when the row is not, or no longer, in a state that the verb starts from;
    then nothing was written.
    """
    if not try_move(thing, verb, **fields):
        thing.refresh_from_db(fields=["status"])
        now = getattr(thing.state, "label", thing.status) if hasattr(thing, "state") else (
            thing.status
        )  # fmt: skip
        raise WrongState(
            f"{thing} is now “{now}”, so it cannot {verb.replace('_', ' ')}. "
            "Reload the page to see what happened.",
            state=str(thing.status),
        )


def try_move(thing: Step | Submission | Rendition, verb: str, **fields: Any) -> bool:
    """The same where it is no fault that the row is not in a state that the verb starts from;
    whether it moved."""
    sources, target = _TABLES[type(thing)][verb]
    moved = (
        type(thing).objects.filter(pk=thing.pk, status__in=sources).update(status=target, **fields)
    )
    if not moved:
        return False
    thing.status = target
    for name, value in fields.items():
        setattr(thing, name, value)
    return True
