"""Tools that all efforts share, with their versions, and notes on how they fared before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from dime.vocabulary import Approach, Element, Incentive, LeadTime, Reversible
from mapro.core.models import Marking, Organization

USER = settings.AUTH_USER_MODEL


class Tool(models.Model):
    """A tool of diplomatic, informational, military or economic power (Figure 14; Part III).

    ``organization`` is who added it; None for those of the Handbook. ``version`` counts its texts,
    which ``ToolVersion`` keeps. ``targets``, ``purposes``, ``prerequisites``, ``cautions``,
    ``lead_agencies`` and ``goes_with`` (keys of tools) are lists of strings. ``cost`` is 1-4,
    ``risk`` 1-3, ``intrusiveness`` 1-4 (``dime.vocabulary`` has the words). ``by_text`` names
    fields of which the Handbook's text says so itself; others of these are judgment. A tool is
    retired, never deleted.
    """

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    figure_name = models.CharField(max_length=120, blank=True)
    in_text = models.BooleanField(default=False)
    element = models.CharField(max_length=16, choices=Element.choices)
    approach = models.CharField(max_length=16, choices=Approach.choices)
    position = models.PositiveIntegerField(default=0)
    summary = models.TextField(max_length=2_000)
    targets = models.JSONField(default=list, blank=True)
    purposes = models.JSONField(default=list, blank=True)
    incentive = models.CharField(max_length=8, choices=Incentive.choices, default=Incentive.NEUTRAL)
    prerequisites = models.JSONField(default=list, blank=True)
    cautions = models.JSONField(default=list, blank=True)
    authority = models.CharField(max_length=300)
    needs_authority = models.BooleanField(default=False)
    lead_agencies = models.JSONField(default=list, blank=True)
    lead_time = models.CharField(max_length=8, choices=LeadTime.choices)
    reversible = models.CharField(max_length=8, choices=Reversible.choices)
    cost = models.PositiveSmallIntegerField()
    risk = models.PositiveSmallIntegerField()
    intrusiveness = models.PositiveSmallIntegerField()
    goes_with = models.JSONField(default=list, blank=True)
    note = models.TextField(max_length=2_000, blank=True)
    cite = models.CharField(max_length=200, blank=True)
    by_text = models.JSONField(default=list, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="tools"
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.TextField(max_length=1_000, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
                name="tool_retired_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(cost__range=(1, 4), risk__range=(1, 3), intrusiveness__range=(1, 4)),
                name="tool_is_weighed",
            ),
        )
        indexes: ClassVar = [models.Index(fields=("element", "approach"), name="tool_by_cell")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name, with its place in the grid: the same name may stand in several cells."""
        return f"{self.name} ({self.element} {self.approach})"

    def get_absolute_url(self) -> str:
        """The tool's page."""
        return reverse("tool", args=[self.key])


class ToolVersion(models.Model):
    """A text of a tool as it once stood; ``data`` are its fields. Never changed."""

    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    why = models.TextField(max_length=1_000, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("tool", "number"), name="tool_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.tool_id} version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises TypeError on an attempt to change a version."""
        if self.pk is not None:
            raise TypeError("A version of a tool is not changed; make a new one.")
        super().save(*args, **kwargs)


class ToolNote(models.Model):
    """How a tool fared where it was used before, and where that is written. A retired one stays
    on record."""

    class Outcome(models.TextChoices):
        """What came of it."""

        HELPED = "helped", "Helped"
        MIXED = "mixed", "Mixed"
        FAILED = "failed", "Did not help"
        HARMED = "harmed", "Did harm"
        UNKNOWN = "unknown", "Not known"

    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="notes")
    where = models.CharField(max_length=160)
    when = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    text = models.TextField(max_length=4_000)
    source = models.CharField(max_length=300)
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.TextField(max_length=1_000, blank=True)

    class Meta:
        ordering = ("-added_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
                name="tool_note_retired_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.tool_id}: {self.where}"
