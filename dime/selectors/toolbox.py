"""Reads of the toolbox. Each says how many queries it makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dime import suitability
from dime.conflicts import conflicts_of
from dime.models import Tool, ToolNote, ToolVersion
from dime.suitability import Reason
from dime.vocabulary import Approach, Element, Incentive, Shade
from dime.words import LABELS, SIGNS, in_words
from mapro.core.models import Organization, User
from planning import entries
from planning.models import Effort, Entry
from planning.policies import visible
from planning.vocabulary import Perm

HANDBOOK = "handbook"  # as a filter by organization: those that nobody added
USES = 50  # measures of other efforts that the page of a tool names


@dataclass(frozen=True)
class Filters:
    """What leaves a tool in the grid; an empty one leaves all. ``text`` is looked for in names and
    summaries, ``used`` is the number of an option, ``shade`` one that the person asked for."""

    element: str = ""
    approach: str = ""
    target: str = ""
    incentive: str = ""
    purpose: str = ""
    organization: str = ""
    text: str = ""
    used: str = ""
    shade: str = ""
    retired: bool = False

    def leave(self, row: Row) -> bool:
        """Whether a row stays."""
        tool, text = row.tool, self.text.casefold()
        return (
            (self.retired or tool.retired_at is None)
            and (not self.element or tool.element == self.element)
            and (not self.approach or tool.approach == self.approach)
            and (not self.target or self.target in tool.targets)
            and (not self.incentive or tool.incentive == self.incentive)
            and (not self.purpose or self.purpose in tool.purposes)
            and (not self.organization or self.organization == row.owner)
            and (not self.used or self.used in {str(one.number) for one in row.options})
            and (not self.shade or row.shade == self.shade)
            and (not text or any(text in words.casefold() for words in (
                tool.name, tool.figure_name, tool.summary,
            )))
        )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A tool in the grid: how it suits, if a situation was read, and the options that use it."""

    tool: Tool
    shade: Shade | None = None
    reasons: Sequence[Reason] = ()
    options: Sequence[Entry] = ()

    @property
    def owner(self) -> str:
        """The code of the organization that added it; ``handbook`` for the Handbook's."""
        return self.tool.organization.code if self.tool.organization else HANDBOOK

    @property
    def sign(self) -> str:
        """Reward, penalty, either, or nothing, as a sign."""
        return SIGNS[Incentive(self.tool.incentive)]

    @property
    def title(self) -> str:
        """The shade and its first reason, in a line."""
        if self.shade is None:
            return self.tool.summary
        why = self.reasons[0] if self.reasons else None
        return f"{self.shade.label}: {why.why if why else 'nothing in the situation warns of it'}"


@dataclass(frozen=True)
class Line:
    """An element's tools by approach."""

    element: Element
    cells: Sequence[tuple[Approach, Sequence[Row]]]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(rows) for _, rows in self.cells)


@dataclass(frozen=True)
class Grid:
    """Figure 14 with what its filters leave. ``every`` counts the tools that stand."""

    lines: Sequence[Line]
    every: int
    shades: Mapping[str, int]
    owners: Sequence[Organization]
    rows: Mapping[str, Row]

    @property
    def count(self) -> int:
        """How many tools it shows."""
        return sum(line.count for line in self.lines)

    @property
    def approaches(self) -> Sequence[tuple[Approach, int]]:
        """The columns, each with its number of tools."""
        return [
            (approach, sum(len(line.cells[n][1]) for line in self.lines))
            for n, approach in enumerate(Approach)
        ]


def grid(filters: Filters, rows: Sequence[Row]) -> Grid:
    """The rows that the filters leave, by element and approach. No query."""
    left = [row for row in rows if filters.leave(row)]
    lines = [
        Line(
            element,
            [
                (approach, [r for r in left if (r.tool.element, r.tool.approach) == (element, approach)])
                for approach in Approach
            ],
        )
        for element in Element
        if not filters.element or filters.element == element
    ]  # fmt: skip
    owners = {row.tool.organization for row in rows if row.tool.organization is not None}
    return Grid(
        lines, sum(row.tool.retired_at is None for row in rows),
        Counter(row.shade.value for row in left if row.shade is not None),
        sorted(owners, key=lambda one: one.name), {row.tool.key: row for row in rows},
    )  # fmt: skip


def tools() -> list[Tool]:
    """Every tool, retired ones too, in the order of the grid. One query."""
    return list(Tool.objects.select_related("organization"))


def rows_of(effort: Effort | None = None) -> list[Row]:
    """Every tool; for an effort with its shade there and the options that use it. One query, and
    for an effort those of ``entries_of``."""
    if effort is None:
        return [Row(tool) for tool in tools()]
    readings, used = readings_of(effort), used_in(effort)
    return [shaded(tool, readings, used.get(tool.key, ())) for tool in tools()]


def shaded(tool: Tool, readings: Mapping[str, str], options: Sequence[Entry] = ()) -> Row:
    """A tool as a situation shades it; without any reading it has no shade. No query."""
    if not readings:
        return Row(tool, options=options)
    shade, reasons = suitability.shade(tool, readings)
    return Row(tool, shade, reasons, options)


