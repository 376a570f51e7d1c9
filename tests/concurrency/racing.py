"""What the races share: threads that start together, browsers that threads may use, a slow place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from planning import policies, states
from tests.world import World

Act = Callable[[], Any]
SLOW = 1.5  # seconds that a slow place waits for the other side
PATIENCE = 30.0  # seconds after which a thread that hangs fails the race


class Crew:
    """Threads that keep their database connections from race to race."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPoolExecutor(size)
        self._size = size

    def __call__(self, *acts: Act) -> list[Any]:
        """Run the acts at once; what each returned, or the exception that it raised."""
        barrier = threading.Barrier(len(acts))

        def run(act: Act) -> Any:
            barrier.wait(PATIENCE)
            return act()

        return [_outcome(future) for future in [self._pool.submit(run, act) for act in acts]]

    def leave(self) -> None:
        """Close every connection and end the threads."""
        self(*[connections.close_all] * self._size)
        self._pool.shutdown()


def _outcome(future: Future[Any]) -> Any:
    error = future.exception(PATIENCE)
    return future.result() if error is None else error


@contextmanager
def crew(size: int) -> Iterator[Crew]:
    """A crew for a test."""
    made = Crew(size)
    try:
        yield made
    finally:
        made.leave()


def at_once(*acts: Act) -> list[Any]:
    """Run the acts once in threads that start together; returns what each returned."""
    with crew(len(acts)) as threads:
        return threads(*acts)


def browser(world: World, who: str) -> Client:
    """A signed-in client that a thread may use."""
    client = Client(raise_request_exception=False)
    client.cookies = world.client(who).cookies.copy()
    return client


def post(world: World, who: str, address: str, **form: Any) -> Callable[[], int]:
    """A POST to be sent later; gives the status."""
    client = browser(world, who)
    return lambda: client.post(address, form, headers={"X-Autosave": "1"}).status_code


def meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, sides: int = 2) -> None:
    """Make all sides wait for each other after ``name`` has read."""
    barrier = threading.Barrier(sides)
    real = getattr(module, name)

    def then_wait(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        try:
            barrier.wait(2)
        except threading.BrokenBarrierError:
            pass
        return found

    monkeypatch.setattr(module, name, then_wait)


class Slow:
    """A place where one side stands until the other has answered, ``SLOW`` seconds at most.

    With the guard on, the other side waits for this one and the time runs out; with the guard off,
    it slips in.
    """

    def __init__(self) -> None:
        self.reached, self.answered = threading.Event(), threading.Event()

    def at(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Slow:
        """Stand right after ``name`` has done its work."""
        real = getattr(module, name)

        def then_stand(*args: Any, **kwargs: Any) -> Any:
            found = real(*args, **kwargs)
            self.reached.set()
            self.answered.wait(SLOW)
            return found

        monkeypatch.setattr(module, name, then_stand)
        return self

    def meanwhile(self, act: Act) -> Act:
        """``act``, started once the other side stands there."""

        def wait_and_act() -> Any:
            self.reached.wait(PATIENCE)
            try:
                return act()
            finally:
                self.answered.set()

        return wait_and_act


# ---------- guards, switched off


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch the row locks of ``access_…`` off."""
    fetch = policies._fetch

    def without_lock(*args: Any, **kwargs: Any) -> Any:
        return fetch(*args, **kwargs | {"lock": False})

    monkeypatch.setattr(policies, "_fetch", without_lock)


def unconditional(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every move of a status write, whatever state the row is in."""

    def blind(thing: Any, verb: str, **fields: Any) -> None:
        target = states._TABLES[type(thing)][verb][1]
        type(thing).objects.filter(pk=thing.pk).update(status=target, **fields)

    monkeypatch.setattr(states, "move", blind)
