"""My work costs the same with few rows or many, and asks nothing that rights rule out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from planning import actions, scenario, selectors
from planning.models import DueOut, Step, Submission
from planning.vocabulary import Origin, Role
from tests.flows.test_my_work import HOUR
from tests.flows.test_query_counts import queries
from tests.world import SCRIPT, World


@pytest.fixture
def pending(world: World) -> Submission:
    """Step 1 before the board."""
    world.write()
    return world.submit()


def everything(world: World, rows: int) -> None:
    """``rows`` efforts in which the lead has every kind of work, in every role."""
    lead, now = world["lead"], timezone.now()
    for number in range(rows):
        effort = scenario.stage(SCRIPT, world.people)
        for role in (Role.AUTHORITY, Role.BOARD):
            actions.add_member(effort=effort, user=lead, role=role, by=lead)
            holder = world["authority" if role is Role.AUTHORITY else "board"]
            actions.delegate(
                effort=effort, holder=holder, role=role, to=lead, starts_at=now - HOUR,
                ends_at=now + HOUR, why="Away.", by=holder,
            )  # fmt: skip
        step = Step.objects.select_related("effort__marking").get(effort=effort, number=1)
        if number % 2:
            actions.recuse(step=step, role=Role.BOARD, why="Kin.", by=lead)
        scenario.draft(effort, "tab-01", SCRIPT["products"]["tab-01"], world["member"])
        Submission.objects.create(
            step=step, number=1, ask=f"Approve {number}.", package_hash="0" * 64,
            submitted_by=lead if number % 3 == 0 else world["member"], submitted_at=now,
        )  # fmt: skip
        actions.proceed_at_risk(
            step=Step.objects.select_related("effort").get(effort=effort, number=2), why="Haste.",
            by=lead,
        )  # fmt: skip
        DueOut.objects.create(
            effort=effort, number=99, text="Said.", origin=Origin.VERBAL, step=step, given_at=now,
            submission=step.submissions.get(), due_at=now + HOUR,
        )  # fmt: skip
        actions.enter_dissent(effort=effort, words="Flag.", red_flag=True, by=world["member"])


@pytest.mark.parametrize("rows", [3, 30])
def test_queries_are_the_same_whatever_the_rows(world: World, rows: int) -> None:
    everything(world, rows)
    client = world.client("lead")
    work = selectors.my_work(world["lead"])
    for name in ("flags", "turns", "due_outs", "owe", "waiting", "efforts", "changes"):
        assert getattr(work, name), name
    assert queries(lambda: client.get("/")) == 12  # of them two for the session and the person
    with CaptureQueriesContext(connection) as caught:
        selectors.my_work(world["lead"])
    assert len(caught) == 10


@pytest.mark.parametrize(("who", "number"), [("lead", 8), ("member", 7), ("authority", 7)])
def test_what_rights_rule_out_is_not_asked(
    world: World, pending: Submission, who: str, number: int
) -> None:
    with CaptureQueriesContext(connection) as caught:
        selectors.my_work(world[who])
    assert len(caught) <= number


def test_two_hundred_pending_stay_flat(world: World) -> None:
    everything(world, 2)
    now = timezone.now()
    effort = scenario.stage(SCRIPT, world.people)
    Step.objects.bulk_create(
        Step(effort=effort, number=number, status="submitted") for number in range(100, 300)
    )
    Submission.objects.bulk_create(
        Submission(step=step, number=1, ask="Approve.", package_hash="0" * 64,
                   submitted_by=world["member"], submitted_at=now)
        for step in effort.steps.filter(number__gte=100)
    )  # fmt: skip
    client = world.client("authority")
    assert queries(lambda: client.get("/")) <= 10
    assert len(selectors.my_work(world["authority"]).turns) == selectors.SHORT
    assert "show up to 50" in client.get("/").content.decode()
