"""How a step is decided and at which level; ahead of time, by word, and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import Organization, User
from planning import actions, mandates, progress, selectors
from planning.models import Effort, Step
from planning.policies import access_step
from planning.vocabulary import SubmissionStatus, Way
from planning.web import board, steps
from planning.web.forms import RefusableForm, time_field
from planning.web.frame import effort_context, perm, person, posted_time

MINUTE = timedelta(minutes=1)


class SettleForm(RefusableForm):
    """How and by when a step is decided."""

    way = forms.TypedChoiceField(
        label="Way of deciding", choices=[(w.value, w.label) for w in Way], coerce=Way,
        error_messages={"required": "Choose how it is decided."},
    )  # fmt: skip
    quorum = forms.IntegerField(
        label="Quorum", help_text="Seats that must take a position before an approval; 0 for none.",
        error_messages={"required": "Give a number of seats, 0 for no quorum."},
    )  # fmt: skip
    silence_hours = forms.IntegerField(
        label="Hours of silence",
        help_text="The term of a silence procedure, if no deadline is named when submitting.",
        error_messages={"required": "Give a number of hours."},
    )  # fmt: skip
    due_at = time_field("Decision due (Zulu)")

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        """The form starts from what stands."""
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(step, name) for name in self.fields}


class RaiseForm(RefusableForm):
    """Who decides this step alone, and for which body."""

    user = forms.ModelChoiceField(
        label="Post", queryset=User.objects.none(), empty_label="Choose a post",
        error_messages={
            "required": "Choose who decides.", "invalid_choice": "Choose a post from the list.",
        },
    )  # fmt: skip
    organization = forms.ModelChoiceField(
        label="For", queryset=Organization.objects.filter(is_active=True),
        empty_label="Choose a body", help_text="Such as the Deputies Committee.",
        error_messages={
            "required": "Choose the body.",
            "invalid_choice": "There is no such organization; choose one of the list.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = selectors.candidates()  # type: ignore[attr-defined]


def how(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Settle how and by when the step is decided."""
    if request.method != "POST":
        found = access_step(person(request), slug, number, to=perm(request))
        return _how_page(request, found, SettleForm(step=found), RaiseForm())
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        form = SettleForm(request.POST, step=found)
        if form.is_valid():
            try:
                actions.settle_step(step=found, by=person(request), **form.cleaned_data)
            except Invalid as error:
                form.refuse(error)
            else:
                way = Way(found.way).label
                messages.success(request, f"{found} is decided this way: {way}.")
                return redirect(found)
    return _how_page(request, found, form, RaiseForm(), Invalid.status)


def raise_level(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make a higher body the authority of this step alone."""
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        form = RaiseForm(request.POST)
        if form.is_valid():
            try:
                made = actions.raise_step(step=found, by=person(request), **form.cleaned_data)
            except Invalid as error:
                form.refuse(error)
            else:
                body = form.cleaned_data["organization"].name
                messages.success(request, f"The {made.user.post} decides {found} for the {body}.")
                return redirect("step-how", slug, number)
    return _how_page(request, found, SettleForm(step=found), form, Invalid.status)


def lower_level(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Give the step back to the effort's authority."""
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        actions.lower_step(step=found, by=person(request))
    messages.success(request, f"{found} is decided by the effort's authority again.")
    return redirect("step-how", slug, number)


def _how_page(
    request: HttpRequest, found: Step, form: SettleForm, level: RaiseForm, status: int = 200
) -> HttpResponse:
    context = effort_context(request, found.effort, "steps", found) | {
        "step": found,
        "form": form,
        "level": level,
        "ways": tuple(Way),
        "bench": mandates.bench(found),
    }
    return render(request, "planning/step_how.html", context, status=status)


def reopen(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Open an approved step for a new cycle."""
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            made = actions.reopen_step(
                step=found, reason=request.POST.get("reason", ""), by=person(request)
            )
    except (Invalid, WrongState) as error:
        return steps.refused(request, slug, number, error, "reopen")
    messages.success(request, f"{found} is open again, in cycle {made.cycle}.")
    return redirect(found)


def at_risk(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Start a locked step before the one below it is approved."""
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            debt = actions.proceed_at_risk(
                step=found, why=request.POST.get("why", ""), by=person(request)
            )  # fmt: skip
    except (Invalid, WrongState) as error:
        return steps.refused(request, slug, number, error, "at_risk")
    messages.success(
        request, f"{found} is open at risk. {debt} stands until the step below it is approved."
    )
    return redirect(found)


def verbal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Record that the authority approved the pending package by word."""
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            debt = actions.record_verbal(
                step=found, said_by=_on_team(request, found.effort, "said_by"),
                said_at=_said_at(request, found), words=request.POST.get("words", ""),
                by=person(request),
            )  # fmt: skip
    except (Invalid, WrongState) as error:
        return board.refused(request, slug, number, error, "verbal")
    messages.success(request, f"It is on record; {debt} asks for the decision in writing.")
    return redirect("board-room", slug, number)


def _said_at(request: HttpRequest, found: Step) -> datetime:
    """When it was said. Raises Invalid without a time.

    A form gives whole minutes, so the minute of the freeze stands for the freeze itself.
    """
    said_at = posted_time(request, "said_at")
    if said_at is None:
        raise Invalid({"said_at": "Say when it was said, in Zulu."})
    frozen_at = (
        found.submissions.filter(status=SubmissionStatus.PENDING)
        .values_list("submitted_at", flat=True)
        .first()
    )
    if frozen_at is not None and said_at <= frozen_at < said_at + MINUTE:
        return frozen_at
    return said_at


def _on_team(request: HttpRequest, effort: Effort, name: str) -> User:
    """The member that the form names by key. Raises Invalid for anybody else."""
    chosen = request.POST.get(name, "")
    for member in progress.members_of(effort):
        if str(member.user_id) == chosen:
            return member.user
    raise Invalid({name: "Choose somebody of the team."})


def remind(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask the seats that are out for their vote, or one of them."""
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        seat = _on_team(request, found.effort, "seat") if request.POST.get("seat") else None
        asked = actions.remind(step=found, seat=seat, by=person(request))
    messages.success(request, f"{asked} seat{'' if asked == 1 else 's'} reminded.")
    return redirect("board-room", slug, number)
