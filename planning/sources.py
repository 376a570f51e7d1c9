"""The sources that planning itself plugs in: a product's own outline, and the dissents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from django.db.models import Prefetch

from planning.models import Decision, Dissent, Effort, Product, Reply
from planning.ports import SOURCES, Fact, plug_in, when
from planning.products import richtext
from planning.vocabulary import ReplyKind

SHORT = 160  # characters of a fact that a dissent disputes, as its head prints it


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
        rows = [row for row in dissents_of(product.effort) if row.reaches(product.step.number)]
        rows.sort(key=lambda row: (row.product_id != product.pk, row.pk))
        return [fact(row) for row in rows]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Each dissent with who, on what, when, the words, and its withdrawal."""
        return "".join(one.html for one in facts) or "<p>No dissent is on record.</p>"


class GuidanceSource:
    """What authorities said when they decided earlier steps, so that nobody copies it out."""

    key = "previous-guidance"
    label = "Guidance so far"

    def facts(self, product: Product) -> Sequence[Fact]:
        """The guidance and the conditions of each decision on an earlier step or on this one."""
        return [
            _guidance(row, which, words)
            for row in decisions_of(product.effort)
            if row.submission.step.number <= product.step.number
            for which, words in (("conditions", row.conditions), ("guidance", row.guidance))
            if words
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Each with who, when and on what."""
        return "".join(one.html for one in facts) or "<p>No guidance was given yet.</p>"


def _guidance(row: Decision, which: str, words: str) -> Fact:
    step = row.submission.step
    who = row.decided_by.post if row.decided_by else "The board"
    head = f"{who}, {when(row.decided_at)}, on Step {step.number}, {which}"
    html = f"<p><strong>{escape(head)}:</strong></p>{richtext.from_plain(words)}"
    line = f"{head}: {' '.join(words.split())}"
    return Fact("previous-guidance", f"{row.pk}-{which}", line, html, row.decided_at)


def decisions_of(effort: Effort) -> list[Decision]:
    """The decisions of an effort, oldest first; kept on the effort. One query."""
    kept: list[Decision] | None = effort.__dict__.get("_decisions")
    if kept is None:
        rows = Decision.objects.filter(submission__step__effort=effort)
        kept = list(
            rows.select_related("decided_by", "submission__step").order_by("decided_at", "pk")
        )
        effort.__dict__["_decisions"] = kept
    return kept


def dissents_of(effort: Effort) -> list[Dissent]:
    """The dissents of an effort, oldest first, with who co-signed and what was said to each; kept
    on the effort. Two queries, one where there is none."""
    kept: list[Dissent] | None = effort.__dict__.get("_dissents")
    if kept is None:
        kept = list(
            effort.dissents.select_related(
                "product__step", "submission__step", "author", "organization"
            )
            .prefetch_related(
                Prefetch("replies", Reply.objects.select_related("by", "organization"))
            )
            .order_by("pk")
        )
        for row in kept:
            if row.product is not None:
                row.product.effort = effort
        effort.__dict__["_dissents"] = kept
    return kept


def fact(row: Dissent) -> Fact:
    """A dissent as documents show it: who, on what, the words; who joined, what was said to it."""
    flag = "Red flag. " if row.red_flag else ""
    head = (
        f"<p><strong>{flag}{escape(str(row))}, {escape(speaker(row))}</strong>, on "
        f"{escape(subject_of(row))}, entered {when(row.entered_at)}.</p>"
    )
    html = f"{head}<blockquote>{richtext.from_plain(row.words)}</blockquote>"
    replies = list(row.replies.all())
    joined = [_joined(one) for one in replies if one.kind == ReplyKind.COSIGN]
    if joined:
        html += f"<p>Co-signed by {escape('; '.join(joined))}.</p>"
    for reply in replies:
        if reply.kind == ReplyKind.COSIGN:
            continue
        who = "Answer of the lead" if reply.kind == ReplyKind.ANSWER else (
            f"Ruling of the authority: {reply.ruled.label.lower()}"
        )  # fmt: skip
        html += f"<p>{who} ({escape(reply.by.post)}, {when(reply.at)}):</p>"
        html += richtext.from_plain(reply.words)
    if row.withdrawn_at:
        why = f": {row.withdrawn_why.removesuffix('.')}" if row.withdrawn_why else ""
        html += f"<p>Withdrawn by its author {when(row.withdrawn_at)}{escape(why)}.</p>"
    words = f"{flag}{row}, {speaker(row)}: {' '.join(row.words.split())}"
    if row.withdrawn_at:
        words += " (withdrawn)"
    return Fact("dissents", str(row.pk), words, html, changed_at(row))


def changed_at(row: Dissent) -> datetime:
    """When anything was last said of a dissent: entered, joined, answered, ruled on, withdrawn."""
    times = [row.entered_at, row.withdrawn_at]
    times += [at for reply in row.replies.all() for at in (reply.at, reply.withdrawn_at)]
    return max(at for at in times if at)


def speaker(row: Dissent | Reply) -> str:
    """For whom somebody speaks: the organization, else the post."""
    person = row.author if isinstance(row, Dissent) else row.by
    return row.organization.name if row.organization else person.post


def _joined(one: Reply) -> str:
    taken_back = f", taken back {when(one.withdrawn_at)}" if one.withdrawn_at else ""
    return f"{speaker(one)} ({when(one.at)}{taken_back})"


def subject_of(row: Dissent) -> str:
    """What a dissent disputes: “Tab 4, Policy Advisory Memorandum, “Recommendation””."""
    if row.submission is not None:
        return f"submission {row.submission.number} of {row.submission.step}"
    if row.fact:
        label = SOURCES[row.source].label if row.source in SOURCES else row.source
        words = _in_short(row.fact_words)
        return f"{label}, “{words}”" if label else f"“{words}”"
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


def _in_short(words: str) -> str:
    """What names a fact, where all that it says would be too much: its words to the first part."""
    if len(words) <= SHORT:
        return words
    name = words.partition("; ")[0]
    return f"{name if len(name) <= SHORT else name[: name.rfind(' ', 0, SHORT)]} …"


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
plug_in(GuidanceSource())
