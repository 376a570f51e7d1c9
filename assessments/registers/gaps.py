"""What planners take from the diagnosis: gaps, challenges, risks and opportunities."""

from assessments.registers.common import Choices, actors
from planning.registers import Field, Kind, Register, Style, View

KINDS: Choices = (
    ("capability_gap", "Capability gap"),
    ("challenge", "Challenge"),
    ("risk_of_acting", "Risk of acting"),
    ("risk_of_not_acting", "Risk of not acting"),
    ("opportunity", "Opportunity"),
)
LIKELIHOOD: Choices = (
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("unknown", "Not judged"),
)
_RISK = ("likelihood", "consequence", "actors", "what_could_be_done")


def _short(key: str, label: str, kind: str, *fields: str) -> View:
    """What a briefing shows of one kind: a list, or a table if there are columns."""
    return View(key, label, fields, (kind,), Style.TABLE if fields else Style.LIST, highlights=True)


GAPS = Register(
    key="gaps",
    label="Gaps, challenges, risks and opportunities",
    one="entry",
    prefix="GAP",
    purpose=(
        "What the host nation cannot do, what stands in the way, what may go wrong by acting and "
        "by not acting, and which openings there are."
    ),
    cite="Annex D, Tab 2, Segue Into Planning; Part III, MAPRO Policy Risks",
    kind="kind",
    fields=(
        Field("statement", "Statement", Kind.TEXT, required=True, hint="One sentence."),
        # Required: each section takes one kind alone, so that an entry of none would be lost.
        Field("kind", "Kind", Kind.CHOICE, choices=KINDS, required=True),
        Field(
            "likelihood", "Likelihood", Kind.CHOICE, choices=LIKELIHOOD, hint="For a risk."
        ),
        Field(
            "consequence", "Consequence", Kind.TEXT,
            hint="What follows, and who pays for it. For an opportunity: what would be won.",
        ),
        Field(
            "what_could_be_done", "What could be done", Kind.TEXT,
            hint="Who could close, lessen, work around or use it. Say if it can only be borne.",
        ),
        Field(
            "act_by", "Act by", Kind.DATE,
            hint="For an opportunity: after this it is gone. For a gap or risk: when it bites.",
        ),
        actors(
            "actors", "Actors", "is touched by", "Who lacks it, bears it, poses it or opens it."
        ),
        Field(
            "findings", "Findings", Kind.LINKS, to=("findings",), inverse="leads to",
            column=False, hint="The findings from which it follows.",
        ),
    ),
    views=(
        View(
            "capability-gaps", "Capability gaps", ("consequence", "what_could_be_done", "actors"),
            ("capability_gap",),
        ),
        View(
            "challenges", "Challenges", ("consequence", "what_could_be_done", "actors"),
            ("challenge",),
        ),
        View("risks-of-acting", "Risks of acting", _RISK, ("risk_of_acting",)),
        View("risks-of-not-acting", "Risks of not acting", _RISK, ("risk_of_not_acting",)),
        View(
            "opportunities", "Opportunities",
            ("consequence", "what_could_be_done", "act_by", "actors"), ("opportunity",),
        ),
        _short("gap-highlights", "Capability gaps", "capability_gap"),
        _short("challenge-highlights", "Challenges", "challenge"),
        _short("acting-risk-highlights", "Risks of acting", "risk_of_acting", "likelihood"),
        _short(
            "waiting-risk-highlights", "Risks of not acting", "risk_of_not_acting", "likelihood"
        ),
        _short("opportunity-highlights", "Opportunities", "opportunity", "act_by"),
    ),
    empty=(
        "Enter the gaps that cost most lives, then the risks: as many of not acting as of acting."
    ),
)  # fmt: skip
