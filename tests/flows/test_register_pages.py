"""The pages of registers: index, table, order, paste, import, export; who may, and at what cost."""

from __future__ import annotations

import io
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mapro.core import sheets
from mapro.core.models import AuditEvent
from planning import actions, selectors
from planning.models import Effort, Entry
from planning.registers import REGISTERS
from planning.templatetags.registers import css_string
from tests.flows.register_kit import CREWS, SORTS, THINGS, enter, many, plugged, row
from tests.flows.test_query_counts import queries
from tests.world import World

EFFORT = "/efforts/country-x/registers/"
THINGS_PAGE = f"{EFFORT}things/"
MAX_BYTES = 60_000


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


def get(world: World, address: str = THINGS_PAGE, who: str = "member", status: int = 200) -> str:
    answer = world.client(who).get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def post(world: World, address: str, who: str = "member", status: int = 302, **form: Any) -> str:
    answer = world.client(who).post(address, form)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return str(answer.content.decode())


def rows_of(page: str) -> list[str]:
    """The rows of the table, each as its HTML."""
    return re.findall(r'<tr role="row" id="e-\d+".*?</tr>', page)


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'data-number="(\d+)"', page)]


def order(effort: Effort) -> list[int]:
    rows = effort.entries.filter(register="things", retired_at=None)
    return list(rows.order_by("position", "pk").values_list("number", flat=True))


# ---------- who may


@pytest.mark.parametrize(
    ("method", "path", "reads"),
    [
        ("get", "", True), ("get", "things/", True), ("get", "things/export/", True),
        ("post", "things/", False), ("post", "things/paste/", False),
        ("get", "things/import/", False), ("post", "things/import/", False),
        ("post", "things/order/", False),
    ],
)  # fmt: skip
def test_readers_read_and_others_see_nothing(
    world: World, method: str, path: str, reads: bool
) -> None:
    def status(who: str) -> int:
        return int(getattr(world.client(who), method)(EFFORT + path).status_code)

    assert status("board") == (200 if reads else 403)
    assert status("outsider") == status("observer") == 404
    assert status("member") not in {403, 404}
    missing = getattr(world.client("member"), method)(EFFORT + path.replace("things", "none"))
    assert "things" not in path or missing.status_code == 404


