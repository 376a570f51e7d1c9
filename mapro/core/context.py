"""What every page of the site knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The mode of the deployment, for the demo's hints."""
    return {"demo": settings.MAPRO_MODE == "demo"}
