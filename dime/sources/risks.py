"""What could go wrong with options: before, what is done about it, and what remains."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dime.registers.risks import RISKS
from dime.selectors.risks import INACTION, Weighed, Weight, by_what_remains
from dime.sources import common
from dime.vocabulary import Level
from planning.entries import FIRST, ComposedSource, cell, in_words, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact

_SAYS = (
    "options", "likelihood", "consequence", "mitigation", "residual_likelihood",
    "residual_consequence", "owner",
)  # fmt: skip


def weight_words(weight: Weight | None) -> str:
    """“High, 4 × 4”; empty for what nobody weighed."""
    return f"{weight.band}, {weight.likelihood} × {weight.consequence}" if weight else ""


SCALE = "<p>Likelihood × consequence, each from 1 to 5: an order in which to look at them.</p>"


class RiskTable(ComposedSource):
    """The risks of the options of a level, the gravest remainder first."""

    def __init__(self, key: str, level: Level) -> None:
        super().__init__(RISKS, key, "Risks of the options", _SAYS, ("options",))
        self.level = level

    def rows(self, effort: Effort) -> list[Entry]:
        """Risks of acting that name an option of the level, or none."""
        read, options = self.read(effort), common.options_of(effort, self.level)
        if not options:
            return []
        found = [row for row in read[RISKS.key] if row.kind != INACTION]
        mine = [row for row in found if common.belongs(row, "options", options)]
        return [one.risk for one in by_what_remains(mine)]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each risk."""
        rows = self.rows(product.effort)
        if not rows:
            return ""
        head = ("Risk", "Options", "Before", "What is done about it", "After", "Owner")
        lines = [
            (
                *self._named(one, product.effort, marked=common.mixed(rows)),
                cell(weight_words(one.before)),
                cell(in_words(one.risk, RISKS.field("mitigation"))),
                cell(weight_words(one.after)),
                cell(in_words(one.risk, RISKS.field("owner"))),
            )
            for one in by_what_remains(rows)
        ]
        return common.table(head, lines) + SCALE

    def _named(self, one: Weighed, effort: Effort, *, marked: bool) -> tuple[str, str]:
        options = common.options_of(effort, self.level)
        return titled(one.risk, marked), cell(common.names(one.risk.value("options"), options))


class RiskSlide(RiskTable):
    """What a slide has room for: highlighted risks, or else the gravest few."""

    def rows(self, effort: Effort) -> list[Entry]:
        """Those that are highlighted, or else the first few."""
        found = super().rows(effort)
        return [row for row in found if row.highlight] or found[:FIRST]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each, and how many more there are."""
        rows = self.rows(product.effort)
        if not rows:
            return ""
        head = ("Risk", "Options", "Before", "After", "What is done about it")
        lines = [
            (
                *self._named(one, product.effort, marked=common.mixed(rows)),
                cell(weight_words(one.before)),
                cell(weight_words(one.after)),
                cell(in_words(one.risk, RISKS.field("mitigation"))),
            )
            for one in by_what_remains(rows)
        ]
        every = len(super().rows(product.effort))
        told = f"<p>{len(rows)} of {every} risks in the register.</p>" if every > len(rows) else ""
        return told + common.table(head, lines)


class InactionRisks(ComposedSource):
    """The risks of not acting."""

    def __init__(self) -> None:
        super().__init__(RISKS, "inaction-risks", "Risks of not acting", _SAYS, quiet=True)

    def rows(self, effort: Effort) -> list[Entry]:
        """The risks of that kind."""
        found = [row for row in self.read(effort)[RISKS.key] if row.kind == INACTION]
        return [one.risk for one in by_what_remains(found)]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A list."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        items = [
            titled(one.risk, marked)
            + (escape(f" ({weight_words(one.before)})") if one.before else "")
            for one in by_what_remains(rows)
        ]
        return f"<ul>{''.join(f'<li><p>{one}</p></li>' for one in items)}</ul>" if items else ""


ALL = (
    RiskTable("policy-risk-table", Level.POLICY),
    RiskSlide("concept-risk-table", Level.CONCEPT),
    InactionRisks(),
)
