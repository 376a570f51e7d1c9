"""The Document: a product as a neutral tree that every renderer reads.

Built from a Version's frozen snapshot alone, so the same content comes out of every format. No
ORM, no clock. ``canonical`` and ``digest`` give a snapshot the one form that hashes bind to;
``planning.products.blocks`` reads its texts.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planning.products.blocks import (
    Block,
    Heading,
    Paragraph,
    Run,
    figures,
    inlines,
    notes_of,
    parse,
)

EMPTY_DRAFT = "Not yet written."
EMPTY_FINAL = "None."


@dataclass(frozen=True)
class DocumentSection:
    """One section of the outline with its text. ``empty`` when nothing was written.

    ``above`` names the sections that it stands in, outermost first.
    """

    key: str
    number: str
    title: str
    depth: int
    portion: str
    blocks: tuple[Block, ...]
    empty: bool
    above: tuple[str, ...] = ()

    @property
    def notes(self) -> list[Run]:
        """The footnotes of the section."""
        return notes_of(self.blocks)


@dataclass(frozen=True)
class MarkingWords:
    """The banner of the whole document, its portion mark and its color (#rrggbb).

    ``rank`` orders markings where several documents meet in one file; the highest marks it.
    """

    banner: str
    portion: str
    ground: str
    rank: int = 0


@dataclass(frozen=True)
class Letterhead:
    """Whose paper it is: lines at the top, a seal (a picture's SHA-256, or none), ink (#rrggbb)."""

    lines: tuple[str, ...] = ()
    seal: str = ""
    ink: str = "#171716"


@dataclass(frozen=True)
class Picture:
    """The file of a picture: media type, bytes, size in pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Annex:
    """What is printed after the sections: a title and blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A product ready to be rendered. Times are ISO 8601 in UTC.

    ``layout`` is memorandum, briefing, document, statement or one_page. ``pictures`` maps the
    SHA-256 of a picture to its file; one that is missing is told in words.
    """

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
    annexes: tuple[Annex, ...] = field(default=())
    letterhead: Letterhead = field(default=Letterhead())
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """“Country X: Initial Guidance”."""
        return f"{self.effort}: {self.title}"

    @property
    def author(self) -> str:
        """Who stands behind it, for the file's properties."""
        return f"Interagency Planning Team, {self.effort}"

    @property
    def state(self) -> str:
        """“version 2” or “version 2, draft”."""
        return f"version {self.version}" + ("" if self.approved else ", draft")

    @property
    def heading_lines(self) -> tuple[str, ...]:
        """The letterhead's lines: the organization's, or the team's own."""
        return self.letterhead.lines or (f"Interagency Planning Team, {self.effort}",)


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The one byte form of a snapshot: NFC, sorted keys, no spaces, UTF-8."""
    body = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", body).encode()


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def build(
    snapshot: Mapping[str, Any], *, approved: bool, version: int, content_hash: str,
    created_at: datetime, layout: str = "", later: Sequence[Mapping[str, str]] = (),
    pictures: Mapping[str, Picture] | None = None,
) -> Document:  # fmt: skip
    """The Document of a frozen snapshot. ``approved`` decides whether it is marked as a draft.

    ``layout`` replaces the format's own. ``later`` are annexes that came after the freeze, each
    a title and sanitized HTML: the frozen text stays as it is and they stand behind it.
    """
    note = 1
    sections: list[DocumentSection] = []
    above: list[str] = []
    for row in snapshot["sections"]:
        above = above[: row["depth"] - 1]
        blocks = parse(row["html"], note)
        for register in row.get("registers", ()):
            filled = parse(register["html"], note + len(notes_of(blocks)))
            if register["label"] and filled:
                as_of = f", as of {register['as_of']}" if register["as_of"] else ""
                words = f"{register['label']}{as_of}"
                filled = (Heading((Run(words),), 2), *filled)
            blocks = (*blocks, *filled)
        empty = not blocks
        if empty:
            blocks = (Paragraph((Run(EMPTY_FINAL if approved else EMPTY_DRAFT),)),)
        note += len(notes_of(blocks))
        sections.append(
            DocumentSection(
                row["key"], row["number"], row["title"], row["depth"], row["portion"], blocks,
                empty, tuple(above),
            )
        )  # fmt: skip
        above.append(row["title"])
    annexes = []
    for annex in (*snapshot.get("annexes", ()), *later):
        blocks = parse(annex["html"], note)
        note += len(notes_of(blocks))
        annexes.append(Annex(annex["title"], blocks))
    head = snapshot.get("letterhead") or {}
    return Document(
        title=snapshot["title"],
        # The first snapshots held the tab alone.
        label=snapshot["label"] if snapshot["schema"] > 1 else f"Annex D, {snapshot['label']}",
        effort=snapshot["effort"]["name"],
        layout=layout or snapshot["layout"],
        language=snapshot["language"],
        marking=MarkingWords(**snapshot["marking"]),
        header=tuple((k, v) for k, v in snapshot["header"]),
        designation=tuple((k, v) for k, v in snapshot["designation"] if v),
        approved=approved,
        version=version,
        content_hash=content_hash,
        created_at=created_at.isoformat(),
        sections=tuple(sections),
        annexes=tuple(annexes),
        letterhead=Letterhead(
            tuple(head.get("lines", ())), head.get("seal", ""), head.get("ink", "#171716")
        ),
        pictures=pictures or {},
    )


def fragments(document: Document) -> Iterator[str]:
    """Every run of words that each format must hold, in reading order.

    Titles, then the words between line breaks and footnotes, then the footnotes and what stands
    for each picture.
    """
    parts: list[tuple[str, tuple[Block, ...]]] = [(s.title, s.blocks) for s in document.sections]
    parts += [(a.title, a.blocks) for a in document.annexes]
    for title, blocks in parts:
        yield title
        for runs in inlines(blocks):
            words = "".join("\n" if run.note else run.text for run in runs)
            yield from (line for line in (w.strip() for w in words.split("\n")) if line)
        yield from (run.note for run in notes_of(blocks))
        yield from (figure.alt for figure in figures(blocks) if figure.alt)


def picture_keys(snapshot: Mapping[str, Any]) -> set[str]:
    """The SHA-256 of every picture that a snapshot shows: of its texts, of what registers put in,
    and the seal."""
    texts = [s["html"] for s in snapshot["sections"]]
    texts += [one["html"] for s in snapshot["sections"] for one in s.get("registers", ())]
    found = {f.picture for html in texts if "<img" in html for f in figures(parse(html))}
    seal = (snapshot.get("letterhead") or {}).get("seal")
    return found | ({seal} if seal else set())
