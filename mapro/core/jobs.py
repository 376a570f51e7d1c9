"""Background jobs: an outbox row in the request's transaction, a doorbell after it.

``enqueue`` never touches the broker in the request: a daemon thread rings, and when the broker is
down or frozen the sweep rings later. ``run`` claims the row by a lease, so that a job which is
rung twice, or whose worker was killed, is still done once at a time. Handlers are idempotent and
load by key.
"""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from mapro.core.models import Job

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)  # a dead worker's job is free again after this
RENEW_EVERY = 4.0  # seconds
RING_AGAIN = timedelta(seconds=10)
MAX_ATTEMPTS = 5


class JobFailed(Exception):
    """The job cannot succeed; the message is shown to the user. It is not tried again."""


@dataclass(frozen=True)
class Handler:
    """What a job name stands for."""

    run: Callable[[str], None]
    failed: Callable[[str, str], None]


HANDLERS: dict[str, Handler] = {}


def job(name: str, *, failed: Callable[[str, str], None]) -> Callable[..., Callable[[str], None]]:
    """Register a handler; ``failed(key, reason)`` is called when the job is given up."""

    def register(function: Callable[[str], None]) -> Callable[[str], None]:
        HANDLERS[name] = Handler(function, failed)
        return function

    return register


def enqueue(name: str, *keys: object) -> list[Job]:
    """Write a job's row for each key in the caller's transaction; ring once that has committed."""
    return enqueue_all([(name, key) for key in keys])


def enqueue_all(wanted: Sequence[tuple[str, object]]) -> list[Job]:
    """The same for jobs of several names, given as (name, key). One query, none for none."""
    ring_at = timezone.now() + RING_AGAIN
    rows = Job.objects.bulk_create(
        Job(name=name, key=str(key), ring_at=ring_at) for name, key in wanted
    )
    for row in rows:
        transaction.on_commit(partial(_doorbell.ring, row.pk))
    return rows


class _Doorbell:
    """Publishes job numbers to the broker from a thread of its own."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[int] = queue.Queue(maxsize=1_000)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self, pk: int) -> None:
        """Queue a ring; never waits. A full queue is left to the sweep."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="doorbell", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(pk)
        except queue.Full:
            log.warning("doorbell is full; job %s waits for the sweep", pk)

    def _serve(self) -> None:
        from mapro.core.tasks import run_job

        while True:
            pk = self._waiting.get()
            try:
                run_job.apply_async(args=[pk], retry=False, expires=120)
            except Exception as error:  # noqa: BLE001 - any broker trouble is left to the sweep
                log.warning("the broker did not take job %s: %s", pk, error)


_doorbell = _Doorbell()


def sweep() -> int:
    """Ring again for every job that is overdue; returns how many."""
    now = timezone.now()
    overdue = list(
        Job.objects.filter(finished_at=None, ring_at__lt=now)
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .order_by("pk")
        .values_list("pk", flat=True)[:200]
    )
    Job.objects.filter(pk__in=overdue).update(ring_at=now + RING_AGAIN)
    for pk in overdue:
        _doorbell.ring(pk)
    return len(overdue)


def run(pk: int) -> bool:
    """Do one job if it is free. Returns False when it is done, held by another, or given up."""
    now = timezone.now()
    token = uuid.uuid4()
    claimed = (
        Job.objects.filter(pk=pk, finished_at=None)
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .update(lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    row = Job.objects.get(pk=pk)
    handler = HANDLERS[row.name]
    reason = ""
    if row.attempts > MAX_ATTEMPTS:
        reason = f"The worker stopped {MAX_ATTEMPTS} times during this job."
    else:
        try:
            with _lease_renewed(pk, token):
                handler.run(row.key)
        except JobFailed as error:
            reason = str(error)
        except Exception:
            log.exception("job %s failed", row)
            reason = f"An unexpected fault stopped this job. Reference: job {row.pk}."
    with transaction.atomic():
        held = Job.objects.filter(pk=pk, lease_token=token).update(
            finished_at=timezone.now(), lease_until=None, error=reason
        )
        if held and reason:
            handler.failed(row.key, reason)
    return bool(held) and not reason


@contextmanager
def _lease_renewed(pk: int, token: uuid.UUID) -> Iterator[None]:
    """Renew the lease from a thread while the handler runs."""
    stop = threading.Event()

    def renew() -> None:
        try:
            while not stop.wait(RENEW_EVERY):
                close_old_connections()
                Job.objects.filter(pk=pk, lease_token=token).update(
                    lease_until=timezone.now() + LEASE
                )
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=RENEW_EVERY)
