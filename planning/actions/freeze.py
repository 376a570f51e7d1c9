"""Freeze a draft into a Version (invariants 1 and 7: approvals and files bind to frozen text)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mapro.core.db import atomic
from mapro.core.models import Organization, User
from planning.models import Effort, Product, SectionDraft, Version
from planning.products.document import digest
from planning.progress import members_of
from planning.vocabulary import Role

SNAPSHOT_SCHEMA = 1


@atomic()
def freeze(*, product: Product, by: User) -> Version:
    """The Version of the draft as it stands; a new one only if the text differs from the last.

    ``product`` must be locked, so that two freezes of it do not number the same text twice.
    """
    taken = snapshot(product)
    sha256 = digest(taken)
    last = product.versions.defer("snapshot").order_by("-number").first()
    if last is not None and last.sha256 == sha256:
        return last
    return Version.objects.create(
        product=product, number=last.number + 1 if last else 1, snapshot=taken, sha256=sha256,
        marking=_highest(product), frozen_by=by, frozen_at=timezone.now(),
    )  # fmt: skip


def sections_of(product: Product, *, lock: bool = False) -> list[dict[str, Any]]:
    """The draft's sections in the outline's order, as a snapshot holds them. One query.

    With ``lock`` nobody can save them until the transaction ends.
    """
    found = SectionDraft.objects.filter(product=product).select_related("portion")
    if lock:
        found = found.select_for_update(of=("self",)).order_by("pk")
    rows = {s.key: s for s in found}
    product.__dict__["_rows"] = rows
    return [
        {
            "key": outlined.section.key,
            "number": outlined.number,
            "title": outlined.section.title,
            "depth": outlined.depth,
            "portion": rows[outlined.section.key].portion.portion,
            "html": rows[outlined.section.key].body,
        }
        for outlined in product.definition.walk()
    ]


def _highest(product: Product) -> Any:
    return max((s.portion for s in product.__dict__["_rows"].values()), key=lambda m: m.rank)


def banner(effort: Effort, marking: Any) -> str:
    """The words of a banner: an exercise says so on every page."""
    return f"{marking.banner} // EXERCISE" if effort.exercise else marking.banner


def snapshot(product: Product) -> dict[str, Any]:
    """Everything that the product's documents will ever show of this draft, as plain JSON.

    It holds no clock time of its own: the same draft gives the same hash.
    """
    effort, definition = product.effort, product.definition
    sections = sections_of(product)
    marking = _highest(product)
    saved = [s.updated_at for s in product.__dict__["_rows"].values() if s.updated_at]
    changed = max(saved, default=effort.opened_at)
    posts: dict[str, list[str]] = {}
    leads: list[Organization] = []
    for member in members_of(effort):
        posts.setdefault(member.role, []).append(member.user.post)
        if member.role == Role.LEAD and member.organization:
            leads.append(member.organization)
    header = [
        ["To", f"Interagency Planning Team, {effort.name}"],
        ["From", "; ".join(posts.get(Role.AUTHORITY, [])) or "Approving Authority, to be named"],
        ["Date", f"{changed:%d %B %Y, %H:%MZ}".lstrip("0")],
        ["Subject", f"{effort.name}: {definition.title}"],
    ]
    if posts.get(Role.BOARD):
        header.insert(1, ["Through", "Supervisory Board"])
    words = banner(effort, marking)
    return {
        "schema": SNAPSHOT_SCHEMA,
        "product": product.key,
        "label": definition.label,
        "definition_version": definition.version,
        "title": definition.title,
        "layout": str(definition.layout),
        "language": "en",
        "effort": {"slug": effort.slug, "name": effort.name, "country": effort.country},
        "header": header,
        "designation": [
            ["Marking", words],
            ["Prepared by", "; ".join(posts.get(Role.LEAD, []))],
            ["Controlled by", "; ".join(o.name for o in leads[:1])],
            ["Releasable to", "Members of the effort"],
            ["Handling", "Exercise material" if effort.exercise else "Official use"],
        ],
        "marking": {"banner": words, "portion": marking.portion, "ground": marking.ground},
        "sections": sections,
    }
