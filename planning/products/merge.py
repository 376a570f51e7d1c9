"""Three-way merge of a section by its top-level blocks. Pure functions over sanitized HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from planning.products.compare import opcodes


class _Blocks(HTMLParser):
    """Cuts sanitized HTML into its top-level elements, as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.depth = 0
        self.start = 0
        self.blocks: list[str] = []
        self._lines = [0]
        for line in html.split("\n")[:-1]:
            self._lines.append(self._lines[-1] + len(line) + 1)

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        void = tag in {"br", "img"}
        if not self.depth:
            self._cut(self._place())
        if not void:
            self.depth += 1
        elif not self.depth:
            self._cut(self._place() + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(self.depth - 1, 0)
        if not self.depth:
            self._cut(self.html.index(">", self._place()) + 1)

    def _cut(self, at: int) -> None:
        if self.html[self.start : at].strip():
            self.blocks.append(self.html[self.start : at])
        self.start = at


def blocks(html: str) -> list[str]:
    """The top-level elements of sanitized HTML; together they are the whole text."""
    parser = _Blocks(html)
    parser.feed(html)
    parser.close()
    parser._cut(len(html))  # noqa: SLF001 - what stands behind the last element
    return parser.blocks


def merge(base: str, yours: str, theirs: str) -> str | None:
    """Both changes in one text, or None where they touch the same or neighboring blocks.

    ``base`` is what both started from. None too where a text differs too much to be
    matched in time.
    """
    start, mine, other = blocks(base), blocks(yours), blocks(theirs)
    changes: set[tuple[int, int, tuple[str, ...]]] = set()
    for now in (mine, other):
        found = opcodes(start, now)
        if found is None:
            return None
        changes |= {(a1, a2, tuple(now[b1:b2])) for op, a1, a2, b1, b2 in found if op != "equal"}
    merged: list[str] = []
    at = -1
    for begin, end, new in sorted(changes):
        if begin <= at:
            return None
        merged += [*start[max(at, 0) : begin], *new]
        at = end
    return "".join(merged + start[max(at, 0) :])
