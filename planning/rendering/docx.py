"""Document to a Word file (.docx) that a person may go on writing in.

The package, pictures and properties are python-docx's; text, styles, numbering and footnotes are
written as WordprocessingML, because python-docx knows neither footnotes nor numbering. Nothing is
fetched, and the same Document gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Inches

from planning.products.document import Annex, Document, DocumentSection
from planning.rendering import bounds, docx_styles
from planning.rendering.base import RenderedFile, bounded
from planning.rendering.docx_blocks import GAP, Place, Writer
from planning.rendering.docx_styles import TEXT_WIDTH
from planning.rendering.docx_words import (
    NAMESPACES,
    line,
    paragraph,
    right_to_left,
    run,
)
from planning.rendering.office import describe, hex_color, repacked

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNTOLD = ' w:dirty="true"'  # Word works such a field out when it opens the file
SEAL_HEIGHT = 567_000  # EMU, 0.62 inch
PAGE_BREAK = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'
# What python-docx's own template holds besides a text: a preview of an empty page, old styles.
_UNUSED = ("/thumbnail", "/customXml", "/stylesWithEffects")
_WATERMARK = (
    '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" '
    'coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
    '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
    'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" '
    'alt="Draft" style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:150pt;'
    "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
    "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#e4e3dc" stroked="f">'
    '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" '
    'string="DRAFT"/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
)


def render(document: Document) -> RenderedFile:
    """The Word file of a Document. Its pages are 0: Word alone can tell them.

    Raises RenderError when the document is beyond a bound, ValueError unless its colors are
    #rrggbb.
    """
    with bounded():
        bounds.check([document], "Word")
        return RenderedFile(MEDIA_TYPE, _File(document).content(), 0)


class _File:
    """One file while it is made."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = docx.Document()
        self.writer = Writer(self.file.part, document.pictures)
        self.numbered = document.layout != "briefing"

    def content(self) -> bytes:
        """The bytes of the file."""
        one = self.document
        self._strip()
        body = {"document": self._long, "briefing": self._long, "statement": self._statement}.get(
            one.layout, self._memorandum
        )()
        self._put(
            self.file.styles.element,
            docx_styles.styles(
                one.language, hex_color(one.marking.ground), hex_color(one.letterhead.ink),
                dense=one.layout == "one_page", centered=one.layout == "statement",
            ),
        )  # fmt: skip
        self._put(self.file.part.numbering_part.element, docx_styles.numbering(self.writer.lists))
        notes = bool(self.writer.footnotes.notes)
        self._put(self.file.settings.element, docx_styles.settings(one.language, notes=notes))
        self.writer.footnotes.attach(self.file.part)
        self._body(body)
        self._margins()
        describe(self.file.core_properties, self.document)
        out = BytesIO()
        self.file.save(out)
        return repacked(out.getvalue(), one.created_at)

    # ---------- layouts

    def _memorandum(self) -> str:
        one = self.document
        title = one.subject if one.layout == "one_page" else one.title
        return (
            self._banner()
            + self._letterhead()
            + self._designation("right")
            + line("Title", title)
            + self._address()
            + self._sections()
            + self._banner()
        )

    def _long(self) -> str:
        """A title page, the contents unless it is a briefing, then the text."""
        one = self.document
        title = one.title if self.numbered else one.subject
        return (
            self._banner()
            + self._letterhead()
            + line("Title", title)
            + line("Subtitle", f"{one.effort}, {one.label}, {one.state}")
            + self._address()
            + self._designation("left")
            + PAGE_BREAK
            + (self._contents() if self.numbered else "")
            + self._sections()
            + self._banner()
        )

    def _statement(self) -> str:
        one = self.document
        return (
            self._banner()
            + self._letterhead()
            + line("Title", one.title)
            + line("Subtitle", one.effort)
            + self._address()
            + self._sections()
            + self._designation("left")
            + self._banner()
        )

    # ---------- parts

    def _banner(self) -> str:
        """The marking in the text, for readers that skip the page margins."""
        return line("Marking", self.document.marking.banner)

    def _letterhead(self) -> str:
        """Whose paper it is: the seal, the lines, and which paper at the right."""
        one = self.document
        seal = one.pictures.get(one.letterhead.seal)
        drawn = self.writer.drawing(seal, "Seal", TEXT_WIDTH * 127, SEAL_HEIGHT) if seal else ""
        first, *others = one.heading_lines
        lines = paragraph(
            "Letterhead", run(first, "<w:caps/>", bidi=right_to_left(first)),
            bidi=right_to_left(first),
        )  # fmt: skip
        lines += "".join(line("Letterhead", other) for other in others)
        cells = [(5760, lines), (3600, line("LetterheadLabel", one.label))]
        if drawn:
            cells = [(1080, paragraph("Letterhead", drawn)), (4980, lines), (3300, cells[1][1])]
        ink = hex_color(one.letterhead.ink)
        edge = f'<w:bottom w:val="single" w:sz="16" w:space="0" w:color="{ink}"/>'
        return _table([[cell for _, cell in cells]], [w for w, _ in cells], edge) + GAP

    def _designation(self, align: str) -> str:
        rows = [
            [line("DesignationLabel", name), line("Designation", value)]
            for name, value in self.document.designation
        ]
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="{docx_styles.INK}"/>'
            for side in ("top", "left", "bottom", "right")
        )
        return _table(rows, [1300, 3300], edges, align, 100) + GAP if rows else ""

    def _address(self) -> str:
        rows = [
            [line("AddressLabel", name), line("Address", value)]
            for name, value in self.document.header
        ]
        return _table(rows, [1900, TEXT_WIDTH - 1900]) + GAP if rows else ""

    def _contents(self) -> str:
        """Word's own table of contents, already filled, so that it serves before it is updated.

        The page numbers are fields that the program fills in; only it knows them.
        """
        titles = [(s.depth, self._heading_words(s)) for s in self.document.sections]
        titles += [(1, (annex.title, "")) for annex in self.document.annexes]
        entries = [(n, d, words) for n, (d, words) in enumerate(titles, start=1) if d <= 3]
        if not entries:
            return ""
        parts = []
        for place, (number, depth, (title, portion)) in enumerate(entries):
            words = f"{title} {portion}".strip()
            mark = _bookmark(number)
            before = _field(r"TOC \o &quot;1-3&quot; \h \z")[0] if not place else ""
            after = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if place == len(
                entries
            ) - 1 else ""  # fmt: skip
            bidi = right_to_left(words)
            page = "".join(_field(rf"PAGEREF {mark} \h", _UNTOLD))
            parts.append(
                paragraph(
                    f"TOC{depth}",
                    f'{before}<w:hyperlink w:anchor="{mark}" w:history="1">{run(words, bidi=bidi)}'
                    f"<w:r><w:tab/></w:r>{page}</w:hyperlink>{after}",
                    # Dots that lead to no number yet would look like a fault.
                    tabs=f'<w:tab w:val="right" w:pos="{TEXT_WIDTH}"/>', bidi=bidi,
                )
            )  # fmt: skip
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            f"<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>"
            f"{line('TOCHeading', 'Contents')}{''.join(parts)}</w:sdtContent></w:sdt>{PAGE_BREAK}"
        )

    def _sections(self) -> str:
        """Every section, then every annex."""
        one = self.document
        parts = [self._section(s, n) for n, s in enumerate(one.sections, start=1)]
        parts += [self._annex(a, n) for n, a in enumerate(one.annexes, start=len(one.sections) + 1)]
        return "".join(parts)

    def _heading_words(self, section: DocumentSection) -> tuple[str, str]:
        number = f"{section.number}. " if self.numbered and section.number else ""
        return f"{number}{section.title}", section.portion

    def _section(self, section: DocumentSection, number: int) -> str:
        level = min(max(section.depth, 1), docx_styles.LEVELS)
        place = Place(style="EmptyText" if section.empty else "Normal", level=level)
        return _heading(level, *self._heading_words(section), number) + self.writer.blocks(
            section.blocks, place, section.portion
        )

    def _annex(self, annex: Annex, number: int) -> str:
        return _heading(1, annex.title, "", number) + self.writer.blocks(annex.blocks, Place())

    # ---------- the file

    def _strip(self) -> None:
        """Take out of python-docx's template what no text of ours uses."""
        for relations in (self.file.part.package.rels, self.file.part.rels):
            for identity, relation in list(relations.items()):
                if relation.reltype.endswith(_UNUSED):
                    del relations[identity]

    def _put(self, element: Any, xml: str) -> None:
        """Let ``element`` hold what the root of ``xml`` holds."""
        for child in list(element):
            element.remove(child)
        element.extend(list(parse_xml(xml)))

    def _body(self, xml: str) -> None:
        body = self.file.element.body
        last = body.sectPr
        for child in list(body):
            body.remove(child)
        body.extend(list(parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>")))
        body.append(last)

    def _margins(self) -> None:
        """Letter paper; the marking at the top and the bottom of each page."""
        one = self.document
        paper = self.file.sections[0]
        paper.page_width, paper.page_height = Inches(8.5), Inches(11)
        paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = Inches(1)
        paper.header_distance = paper.footer_distance = Inches(0.42)
        paper.gutter = 0
        words = one.marking.banner
        bidi = right_to_left(words)
        banner = run(words, bidi=bidi)
        top = paragraph("Banner", banner + ("" if one.approved else _WATERMARK), bidi=bidi)
        foot = f"{one.effort}, {one.label}, {one.state}"
        # Effort and label may be in another script; the line itself keeps its two ends.
        pages = f"{run('Page ')}{_number('PAGE')}{run(' of ')}{_number('NUMPAGES')}"
        bottom = (
            paragraph("Footer", f"{run(foot)}<w:r><w:tab/></w:r>{pages}")
            + line("Footer", f"sha256 {one.content_hash[:16]}")
            + paragraph("Banner", banner, bidi=bidi)
        )
        for where, xml in ((paper.header, top), (paper.footer, bottom)):
            where.is_linked_to_previous = False
            self._put(where.part.element, f"<w:hdr {NAMESPACES}>{xml}</w:hdr>")


def _heading(level: int, title: str, portion: str, number: int) -> str:
    """A heading that the contents can lead to."""
    bidi = right_to_left(title)
    mark = run(" ") + run(portion, style="Portion") if portion else ""
    return paragraph(
        f"Heading{level}",
        f'<w:bookmarkStart w:id="{number}" w:name="{_bookmark(number)}"/>{run(title, bidi=bidi)}'
        f'{mark}<w:bookmarkEnd w:id="{number}"/>',
        bidi=bidi,
    )


def _bookmark(number: int) -> str:
    return f"_Toc{number:09d}"


def _field(instruction: str, more: str = "") -> tuple[str, str]:
    """The beginning of a field up to its result, and its end."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{more}/></w:r><w:r><w:instrText xml:space="preserve"> '
        f'{instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )


def _number(name: str) -> str:
    begin, end = _field(name)
    return f"{begin}{run('1')}{end}"


def _table(
    rows: list[list[str]], widths: list[int], edges: str = "", align: str = "", side: int = 0
) -> str:
    """A table that only sets words in their places: no header, no lines but ``edges``."""
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/><w:vAlign w:val="top"/></w:tcPr>{c}</w:tc>'
            for w, c in zip(widths, row, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        + (f'<w:jc w:val="{align}"/>' if align else "")
        + (f"<w:tblBorders>{edges}</w:tblBorders>" if edges else "")
        + '<w:tblLayout w:type="fixed"/>'
        + (
            f'<w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/>'
            "</w:tblCellMar>"
            if side
            else ""
        )
        + '<w:tblLook w:val="0600" w:firstRow="0" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{body}</w:tbl>"
    )
