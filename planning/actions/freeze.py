"""Freeze a draft into a Version (invariants 1 and 7: approvals and files bind to frozen text)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.models import Marking, Organization, User
from planning import entries, ports
from planning.models import Effort, Product, SectionDraft, Version
from planning.products import tailoring
from planning.products.document import digest
from planning.progress import members_of
from planning.sources import DISSENTS, dissents_on
from planning.vocabulary import Role

# 2: labels as printed, letterhead, register content, annexes.
SNAPSHOT_SCHEMA = 2


Drafts = dict[str, SectionDraft]


def freeze(*, product: Product, by: User) -> Version:
    """``freeze_all`` of one product; part of another, recorded act."""
    return freeze_all(products=[product], by=by)[0]


@atomic()
def freeze_version(*, product: Product, by: User) -> tuple[Version, bool]:
    """Freeze the draft on purpose; whether that made a new Version. The product must be locked."""
    before = product.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = freeze(product=product, by=by)
    new = version.number > before
    if new:
        record(
            "version.frozen", by=by, on=version, effort_id=product.effort_id,
            label=f"{product.definition.label}, version {version.number}",
            new={"sha256": version.sha256},
        )  # fmt: skip
    return version, new


@atomic()
def freeze_current(*, effort: Effort, by: User) -> list[Version]:
    """The Version of every product of an effort that holds any text, by step and key.

    Part of another, recorded act. The products are locked here.
    """
    rows = effort.products.select_for_update(of=("self",), no_key=True).select_related("step")
    products = list(rows.order_by("step__number", "key"))
    for product in products:
        product.effort = effort
    drafts = drafts_of(products)
    begun = [p for p in products if any(draft.body for draft in drafts[p.pk].values())]
    return freeze_all(products=begun, by=by, drafts=drafts)


@atomic()
def freeze_all(
    *, products: Sequence[Product], by: User, drafts: dict[int, Drafts] | None = None
) -> list[Version]:
    """The Version of each draft as it stands; a new one only if the text differs from the last.

    Four queries whatever the number of products (drafts, last versions, members, dissents), three
    with the ``drafts`` at hand, and what registers ask, two for entries. The products must be locked, so that two freezes of one do not number the same text twice.
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
        taken, marking = _taken(product, drafts[product.pk])
        sha256 = digest(taken)
        before = last.get(product.pk)
        if before is not None and before.sha256 == sha256:
            before.product = product
            found.append(before)
            continue
        version = Version(
            product=product, number=before.number + 1 if before else 1, snapshot=taken,
            sha256=sha256, marking=marking, frozen_by=by,
            frozen_at=now,
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
        rows = rows.select_for_update(of=("self",), no_key=True)
    found: dict[int, Drafts] = {product.pk: {} for product in products}
    for row in rows.order_by("pk"):
        found[row.product_id][row.key] = row
    return found


def sections_of(product: Product, drafts: Drafts) -> list[dict[str, Any]]:
    """What people wrote in the draft, in the outline's order, as a snapshot holds it."""
    return [
        {
            "key": outlined.section.key,
            "number": outlined.number,
            "title": outlined.section.title_for(product.effort.name),
            "depth": outlined.depth,
            "portion": drafts[outlined.section.key].portion.portion,
            "html": drafts[outlined.section.key].body,
        }
        for outlined in product.definition.walk()
    ]


def written(row: dict[str, Any]) -> dict[str, Any]:
    """A snapshot's section without what registers put in: that may change without anybody writing."""
    kept = {k: value for k, value in row.items() if k not in {"registers", "text_portion"}}
    return kept | {"portion": portion_of_text(row)}


def portion_of_text(row: dict[str, Any]) -> str:
    """The portion mark of what people wrote, where the registers raised the section's."""
    return str(row.get("text_portion", row["portion"]))


def _filled(product: Product, drafts: Drafts) -> tuple[list[dict[str, Any]], Marking]:
    """The sections with what the registers put in now, and the highest marking of what is printed;
    a section that was left out marks nothing.

    A section is marked as high as its text and its registers.
    """
    walk = list(product.definition.walk())
    sources = [name for outlined in walk for name in outlined.section.sources]
    entries.entries_of(product.effort, *entries.registers_behind(sources))
    rows, found = sections_of(product, drafts), []
    for row, outlined in zip(rows, walk, strict=True):
        marking: Marking = drafts[outlined.section.key].portion
        if outlined.section.sources:
            content = ports.content_of(product, outlined.section)
            row["registers"] = [one.plain() for one in content if one.html]
            marking = ports.highest([marking, *(one.marking for one in content)]) or marking
            if marking.portion != row["portion"]:
                row |= {"portion": marking.portion, "text_portion": row["portion"]}
        found.append(marking)
    return rows, max(found, key=lambda one: one.rank)


def draft_text(product: Product) -> dict[str, Any]:
    """The part of ``snapshot`` that comparisons look at: the sections, with what registers put in
    now. One query, and what the registers ask."""
    return {"sections": _filled(product, drafts_of([product])[product.pk])[0]}


def _annexes(product: Product) -> list[dict[str, str]]:
    """How the effort tailored the format, and dissents for which the format has no section."""
    found = []
    rows = "".join(
        f"<tr><td><p>{escape(change.what)}</p></td><td><p>{escape(change.section)}</p></td>"
        f"<td><p>{escape(change.reason)}</p></td></tr>"
        for change in tailoring.changes(product.definition, product.effort.name)
    )
    if rows:
        head = "".join(f'<th scope="col"><p>{w}</p></th>' for w in ("Change", "Section", "Why"))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        found.append({"title": "Changes to the format", "html": table})
    if not any(DISSENTS.key in o.section.sources for o in product.definition.walk()):
        facts = dissents_on(product)
        if facts:
            found.append({"title": DISSENTS.label, "html": "".join(one.html for one in facts)})
    return found


def banner(effort: Effort, marking: Marking) -> str:
    """The words of a banner: an exercise says so on every page."""
    return f"{marking.banner} // EXERCISE" if effort.exercise else marking.banner


def letterhead(organization: Organization | None) -> dict[str, Any]:
    """The paper of the lead agency, as a snapshot holds it."""
    if organization is None:
        return {}
    lines = [line.strip() for line in organization.letterhead.splitlines() if line.strip()]
    return {"lines": lines, "seal": organization.seal, "ink": organization.ink}


def cover_of(effort: Effort, versions: Sequence[Version], edition: str) -> dict[str, Any]:
    """What the cover of a collection shows, as plain JSON in the shape of a snapshot."""
    marking = max((version.marking for version in versions), key=lambda m: m.rank)
    newest = max(version.frozen_at for version in versions)
    leads = [m for m in members_of(effort) if m.role == Role.LEAD]
    words = banner(effort, marking)
    agency = next((m.organization for m in leads if m.organization), None)
    return {
        "schema": SNAPSHOT_SCHEMA,
        "title": f"Binder of {edition} products",
        "label": "Binder",
        "layout": "document",
        "language": "en",
        "created_at": newest.isoformat(),
        "effort": {"slug": effort.slug, "name": effort.name, "country": effort.country},
        "header": [
            ["Edition", f"{edition.capitalize()} products"],
            ["Products", str(len(versions))],
            ["Newest text", ports.when(newest)],
        ],
        "designation": [
            ["Marking", words],
            ["Prepared by", "; ".join(m.user.post for m in leads)],
            ["Controlled by", agency.name if agency else ""],
            ["Releasable to", "Members of the effort"],
            ["Handling", "Exercise material" if effort.exercise else "Official use"],
        ],
        "marking": {
            "banner": words,
            "portion": marking.portion,
            "ground": marking.ground,
            "rank": marking.rank,
        },
        "letterhead": letterhead(agency),
        "sections": [],
        "annexes": [],
    }


def snapshot(product: Product, drafts: Drafts | None = None) -> dict[str, Any]:
    """Everything that the product's documents will ever show of this draft, as plain JSON.

    It holds no clock time of its own: the same draft gives the same hash.
    """
    return _taken(product, drafts_of([product])[product.pk] if drafts is None else drafts)[0]


def _taken(product: Product, drafts: Drafts) -> tuple[dict[str, Any], Marking]:
    """The snapshot, and its marking."""
    effort, definition = product.effort, product.definition
    sections, marking = _filled(product, drafts)
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
        ["Date", ports.when(changed)],
        ["Subject", f"{effort.name}: {product.title}"],
    ]
    if posts.get(Role.BOARD):
        header.insert(1, ["Through", "Supervisory Board"])
    words = banner(effort, marking)
    taken = {
        "schema": SNAPSHOT_SCHEMA,
        "product": product.key,
        "format": product.format,
        "label": definition.paper_label,
        "definition_version": definition.version,
        "title": product.title,
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
        "marking": {
            "banner": words,
            "portion": marking.portion,
            "ground": marking.ground,
            "rank": marking.rank,
        },
        "letterhead": letterhead(leads[0] if leads else None),
        "sections": sections,
        "annexes": _annexes(product),
    }
    return taken, marking
