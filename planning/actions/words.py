"""One way to take words from people: cleaned, within bounds, required where they matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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


def each_read(
    one: str, readers: Mapping[str, Callable[[Any], Any]], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of ``one`` (“a report”) as they are stored, each by its reader.

    Raises Invalid with all that is wrong, TypeError for a field that has no reader.
    """
    if unknown := set(given) - set(readers):
        raise TypeError(f"{one.capitalize()} has no {sorted(unknown)}")
    wrong: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, value in given.items():
        try:
            found[name] = readers[name](value)
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return found
