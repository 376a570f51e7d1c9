"""Formats that an administrator adds beside the catalogue."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from planning.products.definition import ProductDefinition, from_json


class ProductFormat(models.Model):
    """One version of a format for all efforts. Changing it makes the next version.

    A product keeps the definition that it was started from, so a later version changes none.
    """

    key = models.SlugField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    definition = models.JSONField()
    retired = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("key", "version")
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="format_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def format(self) -> ProductDefinition:
        """The definition."""
        return from_json(self.definition)
