"""The interests at stake, ranked, and where they conflict."""

from assessments.registers.common import Choices
from planning.registers import Field, Kind, Register, View

STANDING: Choices = (
    ("primary", "Primary interest"),
    ("situational", "Situational interest"),
    ("own", "The team's own"),
)
DIRECTION: Choices = (
    ("for", "For action"),
    ("against", "Against action"),
    ("shapes", "Shapes the kind of action"),
)

INTERESTS = Register(
    key="interests",
    label="Interests",
    one="interest",
    prefix="INT",
    purpose=(
        "What is at stake, in which order, whether each interest speaks for or against action, "
        "and which of them clash."
    ),
    cite="Part II, Step 2, Interests; Annex D, Tabs 3 and 4",
    kind="standing",
    fields=(
        Field(
            "statement", "Interest", Kind.TEXT, required=True,
            hint="As a state of things that is wanted, such as “the conflict does not spread”.",
        ),
        Field(
            "standing", "Standing", Kind.CHOICE, choices=STANDING,
            hint=(
                "Primary in most situations, situational in some; the team's own is not on the "
                "Handbook's list."
            ),
        ),
        Field(
            "holder", "Whose interest",
            hint="Empty for the United States; else the partner, where its interest differs.",
        ),
        Field("priority", "Priority", Kind.NUMBER, hint="1 for the first."),
        Field("direction", "Speaks", Kind.CHOICE, choices=DIRECTION),
        Field(
            "conflicts_with", "Conflicts with", Kind.LINKS, to=("interests",),
            inverse="conflicts with", hint="Interests that would pay for this one.",
        ),
        Field(
            "basis", "Why it is at stake, and why it ranks so", Kind.TEXT, column=False,
            hint="What in this situation touches it, and who confirmed the rank.",
        ),
    ),
    views=(
        View(
            "ranked-interests", "Interests",
            ("priority", "direction", "holder", "conflicts_with", "basis"),
        ),
        View("interest-highlights", "Interests", ("priority", "direction"), highlights=True),
    ),
    empty=(
        "Take in the Handbook's list, retire what nothing here touches, then rank what is left and "
        "say which interests clash."
    ),
)  # fmt: skip
