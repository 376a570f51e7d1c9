"""What holds for every drawing: safe with any text, readable, the same each time, and as a PNG."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assessments.drawing import (
    CountryMark,
    Drawing,
    DrawingError,
    Edge,
    FontsMissing,
    MapPoint,
    Node,
    Period,
    Place,
    RasterError,
    TimelineItem,
    country_map,
    event_chart,
    network,
    png,
    timeline,
    trend_line,
    world_map,
)
from assessments.drawing.looks import TYPES
from mapro.core.drawing import colors, raster
from mapro.core.drawing import text as words_of

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "<script>alert(1)</script>",
    '"\' onload=\'alert(1)" style="x"',
    "]]><!-- & &lt; &#60;",
    "\u202eevil\u202c \u2066hidden\u2069 \x00\x08\ufffe",
    "مرحبا بالعالم",
    "a" * 300,
    "word " * 60,
    "@import url(http://evil.example/x.css)",
    "\ud800 lone",
    "é" * 150,
    "👩‍👩‍👧‍👦" * 40,
    "",
    " \n\t ",
)


def drawings(words: str, prefix: str = "d") -> list[Drawing]:
    """One of each kind, with the words wherever a person may have typed them."""
    other = f"{words}2"
    return [
        world_map(
            [CountryMark("CAF", words, "high", words), CountryMark("XXX", words, "unknown", words)],
            title=words, prefix=f"{prefix}1",
        ),
        country_map(
            "CAF", words, [MapPoint(5, 20, 3, "other", words)], [Place(words, 6, 21, "camp")],
            prefix=f"{prefix}2",
        ),
        country_map(None, words, [MapPoint(5, 20, 3, "other", words)], prefix=f"{prefix}3"),
        event_chart(
            [Period(words, {"other": (1, 2, 3)}), Period(words, {}, reported=False)],
            unit=words or "deaths", prefix=f"{prefix}4",
        ),
        trend_line([1, None, 2], 1, title=words, prefix=f"{prefix}5"),
        network(
            [Node(words, words, words), Node(other, other, other)],
            [Edge(words, other, words, "opposes"), Edge(other, other, words)],
            prefix=f"{prefix}6",
        ),
        timeline(
            [
                TimelineItem(words, words, date(2013, 1, 1), None, words),
                TimelineItem(words, words, None, None, words),
            ],
            title=words, prefix=f"{prefix}7",
        ),
    ]  # fmt: skip


def judged(found: list[Drawing]) -> None:
    """What every drawing keeps to, whatever it says."""
    ids: list[str] = []
    for drawing in found:
        root = etree.fromstring(drawing.svg.encode())
        assert root.tag == f"{SVG}svg" and root.get("role") == "img"
        name, described = root.get("aria-labelledby").split()
        assert [root[0].get("id"), root[1].get("id")] == [name, described]
        assert (root[1].text or "") == drawing.alt
        assert root.get("viewBox") == f"0 0 {drawing.width} {drawing.height}"
        for part in root.iter():
            assert isinstance(part.tag, str)  # no comment, no instruction
            assert part.tag.removeprefix(SVG) in raster.ELEMENTS
            for key, value in part.attrib.items():
                assert key in raster.ATTRIBUTES and key != "style" and not key.startswith("on")
                if "url(" in value:
                    assert value[5:-1] in drawing.svg
            if part.tag == f"{SVG}text":
                assert float(part.get("font-size", "12")) >= 12
            if part.get("id"):
                ids.append(part.get("id"))
        raster.check(drawing.svg)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    judged(drawings(words))


@given(st.text(max_size=60))
def test_any_words_can_be_drawn(words: str) -> None:
    judged(drawings(words))


def test_the_allowed_parts_are_harmless() -> None:
    assert raster.ELEMENTS.isdisjoint(
        {"image", "use", "style", "script", "foreignObject", "feImage"}
    )
    assert not any(name.startswith("on") or "xlink" in name for name in raster.ATTRIBUTES)
    assert "style" not in raster.ATTRIBUTES


def test_a_long_label_is_cut_in_the_drawing_and_whole_in_a_title() -> None:
    label = "The association of " + "very " * 60 + "long names"
    for drawing in (
        network([Node("a", label)], []),
        timeline([TimelineItem(label, "lane", date(2013, 1, 1), date(2013, 1, 2))]),
        country_map("CAF", "CAR", [], [Place(label, 6, 21)]),
        event_chart([Period(label, {})]),
    ):
        root = etree.fromstring(drawing.svg.encode())
        whole = [t for t in root.iter(f"{SVG}title") if label in (t.text or "")]
        # Beside a title, the words that are shown are its tail.
        shown = [t.text or t[0].tail or "" for t in root.iter(f"{SVG}text")]
        assert whole
        assert any(words.endswith("…") for words in shown)
        assert not any(label in words for words in shown)


@given(st.text(max_size=80), st.floats(20, 300), st.booleans())
def test_cut_words_fit_their_room(words: str, room: float, bold: bool) -> None:
    shown = words_of.cut(words, room, 13, bold=bold)
    assert words_of.width(shown, 13, bold=bold) <= room + 1e-6
    assert shown == words_of.clean(words) or shown.endswith("…")


@given(st.text(st.sampled_from("ab é\u0301界 -"), max_size=120), st.integers(1, 5))
def test_words_on_lines_are_all_there_or_cut_with_a_sign(words: str, most: int) -> None:
    found = words_of.lines(words, 90, 12, most)
    assert len(found) <= most
    assert all(words_of.width(line) <= 90 + 1e-6 for line in found)
    if not (found and found[-1].endswith("…")):
        assert "".join(found).replace(" ", "") == words_of.clean(words).replace(" ", "")


def test_a_cut_never_parts_a_letter_from_its_accent() -> None:
    for room in range(20, 120):
        shown = words_of.cut("e\u0301" * 40, room)[:-1]
        assert shown.count("e") == shown.count("\u0301")
        shown = words_of.cut("क\u093e" * 40, room)[:-1]  # a vowel sign with a width of its own
        assert shown.count("क") == shown.count("\u093e")
        shown = words_of.cut("👩\u200d🌾" * 40, room)[:-1]  # one sign of two, joined
        assert shown.count("👩") == shown.count("🌾")


def test_clean_words_cannot_turn_the_order_of_reading() -> None:
    assert words_of.clean("a\u202eb\u2066c\u200f \x07d\ue000") == "abc d\ue000"


@pytest.mark.parametrize("prefix", ["", "1a", "a b", 'a"', "ä", "a" * 65])
def test_a_prefix_that_is_no_name_is_refused(prefix: str) -> None:
    with pytest.raises(DrawingError, match="no name for a drawing"):
        trend_line([1], prefix=prefix)


def test_same_input_same_bytes() -> None:
    assert drawings("Bangui, مرحبا") == drawings("Bangui, مرحبا")


def test_the_colors_are_those_of_the_screen() -> None:
    sheet = (ROOT / "static" / "css" / "mapro.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})\b", sheet))
    for name, value in vars(colors).items():
        if isinstance(value, str) and value.startswith("#"):
            assert tokens[name.lower().replace("_", "-")] == value, name


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(c * 2 for c in color[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colors as WCAG 2.2 counts it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_ink_can_be_read_on_every_ground() -> None:
    inks = {colors.INK, colors.INK_SOFT, colors.INK_FAINT, colors.ACCENT, colors.STOP, colors.GOOD}
    grounds = {
        colors.PAPER, colors.PAPER_2, colors.PAPER_3, colors.ACCENT_TINT,
        *(look.hatch.ground for look in colors.GROUPS),
    }  # fmt: skip
    used = set()
    for drawing in drawings("words"):
        root = etree.fromstring(drawing.svg.encode())
        used |= {
            text.get("fill", colors.INK)
            for text in root.iter(f"{SVG}text")
            if text.get("aria-hidden") is None
        }
    assert used <= inks
    for ink in inks:
        for ground in grounds:
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for look in (*TYPES.values(), *colors.GROUPS):
        assert contrast(look.color, colors.PAPER) >= 3, look  # WCAG 1.4.11, shapes


# ---------- PNG


def size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_a_png_has_the_width_asked_for_and_the_same_bytes_each_time() -> None:
    for drawing in drawings("Bangui"):
        content = png(drawing.svg, 2 * drawing.width)
        assert size(content) == (2 * drawing.width, 2 * drawing.height)
        assert content == png(drawing.svg, 2 * drawing.width)


def test_words_are_set_in_the_print_fonts() -> None:
    blank, worded = (network([Node("a", label)], [], title="x") for label in ("​", "Bangui"))
    assert png(blank.svg, 960) != png(worded.svg, 960)


@pytest.mark.parametrize(
    ("words", "font"),
    [
        ("Bangui", None),
        ("Une vérité…", None),
        ("مرحبا", "IBMPlexSansArabic_400Regular.ttf"),
        ("שלום", "Heebo_400Regular.ttf"),
        ("Ђачки", "NotoSans_400Regular.ttf"),
        ("世界", "NotoSansSC_400Regular.ttf"),
        ("😀", "NotoEmoji_400Regular.ttf"),
    ],
)
def test_other_scripts_bring_their_own_font_and_only_when_needed(
    words: str, font: str | None
) -> None:
    drawing = network([Node("a", words)], [])
    names = {Path(path).name for path in raster.fonts(drawing.svg)}
    assert names == {*raster.LATIN, *([font] if font else [])}
    # The face has the letters: without it, none of them would be drawn at all.
    blank = network([Node("a", "​")], [])
    assert png(drawing.svg, 480) != png(blank.svg, 480)


def test_without_fonts_there_is_no_png_and_it_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(raster, "FONTS", tmp_path)
    with pytest.raises(FontsMissing, match="PublicSans-Regular.ttf.* Run bin/vendor"):
        png(trend_line([1, 2]).svg, 160)


def wrapped(content: str, attributes: str = "") -> str:
    """A small picture that holds something."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="10" height="10" {attributes}>{content}</svg>'
    )


