"""The toolbox's pages: the grid, one tool, several side by side, an effort's shaded grid."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dime.actions.tool import add_note, add_tool, edit_tool, retire_tool
from dime.models import Tool, ToolNote
from dime.suitability import advice, shade
from mapro.core.models import Marking
from planning import actions
from planning.models import Entry
from planning.registers import REGISTERS
from tests.flows.test_pages import faults
from tests.flows.test_query_counts import queries
from tests.options.kit import fresh, option, pick
from tests.options.tools import NOTE, READINGS, TOOL, note_form, situation_form
from tests.world import World

GRID = "/toolbox/"
EFFORT = "/efforts/country-x/toolbox/"
HOSTILE = "<script>alert(1)</script>"
HTMX = {"headers": {"HX-Request": "true"}}
COUNTS = {
    "diplomatic": (18, 18, 3), "informational": (10, 6, 5), "military": (5, 11, 15),
    "economic": (3, 8, 2),
}  # fmt: skip


def get(
    world: World, address: str = GRID, who: str = "member", status: int = 200, **more: Any
) -> str:
    answer = world.client(who).get(address, **more)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def post(world: World, address: str, who: str = "member", status: int = 302, **form: Any) -> str:
    answer = world.client(who).post(address, form)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return str(answer.content.decode())


def shown(page: str) -> list[str]:
    """The keys of the tools in the grid, in its order."""
    return re.findall(r'name="tool" value="([a-z0-9-]+)" aria-label="Tick', page)


def count(page: str) -> str:
    """What the page says of how many there are."""
    found = re.search(r'<p class="tool-count".*?</p>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split())


@pytest.fixture
def read(world: World) -> World:
    """A situation as in the exercise, and an option with two tools."""
    post(world, EFFORT, **situation_form())
    pick(world, option(world), "contacts", "debt-relief")
    return world


# ---------- the grid


def test_the_grid_holds_every_tool_where_figure_14_has_it(world: World) -> None:
    page = get(world)
    assert shown(page) == list(Tool.objects.values_list("key", flat=True))
    assert count(page) == "104 of 104 tools."
    for element, wanted in COUNTS.items():
        row = re.search(rf'<tr role="row" id="{element}">.*?</tr>', page, re.DOTALL)
        assert row and f"{sum(wanted)} tools" in row[0]
        cells = re.findall(r"<td.*?</td>", row[0], re.DOTALL)
        assert tuple(cell.count("<li") for cell in cells) == wanted
    for words in ("Suasion <small>36 tools", "Compellence <small>43", "Intervention <small>25"):
        assert words in page
    assert all(one.rule in page for one in advice())
    assert 'class="fits"' not in page  # no situation, no shade


def test_every_tool_has_a_whole_page(world: World) -> None:
    add_note(tool=Tool.objects.get(key="contacts"), by=world["usaid"], **NOTE)
    for tool in Tool.objects.all():
        page = get(world, tool.get_absolute_url())
        assert faults(page) == [], tool.key
        assert tool.cite in page


def test_signs_tell_reward_and_penalty(world: World) -> None:
    page = get(world)
    row = re.search(r'<li[^>]*>(?:(?!</li>).)*value="debt-relief".*?</li>', page, re.DOTALL)
    assert row and '<span aria-hidden="true">+</span><span class="sr">reward</span>' in row[0]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("element=economic", "element", "economic"),
        ("approach=intervention", "approach", "intervention"),
        ("incentive=carrot", "incentive", "carrot"),
        ("target=victims", "targets", "victims"),
        ("purpose=build_resolve", "purposes", "build_resolve"),
    ],
)
def test_filters_leave_what_fits_them(world: World, query: str, field: str, value: str) -> None:
    held = [(t.key, getattr(t, field)) for t in Tool.objects.all()]
    wanted = [key for key, has in held if has == value or isinstance(has, list) and value in has]
    page = get(world, f"{GRID}?{query}")
    assert shown(page) == wanted and 0 < len(wanted) < 104
    assert f"{len(wanted)} of 104 tools. Filtered by" in count(page) and "show all" in page


def test_filters_add_up_and_what_is_no_choice_leaves_all(world: World) -> None:
    page = get(world, f"{GRID}?q=MEDIA&element=informational")
    assert "media-relations" in shown(page) and len(shown(page)) < 12
    assert len(shown(get(world, f"{GRID}?element=naval&shade=pink"))) == 104
    empty = get(world, f"{GRID}?q=no+such+words")
    assert "No tool fits these filters." in empty and shown(empty) == [] and faults(empty) == []


def test_own_and_retired_tools(world: World) -> None:
    own = add_tool(by=world["usaid"], **TOOL)
    page = get(world)
    assert own.key in shown(page) and count(page).startswith("105 of 105")
    assert shown(get(world, f"{GRID}?organization=usaid-africa")) == [own.key]
    assert len(shown(get(world, f"{GRID}?organization=handbook"))) == 104
    retire_tool(tool=own, why="Overtaken.", by=world["usaid"])
    assert own.key not in shown(get(world)) and count(get(world)) == "104 of 104 tools."
    assert own.key in shown(get(world, f"{GRID}?retired=yes"))
    page = get(world, own.get_absolute_url())
    assert "Overtaken." in page and "Retired" in page


def test_who_takes_no_part_in_planning_finds_nothing(world: World) -> None:
    for who in ("observer", "partner", "admin"):
        for address in (GRID, "/toolbox/contacts/", "/toolbox/compare/", "/toolbox/new/", EFFORT):
            get(world, address, who, 404)
        assert ">Toolbox</a>" not in get(world, "/efforts/", who)
    assert ">Toolbox</a>" in get(world, "/efforts/", "usaid")
    assert ">Toolbox</a>" in get(world, "/", "board")
    get(world, GRID, "outsider")
    get(world, EFFORT, "outsider", 404)


# ---------- one tool


def test_a_tool_says_what_is_judgment(world: World) -> None:
    page = get(world, "/toolbox/counter-hate-media/")
    tool = Tool.objects.get(key="counter-hate-media")
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page, re.DOTALL))
    assert "judgment" in facts["Cost"] and "judgment" in facts["Authority or legal basis"]
    assert "judgment" not in facts["Typically aimed at"] and "Perpetrators" in page
    assert tool.cautions[0] in page and "The Handbook names nothing." in page
    assert "/toolbox/electronic-countermeasures/" in page  # stronger with


def test_works_against_is_told_on_both(world: World) -> None:
    from dime.conflicts import conflicts

    first = conflicts()[0]
    for key in (first.a, first.b):
        page = get(world, f"/toolbox/{key}/")
        assert "Works against" in page and first.why in page and first.other(key) in page


def test_versions_and_uses_and_notes(read: World) -> None:
    tool = Tool.objects.get(key="contacts")
    edit_tool(tool=tool, version=1, why="Lessons.", by=read["lead"], cost=4)
    secret = Marking.objects.latest("rank")
    add_note(tool=tool, by=read["usaid"], **NOTE | {"text": HOSTILE, "marking": secret})
    page = get(read, "/toolbox/contacts/")
    assert "Lessons." in page and '<del><span class="sr">Deleted: </span>Staff time</del>' in page
    assert "version 2 stands" in page and "Country X" in page and "MSR-1" in page
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert NOTE["source"] in page and secret.banner in page  # the banner is the highest shown
    assert "MSR-1" not in get(read, "/toolbox/contacts/", "outsider")


def test_a_tool_as_an_effort_shades_it(read: World) -> None:
    page = get(read, "/toolbox/debt-relief/?effort=country-x")
    _, reasons = shade(Tool.objects.get(key="debt-relief"), READINGS)
    assert "Poor now" in page and all(one.why in page for one in reasons)
    assert "EXERCISE" in page and faults(page) == []
    get(read, "/toolbox/debt-relief/?effort=country-x", "outsider", 404)
    get(read, "/toolbox/debt-relief/?effort=none", status=404)
    assert "How it suits" not in get(read, "/toolbox/debt-relief/")


# ---------- forms


def test_an_agency_adds_a_tool_on_the_page(world: World) -> None:
    form = TOOL | {"targets": ["victims", "partners"], "cautions": "Old masts.\nJamming."}
    post(world, "/toolbox/new/", "usaid", **form)
    tool = Tool.objects.get(key="radio-for-displaced-people")
    assert tool.targets == ["victims", "partners"] and tool.cautions == ["Old masts.", "Jamming."]
    assert "All of it is the judgment of" in get(world, tool.get_absolute_url())


def test_what_was_typed_stays_when_a_form_is_refused(world: World) -> None:
    form = TOOL | {"name": "Contacts", "element": "diplomatic", "summary": "Typed words."}
    page = post(world, "/toolbox/new/", "usaid", 400, **form)
    assert "There is a tool of this name" in page and "Typed words." in page
    assert 'href="#id_name"' in page and faults(page) == []
    page = post(world, "/toolbox/new/", "usaid", 400, **TOOL | {"targets": ["aliens"], "cost": ""})
    assert 'href="#id_targets"' in page and 'href="#id_cost"' in page and faults(page) == []
    assert Tool.objects.count() == 104


def test_a_tool_is_edited_with_a_reason_and_a_late_save_keeps_what_was_typed(world: World) -> None:
    tool = add_tool(by=world["usaid"], **TOOL)
    page = tool.get_absolute_url()
    assert 'name="version" value="1"' in get(world, f"{page}edit/", "usaid")
    form = TOOL | {"version": 1, "cost": 3}
    refused = post(world, f"{page}edit/", "usaid", 400, **form)
    assert "Say why it changes" in refused and faults(refused) == []
    post(world, f"{page}edit/", "usaid", **form | {"why": "Prices."})
    late = post(world, f"{page}edit/", "usaid", 409, **form | {"cost": 4, "why": "Later."})
    assert "Tens of millions" in late and "Hundreds of millions" in late and "Later." in late
    assert 'name="version" value="2"' in late and faults(late) == []
    assert Tool.objects.get(pk=tool.pk).cost == 3
    post(world, f"{page}edit/", "usaid", **form | {"cost": 4, "why": "Later.", "version": 2})
    assert Tool.objects.get(pk=tool.pk).cost == 4
    get(world, f"{page}edit/", "member", 403)
    assert f"{page}edit/" not in get(world, page) and f"{page}edit/" in get(world, page, "usaid")


def test_a_second_save_takes_back_nothing_that_others_changed_elsewhere(world: World) -> None:
    tool = add_tool(by=world["usaid"], **TOOL, cautions=["Jamming."])
    edit_tool(
        tool=tool, version=1, why="Prices.", by=world["usaid"], cost=3, risk=3, targets=["victims"],
        cautions=["Old masts.", "Jamming."], needs_authority=True,
    )  # fmt: skip
    form = TOOL | {"version": 1, "cost": 4, "cautions": "Jamming.", "why": "Later."}
    page = post(world, f"{tool.get_absolute_url()}edit/", "usaid", 409, **form)
    assert "what others changed elsewhere" in page
    held = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', page, re.S))
    assert (held["cost"], held["risk"]) == ("4", "3")
    assert re.search(r'value="victims"[^>]*checked', page) and "Old masts.\nJamming." in page
    assert re.search(r'name="needs_authority"[^>]*checked', page)
    again = form | {
        "version": 2, "risk": 3, "targets": ["victims"], "needs_authority": "on",
        "cautions": "Old masts.\nJamming.",
    }  # fmt: skip
    post(world, f"{tool.get_absolute_url()}edit/", "usaid", **again)
    row = Tool.objects.get(pk=tool.pk)
    assert (row.cost, row.risk, row.cautions) == (4, 3, ["Old masts.", "Jamming."])


def test_a_tool_is_retired_and_brought_back_on_its_page(world: World) -> None:
    tool = add_tool(by=world["usaid"], **TOOL)
    page = tool.get_absolute_url()
    refused = post(world, f"{page}retire/", "usaid", 400, why=" ")
    assert "Say why." in refused and faults(refused) == []
    post(world, f"{page}retire/", "member", 403, why="No.")
    post(world, f"{page}retire/", "member", 403, why="")
    post(world, f"{page}retire/", "usaid", why="Overtaken.")
    get(world, f"{page}edit/", "usaid", 409)
    post(world, f"{page}restore/", "usaid")
    assert Tool.objects.get(pk=tool.pk).retired_at is None


def test_notes_are_entered_and_retired_on_the_page(world: World) -> None:
    page = "/toolbox/contacts/"
    refused = post(world, f"{page}notes/", "usaid", 400, **note_form(source=""))
    assert "Say where this is written" in refused and NOTE["text"] in refused
    assert faults(refused) == []
    post(world, f"{page}notes/", "usaid", **note_form())
    note = ToolNote.objects.get()
    end = f"/toolbox/notes/{note.pk}/retire/"
    assert end in get(world, page, "usaid") and end not in get(world, page, "member")
    post(world, end, "member", 403, **{f"note-{note.pk}-why": "Hearsay."})
    refused = post(world, end, "usaid", 400)
    assert faults(refused) == [] and "Say why." in refused
    post(world, end, "usaid", **{f"note-{note.pk}-why": "Hearsay."})
    assert "Hearsay." in get(world, page)
    post(world, "/toolbox/notes/0/retire/", "usaid", 404)


# ---------- side by side


def test_tools_side_by_side(read: World) -> None:
    page = get(read, "/toolbox/compare/?tools=contacts,debt-relief&tool=embargoes&effort=country-x")
    heads = re.findall(r'<th scope="col"><a[^>]*>([^<]+)</a>', page)
    assert heads == ["Contacts", "Debt Relief", "Embargoes"]
    assert "Poor now" in page and "In Country X" in page and faults(page) == []
    assert "?tools=debt-relief%2Cembargoes&amp;effort=country-x" in page  # without the first
    get(read, "/toolbox/compare/?tools=contacts&effort=country-x", "outsider", 404)
    plain = get(read, "/toolbox/compare/?tools=contacts,debt-relief", "outsider")
    assert "Poor now" not in plain


def test_fewer_than_two_say_what_to_do_and_more_than_five_are_named(world: World) -> None:
    assert "No tool is chosen yet." in get(world, "/toolbox/compare/?tools=nothing")
    assert "Choose at least one more tool." in get(world, "/toolbox/compare/?tools=contacts")
    keys = list(Tool.objects.values_list("key", flat=True)[:6])
    page = get(world, f"/toolbox/compare/?tools={','.join(keys)}")
    assert "Left out: Consensus Building." in page and faults(page) == []


# ---------- an effort's toolbox


def test_before_the_situation_is_read_nothing_is_shaded(world: World) -> None:
    page = get(world, EFFORT)
    assert page.count("Not read yet") == 4 and len(shown(page)) == 104
    assert 'class="fits"' not in page and '<details class="second-step read-situation" open' in page
    board = get(world, EFFORT, "board")
    assert "Save the reading" not in board and faults(board) == []


def test_the_grid_is_shaded_with_a_reason_for_each_and_hides_none(read: World) -> None:
    page = get(read, EFFORT)
    assert len(shown(page)) == 104
    counts = {"fits": 0, "care": 0, "poor": 0}
    for tool in Tool.objects.all():
        found, reasons = shade(tool, READINGS)
        counts[found.value] += 1
        row = re.search(
            rf'<li class="(\w+)">(?:(?!</li>).)*?value="{tool.key}".*?</li>', page, re.DOTALL
        )
        assert row and row[1] == found.value, tool.key
        why = reasons[0].why if reasons else "nothing in the situation warns of it"
        assert f'title="{found.label}: {why}"' in row[0]
        assert f'aria-label="{found.label}"' in row[0]  # the word beside the color
    words = f"{counts['fits']} fit, {counts['care']} with care, {counts['poor']} poor now"
    assert f"104 of 104 tools: {words}." in count(page)
    only = shown(get(read, f"{EFFORT}?shade=poor"))
    assert len(only) == counts["poor"]  # only because it was asked for


def test_marks_and_filter_of_options(read: World) -> None:
    page = get(read, EFFORT)
    assert page.count("in OPT-1</span>") == 2
    assert shown(get(read, f"{EFFORT}?used=1")) == ["contacts", "debt-relief"]
    pick_one = 'formaction="/efforts/country-x/options/1/pick/"'
    assert pick_one in page and "/options/2/pick/" not in page  # doing nothing uses no tool
    assert pick_one not in get(read, EFFORT, "board")


def test_ticked_tools_are_added_to_an_option(read: World) -> None:
    post(read, "/efforts/country-x/options/1/pick/", tool=["embargoes", "travel-bans"])
    assert get(read, EFFORT).count("in OPT-1</span>") == 4


def test_the_drawer_tells_why_with_and_without_script(read: World) -> None:
    _, reasons = shade(Tool.objects.get(key="debt-relief"), READINGS)
    part = get(read, f"{EFFORT}?tool=debt-relief", **HTMX)
    assert "<html" not in part and all(one.why in part for one in reasons)
    assert "OPT-1" in part and "Up to millions" not in part.split("Facts")[0]
    whole = get(read, f"{EFFORT}?tool=debt-relief")
    assert all(one.why in whole for one in reasons) and 'aria-current="true"' in whole
    assert faults(whole) == []
    assert 'href="/toolbox/debt-relief/?effort=country-x"' in whole  # without script
    assert "Choose a tool" in get(read, f"{EFFORT}?tool=none", **HTMX)
    get(read, f"{EFFORT}?tool=debt-relief", "outsider", 404, **HTMX)


def test_the_team_reads_the_situation_on_the_page(world: World) -> None:
    post(world, EFFORT, "board", 403, **situation_form())
    page = post(
        world, EFFORT, status=400, **situation_form(volatility="soon") | {"why_us_position": ""}
    )
    assert 'href="#value-volatility"' in page and 'href="#why-us_position"' in page
    assert "The Embassy reports it." in page and faults(page) == []
    assert not Entry.objects.filter(register="situation").exists()
    post(world, EFFORT, **situation_form())
    page = get(world, EFFORT)
    assert "<b>Adversary</b>" in page and "The Embassy reports it." in page
    assert 'name="revision_volatility" value="1"' in page


def test_a_late_reading_keeps_what_was_typed(read: World) -> None:
    calm = {"value_volatility": "rising", "why_volatility": "It calmed."}
    post(read, EFFORT, **situation_form() | calm | {"revision_volatility": "1"})
    late = {
        "value_volatility": "latent",
        "why_volatility": "All quiet.",
        "revision_volatility": "1",
    }
    page = post(read, EFFORT, status=409, **late)
    assert "read the situation anew while you wrote" in page and "All quiet." in page
    assert "<b>Rising</b>" in page and "It calmed." in page and faults(page) == []
    assert 'name="revision_volatility" value="2"' in page


def test_a_hostile_reading_is_text(world: World) -> None:
    post(world, EFFORT, **situation_form() | {"why_volatility": HOSTILE})
    assert HOSTILE not in get(world, EFFORT)


@pytest.mark.parametrize("more", [0, 12])
def test_queries(world: World, more: int) -> None:
    post(world, EFFORT, **situation_form())
    for n in range(more):
        add_tool(by=world["usaid"], **TOOL | {"name": f"Radio {n}"})
    if more:
        pick(world, option(world), "contacts", "debt-relief", "embargoes")
        for n in range(3):
            option(world, f"Option {n}")
        add_note(tool=Tool.objects.get(key="contacts"), by=world["usaid"], **NOTE)
    usaid = world.client("usaid")
    assert queries(lambda: usaid.get(GRID)) == 5
    assert queries(lambda: usaid.get(EFFORT)) == 8
    assert queries(lambda: usaid.get(f"{EFFORT}?tool=contacts")) == 9
    assert queries(lambda: usaid.get("/toolbox/contacts/")) == 10
    assert queries(lambda: usaid.get("/toolbox/compare/?tools=contacts,embargoes")) == 6


def test_readings_by_way_of_the_register_count_too(world: World) -> None:
    actions.add_entry(
        effort=fresh(world), register=REGISTERS["situation"], by=world["member"],
        values={"variable": "volatility", "value": "urgent", "why": "Killings."},
    )  # fmt: skip
    page = get(world, EFFORT)
    assert page.count("Not read yet") == 3 and 'class="poor"' in page
