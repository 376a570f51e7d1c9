"""Choices for a StrEnum of the vocabulary."""

from __future__ import annotations

from enum import StrEnum


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, label) pairs; the value's own words where the vocabulary has no label."""
    return [(w.value, getattr(w, "label", w.value)) for w in words]
