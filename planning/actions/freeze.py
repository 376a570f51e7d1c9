"""Freeze a draft into a Version (invariants 1 and 7: approvals and files bind to frozen text)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mapro.core.db import atomic
from mapro.core.models import Marking, Organization, User
from planning.models import Effort, Product, SectionDraft, Version
from planning.products.document import digest
from planning.progress import members_of
from planning.vocabulary import Role

SNAPSHOT_SCHEMA = 1


Drafts = dict[str, SectionDraft]


def freeze(*, product: Product, by: User) -> Version:
    """``freeze_all`` of one product."""
    return freeze_all(products=[product], by=by)[0]


@atomic()
def freeze_all(
    *, products: Sequence[Product], by: User, drafts: dict[int, Drafts] | None = None
) -> list[Version]:
    """The Version of each draft as it stands; a new one only if the text differs from the last.

    Three queries whatever the number of products, two with the ``drafts`` at hand. The products
    must be locked, so that two freezes of one do not number the same text twice.
    """
    if drafts is None:
        drafts = drafts_of(products)
    newer = Version.objects.filter(product=OuterRef("product"), number__gt=OuterRef("number"))
    last = {
        version.product_id: version
        for version in Version.objects.defer("snapshot")
        .select_related("marking")
        .filter(~Exists(newer), product__in=products)
    }
    now = timezone.now()
    found, new = [], []
    for product in products:
        taken = snapshot(product, drafts[product.pk])
        sha256 = digest(taken)
        before = last.get(product.pk)
        if before is not None and before.sha256 == sha256:
            before.product = product
            found.append(before)
            continue
        version = Version(
            product=product, number=before.number + 1 if before else 1, snapshot=taken,
            sha256=sha256, marking=_highest(drafts[product.pk]), frozen_by=by, frozen_at=now,
        )  # fmt: skip
        found.append(version)
        new.append(version)
    Version.objects.bulk_create(new)
    return found


def drafts_of(products: Sequence[Product], *, lock: bool = False) -> dict[int, Drafts]:
    """The draft sections of each product by key. One query.

    With ``lock`` nobody can save them until the transaction ends.
    """
    rows = SectionDraft.objects.filter(product__in=products).select_related("portion")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found: dict[int, Drafts] = {product.pk: {} for product in products}
    for row in rows.order_by("pk"):
        found[row.product_id][row.key] = row
    return found


def sections_of(product: Product, drafts: Drafts) -> list[dict[str, Any]]:
    """The draft's sections in the outline's order, as a snapshot holds them."""
    return [
        {
            "key": outlined.section.key,
            "number": outlined.number,
            "title": outlined.section.title,
            "depth": outlined.depth,
            "portion": drafts[outlined.section.key].portion.portion,
            "html": drafts[outlined.section.key].body,
        }
        for outlined in product.definition.walk()
    ]


def _highest(drafts: Drafts) -> Marking:
    return max((draft.portion for draft in drafts.values()), key=lambda marking: marking.rank)


def banner(effort: Effort, marking: Marking) -> str:
    """The words of a banner: an exercise says so on every page."""
    return f"{marking.banner} // EXERCISE" if effort.exercise else marking.banner


def snapshot(product: Product, drafts: Drafts | None = None) -> dict[str, Any]:
    """Everything that the product's documents will ever show of this draft, as plain JSON.

    It holds no clock time of its own: the same draft gives the same hash.
    """
    effort, definition = product.effort, product.definition
    if drafts is None:
        drafts = drafts_of([product])[product.pk]
    sections = sections_of(product, drafts)
    marking = _highest(drafts)
    saved = [draft.updated_at for draft in drafts.values() if draft.updated_at]
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
