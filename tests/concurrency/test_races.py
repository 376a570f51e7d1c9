"""Races on a real PostgreSQL, through HTTP, each also with its guard switched off.

Every race is a function that returns what went wrong; the test wants nothing, and the test with
the guard off wants something, so that a race that cannot fail is noticed.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from mapro.core import audit
from mapro.core.models import AuditEvent
from planning import actions
from planning.actions import decide as decide_module
from planning.actions import section as section_module
from planning.models import Decision, SectionDraft, SectionRevision, Vote
from planning.vocabulary import Outcome, Role
from tests.concurrency.racing import at_once, meet, post, unconditional, unlocked
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 200 if os.environ.get("MAPRO_FULL") else 10
ROOM = "/efforts/country-x/steps/1"
PURPOSE = "/efforts/country-x/products/tab-01/sections/purpose/"


def two_authorities(world: World) -> None:
    actions.add_member(
        effort=world.effort, user=world["africom"], role=Role.AUTHORITY, by=world["lead"]
    )


def decide_race(world: World) -> list[str]:
    """Two authorities approve the same package at once."""
    submission = world.submit()
    form = {"outcome": "approve", "package_hash": submission.package_hash, "read": "yes"}
    answers = at_once(
        post(world, "authority", f"{ROOM}/decide/", **form),
        post(world, "africom", f"{ROOM}/decide/", **form),
    )
    wrong = []
    if sorted(answers, key=str) != [302, 409]:
        wrong.append(f"answers {answers}")
    if Decision.objects.filter(submission=submission).count() != 1:
        wrong.append("not one decision")
    if AuditEvent.objects.filter(code="step.approved").count() != 1:
        wrong.append("not one audit entry")
    return wrong + [str(b) for b in audit.verify()]


def test_two_approvals_at_once_give_one_decision(live_world: World) -> None:
    live_world.write()
    two_authorities(live_world)
    assert decide_race(live_world) == []


def test_two_approvals_go_wrong_without_the_guards(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_world.write()
    two_authorities(live_world)
    unlocked(monkeypatch)
    meet(monkeypatch, decide_module, "pending")
    unconditional(monkeypatch)
    assert decide_race(live_world) != []


def save_race(world: World, revision: int) -> list[str]:
    """Two people save the same section from the same revision at once."""
    texts = {"lead": f"<p>Lead {revision}.</p>", "member": f"<p>Member {revision}.</p>"}
    answers = at_once(*(
        post(world, who, PURPOSE, body=text, revision=revision, format="html")
        for who, text in texts.items()
    ))  # fmt: skip
    wrong = []
    if sorted(answers, key=str) != [200, 409]:
        wrong.append(f"answers {answers}")
    section = world.section()
    if section.revision != revision + 1 or section.body not in texts.values():
        wrong.append(f"revision {section.revision}, text {section.body}")
    if SectionRevision.objects.filter(section=section).count() != revision + 1:
        wrong.append("the history has not one row per save")
    return wrong


def test_two_saves_at_once_never_overwrite(live_world: World) -> None:
    for revision in range(ROUNDS):
        assert save_race(live_world, revision) == []
    assert not list(audit.verify())


def test_saves_overwrite_without_the_guard(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless:
        """Ignores the revision that a save started from."""

        def filter(self, *, pk: int, revision: int) -> Any:
            return SectionDraft.objects.filter(pk=pk)

        def __getattr__(self, name: str) -> Any:
            return getattr(SectionDraft.objects, name)

    class Shim:
        objects = Careless()

    monkeypatch.setattr(section_module, "SectionDraft", Shim)
    assert save_race(live_world, 0) != []


def test_a_vote_after_the_decision_is_refused(live_world: World) -> None:
    live_world.write()
    submission = live_world.submit()
    answers = at_once(
        post(live_world, "authority", f"{ROOM}/decide/", outcome="approve", read="yes",
             package_hash=submission.package_hash),
        post(live_world, "board", f"{ROOM}/vote/", position="concur",
             package_hash=submission.package_hash),
    )  # fmt: skip
    assert answers[0] == 302
    codes = list(AuditEvent.objects.order_by("pk").values_list("code", flat=True))
    if answers[1] == 302:
        assert codes.index("vote.cast") < codes.index("step.approved")
    else:
        assert answers[1] == 409
        assert not Vote.objects.exists()


def test_the_database_refuses_to_change_or_delete_an_audit_event(live_world: World) -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="append-only"):
        AuditEvent.objects.filter(pk=AuditEvent.objects.latest("pk").pk).update(actor="Somebody")
    with pytest.raises(DatabaseError, match="append-only"):
        AuditEvent.objects.all()._raw_delete("default")


def test_two_first_events_of_a_stream_make_one_chain(live_world: World) -> None:
    from mapro.core.models import AuditHead

    AuditHead.objects.filter(stream="site").delete()

    def write() -> None:
        from django.db import transaction

        with transaction.atomic():
            audit.record("test.event", by=live_world["lead"], on=live_world["lead"])

    assert at_once(write, write, write, write) == [None] * 4
    assert AuditHead.objects.get(stream="site").seq == 4
    assert not list(audit.verify("site"))


def test_return_outcome_is_not_blocked_by_locks(live_world: World) -> None:
    live_world.write()
    live_world.decide(live_world.submit(), Outcome.RETURN, guidance="More.")
    assert live_world.step().status == "returned"
