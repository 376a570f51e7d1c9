"""The comparison of an effort's options on one level, read and worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dime import weighing
from dime.models import Comparison, Score
from dime.registers.options import NOTHING
from dime.vocabulary import Level
from dime.weighing import Outcome, Swing, WeightRange, Without
from dime.weighing.totals import FULL, Cell
from mapro.core.models import Organization
from planning.entries import entries_of
from planning.models import Effort, Entry
from planning.progress import members_of
from planning.vocabulary import Role

OPTIONS, CRITERIA = "options", "criteria"


@dataclass(frozen=True)
class Compared:
    """The options of one level with their criteria and scores.

    ``comparison`` is None until weights were settled for the first time. ``scores`` are those of
    options and criteria that stand. ``levelless`` are options that say no level, and so are compared on none.
    """

    effort: Effort
    level: Level
    comparison: Comparison | None
    options: Sequence[Entry]
    criteria: Sequence[Entry]
    scores: Sequence[Score]
    levelless: Sequence[Entry]
    source: Sequence[Entry]  # the criteria of all levels that this was read from

    @cached_property
    def team(self) -> list[Organization]:
        """The agencies whose people draft in the effort, by name. One query, kept on the effort."""
        found = {
            member.organization.pk: member.organization
            for member in members_of(self.effort)
            if member.role in {Role.LEAD, Role.MEMBER} and member.organization is not None
        }
        return sorted(found.values(), key=lambda one: one.short)

    @property
    def settled(self) -> bool:
        """Whether the weights stand, so that scores are taken."""
        return self.comparison is not None and self.comparison.settled_at is not None

    @property
    def round(self) -> int:
        """How often the weights were settled."""
        return self.comparison.round if self.comparison is not None else 0

    @property
    def courses(self) -> list[Entry]:
        """The options but for doing nothing."""
        return [one for one in self.options if one.kind != NOTHING]

    @cached_property
    def weights(self) -> dict[int, int]:
        """The weights by criterion, as they are entered."""
        return {one.pk: one.value("weight") or 0 for one in self.criteria}

    @property
    def total_weight(self) -> int:
        """What the weights add up to; 100 when they may be settled."""
        return sum(self.weights.values())

    @property
    def short(self) -> int:
        """How much is missing to 100; negative when it is too much."""
        return FULL - self.total_weight

    @cached_property
    def fitted(self) -> dict[int, int]:
        """Weights in the same proportions that add up to 100; empty when there is no way."""
        try:
            return weighing.fitted(self.weights) if self.weights else {}
        except ValueError:
            return {}

    @cached_property
    def agencies(self) -> dict[int, Organization]:
        """Those that have scored, by name."""
        found = {row.organization_id: row.organization for row in self.scores}
        return dict(sorted(found.items(), key=lambda item: item[1].short))

    @cached_property
    def cells(self) -> dict[int, dict[Cell, Score]]:
        """The scores by agency and cell."""
        found: dict[int, dict[Cell, Score]] = {key: {} for key in self.agencies}
        for row in self.scores:
            found[row.organization_id][row.option_id, row.criterion_id] = row
        return found

    @cached_property
    def outcome(self) -> Outcome:
        """The arithmetic; empty while a weight is none."""
        usable = self.weights if all(value > 0 for value in self.weights.values()) else {}
        given = {
            agency: {cell: row.value for cell, row in own.items()}
            for agency, own in self.cells.items()
        }
        return weighing.weigh([one.pk for one in self.options], usable, given)

    @cached_property
    def ranges(self) -> list[WeightRange]:
        """How far each weight can go."""
        return weighing.weight_ranges(self.outcome)

    @cached_property
    def swings(self) -> list[Swing]:
        """Which change of a score brings another to the first place, the smallest first."""
        return weighing.swings(self.outcome)

    @cached_property
    def without(self) -> list[Without]:
        """The first place without each agency."""
        return weighing.without_each(self.outcome)

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Options and criteria by key, as they are called."""
        return {one.pk: one.title for one in (*self.options, *self.criteria)}

    @property
    def ranked(self) -> list[Entry]:
        """The options in the order of their ranks, those without one last."""
        by_pk = {one.pk: one for one in self.options}
        return [by_pk[pk] for pk in (*self.outcome.totals, *self.outcome.incomplete)]

    @property
    def silent(self) -> list[Organization]:
        """Agencies of the team that have not scored."""
        return [one for one in self.team if one.pk not in self.agencies]

    def gaps(self, agency: int) -> int:
        """How many cells an agency left open."""
        return len(self.options) * len(self.criteria) - len(self.cells.get(agency, {}))

    def earlier(self, agency: int) -> int:
        """How many of an agency's scores were given before the weights were last settled."""
        return sum(row.round < self.round for row in self.cells.get(agency, {}).values())


def compare(effort: Effort, level: Level) -> Compared:
    """The comparison on one level; kept on the effort as long as its entries are. At most four
    queries, two of them for the entries."""
    kept: dict[Level, Compared] = effort.__dict__.setdefault("_comparisons", {})
    found = entries_of(effort, OPTIONS, CRITERIA)
    if level not in kept or kept[level].source is not found[CRITERIA]:
        kept[level] = _read(effort, level, found[OPTIONS], found[CRITERIA])
    return kept[level]


def forget(effort: Effort) -> None:
    """Drop what was read; part of every act that changes a comparison."""
    effort.__dict__.pop("_comparisons", None)


def _read(
    effort: Effort, level: Level, options: Sequence[Entry], criteria: Sequence[Entry]
) -> Compared:
    mine = [one for one in options if one.kind == NOTHING or one.value("level") == level]
    by = [one for one in criteria if one.value("level") == level]
    rows = Comparison.objects.filter(effort=effort, level=level).select_related("settled_by")
    comparison = rows.first()
    scores: list[Score] = []
    if comparison is not None:
        known = {one.pk for one in mine}, {one.pk for one in by}
        scores = [
            row
            for row in comparison.scores.select_related("organization", "by")
            if row.option_id in known[0] and row.criterion_id in known[1]
        ]
    levelless = [one for one in options if one.kind != NOTHING and not one.value("level")]
    return Compared(effort, level, comparison, mine, by, scores, levelless, criteria)
