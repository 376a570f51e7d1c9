"""Fixtures that every leg shares: fast passwords, a storage of one's own, Country X."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from hypothesis import settings as hypothesis

from mapro.core import seeds
from mapro.core.models import Marking, Organization
from tests.world import PASSWORD, World, build

# The short form tries the same examples each time, so that a change is judged by what it changed;
# bin/test --full looks for new ones.
hypothesis.register_profile("short", derandomize=True, deadline=None)
hypothesis.register_profile("full", max_examples=2_000, deadline=None)
hypothesis.load_profile("full" if os.environ.get("MAPRO_FULL") else "short")


@pytest.fixture(autouse=True)
def _light(settings: Any, tmp_path: Path) -> None:
    """Cheap password hashes, files below the test's folder, no broker."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture(autouse=True)
def _silent_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do their jobs by hand; nothing is published."""
    from mapro.core import jobs

    monkeypatch.setattr(jobs._doorbell, "ring", lambda pk: None)


@pytest.fixture(autouse=True)
def _fresh_storages() -> Iterator[None]:
    """Forget the storage of the test before."""
    yield
    storages._storages = {}


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """The same for tests that need real transactions: what other connections see too."""
    seeds.load(Organization, Marking)
    return build(PASSWORD)


@pytest.fixture
def world(db: None) -> World:
    """Country X staged at Step 1, with everybody on the team and an outsider's effort."""
    return build()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many cells of the permission matrix were walked, and how many were wrong."""
    found = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "matrix" and report.when == "call"
    ]
    if found:
        cells, wrong = sum(f[1] for f in found), sum(f[2] for f in found)
        states = ", ".join(f"{state} {n}" for state, n, _ in sorted(found))
        terminalreporter.write_line(f"permission matrix: {cells} cells, {wrong} wrong ({states})")
