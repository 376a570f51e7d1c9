"""The cycles of a step: why each began, what it decided, two of them beside each other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planning import actions, selectors
from planning.models import Submission
from planning.vocabulary import ForkKind, Origin, Outcome
from tests.flows.test_query_counts import queries
from tests.world import World

STEP = "/efforts/country-x/steps/1/"
PAGE = f"{STEP}cycles/"


def page(world: World, query: str = "", who: str = "lead") -> str:
    """The page's text."""
    answer = world.client(who).get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def section(text: str, head: str) -> str:
    """What stands below the heading with the id ``head``."""
    return text[text.index(f'id="{head}"') :].split("<h2", 1)[0]


def side(text: str, number: int) -> str:
    """Conditions and dissents of one cycle in the comparison."""
    return text[text.index(f"<h3>Cycle {number}: conditions") :].split("</div>", 1)[0]


def rewrite(world: World, *keys: str) -> None:
    """Change sections of Tab 1."""
    for key in keys:
        found = world.section(key)
        actions.save_section(
            section=found, body=f"<p>Words {found.revision} for {key}.</p>", revision=found.revision,
            by=world["member"],
        )  # fmt: skip


def decide(world: World, outcome: Outcome = Outcome.APPROVE, **words: Any) -> Submission:
    """Submit Step 1, one vote, decide."""
    submission = world.submit()
    world.vote(submission, "board")
    world.decide(submission, outcome, **words)
    return submission


def meet(world: World) -> None:
    """Meet the conditions and the guidance, so that the gate opens again."""
    for due in world.effort.due_outs.filter(
        done_at=None, origin__in=[Origin.CONDITION, Origin.GUIDANCE]
    ):
        due.effort = world.effort
        actions.settle_due_out(due_out=due, evidence="Seen.", by=world["lead"])


def reopen(world: World, reason: str = "The Envoy left.") -> None:
    """Reopen Step 1 as the authority."""
    actions.reopen_step(step=world.step(), reason=reason, by=world["authority"])


@pytest.fixture
def twice(world: World) -> World:
    """Step 1 returned, then approved with a condition; reopened; approved with two sections new."""
    world.write()
    actions.enter_dissent(effort=world.effort, words="Too early.", by=world["board"])
    decide(world, Outcome.RETURN, guidance="Say who asked.")
    meet(world)
    rewrite(world, "purpose")
    decide(world, Outcome.APPROVE_CONDITIONS, conditions="Tell the Embassy.")
    reopen(world)
    meet(world)
    first = world.effort.dissents.get()
    actions.withdraw_dissent(dissent=first, by=world["board"], why="It was settled.")
    actions.enter_dissent(effort=world.effort, words="Too late.", by=world["board-io"])
    rewrite(world, "purpose", "ipt")
    decide(world)
    return world


def test_one_cycle(world: World) -> None:
    text = page(world)
    assert "Nothing was submitted in this cycle yet." in text
    assert "There is one cycle." in text
    assert "compare/?from" not in text


def test_each_cycle_says_why_and_what(twice: World) -> None:
    text = page(twice)
    first, second = section(text, "cycle-1"), section(text, "cycle-2")
    assert text.index('id="cycle-2"') < text.index('id="cycle-1"')  # newest first
    assert "The Envoy left." in second
    assert f"by the {twice['authority'].post}" in second
    assert "The Envoy left." not in first
    assert re.findall(r">Submission (\d)<", first) == ["2", "1"]
    assert re.findall(r">Submission (\d)<", second) == ["3"]
    assert "Returned with guidance" in first
    assert "Approved with conditions" in first
    assert "1 concurs, 4 out" in second
    assert f'href="{STEP}#sub-3"' in second
    assert "versions/3/" in second


def test_two_cycles_beside_each_other(twice: World) -> None:
    text = page(twice)
    compare = section(text, "compare")
    assert 'tab-01/compare/?from=2&amp;to=3">2 sections differ<' in compare
    assert "Tell the Embassy." in side(text, 1)
    assert "Tell the Embassy." not in side(text, 2)
    assert "Too early." in side(text, 1)  # withdrawn only after that decision
    assert "Too late." not in side(text, 1)
    assert "Too late." in side(text, 2)
    assert "Too early." not in side(text, 2)
    assert f"#d-{twice.effort.dissents.latest('pk').pk}" in side(text, 2)


def test_a_dissent_from_a_later_step_is_none_here(twice: World) -> None:
    actions.enter_dissent(
        effort=twice.effort, product=twice.product("tab-02"), words="Not this map.",
        by=twice["board"],
    )  # fmt: skip
    reopen(twice)
    assert "Not this map." not in page(twice)
    assert "Too late." in side(page(twice), 3)


def test_any_two_can_be_chosen(twice: World) -> None:
    reopen(twice, "Once more.")
    meet(twice)
    text = page(twice)
    assert "Cycle 2 and cycle 3" in text
    assert "dissents that stood so far" in text
    assert "Not decided again" in section(text, "compare")
    assert "Cycle 1 and cycle 2" in page(twice, "?from=1&to=2")
    assert "Cycle 1 and cycle 2" in page(twice, "?from=2&to=1")  # the older one first
    assert "Cycle 1 and cycle 3" in page(twice, "?from=1")
    assert "Cycle 2 and cycle 3" in page(twice, "?from=x&to=9")
    assert re.search(r'<option value="1" selected>1</option>', page(twice, "?from=1&to=2"))
    decide(twice)
    assert ">Nothing</td>" in section(page(twice), "compare")  # approved the same words again


def test_only_approvals_count(world: World) -> None:
    world.write()
    decide(world, Outcome.RETURN, guidance="Say who asked.")
    [cycle] = selectors.cycles_of(world.step())
    assert not cycle.approved
    assert cycle.decided_at is not None


def test_what_a_fork_took_over(world: World) -> None:
    world.approve(1)
    made = actions.fork_effort(
        effort=world.effort, kind=ForkKind.SEQUEL, name="After", why="It succeeded.", at=2,
        by=world["lead"],
    )  # fmt: skip
    answer = world.client("lead").get(f"/efforts/{made.slug}/steps/1/cycles/")
    assert "Taken over from the effort that this one was forked from." in answer.content.decode()


def test_who_may_see_them(world: World) -> None:
    for who in ("lead", "member", "board", "authority", "alternate"):
        page(world, who=who)
    assert world.client("outsider").get(PAGE).status_code == 404


@pytest.mark.parametrize("rows", [1, 6])
def test_queries(twice: World, rows: int) -> None:
    """Of them two for the session and the person."""
    client = twice.client("lead")
    for number in range(rows):
        reopen(twice, f"Reason {number}.")
        meet(twice)
        for who in ("board", "board-io"):
            actions.enter_dissent(effort=twice.effort, words=f"No {number}.", by=twice[who])
        rewrite(twice, "purpose", "ipt")
        decide(twice, Outcome.APPROVE_CONDITIONS, conditions="One.\nTwo.")
    assert queries(lambda: client.get(PAGE)) == 12
