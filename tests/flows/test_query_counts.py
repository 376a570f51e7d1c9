"""Pinned numbers of queries: a page costs the same with a few efforts as with many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning import scenario
from tests.world import SCRIPT, World

SECTION = "/efforts/country-x/products/tab-01/sections/purpose/"
PAGES = {
    "/": 10,
    "/efforts/": 4,
    "/efforts/country-x/": 9,
    "/efforts/country-x/steps/1/": 9,
    "/efforts/country-x/team/": 8,
    "/efforts/country-x/record/": 6,
    SECTION: 7,
    "/efforts/country-x/products/tab-01/preview/": 8,
}


def queries(act: Any) -> int:
    """How many queries ``act`` makes, transaction bookkeeping left out."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()
    return sum(
        not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
        for q in caught.captured_queries
    )


@pytest.mark.parametrize("efforts", [0, 30])
def test_pages(world: World, efforts: int) -> None:
    for _ in range(efforts):
        scenario.stage(SCRIPT, world.people)
    world.write()
    client = world.client("lead")
    found = {page: queries(lambda page=page: client.get(page)) for page in PAGES}
    over = {page: (n, PAGES[page]) for page, n in found.items() if n > PAGES[page]}
    assert not over


def test_writes(world: World) -> None:
    world.write()
    member, lead, board, authority = (
        world.client(who) for who in ("member", "lead", "board", "authority")
    )
    save = {"body": "<p>New.</p>", "revision": 1, "format": "html"}
    step = "/efforts/country-x/steps/1"
    found = {
        "save": queries(lambda: member.post(SECTION, save, headers={"X-Autosave": "1"})),
        "submit": queries(lambda: lead.post(f"{step}/submit/", {"ask": "Approve."})),
    }
    package = world.effort.steps.get(number=1).submissions.get().package_hash
    vote = {"position": "concur", "package_hash": package}
    found["vote"] = queries(lambda: board.post(f"{step}/vote/", vote))
    decide = {"outcome": "approve", "package_hash": package, "read": "yes"}
    found["decide"] = queries(lambda: authority.post(f"{step}/decide/", decide))
    assert found == {"save": 9, "submit": 20, "vote": 10, "decide": 23}
