"""Pictures in texts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from planning.models.effort import Effort


class Picture(models.Model):
    """A picture of an effort, decoded and written anew; known by the SHA-256 of its file.

    ``size`` is bytes; ``width`` and ``height`` are pixels. Its words are in the text that shows it.
    Nobody added what MAPRO drew itself.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    file = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("effort", "sha256"), name="picture_once_per_effort"),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class Drawing(models.Model):
    """A picture that MAPRO drew from facts, by the digest of these facts, so that the same map is
    drawn once. Not a record: it can be drawn again."""

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="drawings")
    digest = models.CharField(max_length=64)
    alt = models.TextField(max_length=2_000)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("effort", "digest"), name="drawing_once_per_effort"),
        )

    def __str__(self) -> str:
        return self.digest[:12]
