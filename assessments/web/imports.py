"""Imports: bring a file, watch it go in, see what is wrong with it, try again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments import actions
from assessments.models import Import
from assessments.web import reads
from assessments.web.forms import ImportForm
from assessments.web.frame import PAGE, frame, key
from mapro.core.errors import Invalid, NotVisible, TooLarge
from planning.web.frame import person


def imports(request: HttpRequest) -> HttpResponse:
    """Every file that was brought, newest first, 50 a page by key."""
    before = request.GET.get("before", "")
    rows = reads.imports_page(key(before))
    page = rows[:PAGE]
    context = frame(request, "feeds") | {
        "rows": page,
        "before": before,
        "next_before": page[-1].pk if len(rows) > PAGE else None,
    }
    return render(request, "assessments/imports.html", context)


def start(request: HttpRequest) -> HttpResponse:
    """Bring a file; a worker reads it."""
    form = ImportForm(
        request.POST or None, request.FILES or None, initial={"feed": request.GET.get("feed")}
    )
    if request.method == "POST" and form.is_valid():
        sent: dict[str, Any] = form.cleaned_data
        try:
            made = actions.start_import(file_name=sent["file"].name, by=person(request), **sent)
        except Invalid as error:
            form.refuse(error)
        except TooLarge as error:
            form.refuse(Invalid({"file": error.message}))
        else:
            return redirect("watch-import", made.pk)
    context = frame(request, "feeds") | {"form": form}
    status = 400 if form.errors else 200
    return render(request, "assessments/import_start.html", context, status=status)


def found(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is; htmx asks again while it runs."""
    row = _import(pk)
    partial = bool(request.headers.get("HX-Request"))
    if partial and not row.in_progress:  # it has ended: the whole page says how
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = frame(request, "feeds") | {
        "i": row,
        "running": row.in_progress,
        "percent": min(100, 100 * row.rows_done // row.rows_total) if row.rows_total else 0,
        "problems": row.problems[:200],
    }
    name = "_import" if partial else "import"
    return render(request, f"assessments/{name}.html", context)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    actions.cancel_import(imported=_import(pk), by=person(request))
    messages.success(request, "The import is cancelled; nothing of the file went in.")
    return redirect("watch-import", pk)


def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the same file again."""
    actions.retry_import(imported=_import(pk), by=person(request))
    messages.success(request, "The file is queued again.")
    return redirect("watch-import", pk)


def _import(pk: int) -> Import:
    row = Import.objects.select_related("feed", "by", "only").filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row