@pytest.mark.parametrize(
    "svg",
    [
        wrapped('<image href="file:///etc/passwd" width="10" height="10"/>'),
        wrapped('<image xlink:href="/etc/hostname" width="10" height="10"/>'),
        wrapped('<IMAGE href="x"/>'),
        wrapped('<use href="file:///tmp/x.svg#a"/>'),
        wrapped('<use href="#a"/>'),
        wrapped('<a href="http://evil.example/">x</a>'),
        wrapped('<a href="/watch/caf/">x</a>'),
        wrapped('<a xlink:href="#a">x</a>'),
        wrapped("<style>@import url(http://evil.example/x.css);</style>"),
        wrapped('<rect style="fill:url(http://evil.example/)"/>'),
        wrapped('<rect fill="url(http://evil.example/x.svg#a)"/>'),
        wrapped('<rect fill="URL( file:///etc/passwd )"/>'),
        wrapped("<script>alert(1)</script>"),
        wrapped('<rect onload="alert(1)"/>'),
        wrapped("<foreignObject><p>x</p></foreignObject>"),
        wrapped('<filter id="f"><feImage href="file:///etc/passwd"/></filter>'),
        wrapped('<x:image xmlns:x="http://www.w3.org/2000/svg" href="/etc/passwd"/>'),
        wrapped('<image xmlns="http://elsewhere.example/" href="/etc/passwd"/>'),
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + wrapped("<text>&x;</text>"),
        '<!DOCTYPE svg [<!ENTITY x "y">]>' + wrapped("<text>&x;</text>"),
        '<?xml-stylesheet href="http://evil.example/x.css"?>' + wrapped(""),
        wrapped('<defs><pattern id="p" width="1" height="1">'
                '<rect fill="url(#q)"/></pattern></defs>'),
        wrapped("<g>" * 50 + "</g>" * 50),
        wrapped("<text>unclosed"),
        '<g xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="10"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="100000000"/>',
        "",
        "not SVG",
        wrapped("x" * (raster.LONGEST + 1)),
    ],
)  # fmt: skip
def test_an_svg_that_could_reach_outside_is_refused(
    svg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resvg_py

    def reached(**_: object) -> bytes:
        raise AssertionError("the renderer was given the SVG")

    monkeypatch.setattr(resvg_py, "svg_to_bytes", reached)
    with pytest.raises(RasterError):
        png(svg, 10)


def test_words_about_imports_and_images_are_only_words() -> None:
    drawing = network([Node("a", "@import <image href='file:///etc/passwd'> url(http://x)")], [])
    assert size(png(drawing.svg, 960))[0] == 960


@pytest.mark.parametrize("width", [0, -1, 8001])
def test_a_width_beyond_reason_is_refused(width: int) -> None:
    with pytest.raises(RasterError, match="1 to 8,000 pixels wide"):
        png(trend_line([1, 2]).svg, width)


@pytest.mark.parametrize(
    "make", [lambda: world_map([CountryMark("CAF", "CAR", "high", "", "/watch/caf/")])]
)
def test_a_drawing_with_links_says_how_to_get_its_png(make: Callable[[], Drawing]) -> None:
    with pytest.raises(RasterError, match="Draw it without links for a PNG"):
        png(make().svg, 960)
