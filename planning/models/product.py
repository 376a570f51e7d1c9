"""Products, their draft sections, and the Versions frozen from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from mapro.core.models import Marking
from planning.models.effort import Effort
from planning.models.step import Step
from planning.products.annex_d import CATALOGUE
from planning.products.definition import ProductDefinition


class Product(models.Model):
    """One product of the catalogue in one effort, owed by a step."""

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="products")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="products")
    key = models.CharField(max_length=30)
    approved_version = models.ForeignKey(
        "planning.Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("effort_id", "key")
        constraints = (
            models.UniqueConstraint(fields=("effort", "key"), name="product_once_per_effort"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def definition(self) -> ProductDefinition:
        """The format that the draft is written in."""
        return CATALOGUE[self.key]

    @property
    def title(self) -> str:
        """The product's title in Annex D."""
        return self.definition.title

    def get_absolute_url(self) -> str:
        """The product's page."""
        return reverse("product", args=[self.effort.slug, self.key])


class SectionDraft(models.Model):
    """The living text of one section. ``revision`` counts its saves."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=60)
    body = models.TextField(blank=True)
    portion = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("product", "key"), name="section_once_per_product"),
        )

    def __str__(self) -> str:
        return self.key


class SectionRevision(models.Model):
    """What one save wrote. Kept for ever, so that no text is lost."""

    section = models.ForeignKey(SectionDraft, on_delete=models.CASCADE, related_name="history")
    revision = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    portion = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("section_id", "revision")
        constraints = (
            models.UniqueConstraint(fields=("section", "revision"), name="revision_once"),
        )

    def __str__(self) -> str:
        return f"{self.section_id} r{self.revision}"


class Version(models.Model):
    """A product frozen: the canonical snapshot and its SHA-256. It is never changed."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    frozen_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("product_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("product", "number"), name="version_number_once"),
        )

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def is_approved(self) -> bool:
        """Whether an Approving Authority approved exactly this text."""
        return self.approved_at is not None
