"""Files: ask for one, watch it being made, download it, try again; the library of all."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, selectors
from planning.actions.freeze import freeze
from planning.actions.rendition import MEMO_FORMATS, request_decision_memo
from planning.models import Rendition, Submission
from planning.policies import access_effort, access_product, access_rendition
from planning.vocabulary import Format, RenditionKind, RenditionStatus
from planning.web.frame import effort_context, perm, person

EDITIONS = ("approved", "current")


def export(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A product in a format and layout: the approved version, or the draft, which is frozen.

    The same text is made once; a file that is there is answered at once.
    """
    form = request.POST.get("format") or str(Format.PDF)
    if form not in set(Format):
        raise Invalid({"format": "Choose a format from the list."})
    number = request.POST.get("version", "")
    with atomic():
        product = access_product(person(request), slug, key, to=perm(request), lock=True)
        if number == "approved":
            version = product.approved_version
        elif number:
            version = product.versions.filter(
                number=int(number) if number.isdecimal() else 0
            ).first()
        else:
            version = freeze(product=product, by=person(request))
        if version is None:
            raise Invalid({"version": "There is no such version of this product."})
        version.product = product
        made = actions.request_rendition(
            version=version, by=person(request), form=Format(form),
            layout=request.POST.get("layout", ""),
        )  # fmt: skip
    return redirect("rendition-file" if _ready(made) else "rendition", made.pk)


def export_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """A binder or a ZIP of the approved products, or of all as they are now; or a decision memo."""
    kind, edition = request.POST.get("kind", ""), request.POST.get("edition", "")
    if kind == RenditionKind.DECISION:
        return _export_memo(request, slug)
    if kind not in {RenditionKind.BINDER, RenditionKind.ARCHIVE} or edition not in EDITIONS:
        raise Invalid({"edition": "Choose a binder or a ZIP, of the approved or current products."})
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            versions = (
                actions.latest_approved(effort)
                if edition == "approved"
                else actions.freeze_current(effort=effort, by=person(request))
            )
            made = actions.request_collection(
                effort=effort, versions=versions, kind=RenditionKind(kind), edition=edition,
                by=person(request),
            )  # fmt: skip
    except Invalid as error:
        messages.error(request, error.message)
        return redirect("library", slug)
    return redirect("rendition", made.pk)


def _export_memo(request: HttpRequest, slug: str) -> HttpResponse:
    """The memo of one submission's decision in the format that was asked for."""
    form, key = request.POST.get("format", ""), request.POST.get("submission", "")
    if form not in set(Format):
        raise Invalid({"format": "Choose a format from the list."})
    with atomic():
        effort = access_effort(person(request), slug, to=perm(request), lock=True)
        rows = Submission.objects.filter(step__effort=effort, pk=int(key) if key.isdecimal() else 0)
        submission = rows.select_related("step").first()
        if submission is None:
            raise NotVisible
        made = request_decision_memo(submission=submission, form=Format(form), by=person(request))
    return redirect("rendition-file" if _ready(made) else "rendition", made.pk)


def _ready(found: Rendition) -> bool:
    return found.state is RenditionStatus.READY


def rendition(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is; htmx asks again while it is being made."""
    found = access_rendition(person(request), to=perm(request), pk=pk)
    if request.headers.get("HX-Request"):
        context = {"rendition": found, "can": {}}
        return render(request, "planning/_rendition.html", context)
    context = effort_context(request, found.effort, "library") | {
        "rendition": found,
        "others": [f for f in MEMO_FORMATS if found.submission is not None and f != found.form],
    }
    return render(request, "planning/rendition.html", context)


def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself. Rights are checked at each download."""
    found = access_rendition(person(request), to=perm(request), pk=pk)
    return selectors.download(found, inline="inline" in request.GET)


def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed or cancelled file again."""
    with atomic():
        found = access_rendition(person(request), to=perm(request), pk=pk)
        actions.retry_rendition(rendition=found, by=person(request))
    messages.success(request, "The file is queued again.")
    return redirect("rendition", pk)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a file that is not made yet."""
    with atomic():
        found = access_rendition(person(request), to=perm(request), pk=pk)
        actions.cancel_rendition(rendition=found, by=person(request))
    messages.success(request, "The file is cancelled.")
    return redirect("rendition", pk)


def all_files(request: HttpRequest, slug: str) -> HttpResponse:
    """Every file of the effort: what, when, for whom, with its hash."""
    effort = access_effort(person(request), slug, to=perm(request))
    before = request.GET.get("before", "")
    chosen = {name: request.GET.get(name, "") for name in ("kind", "format", "product")}
    rows = selectors.files_of(
        effort, before=int(before) if before.isdecimal() else None, kind=chosen["kind"],
        form=chosen["format"], product=chosen["product"],
    )  # fmt: skip
    page = rows[: selectors.PAGE]
    for row in page:
        row.effort = effort
    context = effort_context(request, effort, "library") | {
        "rows": page,
        "next_before": page[-1].pk if len(rows) > selectors.PAGE else None,
        "kinds": list(RenditionKind),
        "formats": list(Format),
        "products": effort.products.order_by("step__number", "key"),
        "chosen": chosen,
        "filtered": any(chosen.values()),
    }
    return render(request, "planning/library.html", context)
