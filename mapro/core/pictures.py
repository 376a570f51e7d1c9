"""Pictures from outside, decoded and written anew: what is stored holds pixels and nothing else.

No metadata, no second payload and no format but PNG and JPEG survive.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from mapro.core import files
from mapro.core.errors import Invalid, TooLarge

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 2_400  # pixels; 8 inches at 300 to the inch
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


@dataclass(frozen=True)
class StoredPicture:
    """A picture in the storage: its SHA-256, media type, name, size in pixels and bytes."""

    sha256: str
    media_type: str
    file: str
    width: int
    height: int
    size: int


def received(upload: UploadedFile) -> bytes:
    """The bytes of an upload. Raises TooLarge above ``MAX_BYTES``, before they are read."""
    _bounded(upload.size or 0)
    return bytes(upload.read())


def _bounded(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge(
            f"This picture has {size / 1e6:.1f} MB; {MAX_BYTES // 1_000_000} MB is the most. "
            "Save it smaller and try again."
        )


def store(content: bytes) -> StoredPicture:
    """Decode, scale down to ``MAX_SIDE``, write anew and store.

    Raises TooLarge above ``MAX_BYTES`` or ``MAX_PIXELS``, Invalid for what is no picture.
    """
    from PIL import Image, ImageFile, ImageOps

    _bounded(len(content))
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES  # the library that makes PDFs sets it for all
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise TooLarge(
                        f"This picture has {opened.width} × {opened.height} pixels; "
                        f"{MAX_PIXELS // 1_000_000} million is the most. Save it smaller."
                    )
                picture = ImageOps.exif_transpose(opened)
                picture.load()
                if picture.mode.startswith("I"):  # 16 bits of gray, which converting would clip
                    picture = picture.convert("I").point(lambda value: value * (1 / 256))
                    picture = picture.convert("L")
    except TooLarge:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(
            f"This picture has far more than {MAX_PIXELS // 1_000_000} million pixels. Save it "
            "smaller."
        ) from error
    except Exception as error:  # decoders raise many kinds for what is broken
        raise Invalid(
            {"picture": "This file is no PNG, JPEG, GIF or WebP picture that can be read."}
        ) from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    out = io.BytesIO()
    if clear or picture.mode in {"1", "L", "P"} or opened.format in {"PNG", "GIF"}:
        fresh = Image.new("RGBA" if clear else "RGB", picture.size)
        fresh.paste(picture.convert(fresh.mode))
        fresh.save(out, "PNG")
        media_type, end = "image/png", "png"
        if out.tell() > 2_000_000 and not clear:
            out, media_type, end = io.BytesIO(), "image/jpeg", "jpg"
            fresh.save(out, "JPEG", quality=85)
    else:
        fresh = Image.new("RGB", picture.size)
        fresh.paste(picture.convert("RGB"))
        fresh.save(out, "JPEG", quality=85)
        media_type, end = "image/jpeg", "jpg"
    written = out.getvalue()
    sha256 = hashlib.sha256(written).hexdigest()
    name = f"pictures/{sha256}.{end}"
    files.put(name, written)
    return StoredPicture(sha256, media_type, name, fresh.width, fresh.height, len(written))


def load(sha256: str) -> tuple[str, bytes, int, int] | None:
    """The stored picture: media type, bytes, width and height; None when it is not there."""
    from PIL import Image

    for end, media_type in (("png", "image/png"), ("jpg", "image/jpeg")):
        try:
            content = files.path(f"pictures/{sha256}.{end}").read_bytes()
        except FileNotFoundError:
            continue
        with Image.open(io.BytesIO(content)) as picture:
            return media_type, content, picture.width, picture.height
    return None
