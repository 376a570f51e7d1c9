"""What the page of a comparison shows, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from dime.registers import ARGUMENTS
from dime.selectors.comparison import Compared
from dime.weighing import places, score, share
from mapro.core.models import Organization
from planning import entries
from planning.models import Entry

FIRST = 6  # changes of scores that the page lists


@dataclass(frozen=True)
class Next:
    """What has to be done next, and where."""

    words: str
    label: str = ""
    url: str = ""


def next_act(found: Compared, can: Mapping[str, bool], mine: Organization | None) -> Next:
    """The one thing that the comparison waits for."""
    slug, edits = found.effort.slug, can["register_edit"]
    if not found.courses:
        return Next(
            "Enter two options or more that differ in kind; doing nothing joins them by itself.",
            "Enter options", reverse("options", args=[slug]) if edits else "",
        )  # fmt: skip
    if len(found.criteria) < 2:  # noqa: PLR2004 - one is weighed against nothing
        return Next(
            "Enter the criteria by which the options differ, and what 1 and 5 mean by each.",
            "Enter a criterion", "#add" if edits else "",
        )  # fmt: skip
    if found.short:
        much = f"{found.short} are missing" if found.short > 0 else f"{-found.short} too much"
        return Next(
            f"The weights add up to {found.total_weight}, not to 100: {much}.",
            "Mend the weights", "#weights" if edits else "",
        )  # fmt: skip
    if not found.settled:
        return Next(
            "The weights add up. Settle them before anybody scores, so that nobody weighs by the "
            "result.",
            "Settle the weights", "#weights" if can["weights_settle"] else "",
        )  # fmt: skip
    if mine is not None and found.gaps(mine.pk):
        return Next(f"{mine.short} has not scored everything yet.", "Score the options", "#score")
    if found.silent:
        names = ", ".join(one.short for one in found.silent)
        return Next(f"Waiting for the scores of {names}.")
    return Next(
        "Every agency of the team has scored. Enter dissents, then put the options before the "
        "authority.", "See the options", reverse("options", args=[slug]),
    )  # fmt: skip


# ---------- totals


@dataclass(frozen=True)
class Ranked:
    """An option with its total and rank, by all agencies and by each: (agency, total, rank)."""

    option: Entry
    total: str
    rank: str
    first: bool
    agencies: list[tuple[str, str, str]]


def ranks_shown(found: Compared) -> list[Ranked]:
    """The options, the best first."""
    own = {
        key: (found.agencies[key].short, totals, places(totals))
        for key, totals in found.outcome.by_agency.items()
    }
    rows = []
    for option in found.ranked:
        total = found.outcome.totals.get(option.pk)
        rows.append(
            Ranked(
                option, score(total) if total is not None else "",
                str(found.outcome.places.get(option.pk, "")), option.pk in found.outcome.leaders,
                [
                    (name, score(totals[option.pk]), str(ranks[option.pk]))
                    if option.pk in totals else (name, "", "")
                    for name, totals, ranks in own.values()
                ],
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True)
class Cell:
    """What is known of an option by a criterion."""

    option: Entry
    words: str
    span: str = ""
    why: str = ""
    earlier: int = 0  # the round in which it was given, if that is not the last one


@dataclass(frozen=True)
class Row:
    """A criterion with a cell for each option."""

    criterion: Entry
    weight: int
    cells: list[Cell]


def means_shown(found: Compared) -> list[Row]:
    """The mean of each cell, and the range where agencies differ."""
    rows = []
    for one in found.criteria:
        cells = []
        for option in found.ranked:
            key = option.pk, one.pk
            low, high = found.outcome.spread.get(key, (0, 0))
            words = score(found.outcome.means[key]) if low else ""
            cells.append(Cell(option, words, f"{low} to {high}" if low != high else ""))
        rows.append(Row(one, found.weights[one.pk], cells))
    return rows


@dataclass(frozen=True)
class AgencyShown:
    """The scores of one agency."""

    organization: Organization
    rows: list[Row]
    open: int
    earlier: int
    by: str  # the posts that gave them


def agencies_shown(found: Compared) -> list[AgencyShown]:
    """The scores of each agency, kept apart."""
    return [_agency(found, key, organization) for key, organization in found.agencies.items()]


def _agency(found: Compared, key: int, organization: Organization) -> AgencyShown:
    own = found.cells[key]
    rows = []
    for one in found.criteria:
        cells = []
        for option in found.ranked:
            row = own.get((option.pk, one.pk))
            if row is None:
                cells.append(Cell(option, ""))
            else:
                old = row.round if row.round < found.round else 0
                cells.append(Cell(option, str(row.value), why=row.why, earlier=old))
        rows.append(Row(one, found.weights[one.pk], cells))
    posts = dict.fromkeys(row.by.post for row in own.values())
    return AgencyShown(
        organization, rows, found.gaps(key), found.earlier(key), ", ".join(posts)
    )  # fmt: skip


# ---------- forms


@dataclass(frozen=True)
class Weighed:
    """A criterion in the form of the weights."""

    criterion: Entry
    value: str
    error: str


def criteria_shown(
    found: Compared, typed: Mapping[str, Any], faults: Mapping[str, str], *, fit: bool
) -> list[Weighed]:
    """The criteria with their weights as entered, as typed, or as they would add up."""
    rows = []
    for one in found.criteria:
        name = f"weight-{one.number}"
        stands = found.fitted.get(one.pk) if fit and found.fitted else found.weights[one.pk]
        rows.append(Weighed(one, str(typed.get(name, stands)), faults.get(name, "")))
    return rows


@dataclass(frozen=True)
class Asked:
    """A cell of the form of the scores: the choice that is made, and its reason."""

    option: Entry
    name: str  # “2-5”, of option 2 by criterion 5
    chosen: str
    why: str
    error: str
    earlier: int


@dataclass(frozen=True)
class Question:
    """A criterion of the form of the scores."""

    criterion: Entry
    weight: int
    rows: list[Asked] = field(default_factory=list)


def score_form(
    found: Compared, mine: Organization, typed: Mapping[str, Any], faults: Mapping[str, str]
) -> list[Question]:
    """What my organization has given, or what was typed when it was refused."""
    own = found.cells.get(mine.pk, {})
    made = []
    for one in found.criteria:
        question = Question(one, found.weights[one.pk])
        for option in found.options:
            name = f"{option.number}-{one.number}"
            row = own.get((option.pk, one.pk))
            chosen = str(row.value) if row is not None else ""
            why = row.why if row is not None else ""
            old = row.round if row is not None and row.round < found.round else 0
            question.rows.append(
                Asked(
                    option, name, str(typed.get(f"score-{name}", chosen)),
                    str(typed.get(f"why-{name}", why)), faults.get(f"score-{name}", ""), old,
                )
            )  # fmt: skip
        made.append(question)
    return made


# ---------- sensitivity


@dataclass(frozen=True)
class RangeShown:
    """How far a weight can go, in words."""

    criterion: str
    now: str
    first: str
    beyond: list[str]
    order: str


def weights_table(found: Compared) -> list[RangeShown]:
    """The ranges of all weights."""
    return [
        RangeShown(
            found.names[one.criterion], share(one.share, up=False), _span(one.first),
            [
                f"{side} {end} %: {_names(found, then)} first"
                for side, end, then in (
                    ("below", share(one.first[0], up=False), one.below),
                    ("above", share(one.first[1], up=True), one.above),
                )
                if then
            ],
            _span(one.order),
        )
        for one in found.ranges
    ]  # fmt: skip


def _span(span: tuple[Any, Any]) -> str:
    return f"{share(span[0], up=True)} to {share(span[1], up=False)} %"


def _names(found: Compared, keys: Any) -> str:
    return " and ".join(f"“{one.title}”" for one in found.options if one.pk in keys)


@dataclass(frozen=True)
class SwingShown:
    """A change of a mean score, in words, and who would be level then."""

    option: str
    criterion: str
    now: str
    then: str
    level: str


def swings_shown(found: Compared) -> list[SwingShown]:
    """The smallest changes of scores that matter; none where any change at all does."""
    return [
        SwingShown(
            found.names[one.option], found.names[one.criterion], score(one.mean), score(one.to),
            _names(found, one.leaders - {one.option}),
        )
        for one in found.swings[:FIRST]
        if one.change
    ]  # fmt: skip


# ---------- arguments


@dataclass(frozen=True)
class Argued:
    """An option with what is said about it, by kind of argument."""

    option: Entry
    kinds: list[tuple[str, list[Entry]]]


def arguments_shown(found: Compared) -> list[Argued]:
    """Advantages, disadvantages, results of the wargame and positions of each option."""
    rows = entries.entries_of(found.effort, ARGUMENTS.key)[ARGUMENTS.key]
    made = []
    for option in found.ranked:
        own = [row for row in rows if any(one.pk == option.pk for one in row.value("option"))]
        kinds = [
            (label, [row for row in own if row.kind == kind])
            for kind, label in ARGUMENTS.field("kind").choices
        ]
        made.append(Argued(option, [(label, some) for label, some in kinds if some]))
    return made if any(one.kinds for one in made) else []
