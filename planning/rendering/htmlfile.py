"""Document to one HTML file that needs nothing else: for reading on a screen, or for an archive."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from planning.products.document import Document
from planning.rendering import bounds, html
from planning.rendering.base import RenderedFile, bounded

MEDIA_TYPE = "text/html; charset=utf-8"
SHEET = Path(__file__).resolve().parents[2] / "static" / "print" / "file.css"


@cache
def _sheet() -> str:
    return SHEET.read_text(encoding="utf-8")


def render(document: Document) -> RenderedFile:
    """The HTML file of a Document, sheet and pictures inside. It has no pages.

    Raises RenderError when it takes too long or is beyond a bound.
    """
    with bounded():
        bounds.check([document], "HTML")
        content = html.whole_file(document, [_sheet()]).encode()
    return RenderedFile(MEDIA_TYPE, content, 0)
