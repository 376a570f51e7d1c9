"""CSV files, packed or not, and pasted cells: what is read, and what is refused where."""

from __future__ import annotations

import io
import stat
import struct
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mapro.core import sheets
from mapro.core.errors import Invalid, TooLarge
from mapro.core.sheets import Limits, Sheet, SheetError, SheetTooLarge, read, read_pasted, texts


def csv(text: str | bytes, name: str = "events.csv", limits: Limits | None = None) -> Sheet:
    content = text.encode() if isinstance(text, str) else text
    return read(io.BytesIO(content), name, limits=limits or Limits())


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def refusal(
    text: str | bytes, name: str = "events.csv", limits: Limits | None = None
) -> SheetError:
    with pytest.raises(SheetError) as caught:
        cells(csv(text, name, limits))
    return caught.value


# ---------- what is read


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_parts_the_cells_is_found(sign: str) -> None:
    sheet = csv(
        f'place{sign}"a,;b"{sign}note\nObo{sign}1,5{sign}"x{sign}y"\n'.replace("\n", "\r\n")
    )
    if sign == ",":
        sheet = csv('place,"a,;b",note\nObo,"1,5","x,y"\n')
    assert sheet.header == ("place", "a,;b", "note")
    assert cells(sheet) == [("Obo", "1,5", f"x{sign}y")]


def test_a_byte_order_mark_belongs_to_no_column() -> None:
    assert csv(b"\xef\xbb\xbfid,place\n1,Ob\xc3\xb6\n").header == ("id", "place")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_a_spreadsheet_shows_them(end: str) -> None:
    text = end.join(["", "id,note", '1,"two', 'lines"', "", ",", "2,x"])
    sheet = csv(text)
    assert sheet.header_row == 2
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(3, "1"), (6, "2")]


def test_rows_keep_their_width_but_for_empty_cells_at_the_end() -> None:
    assert cells(csv("a,b,,\n1\n1,2,3\n1,2,,,\n")) == [("1",), ("1", "2", "3"), ("1", "2")]


def test_a_path_is_read_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    sheet = read(path, path.name)
    assert cells(sheet) == [("1", "2")]
    path.unlink()


@pytest.mark.parametrize(
    "text", ["-1.5", "+3", "-1,5", "-1,234.5", "-1e5", "-", "--", "5-3", "a=b", "'tis", " =1"]
)
def test_what_is_no_formula_is_read(text: str) -> None:
    assert cells(csv(f'a;b\n"{text}";x\n')) == [(text, "x")]


def test_reading_goes_on_after_a_row_that_is_refused() -> None:
    sheet = csv("a,b\n=1,x\n2,y\n3,\x07\n4,z\n")
    seen: list[Any] = []
    while True:
        try:
            row = next(sheet.rows, None)
        except SheetError as error:
            seen.append((error.row, error.column, error.letter))
            continue
        if row is None:
            break
        seen.append(row.cells)
    assert seen == [(2, "a", "A"), ("2", "y"), (4, "b", "B"), ("4", "z")]


# ---------- encodings and characters


def test_windows_1252_is_refused_with_row_column_and_byte() -> None:
    error = refusal("id,place\n1,Bangui\n2,Ouham-Pendé\n".encode("cp1252"))
    assert (error.row, error.column, error.letter) == (3, "place", "B")
    assert "Row 3, column “place” (B): the byte 0xE9 is no UTF-8" in error.message
    assert "“é”" in error.message
    assert "CSV UTF-8" in error.message
    assert isinstance(error, Invalid)
    assert error.as_dict()["row"] == 3


def test_a_wrong_byte_in_the_header_is_named_by_its_letter() -> None:
    assert "Row 1, column B: the byte 0x81" in refusal(b"id,pl\x81ce\n1,x\n").message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_row_column_and_byte(encoding: str) -> None:
    message = refusal("id,place\n1,Bangui\n".encode(encoding)).message
    assert "Row 1, column A: the byte 0x" in message
    assert "UTF-16" in message
    assert "CSV UTF-8" in message


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\ufffe", "\uffff"])
def test_control_characters_are_refused_with_row_and_column(sign: str) -> None:
    message = refusal(f"id,place\n1,a\n2,b{sign}c\n").message
    assert message.startswith("Row 3, column “place” (B): ")
    assert sign not in message


