"""A step: what its gate objects to, submit, withdraw, the decision record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid
from planning import actions, gates, progress, selectors
from planning.models import Step
from planning.policies import access_step
from planning.vocabulary import StepStatus
from planning.web.frame import effort_context, perm, person


def step(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The step's page."""
    return _page(request, access_step(person(request), slug, number, to=perm(request)))


def submit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Freeze the package and put it before the board."""
    ask = request.POST.get("ask", "")
    try:
        with atomic():
            found = access_step(person(request), slug, number, to=perm(request), lock=True)
            submission = actions.submit_step(step=found, ask=ask, by=person(request))
    except Invalid as error:
        return _page(request, found, status=error.status, ask=ask, errors=error.fields)
    messages.success(request, f"Package {submission.short_hash} is before the board.")
    return redirect("board-room", slug, number)


def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take the pending submission back."""
    with atomic():
        found = access_step(person(request), slug, number, to=perm(request), lock=True)
        submission = actions.withdraw_submission(step=found, by=person(request))
    messages.success(
        request, f"Submission {submission.number} is withdrawn; mend and submit again."
    )
    return redirect("step", slug, number)


def _page(request: HttpRequest, found: Step, status: int = 200, **extra: object) -> HttpResponse:
    context = effort_context(request, found.effort, "steps", found)
    number = found.number
    submittable = found.status in {StepStatus.OPEN, StepStatus.RETURNED}
    objections = gates.objections(found, context["steps"][number - 1]) if submittable else ()
    submissions = selectors.submissions_of(found)
    products: list[progress.ProductRow] = []
    if found.status == StepStatus.APPROVED:  # what it owed stands in the package, with its files
        selectors.attach_files([item.version for s in submissions for item in s.items.all()])
    else:
        products = [
            r for r in progress.products_of(found.effort) if r.product.step.number == number
        ]
    context |= {
        "step": found,
        "objections": objections,
        "blocked": any(o.blocks for o in objections),
        "products": products,
        "submissions": submissions,
        "pending": next((s for s in submissions if s.status == "pending"), None),
        **extra,
    }
    return render(request, "planning/step.html", context, status=status)
