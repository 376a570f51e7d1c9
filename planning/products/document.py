"""The Document: a product as a neutral tree that every renderer reads.

Built from a Version's frozen snapshot alone, so the same content comes out of every format. No
ORM, no clock. ``canonical`` and ``digest`` give a snapshot the one form that hashes bind to.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

EMPTY_DRAFT = "Not yet written."
EMPTY_FINAL = "None."


@dataclass(frozen=True)
class Run:
    """Words with one look. ``marks`` are names of inline tags; ``href`` makes a link."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""


Inline = tuple[Run, ...]  # a Run with the text "\n" is a line break


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Inline


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; ``level`` 1 or 2 below the section's own."""

    runs: Inline
    level: int


@dataclass(frozen=True)
class ListBlock:
    """A list; each item holds blocks."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Cell:
    """A table cell; spans are at least 1."""

    blocks: tuple[Block, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Table:
    """A table: the first ``head`` rows are its header."""

    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]


Block = Paragraph | Heading | ListBlock | Table | Quote


@dataclass(frozen=True)
class DocumentSection:
    """One section of the outline with its text. ``empty`` when nothing was written."""

    number: str
    title: str
    depth: int
    portion: str
    blocks: tuple[Block, ...]
    empty: bool


@dataclass(frozen=True)
class MarkingWords:
    """The banner of the whole document, its portion mark and its color (#rrggbb)."""

    banner: str
    portion: str
    ground: str


@dataclass(frozen=True)
class Document:
    """A product ready to be rendered. Times are ISO 8601 in UTC."""

    title: str
    label: str
    effort: str
    layout: str
    language: str
    marking: MarkingWords
    header: tuple[tuple[str, str], ...]
    designation: tuple[tuple[str, str], ...]
    approved: bool
    version: int
    content_hash: str
    created_at: str
    sections: tuple[DocumentSection, ...] = field(default=())

    @property
    def subject(self) -> str:
        """“Country X: Initial Guidance”."""
        return f"{self.effort}: {self.title}"


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one byte form of a snapshot: NFC, sorted keys, no spaces, UTF-8."""
    body = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", body).encode()


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def build(
    snapshot: Mapping[str, Any], *, approved: bool, version: int, content_hash: str,
    created_at: datetime,
) -> Document:  # fmt: skip
    """The Document of a frozen snapshot. ``approved`` decides whether it is marked as a draft."""
    sections = []
    for row in snapshot["sections"]:
        blocks = parse(row["html"])
        empty = not blocks
        if empty:
            blocks = (Paragraph((Run(EMPTY_FINAL if approved else EMPTY_DRAFT),)),)
        sections.append(
            DocumentSection(
                row["number"], row["title"], row["depth"], row["portion"], blocks, empty
            )
        )
    return Document(
        title=snapshot["title"],
        label=f"Annex D, {snapshot['label']}",
        effort=snapshot["effort"]["name"],
        layout=snapshot["layout"],
        language=snapshot["language"],
        marking=MarkingWords(**snapshot["marking"]),
        header=tuple((k, v) for k, v in snapshot["header"]),
        designation=tuple((k, v) for k, v in snapshot["designation"] if v),
        approved=approved,
        version=version,
        content_hash=content_hash,
        created_at=created_at.isoformat(),
        sections=tuple(sections),
    )


_INLINE = {"strong", "em", "u", "s", "sub", "sup"}


class _Node:
    """An open block while parsing: its tag, attributes, finished blocks and loose runs."""

    def __init__(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        self.tag = tag
        self.attrs = attrs
        self.blocks: list[Any] = []
        self.runs: list[Run] = []

    def flush(self) -> None:
        """Close loose words into a paragraph."""
        runs = _trim(self.runs)
        self.runs = []
        if runs:
            self.blocks.append(Paragraph(runs))


def _trim(runs: list[Run]) -> Inline:
    """Join equal neighbors, fold spaces, drop empty edges."""
    joined: list[Run] = []
    for run in runs:
        text = run.text if run.text == "\n" else " ".join(f"x{run.text}x".split())[1:-1]
        if joined and run.text != "\n" and joined[-1].text != "\n" and (
            joined[-1].marks, joined[-1].href
        ) == (run.marks, run.href):  # fmt: skip
            text = joined.pop().text + text
        if text:
            joined.append(Run(text, run.marks, run.href))
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    return tuple(joined)


class _Parser(HTMLParser):
    """Sanitized HTML to blocks. Depth is bounded by the sanitizer; there is no recursion here."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("root", {})]
        self.marks: list[str] = []
        self.hrefs: list[str] = []

    def handle_data(self, data: str) -> None:
        href = self.hrefs[-1] if self.hrefs else ""
        self.open[-1].runs.append(Run(data, frozenset(self.marks), href))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.open[-1].runs.append(Run("\n"))
        elif tag in _INLINE:
            self.marks.append(tag)
        elif tag == "a":
            self.hrefs.append(dict(attrs).get("href") or "")
        else:
            self.open[-1].flush()
            self.open.append(_Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE:
            if tag in self.marks:
                self.marks.remove(tag)
        elif tag == "a":
            if self.hrefs:
                self.hrefs.pop()
        elif any(node.tag == tag for node in self.open[1:]):
            while self.open[-1].tag != tag:
                self._shut()
            self._shut()

    def finish(self) -> tuple[Block, ...]:
        """All blocks of the text."""
        self.close()
        while len(self.open) > 1:
            self._shut()
        self.open[0].flush()
        return tuple(b for b in self.open[0].blocks if isinstance(b, Block))

    def _shut(self) -> None:
        node = self.open.pop()
        above = self.open[-1]
        if node.tag in {"h3", "h4"}:
            runs = _trim(node.runs)
            if runs:
                above.blocks.append(Heading(runs, 1 if node.tag == "h3" else 2))
            return
        node.flush()
        made = _block(node)
        if isinstance(made, list):
            above.blocks.extend(made)
        elif made is not None:
            above.blocks.append(made)


def _block(node: _Node) -> Any:
    """What a closed block element stands for; a list when it only holds blocks."""
    if node.tag == "li":
        return _Item(tuple(node.blocks))
    if node.tag in {"ul", "ol"}:
        items = tuple(b.blocks for b in node.blocks if isinstance(b, _Item))
        return ListBlock(node.tag == "ol", items) if items else None
    if node.tag in {"td", "th"}:
        return Cell(
            tuple(node.blocks), node.tag == "th",
            _span(node.attrs.get("colspan")), _span(node.attrs.get("rowspan")),
        )  # fmt: skip
    if node.tag == "tr":
        return _Row(tuple(b for b in node.blocks if isinstance(b, Cell)))
    if node.tag == "thead":
        return [_Row(r.cells, head=True) for r in node.blocks if isinstance(r, _Row)]
    if node.tag == "table":
        rows = [r for r in node.blocks if isinstance(r, _Row) and r.cells]
        head = 0
        for row in rows:
            if not (row.head or all(c.header for c in row.cells)):
                break
            head += 1
        return Table(tuple(r.cells for r in rows), head) if rows else None
    if node.tag == "blockquote":
        return Quote(tuple(node.blocks)) if node.blocks else None
    return node.blocks


@dataclass(frozen=True)
class _Item:
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class _Row:
    cells: tuple[Cell, ...]
    head: bool = False


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 50) if value and value.isdigit() else 1


def parse(html: str) -> tuple[Block, ...]:
    """Blocks of sanitized HTML."""
    parser = _Parser()
    parser.feed(html)
    return parser.finish()


def text_of(blocks: tuple[Block, ...]) -> str:
    """The words of blocks, one line per paragraph; what every format must hold."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(runs, _):
                lines.append("".join(r.text for r in runs))
            case ListBlock(_, items):
                lines += [text_of(item) for item in items]
            case Table(rows, _):
                lines += [text_of(cell.blocks) for row in rows for cell in row]
            case Quote(inner):
                lines.append(text_of(inner))
    return "\n".join(lines)
