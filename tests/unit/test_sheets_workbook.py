"""Excel workbooks: what is read, and what is refused where."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from mapro.core.sheets import Limits, Sheet, SheetError, SheetTooLarge, read
from mapro.core.sheets.parts import Words

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
Change = bytes | Callable[[bytes], bytes]


def workbook(*rows: list[Any]) -> bytes:
    """A workbook as the library writes it."""
    book = Workbook()
    for row in rows or (["id", "place"], ["1", "Obo"]):
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(parts: Mapping[str, Change], content: bytes = b"") -> bytes:
    """A workbook, or else a plain one, with parts changed or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        data = {name: old.read(name) for name in old.namelist()}
        for name, part in parts.items():
            data[name] = part(data.get(name, b"")) if callable(part) else part
        for name, kept in data.items():
            new.writestr(name, kept)
    return out.getvalue()


def sheet_of(body: str) -> bytes:
    """A workbook whose sheet has these rows."""
    return with_parts(
        {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'.encode()}
    )


def opened(content: bytes, limits: Limits | None = None, name: str = "x.xlsx") -> Sheet:
    return read(io.BytesIO(content), name, limits=limits or Limits())


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in opened(content).rows]


def refusal(content: bytes, limits: Limits | None = None, name: str = "x.xlsx") -> SheetError:
    with pytest.raises(SheetError) as caught:
        list(opened(content, limits, name).rows)
    return caught.value


# ---------- what is read


def test_values_are_read_as_text() -> None:
    values = {
        5: "5", -7: "-7", 4.0: "4", 18.583333: "18.583333", 1e20: "1e+20", 0.1: "0.1",
        date(2013, 12, 5): "2013-12-05", datetime(2013, 12, 5): "2013-12-05",  # noqa: DTZ001
        datetime(2013, 12, 5, 13, 30): "2013-12-05T13:30:00", time(13, 30): "13:30:00",  # noqa: DTZ001
        timedelta(hours=30, minutes=5): "30:05:00", "Ouham-Pendé\n=1": "Ouham-Pendé\n=1",
        " x ": " x ", True: "TRUE", "#N/A": "#N/A", "1.0": "1.0", "007": "007",
    }  # fmt: skip
    content = workbook(*[["kind", "value"], *([str(type(v)), v] for v in values)])
    assert [row[1] for row in cells(content)] == list(values.values())


def test_days_can_be_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = MAC_EPOCH
    for value in ("day", date(2013, 12, 5)):
        book.active.append([value])
    assert cells(saved(book)) == [("2013-12-05",)]


def test_shared_words_with_styles_and_pronunciation() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    page.write_row(0, 0, ["a", "b", "c"])
    page.write_rich_string(1, 0, "plain ", bold, "strong", " end")
    page.write_row(1, 1, ["same", "same"])
    page.write_datetime(2, 2, datetime(2013, 12, 5), book.add_format({"num_format": "d mmm yyyy"}))  # noqa: DTZ001
    book.close()
    assert cells(out.getvalue()) == [("plain strong end", "same", "same"), ("", "", "2013-12-05")]
    spoken = "<si><t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh></si>"
    words = f'<sst xmlns="{MAIN}"><si><t>a</t></si>{spoken}<si/></sst>'.encode()
    content = with_parts({
        "xl/sharedStrings.xml": words,
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="s"><v>0</v></c></row><row><c t="s">'
        '<v>1</v></c><c t="s"><v>2</v></c></row></sheetData></worksheet>'.encode(),
    }, out.getvalue())  # fmt: skip
    assert cells(content) == [("東京",)]


def test_gaps_are_empty_cells_and_blank_rows_are_passed_over() -> None:
    body = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="0"/></row><row r="7"><c r="D7"><v>9</v></c><c r="F7"/></row>'
    )
    with pytest.raises(SheetError, match="Row 2, column A: the column has no name"):
        opened(sheet_of(body))
    body = '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>6</v></c></row>' + body.replace("D", "C")
    rows = [(row.number, row.cells) for row in opened(sheet_of(body)).rows]
    assert rows == [(2, ("", "1", "2")), (7, ("", "", "9"))]


