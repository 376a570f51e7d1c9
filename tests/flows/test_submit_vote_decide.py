"""Submit, vote, decide: the whole way, and every refusal on it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction

from mapro.core import audit
from mapro.core.errors import ContentChanged, GateClosed, Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent
from planning import actions, gates, scenario, states
from planning.models import Decision, Submission, Version
from planning.policies import access_step
from planning.vocabulary import Outcome, Perm, Position, Role, StepStatus
from tests.world import World


def vote(world: World, key: str, submission: Submission, position: Position, **words: str) -> None:
    actions.cast_vote(
        step=world.step(), position=position, package_hash=submission.package_hash,
        by=world[key], **words,
    )  # fmt: skip


def test_the_whole_way_opens_the_next_step(world: World) -> None:
    world.write()
    submission = world.submit(ask="Approve  the\nguidance.")
    assert submission.ask == "Approve the guidance."
    vote(world, "board", submission, Position.CONCUR)
    vote(world, "board-io", submission, Position.NONCONCUR, reason="Too early.")
    decision = world.decide(submission)
    assert world.step(1).status == StepStatus.APPROVED
    assert world.step(2).status == StepStatus.OPEN
    assert world.step(3).status == StepStatus.LOCKED
    product = world.product()
    assert product.approved_version is not None
    assert product.approved_version.approved_at is not None
    assert decision.package_hash == submission.package_hash
    assert not list(audit.verify())


def test_all_six_steps_open_in_order(world: World) -> None:
    for number in range(1, 6):
        locked = [world.step(n).status for n in range(number + 1, 6)]
        assert set(locked) <= {StepStatus.LOCKED}
        world.approve(number)
    assert [world.step(n).status for n in range(6)] == [
        StepStatus.RUNNING, *[StepStatus.APPROVED] * 4, StepStatus.OPEN,  # execution goes on
    ]  # fmt: skip


def test_submit_refused_while_required_sections_are_empty(world: World) -> None:
    with pytest.raises(GateClosed) as refused:
        world.submit()
    codes = [o.code for o in refused.value.objections if o.blocks]
    assert codes == ["section_empty"] * 4
    assert all("/sections/" in o.url for o in refused.value.objections if o.blocks)
    assert world.step().status == StepStatus.OPEN
    assert not Submission.objects.exists()
    assert not Version.objects.exists()


def test_submit_refused_without_an_ask(world: World) -> None:
    world.write()
    with pytest.raises(Invalid) as refused:
        world.submit(ask="  ")
    assert "ask" in refused.value.fields


def test_submit_refused_without_an_authority(world: World) -> None:
    world.write()
    membership = world.effort.memberships.get(role=Role.AUTHORITY)
    actions.remove_member(membership=membership, by=world["lead"])
    with pytest.raises(GateClosed) as refused:
        world.submit()
    assert [o.code for o in refused.value.objections if o.blocks] == ["no_authority"]


def test_submit_refused_on_a_locked_step(world: World) -> None:
    with pytest.raises(GateClosed):
        world.submit(2)


def test_a_second_submission_is_refused_while_one_is_pending(world: World) -> None:
    world.write()
    world.submit()
    with pytest.raises(WrongState):
        world.submit()
    assert Submission.objects.count() == 1


def test_step_0_has_no_gate(world: World) -> None:
    assert gates.objections(world.step(0)) == ()


@pytest.mark.parametrize("position", [Position.NONCONCUR, Position.CONCUR_COMMENT])
def test_vote_refused_without_its_reason(world: World, position: Position) -> None:
    world.write()
    submission = world.submit()
    with pytest.raises(Invalid):
        vote(world, "board", submission, position, reason=" ")
    assert not submission.votes.exists()


def test_the_database_too_refuses_a_nonconcur_without_reason(world: World) -> None:
    world.write()
    submission = world.submit()
    with pytest.raises(IntegrityError), transaction.atomic():
        submission.votes.create(
            user=world["board"], position=Position.NONCONCUR, reason="",
            cast_at=submission.submitted_at,
        )  # fmt: skip


def test_a_changed_vote_keeps_both_positions_on_record(world: World) -> None:
    world.write()
    submission = world.submit()
    vote(world, "board", submission, Position.NONCONCUR, reason="Too early.")
    vote(world, "board", submission, Position.CONCUR)
    assert submission.votes.get().position == Position.CONCUR
    last = AuditEvent.objects.filter(code="vote.cast").latest("seq")
    assert last.old == {"position": "nonconcur", "reason": "Too early."}
    assert last.new == {"position": "concur", "reason": ""}


def test_vote_refused_on_another_package(world: World) -> None:
    world.write()
    world.submit()
    with pytest.raises(ContentChanged):
        actions.cast_vote(
            step=world.step(), position=Position.CONCUR, package_hash="0" * 64, by=world["board"]
        )


def test_nobody_decides_their_own_submission(world: World) -> None:
    actions.add_member(
        effort=world.effort, user=world["lead"], role=Role.AUTHORITY, by=world["lead"]
    )
    world.write()
    submission = world.submit()
    with pytest.raises(NotAllowed):
        actions.decide_step(
            step=world.step(), outcome=Outcome.APPROVE, by=world["lead"],
            package_hash=submission.package_hash,
        )  # fmt: skip
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "field"),
    [(Outcome.RETURN, "guidance"), (Outcome.APPROVE_CONDITIONS, "conditions")],
)
def test_decision_refused_without_its_words(world: World, outcome: Outcome, field: str) -> None:
    world.write()
    with pytest.raises(Invalid) as refused:
        world.decide(world.submit(), outcome)
    assert list(refused.value.fields) == [field]


def test_decision_refused_after_the_draft_changed(world: World) -> None:
    world.write()
    submission = world.submit()
    section = world.section("ipt")
    actions.save_section(
        section=section, body="<p>Somebody else plans.</p>", revision=section.revision,
        by=world["member"],
    )  # fmt: skip
    with pytest.raises(ContentChanged) as refused:
        world.decide(submission)
    assert refused.value.extra["changed"] == ["Tab 1, “IPT”"]
    assert world.step().status == StepStatus.SUBMITTED
    assert not Decision.objects.exists()


def test_a_changed_draft_may_still_be_returned(world: World) -> None:
    world.write()
    submission = world.submit()
    section = world.section("ipt")
    actions.save_section(section=section, body="<p>New.</p>", revision=1, by=world["member"])
    world.decide(submission, Outcome.RETURN, guidance="Submit again.")
    assert world.step().status == StepStatus.RETURNED


def test_decision_refused_on_a_package_submitted_anew(world: World) -> None:
    world.write()
    read = world.submit()
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    world.submit(ask="Approve something else.")
    with pytest.raises(ContentChanged):
        world.decide(read)


def test_return_and_submit_again(world: World) -> None:
    world.write()
    world.decide(world.submit(), Outcome.RETURN, guidance="Name the timeline.")
    assert world.step().status == StepStatus.RETURNED
    assert world.step(2).status == StepStatus.LOCKED
    second = world.submit()
    assert second.number == 2
    world.decide(second)
    assert world.step(2).status == StepStatus.OPEN


def test_conditions_are_kept_only_with_their_outcome(world: World) -> None:
    world.write()
    decision = world.decide(world.submit(), Outcome.APPROVE, conditions="Left over.")
    assert decision.conditions == ""


def test_withdraw_keeps_the_votes(world: World) -> None:
    world.write()
    submission = world.submit()
    vote(world, "board", submission, Position.CONCUR)
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    assert world.step().status == StepStatus.OPEN
    assert submission.votes.count() == 1
    with pytest.raises(WrongState):
        actions.withdraw_submission(step=world.step(), by=world["lead"])


def test_the_same_text_is_the_same_version(world: World) -> None:
    world.write()
    first = world.submit()
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    second = world.submit()
    assert first.items.get().version == second.items.get().version


def test_change_after_approval_leaves_the_approved_version(world: World) -> None:
    world.approve()
    approved = world.product().approved_version
    actions.save_section(
        section=world.section("ipt"), body="<p>New.</p>", revision=1, by=world["member"]
    )
    product = world.product()
    assert product.approved_version == approved
    assert "New." not in str(approved.snapshot)


def test_only_the_state_table_moves_a_step(world: World) -> None:
    step = world.step(3)
    with pytest.raises(WrongState):
        states.move(step, "approve")
    assert world.step(3).status == StepStatus.LOCKED


def test_access_locks_only_what_may_be_done(world: World) -> None:
    with pytest.raises(NotAllowed):
        access_step(world["member"], "country-x", 1, to=Perm.STEP_SUBMIT)
    with pytest.raises(WrongState):
        access_step(world["authority"], "country-x", 1, to=Perm.STEP_DECIDE)


def test_only_what_was_approved_is_called_approved(world: World) -> None:
    def shown() -> list[str]:
        page = world.client("lead").get("/efforts/country-x/").content.decode()
        rows = page[page.index("Products by step") : page.index("Team by agency")]
        return re.findall(r'<span class="state [a-z-]+">.*?</svg>(\w+)', rows)

    assert "Approved" not in shown()
    world.write()
    submission = world.submit()
    assert shown().count("Frozen") == 1
    world.decide(submission)
    assert shown().count("Approved") == 1
    actions.reopen_step(step=world.step(), reason="It changed.", by=world["authority"])
    scenario.draft(world.effort, "tab-01", {"intent": "Another."}, world["member"])
    world.submit()
    assert (shown().count("Approved"), shown().count("Frozen")) == (0, 1)
