"""Rich text: outside input made safe, and the way between HTML and plain text.

Text is sanitized when it is saved (``clean``); what is stored is the clean form, and every reader
may rely on the small vocabulary of ``TAGS``.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from html.parser import HTMLParser

import nh3

MAX_BODY_BYTES = 200_000
MAX_DEPTH = 24  # nesting beyond this is flattened before the parser sees it

TAGS = frozenset(
    "p h3 h4 strong em u s sub sup br ul ol li blockquote table thead tbody tr th td a".split()
)
ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SYNONYMS = (("b", "strong"), ("i", "em"), ("strike", "s"), ("del", "s"), ("ins", "u"),
             ("h1", "h3"), ("h2", "h3"), ("h5", "h4"), ("h6", "h4"), ("div", "p"))  # fmt: skip
_SYNONYM = re.compile(rf"<(/?)({'|'.join(old for old, _ in _SYNONYMS)})(?=[\s/>])", re.I)
_RENAMED = dict(_SYNONYMS)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_VOID = frozenset("br hr img input meta link col area base embed source track wbr".split())
_EMPTY = re.compile(r"<p>(?:\s|<br>)*</p>(?!</(?:td|th|li)>)")
_BLOCKS = re.compile(r"</?(?:p|h3|h4|li|ul|ol|blockquote|tr|table|thead|tbody|td|th|br)\b[^>]*>")


def _shallow(html: str) -> str:
    """Drop tags nested deeper than ``MAX_DEPTH``: a parser's work can grow with the depth."""
    depth = 0
    stack: list[bool] = []

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match.group(1), match.group(2).lower()
        if name in _VOID or match.group(0).endswith("/>"):
            return match.group(0)
        if not closing:
            kept = depth < MAX_DEPTH
            stack.append(kept)
            depth += kept
            return match.group(0) if kept else ""
        if not stack:
            return ""
        kept = stack.pop()
        depth -= kept
        return match.group(0) if kept else ""

    return _TAG.sub(keep, html)


def clean(html: str) -> str:
    """The safe form of ``html``: known tags, no style, no script, no address but http(s) and mail.

    Idempotent. Callers refuse more than ``MAX_BODY_BYTES`` first.
    """
    html = unicodedata.normalize("NFC", html.replace("\x00", ""))
    html = _SYNONYM.sub(lambda m: f"<{m.group(1)}{_RENAMED[m.group(2).lower()]}", html)
    safe = _pass(html)
    # The parser repairs what it reads, and a repair (a row put into a table body, say) can nest
    # deeper than what was let in: again, until nothing changes.
    for _ in range(MAX_DEPTH):
        again = _pass(safe)
        if again == safe:
            break
        safe = again
    return "" if is_empty(safe) else safe


def _pass(html: str) -> str:
    safe = nh3.clean(
        _shallow(html),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
        clean_content_tags={"script", "style", "svg", "math", "iframe", "object", "template"},
    )
    safe = _EMPTY.sub("", safe).strip()
    return f"<p>{safe}</p>" if safe and not _BLOCKS.search(safe) else safe


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"p", "h3", "h4", "li", "tr", "td", "th", "br", "blockquote"}:
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """The words of sanitized HTML, one line per block."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


def is_empty(html: str) -> bool:
    """Whether the HTML says nothing at all."""
    return not html or not plain_text(html)


def word_count(html: str) -> int:
    """How many words the HTML holds."""
    return len(plain_text(html).split())


def from_plain(text: str) -> str:
    """HTML of plain text: blank lines part paragraphs, lines that begin with “- ” make a list."""
    text = unicodedata.normalize("NFC", text.replace("\x00", "").replace("\r\n", "\n"))
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
    reader = _Text()
    reader.feed(text)
    reader.close()
    plain = "".join(reader.parts).strip()
    return plain if from_plain(plain) == html else None