def test_a_reader_gets_no_forms(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    page = get(world, who="board")
    assert "Bridge" in page and "data-entries" not in page
    for form in ('id="marks"', 'id="add"', 'id="paste"', "import/"):
        assert form not in page
    assert 'id="add"' in get(world)


# ---------- the index


def test_the_index_groups_and_counts(world: World) -> None:
    near = enter(world.effort, world["member"], name="Bridge")
    enter(world.effort, world["member"], name="Drum", near="THG-1")
    actions.save_entry(entry=near, values={"amount": 4}, revision=1, by=world["member"])
    page = get(world, EFFORT)
    steps, across = page.index("Step 2. Situation"), page.index("Across the steps")
    assert steps < page.index("What lies about.") < across < page.index("Who handles things.")
    row = page[page.index(f'href="{THINGS_PAGE}"') :]
    row = row[: row.index("</tr>")]
    assert ">2</td>" in row and "1 to look at again" in row and "<time" in row
    assert "Nothing has moved" in page
    assert 'href="/efforts/country-x/registers/" aria-current="page"' in page


def test_the_index_names_what_approved_products_no_longer_agree_with(world: World) -> None:
    assumptions = REGISTERS["assumptions"]
    add = [
        enter(world.effort, world["member"], assumptions, statement=f"The road stays open {n}.")
        for n in range(1, 9)
    ]
    world.approve(1)
    assert "Nothing has moved" in get(world, EFFORT)
    for one in add[:7]:
        one.refresh_from_db()
        actions.save_entry(
            entry=one, values={"statement": f"The road is closed {one.number}."}, revision=1,
            by=world["member"],
        )  # fmt: skip
    actions.retire_entry(entry=add[7], why="Known now.", by=world["member"])
    enter(world.effort, world["member"], assumptions, statement="The airfield stays open.")
    page = get(world, EFFORT)
    assert "Approved products that rest on something else now" in page
    assert "The road is closed 5." in page and "The road is closed 6." not in page
    assert "and 2 more" in page
    assert "The airfield stays open." in page and "number 8" in page
    assert "/efforts/country-x/products/tab-01/compare/?from=1" in page
    assert "/efforts/country-x/products/tab-01/sections/assumptions/" in page


# ---------- the table


def test_the_columns_follow_the_declaration(world: World) -> None:
    enter(
        world.effort, world["member"], name="Bridge <b>", sort="place", tags="tool", story="Hidden.",
        note="A long <i>note</i>. " * 40, roles="Chief since 2013-01-01",
    )  # fmt: skip
    page = get(world)
    heads = re.findall(r'data-field="(\w+)"', page)
    assert heads == [one.key for one in THINGS.fields if one.column] and "story" not in heads
    (row,) = rows_of(page)
    assert (
        '<th role="rowheader" scope="row"><span class="label">THG-1</span> <a href="./1/">' in row
    )
    assert "Bridge &lt;b&gt;" in row and "Place: of any sort" in row and "Hidden." not in row
    assert "Chief since 2013-01-01" in row
    assert "A long &lt;i&gt;note" in row and row.count("A long") < 10
    assert "…</td>" in row  # the entry's page has all of it
    assert '<td role="cell" data-fixed><span class="state drafting"><svg' in row  # glyph and word
    assert "Proposed</span>" in row and '<span class="portion">(U)</span>' in row
    assert 'aria-pressed="false">☆ Highlight<span class="sr"> THG-1</span>' in row
    assert '<a href="1/">Edit<span class="sr"> THG-1</span></a>' in row
    assert "What lies about." in page and "Handbook: Part II, Step 2, Things." in page
    assert 'style="' not in page and "onclick" not in page


def test_a_star_and_a_flag(world: World) -> None:
    first = enter(world.effort, world["member"], name="Bridge")
    second = enter(world.effort, world["member"], name="Drum", near="THG-1")
    actions.highlight_entry(entry=second, on=True, by=world["member"])
    actions.save_entry(entry=first, values={"amount": 1}, revision=1, by=world["member"])
    one, two = rows_of(get(world))
    assert "Look again" not in one and "Look again" in two
    assert 'value="no" aria-pressed="true">★ Highlight' in two
    assert '<span class="star">★ Highlight</span>' in get(world, who="board")


def test_filters_search_and_counts(world: World) -> None:
    for name, sort in (("Bridge", "place"), ("Drum", "tool"), ("Fife", "tool"), ("Sky", None)):
        enter(world.effort, world["member"], name=name, sort=sort)
    page = get(world)
    assert "All (4)" in page and "Tool (2)" in page and "Other (" not in page
    assert numbers(get(world, f"{THINGS_PAGE}?kind=tool")) == [2, 3]
    assert numbers(get(world, f"{THINGS_PAGE}?kind=nonsense")) == [1, 2, 3, 4]
    found = get(world, f"{THINGS_PAGE}?q=dRu")
    assert numbers(found) == [2] and "1 entry with “dRu”" in found
    assert "?kind=tool&amp;q=dRu" in found  # a kind keeps the search
    nothing = get(world, f"{THINGS_PAGE}?kind=place&q=zzz")
    assert "Nothing here matches." in nothing and 'role="status">0 entries' in nothing


def test_pages_by_key(world: World) -> None:
    many(world.effort, world["member"], 120)
    first = get(world)
    assert numbers(first) == list(range(1, 51)) and "120 entries, 50 on this page" in first
    following = re.search(r'href="(\?after=[^"]+)">Next things', first)
    assert following is not None
    second = get(world, THINGS_PAGE + following[1].replace("&amp;", "&"))
    assert numbers(second) == list(range(51, 101)) and "Back to the first page" in second
    narrowed = get(world, f"{THINGS_PAGE}?kind=tool&q=number")
    assert "Next things" not in narrowed  # 40 of them


def test_a_count_is_capped(world: World) -> None:
    many(world.effort, world["member"], 501)
    assert "500+ entries" in get(world)


def test_an_empty_register_says_what_to_enter_and_how(world: World) -> None:
    page = get(world)
    assert "Nothing is entered yet." in page and "Enter the largest first." in page
    assert (
        f'href="{THINGS_PAGE}import/"' in page and 'href="#add"' in page and 'href="#paste"' in page
    )
    assert "import/" not in get(world, who="board")


def test_what_is_retired_is_shown_apart(world: World) -> None:
    gone = enter(world.effort, world["member"], name="Bridge", sort="place")
    enter(world.effort, world["member"], name="Drum", sort="tool")
    actions.retire_entry(entry=gone, why="It fell into the river.", by=world["member"])
    assert numbers(get(world)) == [2] and "Retired (1)" in get(world)
    page = get(world, f"{THINGS_PAGE}?show=retired")
    assert numbers(page) == [1] and "It fell into the river." in page
    assert "All (1)" in page and "Place: of any sort (1)" in page and "Tool (" not in page
    assert 'id="add"' not in page and "data-entries" not in page and "What stands" in page


def test_labels_of_columns_cannot_leave_the_style_sheet(world: World) -> None:
    assert css_string('a"}</style>') == "a\\22 \\7d \\3c \\2f style\\3e "
    assert '.entries td:nth-child(2)::before{content:"What it is "}' in get(world)


# ---------- enter one


def test_enter_one(world: World) -> None:
    post(
        world, THINGS_PAGE, name="Bridge", sort="place", tags=["tool", "other"], amount="3", day="",
        roles="Chief since 2013-01-01\r\nOnlooker", near="", note="Two\r\nlines.",
    )  # fmt: skip
    entry = Entry.objects.get()
    assert entry.title == "Bridge" and entry.data["tags"] == ["tool", "other"]
    assert len(entry.data["roles"]) == 2 and entry.data["note"] == "Two\nlines."
    assert "THG-1 is entered" in get(world)


def test_a_refused_entry_keeps_what_was_typed(world: World) -> None:
    page = post(
        world, THINGS_PAGE, status=400, name="", sort="tool", note="Kept words.", day="5 May",
        tags=["other"],
    )  # fmt: skip
    assert "2 things to mend" in page and 'href="#f-name"' in page and 'href="#f-day"' in page
    assert "Kept words." in page and '<option value="tool" selected>' in page
    assert 'value="other" checked' in page and 'aria-describedby="f-name-error"' in page
    assert "<details" in page and " open><summary>More about it" in page
    assert not Entry.objects.exists()


# ---------- order


@pytest.mark.parametrize(
    ("form", "then"),
    [
        ({"number": 3, "before": 1}, [3, 1, 2, 4]),
        ({"number": 1, "before": ""}, [2, 3, 4, 1]),
        ({"number": 1, "after": 2}, [2, 1, 3, 4]),
        ({"number": 1, "after": 4}, [2, 3, 4, 1]),
        ({"number": 2, "after": 1}, [1, 2, 3, 4]),  # it stands there already
    ],
)
def test_order(world: World, form: dict[str, Any], then: list[int]) -> None:
    many(world.effort, world["member"], 4)
    events = AuditEvent.objects.count()
    post(world, f"{THINGS_PAGE}order/", **form)
    assert order(world.effort) == then == numbers(get(world))
    assert AuditEvent.objects.count() == events + (then != [1, 2, 3, 4])


def test_order_for_a_script_and_what_is_refused(world: World) -> None:
    many(world.effort, world["member"], 3)
    client, place = world.client("member"), f"{THINGS_PAGE}order/"
    answer = client.post(place, {"number": 3, "before": 2}, headers={"X-Order": "yes"})
    assert answer.status_code == 204 and not answer.content and order(world.effort) == [1, 3, 2]
    for form, status in (
        ({"number": 9, "before": 1}, 404), ({"number": 1, "before": 9}, 400),
        ({"number": 1, "after": 9}, 400), ({"number": "x"}, 400), ({}, 400),
    ):  # fmt: skip
        assert client.post(place, form).status_code == status
    assert order(world.effort) == [1, 3, 2]


# ---------- export and import


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_is_imported_as_no_change(world: World, ending: str) -> None:
    enter(
        world.effort, world["member"], name="=1+1", sort="place", note="Two\n'=lines", tags="tool;other",
        amount=-3, roles="Helper since youth since 2013-01-01; Chief",
    )  # fmt: skip
    enter(world.effort, world["member"], name="- Drum", near="THG-1")
    answer = world.client("board").get(f"{THINGS_PAGE}export/?as={ending}")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="country-x-things-unclassified-exercise.{ending}"'
    )
    page = post(
        world,
        f"{THINGS_PAGE}import/",
        status=200,
        file=SimpleUploadedFile(f"t.{ending}", answer.content),
    )
    assert "Nothing changes." in page and "All 2 rows" in page and 'name="digest"' not in page


