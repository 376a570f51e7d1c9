"""Policy risks, weighed for each option before and after what is done about them."""

from dime.registers.common import Choices, options
from planning.registers import Field, Kind, Register, View

# Part III, Risks, in the Handbook's order.
KINDS: Choices = (
    ("too_slow", "Too slow"),
    ("ineffectiveness", "Ineffectiveness"),
    ("unintended_escalation", "Unintended escalation"),
    ("collateral_damage", "Collateral damage"),
    ("anti_americanism", "Anti-Americanism or anti-coalition sentiment"),
    ("quagmire", "Quagmire"),
    ("losses", "Losses"),
    ("increased_resistance", "Increased resistance because of pride or nationalism"),
    ("coalition_fissures", "Coalition fissures"),
    ("politicization", "Politicization of humanitarian assistance"),
    ("second_order", "Negative second-order effects"),
    ("inaction", "Risks of inaction"),
    ("own", "Another risk"),
)
LIKELIHOOD: Choices = (
    ("1", "1 Remote"),
    ("2", "2 Unlikely"),
    ("3", "3 Possible"),
    ("4", "4 Likely"),
    ("5", "5 Almost certain"),
)
CONSEQUENCE: Choices = (
    ("1", "1 Minor"),
    ("2", "2 Limited"),
    ("3", "3 Serious"),
    ("4", "4 Grave"),
    ("5", "5 Catastrophic"),
)

RISKS = Register(
    key="policy-risks",
    label="Policy risks",
    one="risk",
    prefix="RSK",
    purpose=(
        "What could go wrong because of an option, how likely and how bad, what is done about it, "
        "and what remains."
    ),
    cite="Part III, Risks; Annex D, Tabs 4 and 7",
    kind="kind",
    fields=(
        Field(
            "risk", "Risk", Kind.TEXT, required=True,
            hint="If this, then that, for whom. One risk in one sentence.",
        ),
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS),
        options("The options that run it; none means all of them.", "risks"),
        Field("likelihood", "Likelihood", Kind.CHOICE, choices=LIKELIHOOD),
        Field("consequence", "Consequence", Kind.CHOICE, choices=CONSEQUENCE),
        Field("mitigation", "What is done about it", Kind.TEXT, column=False),
        Field("residual_likelihood", "Likelihood then", Kind.CHOICE, choices=LIKELIHOOD),
        Field("residual_consequence", "Consequence then", Kind.CHOICE, choices=CONSEQUENCE),
        Field("owner", "Owner", hint="The agency or post that watches it."),
    ),
    views=(
        View(
            "risks-of-options", "Risks",
            ("options", "likelihood", "consequence", "mitigation", "residual_likelihood",
             "residual_consequence"),
        ),
        View("risk-highlights", "Risks", ("options", "mitigation"), highlights=True),
    ),
    empty="Take in the Handbook's eleven risks, retire those that do not arise, and weigh the rest.",
)  # fmt: skip
