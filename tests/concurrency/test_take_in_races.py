"""Rows that are taken in while others work on the same register, on a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from planning import actions
from planning.actions import entry_rows
from planning.models import Entry
from planning.registers import REGISTERS
from tests.concurrency.racing import Act, Slow, at_once, browser
from tests.world import World

pytestmark = pytest.mark.postgres
PAGE = "/efforts/country-x/registers/actors/"
TEXT = "ID\tName\tObjectives\nACT-1\tArmy\tPower.\n\tNavy\tGold.\n"


@pytest.fixture(autouse=True)
def _actors(live_world: World) -> None:
    for name in ("Army", "Militia", "Radio"):
        actions.add_entry(
            effort=live_world.effort, register=REGISTERS["actors"], values={"name": name},
            by=live_world["member"],
        )  # fmt: skip


def sent(world: World, who: str, place: str, **form: str | int) -> Act:
    client = browser(world, who)
    return lambda: client.post(f"{PAGE}{place}", form).status_code


def taking_in(world: World) -> Act:
    """Take in what the same rows did a moment ago."""
    shown = browser(world, "lead").post(f"{PAGE}paste/", {"text": TEXT}).content.decode()
    met = re.search(r'name="digest" value="(\w+)"', shown)
    assert met is not None
    return sent(world, "lead", "paste/", text=TEXT, digest=met[1])


def saving(world: World) -> Act:
    return sent(world, "member", "2/", name="Militia of the north", revision=1)


def moving(world: World) -> Act:
    return sent(world, "member", "order/", number=3, before=1)


def retiring(world: World) -> Act:
    return sent(world, "member", "3/retire/", why="Doubled.")


@pytest.mark.parametrize("other", [saving, moving, retiring])
def test_both_come_through(
    live_world: World, monkeypatch: pytest.MonkeyPatch, other: Callable[[World], Act]
) -> None:
    """The rows stand between being planned and being written."""
    act = taking_in(live_world)
    slow = Slow().at(monkeypatch, entry_rows, "plan_rows")
    assert at_once(act, slow.meanwhile(other(live_world))) == [302, 302]
    assert Entry.objects.get(number=1).data["objectives"] == "Power."
    assert Entry.objects.get(number=4).title == "Navy"
    positions = list(Entry.objects.values_list("position", flat=True))
    assert len(set(positions)) == len(positions)


def test_of_two_who_take_in_the_same_one_is_asked_to_look_again(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = taking_in(live_world), taking_in(live_world)
    slow = Slow().at(monkeypatch, entry_rows, "plan_rows")
    assert at_once(acts[0], slow.meanwhile(acts[1])) == [302, 409]
    assert Entry.objects.filter(title="Navy").count() == 1


def test_without_the_line_both_would_add_the_same(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = taking_in(live_world), taking_in(live_world)
    monkeypatch.setattr(entry_rows, "line_up", lambda effort: None)
    slow = Slow().at(monkeypatch, entry_rows, "plan_rows")
    assert at_once(acts[0], slow.meanwhile(acts[1])) != [302, 409]
