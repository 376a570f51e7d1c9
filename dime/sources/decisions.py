"""What was decided of options, and what stands against them: choices, overrulings, dissents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from dime.models import Overruling
from dime.registers.options import OPTIONS
from dime.selectors.options import ADOPTED, standing_of
from dime.sources import common
from dime.vocabulary import Level, Standing
from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent
from planning.entries import ComposedSource, cell, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact, Source, when
from planning.sources import dissents_of, fact

RECOMMENDED = "option.recommended"
_WORDS = {RECOMMENDED: "Recommended", ADOPTED: "Adopted"}
# Registers whose dissents go with what is said of options.
DISPUTED = {
    "options", "measures", "objectives", "lines-of-effort", "policy-risks", "policy-checks",
    "criteria", "arguments", "situation",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """That an option was recommended or adopted: by whom, when and why, as the record holds it."""

    code: str
    number: int
    by: str
    at: datetime
    why: str


def choices_of(effort: Effort) -> list[Choice]:
    """Every recommendation and adoption, oldest first; kept on the effort. One query, none while
    there is no option."""
    kept: list[Choice] | None = effort.__dict__.get("_choices")
    if kept is None and not common.any_option(effort):
        return []
    if kept is None:
        rows = AuditEvent.objects.filter(stream=stream_of(effort.pk), code__in=_WORDS)
        kept = effort.__dict__["_choices"] = [
            Choice(
                row.code, int(row.label.partition(":")[0].partition("-")[2]), row.actor, row.at,
                row.detail.get("why", ""),
            )
            for row in rows.order_by("seq")
        ]  # fmt: skip
    return kept


class DecisionSource(ComposedSource):
    """Which option of a level is recommended, and which were adopted, in the order of time."""

    def __init__(self, key: str, level: Level) -> None:
        super().__init__(OPTIONS, key, "Recommendation and choice", ("standing",), quiet=True)
        self.level = level

    def rows(self, effort: Effort) -> list[Entry]:
        """The options that are recommended or adopted, or were adopted once."""
        once = {one.number for one in choices_of(effort) if one.code == ADOPTED}
        return [
            one
            for one in common.options_of(effort, self.level)
            if standing_of(one) in common.PICKED or one.number in once
        ]

    def facts(self, product: Product) -> Sequence[Fact]:
        """Every option of the level by its title: that one was chosen since makes no paper that
        led to the choice out of date."""
        return [
            Fact(self.key, str(row.number), row.title, "", row.changed_at, row.portion)
            for row in common.options_of(product.effort, self.level)
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A line for each choice."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        lines: list[tuple[datetime, str]] = []
        for row in rows:
            for one in self._choices(row):
                words = f": {one.why}" if one.why else ""
                lines.append(
                    (
                        one.at,
                        f"<li><p><strong>{escape(_WORDS[one.code])}: {titled(row, marked)}</strong>, "
                        f"by the {escape(one.by)}, {when(one.at)}{escape(' '.join(words.split()))}"
                        "</p></li>",
                    )
                )
            if not self._choices(row):  # it came with a fork, whose record begins anew
                label = escape(standing_of(row).label)
                lines.append(
                    (
                        row.changed_at,
                        f"<li><p><strong>{label}: {titled(row, marked)}</strong></p></li>",
                    )
                )
        return f"<ul>{''.join(html for _, html in sorted(lines))}</ul>" if lines else ""

    def _choices(self, row: Entry) -> list[Choice]:
        """Its adoptions, and its recommendation while nothing came of it yet."""
        mine = [one for one in choices_of(row.effort) if one.number == row.number]
        adopted = [one for one in mine if one.code == ADOPTED]
        if standing_of(row) is Standing.RECOMMENDED:
            return adopted + [one for one in mine if one.code == RECOMMENDED][-1:]
        return adopted


class OverrulingSource:
    """Warnings about the options of a level that somebody overruled, and why."""

    def __init__(self, key: str, level: Level) -> None:
        self.key, self.level, self.label = key, level, "Warnings that were overruled"

    def facts(self, product: Product) -> Sequence[Fact]:
        """One for each that holds."""
        options = {one.pk: one for one in common.options_of(product.effort, self.level)}
        return [
            Fact(
                self.key, str(row.pk),
                " ".join(f"{options[row.option_id].title}: {row.words} Overruled: {row.why}".split()),
                "", row.at, options[row.option_id].portion,
            )
            for row in overrulings_of(product.effort)
            if row.option_id in options
        ]  # fmt: skip

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each: option, warning, why it may stand, by whom."""
        titles = {one.pk: one.title for one in common.options_of(product.effort, self.level)}
        return common.table(
            ("Option", "Warning", "Why it may stand", "Overruled by"),
            [
                (
                    escape(titles[row.option_id]), cell(row.words), cell(row.why),
                    f"<p>{escape(row.by.post)}, {when(row.at)}</p>",
                )
                for row in overrulings_of(product.effort)
                if row.option_id in titles
            ],
        )  # fmt: skip


def overrulings_of(effort: Effort) -> list[Overruling]:
    """The overrulings that hold, by option; kept on the effort. One query, none while there is no
    option."""
    kept: list[Overruling] | None = effort.__dict__.get("_overrulings")
    if kept is None and not common.any_option(effort):
        return []
    if kept is None:
        rows = Overruling.objects.filter(effort=effort, ended_at=None, option__retired_at=None)
        kept = list(rows.select_related("by").order_by("option__position", "at"))
        effort.__dict__["_overrulings"] = kept
    return kept


class OptionDissents:
    """The dissents on options and what belongs to them, for products without a place for all."""

    key = "option-dissents"
    label = "Dissents on the options"

    def facts(self, product: Product) -> Sequence[Fact]:
        """Each as the dissents of the effort are printed."""
        return [
            replace(fact(row), source=self.key)
            for row in dissents_of(product.effort)
            if row.fact and common.register_of(row.source) in DISPUTED
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Who, on what, when, the words, what was said to it."""
        return "".join(one.html for one in facts)


ALL: Sequence[Source] = (
    *(DecisionSource(f"{level}-decision", level) for level in Level),
    *(OverrulingSource(f"{level}-overrulings", level) for level in Level),
    OptionDissents(),
)
