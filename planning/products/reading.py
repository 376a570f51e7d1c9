"""HTML from outside, read leniently into the normal form. No ORM, no clock.

Reading is linear in the length of the input, and what is open at a time is bounded, so that no
text costs more than its length. The normal form is read back as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planning.products import pasted
from planning.products.blocks import PICTURE
from planning.products.normal import (
    MARKS,
    Block,
    Cell,
    Listing,
    Picture,
    Quotation,
    Table,
    Text,
    Words,
    plain,
)
from planning.products.tokens import tokens

MAX_DEPTH = 24  # block tags within each other in what is written; deeper ones are flattened
MAX_OPEN = 64  # tags that are kept open while reading; those beyond only part paragraphs
MAX_MARKS = 32  # inline tags that are kept open while reading
MAX_UNITS = 20_000  # paragraphs and cells of a text; what comes after them is one paragraph
MAX_CARRIED = 200  # paragraphs that an inline tag around them reaches
MAX_NOTE = 1_000  # characters of a footnote, and of the words that stand for a picture
MAX_ADDRESS = 2_000  # characters
MAX_SPAN = 50  # rows or columns of a cell
MAX_GRID = 10_000  # places of a table; spans beyond are dropped

FACT = re.compile(r"([a-z-]{1,40}):([a-z0-9-]{1,80})@([0-9a-f]{12})")
_INLINE = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "ins": "u", "s": "s",
    "strike": "s", "del": "s", "sub": "sub", "sup": "sup", "a": "a", "q": "q", "span": "",
    "font": "", "cite": "em", "small": "", "big": "", "code": "", "label": "",
}  # fmt: skip
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_BLOCKS = frozenset(
    "p div section article header footer main aside nav figure figcaption center address pre dl dt"
    " dd fieldset legend form details summary caption hgroup body html ul ol li blockquote table"
    " thead tbody tfoot tr td th h1 h2 h3 h4 h5 h6".split()
)
_CLOSED_BY = {
    "li": ({"li"}, {"ul", "ol"}), "dt": ({"dt", "dd"}, {"dl"}), "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr"}, {"table"}), "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tbody": ({"thead", "tbody", "tfoot"}, {"table"}),
    "thead": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot"}, {"table"}),
}  # fmt: skip
_SCOPE = frozenset({"table", "td", "th", "caption"})
_TABLE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_INSIDE = {"li": {"ul", "ol"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"},
           "tr": {"table", "thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}}  # fmt: skip
_WEIGHT = {"ul": 2, "ol": 2, "blockquote": 1, "table": 4}  # block tags that one of these writes

_SPACES = re.compile(r"[ \t\n\r\f\u00a0]{2,}|[\t\n\r\f]")
_SPACE = " \t\n\r\f\u00a0"
# What XML cannot hold (documents are made of it), halves of surrogate pairs, and byte order marks.
ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20]+", re.I)


@dataclass
class _Item:
    blocks: list[Block]


@dataclass
class _Row:
    cells: list[Cell]
    head: bool


@dataclass
class _Frame:
    """An open block tag. ``tag`` is "div" when it only parts paragraphs."""

    name: str
    tag: str
    kind: str  # what loose words in it become
    attrs: dict[str, str]
    depth: int
    blocks: list[Block | _Item | Cell | _Row] = field(default_factory=list)
    runs: list[Words] = field(default_factory=list)
    bullet: str = ""
    note: str = ""  # the key of the pasted footnote whose words these are


@dataclass
class _Mark:
    """An open inline tag and how many more paragraphs it reaches."""

    name: str
    marks: tuple[tuple[str, str], ...]
    left: int
    skipped: bool = False


class _Reader:
    """Builds blocks of tokens."""

    def __init__(self, word: bool, notes: Mapping[str, str]) -> None:
        self.word = word
        self.known = notes  # footnotes of office programs: their words stand at the end
        self.frames = [_Frame("", "div", "p", {}, 0)]
        self.beyond: Counter[str] = Counter()  # open tags past the limits
        self.marks: list[_Mark] = []
        self.now: tuple[tuple[str, str], ...] | None = ()
        self.skipping = 0  # open tags whose words are no words: bullets of pasted lists
        self.in_note = False
        self.units = 0
        self.notes: dict[str, str] = {}  # those that were met
        self.used: set[str] = set()

    def read(self, html: str) -> list[Block]:
        for kind, what, attrs in tokens(html):
            if kind == "text":
                self.text(what)
            elif kind == "open":
                self.start(what, attrs)
            else:
                self.end(what)
        while len(self.frames) > 1:
            self.shut()
        root = self.frames[0]
        for key, words in self.known.items():
            if words and key not in self.used:
                self.flush()
                root.runs.append(Words(words))
        self.flush(last=True)
        return _blocks(root.blocks, 0)

    # words

    def text(self, words: str) -> None:
        if self.in_note:
            return
        if self.skipping:
            self.frames[-1].bullet += words
            return
        words = ILLEGAL.sub("", words).replace("\n", " ")  # a line feed alone stands for br
        if words:
            self.frames[-1].runs.append(Words(words, self.current()))

    def current(self) -> tuple[tuple[str, str], ...]:
        if self.now is None:
            found = dict(pair for mark in self.marks for pair in mark.marks)
            self.now = tuple((tag, found[tag]) for tag in MARKS if tag in found)
        return self.now

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if self.in_note:
            if tag not in _BLOCKS:
                return
            self.in_note = False
        if tag == "br":
            self.frames[-1].runs.append(Words("\n", self.current()))
        elif tag == "img":
            self.picture(attrs)
        elif tag == "hr":
            self.flush()
        elif tag == "sup" and "data-note" in attrs:
            note = _line(attrs["data-note"])[:MAX_NOTE].strip(_SPACE)
            if note:
                self.frames[-1].runs.append(Words("", self.current(), note))
            self.in_note = True
        elif tag in _INLINE:
            self.inline(tag, attrs)
        elif tag in _BLOCKS:
            self.block(tag, attrs)

    def inline(self, tag: str, attrs: dict[str, str]) -> None:
        if len(self.marks) >= MAX_MARKS:
            self.beyond[tag] += 1
            return
        reach = MAX_CARRIED
        marks: tuple[tuple[str, str], ...] = ()
        named = _INLINE[tag]
        style = attrs.get("style", "")
        if tag == "a":
            reference = pasted.reference(attrs) if self.word else ""
            link = address(attrs.get("href", ""))
            words = self.known.get(reference, "")
            if words and not self.skipping:
                self.used.add(reference)
                self.frames[-1].runs.append(Words("", self.current(), words))
            elif link:
                marks, reach = (("a", link),), 1
            self.push(_Mark(tag, marks, reach, skipped=bool(reference)))
            return
        if tag == "q":
            fact = attrs.get("data-fact", "")
            marks, reach = ((("q", fact),), 1) if FACT.fullmatch(fact) else ((), 1)
        elif named:
            plain = named == "strong" and pasted.is_light(style)
            marks = () if plain else ((named, ""),)
        elif style:
            inside_link = any(pair[0] == "a" for pair in self.current())
            marks = tuple((m, "") for m in pasted.marks_of(style, inside_link))
        self.push(_Mark(tag, marks, reach, skipped=pasted.is_bullet(style)))

    def push(self, mark: _Mark) -> None:
        self.marks.append(mark)
        self.skipping += mark.skipped
        self.now = None

    def picture(self, attrs: dict[str, str]) -> None:
        src = attrs.get("src", "")
        if PICTURE.fullmatch(src):
            self.flush()
            self.frames[-1].blocks.append(
                Picture(src, _line(attrs.get("alt", ""))[:MAX_NOTE].strip(_SPACE))
            )

    # blocks

    def block(self, tag: str, attrs: dict[str, str]) -> None:
        self.flush()
        for mark in self.marks:  # a bullet or reference that was never closed ends here
            self.skipping -= mark.skipped
            mark.skipped = False
        if self.frames[-1].name in {"p", *_HEADINGS}:
            self.shut()
        closes, scope = _CLOSED_BY.get(tag, (set(), set()))
        for place in range(len(self.frames) - 1, 0, -1):
            name = self.frames[place].name
            if name in closes:
                self.shut(place)
                break
            if name in scope or (name in _SCOPE and tag not in _TABLE):
                break
        if len(self.frames) >= MAX_OPEN:
            self.beyond[tag] += 1
            return
        above = self.frames[-1]
        if tag in {"td", "th"} and above.tag in {"table", "thead", "tbody", "tfoot"}:
            self.frames.append(_Frame("tr", "tr", "p", {}, above.depth))
            above = self.frames[-1]
        used = tag
        weight = _WEIGHT.get(tag, 0)
        self.units += tag in {"td", "th"}
        if (
            (tag in {"td", "th"} and self.units > MAX_UNITS)
            or above.depth + weight > MAX_DEPTH
            or (tag in _INSIDE and above.tag not in _INSIDE[tag])
        ):
            used, weight = "div", 0
        kind = _HEADINGS.get(tag, "p")
        note = pasted.note_key(attrs) if self.word else ""
        self.frames.append(_Frame(tag, used, kind, attrs, above.depth + weight, note=note))

    def end(self, tag: str) -> None:
        if self.in_note:
            if tag == "sup":
                self.in_note = False
            elif tag in _BLOCKS:
                self.in_note = False
                self.end(tag)
            return
        if self.beyond[tag]:
            self.beyond[tag] -= 1
            if tag in _BLOCKS:
                self.flush()
            return
        if tag in _INLINE:
            for place in range(len(self.marks) - 1, -1, -1):
                if self.marks[place].name == tag:
                    self.skipping -= self.marks.pop(place).skipped
                    self.now = None
                    break
            return
        if tag not in _BLOCKS:
            return
        self.flush()
        for place in range(len(self.frames) - 1, 0, -1):
            name = self.frames[place].name
            if name == tag or (tag in _HEADINGS and name in _HEADINGS):
                self.shut(place)
                return
            if name in _SCOPE and tag not in _TABLE:
                return

    def flush(self, last: bool = False) -> None:
        """Close loose words into a paragraph or heading; marks reach only so far."""
        frame = self.frames[-1]
        if not frame.runs:
            return
        if not any(run.note or run.text.strip(_SPACE) for run in frame.runs):
            frame.runs = []
            return
        if self.units >= MAX_UNITS and not last:
            frame.runs.append(Words(" "))
            return
        self.units += 1
        runs, frame.runs, bullet, frame.bullet = frame.runs, [], frame.bullet, ""
        text = Text(frame.kind, runs)
        if self.word and frame.name in {"p", "div"}:
            item = pasted.list_item(frame.attrs, bullet, runs)
            if item:
                text.level, text.ordered, text.runs = item
        frame.blocks.append(text)
        for mark in self.marks:
            if mark.marks:
                mark.left -= 1
                if mark.left <= 0:
                    mark.marks, self.now = (), None

    def shut(self, place: int = -1) -> None:
        """Close the innermost block tag, or all down to ``place``."""
        stop = len(self.frames) - 1 if place < 0 else place
        while len(self.frames) > stop:
            self.flush()
            frame = self.frames.pop()
            self.frames[-1].runs += frame.runs  # only beyond MAX_UNITS
            self.place(frame, self.frames[-1])

    def place(self, frame: _Frame, above: _Frame) -> None:
        if frame.note:
            words = " ".join(plain(b) for b in _blocks(frame.blocks, frame.depth))
            self.notes[frame.note] = _line(words)[:MAX_NOTE].strip(_SPACE)
        elif frame.tag == "li":
            above.blocks.append(_Item(_blocks(frame.blocks, frame.depth)))
        elif frame.tag in {"ul", "ol"}:
            items = _items(frame.blocks, frame.depth)
            if items:
                above.blocks.append(Listing(frame.tag == "ol", items))
        elif frame.tag == "blockquote":
            blocks = _blocks(frame.blocks, frame.depth)
            if blocks:
                above.blocks.append(Quotation(blocks))
        elif frame.tag in {"td", "th"}:
            above.blocks.append(Cell(
                frame.tag == "th", _span(frame.attrs.get("colspan")),
                _span(frame.attrs.get("rowspan")), frame.attrs.get("scope", "").lower(),
                _blocks(frame.blocks, frame.depth),
            ))  # fmt: skip
        elif frame.tag == "tr":
            cells = [c for c in frame.blocks if isinstance(c, Cell)]
            head = any(f.tag == "thead" for f in self.frames[-2:])
            rest = [b for b in frame.blocks if not isinstance(b, Cell)]
            above.blocks += [*rest, _Row(cells, head)]
        elif frame.tag == "table":
            rows = [r for r in frame.blocks if isinstance(r, _Row)]
            above.blocks += [b for b in frame.blocks if not isinstance(b, _Row)]
            made = _table(rows, self.word)
            if made:
                above.blocks.append(made)
        else:
            above.blocks += frame.blocks


def _blocks(found: Sequence[Block | _Item | Cell | _Row], depth: int) -> list[Block]:
    """Blocks alone, runs in their normal form, items of pasted lists gathered into lists."""
    made: list[Block] = []
    for block in found:
        if isinstance(block, Text):
            block.runs = _fold(block.runs)
            if block.runs:
                made.append(block)
        elif isinstance(block, (_Item, Cell)):
            made += block.blocks
        elif isinstance(block, _Row):
            made += [b for cell in block.cells for b in cell.blocks]
        else:
            made.append(block)
    return pasted.gather(made, (MAX_DEPTH - depth) // 2)


def _items(found: Sequence[Block | _Item | Cell | _Row], depth: int) -> list[list[Block]]:
    """The items of a list; a list that stands between items belongs to the one before."""
    items: list[list[Block]] = []
    for block in found:
        if isinstance(block, _Item):
            if block.blocks:
                items.append(list(block.blocks))
        else:
            loose = _blocks([block], depth)
            if items and isinstance(block, Listing):
                items[-1] += loose
            elif loose:
                items.append(loose)
    return items


def _table(rows: list[_Row], word: bool) -> Table | None:
    """A table in its normal form: header rows hold header cells, spans are bounded."""
    kept: list[list[Cell]] = []
    heads = pasted.header_rows([row.cells for row in rows]) if word else 0
    places = reach = 0
    for y, row in enumerate(rows):
        if not row.cells and len(kept) >= reach:
            continue
        for cell in row.cells:
            cell.header = cell.header or row.head or y < heads
            if places + cell.colspan * cell.rowspan > MAX_GRID:
                cell.colspan = cell.rowspan = 1
            places += cell.colspan * cell.rowspan
            reach = max(reach, len(kept) + cell.rowspan)
        kept.append(row.cells)
    return Table(kept) if kept else None


def _fold(runs: Sequence[Words]) -> list[Words]:
    """Words joined where they look alike, spaces folded, none at the edges."""
    found: list[Words] = []
    joined: list[str] = []  # the texts of the last run found, put together at its end
    last = " "

    def close() -> None:
        if len(joined) > 1:
            found[-1] = Words("".join(joined), found[-1].marks)
        joined.clear()

    for run in runs:
        if run.note or run.text == "\n":
            close()
            if not run.note:
                _trim(found)
            found.append(run)
            last = "*" if run.note else " "
            continue
        text = _SPACES.sub(" ", run.text)
        if last in _SPACE:
            text = text.lstrip(_SPACE)
        if not text:
            continue
        last = text[-1]
        if joined and found[-1].marks == run.marks:
            joined.append(text)
            continue
        close()
        found.append(Words(text, run.marks))
        joined.append(text)
    close()
    _trim(found)
    while found and found[-1].text == "\n":
        found.pop()
        _trim(found)
    start = next((i for i, run in enumerate(found) if run.text != "\n"), len(found))
    return [
        run if run.note or run.text == "\n" else Words(_composed(run.text), run.marks)
        for run in found[start:]
    ]


def _trim(runs: list[Words]) -> None:
    """Take spaces off the end."""
    while runs and not runs[-1].note and runs[-1].text != "\n":
        text = runs[-1].text.rstrip(_SPACE)
        if text:
            runs[-1] = Words(text, runs[-1].marks)
            break
        runs.pop()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _line(text: str) -> str:
    return _composed(" ".join(ILLEGAL.sub("", text).split()))


def address(href: str) -> str:
    """The address of a link as it may stand; empty when it may not."""
    href = ILLEGAL.sub("", href.strip()).replace(" ", "%20")
    return href if len(href) <= MAX_ADDRESS and _ADDRESS.fullmatch(href) else ""


def _span(value: str | None) -> int:
    found = re.fullmatch(r"\s*0*([0-9]{1,4})\s*", value or "")
    return min(max(int(found.group(1)), 1), MAX_SPAN) if found else 1


def read(html: str) -> list[Block]:
    """The blocks of any HTML, in their normal form."""
    html = ILLEGAL.sub("", html)
    if not pasted.from_office(html):
        return _Reader(False, {}).read(html)
    first = _Reader(True, {})
    blocks = first.read(html)
    return _Reader(True, first.notes).read(html) if first.notes else blocks
