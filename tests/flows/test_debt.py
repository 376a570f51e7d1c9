"""Speed and its debts on the effort's page: the crisis clock, what is owed, what was reopened."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from planning import actions
from planning.models import DueOut, Effort, Membership, Step
from planning.vocabulary import EffortKind, ForkKind, Origin, Outcome, Role
from tests.flows.test_pages import check, faults
from tests.flows.test_query_counts import queries
from tests.world import World

EFFORT = "/efforts/country-x/"
HOUR = timedelta(hours=1)
READERS = ("lead", "member", "board", "authority", "alternate")


def read(world: World, who: str = "lead") -> str:
    """The effort's page."""
    answer = world.client(who).get(EFFORT)
    assert answer.status_code == 200
    return answer.content.decode()


def part(text: str, heading: str) -> str:
    """The section of a page with this heading's id; empty when there is none."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', text, re.S)
    return found.group(0) if found else ""


def turn(world: World, who: str, way: str, why: str = "The raids began.") -> Any:
    """Declare or end the crisis."""
    return world.client(who).post(f"{EFFORT}crisis/", {"turn": way, "why": why})


@pytest.mark.parametrize("who", ["lead", "authority"])
def test_declare_and_end_crisis_planning(world: World, who: str) -> None:
    assert "Declare crisis planning" in read(world, who)
    assert "Hasty since" not in read(world, who)
    assert turn(world, who, "declare")["Location"] == EFFORT
    world.effort.refresh_from_db()
    assert (world.effort.kind, world.effort.crisis_by) == (EffortKind.CRISIS, world[who])
    clock = part(read(world, "member"), "clock")
    assert "Crisis clock" in clock
    assert re.search(rf"Hasty since</dt><dd><time.*</time>, by the {world[who].post}</dd>", clock)
    assert turn(world, who, "declare").status_code == 409
    assert "End crisis planning" in read(world, who)
    turn(world, who, "end", "It calmed down.")
    assert "Hasty since" not in read(world)
    assert turn(world, who, "end").status_code == 409


def test_a_crisis_needs_its_reason(world: World) -> None:
    answer = turn(world, "lead", "declare", " ")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#crisis-why"' in text
    assert re.search(r"<details[^>]* open>", text)
    too_long = turn(world, "lead", "declare", "word " * 300)
    assert too_long.status_code == 400
    assert "word word" in too_long.content.decode()
    world.effort.refresh_from_db()
    assert world.effort.kind == EffortKind.DELIBERATE


@pytest.mark.parametrize("who", ["member", "board", "alternate"])
def test_who_may_not_declare_sees_no_form(world: World, who: str) -> None:
    assert "Declare crisis planning" not in read(world, who)
    assert turn(world, who, "declare").status_code == 403


def test_whoever_declared_it_may_have_left(world: World) -> None:
    actions.declare_crisis(effort=world.effort, why="Raids.", by=world["authority"])
    Membership.objects.filter(effort=world.effort, user=world["authority"]).delete()
    assert f"by the {world['authority'].post}" in part(read(world), "clock")


def test_the_day_of_the_calendar_and_the_next_date(world: World) -> None:
    now = timezone.now()
    Effort.objects.update(opened_at=now - timedelta(days=16, hours=1))
    steps = Step.objects.filter(effort=world.effort)
    steps.update(due_at=None)
    assert "Calendar" not in read(world)
    steps.filter(number=1).update(due_at=now + 25 * HOUR)
    steps.filter(number=3).update(due_at=now + timedelta(days=13))
    clock = part(read(world), "clock")
    assert "time to the decision on Step 1" in clock
    assert re.search(r"1 day|24 h|25 h", clock)
    assert "Day 17 of 30" in clock
    assert 'rect width="56"' in clock  # percent of the bar
    assert "decision on Step 3" in clock
    Effort.objects.update(opened_at=now - timedelta(days=60))
    assert 'rect width="82"' in part(read(world), "clock")
    steps.update(due_at=now - timedelta(days=1))
    clock = part(read(world), "clock")
    assert 'rect width="100"' in clock
    assert "<dt>Next</dt>" not in clock


def test_the_date_of_a_decided_step_is_not_the_next(world: World) -> None:
    now = timezone.now()
    steps = Step.objects.filter(effort=world.effort)
    steps.update(due_at=None)
    world.approve()
    for number in (1, 2, 4):
        steps.filter(number=number).update(due_at=now + number * HOUR * 30)
    clock = part(read(world), "clock")
    assert "decision on Step 1" not in clock
    assert "decision on Step 4" in clock


def test_debts_are_shown_to_every_reader_until_settled(world: World) -> None:
    assert not part(read(world), "debts")
    world.write()
    world.submit()
    actions.record_verbal(
        step=world.step(), said_by=world["authority"], said_at=timezone.now(), words="Go.",
        by=world["lead"],
    )  # fmt: skip
    actions.proceed_at_risk(step=world.step(3), why="No time.", by=world["lead"])
    actions.add_due_out(
        effort=world.effort, text="No debt.", origin=Origin.GUIDANCE, by=world["board"]
    )
    spoken = world.due_out(Origin.VERBAL)
    for who in READERS:
        text = read(world, who)
        debts, clock = part(text, "debts"), part(text, "clock")
        assert "2 debts" in debts
        assert "Verbal approval" in debts
        assert "Proceeding at risk" in debts
        assert "No debt." not in debts
        assert "Late:" not in clock
        assert f'href="{spoken.get_absolute_url()}"' in clock
        assert "Approved by word of the" in part(text, "next")
    DueOut.objects.filter(pk=spoken.pk).update(due_at=timezone.now() - HOUR)
    text = read(world, "member")
    assert "1 h 0 min late" in part(text, "debts")
    assert part(text, "clock").count("Late:") == 1
    assert "overdue since" in part(text, "next")
    world.decide(world.step().submissions.select_related("step").get())
    debts = part(read(world), "debts")
    assert "Verbal approval" not in debts
    assert "Proceeding at risk" in debts


def test_a_verbal_approval_of_another_step_is_not_the_next(world: World) -> None:
    world.write()
    world.submit()
    actions.record_verbal(
        step=world.step(), said_by=world["authority"], said_at=timezone.now(), words="Go.",
        by=world["lead"],
    )  # fmt: skip
    DueOut.objects.update(step=world.step(2))
    assert "Approved by word" not in read(world)


def test_decisions_and_reopenings_newest_first(world: World) -> None:
    world.write()
    world.decide(world.submit(), Outcome.RETURN, guidance="Say who asked.")
    world.decide(world.submit())
    actions.reopen_step(step=world.step(), reason="The raids grew.", by=world["authority"])
    text = part(read(world), "decisions")
    post = world["authority"].post
    assert f"<b>reopened</b> by the {post}: The raids grew." in text
    assert f"<b>approved</b> on submission 2 by the {post}." in text
    assert f"<b>returned with guidance</b> by the {post}: Say who asked." in text
    assert text.index("reopened") < text.index("approved") < text.index("returned")


def test_a_delegate_decides_on_behalf(world: World) -> None:
    now = timezone.now()
    actions.delegate(
        effort=world.effort, holder=world["authority"], role=Role.AUTHORITY,
        to=world["alternate"], starts_at=now - HOUR, ends_at=now + HOUR, why="Away.",
        by=world["authority"],
    )  # fmt: skip
    world.write()
    submission = world.submit()
    actions.decide_step(
        step=world.step(),
        outcome=Outcome.APPROVE,
        package_hash=submission.package_hash,
        by=world["alternate"],
    )
    words = f"by the {world['alternate'].post}, on behalf of {world['authority'].post}"
    assert words in part(read(world), "decisions")


def test_standing_dissents_in_brief(world: World) -> None:
    assert not part(read(world), "dissents")
    stands = actions.enter_dissent(effort=world.effort, words="Too late.", by=world["board"])
    gone = actions.enter_dissent(effort=world.effort, words="Withdrawn.", by=world["board"])
    actions.withdraw_dissent(dissent=gone, by=world["board"])
    text = read(world)
    assert "1 dissent stands" in part(text, "next")
    assert "Too late." in part(text, "dissents")
    assert "Withdrawn." not in part(text, "dissents")
    assert f'id="d-{stands.pk}"' in text


def edit(world: World, **more: str) -> Any:
    """Send the edit form as it stands, with changes."""
    effort = world.effort
    form = {
        "name": effort.name, "country": effort.country, "situation": effort.situation,
        "goal": effort.goal, "confirm_hours": "48",
        **{f"due_{s.number}": f"{s.due_at:%Y-%m-%dT%H:%M}" if s.due_at else ""
           for s in effort.steps.filter(number__gt=0)},
    }  # fmt: skip
    return world.client("lead").post(f"{EFFORT}edit/", form | more)


def test_the_edit_form_sets_the_term_and_leaves_the_kind_alone(world: World) -> None:
    text = world.client("lead").get(f"{EFFORT}edit/").content.decode()
    assert 'name="confirm_hours" value="48"' in text
    assert 'name="kind"' not in text
    assert edit(world, confirm_hours="24", kind="crisis")["Location"] == EFFORT
    world.effort.refresh_from_db()
    assert (world.effort.confirm_hours, world.effort.kind) == (24, EffortKind.DELIBERATE)
    for wrong in ("0", "721", "soon", ""):
        refused = edit(world, confirm_hours=wrong)
        assert refused.status_code == 400
        assert 'href="#id_confirm_hours"' in refused.content.decode()
    world.effort.refresh_from_db()
    assert world.effort.confirm_hours == 24


def test_an_effort_is_opened_in_crisis(world: World) -> None:
    text = world.client("lead").get("/efforts/new/").content.decode()
    assert 'name="kind"' in text
    assert 'name="confirm_hours"' not in text
    form = {
        "name": "Country Z", "country": "Country Z", "situation": "Raids.", "kind": "crisis",
        "marking": str(world.effort.marking_id),
    }  # fmt: skip
    world.client("lead").post("/efforts/new/", form)
    made = Effort.objects.get(name="Country Z")
    assert (made.kind, made.crisis_by) == (EffortKind.CRISIS, world["lead"])


@pytest.fixture
def busy(world: World) -> World:
    """Something of every kind: a crisis, debts, a reopened step, a fork, who stands in or aside."""
    now = timezone.now()
    world.approve(1)
    world.approve(2)
    actions.declare_crisis(effort=world.effort, why="Raids.", by=world["authority"])
    actions.fork_effort(
        effort=world.effort, kind=ForkKind.SEQUEL, name="After", why="Elections.", at=2,
        by=world["lead"],
    )  # fmt: skip
    for to, step in (("usaid", None), ("alternate", world.step(2))):
        actions.delegate(
            effort=world.effort, holder=world["board"], role=Role.BOARD, to=world[to],
            starts_at=now - HOUR, ends_at=now + HOUR, why="Away.", by=world["lead"], step=step,
        )  # fmt: skip
    actions.recuse(step=world.step(1), role=Role.BOARD, why="Kin.", by=world["board-af"])
    actions.proceed_at_risk(step=world.step(4), why="No time.", by=world["lead"])
    actions.enter_dissent(effort=world.effort, words="Look.", red_flag=True, by=world["member"])
    actions.reopen_step(step=world.step(1), reason="The raids grew.", by=world["authority"])
    section = world.section("purpose")
    actions.save_section(
        section=section, body="<p>Anew.</p>", revision=section.revision, by=world["member"]
    )
    world.decide(
        world.submit(1), Outcome.APPROVE_CONDITIONS, conditions="One.\nTwo.", guidance="Three."
    )
    for row in world.effort.due_outs.filter(origin=Origin.CONDITION).select_related("effort"):
        actions.settle_due_out(due_out=row, evidence="Seen.", by=world["lead"])
    actions.reopen_step(step=world.step(1), reason="Again.", by=world["authority"])
    world.submit(1)
    actions.record_verbal(
        step=world.step(1), said_by=world["authority"], said_at=timezone.now(), words="Go.",
        by=world["lead"],
    )  # fmt: skip
    DueOut.objects.filter(origin=Origin.VERBAL).update(due_at=now - HOUR)
    return world


@pytest.mark.parametrize("who", [*READERS, "usaid"])
def test_the_pages_are_whole(busy: World, who: str) -> None:
    client = busy.client(who)
    pages = ["/", EFFORT, *(f"{EFFORT}{name}/" for name in ("due-outs", "mandates", "team"))]
    numbers = busy.effort.due_outs.values_list("number", flat=True)
    pages += [f"{EFFORT}due-outs/?do={number}" for number in numbers]
    pages += [f"{EFFORT}due-outs/?show={name}" for name in ("mine", "debts", "done")]
    fork = busy.effort.forks.get().get_absolute_url()
    pages += [fork, f"{fork}due-outs/", f"{fork}mandates/"]
    pages += [f"{EFFORT}fork/", f"{EFFORT}edit/"] if who == "lead" else []
    assert [fault for page in pages for fault in check(client, page)] == []


def test_pages_with_a_refusal_are_whole(busy: World) -> None:
    client = busy.client("lead")
    open_one = busy.due_out("guidance")
    done = busy.effort.due_outs.exclude(done_at=None).latest("number")
    debt = busy.due_out("at_risk")
    for path, form in (
        ("crisis/", {"turn": "end", "why": ""}),
        ("fork/", {"name": "x & y", "kind": "branch"}),
        ("edit/", {"name": ""}),
        ("mandates/", {"why": "x & y"}),
        ("due-outs/", {"text": ""}),
        (f"due-outs/{open_one.number}/settle/", {"evidence": ""}),
        (f"due-outs/{open_one.number}/assign/", {"owner": "0", "due_at": "x & y"}),
        (f"due-outs/{open_one.number}/reopen/", {"why": "x & y"}),
        (f"due-outs/{done.number}/settle/", {"evidence": "x & y"}),
        (f"due-outs/{done.number}/reopen/", {"why": ""}),
        (f"due-outs/{debt.number}/settle/", {"evidence": "x & y"}),
    ):
        answer = client.post(f"{EFFORT}{path}", form)
        assert answer.status_code in {400, 409}, path
        assert [f"{path}: {fault}" for fault in faults(answer.content.decode())] == []


@pytest.mark.parametrize("rows", [1, 20])
def test_queries(world: World, rows: int) -> None:
    """With everything on the page, however much of it."""
    actions.declare_crisis(effort=world.effort, why="Raids.", by=world["authority"])
    for number in range(rows):
        world.write()
        world.decide(world.submit())
        actions.reopen_step(step=world.step(), reason=f"No {number}.", by=world["authority"])
        made = actions.enter_dissent(effort=world.effort, words="Late.", by=world["board"])
        actions.cosign_dissent(dissent=made, by=world["member"])
    DueOut.objects.bulk_create(
        DueOut(
            effort=world.effort, number=900 + number, text="Said.", origin=Origin.VERBAL,
            owner=world["authority"], given_at=timezone.now(), due_at=timezone.now(),
        )
        for number in range(rows)
    )  # fmt: skip
    client = world.client("lead")
    assert queries(lambda: client.get(EFFORT)) == 14
