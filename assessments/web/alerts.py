"""Alerts: the list, one of them, raise one by hand, say what became of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments import actions
from assessments.models import Alert, Country
from assessments.web import reads
from assessments.web.forms import AlertForm, SettleForm
from assessments.web.frame import PAGE, frame, key
from mapro.core.errors import Invalid, NotVisible
from planning.web.frame import person


def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts, open ones first, 50 a page by key."""
    show = "open" if request.GET.get("show") == "open" else "all"
    after = request.GET.get("after", "")
    place, _, pk = after.partition("-")
    last = (int(place), found) if place in {"0", "1"} and (found := key(pk)) else None
    rows = reads.alerts_page(open_only=show == "open", after=last)
    page = rows[:PAGE]
    context = frame(request, "alerts", markings=reads.markings_behind(page)) | {
        "rows": page,
        "show": show,
        "after": after,
        "next_after": f"{page[-1].place}-{page[-1].pk}" if len(rows) > PAGE else None,  # type: ignore[attr-defined]
    }
    return render(request, "assessments/alerts.html", context)


def raise_one(request: HttpRequest) -> HttpResponse:
    """Raise an alert by hand: the country first, then the words and the evidence."""
    code = request.POST.get("country") or request.GET.get("country", "")
    country = Country.objects.filter(code=code).first() if code else None
    if country is None:
        chosen = {"countries": Country.objects.only("code", "name"), "typed": code}
        page = frame(request, "alerts") | chosen
        return render(request, "assessments/alert_raise.html", page, status=400 if code else 200)
    offered = reads.evidence_for(country)
    form = AlertForm(request.POST or None, initial={"country": country.code}, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.raise_alert(
                country=country, words=form.cleaned_data["words"], evidence=form.named(),
                by=person(request),
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The alert is raised. It proposes planning; nothing starts.")
            return redirect("watch-alert", made.pk)
    markings = [r.marking for r in offered.reports]
    context = frame(request, "alerts", country=country, markings=markings) | {
        "form": form,
        "offered": offered,
        "chosen": form["evidence"].value() or [],
    }
    status = 400 if form.errors else 200
    return render(request, "assessments/alert_raise.html", context, status=status)


def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: what it says, what it rests on, what became of it."""
    return _page(request, _alert(pk))


def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Note or close an alert, with a reason."""
    form = SettleForm(request.POST)
    status = request.POST.get("status", "")
    if form.is_valid():
        try:
            actions.settle_alert(
                alert=_alert(pk), status=status, why=form.cleaned_data["why"], by=person(request)
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The alert is settled.")
            return redirect("watch-alert", pk)
    return _page(request, _alert(pk), form)


def _alert(pk: int) -> Alert:
    rows = Alert.objects.select_related("country", "threshold", "raised_by", "settled_by", "effort")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _page(request: HttpRequest, found: Alert, form: SettleForm | None = None) -> HttpResponse:
    user = person(request)
    efforts = reads.efforts_for(found.country, user)
    context: dict[str, Any] = frame(
        request, "alerts", country=found.country,
        markings=[*reads.markings_behind([found]), *(b.effort.marking for b in efforts if b.tied)],
    ) | {
        "alert": found,
        "effort": next((b.effort for b in efforts if b.effort.pk == found.effort_id), None),
        "led": [b.effort for b in efforts if b.led],
        "form": form or SettleForm(),
        "opener": user.can_open_efforts,
    }  # fmt: skip
    status = 400 if form is not None and form.errors else 200
    return render(request, "assessments/alert.html", context, status=status)
