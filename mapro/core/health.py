"""``/healthz``: the process lives. ``/readyz``: everything it needs is there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from mapro.celery import app
from mapro.core import files
from mapro.core.models import Heartbeat

log = logging.getLogger(__name__)

WORKER_SILENT = timedelta(seconds=45)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def database() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def broker() -> bool:
    """Whether the broker takes a connection within a second."""
    with app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=1)
    return True


def worker() -> bool:
    """Whether a worker showed life lately."""
    return Heartbeat.objects.filter(name="worker", at__gt=timezone.now() - WORKER_SILENT).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "broker": broker,
    "storage": files.writable,
    "worker": worker,
}


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (Error, OSError) as error:
        log.warning("not ready: %s: %s", name, error)
        return False


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all four hold, else 503; the body says which does not."""
    found = {name: _holds(name, check) for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if holds else "failed" for name, holds in found.items()},
        status=200 if all(found.values()) else 503,
    )