def file_of(text: str, name: str = "things.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, page[:2000]
    return found[1]


def test_a_file_is_shown_first_and_then_taken_in(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge", note="Old.")
    file = file_of("ID,Name,Note\nTHG-1,Bridge,New.\n,Drum,\n")
    page = post(world, f"{THINGS_PAGE}import/", status=200, file=file)
    assert "1 new, 1 changed, 0 as they are" in page and "Changes THG-1" in page
    assert "<del><span" in page and "Old.</del>" in page and "New.</ins>" in page
    assert Entry.objects.get().data["note"] == "Old."
    digest, packed = hidden(page, "digest"), hidden(page, "packed")
    post(world, f"{THINGS_PAGE}import/", packed=packed, digest=digest)
    assert [e.title for e in Entry.objects.order_by("number")] == ["Bridge", "Drum"]
    assert "Taken in: 1 added, 1 changed" in get(world)


def test_a_register_that_changed_meanwhile_is_shown_anew(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge", note="Old.")
    file = file_of("ID,Note\nTHG-1,New.\n")
    page = post(world, f"{THINGS_PAGE}import/", status=200, file=file)
    actions.save_entry(entry=entry, values={"note": "Else."}, revision=1, by=world["lead"])
    sent = {"packed": hidden(page, "packed"), "digest": hidden(page, "digest")}
    again = post(world, f"{THINGS_PAGE}import/", status=409, **sent)
    assert "The register changed since you looked" in again and "Else.</del>" in again
    assert Entry.objects.get().data["note"] == "Else."
    post(world, f"{THINGS_PAGE}import/", packed=sent["packed"], digest=hidden(again, "digest"))
    assert Entry.objects.get().data["note"] == "New."


def test_problems_of_a_file(world: World) -> None:
    page = post(
        world,
        f"{THINGS_PAGE}import/",
        status=400,
        file=file_of("Name,What it is\nDrum,Tool\nFife,Toll\n"),
    )
    assert "1 thing to mend" in page and "Row 3" in page and "none of: Tool" in page
    assert "What the other rows would do" in page and 'name="digest"' not in page
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name,Wealth\nDrum,1\n", "Wealth"),
        ("Name\n=1+1\n", "formula"),
        ("Name,Name\na,b\n", "same name"),
        ("", "empty"),
        ("Name\n", "no rows below"),
        ("Name\n" + "a\n" * 2_001, "2,000"),
    ],
)
def test_files_that_are_refused(world: World, text: str, words: str) -> None:
    assert words in post(world, f"{THINGS_PAGE}import/", status=400, file=file_of(text))


def test_no_file_another_kind_and_a_preview_that_was_tampered_with(world: World) -> None:
    place = f"{THINGS_PAGE}import/"
    assert "Choose a file first" in post(world, place, status=400)
    assert "of no kind" in post(world, place, status=400, file=file_of("x", "things.pdf"))
    body = b'[["Name"],[[2,"Drum"]]' + b" " * 40_000_000 + b"]"  # it would be a table
    bomb = urlsafe_b64encode(zlib.compress(body)).decode()
    for packed in ("nonsense", urlsafe_b64encode(b"x").decode(), bomb, "eJyLjgUAARUAuQ=="):
        assert "Choose it once more" in post(world, place, status=400, packed=packed, digest="x")


# ---------- paste


def pasted(world: World, text: str, status: int = 200, **more: Any) -> str:
    return post(world, f"{THINGS_PAGE}paste/", status=status, text=text, **more)


def test_paste_shows_first_and_takes_in_what_was_seen(world: World) -> None:
    for name in ("Bridge", "Drum"):
        enter(world.effort, world["member"], name=name)
    text = "Tool\tLoud.\r\nOther\tHigh.\r\n"
    page = pasted(world, text, at="THG-1", field="sort")
    assert "0 new, 2 changed" in page and "Changes THG-2" in page and "Tool\tLoud." in page
    assert 'name="at" value="THG-1"' in page and '<option value="sort" selected>' in page
    assert not Entry.objects.filter(kind="tool").exists()
    pasted(world, text, 302, at="THG-1", field="sort", digest=hidden(page, "digest"))
    assert list(Entry.objects.order_by("number").values_list("kind", flat=True)) == [
        "tool",
        "other",
    ]
    assert "The register changed" in pasted(
        world, text, 409, at="THG-1", field="sort", digest=hidden(page, "digest")
    )


def test_paste_finds_out_whether_the_first_row_names_columns(world: World) -> None:
    assert "1 new" in pasted(world, "Name\tNote\nDrum\tLoud.")
    assert "none of: Tool" in pasted(world, "Name\tNote\nDrum\tLoud.", 400, first="data")
    assert "2 new" in pasted(world, "Drum\tTool\nFife\tTool")
    assert "no such column" in pasted(world, "Drum\tTool\nFife\tTool", 400, first="header")
    enter(world.effort, world["member"], name="Bridge")
    enter(world.effort, world["member"], name="Drum")
    # One cell under another, for one place of the table, is no header.
    assert "2 changed" in pasted(world, "Note\nMore", at="1", field="name")


def test_a_blank_first_row_survives_the_form(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge", note="Old.")
    enter(world.effort, world["member"], name="Drum")
    page = pasted(world, "\nNew.", at="1", field="note")
    assert '<textarea class="usa-textarea" id="paste-text"' in page
    # A browser leaves out the first line end behind the tag.
    assert re.search(r'aria-describedby="paste-hint">\n\nNew\.</textarea>', page)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text": ""}, "nothing to take in"),
        ({"text": "=A1\tx"}, "formula"),
        ({"text": "a", "at": "first"}, "THG-1"),
        ({"text": "a", "at": "THG-9"}, "Choose another"),
        ({"text": "a", "field": "story"}, "Choose another"),
    ],
)
def test_what_cannot_be_pasted(world: World, form: dict[str, str], words: str) -> None:
    assert words in post(world, f"{THINGS_PAGE}paste/", status=400, **form)


