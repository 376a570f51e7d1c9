"""The form of an entry: what each field shows, and what somebody changed in it.

A form sends every field. So that two people can change different fields at the same time, it also
sends what it showed at first, as digests; only what differs from that counts as changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from planning.models import Effort, Entry
from planning.registers import CATALOGUES, REGISTERS, Field, Kind
from planning.registers.values import clean_words, pieces, span_words, words

BOXES = 30  # entries that a field offers as boxes; of more than these it offers names to type
OFFERED = 300  # names that a field offers
PORTION = "portion"
SEVERAL = frozenset({Kind.LINKS, Kind.CHOICES})  # kinds whose controls send several values
_NAMED = re.compile(r"([A-Za-z]{2,5}-[0-9]{1,9})(?:[\s:].*)?", re.DOTALL)
Names = Mapping[str, Sequence[tuple[str, str]]]  # register to pairs of label and title


@dataclass(frozen=True)
class Asked:
    """A field of the form. ``value`` is what its control holds, links as labels; ``said`` is the
    stored value in words.

    ``boxes`` are the entries that links offer to tick, ``offers`` those that can be typed,
    ``typed`` what was typed of them.
    """

    field: Field
    value: str
    said: str
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    boxes: tuple[tuple[str, str], ...] = ()
    offers: tuple[str, ...] = ()
    typed: str = ""
    types: bool = False


def names_in(effort: Effort, registers: Iterable[str], most: int = OFFERED) -> Names:
    """The first ``most`` standing entries of each register, in the drafter's order. One query, none
    without registers."""
    wanted = set(registers)
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in wanted}
    rows = effort.entries.filter(register__in=wanted, retired_at=None).annotate(
        place=Window(RowNumber(), partition_by=F("register"), order_by=(F("position"), F("pk")))
    )
    rows = rows.filter(place__lte=most).order_by("register", "position", "pk")
    for name, number, title in rows.values_list("register", "number", "title") if wanted else ():
        found[name].append((f"{REGISTERS[name].prefix}-{number}", " ".join(title.split())))
    return found


def shown(entry: Entry, field: Field) -> list[str]:
    """What the control of a field holds of the stored value; the links must have been read."""
    value = entry.value(field.key)
    match field.kind:
        case Kind.LINKS:
            return [str(one) for one in value]
        case Kind.CHOICES:
            return [str(one) for one in value or ()]
        case Kind.CHOICE:
            return [str(value)] if value else [""]
        case Kind.SPANS:
            return ["\n".join(span_words(field, one) for one in value or ())]
        case Kind.REFERENCE:
            return [str(value["key"]) if value else ""]
        case _:
            return [words(field, value)]


def sent(field: Field, posted: Sequence[str]) -> list[str]:
    """The same of what came from the control: links as labels where they are named so."""
    match field.kind:
        case Kind.LINKS:
            return [_label(field, part) for text in posted for part in pieces(text)]
        case Kind.CHOICES:
            return list(posted)
        case _:
            return [clean_words(posted[0] if posted else "", line=field.kind is Kind.LINE)]


def _label(field: Field, text: str) -> str:
    """“ACT-3” of “ACT-3 Gendarmes”, if a link of this field may lead there."""
    met = _NAMED.fullmatch(text)
    prefixes = {REGISTERS[name].prefix for name in field.to if name in REGISTERS}
    if met and met[1].partition("-")[0].upper() in prefixes:
        return met[1].upper()
    return text


def digest(field: Field, held: Sequence[str]) -> str:
    """Eight hexadecimal digits of what a control holds; boxes in any order are the same."""
    told = "\n".join(
        sorted(set(held)) if field.kind in SEVERAL else (clean_words(one) for one in held)
    )
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def digests(entry: Entry) -> str:
    """What the form shows at first, as it sends it back."""
    found = [f"{f.key}:{digest(f, shown(entry, f))}" for f in entry.definition.fields if not f.act]
    return " ".join([*found, f"{PORTION}:{entry.portion.code}"])


def changes(entry: Entry, form: QueryDict) -> dict[str, Any]:
    """What somebody changed in the form, by key, “portion” too.

    A form that does not say what it showed changes what differs from what stands.
    """
    was = form.get("was") or ""
    before = dict(one.partition(":")[::2] for one in (was or digests(entry)).split(" "))
    found: dict[str, Any] = {}
    for field in entry.definition.fields:
        # Boxes of which none is ticked send nothing; a form that shows fewer fields neither.
        if field.act or (field.key not in form and not (was and field.key in before)):
            continue
        now = sent(field, form.getlist(field.key))
        if digest(field, now) != before.get(field.key):
            found[field.key] = now if field.kind in SEVERAL else now[0]
    portion = form.get(PORTION)
    if portion is not None and portion != before.get(PORTION):
        found[PORTION] = portion
    return found


def asked(
    entry: Entry, names: Names, typed: Mapping[str, Any] | None = None,
    faults: Mapping[str, str] | None = None,
) -> list[Asked]:  # fmt: skip
    """The fields of the form: what stands, but where somebody ``typed`` something else, that."""
    return [
        one_asked(entry, field, names, typed or {}, (faults or {}).get(field.key, ""))
        for field in entry.definition.fields
    ]


def one_asked(
    entry: Entry, field: Field, names: Names, typed: Mapping[str, Any], error: str = ""
) -> Asked:
    """One field of the form."""
    held = shown(entry, field)
    if field.key in typed:
        now = typed[field.key]
        held = list(now) if isinstance(now, list) else [str(now)]
    said = _said(entry, field)
    if field.kind is Kind.LINKS:
        return _links(entry, field, names, held, said, error)
    choices = choices_of(entry.effort, field)
    if field.kind is Kind.REFERENCE and held[0] and held[0] not in dict(choices):
        choices = (*choices, (held[0], said or held[0]))  # what was retired since may stay
    if field.kind is Kind.CHOICE and held[0] and held[0] not in dict(choices):
        choices = (*choices, (held[0], held[0]))  # what is no choice any more may stay
    value = "; ".join(held) if field.kind is Kind.CHOICES else held[0]
    return Asked(field, value, said, error, choices)


def choices_of(effort: Effort, field: Field) -> tuple[tuple[str, str], ...]:
    """What a field offers to choose: its own choices, or the items of its catalogue."""
    if field.kind is Kind.REFERENCE:
        return tuple(CATALOGUES[field.refers].offered(effort))
    return field.choices


def _links(
    entry: Entry, field: Field, names: Names, held: Sequence[str], said: str, error: str
) -> Asked:
    offered = [pair for name in field.to for pair in names.get(name, ()) if pair[0] != str(entry)]
    titles = dict(offered) | {
        str(one): f"{one.title} (retired)" if one.retired_at else one.title
        for one in entry.value(field.key)
    }
    few = len(offered) <= BOXES
    boxes = dict(offered) if few else {}
    boxes |= {label: titles[label] for label in held if label in titles}
    boxes |= {str(one): titles[str(one)] for one in entry.value(field.key)}
    loose = [text for text in held if text not in boxes]
    return Asked(
        field, "; ".join(held), said, error, boxes=tuple(boxes.items()),
        offers=() if few else tuple(f"{label} {title}".replace(";", ",") for label, title in offered),
        typed="; ".join(loose), types=not few or bool(loose),
    )  # fmt: skip


def _said(entry: Entry, field: Field) -> str:
    if field.kind is Kind.LINKS:
        return ""
    return words(field, entry.value(field.key))
