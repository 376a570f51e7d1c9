"""The planning tables."""

from planning.models.effort import Effort, EffortGroupPermission, Grant, Membership
from planning.models.product import Product, SectionDraft, SectionRevision, Version
from planning.models.rendition import Rendition
from planning.models.step import Decision, Step, Submission, SubmissionItem, Vote

__all__ = [
    "Decision",
    "Effort",
    "EffortGroupPermission",
    "Grant",
    "Membership",
    "Product",
    "Rendition",
    "SectionDraft",
    "SectionRevision",
    "Step",
    "Submission",
    "SubmissionItem",
    "Version",
    "Vote",
]
