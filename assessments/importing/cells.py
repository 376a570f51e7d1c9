"""How a cell of an event file is read. Each raises ValueError that says what is wrong and how to
mend it; what the words leave out, the row and the column, the caller knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mapro.core.sheets import shown

Read = Callable[[str], Any]
MAX_COUNT = 100_000_000  # more deaths than any event can have
_COUNT = re.compile(r"(-?[0-9]{1,12})(?:\.0*)?")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,20})?(?:[eE]-?[0-9]{1,2})?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_CODE = re.compile(r"[A-Z]{3}")


def line(most: int) -> Read:
    """Words on one line, at most so many characters."""

    def read(text: str) -> str:
        return _bounded(" ".join(text.split()), most)

    return read


def prose(most: int) -> Read:
    """Words that may have lines, at most so many characters."""

    def read(text: str) -> str:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return _bounded("\n".join(one.rstrip() for one in lines).strip(), most)

    return read


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(f"{shown(text)} has {len(text):,} characters; {most:,} is the most.")
    return text


def count(text: str) -> int:
    """A number of people: whole, not negative."""
    found = _COUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"{shown(text)} is no whole number. Write digits only, without spaces.")
    number = int(found.group(1))
    if number < 0:
        raise ValueError(f"{number} deaths cannot be; write 0 or more.")
    if number > MAX_COUNT:
        raise ValueError(f"{number:,} deaths are more than one event can have.")
    return number


def whole(least: int, most: int) -> Read:
    """A whole number between two others."""

    def read(text: str) -> int:
        found = _COUNT.fullmatch(text)
        if found is None or not least <= int(found.group(1)) <= most:
            raise ValueError(f"{shown(text)} is no whole number from {least} to {most}.")
        return int(found.group(1))

    return read


def degrees(what: str, most: int) -> Read:
    """Degrees north or east of zero."""

    def read(text: str) -> float:
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
            raise ValueError(f"{shown(text)} has a decimal comma. Write a point: 4.3667.")
        if not _DEGREES.fullmatch(text):
            raise ValueError(f"{shown(text)} is no {what} in decimal degrees, such as 4.3667.")
        value = float(text)
        if not -most <= value <= most:
            raise ValueError(f"{shown(text)} is no {what}; it lies between -{most} and {most}.")
        return value

    return read


def day(text: str) -> date:
    """A date as ISO writes it; midnight behind it does no harm."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(
            f"{shown(text)} is no date. Write year, month and day, without a time: 2013-12-05."
        )
    try:
        return date.fromisoformat(found.group(1))
    except ValueError:
        raise ValueError(f"{shown(text)} is no day of the calendar.") from None


def one_of(values: Mapping[str, str]) -> Read:
    """What a value of the file stands for."""

    def read(text: str) -> str:
        found = values.get(text.casefold())
        if found is None:
            raise ValueError(f"{shown(text)} is none of: {', '.join(values)}.")
        return found

    return read


def country_code(text: str) -> str:
    """Three letters of ISO 3166."""
    if not _CODE.fullmatch(text.upper()):
        raise ValueError(f"{shown(text)} is no ISO 3166 code of three letters, such as CAF.")
    return text.upper()
