"""Static files with the content's hash in the address, worked out when first asked for."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=512)
def _version(name: str) -> str:
    found = finders.find(name)
    if not found:
        return ""
    return hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:10]


class VersionedStaticFilesStorage(StaticFilesStorage):
    """Adds ``?v=hash``, so that browsers may keep a file for a year.

    Django's manifest storage rewrites every file of a package at build time; over all of USWDS
    that takes more than a minute, and the embedded deployment has no build.
    """

    def url(self, name: str | None) -> str:
        """The address of a static file with its version."""
        address = super().url(name)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address
