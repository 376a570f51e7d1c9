"""Words in a drawing: made safe, measured, cut to the room that there is.

Widths are those of Public Sans, in hundredths of the type size. They are estimates: a browser
without the face sets a little wider or narrower, and so rooms are never filled to the last pixel.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Printable ASCII from the space on, at weight 400.
_ASCII = (
    24, 25, 43, 60, 66, 90, 71, 25, 30, 31, 39, 55, 24, 38, 22, 35, 61, 41, 60, 63, 63, 64, 62, 60,
    65, 62, 23, 24, 55, 55, 55, 52, 83, 71, 67, 69, 69, 62, 59, 73, 77, 28, 39, 68, 58, 89, 75, 73,
    64, 75, 68, 67, 59, 70, 67, 95, 69, 61, 64, 30, 35, 30, 47, 52, 22, 55, 60, 54, 60, 57, 40, 62,
    58, 25, 26, 56, 30, 86, 58, 57, 60, 60, 39, 51, 39, 58, 50, 79, 56, 54, 48, 33, 26, 33, 57,
)  # fmt: skip
_WIDE, _OTHER = 100, 66  # ideographs fill a square; other scripts are taken as wide letters
_BOLD = 1.04
_SAFE = 1.015  # the table is rounded, and some renderers round to whole pixels
ELLIPSIS = "…"
# Not allowed in XML, or able to turn the reading order of what stands beside them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def clean(words: str) -> str:
    """One line of text without control characters and without forced reading directions."""
    return _SPACES.sub(" ", _UNSAFE.sub("", str(words))).strip()


def escape(words: str) -> str:
    """Cleaned text that may stand in an element or in a quoted attribute."""
    safe = clean(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;").replace("'", "&#39;")


@lru_cache(maxsize=4096)
def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return _advance(base)
    return _ASCII[ord("m") - 32] if character == ELLIPSIS else _OTHER


def width(words: str, size: float = 12, *, bold: bool = False) -> float:
    """About how many pixels the words take on one line."""
    return sum(map(_advance, words)) * _scale(size, bold)


def _scale(size: float, bold: bool) -> float:
    return size / 100 * _SAFE * (_BOLD if bold else 1)


def cut(words: str, room: float, size: float = 12, *, bold: bool = False) -> str:
    """The words, or as many as fit ``room`` pixels and an ellipsis."""
    words = clean(words)
    if width(words, size, bold=bold) <= room:
        return words
    left = room - width(ELLIPSIS, size, bold=bold)
    scale = _scale(size, bold)
    end = 0
    for character in words:
        left -= _advance(character) * scale
        if left < 0:
            break
        end += 1
    # An accent or a joined sign that has lost its letter says something else.
    while 0 < end < len(words) and (_joined(words[end]) or words[end - 1] == "\u200d"):
        end -= 1
    return words[:end].rstrip() + ELLIPSIS


def _joined(character: str) -> bool:
    return unicodedata.combining(character) > 0 or unicodedata.category(character) in (
        "Mn", "Me", "Mc", "Cf",
    )  # fmt: skip


def lines(words: str, room: float, size: float = 12, most: int = 2) -> list[str]:
    """The words on at most ``most`` lines of ``room`` pixels; the last is cut if it must be."""
    left = clean(words)
    made: list[str] = []
    if most == 2 and (halves := _halved(left, room, size)):
        return halves
    while left:
        if len(made) == most - 1 or width(left, size) <= room:
            return [*made, cut(left, room, size)]
        taken = ""
        for word in left.split(" "):
            if width(f"{taken} {word}", size) > room and taken:
                break
            taken = f"{taken} {word}".strip()
        if width(taken, size) > room:  # one word longer than the line
            taken = cut(taken, room, size)[:-1] or taken[:1]
        made.append(taken)
        left = left[len(taken) :].lstrip()
    return made


def _halved(words: str, room: float, size: float) -> list[str]:
    """Two lines about as long as each other, when two are needed and are enough."""
    if width(words, size) <= room:
        return []
    spaces = [at for at, character in enumerate(words[:200]) if character == " "]
    pairs = [(words[:at], words[at + 1 :]) for at in spaces]
    found = [
        (max(width(a, size), width(b, size)), -len(a), [a, b])
        for a, b in pairs
        if width(a, size) <= room and width(b, size) <= room
    ]
    return min(found)[2] if found else []


def listed(names: list[str], most: int = 12) -> str:
    """``A, B and C``; the ones beyond ``most`` are counted."""
    names = [clean(name) for name in names]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 event``, ``2,000 events``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
