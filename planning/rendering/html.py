"""Document to HTML: the print page for the PDF, and the same body for the preview and the file."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape

from planning.products.blocks import Heading, notes_of, text_of
from planning.products.document import Annex, Document, DocumentSection
from planning.rendering import slides, summary
from planning.rendering.html_blocks import (
    BlockWriter,
    PictureUrl,
    direction,
    footnotes,
    ledger,
    portion_mark,
    print_url,
)
from planning.rendering.slides import Slide

_CLASSES = {
    "memorandum": "memo", "document": "document", "statement": "statement", "one_page": "one-page",
    "briefing": "briefing",
}  # fmt: skip
# How many words of each section one page may take; the most that fits is taken.
SUMMARY_WORDS = (
    4, 6, 8, 10, 12, 14, 17, 20, 24, 28, 32, 36, 40, 45, 50, 56, 62, 70, 80, 90, 105, 120, 150, 200,
)  # fmt: skip
BRIEF_WORDS = 900  # a document of fewer has neither a cover page nor contents
PREVIEW_WORDS = 20  # of each section, where nothing measures the page


class _Writer(BlockWriter):
    """Writes one Document in its layout."""

    # ---------- whole layouts

    def article(self, words: int = PREVIEW_WORDS, rows: int | None = None) -> str:
        """The document in its layout, with what the page margins repeat.

        ``words`` and ``rows`` say how much of it one page takes.
        """
        one = self.document
        foot = f"{one.effort}, {one.label}, {one.state}"
        brief = " brief" if one.layout == "document" and self.is_brief() else ""
        if one.layout == "one_page":
            inner = self.one_page(words, rows)
        else:
            inner = {
                "briefing": self.briefing, "document": self.long_document,
                "statement": self.statement,
            }.get(one.layout, self.memorandum)()  # fmt: skip
        return (
            f'<article class="{_CLASSES[one.layout]}{brief}" data-marking="{escape(one.marking.banner)}" '
            f'data-footer="{escape(foot)}" data-hash="sha256 {one.content_hash[:16]}">'
            f"{inner}</article>"
        )

    def memorandum(self) -> str:
        """Letterhead, designation, address, sections with their titles at the left."""
        one = self.document
        return (
            self.letterhead()
            + self.place()
            + f"<h1{direction(one.title)}>{escape(one.title)}</h1>"
            + ledger("address", one.header)
            + self.marking()
            + self.sections()
            + self.marking(" last")
        )

    def is_brief(self) -> bool:
        """Whether a document is so short that contents would be longer than it."""
        one = self.document
        groups = [*(s.blocks for s in one.sections), *(a.blocks for a in one.annexes)]
        return sum(len(text_of(blocks).split()) for blocks in groups) < BRIEF_WORDS

    def long_document(self) -> str:
        """A cover, the contents with page numbers, then the text."""
        one = self.document
        brief = self.is_brief()
        place = self.place()
        lines = "".join(
            f'<li class="depth-{s.depth}"><a href="#{self.anchor(s)}">'
            f"{escape(s.number)}. {escape(s.title)}</a></li>"
            for s in one.sections
        ) + "".join(
            f'<li class="depth-1"><a href="#{self.prefix}annex-{n}">{escape(a.title)}</a></li>'
            for n, a in enumerate(one.annexes, start=1)
        )
        return (
            f'<div class="cover">{self.letterhead()}'
            f"<h1{direction(one.title)}>{escape(one.title)}</h1>"
            f'<p class="of">{escape(one.effort)}, {escape(one.label)}, {escape(one.state)}</p>'
            f"{ledger('address', one.header)}{self.marking()}"
            + ("</div>" if brief else f"{place}</div>{_contents(lines)}")
            + f'<div class="body">{"" if brief else self.marking()}{self.sections()}'
            f"{self.marking(' last')}{place if brief else ''}</div>"
        )

    def statement(self) -> str:
        """Title in the middle, numbered sections under each other."""
        one = self.document
        return (
            self.letterhead()
            + f'<h1{direction(one.title)}>{escape(one.title)}</h1><p class="of">{escape(one.effort)}</p>'
            + self.marking()
            + ledger("address", one.header)
            + self.sections()
            + self.marking(" last")
            + self.place()
        )

    def briefing(self) -> str:
        """A title slide, the slides, and behind them the notes of those that were cut."""
        one = self.document
        cover = slides.cover(one)
        long = ' class="long"' if cover.size < slides.COVER_TITLE else ""
        parts = [
            f'<section class="slide title"><div class="house">{self.letterhead()}</div>'
            f"<h1{long}{direction(cover.title)}>{escape(cover.title)}</h1>"
            f'<div class="rule"></div><p class="sub">{escape(one.label)} '
            f"{portion_mark(one.marking.portion)}</p>{ledger('address', cover.rows)}</section>"
        ]
        planned = slides.plan(one)
        parts += [self.slide(s) for s in planned]
        if cover.notes:
            front = Slide(cover.title, "", "", one.marking.portion, (), notes=cover.notes)
            parts.append(self.slide_notes(front, 1))
        parts += [self.slide_notes(s, n) for n, s in enumerate(planned, start=2) if s.notes]
        return "".join(parts)

    def one_page(self, words: int, rows: int | None) -> str:
        """The beginning of each written section, so long as it fits one page."""
        one = self.document
        lines = summary.lines(one)
        shown = lines if rows is None else lines[:rows]
        cells = []
        for line in shown:
            text = summary.cut(line.text, words)
            cells.append(
                f'<tr><th scope="row">{escape(line.title)} {portion_mark(line.portion)}</th>'
                f"<td{direction(text)}>{escape(text)}</td></tr>"
            )
        body = f'<table class="summary"><tbody>{"".join(cells)}</tbody></table>' if cells else ""
        left = len(lines) - len(shown)
        more = f" {left} more sections are not shown." if left > 1 else ""
        more = " 1 more section is not shown." if left == 1 else more
        return (
            self.letterhead()
            + self.place()
            + f"<h1{direction(one.subject)}>{escape(one.subject)}</h1>"
            + ledger("address", [row for row in one.header if row[0] != "Subject"])
            + self.marking()
            + (body or ("" if lines else '<p class="empty">Nothing is written yet.</p>'))
            + f'<p class="of">The beginning of each section; the whole text is {escape(one.label)}, '
            f"{escape(one.state)}.{more}</p>" + self.marking(" last")
        )

    # ---------- parts

    def letterhead(self) -> str:
        """Whose paper it is, with the seal."""
        one = self.document
        seal = ""
        if one.letterhead.seal in one.pictures:
            address = escape(self.picture_url(one.letterhead.seal))
            seal = f'<img class="seal" alt="Seal" src="{address}">'
        first, *others = one.heading_lines
        lines = escape(first.upper()) + "".join(f"<br>{escape(line)}" for line in others)
        return f'<p class="letterhead">{seal}<span>{escape(one.label)}</span>{lines}</p>'

    def place(self) -> str:
        """The designation block: who prepared, controls and may have it."""
        block = ledger("designation", self.document.designation)
        return f'<div class="place">{block}</div>' if block else ""

    def marking(self, more: str = "") -> str:
        """The banner in the body, for readers that skip page margins."""
        return f'<p class="marking-line{more}">{escape(self.document.marking.banner)}</p>'

    def anchor(self, section: DocumentSection) -> str:
        """The section's anchor."""
        return f"{self.prefix}s-{section.key}"

    def sections(self) -> str:
        """Every section, then every annex."""
        parts = [self.section(s) for s in self.document.sections]
        parts += [self.annex(a, n) for n, a in enumerate(self.document.annexes, start=1)]
        return "".join(parts)

    def section(self, section: DocumentSection) -> str:
        """One section: its title, its text, its footnotes."""
        level = min(section.depth + 1, 5)
        empty = " empty" if section.empty else ""
        # A text that begins with a heading of the second level skips none on paper.
        levels = [b.level for b in section.blocks if isinstance(b, Heading)]
        skipped = min(levels, default=1) - 1
        return (
            f'<section class="depth-{section.depth}{empty}" id="{self.anchor(section)}">'
            f'<h{level}><span class="hang">{escape(section.number)}. {escape(section.title)} '
            f"{portion_mark(section.portion)}</span></h{level}>"
            f'<div class="text">{self.blocks(section.blocks, section.portion, level - skipped)}'
            f"{footnotes(section.notes)}</div></section>"
        )

    def annex(self, annex: Annex, number: int) -> str:
        """What is printed after the sections."""
        return (
            f'<section class="depth-1 annex" id="{self.prefix}annex-{number}">'
            f'<h2><span class="hang">{escape(annex.title)}</span></h2>'
            f'<div class="text">{self.blocks(annex.blocks, "", 2)}'
            f"{footnotes(notes_of(annex.blocks))}</div></section>"
        )

    def slide(self, slide: Slide) -> str:
        """One slide; those that go on with a section have no bookmark of their own."""
        above = f'<p class="above">{escape(slide.above)}</p>' if slide.above else ""
        part = (
            f' <span class="part">{slide.part} of {slide.parts}</span>' if slide.parts > 1 else ""
        )
        more = (" long" if slide.size < slides.HEADLINE else "") + (
            " again" if slide.part > 1 else ""
        )
        empty = " empty" if slide.empty else ""
        return (
            f'<section class="slide{empty}">{above}<h2 class="headline{more}"{direction(slide.title)}>{escape(slide.title)} '
            f"{portion_mark(slide.portion)}{part}</h2>"
            f'<div class="text">{self.blocks(slide.blocks, "", 2)}</div></section>'
        )

    def slide_notes(self, slide: Slide, number: int) -> str:
        """What a slide showed cut, whole."""
        return (
            f'<section class="slide-notes"><h2>Notes to slide {number}: {escape(slide.title)} '
            f"{portion_mark(slide.portion)}</h2>"
            f'<div class="text">{self.blocks(slide.notes, "", 2)}</div></section>'
        )


