"""Runs the web server and the worker of the embedded deployment, and keeps both alive.

Ctrl-C or SIGTERM ends both: the worker finishes what it renders (a warm shutdown), within a limit.
A process that ends by itself is reported and started again. Standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

STOP_WITHIN = 20.0  # seconds until a process that will not end is killed
STEADY = 30.0  # seconds after which a restart counts as a first one again
LONGEST_WAIT = 30.0


@dataclass
class Service:
    """A process to keep running."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    wait: float = 1.0
    due: float = 0.0
    lines: list[str] = field(default_factory=list)


class Supervisor:
    """Starts services, prefixes their output, restarts them, stops them together."""

    def __init__(self, services: list[Service], *, quiet: bool = False) -> None:
        """With ``quiet`` output is kept and not printed; see ``Service.lines``."""
        self.services = services
        self.quiet = quiet
        self.environment = dict(os.environ)  # a restarted process gets what the first one got
        self.stopping = False

    def say(self, words: str) -> None:
        """Print a line of the supervisor's own."""
        if not self.quiet:
            print(words, flush=True)

    def start(self) -> None:
        """Start every service."""
        for service in self.services:
            self._launch(service)

    def _launch(self, service: Service) -> None:
        # A group of its own: Ctrl-C reaches this process alone, which then ends the others in order.
        service.process = subprocess.Popen(  # noqa: S603
            service.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
            env=self.environment,
        )  # fmt: skip
        service.started = time.monotonic()
        threading.Thread(target=self._follow, args=(service, service.process), daemon=True).start()

    def _follow(self, service: Service, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
        for line in process.stdout:
            service.lines.append(line.rstrip())
            del service.lines[:-200]
            self.say(f"{service.name:7}| {line.rstrip()}")

    def run(self) -> None:
        """Watch until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked)
        while not self.stopping:
            self.watch()
            time.sleep(0.2)
        self.stop()

    def _asked(self, *_: object) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Restart what ended by itself, a little later each time that it ends soon."""
        now = time.monotonic()
        for service in self.services:
            process = service.process
            if process is not None and process.poll() is not None:
                if now - service.started > STEADY:
                    service.wait = 1.0
                self.say(
                    f"{service.name} ended with code {process.returncode}; "
                    f"starting it again in {service.wait:.0f} s"
                )
                _signal(process, signal.SIGKILL)  # children that outlived it
                service.process, service.due = None, now + service.wait
                service.wait = min(service.wait * 2, LONGEST_WAIT)
            elif process is None and now >= service.due:
                self._launch(service)

    def stop(self) -> None:
        """End every service; the worker may finish the job that it holds."""
        self.stopping = True
        self.say("Stopping …")
        running = [s for s in self.services if s.process is not None]
        for service in running:
            assert service.process is not None  # noqa: S101
            if service.process.poll() is None:
                service.process.terminate()
        limit = time.monotonic() + STOP_WITHIN
        for service in running:
            assert service.process is not None  # noqa: S101
            try:
                service.process.wait(max(limit - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                self.say(f"{service.name} did not end in {STOP_WITHIN:.0f} s; it is killed")
            _signal(service.process, signal.SIGKILL)
            service.process.wait()
        self.say("Stopped.")


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to the whole group that ``process`` leads, if anything of it is left."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def embedded(port: int, host: str = "127.0.0.1") -> list[Service]:
    """The two services of the embedded deployment.

    The site is loaded once and forked: on two cores that takes a second and more off each start.
    Whoever starts the demo as root knows it, and needs no page of Celery's about it.
    """
    python = sys.executable
    beside = Path(python).parent
    return [
        Service(
            "web",
            [
                str(beside / "gunicorn"), "mapro.wsgi:application", "--bind", f"{host}:{port}",
                "--preload", "--workers", "2", "--max-requests", "20000",
                "--max-requests-jitter", "2000", "--graceful-timeout", "10", "--log-level", "warning",
            ],
        ),
        Service(
            "worker",
            [
                python, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet",
                "-A", "mapro", "worker", "--beat", "--pool", "prefork", "--concurrency", "1",
                "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
            ],
        ),
    ]  # fmt: skip
