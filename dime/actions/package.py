"""Packages: pick tools for an option, say the same of several measures, copy an option whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dime.models import Tool
from dime.registers.measures import MEASURES
from dime.registers.options import OPTIONS, TESTS
from dime.selectors.options import is_nothing
from dime.vocabulary import Level
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import Organization, User
from planning import entries
from planning.actions.entry import add_entry, lock, save_entry
from planning.actions.entry_parts import apply_act, label
from planning.models import Effort, Entry
from planning.registers import Kind, Register

MOST = 40  # tools that are picked at once
# What may be said of several measures at once.
SHARED = ("targets", "purposes", "intensity", "stages", "lead", "support")


@atomic()
def pick_tools(*, option: Entry, keys: Sequence[str], by: User) -> list[Entry]:
    """Add a measure to an option for each tool, all or none, with the tool's name, its purposes
    and its usual lead.

    Raises Invalid (``tool``) without tools, for too many, or for one that is none or was retired;
    WrongState for “do nothing”, whose package stays empty, or a retired option.
    """
    _open(option)
    if is_nothing(option):
        raise WrongState(f"{option} does nothing; its package stays empty. Choose another option.")
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise Invalid({"tool": "Tick at least one tool."})
    if len(wanted) > MOST:
        raise Invalid({"tool": f"These are {len(wanted)} tools; {MOST} are the most at once."})
    tools = {row.key: row for row in Tool.objects.filter(key__in=wanted)}
    for key in wanted:
        tool = tools.get(key)
        if tool is None:
            raise Invalid({"tool": f"“{key}” is no tool of the toolbox. Reload the page."})
        if tool.retired_at is not None:
            raise Invalid(
                {"tool": f"“{tool.label}” was retired: {tool.retired_why} Nothing was added."}
            )
    leads = _leads(tools.values())
    return [
        add_entry(
            effort=option.effort, register=MEASURES, by=by, portion=option.portion.code,
            values={
                "name": tools[key].name, "option": str(option), "tool": key,
                "purposes": tools[key].purposes, "lead": leads.get(key, ""),
            },
        )
        for key in wanted
    ]  # fmt: skip


def _leads(tools: Iterable[Tool]) -> dict[str, str]:
    """The usual lead of each tool by its short name. One query."""
    first = {row.key: row.lead_agencies[0] for row in tools if row.lead_agencies}
    short = {o.code: o.short for o in Organization.objects.filter(code__in=set(first.values()))}
    return {key: short.get(code, code) for key, code in first.items()}


@atomic()
def set_measures(
    *, option: Entry, revisions: Mapping[int, int], values: Mapping[str, Any], by: User
) -> list[Entry]:
    """Say the same of several measures of an option, all or none; what is said replaces what stood.

    ``revisions`` holds by number which revision of each measure ``by`` saw. Raises Invalid without
    measures or values and for a value that is none, StaleSave when somebody changed the same field
    meanwhile.
    """
    _open(option)
    unknown = set(values) - set(SHARED)
    if unknown:
        raise Invalid({min(unknown): f"“{min(unknown)}” is said of each measure on its own page."})
    if not revisions:
        raise Invalid({"measure": "Tick at least one measure."})
    if not values:
        raise Invalid({"measure": "Say something of them: toward whom, what for, or when."})
    rows = option.effort.entries.filter(
        register=MEASURES.key, number__in=list(revisions), retired_at=None
    ).select_related("portion", "changed_by")
    found = {row.number: row for row in entries.with_links(rows, option.effort)}
    for number in revisions:
        row = found.get(number)
        if row is None or all(one.pk != option.pk for one in row.value("option")):
            raise Invalid(
                {"measure": f"{MEASURES.prefix}-{number} is no measure of {option} any more. "
                 "Reload the page."}
            )  # fmt: skip
    return [
        save_entry(entry=found[number], values=values, revision=revision, by=by)
        for number, revision in revisions.items()
    ]


@atomic()
def copy_option(*, option: Entry, level: Level, values: Mapping[str, Any], by: User) -> Entry:
    """Make another option of what one says: its words and its measures are copied, its objectives
    and lines name both. Where it stands and its tests are not: the copy is judged anew. ``values``
    are its name and what else it says otherwise.

    So the option that was adopted becomes the start of a concept. Raises Invalid without a name,
    WrongState for a retired option or “do nothing”, of which there is one.
    """
    _open(option)
    if is_nothing(option):
        raise WrongState("There is one “do nothing”; copy another option.")
    entries.with_links([option], option.effort)
    judged = {key for test, _, _ in TESTS for key in (test, f"{test}_why")}
    said = _said(option, OPTIONS, without=judged)
    said |= {key: value for key, value in values.items() if value}
    said |= {OPTIONS.title.key: values.get(OPTIONS.title.key, ""), "level": str(level)}
    made = add_entry(
        effort=option.effort, register=OPTIONS, values=said, by=by, portion=option.portion.code
    )
    _copy_measures(option, made, by)
    for row in _naming(option.effort, ("objectives", "lines-of-effort"), option):
        both = [*(str(one) for one in row.value("options") if one.retired_at is None), str(made)]
        save_entry(entry=row, values={"options": both}, revision=row.revision, by=by)
    record(
        "option.copied", by=by, on=made, effort_id=made.effort_id, label=label(made),
        source=str(option), why=f"From {option}: {option.title}",
    )  # fmt: skip
    return made


def _copy_measures(option: Entry, made: Entry, by: User) -> None:
    """Copy the measures of an option, with what they wait for among themselves."""
    rows = _naming(option.effort, (MEASURES.key,), option, field="option")
    copies: dict[int, Entry] = {}
    for row in rows:
        said = _said(row, MEASURES, without={"after"}) | {"option": str(made)}
        held = row.value("tool")
        gone = held and _retired(held["key"])
        if held and not gone:
            said["tool"] = held["key"]
        copy = add_entry(
            effort=option.effort, register=MEASURES, values=said, by=by, portion=row.portion.code
        )
        if gone:  # nobody picks a retired tool anew, but a copy keeps what its original says
            apply_act(copy, {"tool": held}, by)
            record(
                "entry.edited", by=by, on=copy, effort_id=copy.effort_id, label=label(copy),
                old={"tool": None}, new={"tool": held}, revision=copy.revision,
            )  # fmt: skip
        copies[row.pk] = copy
    for row in rows:
        waits = [str(copies[one.pk]) for one in row.value("after") if one.pk in copies]
        if waits:
            copy = copies[row.pk]
            save_entry(entry=copy, values={"after": waits}, revision=copy.revision, by=by)


def _said(row: Entry, register: Register, without: set[str]) -> dict[str, Any]:
    """What an entry says, as ``add_entry`` takes it; links to what was retired are left out."""
    found: dict[str, Any] = {}
    for field in register.fields:
        if field.act or field.kind is Kind.REFERENCE or field.key in without:
            continue
        value = row.value(field.key)
        if field.kind is Kind.LINKS:
            value = [str(one) for one in value if one.retired_at is None]
        found[field.key] = value
    return found


def _naming(
    effort: Effort, registers: Sequence[str], option: Entry, field: str = "options"
) -> list[Entry]:
    """The standing entries of registers that name an option, with their links. Two queries."""
    rows = effort.entries.filter(
        register__in=registers, retired_at=None, links__field=field, links__to=option
    )
    rows = rows.select_related("portion", "changed_by").order_by("register", "position", "pk")
    return entries.with_links(rows, effort)


def _retired(key: str) -> bool:
    return not Tool.objects.filter(key=key, retired_at=None).exists()


def _open(option: Entry) -> None:
    """Put whoever changes the effort's registers in line. Raises WrongState for what is no standing
    option."""
    if option.register != OPTIONS.key:
        raise WrongState(f"{option} is no option.")
    lock(option)
    if option.retired_at is not None:
        raise WrongState(f"{option} was retired. Bring it back first.")
