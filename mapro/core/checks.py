"""Production mode refuses to start on an insecure setting and says which."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured


def refuse_insecure_settings() -> None:
    """Raise ImproperlyConfigured with everything that is wrong, for any process that starts."""
    wrong = insecure_settings()
    if wrong:
        raise ImproperlyConfigured(" ".join(f"{e.msg} {e.hint}" for e in wrong))


def insecure_settings() -> list[Error]:
    """What only a demo may run with."""
    if settings.MAPRO_MODE not in {"demo", "production"}:
        return [
            Error(
                f"MAPRO_MODE is {settings.MAPRO_MODE!r}.",
                hint="Set it to demo or production.",
                id="mapro.E000",
            )
        ]
    if settings.MAPRO_MODE != "production":
        return []
    wrong = []
    if len(settings.SECRET_KEY) < 50:  # noqa: PLR2004 - Django's own floor
        wrong.append(("SECRET_KEY is missing or short", "Set 50 random characters or more.", 1))
    if settings.DEBUG:
        wrong.append(("DEBUG is on", "Unset DEBUG.", 2))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        wrong.append(("ALLOWED_HOSTS is open", "Name the site's host names.", 3))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        wrong.append(("DATABASE_URL names no server", "Set DATABASE_URL to PostgreSQL.", 4))
    return [Error(f"{what}.", hint=mend, id=f"mapro.E00{n}") for what, mend, n in wrong]
