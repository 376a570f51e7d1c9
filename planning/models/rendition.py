"""Files made from Versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from planning.models.fields import choices
from planning.models.product import Version
from planning.vocabulary import Format, RenditionStatus


class Rendition(models.Model):
    """One file: a Version in a format, as a draft or as approved. ``fingerprint`` is its cache key.

    ``file`` names the stored file, ``sha256`` its content, ``size`` its bytes.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="renditions")
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

    def __str__(self) -> str:
        return f"{self.version_id} {self.format}"

    @property
    def state(self) -> RenditionStatus:
        """The status as a word of the vocabulary."""
        return RenditionStatus(self.status)

    @property
    def in_progress(self) -> bool:
        """Whether a page should ask again."""
        return self.state in {RenditionStatus.QUEUED, RenditionStatus.RENDERING}
