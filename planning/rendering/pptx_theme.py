"""Theme, master and layouts of a PowerPoint file, as PresentationML. Lengths are points.

The master shows the banners for slides that a person adds; the slides that are written here carry
their own, so that a slide that is copied into another file keeps its marking.
"""

from __future__ import annotations

from planning.rendering.pptx_words import NAMESPACES, emu, fill, hundredths
from planning.rendering.slides import (
    BODY_WIDTH,
    BOTTOM,
    HEADLINE,
    HEADLINE_LINE,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
)
from planning.rendering.slides_size import GAP, INDENT, LINE, TEXT

BAR = 24.5  # the height of a banner
FOOT_TOP, FOOT_HEIGHT = 478.0, 22.0
FOOT_TEXT, BANNER_TEXT = 11.0, 13.0
NUMBER_WIDTH = 100.0
LEVELS = 9
INK, PAPER, SOFT, FAINT, RULE, LINK = "tx1", "bg1", "tx2", "5D5D52", "CAC9C0", "005EA2"
EAST, COMPLEX = "Noto Sans CJK SC", "Noto Naskh Arabic"
TITLE_SLIDE, CONTENT, TABLE, PICTURE, TITLE_ONLY = range(5)
LAYOUTS = (
    "Title Slide", "Title and Content", "Title and Table", "Title and Picture", "Title Only",
)  # fmt: skip
# The numbers by which a slide's placeholder finds its layout's.
BODY_INDEX, TABLE_INDEX, PICTURE_INDEX, FOOT_INDEX, NUMBER_INDEX = 1, 13, 14, 11, 12
_TYPES = ('type="title"', 'type="obj"', 'type="tbl"', 'userDrawn="1"', 'type="titleOnly"')
BODY_TOP = TOP + HEADLINE * HEADLINE_LINE + 18
_BULLETS = "•–▪–•–▪–•"


def theme(ink: str) -> bytes:
    """The theme: typefaces for each script, colors. ``ink`` is the titles' color."""
    colors = (
        ("dk1", "171716"), ("lt1", "FFFFFF"), ("dk2", "454540"), ("lt2", "F1F0EA"),
        ("accent1", ink), ("accent2", "005EA2"), ("accent3", "A72F10"), ("accent4", "216E1F"),
        ("accent5", "8A6100"), ("accent6", "5D5D52"), ("hlink", LINK), ("folHlink", "54278F"),
    )  # fmt: skip

    def face(name: str, latin: str) -> str:
        return (
            f'<a:{name}><a:latin typeface="{latin}"/><a:ea typeface="{EAST}"/>'
            f'<a:cs typeface="{COMPLEX}"/></a:{name}>'
        )

    flat = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    edge = "".join(f'<a:ln w="{w}">{flat}</a:ln>' for w in (6350, 12700, 19050))
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    scheme = "".join(f'<a:{n}><a:srgbClr val="{c}"/></a:{n}>' for n, c in colors)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="MAPRO">'
        f'<a:themeElements><a:clrScheme name="MAPRO">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="MAPRO">{face("majorFont", "Georgia")}{face("minorFont", "Arial")}'
        f'</a:fontScheme><a:fmtScheme name="MAPRO"><a:fillStyleLst>{flat * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{edge}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{flat * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements>"
        "</a:theme>"
    ).encode()


def box(x: float, y: float, width: float, height: float) -> str:
    """A place on the slide."""
    return (
        f'<a:xfrm><a:off x="{emu(x)}" y="{emu(y)}"/>'
        f'<a:ext cx="{emu(width)}" cy="{emu(height)}"/></a:xfrm>'
    )


def body_properties(anchor: str = "t") -> str:
    """Words that begin at the very edge of their box and never shrink."""
    return (
        f'<a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
    )