def test_a_row_too_broad_for_its_header_stays_so() -> None:
    assert cells(workbook(["a", "b"], ["1", "2", "3"], ["1"])) == [("1", "2", "3"), ("1", "")]


def test_empty_sheets_and_charts_beside_the_table_do_no_harm() -> None:
    book = Workbook()
    book.active.append(["a"])
    book.create_sheet("Sheet2")
    book.create_chartsheet("Chart")
    assert opened(saved(book)).header == ("a",)


def test_words_with_codes() -> None:
    body = (
        '<row><c t="inlineStr"><is><t>a</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>x_x000D_\ny_x005F_x000D_z_xD83D_</t></is></c></row>'
    )
    assert cells(sheet_of(body)) == [("x\r\ny_x000D_z_xD83D_",)]


def test_text_that_looks_like_a_formula_is_text() -> None:
    body = '<row><c t="inlineStr"><is><t>a</t></is></c></row><row><c t="str"><v>=1+1</v></c></row>'
    assert cells(sheet_of(body)) == [("=1+1",)]


# ---------- formulas and cells


def test_a_formula_is_refused_with_row_and_column_and_reading_goes_on() -> None:
    sheet = opened(workbook(["id", "place"], ["1", "=1+1"], ["2", "Obo"]))
    with pytest.raises(SheetError) as caught:
        next(sheet.rows)
    assert caught.value.message.startswith("Row 2, column “place” (B): the cell holds a formula")
    assert next(sheet.rows).cells == ("2", "Obo")


def test_a_formula_in_the_header_is_refused() -> None:
    assert "Row 1, column B" in refusal(workbook(["id", "=1+1"])).message


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c t="s"><v>99</v></c>', "the cell is damaged"),
        ('<c t="s"><v>-1</v></c>', "the cell is damaged"),
        ('<c t="s"><v>x</v></c>', "the cell is damaged"),
        ("<c><v>nan</v></c>", "“nan” is stored as a number and is none"),
        ("<c><v>1_0.0</v></c>", "is stored as a number and is none"),
        ("<c><v>1e999</v></c>", "is stored as a number and is none"),
        ('<c s="1"><v>9999999</v></c>', "“9999999” is stored as a date and is none"),
        ('<c s="1"><v>-1</v></c>', "is stored as a date and is none"),
        ('<c t="str"><v>a_x0007_b</v></c>', "control character U+0007"),
        ("<c><f>1+1</f><v>2</v></c>", "holds a formula"),
        ("<c><f/></c>", "holds a formula"),
    ],
)
def test_cells_that_are_refused_with_row_and_column(cell: str, words: str) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    body = f'<row><c t="str"><v>a</v></c></row><row r="4">{cell}</row>'
    content = with_parts({"xl/styles.xml": styles.encode()}, sheet_of(body))
    message = refusal(content).message
    assert message.startswith("Row 4, column “a” (A): ")
    assert words in message


def test_bounds_hold_in_workbooks() -> None:
    limits = Limits(max_rows=2, max_columns=3, max_cell=10)
    assert refusal(workbook(["a"], [1], [2], [3]), limits).message.startswith(
        "Row 4: more than 2 rows"
    )
    assert "Row 1: there are 4 cells" in refusal(workbook(list("abcd")), limits).message
    error = refusal(workbook(["a", "b"], [1, "x" * 11]), limits)
    assert isinstance(error, SheetTooLarge)
    assert error.message.startswith("Row 2, column “b” (B): the cell has 11 characters")
    error = refusal(workbook(["a", "b"], [1, "x" * 500]), limits)
    assert error.message.startswith("Row 2, column “b” (B)")
    wide = '<row><c t="str"><v>a</v></c></row><row><c r="ZZZ2"><v>1</v></c></row>'
    assert "Row 2: there are 18,278 cells" in refusal(sheet_of(wide)).message


