"""Document to a PowerPoint file (.pptx) that a person may go on editing.

Titles and text stand in placeholders of real layouts, tables are tables, and what a slide shows
cut stands whole in its notes. The package is python-pptx's; slides are written as
PresentationML. Nothing is fetched, and the same Document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pptx
from PIL import Image
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Emu

from planning.products.blocks import Block, Cell, Figure, Table, inlines
from planning.products.document import Document, Picture
from planning.rendering import bounds, slides
from planning.rendering import pptx_theme as theme
from planning.rendering.base import RenderedFile, RenderError, bounded
from planning.rendering.office import (
    describe,
    hex_color,
    link_address,
    repacked,
)
from planning.rendering.pptx_cover import PORTION, cover_shapes
from planning.rendering.pptx_shapes import (
    Shown,
    Writer,
    arranged,
    body_style,
    held,
    picture,
    table_frame,
    text_box,
)
from planning.rendering.pptx_words import (
    NAMESPACES,
    Look,
    emu,
    exactly,
    language,
    line,
    paragraph,
    run,
)
from planning.rendering.slides import BODY_WIDTH, BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Slide
from planning.rendering.slides_size import GAP, figure_size, line_of, lines, words

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAX_SLIDES = 400
MAX_CELLS = 40_000  # more than so many slides show
# What python-pptx's own template holds besides slides.
_UNUSED = ("/thumbnail", "/printerSettings")
_FORMATS = {"PNG", "JPEG", "GIF"}
_SMALL = Look(14, theme.FAINT)
_DRAFT = "F4F4F1"


def render(document: Document) -> RenderedFile:
    """The PowerPoint file of a Document in any layout; its pages are the slides.

    Raises RenderError when the document is beyond a bound, ValueError unless its colors are
    #rrggbb.
    """
    with bounded():
        _check(document)
        good = {key: one for key, one in document.pictures.items() if _opens(one)}
        document = replace(document, pictures=good)
        planned = slides.plan(document)
        if len(planned) >= MAX_SLIDES:
            raise RenderError(
                f"This document would have {len(planned) + 1} slides; {MAX_SLIDES} is the most. "
                "Shorten it, part it into two products, or export it as PDF or Word."
            )
        return RenderedFile(MEDIA_TYPE, _File(document).content(planned), len(planned) + 1)


def _check(document: Document) -> None:
    """Raise RenderError when the document is beyond a bound that can be told without its slides."""
    weight = bounds.Weight()
    for section in document.sections:
        weight.add(section.blocks)
    for annex in document.annexes:
        weight.add(annex.blocks)
    for count, most, name in (
        (weight.paragraphs, bounds.MAX_PARAGRAPHS, "paragraphs"),
        (weight.cells, MAX_CELLS, "cells of tables"),
        (weight.characters, bounds.MAX_CHARACTERS, "characters"),
    ):
        if count > most:
            raise RenderError(
                f"This document holds {count:,} {name}; {most:,} is the most for PowerPoint. "
                "Part it into two products, or export it as Word."
            )
    bounds.check_pictures(document.pictures.values())


def _opens(one: Picture) -> bool:
    """Whether PowerPoint shows the picture; a broken one is told in words."""
    try:
        with Image.open(BytesIO(one.content)) as image:
            return image.format in _FORMATS
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


class _File:
    """One file while it is made."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = pptx.Presentation()
        self.lang = language(document.language)
        self.ground = hex_color(document.marking.ground)
        self.ink = hex_color(document.letterhead.ink)
        self.layouts: list[Any] = []

    def content(self, planned: Sequence[Slide]) -> bytes:
        """The bytes of the file."""
        self._template()
        self._cover()
        for number, slide in enumerate(planned, start=2):
            self._slide(slide, number)
        describe(self.file.core_properties, self.document)
        out = BytesIO()
        self.file.save(out)
        return repacked(out.getvalue(), self.document.created_at)

    # ---------- master and layouts

    def _template(self) -> None:
        """Turn python-pptx's template into ours: size, theme, master, layouts."""
        file = self.file
        file.slide_width, file.slide_height = Emu(emu(WIDTH)), Emu(emu(HEIGHT))
        for relations in (file.part.package._rels, file.part.rels):  # noqa: SLF001 - the only way
            for identity, relation in list(relations.items()):
                if relation.reltype.endswith(_UNUSED):
                    relations.pop(identity)
        for number, layout in reversed(list(enumerate(file.slide_layouts))):
            if number >= len(theme.LAYOUTS):
                file.slide_layouts.remove(layout)
        self.layouts = list(file.slide_layouts)
        for number, layout in enumerate(self.layouts):
            _put(layout.element, theme.layout(number, self.lang))
        master = file.slide_master
        made = parse_xml(theme.master(self.ground, self._banner(), self.lang))
        for child in list(master.element):
            if not child.tag.endswith("}sldLayoutIdLst"):
                master.element.remove(child)
        common, colors, styles = list(made)
        master.element.insert(0, colors)
        master.element.insert(0, common)
        master.element.append(styles)
        for one in (master, file.notes_master):
            found = one.part.part_related_by(RELATIONSHIP_TYPE.THEME)
            if hasattr(found, "_element"):  # the notes master's was made as XML
                found._element = parse_xml(theme.theme(self.ink))  # noqa: SLF001
            else:
                found._blob = theme.theme(self.ink)  # noqa: SLF001

    # ---------- slides

    def _cover(self) -> None:
        made = self.file.slides.add_slide(self.layouts[theme.TITLE_SLIDE])
        shapes, notes = cover_shapes(self.document, self.lang, lambda one: self._image(made, one))
        self._finish(made, shapes, notes, 1)

    def _slide(self, slide: Slide, number: int) -> None:
        shown = arranged(slide.blocks, slide.top, self.document.pictures)
        kinds = [type(s.what) for s in shown]
        layout = theme.CONTENT if tuple in kinds else theme.TITLE_ONLY
        if len(kinds) == 1 and tuple not in kinds:
            layout = theme.TABLE if Table in kinds else theme.PICTURE
        made = self.file.slides.add_slide(self.layouts[layout])
        writer = Writer(self.lang, lambda href: self._link(made, href))
        shapes = [self._title(slide)]
        if slide.above:
            words_above = line(slide.above, self.lang, _SMALL, inner=exactly(17))
            shapes.append(text_box(3, "Above", words_above, LEFT, TOP - 16, BODY_WIDTH, 18))
        body = next((s for s in shown if isinstance(s.what, tuple)), None)
        for place, one in enumerate(shown):
            identity, name = 20 + place, f"{place + 1}"
            if isinstance(one.what, Table):
                kind = f'type="tbl" idx="{theme.TABLE_INDEX}"' if layout == theme.TABLE else ""
                said = f"Table: {slide.title} {slide.counted}".strip()
                table = writer.table(one.what, one.width)
                shapes.append(table_frame(identity, f"Table {name}", said, table, one, kind))
            elif isinstance(one.what, Figure):
                shapes.append(self._figure(made, one.what, one, identity, layout))
            else:
                text = writer.text(one.what, empty=slide.empty)
                high = BOTTOM - one.y if len(shown) == 1 else one.height
                where = theme.box(one.x, one.y, one.width, high)
                if one is body:
                    kind = f'idx="{theme.BODY_INDEX}"'
                    where = "" if high == BOTTOM - theme.BODY_TOP else where
                    shapes.append(held(identity, f"Content {name}", kind, text, where))
                else:
                    shapes.append(
                        text_box(
                            identity, f"Text {name}", text, one.x, one.y, one.width, high,
                            style=body_style(),
                        )
                    )  # fmt: skip
        self._finish(made, shapes, slide.notes, number)

    def _title(self, slide: Slide) -> str:
        """Title, portion mark and “2 of 3” in the title's placeholder."""
        small = slide.size < slides.HEADLINE
        look = Look(slide.size) if small else Look()
        content = run(slide.title, self.lang, look)
        for text in (slide.portion, slide.counted):
            if text:
                content += run(" ", self.lang, look)
                content += run(text, self.lang, PORTION if text == slide.portion else _SMALL)
        spacing = (
            f'<a:lnSpc><a:spcPts val="{round(slide.size * slides.HEADLINE_LINE * 100)}"/></a:lnSpc>'
        )
        words_of_title = paragraph(content, slide.title, self.lang, inner=spacing if small else "")
        y = TOP + (slides.ABOVE_HEIGHT if slide.above else 0)
        high = slide.top - slides.HEADLINE_GAP - y + 2
        where = theme.box(LEFT, y, BODY_WIDTH, high)
        usual = not slide.above and slide.top == theme.BODY_TOP
        return held(2, "Title", 'type="title"', words_of_title, "" if usual else where)

    def _figure(self, made: Any, figure: Figure, place: Shown, identity: int, layout: int) -> str:
        one = self.document.pictures[figure.picture]
        x, y, wide, high = place.x, place.y, place.width, place.height
        kind = ""
        if layout == theme.PICTURE:  # alone: as large as the slide lets it be
            wide, high = figure_size(one, BODY_WIDTH, BOTTOM - y - GAP)
            kind = f'type="pic" idx="{theme.PICTURE_INDEX}"'
        where = theme.box(x, y, wide, high)
        relation = self._image(made, one)
        return picture(identity, f"Picture {identity - 19}", figure.alt, relation, where, kind)

    def _finish(self, made: Any, shapes: list[str], notes: Sequence[Block], number: int) -> None:
        """Banners, footer and notes around what a slide shows."""
        one = self.document
        banner = self._banner()
        around = []
        if not one.approved:
            mark = line("DRAFT", self.lang, Look(150, _DRAFT, bold=True), align="ctr")
            around.append(
                text_box(
                    8, "Draft mark", mark, 180, 180, 600, 180, anchor="ctr", more=' rot="-2400000"'
                )
            )
        foot = f"{one.effort}, {one.label}, {one.state}"
        mark = f"sha256 {one.content_hash[:16]}"
        foot = line_of(foot, BODY_WIDTH - theme.NUMBER_WIDTH - 180, theme.FOOT_TEXT)[0]
        foot_words = line(
            f"{foot}\u2003{mark}", self.lang, Look(theme.FOOT_TEXT, theme.FAINT), inner=exactly(14)
        )
        # No placeholder: LibreOffice leaves a footer out where the master's shapes are hidden.
        footer = text_box(
            11, "Footer", foot_words, LEFT, theme.FOOT_TOP, BODY_WIDTH - theme.NUMBER_WIDTH - 8,
            theme.FOOT_HEIGHT, anchor="ctr",
        )  # fmt: skip
        inner = (
            "".join(around)
            + theme.bar(9, "Marking top", 0, self.ground, banner)
            + "".join(shapes)
            + theme.rule(10, "Footer rule", LEFT, theme.FOOT_TOP - 2, BODY_WIDTH, 0.75, theme.RULE)
            + footer
            + held(
                12, "Slide Number", f'type="sldNum" sz="quarter" idx="{theme.NUMBER_INDEX}"',
                theme.number_field(self.lang).replace("‹#›", str(number)),
            )
            + theme.bar(13, "Marking bottom", HEIGHT - theme.BAR, self.ground, banner)
        )  # fmt: skip
        xml = f"<p:cSld {NAMESPACES}>{theme.tree(inner)}</p:cSld>"
        made.element.replace(made.element.cSld, parse_xml(xml))
        made.element.set("showMasterSp", "0")
        self._notes(made, notes)

    def _notes(self, made: Any, notes: Sequence[Block]) -> None:
        """What the slide shows cut, whole, between the banners; tables as rows of text."""
        banner = line(self.document.marking.banner, self.lang, Look(bold=True))
        parts = [banner]
        for block in notes:
            if isinstance(block, Table):
                parts += [self._note(_row_words(row)) for row in block.rows]
            else:
                parts += [self._note(words(runs)) for runs in inlines([block])]
        if notes:
            parts.append(banner)
        body = made.notes_slide.notes_text_frame._txBody  # noqa: SLF001
        for old in list(body):
            if old.tag.endswith("}p"):
                body.remove(old)
        body.extend(list(parse_xml(f"<p:txBody {NAMESPACES}>{''.join(parts)}</p:txBody>")))

    def _note(self, text: str) -> str:
        return line(text, self.lang)

    # ---------- parts

    def _banner(self) -> str:
        """The paragraphs of a banner: one line, or two that are smaller."""
        banner = self.document.marking.banner
        size = theme.BANNER_TEXT
        if lines(banner, WIDTH - 20, size * 1.2) > 1:
            banner, size = line_of(banner, WIDTH - 20, 9, 2)[0], 9.0
        look = Look(size, theme.PAPER, bold=True, spacing=0.6)
        return line(banner, self.lang, look, align="ctr", inner=exactly(size * 1.2))

    def _link(self, made: Any, href: str) -> str:
        address = link_address(href)
        if not address:
            return ""
        relation: str = made.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return relation

    def _image(self, made: Any, one: Picture) -> str:
        _, relation = made.part.get_or_add_image_part(BytesIO(one.content))
        return str(relation)


def _row_words(row: Sequence[Cell]) -> str:
    """A row of a table as a line of text."""
    cells = []
    for cell in row:
        said = " / ".join(words(runs) for runs in inlines(cell.blocks))
        cells.append(said)
    return " | ".join(cells)


def _put(element: Any, xml: str) -> None:
    """Let ``element`` be what the root of ``xml`` is."""
    made = parse_xml(xml)
    for child in list(element):
        element.remove(child)
    for name in list(element.attrib):
        del element.attrib[name]
    for name, value in made.attrib.items():
        element.set(name, value)
    element.extend(list(made))
