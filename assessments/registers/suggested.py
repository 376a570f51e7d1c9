"""What an effort may take in ready-made: the Handbook's lists in our own words, with their place.

``data/suggestions.yaml`` and ``data/legal.yaml`` hold groups by register. A group has a ``cite``,
``values`` by field key for each of its entries, and ``entries`` (titles) or ``prompts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from planning.registers import REGISTERS, ReadyMade, Register
from planning.registers.values import parse

FOLDER = Path(__file__).parent.parent / "data"
FILES = ("suggestions.yaml", "legal.yaml")


def suggested(register: str) -> tuple[ReadyMade, ...]:
    """What may be taken into a register, in the Handbook's order; empty where it lists nothing."""
    return _all().get(register, ())


@cache
def _all() -> Mapping[str, tuple[ReadyMade, ...]]:
    found: dict[str, tuple[ReadyMade, ...]] = {}
    for name in FILES:
        data = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
        for key, groups in data.items():
            found[key] = (*found.get(key, ()), *read(name, key, groups))
    return found


def read(name: str, key: str, groups: list[Mapping[str, Any]]) -> Iterator[ReadyMade]:
    """The suggestions in the groups of one register, each value checked.

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
        for title in group.get("entries", ()):
            values = {register.title.key: title} | shared
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
