"""Registers under several hands at once, on a real PostgreSQL: nobody waits for ever, no number is
given twice, no change is lost unseen."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from mapro.core import audit
from mapro.core.models import AuditEvent
from planning.actions import entry as entry_actions
from planning.models import Effort, Entry
from planning.registers import REGISTERS
from tests.concurrency.racing import at_once, browser
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 40 if os.environ.get("MAPRO_FULL") else 4
BASE = "/efforts/country-x/registers/actors/"


def enter(world: World, name: str) -> Entry:
    """An actor that stands before the race."""
    return entry_actions.add_entry(
        effort=world.effort, register=REGISTERS["actors"], values={"name": name},
        by=world["member"],
    )  # fmt: skip


def posts(world: World, who: str, place: str, base: str = BASE, **form: Any) -> Any:
    """A POST below the register; gives the status."""
    client = browser(world, who)
    return lambda: client.post(f"{base}{place}", form).status_code


def test_every_act_on_a_register_comes_through(live_world: World) -> None:
    """Acts that lock entries, the effort and the record in turn never wait for each other."""
    world = live_world
    for name in ("Army", "Chim groups", "Radio", "Council"):
        enter(world, name)
    for turn in range(ROUNDS):
        revision = Entry.objects.get(number=1, register="actors").revision
        found = at_once(
            posts(world, "lead", "", name=f"New {turn}"),
            posts(world, "member", "1/cells/locations/", value=f"Town {turn}", revision=revision),
            posts(world, "usaid", "3/retire/", why="Doubled."),
            posts(world, "africom", "4/move/", before="1"),
            posts(world, "lead", "2/highlight/", on="yes" if turn % 2 else "no"),
            posts(world, "member", "", name=f"Another {turn}"),
            posts(world, "usaid", "paste/", text="Name\nPasted", first="header"),
        )  # fmt: skip
        assert set(found) <= {200, 302, 409}, found
        assert browser(world, "lead").post(f"{BASE}3/restore/").status_code == 302
    numbers = Entry.objects.filter(register="actors").values_list("number", flat=True)
    assert max(Counter(numbers).values()) == 1
    assert len(numbers) == 4 + 2 * ROUNDS
    assert list(audit.verify()) == []


def test_two_who_change_one_cell_do_not_overwrite_each_other(live_world: World) -> None:
    world = live_world
    made = enter(world, "Army")
    for turn in range(ROUNDS):
        revision = Entry.objects.get(pk=made.pk).revision
        found = at_once(
            *(
                posts(
                    world, who, "1/cells/objectives/", value=f"{who} {turn}", revision=revision
                )
                for who in ("lead", "member", "usaid")
            )
        )  # fmt: skip
        assert sorted(found) == [302, 409, 409]
    edits = AuditEvent.objects.filter(code="entry.edited", subject=f"entry:{made.pk}")
    assert edits.count() == ROUNDS


def test_the_effort_knows_what_its_registers_hold_after_a_race(live_world: World) -> None:
    """Retiring the last grievance and entering another at once leaves the note of it right."""
    world = live_world
    base = "/efforts/country-x/registers/findings/"
    for turn in range(ROUNDS):
        first = entry_actions.add_entry(
            effort=world.effort, register=REGISTERS["findings"], by=world["member"],
            values={"statement": f"Old {turn}", "kind": "grievance"},
        )  # fmt: skip
        at_once(
            posts(world, "lead", f"{first.number}/retire/", base, why="No."),
            posts(world, "member", "", base, statement="New", kind="driver"),
        )
        effort = Effort.objects.get(pk=world.effort.pk)
        standing = effort.entries.filter(retired_at=None).values_list("register", "kind")
        assert effort.filled == sorted({f"{register}:{kind}" for register, kind in standing})
