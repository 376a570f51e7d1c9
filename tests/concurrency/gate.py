"""Step 1 with a package before the board, made ready again for each race, and how races run."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from mapro.core import audit
from mapro.core.models import AuditEvent
from planning import actions, scenario
from planning.models import Mandate, Submission
from planning.vocabulary import Outcome, Role
from tests.concurrency.racing import Act, Crew, browser, crew
from tests.world import SCRIPT, World

FULL = bool(os.environ.get("MAPRO_FULL"))
RACES = 1_000 if FULL else 8
PER_EFFORT = 20 if FULL else 4  # gates of one effort, so that what decisions leave stays small
JITTER = 0.03  # seconds by which one side of a race may start later
Race = Callable[["Gate", Crew], list[str]]


class Gate:
    """Step 1 of an effort with a package before the board, made ready again for each race.

    ``settle`` names who decides it, once per effort.
    """

    def __init__(self, world: World, settle: Callable[[World, int], None] | None = None) -> None:
        self.world, self.number = world, -1
        self._settle = settle
        self._random = random.Random(20)  # noqa: S311 - the same races in each run

    def ready(self) -> Gate:
        """A new package before the board; every so often in a new effort."""
        self.number += 1
        world = self.world
        if self.number % PER_EFFORT == 0:
            world.effort = scenario.stage(SCRIPT, world.people)
            world.write()
            if self._settle is not None:
                self._settle(world, self.number // PER_EFFORT)
        step = world.step()
        if step.status == "submitted":
            actions.withdraw_submission(step=step, by=world["lead"])
        elif step.status == "approved":
            actions.reopen_step(step=step, reason="Once more.", by=world["authority"])
        self.submission: Submission = world.submit(ask=f"Approve, race {self.number}.")
        self.began = AuditEvent.objects.latest("pk").pk
        return self

    @property
    def codes(self) -> list[str]:
        """What was recorded in the effort since the package came, in the order of the chain."""
        rows = AuditEvent.objects.filter(
            pk__gt=self.began, stream=audit.stream_of(self.world.effort.pk)
        )
        return list(rows.order_by("seq").values_list("code", flat=True))

    def send(self, who: str, verb: str, *, api: bool = False, **form: Any) -> Act:
        """A POST on the step; gives the status, and 302 for what the API answers with 2xx."""
        client = browser(self.world, who)
        step = self.submission.step
        page = f"/efforts/{self.world.effort.slug}/steps/1/{verb}/"
        address = f"/api/v1/steps/{step.pk}/{verb}/" if api else page
        form |= {"package_hash": self.submission.package_hash}
        if api:
            return lambda: _plain(client.post(address, form, "application/json").status_code)
        return lambda: _plain(client.post(address, form | {"read": "yes"}).status_code)

    def decide(self, who: str, outcome: Outcome = Outcome.APPROVE, *, api: bool = True) -> Act:
        """A decision of ``who``."""
        return self.send(who, "decide", api=api, outcome=str(outcome), guidance="More of it.")

    def save(self) -> Act:
        """The member saves the section that the board reads."""
        client = browser(self.world, "member")
        address = f"/efforts/{self.world.effort.slug}/products/tab-01/sections/purpose/"
        form = {
            "body": f"<p>Text {self.number}.</p>", "revision": self.world.section().revision,
            "format": "html",
        }  # fmt: skip
        return lambda: client.post(address, form, headers={"X-Autosave": "1"}).status_code

    def late(self, act: Act) -> Act:
        """``act``, a little later or not, so that either side comes first."""
        wait = self._random.choice((0.0, self._random.random() * JITTER))

        def wait_and_act() -> Any:
            time.sleep(wait)
            return act()

        return wait_and_act

    def shuffled(self, acts: list[Act]) -> list[Act]:
        """The acts in any order: threads that start first win more often."""
        self._random.shuffle(acts)
        return acts


def _plain(status: int) -> int:
    return 302 if status in {200, 201} else status


def expect(found: list[str], guarded: bool, trouble: str) -> None:
    """With the guard on nothing may go wrong; with the guard off that very trouble must come."""
    if guarded:
        assert found == []
    else:
        assert any(trouble in one for one in found), found


def run(world: World, race: Race, rounds: int, size: int, **more: Any) -> None:
    """Run a race ``rounds`` times; nothing may go wrong, and every chain must hold at the end."""
    gate = Gate(world, **more)
    with crew(size) as threads:
        for _ in range(rounds):
            assert race(gate.ready(), threads) == [], f"race {gate.number}"
    assert not list(audit.verify())


def stand_in(world: World, holder: str, who: str, role: Role = Role.AUTHORITY) -> Mandate:
    """``who`` stands in for ``holder`` from now on."""
    now = timezone.now()
    world.effort.__dict__.pop("_members", None)
    return actions.delegate(
        effort=world.effort, holder=world[holder], role=role, to=world[who],
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=7), why="On travel.",
        by=world[holder],
    )  # fmt: skip
