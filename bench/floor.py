"""The floor: the least that a page, and a save, can cost under this server."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template import engines
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from mapro.core.models import AuditEvent, Organization
from planning.models import SectionDraft

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>{{ o.name }}</title><h1>{{ o.name }}</h1><p>{{ o.acronym }}</p>"
)


def page(request: HttpRequest) -> HttpResponse:
    """Session, one indexed row, one template."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    found = Organization.objects.get(code="cso")
    return HttpResponse(TEMPLATE.render({"o": found}, request))


@csrf_exempt
def post(request: HttpRequest) -> HttpResponse:
    """Session, one row updated, one audit row written, in a transaction."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    pk = int(request.POST["pk"])
    with transaction.atomic():
        SectionDraft.objects.filter(pk=pk).update(updated_at=timezone.now())
        last = AuditEvent.objects.filter(stream="floor").order_by("-seq").first()
        AuditEvent(
            stream="floor", seq=last.seq + 1 if last else 1, at=timezone.now(), code="floor",
            actor="floor", subject="floor", prev_hash="", hash="",
        ).save()  # fmt: skip
    return HttpResponse("ok")


class CountQueries:
    """Says in a header how many queries a request made; outermost, so that it sees them all.

    The transaction's own bookkeeping is left out, as in the pinned counts of the tests.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Callable[..., object], sql: str, *args: object) -> object:
            nonlocal count
            count += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"))
            return execute(sql, *args)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response["X-Queries"] = str(count)
        return response
