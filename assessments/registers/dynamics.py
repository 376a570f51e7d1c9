"""What moves the conflict: dynamics by PMESII factor, and the findings of the ICAF."""

from assessments.registers.common import Choices, actors, sources
from planning.registers import Field, Kind, Register, Style, View

FACTORS: Choices = (
    ("political", "Political"),
    ("military_security", "Military/Security"),
    ("economic", "Economic"),
    ("social", "Social"),
    ("informational", "Informational"),
    ("infrastructure", "Infrastructure"),
    ("cross", "Across factors"),
)
TREND: Choices = (
    ("better", "Getting better"),
    ("same", "Unchanged"),
    ("worse", "Getting worse"),
    ("unknown", "Unknown"),
)
_TOPICS = (
    "Political: power sharing, levels from village to UN, leaders who exploit quarrels, state "
    "violence. Military/Security: armed forces, police, intelligence, militias, foreign forces, "
    "criminals, mercenaries. Economic: rivalry for resources, inequality, discrimination, theft by "
    "the state, illicit trade. Social: cleavages between and inside groups, nationalism, displaced "
    "people, child soldiers, health. Informational: hate and fear in media, online and by word of "
    "mouth; power of witness. Infrastructure: unequal networks, roads and check points, camps, "
    "bases, destroyed services. Across factors: history of atrocities, type of conflict, types, "
    "targets or logic of violence."
)

DYNAMICS = Register(
    key="dynamics",
    label="Conflict dynamics",
    one="dynamic",
    prefix="DYN",
    purpose=(
        "The political, military and security, economic, social, informational and "
        "infrastructural factors that bear on violence, and where each is heading."
    ),
    cite="Part II, Step 2, Conflict Dynamics",
    kind="factor",
    fields=(
        Field(
            "statement", "What is going on", Kind.TEXT, required=True,
            hint="One sentence that says how this bears on violence against civilians.",
        ),
        Field("factor", "Factor", Kind.CHOICE, choices=FACTORS),
        Field("topic", "Topic", hint=_TOPICS),
        Field("trend", "Trend", Kind.CHOICE, choices=TREND),
        Field("since", "Since", Kind.DATE),
        Field("until", "Until", Kind.DATE, hint="Empty while it lasts."),
        actors("actors", "Actors", "takes part in", "Who drives it or is moved by it."),
        sources(),
    ),
    views=(
        View(
            "conflict-dynamics", "Conflict dynamics",
            ("factor", "topic", "trend", "since", "actors"),
        ),
        View("dynamic-highlights", "Critical dynamics", ("factor", "trend"), highlights=True),
    ),
    empty=(
        "Enter what changed most in recent months, then go through the six factors and ask of "
        "each what feeds or dampens violence."
    ),
)  # fmt: skip

PARTS: Choices = (
    ("context", "Context"),
    ("identity_group", "Identity group under threat"),
    ("social_pattern", "Social pattern"),
    ("institutional_performance", "Institutional performance"),
    ("grievance", "Core grievance"),
    ("social_resilience", "Social resilience"),
    ("institutional_resilience", "Institutional resilience"),
    ("driver", "Driver of conflict"),
    ("mitigating_factor", "Mitigating factor"),
    ("window_of_vulnerability", "Window of vulnerability"),
    ("window_of_opportunity", "Window of opportunity"),
)
WEIGHT: Choices = (
    ("decisive", "Decisive"),
    ("strong", "Strong"),
    ("moderate", "Moderate"),
    ("weak", "Weak"),
    ("unknown", "Not judged"),
)
_RESILIENCE = ("social_resilience", "institutional_resilience")
_WHY = ("weight", "basis", "sources")


def _short(key: str, label: str, *kinds: str, fields: tuple[str, ...] = ()) -> View:
    """What a briefing shows of some kinds: a list, or a table if there are columns."""
    style = Style.TABLE if fields else Style.LIST
    return View(key, label, fields, kinds, style, highlights=True)


