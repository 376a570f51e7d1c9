"""Stored files: written whole or not at all, named by what made them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage


def put(name: str, content: bytes) -> None:
    """Store ``content`` under ``name``; a reader never meets half a file.

    Raises OSError when the disk refuses; then the name holds what it held before.
    """
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def path(name: str) -> Path:
    """Where a stored file lies. Raises FileNotFoundError when it is gone."""
    found = Path(default_storage.path(name))
    if not found.is_file():
        raise FileNotFoundError(name)
    return found


def writable() -> bool:
    """Whether a file can be stored now."""
    try:
        put("readyz", b"ok")
    except OSError:
        return False
    return True