def bar(identity: int, name: str, top: float, ground: str, words: str) -> str:
    """A banner over the whole width. ``words`` are its paragraphs."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="{name}"/><p:cNvSpPr/><p:nvPr '
        f'userDrawn="1"/></p:nvSpPr><p:spPr>{box(0, top, WIDTH, BAR)}<a:prstGeom prst="rect">'
        f"<a:avLst/></a:prstGeom>{fill(ground)}<a:ln><a:noFill/></a:ln></p:spPr>"
        f"<p:txBody>{body_properties('ctr')}<a:lstStyle/>{words}</p:txBody></p:sp>"
    )


def rule(
    identity: int, name: str, x: float, y: float, width: float, thick: float, color: str
) -> str:
    """A line across."""
    return (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{identity}" name="{name}">'
        '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
        'val="1"/></a:ext></a:extLst></p:cNvPr><p:cNvCxnSpPr/><p:nvPr '
        f'userDrawn="1"/></p:nvCxnSpPr><p:spPr>{box(x, y, width, 0)}<a:prstGeom prst="line">'
        f'<a:avLst/></a:prstGeom><a:ln w="{emu(thick)}">{fill(color)}</a:ln></p:spPr></p:cxnSp>'
    )


def tree(shapes: str) -> str:
    """What holds the shapes of a slide, layout or master."""
    return (
        '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        '<p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
        f'<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>{shapes}</p:spTree>'
    )


def placeholder(
    identity: int, name: str, kind: str, where: str, prompt: str, style: str = "", anchor: str = "t"
) -> str:
    """A placeholder of the master or a layout."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="{name}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{where}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody>{body_properties(anchor)}<a:lstStyle>{style}</a:lstStyle>{prompt}</p:txBody>"
        "</p:sp>"
    )


def number_field(lang: str) -> str:
    """“Slide 4”: the number is a field."""
    return (
        f'<a:p><a:r><a:rPr lang="{lang}"/><a:t>Slide </a:t></a:r>'
        '<a:fld id="{5B7B1E1A-6E0D-4C52-9C11-3A5D6C1F2E01}" type="slidenum">'
        f'<a:rPr lang="{lang}"/><a:t>‹#›</a:t></a:fld></a:p>'
    )


def _said(words: str) -> str:
    return f'<a:p><a:r><a:rPr lang="en-US"/><a:t>{words}</a:t></a:r></a:p>'


def _title_box() -> str:
    return box(LEFT, TOP, BODY_WIDTH, HEADLINE * HEADLINE_LINE + 2)


def _body_box() -> str:
    return box(LEFT, BODY_TOP, BODY_WIDTH, BOTTOM - BODY_TOP)


def _foot(lang: str) -> str:
    """The footer's placeholders."""
    small = (
        f'<a:lvl1pPr algn="{{}}"><a:defRPr sz="{hundredths(FOOT_TEXT)}">{fill(FAINT)}'
        "</a:defRPr></a:lvl1pPr>"
    )
    wide = BODY_WIDTH - NUMBER_WIDTH - 8
    return placeholder(
        5, "Footer", f'type="ftr" sz="quarter" idx="{FOOT_INDEX}"',
        box(LEFT, FOOT_TOP, wide, FOOT_HEIGHT), '<a:p><a:endParaRPr lang="en-US"/></a:p>',
        small.format("l"), "ctr",
    ) + placeholder(
        6, "Slide Number", f'type="sldNum" sz="quarter" idx="{NUMBER_INDEX}"',
        box(LEFT + BODY_WIDTH - NUMBER_WIDTH, FOOT_TOP, NUMBER_WIDTH, FOOT_HEIGHT),
        number_field(lang), small.format("r"), "ctr",
    )  # fmt: skip


