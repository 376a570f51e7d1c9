"""Strategic objectives and the lines of effort that serve them. No ORM here."""

from planning.registers import Field, Kind, Register, View

Choices = tuple[tuple[str, str], ...]

OBJECTIVES = Register(
    key="objectives",
    label="Strategic objectives",
    one="objective",
    prefix="OBJ",
    purpose="What the policy has to bring about, in terms that can be measured.",
    cite="Part II, Step 3; Annex D, Tabs 5 and 8",
    fields=(
        Field(
            "statement", "Objective", Kind.TEXT, required=True,
            hint="A verb and a result, such as “Keep the conflict from spreading to the region”.",
        ),
        Field(
            "options", "Options", Kind.LINKS, to=("options",), inverse="serves",
            hint="The options that aim at it; none means all of them.",
        ),
        Field("measure", "Measure", Kind.TEXT, hint="What is counted, and by whom."),
        Field("remarks", "Remarks", Kind.TEXT, column=False, hint="Limits, order, conflicts."),
    ),
    views=(
        View("strategic-objectives", "Strategic objectives", ("measure",)),
    ),
    empty="Enter what has to be true for the goal to be reached; the Handbook's sample has six.",
)  # fmt: skip

GROUPS: Choices = (
    ("endstates", "Endstates"),
    ("cross_cutting", "Cross-Cutting Considerations"),
    ("actions", "Actions and Functions"),
    ("other", "Other Candidates"),
)

LINES = Register(
    key="lines-of-effort",
    label="Lines of effort",
    one="line of effort",
    prefix="LOE",
    purpose="Along which lines agencies work toward the objectives, who leads and who supports.",
    cite="Part II, Step 3; Part III, Lines of Effort; Annex D, Tabs 5 and 8",
    kind="group",
    fields=(
        Field("name", "Line of effort", required=True),
        Field("group", "Group", Kind.CHOICE, choices=GROUPS, column=False),
        Field(
            "options", "Options", Kind.LINKS, to=("options",), inverse="works along",
            hint="The options that work along it; none means all of them.",
        ),
        Field("lead", "Lead", hint="One agency."),
        Field("support", "Support", hint="Agencies, parted by commas."),
        Field("purpose", "Purpose", Kind.TEXT, hint="What it is to achieve, and by what."),
        Field(
            "objectives", "Objectives", Kind.LINKS, to=("objectives",), inverse="is served by",
            column=False,
        ),
    ),
    views=(
        View("lines-of-effort-table", "Lines of effort", ("lead", "support", "purpose")),
    ),
    empty="Take in candidates from the Handbook's list; four to ten lines are enough for a plan.",
)  # fmt: skip
