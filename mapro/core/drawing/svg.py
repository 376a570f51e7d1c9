"""Writing SVG: elements, text, hatches and shapes, and the frame that makes a picture of them.

Presentation attributes only: no style, no script, nothing outside the picture. Every text passes
through :func:`mapro.core.drawing.text.escape`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import EDGE, FONTS, INK, PAPER, Hatch, Look

SMALLEST = 12  # pixels: no text is set smaller at a drawing's natural width
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
_HREF = re.compile(r"(?:/(?!/)|#|\?)[^\x00-\x20\\]*\Z")


class DrawingError(ValueError):
    """Something cannot be drawn. The message says what, and how to mend it."""


@dataclass(frozen=True)
class Drawing:
    """A picture: SVG text, its text alternative, and its natural size in pixels."""

    svg: str
    alt: str
    width: int
    height: int


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    written = f"{value:.1f}"
    if written.endswith(".0"):
        written = written[:-2]
    return "0" if written == "-0" else written


def element(name: str, content: str = "", **attributes: str | float | None) -> str:
    """One element. ``stroke_width`` becomes ``stroke-width``; None is left out; values escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{number(value) if isinstance(value, int | float) else words_of.escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def titled(
    markup_name: str, title: str, content: str = "", **attributes: str | float | None
) -> str:
    """An element that says ``title`` when it is pointed at."""
    return element(markup_name, f"<title>{words_of.escape(title)}</title>{content}", **attributes)


def text(
    x: float, y: float, words: str, *, size: float = SMALLEST, fill: str = INK,
    anchor: str | None = None, bold: bool = False, room: float | None = None,
    halo: str | None = None, turn: float | None = None,
) -> str:  # fmt: skip
    """One line of text. What does not fit ``room`` is cut, and stands whole in a title."""
    whole = words_of.clean(words)
    shown = whole if room is None else words_of.cut(whole, room, size, bold=bold)
    if not shown:
        return ""
    title = "" if shown == whole else f"<title>{words_of.escape(whole)}</title>"
    place: dict[str, str | float | None] = {
        "x": x, "y": y, "font_size": None if size == SMALLEST else size, "text_anchor": anchor,
        "font_weight": "600" if bold else None,
        "transform": f"rotate({number(turn)} {number(x)} {number(y)})" if turn else None,
    }  # fmt: skip
    under = ""
    if halo:  # a text of its own: not every renderer can paint the stroke first
        under = element(
            "text", words_of.escape(shown), **place, fill=halo, stroke=halo, stroke_width=3,
            stroke_linejoin="round", aria_hidden="true",
        )  # fmt: skip
    ink = None if fill == INK else fill
    return under + element("text", title + words_of.escape(shown), **place, fill=ink)


def polyline(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data through the points, to a tenth of a pixel, in steps from one to the next."""
    written: list[str] = []
    before_x = before_y = 0
    for at_x, at_y in points:
        x, y = round(at_x * 10), round(at_y * 10)
        if not written:
            written.append(f"M{_tenth(x)} {_tenth(y)}l")
        elif (x, y) == (before_x, before_y):
            continue
        else:
            step = _tenth(y - before_y)
            written.append(f"{_tenth(x - before_x)}{'' if step[0] == '-' else ' '}{step} ")
        before_x, before_y = x, y
    data = "".join(written).rstrip(" l")
    return f"{data}z" if closed and data else data


def _tenth(value: int) -> str:
    whole, part = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole or ''}.{part}" if part else f"{sign}{whole}"


def shape(kind: str, x: float, y: float, radius: float) -> str:
    """Path data of a shape with the area of a circle of that radius around (x, y)."""
    area = math.pi * radius * radius
    if kind == "square":
        half = math.sqrt(area) / 2
        return f"M{number(x - half)} {number(y - half)}h{number(2 * half)}v{number(2 * half)}h{number(-2 * half)}z"
    if kind == "triangle":
        side = math.sqrt(area * 4 / math.sqrt(3))
        tall = side * math.sqrt(3) / 2
        return polyline(
            [(x, y - tall * 2 / 3), (x + side / 2, y + tall / 3), (x - side / 2, y + tall / 3)],
            closed=True,
        )
    if kind == "diamond":
        half = math.sqrt(area / 2)
        return polyline([(x, y - half), (x + half, y), (x, y + half), (x - half, y)], closed=True)
    if kind == "cross":
        arm = math.sqrt(area / 5)
        corners = [(-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1),
                   (-3, 1), (-3, -1), (-1, -1)]  # fmt: skip
        return polyline([(x + a * arm / 2, y + b * arm / 2) for a, b in corners], closed=True)
    if kind == "bar":
        wide, high = radius * 2.4, area / (radius * 2.4)
        return f"M{number(x - wide / 2)} {number(y - high / 2)}h{number(wide)}v{number(high)}h{number(-wide)}z"
    return f"{_circle(x, y, radius)}{_circle(x, y, radius * 0.55) if kind == 'ring' else ''}"


def _circle(x: float, y: float, radius: float) -> str:
    r = number(radius)
    across = number(2 * radius)
    return f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z"


def key_shape(look: Look, x: float, y: float, radius: float = 6) -> str:
    """The shape of a look as a legend shows it."""
    return element("path", d=shape(look.shape, x, y, radius), fill=look.color, fill_rule="evenodd")


class Sheet:
    """Collects what is drawn, and frames it.

    ``prefix`` begins every id, so that two drawings on a page need two prefixes. Raises
    DrawingError for one that is no plain name.
    """

    def __init__(self, width: int, prefix: str) -> None:
        if not _PREFIX.match(prefix):
            raise DrawingError(
                f"The prefix {prefix!r} is no name for a drawing. Begin with a letter, and use "
                "letters, figures, - and _ only."
            )
        self.width, self.prefix = width, prefix
        self._parts: list[str] = []
        self._patterns: dict[Hatch, str] = {}
        self._linked = False

    def add(self, *markup: str) -> None:
        """Draw over what is there."""
        self._parts += markup

    def hatch(self, hatch: Hatch) -> str:
        """What ``fill`` takes to fill with the hatch."""
        if not hatch.lines:
            return hatch.ground
        name = self._patterns.setdefault(hatch, f"{self.prefix}-hatch-{len(self._patterns) + 1}")
        return f"url(#{name})"

    def link(self, href: str, title: str, content: str) -> str:
        """The content as a link within MAPRO. Raises DrawingError for an address elsewhere."""
        if not _HREF.match(href):
            raise DrawingError(
                f"The link {href[:80]!r} leads out of MAPRO or is no address. "
                "Begin it with one slash, ? or #."
            )
        self._linked = True
        return titled("a", title, content, href=href)

    def swatch(self, x: float, y: float, hatch: Hatch) -> str:
        """A filled field of 22 by 14 pixels for a legend; (x, y) is its upper left corner."""
        return element(
            "rect", x=x, y=y, width=22, height=14, fill=self.hatch(hatch), stroke=EDGE,
            stroke_width=1,
        )  # fmt: skip

    def drawing(self, height: float, title: str, alt: str) -> Drawing:
        """The picture, with its title and text alternative.

        A picture that holds links is a group, not an image: what is inside an image cannot be
        reached by a screen reader.
        """
        tall = math.ceil(height)
        name, described = f"{self.prefix}-title", f"{self.prefix}-desc"
        patterns = "".join(_pattern(hatch, key) for hatch, key in self._patterns.items())
        alt = words_of.clean(alt)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" width="{self.width}"'
            f' height="{tall}" viewBox="0 0 {self.width} {tall}"'
            f' role="{"group" if self._linked else "img"}" aria-labelledby="{name} {described}"'
            f' font-family="{FONTS}" font-size="{SMALLEST}" fill="{INK}">'
            f'<title id="{name}">{words_of.escape(title)}</title>'
            f'<desc id="{described}">{words_of.escape(alt)}</desc>'
            f"{f'<defs>{patterns}</defs>' if patterns else ''}"
            f'<rect width="{self.width}" height="{tall}" fill="{PAPER}"/>'
            f"{''.join(self._parts)}</svg>"
        )
        return Drawing(svg, alt, self.width, tall)


def _pattern(hatch: Hatch, name: str) -> str:
    lines = element("path", d=hatch.lines, stroke=hatch.ink, stroke_width=hatch.stroke, fill="none")
    ground = element("rect", width=hatch.tile, height=hatch.tile, fill=hatch.ground)
    return element(
        "pattern", ground + lines, id=name, width=hatch.tile, height=hatch.tile,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({hatch.turn})" if hatch.turn else None,
    )  # fmt: skip
