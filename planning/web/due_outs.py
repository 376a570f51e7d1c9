"""Due-outs: what is owed to the effort, by whom, and what proves that it was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, MaproError, WrongState
from mapro.core.models import User
from planning import actions, progress, selectors
from planning.models import DueOut, Effort, Step
from planning.policies import access_due_out, access_effort
from planning.vocabulary import Origin, Perm, Role
from planning.web.forms import DueOutForm, owners
from planning.web.frame import effort_context, perm, person, posted_time

FILTERS = {
    "all": "All",
    "mine": "Mine",
    "conditions": "Conditions",
    "debts": "Debts",
    "done": "Done",
}


def due_outs(request: HttpRequest, slug: str) -> HttpResponse:
    """What is owed, late first, then what is done; give a due-out."""
    if request.method == "POST":
        return _add(request, slug)
    return _page(request, access_effort(person(request), slug, to=perm(request)))


def _add(request: HttpRequest, slug: str) -> HttpResponse:
    with atomic():
        effort = access_effort(person(request), slug, to=perm(request), lock=True)
        form = _form(request, effort, selectors.steps_of(effort), request.POST)
        if form.is_valid():
            try:
                made = actions.add_due_out(effort=effort, by=person(request), **form.given())
            except Invalid as error:
                form.refuse(error)
            else:
                owner = f"the {made.owner.post}" if made.owner else "nobody yet"
                messages.success(request, f"{made} is given; it is owed by {owner}.")
                return redirect(made)
    return _page(request, effort, status=Invalid.status, form=form)


def _form(
    request: HttpRequest, effort: Effort, steps: Sequence[Step], data: QueryDict | None = None
) -> DueOutForm:
    """The form to give a due-out: guidance unless a lead gives it, who writes minutes."""
    members = progress.members_of(effort)
    leads = any(m.user_id == request.user.pk and m.role == Role.LEAD for m in members)
    origin = Origin.MEETING if leads else Origin.GUIDANCE
    return DueOutForm(data, members=members, steps=steps, initial={"origin": origin})


def assign(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Name who owes it, and by when; a debt keeps its date."""

    def act(found: DueOut) -> str:
        due_at = found.due_at if found.came_from.is_debt else posted_time(request, "due_at")
        owner = _owner(found.effort, request.POST.get("owner", ""))
        actions.assign_due_out(due_out=found, owner=owner, due_at=due_at, by=person(request))
        return f"{found} is owed by {f'the {owner.post}' if owner else 'nobody'}."

    return _do(request, slug, number, "assign", act)


def _owner(effort: Effort, pk: str) -> User | None:
    """The posted owner; none for nobody. Raises Invalid for somebody who is not on the team."""
    if not pk:
        return None
    for member in progress.members_of(effort):
        if str(member.user_id) == pk:
            return member.user
    raise Invalid({"owner": "Choose somebody of the team."})


def settle(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that it is done, with evidence."""

    def act(found: DueOut) -> str:
        evidence = request.POST.get("evidence", "")
        actions.settle_due_out(due_out=found, evidence=evidence, by=person(request))
        return f"{found} is done."

    return _do(request, slug, number, "settle", act)


def reopen(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that it is not done after all, and why."""

    def act(found: DueOut) -> str:
        actions.reopen_due_out(
            due_out=found, why=request.POST.get("why", ""), by=person(request)
        )  # fmt: skip
        return f"{found} is open again."

    return _do(request, slug, number, "reopen", act)


def _do(
    request: HttpRequest, slug: str, number: int, which: str, act: Callable[[DueOut], str]
) -> HttpResponse:
    """Do ``act`` on the locked due-out; refused words come back in their form."""
    try:
        with atomic():
            found = access_due_out(
                person(request), to=perm(request), effort__slug=slug, number=number
            )
            done = act(found)
    except (Invalid, WrongState) as error:
        effort = access_effort(person(request), slug, to=Perm.EFFORT_VIEW)
        return _page(request, effort, error.status, refused=_refusal(which, error), chosen=number)
    messages.success(request, done)
    return redirect(found)


def _refusal(which: str, error: MaproError) -> dict[str, object]:
    fields = error.fields if isinstance(error, Invalid) else {}
    return {"which": which, "message": error.message, "fields": fields}


def _page(request: HttpRequest, effort: Effort, status: int = 200, **extra: object) -> HttpResponse:
    """The page under the filter ``?show=``; ``?do=`` opens the forms of one due-out."""
    which = request.GET.get("show", "all")
    which = which if which in FILTERS else "all"
    rows, counts = selectors.due_outs_of(effort, person(request), which)
    context = effort_context(request, effort, "due-outs")
    can = context["can"]
    asked = request.GET.get("do", "")
    if can["due_out_add"] and "form" not in extra:
        extra["form"] = _form(request, effort, context["steps"])
    context |= {
        "rows": rows,
        "show": which,
        "filters": [(key, label, counts[key]) for key, label in FILTERS.items()],
        "total": counts[which],
        "chosen": int(asked) if asked.isdecimal() else 0,
        "owners": owners(progress.members_of(effort)) if can["due_out_do"] else (),
        "typed": request.POST,
    }
    return render(request, "planning/due_outs.html", context | extra, status=status)
