"""What changed between two frozen texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from planning.products.richtext import plain_text

_WORDS = re.compile(r"\s*\S+")


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed (“same”), came (“added”) or went (“removed”)."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionChange:
    """A section whose text differs, with its pieces in reading order."""

    number: str
    title: str
    portion: str
    pieces: tuple[Piece, ...]


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from one plain text to the other."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("removed", "".join(before[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("added", "".join(after[b1:b2])))
    return tuple(pieces)


def sections_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[SectionChange, ...]:
    """The sections of two snapshots whose words differ, in the new outline's order."""
    before = {s["key"]: s for s in old["sections"]}
    return tuple(
        SectionChange(
            s["number"],
            s["title"],
            s["portion"],
            words_changed(
                plain_text(before.get(s["key"], {}).get("html", "")), plain_text(s["html"])
            ),
        )
        for s in new["sections"]
        if before.get(s["key"], {}).get("html", "") != s["html"]
    )
