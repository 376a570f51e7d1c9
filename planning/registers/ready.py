"""Ready-made lists of a register, read from files in our own words, with their place.

A file holds groups by register. A group has a ``cite``, ``values`` by field key for each of its
entries, and ``entries`` or ``prompts``. An entry is a title, or the values of its own by field key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from planning.registers import REGISTERS, ReadyMade, Register
from planning.registers.values import parse


def load(*files: Path) -> Mapping[str, tuple[ReadyMade, ...]]:
    """What the files list, by register, in their order. Raises ValueError as ``read``."""
    found: dict[str, tuple[ReadyMade, ...]] = {}
    for file in files:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        for key, groups in data.items():
            found[key] = (*found.get(key, ()), *read(file.name, key, groups))
    return found


def read(name: str, key: str, groups: list[Mapping[str, Any]]) -> Iterator[ReadyMade]:
    """The entries and prompts in the groups of one register, each value checked.

    Raises ValueError that names the file, the register and what is wrong.
    """
    if key not in REGISTERS:
        raise ValueError(f"{name}: there is no register {key!r}.")
    register = REGISTERS[key]
    for group in groups:
        if unknown := set(group) - {"cite", "values", "entries", "prompts"}:
            raise ValueError(f"{name}, {key}: a group has no {sorted(unknown)}.")
        if not group.get("cite"):
            raise ValueError(f"{name}, {key}: a group lacks its cite.")
        shared = dict(group.get("values", {}))
        for entry in group.get("entries", ()):
            own = dict(entry) if isinstance(entry, Mapping) else {register.title.key: entry}
            if not own.get(register.title.key):
                raise ValueError(f"{name}, {key}: an entry lacks its {register.title.key!r}.")
            values = own | shared
            _check(name, register, values)
            yield ReadyMade(values, group["cite"])
        for prompt in group.get("prompts", ()):
            _check(name, register, shared)
            yield ReadyMade(shared, group["cite"], prompt)


def _check(name: str, register: Register, values: Mapping[str, str]) -> None:
    for key, raw in values.items():
        try:
            parse(register.field(key), raw, title=key == register.title.key)
        except (LookupError, ValueError) as error:
            raise ValueError(f"{name}, {register.key}, {key!r}: {error}") from error
