"""What raises an alarm, the alarms, and the efforts that they may lead to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.country import Country
from assessments.vocabulary import AlertStatus, FrameKey, Level, ThresholdKind
from planning.models import Effort

USER = settings.AUTH_USER_MODEL


class Threshold(models.Model):
    """From when on a country needs a second look; every watched country where none is named.

    ``ratings``: at least ``number`` items of ``frame`` stand at ``level`` or above. ``events`` and
    ``deaths`` (best estimate): at least ``number`` within ``days``, counted back from the last day
    on which the feeds speak of the country. A threshold proposes; it never opens an effort.
    """

    name = models.CharField(max_length=120)
    country = models.ForeignKey(
        Country, on_delete=models.CASCADE, null=True, blank=True, related_name="thresholds"
    )
    kind = models.CharField(max_length=8, choices=ThresholdKind.choices)
    frame = models.CharField(max_length=12, choices=FrameKey.choices, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices, blank=True)
    number = models.PositiveIntegerField()
    days = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    set_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(kind=ThresholdKind.RATINGS, days=None)
                    & ~Q(frame="")
                    & ~Q(level__in=["", Level.UNKNOWN])
                )
                | (
                    Q(kind__in=[ThresholdKind.EVENTS, ThresholdKind.DEATHS])
                    & Q(frame="", level="", days__isnull=False, days__gte=1)
                ),
                name="threshold_names_its_parts",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="threshold_counts_something"),
        )

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """A reason to look at a country now, raised by a threshold or by a person, and what came of it.

    ``evidence`` is [{kind: "rating" | "event" | "report", id, words}] and never empty.
    ``raised_by`` is None for the system. ``effort`` is the one that it led to.
    """

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="alerts")
    threshold = models.ForeignKey(
        Threshold, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    words = models.TextField(max_length=4_000)
    evidence = models.JSONField()
    raised_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raised_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=AlertStatus.choices, default=AlertStatus.OPEN)
    settled_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_why = models.TextField(max_length=4_000, blank=True)
    effort = models.ForeignKey(
        Effort, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts"
    )

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(evidence=[]), name="alert_names_its_evidence"),
            models.CheckConstraint(condition=~Q(words=""), name="alert_has_words"),
            models.CheckConstraint(
                condition=Q(status=AlertStatus.OPEN, settled_at=None)
                | (~Q(status=AlertStatus.OPEN) & Q(settled_at__isnull=False)),
                name="alert_settled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("threshold", "country"), condition=Q(status=AlertStatus.OPEN),
                name="alert_open_once",
            ),
        )  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=("country",), name="alert_open", condition=Q(status=AlertStatus.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.country_id}: {self.words[:60]}"


class EffortCountry(models.Model):
    """A country that an effort plans for: its registers and products read what the watch knows."""

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="countries")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="efforts")
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("effort", "country"), name="effort_country_once"),
        )

    def __str__(self) -> str:
        return f"{self.country_id} in {self.effort_id}"
