"""Pinned numbers of queries: a page costs the same with a few rows as with many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planning import actions, scenario
from planning.models import Presence, Rendition
from planning.vocabulary import RenditionKind
from tests.world import SCRIPT, World

EFFORT = "/efforts/country-x/"
TAB_1 = f"{EFFORT}products/tab-01/"
SECTION = f"{TAB_1}sections/purpose/"
PAGES = {
    "/": 10,
    "/efforts/": 4,
    EFFORT: 12,
    f"{EFFORT}steps/1/": 10,
    f"{EFFORT}team/": 8,
    f"{EFFORT}record/": 6,
    SECTION: 7,
    f"{TAB_1}preview/": 8,
}
# With rows of every kind on the page: one of each, and many.
ROWS = {
    f"{EFFORT}products/": 9,
    f"{TAB_1}outline/": 5,
    f"{TAB_1}versions/": 7,
    f"{TAB_1}versions/1/": 7,
    f"{TAB_1}compare/": 8,
    f"{TAB_1}compare/?from=1&to=2": 7,
    f"{EFFORT}library/": 7,
    f"{EFFORT}dissents/": 11,
    f"{SECTION}?json=1": 4,
    "/api/v1/products/": 3,
    "/api/v1/sections/": 3,
    "/api/v1/versions/": 3,
    "/api/v1/dissents/": 4,
    "/api/v1/renditions/": 3,
    "/api/v1/pictures/": 3,
}


COSTS = {"submit": 19, "room": 12, "vote": 12, "decide": 24}
SAID = {"submit": 20, "room": 13, "vote": 12, "decide": 25}  # what was said to dissents


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


def fill(world: World, rows: int) -> None:
    """``rows`` products, versions after the first, files, dissents, pictures, people present."""
    lead, effort = world["lead"], world.effort
    product = world.product()
    actions.freeze_version(product=product, by=lead)
    for number in range(rows):
        section = world.section("ipt")
        actions.save_section(
            section=section, body=f"<p>Text {number}.</p>", revision=section.revision, by=lead
        )
        version, _ = actions.freeze_version(product=product, by=lead)
        for kind, of in ((RenditionKind.PRODUCT, version), (RenditionKind.BINDER, None)):
            Rendition.objects.create(
                effort=effort, kind=kind, version=of, status="ready", requested_by=lead,
                fingerprint=hashlib.sha256(f"{kind} {number}".encode()).hexdigest(),
                requested_at=timezone.now(),
            )  # fmt: skip
        actions.start_product(effort=effort, format="minutes", by=lead, name=f"Meeting {number}")
        actions.enter_dissent(
            effort=effort, product=product, section="ipt", words=f"Dissent {number}.",
            by=world["board"],
        )  # fmt: skip
        effort.pictures.create(
            sha256=f"{number:064}", media_type="image/png", file="x", width=1, height=1, size=1,
            added_by=lead, added_at=timezone.now(),
        )  # fmt: skip
    section = world.section("ipt")
    actions.save_section(
        section=section, body="<p>Unfrozen.</p>", revision=section.revision, by=world["member"]
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_with_rows(world: World, rows: int) -> None:
    world.write()
    fill(world, rows)
    client = world.client("lead")

    def get(page: str) -> None:
        assert client.get(page).status_code == 200

    found = {page: queries(lambda page=page: get(page)) for page in ROWS}
    assert found == ROWS


def people(world: World) -> Iterator[str]:
    """Everybody who may see the effort and is not the member."""
    yield from ("lead", "africom", "board", "board-io", "authority")


@pytest.mark.parametrize("others", [0, 5])
def test_presence(world: World, others: int) -> None:
    section = world.section()
    for who, _ in zip(people(world), range(others), strict=False):
        Presence.objects.create(section=section, user=world[who], seen_at=timezone.now())
    member = world.client("member")

    def say() -> None:
        answer = member.post(f"{SECTION}presence/", {"writes": "1"})
        assert len(answer.json()["present"]) == others + 1

    assert queries(say) == 8  # the first time
    assert queries(say) == 8


def walk(world: World, number: int) -> dict[str, int]:
    """Submit, vote on and decide a step through its pages; the queries of each act."""
    lead, board, authority = (world.client(who) for who in ("lead", "board", "authority"))
    step = f"{EFFORT}steps/{number}"

    def post(client: Any, act: str, **form: str) -> Callable[[], None]:
        def send() -> None:
            answer = client.post(f"{step}/{act}/", form)
            assert answer.status_code == 302, answer.content

        return send

    found = {"submit": queries(post(lead, "submit", ask="Approve."))}
    step_ = world.effort.steps.get(number=number)
    package = step_.submissions.get(status="pending").package_hash
    found["room"] = queries(lambda: board.get(f"{step}/board/"))
    found["vote"] = queries(post(board, "vote", position="concur", package_hash=package))
    found["decide"] = queries(
        post(authority, "decide", outcome="approve", package_hash=package, read="yes")
    )
    return found


def test_a_save(world: World) -> None:
    world.write()
    save = {"body": "<p>New.</p>", "revision": 1, "format": "html"}
    member = world.client("member")
    assert queries(lambda: member.post(SECTION, save, headers={"X-Autosave": "1"})) == 9


@pytest.mark.parametrize("dissents", [0, 20])
def test_a_step_with_one_product(world: World, dissents: int) -> None:
    world.write()
    dispute(world, dissents)
    assert walk(world, 1) == (SAID if dissents else COSTS)


def test_a_step_with_four_products_costs_the_same(world: World) -> None:
    for number in (1, 2, 3):
        world.approve(number)
    world.ready(4)
    assert world.step(4).products.count() == 4
    # Tab 6 was frozen before, so its files are looked for, and prints the guidance so far.
    assert walk(world, 4) == COSTS | {"submit": 21, "decide": 25}


def dispute(world: World, times: int) -> None:
    for number in range(times):
        actions.enter_dissent(effort=world.effort, words=f"No {number}.", by=world["board"])
