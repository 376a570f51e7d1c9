"""The application of the toolbox and of policy options."""

from django.apps import AppConfig


class DimeConfig(AppConfig):
    """Plugs its registers, sources and routes into planning."""

    name = "dime"

    def ready(self) -> None:
        """Load what registers itself."""
        from dime import plays, plugs, registers, routes  # noqa: F401
