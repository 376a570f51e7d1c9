"""Reads around a product: its outline, its versions, what changed between two texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, JSONField, Max, OuterRef, Q, When
from django.db.models.functions import Length

from planning import ports, progress
from planning.models import (
    Effort,
    Product,
    Quotation,
    SectionDraft,
    SectionRevision,
    Version,
)
from planning.products.compare import SectionChange, sections_changed
from planning.products.definition import OutlinedSection

_DIGITS = 10  # of a version's number


@dataclass(frozen=True)
class OutlineRow:
    """One line of a product's outline: the section of the format and what the draft holds."""

    outlined: OutlinedSection
    key: str
    portion: str
    revision: int
    updated_at: datetime | None
    updated_by: str
    has_text: bool
    complete: bool = False
    title: str = ""

    @property
    def missing(self) -> bool:
        """Required and still empty."""
        return self.outlined.section.required and not self.has_text


def outline(product: Product) -> list[OutlineRow]:
    """The product's outline with what each section holds, without the texts. One query."""
    rows = {
        row["key"]: row
        for row in SectionDraft.objects.filter(product=product)
        .annotate(size=Length("body"))
        .values(
            "key", "revision", "updated_at", "size", "completed_at", "updated_by__post",
            "portion__portion",
        )
    }  # fmt: skip
    full = progress.filled(product.effort)
    return [
        OutlineRow(
            outlined=o,
            key=o.section.key,
            portion=rows[o.section.key]["portion__portion"],
            revision=rows[o.section.key]["revision"],
            updated_at=rows[o.section.key]["updated_at"],
            updated_by=rows[o.section.key]["updated_by__post"] or "",
            has_text=o.section.is_written(rows[o.section.key]["size"] > 0, full),
            complete=rows[o.section.key]["completed_at"] is not None,
            title=o.section.title_for(product.effort.name),
        )
        for o in product.definition.walk()
    ]


def versions_of(product: Product) -> list[Version]:
    """The frozen versions, newest first, without their texts. One query."""
    return list(
        product.versions.select_related("frozen_by", "marking")
        .defer("snapshot")
        .order_by("-number")
    )


def history(section: SectionDraft, limit: int = 20) -> list[Any]:
    """The saves of a section, newest first, with who saved. One query."""
    return list(section.history.select_related("saved_by", "portion").order_by("-revision")[:limit])


# ---------- compare


@dataclass(frozen=True)
class Comparison:
    """What differs between two texts of a product. ``new`` is None for the draft.

    ``hands`` maps a section's key to who saved it between the two, latest first, with the time.
    """

    old: Version | None
    new: Version | None
    sections: tuple[SectionChange, ...]
    hands: Mapping[str, list[tuple[str, datetime]]]


def comparable(
    product: Product, start: str = "", end: str = ""
) -> tuple[list[Version], Version | None, Version | None]:
    """The versions, newest first, and the two with the numbers ``start`` and ``end``.

    Without a ``start`` it is the last approved version, else the newest; without an ``end`` it is
    None, the draft. A number that no version has finds None. One query, and it brings the texts of
    these two alone.
    """
    asked = Q(number__in=[int(n) for n in (start, end) if n.isdecimal() and len(n) < _DIGITS])
    if not start:
        newer = Version.objects.filter(product=product, number__gt=OuterRef("number"))
        last = product.approved_version_id
        asked |= Q(pk=last) if last else Q(~Exists(newer))
    text = Case(When(asked, then=F("snapshot")), output_field=JSONField())
    rows: list[Version] = []
    for row in (
        product.versions.select_related("frozen_by", "marking")
        .defer("snapshot")
        .annotate(text=text)
        .order_by("-number")
    ):
        if row.text is not None:
            row.snapshot = row.text
        rows.append(row)

    def numbered(number: str) -> Version | None:
        return next((row for row in rows if str(row.number) == number), None)

    return rows, numbered(start) if start else starting_version(product, rows), numbered(end)


def starting_version(product: Product, versions: Sequence[Version]) -> Version | None:
    """What a comparison starts from unless told: the last approved version, else the newest."""
    return next((v for v in versions if v.is_approved), versions[0] if versions else None)


def compared(
    product: Product, old: Version | None, new: Version | None, snapshot: Mapping[str, Any]
) -> Comparison:
    """What leads from ``old`` to ``snapshot``, which is ``new``'s or the draft's. One query."""
    before = old.snapshot if old else {"sections": []}
    sections = sections_changed(before, snapshot)
    saves = SectionRevision.objects.filter(
        section__product=product, section__key__in=[s.key for s in sections]
    )
    if old is not None:
        saves = saves.filter(saved_at__gt=old.frozen_at)
    if new is not None:
        saves = saves.filter(saved_at__lte=new.frozen_at)
    hands: dict[str, list[tuple[str, datetime]]] = {}
    for key, post, at in (
        saves.order_by().values_list("section__key", "saved_by__post").annotate(at=Max("saved_at"))
    ):
        hands.setdefault(key, []).append((post, at))
    for rows in hands.values():
        rows.sort(key=lambda row: row[1], reverse=True)
    return Comparison(old, new, sections, hands)


# ---------- what rests on a fact that changed


@dataclass(frozen=True)
class OutOfDate:
    """A section whose quotations no longer say what their registers say."""

    product: Product
    section: str
    title: str
    quotations: list[ports.StaleQuotation]


def out_of_date(effort: Effort) -> list[OutOfDate]:
    """The draft sections of an effort that quote a fact which has since changed.

    One query, and one more per register that is quoted.
    """
    rows = (
        Quotation.objects.filter(section__product__effort=effort)
        .select_related("section__product__step")
        .order_by("section__product__step__number", "section__product__key", "section_id", "pk")
    )
    by_section: dict[int, list[Quotation]] = {}
    for row in rows:
        row.section.product.effort = effort
        by_section.setdefault(row.section_id, []).append(row)
    found = []
    for quotations in by_section.values():
        section = quotations[0].section
        outlined = {o.section.key: o.section for o in section.product.definition.walk()}
        if section.key not in outlined:  # left out, so nobody reads the quotation
            continue
        stale = ports.stale(section.product, quotations)
        if stale:
            title = outlined[section.key].title_for(effort.name)
            found.append(OutOfDate(section.product, section.key, title, stale))
    return found
