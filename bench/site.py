"""What the benchmarks share: MAPRO and its floor under one gunicorn, data of a given size, timing.

The floor is the smallest Django view that authenticates by session, selects one indexed row and
renders a template; its POST updates a row and writes an audit row. Both run in the same server,
on the same database, in the same run.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def deployment(workers: int = 2) -> Iterator[tuple[int, dict[str, str]]]:
    """A server with MAPRO and the floor in a folder of its own; gives port and environment.

    SQLite unless DATABASE_URL names another database, which is then used as it is.
    """
    with tempfile.TemporaryDirectory(prefix="mapro-bench-") as folder:
        env = os.environ | {
            "MAPRO_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHONPATH": str(ROOT),
        }
        manage = [sys.executable, "-m", "django"]
        subprocess.run([*manage, "migrate", "--no-input"], env=env, check=True, capture_output=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "gunicorn"), "mapro.wsgi:application", "--workers",
             str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
            env=env, cwd=ROOT,
        )  # fmt: skip
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    fetch(port, "GET", "/healthz")
                    break
                time.sleep(0.2)
            yield port, env
        finally:
            server.terminate()
            server.wait(20)


def prepare(env: dict[str, str], code: str) -> dict[str, object]:
    """Run ``code`` in the deployment's Django; it prints one JSON object as its last line."""
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + code], env=env, text=True,
        capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def fetch(
    port: int, method: str, path: str, cookie: str = "", body: str = "", link: HTTPConnection | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, int, int]:  # fmt: skip
    """Send one request; gives status, bytes of the body, and the queries that the site counted."""
    link = link or HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {"Cookie": cookie, "Connection": "keep-alive"} | (headers or {})
    if body:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    link.request(method, path, body or None, sent)
    answer = link.getresponse()
    content = answer.read()
    return answer.status, len(content), int(answer.headers.get("X-Queries", -1))


def timed(act: Callable[[int], object], rounds: int, concurrency: int) -> list[float]:
    """Milliseconds of each of ``rounds`` acts, shared among ``concurrency`` threads."""
    found: list[float] = []
    lock = threading.Lock()
    numbers = iter(range(rounds))

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            begun = time.perf_counter()
            act(number)
            spent = (time.perf_counter() - begun) * 1000
            with lock:
                found.append(spent)

    threads = [threading.Thread(target=work) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def median(found: list[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(found)


def p95(found: list[float]) -> float:
    """The 95th percentile in milliseconds."""
    return sorted(found)[int(len(found) * 0.95)]
