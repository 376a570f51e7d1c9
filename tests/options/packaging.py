"""A package for tests that walk every route: two measures, and a warning that was overruled."""

from __future__ import annotations

from typing import Any

from dime.actions.option import overrule
from dime.models import Overruling
from planning.models import Entry
from tests.options import kit
from tests.world import World

ACTS = ("recommend", "adopt", "warnings", "overrule", "heed", "package", "pick", "copy", "detail")


def stage(world: World) -> None:
    """Give the first option a package, and overrule a warning about it."""
    one = _first(world)
    kit.pick(world, one, "contacts", "exercises")
    warning = kit.warned(world, one, "no-assumption")[0]
    overrule(
        entry=kit.read(one),
        warning=warning.key,
        why="Nothing is taken as given.",
        by=world["member"],
    )


def _first(world: World) -> Entry:
    return kit.read(
        Entry.objects.filter(effort=world.effort, register="options").earliest("number")
    )


def arguments(world: World) -> dict[str, dict[str, Any]]:
    """What the addresses of options and packages take, by route."""
    one, row = _first(world), Overruling.objects.earliest("pk")
    number = {"slug": world.effort.slug, "number": one.number}
    pages = ("option", "option-recommend", "option-adopt", "option-overrule", "package",
             "package-pick", "package-set")  # fmt: skip
    return {
        "options": {"slug": world.effort.slug},
        **dict.fromkeys(pages, number),
        "overruling-end": number | {"pk": row.pk},
        **{f"api:option-{act}": {"pk": one.pk} for act in ACTS},
    }


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """What an allowed act sends, by route."""
    one = _first(world)
    warning = kit.warned(world, one, "no-dates")[0].key
    overruled = Overruling.objects.earliest("pk").warning
    measure = Entry.objects.filter(effort=world.effort, register="measures").earliest("number")
    why, picked = {"why": "It stops them soonest."}, ["contacts"]
    return {
        "options": {"name": "Another course", "level": "policy"},
        "option-adopt": {"why_adopt": "It stops them soonest."},
        "option-overrule": {"warning": warning, "why_overrule": "It is known."},
        "package-pick": {"tool": picked},
        "package-set": {
            "measure": f"{measure.number}:{measure.revision}", "set_intensity": "high",
        },
        "api:option-adopt": why,
        "api:option-overrule": why | {"warning": warning},
        "api:option-heed": {"warning": overruled},
        "api:option-pick": {"tools": picked},
        "api:option-copy": {"name": "A copy", "level": "concept"},
    }  # fmt: skip
