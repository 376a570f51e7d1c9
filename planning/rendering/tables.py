"""Tables on paper: which places a cell covers, and how wide the columns are.

Word and Excel both call a file damaged whose spans overlap; HTML lets them. Here the first cell
that covers a place keeps it, and a later one becomes smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning.products.blocks import Cell, Table, grid, text_of


@dataclass(frozen=True)
class Placed:
    """A cell where it stands: row and column from 0, and the rows and columns that it covers.

    A place that no cell covers holds ``None`` for its cell.
    """

    row: int
    column: int
    rows: int
    columns: int
    cell: Cell | None


def layout(table: Table) -> tuple[list[list[Placed]], int]:
    """Who covers each place of a table, row by row, and how many columns there are.

    Every row of the answer has that many entries; a cell that covers several is in each.
    """
    cells = grid(table)
    width = max((len(row) for row in cells), default=0)
    owner: dict[tuple[int, int], Placed] = {}
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell is None or (y, x) in owner:
                continue
            across = 1
            while across < min(cell.colspan, width - x) and (y, x + across) not in owner:
                across += 1
            down = 1
            while down < min(cell.rowspan, len(cells) - y) and all(
                (y + down, x + dx) not in owner for dx in range(across)
            ):
                down += 1
            placed = Placed(y, x, down, across, cell)
            for dy in range(down):
                for dx in range(across):
                    owner[y + dy, x + dx] = placed
    return [
        [owner.get((y, x)) or Placed(y, x, 1, 1, None) for x in range(width)]
        for y in range(len(cells))
    ], width


def column_shares(
    rows: Sequence[Sequence[Placed]], width: int, letters: float = 84.0
) -> list[float]:
    """What part of the table's width each column takes, by its words; they add up to 1.

    Each column first takes what its longest word needs, of ``letters`` that a line of the whole
    table holds; the rest is shared by how much the columns say.
    """
    needs, wants = [], []
    for x in range(width):
        sizes, longest = [], 3
        for y, row in enumerate(rows):
            one = row[x]
            if one.cell is None or one.columns > 1 or one.row != y:
                continue
            text = text_of(one.cell.blocks)
            sizes.append(min(len(text), 400))
            longest = max(longest, min(max(map(len, text.split()), default=0), 16))
        needs.append(longest + 3.0)
        wants.append((sum(sizes) / len(sizes) if sizes else 0.0) ** 0.75 + 1.0)
    room = max(letters - sum(needs), 0.0) / (sum(wants) or 1.0)
    takes = [need + room * want for need, want in zip(needs, wants, strict=True)]
    total = sum(takes) or 1.0
    return [take / total for take in takes]
