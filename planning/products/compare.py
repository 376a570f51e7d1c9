"""What changed between two frozen texts: by section, and word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from planning.products.richtext import plain_text

_WORDS = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+$")
MAX_PAIRS = 4_000_000
CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed (“same”), came (“added”) or went (“removed”)."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionChange:
    """A section that differs, with its pieces in reading order.

    ``kind`` says whether the section itself was there before and is there now. ``remarks`` tell
    what else changed: its title, its marking, its form.
    """

    key: str
    number: str
    title: str
    portion: str
    kind: str
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """How many words came."""
        return sum(len(p.text.split()) for p in self.pieces if p.kind == "added")

    @property
    def removed(self) -> int:
        """How many words went."""
        return sum(len(p.text.split()) for p in self.pieces if p.kind == "removed")


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from one plain text to the other.

    Lines that stayed are found first and words only between them, so that the work grows with
    what changed; where both sides are above ``MAX_PAIRS`` pairs of words they are told whole.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        pieces += [Piece("same", gone)] if op == "equal" else _words_between(gone, come)
    return tuple(pieces)


def _words_between(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if not before or not after or len(before) * len(after) > MAX_PAIRS:
        told = (("removed", "".join(before)), ("added", "".join(after)))
        return [Piece(kind, text) for kind, text in told if text]
    pieces: list[Piece] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("removed", "".join(before[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("added", "".join(after[b1:b2])))
    return pieces


def sections_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[SectionChange, ...]:
    """The sections of two snapshots that differ: in the new outline's order, then those that went."""
    before = {s["key"]: s for s in old["sections"]}
    after = {s["key"] for s in new["sections"]}
    found = []
    for row in new["sections"]:
        past = before.get(row["key"])
        remarks = _remarks(past, row) if past else ()
        if past is None or remarks or _text(past) != _text(row):
            pieces = words_changed(_text(past) if past else "", _text(row))
            found.append(_change(row, CHANGED if past else ADDED, pieces, remarks))
    found += [
        _change(row, REMOVED, words_changed(_text(row), ""), ())
        for row in old["sections"]
        if row["key"] not in after
    ]
    return tuple(found)


def _change(
    row: Mapping[str, Any], kind: str, pieces: tuple[Piece, ...], remarks: tuple[str, ...]
) -> SectionChange:
    return SectionChange(
        row["key"], row["number"], row["title"], row["portion"], kind, pieces, remarks
    )


def _text(row: Mapping[str, Any]) -> str:
    """The words of a section, those of its registers behind its own."""
    parts = [plain_text(row["html"])]
    parts += [f"{r['label']}\n{plain_text(r['html'])}" for r in row.get("registers", ())]
    return "\n".join(part for part in parts if part)


def _remarks(past: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    if past["title"] != row["title"]:
        found.append(f"Title before: “{past['title']}”.")
    if past["portion"] != row["portion"]:
        found.append(f"Marking before: {past['portion']}.")
    if past["html"] != row["html"] and _text(past) == _text(row):
        found.append("The words are the same; their form changed.")
    return tuple(found)
