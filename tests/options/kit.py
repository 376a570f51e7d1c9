"""Short ways to enter options and their packages."""

from __future__ import annotations

from typing import Any

from dime.actions.package import pick_tools
from dime.registers.options import TESTS
from dime.selectors.warnings import OptionWarning, warnings_of
from planning import actions
from planning.models import Effort, Entry
from planning.registers import REGISTERS
from tests.world import World

# A tool of each element that nothing warns of in the option below.
FOUR = ("contacts", "policy-statements", "exercises", "foreign-aid")


def enter(world: World, register: str, **values: Any) -> Entry:
    """An entry by the member, read anew."""
    made = actions.add_entry(
        effort=world.effort, register=REGISTERS[register], values=values, by=world["member"]
    )
    return read(made)


def option(world: World, name: str = "Pressure with partners", **values: Any) -> Entry:
    """An option for Step 3, unless told."""
    said = {"name": name, "approach": "compellence", "level": "policy", **values}
    return enter(world, "options", **said)


def nothing(world: World) -> Entry:
    """“Do nothing”, which joined the first option."""
    return read(Entry.objects.get(effort=world.effort, register="options", kind="none"))


def read(entry: Entry) -> Entry:
    """The entry as it stands, with an effort read anew."""
    return Entry.objects.select_related("effort__marking", "portion", "changed_by").get(pk=entry.pk)


def fresh(world: World) -> Effort:
    """The effort with nothing kept on it."""
    return Effort.objects.select_related("marking").get(pk=world.effort.pk)


def change(world: World, entry: Entry, **values: Any) -> Entry:
    """Change an entry as the member does."""
    entry = read(entry)
    actions.save_entry(entry=entry, values=values, revision=entry.revision, by=world["member"])
    return read(entry)


def pick(world: World, chosen: Entry, *keys: str) -> list[Entry]:
    """Pick tools for an option."""
    return [read(row) for row in pick_tools(option=read(chosen), keys=keys, by=world["member"])]


def warned(world: World, chosen: Entry, kind: str = "") -> list[OptionWarning]:
    """The warnings about an option now, of a kind if one is named."""
    found = warnings_of(fresh(world)).get(chosen.pk, [])
    return [one for one in found if not kind or one.kind == kind]


def argued() -> dict[str, str]:
    """Values that answer every test of an option."""
    found: dict[str, str] = {}
    for key, _, _ in TESTS:
        found |= {key: "yes", f"{key}_why": "It was weighed against the others."}
    return found
