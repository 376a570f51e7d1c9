"""The page of a comparison: the answer first, forms that keep what was typed, one sheet on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from dime.actions.comparison import reopen_weights, weights_shown
from dime.models import Comparison, Score
from mapro.core.models import User
from planning.models import Entry, Membership
from tests.flows.test_pages import faults
from tests.options.comparing import CIVIL, POLICY, found, given, score, scored, settle, stage
from tests.options.kit import enter, fresh
from tests.world import World

BASE = "/efforts/country-x/comparison/policy/"


def get(world: World, who: str = "member", address: str = BASE) -> str:
    """A page that must be whole."""
    answer = world.client(who).get(address)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert faults(html) == []
    return html


def post(world: World, place: str, who: str = "member", **form: Any) -> HttpResponse:
    """A POST below the page."""
    answer = world.client(who).post(f"{BASE}{place}/", form)
    assert isinstance(answer, HttpResponse)
    return answer


def refused(answer: HttpResponse, status: int) -> str:
    """The page of a refusal, which must be whole."""
    assert answer.status_code == status, answer.content.decode()[:300]
    html = answer.content.decode()
    assert faults(html) == []
    assert 'role="alert"' in html
    return html


def text(html: str) -> str:
    """What a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def scores_form(round: int = 1, **more: Any) -> dict[str, Any]:
    """The form of the scores as the page makes it."""
    cells = {f"score-{o}-{c}": value for (o, c), value in given(CIVIL).items()}
    return {"round": round, **cells, **more}


# ---------- what it shows


def test_an_empty_comparison_says_what_to_do_next(world: World) -> None:
    html = text(get(world))
    assert "No option is entered on this level yet." in html
    assert "Enter options" in html
    stage(world)
    assert "Enter the criteria by which the options differ" in text(get(world))
    enter(world, "criteria", name="Speed", weight=60, level="policy")
    enter(world, "criteria", name="Cost", weight=30, level="policy")
    assert "add up to 90, not to 100: 10 are missing" in text(get(world))
    assert "Scores are given once the weights are settled." in text(get(world))


def test_the_answer_comes_first_and_the_decision_stays_with_the_authority(world: World) -> None:
    scored(world)
    for who in ("lead", "member", "board", "authority"):
        html = get(world, who)
        said = text(html)
        assert "“Broad campaign” leads with 3.40 of 5, 0.10 ahead" in said
        assert "the decision remains the authority's" in said.replace("&#x27;", "'")
        assert html.index('id="answer"') < html.index('id="weights"')
        assert ('name="score-1-1"' in html) == (who in {"lead", "member"})
        assert ("Reopen the weights" in html) == (who in {"lead", "member"})


def test_ties_ranks_and_agencies_stand_beside_each_other(world: World) -> None:
    stage(world, 50, 50)
    settle(world)
    score(world, "member", {1: (5, 1, 1), 2: (1, 1, 5)})
    said = text(get(world))
    assert said.count("1=") >= 2
    assert "share the first place with 3.00 of 5" in said
    assert (
        "Only DoS-AF has scored" in said or "has scored, so this is the view of one agency" in said
    )


def test_hostile_names_do_no_harm(world: World) -> None:
    scored(world)
    Entry.objects.filter(register="options", number=1).update(title="<script>alert(1)</script>&")
    Entry.objects.filter(register="criteria", number=1).update(title='"><img src=x onerror=1>')
    html = get(world)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_an_address_of_no_level_leads_nowhere(world: World) -> None:
    for place in ("plan", "POLICY", "none"):
        assert (
            world.client("member").get(f"/efforts/country-x/comparison/{place}/").status_code == 404
        )
    assert get(world, address="/efforts/country-x/comparison/concept/")


@pytest.mark.parametrize("agencies", [1, 3])
def test_the_page_costs_the_same_whatever_there_is(world: World, agencies: int) -> None:
    stage(world, 40, 30, 30)
    settle(world)
    for who in ("member", "africom", "usaid")[:agencies]:
        score(world, who, {1: (1, 2, 3), 2: (3, 2, 1), 3: (4, 4, 4)})
        for kind in ("advantage", "wargame"):
            enter(world, "arguments", text=f"{who} {kind}", kind=kind, option="OPT-1")
    client = world.client("member")
    client.get(BASE)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(BASE).status_code == 200
    assert len(queries) <= 10


def test_arguments_stand_beside_the_numbers(world: World) -> None:
    scored(world)
    assert "No argument is entered." in text(get(world))
    enter(world, "arguments", text="It acts in days.", kind="advantage", option="OPT-3")
    enter(
        world, "arguments", text="It lost the south.", kind="wargame", option="OPT-3",
        agency="Joint Staff",
    )  # fmt: skip
    said = text(get(world))
    assert "Advantage It acts in days." in said
    assert "Result of the wargame It lost the south. Joint Staff" in said


# ---------- criteria and weights


def test_a_criterion_is_entered_in_place(world: World) -> None:
    stage(world)
    form = {"name": "Speed", "weight": "60", "poor": "Months", "good": "Days"}
    assert post(world, "criteria", **form).status_code == 302
    made = Entry.objects.get(register="criteria")
    assert (made.kind, made.data["weight"], made.data["good"]) == ("policy", 60, "Days")
    html = refused(post(world, "criteria", **form | {"name": "", "weight": "140"}), 400)
    assert 'href="#f-name"' in html
    assert 'value="140"' in html and 'value="Months"' in html
    assert Entry.objects.filter(register="criteria").count() == 1