def test_a_row_far_down_does_not_fill_the_gap() -> None:
    for number in ("1048577", "9999999"):
        body = f'<row r="1"><c><v>1</v></c></row><row r="{number}"><c><v>1</v></c></row>'
        assert "more than 1,048,576 rows" in refusal(sheet_of(body)).message


@pytest.mark.parametrize(
    "body",
    [
        '<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A-1"><v>1</v></c></row>',
        '<row r="99999999999"><c><v>1</v></c></row>',
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="1"><c><c><v>1</v></c></c></row>',
        "<row><c><v>1</v></c>",
        "<a>" * 100 + "</a>" * 100,
        "<!--" + "x" * 2_000_000 + "-->",
    ],
)  # fmt: skip
def test_sheets_that_no_program_writes_are_refused(body: str) -> None:
    message = refusal(sheet_of(body), Limits(max_ratio=10_000)).message
    assert "“xl/worksheets/sheet1.xml” of this workbook is damaged" in message


# ---------- several sheets


def test_several_sheets_with_something_in_them_are_refused_by_name() -> None:
    book = Workbook()
    book.active.title = "Events"
    book.active.append(["a"])
    for name in ("Notes", "Sums", "Empty"):
        book.create_sheet(name)
    book["Notes"]["C9"] = "x"
    book["Sums"]["A1"] = "=1+1"
    book["Notes"].sheet_state = "hidden"
    message = refusal(saved(book)).message
    assert "3 sheets that are not empty: “Events”, “Notes” (hidden), “Sums”" in message


def test_an_empty_workbook_is_refused() -> None:
    assert "This workbook is empty" in refusal(saved(Workbook())).message


def test_the_same_sheet_many_times_is_refused() -> None:
    def twice(data: bytes) -> bytes:
        begin, end = data.index(b"<sheet "), data.index(b"</sheets>")
        return data[:end] + data[begin:end] + data[end:]

    assert "damaged" in refusal(with_parts({"xl/workbook.xml": twice})).message


# ---------- what could harm


DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    + b"]>"
)  # fmt: skip
PARTS = (
    "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
    "xl/styles.xml", SHEET, "xl/sharedStrings.xml", "docProps/core.xml", "customXml/item1.xml",
)  # fmt: skip


