"""Tools that work against each other when one option uses both (``dime/data/conflicts.yaml``).

Judgment, which may be overruled with a reason. No ORM here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

DATA = Path(__file__).parent / "data" / "conflicts.yaml"


class Conflict(NamedTuple):
    """Two tools by key, and why they clash. ``same_target`` if only when both aim at the same
    actor."""

    a: str
    b: str
    why: str
    same_target: bool

    def other(self, key: str) -> str:
        """The other of the two."""
        return self.b if key == self.a else self.a


@lru_cache(maxsize=1)
def conflicts() -> Sequence[Conflict]:
    """Every pair, in the order of the file."""
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))["conflicts"]
    return [
        Conflict(row["tools"][0], row["tools"][1], row["why"], row["same_target"]) for row in rows
    ]


def conflicts_between(keys: Iterable[str]) -> list[Conflict]:
    """The pairs of which both tools are among ``keys``."""
    held = set(keys)
    return [one for one in conflicts() if one.a in held and one.b in held]


def conflicts_of(key: str) -> list[Conflict]:
    """The pairs of which a tool is one."""
    return [one for one in conflicts() if key in {one.a, one.b}]
