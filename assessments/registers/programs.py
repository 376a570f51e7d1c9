"""What is done already: programs of the US Government, and those from outside it."""

from assessments.registers.common import Choices, actors
from planning.registers import Field, Kind, Register, View

LEVEL: Choices = (
    ("international", "International"),
    ("regional", "Regional"),
    ("country", "This country"),
)
US_PART: Choices = (
    ("runs", "Runs it"),
    ("funds", "Pays for it; others run it"),
    ("joins", "Takes part in it"),
)

PROGRAMS = Register(
    key="programs",
    label="Programs",
    one="program",
    prefix="PRG",
    purpose=(
        "What the US Government runs, pays for or takes part in, and whether enlarging it, "
        "changing it or threatening to cut it could prevent or ease atrocities."
    ),
    cite="Part II, Step 2, Programs; Annex D, Tab 2",
    kind="level",
    fields=(
        Field("name", "Program", required=True),
        Field("level", "Level", Kind.CHOICE, choices=LEVEL),
        Field("usg", "Part of the US Government", Kind.CHOICE, choices=US_PART),
        Field(
            "runs_it", "Who runs it",
            hint="Agency or organization, and the post that answers for it.",
        ),
        Field(
            "scope", "Scope", Kind.TEXT,
            hint="What it does, where, for whom. Say if it reaches a unit suspected of abuses.",
        ),
        Field("funding", "Funding", hint="Sum, year and end date."),
        Field(
            "flexibility", "Flexibility", Kind.TEXT, column=False,
            hint="What can be moved in weeks, and what law or contract fixes.",
        ),
        Field(
            "change", "If it were changed", Kind.TEXT, column=False,
            hint="What follows from enlarging it, changing it, or cutting it; who would be hurt.",
        ),
        actors("actors", "Actors that it reaches", "is reached by", "Whom it helps or could move."),
        Field(
            "findings", "Findings that it touches", Kind.LINKS, to=("findings",),
            inverse="is touched by", column=False,
            hint="The driver that it works against, or the resilience that it feeds.",
        ),
    ),
    views=(
        View(
            "usg-programs", "US Government programs",
            ("runs_it", "scope", "funding", "flexibility", "change"),
        ),
        View(
            "program-highlights", "US Government programs", ("runs_it", "change"), highlights=True
        ),
        View(
            "program-resources", "Programs as resources", ("funding", "flexibility"),
            highlights=True,
        ),
    ),
    empty=(
        "Ask each agency for its programs in the country: development, relief, security "
        "cooperation, training of peacekeepers; then regional and worldwide ones."
    ),
)  # fmt: skip

OTHER_KINDS: Choices = (
    ("un", "United Nations"),
    ("regional", "Regional organization"),
    ("ngo", "Nongovernmental organization"),
    ("state", "State"),
    ("private", "Company or private donor"),
    ("other", "Other"),
)
CLUSTERS: Choices = (
    ("agriculture", "Agriculture"),
    ("camp_coordination", "Camp Coordination & Management"),
    ("early_recovery", "Early Recovery"),
    ("education", "Education"),
    ("emergency_shelter", "Emergency Shelter"),
    ("emergency_telecommunications", "Emergency Telecommunications"),
    ("health", "Health"),
    ("logistics", "Logistics"),
    ("nutrition", "Nutrition"),
    ("protection", "Protection"),
    ("water_sanitation_hygiene", "Water Sanitation and Hygiene"),
    ("age", "Age"),
    ("environment", "Environment"),
    ("gender", "Gender"),
    ("hiv_aids", "HIV/AIDS"),
)
_LEADS = (
    "The cluster of the Inter-Agency Standing Committee through which it works, if any. Leads: "
    "Agriculture FAO, Camp Coordination & Management UNHCR and IOM, Early Recovery UNDP, Education "
    "Save the Children and UNICEF, Emergency Shelter IFRC and UNHCR, Emergency Telecommunications "
    "OCHA and WFP, Health WHO, Logistics WFP, Nutrition UNICEF, Protection UNHCR, Water Sanitation "
    "and Hygiene UNICEF, Age HelpAge International, Environment UNEP, Gender UNFPA and WHO, "
    "HIV/AIDS UNAIDS."
)

OTHERS = Register(
    key="others",
    label="Non-USG actors and their programs",
    one="non-USG actor",
    prefix="OTH",
    purpose=(
        "Which states and organizations from outside are at work, at what, where and with what "
        "means; who could lead, and where nobody helps."
    ),
    cite="Part II, Step 2, Programs and Assumptions; Annex D, Tab 2",
    kind="kind",
    fields=(
        Field(
            "name", "Organization or program", required=True,
            hint="Leave out a name that would endanger its bearer in a paper that travels.",
        ),
        Field("kind", "Kind", Kind.CHOICE, choices=OTHER_KINDS),
        Field("cluster", "Cluster", Kind.CHOICE, choices=CLUSTERS, hint=_LEADS),
        Field("activity", "What it does", Kind.TEXT, hint="And since when."),
        Field("where", "Where"),
        Field(
            "resources", "Resources", Kind.TEXT, column=False,
            hint="Staff, money, access, standing with the people.",
        ),
        Field(
            "limits", "Limits", Kind.TEXT, column=False,
            hint="Weak points, needs, and what its mandate or principles rule out.",
        ),
        Field(
            "ties", "Work with the US Government", Kind.TEXT, column=False,
            hint="How far it cooperates, who does what, and what may be shared with it.",
        ),
        actors(
            "actor", "Actor", "is at work in", "The same organization in the register of actors."
        ),
    ),
    views=(
        View(
            "non-usg-actors", "Non-USG actors",
            ("kind", "activity", "where", "resources", "limits"),
        ),
        View("non-usg-highlights", "Non-USG actors", ("activity", "where"), highlights=True),
    ),
    empty=(
        "Enter the UN mission and the regional organization first, then neighbors, donors and the "
        "clusters at work in the threatened area."
    ),
)  # fmt: skip
