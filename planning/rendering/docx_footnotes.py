"""The footnotes of a Word file: a part of its own that python-docx does not write."""

from __future__ import annotations

from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part

from planning.products.blocks import right_to_left
from planning.rendering.docx_words import NAMESPACES, run

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
SEPARATORS = ((-1, "separator"), (0, "continuationSeparator"))


class Footnotes:
    """Collects the notes while the text is written, in reading order."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.counted = 0  # how far Word's own count has come

    def reference(self, number: int, note: str) -> str:
        """The run that refers to a new note. Word counts; a number out of turn is written out."""
        identity = len(self.notes) + 1
        counts = number == self.counted + 1
        if counts:
            self.counted += 1
        mark = "<w:footnoteRef/>" if counts else f"<w:t>{number}</w:t>"
        look = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        bidi = right_to_left(note)
        self.notes.append(
            f'<w:footnote w:id="{identity}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/>'
            f"{'<w:bidi/>' if bidi else ''}</w:pPr><w:r>{look}{mark}</w:r>"
            f'<w:r><w:t xml:space="preserve"> </w:t></w:r>{run(note, bidi=bidi)}</w:p></w:footnote>'
        )
        custom = "" if counts else ' w:customMarkFollows="1"'
        said = "" if counts else f"<w:t>{number}</w:t>"
        return f'<w:r>{look}<w:footnoteReference{custom} w:id="{identity}"/>{said}</w:r>'

    def attach(self, document_part: Any) -> None:
        """Put the part into the package of ``document_part``; nothing when there are no notes."""
        if not self.notes:
            return
        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{identity}"><w:p><w:pPr>'
            f'<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
            f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
            for identity, kind in SEPARATORS
        )
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f"<w:footnotes {NAMESPACES}>{separators}{''.join(self.notes)}</w:footnotes>"
        )
        part = Part(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE, xml.encode(), document_part.package
        )
        document_part.relate_to(part, RELATIONSHIP)


def settings() -> str:
    """What the settings say of the notes that part text and footnotes."""
    inner = "".join(f'<w:footnote w:id="{identity}"/>' for identity, _ in SEPARATORS)
    return f"<w:footnotePr>{inner}</w:footnotePr>"