def test_surrogates_in_utf_8_are_refused() -> None:
    assert "Row 2, column “a” (A): the byte 0xED" in refusal(b"a\n\xed\xa0\xbd\n").message


# ---------- formulas


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "+A1",
        "-A1",
        "-1+1",
        "\t=1",
        "\r=1",
        "+1 202 555",
        "=HYPERLINK(1)",
        "-1.5x",
    ],
)
def test_a_cell_that_would_be_a_formula_is_refused_with_row_and_column(text: str) -> None:
    error = refusal(f'id,place\n1,a\n2,"{text}"\n')
    assert (error.row, error.column, error.letter) == (3, "place", "B")
    assert "would be a formula" in error.message


def test_a_formula_in_the_header_is_refused() -> None:
    assert "Row 1, column B" in refusal("id,=1+1\n1,2\n").message


def test_the_apostrophe_that_says_text_is_taken_off() -> None:
    assert cells(csv("a;b\n'=1;''=1\n'- one;'s-Hertogenbosch\n")) == [
        ("=1", "'=1"), ("- one", "'s-Hertogenbosch"),
    ]  # fmt: skip


# ---------- bounds


class Huge(io.BytesIO):
    """A file that says how large it is and does not let itself be read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.size if whence == io.SEEK_END else 0

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("read, though it is too large")


@pytest.mark.parametrize("name", ["events.csv", "events.xlsx", "events.zip"])
def test_200_mb_are_refused_before_anything_is_read(name: str) -> None:
    with pytest.raises(TooLarge, match="more than 150 MB"):
        read(Huge(200_000_000), name)


def test_a_sparse_file_of_200_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    with path.open("wb") as out:
        out.truncate(200_000_000)
    with pytest.raises(TooLarge, match="more than 150 MB"):
        read(path, path.name)


class Liar(io.BytesIO):
    """A file that says that it is small."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 10 if whence == io.SEEK_END else super().seek(offset, whence)


def test_bytes_are_counted_whatever_a_file_says_of_its_size() -> None:
    with pytest.raises(TooLarge, match="more than 0.001 MB"):
        cells(read(Liar(b"a\n" * 1_000), "x.csv", limits=Limits(max_bytes=1_000)))


def test_too_many_rows_columns_and_letters() -> None:
    limits = Limits(max_rows=3, max_columns=4, max_cell=10)
    assert len(cells(csv("a\n1\n2\n\n3\n", limits=limits))) == 3
    error = refusal("a\n1\n2\n3\n4\n", limits=limits)
    assert isinstance(error, SheetTooLarge)
    assert error.status == TooLarge.status
    assert error.message.startswith("Row 5: more than 3 rows")
    assert "Row 2: there are 5 cells; 4 is the most" in refusal("a\n1,,,,\n", limits=limits).message
    error = refusal("a,b\n1,2\n1,12345678901\n", limits=limits)
    assert isinstance(error, SheetTooLarge)
    assert error.message.startswith("Row 3, column “b” (B): the cell has 11 characters")


def test_blank_rows_have_an_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapro.core.sheets.reading.MAX_NUMBER", 100)
    assert "Row 101: more than 100 rows" in refusal("a\n" + "\n" * 200).message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('1,"open\n2,x\n', "Row 2: the file ends inside a cell that began with a quotation mark"),
        ('1,x\n2,"a"b\n', "Row 3: a quotation mark stands inside a cell"),
        ('1,"' + "a" * 200_000, "Row 2: a cell has more than 32,000 characters"),
        ("1," + '"x\n",' * 500_000, "Row 2: more than 2,000,000 characters"),
        ("1," * 1_500_000, "Row 2: more than 2,000,000 characters"),
    ],
)
def test_quotation_marks_left_open_and_endless_rows(body: str, words: str) -> None:
    assert refusal(f"id,place\n{body}").message.startswith(words)


