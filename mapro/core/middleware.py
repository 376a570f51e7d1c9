"""Middleware of the site: typed errors to answers, and no caching of what signed-in people see."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from mapro.core.errors import MaproError, respond


class ErrorMiddleware:
    """Turns a :class:`MaproError` that left a view into its page or JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for typed errors; anything else is Django's business."""
        return respond(request, error) if isinstance(error, MaproError) else None


class PrivateCacheMiddleware:
    """``no-store`` on every answer that is not a public static file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
