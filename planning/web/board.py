"""The board room: the frozen package, votes, the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import ContentChanged, Invalid
from planning import actions, selectors
from planning.models import Step
from planning.policies import abilities, access_step
from planning.vocabulary import Outcome, Position
from planning.web.frame import effort_context, perm, person


def board_room(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The package before the board, or the last one that was."""
    return _page(request, access_step(person(request), slug, number, to=perm(request)))


def vote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Record a board member's position."""
    form = request.POST
    found = None
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            if form.get("position") not in set(Position):
                raise Invalid({"position": "Choose a position."})
            cast = actions.cast_vote(
                step=found, position=Position(form["position"]), reason=form.get("reason", ""),
                package_hash=form.get("package_hash", ""), by=person(request),
            )  # fmt: skip
    except (Invalid, ContentChanged) as error:
        return _refused(request, slug, number, error, "vote")
    messages.success(request, f"Your vote stands: {cast.stance.label}. You may change it.")
    return redirect("board-room", slug, number)


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
    except (Invalid, ContentChanged) as error:
        return _refused(request, slug, number, error, "decision")
    messages.success(request, f"Recorded: {decision.result.label}.")
    return redirect("board-room", slug, number)


def _refused(
    request: HttpRequest, slug: str, number: int, error: Invalid | ContentChanged, which: str
) -> HttpResponse:
    """The room again, with what is wrong and everything that was typed."""
    found = access_step(person(request), slug, number, to=perm(request))
    refused = {
        "which": which,
        "message": error.message,
        "fields": error.fields if isinstance(error, Invalid) else {},
        "changed": error.extra.get("changed", ()),
    }
    return _page(request, found, error.status, refused=refused, typed=request.POST)


def _page(request: HttpRequest, found: Step, status: int = 200, **extra: object) -> HttpResponse:
    context = effort_context(request, found.effort, "board", found)
    submissions = selectors.submissions_of(found)
    shown = submissions[0] if submissions else None
    context |= {"step": found, "submission": shown, "positions": list(Position)}
    if shown is not None:
        items = list(shown.items.all())
        selectors.attach_files([item.version for item in items])
        earlier, changes = selectors.package_changes(shown)
        votes = {v.user_id: v for v in shown.votes.all()}
        board = selectors.board_of(found.effort)
        seats = [(m.user, votes.pop(m.user_id, None)) for m in board]
        seats += [(v.user, v) for v in votes.values()]  # voted, then left the board
        mine = next((v for u, v in seats if u.pk == request.user.pk), None)
        context |= {
            "can": abilities(person(request), found.effort, found, shown),
            "own": shown.submitted_by_id == request.user.pk,
            "items": items,
            "earlier": earlier,
            "changes": changes,
            "seats": seats,
            "out": sum(v is None for _, v in seats),
            "mine": mine,
            "my_reason": mine.reason if mine else "",
        }
    return render(request, "planning/board_room.html", context | extra, status=status)
