"""Tables that enter and leave: one reader and one writer for CSV and Excel files, no ORM.

``read`` takes files from outside, row by row in bounded memory, and refuses what could harm or
mislead; ``read_pasted`` takes cells copied from a spreadsheet. What ``write_csv`` and
``write_xlsx`` write holds no live formula, and ``read`` gives the same cells back.
"""

from mapro.core.sheets.base import (
    Limits,
    Sheet,
    SheetError,
    SheetRow,
    SheetTooLarge,
    column_letter,
    place,
    shown,
)
from mapro.core.sheets.pasted import PASTED, read_pasted
from mapro.core.sheets.reading import read
from mapro.core.sheets.writing import write_csv, write_xlsx

__all__ = [
    "PASTED",
    "Limits",
    "Sheet",
    "SheetError",
    "SheetRow",
    "SheetTooLarge",
    "column_letter",
    "place",
    "read",
    "read_pasted",
    "shown",
    "write_csv",
    "write_xlsx",
]
