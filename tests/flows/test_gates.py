"""What each gate asks for beyond its own sections, and what it lets pass with a debt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core import audit
from mapro.core.errors import (
    ContentChanged,
    GateClosed,
    Invalid,
    NotAllowed,
    NotCarried,
    WrongState,
)
from planning import actions, gates, mandates, scenario
from planning.models import DueOut, Effort, Rendition, SectionDraft
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import ForkKind, Origin, Outcome, Role, StepStatus, Way
from tests.world import World


def codes(refused: pytest.ExceptionInfo[GateClosed]) -> list[str]:
    """What blocked."""
    return [o.code for o in refused.value.objections if o.blocks]


def four(world: World) -> None:
    """Steps 1 to 3 approved, and everything of Step 4 written."""
    for number in (1, 2, 3):
        world.approve(number)
    world.owe(4)


def settle(world: World, due: DueOut, evidence: str = "The cable of 3 December.") -> DueOut:
    due = DueOut.objects.select_related("effort", "step", "product", "reopening__step").get(
        pk=due.pk
    )
    return actions.settle_due_out(due_out=due, evidence=evidence, by=world["lead"])


# ---------- Tab 6 before Tab 7


def test_options_are_not_decided_before_they_were_approved_for_examination(world: World) -> None:
    four(world)
    for products in (None, ["tab-07"], ["tab-06", "tab-07"]):
        with pytest.raises(GateClosed) as refused:
            world.submit(4, products=products)
        assert codes(refused) == ["product_out_of_order"]
        assert world.step(4).status == StepStatus.OPEN

    examined = world.submit(4, "Examine these options.", products=["tab-06"])
    assert examined.interim
    world.decide(examined)
    assert world.step(4).status == StepStatus.OPEN
    assert world.product("tab-06").approved_version is not None
    assert world.step(5).status == StepStatus.LOCKED

    decided = world.submit(4, "Decide option B.", products=["tab-07"])
    world.decide(decided)
    whole = world.submit(4)
    assert not whole.interim
    world.decide(whole)
    assert world.step(4).status == StepStatus.APPROVED
    assert world.step(5).status == StepStatus.OPEN


def test_the_order_is_asked_of_the_format(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "CHECKS", [c for c in gates.CHECKS if c != gates.products_in_order])
    four(world)
    assert world.submit(4, products=["tab-07"]).interim


@pytest.mark.parametrize("products", [[], ["tab-99"], ["tab-01"]])
def test_a_package_holds_products_of_the_step(world: World, products: list[str]) -> None:
    four(world)
    with pytest.raises(Invalid) as refused:
        world.submit(4, products=products)
    assert "products" in refused.value.fields


# ---------- Step 5 stays open


def test_execution_decides_update_after_update(world: World) -> None:
    for number in (1, 2, 3, 4):
        world.approve(number)
    for round_ in (1, 2):
        world.owe(5)
        scenario.draft(world.effort, "tab-10", {"recent-events": f"Round {round_}."},
                       world["member"])  # fmt: skip
        update = world.submit(5, f"Approve update {round_}.")
        assert update.interim
        world.decide(update)
        assert world.step(5).status == StepStatus.OPEN
        approved = world.product("tab-10").approved_version
        assert approved is not None
        assert f"Round {round_}." in str(approved.snapshot)


# ---------- conditions


def test_a_condition_holds_the_next_gate_until_it_is_met(world: World) -> None:
    world.write()
    world.decide(
        world.submit(), Outcome.APPROVE_CONDITIONS,
        conditions="- Tell the Embassy first.\n- Name the units.", guidance="Bring the UN in.",
    )  # fmt: skip
    rows = list(DueOut.objects.filter(effort=world.effort).order_by("number"))
    assert [(r.origin, r.text, r.number) for r in rows] == [
        ("condition", "Tell the Embassy first.", 1), ("condition", "Name the units.", 2),
        ("guidance", "Bring the UN in.", 3),
    ]  # fmt: skip
    assert all(r.owner == world["lead"] for r in rows)
    world.owe(2)
    with pytest.raises(GateClosed) as refused:
        world.submit(2)
    assert codes(refused) == ["condition_open", "condition_open"]
    assert all("/due-outs/#do-" in o.url for o in refused.value.objections if o.blocks)
    settle(world, rows[0])
    settle(world, rows[1])
    world.submit(2)  # guidance warns nobody


def test_evidence_is_asked_for_and_doubt_opens_it_again(world: World) -> None:
    world.write()
    world.decide(world.submit(), Outcome.APPROVE_CONDITIONS, conditions="Tell the Embassy.")
    due = world.due_out("condition")
    with pytest.raises(Invalid):
        settle(world, due, "   ")
    settle(world, due)
    with pytest.raises(WrongState):
        settle(world, due)
    again = actions.reopen_due_out(
        due_out=world.due_out("condition"), why="The Embassy knows of no cable.",
        by=world["authority"],
    )  # fmt: skip
    assert (again.done_at, again.evidence) == (None, "")
    world.owe(2)
    with pytest.raises(GateClosed):
        world.submit(2)


def test_guidance_of_the_board_becomes_a_due_out(world: World) -> None:
    due = actions.add_due_out(
        effort=world.effort, text="Ask ECOWAS.", origin=Origin.GUIDANCE, by=world["board"],
        owner=world["usaid"], due_at=timezone.now(),
    )  # fmt: skip
    assert (due.owner, due.is_late, str(due)) == (world["usaid"], True, "DO-1")
    with pytest.raises(Invalid):
        actions.add_due_out(effort=world.effort, text="x", origin=Origin.VERBAL, by=world["board"])
    with pytest.raises(Invalid):
        actions.assign_due_out(due_out=due, owner=world["board"], due_at=None, by=world["lead"])


# ---------- crisis


def write_hasty(world: World, number: int) -> None:
    for key in scenario.framework.step(number).owes:
        texts = {section: "In haste." for section in CATALOGUE[key].hasty}
        scenario.draft(world.effort, key, texts, world["member"])


def test_in_crisis_the_hasty_minimum_is_enough_and_the_rest_is_owed(world: World) -> None:
    world.approve()
    write_hasty(world, 2)
    with pytest.raises(GateClosed):
        world.submit(2)
    actions.declare_crisis(
        effort=world.effort, why="Officials incite attacks.", by=world["authority"]
    )
    submission = world.submit(2)
    assert any("owed later" in words for words in submission.checks["warnings"])
    world.decide(submission)
    owed = DueOut.objects.filter(effort=world.effort, origin="hasty")
    assert {d.product.key for d in owed if d.product} == set(scenario.framework.step(2).owes)
    due = owed.get(product__key="tab-02")
    with pytest.raises(WrongState, match="Still empty"):
        settle(world, due)
    world.owe(2)
    assert settle(world, due).done_at is not None
    actions.end_crisis(effort=world.effort, why="The talks hold.", by=world["lead"])
    with pytest.raises(WrongState):
        actions.end_crisis(effort=world.effort, why="Twice.", by=world["lead"])


def test_the_hasty_minimum_itself_is_asked_for(world: World) -> None:
    world.approve()
    actions.declare_crisis(effort=world.effort, why="No time.", by=world["lead"])
    write_hasty(world, 2)
    section = SectionDraft.objects.select_related("product__effort", "portion").get(
        product__effort=world.effort, product__key="tab-02", key=CATALOGUE["tab-02"].hasty[0]
    )
    actions.save_section(section=section, body="", revision=section.revision, by=world["member"])
    with pytest.raises(GateClosed) as refused:
        world.submit(2)
    assert codes(refused) == ["section_empty"]


# ---------- verbal approval


def say(world: World, **changed: Any) -> DueOut:
    words = {
        "said_by": world["authority"], "said_at": timezone.now(), "by": world["lead"],
        "words": "Go ahead, by telephone at noon.",
    }  # fmt: skip
    return actions.record_verbal(step=world.step(), **words | changed)


def test_a_verbal_approval_opens_the_next_step_with_a_debt(world: World) -> None:
    world.write()
    submission = world.submit()
    due = say(world)
    assert world.step().status == StepStatus.SUBMITTED
    assert world.step(2).status == StepStatus.OPEN
    assert due.due_at is not None
    assert due.due_at - due.given_at == timedelta(hours=48)
    with pytest.raises(WrongState, match="already"):
        say(world)
    with pytest.raises(WrongState, match="verbally"):
        actions.withdraw_submission(step=world.step(), by=world["lead"])
    with pytest.raises(WrongState, match="decision"):
        settle(world, due)
    world.owe(2)
    second = world.submit(2)  # in term: the gate warns
    assert any("verbal approval" in words for words in second.checks["warnings"])
    world.decide(submission)
    settled = world.due_out("verbal")
    assert settled.done_at is not None
    assert "approved" in settled.evidence
    memo = Rendition.objects.get(submission=submission).payload["memo"]
    assert "by telephone at noon" in str(memo)


def test_a_verbal_approval_that_is_late_holds_the_next_gate(world: World) -> None:
    world.write()
    world.submit()
    due = say(world)
    world.owe(2)
    DueOut.objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(GateClosed) as refused:
        world.submit(2)
    assert sorted(codes(refused)) == ["previous_step_not_approved", "verbal_overdue"]


def test_a_verbal_approval_that_is_not_confirmed_leaves_a_risk(world: World) -> None:
    world.write()
    submission = world.submit()
    say(world)
    world.decide(submission, Outcome.RETURN, guidance="I did not say that.")
    assert world.step().status == StepStatus.RETURNED
    assert world.step(2).status == StepStatus.OPEN
    assert world.due_out("verbal").done_at is not None
    assert world.due_out("at_risk").step == world.step(2)


@pytest.mark.parametrize(
    "changed",
    [{"words": " "}, {"who": "board"}, {"who": "lead"}, {"ahead": 1}, {"ahead": -60 * 24}],
)
def test_what_was_said_is_said_by_who_decides_about_this_package(
    world: World, changed: dict[str, Any]
) -> None:
    world.write()
    world.submit()
    if "who" in changed:
        changed = {"said_by": world[changed["who"]]}
    if "ahead" in changed:
        changed = {"said_at": timezone.now() + timedelta(minutes=changed["ahead"])}
    with pytest.raises(Invalid):
        say(world, **changed)
    assert world.step(2).status == StepStatus.LOCKED


# ---------- at risk


def test_a_step_is_started_at_risk_and_its_gate_waits(world: World) -> None:
    with pytest.raises(WrongState, match="not begun"):
        actions.proceed_at_risk(step=world.step(3), why="No time.", by=world["lead"])
    actions.proceed_at_risk(step=world.step(2), why="The season.", by=world["lead"])
    assert world.step(2).status == StepStatus.OPEN
    world.owe(2)
    with pytest.raises(GateClosed) as refused:
        world.submit(2)
    assert codes(refused) == ["previous_step_not_approved"]
    world.approve()
    assert world.due_out("at_risk").done_at is not None
    world.submit(2)


# ---------- reopening


def test_a_reopened_step_flags_what_rests_on_it_until_somebody_says_what_changes(
    world: World,
) -> None:
    for number in (1, 2):
        world.approve(number)
    with pytest.raises(NotAllowed):
        actions.reopen_step(step=world.step(2), reason="x", by=world["board"])
    with pytest.raises(Invalid):
        actions.reopen_step(step=world.step(2), reason=" ", by=world["authority"])
    made = actions.reopen_step(
        step=world.step(2), reason="Officials incite attacks.", by=world["authority"]
    )
    step = world.step(2)
    assert (step.status, step.cycle, step.approved_at, made.cycle) == ("open", 2, None, 2)
    flag = world.due_out("reopened")
    assert flag.step == world.step(3)
    assert world.step(4).status == StepStatus.LOCKED
    world.owe(3)
    with pytest.raises(GateClosed) as refused:
        world.submit(3)
    assert sorted(codes(refused)) == ["previous_step_not_approved", "review_open"]
    with pytest.raises(WrongState, match="not decided again"):
        settle(world, flag)

    before = world.product("tab-02").approved_version
    scenario.draft(world.effort, "tab-02", {"key-actors": "Ministers too."}, world["member"])
    submission = world.submit(2)
    assert submission.cycle == 2
    world.decide(submission)
    changes = world.due_out("reopened").detail["changes"]
    assert before is not None
    assert [(c["product"], c["old"], c["new"]) for c in changes] == [
        ("tab-02", before.number, before.number + 1)
    ]
    with pytest.raises(GateClosed) as refused:
        world.submit(3)
    assert codes(refused) == ["review_open"]
    settle(world, flag, "Option two gains weight; section 6 says so.")
    world.submit(3)


def test_an_approval_does_not_rest_on_a_step_that_was_reopened_meanwhile(world: World) -> None:
    world.approve()
    world.owe(2)
    submission = world.submit(2)
    actions.reopen_step(step=world.step(), reason="It changed.", by=world["authority"])
    with pytest.raises(GateClosed):
        world.decide(submission)
    world.decide(submission, Outcome.RETURN, guidance="Wait for Step 1.")


# ---------- forks


def test_a_fork_takes_over_what_was_approved_hash_for_hash(world: World) -> None:
    world.approve()
    world.approve(2)
    made = actions.fork_effort(
        effort=world.effort, kind=ForkKind.BRANCH, name="Country X: evacuation", why="Branch B-1.",
        at=3, by=world["lead"],
    )  # fmt: skip
    assert [s.status for s in made.steps.order_by("number")] == [
        "running", "approved", "approved", "open", "locked", "locked",
    ]  # fmt: skip
    for key in ("tab-01", "tab-02", "tab-03"):
        ours, theirs = (
            e.products.get(key=key).approved_version for e in (world.effort, made)
        )  # fmt: skip
        assert ours is not None
        assert theirs is not None
        assert (ours.sha256, ours.snapshot) == (theirs.sha256, theirs.snapshot)
        assert theirs.pk != ours.pk
    draft = made.products.get(key="tab-01").sections.get(key="purpose")
    assert draft.body == world.section().body
    assert (made.parent, made.fork, made.forked_at) == (world.effort, "branch", 3)
    assert made.memberships.count() == world.effort.memberships.count()
    assert not list(audit.verify())
    forked = World(made, made, world.people)
    forked.owe(3)
    forked.decide(forked.submit(3))
    assert Effort.objects.get(pk=world.effort.pk).steps.get(number=3).status == "open"


def test_a_fork_starts_after_approved_steps_alone(world: World) -> None:
    world.approve()
    for at, error in ((3, WrongState), (0, Invalid), (6, Invalid)):
        with pytest.raises(error):
            actions.fork_effort(
                effort=world.effort, kind=ForkKind.SEQUEL, name="After", why="Next.", at=at,
                by=world["lead"],
            )  # fmt: skip


# ---------- ways of deciding


def way(world: World, way: Way, quorum: int = 0) -> None:
    actions.settle_step(
        step=world.step(), by=world["lead"], way=way, quorum=quorum, silence_hours=24, due_at=None
    )


def test_a_majority_has_to_carry_what_is_approved(world: World) -> None:
    way(world, Way.MAJORITY, quorum=3)
    world.write()
    submission = world.submit()
    for who in ("board", "board-af"):
        world.vote(submission, who)
    with pytest.raises(NotCarried, match="quorum is 3"):
        world.decide(submission)
    world.vote(submission, "board-io", "nonconcur")
    with pytest.raises(NotCarried, match="3 of 5"):
        world.decide(submission)
    world.vote(submission, "board-osd")
    decision = world.decide(submission)
    assert [s["position"] for s in decision.seats].count("Concur") == 3
    assert decision.seats[4]["position"] == ""


def test_silence_adopts_when_the_deadline_passes_without_objection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(world, Way.SILENCE)
    world.write()
    submission = world.submit()
    assert submission.silence_until is not None
    assert actions.tick() == 0
    with pytest.raises(NotCarried, match="runs until"):
        world.decide(submission)
    later = submission.silence_until + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(WrongState, match="has ended"):
        world.vote(submission, "board", "nonconcur")
    assert actions.tick() == 1
    submission.refresh_from_db()
    decision = submission.decision
    assert decision.decided_by is None
    assert decision.by_words == "Supervisory Board, by silence"
    assert world.step(2).status == StepStatus.OPEN
    assert actions.tick() == 0
    assert not list(audit.verify())


def test_an_objection_breaks_the_silence_and_the_authority_decides(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(world, Way.SILENCE)
    world.write()
    submission = world.submit()
    world.vote(submission, "board-io", "nonconcur")
    monkeypatch.setattr(timezone, "now", lambda: submission.silence_until + timedelta(hours=1))
    assert actions.tick() == 0
    with pytest.raises(NotCarried, match="broken"):
        world.decide(submission)
    world.decide(submission, Outcome.RETURN, guidance="Hear the objection.")


def test_silence_does_not_adopt_a_text_that_moved_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(world, Way.SILENCE)
    world.write()
    submission = world.submit()
    section = world.section()
    actions.save_section(
        section=section, body="<p>Other.</p>", revision=section.revision, by=world["member"]
    )
    monkeypatch.setattr(timezone, "now", lambda: submission.silence_until + timedelta(hours=1))
    assert actions.tick() == 0
    with pytest.raises(ContentChanged):
        actions.close_silence(step=world.step())


def test_a_higher_level_decides_in_place_of_the_authority(world: World) -> None:
    body = world["authority"].organization
    assert body is not None
    actions.raise_step(
        step=world.step(), user=world["outsider"], organization=body, by=world["lead"]
    )
    world.write()
    submission = world.submit()
    with pytest.raises(NotAllowed, match="Lead planner, PRM"):
        world.decide(submission)
    decision = actions.decide_step(
        step=world.step(), outcome=Outcome.APPROVE, package_hash=submission.package_hash,
        by=world["outsider"],
    )  # fmt: skip
    assert decision.by_words == f"Lead planner, PRM, for the {body.name}"
    world.owe(2)
    second = world.submit(2)
    with pytest.raises(NotAllowed):
        actions.decide_step(
            step=world.step(2), outcome=Outcome.APPROVE, package_hash=second.package_hash,
            by=world["outsider"],
        )  # fmt: skip
    world.decide(second)  # the other steps stay with the authority


def test_reminders_go_to_the_seats_that_are_out(world: World) -> None:
    world.write()
    submission = world.submit()
    world.vote(submission, "board")
    assert actions.remind(step=world.step(), by=world["lead"]) == 4
    with pytest.raises(WrongState, match="minutes ago"):
        actions.remind(step=world.step(), by=world["lead"])


def test_the_substitute_of_a_recused_member_who_had_voted_is_reminded(world: World) -> None:
    world.write()
    submission = world.submit()
    for who in ("board", "board-af", "board-io", "board-osd", "board-nss"):
        world.vote(submission, who)
    actions.recuse(step=world.step(), role=Role.BOARD, why="A relative.", by=world["board-io"])
    now = timezone.now()
    actions.delegate(
        effort=world.effort, holder=world["board-io"], role=Role.BOARD, to=world["alternate"],
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), why="Recused.",
        by=world["lead"],
    )  # fmt: skip
    step = world.step()
    [seat] = mandates.waiting(mandates.bench(step), submission.votes.all())
    assert seat.voters == (world["alternate"],)
    assert actions.remind(step=step, by=world["lead"]) == 1
