"""The words and tags of HTML, one after the other. No ORM, no clock.

Every step moves forward, so that the work is linear in the length of the input, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_DROPPED = frozenset(
    "script style svg math iframe object template title noscript noembed noframes xml audio video"
    " canvas applet select xmp textarea".split()
)
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=][^\s/>=]*)\s*(=\s*)?")
_UNQUOTED = re.compile(r"[^\s>]*")

Token = tuple[str, str, dict[str, str]]  # "text", "open", "close"; words or tag; attributes


def tokens(html: str) -> Iterator[Token]:
    """The words and tags of HTML; comments, declarations and what is never shown left out."""
    at, end = 0, len(html)
    while at < end:
        mark = html.find("<", at)
        if mark < 0:
            mark = end
        if mark > at:
            yield "text", unescape(html[at:mark]), {}
        if mark >= end:
            return
        if html.startswith("<!--", mark):
            over = html.find("-->", mark + 2)
            at = end if over < 0 else over + 3
            continue
        closing = html.startswith("/", mark + 1)
        name = _NAME.match(html, mark + 1 + closing)
        if name is None:
            if closing or html[mark + 1 : mark + 2] in {"!", "?"}:
                over = html.find(">", mark)
                at = end if over < 0 else over + 1
            else:
                yield "text", "<", {}
                at = mark + 1
            continue
        tag = name.group().lower()
        attributes, at, alone = _attributes(html, name.end())
        if at > end:
            return  # the tag is never finished
        if closing:
            yield "close", tag, {}
        elif tag in _DROPPED:
            at = at if alone and tag in {"svg", "math", "xml"} else _past(html, tag, at)
        else:
            yield "open", tag, attributes


def _attributes(html: str, at: int) -> tuple[dict[str, str], int, bool]:
    """The attributes from ``at`` on, where the tag ends (beyond the text: never), and “/>”."""
    found: dict[str, str] = {}
    while True:
        match = _ATTRIBUTE.match(html, at)
        if match is None:
            over = html.find(">", at)
            return found, (len(html) + 1 if over < 0 else over + 1), html[at:over].endswith("/")
        at, value = match.end(), ""
        if match.group(2):
            quote = html[at : at + 1]
            if quote in {'"', "'"}:
                over = html.find(quote, at + 1)
                if over < 0:
                    return found, len(html) + 1, False
                value, at = html[at + 1 : over], over + 1
            else:
                bare = _UNQUOTED.match(html, at)
                value, at = (bare.group(), bare.end()) if bare else ("", at)
        found.setdefault(match.group(1).lower(), unescape(value))


def _past(html: str, tag: str, at: int) -> int:
    """Where the content of a dropped element ends; at the end of the text if never."""
    closing = re.compile(rf"</{re.escape(tag)}(?=[\s/>])", re.I).search(html, at)
    over = html.find(">", closing.end()) if closing else -1
    return len(html) if over < 0 else over + 1
