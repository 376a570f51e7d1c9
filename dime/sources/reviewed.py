"""The guidelines and considerations that were looked at, and the four situational variables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dime.registers.checks import CHECKS
from dime.registers.situation import SITUATION, VARIABLES
from dime.sources import common
from planning.entries import ComposedSource, cell, in_words, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact


class Reviewed(ComposedSource):
    """Points of the checklist that somebody answered."""

    def __init__(self, key: str, label: str, kinds: Sequence[str], *, heeded: bool) -> None:
        super().__init__(CHECKS, key, label, ("standing", "note", "options"), quiet=True)
        self.kinds, self.heeded = kinds, heeded

    def rows(self, effort: Effort) -> list[Entry]:
        """The answered points; with ``heeded`` those that bear on this and have a note."""
        return [row for row in self._asked(effort) if self._shown(row)]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A table, and how many points wait for an answer."""
        rows = self.rows(product.effort)
        if not rows:
            return ""
        marked = common.mixed(rows)
        if self.heeded:
            return common.table(
                ("Consideration", "How it is taken into account"),
                [(titled(row, marked), cell(in_words(row, CHECKS.field("note")))) for row in rows],
            )
        html = common.table(
            (CHECKS.title.label, *(field.label for field in self.fields)),
            [(titled(row, marked), *(cell(in_words(row, f)) for f in self.fields)) for row in rows],
        )
        asked = self._asked(product.effort)
        left = len(asked) - len(rows)
        return html + (f"<p>Not answered yet: {left} of {len(asked)} points.</p>" if left else "")

    def _asked(self, effort: Effort) -> list[Entry]:
        rows = self.read(effort)[CHECKS.key]
        found = [row for row in rows if not self.kinds or row.kind in self.kinds]
        order = {kind: place for place, (kind, _) in enumerate(CHECKS.field("kind").choices)}
        return sorted(found, key=lambda row: order.get(row.kind, len(order)))

    def _shown(self, row: Entry) -> bool:
        if self.heeded:
            return bool(row.value("note")) and row.value("standing") in {"met", "in_part"}
        return bool(row.value("standing"))


class Situation(ComposedSource):
    """The readings of the four variables, in the Handbook's order."""

    def __init__(self) -> None:
        super().__init__(
            SITUATION, "situation-reading", "Situational variables", ("variable", "value"),
            quiet=True,
        )  # fmt: skip

    def rows(self, effort: Effort) -> list[Entry]:
        """The newest reading of each variable."""
        newest = {row.kind: row for row in self.read(effort)[SITUATION.key]}
        return [newest[key] for key, _ in VARIABLES if key in newest]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each variable."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        return common.table(
            ("Variable", "Reading", "Why"),
            [
                (
                    escape(in_words(row, SITUATION.field("variable"))),
                    cell(in_words(row, SITUATION.field("value"))), f"<p>{titled(row, marked)}</p>",
                )
                for row in rows
            ],
        )  # fmt: skip


ALL = (
    Reviewed("guidelines-and-considerations", "Guidelines and considerations", (), heeded=False),
    Reviewed("considerations-heeded", "Considerations", ("consideration",), heeded=True),
    Situation(),
)
