"""The four variables that bear on which tools suit, as the team reads them now."""

from dime.registers.common import Choices
from planning.registers import Field, Kind, Register, View

VARIABLES: Choices = (
    ("host_nation_role", "Role of the Host Nation Government"),
    ("us_position", "U.S. Interests, Will, Access, and Leverage"),
    ("international_support", "International Support for MAPRO Efforts"),
    ("volatility", "Volatility of the Situation"),
)
VALUES: Choices = (
    ("partner", "Partner"),
    ("mixed", "Mixed"),
    ("adversary", "Adversary"),
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("latent", "Latent"),
    ("rising", "Rising"),
    ("urgent", "Urgent"),
)
# Which values a variable may take, from one pole to the other.
SCALES: dict[str, tuple[str, str, str]] = {
    "host_nation_role": ("partner", "mixed", "adversary"),
    "us_position": ("high", "medium", "low"),
    "international_support": ("high", "medium", "low"),
    "volatility": ("latent", "rising", "urgent"),
}

SITUATION = Register(
    key="situation",
    label="Situational variables",
    one="reading",
    prefix="SIT",
    purpose="How the four variables stand that bear on which tools suit; the toolbox follows them.",
    cite="Part III, DIME Tools",
    kind="variable",
    fields=(
        Field(
            "why",
            "Why",
            Kind.TEXT,
            required=True,
            hint="What shows it, in a sentence. A new reading of a variable replaces the old one.",
        ),
        Field("variable", "Variable", Kind.CHOICE, choices=VARIABLES, required=True),
        Field("value", "Reading", Kind.CHOICE, choices=VALUES, required=True),
    ),
    views=(View("situation-variables", "Situational variables", ("variable", "value")),),
    empty="Set the four variables on the page of the toolbox; each takes one sentence of reason.",
)
