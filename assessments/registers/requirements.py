"""What must still be learned: critical information requirements, and gaps in what is known."""

from assessments.registers.common import Choices
from planning.registers import Field, Kind, Register, View

KINDS: Choices = (
    ("cir", "Critical information requirement"),
    ("gap", "Information gap"),
)
TOPICS: Choices = (
    ("perpetrators", "Perpetrators, supporters and adversaries"),
    ("victims_and_positive_actors", "Victims, positive actors and interveners"),
    ("new_incidents", "New incidents"),
    ("host_nation_changes", "Changes in the host nation government"),
    ("external_policies", "Policies and actions of others"),
    ("progress", "Problems and progress"),
    ("additional_resources", "Additional resources"),
)

REQUIREMENTS = Register(
    key="requirements",
    label="Information requirements",
    one="requirement",
    prefix="CIR",
    purpose=(
        "Questions whose answers would change a decision, who finds out by when, and what was "
        "found."
    ),
    cite="Part II, Step 2, Critical Information Requirements and Gaps; Annex D, Tab 3",
    kind="kind",
    fields=(
        Field("question", "Question", Kind.TEXT, required=True, hint="A question, and one only."),
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS),
        Field("topic", "Topic", Kind.CHOICE, choices=TOPICS),
        Field(
            "why", "Why it matters", Kind.TEXT, column=False,
            hint="Which decision or assumption hangs on the answer.",
        ),
        Field(
            "asks_about", "Asks about", Kind.LINKS,
            to=("assumptions", "findings", "actors", "dynamics", "gaps"),
            inverse="is asked about by", column=False,
        ),
        Field(
            "collector", "Who finds out",
            hint="Agency or post. Think of those whom asking would endanger.",
        ),
        Field("due", "Due", Kind.DATE),
        Field("answer", "Answer", Kind.TEXT),
        Field("answered_on", "Answered on", Kind.DATE),
        Field(
            "answer_sources", "Sources of the answer", Kind.LINKS, to=("sources",),
            inverse="answers", column=False,
        ),
    ),
    views=(
        View(
            "requirement-highlights", "Information requirements and gaps", ("collector", "due"),
            highlights=True,
        ),
    ),
    empty=(
        "Take in the Handbook's seven questions and make each fit this situation; then ask what "
        "would prove an assumption wrong."
    ),
    signal="answer",
)  # fmt: skip
