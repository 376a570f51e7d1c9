"""Bytes from outside, counted while they are read, and ZIP packages that are looked at first.

A package is refused before anything is unpacked when its directory already shows what is wrong:
too large, too tightly packed, encrypted, split, with another file before or behind it, or with
names that lead out of it. What is unpacked is counted all the same, since directories lie.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO

from mapro.core.sheets.base import Limits, SheetError, SheetTooLarge, shown

LOCAL = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_MEMBERS = 2_000
MAX_DIRECTORY = 1_000_000  # bytes of the list of members
SMALL = 1_000_000  # bytes that may be packed as tightly as anybody likes
_END = struct.Struct("<4s4H2LH")  # end of the central directory
_TRICK = re.compile(r"^/|\\|(?:^|/)\.\.(?:/|$)|[\x00-\x1f\x7f]|^[A-Za-z]:")


def size_of(source: BinaryIO) -> int:
    """How many bytes a file holds; nothing is read."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    return size


class Counted(io.RawIOBase):
    """A stream that counts what is read from it; ``bound`` raises when it is too much."""

    def __init__(self, stream: IO[bytes], bound: Callable[[int], None]) -> None:
        self.stream = stream
        self.bound = bound
        self.total = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes. Raises SheetError when there are too many or they are broken."""
        try:
            data = self.stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise damaged() from error
        self.total += len(data)
        self.bound(self.total)
        buffer[: len(data)] = data
        return len(data)


def damaged() -> SheetError:
    """The refusal of a package that cannot be unpacked."""
    return SheetError("This file is damaged: it cannot be unpacked. Save it again and try anew.")


class Package:
    """A ZIP file that passed every check of its directory. Raises SheetError when it does not."""

    def __init__(self, source: BinaryIO, size: int, limits: Limits) -> None:
        self.limits = limits
        _check_frame(source, size)
        try:
            self.file = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise damaged() from error
        self.members = {one.filename: one for one in self.file.infolist() if not one.is_dir()}
        self._check_members(size)

    def _check_members(self, size: int) -> None:
        infos = self.file.infolist()
        if len({info.filename.casefold() for info in infos}) != len(infos):
            raise SheetError("This package holds the same name twice. Make it anew.")
        for info in infos:
            name = shown(info.orig_filename)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if _TRICK.search(info.orig_filename) or _TRICK.search(info.filename):
                raise SheetError(f"The name {name} in this package leads out of it. Make it anew.")
            if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise SheetError(f"{name} in this package is a link, not a file. Make it anew.")
            if info.flag_bits & 0x41:
                raise SheetError(f"{name} is encrypted. Save the file without a password.")
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise SheetError(f"{name} is packed in an unusual way. Pack it as a plain ZIP.")
            self._bound(info, info.file_size)
        if sum(info.file_size for info in infos) > self.limits.max_unpacked:
            raise self._too_much()
        if infos and min(info.header_offset for info in infos) != 0:
            raise SheetError("Another file stands before this package. Save it anew.")
        if sum(info.compress_size for info in infos) > size:
            raise damaged()

    def _too_much(self) -> SheetTooLarge:
        most = self.limits.max_unpacked / 1_000_000
        return SheetTooLarge(
            f"Unpacked, this file has more than {most:g} MB. Part it into several files, or "
            "save a workbook as CSV UTF-8."
        )

    def _bound(self, info: zipfile.ZipInfo, size: int) -> None:
        if size > self.limits.max_unpacked:
            raise self._too_much()
        if size > SMALL and size > self.limits.max_ratio * info.compress_size:
            raise SheetTooLarge(
                f"{shown(info.filename)} becomes more than {self.limits.max_ratio} times larger "
                "when it is unpacked, as only traps do. Upload the table itself."
            )

    def open(self, name: str) -> Counted:
        """The unpacked bytes of a member. Raises SheetError when there is none."""
        info = self.members.get(name)
        if info is None:
            raise damaged()
        try:
            stream = self.file.open(info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise damaged() from error
        return Counted(stream, lambda total: self._bound(info, total))


def _check_frame(source: BinaryIO, size: int) -> None:
    """Begin and end of a package, before the list of its members is read into memory."""
    source.seek(0)
    first = source.read(4)
    source.seek(max(size - _END.size - 20, 0))
    tail = source.read()
    source.seek(0)
    end = tail[-_END.size :]
    if first != LOCAL or len(end) < _END.size or end[:4] != b"PK\x05\x06":
        raise SheetError(
            "This is no whole ZIP package, or another file stands before or behind it. Save it "
            "anew and upload that."
        )
    _, disk, start, here, members, length, offset, comment = _END.unpack(end)
    if disk or start or here != members or comment:
        raise SheetError("This package is split or carries a comment. Make it anew.")
    if tail[-42:-38] == b"PK\x06\x07" or members == 0xFFFF or 0xFFFFFFFF in {length, offset}:
        raise SheetError("This package is made for huge files (ZIP64). Make it anew as plain ZIP.")
    if members > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise SheetTooLarge(
            f"This package holds {members:,} files; {MAX_MEMBERS:,} is the most. Take out what is "
            "no table."
        )
    if offset + length + _END.size != size:
        raise SheetError("Another file stands before this package or inside it. Save it anew.")
