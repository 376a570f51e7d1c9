"""The reports and records on which entries of other registers rest."""

from assessments.registers.common import Choices
from planning.registers import Field, Kind, Register, View

KINDS: Choices = (
    ("embassy", "Embassy or country team"),
    ("ngo", "Nongovernmental organization"),
    ("un", "United Nations"),
    ("media", "Media"),
    ("alert_channel", "Alert channel or watch list"),
    ("academic", "Academic or research institution"),
    ("intelligence", "Intelligence"),
    ("other", "Other"),
)
RELIABILITY: Choices = (
    ("confirmed", "Confirmed by another source"),
    ("usually", "Usually reliable"),
    ("doubtful", "Doubtful"),
    ("unknown", "Not judged"),
)

SOURCES = Register(
    key="sources",
    label="Sources",
    one="source",
    prefix="SRC",
    purpose="Which report a statement rests on, how old it is, and how far it can be trusted.",
    cite="Part I, Challenges; Part II, Steps 1 and 2",
    kind="kind",
    fields=(
        Field(
            "title", "Title", required=True,
            hint="Leave out what would show who told it, if that endangers anybody.",
        ),
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS),
        Field("dated", "Dated", Kind.DATE),
        Field("reference", "Reference", hint="Number, page or address by which it is found again."),
        Field("reliability", "Reliability", Kind.CHOICE, choices=RELIABILITY),
        Field(
            "note", "Note", Kind.TEXT, column=False,
            hint="What it covers, what it cannot know, and which source contradicts it.",
        ),
    ),
    views=(
        View("source-list", "Sources", ("kind", "dated", "reference", "reliability")),
    ),
    empty="Enter the report that set off this effort, then what each finding rests on.",
)  # fmt: skip
