"""Thresholds: from when on the watch raises an alert by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from assessments import actions
from assessments.models import Threshold
from assessments.web.forms import ThresholdForm
from assessments.web.frame import frame, over
from mapro.core.errors import Invalid, NotVisible, WrongState
from planning.web.frame import person


def thresholds(request: HttpRequest) -> HttpResponse:
    """What is checked now; set a threshold."""
    form = ThresholdForm(request.POST or None)
    if request.method == "POST" and _saved(request, form):
        messages.success(request, "The threshold is set and was checked.")
        return redirect("watch-thresholds")
    rows = Threshold.objects.filter(is_active=True).select_related("country", "set_by")
    context = frame(request, "thresholds") | {"rows": rows, "form": form}
    status = 400 if form.errors else 200
    return render(request, "assessments/thresholds.html", context, status=status)


def threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a threshold."""
    found = _threshold(pk)
    form = ThresholdForm(request.POST or None, initial=ThresholdForm.of(found))
    if request.method == "POST" and _saved(request, form, found):
        messages.success(request, "The threshold is changed and was checked.")
        return redirect("watch-thresholds")
    context = frame(request, "thresholds") | {
        "form": form, "heading": "Change the threshold", "verb": "Save",
        "back": reverse("watch-thresholds"), "over": over("watch-thresholds", "Thresholds"),
    }  # fmt: skip
    return render(request, "assessments/form.html", context, status=400 if form.errors else 200)


def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a threshold no longer."""
    actions.drop_threshold(threshold=_threshold(pk), by=person(request))
    messages.success(request, "The threshold is dropped. The alerts that it raised stay.")
    return redirect("watch-thresholds")


def _threshold(pk: int) -> Threshold:
    found = Threshold.objects.select_related("country").filter(pk=pk, is_active=True).first()
    if found is None:
        raise NotVisible
    return found


def _saved(request: HttpRequest, form: ThresholdForm, found: Threshold | None = None) -> bool:
    """Set the threshold if all is well; what is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        actions.set_threshold(threshold=found, by=person(request), **form.cleaned_data)
    except (Invalid, WrongState) as error:
        form.refuse(error)
        return False
    return True