def readings_of(effort: Effort) -> dict[str, str]:
    """The value of each variable that the team has read, by variable; of two the later holds.
    Two queries unless the entries were read."""
    return {key: entry.value("value") for key, entry in situation_of(effort).items()}


def situation_of(effort: Effort) -> dict[str, Entry]:
    """The reading of each variable, by variable. As ``readings_of``."""
    rows = entries.entries_of(effort, "situation", "options", "measures")["situation"]
    newest = sorted(rows, key=lambda row: (row.changed_at, row.pk))
    return {row.kind: row for row in newest if row.kind in suitability.variables()}


def used_in(effort: Effort) -> dict[str, list[Entry]]:
    """The standing options that use each tool, by key, each once, in the drafter's order."""
    found: dict[str, list[Entry]] = {}
    kept = entries.entries_of(effort, "situation", "options", "measures")
    order = {row.pk: row for row in kept["options"]}
    pairs = {
        (held["key"], option.pk)
        for measure in kept["measures"]
        if (held := measure.value("tool"))
        for option in measure.value("option")
    }
    for pk, row in order.items():
        for key in {key for key, option in pairs if option == pk}:
            found.setdefault(key, []).append(row)
    return found


def options_of(effort: Effort) -> list[Entry]:
    """The standing options to which a tool can be added: doing nothing uses none."""
    rows = entries.entries_of(effort, "situation", "options", "measures")["options"]
    return [row for row in rows if row.kind != "none"]


@dataclass(frozen=True)
class Change:
    """What a version changed of a field, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Edition:
    """A version of a tool and what it changed of the one before."""

    version: ToolVersion
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Clash:
    """A tool that works against another, and why."""

    tool: Tool
    why: str
    same_target: bool


@dataclass(frozen=True)
class ToolPage:
    """Everything that is known of a tool. ``names`` are those of agencies and of tools near it."""

    tool: Tool
    names: Mapping[str, str]
    goes_with: Sequence[Tool]
    clashes: Sequence[Clash]
    editions: Sequence[Edition]
    notes: Sequence[ToolNote]
    uses: Mapping[Effort, Sequence[Entry]]


def tool_of(key: str) -> Tool | None:
    """A tool by its key. One query."""
    rows = Tool.objects.select_related("organization", "changed_by")
    return rows.filter(key=key).first()


def tool_page(tool: Tool, user: User) -> ToolPage:
    """What the page of a tool shows to a person. Five queries, one more if options use it."""
    versions = list(tool.versions.select_related("by"))
    clashes = conflicts_of(tool.key)
    # What older versions named counts too, so that differences read as people say it.
    held = [tool.goes_with, *(one.data.get("goes_with", ()) for one in versions)]
    wanted = {key for keys in held for key in keys} | {one.other(tool.key) for one in clashes}
    near = {row.key: row for row in Tool.objects.filter(key__in=wanted)}
    led = [tool.lead_agencies, *(one.data.get("lead_agencies", ()) for one in versions)]
    names = agency_names(code for codes in led for code in codes)
    names |= {key: row.name for key, row in near.items()}
    return ToolPage(
        tool, names, [near[key] for key in tool.goes_with if key in near],
        [
            Clash(near[one.other(tool.key)], one.why, one.same_target)
            for one in clashes
            if one.other(tool.key) in near
        ],
        editions(versions, names),
        list(tool.notes.select_related("marking", "organization", "added_by")),
        uses_of(tool, user),
    )  # fmt: skip


def agency_names(codes: Iterable[str]) -> dict[str, str]:
    """Organizations as people call them, by code. One query."""
    rows = Organization.objects.filter(code__in=set(codes)).only("code", "name", "acronym")
    return {row.code: row.short for row in rows}


def uses_of(tool: Tool, user: User) -> dict[Effort, list[Entry]]:
    """The standing measures that use a tool, by effort, where the person may read registers. One
    query."""
    rows = visible(
        Entry.objects.filter(register="measures", retired_at=None, data__tool__key=tool.key),
        user, effort="effort_id", to=Perm.REGISTER_VIEW,
    ).select_related("effort__marking", "portion")  # fmt: skip
    found: dict[Effort, list[Entry]] = {}
    for row in rows.order_by("effort__name", "effort_id", "position")[:USES]:
        found.setdefault(row.effort, []).append(row)
    return found


def editions(versions: Iterable[ToolVersion], names: Mapping[str, str]) -> list[Edition]:
    """Versions, newest first, each with what it changed. No query."""
    rows = sorted(versions, key=lambda one: one.number)
    found = []
    for before, now in zip([None, *rows], rows, strict=False):
        changes = [
            Change(
                label, in_words(name, before.data.get(name), names),
                in_words(name, now.data.get(name), names),
            )
            for name, label in LABELS.items()
            if before is not None and before.data.get(name) != now.data.get(name)
        ]  # fmt: skip
        found.append(Edition(now, changes))
    return found[::-1]
