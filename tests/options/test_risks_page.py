"""The page of risks: the answer first, grids before and after, what nobody looked at."""

from __future__ import annotations

import re

import pytest

from dime.selectors import risks as reads
from dime.vocabulary import Level
from planning import actions
from planning.screenplay import fresh
from tests.flows.test_pages import faults
from tests.flows.test_query_counts import queries
from tests.options.formulated import enter, formulate, option, review, risk, save
from tests.world import World

PAGE = "/efforts/country-x/risks/"


def shown(world: World, who: str = "member", query: str = "") -> str:
    """The page as somebody sees it; it is whole."""
    answer = world.client(who).get(PAGE + query)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    return html


def grids(html: str) -> list[dict[tuple[str, str], list[str]]]:
    """Each grid: the labels of risks by likelihood and consequence."""
    found = []
    for table in re.findall(r'<table class="risk-grid">(.*?)</table>', html, re.S):
        heads = re.findall(r'<th scope="col">(.*?)</th>', table)
        places: dict[tuple[str, str], list[str]] = {}
        for line in re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", table, re.S):
            likely = re.search(r'<th scope="row">(.*?)</th>', line)
            cells = re.findall(r'<td class="\w+">(.*?)</td>', line, re.S)
            assert likely and len(cells) == 5
            for head, cell in zip(heads, cells, strict=True):
                labels = re.findall(r">(RSK-\d+)</a>", cell)
                if labels:
                    assert f'<b class="count">{len(labels)}<' in cell
                    places[likely[1], head] = labels
        found.append(places)
    return found


def test_without_options_and_risks_it_says_what_to_do_next(world: World) -> None:
    html = shown(world)
    assert "No option is entered yet" in html and "Enter the options" in html
    assert "registers/policy-checks/ready-made/" in html
    option(world, "One")
    html = shown(world)
    assert "No risk is entered yet" in html and "registers/policy-risks/ready-made/" in html
    assert "ready-made" not in shown(world, "board")  # who only reads is not sent there


def test_each_option_has_its_risks_before_and_after(world: World) -> None:
    formulate(world)
    before, after, second, last = grids(shown(world))
    assert before == after == {("2 Unlikely", "5 Cata\u00adstrophic"): ["RSK-2"]}
    assert second == {("4 Likely", "4 Grave"): ["RSK-1"]}
    assert last == {("2 Unlikely", "3 Serious"): ["RSK-1"]}


def test_a_risk_that_names_no_option_is_of_all(world: World) -> None:
    formulate(world)
    risk(world, "Everybody is late.", 4, 4, 4, 4)
    before, _, second, _ = grids(shown(world))
    assert before["4 Likely", "4 Grave"] == ["RSK-4"]
    assert second["4 Likely", "4 Grave"] == ["RSK-4", "RSK-1"]  # the heavier remainder


def test_the_list_goes_by_what_remains_and_not_by_what_was(world: World) -> None:
    made = option(world, "One")
    risk(world, "Grave, and mended.", 5, 5, 1, 1, options=str(made))
    risk(world, "Not weighed.", options=str(made))
    risk(world, "Middling, and stays.", 3, 3, options=str(made))
    found = reads.risks_of(fresh(world.effort), Level.POLICY).options[0]
    assert [one.risk.title for one in found.rows] == [
        "Middling, and stays.", "Grave, and mended.", "Not weighed.",
    ]  # fmt: skip
    html = shown(world).partition("risk-list")[2]
    assert html.index("Middling, and stays.") < html.index("Grave, and mended.")


def test_the_answer_comes_first(world: World) -> None:
    formulate(world)
    review(world)
    head = shown(world).partition('<h2 id="answer">')[2].partition("</section>")[0]
    assert "RSK-2</a> of “One”: medium (unlikely, catastrophic)." in re.sub(r"<a [^>]*>", "", head)
    assert "Not weighed:" in head and ">RSK-3</a>" in head
    assert "1 point of the checklist" in head
    assert "No high risk is left without an answer" in head
    one = world.effort.entries.get(register="policy-risks", number=1)
    save(world, one, mitigation="")
    head = shown(world).partition('<h2 id="answer">')[2].partition("</section>")[0]
    assert "High, and nothing is said to be done about it" in head


