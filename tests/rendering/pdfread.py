"""A PDF read back by its tags: what a screen reader finds, in the order in which it finds it.

pypdf opens the file; the content streams are read here, because text has to be told by the mark
that it stands in.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject

_TOKEN = re.compile(rb"<<.*?>>|\[.*?\]|<[0-9A-Fa-f]*>|/[^\s/<>\[\]()]+|[^\s/<>\[\]()]+", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_MCID = re.compile(rb"/MCID (\d+)")
_MAPS = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)


@dataclass
class Element:
    """An element of the structure tree: its tag, its alternative text, its kids or its words."""

    tag: str
    alt: str = ""
    kids: list[Element] = field(default_factory=list)
    words: str = ""

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def text(self) -> str:
        """All the words below it."""
        return " ".join(one.words for one in self.walk() if one.words)


class TaggedPdf:
    """An open PDF: its structure tree, and the words of each page in and outside of it."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self._fonts: dict[Any, dict[int, str]] = {}
        self.marked: list[dict[int, str]] = []
        self.pages: list[str] = []
        self.unmarked: list[str] = []
        self._numbers: dict[int, int] = {}
        for number, page in enumerate(self.reader.pages):
            assert page.indirect_reference is not None
            self._numbers[page.indirect_reference.idnum] = number
            self._read(page)
        tree = self.root["/StructTreeRoot"]["/K"]
        [document] = tree if isinstance(tree, ArrayObject) else [tree]
        self.tree = self._element(document.get_object(), 0)

    def text(self) -> str:
        """The words of the tagged text, in the order of the tags."""
        return self.tree.text()

    def of(self, *tags: str) -> list[Element]:
        """The elements of these tags, in order."""
        return [one for one in self.tree.walk() if one.tag in tags]

    def _element(self, node: Any, page: int) -> Element:
        if "/Pg" in node:
            page = self._numbers[node.raw_get("/Pg").idnum]
        element = Element(node["/S"][1:], str(node.get("/Alt", "")))
        kids = node.get("/K", ())
        for raw in kids if isinstance(kids, ArrayObject) else [kids]:
            kid = raw.get_object() if isinstance(raw, IndirectObject) else raw
            if isinstance(kid, NumberObject | int):
                element.kids.append(Element("", words=self.marked[page].pop(int(kid), "")))
            elif isinstance(kid, DictionaryObject) and "/S" in kid:
                element.kids.append(self._element(kid, page))
        return element

    def _read(self, page: Any) -> None:
        """The words of one page by their marks; what has no mark at all goes to ``unmarked``."""
        fonts = {
            key.encode(): self._font(raw) for key, raw in page["/Resources"]["/Font"].items()
        } if "/Font" in page["/Resources"] else {}  # fmt: skip
        marked: dict[int, str] = {}
        stack: list[int | None] = []
        loose, whole = [], []
        font: dict[int, str] = {}
        before: list[bytes] = []
        for token in _TOKEN.findall(page.get_contents().get_data()):
            if token == b"Tf":
                font = fonts[before[-2]]
            elif token == b"BDC":
                found = _MCID.search(before[-1])
                stack.append(int(found.group(1)) if found else None)
            elif token == b"BMC":
                stack.append(None)
            elif token == b"EMC":
                stack.pop()
            elif token in {b"TJ", b"Tj"}:
                words = "".join(_decoded(code, font) for code in _HEX.findall(before[-1]))
                whole.append(words)
                if not stack:
                    loose.append(words)
                elif stack[-1] is not None:
                    marked[stack[-1]] = marked.get(stack[-1], "") + words
            before = [*before[-2:], token]
        self.marked.append(marked)
        self.unmarked.append("".join(loose))
        self.pages.append(" ".join(whole))

    def _font(self, raw: Any) -> dict[int, str]:
        key = raw.idnum if isinstance(raw, IndirectObject) else id(raw)
        if key not in self._fonts:
            found: dict[int, str] = {}
            data = raw.get_object()["/ToUnicode"].get_data()
            for kind, block in _MAPS.findall(data):
                codes = _HEX.findall(block)
                assert kind == b"bfchar"
                for code, letters in zip(codes[::2], codes[1::2], strict=True):
                    found[int(code, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
            self._fonts[key] = found
        return self._fonts[key]


def _decoded(code: bytes, font: dict[int, str]) -> str:
    return "".join(font.get(int(code[i : i + 4], 16), "") for i in range(0, len(code), 4))
