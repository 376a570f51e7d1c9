"""Words as DrawingML: runs and paragraphs. Sizes are points."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape as xml_escape

from planning.products.blocks import Inline, Run, right_to_left
from planning.rendering.office import printable

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{address}"'
    for prefix, address in (
        ("a", "drawingml/2006/main"),
        ("p", "presentationml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
    )
)
Link = Callable[[str], str]
_MARKS = (
    ("strong", ' b="1"'), ("em", ' i="1"'), ("u", ' u="sng"'), ("s", ' strike="sngStrike"'),
)  # fmt: skip
_LANGUAGES = {"en": "en-US", "fr": "fr-FR", "es": "es-ES", "ar": "ar-SA", "zh": "zh-CN"}


def emu(points: float) -> int:
    """Points in the unit of the file."""
    return round(points * 12_700)


def hundredths(points: float) -> int:
    """Points in the unit of type sizes."""
    return round(points * 100)


def language(code: str) -> str:
    """A language as PowerPoint names it, “en-US” where the code is none."""
    if code in _LANGUAGES:
        return _LANGUAGES[code]
    return code if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else "en-US"


def fill(color: str) -> str:
    """A color: six hex digits, or the name of one of the theme's."""
    if re.fullmatch(r"[0-9A-F]{6}", color):
        return f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    return f'<a:solidFill><a:schemeClr val="{color}"/></a:solidFill>'


class Look:
    """How runs look: attributes and what stands in their properties. Empty is the style's own."""

    def __init__(
        self, size: float = 0, color: str = "", *, bold: bool = False, italic: bool = False,
        face: str = "", spacing: float = 0,
    ) -> None:  # fmt: skip
        self.attributes = (
            (f' sz="{hundredths(size)}"' if size else "")
            + (f' spc="{hundredths(spacing)}"' if spacing else "")
        )  # fmt: skip
        self.bold, self.italic = bold, italic
        self.inner = (fill(color) if color else "") + (
            f'<a:latin typeface="{face}"/><a:ea typeface="{face.replace("lt", "ea")}"/>'
            f'<a:cs typeface="{face.replace("lt", "cs")}"/>'
            if face
            else ""
        )


PLAIN = Look()


def run(text: str, lang: str, look: Look = PLAIN, more: str = "", link: str = "") -> str:
    """Runs of ``text``; a line end is a break. ``more`` are attributes, ``link`` a relation."""
    attributes = look.attributes + more
    if look.bold and " b=" not in more:
        attributes += ' b="1"'
    if look.italic and " i=" not in more:
        attributes += ' i="1"'
    inner = look.inner + (f'<a:hlinkClick r:id="{link}"/>' if link else "")
    properties = f'lang="{lang}"{attributes} dirty="0"'
    parts = []
    for place, line in enumerate(printable(text).split("\n")):
        if place:
            parts.append(f"<a:br><a:rPr {properties}>{look.inner}</a:rPr></a:br>")
        if line:
            parts.append(
                f"<a:r><a:rPr {properties}>{inner}</a:rPr><a:t>{xml_escape(line)}</a:t></a:r>"
            )
    return "".join(parts)


def inline(runs: Inline, lang: str, link: Link, look: Look = PLAIN) -> str:
    """The runs of a paragraph. ``link`` gives the relation of an address, or “”."""
    return "".join(_run(one, lang, link, look) for one in runs)


def _run(one: Run, lang: str, link: Link, look: Look) -> str:
    if one.note:
        return run(str(one.number), lang, look, ' baseline="30000"')
    more = "".join(xml for mark, xml in _MARKS if mark in one.marks)
    if "sup" in one.marks:
        more += ' baseline="30000"'
    elif "sub" in one.marks:
        more += ' baseline="-25000"'
    return run(one.text, lang, look, more, link(one.href) if one.href else "")


def paragraph(
    content: str, said: str, lang: str, *, attributes: str = "", inner: str = "", align: str = ""
) -> str:
    """A paragraph. ``said`` are its words: they tell its direction. ``align`` is for left to right."""
    if right_to_left(said):
        attributes += ' algn="r" rtl="1"' if align != "ctr" else ' algn="ctr" rtl="1"'
    elif align:
        attributes += f' algn="{align}"'
    properties = f"<a:pPr{attributes}>{inner}</a:pPr>" if attributes or inner else ""
    end = "" if content else f'<a:endParaRPr lang="{lang}"/>'
    return f"<a:p>{properties}{content}{end}</a:p>"


def line(text: str, lang: str, look: Look = PLAIN, *, align: str = "", inner: str = "") -> str:
    """A paragraph of plain words."""
    return paragraph(run(text, lang, look), text, lang, align=align, inner=inner)


def exactly(points: float, after: float = 0) -> str:
    """Line spacing that does not hang on the typeface, and what comes after the paragraph."""
    return (
        f'<a:lnSpc><a:spcPts val="{hundredths(points)}"/></a:lnSpc>'
        '<a:spcBef><a:spcPts val="0"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="{hundredths(after)}"/></a:spcAft>'
    )
