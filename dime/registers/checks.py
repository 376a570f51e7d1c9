"""The Handbook's guidelines and cross-cutting considerations, looked at one by one."""

from dime.registers.common import Choices, options
from planning.registers import Field, Kind, Register, View

KINDS: Choices = (
    ("guideline", "Guideline"),
    ("consideration", "Cross-cutting consideration"),
    ("own", "Another point"),
)
STANDINGS: Choices = (
    ("met", "Taken into account"),
    ("in_part", "In part"),
    ("not_met", "Not taken into account"),
    ("no_bearing", "Does not bear on this"),
)

CHECKS = Register(
    key="policy-checks",
    label="Guidelines and considerations",
    one="point",
    prefix="CHK",
    purpose="Whether the options heed what prevention of atrocities has taught, with a note on each.",
    cite="Part III, Guidelines and Cross-Cutting Considerations; Figure 12",
    kind="kind",
    fields=(
        Field("point", "Point", Kind.TEXT, required=True),
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS),
        Field("standing", "Taken into account", Kind.CHOICE, choices=STANDINGS),
        Field("note", "Note", Kind.TEXT, hint="Where the options do, or why they cannot."),
        options("Options of which this is true; none means all of them.", "is checked by"),
        Field("reviewed_by", "Reviewed by", column=False, hint="Agency or post."),
    ),
    views=(
        View("policy-checklist", "Guidelines and considerations", ("standing", "note")),
        View(
            "check-highlights", "Guidelines and considerations", ("standing", "note"),
            highlights=True,
        ),
    ),
    empty="Take in the Handbook's six guidelines and eight considerations, and answer each.",
)  # fmt: skip
