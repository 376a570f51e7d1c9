"""A product: its outline, one section with its editor, the preview, frozen versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe

from mapro.core.errors import Invalid, StaleSave, TooLarge
from mapro.core.models import Marking
from planning import actions, selectors
from planning.actions.freeze import snapshot
from planning.models import Product, SectionDraft
from planning.policies import access_product, access_section, access_version
from planning.products import document, prompts, richtext
from planning.rendering import html
from planning.selectors import OutlineRow
from planning.web.frame import effort_context, perm, person, posted_number


def product(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The product opens at the first section that is still owed."""
    found = access_product(person(request), slug, key, to=perm(request))
    rows = selectors.outline(found)
    first = next((r for r in rows if r.missing), rows[0])
    return redirect("section", slug, key, first.key)


def section(request: HttpRequest, slug: str, key: str, section: str) -> HttpResponse:
    """One section: read it, write it, save it."""
    found = access_section(person(request), slug, key, section, to=perm(request))
    if request.method == "POST":
        return _save(request, found)
    return _page(request, found)


def _save(request: HttpRequest, found: SectionDraft) -> HttpResponse:
    """Save; autosave gets JSON, the button gets the page."""
    autosave = request.headers.get("X-Autosave") == "1"
    try:
        saved = actions.save_section(
            section=found,
            body=request.POST.get("body", ""),
            revision=posted_number(request, "revision"),
            portion=request.POST.get("portion"),
            plain=request.POST.get("format") == "text",
            by=person(request),
        )
    except (StaleSave, TooLarge, Invalid) as error:
        if autosave:
            return JsonResponse(error.as_dict(), status=error.status)
        found.refresh_from_db()
        return _page(request, found, error=error, typed=request.POST.get("body", ""))
    if autosave:
        at = saved.updated_at or timezone.now()
        return JsonResponse(
            {
                "revision": saved.revision,
                "saved_at": f"{at:%H:%M}Z",
                "empty": not saved.body,
                "words": richtext.word_count(saved.body),
            }
        )
    return redirect(request.get_full_path())


def _page(
    request: HttpRequest,
    found: SectionDraft,
    error: StaleSave | TooLarge | Invalid | None = None,
    typed: str | None = None,
) -> HttpResponse:
    owner = found.product
    effort = owner.effort
    rows = selectors.outline(owner)
    place = next(i for i, r in enumerate(rows) if r.key == found.key)
    body = found.body if typed is None else typed
    plain = richtext.to_plain(body) if typed is None else None
    context = effort_context(request, effort, "products", owner.step) | {
        "product": owner,
        "section": found,
        "row": rows[place],
        "rows": rows,
        "number_of": place + 1,
        "previous": rows[place - 1] if place else None,
        "next": rows[place + 1] if place + 1 < len(rows) else None,
        "prompt": prompts.prompt(owner.key, found.key),
        "markings": Marking.objects.all(),
        "words": richtext.word_count(found.body),
        "readable": mark_safe(found.body),  # noqa: S308 - sanitized when it was saved
        "field": body if plain is None else plain,
        "field_format": "html" if plain is None else "text",
        "error": error,
        **_progress(rows),
    }
    if isinstance(error, StaleSave):
        context["yours"] = mark_safe(error.extra["yours"])  # noqa: S308 - cleaned by the action
        context["theirs"] = mark_safe(error.extra["theirs"])  # noqa: S308 - sanitized when saved
    return render(request, "planning/section.html", context, status=error.status if error else 200)


def _progress(rows: Sequence[OutlineRow]) -> dict[str, int]:
    return {"written": sum(r.has_text for r in rows), "owed": sum(r.missing for r in rows)}


def preview(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The draft as it would be printed now."""
    found = access_product(person(request), slug, key, to=perm(request))
    taken = snapshot(found)
    return _paper(request, found, taken, None, document.digest(taken))


def version(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """A frozen version, as it was and stays."""
    found = access_version(
        person(request), to=perm(request), product__effort__slug=slug, product__key=key,
        number=number,
    )  # fmt: skip
    return _paper(request, found.product, found.snapshot, found, found.sha256)


def _paper(
    request: HttpRequest, owner: Product, taken: dict[str, Any], frozen: Any, sha256: str
) -> HttpResponse:
    """Preview and version share the body that the PDF has."""
    built = document.build(
        taken, approved=bool(frozen and frozen.is_approved), version=frozen.number if frozen else 0,
        content_hash=sha256, created_at=frozen.frozen_at if frozen else timezone.now(),
    )  # fmt: skip
    versions = selectors.versions_of(owner)
    context = effort_context(request, owner.effort, "products", owner.step) | {
        "product": owner,
        "version": frozen,
        "versions": versions,
        "renditions": selectors.renditions_of(versions),
        "sha256": sha256,
        "body": mark_safe(html.body(built)),  # noqa: S308 - built from sanitized text, escaped
    }
    return render(request, "planning/paper.html", context)
