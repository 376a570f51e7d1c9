"""The words of the framework that models, tables and pages share. No ORM here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one effort (Handbook Part II, Participants and Stakeholders)."""

    LEAD = "lead"
    MEMBER = "member"
    BOARD = "board"
    AUTHORITY = "authority"
    OBSERVER = "observer"
    PARTNER = "partner"

    @property
    def label(self) -> str:
        """The role's name on pages and in documents."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.LEAD: "Lead planner",
    Role.MEMBER: "IPT member",
    Role.BOARD: "Supervisory Board",
    Role.AUTHORITY: "Approving Authority",
    Role.OBSERVER: "Observer",
    Role.PARTNER: "Partner outside the Government",
}


class Perm(StrEnum):
    """What may be done in an effort; the value is the permission's codename in guardian."""

    EFFORT_VIEW = "view_effort"
    EFFORT_EDIT = "edit_effort"
    TEAM_MANAGE = "manage_team"
    RECORD_VIEW = "view_record"
    STEP_VIEW = "view_step"
    STEP_SUBMIT = "submit_step"
    STEP_WITHDRAW = "withdraw_step"
    STEP_VOTE = "vote_step"
    STEP_DECIDE = "decide_step"
    PRODUCT_VIEW = "view_product_draft"
    PRODUCT_START = "start_product"
    FORMAT_TAILOR = "tailor_format"
    SECTION_SAVE = "save_section"
    DISSENT_ENTER = "enter_dissent"
    VERSION_VIEW = "view_version_text"
    VERSION_FREEZE = "freeze_version"
    RENDITION_REQUEST = "request_rendition"
    RENDITION_READ = "read_rendition"


class StepStatus(StrEnum):
    """Where a step stands."""

    RUNNING = "running"
    LOCKED = "locked"
    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"

    @property
    def label(self) -> str:
        """The status in words."""
        return _STEP_LABELS[self]


_STEP_LABELS = {
    StepStatus.RUNNING: "Running",
    StepStatus.LOCKED: "Gate closed",
    StepStatus.OPEN: "Drafting",
    StepStatus.SUBMITTED: "With the board",
    StepStatus.RETURNED: "Returned with guidance",
    StepStatus.APPROVED: "Gate passed",
}


class SubmissionStatus(StrEnum):
    """Where a submission stands."""

    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    RETURNED = "returned"


class Position(StrEnum):
    """A board member's vote."""

    CONCUR = "concur"
    CONCUR_COMMENT = "concur_comment"
    NONCONCUR = "nonconcur"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        """The position in words."""
        return _POSITION_LABELS[self]

    @property
    def needs_reason(self) -> bool:
        """Whether the vote is void without words: a comment and a nonconcur both are."""
        return self in {Position.CONCUR_COMMENT, Position.NONCONCUR}


_POSITION_LABELS = {
    Position.CONCUR: "Concur",
    Position.CONCUR_COMMENT: "Concur with comment",
    Position.NONCONCUR: "Nonconcur",
    Position.ABSTAIN: "Abstain",
}


class Outcome(StrEnum):
    """What the Approving Authority decides."""

    APPROVE = "approve"
    APPROVE_CONDITIONS = "approve_conditions"
    RETURN = "return"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return _OUTCOME_LABELS[self]

    @property
    def approves(self) -> bool:
        """Whether the gate is passed."""
        return self is not Outcome.RETURN


_OUTCOME_LABELS = {
    Outcome.APPROVE: "Approved",
    Outcome.APPROVE_CONDITIONS: "Approved with conditions",
    Outcome.RETURN: "Returned with guidance",
}


class RenditionStatus(StrEnum):
    """Where the making of a file stands."""

    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The status in words."""
        return _RENDITION_LABELS[self]


_RENDITION_LABELS = {
    RenditionStatus.QUEUED: "Waiting for the worker",
    RenditionStatus.RENDERING: "Rendering",
    RenditionStatus.READY: "Ready",
    RenditionStatus.FAILED: "Failed",
    RenditionStatus.CANCELLED: "Cancelled",
}


class EffortKind(StrEnum):
    """Deliberate (contingency) or crisis planning (Handbook Part II, Step 1)."""

    DELIBERATE = "deliberate"
    CRISIS = "crisis"

    @property
    def label(self) -> str:
        """The kind in words."""
        return "Deliberate planning" if self is EffortKind.DELIBERATE else "Crisis planning"


class Format(StrEnum):
    """The file formats of a rendition. ``PDF_RECORD`` is the records edition, PDF/A-3a."""

    PDF = "pdf"
    PDF_RECORD = "pdfa"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    HTML = "html"
    ZIP = "zip"

    @property
    def label(self) -> str:
        """The format as people call it."""
        return _FORMATS[self][0]

    @property
    def extension(self) -> str:
        """The end of a file's name."""
        return _FORMATS[self][1]

    @property
    def media_type(self) -> str:
        """The media type of a download."""
        return _FORMATS[self][2]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMATS = {
    Format.PDF: ("PDF", "pdf", "application/pdf"),
    Format.PDF_RECORD: ("PDF/A, for the record", "pdf", "application/pdf"),
    Format.DOCX: ("Word", "docx", f"{_OFFICE}.wordprocessingml.document"),
    Format.PPTX: ("PowerPoint", "pptx", f"{_OFFICE}.presentationml.presentation"),
    Format.XLSX: ("Excel, the tables", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    Format.HTML: ("HTML", "html", "text/html; charset=utf-8"),
    Format.ZIP: ("ZIP", "zip", "application/zip"),
}
PRODUCT_FORMATS = (
    Format.PDF, Format.DOCX, Format.PPTX, Format.XLSX, Format.HTML, Format.PDF_RECORD,
)  # fmt: skip


class RenditionKind(StrEnum):
    """What a file shows."""

    PRODUCT = "product"
    COMPARISON = "comparison"
    BINDER = "binder"
    ARCHIVE = "archive"
