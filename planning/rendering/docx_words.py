"""Words as WordprocessingML: runs, paragraphs, direction. Lengths are twips (1/1440 inch)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from xml.sax.saxutils import escape as xml_escape

from planning.products.blocks import right_to_left
from planning.rendering.office import printable

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
        ("wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
        ("pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("o", "urn:schemas-microsoft-com:office:office"),
        ("w10", "urn:schemas-microsoft-com:office:word"),
    )
)
# The schema wants these in this order.
_MARKS = (
    ("strong", "<w:b/><w:bCs/>"), ("em", "<w:i/><w:iCs/>"), ("s", "<w:strike/>"),
    ("u", '<w:u w:val="single"/>'), ("sub", '<w:vertAlign w:val="subscript"/>'),
    ("sup", '<w:vertAlign w:val="superscript"/>'),
)  # fmt: skip


def text(words: str) -> str:
    """``words`` as XML text."""
    return xml_escape(printable(words))


def attribute(words: str) -> str:
    """``words`` as the value of an XML attribute in double quotes."""
    return xml_escape(printable(words), {'"': "&quot;", "\n": " ", "\t": " "})


def directed(words: str, base: bool) -> Iterator[tuple[str, bool]]:
    """Stretches of one direction, each with whether it runs from right to left.

    Word asks each run for its direction. What has none of its own (spaces, figures) goes with its
    neighbors where they agree, else with the paragraph, ``base``.
    """
    if not base and words.isascii():
        if words:
            yield words, False
        return
    sides: list[bool] = []
    waiting, before = 0, base
    for letter in words:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL", "AN", "L"}:
            here = kind != "L"
            sides += [here if here == before else base] * waiting + [here]
            waiting, before = 0, here
        elif kind == "NSM" and not waiting:  # an accent stays with its letter
            sides.append(before)
        else:
            waiting += 1
    sides += [base] * waiting
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or sides[place] != sides[start]:
            yield words[start:place], sides[start]
            start = place


def run(words: str, look: str = "", *, bidi: bool = False, style: str = "") -> str:
    """Runs of ``words``; ``look`` is run properties in the schema's order, a line end is a break.

    ``bidi`` tells the direction of the paragraph around.
    """
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    parts = []
    for place, line in enumerate(printable(words).split("\n")):
        if place:
            parts.append("<w:r><w:br/></w:r>")
        for piece, rtl in directed(line, bidi):
            inner = f"{named}{look}{'<w:rtl/>' if rtl else ''}"
            properties = f"<w:rPr>{inner}</w:rPr>" if inner else ""
            parts.append(
                f'<w:r>{properties}<w:t xml:space="preserve">{xml_escape(piece)}</w:t></w:r>'
            )
    return "".join(parts)


def look(marks: frozenset[str]) -> str:
    """The run properties of inline tags."""
    if not marks:
        return ""
    if {"sub", "sup"} <= marks:
        marks = marks - {"sub"}
    return "".join(xml for mark, xml in _MARKS if mark in marks)


def paragraph(
    style: str, content: str, *, number: tuple[int, int] | None = None, tabs: str = "",
    bidi: bool = False, indent: int | None = None, hanging: int = 0, align: str = "",
    keep: bool = False,
) -> str:  # fmt: skip
    """A paragraph. ``number`` is the list's identity and level from 0; ``indent`` in twips.

    ``keep`` holds it on the page of the next one.
    """
    inner = f'<w:pStyle w:val="{style}"/>' if style != "Normal" else ""
    if keep:
        inner += "<w:keepNext/>"
    if number:
        inner += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    if tabs:
        inner += f"<w:tabs>{tabs}</w:tabs>"
    if bidi:
        inner += "<w:bidi/>"
    if indent is not None:
        inner += f'<w:ind w:left="{indent}"' + (f' w:hanging="{hanging}"' if hanging else "") + "/>"
    if align:
        inner += f'<w:jc w:val="{align}"/>'
    return f"<w:p>{f'<w:pPr>{inner}</w:pPr>' if inner else ''}{content}</w:p>"


def line(style: str, words: str, *, align: str = "", keep: bool = False) -> str:
    """A paragraph of plain words in one style, in their own direction."""
    bidi = right_to_left(words)
    return paragraph(style, run(words, bidi=bidi), bidi=bidi, align=align, keep=keep)
