"""Branches and sequels: the form, what a fork takes over on its pages, who sees whose kin."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planning import actions
from planning.models import Effort, Membership
from planning.vocabulary import ForkKind
from tests.flows.test_query_counts import queries
from tests.world import World

EFFORT = "/efforts/country-x/"
PAGE = f"{EFFORT}fork/"
FORM = {"kind": "branch", "name": "Country X, border", "at": "2", "why": "The border closed."}


@pytest.fixture
def approved(world: World) -> World:
    """Step 1 approved."""
    world.approve()
    return world


def fork(world: World, **more: Any) -> Effort:
    """A branch of Country X at Step 2."""
    terms: dict[str, Any] = {
        "kind": ForkKind.BRANCH,
        "name": "Border",
        "why": "It closed.",
        "at": 2,
    }
    return actions.fork_effort(effort=world.effort, by=world["lead"], **(terms | more))


def read(world: World, who: str, path: str = EFFORT) -> str:
    """A page's text."""
    answer = world.client(who).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_says_what_each_kind_is_and_offers_only_approved_ground(approved: World) -> None:
    assert f'href="{PAGE}"' in read(approved, "lead")
    text = read(approved, "lead", PAGE)
    assert "Branch: another course" in text
    assert "Sequel: what comes after" in text
    [select] = re.findall(r'<select name="at".*?</select>', text, re.S)
    assert re.findall(r'value="(\d)"', select) == ["1", "2"]


def test_fork(approved: World) -> None:
    answer = approved.client("lead").post(PAGE, FORM)
    made = Effort.objects.get(parent=approved.effort)
    assert answer["Location"] == made.get_absolute_url()
    assert (made.name, made.fork, made.forked_at) == ("Country X, border", "branch", 2)
    text = read(approved, "lead", made.get_absolute_url())
    assert "Country X, border is open, a branch of Country X." in text
    assert re.search(rf'Branch of <a href="{EFFORT}">Country X</a> at Step 2', text)
    assert f'href="{made.get_absolute_url()}"' in read(approved, "lead")


@pytest.mark.parametrize("who", ["lead", "member", "board", "authority"])
def test_every_page_of_a_fork_opens(approved: World, who: str) -> None:
    """Its inherited steps were approved elsewhere, so that nothing was submitted here."""
    made = fork(approved)
    base = made.get_absolute_url()
    for path in ("", "due-outs/", "mandates/", "team/", "record/", "products/", "dissents/",
                 "library/", *(f"steps/{n}/" for n in range(6)),
                 *(f"steps/{n}/board/" for n in range(1, 6)),
                 "products/tab-01/versions/"):  # fmt: skip
        assert approved.client(who).get(base + path).status_code == 200, path
    assert "Gate passed" in read(approved, who, base)


def test_a_fork_shows_the_version_that_it_took_over(approved: World) -> None:
    made = fork(approved)
    text = read(approved, "lead", made.get_absolute_url())
    product = re.search(r"<tr[^>]*><td[^>]*>Tab 1</td>.*?</tr>", text, re.S)
    assert product and "Approved" in product.group(0)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": ""}, 400, "name"),
        ({"why": " "}, 400, "why"),
        ({"kind": ""}, 400, "kind"),
        ({"at": "3"}, 400, "at"),
        ({"at": "0"}, 400, "at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    approved: World, change: dict[str, str], status: int, field: str
) -> None:
    answer = approved.client("lead").post(PAGE, FORM | change)
    text = answer.content.decode()
    assert answer.status_code == status
    assert f'href="#id_{field}"' in text
    kept = FORM["why"] if field != "why" else FORM["name"]
    assert kept in text
    assert not Effort.objects.filter(parent=approved.effort).exists()


def test_a_step_reopened_meanwhile_is_no_ground(
    approved: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form was right when it was read; the action asks again, and the words stay."""
    monkeypatch.setattr("planning.web.forms.starts_of", lambda steps: steps)
    answer = approved.client("lead").post(PAGE, FORM | {"at": "4"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Step 2 is not approved" in text
    assert FORM["why"] in text
    assert not Effort.objects.filter(parent=approved.effort).exists()


@pytest.mark.parametrize("who", ["member", "board", "authority", "alternate"])
def test_only_the_lead_forks(approved: World, who: str) -> None:
    assert f'href="{PAGE}"' not in read(approved, who)
    assert approved.client(who).get(PAGE).status_code == 403
    assert approved.client(who).post(PAGE, FORM).status_code == 403


def test_kin_is_named_only_to_who_may_see_it(approved: World) -> None:
    made = fork(approved)
    for effort, hidden, address in (
        (approved.effort, made, EFFORT), (made, approved.effort, made.get_absolute_url())
    ):  # fmt: skip
        assert hidden.get_absolute_url() in read(approved, "usaid", address)
        row = Membership.objects.get(effort=hidden, user=approved["usaid"])
        actions.remove_member(membership=row, by=approved["lead"])
        text = read(approved, "usaid", address)
        assert f'href="{hidden.get_absolute_url()}"' not in text
        assert f">{hidden.name}<" not in text
        actions.add_member(
            effort=hidden, user=approved["usaid"], role=row.role, by=approved["lead"]
        )
        assert effort != hidden


def test_without_forks_only_the_lead_is_told_of_them(approved: World) -> None:
    assert "Branches and sequels" in read(approved, "lead")
    assert "Branches and sequels" not in read(approved, "member")
    fork(approved)
    assert "Branches and sequels" in read(approved, "member")


@pytest.mark.parametrize("forks", [1, 12])
def test_queries(approved: World, forks: int) -> None:
    made = [fork(approved, name=f"Branch {n}") for n in range(forks)]
    client = approved.client("lead")
    assert queries(lambda: client.get(EFFORT)) == 12
    assert queries(lambda: client.get(made[0].get_absolute_url())) == 12
    assert queries(lambda: client.get(PAGE)) == 6
