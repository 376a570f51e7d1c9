"""Blocks to HTML: what stands below a title, the same for every layout and for the preview."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from planning.products.blocks import (
    Block,
    Cell,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Run,
    Table,
    right_to_left,
    words_of,
)
from planning.products.document import Document
from planning.rendering.tables import column_shares, layout

_MARKS = ("strong", "em", "u", "s", "sub", "sup")
STEPS = 40  # the widths that a column may have, so that a few classes name them: w1 is 2.5 %
SHORT_ROWS = 6  # a table of so few rows is not parted
WIDE_COLUMNS = 6  # a table of so many takes the margin too
_LINK = re.compile(r"(?:https?://|mailto:)", re.I)  # any other address is words
PictureUrl = Callable[[str], str]


def print_url(picture: str) -> str:
    """The address under which the PDF's fetcher serves a picture of its document."""
    return f"mapro-print:picture/{picture}"


@dataclass(frozen=True)
class BlockWriter:
    """Writes the blocks of one Document. ``prefix`` keeps anchors apart when several share a page."""

    document: Document
    picture_url: PictureUrl = print_url
    prefix: str = ""

    def blocks(self, blocks: Sequence[Block], portion: str = "", level: int = 2) -> str:
        """Blocks below a heading of ``level``; paragraphs carry the portion mark, if there is one."""
        return "".join(self.block(block, portion, level) for block in blocks)

    def block(self, block: Block, portion: str, level: int) -> str:
        """One block."""
        mark = f"{portion_mark(portion)} " if portion else ""
        match block:
            case Paragraph(runs):
                return f"<p{direction(words_of(runs))}>{mark}{_inline(runs)}</p>"
            case Heading(runs, below):
                tag = f"h{min(level + below, 6)}"
                return f"<{tag}{direction(words_of(runs))}>{_inline(runs)}</{tag}>"
            case ListBlock():
                return self.list(block, portion, level)
            case Table():
                return self.table(block, level)
            case Quote(inner):
                return f"<blockquote>{self.blocks(inner, '', level)}</blockquote>"
            case Figure():
                return self.figure(block)

    def list(self, block: ListBlock, portion: str, level: int) -> str:
        """A list is one portion: its first item carries the mark."""
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = []
        for place, item in enumerate(block.items):
            mark = portion if not place else ""
            bare = ' class="bare"' if item and isinstance(item[0], ListBlock) else ""
            inner = self.blocks(item[:1], mark, level) + self.blocks(item[1:], "", level)
            items.append(f"<li{bare}>{inner}</li>")
        return f"<{tag}{start}>{''.join(items)}</{tag}>"

    def table(self, table: Table, level: int) -> str:
        """A table with its header rows, its columns as wide as their words ask."""

        def row(cells: tuple[Cell, ...], header: bool) -> str:
            return f"<tr>{''.join(self.cell(c, header, level) for c in cells)}</tr>"

        head = "".join(row(r, True) for r in table.rows[: table.head])
        rest = "".join(row(r, False) for r in table.rows[table.head :])
        given = widths(table)
        more = (" short" if len(table.rows) <= SHORT_ROWS else "") + (
            " wide" if len(given) >= WIDE_COLUMNS else ""
        )
        columns = "".join(f'<col class="w{width}">' for width in given)
        return (
            f'<table class="register-table{more}">'
            + (f"<colgroup>{columns}</colgroup>" if columns else "")
            + (f"<thead>{head}</thead>" if head else "")
            + (f"<tbody>{rest}</tbody>" if rest else "")
            + "</table>"
        )

    def cell(self, cell: Cell, header: bool, level: int) -> str:
        """A cell with its spans."""
        tag = "th" if header or cell.header else "td"
        scope = f' scope="{"col" if header else "row"}"' if tag == "th" else ""
        spans = "".join(
            f' {name}="{n}"'
            for name, n in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
            if n > 1
        )
        return f"<{tag}{scope}{spans}>{self.blocks(cell.blocks, '', level)}</{tag}>"

    def figure(self, figure: Figure) -> str:
        """The picture, or the words that stand for it when its file is gone."""
        picture = self.document.pictures.get(figure.picture)
        if picture is None:
            return f"<p>[Picture: {escape(figure.alt or 'not described')}]</p>"
        address = escape(self.picture_url(figure.picture))
        words = escape(figure.alt or "Picture without a description")
        return (
            f'<figure><img src="{address}" alt="{words}" width="{picture.width}" '
            f'height="{picture.height}"></figure>'
        )


def widths(table: Table) -> list[int]:
    """The width of each column in parts of ``STEPS``; none when all are to be alike."""
    rows, count = layout(table)
    if not 1 < count <= STEPS // 2:
        return []
    shares = [share * STEPS for share in column_shares(rows, count)]
    given = [max(int(share), 1) for share in shares]
    while sum(given) > STEPS:  # a narrow column got its one step: the widest gives it
        given[given.index(max(given))] -= 1
    while sum(given) < STEPS:
        short = [share - have for share, have in zip(shares, given, strict=True)]
        given[short.index(max(short))] += 1
    return given


def portion_mark(portion: str) -> str:
    """The mark of a portion, as text."""
    return f'<span class="portion">{escape(portion)}</span>'


def ledger(name: str, rows: Sequence[tuple[str, str]]) -> str:
    """Labels at the left, what they say at the right."""
    lines = ""
    for label, words in rows:
        subject = ' class="subject"' if label == "Subject" else ""
        lines += (
            f'<tr{subject}><th scope="row">{escape(label)}</th>'
            f"<td{direction(words)}>{escape(words)}</td></tr>"
        )
    return f'<table class="{name}"><tbody>{lines}</tbody></table>' if rows else ""


def footnotes(notes: Sequence[Run]) -> str:
    """The footnotes below a text, by their numbers."""
    items = "".join(
        f'<li value="{n.number}"{direction(n.note)}>{escape(n.note)}</li>' for n in notes
    )
    return f'<ol class="notes">{items}</ol>' if notes else ""


def direction(words: str) -> str:
    """The attribute of an element whose words run from right to left."""
    return ' dir="rtl"' if right_to_left(words) else ""


def _inline(runs: Inline) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if run.note:
        return f'<sup class="note">{run.number}</sup>'
    if run.text == "\n":
        return "<br>"
    text = escape(run.text, quote=False)
    for mark in _MARKS:
        if mark in run.marks:
            text = f"<{mark}>{text}</{mark}>"
    return f'<a href="{escape(run.href)}">{text}</a>' if _LINK.match(run.href) else text
