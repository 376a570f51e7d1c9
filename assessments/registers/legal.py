"""Legal questions for counsel: a checklist, and what counsel answered. Not legal advice."""

from assessments.registers.common import Choices
from planning.registers import Field, Kind, Register, View

TOPICS: Choices = (
    ("responsibility_to_protect", "Responsibility to Protect"),
    ("sovereignty", "Sovereignty"),
    ("authority_for_intervention", "Legal authority for intervention"),
    ("atrocity_crimes", "Genocide, war crimes, crimes against humanity"),
    ("reconstruction", "Reconstruction and stabilization"),
    ("human_rights", "International human rights law"),
    ("refugees_and_idps", "Refugees and internally displaced persons"),
    ("criminal_law", "International criminal law"),
    ("other", "Other topics with legal implications"),
)
STANDING: Choices = (
    ("open", "Open"),
    ("counsel", "Needs counsel"),
    ("answered", "Answered"),
)

LEGAL = Register(
    key="legal",
    label="Legal questions",
    one="legal question",
    prefix="LEG",
    purpose=(
        "Which legal questions bear on the choices ahead, and what counsel answered. This is a "
        "checklist, not legal advice: have counsel look at the case."
    ),
    cite="Annex F; Annex D, Tab 3",
    kind="topic",
    fields=(
        Field("question", "Question", Kind.TEXT, required=True),
        Field("topic", "Topic", Kind.CHOICE, choices=TOPICS),
        Field("subject", "Subject", hint="A narrower topic, such as “Mass graves”."),
        Field(
            "standing", "Standing", Kind.CHOICE, choices=STANDING,
            hint="Open until somebody has looked at it; answered when counsel has.",
        ),
        Field(
            "answer", "Answer", Kind.TEXT,
            hint="What counsel said. Refrain from a finding that counsel has not made.",
        ),
        Field("answered_by", "Answered by", hint="Counsel's post and office."),
        Field("answered_on", "Answered on", Kind.DATE),
    ),
    views=(
        View(
            "legal-highlights", "Legal questions (not legal advice)", ("standing", "answer"),
            highlights=True,
        ),
    ),
    empty=(
        "Take in the Handbook's checklist, retire what does not arise, and mark what needs counsel."
    ),
)  # fmt: skip