def declared(doctype: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        begin = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return data[:begin] + doctype + (data[begin:] or b"<x>&e;</x>")

    return change


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("doctype", [DOCTYPE, LAUGHS, b"<!DOCTYPE x>"])
def test_a_document_type_is_refused_in_every_part(part: str, doctype: bytes) -> None:
    message = refusal(with_parts({part: declared(doctype)})).message
    assert f"The part “{part}” of this workbook declares a document type" in message


def test_a_document_type_in_another_encoding_is_refused() -> None:
    def change(data: bytes) -> bytes:
        text = data.decode().replace("<worksheet", DOCTYPE.decode() + "<worksheet", 1)
        return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")

    assert "declares a document type" in refusal(with_parts({SHEET: change})).message


def test_the_readers_of_parts_refuse_a_document_type_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look at all parts goes to their first element; reading goes on."""
    monkeypatch.setattr("mapro.core.sheets.workbook.check_parts", lambda package: None)
    content = with_parts({SHEET: declared(DOCTYPE)})
    assert "declares a document type" in refusal(content).message


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/vbaProject.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": b"<x/>"},
        {"xl/activeX/activeX1.xml": b"<x/>"},
        {"[Content_Types].xml": lambda d: d.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")},
    ],
)  # fmt: skip
def test_macros_are_refused(parts: dict[str, Change]) -> None:
    assert "may hold macros" in refusal(with_parts(parts)).message


def test_a_workbook_with_macros_is_refused_by_its_name() -> None:
    assert "may hold macros" in refusal(workbook(), name="x.xlsm").message


@pytest.mark.parametrize("name", ["xl/externalLinks/externalLink1.xml", "xl/connections.xml"])
def test_values_from_other_files_are_refused(name: str) -> None:
    assert "takes values from other files" in refusal(with_parts({name: b"<x/>"})).message


def test_a_workbook_that_leads_to_another_file_is_refused() -> None:
    link = b'<Relationship Id="x" Type="a/b" TargetMode="External" Target="file://host/x"/></R'
    parts: dict[str, Change] = {"xl/_rels/workbook.xml.rels": lambda d: d.replace(b"</R", link)}
    assert "leads to another file, “file://host/x”" in refusal(with_parts(parts)).message


def test_a_link_in_a_cell_does_no_harm() -> None:
    book = Workbook()
    book.active.append(["place"])
    book.active.append(["Obo"])
    book.active["A2"].hyperlink = "https://country.example/"
    assert cells(saved(book)) == [("Obo",)]


def test_a_package_that_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.csv", "a\n1\n")
    assert "no Excel workbook" in refusal(out.getvalue()).message
    assert "one .csv and nothing else" in refusal(workbook(), name="x.zip").message
    assert "no whole ZIP package" in refusal(b"a,b\n1,2\n").message
    assert "no CSV text" in refusal(workbook(), name="x.csv").message
    assert refusal(b"%PDF-1.7\n" + workbook()).message
    assert refusal(workbook() + b"MZ").message


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"])
def test_broken_parts_are_refused(part: str) -> None:
    assert "damaged" in refusal(with_parts({part: b"<x><y></x>"})).message
    assert refusal(with_parts({part: b"<x/>"})).message


def test_a_style_that_is_no_number_is_refused() -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>'
    assert "damaged" in refusal(with_parts({"xl/styles.xml": styles.encode()})).message


def test_a_bomb_is_refused() -> None:
    words = f'<sst xmlns="{MAIN}"><si><t>{"a" * 20_000_000}</t></si></sst>'.encode()
    content = with_parts({"xl/sharedStrings.xml": words})
    assert len(content) < 50_000
    assert "more than 200 times larger" in refusal(content).message
    limits = Limits(max_unpacked=10_000_000)
    assert "more than 10 MB" in refusal(content, limits).message


def test_small_parts_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapro.core.sheets.workbook.MAX_PART", 100_000)
    styles = f'<styleSheet xmlns="{MAIN}">{"<x/>" * 200_000}</styleSheet>'.encode()
    content = with_parts({"xl/styles.xml": styles})
    assert "“xl/styles.xml” of this workbook is too large" in refusal(content).message


def test_no_more_of_a_cell_is_kept_than_can_matter() -> None:
    words = Words(Limits(max_cell=10))
    for _ in range(1_000):
        words.add("x" * 10)
    assert 10 < len(words.taken()) < 200


def test_shared_words_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapro.core.sheets.parts.MAX_STRINGS", 2)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, list("abc"))
    assert "more than 2 different texts" in refusal(out.getvalue()).message


def test_shared_words_stay_out_of_memory() -> None:
    count = 40_000
    entries = "".join(f"<si><t>word number {n:08}</t></si>" for n in range(count))
    words = f'<sst xmlns="{MAIN}">{entries}</sst>'.encode()
    head = "".join(f'<c t="str"><v>c{n}</v></c>' for n in range(10))
    cell = '<c t="s"><v>{}</v></c>'
    rows = "".join(
        f"<row>{''.join(map(cell.format, range(n, n + 10)))}</row>" for n in range(0, count, 10)
    )
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "x")
    content = with_parts({
        "xl/sharedStrings.xml": words,
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row>{head}</row>{rows}</sheetData></worksheet>'
        .encode(),
    }, out.getvalue())  # fmt: skip
    del entries, words, rows
    tracemalloc.start()
    try:
        seen = 0
        for row in opened(content).rows:
            assert row.cells[9] == f"word number {seen * 10 + 9:08}"
            seen += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == count // 10
    assert peak < 1_500_000  # as objects the words alone would be twice as much