# ---------- what it costs

COSTS = {EFFORT: 8, THINGS_PAGE: 10, f"{THINGS_PAGE}?kind=tool&q=number": 10,
         f"{THINGS_PAGE}?show=retired": 8, f"{THINGS_PAGE}export/": 6,
         f"{THINGS_PAGE}import/": 5}  # fmt: skip


@pytest.mark.parametrize("number", [10, 2_000])
def test_pages_cost_the_same_with_many_rows(world: World, number: int) -> None:
    enter(world.effort, world["member"], CREWS, motto="Onwards", tool=linkable(world))
    many(world.effort, world["member"], number - 1)
    client = world.client("member")
    found = {page: queries(lambda page=page: client.get(page)) for page in COSTS}
    assert found == COSTS
    assert len(get(world).encode()) <= MAX_BYTES


def linkable(world: World) -> str:
    return str(enter(world.effort, world["member"], name="Bridge"))


@pytest.mark.parametrize("number", [1, 300])
def test_the_index_costs_the_same_with_an_approved_product(world: World, number: int) -> None:
    world.approve(1)
    rows = [row(n, f"The road is open {n}.") for n in range(1, number + 1)]
    seen = actions.plan_rows(world.effort, REGISTERS["assumptions"], rows)
    actions.take_in(
        effort=world.effort, register=REGISTERS["assumptions"], rows=rows, digest=seen.digest,
        by=world["member"],
    )  # fmt: skip
    client = world.client("member")
    assert "The road is open 1." in get(world, EFFORT)
    assert queries(lambda: client.get(EFFORT)) == 10


def test_two_thousand_rows_can_be_imported_by_the_page(world: World) -> None:
    header = ["Name", "What it is", "Note"]
    cells = [[f"Thing {n}", SORTS[n % 3][1], "It stands here. " * 20] for n in range(2_000)]
    file = SimpleUploadedFile("t.xlsx", sheets.write_xlsx("Things", header, cells))
    page = post(world, f"{THINGS_PAGE}import/", status=200, file=file)
    assert "2000 new" in page and "And 1800 rows more" in page
    post(
        world, f"{THINGS_PAGE}import/", packed=hidden(page, "packed"), digest=hidden(page, "digest")
    )
    assert Entry.objects.count() == 2_000
    leaving = world.client("member").get(f"{THINGS_PAGE}export/?as=xlsx").content
    assert len(list(sheets.read(io.BytesIO(leaving), "t.xlsx").rows)) == 2_000
    assert len(selectors.every_entry(world.effort, THINGS)) == 2_000
