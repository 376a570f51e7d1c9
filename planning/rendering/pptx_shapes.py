"""What stands on one slide, as PresentationML: text, tables, pictures. Lengths are points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planning.products.blocks import (
    Block,
    Cell,
    Figure,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    words_of,
)
from planning.products.document import Picture
from planning.rendering.docx_words import attribute
from planning.rendering.pptx_theme import FAINT, RULE, SOFT, body_properties, box
from planning.rendering.pptx_words import (
    PLAIN,
    Link,
    Look,
    emu,
    exactly,
    fill,
    inline,
    paragraph,
)
from planning.rendering.slides import BODY_WIDTH, LEFT
from planning.rendering.slides_size import (
    CELL_GAP,
    CELL_SIDES,
    FIGURE_HEIGHT,
    GAP,
    INDENT,
    LINE,
    TABLE_LINE,
    TABLE_TEXT,
    column_widths,
    figure_size,
    height,
    row_heights,
)
from planning.rendering.tables import Placed, layout

Text = Paragraph | Heading | ListBlock
_STRONG = Look(bold=True)


@dataclass(frozen=True)
class Shown:
    """Text, a table or a picture where it stands. ``inset`` is how far in; text is many blocks."""

    what: tuple[tuple[Text, float], ...] | Table | Figure
    x: float
    y: float
    width: float
    height: float


def arranged(blocks: Sequence[Block], top: float, pictures: Mapping[str, Picture]) -> list[Shown]:
    """The blocks of a slide under each other from ``top``; neighbors that are text in one box."""
    made: list[Shown] = []
    texts: list[tuple[Text, float]] = []

    def close() -> None:
        nonlocal top
        if texts:
            high = sum(height([b], BODY_WIDTH - inset, pictures) for b, inset in texts)
            made.append(Shown(tuple(texts), LEFT, top, BODY_WIDTH, high))
            top += high
            texts.clear()

    for block, inset in _flat(blocks, 0.0):
        if isinstance(block, Paragraph | Heading | ListBlock):
            texts.append((block, inset))
            continue
        close()
        width = BODY_WIDTH - inset
        if isinstance(block, Table):
            high = sum(row_heights(block, width))
            made.append(Shown(block, LEFT + inset, top, width, high))
            top += high + GAP
        else:
            wide, high = figure_size(pictures[block.picture], width, FIGURE_HEIGHT)
            made.append(Shown(block, LEFT + inset, top + GAP, wide, high))
            top += high + 2 * GAP
    close()
    return made


def _flat(blocks: Sequence[Block], inset: float) -> Iterator[tuple[Text | Table | Figure, float]]:
    """Blocks without quotations; what stands in one is set in."""
    for block in blocks:
        if isinstance(block, Quote):
            yield from _flat(block.blocks, inset + INDENT)
        else:
            yield block, inset


# ---------- text


class Writer:
    """Writes the words of one slide. ``link`` gives the relation of an address, or “”."""

    def __init__(self, lang: str, link: Link) -> None:
        self.lang = lang
        self.link = link

    def text(self, blocks: Sequence[tuple[Text, float]], *, empty: bool = False) -> str:
        """The paragraphs of a text box. ``empty`` is the look of what is not yet written."""
        parts: list[str] = []
        last: ListBlock | None = None
        for block, inset in blocks:
            match block:
                case Paragraph(runs):
                    look = Look(color=FAINT, italic=True) if empty else PLAIN
                    parts.append(self._words(runs, 0, inset, look if not inset else Look(0, SOFT)))
                case Heading(runs, _):
                    parts.append(self._words(runs, 0, inset, _STRONG))
                case ListBlock():
                    if last and last.ordered and block.ordered and last.start == block.start:
                        # Programs would count on from the list before.
                        parts.append(_spacer(self.lang))
                    parts += self._list(block, 1, inset)
            last = block if isinstance(block, ListBlock) else None
        return "".join(parts) or paragraph("", "", self.lang)

    def _list(self, block: ListBlock, level: int, inset: float) -> Iterator[str]:
        for item in block.items:
            first = True
            for inner in item:
                if isinstance(inner, ListBlock):
                    yield from self._list(inner, level + 1, inset)
                elif isinstance(inner, Paragraph | Heading):
                    mark = ""
                    if first and block.ordered:
                        mark = (
                            '<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod"'
                            + (f' startAt="{min(block.start, 32767)}"' if block.start > 1 else "")
                            + "/>"
                        )
                    elif not first:
                        mark = "<a:buNone/>"
                    yield self._words(inner.runs, level, inset, PLAIN, mark)
                first = False

    def _words(
        self, runs: Inline, level: int, inset: float, look: Look, mark: str = ""
    ) -> str:  # fmt: skip
        """A paragraph at a level of lists, from 1, or at none."""
        left = inset + INDENT * level
        attributes = ""
        if not level:
            attributes = f' marL="{emu(left)}" indent="0"'
            mark = "<a:buNone/>"
        else:
            if level > 1:
                attributes += f' lvl="{level - 1}"'
            if inset or mark == "<a:buNone/>":
                hanging = 0 if mark == "<a:buNone/>" else -emu(INDENT)
                attributes = f' marL="{emu(left)}" indent="{hanging}"' + attributes
        return paragraph(
            inline(runs, self.lang, self.link, look), words_of(runs), self.lang,
            attributes=attributes, inner=mark,
        )  # fmt: skip

    # ---------- tables

    def table(self, table: Table, width: float) -> str:
        """A table with its header row, its columns equally broad."""
        rows, _ = layout(table)
        heights = row_heights(table, width)
        widths = column_widths(table, width)
        grid = "".join(f'<a:gridCol w="{emu(wide)}"/>' for wide in widths)
        body = "".join(
            f'<a:tr h="{emu(heights[y])}">'
            + "".join(self._cell(one, y, x, y < table.head) for x, one in enumerate(row))
            + "</a:tr>"
            for y, row in enumerate(rows)
        )
        head = ' firstRow="1"' if table.head else ""
        return (
            f"<a:tbl><a:tblPr{head}><a:tableStyleId>{{2D5ABB26-0587-4C30-8999-92F81FD0307C}}"
            f"</a:tableStyleId></a:tblPr><a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl>"
        )

    def _cell(self, one: Placed, y: int, x: int, header: bool) -> str:
        begins = (one.row, one.column) == (y, x)
        spans = ""
        if one.column == x and one.columns > 1:
            spans += f' gridSpan="{one.columns}"'
        if one.row == y and one.rows > 1:
            spans += f' rowSpan="{one.rows}"'
        if one.column != x:
            spans += ' hMerge="1"'
        if one.row != y:
            spans += ' vMerge="1"'
        cell = one.cell if begins and one.cell is not None else Cell(())
        look = Look(TABLE_TEXT, bold=header or cell.header, face="+mn-lt")
        inner = exactly(TABLE_LINE)
        words = "".join(
            paragraph(
                inline(b.runs, self.lang, self.link, look), words_of(b.runs), self.lang, inner=inner
            )
            for b in cell.blocks
            if isinstance(b, Paragraph)
        )  # fmt: skip
        blank = (
            f'<a:p><a:pPr>{inner}</a:pPr><a:endParaRPr lang="{self.lang}" '
            f'sz="{round(TABLE_TEXT * 100)}"/></a:p>'
        )
        return tcell(
            words or blank, spans, CELL_SIDES - 2, CELL_GAP / 2 - 1,
            "tx1" if header else RULE, 0.75 if header else 0.5, "b" if header else "t",
        )  # fmt: skip


def tcell(
    words: str, spans: str, side: float, margin: float, color: str, thick: float, anchor: str = "t"
) -> str:
    """A cell of a table; a line of ``color`` below it, none where it is not ``thick``."""
    none = "".join(f'<a:{e} w="0"><a:noFill/></a:{e}>' for e in ("lnL", "lnR", "lnT"))
    below = f'<a:lnB w="{emu(thick)}">{fill(color)}</a:lnB>' if thick else (
        '<a:lnB w="0"><a:noFill/></a:lnB>'
    )  # fmt: skip
    return (
        f"<a:tc{spans}><a:txBody><a:bodyPr/><a:lstStyle/>{words}</a:txBody>"
        f'<a:tcPr marL="0" marR="{emu(side)}" marT="{emu(margin)}" marB="{emu(margin)}" '
        f'anchor="{anchor}">{none}{below}<a:noFill/></a:tcPr></a:tc>'
    )


def _spacer(lang: str) -> str:
    """A paragraph too low to be seen, which ends a list."""
    return (
        f'<a:p><a:pPr marL="0" indent="0">{exactly(1)}<a:buNone/></a:pPr>'
        f'<a:endParaRPr lang="{lang}" sz="100"/></a:p>'
    )


# ---------- shapes


def text_box(
    identity: int, name: str, words: str, x: float, y: float, width: float, high: float,
    *, anchor: str = "t", more: str = "", style: str = "",
) -> str:  # fmt: skip
    """A box of text that is no placeholder. ``more`` are attributes of its place."""
    where = box(x, y, width, high).replace("<a:xfrm>", f"<a:xfrm{more}>")
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="{name}"/><p:cNvSpPr txBox="1"/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr>{where}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>'
        f"</p:spPr><p:txBody>{body_properties(anchor)}<a:lstStyle>{style}</a:lstStyle>{words}"
        "</p:txBody></p:sp>"
    )


def held(identity: int, name: str, kind: str, words: str, where: str = "") -> str:
    """A placeholder of a slide with its words; its place is the layout's unless told."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="{name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{where}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>{words}</p:txBody></p:sp>"
    )


