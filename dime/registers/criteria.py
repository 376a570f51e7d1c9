"""Criteria by which options are compared, with weights that are settled before anybody scores."""

from dime.registers.common import LEVELS
from planning.registers import Field, Kind, Register, View

CRITERIA = Register(
    key="criteria",
    label="Criteria",
    one="criterion",
    prefix="CRT",
    purpose="By what the options are compared, and how much each criterion weighs.",
    cite="Part II, Step 4; Annex D, Tab 7",
    kind="level",
    fields=(
        Field("name", "Criterion", required=True, hint="Such as “Acts before the dry season”."),
        Field("level", "Level", Kind.CHOICE, choices=LEVELS, required=True),
        Field(
            "weight", "Weight", Kind.NUMBER, required=True,
            hint="Percent; the criteria of a level add up to 100.",
        ),
        Field("poor", "What 1 means", hint="The worst that an option could do by it."),
        Field("good", "What 5 means", hint="The best that an option could do by it."),
        Field(
            "why", "Why it matters", Kind.TEXT, column=False,
            hint="The interest or the objective behind it.",
        ),
    ),
    views=(
        View("policy-criteria", "Criteria", ("weight", "poor", "good"), kinds=("policy",)),
        View("concept-criteria", "Criteria", ("weight", "poor", "good"), kinds=("concept",)),
    ),
    empty="Enter four to eight criteria that tell options apart, and weigh them before you score.",
)  # fmt: skip
