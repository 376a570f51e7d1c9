"""The background jobs of the watch: load by key, call an action."""

from __future__ import annotations

from assessments import actions
from mapro.core.jobs import job
from planning.actions import clock


def _import_failed(key: str, reason: str) -> None:
    actions.fail_import(int(key), reason)


@job(actions.JOB, failed=_import_failed)
def import_events(key: str) -> None:
    """Do the import with this key."""
    actions.run_import(int(key))


clock.every_tick(actions.tick)
