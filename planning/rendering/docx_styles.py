"""The style sheet, the numbering and the settings of a Word file, as WordprocessingML.

All that a person may change in Word's styles pane is a style here; nothing is set by hand in the
text. Sizes are half points, lengths twips (1/1440 inch).
"""

from __future__ import annotations

from planning.rendering import docx_footnotes
from planning.rendering.docx_words import NAMESPACES, attribute

LEVELS = 4  # of lists and headings
STEP = 400  # how far each level of a list is set in
TEXT_WIDTH = 9360  # 6.5 inches
BULLETS, NUMBERS = 1, 2  # identities: the list of all bullets, the first list of numbers
_BULLETS = "•–▪–"
_EAST, _COMPLEX = "Noto Sans CJK SC", "Noto Naskh Arabic"
SERIF = f'<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="{_EAST}" w:cs="{_COMPLEX}"/>'
SANS = f'<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="{_EAST}" w:cs="{_COMPLEX}"/>'
INK, SOFT, FAINT, RULE, LINK = "171716", "454540", "5D5D52", "CAC9C0", "005EA2"
_BOLD = "<w:b/><w:bCs/>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _color(color: str) -> str:
    return f'<w:color w:val="{color}"/>'


def _gaps(before: int, after: int, line: int = 0) -> str:
    high = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="{after}"{high}/>'


def _in(left: int, hanging: int = 0) -> str:
    return f'<w:ind w:left="{left}"' + (f' w:hanging="{hanging}"/>' if hanging else "/>")


def _edge(side: str, size: int, color: str, space: int = 4) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def _style(
    identity: str, name: str, paragraph: str = "", run: str = "", *, based: str = "Normal",
    kind: str = "paragraph", after: str = "", main: bool = True,
) -> str:  # fmt: skip
    """One style. ``after`` is the style of the next paragraph; ``main`` shows it in the gallery."""
    own = "" if name[0].islower() or name in _BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="{kind}"{own} w:styleId="{identity}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + (f'<w:next w:val="{after}"/>' if after else "")
        + '<w:uiPriority w:val="9"/>'
        + ("<w:qFormat/>" if main else "")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


_BUILT_IN = frozenset(
    "Normal,Default Paragraph Font,Title,Subtitle,Quote,Hyperlink,List Bullet,List Number,List Continue,TOC Heading,"
    "List Bullet 2,List Bullet 3,List Bullet 4,List Number 2,List Number 3,List Number 4,"
    "List Continue 2,List Continue 3,List Continue 4".split(",")
)
_HEADINGS = ((24, 280, 80, INK), (21, 220, 60, INK), (19, 180, 40, SOFT), (18, 160, 40, SOFT))


def styles(language: str, ground: str, ink: str, *, dense: bool, centered: bool) -> str:
    """The style sheet. Colors are six hex digits; ``centered`` sets the title in the middle."""
    size = 18 if dense else 20
    after = 80 if dense else 120
    title = _gaps(240, 120) + ('<w:jc w:val="center"/>' if centered else "")
    parts = [
        _style(
            "Normal", "Normal", f"<w:widowControl/>{_gaps(0, after, 264 if dense else 288)}",
            SERIF + _color(INK) + _size(size), based="",
        ).replace("<w:style ", '<w:style w:default="1" '),
        _style("Title", "Title", f"<w:keepNext/>{title}", SERIF + _color(ink) + _size(40),
               after="Normal"),
        _style("Subtitle", "Subtitle", title.replace("240", "0"), SANS + _color(SOFT) + _size(22),
               after="Normal"),
        _style("Letterhead", "Letterhead", _gaps(0, 0), SANS + _BOLD + _color(ink) + _size(17)),
        _style("LetterheadLabel", "Letterhead Label", f'{_gaps(0, 0)}<w:jc w:val="right"/>',
               SANS + _color(FAINT) + _size(17)),
        _style("Marking", "Marking",
               f"<w:pBdr>{_edge('top', 4, RULE)}{_edge('bottom', 4, RULE)}</w:pBdr>"
               f'{_gaps(120, 160)}<w:jc w:val="center"/>',
               f'{SANS}{_BOLD}{_color(ground)}<w:spacing w:val="10"/>{_size(19)}'),
        _style("Address", "Address", _gaps(30, 30), SANS + _size(18)),
        _style("AddressLabel", "Address Label", "", _color(FAINT), based="Address"),
        _style("Designation", "Designation", _gaps(0, 10), SANS + _size(15)),
        _style("DesignationLabel", "Designation Label", "", _color(FAINT), based="Designation"),
        _style("EmptyText", "Empty Text", "", f"<w:i/><w:iCs/>{_color(FAINT)}"),
        _style("TableText", "Table Text", _gaps(20, 20, 252), SANS + _size(17)),
        _style("TableHeading", "Table Heading", "<w:keepNext/>", _BOLD, based="TableText"),
        _style("Gap", "Gap", '<w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/>',
               _size(4), main=False),
        _style("Picture", "Picture", _gaps(80, 120), ""),
        _style("Quote", "Quote", f"<w:pBdr>{_edge('left', 12, RULE, 8)}</w:pBdr>{_in(300)}", ""),
        _style("Caption", "caption", "", f"{SANS}<w:i/><w:iCs/>{_color(SOFT)}{_size(17)}"),
        _style("FootnoteText", "footnote text", _gaps(0, 40, 240), SANS + _size(16)),
        _style("Header", "header", _gaps(0, 0), SANS + _size(16), main=False),
        _style("Footer", "footer",
               f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>{_gaps(0, 0)}',
               SANS + _color(FAINT) + _size(15), main=False),
        _style("Banner", "Banner", f'{_gaps(0, 0)}<w:jc w:val="center"/>',
               f'{SANS}{_BOLD}{_color(ground)}<w:spacing w:val="10"/>{_size(19)}', main=False),
        _style("TOCHeading", "TOC Heading", f"<w:keepNext/>{_gaps(0, 160)}",
               SANS + _BOLD + _size(26)),
        _style("DefaultParagraphFont", "Default Paragraph Font", based="", kind="character",
               main=False).replace("<w:style ", '<w:style w:default="1" '),
        _style("FootnoteReference", "footnote reference", "", '<w:vertAlign w:val="superscript"/>',
               based="DefaultParagraphFont", kind="character", main=False),
        _style("Hyperlink", "Hyperlink", "", f'{_color(LINK)}<w:u w:val="single"/>',
               based="DefaultParagraphFont", kind="character", main=False),
        _style("Portion", "Portion", "", SANS + _BOLD + _color(SOFT),
               based="DefaultParagraphFont", kind="character", main=False),
        *_headings(),
        *_lists(after // 2),
        *_tables(),
    ]  # fmt: skip
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{SERIF}{_size(size)}"
        f'<w:lang w:val="{attribute(language)}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" '
        'w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>'
    )
    return f"<w:styles {NAMESPACES}>{defaults}{''.join(parts)}</w:styles>"


