"""Around an entry on its page: what rests on it, its history, what is done with it, its cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction

from mapro.core.audit import record
from mapro.core.models import Marking
from planning import actions
from planning.actions import entry_parts as acts
from planning.models import Entry
from planning.web import entry_form
from planning.web.panels import PANELS, Panel
from tests.flows.register_kit import CREWS, THINGS, enter, many, plugged, row
from tests.flows.test_entry_pages import (
    HTMX,
    PAGE,
    REGISTER,
    add,
    form_of,
    get,
    post,
    put,
    raw,
    read,
    text,
)
from tests.flows.test_query_counts import queries
from tests.world import World


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


# ---------- around it


def test_what_names_it_and_what_it_names(world: World) -> None:
    add(world)
    enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    add(world, "Drum", near="THG-1", crew="CRW-1")
    add(world, "Fife", near="THG-2")
    page = get(world)
    names = page.split('id="named-by"')[1].split("</section>")[0]
    assert '<p class="label">3</p>' in names
    assert re.search(r"Is used by:</span> <a [^>]*>CRW-1: Heave</a>", names)
    assert re.search(r"Is near to:</span> <a [^>]*>THG-2: Drum</a>", names)
    assert re.search(r"Through 1 other:</span> <a [^>]*>THG-3: Fife</a>", names)
    drum = get(world, address=f"{REGISTER}2/").split('id="names"')[1].split("</section>")[0]
    assert "<dt>Near</dt>" in drum and "THG-1: Bridge" in drum and "CRW-1: Heave" in drum
    assert "No other entry names it." in get(world, address=f"{REGISTER}3/")


def test_look_again_says_why_and_takes_an_answer(world: World) -> None:
    add(world, "Drum", amount=3)
    add(world, near="THG-1")
    address = f"{REGISTER}2/"
    assert "Look again" not in get(world, address=address)
    actions.save_entry(entry=read(1), values={"amount": 4}, revision=1, by=world["lead"])
    page = get(world, address=address)
    box = page.split('id="again"')[1].split("</section>")[0]
    assert "THG-1: Drum</a> says since" in box and "under “Amount”: <b>4</b>" in box
    assert "It still holds" in box
    assert "It still holds" not in get(world, "board", address)
    assert "Look again: does it still hold?" in get(world, "board", address)
    answer = world.client("lead").post(f"{address}review/", follow=True)
    assert "It is on record that THG-2 still holds." in text(answer)
    assert "Look again" not in text(answer)
    actions.save_entry(entry=read(1), values={"amount": ""}, revision=2, by=world["lead"])
    assert "<b>nothing any more</b>" in get(world, address=address)
    actions.retire_entry(entry=read(2), why="It fell.", by=world["lead"])
    assert "Look again" not in get(world, address=address)


def test_dissents_on_it(world: World) -> None:
    add(world)
    page = get(world)
    assert "Nobody disputes it." in page
    assert 'href="/efforts/country-x/dissents/?fact=things:1#enter"' in page
    form = get(world, address="/efforts/country-x/dissents/?fact=things:1")
    assert '<option value="fact=things%3A1" selected>THG-1: Bridge</option>' in form
    post(world, "board", "/efforts/country-x/dissents/", subject="fact=things%3A1",
         words="It does not stand there.", red_flag="yes")  # fmt: skip
    page = get(world)
    assert "It does not stand there." in page and "Red flag" in page
    assert "Nobody disputes it." in get(world, address=f"{REGISTER}{add(world, 'Drum').number}/")


def test_the_history_tells_each_field_before_and_after(world: World) -> None:
    add(world, "Drum")
    add(world, sort="tool", note="Long.")
    address = f"{REGISTER}2/"
    high = Marking.objects.order_by("-rank")[0]
    actions.save_entry(
        entry=read(2), values={"sort": "place", "note": "", "near": "Drum", "amount": 0},
        revision=1, by=world["lead"], portion=high.code,
    )  # fmt: skip
    actions.move_entry(entry=read(2), before=1, by=world["lead"])
    actions.retire_entry(entry=read(2), why="It fell.", by=world["lead"])
    page = get(world, "board", address).split('id="history"')[1].split("</section>")[0]
    assert [v for v in ("retired it: It fell.", "moved it: in front of THG-1", "changed it",
                        "entered it") if v in page] == [
        "retired it: It fell.", "moved it: in front of THG-1", "changed it", "entered it",
    ]  # fmt: skip
    plain = re.sub(r"<[^>]*>", "", page)
    for words in (
        "What it is before: Tool after: Place: of any sort", "Note before: Long.",
        "Near after: THG-1", "Amount after: 0",
        f"Portion before: {world.effort.marking.code} after: {high.code}", "Name after: Bridge",
    ):  # fmt: skip
        assert words in plain, words
    assert plain.index("retired it") < plain.index("moved it") < plain.index("changed it")


def test_the_history_holds_what_rows_of_a_table_did(world: World) -> None:
    many(world.effort, world["member"], 3)
    actions.save_entry(entry=read(2), values={"note": "Mine."}, revision=1, by=world["lead"])
    header, rows = ["ID", "Note"], [row(1, "2", "Pasted.")]
    effort = read(2).effort
    plan = actions.plan_rows(effort, THINGS, rows, header)
    actions.take_in(
        effort=effort, register=THINGS, rows=rows, header=header, digest=plan.digest,
        by=world["member"],
    )  # fmt: skip
    page = get(world, address=f"{REGISTER}2/").split('id="history"')[1].split("</section>")[0]
    plain = re.sub(r"<[^>]*>", "", page)
    assert "3; newest first" in plain
    assert plain.count("took it in with rows of a table") == 2
    assert "Note before: Mine. after: Pasted." in plain and "Name after: Thing number 2" in plain
    assert "Thing number 3" not in plain


def test_the_history_of_a_field_that_is_gone_is_told_as_it_was(world: World) -> None:
    entry = add(world)
    gone = {"name": "Bridge", "wealth": 3, "roles": "odd", "tags": ["gone"]}
    with transaction.atomic():  # as an older release wrote it; no event is ever changed
        record("entry.edited", by=None, on=entry, effort_id=entry.effort_id, old={}, new=gone)
    plain = re.sub(r"<[^>]*>", "", get(world).split('id="history"')[1])
    assert "Wealth after: 3" in plain and "Tags after: gone" in plain


def test_a_panel_of_a_register_app_stands_on_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(world)
    panel = Panel("planning/_entry_link.html", lambda request, entry: {"one": entry})
    monkeypatch.setitem(PANELS, "things", panel)
    assert f'<span class="block"><a class="target" href="{PAGE}">THG-1: Bridge' in get(world)


# ---------- what is done with it


def test_highlights_from_the_page_and_from_the_table(world: World) -> None:
    add(world)
    assert 'aria-pressed="false">☆ Highlight' in get(world)
    answer = post(world, address=f"{PAGE}highlight/", on="yes", **{"from": "entry"})
    assert answer["Location"] == PAGE and read().highlight
    assert 'aria-pressed="true">★ Highlight' in get(world)
    assert "★ Highlight" in get(world, "board")
    answer = post(world, address=f"{PAGE}highlight/", on="no")
    assert answer["Location"] == f"{REGISTER}#e-1" and not read().highlight


def test_it_is_moved_in_front_of_another(world: World) -> None:
    for name in ("Bridge", "Drum", "Fife"):
        add(world, name)
    page = get(world, address=f"{REGISTER}3/")
    assert '<option value="1">THG-1: Bridge</option>' in page
    assert "None: last of all" in page and '<option value="3"' not in page
    moved = f"{REGISTER}3/move/"
    for before, order in (("1", [3, 1, 2]), ("", [1, 2, 3]), ("thg-2", [1, 3, 2])):
        assert post(world, address=moved, before=before).status_code == 302
        rows = Entry.objects.filter(effort=world.effort).order_by("position")
        assert list(rows.values_list("number", flat=True)) == order
    for before, words in (
        ("9", "no THG-9"), ("3", "no THG-3"), ("CRW-1", "names no thing: write THG-1"),
        ("first", "“first” names no thing"), ("9" * 20, "names no thing"),
    ):  # fmt: skip
        answer = post(world, address=moved, before=before)
        assert answer.status_code == 400 and words in text(answer), before
        assert '<a href="#before">' in text(answer) and 'id="before-error"' in text(answer)
    assert "Put it in front of" not in get(world, "board", f"{REGISTER}3/")


def test_in_a_long_register_one_types_where_it_goes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_form, "OFFERED", 2)
    add(world)
    assert "Put it in front of" not in get(world)  # it stands alone
    for name in ("Drum", "Fife"):
        add(world, name)
    page = get(world)
    assert '<input class="usa-input" id="before" name="before"' in page
    assert post(world, address=f"{PAGE}move/", before="THG-3").status_code == 302


def test_it_is_retired_with_a_reason_and_brought_back(world: World) -> None:
    add(world)
    answer = post(world, address=f"{PAGE}retire/", why=" ")
    page = text(answer)
    assert answer.status_code == 400 and "Say why it no longer stands." in page
    assert '<details class="second-step" open>' in page and '<a href="#why">' in page
    answer = world.client("lead").post(f"{PAGE}retire/", {"why": "It fell."}, follow=True)
    page = text(answer)
    assert "THG-1 is retired." in page and "It fell." in page and "Bring it back" in page
    assert 'name="note"' not in page and "Retire THG-1" not in page
    assert "Bring it back" not in get(world, "board") and "Retired" in get(world, "board")
    for verb in ("highlight", "move", "review", "retire"):
        again = post(world, address=f"{PAGE}{verb}/", why="Again.")
        assert again.status_code == 409 and "Bring it back first" in text(again), verb
    back = world.client("lead").post(f"{PAGE}restore/", follow=True)
    assert "stands in the register again" in text(back) and 'name="note"' in text(back)
    assert post(world, address=f"{PAGE}restore/").status_code == 409


def test_an_approval_shows_on_the_page(world: World) -> None:
    add(world)
    acts.apply_act(read(), {"state": "approved"}, world["authority"])
    assert re.search(r"<dt>State</dt><dd>.*?Approved", get(world))
    post(world, **form_of(raw(world)) | {"name": "Span"})
    assert re.search(r"<dt>State</dt><dd>.*?Proposed", get(world))


# ---------- words of people are words


def test_nothing_typed_is_markup(world: World) -> None:
    evil = '<script>alert(1)</script>"><b>'
    add(world, evil, note=evil, roles="Chief")
    add(world, "Drum", near="THG-1")
    actions.save_entry(entry=read(), values={"note": f"{evil}2"}, revision=1, by=world["lead"])
    for who in ("lead", "board"):
        for number in (1, 2):
            body = world.client(who).get(f"{REGISTER}{number}/").content.decode()
            assert "<script>alert" not in body and '"><b>' not in body
    assert "<script>alert" not in put(world, "day", evil, 2, **HTMX).content.decode()


# ---------- the cost


COSTS = {"page": 16, "reader": 14, "cell": 7, "saved cell": 16, "refused cell": 9}


@pytest.mark.parametrize("rows", [1, 45])
def test_pages_cost_the_same_in_a_long_register(world: World, rows: int) -> None:
    add(world, near="")
    for number in range(rows):
        add(world, f"Thing {number}", near="THG-1")
    actions.save_entry(
        entry=read(), values={"near": "THG-2", "amount": 1}, revision=1, by=world["lead"]
    )
    actions.save_entry(entry=read(2), values={"amount": 1}, revision=1, by=world["lead"])
    lead, board = world.client("lead"), world.client("board")
    found = {
        "page": queries(lambda: lead.get(PAGE)),
        "reader": queries(lambda: board.get(PAGE)),
        "cell": queries(lambda: lead.get(f"{PAGE}cells/near/", **HTMX)),
        "saved cell": queries(lambda: put(world, "note", "N.", 2, **HTMX)),
        "refused cell": queries(lambda: put(world, "day", "no", 2, **HTMX)),
    }
    assert {what: n for what, n in found.items() if n > COSTS[what]} == {}
