"""The MAPRO Policy and Planning Framework: six steps as data (Handbook Part II, Figure 5).

No ORM here. The figures that place the products and that order Step 4 are missing, so both are
inferred: each such row says so and gives its basis (``docs/adr/0012-what-each-step-needs.md``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One statement about a step, and where it stands; ``inferred`` if the Handbook only implies
    it."""

    words: str
    cite: str
    inferred: bool = False


@dataclass(frozen=True)
class Owed:
    """A product of the catalogue that a step owes, and why it is held to belong there."""

    key: str
    basis: str
    cite: str
    inferred: bool = True


@dataclass(frozen=True)
class Step:
    """One step. ``gated`` is False for Step 0 alone.

    ``needs`` must hold when it begins and ``leaves`` when it is done; ``who`` takes part.
    ``owed`` stands in the order in which the products are made; ``order`` tells it where one rests
    on another. A step that ``stays_open`` decides one package after the other and never closes.
    """

    number: int
    title: str
    purpose: str
    opens_when: str
    needs: tuple[Fact, ...]
    leaves: tuple[Fact, ...]
    who: tuple[str, ...]
    owed: tuple[Owed, ...] = ()
    order: Fact | None = None
    gated: bool = True
    stays_open: bool = False
    cite: str = ""

    @property
    def owes(self) -> tuple[str, ...]:
        """The keys of the products that it owes."""
        return tuple(row.key for row in self.owed)


STEPS: tuple[Step, ...] = (
    Step(
        0,
        "Routine Monitoring and Engagement",
        "Watch the country and use normal programs so that trouble is seen early and risk shrinks.",
        "It always runs.",
        needs=(Fact("Nothing: agencies run their steady-state plans anyway.", "Part II, Step 0"),),
        leaves=(Fact("Reasonable concern that mass atrocities could happen.", "Part II, Step 1"),),
        who=(
            "Agencies with steady-state plans",
            "Civilian and military representatives in the region",
        ),
        gated=False,
        cite="Part II, Step 0",
    ),
    Step(
        1,
        "Problem Identification and Initial Guidance",
        "Settle the team, the lead, the task, the limits and the timetable of the planning effort.",
        "It opens with the effort.",
        needs=(
            Fact(
                "A sign of risk: an Embassy report, a new Atrocities Watch List, the USAID Alerts "
                "List, a Conflict Assessment, or concern voiced from outside the Government.",
                "Part II, Step 1",
            ),
            Fact(
                "Somebody with enough authority finds the risk worth the effort, in an emerging "
                "crisis or for a contingency.",
                "Part II, Step 1",
            ),
        ),
        leaves=(
            Fact(
                "The team understands its purpose, its members, its lead agency, its Approving "
                "Authority and what further guidance binds it.",
                "Part II, Step 1; Figure 6",
            ),
        ),
        who=(
            "Initiating authority",
            "Country and regional specialists",
            "Offices with MAPRO portfolios",
        ),
        owed=(
            Owed(
                "tab-01",
                "Step 1 names the memorandum that carries the guidance.",
                "Part II, Step 1; Annex D, Tab 1",
            ),
        ),
        cite="Part II, Step 1; Figure 6",
    ),
    Step(
        2,
        "Situation Analysis and Assessment",
        "Reach one picture of the setting, its dynamics and the interests at stake.",
        "It opens when the initial guidance is approved.",
        needs=(Fact("Initial guidance, received or made by the team itself.", "Part II, Step 1"),),
        leaves=(
            Fact(
                "The authority above the team accepts the analysis and sends it on to Step 3, or "
                "orders more of it.",
                "Part II, Step 2",
            ),
        ),
        who=("IPT", "Outside experts", "Members who attend remotely"),
        owed=(
            Owed(
                "tab-02",
                "Step 2 has the first meeting hear a Conflict Assessment.",
                "Part II, Step 2; Annex D, Tab 2",
            ),
            Owed(
                "tab-02-enclosure-1",
                "The enclosure is briefed to the team early in its planning.",
                "Annex D, Enclosure I to Tab 2",
            ),
            Owed(
                "tab-03",
                "Step 2 names the overview as what its sessions work toward.",
                "Part II, Step 2; Annex D, Tab 3",
            ),
        ),
        cite="Part II, Step 2",
    ),
    Step(
        3,
        "Policy Formulation",
        "Obtain a decided policy that guides all further planning.",
        "It opens when the situation analysis is approved.",
        needs=(Fact("An accepted situation analysis.", "Part II, Step 2"),),
        leaves=(
            Fact(
                "The President, the Principals or the Deputies decided, and the Policy Statement "
                "is issued.",
                "Part II, Step 3",
            ),
        ),
        who=("IPT", "Deputies Committee", "Principals Committee", "President"),
        owed=(
            Owed(
                "tab-04",
                "Step 3 calls for a Policy Advisory Memo.",
                "Part II, Step 3; Annex D, Tab 4",
            ),
            Owed(
                "tab-04-enclosure-1",
                "The enclosure is the memorandum as a briefing.",
                "Annex D, Enclosure I to Tab 4",
            ),
            Owed(
                "tab-05",
                "Step 3 ends in a Policy Statement.",
                "Part II, Step 3; Annex D, Tab 5",
            ),
        ),
        cite="Part II, Step 3",
    ),
    Step(
        4,
        "Plan Development",
        "Turn the policy into a strategic plan that agencies and the field can support.",
        "It opens when the Policy Statement is issued.",
        needs=(Fact("An issued Policy Statement.", "Part II, Step 3"),),
        leaves=(
            Fact("The USG Strategic Plan and the supporting plans are ready.", "Part II, Step 4"),
        ),
        who=("IPT", "Departments in Washington", "Country Teams", "Military forces"),
        owed=(
            Owed(
                "tab-06",
                "It seeks approval of the options to examine, for a policy already decided.",
                "Annex D, Tab 6",
            ),
            Owed(
                "tab-07",
                "It seeks approval of the concept that carries out the policy.",
                "Annex D, Tab 7",
            ),
            Owed(
                "tab-08",
                "Step 4 refers to the outline of the Strategic Plan.",
                "Part II, Step 4; Annex D, Tab 8",
            ),
            Owed(
                "tab-09",
                "Step 4 has organizations brief back once their supporting plans are done.",
                "Part II, Step 4; Annex D, Tab 9",
            ),
        ),
        order=Fact(
            "Options are approved for examination, then one is decided, then the plan is written "
            "and briefed back.",
            "Figure 8; Annex D, Tabs 6 to 9",
            inferred=True,
        ),
        cite="Part II, Step 4; Figure 8",
    ),
    Step(
        5,
        "Execution",
        "Carry out the plan, watch what it does, and decide again when conditions change.",
        "It opens when the plan is approved.",
        needs=(Fact("A plan approved for execution.", "Part II, Step 5"),),
        leaves=(
            Fact(
                "The transition is complete, or conditions call for planning anew.",
                "Part II, Step 5",
            ),
        ),
        who=(
            "Agencies in Washington",
            "Chief of Mission",
            "Combatant Commander",
            "Special Envoy",
            "Secretaries of State or Defense",
            "President",
        ),
        owed=(
            Owed(
                "tab-10",
                "Step 5 names the Situation Update, to be kept current.",
                "Part II, Step 5; Annex D, Tab 10",
            ),
        ),
        stays_open=True,
        cite="Part II, Step 5; Figure 11",
    ),
)


def step(number: int) -> Step:
    """The step with this number. Raises LookupError outside 0-5."""
    if not 0 <= number < len(STEPS):
        raise LookupError(f"There is no step {number}.")
    return STEPS[number]
