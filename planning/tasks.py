"""The background jobs of planning: load by key, call an action."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.signals import worker_process_init

from mapro.core.jobs import job
from planning.actions import clock, notice, press, rendition
from planning.rendering import pdf

log = logging.getLogger(__name__)


def _render_failed(key: str, reason: str) -> None:
    press.fail_rendition(int(key), reason)


@job(rendition.JOB, failed=_render_failed)
def render(key: str) -> None:
    """Make the rendition with this key."""
    press.make_rendition(int(key))


def _mail_failed(key: str, reason: str) -> None:
    log.warning("mail %s was not sent: %s", key, reason)


@job(rendition.MAIL, failed=_mail_failed)
def mail(key: str) -> None:
    """Send the mail with this key."""
    notice.send(key)


@shared_task(name="planning.tick")
def tick() -> None:
    """End silence procedures and remind whoever is late."""
    clock.tick()


@worker_process_init.connect
def warm_up(**_: object) -> None:
    """Load fonts and style sheets once, so that the first memo is as quick as the next."""
    pdf.warm()
