"""The errors that a user can meet, each mapped once to HTML and JSON.

Anything a rule refuses raises a :class:`MaproError`. ``ErrorMiddleware`` and
``api_exception_handler`` turn it into the page or the JSON body; no view catches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Objection:
    """One reason why a gate does not open, and where it is mended.

    ``blocks`` is False for a warning. ``url`` leads to the place that mends it, if there is one.
    """

    code: str
    message: str
    blocks: bool = True
    url: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The objection as the API shows it."""
        return {
            "code": self.code, "message": self.message, "blocks": self.blocks, "url": self.url,
        }  # fmt: skip


class MaproError(Exception):
    """A refusal that the user can understand. ``status`` is the HTTP status."""

    status = 400
    code = "refused"
    title = "This was refused"

    def __init__(self, message: str = "", **extra: Any) -> None:
        """``message`` says what is wrong and how to mend it; ``extra`` goes into the JSON body."""
        super().__init__(message or self.title)
        self.message = message or self.title
        self.extra = extra

    def as_dict(self) -> dict[str, Any]:
        """The JSON body."""
        return {"code": self.code, "title": self.title, "detail": self.message, **self.extra}


class NotVisible(MaproError):
    """Not there, or not yours: the answer is the same."""

    status = 404
    code = "not_found"
    title = "Page not found"

    def __init__(self) -> None:
        super().__init__("There is nothing at this address that you may see.")


class NotAllowed(MaproError):
    """You may see it, but your role does not allow this act."""

    status = 403
    code = "not_allowed"
    title = "Your role does not allow this"


class SignInNeeded(MaproError):
    """Nobody is signed in."""

    status = 401
    code = "sign_in_needed"
    title = "Sign in first"


class WrongState(MaproError):
    """Allowed to your role, but not in the state that the thing is in now."""

    status = 409
    code = "wrong_state"
    title = "This cannot be done now"


class GateClosed(MaproError):
    """The gate of a step objects. Carries every objection, warnings too."""

    status = 409
    code = "gate_closed"
    title = "The gate does not open yet"

    def __init__(self, objections: Iterable[Objection]) -> None:
        self.objections = tuple(objections)
        blocking = sum(o.blocks for o in self.objections)
        noun = "objection" if blocking == 1 else "objections"
        super().__init__(
            f"{blocking} {noun} to mend first.",
            objections=[o.as_dict() for o in self.objections],
        )


class StaleSave(MaproError):
    """Somebody saved this text after you opened it. Carries both texts, so nothing is lost."""

    status = 409
    code = "stale_save"
    title = "Changed while you wrote"

    def __init__(
        self, *, yours: str, theirs: str, merged: str | None, revision: int, by: str, at: str
    ) -> None:
        """``merged`` holds both changes where they do not touch, else None."""
        super().__init__(
            f"{by} saved this section after you opened it. Nothing is lost: compare both texts.",
            yours=yours,
            theirs=theirs,
            merged=merged,
            revision=revision,
            by=by,
            at=at,
        )


class ContentChanged(MaproError):
    """The text that a vote or decision names is no longer the text at hand."""

    status = 409
    code = "content_changed"
    title = "The text changed since the package was frozen"


class NotCarried(MaproError):
    """The way of deciding asks for more votes, or more time, than there were."""

    status = 409
    code = "not_carried"
    title = "The board has not carried this yet"


class Invalid(MaproError):
    """Bad input. ``fields`` maps a field name to its messages."""

    status = 400
    code = "invalid"
    title = "Something needs mending"

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()), fields=self.fields)


class TooLarge(MaproError):
    """More than the place holds."""

    status = 413
    code = "too_large"
    title = "Too much text for one section"


def respond(request: HttpRequest, error: MaproError) -> HttpResponse:
    """The answer to ``error`` for a page, an htmx partial or a JSON client."""
    if request.path.startswith("/api/") or request.headers.get("Accept") == "application/json":
        return JsonResponse(error.as_dict(), status=error.status)
    template = f"errors/{error.code}.html"
    return render(
        request, [template, f"{error.status}.html", "errors/refused.html"], {"error": error},
        status=error.status,
    )  # fmt: skip


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's hook: typed errors as JSON, DRF's own errors in the same shape."""
    from rest_framework.exceptions import ErrorDetail, ValidationError
    from rest_framework.views import exception_handler

    if isinstance(exc, MaproError):
        return JsonResponse(exc.as_dict(), status=exc.status)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        fields = {
            str(name): " ".join(str(m) for m in messages)
            if isinstance(messages, list)
            else str(messages)
            for name, messages in (
                exc.detail.items() if isinstance(exc.detail, dict) else [("body", exc.detail)]
            )
        }
        response.data = Invalid(fields).as_dict()
    elif isinstance(response.data, dict) and "detail" in response.data:
        detail = response.data["detail"]
        code = detail.code if isinstance(detail, ErrorDetail) else "refused"
        if response.status_code == NotVisible.status:
            response.data = NotVisible().as_dict()
        else:
            response.data = {"code": code, "title": str(detail), "detail": str(detail)}
    return response
