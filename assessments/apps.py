"""The application of the watch and of the situation analysis."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Plugs its registers, sources and routes into planning."""

    name = "assessments"

    def ready(self) -> None:
        """Load what registers itself."""
        from assessments import plays, plugs, registers, routes, tasks  # noqa: F401
