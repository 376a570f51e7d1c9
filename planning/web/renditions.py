"""Files: ask for one, watch it being made, download it, try again."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core import files
from mapro.core.db import atomic
from mapro.core.errors import WrongState
from planning import actions, selectors
from planning.actions.freeze import freeze
from planning.policies import access_product, access_rendition
from planning.vocabulary import RenditionStatus
from planning.web.frame import effort_context, perm, person


def export(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Freeze the draft and have its PDF made; the same text is made once."""
    with atomic():
        product = access_product(person(request), slug, key, to=perm(request), lock=True)
        version = freeze(product=product, by=person(request))
        made = actions.request_rendition(version=version, by=person(request))
    return redirect("rendition", made.pk)


def rendition(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is; htmx asks again while it is being made."""
    found = access_rendition(person(request), to=perm(request), pk=pk)
    if request.headers.get("HX-Request"):
        context = {"rendition": found, "can": {}}
        return render(request, "planning/_rendition.html", context)
    product = found.version.product
    context = effort_context(request, product.effort, "products", product.step) | {
        "rendition": found, "product": product,
    }  # fmt: skip
    return render(request, "planning/rendition.html", context)


def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself. Rights are checked at each download."""
    found = access_rendition(person(request), to=perm(request), pk=pk)
    if found.state is not RenditionStatus.READY:
        raise WrongState("This file is not ready yet. Its page shows how far it is.")
    return FileResponse(
        files.path(found.file).open("rb"),
        as_attachment="inline" not in request.GET,
        filename=selectors.filename(found),
        content_type="application/pdf",
    )


def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed file again."""
    with atomic():
        found = access_rendition(person(request), to=perm(request), pk=pk)
        actions.retry_rendition(rendition=found, by=person(request))
    messages.success(request, "The file is queued again.")
    return redirect("rendition", pk)
