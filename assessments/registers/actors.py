"""Actors, with the roles that they play over time, and the relations between them."""

from assessments.registers.common import CONFIDENCE, Choices, actors, sources
from planning.registers import Field, Kind, Register, View

WHAT: Choices = (
    ("organization", "Organization"),
    ("nation", "Nation"),
    ("military", "Military or security force"),
    ("religious", "Religious group"),
    ("individual", "Individual"),
    ("identity_group", "Identity group"),
    ("other", "Other"),
)
# One actor may be victim of one atrocity and perpetrator of another, at once or in turn.
ROLES: Choices = (
    ("architects", "Perpetrator: architect"),
    ("facilitators", "Perpetrator: facilitator"),
    ("rank_and_file", "Perpetrator: rank and file"),
    ("victims", "Victim"),
    ("interveners", "Intervener"),
    ("bystanders", "Bystander"),
    ("positive_actors", "Positive actor"),
    ("negative_actors", "Negative actor"),
    ("third_party_enablers", "Third-party enabler"),
)
STANCE_NOW: Choices = (
    ("perpetrator", "Perpetrator"),
    ("negative", "Negative actor"),
    ("bystander", "Bystander"),
    ("positive", "Positive actor"),
    ("intervener", "Intervener"),
    ("mixed", "Mixed: helps and harms"),
    ("unknown", "Unknown"),
)
STANCE_WANTED: Choices = (
    ("dissuaded", "No longer perpetrator or negative actor"),
    ("bystander", "Bystander"),
    ("positive", "Positive actor"),
    ("intervener", "Intervener"),
    ("unchanged", "As now"),
)

ACTORS = Register(
    key="actors",
    label="Actors",
    one="actor",
    prefix="ACT",
    purpose=(
        "Who matters in the situation: what each wants and can do, which roles it plays, and "
        "where influence should move it."
    ),
    cite="Part II, Step 2, Actors; Annex D, Tab 2",
    kind="what",
    fields=(
        Field(
            "name", "Name", required=True,
            hint="As it is known, and the name that it uses for itself if that differs.",
        ),
        Field("what", "What it is", Kind.CHOICE, choices=WHAT),
        Field(
            "roles", "Roles", Kind.SPANS, choices=ROLES,
            hint=(
                "Several may hold at once. Give dates where a role began or ended, such as "
                "“Victim since 2013-03-24”."
            ),
        ),
        Field(
            "locations", "Where", Kind.TEXT,
            hint="Provinces, towns, camps or countries from which it acts.",
        ),
        Field(
            "motivations", "Motivations", Kind.TEXT, column=False,
            hint=(
                "Such as ethnic rivalry, political or economic gain, ideology, survival of the "
                "group. Say which motives are legitimate or understandable."
            ),
        ),
        Field(
            "objectives", "Objectives", Kind.TEXT,
            hint="What it says that it wants, and what it likely wants.",
        ),
        Field(
            "means", "Means", Kind.TEXT, column=False,
            hint="What it acts with: fighters, weapons, offices, votes, radio stations.",
        ),
        Field(
            "resources", "Resources", Kind.TEXT, column=False,
            hint="Where money, arms and supplies come from: budget, diaspora, smuggling, a patron.",
        ),
        Field("strengths", "Strengths", Kind.TEXT, column=False),
        Field("weaknesses", "Weaknesses", Kind.TEXT, column=False),
        Field(
            "patterns", "How it operates", Kind.TEXT, column=False,
            hint="Season, targets, size of its bands, signs before a raid, how it hides its acts.",
        ),
        Field("stance_now", "Stance now", Kind.CHOICE, choices=STANCE_NOW),
        Field(
            "stance_wanted", "Stance wanted", Kind.CHOICE, choices=STANCE_WANTED,
            hint="Where influence should move it.",
        ),
        Field(
            "influence_how", "How to influence it", Kind.TEXT, column=False,
            hint="Who could move it, by what, and what would make it dig in.",
        ),
        sources(),
    ),
    views=(
        View("key-actors", "Key actors", ("what", "roles", "locations", "motivations", "patterns")),
        View(
            "actor-means", "Objectives, means and resources of key actors",
            ("objectives", "means", "resources", "strengths", "weaknesses"),
        ),
        View(
            "identity-groups", "Identity groups", ("roles", "locations", "motivations"),
            kinds=("identity_group",),
        ),
        View("actor-highlights", "Actors", ("roles", "motivations"), highlights=True),
        View(
            "actor-stances", "Stances of actors",
            ("motivations", "stance_now", "stance_wanted", "influence_how"),
        ),
        View(
            "stance-highlights", "Stances of actors", ("stance_now", "stance_wanted"),
            highlights=True,
        ),
    ),
    empty=(
        "Enter those first who commit or threaten atrocities, then the groups that they target, "
        "then whoever could restrain them."
    ),
)  # fmt: skip

RELATION: Choices = (
    ("supports", "Supports"),
    ("controls", "Controls"),
    ("opposes", "Opposes"),
    ("other", "Other"),
)

RELATIONS = Register(
    key="relations",
    label="Relations between actors",
    one="relation",
    prefix="REL",
    purpose="Who arms, pays, commands, shelters or restrains whom: the lines of the actor network.",
    cite="Part II, Step 2, Actors",
    kind="relation",
    fields=(
        Field(
            "what", "Relation in words", required=True,
            hint="A verb that reads from the first actor to the second, such as “arms and pays”.",
        ),
        actors("start", "From", "acts in", "One actor: the one that acts.", required=True),
        Field("relation", "Kind of relation", Kind.CHOICE, choices=RELATION),
        actors("end", "To", "is acted on in", "One actor: the one acted on.", required=True),
        Field("since", "Since", Kind.DATE),
        Field("until", "Until", Kind.DATE, hint="Empty while it lasts."),
        Field("confidence", "Confidence", Kind.CHOICE, choices=CONFIDENCE),
        sources(),
    ),
    views=(
        View(
            "actor-relations", "Relations between actors",
            ("start", "relation", "end", "since", "confidence"),
        ),
    ),
    empty="Enter the actors first; then say who arms, pays or commands the perpetrators.",
)  # fmt: skip
