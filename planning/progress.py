"""How far the products of an effort are: what is written, what is still due. No text is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.db.models.functions import Length

from planning.models import DueOut, Effort, Membership, Product, SectionDraft
from planning.products.definition import OutlinedSection
from planning.registers import REGISTERS


@dataclass(frozen=True)
class ProductRow:
    """A product: how many sections it has, how many are written, which required ones are empty,
    and the number of its last version."""

    product: Product
    sections: int
    written: int
    due: tuple[OutlinedSection, ...]
    latest: int | None


def products_of(effort: Effort) -> list[ProductRow]:
    """The products by step and key; kept on the effort, so that gate and page ask once.

    Two queries. An empty section is stored as an empty text (``richtext.clean``), so its length
    says enough.
    """
    kept: list[ProductRow] | None = effort.__dict__.get("_products")
    if kept is not None:
        return kept
    products = list(
        effort.products.select_related("step", "approved_version")
        .defer("approved_version__snapshot")
        .annotate(latest=Max("versions__number"))
        .order_by("step__number", "key")
    )
    sizes: dict[int, dict[str, int]] = {}
    for pk, key, size in SectionDraft.objects.filter(product__in=products).values_list(
        "product_id", "key", Length("body")
    ):
        sizes.setdefault(pk, {})[key] = size
    rows = []
    for product in products:
        product.effort = product.step.effort = effort
        rows.append(row_of(product, sizes.get(product.pk, {}), product.latest))
    effort.__dict__["_products"] = rows
    return rows


def row_of(product: Product, sizes: Mapping[str, int], latest: int | None = None) -> ProductRow:
    """How far a product is, from the length of each section's text by key, and the registers."""
    outline = tuple(product.definition.walk())
    full = filled(product.effort)
    has = {
        o.section.key for o in outline if o.section.is_written(bool(sizes.get(o.section.key)), full)
    }
    due = tuple(o for o in outline if o.section.required and o.section.key not in has)
    written = len(has)
    return ProductRow(product, len(outline), written, due, latest)


def filled(effort: Effort) -> frozenset[str]:
    """The sources that have something to show, from what the effort keeps of it. No query."""
    kinds: dict[str, set[str]] = {}
    for mark in effort.filled:
        register, _, kind = mark.partition(":")
        kinds.setdefault(register, set()).add(kind)
    found = set(kinds)
    for key, there in kinds.items():
        if key in REGISTERS:
            found |= {
                view.key
                for view in REGISTERS[key].views
                if not view.only and (not view.kinds or there & set(view.kinds))
            }
    return frozenset(found)


def members_of(effort: Effort) -> list[Membership]:
    """The memberships with person and organization; kept on the effort. One query."""
    kept: list[Membership] | None = effort.__dict__.get("_members")
    if kept is None:
        kept = list(effort.memberships.select_related("user", "organization").order_by("pk"))
        effort.__dict__["_members"] = kept
    return kept


def open_due_outs(effort: Effort) -> list[DueOut]:
    """What the effort still owes, in the order in which it was given; kept on it. One query."""
    kept: list[DueOut] | None = effort.__dict__.get("_due_outs")
    if kept is None:
        kept = list(
            effort.due_outs.filter(done_at=None)
            .select_related("step", "owner", "product", "given_by", "submission")
            .order_by("number")
        )
        for due in kept:
            due.effort = effort
            if due.step is not None:
                due.step.effort = effort
        effort.__dict__["_due_outs"] = kept
    return kept
