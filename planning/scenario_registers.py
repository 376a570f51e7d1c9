"""Rows of registers that a scenario brings along: read from its folder, and checked before a play.

``registers/<register>.yaml`` holds the rows that a play enters first, a folder below it a later
part. A row names its ``id``, by which other rows and acts call it, and fields of the register;
a link lists the ids of rows that were entered before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from planning.registers import REGISTERS, Field, Kind, Register
from planning.registers.values import parse

Row = Mapping[str, Any]
Part = dict[str, list[Row]]
FOLDER = "registers"
OWN = frozenset({"id", "highlight", "portion"})  # what a row says beside its fields


def read(folder: Path) -> dict[str, Part]:
    """The rows by part and register; the part that a play enters first is ``""``."""
    found: dict[str, Part] = {}
    for path in sorted((folder / FOLDER).rglob("*.yaml")):
        part = "" if path.parent.name == FOLDER else path.parent.name
        with path.open(encoding="utf-8") as file:  # so that a fault of YAML names it
            rows = yaml.safe_load(file)
        found.setdefault(part, {})[path.stem] = plain(rows)
    return found


def plain(value: Any) -> Any:
    """What YAML reads, with its dates as the ISO text that registers take."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def values_of(row: Row) -> dict[str, Any]:
    """The row's fields alone."""
    return {key: value for key, value in row.items() if key not in OWN}


def links_of(register: Register, values: Row) -> dict[str, list[str]]:
    """The ids that values name, by the field of the link."""
    fields = [f for f in register.fields if f.kind is Kind.LINKS and values.get(f.key)]
    return {f.key: list(parse(f, values[f.key])) for f in fields}


def place(part: str, register: str, number: int, row: Row) -> str:
    """Where a row stands, as faults say it: “registers/crisis/actors.yaml, row 2 (minority)”."""
    name = f" ({row['id']})" if isinstance(row, Mapping) and "id" in row else ""
    return f"{where(part, register)}, row {number}{name}"


def where(part: str, register: str) -> str:
    """The file of a part's register: “registers/crisis/actors.yaml”."""
    return "/".join(filter(None, (FOLDER, part, f"{register}.yaml")))


# ---------- what is wrong with the rows by themselves


def faults(parts: Mapping[str, Part]) -> Iterator[str]:
    """Why rows cannot be entered, in words that name file and row."""
    first = {row["id"]: key for _, key, _, row in reversed(list(_rows(parts))) if _named(row)}
    seen: dict[str, str] = {}
    for part, registers in parts.items():
        for key, rows in registers.items():
            if key not in REGISTERS:
                yield f"{where(part, key)}: there is no register “{key}”; there is {_all()}."
            elif not isinstance(rows, list):
                yield f"{where(part, key)}: the file is a list of rows."
    for part, key, number, row in _rows(parts):
        here = place(part, key, number, row)
        if not _named(row):
            yield f"{here}: a row is a mapping with an “id”."
            continue
        if row["id"] in seen:
            yield f"{here}: {seen[row['id']]} has the same id."
        seen.setdefault(row["id"], here)
        register = REGISTERS[key]
        for fault in (*_own(row), *_missing(register, row), *wrong(register, values_of(row))):
            yield f"{here}: {fault}."
        for field, ids in _safe_links(register, row).items():
            yield from (f"{here}: {f}." for f in unlinked(register.field(field), ids, first))


def _rows(parts: Mapping[str, Part]) -> Iterator[tuple[str, str, int, Row]]:
    """Every row of a register that there is: its part, register and number in the file."""
    for part, registers in parts.items():
        for key, rows in registers.items():
            if key in REGISTERS and isinstance(rows, list):
                for number, row in enumerate(rows, 1):
                    yield part, key, number, row


def _named(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str) and bool(row["id"])


def _own(row: Row) -> Iterator[str]:
    if not isinstance(row.get("highlight", False), bool):
        yield "“highlight” is neither true nor false"
    if not isinstance(row.get("portion", ""), str):
        yield "“portion” is the code of a marking"


def _missing(register: Register, row: Row) -> Iterator[str]:
    for field in register.fields:
        if field.required and not row.get(field.key):
            yield f"“{field.key}” is missing"


def wrong(register: Register, values: Row) -> Iterator[str]:
    """What is wrong with the values of some fields, whatever other rows say."""
    for key, raw in values.items():
        field = next((f for f in register.fields if f.key == key), None)
        if field is None:
            names = ", ".join(f.key for f in register.fields if not f.act)
            yield f"{register.label} has no field “{key}”; it has {names}"
        elif field.act:
            yield f"“{key}” is set by an act of its own"
        else:
            try:
                parse(field, raw, title=field is register.title)
            except ValueError as error:
                yield f"“{key}”: {str(error).rstrip('.')}"


def _safe_links(register: Register, row: Row) -> dict[str, list[str]]:
    """The links of a row; none where they cannot be read, which ``wrong`` told already."""
    try:
        return links_of(register, row)
    except ValueError:
        return {}


def unlinked(field: Field, ids: Iterable[str], known: Mapping[str, str]) -> Iterator[str]:
    """Ids that name no row of a register to which the field leads; ``known`` are registers by id."""
    for one in ids:
        if known.get(one) not in field.to:
            found = f"it stands in {known[one]}" if one in known else "no row has this id"
            yield f"“{field.key}” names “{one}”, which is not in {' or '.join(field.to)} ({found})"


def _all() -> str:
    return ", ".join(REGISTERS)


# ---------- what is wrong with the order in which a play enters them


def entering(
    parts: Mapping[str, Part], part: str, registers: Sequence[str], entered: dict[str, str]
) -> Iterator[str]:
    """Why an act cannot enter a part's registers, given the rows ``entered`` before (registers by
    id), to which it adds its own."""
    for key in registers:
        if key not in parts.get(part, {}):
            yield f"there is no {where(part, key)}"
            continue
        for number, row in enumerate(parts[part][key], 1):
            if key not in REGISTERS or not _named(row):
                continue  # told already
            if row["id"] in entered:
                yield f"{place(part, key, number, row)} is entered already"
            for field, ids in _safe_links(REGISTERS[key], row).items():
                for one in ids:
                    if one not in entered:
                        yield (
                            f"{place(part, key, number, row)}: “{field}” names “{one}”, which "
                            "is not entered before it"
                        )
            entered[row["id"]] = key


def amending(register: str, entry: str, values: Any, entered: Mapping[str, str]) -> Iterator[str]:
    """Why an act cannot change an entry, given the rows ``entered`` before (registers by id)."""
    if register not in REGISTERS:
        yield f"there is no register “{register}”; there is {_all()}"
    elif entered.get(entry) != register:
        yield f"no earlier act entered “{entry}” in “{register}”"
    elif not isinstance(values, dict) or not values:
        yield "“values” are fields of the register"
    else:
        yield from wrong(REGISTERS[register], values)
        for field, ids in _safe_links(REGISTERS[register], values).items():
            yield from unlinked(REGISTERS[register].field(field), ids, entered)
