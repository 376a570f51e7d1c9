"""What an effort may take in ready-made: the Handbook's lists in our own words, with their place
(``data/suggestions.yaml`` and ``data/legal.yaml``; the format is ``planning.registers.ready``'s)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planning.registers import ReadyMade
from planning.registers.ready import load

FOLDER = Path(__file__).parent.parent / "data"
FILES = ("suggestions.yaml", "legal.yaml")


def suggested(register: str) -> tuple[ReadyMade, ...]:
    """What may be taken into a register, in the Handbook's order; empty where it lists nothing."""
    return _all().get(register, ())


@cache
def _all() -> Mapping[str, tuple[ReadyMade, ...]]:
    return load(*(FOLDER / name for name in FILES))
