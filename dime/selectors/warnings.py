"""What a careful colleague would say about an option: warnings that hold nobody up.

Each can be overruled with a reason. Its key names what it is about, so that an overruling holds
for that alone. Part III, DIME Tools; Part II, Steps 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse

from dime.conflicts import conflicts_between
from dime.models import Overruling, Tool
from dime.registers.options import TESTS
from dime.selectors.options import Whole, is_nothing, level_of, of_option, whole
from dime.vocabulary import Element, Purpose
from planning.models import Effort, Entry

LINES = (4, 10)  # lines of effort that the Handbook finds enough and not too many
# Every kind of warning, with what it says in a few words over those of its kind.
KINDS: dict[str, str] = {
    "nothing-said": "What doing nothing would cost",
    "no-measures": "An empty package",
    "conflict": "Tools that work against each other",
    "no-authority": "Tools that need an authority",
    "prerequisite": "What tools need first",
    "no-target": "Measures toward nobody",
    "no-purpose": "Measures without a purpose",
    "no-lead": "Measures without a lead",
    "no-time": "Measures without a time",
    "target-retired": "Targets that are no actors any more",
    "tool-retired": "Tools that were retired",
    "tool-newer": "Tools that read otherwise now",
    "element-empty": "Elements of power left out",
    "message-unbacked": "Messages that nothing backs",
    "message-undelivered": "Messages that promise more than the tools deliver",
    "lines": "Number of lines of effort",
    "objective-unserved": "Objectives that no line serves",
    "alike": "Options that are hard to tell apart",
    "test": "Tests of the option",
    "no-assumption": "Assumptions",
    "assumption-fell": "Assumptions that do not hold",
    "no-dates": "Dates",
}
# What a message to these promises or threatens, by the purposes of tools that could make it true.
_PROMISES = {
    "victims": {Purpose.PROTECT},
    "perpetrators": {Purpose.DISSUADE, Purpose.DIMINISH, Purpose.EXPOSE},
}
_NEEDS = {
    "no-target": ("targets", "says toward nobody whom it is to move, weaken or protect"),
    "no-purpose": ("purposes", "has no purpose"),
    "no-lead": ("lead", "names no agency that answers for it"),
}


@dataclass(frozen=True)
class OptionWarning:
    """One warning. ``about`` are the labels of what it is about, ``url`` leads to where it is
    mended, ``mend`` says how. ``overruling`` says who overruled it and why."""

    kind: str
    key: str
    words: str
    about: tuple[str, ...]
    url: str
    mend: str
    overruling: Overruling | None = None


def warnings_of(effort: Effort, read: Whole | None = None) -> dict[int, list[OptionWarning]]:
    """The warnings of every standing option by its key, in the order of ``KINDS``; open ones and
    overruled ones. One query besides those of ``whole``."""
    read = read or whole(effort)
    overruled = {
        (row.option_id, row.warning): row
        for row in Overruling.objects.filter(effort=effort, ended_at=None).select_related("by")
    }
    order = list(KINDS)
    return {
        option.pk: sorted(
            (
                replace(one, overruling=overruled.get((option.pk, one.key)))
                for one in _of(read, option)
            ),
            key=lambda one: order.index(one.kind),
        )
        for option in read.options
    }


def _of(read: Whole, option: Entry) -> Iterator[OptionWarning]:
    if is_nothing(option):
        yield from _nothing(option)
        return
    rows = read.of(option)
    if rows:
        yield from _conflicts(read, option, rows)
        for row in rows:
            yield from _measure(read, option, row)
        yield from _elements(read, option, rows)
        yield from _messages(read, option, rows)
    else:
        yield _one(
            "no-measures", "No measure stands in its package, so nobody can tell what would be "
            "done.", _package(option), "Pick tools for it.",
        )  # fmt: skip
    yield from _lines(read, option)
    yield from _alike(read, option, rows)
    yield from _tests(option)
    yield from _basis(read, option)


def _one(
    kind: str, words: str, url: str, mend: str, *about: object, sub: str = ""
) -> OptionWarning:  # fmt: skip
    labels = tuple(str(one) for one in about)
    return OptionWarning(
        kind, ":".join(filter(None, (kind, *labels, sub))), words, labels, url, mend
    )


def _package(option: Entry) -> str:
    return reverse("package", args=[option.effort.slug, option.number])


def _field(row: Entry, field: str) -> str:
    return f"{row.get_absolute_url()}#f-{field}"


# ---------- the package


def _nothing(option: Entry) -> Iterator[OptionWarning]:
    if not option.value("inaction"):
        yield _one(
            "nothing-said", "It does not say what happens without us, so nothing can be compared "
            "with it.", _field(option, "inaction"), "Say what is lost by waiting.",
        )  # fmt: skip


def _conflicts(read: Whole, option: Entry, rows: Sequence[Entry]) -> Iterator[OptionWarning]:
    """Two measures whose tools clash, unless they aim at different actors where that keeps them
    apart, or stand in stages that do not meet."""
    by_tool: dict[str, list[Entry]] = {}
    for row in rows:
        if tool := read.tool(row):
            by_tool.setdefault(tool.key, []).append(row)
    for one, other, why, same_target in conflicts_between(list(by_tool)):
        for first in by_tool[one]:
            for second in by_tool[other]:
                if _apart(first, second, "stages") or (
                    same_target and _apart(first, second, "targets")
                ):
                    continue
                yield _one(
                    "conflict", f"{first} “{first.title}” and {second} “{second.title}” work "
                    f"against each other. {why}", _package(option),
                    "Leave one out, or keep them apart by target or stage.", first, second,
                )  # fmt: skip


def _apart(first: Entry, second: Entry, field: str) -> bool:
    """Whether both say something in a field, and nothing is the same; silence keeps nobody apart."""
    one, other = (set(row.value(field) or ()) for row in (first, second))
    return bool(one and other) and not one & other


def _measure(read: Whole, option: Entry, row: Entry) -> Iterator[OptionWarning]:
    name = f"{row} “{row.title}”"
    for kind, (field, lacks) in _NEEDS.items():
        if not row.value(field):
            yield _one(kind, f"{name} {lacks}.", _field(row, field), "Say so.", row)
    if not row.value("stages") and not row.value("starts_when"):
        yield _one(
            "no-time", f"{name} is in no stage and says of nothing when it starts.",
            _field(row, "stages"), "Choose a stage, or say when it starts.", row,
        )  # fmt: skip
    for target in row.value("targets"):
        if target.retired_at is not None:
            yield _one(
                "target-retired", f"{name} aims at {target} “{target.title}”, which was retired: "
                f"{target.retired_why}", _field(row, "targets"), "Name another actor.", row, target,
            )  # fmt: skip
    tool = read.tool(row)
    if tool is not None:
        yield from _tool(row, name, tool)


def _tool(row: Entry, name: str, tool: Tool) -> Iterator[OptionWarning]:
    if tool.retired_at is not None:
        yield _one(
            "tool-retired", f"{name}: the tool “{tool.label}” was retired since: "
            f"{tool.retired_why}", _field(row, "tool"), "Choose another tool, or none.", row,
            sub=tool.key,
        )  # fmt: skip
    elif tool.version > row.value("tool")["version"]:
        yield _one(
            "tool-newer", f"{name}: the tool “{tool.label}” was changed since it was picked.",
            tool.get_absolute_url(), "Read what changed, then pick it anew.", row,
            sub=f"{tool.key}@{tool.version}",
        )  # fmt: skip
    if tool.needs_authority and not row.value("authority"):
        yield _one(
            "no-authority", f"{name} needs an authority and names none. The toolbox says: "
            f"{tool.authority}", _field(row, "authority"),
            "Name the law, order or decision, or who has to give it.", row,
        )  # fmt: skip
    answered = row.value("starts_when") or row.value("after") or row.value("resources")
    if tool.prerequisites and not answered:
        yield _one(
            "prerequisite", f"{name} needs first: {'; '.join(_bare(tool.prerequisites))}.",
            _field(row, "starts_when"),
            "Say under “Starts when”, “Only after” or “Resources” how that is there.", row,
        )  # fmt: skip


def _bare(sentences: Sequence[str]) -> list[str]:
    return [text.rstrip(".") for text in sentences]


def _elements(read: Whole, option: Entry, rows: Sequence[Entry]) -> Iterator[OptionWarning]:
    there = {tool.element for row in rows if (tool := read.tool(row))}
    for element in Element:
        if element not in there:
            yield _one(
                "element-empty", f"No {element.label.lower()} tool is in it.", _package(option),
                f"Look through the {element.label.lower()} tools once more.", sub=str(element),
            )  # fmt: skip


def _messages(read: Whole, option: Entry, rows: Sequence[Entry]) -> Iterator[OptionWarning]:
    for message in read.messages:
        name = f"{message} “{message.title}”"
        backing = [
            row for row in rows if any(one.pk == message.pk for one in row.value("messages"))
        ]
        if not backing:
            yield _one(
                "message-unbacked", f"{name} is backed by no measure of this option.",
                _package(option), "Name it at the measure that makes it true.", message,
            )  # fmt: skip
            continue
        wanted = _PROMISES.get(message.kind)
        if wanted is None:
            continue
        serves = {
            purpose
            for row in backing
            if (tool := read.tool(row))
            for purpose in (row.value("purposes") or tool.purposes)
        }
        if not wanted & serves:
            kinds = " or ".join(f"“{one.label.lower()}”" for one in Purpose if one in wanted)
            yield _one(
                "message-undelivered", f"{name} promises what no tool behind it delivers: none of "
                f"them serves the purpose {kinds}.", message.get_absolute_url(),
                "Add a tool that does, or promise less.", message,
            )  # fmt: skip


# ---------- the option as a whole


def _lines(read: Whole, option: Entry) -> Iterator[OptionWarning]:
    lines = of_option(read.lines, option)
    least, most = LINES
    table = reverse("register", args=[option.effort.slug, "lines-of-effort"])
    if not least <= len(lines) <= most:
        found = "1 line of effort" if len(lines) == 1 else f"{len(lines)} lines of effort"
        yield _one(
            "lines", f"It has {found}; {least} to {most} are enough and can still be led.", table,
            "Add or join lines.",
        )  # fmt: skip
    served = {one.pk for line in lines for one in line.value("objectives")}
    for objective in of_option(read.objectives, option):
        if objective.pk not in served:
            yield _one(
                "objective-unserved", f"{objective} “{objective.title}” is served by no line of "
                "effort.", table, "Name it at the line that serves it, or drop it.", objective,
            )  # fmt: skip


def _alike(read: Whole, option: Entry, rows: Sequence[Entry]) -> Iterator[OptionWarning]:
    """Options of a level with the same approach, role and set of tools."""
    mine = _shape(option, rows)
    for other in read.options:
        if other.pk == option.pk or is_nothing(other) or level_of(other) is not level_of(option):
            continue
        if mine == _shape(other, read.of(other)):
            yield _one(
                "alike", f"It has the same approach, role and tools as {other} “{other.title}”; "
                "who decides would have no choice.", _package(option),
                "Let them differ in kind, or retire one.", other,
            )  # fmt: skip


def _shape(option: Entry, rows: Sequence[Entry]) -> tuple[object, ...]:
    tools = frozenset(held["key"] for row in rows if (held := row.value("tool")))
    return option.kind, option.value("us_role"), tools


def _tests(option: Entry) -> Iterator[OptionWarning]:
    for key, label, asks in TESTS:
        judged, argued = option.value(key), option.value(f"{key}_why")
        if judged and argued:
            continue
        lacks = "not argued" if judged else "not judged"
        yield _one(
            "test", f"“{label}” is {lacks}. {asks}", _field(option, f"{key}_why" if judged else key),
            "Answer it, for the doubter.", sub=key,
        )  # fmt: skip


def _basis(read: Whole, option: Entry) -> Iterator[OptionWarning]:
    named = option.value("assumptions")
    if not named:
        yield _one(
            "no-assumption", "It names no assumption; every option takes something as true.",
            _field(option, "assumptions"), "Name what it takes as true without proof.",
        )  # fmt: skip
    for one in named:
        stands = read.assumptions.get(one.pk)
        if stands is None or stands.value("status") == "invalidated":
            why = "was retired" if stands is None else "does not hold"
            yield _one(
                "assumption-fell", f"It rests on {one} “{one.title}”, which {why}.",
                _field(option, "assumptions"), "Say whether the option stands without it.", one,
            )  # fmt: skip
    if not option.value("phasing") and not option.value("first_effect"):
        yield _one(
            "no-dates", "It does not say when it can first be felt, nor in which phases it runs.",
            _field(option, "first_effect"), "Give the first effect or the phases.",
        )  # fmt: skip
