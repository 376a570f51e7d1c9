"""Document to PDF/UA-1 by WeasyPrint.

Fonts and style sheet are read once per process and shared (a FontConfiguration per render leaks).
The fetcher serves the project's own print assets and nothing else: no text can make a render
read a file or open a connection.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from planning.products.compare import SectionChange
from planning.products.document import Document, MarkingWords, Picture
from planning.rendering import bounds, html, marked
from planning.rendering.base import RenderedFile, RenderError, bounded

log = logging.getLogger(__name__)

SCHEME = "mapro-print:"
STATIC = Path(__file__).resolve().parents[2] / "static"
FOLDERS = {"fonts": STATIC / "vendor" / "print-fonts", "print": STATIC / "print"}
# The rules of the pages in print.css, to be repeated under other names in other colors.
_PAGES = re.compile(r"@page (letter|sheet|slide)((?:,sheet|:first)?\{(?:[^{}]|\{[^{}]*\})*\})")


@dataclass(frozen=True)
class _Press:
    """What a process keeps ready: the library, fonts, style sheet and fetcher."""

    weasyprint: Any
    fonts: Any
    sheet: Any
    draft: Any
    fetcher: Callable[[Mapping[str, Picture]], Any]


@cache
def _text(name: str) -> str:
    return (FOLDERS["print"] / name).read_text(encoding="utf-8")


@cache
def _press() -> _Press:
    # Imported when first needed: it loads Pango, which a web process never uses.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnAssets(URLFetcher):
        """Serves named print assets and the document's pictures; refuses every other address."""

        def __init__(self, pictures: Mapping[str, Picture]) -> None:
            super().__init__()
            self.pictures = pictures

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The asset at ``mapro-print:folder/name``. Raises ValueError for anything else."""
            return URLFetcherResponse(url, asset(url, self.pictures))

    fetcher = OwnAssets({})
    fonts = FontConfiguration()

    def sheet(name: str) -> Any:
        return weasyprint.CSS(
            string=_text(name), base_url=SCHEME, font_config=fonts, url_fetcher=fetcher
        )

    return _Press(weasyprint, fonts, sheet("print.css"), sheet("draft.css"), OwnAssets)


def asset(url: str, pictures: Mapping[str, Picture] | None = None) -> bytes:
    """The bytes of a print asset or of a picture. Raises ValueError for any other address."""
    if not url.startswith(SCHEME):
        raise ValueError("A document may use MAPRO's own print assets only.")
    folder, _, name = url.removeprefix(SCHEME).lstrip("/").partition("/")
    if folder == "picture" and pictures and name in pictures:
        return pictures[name].content
    root = FOLDERS.get(folder)
    path = root / name if root and name and Path(name).name == name else None
    if path is None or not path.is_file():
        raise ValueError(f"There is no print asset {url!r}.")
    return path.read_bytes()


def render(document: Document, *, record: bool = False) -> RenderedFile:
    """The PDF of a Document: tagged, titled, bookmarked, fonts embedded; same in, same out.

    PDF/UA-1, or PDF/A-3a when it is made for the ``record``. Raises RenderError when the document
    is beyond a bound or WeasyPrint cannot set it.
    """
    with bounded():
        bounds.check([document], "PDF")
        if document.layout == "one_page":
            return _written(_one_page(document), document, record)
        return _printed(html.page(document), document, document.pictures, record)


def _one_page(document: Document) -> Any:
    """The page that takes the most of each section, or else of as many sections as go on it."""

    def fitting(words: int, rows: int | None) -> Any:
        page = html.page(document, words=words, rows=rows)
        made = _laid_out(page, document, document.pictures)
        return made if len(made.pages) == 1 else None

    sizes = html.SUMMARY_WORDS
    made = fitting(sizes[-1], None)
    if made is not None:
        return made
    made = fitting(sizes[0], None)
    if made is not None:
        return _most(1, len(sizes) - 1, lambda at: fitting(sizes[at], None)) or made
    made = fitting(sizes[0], 0)
    if made is None:
        raise RenderError(
            "The heading of this product alone fills more than one page. Shorten the letterhead "
            "and the address, or export it in another layout."
        )
    return _most(1, len(document.sections), lambda rows: fitting(sizes[0], rows)) or made


def _most(start: int, end: int, fitting: Callable[[int], Any]) -> Any:
    """What the largest number from ``start`` to below ``end`` gives that fits, if one does."""
    best = None
    while start < end:
        middle = (start + end) // 2
        made = fitting(middle)
        if made is None:
            end = middle
        else:
            best, start = made, middle + 1
    return best


def bind(cover: Document, documents: Sequence[Document]) -> RenderedFile:
    """Several documents as one PDF with a cover, contents, page numbers and bookmarks.

    Set in one run, because merging files would lose the tags. Raises RenderError as ``render``.
    """
    pictures = dict(cover.pictures)
    for one in documents:
        pictures.update(one.pictures)
    with bounded():
        bounds.check([cover, *documents], "PDF")
        others = {html.dress(one): one for one in documents}
        sheets = [
            _pages_of(one) for dress, one in sorted(others.items()) if dress != html.dress(cover)
        ]
        return _printed(html.binder(cover, documents), cover, pictures, False, sheets)


def _pages_of(document: Document) -> Any:
    """The rules of the pages once more, for a document in other colors than its binder's."""
    name = html.dress(document)
    texts = [_text("print.css"), *([] if document.approved else [_text("draft.css")])]
    rules = "".join(
        f"@page {kind}{name}{rest.replace(',sheet', f',sheet{name}')}"
        for kind, rest in _PAGES.findall("".join(texts))
    )
    names = {
        "letter": (".memo", ".one-page"), "sheet": (".document", ".statement"),
        "slide": (".briefing",),
    }  # fmt: skip
    uses = "".join(
        f".dress{name} {layout}{{page:{kind}{name}}}"
        for kind, layouts in names.items()
        for layout in layouts
    )
    press = _press()
    return press.weasyprint.CSS(
        string=rules + uses + html.page_colors(document.marking.ground, name),
        base_url=SCHEME, font_config=press.fonts, url_fetcher=press.fetcher({}),
    )  # fmt: skip


