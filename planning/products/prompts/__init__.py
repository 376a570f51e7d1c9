"""Drafting guidance: one Markdown file per section, in our own words.

A file is a heading (the question), a list under “A strong section”, a list under “Still to
settle”, and a last line “Handbook: …”.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
STRONG, OPEN = "A strong section", "Still to settle"


@dataclass(frozen=True)
class Prompt:
    """What the drafter is asked, what makes the section strong, and what is often left open."""

    question: str
    strong: tuple[str, ...]
    open: tuple[str, ...]
    reference: str


@cache
def prompt(product: str, section: str) -> Prompt:
    """The prompt of a section. Raises LookupError without a file, ValueError when it is unclear."""
    path = FOLDER / product.replace("-", "_") / f"{section.replace('-', '_')}.md"
    if not path.is_file():
        raise LookupError(f"{product}, section {section} has no prompt: write {path.name}.")
    question = reference = ""
    lists: dict[str, list[str]] = {STRONG: [], OPEN: []}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            question = line[2:].strip()
        elif line.startswith("## "):
            current = line[3:].strip()
        elif line.startswith("- ") and current in lists:
            lists[current].append(line[2:].strip())
        elif line.startswith("Handbook: "):
            reference = line.removeprefix("Handbook: ").strip()
    if not (question and lists[STRONG] and reference):
        raise ValueError(f"{path.name} lacks its question, its list or its Handbook line.")
    return Prompt(question, tuple(lists[STRONG]), tuple(lists[OPEN]), reference)


GENERAL = Prompt(
    "What does the reader need to know under this title?",
    (
        "says its one message in the first sentence",
        "parts what is known from what is judged",
        "names who is to do what by when, where something is asked",
    ),
    ("Which other section says this already?",),
    "Annex D, introduction: every format may be adapted",
)


def prompt_or_general(product: str, section: str) -> Prompt:
    """The prompt of a section; a general one for a section or format that somebody added."""
    try:
        return prompt(product, section)
    except LookupError:
        return GENERAL
