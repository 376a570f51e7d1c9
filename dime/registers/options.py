"""Options: courses between doing nothing and intervention, each a whole that can be argued."""

from dime.registers.common import LEVELS, Choices
from dime.vocabulary import Level, Standing
from planning.registers import Field, Kind, Register, View

NOTHING = "none"
APPROACHES: Choices = (
    ("suasion", "Suasion"),
    ("compellence", "Compellence"),
    ("intervention", "Intervention"),
    ("mixed", "Mixed"),
    (NOTHING, "None: do nothing"),
)
US_ROLES: Choices = (
    ("bystander", "Bystander"),
    ("support_other_actors", "Support Other Actors"),
    ("lead_multinational_effort", "Lead Multinational Effort"),
    ("act_unilaterally", "Act Unilaterally"),
)
STANDINGS: Choices = tuple((str(value), str(label)) for value, label in Standing.choices)
JUDGMENTS: Choices = (("yes", "Yes"), ("in_part", "In part"), ("no", "No"))
# Each test of an option with the question that it asks.
TESTS: tuple[tuple[str, str, str], ...] = (
    ("distinguishable", "Distinguishable", "How does it differ from every other option, in more than degree?"),
    ("suitable", "Suitable", "Does it reach the goal, and within the guidance and the law?"),
    ("feasible", "Feasible", "Are time, people, money and access there, or within reach?"),
    ("acceptable", "Acceptable", "Is what it costs and risks worth what it gains, to those who must carry it?"),
    ("complete", "Complete", "Does it say who does what, when, where, why and how, to the end state?"),
)  # fmt: skip


def _tests() -> tuple[Field, ...]:
    """Two fields for each test: the judgment, and the argument for it."""
    found: list[Field] = []
    for key, label, asks in TESTS:
        found.append(Field(key, label, Kind.CHOICE, choices=JUDGMENTS, column=False, hint=asks))
        found.append(
            Field(
                f"{key}_why", f"{label}: why", Kind.TEXT, column=False,
                hint="The argument, for the doubter.",
            )
        )  # fmt: skip
    return tuple(found)


OPTIONS = Register(
    key="options",
    label="Options",
    one="option",
    prefix="OPT",
    purpose=(
        "The courses of action among which decision-makers choose, doing nothing included, each "
        "complete enough to be compared."
    ),
    cite="Part II, Step 3; Part III, Approaches and U.S. Roles; Annex D, Tabs 4, 6 and 7",
    kind="approach",
    fields=(
        Field("name", "Name", required=True, hint="A few words that tell it from the others."),
        Field(
            "approach", "Approach", Kind.CHOICE, choices=APPROACHES,
            hint="No ladder has to be climbed: an option may start anywhere.",
        ),
        Field(
            "level", "Level", Kind.CHOICE, choices=LEVELS,
            hint="A policy option answers Step 3, a concept carries out the policy in Step 4.",
        ),
        Field("us_role", "U.S. role", Kind.CHOICE, choices=US_ROLES),
        Field("standing", "Standing", Kind.CHOICE, choices=STANDINGS, act=True),
        Field(
            "summary", "Concept", Kind.TEXT,
            hint="What is done, by whom, to what effect, in three sentences.",
        ),
        Field(
            "rationale", "Rationale", Kind.TEXT, column=False,
            hint="Why this could work here, and which driver or actor it bears on.",
        ),
        Field("goal", "Goal", Kind.TEXT, column=False, hint="What it is to reach in the end."),
        Field(
            "end_state", "End state", Kind.TEXT, column=False,
            hint="What is true when the effort may end, in terms that somebody can check.",
        ),
        Field("first_effect", "First effect", hint="When it can first be felt, such as “Days”."),
        Field("cost", "Cost", hint="Rough order, period, and how much is in hand."),
        Field("main_risk", "Main risk", Kind.TEXT, hint="The risk that would sink it."),
        Field(
            "inaction", "Risks of inaction", Kind.TEXT, column=False,
            hint="Of doing nothing: what happens without us. Of others: what is lost by waiting.",
        ),
        Field(
            "resources", "Resources", Kind.TEXT, column=False,
            hint="People, money, means and access, and where they come from.",
        ),
        Field(
            "phasing", "Phasing", Kind.TEXT, column=False,
            hint="Phases or stages, with what begins and ends each.",
        ),
        Field(
            "organization", "Organization", Kind.TEXT, column=False,
            hint="Who leads, who supports, which partners, which new bodies.",
        ),
        Field(
            "control", "Control", Kind.TEXT, column=False,
            hint="Who directs and coordinates, in Washington, in the country, with partners.",
        ),
        Field(
            "sustainment", "Sustainment", Kind.TEXT, column=False,
            hint="How it is kept up: supply, funds, staff, support at home.",
        ),
        Field(
            "assumptions", "Assumptions", Kind.LINKS, to=("assumptions",),
            inverse="is assumed by", column=False, hint="What it takes as true without proof.",
        ),
        *_tests(),
    ),
    views=(
        View(
            "policy-options", "Options",
            ("approach", "us_role", "summary", "first_effect", "cost", "main_risk"),
            only=(("level", Level.POLICY),),
        ),
        View(
            "concept-options", "Options",
            ("approach", "summary", "first_effect", "cost", "main_risk"),
            only=(("level", Level.CONCEPT),),
        ),
    ),
    empty=(
        "Enter two courses that differ in kind. “Do nothing” joins them by itself, so that what "
        "waiting costs is always in view."
    ),
    signal="standing",
    always=(("name", "Do nothing"), ("approach", NOTHING), ("us_role", "bystander")),
)  # fmt: skip
