"""What speaks for an option and against it, and what the wargame showed."""

from dime.registers.common import Choices, option
from planning.registers import Field, Kind, Register, View

KINDS: Choices = (
    ("advantage", "Advantage"),
    ("disadvantage", "Disadvantage"),
    ("wargame", "Result of the wargame"),
    ("position", "Position of an agency"),
)

ARGUMENTS = Register(
    key="arguments",
    label="Advantages and disadvantages",
    one="argument",
    prefix="ARG",
    purpose=(
        "What speaks for each option and against it, what the wargame showed, and where agencies "
        "stand, in their own words."
    ),
    cite="Part II, Steps 3 and 4; Annex D, Tabs 4 and 7",
    kind="kind",
    fields=(
        Field("text", "Argument", Kind.TEXT, required=True, hint="One argument in one sentence."),
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS, required=True),
        option("The one option that it is about.", "is argued by"),
        Field("agency", "Agency", hint="Who holds it, if not the whole team."),
        Field("basis", "Basis", Kind.TEXT, column=False, hint="What shows it."),
    ),
    views=(
        View(
            "advantages-and-disadvantages", "Advantages and disadvantages",
            ("option", "kind", "agency"), kinds=("advantage", "disadvantage"),
        ),
        View("wargame-results", "Results of the wargame", ("option", "basis"), kinds=("wargame",)),
        View("agency-positions", "Positions of agencies", ("option", "agency"), kinds=("position",)),
    ),
    empty="Enter for each option what its strongest supporter and its strongest critic would say.",
)  # fmt: skip
