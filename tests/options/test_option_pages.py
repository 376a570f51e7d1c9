"""The pages of options: side by side, one option's panel, its package; what is refused is kept."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dime.actions.option import recommend_option
from dime.models import Overruling
from dime.selectors.options import content_of, standing_of
from planning import actions
from planning.models import Entry
from tests.flows.test_pages import faults
from tests.options import kit
from tests.world import World

BOARD = "/efforts/country-x/options/"


def get(world: World, address: str, who: str = "member") -> str:
    """A page in words of HTML, after a look at what is wrong with it."""
    answer = world.client(who).get(address)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    assert faults(page) == []
    return unescape(page)


def post(world: World, address: str, who: str = "member", **said: Any) -> tuple[int, str]:
    """The status of the answer itself, and the page that follows."""
    answer = world.client(who).post(address, said)
    if answer.status_code == 302:
        return 302, unescape(world.client(who).get(answer["Location"]).content.decode())
    assert faults(answer.content.decode()) == []
    return answer.status_code, unescape(answer.content.decode())


def part(page: str, start: str, end: str) -> str:
    """What stands between two words of a page."""
    return page.split(start, 1)[1].split(end, 1)[0]


# ---------- side by side


def test_an_empty_board_says_what_to_do_first(world: World) -> None:
    page = get(world, BOARD)
    assert "No option is entered yet" in page and "joins them by itself" in page
    assert 'id="o-name"' in page
    page = get(world, BOARD, "board")
    assert "The lead planner and the team enter them" in page and 'id="o-name"' not in page


def test_an_option_is_entered_and_do_nothing_joins_it(world: World) -> None:
    code, page = post(
        world, BOARD, name="Press together", approach="compellence", us_role="bystander",
        summary="Partners press.", level="policy",
    )  # fmt: skip
    assert code == 302
    assert "Package of OPT-1" in page and "OPT-1 is entered" in page
    page = get(world, BOARD)
    assert "OPT-1. Press together" in page and "OPT-2. Do nothing" in page
    assert page.index("Press together") < page.index("OPT-2. Do nothing")
    assert "Another option that differs in kind" in page
    assert "What the others are measured against" in page


def test_what_was_typed_is_kept_when_it_is_refused(world: World) -> None:
    code, page = post(
        world, BOARD, name=" ", approach="suasion", summary="They talk.", level="concept"
    )
    assert code == 400
    assert '<a href="#o-name">Name is needed.' in page
    assert ">They talk.</textarea>" in page
    assert '<option value="suasion" selected>' in page
    assert not Entry.objects.filter(effort=world.effort, register="options").exists()


def test_an_option_starts_from_another(world: World) -> None:
    one = kit.option(world, "Press", summary="Press hard.")
    kit.pick(world, one, "contacts")
    code, page = post(world, BOARD, name="Concept A", level="concept", copy="1")
    assert code == 302 and "Package of OPT-3" in page and "MSR-2" in page
    made = Entry.objects.get(effort=world.effort, register="options", title="Concept A")
    assert (made.value("level"), made.value("summary")) == ("concept", "Press hard.")
    for wrong in ("9", "x", "2"):
        code, page = post(world, BOARD, name="Copy", level="policy", copy=wrong)
        assert code in {400, 409} and 'href="#o-copy"' in page, wrong
        assert 'value="Copy"' in page


def test_the_board_shows_what_each_option_is(world: World) -> None:
    one = kit.option(
        world, "Press", us_role="lead_multinational_effort", summary="Press hard.",
        cost="Tens of millions", first_effect="Weeks", main_risk="Too slow.",
        suitable="yes", suitable_why="It reaches the goal.", feasible="no",
    )  # fmt: skip
    kit.pick(world, one, "contacts", "exercises")
    kit.enter(
        world, "policy-risks", risk="It lasts.", options=[str(one)], likelihood="4",
        consequence="5", residual_likelihood="2", residual_consequence="5",
    )  # fmt: skip
    kit.enter(world, "policy-risks", risk="All run it.", likelihood="1", consequence="2")
    kit.change(world, kit.nothing(world), inaction="Thousands flee.")
    actions.enter_dissent(
        effort=kit.fresh(world), words="It comes too late.", by=world["board"], fact="options:1"
    )  # fmt: skip
    recommend_option(entry=kit.read(one), by=world["lead"])
    page = get(world, BOARD)
    shown = part(page, 'aria-labelledby="opt-1"', "</article>")
    for words in (
        "Recommended", "Compellence. U.S. role: Lead Multinational Effort", "Press hard.",
        "Tens of millions", "Weeks", "Too slow.", "2 risks", "the highest that remains 10 of 25",
        "1 dissent", "open",
    ):  # fmt: skip
        assert words in shown, words
    assert re.search(r"Diplomatic <span[^>]*>1</span>", shown)
    assert re.search(r"Economic <span[^>]*>0</span>", shown)
    assert re.search(r"Feasible: <span[^>]*>.*?No</span>", shown) and "(not argued)" in shown
    nothing = part(page, 'aria-labelledby="opt-2"', "</article>")
    assert "Thousands flee." in nothing and "Build the package" not in nothing
    assert "OPT-1 “Press” is recommended. The authority decides in Step 3" in page


def test_each_level_has_its_options_and_do_nothing(world: World) -> None:
    kit.option(world, "Policy")
    kit.option(world, "Concept", level="concept")
    policy, concept = get(world, f"{BOARD}?level=policy"), get(world, f"{BOARD}?level=concept")
    assert "OPT-1. Policy" in policy and "OPT-2. Do nothing" in policy
    assert 'id="opt-3"' not in policy and 'id="opt-3"' in concept and 'id="opt-1"' not in concept
    assert "OPT-2. Do nothing" in concept
    assert "OPT-1. Policy" in get(world, f"{BOARD}?level=nonsense")


def test_the_board_asks_the_same_number_of_queries_whatever_it_holds(world: World) -> None:
    def queries(address: str) -> int:
        world.client("member").get(address)
        with CaptureQueriesContext(connection) as asked:
            world.client("member").get(address)
        return len(asked)

    kit.pick(world, kit.option(world, "First"), *kit.FOUR)
    board, package = queries(BOARD), queries(f"{BOARD}1/package/")
    for n in range(4):
        kit.pick(world, kit.option(world, f"Option {n}"), *kit.FOUR)
    assert queries(BOARD) == board <= 12
    assert queries(f"{BOARD}1/package/") == package <= 11


# ---------- recommend and adopt


def test_who_may_recommends_and_adopts_by_a_named_step(world: World) -> None:
    one = kit.option(world, "Press")
    assert "Yes, recommend OPT-1" in get(world, BOARD, "lead")
    assert "Yes, adopt OPT-1" not in get(world, BOARD, "lead")
    page = get(world, BOARD, "authority")
    assert "Yes, adopt OPT-1" in page and "Yes, recommend" not in page
    assert page.count('name="content" value="') == page.count('name="stood" value=""') == 2
    assert "Yes," not in get(world, BOARD, "member")
    code, page = post(
        world, f"{BOARD}1/recommend/", "lead", why_recommend="It costs least.", **{"from": "policy"}
    )
    assert code == 302 and "is recommended" in page and "<h1>Options</h1>" in page
    read = kit.read(one)
    code, page = post(
        world, f"{BOARD}1/adopt/", "authority", why_adopt="It stops them soonest.",
        revision=str(read.revision), content=content_of(read),
    )  # fmt: skip
    assert code == 302 and "OPT-1 “Press” is adopted; the other options are set aside" in page
    assert "It stops them soonest." in page
    board = get(world, BOARD)
    assert "OPT-1 was adopted" in board and "It stops them soonest." in board
    assert "It says something else now" not in board
    kit.change(world, one, summary="Softer.")
    assert "It says something else now" in get(world, BOARD)
    assert "It says something else now" in get(world, one.get_absolute_url())


@pytest.mark.parametrize("who", ["member", "board", "lead"])
def test_nobody_else_adopts(world: World, who: str) -> None:
    one = kit.option(world)
    assert world.client(who).post(f"{BOARD}1/adopt/", {"why_adopt": "So."}).status_code == 403
    assert standing_of(kit.read(one)) == "proposed"


def test_a_refused_adoption_keeps_the_reason(world: World) -> None:
    one = kit.option(world)
    code, page = post(world, f"{BOARD}1/adopt/", "authority", why_adopt="")
    assert code == 400 and '<a href="#why-adopt">Say why this one' in page
    assert 'id="why-adopt"' in page
    stale = content_of(kit.read(one))
    kit.pick(world, one, "contacts")
    code, page = post(
        world, f"{BOARD}1/adopt/", "authority", why_adopt="It is the best.", content=stale
    )
    assert code == 409 and "changed the package of OPT-1 after you opened it" in page
    assert ">It is the best.</textarea>" in page
    assert standing_of(kit.read(one)) == "proposed"


def test_the_short_address_leads_to_the_entry(world: World) -> None:
    one = kit.option(world)
    assert world.client("member").get(f"{BOARD}1/")["Location"] == one.get_absolute_url()
    assert world.client("member").get(f"{BOARD}9/").status_code == 404
    assert world.client("outsider").get(f"{BOARD}1/").status_code == 404


# ---------- warnings on the option's page


def test_warnings_are_shown_overruled_and_counted_again(world: World) -> None:
    one = kit.option(world)
    kit.pick(world, one, "contacts", "exercises")
    page = get(world, one.get_absolute_url())
    assert "Measures toward nobody" in page and "MSR-1 “" in page
    keys = [w.key for w in kit.warned(world, one, "no-target")]
    code, page = post(
        world, f"{BOARD}1/overrule/", warning=keys, why_overrule="They are for all.",
        kind="no-target",
    )  # fmt: skip
    assert code == 302 and "2 warnings about OPT-1 overruled" in page
    assert "They are for all." in page and "Let it count again" in page
    row = Overruling.objects.earliest("pk")
    code, page = post(world, f"{BOARD}1/overrulings/{row.pk}/end/", **{"from": "package"})
    assert code == 302 and "The warning counts again" in page and "Package of OPT-1" in page
    assert world.client("member").post(f"{BOARD}2/overrulings/{row.pk}/end/").status_code == 404


def test_refused_overruling_keeps_the_words_and_overrules_nothing(world: World) -> None:
    one = kit.option(world)
    kit.pick(world, one, "contacts", "exercises")
    keys = [w.key for w in kit.warned(world, one, "no-target")]
    address = f"{BOARD}1/overrule/"
    code, page = post(world, address, warning=keys, why_overrule="", kind="no-target")
    assert code == 400 and 'href="#why-no-target"' in page
    code, page = post(world, address, why_overrule="For all.", kind="no-target")
    assert code == 400 and "Tick at least one warning" in page and ">For all.</textarea>" in page
    code, page = post(
        world, address, warning=[keys[0], "gone"], why_overrule="For all.", kind="no-target"
    )
    assert code == 409 and "does not arise any more" in page
    assert not Overruling.objects.exists()


# ---------- the package


def test_tools_are_picked_on_the_package_page(world: World) -> None:
    kit.option(world)
    page = get(world, f"{BOARD}1/package/")
    assert "Pick the first tools" in page
    assert page.count('name="tool" value="') == 104
    code, page = post(world, f"{BOARD}1/pick/", tool=["contacts", "exercises"])
    assert code == 302 and "Added to OPT-1: MSR-1, MSR-2" in page
    assert "nothing informational, economic" in page
    code, page = post(world, f"{BOARD}1/pick/", tool=["foreign-aid", "no-such-tool"])
    assert code == 400 and "“no-such-tool” is no tool" in page
    assert 'value="foreign-aid" checked' in page
    assert Entry.objects.filter(effort=world.effort, register="measures").count() == 2


def test_a_shade_of_the_situation_stands_beside_the_tools(world: World) -> None:
    kit.option(world)
    assert "Poor now" not in get(world, f"{BOARD}1/package/")
    kit.enter(world, "situation", why="It burns.", variable="volatility", value="urgent")
    page = get(world, f"{BOARD}1/package/")
    assert "Poor now" in page or "With care" in page
    assert page.count('name="tool" value="') == 104  # a shade hides nothing


def test_several_measures_are_set_on_the_package_page(world: World) -> None:
    one = kit.option(world)
    rows = kit.pick(world, one, "contacts", "exercises")
    kit.enter(world, "actors", name="Army")
    page = get(world, f"{BOARD}1/package/")
    assert 'name="measure" value="1:1"' in page
    code, page = post(
        world, f"{BOARD}1/set/", measure=["1:1", "2:1"], set_targets=["ACT-1"],
        set_stages=["stage_1c", "stage_2a"], set_lead="",
    )  # fmt: skip
    assert code == 302 and "Saved of 2 measures" in page
    assert [kit.read(r).data["stages"] for r in rows] == [["stage_1c", "stage_2a"]] * 2
    assert kit.read(rows[0]).data["lead"]  # what was left empty stays
    shown = part(page, 'class="register-table stage-table"', "</table>")
    assert shown.count('aria-label="Runs"') == 4
    code, page = post(world, f"{BOARD}1/set/", measure=["1:1"], set_stages=["stage_2b"])
    assert code == 409 and "Stages: IIB Stabilization" in page
    assert 'value="stage_2b" checked' in page
    code, page = post(world, f"{BOARD}1/set/", set_lead="DoS")
    assert code == 400 and "Tick at least one measure" in page and 'value="DoS"' in page
    code, page = post(world, f"{BOARD}1/set/", measure=["1:x"], set_lead="DoS")
    assert code == 400 and "Reload the page" in page


def test_conditions_and_warnings_stand_on_the_package_page(world: World) -> None:
    one = kit.option(world)
    first, second = kit.pick(world, one, "contacts", "breaking-relations")
    kit.change(world, first, after=[str(second)], starts_when="On 1 May", stops_when="A truce")
    page = get(world, f"{BOARD}1/package/")
    assert "On 1 May" in page and "A truce" in page
    assert "Only after" in part(page, 'id="conditions"', "</section>")
    assert "Tools that work against each other" in page


def test_a_reader_sees_the_package_and_changes_nothing(world: World) -> None:
    kit.pick(world, kit.option(world), "contacts")
    page = get(world, f"{BOARD}1/package/", "board")
    assert "MSR-1" in page and "data-entries" not in page
    assert 'name="tool"' not in page and 'name="measure"' not in page
    assert world.client("board").post(f"{BOARD}1/pick/", {"tool": "contacts"}).status_code == 403


def test_do_nothing_has_no_package(world: World) -> None:
    kit.option(world)
    page = get(world, f"{BOARD}2/package/")
    assert "does nothing, so its package stays empty" in page and 'name="tool"' not in page
    code, page = post(world, f"{BOARD}2/pick/", tool=["contacts"])
    assert code == 409 and "its package stays empty" in page


def test_a_retired_option_keeps_its_pages(world: World) -> None:
    one = kit.option(world)
    kit.pick(world, one, "contacts")
    actions.retire_entry(entry=kit.read(one), why="Weak.", by=world["member"])
    page = get(world, f"{BOARD}1/package/")
    assert "OPT-1 was retired" in page and 'name="tool"' not in page
    assert "Bring it back" in get(world, one.get_absolute_url())
    assert "OPT-1. " not in get(world, BOARD)


def test_a_target_that_was_retired_is_told_and_stays(world: World) -> None:
    one = kit.option(world)
    (row,) = kit.pick(world, one, "contacts")
    actor = kit.enter(world, "actors", name="Army")
    kit.change(world, row, targets=[str(actor)])
    actions.retire_entry(entry=actor, why="It is no more.", by=world["member"])
    page = get(world, f"{BOARD}1/package/")
    assert "Army (retired)" in page and "which was retired: It is no more." in page