def body(document: Document, picture_url: PictureUrl = print_url) -> str:
    """The document's content in its layout: the preview, the PDF and the HTML file share it."""
    return _Writer(document, picture_url).article()


def page(document: Document, *, words: int = PREVIEW_WORDS, rows: int | None = None) -> str:
    """A whole HTML page for print.

    ``words`` is what one page takes of each section, ``rows`` how many sections it shows.
    """
    return whole_page(document, _Writer(document).article(words, rows))


def binder(cover: Document, documents: Sequence[Document]) -> str:
    """Several documents as one: ``cover`` with the contents, then each in its own layout.

    A document stands in a box of its ``dress`` class, by which its pages have its own colors.
    """
    lines = "".join(
        f'<li class="depth-1"><a href="#d{n}">{escape(d.label)}. {escape(d.title)} '
        f'<span class="state">{escape(f"{d.state}, {d.marking.banner}")}</span></a></li>'
        for n, d in enumerate(documents, start=1)
    )
    first = _Writer(cover, print_url, "d0-")
    parts = [
        f'<article class="document" data-marking="{escape(cover.marking.banner)}" '
        f'data-footer="{escape(f"{cover.effort}, {cover.title}")}" '
        f'data-hash="sha256 {cover.content_hash[:16]}"><div class="cover">{first.letterhead()}'
        f"<h1>{escape(cover.subject)}</h1>{ledger('address', cover.header)}{first.marking()}"
        f"{first.place()}</div>"
        f"{_contents(lines)}</article>"
    ]
    styles = []
    for number, one in enumerate(documents, start=1):
        inner = _Writer(one, print_url, f"d{number}-").article()
        parts.append(f'<div class="bound dress{dress(one)}" id="d{number}">{inner}</div>')
        styles.append(_text_colors(one, f"#d{number} "))
    return whole_page(cover, "".join(parts), "binder", "".join(styles))


