"""The planning tables."""

from planning.models.dissent import Dissent, Reply
from planning.models.effort import Effort, EffortGroupPermission, Grant, Membership
from planning.models.entry import Entry, EntryLink
from planning.models.format import ProductFormat
from planning.models.governance import DueOut, Mandate, Reopening
from planning.models.picture import Drawing, Picture
from planning.models.product import (
    Presence,
    Product,
    Quotation,
    SectionDraft,
    SectionRevision,
    Version,
)
from planning.models.rendition import Rendition
from planning.models.step import Decision, Step, Submission, SubmissionItem, Vote

__all__ = [
    "Decision",
    "Dissent",
    "Drawing",
    "DueOut",
    "Effort",
    "EffortGroupPermission",
    "Entry",
    "EntryLink",
    "Grant",
    "Mandate",
    "Membership",
    "Picture",
    "Presence",
    "Product",
    "ProductFormat",
    "Quotation",
    "Rendition",
    "Reopening",
    "Reply",
    "SectionDraft",
    "SectionRevision",
    "Step",
    "Submission",
    "SubmissionItem",
    "Version",
    "Vote",
]
