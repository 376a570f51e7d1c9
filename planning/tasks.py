"""The background jobs of planning: load by key, call an action."""

from __future__ import annotations

from celery.signals import worker_process_init

from mapro.core.jobs import job
from planning.actions import press, rendition
from planning.rendering import pdf


def _render_failed(key: str, reason: str) -> None:
    press.fail_rendition(int(key), reason)


@job(rendition.JOB, failed=_render_failed)
def render(key: str) -> None:
    """Make the rendition with this key."""
    press.make_rendition(int(key))


@worker_process_init.connect
def warm_up(**_: object) -> None:
    """Load fonts and style sheets once, so that the first memo is as quick as the next."""
    pdf.warm()