def _contents(lines: str) -> str:
    return f'<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>{lines}</ol></nav>'


def dress(document: Document) -> str:
    """What ends the pages' names of a document that is bound with others: its color and state."""
    color = checked_color(document.marking.ground)[1:].lower()
    return f"-{color}" + ("" if document.approved else "-draft")


def whole_file(document: Document, sheets: Sequence[str]) -> str:
    """The document as one HTML file that needs nothing else: sheets and pictures inside."""

    def inside(picture: str) -> str:
        found = document.pictures[picture]
        return f"data:{found.media_type};base64,{b64encode(found.content).decode()}"

    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.subject)}</title>{_meta(document)}"
        f"<style>{''.join(sheets)}{_text_colors(document)}</style></head>"
        f"<body><main>{body(document, inside)}"
        f'<p class="of">{escape(document.state)}, sha256 {document.content_hash}</p>'
        "</main></body></html>"
    )


def _meta(document: Document) -> str:
    keywords = f"{document.marking.banner}, sha256 {document.content_hash}"
    return (
        f'<meta name="author" content="{escape(document.author)}">'
        f'<meta name="description" content="{escape(f"{document.label}: {document.title}")}">'
        f'<meta name="keywords" content="{escape(keywords)}">'
        f'<meta name="dcterms.created" content="{escape(document.created_at)}">'
        f'<meta name="dcterms.modified" content="{escape(document.created_at)}">'
    )


def whole_page(document: Document, inner: str, more: str = "", styles: str = "") -> str:
    """The print page around ``inner``, with the document's properties and colors."""
    state = "approved" if document.approved else "draft"
    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(document.subject)}</title>{_meta(document)}"
        f"<style>{page_colors(document.marking.ground)}{_text_colors(document)}{styles}</style>"
        f'</head><body class="{state} {more}"><main>{inner}</main></body></html>'
    )


def checked_color(color: str) -> str:
    """The color itself. Raises ValueError unless it is #rrggbb: colors are written into CSS."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise ValueError(f"{color!r} is no #rrggbb color.")
    return color


def page_colors(ground: str, name: str = "") -> str:
    """The rules that color the banners of the pages; ``name`` is the end of the pages' names."""
    checked_color(ground)
    bands = "".join(
        f"@{box}{{background:{ground}}}"
        for box in (
            "top-center", "top-left-corner", "top-right-corner", "bottom-center",
            "bottom-left-corner", "bottom-right-corner",
        )
    )  # fmt: skip
    words = f"@top-center{{color:{ground}}}@bottom-center{{color:{ground}}}"
    return f"@page letter{name},sheet{name}{{{words}}}@page slide{name}{{{bands}}}"


def _text_colors(document: Document, within: str = "") -> str:
    ground = checked_color(document.marking.ground)
    ink = checked_color(document.letterhead.ink)
    return (
        f"{within}.marking-line{{color:{ground}}}"
        f"{within}.letterhead{{border-color:{ink};color:{ink}}}{within}h1{{color:{ink}}}"
    )
