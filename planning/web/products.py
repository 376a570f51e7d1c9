"""The products of an effort: the list, starting one, where one opens, its tailored outline."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mapro.core.db import atomic
from mapro.core.errors import Invalid
from planning import actions, progress, selectors
from planning.actions.product import formats_to_start
from planning.models import Effort, Product
from planning.policies import access_effort, access_product
from planning.products import tailoring
from planning.web.frame import effort_context, perm, person


def products(request: HttpRequest, slug: str) -> HttpResponse:
    """Every product of the effort, what is out of date, and a way to start another."""
    if request.method == "POST":
        return _start(request, slug)
    return _list(request, access_effort(person(request), slug, to=perm(request)))


def _start(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            made = actions.start_product(
                effort=effort, format=request.POST.get("format", ""),
                name=request.POST.get("name", ""), by=person(request),
            )  # fmt: skip
    except Invalid as error:
        return _list(request, effort, error)
    messages.success(request, f"{made.title} is started.")
    return redirect(made)


def _list(request: HttpRequest, effort: Effort, error: Invalid | None = None) -> HttpResponse:
    context = effort_context(request, effort, "products") | {
        "products": progress.products_of(effort),
        "formats": formats_to_start(),
        "out_of_date": selectors.out_of_date(effort),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "planning/products.html", context, status=error.status if error else 200)


def product(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The product opens at the first section that is still owed."""
    found = access_product(person(request), slug, key, to=perm(request))
    rows = selectors.outline(found)
    first = next((r for r in rows if r.missing), rows[0])
    return redirect("section", slug, key, first.key)


def outline(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The outline as this effort tailored it; the lead changes it."""
    error = None
    if request.method == "POST":
        try:
            changed = _tailor(request, slug, key)
        except Invalid as refused:
            error = refused
        else:
            if changed:
                messages.success(request, "The outline is changed.")
            anchor = request.POST.get("section", "")
            return redirect(f"{reverse('outline', args=[slug, key])}#o-{anchor}")
    found = access_product(person(request), slug, key, to=perm(request))
    return _outline_page(request, found, error)


def _tailor(request: HttpRequest, slug: str, key: str) -> bool:
    form = request.POST
    places = form.get("places", "0")
    with atomic():
        found = access_product(person(request), slug, key, to=perm(request), lock=True)
        before = found.definition
        actions.tailor(
            product=found, change=form.get("change", ""), section=form.get("section", ""),
            title=form.get("title", ""), reason=form.get("reason", ""),
            by_places=int(places) if places in {"-1", "1"} else 0, by=person(request),
        )  # fmt: skip
        return found.definition != before


def _outline_page(request: HttpRequest, found: Product, error: Invalid | None) -> HttpResponse:
    numbers = {o.section.key: o for o in found.definition.walk()}
    depths: dict[str, int] = {}

    def walk(sections: tuple[tailoring.Section, ...], depth: int) -> None:
        for one in sections:
            depths[one.key] = depth
            walk(one.children, depth + 1)

    walk(found.definition.sections, 1)
    rows = [
        {
            "section": one, "depth": depths[one.key], "outlined": numbers.get(one.key),
            "title": one.title_for(found.effort.name), "was": one.was_for(found.effort.name),
        }
        for one in found.definition.every_section()
    ]  # fmt: skip
    context = effort_context(request, found.effort, "products", found.step) | {
        "product": found,
        "rows": rows,
        "changes": list(tailoring.changes(found.definition, found.effort.name)),
        "error": error,
        "typed": request.POST if error else {},
    }
    return render(request, "planning/outline.html", context, status=error.status if error else 200)
