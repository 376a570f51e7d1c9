"""Options side by side, and one option's package: what their pages and the API show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from dime.models import Comparison, Tool
from dime.registers.measures import STAGES
from dime.registers.options import OPTIONS, TESTS
from dime.selectors import options as reads
from dime.selectors.options import Adoption, Whole
from dime.selectors.warnings import KINDS, OptionWarning, warnings_of
from dime.vocabulary import Element, Level, Standing
from planning import entries
from planning.models import Dissent, Effort, Entry
from planning.ports import SOURCES

ENOUGH = 2  # options besides “do nothing” between which a choice is one
OTHER = "Without a tool"


@dataclass(frozen=True)
class WarningGroup:
    """The warnings of a kind about one option, open ones and overruled ones."""

    kind: str
    label: str
    open: list[OptionWarning]
    overruled: list[OptionWarning]


def grouped(warnings: Iterable[OptionWarning]) -> list[WarningGroup]:
    """Warnings by kind; kinds with open ones first."""
    found: dict[str, WarningGroup] = {}
    for one in warnings:
        group = found.setdefault(one.kind, WarningGroup(one.kind, KINDS[one.kind], [], []))
        (group.open if one.overruling is None else group.overruled).append(one)
    return sorted(found.values(), key=lambda group: not group.open)


@dataclass(frozen=True)
class Tested:
    """One test of an option: what was judged, and the argument."""

    label: str
    judged: str
    said: str
    why: str


@dataclass(frozen=True)
class Column:
    """One option among the others. ``strip`` has its measures by element, ``worst`` is the highest
    risk that remains (likelihood times consequence, 0 when nothing is weighed), ``content`` the
    digest of what it says now, ``stood`` names the option of its level that is adopted."""

    option: Entry
    standing: Standing
    nothing: bool
    strip: list[tuple[str, list[Entry]]]
    tests: list[Tested]
    measures: int
    risks: int
    worst: int
    dissents: int
    warnings: list[OptionWarning]
    adoption: Adoption | None
    content: str
    stood: str

    @property
    def changed(self) -> bool:
        """Whether it was adopted and says something else now."""
        return self.adoption is not None and self.adoption.content != self.content

    @property
    def open(self) -> list[OptionWarning]:
        """The warnings that nobody overruled."""
        return [one for one in self.warnings if one.overruling is None]

    @property
    def overruled(self) -> int:
        """How many warnings were overruled."""
        return len(self.warnings) - len(self.open)

    @property
    def met(self) -> int:
        """How many of the tests it passes."""
        return sum(one.judged == "yes" for one in self.tests)

    def said(self, key: str) -> str:
        """A field of the option in words."""
        return entries.in_words(self.option, OPTIONS.field(key))


@dataclass(frozen=True)
class Missing:
    """What is missing before a decision, and where it is mended."""

    words: str
    url: str


@dataclass(frozen=True)
class Board:
    """The options of one level side by side, and what comes next."""

    level: Level
    columns: list[Column]
    step: int
    ask: str
    missing: list[Missing]

    @property
    def adopted(self) -> Column | None:
        """The option that was adopted."""
        return next((c for c in self.columns if c.standing is Standing.ADOPTED), None)

    @property
    def recommended(self) -> Column | None:
        """The option that the lead recommends."""
        return next((c for c in self.columns if c.standing is Standing.RECOMMENDED), None)


def board(effort: Effort, level: Level) -> Board:
    """The options of a level side by side. Seven queries at most, whatever their number."""
    read = reads.whole(effort)
    warnings = warnings_of(effort, read)
    disputed = _disputed(effort)
    made = reads.adoptions(effort)
    columns = [
        _column(read, option, warnings[option.pk], disputed.get(str(option.number), 0), made)
        for option in reads.at(read.options, level)
    ]
    comparison = Comparison.objects.filter(effort=effort, level=level).first()
    ask, missing = _next(effort, level, columns, comparison)
    return Board(level, columns, reads.STEPS[level], ask, missing)


def alone(option: Entry) -> Column:
    """One option as the board shows it. Six queries."""
    effort = option.effort
    read = reads.whole(effort)
    return _column(
        read, option, warnings_of(effort, read).get(option.pk, []),
        _disputed(effort).get(str(option.number), 0), reads.adoptions(effort),
    )  # fmt: skip


def level_now(effort: Effort) -> Level:
    """The level at which the effort works: concepts once there are any and a policy stands."""
    rows = entries.entries_of(effort, *reads.READ)["options"]
    policy = any(
        reads.standing_of(r) is Standing.ADOPTED and reads.level_of(r) is Level.POLICY for r in rows
    )
    concepts = any(reads.level_of(r) is Level.CONCEPT for r in rows)
    return Level.CONCEPT if policy and concepts else Level.POLICY


def _column(
    read: Whole, option: Entry, warnings: list[OptionWarning], dissents: int,
    made: Sequence[Adoption],
) -> Column:  # fmt: skip
    rows = read.of(option)
    risks = reads.of_option(read.risks, option)
    return Column(
        option=option, standing=reads.standing_of(option), nothing=reads.is_nothing(option),
        strip=_strip(read, rows), tests=_tests(option), measures=len(rows), risks=len(risks),
        worst=max((_weight(row) for row in risks), default=0), dissents=dissents,
        warnings=warnings, adoption=reads.adoption_of(option, made),
        content=reads.content_of(option, read), stood=_stood(read, reads.level_of(option)),
    )  # fmt: skip


def _stood(read: Whole, level: Level) -> str:
    """The option of a level that is adopted; empty without one."""
    found = (
        row
        for row in read.options
        if reads.level_of(row) is level and reads.standing_of(row) is Standing.ADOPTED
    )
    return str(next(found, ""))


def _weight(risk: Entry) -> int:
    """What remains of a risk, or the risk itself while nothing is done about it."""
    for prefix in ("residual_", ""):
        pair = (risk.value(f"{prefix}likelihood"), risk.value(f"{prefix}consequence"))
        if all(pair):
            return int(pair[0]) * int(pair[1])
    return 0


def _strip(read: Whole, rows: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The four elements with the measures of each, and those without a tool if there are any."""
    found: dict[str, list[Entry]] = {str(one.label): [] for one in Element}
    labels = {str(one): str(one.label) for one in Element}
    for row in rows:
        tool = read.tool(row)
        found.setdefault(labels[tool.element] if tool else OTHER, []).append(row)
    return list(found.items())


