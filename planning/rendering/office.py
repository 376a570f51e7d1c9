"""What Office files share: words that XML takes, addresses, properties, a package without a clock.

An Office file is a zip; the libraries write the present time into it. ``repacked``
takes it out, so that the same Document gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from planning.products.document import Document

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLOR = re.compile(r"#([0-9a-fA-F]{6})")
_UNFIT = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
MAX_PROPERTY = 255  # letters of a core property, for Word
MAX_ADDRESS = 2_000  # letters of a link, for Excel


def printable(text: str) -> str:
    """``text`` without the characters that XML 1.0 forbids; line ends as “\\n”."""
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def property_words(text: str) -> str:
    """``text`` as a core property: one line, at most ``MAX_PROPERTY`` letters."""
    return " ".join(printable(text).split())[:MAX_PROPERTY]


def hex_color(color: str) -> str:
    """Six hex digits of “#rrggbb”. Raises ValueError for anything else."""
    found = _COLOR.fullmatch(color)
    if not found:
        raise ValueError(f"{color!r} is no #rrggbb color.")
    return found.group(1).upper()


def link_address(href: str) -> str:
    """The address of a link if it is one for http, https or mail, else “”.

    Letters that no address may hold are percent-encoded, because Word calls a file with a bad
    address damaged.
    """
    address = _UNFIT.sub(lambda m: f"%{ord(m.group(0)):02X}", printable(href).strip())
    if not address or len(address) > MAX_ADDRESS:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"} and parts.netloc:
        return address
    return address if parts.scheme == "mailto" and parts.path else ""


def moment(created_at: str) -> datetime:
    """``created_at`` (ISO 8601) in UTC, without its zone: what Office properties hold."""
    when = datetime.fromisoformat(created_at)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)


def repacked(content: bytes, created_at: str) -> bytes:
    """The package with sorted members, fixed times, and ``created_at`` as its last change."""
    stamp = f"{moment(created_at).replace(microsecond=0).isoformat()}Z".encode()
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        # Programs look for the content types first; the rest is sorted.
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, data)
    return out.getvalue()


def describe(core: Any, document: Document) -> None:
    """Fill the properties of a Word file or a slide deck: what it is, whose, how it is marked."""
    core.title = property_words(document.subject)
    core.author = core.last_modified_by = property_words(document.author)
    core.subject = property_words(document.label)
    core.keywords = property_words(f"{document.marking.banner}, sha256 {document.content_hash}")
    core.language = property_words(document.language)
    core.version = property_words(document.state)
    core.comments = ""
    core.revision = 1
    core.created = core.modified = moment(document.created_at)
