"""Tables on slides: parted by columns and by rows, with their header on every part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from planning.products.blocks import Cell, Table
from planning.rendering.slides_size import (
    CELL_GAP,
    CELL_SIDES,
    TABLE_LINE,
    column_widths,
    row_heights,
    short_cell,
)
from planning.rendering.tables import Placed, layout

MAX_COLUMNS = 6
CELL_LINES, HEAD_LINES = 7, 4  # of a cell, of a cell in the header
HEAD_HEIGHT = HEAD_LINES * TABLE_LINE + CELL_GAP + 1  # what is higher is no header
ROW_HEIGHT = 245.0  # of a row with its header; the longest title leaves so much room


class Part:
    """Some columns of a table, any rows of which can be taken out as a table of their own.

    ``head`` rows come first on each; ``whole`` is whether the cells show all their words.
    """

    def __init__(self, rows: Sequence[Sequence[Placed]], head: int, width: float) -> None:
        self.rows = rows
        self.head = head
        self.whole = True
        self._cells: dict[tuple[int, int], Cell] = {}
        for row in rows:
            for one in row:
                if one.cell is not None:
                    self._cells[one.row, one.column] = one.cell
        across = column_widths(self.table(range(head, len(rows))), width)
        for y, row in enumerate(rows):
            self._cut(y, row, across, HEAD_LINES if y < head else CELL_LINES)
        if head and sum(row_heights(self.table(()), width)) > HEAD_HEIGHT:
            self.head = 0
        for y in range(self.head, len(rows)):
            # Alone with its header a row may have narrower columns.
            for most in range(CELL_LINES - 1, 0, -1):
                alone = self.table((y,))
                if sum(row_heights(alone, width)) <= ROW_HEIGHT:
                    break
                self._cut(y, rows[y], column_widths(alone, width), most)

    def _cut(self, y: int, row: Sequence[Placed], across: Sequence[float], most: int) -> None:
        """Let the cells of a row that begin in it, or are shown alone, have ``most`` lines."""
        for one in row:
            place = one.row, one.column
            if one.cell is None:
                continue
            room = sum(w for w, other in zip(across, row, strict=True) if _same(one, other))
            cut, was_cut = short_cell(self._cells[place], room - CELL_SIDES, most)
            self._cells[place] = Cell(cut.blocks, one.cell.header or y < self.head)
            self.whole &= not was_cut

    def table(self, chosen: Sequence[int]) -> Table:
        """The header and the ``chosen`` rows; cells that cover several of them are joined anew."""
        order = [*range(self.head), *chosen]
        return Table(tuple(tuple(self._row(order, n)) for n in range(len(order))), self.head)

    def _row(self, order: Sequence[int], place: int) -> Iterator[Cell]:
        row = self.rows[order[place]]
        for x, one in enumerate(row):
            if x and _same(row[x - 1], one):
                continue
            # A header ends where the text begins: a cell that covers both is shown in both.
            if place not in {0, self.head} and _same(self.rows[order[place - 1]][x], one):
                continue
            across = 1
            while x + across < len(row) and _same(row[x + across], one):
                across += 1
            last = self.head if place < self.head else len(order)
            down = 1
            while place + down < last and _same(self.rows[order[place + down]][x], one):
                down += 1
            found = self._cells.get((one.row, one.column), Cell(()))
            yield replace(found, colspan=across, rowspan=down)


def _same(one: Placed, other: Placed) -> bool:
    return (one.row, one.column) == (other.row, other.column)


def parts(table: Table, width: float) -> Iterator[Part]:
    """A table as parts that are not broader than a slide; the first column is on each."""
    rows, columns = layout(table)
    if not columns:
        return
    groups = [list(range(columns))]
    if columns > MAX_COLUMNS:
        others = list(range(1, columns))
        count = math.ceil(len(others) / (MAX_COLUMNS - 1))
        step = math.ceil(len(others) / count)
        groups = [[0, *others[i : i + step]] for i in range(0, len(others), step)]
    for group in groups:
        yield Part([[row[x] for x in group] for row in rows], table.head, width)
