"""What is said to whom, by whom and how, and which messages contradict each other."""

from assessments.registers.common import Choices, actors
from planning.registers import Field, Kind, Register, View

AUDIENCES: Choices = (
    ("perpetrators", "Perpetrators"),
    ("victims", "Victims"),
    ("host_nation_public", "Host nation public and other actors there"),
    ("neighbors", "Neighbors and the region"),
    ("enabling_countries", "Countries that enable perpetrators"),
    ("international_community", "International community"),
    ("us_public", "US public and Congress"),
    ("own_team", "Own team and agencies"),
    ("other", "Other audience"),
)

MESSAGES = Register(
    key="messages",
    label="Messages",
    one="message",
    prefix="MSG",
    purpose=(
        "What is said to each audience, so that words fit deeds and no message for one audience "
        "misleads another."
    ),
    cite="Annex G; Part III, Cross-Cutting Considerations, Strategic Communication",
    kind="audience_kind",
    fields=(
        Field(
            "message", "Message", Kind.TEXT, required=True,
            hint="Raise no hope that cannot be met, and make no threat that is empty.",
        ),
        Field("audience_kind", "Kind of audience", Kind.CHOICE, choices=AUDIENCES),
        Field("audience", "Audience", hint="Whom exactly, such as officers of one brigade."),
        Field(
            "purpose", "Purpose", Kind.TEXT,
            hint=(
                "What the audience should think or do: trust us more, trust an adversary less, do "
                "something helpful, refrain from something."
            ),
        ),
        Field("means", "Means", hint="Radio, a visit, a statement, a broadcast picture, an act."),
        Field("speaker", "Speaker", hint="The post that says it, or whom the audience believes."),
        Field("when", "When", hint="A date, or the event that it waits for."),
        Field(
            "conflicts_with", "Conflicts with", Kind.LINKS, to=("messages",),
            inverse="conflicts with", column=False,
            hint="A message that this audience, or another, could take as its opposite.",
        ),
        actors("actors", "Actors", "is addressed by", "Actors that it speaks to or about."),
    ),
    views=(
        View(
            "messages-by-audience", "Messages",
            ("audience_kind", "audience", "purpose", "means", "speaker"),
        ),
        View("message-highlights", "Messages", ("audience_kind", "speaker"), highlights=True),
    ),
    empty="Enter first what the perpetrators must hear, then what those at risk must hear.",
)  # fmt: skip
