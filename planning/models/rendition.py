"""Files made from Versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from planning.models.effort import Effort
from planning.models.fields import choices
from planning.models.product import Version
from planning.models.step import Submission
from planning.products.definition import Layout
from planning.vocabulary import Format, RenditionKind, RenditionStatus


class Rendition(models.Model):
    """One file of an effort, as a draft or as approved. ``fingerprint`` is its cache key.

    A ``product`` shows one Version in a format and layout; a ``comparison`` that Version against
    the one in ``payload["against"]``; a ``binder`` and an ``archive`` the Versions listed in
    ``payload["versions"]`` and have none of their own; a ``decision`` is the memo of what was
    decided on a ``submission``. ``payload["later"]`` are annexes that came after the freeze. ``file`` names the stored file, ``sha256`` its content, ``size`` its bytes.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(
        max_length=12, choices=choices(RenditionKind), default=RenditionKind.PRODUCT
    )
    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, null=True, blank=True, related_name="renditions"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="renditions"
    )
    payload = models.JSONField(default=dict, blank=True)
    layout = models.CharField(max_length=12, blank=True)
    format = models.CharField(max_length=8, choices=choices(Format), default=Format.PDF)
    approved = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    status = models.CharField(
        max_length=12, choices=choices(RenditionStatus), default=RenditionStatus.QUEUED
    )
    reason = models.TextField(blank=True)
    file = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("effort", "-id"), name="rendition_of_effort"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[RenditionKind.PRODUCT, RenditionKind.COMPARISON],
                    version__isnull=False,
                    submission=None,
                )
                | Q(
                    kind__in=[RenditionKind.BINDER, RenditionKind.ARCHIVE],
                    version=None,
                    submission=None,
                )
                | Q(kind=RenditionKind.DECISION, version=None, submission__isnull=False),
                name="rendition_of_a_version",
            ),
        )

    def __str__(self) -> str:
        if self.submission is not None:
            return f"Decision memo, {self.submission.step}, {self.submission}, {self.form.label}"
        if self.version is None:
            return f"{self.kind.capitalize()}, {self.form.label}"
        words = f"{self.version.product.definition.label}, version {self.version.number}"
        if self.kind == RenditionKind.COMPARISON:
            words += " compared"
        return f"{words}, {self.form.label}"

    @property
    def form(self) -> Format:
        """The format as a word of the vocabulary."""
        return Format(self.format)

    @property
    def page_word(self) -> str:
        """What ``pages`` counts: pages, slides or sheets."""
        word = {Format.PPTX: "slide", Format.XLSX: "sheet"}.get(self.form, "page")
        return word if self.pages == 1 else f"{word}s"

    @property
    def layout_label(self) -> str:
        """The layout in words; empty for the format's own."""
        return Layout(self.layout).label if self.layout else ""

    @property
    def state(self) -> RenditionStatus:
        """The status as a word of the vocabulary."""
        return RenditionStatus(self.status)

    @property
    def in_progress(self) -> bool:
        """Whether a page should ask again."""
        return self.state in {RenditionStatus.QUEUED, RenditionStatus.RENDERING}
