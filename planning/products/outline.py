"""An outline as text, one section a line, and back: how an administrator writes a format.

Two spaces (or a tab) at the beginning of a line put a section one level lower. Behind the title may
stand ``*`` (required) and ``(120 words)`` (the usual length).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from planning.products.definition import Section
from planning.products.tailoring import MAX_SECTIONS, MAX_TITLE

MAX_DEPTH = 4
_WORDS = re.compile(r"\((\d{1,5}) words\)\s*$")


def parse_outline(text: str) -> tuple[Section, ...]:
    """The sections of an outline. Raises ValueError with the number of the line that is wrong."""
    rows: list[tuple[int, Section]] = []
    taken: set[str] = set()
    for number, line in enumerate(text.expandtabs(2).splitlines(), start=1):
        if not line.strip():
            continue
        depth = (len(line) - len(line.lstrip(" "))) // 2 + 1
        above = rows[-1][0] if rows else 0
        if depth > above + 1 or depth > MAX_DEPTH:
            raise ValueError(
                f"Line {number} is indented too far: one level is two spaces, {MAX_DEPTH} levels "
                "are the most."
            )
        title, required, words = _parts(line.strip())
        if not title or len(title) > MAX_TITLE:
            raise ValueError(f"Line {number}: give a title of at most {MAX_TITLE} characters.")
        if len(rows) == MAX_SECTIONS:
            raise ValueError(
                f"Line {number} is one too many: a format has at most {MAX_SECTIONS} sections."
            )
        key = _key(title, taken)
        taken.add(key)
        rows.append((depth, Section(key, title, required=required, hint_words=words)))
    if not rows:
        raise ValueError("A format needs at least one section: write one title a line.")
    return _tree(rows, 1)[0]


def outline_text(sections: tuple[Section, ...], depth: int = 0) -> str:
    """The text that ``parse_outline`` reads."""
    lines = []
    for section in sections:
        star = " *" if section.required else ""
        words = f" ({section.hint_words} words)" if section.hint_words else ""
        lines.append(f"{'  ' * depth}{section.title}{star}{words}")
        if section.children:
            lines.append(outline_text(section.children, depth + 1))
    return "\n".join(lines)


def _parts(line: str) -> tuple[str, bool, int]:
    found = _WORDS.search(line)
    words = int(found.group(1)) if found else 0
    line = _WORDS.sub("", line).strip()
    required = line.endswith("*")
    return " ".join(line.rstrip("*").split()), required, words


def _key(title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "section"
    return next(k for k in (base, *(f"{base}-{n}" for n in range(2, 99))) if k not in taken)


def _tree(rows: list[tuple[int, Section]], depth: int) -> tuple[tuple[Section, ...], int]:
    """The sections of ``depth`` at the head of ``rows``, and how many rows they took."""
    made: list[Section] = []
    at = 0
    while at < len(rows) and rows[at][0] >= depth:
        section = rows[at][1]
        children, taken = _tree(rows[at + 1 :], depth + 1)
        made.append(replace(section, children=children))
        at += 1 + taken
    return tuple(made), at
