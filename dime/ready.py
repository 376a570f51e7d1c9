"""What an effort may take in ready-made: the Handbook's policy risks, guidelines and considerations
in our own words (``data/ready.yaml``; the format is ``planning.registers.ready``'s)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planning.registers import ReadyMade
from planning.registers.ready import load

FILE = Path(__file__).parent / "data" / "ready.yaml"
REGISTERS = ("policy-risks", "policy-checks")


def offered(register: str) -> tuple[ReadyMade, ...]:
    """What may be taken into a register, in the Handbook's order."""
    return _all()[register]


@cache
def _all() -> Mapping[str, tuple[ReadyMade, ...]]:
    return load(FILE)
