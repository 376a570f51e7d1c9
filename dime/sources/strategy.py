"""Objectives and lines of effort, of all options or of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence

from dime.registers.measures import STAGES
from dime.sources import common
from dime.vocabulary import Level
from planning.entries import ComposedSource, cell, in_words, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact
from planning.registers import REGISTERS, Field

OBJECTIVES, LINES = "objectives", "lines-of-effort"  # of another app, which was ready before
FEW, MANY = 4, 10  # lines of effort that the Handbook finds enough, and not too many
# The phases of Figure 9, by the digit in the value of a stage.
PHASES = {"1": "I Prevention", "2": "II Response", "3": "III Transition"}


def phases_of(measure: Entry) -> list[str]:
    """The phases in which a measure is taken, in their order."""
    given = {value.split("_")[1][0] for value in measure.value("stages") or ()}
    return [label for digit, label in PHASES.items() if digit in given]


def stages_of(measure: Entry) -> str:
    """“IB, IC”: the stages of a measure in short."""
    labels = dict(STAGES)
    return ", ".join(labels[one].split()[0] for one in measure.value("stages") or ())


class OfOptions(ComposedSource):
    """Entries that name the options that they belong to: those of the options of a level."""

    def __init__(
        self, register: str, key: str, label: str, level: Level | None, fields: Sequence[str] = (),
        reads: Sequence[str] = ("options",),
    ) -> None:  # fmt: skip
        super().__init__(REGISTERS[register], key, label, fields, reads)
        self.level = level

    def options(self, effort: Effort) -> list[Entry]:
        """The options of the level; without one, the chosen of both levels."""
        if self.level is not None:
            return common.options_of(effort, self.level)
        return [one for level in Level for one in common.chosen(effort, level)]

    def rows(self, effort: Effort) -> list[Entry]:
        """The entries that name one of the options, or none."""
        read, options = self.read(effort), self.options(effort)
        if self.level is not None and not options:
            return []
        return [
            row for row in read[self.register.key] if common.belongs(row, "options", options)
        ]  # fmt: skip

    def listed(self, product: Product, extra: Sequence[tuple[str, Sequence[str]]] = ()) -> str:
        """The rows as a numbered table: number, title, fields, and ``extra`` columns of HTML."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        shown = [f for f in self.fields if f.key not in {self.register.title.key, "objectives"}]
        head = (self.register.title.label, *(f.label for f in shown), *(name for name, _ in extra))
        return common.table(
            head,
            [
                (
                    f"{place + 1}. {titled(row, marked)}", *(_cell(row, f) for f in shown),
                    *(column[place] for _, column in extra),
                )
                for place, row in enumerate(rows)
            ],
        )  # fmt: skip

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The table, with the options where the section is about several."""
        if self.level is None:
            return self.listed(product)
        options = self.options(product.effort)
        named = [
            cell(common.names(row.value("options"), options)) for row in self.rows(product.effort)
        ]
        every = cell(common.ALL_OPTIONS)
        return self.listed(product, () if set(named) <= {every} else (("Options", named),))


def _cell(row: Entry, field: Field) -> str:
    return cell(in_words(row, field))


def told_of_number(lines: Sequence[Entry]) -> str:
    """A sentence when there are fewer or more lines than the Handbook finds usual."""
    if not lines or FEW <= len(lines) <= MANY:
        return ""
    many = "line of effort stands" if len(lines) == 1 else "lines of effort stand"
    return (
        f"<p>{len(lines)} {many} here; {_NUMBERS[FEW]} to {_NUMBERS[MANY]} usually make a plan "
        "that works.</p>"
    )


_NUMBERS = {FEW: "four", MANY: "ten"}


class Lines(OfOptions):
    """Lines of effort, with a word when they are too few or too many."""

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The table and what is to be said of the number of lines; of the chosen option also
        the objectives that each serves, by their numbers in the table of objectives."""
        effort = product.effort
        if self.level is None:
            html = self.listed(product, (("Objectives", self._served(effort)),))
        else:
            html = super().content(product, facts)
        return html + told_of_number(self._counted(effort))

    def _served(self, effort: Effort) -> list[str]:
        options = self.options(effort)
        shown = [
            row.pk
            for row in self.read(effort)[OBJECTIVES]
            if common.belongs(row, "options", options)
        ]
        return [
            cell(
                ", ".join(
                    str(shown.index(o.pk) + 1) for o in row.value("objectives") if o.pk in shown
                )
            )
            for row in self.rows(effort)
        ]

    def _counted(self, effort: Effort) -> list[Entry]:
        """The lines of the option of which there are too few or too many; empty if none has."""
        if self.level is None:
            return self.rows(effort)
        read = self.rows(effort)
        for option in self.options(effort):
            mine = [row for row in read if common.belongs(row, "options", [option])]
            if mine and not FEW <= len(mine) <= MANY and option.kind != "none":
                return mine
        return []


