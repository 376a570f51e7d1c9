"""The words of the framework that models, tables and pages share. No ORM here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one effort (Handbook Part II, Participants and Stakeholders)."""

    LEAD = "lead"
    MEMBER = "member"
    BOARD = "board"
    AUTHORITY = "authority"
    ALTERNATE = "alternate"
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
    Role.ALTERNATE: "Alternate",
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
    STEP_SETTLE = "settle_step"
    STEP_REOPEN = "reopen_step"
    STEP_REMIND = "remind_step"
    STEP_VERBAL = "record_verbal"
    STEP_AT_RISK = "proceed_at_risk"
    MANDATE_GIVE = "give_mandate"
    MANDATE_RECUSE = "recuse"
    CRISIS_SET = "set_crisis"
    EFFORT_FORK = "fork_effort"
    PRODUCT_VIEW = "view_product_draft"
    PRODUCT_START = "start_product"
    FORMAT_TAILOR = "tailor_format"
    SECTION_SAVE = "save_section"
    REGISTER_VIEW = "view_register"
    REGISTER_EDIT = "edit_register"
    ASSUMPTION_APPROVE = "approve_assumption"
    WEIGHTS_SETTLE = "settle_weights"
    SCORE_GIVE = "give_score"
    OPTION_RECOMMEND = "recommend_option"
    OPTION_ADOPT = "adopt_option"
    DISSENT_ENTER = "enter_dissent"
    DISSENT_ANSWER = "answer_dissent"
    DISSENT_RULE = "rule_dissent"
    DUE_OUT_ADD = "add_due_out"
    DUE_OUT_DO = "do_due_out"
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


class Way(StrEnum):
    """How a step is decided: what must hold before its package can be approved."""

    AUTHORITY = "authority"
    MAJORITY = "majority"
    UNANIMITY = "unanimity"
    SILENCE = "silence"

    @property
    def label(self) -> str:
        """The way in words."""
        return _WAY_LABELS[self][0]

    @property
    def rule(self) -> str:
        """What the way asks for, in a sentence."""
        return _WAY_LABELS[self][1]


_WAY_LABELS = {
    Way.AUTHORITY: ("Authority alone", "The authority decides; the board advises."),
    Way.MAJORITY: (
        "Board majority", "More than half of the seats that can vote concur, then it is recorded.",
    ),
    Way.UNANIMITY: (
        "Board unanimity", "Every seat that can vote has voted, and none nonconcurs.",
    ),
    Way.SILENCE: (
        "Consensus, silence procedure", "The deadline passes and no seat has nonconcurred.",
    ),
}  # fmt: skip


class Origin(StrEnum):
    """Where a due-out comes from."""

    GUIDANCE = "guidance"
    CONDITION = "condition"
    COMMENT = "comment"
    MEETING = "meeting"
    VERBAL = "verbal"
    AT_RISK = "at_risk"
    HASTY = "hasty"
    REOPENED = "reopened"
    ASSUMPTION = "assumption"

    @property
    def label(self) -> str:
        """The origin in words."""
        return _ORIGIN_LABELS[self]

    @property
    def is_debt(self) -> bool:
        """Whether speed was bought with it: it stays visible on the effort until it is settled."""
        return self in {Origin.VERBAL, Origin.AT_RISK, Origin.HASTY}

    @property
    def by_hand(self) -> bool:
        """Whether people give it; the others follow from what they did."""
        return self in {Origin.GUIDANCE, Origin.COMMENT, Origin.MEETING}


_ORIGIN_LABELS = {
    Origin.GUIDANCE: "Guidance",
    Origin.CONDITION: "Condition",
    Origin.COMMENT: "Comment",
    Origin.MEETING: "Meeting",
    Origin.VERBAL: "Verbal approval",
    Origin.AT_RISK: "Proceeding at risk",
    Origin.HASTY: "Left out in haste",
    Origin.REOPENED: "Rests on a reopened step",
    Origin.ASSUMPTION: "An assumption that fell",
}


class MandateKind(StrEnum):
    """A delegation lets somebody stand in for a holder; a recusal takes the holder out."""

    DELEGATION = "delegation"
    RECUSAL = "recusal"


class ForkKind(StrEnum):
    """What a forked effort is to the one it came from (Handbook Part II, Step 5)."""

    BRANCH = "branch"
    SEQUEL = "sequel"


class ReplyKind(StrEnum):
    """What was said to a dissent: somebody joins it, the lead answers, the authority rules."""

    COSIGN = "cosign"
    ANSWER = "answer"
    RULING = "ruling"


class Ruling(StrEnum):
    """How the authority settles a dissent (Handbook Part II, Step 1)."""

    SUSTAINED = "sustained"
    IN_PART = "in_part"
    NOT_SUSTAINED = "not_sustained"

    @property
    def label(self) -> str:
        """The ruling in words."""
        return _RULING_LABELS[self]


_RULING_LABELS = {
    Ruling.SUSTAINED: "Sustained",
    Ruling.IN_PART: "Sustained in part",
    Ruling.NOT_SUSTAINED: "Not sustained",
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
    DECISION = "decision"
