"""Kill the worker in the middle of a render: the file is there once, after its restart."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time

import pytest

from tests.browser.conftest import Office, Site, wait_until

pytestmark = pytest.mark.browser


def rows(site: Site, query: str) -> list[tuple[object, ...]]:
    """What the database says, read beside the running site."""
    with sqlite3.connect(f"file:{site.var}/mapro.sqlite3?mode=ro", uri=True, timeout=20) as link:
        return link.execute(query).fetchall()


def test_a_killed_worker_comes_back_and_makes_the_file_once(office: Office) -> None:
    site = office.site
    worker = next(s for s in site.supervisor.services if s.name == "worker")
    lead = office.sign_in("lead")
    lead.goto(f"{site.base}/efforts/country-x/products/tab-01/preview/")
    assert worker.process is not None
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker.process.pid)], text=True, capture_output=True,
        check=True,
    ).stdout.split()  # fmt: skip
    for pid in map(int, children):
        os.kill(pid, signal.SIGSTOP)  # the render will hang in its middle
    lead.get_by_role("button", name="Export").click()
    for pid in map(int, children):
        os.kill(pid, signal.SIGCONT)
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        if rows(
            site, "SELECT 1 FROM core_job WHERE lease_token IS NOT NULL AND finished_at IS NULL"
        ):
            break
    os.killpg(worker.process.pid, signal.SIGKILL)
    killed, restarted = worker.process.pid, time.monotonic()
    while worker.process is None or worker.process.pid == killed:
        site.supervisor.watch()  # sees that it ended, and starts it again
        time.sleep(0.2)
    wait_until(lambda: rows(site, "SELECT status FROM planning_rendition") == [("ready",)], 60)
    assert time.monotonic() - restarted < 60
    assert rows(site, "SELECT count(*) FROM core_auditevent WHERE code = 'rendition.made'") == [
        (1,)
    ]
    assert len(list((site.var / "files" / "renditions").iterdir())) == 1
    lead.reload()
    lead.get_by_role("link", name="Download PDF").wait_for(timeout=15_000)
