"""The Celery tasks: run one job, ring for overdue ones, show that the worker lives."""

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from mapro.core import jobs
from mapro.core.models import Heartbeat


@shared_task(name="mapro.run_job")
def run_job(pk: int) -> None:
    """Do the job with this number, if nobody else is doing it."""
    jobs.run(pk)


@shared_task(name="mapro.sweep")
def sweep() -> None:
    """Ring for overdue jobs and leave the worker's sign of life."""
    beat()
    jobs.sweep()


def beat() -> None:
    """Record that a worker is alive now."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@worker_ready.connect
def on_ready(**_: object) -> None:
    """A worker that has just started counts as alive, and rings for what waited."""
    beat()
    jobs.sweep()