def test_weights_are_saved_and_settled_in_one_go(world: World) -> None:
    stage(world, 60, 30)
    shown = weights_shown(found(world))
    answer = post(world, "settle", shown=shown, **{"weight-1": "55", "weight-2": "45"})
    assert answer.status_code == 302
    result = found(world)
    assert result.settled and list(result.weights.values()) == [55, 45]


def test_weights_that_do_not_add_up_are_kept_in_the_form_and_not_saved(world: World) -> None:
    stage(world, 60, 30)
    shown = weights_shown(found(world))
    answer = post(world, "settle", shown=shown, **{"weight-1": "55", "weight-2": "35"})
    html = refused(answer, 400)
    assert "The weights add up to 90, not to 100: 10 are missing" in html
    assert "Speed 61, Cost 39" in html
    assert 'value="55"' in html and 'value="35"' in html
    assert list(found(world).weights.values()) == [60, 30]
    assert not Comparison.objects.exists()
    html = refused(post(world, "weights", shown=shown, **{"weight-1": "55", "weight-2": "x"}), 400)
    assert 'href="#weight-2"' in html and 'value="x"' in html


def test_weights_that_add_up_are_offered_and_then_saved(world: World) -> None:
    stage(world, 60, 30)
    answer = post(world, "weights", fit="1")
    assert answer["Location"] == f"{BASE}?fit=1#weights"
    html = get(world, address=f"{BASE}?fit=1")
    assert 'value="67"' in html and 'value="33"' in html
    assert list(found(world).weights.values()) == [60, 30]
    shown = weights_shown(found(world))
    answer = post(world, "weights", shown=shown, **{"weight-1": "67", "weight-2": "33"})
    assert answer.status_code == 302
    assert not found(world).settled


def test_weights_changed_meanwhile_are_not_overwritten_and_nothing_typed_is_lost(
    world: World,
) -> None:
    stage(world, 60, 40)
    shown = weights_shown(found(world))
    post(world, "weights", shown=shown, **{"weight-1": "50", "weight-2": "50"})
    late = post(world, "settle", shown=shown, **{"weight-1": "70", "weight-2": "30"})
    html = refused(late, 409)
    assert 'value="70"' in html and 'value="30"' in html
    assert list(found(world).weights.values()) == [50, 50]


def test_weights_are_reopened_with_a_reason(world: World) -> None:
    scored(world)
    html = refused(post(world, "reopen", why=" "), 400)
    assert 'href="#why-reopen"' in html
    assert post(world, "reopen", why="The season turned.").status_code == 302
    said = text(get(world))
    assert "Open again after round 1" in said
    assert "The weights are open, so this may change." in said
    assert Score.objects.count() == 12
    refused(post(world, "reopen", why="Again."), 409)


# ---------- scores


def test_the_form_scores_for_my_agency_alone(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    html = get(world)
    assert html.count('type="radio"') == 3 * 2 * 6
    assert "Speed is worst." in html and "Speed is best." in html
    answer = post(world, "scores", **scores_form(**{"why-1-1": "Sanctions bite."}))
    assert answer.status_code == 302
    rows = Score.objects.all()
    assert {row.organization for row in rows} == {world["member"].organization}
    assert rows.get(option__number=1, criterion__number=1).why == "Sanctions bite."
    html = get(world)
    checked = re.findall(r'name="score-(\d-\d)" value="(\d?)" checked', html)
    assert dict(checked) == {f"{o}-{c}": str(v) for (o, c), v in given(CIVIL).items()}
    assert 'value="Sanctions bite."' in html
    other = get(world, "africom")
    assert re.findall(r'name="score-1-1" value="(\d?)" checked', other) == [""]


def test_a_wrong_score_takes_all_back_and_keeps_the_choices(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    html = refused(post(world, "scores", **scores_form(**{"score-3-2": "9"})), 400)
    assert "Broad campaign, Cost: give 1 to 5" in html
    assert re.findall(r'name="score-1-1" value="(\d?)" checked', html) == ["2"]
    assert not Score.objects.exists()
    for odd in ("x", "3.5", "-1", "٣"):
        refused(post(world, "scores", round=1, **{"score-1-1": odd}), 400)
    assert not Score.objects.exists()


def test_scores_by_old_weights_are_refused_with_the_choices_kept(world: World) -> None:
    stage(world, 60, 40)
    settle(world)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    # Open: nothing can be scored, but what was chosen still stands on the page.
    html = refused(post(world, "scores", **scores_form()), 409)
    assert re.findall(r'name="score-1-1" value="(\d?)" checked', html) == ["2"]
    settle(world)
    html = refused(post(world, "scores", **scores_form()), 409)
    assert "settled anew" in html
    assert 'name="round" value="2"' in html
    assert re.findall(r'name="score-3-1" value="(\d?)" checked', html) == ["4"]
    refused(post(world, "scores", **scores_form() | {"round": ""}), 409)
    assert not Score.objects.exists()
    assert post(world, "scores", **scores_form(2)).status_code == 302


def test_whoever_stands_for_nobody_is_told_so(world: World) -> None:
    scored(world)
    Membership.objects.filter(user=world["usaid"]).update(organization=None)
    User.objects.filter(pk=world["usaid"].pk).update(organization=None)
    html = get(world, "usaid")
    assert "You stand for no organization" in html
    html = refused(post(world, "scores", "usaid", **scores_form()), 403)
    assert "stand for no organization" in html


def test_scores_from_an_earlier_round_say_so(world: World) -> None:
    scored(world)
    reopen_weights(effort=fresh(world), level=POLICY, why="Anew.", by=world["lead"])
    settle(world)
    html = get(world)
    assert html.count("given in round 1; saving confirms it") == 6
    assert "6 from an earlier round" in html
