"""Rich text: outside input made safe, and the way between HTML and plain text.

Text is sanitized when it is saved (``clean``); what is stored is the clean form, and every reader
may rely on the small vocabulary of ``TAGS``.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape

import nh3

from planning.products.blocks import PICTURE
from planning.products.normal import write
from planning.products.reading import FACT, ILLEGAL, MAX_DEPTH, MAX_NOTE, address, read
from planning.products.tokens import tokens

__all__ = [
    "ATTRIBUTES", "MAX_BODY_BYTES", "MAX_DEPTH", "MAX_NOTE", "PASSES", "TAGS", "clean", "facts_of",
    "from_plain", "is_empty", "pictures_of", "plain_text", "to_plain", "word_count",
]  # fmt: skip

MAX_BODY_BYTES = 200_000
PASSES = 3  # how often a text is read at most; more than once only if Ammonia found work

TAGS = frozenset(
    "p h3 h4 strong em u s sub sup br ul ol li blockquote table tbody tr th td a q img".split()
)
ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "q": {"data-fact"}, "sup": {"data-note"},
    "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
}  # fmt: skip
_LINES = frozenset("p h3 h4 li tr td th br blockquote img".split())
_FACTS = re.compile(r'<q data-fact="([^"]*)">')
_PICTURES = re.compile(r'<img src="([^"]*)"')


def clean(html: str) -> str:
    """The safe form of ``html``, in the normal form that ``normal`` describes.

    Known tags, no style, no script, no link but to http(s) and mail, no picture but those that
    were uploaded here. Idempotent. Callers refuse more than ``MAX_BODY_BYTES`` first.

    Two parsers stand behind each other: the reader writes known tags only, whatever came in, and
    Ammonia, a sanitizer of its own, goes over what was written.
    """
    for _ in range(PASSES):
        written = write(read(html))
        html = nh3.clean(
            written,
            tags=set(TAGS),
            attributes={"*": set()} | {tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=_attribute,
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
            strip_comments=True,
        )
        if html == written:
            break
    return "" if is_empty(html) else html


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute if it is as the normal form has it, or None."""
    match name:
        case "href":
            fits = address(value) == value
        case "src":
            fits = PICTURE.fullmatch(value) is not None
        case "data-fact":
            fits = FACT.fullmatch(value) is not None
        case "colspan" | "rowspan":
            fits = re.fullmatch(r"[1-9][0-9]?", value) is not None
        case "scope":
            fits = value in {"col", "row", "colgroup", "rowgroup"}
        case _:  # words: of a footnote, or that stand for a picture
            fits = len(value) <= MAX_NOTE
    return value if fits else None


def facts_of(html: str) -> list[tuple[str, str, str]]:
    """The facts that sanitized HTML quotes, in reading order: source, key and digest."""
    found = (FACT.fullmatch(unescape(fact)) for fact in _FACTS.findall(html))
    return [(f.group(1), f.group(2), f.group(3)) for f in found if f]


def pictures_of(html: str) -> set[str]:
    """The SHA-256 of each picture in sanitized HTML."""
    found = (PICTURE.fullmatch(unescape(src)) for src in _PICTURES.findall(html))
    return {f.group(1) for f in found if f}


def _words(html: str, aside: bool) -> str:
    """One line per block. ``aside`` adds footnotes and what stands for pictures."""
    parts: list[str] = []
    in_note = False
    for kind, what, attributes in tokens(html):
        if kind == "text":
            if not in_note:
                parts.append(what)
        elif kind == "close":
            in_note = in_note and what != "sup"
        elif what in _LINES:
            parts.append("\n")
            if what == "img" and aside:
                alt = attributes.get("alt")
                parts.append(f"[Picture: {alt}]\n" if alt else "[Picture]\n")
        elif what == "sup" and "data-note" in attributes:
            in_note = True
            if aside:
                parts.append(f" [{attributes['data-note']}]")
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def plain_text(html: str) -> str:
    """The words of sanitized HTML, one line per block.

    A footnote stands in brackets at its place, "like so [See report 41.]", and a picture as a line
    "[Picture: its alternative text]", so that a comparison shows when they change.
    """
    return _words(html, aside=True)


def is_empty(html: str) -> bool:
    """Whether the HTML says nothing at all: no word, no picture, no footnote."""
    return not any(
        what.strip() if kind == "text" else kind == "open" and what in {"img", "sup"}
        for kind, what, _ in tokens(html)
    )


def word_count(html: str) -> int:
    """How many words the HTML holds, without footnotes and what stands for pictures."""
    return len(_words(html, aside=False).split())


def from_plain(text: str) -> str:
    """HTML of plain text: blank lines part paragraphs, lines that begin with “- ” make a list."""
    text = unicodedata.normalize("NFC", ILLEGAL.sub("", text).replace("\r\n", "\n"))
    blocks = []
    for chunk in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in chunk.strip().split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            items = "".join(
                f"<li><p>{escape(line[2:].strip(), quote=False)}</p></li>" for line in lines
            )
            blocks.append(f"<ul>{items}</ul>")
        elif lines:
            joined = "<br>".join(escape(line, quote=False) for line in lines)
            blocks.append(f"<p>{joined}</p>")
    return clean("".join(blocks))


def to_plain(html: str) -> str | None:
    """Plain text that ``from_plain`` turns back into ``html``; None when HTML says more."""
    text = re.sub(r"<li><p>(.*?)</p></li>", r"- \1\n", html, flags=re.S)
    text = text.replace("<ul>", "").replace("</ul>", "\n").replace("<br>", "\n")
    text = text.replace("<p>", "").replace("</p>", "\n\n")
    if "<" in text:
        return None
    plain = unescape(text).strip()
    return plain if from_plain(plain) == html else None
