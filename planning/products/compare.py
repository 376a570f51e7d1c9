"""What changed between two frozen texts: by section, and word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from planning.products.richtext import plain_text

_WORDS = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+$")
MAX_WORK = 10_000_000  # steps of a matcher; a few seconds at most
MAX_EDITS = 600  # additions and removals that are looked for one by one
Opcode = tuple[str, int, int, int, int]
CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed (“same”), came (“added”) or went (“removed”)."""

    kind: str
    text: str


AROUND = 10  # words that are kept of an unchanged run, at each side of a change


def shortened(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The same pieces with long unchanged runs left out but for the words next to a change."""
    found = []
    for place, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text.split()) <= 3 * AROUND:
            found.append(piece)
            continue
        words = piece.text.split(" ")
        head = " ".join(words[:AROUND]) if place else ""
        tail = " ".join(words[-AROUND:]) if place < len(pieces) - 1 else ""
        found.append(Piece("same", f"{head} … {tail}"))
    return tuple(found)


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
    def short(self) -> tuple[Piece, ...]:
        """The changes with the words around them alone."""
        return shortened(self.pieces)

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
    what changed. What differs too much to be matched within ``MAX_WORK`` is told whole.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = opcodes(before, after)
    if found is None:
        return tuple(_whole(old, new))
    pieces: list[Piece] = []
    left = MAX_WORK
    for op, a1, a2, b1, b2 in found:
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        if op == "equal":
            pieces.append(Piece("same", gone))
            continue
        words = _WORDS.findall(gone), _WORDS.findall(come)
        between = _words_between(*words) if left > 0 else None
        left -= _work(*words)
        pieces += _whole(gone, come) if between is None else between
    return tuple(pieces)


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode] | None:
    """What ``SequenceMatcher.get_opcodes`` says, or None where that would take too long.

    What is the same at the beginning and at the end is taken off first. Where the rest repeats
    itself so much that the matcher's time would run away, the shortest way of additions and
    removals is looked for, whose time is bounded.
    """
    head, shorter = 0, min(len(before), len(after))
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    end_a, end_b = len(before) - tail, len(after) - tail
    old, new = before[head:end_a], after[head:end_b]
    inner: list[Opcode] | None
    if _work(old, new) <= MAX_WORK:
        inner = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    else:
        inner = _shortest(old, new)
    if inner is None:
        return None
    found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    found += [(op, a1 + head, a2 + head, b1 + head, b2 + head) for op, a1, a2, b1, b2 in inner]
    if tail:
        found.append(("equal", end_a, len(before), end_b, len(after)))
    return found


def _work(before: Sequence[str], after: Sequence[str]) -> int:
    """How many steps ``SequenceMatcher`` takes at most: a pass over the equal pairs for each match."""
    there = Counter(after)
    pairs = sum(times * there[entry] for entry, times in Counter(before).items())
    return (pairs + len(before) + len(after)) * min(len(before), len(after), pairs)


def _shortest(before: Sequence[str], after: Sequence[str]) -> list[Opcode] | None:
    """The opcodes of the fewest additions and removals (Myers, 1986), or None above ``MAX_EDITS``."""
    old, new = len(before), len(after)
    most = min(MAX_EDITS, MAX_WORK // max(1, min(old, new)))
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(most + 1):
        trace.append({k: furthest[k] for k in range(-edits - 1, edits + 2) if k in furthest})
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < old and x - k < new and before[x] == after[x - k]:
                x += 1
            furthest[k] = x
            if x >= old and x - k >= new:
                return _told(_kept(trace, old, new), old, new)
    return None


def _kept(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """The places of the entries that stayed, read backwards from the search."""
    kept: list[tuple[int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        before_k = k + 1 if down else k - 1
        from_x = furthest[before_k] if edits else 0
        from_y = from_x - before_k if edits else 0
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            kept.append((x, y))
        x, y = from_x, from_y
    return kept[::-1]


def _told(kept: list[tuple[int, int]], old: int, new: int) -> list[Opcode]:
    """Opcodes from the places of what stayed."""
    found: list[Opcode] = []
    a = b = 0
    for x, y in (*kept, (old, new)):
        if x > a or y > b:
            op = "replace" if x > a and y > b else "delete" if x > a else "insert"
            found.append((op, a, x, b, y))
        if x < old or y < new:
            if found and found[-1][0] == "equal" and (x, y) == (a, b):
                _, a1, _, b1, _ = found.pop()
                found.append(("equal", a1, x + 1, b1, y + 1))
            else:
                found.append(("equal", x, x + 1, y, y + 1))
        a, b = x + 1, y + 1
    return found


def _whole(old: str, new: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in (("removed", old), ("added", new)) if text]


def _words_between(before: list[str], after: list[str]) -> list[Piece] | None:
    found = opcodes(before, after)
    if found is None:
        return None
    pieces: list[Piece] = []
    for op, a1, a2, b1, b2 in found:
        if op == "equal":
            pieces.append(Piece("same", "".join(before[a1:a2])))
            continue
        pieces += _whole("".join(before[a1:a2]), "".join(after[b1:b2]))
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