class Served(OfOptions):
    """Objectives with the lines of effort that serve each."""

    def says(self, entry: Entry) -> str:
        """The objective and the lines that serve it."""
        served = ", ".join(one.title for one in self._lines(entry))
        return f"{' '.join(entry.title.split())}: {served or 'no line of effort'}"

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each objective."""
        found = [
            cell("; ".join(one.title for one in self._lines(row)))
            for row in self.rows(product.effort)
        ]
        return self.listed(product, (("Lines of effort", found),))

    def _lines(self, objective: Entry) -> list[Entry]:
        lines = self.read(objective.effort)[LINES]
        return [
            row for row in lines if any(one.pk == objective.pk for one in row.value("objectives"))
        ]


class ByPhase(OfOptions):
    """In which phases the options work along each line, from the stages of their measures."""

    def rows(self, effort: Effort) -> list[Entry]:
        """The lines along which an option takes a measure at a time."""
        return [row for row in super().rows(effort) if any(self._cells(row).values())]

    def says(self, entry: Entry) -> str:
        """The line and, for each phase, the options."""
        told = [
            f"{phase}: {', '.join(found)}" for phase, found in self._cells(entry).items() if found
        ]
        return "; ".join((entry.title, *told))

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Lines down, phases across, the options in each cell."""
        rows = self.rows(product.effort)
        options = [one for one in self.options(product.effort) if one.kind != "none"]
        marked, html = common.mixed(rows), []
        for row in rows:
            cells = self._cells(row)
            html.append(
                (titled(row, marked), *(cell(_all_of(found, options)) for found in cells.values()))
            )
        return common.table((self.register.title.label, *PHASES.values()), html)

    def _cells(self, row: Entry) -> dict[str, list[str]]:
        """The titles of the options that work along a line, by phase."""
        found: dict[str, dict[str, None]] = {label: {} for label in PHASES.values()}
        mine = {one.pk: one for one in self.options(row.effort)}
        for measure in self.read(row.effort)["measures"]:
            if any(one.pk == row.pk for one in measure.value("line")):
                for option in measure.value("option"):
                    if option.pk in mine:
                        for phase in phases_of(measure):
                            found[phase][mine[option.pk].title] = None
        return {phase: list(titles) for phase, titles in found.items()}


def _all_of(found: Sequence[str], options: Sequence[Entry]) -> str:
    if len(options) > 1 and {one.title for one in options} <= set(found):
        return common.ALL_OPTIONS
    return "; ".join(found)


_O, _L = OBJECTIVES, LINES
_POLICY, _CONCEPT = Level.POLICY, Level.CONCEPT
ALL = (
    OfOptions(_O, "objectives-of-options", "Strategic objectives", _POLICY, ("measure",)),
    Served(_O, "objectives-and-lines", "Objectives and lines of effort", _POLICY, (), ("options", _L)),
    OfOptions(_O, "policy-objectives", "Strategic objectives", None, ("measure", "remarks")),
    Lines(_L, "lines-of-options", "Lines of effort", _POLICY, ("lead", "support")),
    Lines(_L, "lines-of-concepts", "Lines of effort", _CONCEPT, ("lead", "support")),
    Lines(
        _L, "policy-lines", "Lines of effort", None, ("lead", "support", "purpose", "objectives"),
        ("options", _O),
    ),
    ByPhase(_L, "lines-by-phase", "Lines of effort by phase", _CONCEPT, (), ("options", "measures")),
)  # fmt: skip
