"""What speaks for options and against them, what the wargame showed, where agencies stand."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dime.registers.arguments import ARGUMENTS
from dime.sources import common
from dime.sources.common import bullets
from dime.vocabulary import Level
from planning.entries import ComposedSource, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact


class Arguments(ComposedSource):
    """Arguments of some kinds on the options of a level, option by option."""

    # Kinds by the column that they stand in.
    columns: Sequence[tuple[str, str]] = ()

    def __init__(self, key: str, label: str, level: Level) -> None:
        super().__init__(ARGUMENTS, key, label, ("kind", "option", "agency"), ("options",))
        self.level = level

    def rows(self, effort: Effort) -> list[Entry]:
        """The arguments on the options of the level."""
        kinds = {kind for kind, _ in self.columns}
        options = {one.pk for one in common.options_of(effort, self.level)}
        return [
            row
            for row in self.read(effort)[ARGUMENTS.key]
            if row.kind in kinds and any(one.pk in options for one in row.value("option"))
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Options down, kinds across."""
        rows, effort = self.rows(product.effort), product.effort
        marked, lines = common.mixed(rows), []
        for option in common.options_of(effort, self.level):
            mine = [row for row in rows if any(one.pk == option.pk for one in row.value("option"))]
            if mine:
                lines.append(
                    (
                        escape(option.title),
                        *(
                            bullets([_said(row, marked) for row in mine if row.kind == kind])
                            for kind, _ in self.columns
                        ),
                    )
                )
        return common.table(("Option", *(label for _, label in self.columns)), lines)


def _said(row: Entry, marked: bool) -> str:
    agency = str(row.value("agency") or "")
    return titled(row, marked) + (escape(f" ({agency})") if agency else "")


class Advantages(Arguments):
    """Advantages beside disadvantages."""

    columns = (("advantage", "For"), ("disadvantage", "Against"))


class Wargame(Arguments):
    """What the wargame showed."""

    columns = (("wargame", "What the wargame showed"),)


class Positions(Arguments):
    """Where agencies stand, in their own words."""

    columns = (("position", "Position"),)

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each position: agency, option, words."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        titles = {one.pk: one.title for one in common.options_of(product.effort, self.level)}
        return common.table(
            ("Agency", "Option", "Position"),
            [
                (
                    escape(str(row.value("agency") or "Not named")),
                    bullets([escape(titles[o.pk]) for o in row.value("option") if o.pk in titles]),
                    f"<p>{titled(row, marked)}</p>",
                )
                for row in rows
            ],
        )


ALL = tuple(
    made(f"{level}-{name}", label, level)
    for level in Level
    for made, name, label in (
        (Advantages, "advantages", "Advantages and disadvantages"),
        (Wargame, "wargame", "Results of the wargame"),
        (Positions, "positions", "Positions of agencies"),
    )
)