FINDINGS = Register(
    key="findings",
    label="Findings",
    one="finding",
    prefix="FND",
    purpose=(
        "What the conflict assessment found, in the parts of the Interagency Conflict Assessment "
        "Framework. Each is entered once and fills its section of the assessment and the briefings."
    ),
    cite="Part II, Step 2; Annex D, Tab 2",
    kind="kind",
    fields=(
        Field(
            "statement", "Finding", Kind.TEXT, required=True,
            hint=(
                "One sentence. For a driver or a mitigating factor: this actor uses this by these "
                "means, so that this follows."
            ),
        ),
        # Required: each section takes its kinds alone, so that a finding of none would be lost.
        Field("kind", "Part of the assessment", Kind.CHOICE, choices=PARTS, required=True),
        actors(
            "concerns", "Whom it concerns", "is concerned by",
            "Who holds the grievance, or which groups the pattern, institution or window touches.",
        ),
        actors(
            "mobilizes", "Who mobilizes or mitigates", "mobilizes or mitigates",
            "Who turns it into violence, or into restraint.",
        ),
        Field(
            "draws_on", "Draws on", Kind.LINKS, to=("findings",), inverse="is drawn on by",
            column=False,
            hint=(
                "The grievance that a driver uses, or the source of resilience that a mitigating "
                "factor uses."
            ),
        ),
        Field(
            "counters", "Counters", Kind.LINKS, to=("findings",), inverse="is countered by",
            column=False, hint="The driver that a mitigating factor holds down.",
        ),
        Field("opens", "Opens", Kind.DATE, hint="For a window: when it opens."),
        Field("closes", "Closes", Kind.DATE, hint="For a window: when it closes."),
        Field("weight", "Weight", Kind.CHOICE, choices=WEIGHT),
        Field(
            "basis", "Basis", Kind.TEXT, column=False,
            hint="Evidence, and what is fact, what perception and what judgment.",
        ),
        sources(),
    ),
    views=(
        View("context-findings", "Context", _WHY, ("context",)),
        View("group-fears", "Groups under threat", ("concerns", *_WHY), ("identity_group",)),
        View("social-patterns", "Social patterns", ("concerns", *_WHY), ("social_pattern",)),
        View(
            "institutional-performance", "Institutional performance", ("concerns", *_WHY),
            ("institutional_performance",),
        ),
        View(
            "core-grievances", "Core grievances", ("concerns", "mobilizes", *_WHY), ("grievance",)
        ),
        View(
            "resilience-sources", "Sources of resilience", ("kind", "mobilizes", *_WHY),
            _RESILIENCE,
        ),
        View(
            "conflict-drivers", "Drivers of conflict", ("mobilizes", "draws_on", *_WHY), ("driver",)
        ),
        View(
            "mitigating-factors", "Mitigating factors",
            ("mobilizes", "draws_on", "counters", "basis", "sources"), ("mitigating_factor",),
        ),
        View(
            "windows-of-vulnerability", "Windows of vulnerability",
            ("opens", "closes", "mobilizes", "weight", "basis"),
            ("window_of_vulnerability",),
        ),
        View(
            "windows-of-opportunity", "Windows of opportunity",
            ("opens", "closes", "mobilizes", "weight", "basis"),
            ("window_of_opportunity",),
        ),
        _short("context-highlights", "Context", "context"),
        _short(
            "grievance-highlights", "Core grievances", "grievance", fields=("concerns", "mobilizes")
        ),
        _short("resilience-highlights", "Sources of resilience", *_RESILIENCE),
        _short(
            "driver-highlights", "Drivers of conflict", "driver", fields=("mobilizes", "weight")
        ),
        _short(
            "mitigation-highlights", "Mitigating factors", "mitigating_factor",
            fields=("mobilizes", "weight"),
        ),
        _short(
            "vulnerability-highlights", "Windows of vulnerability", "window_of_vulnerability",
            fields=("opens", "closes"),
        ),
        _short(
            "opening-highlights", "Windows of opportunity", "window_of_opportunity",
            fields=("opens", "closes"),
        ),
    ),
    empty=(
        "Start with the core grievances and the sources of resilience; drivers and mitigating "
        "factors then say which actor uses which of them."
    ),
)  # fmt: skip
