"""The planning application: efforts, steps, gates and products."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Registers the system checks and the background jobs."""

    name = "planning"

    def ready(self) -> None:
        """Load what registers itself."""
        from planning import checks, tasks  # noqa: F401
