"""Add a picture to an effort's texts."""

from __future__ import annotations

from django.utils import timezone

from mapro.core import pictures
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning.models import Effort, Picture

MAX_PICTURES = 1_000  # in one effort


@atomic()
def add_picture(*, effort: Effort, content: bytes, by: User) -> Picture:
    """Store a picture, decoded and written anew; the same picture is stored once.

    Raises Invalid for what is no picture, TooLarge beyond the bounds of ``mapro.core.pictures``.
    """
    if effort.pictures.count() >= MAX_PICTURES:
        raise Invalid({"picture": f"An effort holds at most {MAX_PICTURES:,} pictures."})
    stored = pictures.store(content)
    picture, made = Picture.objects.get_or_create(
        effort=effort, sha256=stored.sha256,
        defaults={
            "media_type": stored.media_type, "file": stored.file, "width": stored.width,
            "height": stored.height, "size": stored.size, "added_by": by,
            "added_at": timezone.now(),
        },
    )  # fmt: skip
    if made:
        record(
            "picture.added", by=by, on=picture, effort_id=effort.pk, label=stored.sha256[:12],
            new={"sha256": stored.sha256, "size": stored.size},
        )  # fmt: skip
    return picture
