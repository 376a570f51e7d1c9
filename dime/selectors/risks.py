"""Risks of options: how each is weighed before and after what is done about it, and the checklist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dime.registers.checks import CHECKS
from dime.registers.risks import CONSEQUENCE, LIKELIHOOD, RISKS
from dime.selectors.options import at, is_nothing, of_option
from dime.vocabulary import Level
from planning import entries
from planning.models import Effort, Entry

INACTION = "inaction"
HIGH, MEDIUM = 15, 6  # the product of likelihood and consequence from which a risk is called so
WORST = 5  # a consequence that is never called low, however remote


@dataclass(frozen=True)
class Weight:
    """How likely and how grave a risk is, each 1 to 5."""

    likelihood: int
    consequence: int

    @property
    def score(self) -> int:
        """The product, 1 to 25: an order in which to look at risks, no measurement."""
        return self.likelihood * self.consequence

    @property
    def band(self) -> str:
        """“High”, “Medium” or “Low”."""
        if self.score >= HIGH:
            return "High"
        return "Medium" if self.score >= MEDIUM or self.consequence == WORST else "Low"

    @property
    def words(self) -> str:
        """“Likely, grave”."""
        return (
            f"{_label(LIKELIHOOD, self.likelihood)}, "
            f"{_label(CONSEQUENCE, self.consequence).lower()}"
        )


def _label(choices: Sequence[tuple[str, str]], value: int) -> str:
    return dict(choices)[str(value)].partition(" ")[2]


@dataclass(frozen=True)
class Weighed:
    """A risk with its weights; None for what nobody has weighed."""

    risk: Entry
    before: Weight | None
    after: Weight | None

    @property
    def mitigation(self) -> str:
        """What is done about it."""
        return self.risk.value("mitigation") or ""

    @property
    def owner(self) -> str:
        """Who watches it."""
        return self.risk.value("owner") or ""

    @property
    def remains(self) -> Weight | None:
        """What is left: after what is done about it, or as it is while nobody weighed that."""
        return self.after or self.before


def weighed(risk: Entry) -> Weighed:
    """A risk with what its fields say of likelihood and consequence."""
    return Weighed(risk, _weight(risk, ""), _weight(risk, "residual_"))


def _weight(risk: Entry, which: str) -> Weight | None:
    likely, grave = risk.value(f"{which}likelihood"), risk.value(f"{which}consequence")
    return Weight(int(likely), int(grave)) if likely and grave else None


def by_what_remains(risks: Iterable[Entry]) -> list[Weighed]:
    """The risks, the gravest remainder first; those that nobody weighed come last."""
    rows = [weighed(one) for one in risks]
    return sorted(rows, key=lambda one: -(one.remains.score if one.remains else 0))


@dataclass(frozen=True)
class Cell:
    """A place of the grid: how likely, how grave, and the risks that stand there."""

    weight: Weight
    risks: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """A row of the grid: one likelihood, the consequences across."""

    label: str
    cells: tuple[Cell, ...]


def grid(rows: Sequence[Weighed], *, after: bool) -> list[Line]:
    """The grid of 5 by 5, the likeliest on top, with what stands in each place. With ``after``
    each risk stands where it remains once everything was done that is said of it."""
    placed: dict[Weight, list[Entry]] = {}
    for row in rows:
        weight = row.remains if after else row.before
        if weight is not None:
            placed.setdefault(weight, []).append(row.risk)
    found = []
    for likely in range(5, 0, -1):
        cells = []
        for grave in range(1, 6):
            weight = Weight(likely, grave)
            cells.append(Cell(weight, tuple(placed.get(weight, ()))))
        found.append(Line(dict(LIKELIHOOD)[str(likely)], tuple(cells)))
    return found


@dataclass(frozen=True)
class OfOption:
    """The risks of one option by what remains, and its two grids."""

    option: Entry
    rows: tuple[Weighed, ...]

    @property
    def before(self) -> list[Line]:
        """Before anything is done about them."""
        return grid(self.rows, after=False)

    @property
    def after(self) -> list[Line]:
        """After it."""
        return grid(self.rows, after=True)

    @property
    def top(self) -> Weighed | None:
        """The gravest that remains; None while nothing is weighed."""
        return self.rows[0] if self.rows and self.rows[0].remains else None

    @property
    def bare(self) -> list[Entry]:
        """Those that nobody weighed."""
        return [one.risk for one in self.rows if one.before is None]

    @property
    def untreated(self) -> list[Entry]:
        """High risks against which nothing is said to be done."""
        return [
            one.risk
            for one in self.rows
            if one.before and one.before.band == "High" and not one.risk.value("mitigation")
        ]


# How an answer looks: the tone and the glyph that stand beside its words.
_LOOKS = {
    "met": ("approved", "check"), "in_part": ("drafting", "drafting"), "not_met": ("late", "stop"),
    "no_bearing": ("closed", "closed"),
}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A point of the checklist with its answer; empty words while nobody answered."""

    entry: Entry

    @property
    def standing(self) -> str:
        """Whether it is taken into account, by its value."""
        return self.entry.value("standing") or ""

    @property
    def words(self) -> str:
        """The same as people read it."""
        return CHECKS.field("standing").label_of(self.standing)

    @property
    def tone(self) -> str:
        """The color of the answer, beside glyph and words."""
        return _LOOKS[self.standing][0]

    @property
    def glyph(self) -> str:
        """The glyph of the answer."""
        return _LOOKS[self.standing][1]

    @property
    def note(self) -> str:
        """Where the options do, or why they cannot."""
        return self.entry.value("note") or ""


@dataclass(frozen=True)
class Checked:
    """The points of one kind, in their order, and those that nobody answered."""

    label: str
    points: tuple[Point, ...]

    @property
    def open(self) -> list[Point]:
        """Points without an answer."""
        return [one for one in self.points if not one.standing]


@dataclass(frozen=True)
class Risks:
    """Everything that the page of risks shows of a level."""

    options: tuple[OfOption, ...]
    inaction: tuple[Weighed, ...]
    checklist: tuple[Checked, ...]
    every: int

    @property
    def open(self) -> int:
        """How many points of the checklist have no answer."""
        return sum(len(group.open) for group in self.checklist)


def levels_of(effort: Effort) -> list[Level]:
    """The levels of which there are options that do something; the first also while there are
    none."""
    rows = entries.entries_of(effort, "options", RISKS.key, CHECKS.key)["options"]
    found = [level for level in Level if not all(is_nothing(one) for one in at(rows, level))]
    return found or [Level.POLICY]


def risks_of(effort: Effort, level: Level) -> Risks:
    """The risks of the options of a level, and the checklist. Two queries."""
    read = entries.entries_of(effort, "options", RISKS.key, CHECKS.key)
    of_acting = [row for row in read[RISKS.key] if row.kind != INACTION]
    options = [one for one in at(read["options"], level) if not is_nothing(one)]
    kinds = [*CHECKS.field("kind").choices, ("", "Point of no kind")]
    groups = (
        Checked(label, tuple(Point(row) for row in read[CHECKS.key] if row.kind == kind))
        for kind, label in kinds
    )
    return Risks(
        tuple(OfOption(one, tuple(by_what_remains(of_option(of_acting, one)))) for one in options),
        tuple(by_what_remains(row for row in read[RISKS.key] if row.kind == INACTION)),
        tuple(group for group in groups if group.points),
        len(read[RISKS.key]),
    )
