"""Products, their draft sections, and the Versions frozen from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mapro.core.models import Marking
from planning.models.effort import Effort
from planning.models.step import Step
from planning.products.annex_d import CATALOGUE
from planning.products.definition import ProductDefinition, from_json


class Product(models.Model):
    """One product in one effort: owed by a step, or started by the team.

    ``key`` names it in the effort, ``format`` the format of the catalogue or of an administrator.
    ``outline`` holds the definition where it is not the catalogue's (``definition.to_json``):
    an administrator's format as it was then, or a tailored one. ``name`` sets apart what is
    written more than once, such as minutes.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="products")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="products")
    key = models.CharField(max_length=40)
    format = models.CharField(max_length=30)
    name = models.CharField(max_length=120, blank=True)
    outline = models.JSONField(null=True, blank=True)
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
        """The format that the draft is written in, as this effort tailored it."""
        if self.outline is None:
            return CATALOGUE[self.format]
        kept: ProductDefinition | None = self.__dict__.get("_definition")
        if kept is None:
            kept = self.__dict__["_definition"] = from_json(
                self.outline, CATALOGUE.get(self.format)
            )
        return kept

    @property
    def title(self) -> str:
        """The format's title, with what sets this one apart: “Minutes: 20 November”."""
        title = self.definition.title
        return f"{title}: {self.name}" if self.name else title

    def get_absolute_url(self) -> str:
        """The product's page."""
        return reverse("product", args=[self.effort.slug, self.key])


class SectionDraft(models.Model):
    """The living text of one section. ``revision`` counts its saves.

    ``completed_by`` said that it is finished; a later change of the text takes that back.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=60)
    body = models.TextField(blank=True)
    portion = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("product", "key"), name="section_once_per_product"),
            models.CheckConstraint(
                condition=Q(completed_at=None, completed_by=None)
                | Q(completed_at__isnull=False, completed_by__isnull=False),
                name="section_completed_by_and_at",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Presence(models.Model):
    """Who has a section open, and when their browser last said so. Not a record."""

    section = models.ForeignKey(SectionDraft, on_delete=models.CASCADE, related_name="present")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    writes = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("section", "user"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.section_id}"


class Quotation(models.Model):
    """A fact of a register that a section's text quotes, as it read then.

    ``source`` and ``fact`` name it; ``digest`` is ``ports.Fact.digest`` of the quoted words. When
    the register says something else now, the product is out of date (invariant 6).
    """

    section = models.ForeignKey(SectionDraft, on_delete=models.CASCADE, related_name="quotations")
    source = models.CharField(max_length=30)
    fact = models.CharField(max_length=60)
    digest = models.CharField(max_length=12)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("section", "source", "fact", "digest"), name="quotation_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}:{self.fact}"


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
