"""Ratings of a country by one frame: every item, one item with its history, give a rating.

With htmx an item opens its form in its place and closes it again when it is rated, so that many
items are rated without loading the page anew; without it each item has a page of its own.
"""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from assessments import actions, selectors
from assessments.frames import FRAMES, Category, Frame, Item
from assessments.models import Country, Rating
from assessments.policies import keeps_watch
from assessments.selectors import Standing
from assessments.vocabulary import FrameKey
from assessments.web import reads
from assessments.web.forms import RatingForm
from assessments.web.frame import country_of
from assessments.web.frame import frame as framed
from mapro.core.errors import Invalid, NotVisible
from mapro.core.models import Marking
from planning.web.frame import person


def ratings(request: HttpRequest, code: str, frame: str) -> HttpResponse:
    """Every item of a frame in its own order with the rating that holds."""
    country, of = country_of(code), _frame(frame)
    standing = selectors.standing(country, of.key)
    groups: dict[str, tuple[Category, list[Standing]]] = {
        category.key: (category, []) for category in of.categories
    }
    for row in standing:
        groups[row.category.key][1].append(row)
    markings = _markings(r.rating for r in standing)
    if keeps_watch(person(request)):  # the forms that open in the page offer every report
        markings |= set(reads.markings_on(country))
    context = framed(request, "country", country=country, markings=markings) | {
        "frame": of,
        "groups": list(groups.values()),
        "known": sum(row.level.rank > 0 for row in standing),
        "frames": FrameKey.choices,
    }  # fmt: skip
    return render(request, "assessments/ratings.html", context)


def rating(request: HttpRequest, code: str, frame: str, item: str) -> HttpResponse:
    """One item: what holds, how it came about, and the form to rate it anew."""
    country, of = country_of(code), _frame(frame)
    asked = of.items.get(item)
    if asked is None:
        raise NotVisible
    partial = bool(request.headers.get("HX-Request"))
    rows = selectors.history(country, of.key, item)
    form = RatingForm(
        request.POST or None, initial=_start(rows), country=country,
        auto_id=f"rate-{item}-%s",  # several items may be open on a page
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.rate(
                country=country, frame=of.key, item=item, by=person(request), **form.cleaned_data
            )
        except Invalid as error:
            form.refuse(error)
        else:
            if not partial:
                address = reverse("watch-ratings", args=[code, frame])
                return redirect(f"{address}#i-{item}")
            return _item(request, country, of, asked, fresh=True)
    if partial and "closed" in request.GET:
        return _item(request, country, of, asked)
    reports = list(form.fields["reports"].queryset)  # type: ignore[attr-defined]
    markings = {*_markings(rows), *(report.marking for report in reports)}
    context = framed(request, "country", country=country, markings=markings) | {
        "frame": of,
        "category": next(c for c in of.categories if asked in c.items),
        "item": asked,
        "rows": rows,
        "form": form,
        "reports": reports,
        "ticked": [str(pk) for pk in form["reports"].value() or []],
    }
    # htmx leaves a refused answer aside, so that the form with its messages comes back as 200.
    status = 400 if form.errors and not partial else 200
    name = "_rate_form" if partial else "rating"
    return render(request, f"assessments/{name}.html", context, status=status)


def rated(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the item that a rating is of, at that rating."""
    found = Rating.objects.select_related("country").filter(pk=pk).first()
    if found is None or found.item not in FRAMES[found.frame].items:
        raise NotVisible
    address = reverse("watch-rating", args=[found.country.code, found.frame, found.item])
    return redirect(f"{address}#r-{pk}")


def _item(
    request: HttpRequest, country: Country, of: Frame, asked: Item, *, fresh: bool = False
) -> HttpResponse:
    """One item of the list, as part of the page."""
    row = next(r for r in selectors.standing(country, of.key) if r.item == asked)
    _markings([row.rating])
    context: dict[str, Any] = framed(request, "country", country=country) | {
        "frame": of,
        "s": row,
        "fresh": fresh,
        "focus": True,
    }
    return render(request, "assessments/_rate_item.html", context)


def _frame(key: str) -> Frame:
    found = FRAMES.get(key)
    if found is None:
        raise NotVisible
    return found


def _start(rows: list[Rating]) -> dict[str, Any]:
    """Trend and confidence start from what holds; level and evidence are given anew."""
    if not rows:
        return {}
    return {"trend": rows[0].trend, "confidence": rows[0].confidence}


def _markings(rows: Any) -> set[Marking]:
    """The markings of the reports that ratings rest on. One query, none without reports."""
    given = [row for row in rows if row]
    prefetch_related_objects(given, "reports__marking")
    return {report.marking for row in given for report in row.reports.all()}
