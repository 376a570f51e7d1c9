"""Large files: bounded memory, one statement to apply, two imports of a feed at a time."""

from __future__ import annotations

import os
import threading
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.actions import applying
from assessments.models import Alert, Country, Event, Feed, Import, Threshold
from mapro.core.models import User
from tests.watch.conftest import HEADER, Bring, row

ROWS = 100_000 if os.environ.get("MAPRO_FULL") else 6_000


def large(path: Path, count: int, best: int = 1, start: int = 0) -> Path:
    """A file of ``count`` events."""
    with path.open("w", encoding="utf-8") as out:
        out.write(HEADER + "\n")
        for n in range(start, start + count):
            day = date.fromordinal(730_000 + n % 5_000)
            out.write(row(f"e{n}", ("Mali", "Chad")[n % 2], str(day), best, place="x" * 300) + "\n")
    return path


def bring_file(feed: Feed, path: Path) -> Import:
    with path.open("rb") as file:
        imported = actions.start_import(
            feed=feed, file=file, file_name=path.name, by=None, queue=False
        )
    return actions.run_import(imported.pk)


def test_memory_does_not_grow_with_the_file(
    feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of the ids of a file is all that grows: about 100 bytes each."""
    monkeypatch.setattr(applying, "BATCH", 200)
    peaks = []
    bring_file(feed, large(tmp_path / "warm.csv", 300))
    for count in (1_000, ROWS):
        path = large(tmp_path / f"{count}.csv", count)
        tracemalloc.start()
        imported = bring_file(feed, path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert imported.status == "done" and imported.rows_done == count
    assert peaks[1] - peaks[0] < 300 * ROWS  # a row of the file alone has 400 bytes
    assert peaks[1] < 60_000_000


def test_applying_takes_the_same_statements_for_few_and_many(
    feed: Feed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it applies, others wait; so it must not go row by row."""
    counts = []
    for count in (10, 3_000):
        path = large(tmp_path / f"{count}.csv", count, start=count * 10)
        with path.open("rb") as file:
            started = actions.start_import(
                feed=feed, file=file, file_name=path.name, by=None, queue=False
            )
        real, seen = applying._apply, []

        def counted(attempt: applying.Attempt) -> None:
            with CaptureQueriesContext(connection) as caught:
                real(attempt)  # noqa: B023 - called before the loop goes on
            seen.append(len(caught))  # noqa: B023

        monkeypatch.setattr(applying, "_apply", counted)
        assert actions.run_import(started.pk).added == count
        monkeypatch.undo()
        counts += seen
    assert counts[0] == counts[1] <= 20


def test_progress_is_seen_while_the_file_is_read(
    feed: Feed, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    seen: list[int] = []
    real = actions.run_import
    monkeypatch.setattr(
        actions, "run_import",
        lambda pk: real(pk, lambda _: seen.append(Import.objects.get(pk=pk).rows_done)),
    )  # fmt: skip
    bring(*(row(n) for n in range(7)))
    assert seen == [2, 4, 6, 7, 7]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gives when all start at the same time, each with a connection of its own."""
    if connection.vendor != "postgresql":
        pytest.fail("This race needs PostgreSQL; bin/test gives it one.")
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(one, act) for act in acts]]


@pytest.mark.postgres
def test_two_imports_of_one_feed_do_not_interleave(
    seeded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same events in opposite order: one adds them all, the other finds them all."""
    feed = Feed.objects.get(key="generic")
    compared = applying._compared

    def slow(found: Import) -> tuple[int, int, int]:
        counts = compared(found)
        time.sleep(0.3)  # room for the other to come between comparing and writing
        return counts

    monkeypatch.setattr(applying, "_compared", slow)
    there = large(tmp_path / "there.csv", 400)
    header, *rows = there.read_text().splitlines()
    back = tmp_path / "back.csv"
    back.write_text("\n".join([header, *reversed(rows), ""]))
    ended = at_once(lambda: bring_file(feed, there), lambda: bring_file(feed, back))
    assert [i.status for i in ended] == ["done", "done"]
    assert sorted((i.added, i.changed, i.unchanged) for i in ended) == [(0, 0, 400), (400, 0, 0)]
    assert Event.objects.values("imported").distinct().count() == 1


@pytest.mark.postgres
def test_two_checks_at_a_time_raise_one_alert(seeded: None, tmp_path: Path) -> None:
    """Each sees what the other raised, because both wait for the thresholds."""
    keeper = User.objects.create_user("keeper@mapro.example", post="Keeper", watch="edit")
    actions.watch_country(country=Country.objects.get(code="mli"), why="W", by=keeper)
    bring_file(Feed.objects.get(key="generic"), large(tmp_path / "a.csv", 10))
    for kind in ("events", "deaths"):
        actions.set_threshold(name=kind, kind=kind, number=1_000, days=30, by=keeper)
    Threshold.objects.update(number=1)
    raised = at_once(*[actions.check_thresholds] * 4)
    assert sorted(map(len, raised)) == [0, 0, 0, 2]
    assert Alert.objects.count() == 2


@pytest.mark.postgres
def test_of_several_clocks_one_checks(seeded: None) -> None:
    assert sorted(at_once(*[actions.tick] * 4)) == [False, False, False, True]
