"""What is taken as true without proof, and what would prove it wrong."""

from assessments.registers.common import Choices
from planning.registers import Field, Kind, Register, View

TOPICS: Choices = (
    ("timelines", "Timelines"),
    ("situation", "Situation"),
    ("resources", "Resources"),
    ("other_contributors", "Other Contributors"),
    ("us_role", "U.S. Role"),
    ("host_nation", "Host Nation"),
    ("actions_regarding_perpetrators", "Actions Regarding Perpetrators"),
    ("subsequent_actions", "Subsequent Actions"),
    ("additional_goals", "Additional Goals"),
)
STATUS: Choices = (
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("validated", "Validated"),
    ("invalidated", "Invalidated"),
)
CASE: Choices = (("likely", "Most likely case"), ("worst", "Worst case"))

ASSUMPTIONS = Register(
    key="assumptions",
    label="Assumptions",
    one="assumption",
    prefix="ASM",
    purpose=(
        "What plans take as true without proof. The Approving Authority approves each; the team "
        "validates it as early as it can, and knows what to do if it proves wrong."
    ),
    cite="Part II, Step 2, Assumptions; Annex D, Tabs 1 and 3",
    kind="topic",
    fields=(
        Field(
            "statement", "Assumption", Kind.TEXT, required=True,
            hint="One statement that could prove false. What is known is no assumption.",
        ),
        Field("topic", "Topic", Kind.CHOICE, choices=TOPICS),
        Field(
            "status", "Status", Kind.CHOICE, choices=STATUS, act=True, binds=("statement",)
        ),
        Field(
            "case", "Case", Kind.CHOICE, choices=CASE,
            hint="Does it describe what is most likely, or the worst?",
        ),
        Field("owner", "Owner", hint="The agency or post that watches and validates it."),
        Field("validate_by", "Validate by", Kind.DATE),
        Field("basis", "Basis", Kind.TEXT, column=False, hint="Why it may be taken as true."),
        Field(
            "invalidated_by", "What would prove it wrong", Kind.TEXT, column=False,
            hint="An event or a fact that somebody could see.",
        ),
        Field(
            "indicators", "Indicators to watch", Kind.TEXT, column=False,
            hint="Early signs that it begins to fail, and who would see them.",
        ),
        Field(
            "if_wrong", "If it proves wrong", Kind.TEXT, column=False,
            hint="The branch plan, or the change, that this would call for.",
        ),
        Field(
            "rests_on", "Rests on", Kind.LINKS, to=("findings", "dynamics", "actors"),
            inverse="carries", column=False, hint="Entries that it follows from or is about.",
        ),
    ),
    views=(
        View("guidance-assumptions", "Assumptions", ("status", "validate_by")),
        View("assumption-highlights", "Assumptions", ("status", "validate_by"), highlights=True),
    ),
    empty=(
        "Start with what the initial guidance takes for granted; then go through the Handbook's "
        "nine topics and answer its questions."
    ),
    signal="status",
)  # fmt: skip
