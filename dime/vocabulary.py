"""The words of the toolbox: elements, approaches, incentives, and how a tool is weighed.

Part III, DIME Tools; Figure 14.
"""

from __future__ import annotations

from django.db import models


class Element(models.TextChoices):
    """The elements of national power."""

    DIPLOMATIC = "diplomatic", "Diplomatic"
    INFORMATIONAL = "informational", "Informational"
    MILITARY = "military", "Military"
    ECONOMIC = "economic", "Economic"


class Approach(models.TextChoices):
    """The approaches, from the least intrusive on; no order of use follows from it."""

    SUASION = "suasion", "Suasion"
    COMPELLENCE = "compellence", "Compellence"
    INTERVENTION = "intervention", "Intervention"


class Incentive(models.TextChoices):
    """Whether a tool rewards or penalizes."""

    CARROT = "carrot", "Reward"
    STICK = "stick", "Penalty"
    BOTH = "both", "Reward or penalty"
    NEUTRAL = "neutral", "Neither"


class LeadTime(models.TextChoices):
    """How long until a tool can have effect."""

    DAYS = "days", "Days"
    WEEKS = "weeks", "Weeks"
    MONTHS = "months", "Months"
    YEARS = "years", "Years"


class Reversible(models.TextChoices):
    """How easily a tool is undone, or ended as a reward."""

    EASY = "easy", "Easily"
    PARTLY = "partly", "In part"
    HARD = "hard", "Hardly"


class Target(models.TextChoices):
    """At whom a tool is typically aimed; none means an internal US measure."""

    PERPETRATORS = "perpetrators", "Perpetrators"
    VICTIMS = "victims", "Victims"
    INTERVENERS = "interveners", "Interveners"
    BYSTANDERS = "bystanders", "Bystanders"
    POSITIVE_ACTORS = "positive_actors", "Positive actors"
    NEGATIVE_ACTORS = "negative_actors", "Negative actors"
    HOST_NATION = "host_nation", "Host nation"
    PARTNERS = "partners", "Partners"


class Purpose(models.TextChoices):
    """The eight purposes of a tool, in short."""

    MITIGATE_CONDITIONS = "mitigate_conditions", "Ease conditions that make atrocities likelier"
    EXPOSE = "expose_to_scrutiny", "Expose perpetrators and enablers to scrutiny"
    CREDIBILITY = "establish_credibility", "Show credibility and capability"
    PROTECT = "protect_victims", "Protect people who may become victims"
    DISSUADE = "dissuade_stop_isolate_punish", "Dissuade, stop, isolate or punish perpetrators"
    DIMINISH = "diminish_motivation_capability", "Lower perpetrators' will or ability"
    RESOLVE = "build_resolve", "Build and show international resolve"
    BYSTANDERS = "convince_bystanders", "Move bystanders and negative actors to help"


class Shade(models.TextChoices):
    """How a tool suits a situation: advice, which hides nothing."""

    FITS = "fits", "Fits"
    CARE = "care", "With care"
    POOR = "poor", "Poor now"


class Level(models.TextChoices):
    """What an option is for: the policy of Step 3, or the concept of the plan in Step 4."""

    POLICY = "policy", "Policy option (Step 3)"
    CONCEPT = "concept", "Concept for the plan (Step 4)"


class Standing(models.TextChoices):
    """Where an option stands with those who decide."""

    PROPOSED = "proposed", "Proposed"
    RECOMMENDED = "recommended", "Recommended"
    ADOPTED = "adopted", "Adopted"
    SET_ASIDE = "set_aside", "Not adopted"


COSTS = {
    1: "Staff time",
    2: "Up to millions of dollars",
    3: "Tens of millions",
    4: "Hundreds of millions and more",
}
RISKS = {1: "Low", 2: "Moderate", 3: "High"}
INTRUSIVENESS = {
    1: "No step into the country's affairs",
    2: "Presses from outside",
    3: "Acts inside with consent",
    4: "Acts on its territory without consent",
}
SCORES = {1: "Very poor", 2: "Poor", 3: "Fair", 4: "Good", 5: "Very good"}
