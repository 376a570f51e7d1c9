"""My work: what waits for me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mapro.core.actions import mark_seen
from planning import selectors
from planning.web.frame import Banner, person


def my_work(request: HttpRequest) -> HttpResponse:
    """Red flags, decisions and votes that wait for me, what I owe, what I wait for, what changed."""
    everything = "all" in request.GET
    limit = selectors.PAGE if everything else selectors.SHORT
    work = selectors.my_work(person(request), limit)
    highest = max((e.marking for e in work.efforts), key=lambda m: m.rank, default=None)
    context: dict[str, object] = {
        "work": work,
        "place": "my-work",
        "everything": everything,
        "now": timezone.now(),
    }
    if highest is not None:
        exercise = all(e.exercise for e in work.efforts)
        words = f"{highest.banner} // EXERCISE" if exercise else highest.banner
        context["page_marking"] = Banner(words, highest.ground)
    return render(request, "planning/my_work.html", context)


def seen(request: HttpRequest) -> HttpResponse:
    """Start the list of changes anew from now."""
    mark_seen(by=person(request))
    return redirect("my-work")
