"""Reports: the list, one of them, enter, mend and retire one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from assessments import actions
from assessments.actions.report_into import take_report
from assessments.models import Country, Report
from assessments.vocabulary import ReportKind
from assessments.web import reads
from assessments.web.forms import EditReportForm, ReasonForm, ReportForm
from assessments.web.frame import PAGE, frame, key, over
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from mapro.core.models import Marking, User
from planning.models import Effort
from planning.policies import access_effort, visible
from planning.vocabulary import Perm
from planning.web.frame import person


def reports(request: HttpRequest) -> HttpResponse:
    """Reports, newest first, 50 a page by key, filtered by country and kind."""
    chosen = {name: request.GET.get(name, "") for name in ("country", "kind", "retired")}
    before = request.GET.get("before", "")
    rows = reads.reports_page(
        country=chosen["country"], kind=chosen["kind"], retired=bool(chosen["retired"]),
        before=key(before),
    )  # fmt: skip
    page = rows[:PAGE]
    context = frame(request, "reports", markings=(r.marking for r in page)) | {
        "rows": page,
        "next_before": page[-1].pk if len(rows) > PAGE else None,
        "before": before,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "countries": reads.countries_with_reports(),
        "kinds": ReportKind.choices,
    }
    return render(request, "assessments/reports.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Enter a report."""
    form = ReportForm(
        request.POST or None,
        initial={"country": request.GET.get("country"), "marking": Marking.objects.first()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_report(by=person(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The report is entered.")
            return redirect("watch-report", made.pk)
    context = frame(request, "reports") | {
        "form": form, "heading": "Add a report", "verb": "Add the report",
        "back": reverse("watch-reports"), "over": over("watch-reports", "Reports"),
    }  # fmt: skip
    return render(request, "assessments/form.html", context, status=400 if form.errors else 200)


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report and the ratings that rest on it."""
    return _page(request, _report(pk), ReasonForm())


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what a report says."""
    found = _report(pk)
    names = [n for n in EditReportForm.base_fields if hasattr(found, n)]
    form = EditReportForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_report(report=found, by=person(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The report is saved.")
            return redirect("watch-report", pk)
    context = frame(request, "reports", country=found.country, markings=[found.marking]) | {
        "form": form, "heading": f"Edit “{found.title}”", "verb": "Save",
        "back": reverse("watch-report", args=[pk]), "over": over("watch-report", found.title, pk),
    }  # fmt: skip
    return render(request, "assessments/form.html", context, status=400 if form.errors else 200)


def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report out of use, with a reason."""
    found = _report(pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.retire_report(report=found, why=form.cleaned_data["why"], by=person(request))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The report is retired. What rests on it still names it.")
            return redirect("watch-report", pk)
    return _page(request, found, form, status=400)


def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a report among the sources of an effort whose registers I keep."""
    found = _report(pk)
    user = person(request)
    with atomic():
        effort = access_effort(user, request.POST.get("effort", ""), to=Perm.REGISTER_EDIT)
        entry, new = take_report(report=found, effort=effort, by=user)
    if new:
        messages.success(request, f"The report stands in {effort.name} as {entry}.")
    else:
        messages.info(request, f"{effort.name} has it already, as {entry}.")
    return redirect(entry)


def _report(pk: int) -> Report:
    found = Report.objects.select_related("country", "marking", "added_by").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def efforts_that_take(user: User) -> list[Effort]:
    """The efforts whose registers a person keeps. One query."""
    return list(visible(Effort.objects.order_by("name"), user, to=Perm.REGISTER_EDIT))


def _page(request: HttpRequest, found: Report, form: ReasonForm, status: int = 200) -> HttpResponse:
    country: Country = found.country
    context: dict[str, Any] = frame(
        request, "reports", country=country, markings=[found.marking]
    ) | {
        "report": found,
        "used": reads.rests_on(found),
        "efforts": () if found.retired_at else efforts_that_take(person(request)),
        "retire": form,
        "refused": status != 200,
    }  # fmt: skip
    return render(request, "assessments/report.html", context, status=status)