def table_frame(
    identity: int, name: str, description: str, table: str, place: Shown, kind: str = ""
) -> str:
    """A table on the slide; ``kind`` when it takes a placeholder."""
    where = box(place.x, place.y, place.width, place.height).replace("a:xfrm", "p:xfrm")
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{identity}" name="{name}" '
        f'descr="{attribute(description)}"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/>'
        f"</p:cNvGraphicFramePr><p:nvPr>{f'<p:ph {kind}/>' if kind else ''}</p:nvPr>"
        f"</p:nvGraphicFramePr>{where}<a:graphic><a:graphicData "
        f'uri="http://schemas.openxmlformats.org/drawingml/2006/table">{table}</a:graphicData>'
        "</a:graphic></p:graphicFrame>"
    )


def picture(
    identity: int, name: str, alt: str, relation: str, where: str, kind: str = ""
) -> str:  # fmt: skip
    """A picture on the slide with the words that stand for it."""
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{identity}" name="{name}" descr="{attribute(alt)}"/>'
        '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr>'
        f"<p:nvPr>{f'<p:ph {kind}/>' if kind else ''}</p:nvPr></p:nvPicPr><p:blipFill>"
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f'<p:spPr>{where}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def body_style() -> str:
    """The master's text levels for a box that is no placeholder."""
    levels = "".join(
        f'<a:lvl{n + 1}pPr marL="{emu(INDENT * (n + 1))}" indent="{-emu(INDENT)}">'
        f'{exactly(LINE, GAP)}<a:buFont typeface="Arial"/><a:buChar char="{"•–▪–•–"[n]}"/>'
        f'<a:defRPr sz="1800"/></a:lvl{n + 1}pPr>'
        for n in range(6)
    )
    return levels