def compare(old: Document, new: Document, changes: Sequence[SectionChange]) -> RenderedFile:
    """What changed from one version to another, marked in the text. Raises as ``render``."""
    with bounded():
        bounds.check([old, new], "PDF")
        return _printed(marked.page(old, new, changes), new, {}, False)


def _printed(
    page: str, document: Document, pictures: Mapping[str, Picture], record: bool,
    sheets: Sequence[Any] = (),
) -> RenderedFile:  # fmt: skip
    return _written(_laid_out(page, document, pictures, sheets), document, record)


def _laid_out(
    page: str, document: Document, pictures: Mapping[str, Picture], more: Sequence[Any] = ()
) -> Any:
    press = _press()
    sheets = [press.sheet, *more, *([] if document.approved else [press.draft])]
    with _told():
        return press.weasyprint.HTML(
            string=page, base_url=SCHEME, url_fetcher=press.fetcher(pictures)
        ).render(
            # Hints are how lists and footnotes say from which number they count.
            stylesheets=sheets, font_config=press.fonts, presentational_hints=True,
        )  # fmt: skip


@contextmanager
def _told() -> Iterator[None]:
    """Turn what WeasyPrint raises into a sentence; the log keeps the rest."""
    try:
        yield
    except (RenderError, RecursionError, MemoryError):
        raise
    except Exception as error:
        log.exception("WeasyPrint failed")
        raise RenderError(
            "This document could not be set as a PDF. Tell the administrator; Word may still do."
        ) from error


def _written(laid_out: Any, document: Document, record: bool) -> RenderedFile:
    pages = len(laid_out.pages)
    bounds.check_pages(pages)
    with _told():
        content = laid_out.write_pdf(
            pdf_variant="pdf/a-3a" if record else "pdf/ua-1",
            pdf_identifier=document.content_hash[:32].encode(), custom_metadata=False,
        )  # fmt: skip
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
