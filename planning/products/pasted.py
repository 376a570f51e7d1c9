"""What office programs put on the clipboard: their lists, footnotes, bold and header rows.

Word writes a list item as a paragraph whose style names list and level, with the bullet as words;
Google Docs writes bold as a style; both keep footnotes as links to a list at the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from planning.products.normal import Block, Cell, Listing, Text, Words

_OFFICE = re.compile(
    r"mso-|class=[\"']?Mso|urn:schemas-microsoft-com|sdfootnote|sdendnote|<o:p", re.I
)
_LEVEL = re.compile(r"mso-list:\s*[^;]*?\blevel([1-9])\b", re.I)
_NO_LIST = re.compile(r"mso-list:\s*(?:none|skip)\b", re.I)
_IGNORE = re.compile(r"mso-list:\s*ignore", re.I)
_INDENT = re.compile(r"margin-left:\s*([0-9.]{1,9})\s*(in|pt|cm|mm|px)", re.I)
_INCHES = {"in": 1.0, "pt": 1 / 72, "cm": 1 / 2.54, "mm": 1 / 25.4, "px": 1 / 96}
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})(?:\.\d{1,3})*[.):]")
_BULLET = (
    r"[\u00b7\u2022\u25aa\u25ab\u25cf\u25cb\u25e6\u00a7\u2023\u2043\uf0b7\uf0a7\uf0d8o\u2013-]"
)
_TYPED = re.compile(rf"\s*({_BULLET}|{_NUMBER.pattern})(?:\u00a0|\s{{2}})[\s\u00a0]*")
_BOLD = re.compile(r"(?:^|;)\s*font-weight:\s*(?:bold|bolder|[6-9]00)\b", re.I)
_LIGHT = re.compile(r"(?:^|;)\s*font-weight:\s*(?:normal|lighter|[1-5]00)\b", re.I)
_STYLES = (
    ("strong", _BOLD),
    ("em", re.compile(r"(?:^|;)\s*font-style:\s*(?:italic|oblique)\b", re.I)),
    ("s", re.compile(r"(?:^|;)\s*text-decoration(?:-line)?:[^;]*\bline-through\b", re.I)),
    ("u", re.compile(r"(?:^|;)\s*text-decoration(?:-line)?:[^;]*\bunderline\b", re.I)),
    ("sub", re.compile(r"(?:^|;)\s*vertical-align:\s*sub\b", re.I)),
    ("sup", re.compile(r"(?:^|;)\s*vertical-align:\s*super\b", re.I)),
)
_NOTE = re.compile(r"(?:_?(ftn|edn)(\d{1,5})|sd(footnote|endnote)(\d{1,5})(?:sym)?)")
_BACK = re.compile(r"(?:_?(?:ftn|edn)ref\d{1,5}|sd(?:footnote|endnote)\d{1,5}anc)")


def from_office(html: str) -> bool:
    """Whether the HTML bears the marks of Word, Outlook or LibreOffice."""
    return _OFFICE.search(html) is not None


def is_bullet(style: str) -> bool:
    """Whether the words of this span are the bullet or number of a list item."""
    return _IGNORE.search(style) is not None


def is_light(style: str) -> bool:
    """Whether a bold tag says that it is not bold, as the frame around Google's text does."""
    return _LIGHT.search(style) is not None


def marks_of(style: str, inside_link: bool) -> list[str]:
    """The tags that a span's style stands for; the line under a link is not one."""
    style = style[:2_000]
    return [tag for tag, says in _STYLES if says.search(style) and not (tag == "u" and inside_link)]


def reference(attrs: Mapping[str, str]) -> str:
    """The key of the footnote that a link stands for, “-” for the way back, else nothing."""
    href = attrs.get("href", "")
    here = href.rpartition("#")[2] if "#" in href else ""
    if _BACK.fullmatch(here):
        return "-"
    return _key(here) if here else ""


def note_key(attrs: Mapping[str, str]) -> str:
    """The key of the footnote whose words an element holds, else nothing."""
    return _key(attrs.get("id", ""))


def _key(name: str) -> str:
    found = _NOTE.fullmatch(name)
    if found is None:
        return ""
    kind, number = found.group(1) or found.group(3), found.group(2) or found.group(4)
    return f"{kind[0]}{number}"


def list_item(
    attrs: Mapping[str, str], bullet: str, runs: Sequence[Words]
) -> tuple[int, bool, list[Words]] | None:
    """Level (from 1), whether numbered, and the words of a list item; None for a paragraph."""
    style, name = attrs.get("style", "")[:2_000], attrs.get("class", "").lower()
    level = _LEVEL.search(style)
    if level:
        return int(level.group(1)), _NUMBER.match(bullet.strip()) is not None, list(runs)
    if "msolist" not in name or _NO_LIST.search(style):
        return None
    text = "".join(run.text for run in runs[:12])
    typed = _TYPED.match(text)
    if typed is None:
        return None
    indent, drop, kept = _INDENT.search(style), typed.end(), []
    for run in runs:
        if drop and not run.note and run.text != "\n":
            cut = min(drop, len(run.text))
            drop -= cut
            run = Words(run.text[cut:], run.marks)
        if run.text or run.note:
            kept.append(run)
    inches = float(indent.group(1)) * _INCHES[indent.group(2).lower()] if indent else 0.5
    return min(max(round(inches / 0.5), 1), 9), bool(_NUMBER.match(typed.group(1))), kept


def gather(blocks: Sequence[Block], levels: int) -> list[Block]:
    """Neighboring list items made into lists, nested by their level, ``levels`` deep at most."""
    made: list[Block] = []
    open_: list[tuple[int, Listing]] = []
    for block in blocks:
        if not isinstance(block, Text) or not block.level or levels < 1:
            open_ = []
            made.append(block)
            continue
        while open_ and (
            open_[-1][0] > block.level
            or (open_[-1][0] == block.level and open_[-1][1].ordered != block.ordered)
        ):
            open_.pop()
        item: list[Block] = [Text("p", block.runs)]
        if open_ and (open_[-1][0] == block.level or len(open_) >= levels):
            open_[-1][1].items.append(item)
            continue
        fresh = Listing(block.ordered, [item])
        if open_:
            open_[-1][1].items[-1].append(fresh)
        else:
            made.append(fresh)
        open_.append((block.level, fresh))
    return made


def header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many leading rows are a header because all that they say is bold; their bold goes.

    A cell that reaches into further rows takes those along. A table that is bold throughout has
    no header.
    """
    heads = reach = 0
    for row in rows:
        if not row or not (_bold(row) or (heads and heads < reach)):
            break
        heads += 1
        reach = max([reach, *(heads - 1 + cell.rowspan for cell in row)])
    if not heads or heads >= len(rows):
        return 0
    for row in rows[:heads]:
        for text in _texts(row):
            text.runs = [
                Words(r.text, tuple(m for m in r.marks if m[0] != "strong"), r.note)
                for r in text.runs
            ]
    return heads


def _texts(row: Sequence[Cell]) -> list[Text]:
    return [block for cell in row for block in cell.blocks if isinstance(block, Text)]


def _bold(row: Sequence[Cell]) -> bool:
    runs = [r for text in _texts(row) for r in text.runs if r.text.strip()]
    whole = all(isinstance(block, Text) for cell in row for block in cell.blocks)
    return bool(runs) and whole and all(("strong", "") in r.marks for r in runs)
