"""Acts that lock the same rows in another order: both must come through, on a real PostgreSQL.

A row that is only locked against change must not hold up those who point to it. PostgreSQL checks
a foreign key with a lock of its own when the transaction commits; a lock that also keeps keys would
wait for that, and the two would wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from planning.actions import decide as decide_module
from planning.web import dissents, due_outs, team
from planning.web import mandates as mandates_pages
from tests.concurrency.gate import Gate
from tests.concurrency.racing import Act, Slow, at_once, browser
from tests.world import World

pytestmark = pytest.mark.postgres


def sent(gate: Gate, who: str, place: str, **form: Any) -> Act:
    """A POST below the effort; gives the status."""
    client = browser(gate.world, who)
    address = f"/efforts/{gate.world.effort.slug}/{place}/"
    return lambda: client.post(address, form).status_code


def give_due_out(gate: Gate) -> Act:
    return sent(gate, "board", "due-outs", text="Count them.", origin="guidance", step=1)


def dispute(gate: Gate) -> Act:
    return sent(gate, "board", "dissents", words="I would wait.")


def let_stand_in(gate: Gate) -> Act:
    world, now = gate.world, timezone.now()
    return sent(
        gate, "board", "mandates", holder=world["board"].pk, role="board", to=world["usaid"].pk,
        starts_at=f"{now:%Y-%m-%dT%H:%M}", ends_at=f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
        why="On travel.", step=1,
    )  # fmt: skip


def add_to_team(gate: Gate) -> Act:
    return sent(gate, "lead", "team/add", user=gate.world["dc"].pk, role="member")


ACTS: tuple[tuple[Callable[[Gate], Act], Any], ...] = (
    (give_due_out, due_outs),
    (dispute, dissents),
    (let_stand_in, mandates_pages),
    (add_to_team, team),
)


def keep_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lock as if keys could change too."""
    real = QuerySet.select_for_update

    def stronger(rows: Any, *args: Any, **kwargs: Any) -> Any:
        return real(rows, *args, **kwargs | {"no_key": False})

    monkeypatch.setattr(QuerySet, "select_for_update", stronger)


@pytest.mark.parametrize("act, module", ACTS)
def test_who_holds_the_effort_lets_a_decision_through(
    live_world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[Gate], Act], module: Any
) -> None:
    """The other act stands between locking the effort and recording."""
    gate = Gate(live_world).ready()
    slow = Slow().at(monkeypatch, module, "access_effort")
    assert at_once(act(gate), slow.meanwhile(gate.decide("authority"))) == [302, 302]


@pytest.mark.parametrize("act, _", ACTS)
def test_a_decision_lets_others_through(
    live_world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[Gate], Act], _: Any
) -> None:
    """The decision stands between locking the step and recording."""
    gate = Gate(live_world).ready()
    slow = Slow().at(monkeypatch, decide_module, "drafts_of")
    assert at_once(gate.decide("authority"), slow.meanwhile(act(gate))) == [302, 302]


def test_a_lock_on_keys_makes_two_wait_for_each_other(
    live_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(live_world).ready()
    keep_keys(monkeypatch)
    slow = Slow().at(monkeypatch, due_outs, "access_effort")
    answers = at_once(give_due_out(gate), slow.meanwhile(gate.decide("authority")))
    assert sorted(answers) == [302, 500]
