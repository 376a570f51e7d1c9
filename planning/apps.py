"""The planning application: efforts, steps, gates and products."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlanningConfig(AppConfig):
    """Registers the system checks and the background jobs."""

    name = "planning"

    def ready(self) -> None:
        """Load what registers itself."""
        from planning import checks, sources, tasks  # noqa: F401

        post_migrate.connect(_grant_what_is_new, sender=self)


def _grant_what_is_new(**_: Any) -> None:
    """A permission that came with an upgrade reaches the efforts that were open before."""
    from planning import grants

    grants.reconcile()
