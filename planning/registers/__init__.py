"""What a register is, as data: its fields, how a value reads, and where its entries appear.

A register app declares a ``Register`` and calls ``plug_in`` when it is ready. Tables, pages, the
API, import and export, history and the sections that it fills follow from the declaration. No ORM.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from planning.registers.definition import Field, Kind, Register, Style, View

__all__ = [
    "CATALOGUES",
    "READY_MADE",
    "REGISTERS",
    "RULES",
    "Catalogue",
    "Field",
    "Kind",
    "Proposal",
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


class Catalogue(Protocol):
    """Something that all efforts share and whose items entries refer to."""

    def find(self, effort: Any, text: str, held: Mapping[str, Any] | None) -> dict[str, Any]:
        """The item that ``text`` names by key or label, as ``{"key", "label", "version"}``.

        ``held`` is what the entry refers to already, which may have been retired since. What was
        read is kept on ``effort``. Raises ValueError with words for one that is none, or retired.
        """

    def offered(self, effort: Any) -> Sequence[tuple[str, str]]:
        """The items to choose from: key and label, in the catalogue's order."""


# The catalogues of register apps, by name.
CATALOGUES: dict[str, Catalogue] = {}


@dataclass(frozen=True)
class Proposal:
    """What an act would make of an entry, before it is written.

    ``entry`` is None for one that is to be added. ``values`` are all values that it would have, by
    field key, links as entries. ``retiring`` when it is to be taken away.
    """

    effort: Any
    entry: Any | None
    values: Mapping[str, Any]
    retiring: bool = False


# What several fields of an entry, or others of its effort, must agree on: faults by field key, in
# words that say how to mend them; none when it may be. By register.
RULES: dict[str, Callable[[Proposal], Mapping[str, str]]] = {}


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
