"""Cells that were copied in a spreadsheet and pasted as text.

A spreadsheet copies what its cells show, never their formulas, so a leading dash, plus or @ is
prose or a telephone number here and stays. A leading = is a formula that was copied as text, and
is refused as in a file.
"""

from __future__ import annotations

import re

from mapro.core.sheets.base import (
    Flaw,
    Limits,
    SheetRow,
    SheetTooLarge,
    flaw_of,
    shown,
    unguarded,
)

PASTED = Limits(max_bytes=4_000_000, max_rows=500, max_columns=50)
# Excel puts quotation marks around a cell only if it holds a tab or a line break, and then
# doubles those inside. Others that look alike are the words of the cell.
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\r\n]|\Z)')
_PLAIN = re.compile(r"[^\t\r\n]*")
_END = re.compile(r"\t|\r\n|\r|\n|\Z")


def read_pasted(text: str, limits: Limits = PASTED) -> list[SheetRow]:
    """The rows of a pasted range, blank ones between others too, numbered from 1.

    Raises SheetTooLarge beyond the limits (``max_bytes`` counts characters), SheetError for a
    formula or a control character.
    """
    if len(text) > limits.max_bytes:
        raise SheetTooLarge(
            f"This is {len(text):,} characters; {limits.max_bytes:,} is the most for pasting. "
            "Import it as a file."
        )
    made: list[SheetRow] = []
    for cells in _parted(text, limits):
        number = len(made) + 1
        flaw = flaw_of(number, cells, limits, formulas=False)
        for index, cell in enumerate(cells):
            if flaw is None and cell.startswith("="):
                flaw = Flaw(
                    number, index,
                    f"{shown(cell)} is a formula. Copy the cells that show its result.",
                )  # fmt: skip
        if flaw is not None:
            raise flaw.error(())
        made.append(SheetRow(number, tuple(map(unguarded, cells))))
    return made


def _parted(text: str, limits: Limits) -> list[list[str]]:
    """The cells of each row. Stops with a refusal as soon as there are too many."""
    rows: list[list[str]] = []
    row: list[str] = []
    position = 0
    while position < len(text) or row:
        cell, position = _cell(text, position)
        row.append(cell)
        end = _END.match(text, position)
        sign = end.group() if end else ""
        position += len(sign)
        if len(row) > limits.max_columns:
            raise SheetTooLarge(
                f"there are more than {limits.max_columns} cells, the most for pasting.",
                len(rows) + 1,
            )
        if sign != "\t":
            rows.append(row)
            row = []
        if len(rows) > limits.max_rows:
            raise SheetTooLarge(
                f"This is more than {limits.max_rows} rows, the most for pasting. Import it as a "
                "file, or paste it in parts."
            )
    return rows


def _cell(text: str, position: int) -> tuple[str, int]:
    """The cell that begins here, and where it ends."""
    if text.startswith('"', position) and (found := _QUOTED.match(text, position)):
        inner = found.group(1)
        if not inner or re.search(r'[\t\r\n]|""', inner):
            return inner.replace('""', '"'), found.end()
    plain = _PLAIN.match(text, position)
    return (plain.group(), plain.end()) if plain else ("", position)
