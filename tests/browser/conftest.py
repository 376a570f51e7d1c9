"""A site with its worker, and browsers that may reach nothing else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from mapro.supervisor import Supervisor, embedded

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--disable-quic",
]  # fmt: skip

# Pages that axe looks at right now: it sets styles of its own, which the policy refuses and logs.
AUDITED: set[Page] = set()


@dataclass
class Site:
    """A running MAPRO: where it is, who can sign in, what its processes are."""

    base: str
    var: Path
    accounts: dict[str, dict[str, Any]]
    supervisor: Supervisor
    env: dict[str, str]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The embedded deployment on a free port, with the demo, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="mapro-browser-") as folder:
        env = {
            k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        env["MAPRO_VAR"] = folder

        def manage(*arguments: str) -> str:
            command = [sys.executable, "manage.py", *arguments]
            return subprocess.run(
                command, env=env, check=True, text=True, capture_output=True
            ).stdout

        manage("migrate", "--no-input")
        accounts = {a["role"]: a for a in json.loads(manage("seed_demo", "--json"))}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(env)
        supervisor = Supervisor(embedded(port), quiet=True)
        supervisor.start()
        os.environ.clear()
        os.environ.update(before)
        base = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: answers(f"{base}/readyz"), 60)
            yield Site(base, Path(folder), accounts, supervisor, env)
        finally:
            supervisor.stop()


def answers(address: str) -> bool:
    """Whether the address answers 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait until ``holds()``; fails the test after ``seconds``."""
    limit = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > limit:
            pytest.fail(f"did not come true within {seconds} s")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium of the system."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=os.environ.get("MAPRO_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )


@dataclass
class Office:
    """Browser sessions of several people, and every address that they asked for."""

    site: Site
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def sign_in(self, who: str, **options: Any) -> Page:
        """A page of a person who signs in as a user does."""
        if who in self.pages:
            return self.pages[who]
        page = self.new_page(**options)
        page.goto(f"{self.site.base}/accounts/login/")
        page.get_by_label("Email").fill(self.site.accounts[who]["email"])
        page.get_by_label("Password").fill(self.site.accounts[who]["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="My work").wait_for()
        self.pages[who] = page
        return page

    def new_page(self, **options: Any) -> Page:
        """A page in a session of its own; what it asks for and complains of is kept."""
        context = self.browser.new_context(accept_downloads=True, **options)
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console",
            lambda line: (
                self.trouble.append(f"{page.url}: {line.text}")
                if line.type == "error"
                and page not in AUDITED
                and "status of 4" not in line.text
                and "ERR_INTERNET" not in line.text
                else None
            ),
        )
        return page

    def outside(self) -> list[str]:
        """Addresses outside the site that were asked for."""
        return [a for a in self.asked if not a.startswith((self.site.base, "data:", "blob:"))]


@pytest.fixture
def office(site: Site, chromium: Browser) -> Iterator[Office]:
    """The people's browsers."""
    found = Office(site, chromium)
    yield found
    for context in found.contexts:
        context.close()
