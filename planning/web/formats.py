"""Formats for all efforts: an administrator adds one, changes it by a next version, retires it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.errors import Invalid, NotVisible
from planning import actions, framework
from planning.models import ProductFormat
from planning.products.annex_d import CATALOGUE
from planning.products.definition import Layout
from planning.products.outline import outline_text
from planning.web.forms import RefusableForm
from planning.web.frame import person


class FormatForm(RefusableForm):
    """A format: what it is, and its outline as text."""

    title = forms.CharField(label="Title", max_length=120)
    label = forms.CharField(
        label="Label", max_length=40, required=False,
        help_text="As printed above the title, such as “Annex H”. Empty: the title.",
    )  # fmt: skip
    layout = forms.ChoiceField(label="Layout", choices=[(x.value, x.label) for x in Layout])
    step = forms.TypedChoiceField(
        label="Step", coerce=int,
        choices=[(s.number, f"Step {s.number}. {s.title}") for s in framework.STEPS],
        help_text="A team may start it once this step is open.",
    )  # fmt: skip
    purpose = forms.CharField(
        label="Purpose", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    outline = forms.CharField(
        label="Outline", max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text="One section a line; two spaces at the beginning put it one level lower. "
        "Behind the title: * for required, (120 words) for the usual length.",
    )  # fmt: skip


def formats(request: HttpRequest) -> HttpResponse:
    """The Handbook's formats, and those of this deployment."""
    rows: dict[str, ProductFormat] = {}
    for row in ProductFormat.objects.select_related("made_by").order_by("key", "version"):
        rows[row.key] = row
    context = {
        "catalogue": CATALOGUE.values(), "rows": rows.values(), "tab": "formats",
        "place": "administration",
    }  # fmt: skip
    return render(request, "planning/formats.html", context)


def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Add a format, or make the next version of one."""
    row = _latest(key) if key else None
    form = FormatForm(request.POST or None, initial=_initial(row) if row else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_format(by=person(request), key=key, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, f"{saved.format.title}, version {saved.version}, is saved.")
            return redirect("formats")
    context = {"form": form, "row": row, "tab": "formats", "place": "administration"}
    return render(request, "planning/format_form.html", context, status=400 if form.errors else 200)


def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Start no more products in a format."""
    row = actions.retire_format(row=_latest(key), by=person(request))
    messages.success(request, f"{row.format.title} is retired; started products stay as they are.")
    return redirect("formats")


def _latest(key: str) -> ProductFormat:
    row = ProductFormat.objects.filter(key=key).order_by("-version").first()
    if row is None:
        raise NotVisible
    return row


def _initial(row: ProductFormat) -> dict[str, Any]:
    definition = row.format
    return {
        "title": definition.title, "label": definition.label, "layout": definition.layout.value,
        "step": definition.step, "purpose": definition.purpose,
        "outline": outline_text(definition.sections),
    }  # fmt: skip
