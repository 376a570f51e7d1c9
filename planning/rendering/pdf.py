"""Document to PDF/UA-1 by WeasyPrint.

Fonts and style sheet are read once per process and shared (a FontConfiguration per render leaks).
The fetcher serves the project's own print assets and nothing else: no text can make a render
read a file or open a connection.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from planning.products.document import Document, MarkingWords
from planning.rendering import html

log = logging.getLogger(__name__)

SCHEME = "mapro-print:"
STATIC = Path(__file__).resolve().parents[2] / "static"
FOLDERS = {"fonts": STATIC / "vendor" / "print-fonts", "print": STATIC / "print"}
MAX_PAGES = 400


class RenderError(Exception):
    """A document that cannot be rendered, with a sentence that the user reads."""


@dataclass(frozen=True)
class RenderedFile:
    """A file: its media type, its bytes, and how many pages it has."""

    media_type: str
    content: bytes
    pages: int


@dataclass(frozen=True)
class _Press:
    """What a process keeps ready: the library, fonts, style sheet and fetcher."""

    weasyprint: Any
    fonts: Any
    sheet: Any
    draft: Any
    fetcher: Any


@cache
def _press() -> _Press:
    # Imported when first needed: it loads Pango, which a web process never uses.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):
        """Serves named print assets; refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The asset at ``mapro-print:folder/name``. Raises ValueError for anything else."""
            return URLFetcherResponse(url, asset(url))

    fetcher = OwnAssets()
    fonts = FontConfiguration()

    def sheet(name: str) -> Any:
        return weasyprint.CSS(
            string=(FOLDERS["print"] / name).read_text(encoding="utf-8"),
            base_url=SCHEME, font_config=fonts, url_fetcher=fetcher,
        )  # fmt: skip

    return _Press(weasyprint, fonts, sheet("print.css"), sheet("draft.css"), fetcher)


def asset(url: str) -> bytes:
    """The bytes of a print asset. Raises ValueError for an address outside the print folders."""
    if not url.startswith(SCHEME):
        raise ValueError("A document may use MAPRO's own print assets only.")
    folder, _, name = url.removeprefix(SCHEME).lstrip("/").partition("/")
    root = FOLDERS.get(folder)
    path = root / name if root and name and Path(name).name == name else None
    if path is None or not path.is_file():
        raise ValueError(f"There is no print asset {url!r}.")
    return path.read_bytes()


def render(document: Document) -> RenderedFile:
    """The PDF of a Document: tagged, titled, bookmarked, fonts embedded; same in, same out.

    Raises RenderError when the document is beyond ``MAX_PAGES`` or WeasyPrint cannot set it.
    """
    press = _press()
    sheets = [press.sheet] if document.approved else [press.sheet, press.draft]
    try:
        laid_out = press.weasyprint.HTML(
            string=html.page(document), base_url=SCHEME, url_fetcher=press.fetcher
        ).render(stylesheets=sheets, font_config=press.fonts)
        pages = len(laid_out.pages)
        if pages > MAX_PAGES:
            raise RenderError(
                f"This document would have {pages} pages; {MAX_PAGES} is the most. Shorten it."
            )
        content = laid_out.write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=document.content_hash[:32].encode(),
            custom_metadata=False,
        )  # fmt: skip
    except (RecursionError, MemoryError) as error:
        raise RenderError(
            "The text is nested too deeply or too large to set. Simplify its tables and lists."
        ) from error
    return RenderedFile("application/pdf", content, pages)


def warm() -> None:
    """Load fonts and set one page, so that a worker's first memo is as quick as the next."""
    words = MarkingWords("UNCLASSIFIED", "(U)", "#216e1f")
    render(
        Document(
            title="Warm-up",
            label="",
            effort="MAPRO",
            layout="memorandum",
            language="en",
            marking=words,
            header=(("To", "Nobody"),),
            designation=(("Marking", "None"),),
            approved=False,
            version=0,
            content_hash="0" * 64,
            created_at=datetime(2000, 1, 1, tzinfo=UTC).isoformat(),
        )  # fmt: skip
    )
