"""One country: its page, watch it or not, its profile, its efforts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments import actions
from assessments.models import Alert, Country, EffortCountry, Profile
from assessments.policies import watch_reader
from assessments.vocabulary import AlertStatus, FrameKey, Heading, Violence
from assessments.web import reads
from assessments.web.dossier import dossier
from assessments.web.events import Window
from assessments.web.forms import CountryEffortForm, ProfileForm, UnwatchForm, WatchForm
from assessments.web.frame import country_of, frame, key
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, NotVisible, StaleSave, WrongState
from planning import actions as planning
from planning.policies import access_effort
from planning.vocabulary import Perm
from planning.web.frame import person


def country(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of a country, and how far that reaches."""
    return _page(request, code)


def _page(
    request: HttpRequest, code: str, form: WatchForm | UnwatchForm | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    found = dossier(code, user, Window.read(request.GET))
    context: dict[str, Any] = frame(
        request, "country", country=found.country, markings=found.markings
    ) | {
        "d": found,
        "form": form or (UnwatchForm() if found.country.is_watched else WatchForm()),
        "types": Violence.choices,
        "frames": [(k, v) for k, v in found.frames.items() if k != FrameKey.OSAPG],
        "opener": user.can_open_efforts,
    }  # fmt: skip
    return render(request, "assessments/country.html", context, status=status)


def watch(request: HttpRequest, code: str) -> HttpResponse:
    """Put the country on the watch, with a reason."""
    return _watch(request, code, on=True)


def unwatch(request: HttpRequest, code: str) -> HttpResponse:
    """Take the country off the watch, with a reason."""
    return _watch(request, code, on=False)


def _watch(request: HttpRequest, code: str, *, on: bool) -> HttpResponse:
    found = country_of(code)
    form = WatchForm(request.POST) if on else UnwatchForm(request.POST)
    if form.is_valid():
        act = actions.watch_country if on else actions.unwatch_country
        try:
            act(country=found, why=form.cleaned_data["why"], by=person(request))
        except (Invalid, WrongState) as error:
            form.refuse(error)
        else:
            words = "is on the watch" if on else "is off the watch; what is known of it stays"
            messages.success(request, f"{found.name} {words}.")
            return redirect("watch-country", code)
    return _page(request, code, form, status=400)


def profile(request: HttpRequest, code: str, heading: str) -> HttpResponse:
    """Write under one heading of the profile; a save that came too late shows both texts."""
    found = country_of(code)
    if heading not in Heading.values:
        raise NotVisible
    stale: StaleSave | None = None
    form = ProfileForm(request.POST or None, initial=_written(found, heading))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(
                country=found, heading=heading, by=person(request), **form.cleaned_data
            )
        except Invalid as error:
            form.refuse(error)
        except StaleSave as error:
            stale = error
            # Sent again, the text is held against what stands now.
            form = ProfileForm(form.cleaned_data | {"revision": error.extra["revision"]})
        else:
            messages.success(request, "The profile is saved.")
            return redirect(f"{request.path.split('profile/')[0]}#p-{heading}")
    context = frame(request, "country", country=found) | {
        "form": form,
        "heading": Heading(heading),
        "stale": stale,
    }
    status = stale.status if stale else 400 if form.errors else 200
    return render(request, "assessments/profile.html", context, status=status)


def _written(found: Country, heading: str) -> dict[str, Any]:
    row = Profile.objects.filter(country=found, heading=heading).first()
    if row is None:
        return {"revision": 0}
    return {"body": row.body, "sources": row.sources, "revision": row.revision}


def open_effort(request: HttpRequest, code: str) -> HttpResponse:
    """Open an effort for the country in one act: the country is tied to it and the alert that led
    here is settled by it. Takes the right to open efforts."""
    user = watch_reader(person(request))
    found = country_of(code)
    if not user.can_open_efforts:
        raise NotAllowed("An administrator has to allow you to open efforts.")
    alert = _alert(found, request.POST.get("alert") or request.GET.get("alert"))
    form = CountryEffortForm(request.POST or None, initial=_start(found, alert))
    if request.method == "POST" and form.is_valid():
        due = {number: at for number, at in form.due().items() if at}
        names = ("marking", "organization", "exercise")
        try:
            with atomic():
                opened = planning.open_effort(
                    by=user, due=due, **form.described(),
                    **{name: form.cleaned_data[name] for name in names},
                )  # fmt: skip
                actions.tie_country(effort=opened, country=found, by=user)
                if alert is not None:
                    actions.settle_alert(
                        alert=alert, status=AlertStatus.EFFORT, effort=opened, by=user
                    )
        except (Invalid, WrongState) as error:
            form.refuse(error)
        else:
            messages.success(request, "The effort is open. Assemble the team next.")
            return redirect("team", opened.slug)
    markings = reads.markings_behind([alert] if alert else [])
    context = frame(request, "country", country=found, markings=markings) | {
        "form": form,
        "alert": alert,
    }
    status = 400 if form.errors else 200
    return render(request, "assessments/effort_open.html", context, status=status)


def _start(found: Country, alert: Alert | None) -> dict[str, Any]:
    """What the form starts from: the country's name, and what the alert says."""
    start: dict[str, Any] = {
        "name": found.name, "country": found.name, "exercise": found.exercise,
        "situation": found.why_watched[:2_000],
    }  # fmt: skip
    if alert is not None:
        start["situation"] = alert.words[:2_000]
        behind = reads.markings_behind([alert])
        start["marking"] = max(behind, key=lambda m: m.rank).pk if behind else None
    return start


def _alert(found: Country, pk: str | None) -> Alert | None:
    """The alert that an address names, if it is one of the country's that still waits."""
    if not pk:
        return None
    waits = (AlertStatus.OPEN, AlertStatus.NOTED)
    rows = Alert.objects.filter(country=found, status__in=waits).select_related("country")
    alert = rows.filter(pk=key(pk) or 0).first()
    if alert is None:
        raise NotVisible
    return alert


def tie(request: HttpRequest, code: str) -> HttpResponse:
    """Tie an effort that I lead to the country, and to the alert that led here."""
    user = watch_reader(person(request))
    found = country_of(code)
    with atomic():
        effort = access_effort(user, request.POST.get("effort", ""), to=Perm.EFFORT_EDIT, lock=True)
        alert = _alert(found, request.POST.get("alert"))
        if alert is None or not EffortCountry.objects.filter(effort=effort, country=found).exists():
            actions.tie_country(effort=effort, country=found, by=user)
        if alert is not None:
            actions.settle_alert(alert=alert, status=AlertStatus.EFFORT, effort=effort, by=user)
    messages.success(request, f"{effort.name} plans for {found.name}.")
    if alert is not None:
        return redirect("watch-alert", alert.pk)
    return redirect("watch-country", code)


def untie(request: HttpRequest, code: str) -> HttpResponse:
    """Take the country out of an effort that I lead."""
    user = watch_reader(person(request))
    found = country_of(code)
    with atomic():
        effort = access_effort(user, request.POST.get("effort", ""), to=Perm.EFFORT_EDIT, lock=True)
        actions.untie_country(effort=effort, country=found, by=user)
    messages.success(request, f"{effort.name} no longer plans for {found.name}.")
    return redirect("watch-country", code)
