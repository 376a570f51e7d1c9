"""How a value of a register is read from words, checked, and put into words again.

What ``words`` writes, ``parse`` reads back: cells of a spreadsheet, a pasted range and the API all
pass here. Links are resolved by whoever knows the effort's entries; here they are labels.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from planning.registers.definition import MAX_LINE, MAX_MANY, MAX_TEXT, MAX_TITLE, Field, Kind

# One choice and the time that it holds: [value, from, to], the dates ISO or None.
Span = list[str | None]
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPAN = re.compile(
    r"(?P<what>.+?)(?:\s+(?:since|from)\s+(?P<start>\S+?))?(?:\s+(?:to|until)\s+(?P<end>\S+))?$"
)
_MANY = re.compile(r"\s*[;\n]\s*")
MAX_NUMBER = 10**12


def clean_words(text: str, *, line: bool = False) -> str:
    """Text as it may be stored: composed, without control characters; one line if asked."""
    text = unicodedata.normalize("NFC", _ILLEGAL.sub("", text.replace("\r\n", "\n")))
    if line:
        return " ".join(text.split())
    return "\n".join(part.rstrip() for part in text.strip().split("\n"))


def pieces(text: str) -> list[str]:
    """The parts of a cell that holds several: by semicolon or line."""
    return [part for part in _MANY.split(text.strip()) if part]


def parse(field: Field, raw: Any, *, title: bool = False) -> Any:
    """The value that ``raw`` stands for: text of a cell, or what ``words`` wrote, or JSON of the
    API. Empty gives None, or an empty list where there may be several.

    Raises ValueError with words that say what is wrong and how to mend it.
    """
    if raw is None:
        raw = ""
    match field.kind:
        case Kind.LINE | Kind.TEXT:
            return _text(field, raw, title)
        case Kind.CHOICE:
            text = _string(raw)
            return _choice(field, text) if text else None
        case Kind.CHOICES:
            return list(dict.fromkeys(_choice(field, part) for part in _several(raw)))
        case Kind.NUMBER:
            return _number(raw)
        case Kind.DATE:
            text = _string(raw)
            return _date(text) if text else None
        case Kind.SPANS:
            return _spans(field, raw)
        case Kind.LINKS:
            return list(dict.fromkeys(_several(raw)))
        case Kind.REFERENCE:  # whoever knows the catalogue finds what it names
            return _string(raw.get("key", "") if isinstance(raw, dict) else raw) or None


def words(field: Field, value: Any) -> str:
    """A value as people read it, and as ``parse`` reads it back; links come as their labels."""
    if value is None or value == "" or value == []:
        return ""
    match field.kind:
        case Kind.CHOICE:
            return field.label_of(str(value))
        case Kind.CHOICES:
            return "; ".join(field.label_of(str(one)) for one in value)
        case Kind.SPANS:
            return "; ".join(span_words(field, one) for one in value)
        case Kind.LINKS:
            return "; ".join(str(one) for one in value)
        case Kind.REFERENCE:
            return str(value["label"] if isinstance(value, dict) else value)
        case _:
            return str(value)


def span_words(field: Field, span: Sequence[str | None]) -> str:
    """“Architects since 2013-03-24”."""
    what, start, end = span
    text = field.label_of(str(what))
    if start:
        text += f" since {start}"
    return f"{text} to {end}" if end else text


def _string(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError("Give this as text.")
    return clean_words(str(raw), line=True)


def _text(field: Field, raw: Any, title: bool) -> str | None:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise ValueError("Give this as text.")
    text = clean_words(str(raw), line=field.kind is Kind.LINE)
    most = MAX_LINE if field.kind is Kind.LINE else MAX_TITLE if title else MAX_TEXT
    if len(text) > most:
        raise ValueError(f"This has {len(text):,} characters; {most:,} are the most. Shorten it.")
    return text or None


def _several(raw: Any) -> list[str]:
    if isinstance(raw, str):
        found = pieces(clean_words(raw))
    elif isinstance(raw, list | tuple) and all(isinstance(one, str | int) for one in raw):
        found = [clean_words(str(one), line=True) for one in raw]
    else:
        raise ValueError("Give a list, or words parted by semicolons.")
    found = [one for one in found if one]
    if len(found) > MAX_MANY:
        raise ValueError(f"These are {len(found)}; {MAX_MANY} are the most.")
    return found


def _choice(field: Field, text: str) -> str:
    wanted = text.casefold()
    for value, label in field.choices:
        if wanted in {value.casefold(), label.casefold()}:
            return value
    known = ", ".join(label for _, label in field.choices)
    raise ValueError(f"“{text}” is none of: {known}.")


def _number(raw: Any) -> int | None:
    text = _string(raw).replace(",", "").replace(" ", "")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,13}", text) or abs(int(text)) > MAX_NUMBER:
        raise ValueError(f"“{text}” is no whole number.")
    return int(text)


def _date(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; write it as 2013-12-05.") from None
    if not 1800 <= found.year <= 2200:  # noqa: PLR2004 - what planners can mean
        raise ValueError(f"The year {found.year} cannot be meant.")
    return found.isoformat()


def _spans(field: Field, raw: Any) -> list[Span]:
    if isinstance(raw, str):
        rows: list[Any] = pieces(clean_words(raw))
    elif isinstance(raw, list | tuple):
        rows = list(raw)
    else:
        raise ValueError("Give a list, or words parted by semicolons.")
    if len(rows) > MAX_MANY:
        raise ValueError(f"These are {len(rows)}; {MAX_MANY} are the most.")
    found = [_span(field, row) for row in rows]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _span(field: Field, row: Any) -> Span:
    if isinstance(row, str):
        whole = row.casefold()
        exact = any(whole in {v.casefold(), label.casefold()} for v, label in field.choices)
        met = None if exact else _SPAN.match(row)
        parts: list[Any] = (
            [row, None, None] if met is None else list(met.group("what", "start", "end"))
        )
    elif isinstance(row, list | tuple) and len(row) == 3:  # noqa: PLR2004 - value, from, to
        parts = list(row)
    else:
        raise ValueError(
            "Write “bystanders since 2013-03-24 to 2013-12-05”; the dates are optional."
        )
    start, end = (_date(_string(part)) if part else None for part in parts[1:])
    if start and end and end < start:
        raise ValueError(f"{end} lies before {start}.")
    return [_choice(field, _string(parts[0])), start, end]
