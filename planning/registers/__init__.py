"""What a register is, as data: its fields, how a value reads, and where its entries appear.

A register app declares a ``Register`` and calls ``plug_in`` when it is ready. Tables, pages, the
API, import and export, history and the sections that it fills follow from the declaration. No ORM.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from planning.registers.definition import Field, Kind, Register, Style, View

__all__ = [
    "READY_MADE",
    "REGISTERS",
    "Field",
    "Kind",
    "ReadyMade",
    "Register",
    "Style",
    "View",
    "by_prefix",
    "plug_in",
]

REGISTERS: dict[str, Register] = {}


@dataclass(frozen=True)
class ReadyMade:
    """What an effort may take into a register as it stands: ``values`` by field key, and where the
    Handbook has it. One with a ``prompt`` has no title: the team answers the question itself."""

    values: Mapping[str, str]
    cite: str
    prompt: str = ""


# The lists that register apps offer, by register.
READY_MADE: dict[str, Callable[[], Sequence[ReadyMade]]] = {}


def plug_in(register: Register) -> Register:
    """Add a register. Raises ValueError when its key or its prefix is another's."""
    for other in REGISTERS.values():
        if other != register and {other.key, other.prefix} & {register.key, register.prefix}:
            raise ValueError(f"Register {register.key!r} clashes with {other.key!r}.")
    REGISTERS[register.key] = register
    return register


def by_prefix(prefix: str) -> Register | None:
    """The register whose entries are called by this prefix: “ACT” of “ACT-3”."""
    wanted = prefix.upper()
    return next((r for r in REGISTERS.values() if r.prefix == wanted), None)
