"""What options do: their measures as tasks of agencies, by phase, and in the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dime.registers.measures import MEASURES
from dime.sources import common
from dime.sources.common import bullets
from dime.sources.options import Aspects
from dime.sources.strategy import PHASES, phases_of, stages_of
from dime.vocabulary import Level
from planning.entries import ComposedSource, cell, in_words, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact

UNLED = "Nobody named"


def of(rows: Iterable[Entry], options: Iterable[Entry]) -> list[Entry]:
    """The measures of some options."""
    wanted = {one.pk for one in options}
    return [row for row in rows if any(one.pk in wanted for one in row.value("option"))]


def by_lead(rows: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The measures by who leads them, in the order in which each is first named."""
    found: dict[str, list[Entry]] = {}
    unled = []
    for row in rows:
        lead = " ".join(str(row.value("lead") or "").split())
        if lead:
            found.setdefault(lead, []).append(row)
        else:
            unled.append(row)
    return found | ({UNLED: unled} if unled else {})


def plan_measures(effort: Effort, measures: Sequence[Entry]) -> list[Entry]:
    """Those that the plan starts from: of the adopted (else recommended) concept, or, while it has
    none, of the adopted (else recommended) policy option."""
    for level in (Level.CONCEPT, Level.POLICY):
        found = of(measures, common.picked(effort, level))
        if found:
            return found
    return []


class Tasks(ComposedSource):
    """Measures of options as major tasks: who leads them, option by option."""

    def __init__(self, key: str, label: str, fields: Sequence[str]) -> None:
        super().__init__(MEASURES, key, label, fields, ("options", "lines-of-effort"))

    def rows(self, effort: Effort) -> list[Entry]:
        """The measures of every concept."""
        measures = self.read(effort)[MEASURES.key]
        return of(measures, common.options_of(effort, Level.CONCEPT))

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Agencies down, options across."""
        rows, effort = self.rows(product.effort), product.effort
        options = [o for o in common.options_of(effort, Level.CONCEPT) if of(rows, [o])]
        marked = common.mixed(rows)
        return common.table(
            ("Lead", *(one.title for one in options)),
            [
                (
                    escape(lead),
                    *(bullets([titled(row, marked) for row in of(led, [one])]) for one in options),
                )
                for lead, led in by_lead(rows).items()
            ],
        )


class TasksByPhase(Tasks):
    """The same, phase by phase, one option after the other."""

    def rows(self, effort: Effort) -> list[Entry]:
        """The measures of concepts that are given a stage."""
        return [row for row in super().rows(effort) if phases_of(row)]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """For each option a table: agencies down, phases across."""
        rows, html = self.rows(product.effort), ""
        marked = common.mixed(rows)
        for option in common.options_of(product.effort, Level.CONCEPT):
            mine = of(rows, [option])
            if mine:
                html += f"<p><strong>{escape(option.title)}</strong></p>"
                html += common.table(("Lead", *PHASES.values()), _by_phase(mine, marked))
        return html


def _by_phase(rows: Sequence[Entry], marked: bool) -> list[tuple[str, ...]]:
    return [
        (
            escape(lead),
            *(
                bullets([titled(row, marked) for row in led if phase in phases_of(row)])
                for phase in PHASES.values()
            ),
        )
        for lead, led in by_lead(rows).items()
    ]


class PlanTasks(Tasks):
    """What each agency does under the option that the plan starts from."""

    def rows(self, effort: Effort) -> list[Entry]:
        """The measures that the plan starts from."""
        return plan_measures(effort, self.read(effort)[MEASURES.key])

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each task, by the agency that leads it."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        lines = []
        for lead, led in by_lead(rows).items():
            for row in led:
                lines.append(
                    (
                        titled(row, marked), cell("" if lead == UNLED else lead),
                        cell(stages_of(row)), *(cell(in_words(row, f)) for f in self.fields[1:3]),
                    )
                )  # fmt: skip
        return common.table(("Task", "Lead", "Stages", "Support", "Line of effort"), lines)


class PlanAspects(Aspects):
    """Aspects of the option that the plan starts from, and of its measures."""

    def __init__(
        self, key: str, label: str, fields: Sequence[str], measure: str, head: Sequence[str]
    ) -> None:
        super().__init__(
            key, label, Level.CONCEPT, fields, (MEASURES.key,), only_chosen=True, quiet=True
        )
        self.measure, self.head = MEASURES.field(measure), head

    def options(self, effort: Effort) -> list[Entry]:
        """The adopted concept, else the recommended one; before that the policy option."""
        self.read(effort)
        return common.picked(effort, Level.CONCEPT) or common.picked(effort, Level.POLICY)

    def rows(self, effort: Effort) -> list[Entry]:
        """The option, if it or one of its measures says anything of it."""
        options = self.options(effort)
        said = [one for one in options if any(in_words(one, f) for f in self.fields)]
        return said or (options if self._measures(effort) else [])

    def says(self, entry: Entry) -> str:
        """What the option says, and each measure."""
        told = [f"{m.title}: {in_words(m, self.measure)}" for m in self._measures(entry.effort)]
        return "; ".join(" ".join(one.split()) for one in (super().says(entry), *told))

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The option's words, then a table of its measures."""
        found = self._measures(product.effort)
        marked = common.mixed(found)
        return super().content(product, facts) + common.table(
            self.head,
            [(titled(row, marked), cell(in_words(row, self.measure))) for row in found],
        )

    def _measures(self, effort: Effort) -> list[Entry]:
        rows = plan_measures(effort, self.read(effort)[MEASURES.key])
        return [row for row in rows if in_words(row, self.measure)]


_TASK = ("lead", "support", "line", "stages")
ALL = (
    Tasks("tasks-of-concepts", "Major tasks", _TASK),
    TasksByPhase("tasks-by-phase", "Major tasks by phase", _TASK),
    PlanTasks("tasks-of-plan", "Tasks of agencies", _TASK),
    PlanAspects("plan-phasing", "Phasing and order", ("phasing",), "after", ("Measure", "Only after")),
    PlanAspects(
        "plan-resources", "Resources", ("resources", "cost"), "resources", ("Measure", "Resources")
    ),
)  # fmt: skip
