"""SVG to PNG with resvg, in the project's own print fonts and in no others.

Same SVG, same fonts, same version of resvg: same bytes. What is read is checked first against a
list of the elements and attributes that drawings use, so that no SVG, wherever it came from, can
name a file or an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from mapro.core.drawing.svg import DrawingError

FONTS = Path(__file__).resolve().parents[3] / "static" / "vendor" / "print-fonts"
LATIN = ("PublicSans-Regular.ttf", "PublicSans-SemiBold.ttf")
# Faces for what Public Sans lacks; read only for a drawing that needs them: the last is 10 MB.
OTHERS = (
    ("IBMPlexSansArabic_400Regular.ttf", re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufefc]")),
    ("Heebo_400Regular.ttf", re.compile("[\u0590-\u05ff]")),
    (
        "NotoSans_400Regular.ttf",
        re.compile("[\u0250-\u058f\u0900-\u097f\u1e00-\u1fff\u2030-\u2fff\ua720-\uabff\ufffd]"),
    ),
    ("NotoSansSC_400Regular.ttf", re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")),
    ("NotoEmoji_400Regular.ttf", re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")),
)
WIDEST = 8000  # pixels
LONGEST = 8_000_000  # characters of SVG; a drawing of 10,000 events has about 200,000
MOST = 60_000_000  # pixels in all

ELEMENTS = frozenset(
    "svg title desc defs pattern linearGradient stop g a path rect circle line text tspan".split()
)
ATTRIBUTES = frozenset(
    """xmlns class width height viewBox role aria-labelledby aria-hidden id x y x1 x2 y1 y2 cx cy r
    rx d transform fill fill-opacity fill-rule stroke stroke-width stroke-linejoin stroke-linecap
    stroke-dasharray stroke-opacity opacity font-family font-size font-weight text-anchor
    patternUnits patternTransform gradientUnits offset stop-color stop-opacity pointer-events href
    """.split()
)
_DEEPEST = 20
_SVG = "http://www.w3.org/2000/svg"
_OWN = re.compile(r"#[A-Za-z][\w-]*\Z")
_URL = re.compile(r"url\(#[A-Za-z][\w-]*\)\Z")


class RasterError(DrawingError):
    """No PNG can be made. The message says why, and what to do."""


class FontsMissing(RasterError):
    """The print fonts are not on this machine. There is no falling back on other fonts: the text
    would be set differently on every machine."""


def png(svg: str, width: int) -> bytes:
    """The drawing as a PNG of that many pixels across; for paper, twice its natural width.

    Raises FontsMissing before ``bin/vendor`` has run; RasterError for an SVG that holds anything
    but what drawings are made of (a picture, a style sheet, a link), or that is too large.
    """
    if not 1 <= width <= WIDEST:
        raise RasterError(f"A PNG can be 1 to {WIDEST:,} pixels wide, not {width:,}.")
    check(svg, width)
    files = fonts(svg)
    import resvg_py  # loaded when first needed: web processes never draw a PNG

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg, width=width, skip_system_fonts=True, font_files=files,
                font_family="Public Sans", sans_serif_family="Public Sans",
                serif_family="Public Sans", monospace_family="Public Sans",
                languages=["en"], resources_dir=None, background="#ffffff",
                shape_rendering="geometric_precision", text_rendering="geometric_precision",
                image_rendering="optimize_quality",
            )
        )  # fmt: skip
    except ValueError as error:
        raise RasterError(f"The drawing cannot be turned into a PNG: {error}") from error


def fonts(svg: str) -> list[str]:
    """The font files that the drawing needs. Raises FontsMissing when one is not there."""
    names = [*LATIN, *(name for name, needed in OTHERS if needed.search(svg))]
    if missing := [name for name in names if not (FONTS / name).is_file()]:
        raise FontsMissing(
            f"The fonts {', '.join(missing)} are not in static/vendor/print-fonts. Run bin/vendor, "
            "which puts them there; without them a drawing can be shown as SVG only."
        )
    return [str(FONTS / name) for name in names]


def check(svg: str, width: int = 1) -> None:
    """Raises RasterError unless the SVG holds only what drawings are made of."""
    if len(svg) > LONGEST:
        raise RasterError(
            f"The drawing has {len(svg):,} characters; {LONGEST:,} can be turned into a PNG. "
            "Draw fewer things at once."
        )
    reader = _Reader(width)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.element
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.EntityDeclHandler = reader.refuse_doctype
    parser.ProcessingInstructionHandler = reader.refuse_instruction
    try:
        parser.Parse(svg, True)
    except expat.ExpatError as error:
        raise RasterError(f"The drawing is not well-formed SVG: {error}.") from error


class _Reader:
    """Looks at each element as it is read."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.first = True
        self.depth = self.pattern = 0

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, plain = name.rpartition(" ")
        if space != _SVG or plain not in ELEMENTS:
            raise RasterError(
                f"The drawing holds <{plain}>, which may reach outside of it or is not drawn. "
                "Only what mapro.core.drawing writes can be turned into a PNG."
            )
        if self.first and plain != "svg":
            raise RasterError("The drawing does not begin with <svg>.")
        for key, value in attributes.items():
            if key not in ATTRIBUTES:
                raise RasterError(f"The drawing holds the attribute {key!r}, which is not allowed.")
            if key == "href" and not _OWN.match(value):
                raise RasterError(
                    f"The drawing links to {value[:80]!r}. Draw it without links for a PNG."
                )
            if "url(" in value.lower() and (self.pattern or not _URL.match(value)):
                raise RasterError(f"The drawing names something outside of it: {value[:80]!r}.")
        if self.first:
            self._size(attributes)
        self.first = False
        self.depth += 1
        self.pattern += plain == "pattern"
        if self.depth > _DEEPEST:
            raise RasterError("The drawing holds groups within groups without end.")

    def end(self, name: str) -> None:
        self.depth -= 1
        self.pattern -= name.endswith(" pattern")

    def _size(self, attributes: Mapping[str, str]) -> None:
        try:
            wide, high = float(attributes["width"]), float(attributes["height"])
            tall = high / wide * self.width
        except (KeyError, ValueError, ZeroDivisionError) as error:
            raise RasterError("The drawing does not say its width and height in pixels.") from error
        if not 0 < tall * self.width <= MOST:
            raise RasterError(
                f"A PNG of {self.width:,} by {tall:,.0f} pixels is too large. Ask for a smaller "
                "width, or draw fewer things."
            )

    def refuse_doctype(self, *_: object) -> None:
        raise RasterError("The drawing declares a document type or an entity; that is not allowed.")

    def refuse_instruction(self, *_: object) -> None:
        raise RasterError("The drawing holds a processing instruction; that is not allowed.")
