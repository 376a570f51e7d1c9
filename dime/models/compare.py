"""How the options of an effort are compared: weights that were settled, scores by agency, and
warnings that somebody overruled with a reason."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from dime.vocabulary import Level
from mapro.core.models import Organization
from planning.models import Effort, Entry

USER = settings.AUTH_USER_MODEL


class Comparison(models.Model):
    """The comparison of an effort's options on one level.

    Scores are taken once ``settled_at`` says since when the weights stand. ``round`` counts how
    often they were settled; a score that was given in an earlier round says so.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="comparisons")
    level = models.CharField(max_length=8, choices=Level.choices)
    round = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("effort_id", "level")
        constraints = (models.UniqueConstraint(fields=("effort", "level"), name="comparison_once"),)

    def __str__(self) -> str:
        return f"{self.effort_id} {self.level}"


class Score(models.Model):
    """What an agency gives an option by a criterion, 1 to 5, and why. Agencies stay apart."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="scores")
    option = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    why = models.TextField(max_length=1_000, blank=True)
    round = models.PositiveIntegerField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("comparison_id", "organization_id", "option_id", "criterion_id")
        constraints = (
            models.UniqueConstraint(
                fields=("comparison", "option", "criterion", "organization"), name="score_once"
            ),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="score_from_1_to_5"),
        )

    def __str__(self) -> str:
        return f"{self.option_id} by {self.criterion_id}: {self.value}"


class Overruling(models.Model):
    """A warning about an option that somebody overruled, and why. ``warning`` is its key, which
    holds what it is about; a warning about something else is another."""

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="overrulings")
    option = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="overrulings")
    warning = models.CharField(max_length=200)
    words = models.TextField(max_length=1_000)
    why = models.TextField(max_length=1_000)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("option_id", "-at")
        constraints = (
            models.UniqueConstraint(
                fields=("option", "warning"), condition=Q(ended_at=None),
                name="overruled_once_at_a_time",
            ),
        )  # fmt: skip
        indexes: ClassVar = [models.Index(fields=("effort", "option"), name="overruling_of")]

    def __str__(self) -> str:
        return f"{self.option_id}: {self.warning}"
