"""The application of objectives and lines of effort."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Plugs its registers into planning."""

    name = "planning.strategy"
    label = "strategy"

    def ready(self) -> None:
        """Load what registers itself."""
        from planning.strategy import plugs  # noqa: F401
