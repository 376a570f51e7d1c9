"""Options under several hands at once, on a real PostgreSQL: one is adopted, whoever was first."""

from __future__ import annotations

import os
from typing import Any

import pytest

from dime.models import Overruling
from dime.selectors.options import adoptions, content_of
from dime.vocabulary import Standing
from mapro.core import audit
from mapro.core.models import AuditEvent
from planning.models import Entry
from tests.concurrency.racing import at_once, browser
from tests.options import kit
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 20 if os.environ.get("MAPRO_FULL") else 4
BASE = "/efforts/country-x/options/"


def posts(world: World, who: str, place: str, **form: Any) -> Any:
    """A POST below the options; gives the status."""
    client = browser(world, who)
    return lambda: client.post(f"{BASE}{place}", form).status_code


def adopts(world: World, entry: Entry) -> Any:
    """An adoption of what the page shows now."""
    shown = kit.read(entry)
    return posts(
        world, "authority", f"{entry.number}/adopt/", why_adopt="It stops them soonest.",
        revision=str(shown.revision), content=content_of(shown),
        stood="".join(f"OPT-{number}" for number in adopted(world)),
    )  # fmt: skip


def adopted(world: World) -> list[int]:
    """The numbers of options that stand as adopted."""
    rows = world.effort.entries.filter(register="options", data__standing=Standing.ADOPTED)
    return [row.number for row in rows]


def test_of_two_adoptions_at_once_one_holds(live_world: World) -> None:
    """The second authority read options that were still open; what it chose stands no more so."""
    world = live_world
    one, two = kit.option(world, "One"), kit.option(world, "Two")
    for turn in range(1, ROUNDS + 1):
        chosen = adopted(world)
        free = [row for row in (one, two) if row.number not in chosen]
        pair = (one, two) if len(free) == 2 else (free[0], kit.nothing(world))
        found = at_once(*(adopts(world, row) for row in pair))
        assert sorted(found) == [302, 409], found
        assert len(adopted(world)) == 1
        assert AuditEvent.objects.filter(code="option.adopted").count() == turn
        assert adoptions(kit.fresh(world))[-1].number == adopted(world)[0]
    assert list(audit.verify()) == []


def test_an_adoption_and_a_change_at_once_do_not_mix(live_world: World) -> None:
    """Either the text is adopted that was shown, or the adoption is refused."""
    world = live_world
    one = kit.option(world, "One")
    entry = browser(world, "member")
    for turn in range(ROUNDS):
        shown = kit.read(one)
        edit = {"revision": shown.revision, "summary": f"Text {turn}"}
        codes = at_once(
            adopts(world, one),
            lambda edit=edit: entry.post(one.get_absolute_url(), edit).status_code,  # type: ignore[misc]
        )
        assert codes[1] == 302 and codes[0] in {302, 409}, codes
        if codes[0] == 302:
            break
    assert len(adopted(world)) <= 1
    assert list(audit.verify()) == []


def test_a_warning_is_overruled_once(live_world: World) -> None:
    world = live_world
    one = kit.option(world)
    key = kit.warned(world, one, "no-assumption")[0].key
    form = {"warning": key, "why_overrule": "None is needed."}
    found = at_once(*(posts(world, who, "1/overrule/", **form) for who in ("lead", "member")))
    assert sorted(found) == [302, 409]
    assert Overruling.objects.count() == 1
