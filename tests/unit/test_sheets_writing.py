"""Tables that leave hold no live formula, and come back as they were."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from mapro.core.sheets import SheetTooLarge, read, write_csv, write_xlsx
from mapro.core.sheets.base import BAD, is_number

LIVE = ("=", "+", "-", "@", "\t", "\r")
DANGEROUS = [
    "=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "'=1", "''=1", "'=", "＝1", "－1",
    "=cmd|' /C calc'!A0", "- a list", "+1 202 555", "-", '"=1"', ";=1", ",=1",
]  # fmt: skip
HARMLESS = [
    "", "x", "'tis", "''", "'", "-1.5", "+3", "-1,5", "007", "5.0", "a\tb", "a\r\nb\rc\n", " x ",
    "_x0041_", "_x005F_x0041_", "x005F_", "_x000D_", "_xD83D_", "\ufeffx", 'say "hi"', "a;b,c", "\x85",
    "\u2028", "😀", "עברית", "<b>&amp;</b>", "]]>", "TRUE", "2013-12-05", "1e5", "\xa0", "\u200b",
]  # fmt: skip


def as_csv(header: list[str], rows: list[list[str]]) -> tuple[bytes, str]:
    return b"".join(write_csv(header, rows)), "x.csv"


def as_xlsx(header: list[str], rows: list[list[str]]) -> tuple[bytes, str]:
    return write_xlsx("Table", header, rows), "x.xlsx"


Way = Callable[[list[str], list[list[str]]], tuple[bytes, str]]
WAYS = pytest.mark.parametrize("way", [as_csv, as_xlsx])


def back(way: Way, header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    content, name = way(header, rows)
    sheet = read(io.BytesIO(content), name)
    return list(sheet.header), [list(row.cells) for row in sheet.rows]


letters = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff").filter(
    lambda c: not BAD.match(c)), max_size=12)  # fmt: skip
starts = st.sampled_from(
    ["", "=", "'", "''=", "-", "+", "@", "\t", "\r", " =", "_x000D_", "_x005F_"]
)
words = st.builds(str.__add__, starts, letters) | st.sampled_from(DANGEROUS + HARMLESS)
names = st.lists(
    words.map(str.strip).filter(bool), min_size=1, max_size=5, unique_by=str.casefold,
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    header = draw(names)
    width = len(header)
    row = st.lists(words, min_size=width, max_size=width).filter(any)
    return header, draw(st.lists(row, max_size=6))


@WAYS
@given(table=tables())
@example(table=(["a;b;c;d", "x,y"], [["1", "2"]]))
@example(table=(["a\nb", "c"], [["1", "2"]]))
@example(table=(["a\t\tb"], [["1"]]))
def test_what_is_written_is_read(way: Way, table: tuple[list[str], list[list[str]]]) -> None:
    assert back(way, *table) == table


@WAYS
@pytest.mark.parametrize("text", DANGEROUS + HARMLESS)
def test_these_texts_come_back(way: Way, text: str) -> None:
    assert back(way, ["a", "b"], [["x", text]]) == (["a", "b"], [["x", text]])


@WAYS
def test_characters_that_no_file_holds_are_left_out(way: Way) -> None:
    rows = [["a\x00b\x07\x1b\x7f\ud800c\uffff", "\x00=1"]]
    assert back(way, ["x\x01", "y"], rows) == (["x", "y"], [["abc", "=1"]])


@WAYS
def test_rows_without_a_word_are_not_kept(way: Way) -> None:
    assert back(way, ["a", "b"], [["", ""], ["1", ""]])[1] == [["1", ""]]


def test_no_cell_of_a_csv_is_live() -> None:
    rows = [[text] for text in DANGEROUS + HARMLESS]
    content = as_csv(["=a"], rows)[0].decode("utf-8-sig")
    found = [row[0] for row in csv.reader(io.StringIO(content, newline="")) if row]
    assert len(found) == len(rows) + 1
    live = [
        t
        for t in found
        if t.lstrip().startswith((*LIVE, "＝", "＋", "－", "＠")) and not is_number(t)
    ]
    assert live == []
    assert found[0] == "'=a"


def test_no_cell_of_a_workbook_is_live() -> None:
    content = as_xlsx(["=a"], [[text] for text in DANGEROUS + HARMLESS])[0]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Table"]
    for (cell,) in book["Table"].iter_rows():
        assert cell.data_type in {"s", "inlineStr", "n"}
        assert cell.data_type != "n" or cell.value is None
        if str(cell.value or "").startswith(LIVE):
            assert cell.quotePrefix
            assert cell.number_format == "@"
    assert book["Table"]["A2"].value == "=1+1"  # no apostrophe is seen
    assert book["Table"]["A2"].quotePrefix


def test_an_export_saved_again_as_another_kind_comes_back() -> None:
    """A spreadsheet shows the apostrophe of a CSV cell and keeps it in a workbook."""
    texts = [[text] for text in ("=1", "'=1", "- one", "'tis")]
    book = Workbook()
    content = as_csv(["a"], texts)[0].decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content, newline="")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert [list(row.cells) for row in read(out, "x.xlsx").rows] == texts


def test_csv_leaves_in_pieces() -> None:
    pieces = list(write_csv(["a"], (["x" * 1_000] for _ in range(1_000))))
    assert pieces[0] == b"\xef\xbb\xbf"
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 70_000


def test_a_cell_that_excel_cannot_hold_is_refused() -> None:
    assert len(as_xlsx(["a"], [["x" * 32_767]])[0])
    for text in ("x" * 32_768, "😀" * 16_384, "\r" * 5_000):
        with pytest.raises(SheetTooLarge, match="Row 3, column B: the cell has"):
            as_xlsx(["a", "b"], [["1", "2"], ["1", text]])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Actors", "Actors"), ("a/b:c[d]*?\\", "a b c d"), ("'x'", "x"), ("", "Table"), ("History", "Table"),
        ("x" * 40, "x" * 31), ("😀" * 20, "😀" * 15), ("\x00\x01", "Table"),
    ],
)  # fmt: skip
def test_names_of_sheets(title: str, name: str) -> None:
    assert load_workbook(io.BytesIO(write_xlsx(title, ["a"], []))).sheetnames == [name]
