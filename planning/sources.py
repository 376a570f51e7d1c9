"""The sources that planning itself plugs in: a product's own outline, and the dissents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from planning.models import Dissent, Effort, Product
from planning.ports import Fact, plug_in, when
from planning.products import richtext


class OutlineSource:
    """The agenda of a briefing: its first-level titles, so that nobody types them twice."""

    key = "outline"
    label = ""

    def facts(self, product: Product) -> Sequence[Fact]:
        """None: an outline is not quoted."""
        return ()

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A list of the sections of the first level, the agenda itself left out."""
        titles = [
            o.section.title_for(product.effort.name)
            for o in product.definition.walk()
            if o.depth == 1 and self.key not in o.section.sources
        ]
        return f"<ol>{''.join(f'<li><p>{escape(title)}</p></li>' for title in titles)}</ol>"


class DissentSource:
    """The dissents on what a product rests on: its own step's products and earlier ones."""

    key = "dissents"
    label = "Dissents on record"

    def facts(self, product: Product) -> Sequence[Fact]:
        """The dissents on this product, on products of its step or an earlier one, and on the
        effort's course; those on this product first."""
        reach = product.step.number
        rows = [
            row
            for row in dissents_of(product.effort)
            if row.product is None or row.product.step.number <= reach
        ]
        rows.sort(key=lambda row: (row.product_id != product.pk, row.pk))
        return [fact(row) for row in rows]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Each dissent with who, on what, when, the words, and its withdrawal."""
        return "".join(one.html for one in facts) or "<p>No dissent is on record.</p>"


def dissents_of(effort: Effort) -> list[Dissent]:
    """The dissents of an effort, oldest first; kept on the effort. One query."""
    kept: list[Dissent] | None = effort.__dict__.get("_dissents")
    if kept is None:
        kept = list(
            effort.dissents.select_related("product__step", "author", "organization").order_by("pk")
        )
        for row in kept:
            if row.product is not None:
                row.product.effort = effort
        effort.__dict__["_dissents"] = kept
    return kept


def fact(row: Dissent) -> Fact:
    """A dissent as documents show it."""
    on = subject_of(row)
    who = row.organization.name if row.organization else row.author.post
    head = f"<p><strong>{escape(str(row))}, {escape(who)}</strong>, on {escape(on)}, entered {when(row.entered_at)}.</p>"
    html = f"{head}<blockquote>{richtext.from_plain(row.words)}</blockquote>"
    if row.withdrawn_at:
        why = f": {row.withdrawn_why}" if row.withdrawn_why else ""
        html += f"<p>Withdrawn by its author {when(row.withdrawn_at)}{escape(why)}.</p>"
    words = f"{row}, {who}: {' '.join(row.words.split())}"
    if row.withdrawn_at:
        words += " (withdrawn)"
    return Fact("dissents", str(row.pk), words, html, row.withdrawn_at or row.entered_at)


def subject_of(row: Dissent) -> str:
    """What a dissent disputes: “Tab 4, Policy Advisory Memorandum, “Recommendation””."""
    if row.product is None:
        return "the course of the effort"
    definition = row.product.definition
    words = f"{definition.label}, {row.product.title}"
    if row.section:
        try:
            title = definition.section(row.section).title_for(row.effort.name)
            words += f", “{title}”"
        except LookupError:  # the section was taken away since
            words += f", section {row.section}"
    return words


def dissents_on(product: Product) -> list[Fact]:
    """The dissents that a product prints, in a section of its own or in an annex."""
    if any(DISSENTS.key in o.section.sources for o in product.definition.walk()):
        return list(DISSENTS.facts(product))
    return [fact(row) for row in dissents_of(product.effort) if row.product_id == product.pk]


def later_annex(product: Product, frozen_at: datetime) -> list[dict[str, str]]:
    """What came after a freeze, as an annex of each later export (invariant 2)."""
    later = [one for one in dissents_on(product) if one.changed_at > frozen_at]
    if not later:
        return []
    title = f"Dissents entered or withdrawn after the freeze of {when(frozen_at)}"
    return [{"title": title, "html": "".join(one.html for one in later)}]


OUTLINE = OutlineSource()
DISSENTS = DissentSource()
plug_in(OUTLINE)
plug_in(DISSENTS)