def master(ground: str, banner: str, lang: str) -> str:
    """The master's common slide data, color map and text styles, in one root.

    ``banner`` are the paragraphs of the marking.
    """
    shapes = (
        bar(2, "Marking top", 0, ground, banner)
        + placeholder(3, "Title", 'type="title"', _title_box(), _said("Title"))
        + placeholder(4, "Body", f'type="body" idx="{BODY_INDEX}"', _body_box(), _said("Text"))
        + rule(8, "Footer rule", LEFT, FOOT_TOP - 2, BODY_WIDTH, 0.75, RULE)
        + _foot(lang)
        + bar(7, "Marking bottom", HEIGHT - BAR, ground, banner)
    )
    levels = "".join(
        f'<a:lvl{n + 1}pPr marL="{emu(INDENT * (n + 1))}" indent="{-emu(INDENT)}" algn="l" '
        f'defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1">'
        f'<a:lnSpc><a:spcPts val="{hundredths(LINE)}"/></a:lnSpc><a:spcBef><a:spcPts val="0"/>'
        f'</a:spcBef><a:spcAft><a:spcPts val="{hundredths(GAP)}"/></a:spcAft>'
        f'<a:buFont typeface="Arial"/><a:buChar char="{_BULLETS[n]}"/>'
        f'<a:defRPr sz="{hundredths(TEXT)}" kern="1200">{fill(INK)}<a:latin typeface="+mn-lt"/>'
        f'<a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr></a:lvl{n + 1}pPr>'
        for n in range(LEVELS)
    )
    return (
        f"<p:sldMaster {NAMESPACES}><p:cSld><p:bg><p:bgPr>{fill(PAPER)}<a:effectLst/></p:bgPr>"
        f"</p:bg>{tree(shapes)}</p:cSld>"
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" '
        'accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
        'folHlink="folHlink"/><p:txStyles><p:titleStyle><a:lvl1pPr algn="l" defTabSz="914400" '
        'rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1">'
        f'<a:lnSpc><a:spcPts val="{hundredths(HEADLINE * HEADLINE_LINE)}"/></a:lnSpc>'
        '<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{hundredths(HEADLINE)}" kern="1200">{fill("accent1")}'
        '<a:latin typeface="+mj-lt"/><a:ea typeface="+mj-ea"/><a:cs typeface="+mj-cs"/></a:defRPr>'
        f"</a:lvl1pPr></p:titleStyle><p:bodyStyle>{levels}</p:bodyStyle><p:otherStyle>"
        f'<a:defPPr><a:defRPr lang="{lang}"/></a:defPPr></p:otherStyle></p:txStyles></p:sldMaster>'
    )


def layout(number: int, lang: str) -> str:
    """One of ``LAYOUTS``."""
    title = placeholder(2, "Title", 'type="title"', _title_box(), _said("Title"))
    foot = _foot(lang)
    none = '<a:lvl1pPr marL="0" indent="0"><a:buNone/></a:lvl1pPr>'
    body = {
        TITLE_SLIDE: placeholder(
            3, "Subtitle", f'type="subTitle" idx="{BODY_INDEX}"', box(LEFT, 260, BODY_WIDTH, 30),
            _said("Subtitle"),
            f'<a:lvl1pPr marL="0" indent="0"><a:buNone/><a:defRPr sz="2000">{fill(SOFT)}'
            "</a:defRPr></a:lvl1pPr>",
        ),
        CONTENT: placeholder(3, "Content", f'idx="{BODY_INDEX}"', _body_box(), _said("Text")),
        TABLE: placeholder(
            3, "Table", f'type="tbl" idx="{TABLE_INDEX}"', _body_box(), _said("Table"), none
        ),
        PICTURE: placeholder(
            3, "Picture", f'type="pic" idx="{PICTURE_INDEX}"', _body_box(), _said("Picture"), none
        ),
        TITLE_ONLY: "",
    }[number]  # fmt: skip
    if number == TITLE_SLIDE:
        title = placeholder(
            2, "Title", 'type="ctrTitle"', box(LEFT, 140, 756, 100), _said("Title"),
            '<a:lvl1pPr><a:lnSpc><a:spcPts val="4640"/></a:lnSpc><a:defRPr sz="4000"/></a:lvl1pPr>',
        )  # fmt: skip
    return (
        f'<p:sldLayout {NAMESPACES} {_TYPES[number]} preserve="1"><p:cSld name="{LAYOUTS[number]}">'
        f"{tree(title + body + foot)}</p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>"
        "</p:sldLayout>"
    )
