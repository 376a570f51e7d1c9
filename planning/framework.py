"""The MAPRO Policy and Planning Framework: six steps as data (Handbook Part II, Figure 5).

No ORM here. Which products a step owes is inferred, because the Handbook's figure that places
them is missing; each inference is noted in ``docs/adr/0003-gates-and-submissions.md``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step. ``owes`` names products of the catalogue; ``gated`` is False for Step 0 alone."""

    number: int
    title: str
    purpose: str
    opens_when: str
    owes: tuple[str, ...] = ()
    gated: bool = True
    cite: str = ""


STEPS: tuple[Step, ...] = (
    Step(
        0,
        "Routine Monitoring and Engagement",
        "Watch the country and use normal programs so that trouble is seen early and risk shrinks.",
        "It always runs.",
        gated=False,
        cite="Part II, Step 0",
    ),
    Step(
        1,
        "Problem Identification and Initial Guidance",
        "Settle the team, the lead, the task, the limits and the timetable of the planning effort.",
        "It opens with the effort.",
        owes=("tab-01",),
        cite="Part II, Step 1; Figure 6",
    ),
    Step(
        2,
        "Situation Analysis and Assessment",
        "Reach one picture of the setting, its dynamics and the interests at stake.",
        "It opens when the initial guidance is approved.",
        owes=("tab-02", "tab-02-enclosure-1", "tab-03"),
        cite="Part II, Step 2",
    ),
    Step(
        3,
        "Policy Formulation",
        "Obtain a decided policy that guides all further planning.",
        "It opens when the situation analysis is approved.",
        owes=("tab-04", "tab-04-enclosure-1", "tab-05"),
        cite="Part II, Step 3",
    ),
    Step(
        4,
        "Plan Development",
        "Turn the policy into a strategic plan that agencies and the field can support.",
        "It opens when the Policy Statement is issued.",
        owes=("tab-06", "tab-07", "tab-08", "tab-09"),
        cite="Part II, Step 4; Figure 8",
    ),
    Step(
        5,
        "Execution",
        "Carry out the plan, watch what it does, and decide again when conditions change.",
        "It opens when the plan is approved.",
        owes=("tab-10",),
        cite="Part II, Step 5; Figure 11",
    ),
)


def step(number: int) -> Step:
    """The step with this number. Raises LookupError outside 0-5."""
    if not 0 <= number < len(STEPS):
        raise LookupError(f"There is no step {number}.")
    return STEPS[number]
