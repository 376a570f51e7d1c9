"""The title slide of a PowerPoint file, as PresentationML. Lengths are points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planning.products.blocks import Block, Paragraph, Run, Table
from planning.products.document import Document, Picture
from planning.rendering import pptx_theme as theme
from planning.rendering import slides
from planning.rendering.pptx_shapes import Shown, held, picture, table_frame, tcell, text_box
from planning.rendering.pptx_words import Look, emu, exactly, line, paragraph, run
from planning.rendering.slides import BODY_WIDTH, LEFT, TOP
from planning.rendering.slides_size import figure_size, line_of, lines

SEAL_WIDTH, SEAL_HEIGHT = 90.0, 44.6
LETTERHEAD_LINES = 3
PORTION = Look(18, theme.SOFT, bold=True, face="+mn-lt")


def cover_shapes(
    document: Document, lang: str, image: Callable[[Picture], str]
) -> tuple[list[str], tuple[Block, ...]]:
    """The shapes of the title slide and its notes. ``image`` gives the relation of a picture."""
    cover = slides.cover(document)
    top = TOP + 64
    high = cover.lines * cover.size * slides.COVER_LINE
    below = top + high + 10
    small = cover.size < slides.COVER_TITLE
    spacing = f'<a:lnSpc><a:spcPts val="{round(cover.size * slides.COVER_LINE * 100)}"/></a:lnSpc>'
    title = line(
        cover.title, lang, Look(cover.size if small else 0), inner=spacing if small else ""
    )
    label, cut = line_of(document.label, BODY_WIDTH - 90, 20)
    subtitle = paragraph(
        run(f"{label} ", lang) + run(document.marking.portion, lang, PORTION), label, lang
    )
    letterhead, letterhead_cut = _letterhead(document, lang, image)
    shapes = [
        held(
            2, "Title", 'type="ctrTitle"', title, theme.box(LEFT, top, slides.COVER_WIDTH, high + 2)
        ),
        theme.rule(3, "Title rule", LEFT, below, 115, 4, "accent1"),
        held(
            4, "Subtitle", f'type="subTitle" idx="{theme.BODY_INDEX}"', subtitle,
            theme.box(LEFT, below + 12, BODY_WIDTH, 30),
        ),
        *letterhead,
    ]  # fmt: skip
    if cover.rows:
        shapes.append(_rows(cover.rows, lang, below + 50))
    notes = cover.notes
    if cut or letterhead_cut:
        whole = (document.label, *document.heading_lines)
        notes = (*notes, *(Paragraph((Run(words),)) for words in whole))
    return shapes, notes


def _letterhead(
    document: Document, lang: str, image: Callable[[Picture], str]
) -> tuple[list[str], bool]:
    """Whose paper it is, the seal at its left; and whether a line of it was cut."""
    seal = document.pictures.get(document.letterhead.seal)
    shapes, x = [], LEFT
    if seal is not None:
        wide, high = figure_size(seal, SEAL_WIDTH, SEAL_HEIGHT)
        shapes.append(picture(5, "Seal", "Seal", image(seal), theme.box(LEFT, TOP - 6, wide, high)))
        x += wide + 12
    room = BODY_WIDTH - (x - LEFT)
    first, *others = document.heading_lines
    # Bold capitals are measured a little larger.
    fits = [line_of(text, room, 15.5) for text in (first.upper(), *others)]
    look = Look(14, "accent1", bold=True)
    said = "".join(line(text, lang, look, inner=exactly(17)) for text, _ in fits[:LETTERHEAD_LINES])
    shapes.append(text_box(6, "Letterhead", said, x, TOP - 6, room, 52))
    return shapes, len(fits) > LETTERHEAD_LINES or any(cut for _, cut in fits)


def _rows(rows: Sequence[tuple[str, str]], lang: str, top: float) -> str:
    """To whom it is and from whom, as a table without a header."""
    values = BODY_WIDTH - slides.COVER_LABEL
    each = slides.COVER_ROW - 2
    heights = [each * lines(v, values, slides.COVER_TEXT) + 2 for _, v in rows]
    look = Look(slides.COVER_TEXT, face="+mn-lt")
    soft = Look(slides.COVER_TEXT, theme.FAINT, face="+mn-lt")
    inner = exactly(each)
    body = "".join(
        f'<a:tr h="{emu(high)}">'
        + tcell(line(k, lang, soft, inner=inner), "", 8, 1, "", 0)
        + tcell(line(v, lang, look, inner=inner), "", 0, 1, "", 0)
        + "</a:tr>"
        for high, (k, v) in zip(heights, rows, strict=True)
    )
    table = (
        '<a:tbl><a:tblPr firstCol="1"><a:tableStyleId>{2D5ABB26-0587-4C30-8999-92F81FD0307C}'
        f'</a:tableStyleId></a:tblPr><a:tblGrid><a:gridCol w="{emu(slides.COVER_LABEL)}"/>'
        f'<a:gridCol w="{emu(values)}"/></a:tblGrid>{body}</a:tbl>'
    )
    place = Shown(Table(()), LEFT, top, BODY_WIDTH, sum(heights))
    return table_frame(7, "Address", "To whom, from whom and when", table, place)
