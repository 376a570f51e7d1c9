"""What objectives and lines of effort plug into planning."""

from functools import cache
from pathlib import Path

from planning import entries
from planning.registers import READY_MADE, ReadyMade
from planning.registers.ready import load
from planning.strategy.registers import LINES, OBJECTIVES

FILE = Path(__file__).parent / "data" / "lines.yaml"


@cache
def candidates() -> tuple[ReadyMade, ...]:
    """The Handbook's candidate lines of effort."""
    return load(FILE)[LINES.key]


entries.plug_in_all((OBJECTIVES, LINES))
READY_MADE[LINES.key] = candidates
