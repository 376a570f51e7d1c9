"""A plan that people play, and what must hold after every act; for the state machine."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.utils import timezone
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mapro.core import audit
from mapro.core.db import atomic
from mapro.core.errors import MaproError
from mapro.core.models import AuditEvent, Job, User
from planning.actions.submit import package_hash
from planning.models import (
    Decision,
    Dissent,
    DueOut,
    Effort,
    Grant,
    Mandate,
    Membership,
    Product,
    Rendition,
    Reopening,
    Reply,
    SectionDraft,
    SectionRevision,
    Step,
    Submission,
    SubmissionItem,
    Version,
    Vote,
)
from planning.policies import access_effort, access_step
from planning.products.document import digest
from planning.vocabulary import Perm, Way
from tests.flows.rules_again import Rules
from tests.world import World

TABLES: tuple[Any, ...] = (
    Step, Submission, SubmissionItem, Vote, Decision, Mandate, DueOut, Reopening, Dissent, Reply,
    Product, Membership, Grant, Rendition, Job, SectionRevision, AuditEvent, Effort,
)  # fmt: skip
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Move:
    """An act that somebody tries: how often, when it makes sense, and what is drawn for it."""

    do: Callable[..., None]
    weight: int
    needs: Callable[[Any], bool]
    draws: Mapping[str, Sequence[Any]]


MOVES: dict[str, Move] = {}


def move(
    weight: int, needs: Callable[[Any], bool] = lambda _: True, **draws: Sequence[Any]
) -> Callable[..., Any]:
    """Register a method as an act. Hypothesis would leave out kinds of acts for a whole example,
    and then hardly any plan gets far; weights keep it going."""

    def register(do: Callable[..., None]) -> Callable[..., None]:
        MOVES[do.__name__] = Move(do, weight, needs, draws)
        return do

    return register


class Played(RuleBasedStateMachine):
    """An effort from its opening. ``world`` is set by the test."""

    world: World
    tried: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        # Marked as Django marks its own, so that each act still has a transaction of its own.
        self.block = transaction.atomic()
        self.block._from_testcase = True
        self.block.__enter__()
        self.clock = timezone.now()
        self.patch = mock.patch.object(timezone, "now", lambda: self.clock)
        self.patch.start()
        rows = SectionDraft.objects.filter(product__effort=self.world.effort)
        self.texts = {(d.product.key, d.key): d.body for d in rows.select_related("product")}
        self.shown: dict[int, dict[tuple[str, str], str]] = {}
        self.dissents: dict[int, tuple[str, int]] = {}
        self.versions: dict[int, str] = {}
        self.saves = 0

    def teardown(self) -> None:
        self.patch.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # ---------- how an act is done

    @property
    def book(self) -> Rules:
        return Rules(Effort.objects.get(pk=self.world.effort.pk), self.clock, self.texts)

    def attempt(self, name: str, act: Callable[[], Any], allowed: bool | None = None) -> Any:
        """Do one act; ``allowed`` says whether it must succeed, None that it is not foretold.

        What succeeds is recorded once; what is refused, or changes nothing, leaves no trace.
        """
        before, events = contents(), AuditEvent.objects.count()
        done: Any = None
        try:
            with atomic():
                done = act()
        except MaproError as error:
            refused: MaproError | None = error
        else:
            refused = None
        self.clock += MINUTE
        more = AuditEvent.objects.count() - events
        if refused is not None or more == 0:
            assert contents() == before, f"{name} was refused or idle and left a trace: {refused}"
            assert more == 0
        else:
            assert more == 1, f"{name} wrote {more} entries"
        if allowed is not None:
            assert allowed is (refused is None), f"{name}: allowed {allowed}, refused {refused!r}"
        self.tried[f"{name} {'refused' if refused else 'done'}"] += 1
        return None if refused else done or True

    def at(self, near: int) -> int:
        """A step near the first that is not passed."""
        passed = Step.objects.filter(effort=self.world.effort, status="approved").count()
        return min(max(passed + 1 + near, 1), 5)

    def with_board(self, near: int) -> int:
        """The step whose package is before the board, or one near the first."""
        rows = Step.objects.filter(effort=self.world.effort, status="submitted")
        found = rows.order_by("number").first()
        return found.number if found and near in {0, -1} else self.at(near)

    def step(self, by: User, number: int, to: Perm) -> Step:
        return access_step(by, self.world.effort.slug, number, to=to, lock=True)

    def effort(self, by: User, to: Perm, *, lock: bool = False) -> Effort:
        return access_effort(by, self.world.effort.slug, to=to, lock=lock)

    def one(self, rows: Any, place: int) -> Any:
        """One of the effort's rows, None when there are none."""
        found = list(rows.filter(effort=self.world.effort).order_by("pk"))
        return found[place % len(found)] if found else None

    def before_board(self, number: int) -> Submission | None:
        return self.book.pending(number)

    @rule(seed=st.integers(0, 2**16 - 1))
    def turn(self, seed: int) -> None:
        """Somebody does something. One number says what, so that a failing plan is shortened by
        leaving acts out, and what remains stays the same."""
        able = [name for name, one in MOVES.items() for _ in range(one.weight) if one.needs(self)]
        dice = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
        name = dice.choice(able)
        drawn = {key: dice.choice(options) for key, options in MOVES[name].draws.items()}
        note(f"{name}: {drawn}")
        MOVES[name].do(self, **drawn)

    # ---------- what holds after every act

    @invariant()
    def approvals_bind_to_content(self) -> None:
        """A decision stands on the very package; its versions read as they were frozen."""
        approved: dict[int, int] = {}
        frozen = set()
        decisions = {d.submission_id: d for d in Decision.objects.all()}
        packages = Submission.objects.filter(step__effort=self.world.effort).order_by("pk")
        packages = packages.prefetch_related("items__version__product", "votes")
        for row in packages.select_related("step__effort"):
            versions = [item.version for item in row.items.all()]
            assert all(self.unchanged(v) for v in versions)
            assert row.package_hash == package_hash(row.step, row.ask, versions)
            decision = decisions.get(row.pk)
            assert (decision is not None) is (row.status in {"approved", "returned"})
            for vote in row.votes.all():
                assert row.submitted_by_id not in {vote.user_id, vote.cast_by_id}
                assert decision is None or vote.cast_at <= decision.decided_at
            if decision is None:
                continue
            assert decision.package_hash == row.package_hash
            assert decision.result.approves is (row.status == "approved")
            assert decision.decided_by_id != row.submitted_by_id
            assert decision.decided_by_id is not None or row.way == Way.SILENCE
            if row.status == "approved":
                assert {v.product.step_id for v in versions} == {row.step_id}
                approved |= {v.product_id: v.pk for v in versions}
                frozen |= {v.pk for v in versions}
        products = Product.objects.filter(effort=self.world.effort)
        found = products.exclude(approved_version=None).values_list("pk", "approved_version")
        assert dict(found) == approved
        stamped = Version.objects.filter(product__effort=self.world.effort)
        assert set(stamped.exclude(approved_at=None).values_list("pk", flat=True)) == frozen

    def unchanged(self, version: Version) -> bool:
        """Whether a version reads as when it was first seen, by the hash that it names."""
        first = self.versions.setdefault(version.pk, version.sha256)
        return first == version.sha256 == digest(version.snapshot)

    @invariant()
    def steps_are_consistent(self) -> None:
        rows = Step.objects.filter(effort=self.world.effort, number__gt=0)
        for step in rows.prefetch_related("submissions", "reopenings"):
            packages = list(step.submissions.all())
            waiting = [s for s in packages if s.status == "pending"]
            assert len(waiting) == int(step.status == "submitted")
            assert (step.approved_at is not None) is (step.status == "approved")
            assert step.cycle == 1 + len(step.reopenings.all())
            whole = [s for s in packages if s.status == "approved" and not s.interim
                     and s.cycle == step.cycle]  # fmt: skip
            assert len(whole) == int(step.status == "approved")
            assert step.status == "locked" or step.opened_at is not None
            assert not (step.status == "approved" and step.definition.stays_open)

    @invariant()
    def dissents_stay(self) -> None:
        found = Dissent.objects.filter(effort=self.world.effort)
        assert {d.pk: (d.words, d.author_id) for d in found} == self.dissents

    @invariant()
    def the_chain_holds(self) -> None:
        assert not list(audit.verify(audit.stream_of(self.world.effort.pk)))


def contents() -> str:
    """A digest of every row that an act of governance may touch."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(str(table.objects.order_by("pk").query))
            found.update(repr(cursor.fetchall()).encode())
    return found.hexdigest()
