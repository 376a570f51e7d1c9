"""The core application: people, organizations, markings, audit, jobs."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Refuses to start on an insecure setting."""

    name = "mapro.core"
    label = "core"

    def ready(self) -> None:
        """Look at the settings before anything is served."""
        from mapro.core.checks import refuse_insecure_settings

        refuse_insecure_settings()
