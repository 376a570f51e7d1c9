"""Tools and notes on them: add, change, retire, bring back. All efforts share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Max, TextChoices
from django.utils import timezone
from django.utils.text import slugify

from dime.models import Tool, ToolNote, ToolVersion
from dime.policies import keeper, keeps, planner
from dime.seeds import TEXT
from dime.vocabulary import (
    COSTS,
    INTRUSIVENESS,
    RISKS,
    Approach,
    Element,
    Incentive,
    LeadTime,
    Purpose,
    Reversible,
    Target,
)
from dime.words import LABELS, in_words
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, StaleSave, WrongState
from mapro.core.models import Marking, Organization, User
from planning.actions.words import MAX_WHY, each_read, in_a_line, lines, said

FIELDS = tuple(name for name in TEXT if name != "by_text")  # what people say of a tool
RESERVED = {"compare", "new", "notes"}  # addresses beside those of tools
MAX_LINES = 20  # prerequisites or cautions
MAX_LINE = 400  # characters of one
MAX_TOOLS = 1_000  # that one organization may add
SHORTEST, LONGEST = 3, 60  # characters of a key
Choice = TypeVar("Choice", bound=TextChoices)


# ---------- what may be said of a tool


def _chosen(field: str, value: Any, choices: type[Choice]) -> str:
    if value not in choices.values:
        known = ", ".join(str(label).lower() for label in choices.labels)
        raise Invalid({field: f"{LABELS[field]}: choose one of {known}."})
    return str(value)


def _several(field: str, values: Any, choices: type[Choice]) -> list[str]:
    """Choices in the order in which they are declared, each once."""
    given = {_chosen(field, value, choices) for value in values or ()}
    return [value for value in choices.values if value in given]


def _graded(field: str, value: Any, scale: Mapping[int, str]) -> int:
    if not isinstance(value, int) or value not in scale:
        raise Invalid({field: f"{LABELS[field]}: choose 1 to {max(scale)}."})
    return value


def _points(field: str, value: Any) -> list[str]:
    """Sentences, one a line or as a list."""
    found = lines(value) if isinstance(value, str) else [str(one) for one in value or ()]
    found = [in_a_line(field, one, most=MAX_LINE) for one in found]
    if len(found) > MAX_LINES:
        raise Invalid({field: f"{LABELS[field]}: keep to {MAX_LINES} points."})
    return [one for one in found if one]


def _agencies(value: Any) -> list[str]:
    codes = list(dict.fromkeys(value or ()))
    known = set(Organization.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise Invalid({"lead_agencies": f"There is no organization “{unknown[0]}”."})
    return codes


def _near(value: Any) -> list[str]:
    keys = list(dict.fromkeys(value or ()))
    known = set(Tool.objects.filter(key__in=keys).values_list("key", flat=True))
    if unknown := [key for key in keys if key not in known]:
        raise Invalid({"goes_with": f"There is no tool “{unknown[0]}”."})
    return keys


def _line(field: str, need: str, most: int) -> Callable[[Any], str]:
    return lambda value: in_a_line(field, str(value), need=need, most=most)


_TAKEN: Mapping[str, Callable[[Any], Any]] = {
    "name": _line("name", "Give the tool a name.", 120),
    "element": lambda v: _chosen("element", v, Element),
    "approach": lambda v: _chosen("approach", v, Approach),
    "summary": lambda v: said(
        "summary",
        v,
        need="Say in a sentence or two what it is and what it may achieve.",
        most=2_000,
    ),
    "targets": lambda v: _several("targets", v, Target),
    "purposes": lambda v: _several("purposes", v, Purpose),
    "incentive": lambda v: _chosen("incentive", v, Incentive),
    "prerequisites": lambda v: _points("prerequisites", v),
    "cautions": lambda v: _points("cautions", v),
    "authority": _line(
        "authority", "Say on which authority it rests; “Counsel to confirm” is an answer.", 300
    ),
    "needs_authority": bool,
    "lead_agencies": _agencies,
    "lead_time": lambda v: _chosen("lead_time", v, LeadTime),
    "reversible": lambda v: _chosen("reversible", v, Reversible),
    "cost": lambda v: _graded("cost", v, COSTS),
    "risk": lambda v: _graded("risk", v, RISKS),
    "intrusiveness": lambda v: _graded("intrusiveness", v, INTRUSIVENESS),
    "goes_with": _near,
    "note": lambda v: said("note", v, most=2_000),
    "cite": _line("cite", "", 200),
}
# What nobody has to say.
DEFAULTS: Mapping[str, Any] = {
    "targets": (), "purposes": (), "incentive": Incentive.NEUTRAL, "prerequisites": (),
    "cautions": (), "needs_authority": False, "lead_agencies": (), "goes_with": (), "note": "",
    "cite": "",
}  # fmt: skip


def _only_one(cell: Mapping[str, Any], tool: Tool | None = None) -> None:
    """Raise Invalid when another tool of the cell has the name: entries could not tell them
    apart."""
    name, element, approach = cell["name"], cell["element"], cell["approach"]
    same = [
        row for row in Tool.objects.filter(element=element, approach=approach)
        if row != tool and row.name.casefold() == name.casefold()
    ]  # fmt: skip
    if same:
        hint = "Bring it back instead." if same[0].retired_at else "Add a note to that one instead."
        gone = "a retired tool" if same[0].retired_at else "a tool"
        raise Invalid({"name": f"There is {gone} of this name under {element} {approach}. {hint}"})


def _key(name: str, element: str) -> str:
    """A free key made of the name."""
    stem = slugify(name)[: LONGEST - 20].strip("-")
    if len(stem) < SHORTEST or stem in RESERVED:
        stem = f"{element}-{stem}".strip("-")
    taken = set(Tool.objects.filter(key__startswith=stem).values_list("key", flat=True))
    ways = (stem, f"{stem}-{element}", *(f"{stem}-{n}" for n in range(2, MAX_TOOLS + 3)))
    return next(key for key in ways if key not in taken)


# ---------- tools


@atomic()
def add_tool(*, by: User, **fields: Any) -> Tool:
    """Add a tool of one's own organization. ``fields`` are those of ``FIELDS``.

    Raises Invalid by field for what is missing, too long or unknown, and for a name that the cell
    of the grid has already.
    """
    planner(by)
    needed = {name: "" for name in FIELDS} | dict(DEFAULTS)
    found = each_read("a tool", _TAKEN, needed | fields)
    owner = by.organization
    if owner is None:
        raise Invalid(
            {"name": "A tool belongs to an organization, and your account has none. An "
             "administrator can set it."}
        )  # fmt: skip
    _only_one(found)
    if Tool.objects.filter(organization=owner).count() >= MAX_TOOLS:
        raise Invalid({"name": f"An organization adds at most {MAX_TOOLS:,} tools."})
    last = Tool.objects.aggregate(last=Max("position"))["last"] or 0
    tool = Tool.objects.create(
        key=_key(found["name"], found["element"]), position=last + 1, organization=owner,
        changed_by=by, changed_at=timezone.now(), **found,
    )  # fmt: skip
    _keep(tool, "", by)
    record("tool.added", by=by, on=tool, label=tool.label, new=found, key=tool.key)
    return tool


@atomic()
def edit_tool(*, tool: Tool, version: int, why: str, by: User, **fields: Any) -> Tool:
    """Change some fields of a tool, if nobody changed the same ones since ``version``; the text
    before stays as a version. What changes nothing writes nothing.

    Raises Invalid as ``add_tool`` and without a reason, NotAllowed for a tool of others,
    WrongState for a retired one, StaleSave with both texts.
    """
    keeper(by, tool.organization)
    row = _locked(tool)
    if row.retired_at is not None:
        raise WrongState("This tool was retired. Bring it back first.")
    found = each_read("a tool", _TAKEN, fields)
    base = row.versions.filter(number=version).values_list("data", flat=True).first()
    if base is None:
        raise Invalid({"version": f"There is no version {version} of this tool."})
    mine = {name: value for name, value in found.items() if value != base[name]}
    _refuse_stale(row, base, mine)
    new = {name: value for name, value in mine.items() if value != getattr(row, name)}
    if not new:
        return row
    why = said("why", why, need="Say why it changes, in a sentence.", most=MAX_WHY)
    cell = {name: getattr(row, name) for name in ("name", "element", "approach")}
    _only_one(cell | new, row)
    if row.key in new.get("goes_with", ()):
        raise Invalid({"goes_with": "A tool cannot be stronger with itself."})
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.by_text = [name for name in row.by_text if name not in new]
    row.version += 1
    row.changed_by, row.changed_at = by, timezone.now()
    row.save()
    _keep(row, why, by)
    record(
        "tool.edited", by=by, on=row, label=row.label, old=old, new=new, version=row.version,
        why=why,
    )  # fmt: skip
    return row


@atomic()
def retire_tool(*, tool: Tool, why: str, by: User) -> Tool:
    """Take a tool out of use. Measures that use it still name it, and say that it was retired.

    Raises Invalid without a reason, NotAllowed for a tool of others, WrongState when it was
    retired before.
    """
    keeper(by, tool.organization)
    why = said("why", why, need="Say why nobody should pick it any more.", most=MAX_WHY)
    row = _locked(tool)
    if row.retired_at is not None:
        raise WrongState("This tool is retired already.")
    row.retired_at, row.retired_why = timezone.now(), why
    row.save(update_fields=["retired_at", "retired_why"])
    record("tool.retired", by=by, on=row, label=row.label, why=why)
    return row


@atomic()
def restore_tool(*, tool: Tool, by: User) -> Tool:
    """Bring a retired tool back. Raises NotAllowed for one of others, WrongState when it stands."""
    keeper(by, tool.organization)
    row = _locked(tool)
    if row.retired_at is None:
        raise WrongState("This tool stands in the toolbox.")
    row.retired_at, row.retired_why = None, ""
    row.save(update_fields=["retired_at", "retired_why"])
    record("tool.restored", by=by, on=row, label=row.label)
    return row


# ---------- notes


@atomic()
def add_note(
    *, tool: Tool, where: str, outcome: str, text: str, source: str, by: User, when: str = "",
    marking: Marking | None = None,
) -> ToolNote:  # fmt: skip
    """Say how a tool fared where it was used before. Without ``marking`` it has the lowest.

    Raises Invalid by field for what is missing, too long or unknown, with no source above all.
    """
    planner(by)
    wrong: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, take in {
        "where": lambda: in_a_line("where", where, need="Say where it was used.", most=160),
        "when": lambda: in_a_line("when", when, most=60),
        "text": lambda: said("text", text, need="Say what was done and what came of it."),
        "source": lambda: in_a_line(
            "source", source, need="Say where this is written, or who says so.", most=300
        ),
        "outcome": lambda: _outcome(outcome),
    }.items():
        try:
            found[name] = take()
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    note = ToolNote.objects.create(
        tool=tool, marking=marking or Marking.objects.earliest("rank"), added_by=by,
        organization=by.organization, added_at=timezone.now(), **found,
    )  # fmt: skip
    record(
        "tool.noted", by=by, on=note, label=f"{tool.label}: {note.where}",
        new=found | {"marking": note.marking.code},
    )  # fmt: skip
    return note


def _outcome(value: str) -> str:
    if value not in ToolNote.Outcome.values:
        known = ", ".join(str(label).lower() for label in ToolNote.Outcome.labels)
        raise Invalid({"outcome": f"What came of it: choose one of {known}."})
    return value


def may_retire(note: ToolNote, user: User) -> bool:
    """Whether a person may take a note back: who wrote it, their organization, the keepers."""
    return note.added_by_id == user.pk or keeps(user, note.organization)


@atomic()
def retire_note(*, note: ToolNote, why: str, by: User) -> ToolNote:
    """Take a note out of use; it stays on record.

    Raises Invalid without a reason, NotAllowed for a note of others, WrongState when it was
    retired before.
    """
    planner(by)
    if not may_retire(note, by):
        raise NotAllowed("Only its own organization, or whoever keeps the watch, retires a note.")
    why = said("why", why, need="Say why this note no longer counts.", most=MAX_WHY)
    now = timezone.now()
    rows = ToolNote.objects.filter(pk=note.pk, retired_at=None)
    if not rows.update(retired_at=now, retired_why=why):
        raise WrongState("This note is retired already.")
    note.retired_at, note.retired_why = now, why
    record("tool.note_retired", by=by, on=note, label=f"{note.tool.label}: {note.where}", why=why)
    return note


# ---------- parts of several acts


def _locked(tool: Tool) -> Tool:
    rows = Tool.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization", "changed_by").get(pk=tool.pk)


def _keep(tool: Tool, why: str, by: User) -> None:
    """Keep the text of a tool as a version."""
    ToolVersion.objects.create(
        tool=tool, number=tool.version, data={name: getattr(tool, name) for name in TEXT},
        why=why, by=by, at=tool.changed_at,
    )  # fmt: skip


def _refuse_stale(row: Tool, base: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
    """Raise StaleSave when a field that is changed here was changed otherwise since ``base``."""
    both = [
        name for name, value in mine.items()
        if getattr(row, name) != base[name] and getattr(row, name) != value
    ]  # fmt: skip
    if both:
        raise StaleSave(
            yours=_told(both, mine), theirs=_told(both, {n: getattr(row, n) for n in both}),
            merged=None, revision=row.version,
            by=row.changed_by.post if row.changed_by else "MAPRO",
            at=row.changed_at.isoformat() if row.changed_at else "",
        )  # fmt: skip


def _told(names: Iterable[str], values: Mapping[str, Any]) -> str:
    return "\n".join(f"{LABELS[name]}: {in_words(name, values[name])}" for name in names)
