"""Dissents of an effort: the record, entering one, withdrawing one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, progress, sources
from planning.models import Effort, Product
from planning.policies import access_dissent, access_effort
from planning.products import richtext
from planning.web.frame import effort_context, perm, person


def dissents(request: HttpRequest, slug: str) -> HttpResponse:
    """Every dissent, newest first; enter one."""
    if request.method == "POST":
        return _enter(request, slug)
    return _page(request, access_effort(person(request), slug, to=perm(request)))


def _enter(request: HttpRequest, slug: str) -> HttpResponse:
    form = request.POST
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            product = _product(effort, form.get("product", ""))
            made = actions.enter_dissent(
                effort=effort, product=product, section=form.get("section", ""),
                words=form.get("words", ""), by=person(request),
            )  # fmt: skip
    except Invalid as error:
        return _page(request, effort, error)
    messages.success(request, f"{made} is on record. Nobody but you may withdraw it.")
    return redirect("dissents", slug)


def _product(effort: Effort, key: str) -> Product | None:
    """The product with this key; none for an empty one. Raises NotVisible."""
    if not key:
        return None
    found = effort.products.filter(key=key).select_related("step").first()
    if found is None:
        raise NotVisible
    return found


def _page(request: HttpRequest, effort: Effort, error: Invalid | None = None) -> HttpResponse:
    chosen = request.POST.get("product") or request.GET.get("product", "")
    rows = progress.products_of(effort)
    product = next((r.product for r in rows if r.product.key == chosen), None)
    context = effort_context(request, effort, "dissents") | {
        "dissents": [
            {
                "row": row,
                "subject": sources.subject_of(row),
                "words": mark_safe(richtext.from_plain(row.words)),  # noqa: S308 - sanitized
                "mine": row.author_id == request.user.pk,
            }
            for row in reversed(sources.dissents_of(effort))
        ],
        "products": [row.product for row in rows],
        "product_chosen": product,
        "sections": [
            (o.section.key, f"{o.number}. {o.section.title_for(effort.name)}")
            for o in (product.definition.walk() if product else ())
        ],
        "section_chosen": request.POST.get("section") or request.GET.get("section", ""),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "planning/dissents.html", context, status=error.status if error else 200)


def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw one's own dissent."""
    with atomic():
        found = access_dissent(person(request), to=perm(request), pk=pk, effort__slug=slug)
        actions.withdraw_dissent(dissent=found, why=request.POST.get("why", ""), by=person(request))
    messages.success(request, f"{found} is withdrawn; words and withdrawal stay on record.")
    return redirect("dissents", slug)
