"""Reports on a country, and the ratings that rest on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.country import Country
from assessments.vocabulary import (
    Confidence,
    FrameKey,
    Level,
    Reliability,
    ReportKind,
    Trend,
)
from mapro.core.models import Marking

USER = settings.AUTH_USER_MODEL


class Report(models.Model):
    """Something that somebody reported, and how far its source can be relied on. ``address`` is
    shown, never fetched. A retired one stays where ratings and alerts name it."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    title = models.CharField(max_length=200)
    summary = models.TextField(max_length=4_000)
    source = models.CharField(max_length=200)
    reliability = models.CharField(
        max_length=12, choices=Reliability.choices, default=Reliability.UNKNOWN
    )
    dated = models.DateField()
    address = models.CharField(max_length=300, blank=True)
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.TextField(max_length=1_000, blank=True)

    class Meta:
        ordering = ("-dated", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
                name="report_retired_for_a_reason",
            ),
        )
        indexes: ClassVar = [models.Index(fields=("country", "-dated"), name="report_by_day")]

    def __str__(self) -> str:
        return self.title


class Rating(models.Model):
    """How far one item of a frame shows itself in a country, in the eyes of a person on a day.

    Never changed: the newest of an item is the one that holds, the others are its history. An item
    without a rating is unknown.
    """

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="ratings")
    frame = models.CharField(max_length=12, choices=FrameKey.choices)
    item = models.CharField(max_length=40)
    level = models.CharField(max_length=8, choices=Level.choices)
    trend = models.CharField(max_length=8, choices=Trend.choices, default=Trend.UNKNOWN)
    confidence = models.CharField(max_length=8, choices=Confidence.choices, default=Confidence.LOW)
    evidence = models.TextField(max_length=4_000, blank=True)
    reports = models.ManyToManyField(Report, blank=True, related_name="ratings")
    note = models.TextField(max_length=1_000, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(level=Level.UNKNOWN) | ~Q(evidence=""), name="rating_has_evidence"
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=("country", "frame", "item", "-id"), name="rating_newest")
        ]

    def __str__(self) -> str:
        return f"{self.frame} {self.item}: {self.level}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises TypeError on an attempt to change a rating."""
        if self.pk is not None:
            raise TypeError("A rating is not changed; give a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse. Raises TypeError."""
        raise TypeError("A rating stays in the record; give a new one.")

    @property
    def as_level(self) -> Level:
        """The level as a word of the vocabulary."""
        return Level(self.level)
