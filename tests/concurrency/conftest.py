"""The races' database and their counts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.world import World


@pytest.fixture(autouse=True)
def _real_database(live_world: World) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.fail("The races need PostgreSQL; bin/test gives them one.")
    yield


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Iterator[Counter[str]]:
    """Count what happened; the counts are printed with the time that it took."""
    counts: Counter[str] = Counter()
    began = time.monotonic()
    yield counts
    with capsys.disabled():
        found = ", ".join(f"{word} {n}" for word, n in sorted(counts.items()))
        print(f"\n  {found}; {time.monotonic() - began:.0f} s", end="")
