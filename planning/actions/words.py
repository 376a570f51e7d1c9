"""One way to take words from people: cleaned, within bounds, required where they matter."""

from __future__ import annotations

from mapro.core.errors import Invalid
from planning.products.reading import ILLEGAL

MAX_WORDS = 4_000  # characters of a dissent, a reason, a condition, guidance, evidence
MAX_WHY = 1_000  # characters of a short reason


def said(field: str, words: str, *, need: str = "", most: int = MAX_WORDS) -> str:
    """``words`` without characters that no file may hold. Raises Invalid for ``field`` when they
    are too long, or empty although ``need`` says what they are for."""
    words = ILLEGAL.sub("", words).strip()
    if need and not words:
        raise Invalid({field: need})
    if len(words) > most:
        raise Invalid({field: f"Keep this below {most:,} characters."})
    return words


def in_a_line(field: str, words: str, *, need: str = "", most: int = MAX_WHY) -> str:
    """The same for a single line."""
    return " ".join(said(field, words, need=need, most=most).split())


def lines(words: str) -> list[str]:
    """One entry per line; list marks in front of it are left out."""
    found = [line.strip().lstrip("-*•").strip() for line in words.splitlines()]
    return [line for line in found if line]