@pytest.mark.parametrize(
    ("likely", "grave", "band"),
    [(1, 1, "Low"), (5, 1, "Low"), (2, 3, "Medium"), (3, 4, "Medium"), (1, 5, "Medium"),
     (3, 5, "High"), (5, 3, "High"), (4, 4, "High"), (5, 5, "High")],
)  # fmt: skip
def test_bands(likely: int, grave: int, band: str) -> None:
    assert reads.Weight(likely, grave).band == band


def test_bands_never_fall_when_a_risk_gets_worse() -> None:
    order = ["Low", "Medium", "High"]
    for likely in range(1, 6):
        for grave in range(1, 6):
            here = order.index(reads.Weight(likely, grave).band)
            for more in ((likely + 1, grave), (likely, grave + 1)):
                if max(more) <= 5:
                    assert order.index(reads.Weight(*more).band) >= here


def test_half_a_weight_is_none(world: World) -> None:
    made = option(world, "One")
    risk(world, "Half.", 4, options=str(made))
    found = reads.risks_of(fresh(world.effort), Level.POLICY).options[0].rows[0]
    assert (found.before, found.after, found.remains) == (None, None, None)


def test_levels_have_pages_of_their_own(world: World) -> None:
    formulate(world)
    assert 'aria-label="Level"' not in shown(world)
    formulate(world, "concept", ("A", "B"))
    html = shown(world)
    assert "OPT-4. A" in html and "OPT-1. One" not in html  # the newest question first
    html = shown(world, query="?level=policy")
    assert "OPT-1. One" in html and "OPT-4. A" not in html
    assert "OPT-4. A" in shown(world, query="?level=nonsense")


def test_the_checklist_tells_what_is_not_answered(world: World) -> None:
    option(world, "One")
    review(world)
    html = shown(world).partition('id="checklist"')[2]
    for words in ("Taken into account", "In part", "Not taken into account", "Not answered"):
        assert words in html
    assert html.count("Not answered") == 1 and "Through ECOWAS." in html
    enter(world, "policy-checks", point="One of our own.")
    assert "Point of no kind" in shown(world)


def test_risks_of_doing_nothing_stand_apart(world: World) -> None:
    formulate(world)
    review(world)
    html = shown(world)
    assert html.count("It gets worse and dearer.") == 1
    assert "It gets worse and dearer." in html.partition('id="inaction"')[2]


def test_a_retired_risk_is_gone(world: World) -> None:
    formulate(world)
    one = world.effort.entries.get(register="policy-risks", number=1)
    actions.retire_entry(entry=one, why="It cannot arise.", by=world["member"])
    assert "RSK-1<" not in shown(world)


def test_words_of_people_stay_words(world: World) -> None:
    made = option(world, "<b>One</b>")
    risk(world, "<script>alert(1)</script>", 5, 5, options=str(made), owner="<i>x</i>")
    answer = world.client("member").get(PAGE).content.decode()
    assert "<script>alert" not in answer and "<b>One" not in answer and "<i>x" not in answer


def test_who_is_not_of_the_effort_finds_nothing(world: World) -> None:
    formulate(world)
    assert world.client("outsider").get(PAGE).status_code == 404
    assert world.client("anonymous").get(PAGE).status_code == 302
    assert world.client("member").post(PAGE).status_code == 405


@pytest.mark.parametrize("names", [("One",), ("One", "Two", "Three", "Four", "Five")])
def test_many_options_take_as_many_queries_as_one(world: World, names: tuple[str, ...]) -> None:
    formulate(world, "policy", names)
    review(world)
    client = world.client("member")
    assert queries(lambda: client.get(PAGE)) == 7
