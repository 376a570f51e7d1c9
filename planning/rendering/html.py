"""Document to HTML: the whole print page for the PDF, and the same body for the preview."""

from __future__ import annotations

import re
from html import escape

from planning.products.document import (
    Block,
    Cell,
    Document,
    DocumentSection,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
)

_MARKS = ("strong", "em", "u", "s", "sub", "sup")


def body(document: Document) -> str:
    """The document's content, from letterhead to signature: the preview and the PDF share it."""
    parts = [
        f'<p class="letterhead">{escape(f"INTERAGENCY PLANNING TEAM, {document.effort.upper()}")} '
        f"<span>{escape(document.label)}</span></p>",
        _ledger("designation", document.designation),
        f"<h1>{escape(document.title)}</h1>",
        _ledger("address", document.header),
        f'<p class="marking-line">{escape(document.marking.banner)}</p>',
    ]
    parts += [_section(s) for s in document.sections]
    parts.append(f'<p class="marking-line last">{escape(document.marking.banner)}</p>')
    return "".join(parts)


def page(document: Document) -> str:
    """A whole HTML page for print. ``data-…`` carry what the page margins repeat."""
    state = "approved" if document.approved else "draft"
    foot = f"{document.effort}, {document.label}, version {document.version}"
    if not document.approved:
        foot += ", draft"
    author = f"Interagency Planning Team, {document.effort}"
    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(document.subject)}</title>"
        f'<meta name="author" content="{escape(author)}">'
        f'<meta name="description" content="{escape(f"{document.label}: {document.title}")}">'
        f'<meta name="keywords" content="{escape(f"{document.marking.banner}, sha256 {document.content_hash}")}">'
        f'<meta name="dcterms.created" content="{escape(document.created_at)}">'
        f'<meta name="dcterms.modified" content="{escape(document.created_at)}">'
        f"<style>{_marking_color(document.marking.ground)}</style>"
        f'</head><body class="{state}" data-marking="{escape(document.marking.banner)}" '
        f'data-footer="{escape(foot)}" data-hash="sha256 {document.content_hash[:16]}">'
        f'<main class="memo">{body(document)}</main></body></html>'
    )


def _marking_color(ground: str) -> str:
    """The rules that give the banner its color. Raises ValueError unless it is #rrggbb."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", ground):
        raise ValueError(f"{ground!r} is no #rrggbb color.")
    return (
        f"@page letter{{@top-center{{color:{ground}}}@bottom-center{{color:{ground}}}}}"
        f".marking-line{{color:{ground}}}"
    )


def _ledger(name: str, rows: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(
        f'<tr><th scope="row">{escape(k)}</th><td>{escape(v)}</td></tr>' for k, v in rows
    )
    return f'<table class="{name}"><tbody>{lines}</tbody></table>' if rows else ""


def _section(section: DocumentSection) -> str:
    level = min(section.depth + 1, 4)
    portion = f'<span class="portion">{escape(section.portion)}</span>'
    inner = _blocks(section.blocks, section.portion)
    empty = " empty" if section.empty else ""
    return (
        f'<section class="depth-{section.depth}{empty}">'
        f"<h{level}>{escape(section.number)}. {escape(section.title)} {portion}</h{level}>"
        f'<div class="text">{inner}</div></section>'
    )


def _blocks(blocks: tuple[Block, ...], portion: str = "") -> str:
    return "".join(_block(block, portion) for block in blocks)


def _block(block: Block, portion: str) -> str:
    mark = f'<span class="portion">{escape(portion)}</span> ' if portion else ""
    match block:
        case Paragraph(runs):
            return f"<p>{mark}{_inline(runs)}</p>"
        case Heading(runs, level):
            return f"<h{level + 3}>{_inline(runs)}</h{level + 3}>"
        case ListBlock(ordered, items):
            tag = "ol" if ordered else "ul"
            # A list is one portion: its first item carries the mark.
            marks = (portion, *[""] * (len(items) - 1))
            inner = "".join(
                f"<li>{_blocks(item[:1], m)}{_blocks(item[1:])}</li>"
                for item, m in zip(items, marks, strict=True)
            )
            return f"<{tag}>{inner}</{tag}>"
        case Table():
            return _table(block)
        case Quote(inner_blocks):
            return f"<blockquote>{_blocks(inner_blocks)}</blockquote>"


def _table(table: Table) -> str:
    def row(cells: tuple[Cell, ...], header: bool) -> str:
        return f"<tr>{''.join(_cell(c, header) for c in cells)}</tr>"

    head = "".join(row(r, True) for r in table.rows[: table.head])
    rest = "".join(row(r, False) for r in table.rows[table.head :])
    return (
        '<table class="register-table">'
        + (f"<thead>{head}</thead>" if head else "")
        + (f"<tbody>{rest}</tbody>" if rest else "")
        + "</table>"
    )


def _cell(cell: Cell, header: bool) -> str:
    tag = "th" if header or cell.header else "td"
    scope = f' scope="{"col" if header else "row"}"' if tag == "th" else ""
    spans = "".join(
        f' {name}="{n}"'
        for name, n in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if n > 1
    )
    return f"<{tag}{scope}{spans}>{_blocks(cell.blocks)}</{tag}>"


def _inline(runs: Inline) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if run.text == "\n":
        return "<br>"
    text = escape(run.text, quote=False)
    for mark in _MARKS:
        if mark in run.marks:
            text = f"<{mark}>{text}</{mark}>"
    return f'<a href="{escape(run.href)}">{text}</a>' if run.href else text