def test_an_endless_header_is_refused() -> None:
    assert "Row 1: more than 2,000,000 characters" in refusal('"a\n",' * 500_000).message


class Rows(io.RawIOBase):
    """A CSV file that is made while it is read."""

    def __init__(self, count: int, columns: int) -> None:
        self.head = ",".join(f"c{n}" for n in range(columns)).encode() + b"\n"
        self.tail = b",Ouham-Pend\xc3\xa9" * (columns - 1) + b"\n"
        self.count = count
        self.given = -1
        self.rest = b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return len(self.head) + self.count * (8 + len(self.tail)) if whence else 0

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and self.given < self.count:
            self.rest += self.head if self.given < 0 else b"%08d" % self.given + self.tail
            self.given += 1
        piece, self.rest = self.rest[:size], self.rest[size:]
        if size == 8:  # the look at the beginning
            self.given, self.rest = -1, b""
        return piece


def test_100_000_rows_of_48_columns_stay_out_of_memory() -> None:
    sheet = read(Rows(100_000, 48), "events.csv")  # type: ignore[arg-type]
    before = most = sys.getallocatedblocks()
    count = 0
    for row in sheet.rows:
        count += len(row.cells) == 48
        if not count % 1_000:
            most = max(most, sys.getallocatedblocks())
    assert count == 100_000
    assert most - before < 5_000  # a row has more than 48


def test_rows_take_little_memory() -> None:
    tracemalloc.start()
    try:
        sheet = read(Rows(5_000, 48), "events.csv")  # type: ignore[arg-type]
        assert sum(1 for _ in sheet.rows) == 5_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


# ---------- headers and kinds of file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "This file is empty"),
        ("\n\n ,\n", "Row 3: The first row"),
        ("a,,c\n", "Row 1, column B: the column has no name"),
        ("id,Place, place \n", "Row 1, column “place” (C): the column before it has the same name"),
        ("id,a,b,id\n", "Row 1, column “id” (D): the 1. column has the same name"),
    ],
)
def test_headers_that_do_not_name_the_columns(text: str, words: str) -> None:
    assert refusal(text).message.startswith(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("events.xls", "old Excel workbook"),
        ("events.XLSM", "may hold macros"),
        ("events.xlsb", "may hold macros"),
        ("events.ods", "“events.ods” is of no kind"),
        ("events.csv.exe", "of no kind"),
        ("events", "of no kind"),
        ("e\x00v.html", "“e�v.html”"),
    ],
)
def test_kinds_of_file_that_are_not_read(name: str, words: str) -> None:
    assert words in refusal("a\n1\n", name).message


@pytest.mark.parametrize("begin", [b"PK\x03\x04", b"%PDF-1.7", b"\x1f\x8b\x08"])
def test_a_csv_that_is_something_else(begin: bytes) -> None:
    assert "no CSV text, whatever its name says" in refusal(begin + b",b\n1,2\n").message


@pytest.mark.parametrize("name", ["events.csv", "events.xlsx", "events.zip"])
def test_an_old_workbook_or_one_with_a_password(name: str) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000
    assert "with a password" in refusal(content, name).message


def test_a_csv_that_is_also_a_package_is_refused() -> None:
    text = b"id,place\n1,x\n"
    assert "Row 3, column “id” (A)" in refusal(text + packed({"a.csv": b"a"})).message


# ---------- packages


def packed(members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, kind)
    return out.getvalue()


CSV = b"id,place\n1,Obo\n"


@pytest.mark.parametrize("name", ["events.csv", "data/EVENTS.CSV"])
def test_a_packed_csv_is_read(name: str) -> None:
    content = packed({name: CSV, "__MACOSX/._events.csv": b"\0\5", "data/.DS_Store": b"\0"})
    assert cells(csv(content, "events.zip")) == [("1", "Obo")]


