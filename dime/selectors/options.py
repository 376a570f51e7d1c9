"""Reads that pages, warnings, acts and products of options share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dime.models import Tool
from dime.registers.options import NOTHING
from dime.vocabulary import Level, Standing
from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent
from planning import entries
from planning.models import Effort, Entry

ADOPTED = "option.adopted"
# The step that decides among the options of a level.
STEPS: Mapping[Level, int] = {Level.POLICY: 3, Level.CONCEPT: 4}
READ = (
    "options", "measures", "objectives", "lines-of-effort", "messages", "policy-risks", "arguments",
    "assumptions", "actors", "situation",
)  # fmt: skip


def standing_of(option: Entry) -> Standing:
    """Where an option stands with those who decide."""
    return Standing(option.value("standing") or Standing.PROPOSED)


def level_of(option: Entry) -> Level:
    """What an option is for; one that does not say, “do nothing” too, is decided in Step 3."""
    return Level(option.value("level") or Level.POLICY)


def is_nothing(option: Entry) -> bool:
    """Whether it is “do nothing”, with which the options of both levels are compared."""
    return option.kind == NOTHING


def at(options: Iterable[Entry], level: Level) -> list[Entry]:
    """The options that are compared on a level, “do nothing” always among them, last."""
    found = [one for one in options if is_nothing(one) or level_of(one) is level]
    return sorted(found, key=is_nothing)


def of_option(rows: Iterable[Entry], option: Entry) -> list[Entry]:
    """The objectives, lines or risks that an option has: those that name it, and those that name
    no option, which belong to all."""
    return [
        row
        for row in rows
        if not (named := row.value("options")) or any(one.pk == option.pk for one in named)
    ]


@dataclass(frozen=True)
class Whole:
    """The standing options of an effort and all that belongs to them; ``measures`` by the key of
    their option, ``tools`` those that measures use, by key."""

    effort: Effort
    options: list[Entry]
    measures: Mapping[int, list[Entry]]
    tools: Mapping[str, Tool]
    objectives: list[Entry]
    lines: list[Entry]
    messages: list[Entry]
    risks: list[Entry]
    arguments: list[Entry]
    assumptions: Mapping[int, Entry]

    def of(self, option: Entry) -> list[Entry]:
        """The measures of an option."""
        return self.measures.get(option.pk, [])

    def tool(self, measure: Entry) -> Tool | None:
        """The tool that a measure uses, as it stands now."""
        held = measure.value("tool")
        return self.tools.get(held["key"]) if held else None


def whole(effort: Effort) -> Whole:
    """Everything about the options of an effort. Three queries, whatever their number."""
    read = entries.entries_of(effort, *READ)
    measures: dict[int, list[Entry]] = {}
    for row in read["measures"]:
        for option in row.value("option"):
            measures.setdefault(option.pk, []).append(row)
    used = {held["key"] for row in read["measures"] if (held := row.value("tool"))}
    tools = {row.key: row for row in Tool.objects.filter(key__in=used)} if used else {}
    return Whole(
        effort, read["options"], measures, tools, read["objectives"], read["lines-of-effort"],
        read["messages"], read["policy-risks"], read["arguments"],
        {row.pk: row for row in read["assumptions"]},
    )  # fmt: skip


def content_of(option: Entry, read: Whole | None = None) -> str:
    """Twelve hexadecimal digits of what an option and its package say, wherever it stands.

    Three queries, none with what was ``read``.
    """
    read = read or whole(option.effort)
    rows = [
        next((one for one in read.options if one.pk == option.pk), option),
        *read.of(option), *of_option(read.objectives, option), *of_option(read.lines, option),
    ]  # fmt: skip
    told = [
        [str(row), *(entries.in_words(row, f) for f in row.definition.fields if not f.act)]
        for row in rows
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Adoption:
    """An adoption as the record holds it: which option (by number), when and by whom, why, and
    the digest of what it said then."""

    number: int
    level: Level
    cycle: int
    at: datetime
    by: str
    why: str
    content: str


def adoptions(effort: Effort) -> list[Adoption]:
    """Every adoption of an option, oldest first; an option may be adopted more than once. One
    query."""
    rows = AuditEvent.objects.filter(stream=stream_of(effort.pk), code=ADOPTED).order_by("seq")
    return [
        Adoption(
            number=int(row.label.partition(":")[0].partition("-")[2]),
            level=Level(row.detail["level"]), cycle=row.detail["cycle"], at=row.at, by=row.actor,
            why=row.detail["why"], content=row.detail["content"],
        )
        for row in rows
    ]  # fmt: skip


def adoption_of(option: Entry, made: Iterable[Adoption]) -> Adoption | None:
    """The last adoption of an option that stands as adopted; None for another."""
    if standing_of(option) is not Standing.ADOPTED:
        return None
    found = [one for one in made if one.number == option.number]
    return found[-1] if found else None