def _headings() -> list[str]:
    """The section headings, headings inside the text (which no contents list), the contents."""
    parts = []
    for level, (size, before, after, color) in enumerate(_HEADINGS, start=1):
        parts.append(
            _style(
                f"Heading{level}", f"heading {level}",
                f"<w:keepNext/><w:keepLines/>{_gaps(before, after)}"
                f'<w:outlineLvl w:val="{level - 1}"/>',
                SANS + _BOLD + _color(color) + _size(size), after="Normal",
            )
        )  # fmt: skip
        if level > 1:
            parts.append(
                _style(
                    f"TextHeading{level}", f"Text Heading {level}", _gaps(140, 40),
                    _color(INK) + _size(19), based=f"Heading{level}", after="Normal",
                )
            )  # fmt: skip
    for level in range(1, 4):
        parts.append(
            _style(
                f"TOC{level}", f"toc {level}",
                f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
                f"{_gaps(80 if level == 1 else 0, 40)}"
                f'<w:ind w:left="{300 * (level - 1)}" w:right="720"/>',
                SANS + (_BOLD if level == 1 else "") + _size(18), main=False,
            )
        )  # fmt: skip
    return parts


def _lists(gap: int) -> list[str]:
    parts = []
    for kind, number in (("Bullet", BULLETS), ("Number", NUMBERS), ("Continue", 0)):
        for level in range(1, LEVELS + 1):
            numbered = (
                f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{number}"/></w:numPr>'
                if number
                else ""
            )
            suffix = f" {level}" if level > 1 else ""
            place = _in(STEP * level, 0 if kind == "Continue" else STEP)
            parts.append(
                _style(
                    f"List{kind}{suffix.strip()}", f"List {kind}{suffix}",
                    f"{numbered}{_gaps(0, gap)}{place}",
                )
            )  # fmt: skip
    return parts


def _tables() -> list[str]:
    """Hairlines between rows; a bold header row over a dark line."""
    margins = (
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="{0}" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="{1}" w:type="dxa"/></w:tblCellMar>'
    )
    plain = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{margins.format(0, 115)}</w:tblPr></w:style>'
    )
    data = (
        '<w:style w:type="table" w:customStyle="1" w:styleId="DataTable">'
        '<w:name w:val="Data Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
        "<w:qFormat/><w:tblPr><w:tblBorders>"
        f"{_edge('top', 4, RULE, 0)}{_edge('bottom', 4, RULE, 0)}{_edge('insideH', 4, RULE, 0)}"
        f"</w:tblBorders>{margins.format(60, 115)}</w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr><w:tcBorders>'
        f"{_edge('bottom', 8, INK, 0)}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    )
    return [plain, data]


def numbering(lists: list[tuple[int, int]]) -> str:
    """The numbering: bullets, numbers, and for each list its level from 0 and its first number.

    The first of ``lists`` has the identity ``NUMBERS`` + 1, and so on.
    """

    def level(place: int, kind: str, sign: str) -> str:
        return (
            f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
            f"<w:pPr>{_in(STEP * (place + 1), STEP)}</w:pPr></w:lvl>"
        )

    bullets = "".join(level(n, "bullet", _BULLETS[n % len(_BULLETS)]) for n in range(9))
    numbers = "".join(level(n, "decimal", f"%{n + 1}.") for n in range(9))
    own = "".join(
        f'<w:num w:numId="{identity}"><w:abstractNumId w:val="1"/>'
        f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{max(start, 0)}"/>'
        "</w:lvlOverride></w:num>"
        for identity, (place, start) in enumerate(lists, start=NUMBERS + 1)
    )
    return (
        f"<w:numbering {NAMESPACES}>"
        f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{bullets}'
        "</w:abstractNum>"
        f'<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{numbers}'
        "</w:abstractNum>"
        f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="{NUMBERS}"><w:abstractNumId w:val="1"/></w:num>{own}</w:numbering>'
    )


def settings(language: str, *, notes: bool) -> str:
    """The settings: the present compatibility mode, so that Word opens it as its own."""
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        + (docx_footnotes.settings() if notes else "")
        + '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{attribute(language)}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" '
        'w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" '
        'w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" '
        'w:followedHyperlink="followedHyperlink"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/></w:settings>'
    )