def test_what_is_refused_in_a_csv_is_refused_in_a_packed_one() -> None:
    assert (
        "Row 2, column “place” (B)"
        in refusal(packed({"a.csv": b"id,place\n1,=1\n"}), "a.zip").message
    )
    assert "UTF-16" in refusal(packed({"a.csv": "a,b\n".encode("utf-16")}), "a.zip").message


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a.csv": CSV, "b.csv": CSV}, "this one holds “a.csv”, “b.csv”"),
        ({"a.csv": CSV, "readme.txt": b"x"}, "this one holds “a.csv”, “readme.txt”"),
        ({"a.txt": CSV}, "this one holds “a.txt”"),
        ({"inner.zip": packed({"a.csv": CSV})}, "this one holds “inner.zip”"),
        ({"inner.csv": packed({"a.csv": CSV})}, "no CSV text"),
        ({f"{n}.csv": b"" for n in range(9)}, "“4.csv” and 4 more"),
        ({"../a.csv": CSV}, "“../a.csv” in this package leads out of it"),
        ({"a/../../b.csv": CSV}, "leads out of it"),
        ({"/etc/a.csv": CSV}, "leads out of it"),
        ({"C:/a.csv": CSV}, "leads out of it"),
        ({"..\\a.csv": CSV}, "leads out of it"),
        ({"a\n.csv": CSV}, "leads out of it"),
        ({"a.csv": CSV, "A.csv": CSV}, "the same name twice"),
        ({str(n): b"" for n in range(2_001)}, "2,001 files; 2,000 is the most"),
    ],
)
def test_packages_that_hold_something_else(members: dict[str, bytes], words: str) -> None:
    assert words in refusal(packed(members), "events.zip").message


def test_a_name_cut_by_a_null_is_refused() -> None:
    content = packed({"a.csv_x": CSV}).replace(b"a.csv_x", b"a.csv\0x")
    assert "leads out of it" in refusal(content, "a.zip").message


def test_a_link_in_a_package_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("a.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
    assert "is a link" in refusal(out.getvalue(), "a.zip").message


def test_an_encrypted_package_is_refused() -> None:
    content = bytearray(packed({"a.csv": CSV}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    assert "Save the file without a password" in refusal(bytes(content), "a.zip").message


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(kind: int) -> None:
    assert "packed in an unusual way" in refusal(packed({"a.csv": CSV}, kind), "a.zip").message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content: b"%PDF-1.7\n" + content, "no whole ZIP package"),
        (lambda content: content + b"<script>", "no whole ZIP package"),
        (lambda content: content[:-10], "no whole ZIP package"),
        (lambda content: content[:-2] + b"\x05\x00hello", "no whole ZIP package"),
        (lambda content: b"PK\x03\x04", "no whole ZIP package"),
        (lambda content: b"", "no whole ZIP package"),
        (lambda content: content[:-2] + b"\x05\x00", "split or carries a comment"),
        (lambda content: content[:-18] + b"\x01" + content[-17:], "split or carries a comment"),
        (lambda content: b"PK\x03\x04" + b"x" * 30 + content, "or inside it"),
    ],
)
def test_packages_with_another_file_around_them(change: Any, words: str) -> None:
    assert words in refusal(change(packed({"a.csv": CSV})), "a.zip").message


def test_a_package_behind_another_whose_directory_counts_it_in_is_refused() -> None:
    out = io.BytesIO(b"PK\x03\x04 another file")
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("a.csv", CSV)
    assert "Another file stands before this package" in refusal(out.getvalue(), "a.zip").message


