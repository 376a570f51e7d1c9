"""The board room: dissents, what changed, the frozen package, votes, the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mapro.core.db import atomic
from mapro.core.errors import (
    ContentChanged,
    GateClosed,
    Invalid,
    MaproError,
    NotCarried,
    NotVisible,
    WrongState,
)
from mapro.core.models import User
from planning import actions, selectors
from planning.models import Step
from planning.policies import abilities, access_step
from planning.vocabulary import Outcome, Perm, Position, SubmissionStatus
from planning.web.frame import effort_context, perm, person

# What is shown in the room with everything that was typed; other refusals are pages of their own.
KEPT = (Invalid, ContentChanged, NotCarried, GateClosed, WrongState)

# The forms of the room by name, and what it takes to be shown each.
FORMS = {"vote": "step_vote", "decision": "step_decide", "verbal": "step_verbal"}


def board_room(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The package before the board, or the last one that was; an earlier one if asked for."""
    return _page(request, access_step(person(request), slug, number, to=perm(request)))


def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Record the position of a seat."""
    form = request.POST
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            if form.get("position") not in set(Position):
                raise Invalid({"position": "Choose a position."})
            cast = actions.cast_vote(
                step=found, position=Position(form["position"]), reason=form.get("reason", ""),
                package_hash=form.get("package_hash", ""), seat=_seat(form.get("seat", "")),
                by=person(request),
            )  # fmt: skip
    except KEPT as error:
        return refused(request, slug, number, error, "vote")
    whose = "Your vote" if cast.cast_by_id is None else f"The vote for {cast.user.post}"
    messages.success(request, f"{whose} stands: {cast.stance.label}. You may change it.")
    return redirect("board-room", slug, number)


def _seat(key: str) -> User | None:
    """The holder of a seat, by key; none for one's own. Raises NotVisible."""
    if not key:
        return None
    found = User.objects.filter(pk=key).first() if key.isdecimal() else None
    if found is None:
        raise NotVisible
    return found


def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Decide the pending package."""
    form = request.POST
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            if form.get("outcome") not in set(Outcome):
                raise Invalid({"outcome": "Choose a decision."})
            if form.get("read") != "yes":
                raise Invalid({"read": "Tick that you decide on this very package."})
            decision = actions.decide_step(
                step=found, outcome=Outcome(form["outcome"]),
                conditions=form.get("conditions", ""), guidance=form.get("guidance", ""),
                package_hash=form.get("package_hash", ""), by=person(request),
            )  # fmt: skip
    except KEPT as error:
        return refused(request, slug, number, error, "decision")
    messages.success(request, f"Recorded: {decision.result.label}. The decision memo is made now.")
    return redirect("board-room", slug, number)


def refused(
    request: HttpRequest, slug: str, number: int, error: MaproError, which: str
) -> HttpResponse:
    """The room again, with what is wrong in form ``which`` and everything that was typed."""
    found = access_step(person(request), slug, number, to=Perm.STEP_VIEW)
    context = {
        "which": which,
        "seat": request.POST.get("seat") or str(request.user.pk),
        "message": error.message,
        "fields": error.fields if isinstance(error, Invalid) else {},
        "changed": error.extra.get("changed", ()),
        "objections": error.objections if isinstance(error, GateClosed) else (),
    }
    return _page(request, found, error.status, refused=context, typed=request.POST)


def _page(request: HttpRequest, found: Step, status: int = 200, **extra: object) -> HttpResponse:
    context = effort_context(request, found.effort, "board", found)
    asked = request.GET.get("submission", "")
    room = selectors.room_of(
        found,
        person(request),
        int(asked) if asked.isdecimal() and len(asked) < 6 else None,  # noqa: PLR2004 - digits
    )
    now = timezone.now()
    context |= {"step": found, "room": room, "positions": list(Position), "now": now}
    context["forms"] = []
    if room is not None:
        pending = room.submission.status == SubmissionStatus.PENDING
        ends = room.submission.silence_until
        open_to_votes = pending and (ends is None or now < ends)
        can = abilities(person(request), found.effort, found, room.submission)
        can["step_vote"] = open_to_votes and can["step_vote"] and bool(room.my_seats)
        can["step_decide"] = pending and can["step_decide"] and room.decider is not None
        can["step_verbal"] = pending and can["step_verbal"] and room.said is None
        context |= {
            "submission": room.submission,
            "can": can,
            "own": room.submission.submitted_by_id == request.user.pk,
            "said": room.said,
            "stand_aside": _roles(request, room),
            "forms": [name for name, ability in FORMS.items() if can[ability]],
        }
    return render(request, "planning/board_room.html", context | extra, status=status)


def _roles(request: HttpRequest, room: selectors.Room) -> list[tuple[str, str]]:
    """The roles from which a person could recuse themselves now, value and words."""
    mine = request.user.pk
    found = []
    if any(row.seat and row.holder.pk == mine and not row.recusal for row in room.seats):
        found.append(("board", "my seat on the board"))
    if any(d.user.pk == mine and d.mandate is None for d in room.bench.deciders):
        found.append(("authority", "the decision"))
    return found