def _tests(option: Entry) -> list[Tested]:
    if reads.is_nothing(option):
        return []
    return [
        Tested(
            label, option.value(key) or "", entries.in_words(option, OPTIONS.field(key)),
            option.value(f"{key}_why") or "",
        )
        for key, label, _ in TESTS
    ]  # fmt: skip


def _disputed(effort: Effort) -> dict[str, int]:
    """How many dissents stand on each option, by number. One query."""
    names = [
        name
        for name, source in SOURCES.items()
        if isinstance(source, entries.RegisterSource) and source.register.key == OPTIONS.key
    ]
    rows = Dissent.objects.filter(effort=effort, source__in=names, withdrawn_at=None)
    found: dict[str, int] = {}
    for fact in rows.values_list("fact", flat=True):
        found[fact] = found.get(fact, 0) + 1
    return found


def _next(
    effort: Effort, level: Level, columns: Sequence[Column], comparison: Comparison | None
) -> tuple[str, list[Missing]]:
    """What must be decided next at a level, and what is missing before it."""
    step = f"Step {reads.STEPS[level]}"
    real = [c for c in columns if not c.nothing]
    adopted = next((c for c in columns if c.standing is Standing.ADOPTED), None)
    chosen = next((c for c in columns if c.standing is Standing.RECOMMENDED), None)
    missing: list[Missing] = []
    if len(real) < ENOUGH:
        missing.append(Missing(
            "Another option that differs in kind, so that there is a choice.",
            f"{reverse('options', args=[effort.slug])}?level={level}#add",
        ))  # fmt: skip
    for column in columns:
        if column.open:
            n = len(column.open)
            missing.append(Missing(
                f"{column.option} “{column.option.title}”: {n} open warning{'s' if n > 1 else ''}.",
                f"{column.option.get_absolute_url()}#warnings",
            ))  # fmt: skip
    if real and (comparison is None or comparison.settled_at is None):
        missing.append(Missing(
            "The weights of the criteria, settled before anybody scores.",
            reverse("comparison", args=[effort.slug, level]),
        ))  # fmt: skip
    if chosen is not None:
        return (
            f"{chosen.option} “{chosen.option.title}” is recommended. The authority decides in "
            f"{step} which option to adopt.", missing,
        )  # fmt: skip
    if adopted is not None:
        return f"{adopted.option} “{adopted.option.title}” is adopted.", missing
    if not real:
        return "Enter the options among which the authority will choose.", []
    return f"The lead planner recommends one of {len(columns)} options for {step}.", missing


# ---------- one package


@dataclass(frozen=True)
class Member:
    """A measure of a package with its tool as it stands now."""

    measure: Entry
    tool: Tool | None
    stages: tuple[str, ...]

    @property
    def after(self) -> list[Entry]:
        """The measures that must have begun first."""
        return list(self.measure.value("after"))


@dataclass(frozen=True)
class Package:
    """The measures of an option by element; ``timeline`` has a row for each measure and says for
    every stage whether it runs then."""

    option: Entry
    groups: list[tuple[str, list[Member]]]
    timeline: list[tuple[Member, list[bool]]]
    warnings: list[OptionWarning]

    @property
    def members(self) -> list[Member]:
        """All measures, by element."""
        return [one for _, rows in self.groups for one in rows]

    @property
    def empty(self) -> list[str]:
        """The elements that it leaves out."""
        return [label for label, rows in self.groups if not rows and label != OTHER]

    @property
    def open(self) -> list[OptionWarning]:
        """The warnings that nobody overruled."""
        return [one for one in self.warnings if one.overruling is None]


def package(option: Entry) -> Package:
    """The package of an option. Four queries at most."""
    read = reads.whole(option.effort)
    rows = read.of(option)
    groups = [(label, [_member(read, row) for row in found]) for label, found in _strip(read, rows)]
    members = [one for _, found in groups for one in found]
    return Package(
        option=option, groups=groups,
        timeline=[(one, [key in one.stages for key, _ in STAGES]) for one in members],
        warnings=warnings_of(option.effort, read).get(option.pk, []),
    )  # fmt: skip


def _member(read: Whole, row: Entry) -> Member:
    return Member(row, read.tool(row), tuple(row.value("stages") or ()))
