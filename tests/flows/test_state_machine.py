"""A plan played at random by everybody on the team, and what must hold after every act.

Every act goes the way of the pages: the step is fetched locked and checked, then the action runs,
in one transaction. ``tests.flows.rules_again`` says beforehand whether it is allowed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from mapro.core import audit
from mapro.core.models import AuditEvent
from planning import actions, gates, mandates, voting
from planning.actions import clock, decide, due_out
from planning.models import (
    Decision,
    Dissent,
    DueOut,
    Effort,
    Mandate,
    Membership,
    SectionDraft,
    Submission,
)
from planning.policies import access_dissent, access_due_out, access_mandate
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import Origin, Perm, Role, Ruling, Way
from tests.flows.playing import Played, move
from tests.flows.rules_again import owes
from tests.flows.turns import BOARD, EITHER, MOSTLY, NEAR, PEOPLE, PICK, Gates, pending
from tests.world import World

FULL = bool(os.environ.get("MAPRO_FULL"))
EXAMPLES, ACTS = (400, 60) if FULL else (16, 40)


def disputed(machine: Played) -> bool:
    """Whether there is a dissent."""
    return bool(machine.dissents)


class Planning(Gates):
    """What people may try besides: stand in, stand aside, dissent, owe, let time pass."""

    # ---------- standing in and aside

    @move(3, holder=("authority", *BOARD, "dc"), by=PEOPLE,
          to=("alternate", "usaid", "member", "board", "lead"), own=MOSTLY,
          role=(Role.AUTHORITY, Role.BOARD), start=(-1, -1, 0, 30),
          hours=(2, 72), near=NEAR, everywhere=EITHER)  # fmt: skip
    def delegate(
        self, holder: str, by: str, to: str, own: bool, role: Role, start: int, hours: int,
        near: int, everywhere: bool,
    ) -> None:  # fmt: skip
        user = self.world[holder if own else by]
        role = (Role.BOARD if holder in BOARD else Role.AUTHORITY) if own else role

        def act() -> Mandate:
            effort = self.effort(user, Perm.MANDATE_GIVE)
            begins = self.clock + timedelta(hours=start)
            return actions.delegate(
                effort=effort, holder=self.world[holder], role=role, to=self.world[to],
                starts_at=begins, ends_at=self.clock + timedelta(hours=start + hours),
                why="Away.", by=user,
                step=None if everywhere else effort.steps.get(number=self.at(near)),
            )  # fmt: skip

        made = self.attempt("delegate", act)
        if made:
            assert made.holder == user or (role is Role.BOARD and user == self.world["lead"])

    @move(1, by=PEOPLE, place=PICK, own=MOSTLY)
    def end(self, by: str, place: int, own: bool) -> None:
        row = self.one(Mandate.objects, place)
        if row is None:
            return
        user = row.holder if own else self.world[by]
        over = row.ended_at or (row.ends_at and row.ends_at <= self.clock)

        def act() -> Mandate:
            found = access_mandate(user, to=Perm.EFFORT_VIEW, pk=row.pk)
            return actions.end_mandate(mandate=found, by=user)

        here = Membership.objects.filter(effort=self.world.effort, user=user).exists()
        self.attempt("end", act, here and not over and user in {row.holder, row.given_by})

    @move(1, near=NEAR, by=(*BOARD, "authority", "dc", "lead"))
    def recuse(self, near: int, by: str) -> None:
        number, user = self.at(near), self.world[by]
        role = Role.BOARD if by in BOARD else Role.AUTHORITY
        self.attempt(
            "recuse",
            lambda: actions.recuse(
                step=self.step(user, number, Perm.MANDATE_RECUSE), role=role, why="A relative.",
                by=user,
            ),
        )  # fmt: skip

    # ---------- dissents and due-outs

    @move(1, by=(*BOARD, "member", "authority"), flag=EITHER, near=NEAR)
    def dissent(self, by: str, flag: bool, near: int) -> None:
        user, words = self.world[by], f"I dispute this, {len(self.dissents)}."
        product = owes(self.at(near))[0]

        def act() -> Dissent:
            effort = self.effort(user, Perm.DISSENT_ENTER)
            about = effort.products.select_related("step").get(key=product)
            about.effort = effort
            return actions.enter_dissent(
                effort=effort, words=words, by=user, product=about, red_flag=flag
            )

        made = self.attempt("dissent", act, by != "authority")
        if made:
            self.dissents[made.pk] = words, user.pk

    @move(2, disputed, by=PEOPLE, place=PICK, verb=(
        "cosign", "take_back", "withdraw", "withdraw", "answer", "rule"))  # fmt: skip
    def reply(self, by: str, place: int, verb: str) -> None:
        row, user = self.one(Dissent.objects, place), self.world[by]
        if verb == "withdraw" and place % 2:
            user = row.author
        perm, act = {
            "cosign": (Perm.DISSENT_ENTER, actions.cosign_dissent),
            "take_back": (Perm.DISSENT_ENTER, actions.take_back_cosignature),
            "withdraw": (Perm.DISSENT_ENTER, actions.withdraw_dissent),
            "answer": (Perm.DISSENT_ANSWER, actions.answer_dissent),
            "rule": (Perm.DISSENT_RULE, actions.rule_dissent),
        }[verb]
        words: dict[str, Any] = {"words": "We heard you."} if verb in {"answer", "rule"} else {}
        words |= {"ruling": Ruling.IN_PART} if verb == "rule" else {}
        self.attempt(
            f"{verb} dissent",
            lambda: act(dissent=access_dissent(user, to=perm, pk=row.pk), by=user, **words),
            user == row.author and row.withdrawn_at is None if verb == "withdraw" else None,
        )

    @move(4, by=("lead", "lead", "member", "board"), place=PICK, verb=(
        "settle", "settle", "settle", "reopen", "add"))  # fmt: skip
    def due_out(self, by: str, place: int, verb: str) -> None:
        user = self.world[by]
        rows = DueOut.objects.exclude(done_at=None) if verb == "reopen" else (
            DueOut.objects.filter(done_at=None)
        )  # fmt: skip
        row = self.one(rows, place)

        def act() -> Any:
            if verb == "add":
                effort = self.effort(user, Perm.DUE_OUT_ADD)
                return actions.add_due_out(effort=effort, text="Do it.", origin=Origin.MEETING,
                                           by=user)  # fmt: skip
            perm = Perm.DUE_OUT_DO if verb == "settle" else Perm.DUE_OUT_ADD
            found = access_due_out(user, to=perm, pk=row.pk)
            if verb == "settle":
                return actions.settle_due_out(due_out=found, evidence="A cable.", by=user)
            return actions.reopen_due_out(due_out=found, why="Not enough.", by=user)

        if verb != "add" and row is None:
            return
        done = self.attempt(f"{verb} due-out", act)
        if done and verb == "settle":
            assert row.origin not in {"verbal", "at_risk"}
            again = row.reopening.step if row.origin == "reopened" else None
            assert again is None or "changes" in row.detail or again.approved_at
            if row.origin == "hasty":
                assert not any(
                    not self.texts[row.product.key, s.key]
                    for s in row.product.definition.every_section() if s.required
                )  # fmt: skip

    # ---------- crisis and the clock

    @move(1, by=("lead", "authority", "board"))
    def crisis(self, by: str) -> None:
        user, on = self.world[by], self.book.effort.kind == "crisis"

        def act() -> Effort:
            effort = self.effort(user, Perm.CRISIS_SET, lock=True)
            turn = actions.end_crisis if on else actions.declare_crisis
            return turn(effort=effort, why="It moved.", by=user)

        self.attempt("crisis", act, by != "board")

    @move(1, pending, near=NEAR, by=("lead", "authority", "board"))
    def remind(self, near: int, by: str) -> None:
        number, user = self.with_board(near), self.world[by]
        self.attempt(
            "remind",
            lambda: actions.remind(step=self.step(user, number, Perm.STEP_REMIND), by=user),
        )

    @move(3, hours=(1, 1, 3, 50))
    def tick(self, hours: int) -> None:
        """Time passes; what nobody objected to is adopted, and nothing else."""
        self.clock += timedelta(hours=hours)
        rules = self.book
        waiting = Submission.objects.filter(status="pending", way=Way.SILENCE)
        ripe = {s.pk for s in waiting.select_related("step")
                if rules.may_approve(s, self.shown[s.pk])}  # fmt: skip
        events, decisions = AuditEvent.objects.count(), set(Decision.objects.values_list("pk"))
        reminded = AuditEvent.objects.filter(code="step.reminded").count()
        adopted = clock.tick()
        new = Decision.objects.exclude(pk__in=[pk for (pk,) in decisions])
        assert {d.submission_id for d in new} == ripe
        assert adopted == len(ripe)
        reminders = AuditEvent.objects.filter(code="step.reminded").count() - reminded
        assert AuditEvent.objects.count() - events == adopted + reminders
        self.tried["adopted by silence"] += adopted


@pytest.fixture
def played(world: World) -> World:
    """Country X with a board of three, and every required section written."""
    small = Membership.objects.filter(effort=world.effort, role=Role.BOARD)
    small.exclude(user__in=[world[key] for key in BOARD]).delete()
    for key, definition in CATALOGUE.items():
        required = [s.key for s in definition.every_section() if s.required]
        SectionDraft.objects.filter(
            product__effort=world.effort, product__key=key, key__in=required
        ).update(body="<p>What the team knows.</p>", revision=1, updated_by=world["member"])
    return world


def play(world: World, examples: int, *phases: Phase) -> Counter[str]:
    """Play plans until one breaks a rule. Raises AssertionError then; how often each act was tried."""
    Planning.world, Planning.tried = world, Counter()
    run_state_machine_as_test(
        Planning,
        settings=settings(
            max_examples=examples, stateful_step_count=ACTS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=phases or tuple(Phase),
            report_multiple_bugs=False,
        ),
    )  # fmt: skip
    return Planning.tried


def test_a_plan_at_random(played: World, capsys: pytest.CaptureFixture[str]) -> None:
    tried = play(played, EXAMPLES)
    with capsys.disabled():
        refused = sum(n for name, n in tried.items() if name.endswith("refused"))
        print(f"\n  {sum(tried.values())} acts, {refused} of them refused", end="")
    done = {name.removesuffix(" done") for name in tried if name.endswith(" done")}
    assert {"submit", "vote", "decide approve", "save", "delegate", "dissent"} <= done


def _anybody_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        mandates, "decider_of", lambda step, submission, user: mandates.Decider(user)
    )


def _everything_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "_missing", lambda *_: "")


def _no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "CHECKS", ())


def _stale_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared is always what was frozen."""
    monkeypatch.setattr(decide, "sections_of", lambda product, drafts: [])
    monkeypatch.setattr(decide, "written", lambda row: None)


def _twice_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    real = audit.record
    monkeypatch.setattr(due_out, "record", lambda *a, **k: (real(*a, **k), real(*a, **k))[0])


def _any_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "_same_package", lambda *_: None)


QUICK = (_any_package, _no_gate, _twice_recorded)  # found by the first plans
SLOW = (_anybody_decides, _everything_carries, _stale_text)


@pytest.mark.parametrize("off", (*QUICK, *SLOW) if FULL else QUICK)
def test_a_plan_at_random_finds_a_guard_that_is_off(
    played: World, monkeypatch: pytest.MonkeyPatch, off: Callable[[pytest.MonkeyPatch], None]
) -> None:
    off(monkeypatch)
    with pytest.raises(AssertionError):
        play(played, EXAMPLES if FULL else 30, Phase.generate)
