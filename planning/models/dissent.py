"""Dissents: a record that only its author may withdraw (invariant 2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mapro.core.models import Organization
from planning.models.effort import Effort
from planning.models.product import Product


class Dissent(models.Model):
    """What a person disputes, in their own words. It is never edited or deleted.

    Without a ``product`` it disputes the effort's course; ``section`` names a section's key.
    """

    effort = models.ForeignKey(Effort, on_delete=models.PROTECT, related_name="dissents")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="dissents"
    )
    section = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(max_length=4_000)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True, max_length=1_000)

    class Meta:
        ordering = ("effort_id", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="dissent_has_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_why=""),
                name="dissent_withdrawn_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"D-{self.pk}"
