"""Files of feeds, stored whole or not at all, without ever standing in memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from mapro.core.errors import TooLarge
from mapro.core.sheets import Limits

MAX_BYTES = Limits().max_bytes
CHUNK = 1_000_000  # bytes


@dataclass(frozen=True)
class Stored:
    """A stored file: its name in the storage, SHA-256 and bytes."""

    name: str
    sha256: str
    size: int


def store(file: BinaryIO | UploadedFile) -> Stored:
    """Store what ``file`` holds under the name of its hash; the same file twice is stored once.

    Raises TooLarge above ``MAX_BYTES``, OSError when the disk refuses; then nothing is stored.
    """
    folder = Path(default_storage.path("imports"))
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".part-")
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as out:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise TooLarge(
                        f"This file has more than {MAX_BYTES // 1_000_000} MB, which is the most. "
                        "Split it, by years for instance, and import the parts."
                    )
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        name = f"imports/{digest.hexdigest()}"
        os.replace(temporary, default_storage.path(name))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Stored(name, digest.hexdigest(), size)
