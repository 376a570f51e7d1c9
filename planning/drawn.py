"""Pictures that MAPRO draws from facts, kept by the digest of what they show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from html import escape

from django.urls import reverse
from django.utils import timezone

from mapro.core import pictures
from planning.models import Drawing, Effort, Picture
from planning.products.reading import MAX_NOTE

DRAWN_BY = 1  # raised when drawings come to look otherwise, so that they are made anew


def figure(effort: Effort, facts: object, draw: Callable[[], tuple[bytes, str]]) -> str:
    """The HTML of a drawing of ``facts``, whose ``repr`` says all that it shows.

    ``draw`` gives a PNG and its text alternative, and is called only for facts that were not drawn
    before. The drawing is a cache, not a record, so reading a page may write it. One query per
    effort, and three for a new drawing.
    """
    digest = hashlib.sha256(repr((DRAWN_BY, facts)).encode()).hexdigest()
    known: dict[str, tuple[str, str]] | None = effort.__dict__.get("_drawings")
    if known is None:
        rows = effort.drawings.values_list("digest", "picture__sha256", "alt")
        known = effort.__dict__["_drawings"] = {key: (sha, alt) for key, sha, alt in rows}
    if digest not in known:
        known[digest] = _keep(effort, digest, *draw())
    sha256, alt = known[digest]
    address = reverse("picture", args=[effort.slug, sha256])
    return f'<figure><img src="{address}" alt="{escape(alt)}"></figure>'


def _keep(effort: Effort, digest: str, png: bytes, alt: str) -> tuple[str, str]:
    stored = pictures.store(png)
    picture, _ = Picture.objects.get_or_create(
        effort=effort, sha256=stored.sha256,
        defaults={
            "media_type": stored.media_type, "file": stored.file, "width": stored.width,
            "height": stored.height, "size": stored.size, "added_at": timezone.now(),
        },
    )  # fmt: skip
    alt = " ".join(alt.split())[:MAX_NOTE]
    Drawing.objects.get_or_create(
        effort=effort, digest=digest, defaults={"picture": picture, "alt": alt}
    )
    return stored.sha256, alt
