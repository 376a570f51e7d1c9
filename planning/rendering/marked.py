"""A comparison of two versions as a print page: what came is underlined, what went is struck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from planning.products.compare import Piece, SectionChange
from planning.products.document import Document, MarkingWords
from planning.rendering.html import whole_page
from planning.rendering.html_blocks import direction, portion_mark

_TAGS = {"added": "ins", "removed": "del"}
_KINDS = {"added": "New section. ", "removed": "Section taken out. ", "changed": ""}


def page(old: Document, new: Document, changes: Sequence[SectionChange]) -> str:
    """The page: which versions, the key, then each section that differs.

    It is marked as high as the higher of the two: what went is still to be read.
    """
    new = replace(new, marking=_higher(old.marking, new.marking))
    foot = f"{new.effort}, {new.label}, {old.state} to {new.state}"
    parts = [
        f'<article class="document comparison" data-marking="{escape(new.marking.banner)}" '
        f'data-footer="{escape(foot)}" data-hash="sha256 {new.content_hash[:16]}"><div class="body">'
        f'<p class="letterhead"><span>{escape(new.label)}</span>'
        f"{escape(new.heading_lines[0].upper())}</p>"
        f"<h1>{escape(new.title)}: what changed</h1>"
        f'<p class="marking-line">{escape(new.marking.banner)}</p>'
        '<table class="address"><tbody>'
        f'<tr><th scope="row">From</th><td>{escape(old.state)}, sha256 {old.content_hash}</td></tr>'
        f'<tr><th scope="row">To</th><td>{escape(new.state)}, sha256 {new.content_hash}</td></tr>'
        '<tr><th scope="row">Key</th><td><ins>came</ins>, <del>went</del></td></tr>'
        "</tbody></table>"
    ]
    if not changes:
        parts.append("<p>The two versions hold the same text.</p>")
    parts += [_section(change) for change in changes]
    parts.append(f'<p class="marking-line last">{escape(new.marking.banner)}</p></div></article>')
    return whole_page(new, "".join(parts))


def _higher(old: MarkingWords, new: MarkingWords) -> MarkingWords:
    """The higher marking; both banners where nothing tells which is higher."""
    if old.rank != new.rank or old.banner == new.banner:
        return max(new, old, key=lambda one: one.rank)
    return replace(new, banner=f"{new.banner}; {old.banner}")


def _section(change: SectionChange) -> str:
    remarks = _KINDS[change.kind] + " ".join(change.remarks)
    words = "".join(f"<p{direction(told)}>{marked}</p>" for told, marked in _lines(change.pieces))
    return (
        f'<section class="depth-1"><h2>{escape(change.number)}. {escape(change.title)} '
        f"{portion_mark(change.portion)}</h2>"
        + (f'<p class="remark">{escape(remarks.strip())}</p>' if remarks.strip() else "")
        + f'<div class="text">{words}</div></section>'
    )


def _lines(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """The words of each line, and the same with what came and went marked."""
    told = marked = ""
    gone = ""  # words that went and began a line
    for piece in pieces:
        if piece.kind == "added" and told.strip() and "\n" in (gone and gone + piece.text).strip():
            yield told, marked  # lines were replaced, not words
            told = marked = ""
        gone = piece.text if piece.kind == "removed" and not told else ""
        first, *others = piece.text.split("\n")
        told, marked = told + first, marked + _marked(piece.kind, first)
        for line in others:
            if told.strip():
                yield told, marked
            told, marked = line, _marked(piece.kind, line)
    if told.strip():
        yield told, marked


def _marked(kind: str, words: str) -> str:
    text = escape(words, quote=False)
    tag = _TAGS.get(kind)
    return f"<{tag}>{text}</{tag}>" if tag and words.strip() else text
