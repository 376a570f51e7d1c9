"""Who stands in: who decides and votes now, delegations, recusals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed
from planning import actions, progress, selectors
from planning.mandates import Bench, Seat, bench
from planning.models import Effort, Mandate, Step
from planning.policies import access_effort, access_mandate, access_step
from planning.vocabulary import Role
from planning.web.forms import DelegateForm
from planning.web.frame import effort_context, perm, person


def mandates(request: HttpRequest, slug: str) -> HttpResponse:
    """Who decides which step, whose seats vote, who stands in or aside; let somebody stand in."""
    if request.method == "POST":
        return _delegate(request, slug)
    return _page(request, access_effort(person(request), slug, to=perm(request)))


def _delegate(request: HttpRequest, slug: str) -> HttpResponse:
    status = Invalid.status
    with atomic():
        effort = access_effort(person(request), slug, to=perm(request), lock=True)
        form = _form(request, effort, selectors.steps_of(effort), request.POST)
        if form.is_valid():
            try:
                made = actions.delegate(effort=effort, by=person(request), **form.given())
            except (Invalid, NotAllowed) as error:
                form.refuse(error)
                status = error.status
            else:
                to = form.given()["to"]
                messages.success(request, f"{to.post} stands in for the {made.holder.post}.")
                return redirect("mandates", slug)
    return _page(request, effort, status, form=form)


def _form(
    request: HttpRequest, effort: Effort, steps: list[Step], data: QueryDict | None = None
) -> DelegateForm:
    return DelegateForm(
        data, members=progress.members_of(effort), steps=[s for s in steps if s.definition.gated],
        me=person(request), initial={"starts_at": timezone.now()},
    )  # fmt: skip


def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a delegation before its time, or take part again after a recusal."""
    with atomic():
        found = access_mandate(person(request), to=perm(request), pk=pk, effort__slug=slug)
        actions.end_mandate(mandate=found, by=person(request))
    what = "The delegation" if found.is_delegation else "The recusal"
    messages.success(request, f"{what} is ended; it stays on record.")
    return redirect("mandates", slug)


def recuse(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take no part in the present cycle of a step."""
    form = request.POST
    with atomic():
        step = access_step(person(request), slug, number, to=perm(request), lock=True)
        if form.get("role") not in {Role.BOARD, Role.AUTHORITY}:
            raise Invalid({"role": "Say whether you stand aside as board or as authority."})
        actions.recuse(
            step=step, role=Role(form["role"]), why=form.get("why", ""), by=person(request)
        )
    messages.success(request, f"You take no part in {step}; the record says why.")
    return redirect("board-room", slug, number)


@dataclass
class SeatRow:
    """A seat of the board over all steps: who stands in now, and where it stands aside."""

    seat: Seat
    delegations: dict[int, Mandate] = field(default_factory=dict)
    recusals: dict[int, Mandate] = field(default_factory=dict)


def _seats(benches: Iterable[tuple[Step, Bench]]) -> list[SeatRow]:
    rows: dict[int, SeatRow] = {}
    for _, found in benches:
        for seat in found.seats:
            row = rows.setdefault(seat.holder.pk, SeatRow(seat))
            row.delegations |= {m.pk: m for m in seat.delegations}
            if seat.recusal:
                row.recusals[seat.recusal.pk] = seat.recusal
    return list(rows.values())


def state_of(mandate: Mandate, now: datetime) -> str:
    """Where a delegation or a recusal stands: “ended”, “over”, “to come” or “now”."""
    if mandate.ended_at:
        return "ended"
    if mandate.ends_at and mandate.ends_at <= now:
        return "over"
    if mandate.step and mandate.cycle not in {None, mandate.step.cycle}:
        return "over"
    return "to come" if mandate.starts_at > now else "now"


def _page(request: HttpRequest, effort: Effort, status: int = 200, **extra: object) -> HttpResponse:
    context = effort_context(request, effort, "team")
    now = timezone.now()
    benches = [(s, bench(s, now)) for s in context["steps"] if s.definition.gated]
    if context["can"]["mandate_give"] and "form" not in extra:
        extra["form"] = _form(request, effort, context["steps"])
    context |= {
        "benches": benches,
        "seats": _seats(benches),
        "mandates": [(m, state_of(m, now)) for m in selectors.mandates_of(effort)],
        "me": person(request).pk,
    }
    return render(request, "planning/mandates.html", context | extra, status=status)
