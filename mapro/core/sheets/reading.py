"""One way in for every table: what a file is, its header, its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from mapro.core.sheets import texts, workbook
from mapro.core.sheets.base import (
    MAX_NUMBER,
    STANDARD,
    Limits,
    Sheet,
    SheetError,
    SheetRow,
    SheetTooLarge,
    flaw_of,
    shown,
    unguarded,
)
from mapro.core.sheets.files import OLE, Counted, Package, size_of
from mapro.core.sheets.parts import with_macros
from mapro.core.sheets.texts import RawRow

_MACROS = (".xlsm", ".xltm", ".xlam", ".xlsb")
_MAC = ("__MACOSX/", ".DS_Store")  # what a Mac packs beside the file


def read(source: BinaryIO | Path, name: str, *, limits: Limits = STANDARD) -> Sheet:
    """The table in a file; ``name`` is the name that it came with: .csv, .xlsx, or .zip of a .csv.

    ``source`` is a path or an open file that can be sought in and stays the caller's. Raises
    SheetTooLarge beyond ``limits``, SheetError for everything else that is refused; rows that are
    refused raise while they are read (see ``Sheet``).
    """
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        raw, formulas = _opened(stream, name, limits, stack)
        rows = _Rows(raw, limits, formulas=formulas)
        head = next(rows, None)
        if head is None:
            raise SheetError("This file is empty. Its first row names the columns.")
        rows.header = _header(head)
        rows.closing = stack.pop_all()
    return Sheet(rows.header, rows, head.number)


def _opened(
    stream: BinaryIO, name: str, limits: Limits, closing: ExitStack
) -> tuple[Iterator[RawRow], bool]:
    """The raw rows of a file, and whether formulas are to be looked for in its text."""
    low = name.casefold()
    size = size_of(stream)
    if size > limits.max_bytes:
        raise _too_large(limits)
    first = stream.read(8)
    stream.seek(0)
    if first.startswith(OLE) or low.endswith(".xls"):
        raise SheetError(
            "This is an old Excel workbook, or one with a password. Save it as “Excel Workbook "
            "(.xlsx)” without a password."
        )
    if low.endswith(_MACROS):
        raise with_macros()
    if low.endswith(".csv"):
        texts.check_start(first)
        return texts.rows(Counted(stream, _bound(limits)), limits), True
    if low.endswith(".xlsx"):
        return workbook.rows(Package(stream, size, limits), limits, closing), False
    if low.endswith(".zip"):
        return texts.rows(_packed(Package(stream, size, limits)), limits), True
    raise SheetError(
        f"{shown(name)} is of no kind that can be read. Give a .csv, a .xlsx, or a .zip that holds "
        "one .csv."
    )


def _bound(limits: Limits) -> texts.Bound:
    def check(total: int) -> None:
        if total > limits.max_bytes:
            raise _too_large(limits)

    return check


def _too_large(limits: Limits) -> SheetTooLarge:
    most = limits.max_bytes / 1_000_000
    return SheetTooLarge(f"This file has more than {most:g} MB. Part it into several files.")


def _packed(package: Package) -> Counted:
    """The one CSV text of a package."""
    names = [one for one in package.members if not one.startswith(_MAC[0])]
    names = [one for one in names if not one.endswith(_MAC[1])]
    if len(names) != 1 or not names[0].casefold().endswith(".csv"):
        listed = ", ".join(shown(one) for one in names[:5]) or "nothing"
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""  # noqa: PLR2004
        raise SheetError(
            f"A .zip may hold one .csv and nothing else; this one holds {listed}{more}."
        )
    with package.open(names[0]) as begin:
        texts.check_start(begin.read(8))
    return package.open(names[0])


def _header(row: SheetRow) -> tuple[str, ...]:
    """The names of the columns. Raises SheetError when one has none, or two have the same."""
    names = tuple(cell.strip() for cell in row.cells)
    while names and not names[-1]:
        names = names[:-1]
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            raise SheetError("the column has no name. Give it one.", row.number, index)
        other = seen.setdefault(name.casefold(), index)
        if other != index:
            raise SheetError(
                "the column before it has the same name. Rename or delete one of them."
                if other == index - 1
                else f"the {other + 1}. column has the same name. Rename or delete one of them.",
                row.number, index, names,
            )  # fmt: skip
    if not names:
        raise SheetError("The first row of the table names no column.", row.number)
    return names


class _Rows(Iterator[SheetRow]):
    """Checked rows. It can go on after a row that it refused, which a generator cannot."""

    def __init__(self, raw: Iterator[RawRow], limits: Limits, *, formulas: bool) -> None:
        self.raw = raw
        self.limits = limits
        self.formulas = formulas
        self.header: tuple[str, ...] = ()
        self.closing = ExitStack()
        self.count = 0

    def __next__(self) -> SheetRow:
        try:
            return self._next()
        except SheetError:
            raise
        except BaseException:
            self.closing.close()
            raise

    def _next(self) -> SheetRow:
        for item in self.raw:
            if isinstance(item, tuple):
                number, cells = item
                if number > MAX_NUMBER:
                    self.raw = iter(())
                    raise SheetTooLarge(f"more than {MAX_NUMBER:,} rows.", number)
                if not any(cells):
                    continue
                flaw = flaw_of(number, cells, self.limits, formulas=self.formulas)
            else:
                number, cells, flaw = item.row, [], item
            self.count += 1
            if self.count > self.limits.max_rows + 1:  # the header is one of them
                self.raw = iter(())
                raise SheetTooLarge(
                    f"more than {self.limits.max_rows:,} rows. Part the table into several files.",
                    number,
                )
            if flaw is not None:
                raise flaw.error(self.header)
            return SheetRow(number, self._fitted(cells))
        raise StopIteration

    def _fitted(self, cells: list[str]) -> tuple[str, ...]:
        """As broad as the header where only empty cells are too many, or missing in a workbook."""
        width = len(self.header)
        while len(cells) > width and width and not cells[-1]:
            cells.pop()
        if not self.formulas:
            cells.extend([""] * (width - len(cells)))
        return tuple(map(unguarded, cells))
