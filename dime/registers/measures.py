"""Measures: the tools that an option uses, each toward somebody, for a purpose, at a time."""

from dime.registers.common import Choices, option
from dime.vocabulary import Purpose
from planning.registers import Field, Kind, Register, View

PURPOSES: Choices = tuple((str(value), str(label)) for value, label in Purpose.choices)
INTENSITIES: Choices = (("low", "Low"), ("medium", "Medium"), ("high", "High"))
# Figure 9.
STAGES: Choices = (
    ("stage_1a", "IA Steady-State Engagement"),
    ("stage_1b", "IB Targeted Prevention"),
    ("stage_1c", "IC Crisis Management"),
    ("stage_2a", "IIA Stop Mass Atrocities"),
    ("stage_2b", "IIB Stabilization"),
    ("stage_3a", "IIIA Build Host Nation Capacity"),
    ("stage_3b", "IIIB Transition to Steady-State Posture"),
)

MEASURES = Register(
    key="measures",
    label="Measures",
    one="measure",
    prefix="MSR",
    purpose=(
        "Which tools an option combines: toward whom, what for, how hard, in which stage, led by "
        "whom, with what, from when and until when."
    ),
    cite="Part III, DIME Tools; Figures 9 and 14",
    fields=(
        Field("name", "Measure", required=True, hint="What is done, in a few words."),
        option("One option. The same tool in two options is two measures.", "uses"),
        Field(
            "tool", "Tool", Kind.REFERENCE, refers="tools",
            hint="The tool of the toolbox; empty for what no tool covers.",
        ),
        Field(
            "targets", "Toward", Kind.LINKS, to=("actors",), inverse="is addressed by",
            hint="Actors that it is to move, weaken or protect.",
        ),
        Field("purposes", "Purposes", Kind.CHOICES, choices=PURPOSES, column=False),
        Field("intensity", "Intensity", Kind.CHOICE, choices=INTENSITIES),
        Field("stages", "Stages", Kind.CHOICES, choices=STAGES),
        Field("lead", "Lead", hint="The agency that answers for it."),
        Field("support", "Support", hint="Agencies and partners that help, parted by commas."),
        Field("resources", "Resources", Kind.TEXT, column=False, hint="And whether they are in hand."),
        Field(
            "authority", "Authority", column=False,
            hint="The law, order or decision on which it rests, or who has to give it.",
        ),
        Field(
            "starts_when", "Starts when", Kind.TEXT, column=False,
            hint="A date, an event, a decision.",
        ),
        Field(
            "stops_when", "Stops when", Kind.TEXT, column=False,
            hint="What ends it, or eases it as a reward.",
        ),
        Field(
            "after", "Only after", Kind.LINKS, to=("measures",), inverse="comes before",
            column=False, acyclic=True,
            hint="Measures that must have begun first.",
        ),
        Field(
            "line", "Line of effort", Kind.LINKS, to=("lines-of-effort",), inverse="is carried by",
            column=False,
        ),
        Field(
            "messages", "Messages", Kind.LINKS, to=("messages",), inverse="is backed by",
            column=False, hint="What is said along with it; each promise needs a measure.",
        ),
    ),
    views=(
        View(
            "measures-of-options", "Measures",
            ("option", "tool", "targets", "stages", "lead", "support"),
        ),
    ),
    empty="Choose an option and build its package: pick tools, then say toward whom and what for.",
)  # fmt: skip
