"""What people may try with a gate: draft, submit, vote, decide, reopen, settle how it is decided."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from mapro.core.models import Organization, User
from planning import actions
from planning.models import DueOut, Step, Submission
from planning.policies import access_section
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import Origin, Outcome, Perm, Position, Role, Way
from tests.flows.playing import Played, move
from tests.flows.rules_again import owes, texts_of

BOARD = ("board", "board-af", "board-io")
PEOPLE = ("lead", "member", *BOARD, "authority", "alternate", "usaid", "dc")

MOSTLY = (True, True, True, True, False)
NEAR = (0, 0, 0, 0, 0, 1, 1, -1, -1, -2)  # steps from the first that is not passed
PICK = range(20)
EITHER = (True, False)


def pending(_: object) -> bool:
    """Whether a package is before a board."""
    return Submission.objects.filter(status="pending").exists()


class Gates(Played):
    """What people may try."""

    # ---------- drafting

    @initialize(passed=st.sampled_from((0, 0, 1, 1, 3)))
    def begin(self, passed: int) -> None:
        """Start from what some gates have passed already."""
        for _ in range(passed):
            self.submit(0, "lead", None)
            self.decide(0, "authority", Outcome.APPROVE, True)

    @move(2, by=("member", "lead", "board"), place=PICK, empty=EITHER,
          near=NEAR)  # fmt: skip
    def save(self, by: str, place: int, empty: bool, near: int) -> None:
        number = self.with_board(near)
        key = owes(number)[place % len(owes(number))]
        section = CATALOGUE[key].hasty[0] if place % 2 else self.last_required(key)
        self.saves += 1
        text = "" if empty and place % 5 == 0 else f"<p>Text {self.saves}.</p>"
        user = self.world[by]

        def act() -> Any:
            found = access_section(user, self.world.effort.slug, key, section, to=Perm.SECTION_SAVE)
            return actions.save_section(section=found, body=text, revision=found.revision, by=user)

        drafts = self.book.step(number).status != "locked" and by != "board"
        if self.attempt("save", act, drafts):
            self.texts[key, section] = text

    @staticmethod
    def last_required(key: str) -> str:
        return [s.key for s in CATALOGUE[key].every_section() if s.required][-1]

    @move(5, near=NEAR, by=("lead", "lead", "lead", "member"),
          place=(None, None, None, 0, 1, 2))  # fmt: skip
    def submit(self, near: int, by: str, place: int | None) -> None:
        """The whole step, or one of its products."""
        number, user = self.at(near), self.world[by]
        keys = list(owes(number)) if place is None else [owes(number)[place % len(owes(number))]]

        def act() -> Submission:
            return actions.submit_step(
                step=self.step(user, number, Perm.STEP_SUBMIT), ask="Approve it.", by=user,
                products=None if place is None else keys,
            )  # fmt: skip

        allowed = by == "lead" and self.book.may_submit(number, keys)
        made = self.attempt("submit", act, allowed)
        if made:
            assert made.interim is (number == 5 or set(keys) != set(owes(number)))
            self.shown[made.pk] = texts_of(self.texts, keys)

    @move(1, pending, near=NEAR, by=("lead", "lead", "member", "authority"))
    def withdraw(self, near: int, by: str) -> None:
        number, user = self.with_board(near), self.world[by]
        pending = self.before_board(number)
        spoken = pending and any(
            d.submission_id == pending.pk for d in self.book.owed(Origin.VERBAL)
        )
        self.attempt(
            "withdraw",
            lambda: actions.withdraw_submission(
                step=self.step(user, number, Perm.STEP_WITHDRAW), by=user
            ),
            by == "lead" and pending is not None and not spoken,
        )

    # ---------- the board and the authority

    @move(5, pending, near=NEAR, by=(*BOARD, *BOARD, "alternate", "usaid", "lead", "dc"),
          position=(Position.CONCUR, Position.CONCUR, *Position),
          right=MOSTLY, seat=(None, None, *BOARD))  # fmt: skip
    def vote(self, near: int, by: str, position: Position, right: bool, seat: str | None) -> None:
        number, user = self.with_board(near), self.world[by]
        pending = self.before_board(number)
        holder = self.world[seat] if seat else None
        read = pending.package_hash if pending and right else "0" * 64
        allowed = self.book.may_vote(number, user, holder) and right
        self.attempt(
            "vote",
            lambda: actions.cast_vote(
                step=self.step(user, number, Perm.STEP_VOTE), position=position, by=user,
                package_hash=read, reason="A reason.", seat=holder,
            ),
            allowed,
        )  # fmt: skip

    @move(2, pending, near=NEAR, by=PEOPLE, outcome=tuple(Outcome), right=MOSTLY)
    def decide(self, near: int, by: str, outcome: Outcome, right: bool) -> None:
        number, user = self.with_board(near), self.world[by]
        pending = self.before_board(number)
        read = pending.package_hash if pending and right else "0" * 64
        rules = self.book
        allowed = right and rules.may_decide(number, user)
        if allowed and pending and outcome.approves:
            allowed = rules.may_approve(pending, self.shown[pending.pk])
        owed = DueOut.objects.filter(origin__in=("condition", "guidance")).count()
        made = self.attempt(
            f"decide {outcome}",
            lambda: actions.decide_step(
                step=self.step(user, number, Perm.STEP_DECIDE), outcome=outcome, by=user,
                package_hash=read, conditions="- One thing\n- Another", guidance="A word",
            ),
            allowed,
        )  # fmt: skip
        if made:
            given = DueOut.objects.filter(origin__in=("condition", "guidance")).count() - owed
            assert given == (3 if outcome is Outcome.APPROVE_CONDITIONS else 1)

    @move(7, pending, near=NEAR, place=PICK, outcome=(*[Outcome.APPROVE] * 4, *Outcome))
    def decide_in_turn(self, near: int, place: int, outcome: Outcome) -> None:
        """Somebody whose turn it is decides what they read."""
        deciders: set[User] = set().union(
            *self.book.acting(self.with_board(near), Role.AUTHORITY).values()
        )
        by = [key for key in PEOPLE if self.world[key] in deciders]
        if by:
            self.decide(near, by[place % len(by)], outcome, True)

    @move(5, pending, near=NEAR, place=PICK, position=(
        Position.CONCUR, Position.CONCUR, Position.CONCUR, *Position))  # fmt: skip
    def vote_in_turn(self, near: int, place: int, position: Position) -> None:
        """Somebody who has a seat votes on what they read."""
        board = self.book.acting(self.with_board(near), Role.BOARD)
        turns = [
            (key, seat) for seat in BOARD for key in PEOPLE
            if self.world[key] in board[self.world[seat]]
        ]  # fmt: skip
        if turns:
            by, seat = turns[place % len(turns)]
            self.vote(near, by, position, True, seat)

    @move(2, near=NEAR, by=("authority", "authority", "lead", "dc", "alternate"))
    def reopen(self, near: int, by: str) -> None:
        number, user = self.at(near or -1), self.world[by]
        later = Step.objects.filter(effort=self.world.effort, number__gt=number)
        begun = later.exclude(status="locked").count()
        made = self.attempt(
            "reopen",
            lambda: actions.reopen_step(
                step=self.step(user, number, Perm.STEP_REOPEN), reason="It changed.", by=user
            ),
        )
        if made:
            assert DueOut.objects.filter(reopening=made).count() == begun

    @move(4, pending, near=NEAR, by=("lead", "lead", "member"),
          said_by=("authority", "authority", "dc", "alternate", "lead"))  # fmt: skip
    def say(self, near: int, by: str, said_by: str) -> None:
        number, user = self.with_board(near), self.world[by]
        pending = self.before_board(number)
        allowed = by == "lead" and self.book.may_decide(number, self.world[said_by])
        if allowed and pending:
            allowed = not any(d.submission == pending for d in self.book.owed(Origin.VERBAL))
        self.attempt(
            "verbal",
            lambda: actions.record_verbal(
                step=self.step(user, number, Perm.STEP_VERBAL), said_by=self.world[said_by],
                said_at=self.clock, words="Go ahead.", by=user,
            ),
            allowed,
        )  # fmt: skip

    @move(1, near=NEAR, by=("lead", "lead", "authority"))
    def risk(self, near: int, by: str) -> None:
        number, user = self.at(near + 1), self.world[by]
        self.attempt(
            "at risk",
            lambda: actions.proceed_at_risk(
                step=self.step(user, number, Perm.STEP_AT_RISK), why="No time.", by=user
            ),
        )

    @move(3, near=NEAR, by=("lead", "authority", "board"),
          way=(Way.AUTHORITY, *Way), quorum=(0, 0, 0, 1, 2, 4),
          hours=(1, 48))  # fmt: skip
    def settle(self, near: int, by: str, way: Way, quorum: int, hours: int) -> None:
        number, user = self.at(near), self.world[by]
        self.attempt(
            "settle step",
            lambda: actions.settle_step(
                step=self.step(user, number, Perm.STEP_SETTLE), by=user, way=way, quorum=quorum,
                silence_hours=hours, due_at=None,
            ),
            by != "board" and self.before_board(number) is None,
        )  # fmt: skip

    @move(1, near=NEAR, by=("lead", "authority", "member"), up=EITHER)
    def level(self, near: int, by: str, up: bool) -> None:
        """Raise a step to the Deputies Committee, or give it back."""
        number, user = self.at(near), self.world[by]

        def act() -> Any:
            step = self.step(user, number, Perm.STEP_SETTLE)
            if not up:
                actions.lower_step(step=step, by=user)
                return True
            higher = Organization.objects.get(code="deputies-committee")
            return actions.raise_step(
                step=step, user=self.world["dc"], organization=higher, by=user
            )

        self.attempt("raise" if up else "lower", act)
