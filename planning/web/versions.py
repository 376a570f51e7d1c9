"""Frozen versions of a product: preview, list, freeze, restore, compare."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from mapro.core.db import atomic
from mapro.core.errors import NotVisible
from mapro.core.pictures import load as load_picture
from planning import actions, selectors
from planning.actions.freeze import draft_text, freeze, snapshot
from planning.models import Picture, Product, Version
from planning.policies import access_product, access_version
from planning.products import document
from planning.rendering import html
from planning.vocabulary import PRODUCT_FORMATS
from planning.web.frame import effort_context, perm, person


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
    """Preview and version share the body that the files have."""
    asked = request.GET.get("layout", "")
    layout = asked if asked in [str(name) for name in owner.definition.layouts] else ""
    pictures = _sizes(owner, taken)
    seal = (taken.get("letterhead") or {}).get("seal", "")
    kept = load_picture(seal) if seal else None
    if kept is not None:
        pictures[seal] = document.Picture(*kept)
    built = document.build(
        taken, approved=bool(frozen and frozen.is_approved), version=frozen.number if frozen else 0,
        content_hash=sha256, created_at=frozen.frozen_at if frozen else timezone.now(),
        layout=layout, pictures=pictures,
    )  # fmt: skip
    versions = [frozen] if frozen else []
    selectors.attach_files(versions)

    def address(picture: str) -> str:
        if kept is not None and picture == seal:  # the organization's, which no effort serves
            return f"data:{kept[0]};base64,{b64encode(kept[1]).decode()}"
        return reverse("picture", args=[owner.effort.slug, picture])

    body = mark_safe(html.body(built, address))  # noqa: S308 - from sanitized text, escaped
    context = effort_context(request, owner.effort, "products", owner.step) | {
        "product": owner,
        "version": frozen,
        "layout": layout or str(owner.definition.layout),
        "sha256": sha256,
        "body": body,
        **export_choices(owner),
    }
    return render(request, "planning/paper.html", context)


def export_choices(product: Product) -> dict[str, Any]:
    """The formats and layouts of the export form."""
    return {"formats": PRODUCT_FORMATS, "layouts": product.definition.layouts}


def _sizes(owner: Product, taken: dict[str, Any]) -> dict[str, document.Picture]:
    """The pictures of a page by their size: the browser fetches the files. One query, if any."""
    keys = document.picture_keys(taken)
    if not keys:
        return {}
    rows = Picture.objects.filter(effort_id=owner.effort_id, sha256__in=keys)
    return {
        row.sha256: document.Picture(row.media_type, b"", row.width, row.height) for row in rows
    }


def versions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The frozen versions with their files; freeze another."""
    if request.method == "POST":
        with atomic():
            found = access_product(person(request), slug, key, to=perm(request), lock=True)
            frozen, new = actions.freeze_version(product=found, by=person(request))
        messages.success(
            request,
            f"Version {frozen.number} is frozen."
            if new
            else f"Nothing changed since version {frozen.number}, so no new one was made.",
        )
        return redirect("versions", slug, key)
    found = access_product(person(request), slug, key, to=perm(request))
    rows = selectors.versions_of(found)
    selectors.attach_files(rows)
    context = effort_context(request, found.effort, "products", found.step) | {
        "product": found,
        "versions": rows,
        "start": selectors.starting_version(found, rows),
        **export_choices(found),
    }
    return render(request, "planning/versions.html", context)


def restore(request: HttpRequest, slug: str, key: str, number: int) -> HttpResponse:
    """Write a frozen text back into the draft."""
    with atomic():
        owner = access_product(person(request), slug, key, to=perm(request), lock=True)
        row = owner.versions.filter(number=number).first()
        if row is None:
            raise NotVisible
        row.product = owner
        changed, gone = actions.restore_version(version=row, by=person(request))
    noun = "section" if changed == 1 else "sections"
    words = (
        f"The draft holds the text of version {number} again; {changed} {noun} changed."
        if changed
        else f"The draft reads as version {number} already."
    )
    if gone:
        words += f" The outline no longer has: {', '.join(gone)}."
    messages.success(request, words)
    return redirect("versions", slug, key)


def compare(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Two texts by section and word, and who changed what; unless told, the draft since the last
    approved version."""
    found = access_product(person(request), slug, key, to=perm(request))
    rows, old, new = selectors.comparable(
        found, request.GET.get("from", ""), request.GET.get("to", "")
    )
    old = old or selectors.starting_version(found, rows)
    taken = new.snapshot if new else draft_text(found)
    context = effort_context(request, found.effort, "products", found.step) | {
        "product": found,
        "versions": rows,
        "comparison": selectors.compared(found, old, new, taken),
    }
    return render(request, "planning/compare.html", context)


def export_comparison(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The comparison as a PDF with marked changes; a draft is frozen for it."""
    with atomic():
        found = access_product(person(request), slug, key, to=perm(request), lock=True)
        rows = selectors.versions_of(found)
        old = _chosen(rows, request.POST.get("from", ""))
        if old is None:
            raise NotVisible
        new = _chosen(rows, request.POST.get("to", "")) or freeze(product=found, by=person(request))
        old.product = new.product = found
        made = actions.request_comparison(old=old, new=new, by=person(request))
    return redirect("rendition", made.pk)


def _chosen(rows: list[Version], number: str) -> Version | None:
    return next((row for row in rows if str(row.number) == number), None)