def test_a_package_for_huge_files_is_refused() -> None:
    content = packed({"a.csv": CSV})
    end = content[-22:]
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 51, len(content) - 73)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    assert "ZIP64" in refusal(content[:-22] + record + locator + end, "a.zip").message


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("unpacked")

    bomb = packed({"a.csv": b"a\n" + b"1\n" * 10_000_000})
    assert len(bomb) < 30_000
    large = packed({"a.csv": b"a\n" + b"1\n" * 100_000, "b.csv": b"\n" * 300_000})
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert "more than 200 times larger" in refusal(bomb, "a.zip").message
    limits = Limits(max_unpacked=400_000)
    assert "more than 0.4 MB" in refusal(large, "a.zip", limits).message


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    content = bytearray(packed({"a.csv": b"a\n" + b"1\n" * 10_000_000}))
    place = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, place + 24, 20)  # the size in the list of members
    assert "damaged" in refusal(bytes(content), "a.zip").message


def test_unpacked_bytes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed({"a.csv": b"a\n" + (b"1" * 1_000 + b"\n") * 10_000})
    monkeypatch.setattr("mapro.core.sheets.files.Package._check_members", lambda self, size: None)
    assert "more than 200 times larger" in refusal(content, "a.zip").message
    limits = Limits(max_ratio=10_000, max_unpacked=2_000_000)
    assert "more than 2 MB" in refusal(content, "a.zip", limits).message


def test_members_that_share_their_bytes_are_refused() -> None:
    """A bomb can be made of many members that all point at the same packed bytes."""
    content = packed({"a.csv": bytes(range(256)) * 40})
    place = content.index(b"PK\x01\x02")
    entry, end = content[place:-22], bytearray(content[-22:])
    entries = [entry.replace(b"a.csv", b"%c.csv" % letter) for letter in b"abcdefgh"]
    struct.pack_into("<2HL", end, 8, 8, 8, len(entry) * 8)
    assert "damaged" in refusal(content[:place] + b"".join(entries) + bytes(end), "a.zip").message


def test_broken_bytes_in_a_package_are_refused() -> None:
    content = bytearray(packed({"a.csv": CSV * 100}))
    content[40:60] = b"\xff" * 20
    assert "damaged" in refusal(bytes(content), "a.zip").message


# ---------- pasted cells


def pasted(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_pasted(text)]


def test_pasted_cells() -> None:
    assert pasted("") == []
    assert pasted("a\tb\r\n\r\nc\t\r\n") == [("a", "b"), ("",), ("c", "")]
    assert pasted('a\t"two\nlines, ""so"""\tb\n"x\ty"\tz') == [
        ("a", 'two\nlines, "so"', "b"), ("x\ty", "z"),
    ]  # fmt: skip
    assert [row.number for row in read_pasted("a\n\nb")] == [1, 2, 3]


def test_quotation_marks_that_are_words_stay() -> None:
    assert pasted('"They came"\t"open\t5" pipe\n""\tx') == [
        ('"They came"', '"open', '5" pipe'), ("", "x"),
    ]  # fmt: skip


def test_prose_and_telephone_numbers_can_be_pasted() -> None:
    assert pasted("- one\t+236 70 00\t@office\t'=1\t-") == [
        ("- one", "+236 70 00", "@office", "=1", "-")
    ]


def test_what_cannot_be_pasted() -> None:
    for text, words in (
        ("a\tb\nc\t=SUM(A1)", "Row 2, column B: “=SUM(A1)” is a formula"),
        ("a\nb\t\x07", "Row 2, column B: the cell holds the control character U+0007"),
        ("a\n" * 501, "more than 500 rows"),
        ("\t".join("x" * 51), "Row 1: there are more than 50 cells"),
        ("x" * 32_001, "Row 1, column A: the cell has 32,001 characters"),
        ("x" * 4_000_001, "4,000,000 is the most for pasting"),
    ):
        with pytest.raises(SheetError) as caught:
            read_pasted(text)
        assert words in caught.value.message
    assert len(read_pasted("a\n" * 500)) == 500
    assert len(read_pasted("\t".join("x" * 50))[0].cells) == 50


def test_letters_of_columns() -> None:
    assert [sheets.column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_beginning_of_every_file_is_looked_at() -> None:
    with pytest.raises(SheetError):
        texts.check_start(b"\xfe\xff")
    texts.check_start(b"a,b")
