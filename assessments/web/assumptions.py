"""Assumptions on their page: the authority approves, the team says what came of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assessments.actions.assumption import (
    REGISTER,
    Standing,
    approve_assumption,
    judge_assumption,
)
from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid, MaproError, WrongState
from planning.models import Entry
from planning.policies import access_entry
from planning.vocabulary import Perm
from planning.web.entries import page_of
from planning.web.frame import perm, person
from planning.web.panels import PANELS, Panel


def approve(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take it as a basis of the plan."""
    found = access_entry(person(request), slug, REGISTER, number, to=perm(request))
    try:
        with atomic():
            read = request.POST.get("revision", "")
            approve_assumption(
                entry=found, by=person(request), revision=int(read) if read.isdecimal() else None
            )
    except (ContentChanged, Invalid, WrongState) as error:
        return _refused(request, found, error)
    messages.success(request, f"{found} is approved as it reads now.")
    return redirect(found)


def judge(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that it came true, or that it does not hold."""
    found = access_entry(person(request), slug, REGISTER, number, to=perm(request))
    verdict = request.POST.get("verdict", "")
    try:
        with atomic():
            if verdict not in set(Standing):
                raise Invalid({"verdict": "Say whether it came true or does not hold."})
            judge_assumption(
                entry=found, verdict=Standing(verdict), why=request.POST.get("why_judged", ""),
                by=person(request),
            )  # fmt: skip
    except (Invalid, WrongState) as error:
        return _refused(request, found, error)
    messages.success(request, f"{found} is {verdict}.")
    return redirect(found)


def _refused(request: HttpRequest, found: Entry, error: MaproError) -> HttpResponse:
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    if "why" in fields:
        fields["why-judged"] = fields.pop("why")  # as the form calls it
    refused = {"which": "assumption", "message": error.message, "fields": fields}
    # Read anew: what the act locked may say something else than what was fetched before.
    found = access_entry(person(request), to=Perm.REGISTER_VIEW, pk=found.pk)
    return page_of(request, found, error.status, refused=refused)


def _panel(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the panel shows: where the assumption stands, and the way to a branch if it fell."""
    standing = Standing(entry.value("status") or Standing.PROPOSED)
    why = f"{entry} does not hold: {entry.title}"
    fork = f"{reverse('effort-fork', args=[entry.effort.slug])}?{urlencode({'kind': 'branch', 'why': why})}"
    return {
        "standing": standing,
        "fell": standing is Standing.INVALIDATED,
        "branch": fork,
        "why_judged": request.POST.get("why_judged", ""),
    }


PANELS[REGISTER] = Panel("assessments/_assumption.html", _panel)
