"""Ways to take words and choices that the watch's actions share."""

from __future__ import annotations

import re
from typing import TypeVar

from django.db.models import TextChoices

from mapro.core.errors import Invalid
from planning.actions.words import in_a_line

HTTP = tuple(f"{scheme}://" for scheme in ("http", "https"))
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
Choice = TypeVar("Choice", bound=TextChoices)


def chosen(field: str, value: str, choices: type[Choice]) -> Choice:
    """A choice by its value. Raises Invalid for ``field`` with what could be chosen."""
    try:
        return choices(value)
    except ValueError as error:
        known = ", ".join(choices.values)
        raise Invalid({field: f"“{value}” is none of: {known}."}) from error


def reference(field: str, words: str) -> str:
    """Where something is published: a web address or a reference in words. It is only shown.

    Raises Invalid for an address that a browser would run or fetch otherwise.
    """
    words = in_a_line(field, words, most=300)
    if _SCHEME.match(words) and not words.lower().startswith(HTTP):
        raise Invalid({field: "Give an address that begins with “https”, or a reference in words."})
    return words
