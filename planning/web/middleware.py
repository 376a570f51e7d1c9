"""Every request meets the route table before its view: what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url

from mapro.core.errors import NotAllowed, NotVisible, SignInNeeded, respond
from mapro.core.models import User
from planning.policies import plans
from planning.routes import ROUTES, Open
from planning.vocabulary import Perm


class PolicyMiddleware:
    """Sets ``request.perm`` to what the route and method take, or refuses.

    Anonymous people are sent to sign in (401 for htmx and JSON). API routes carry tokens that DRF
    reads later, so there the sign-in is the API's own business.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what the table does not allow."""
        match = request.resolver_match
        methods = ROUTES.get(match.view_name) if match else None
        if methods is None:
            return respond(request, NotVisible())
        method = "GET" if request.method == "HEAD" else request.method or ""
        needed = methods.get(method)
        if needed is Open.PUBLIC:
            return None
        request.perm = needed  # type: ignore[attr-defined]
        if request.path.startswith("/api/v1/"):
            return None if needed else HttpResponseNotAllowed(list(methods))
        if not request.user.is_authenticated:
            return _sign_in(request)
        if needed is None:
            return HttpResponseNotAllowed(list(methods))
        return _refuse_site_wide(request, needed)


def _refuse_site_wide(request: HttpRequest, needed: Perm | Open) -> HttpResponse | None:
    """What depends on the person alone; rights in an effort are checked where it is fetched."""
    if needed is Open.ADMIN and not request.user.is_staff:
        return respond(request, NotVisible())
    if needed is Open.PLANNER and not plans(request.user):
        return respond(request, NotVisible())
    if needed in {Open.WATCH, Open.WATCH_EDIT} and not getattr(request.user, "watch", ""):
        return respond(request, NotVisible())
    if needed is Open.WATCH_EDIT and getattr(request.user, "watch", "") != User.Watch.EDIT:
        return respond(request, NotAllowed("An administrator has to let you keep the watch."))
    if needed is Open.OPENER and not getattr(request.user, "can_open_efforts", False):
        return respond(request, NotAllowed("An administrator has to allow you to open efforts."))
    return None


def _sign_in(request: HttpRequest) -> HttpResponse:
    wants_partial = request.headers.get("HX-Request") or request.headers.get("X-Autosave")
    if wants_partial or request.path.startswith("/api/"):
        return respond(
            request,
            SignInNeeded("You are signed out. What you typed is kept in this browser; sign in."),
        )
    target = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}")
