"""What comparisons put into products: tables, sentences and one picture for each level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from dime import picture
from dime.selectors.comparison import CRITERIA, Compared, compare
from dime.selectors.verdict import INFORMS, headline, stability
from dime.vocabulary import Level
from dime.weighing import places as places_of
from dime.weighing import score
from mapro.core import drawing
from planning import drawn
from planning.models import Effort, Entry, Product
from planning.ports import Fact, highest

ACROSS = 4  # options in one table, so that it fits a slide
_PAPER = 2  # pixels of a picture for each that a drawing measures
Body = Callable[[Compared], str]


class ComparedSource:
    """One way to print a comparison; empty until an option has a rank."""

    def __init__(self, key: str, label: str, level: Level, body: Body) -> None:
        self.key, self.label, self.level, self._body = key, label, level, body

    def facts(self, product: Product) -> Sequence[Fact]:
        """One for each option that has a rank: its total and its place."""
        found = _read(product.effort, self.level)
        if found is None:
            return ()
        at, marking = _changed(found), highest(e.portion for e in (*found.options, *found.criteria))
        return [
            Fact(
                self.key, str(one.number),
                f"{one.title}: {score(found.outcome.totals[one.pk])} of 5, rank "
                f"{found.outcome.places[one.pk]}", "", at, marking,
            )
            for one in found.ranked
            if one.pk in found.outcome.totals
        ]  # fmt: skip

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The table, the sentences or the picture."""
        found = _read(product.effort, self.level)
        return self._body(found) if found is not None else ""


def _read(effort: Effort, level: Level) -> Compared | None:
    """The comparison, if it ranks anything; no query for an effort without criteria."""
    if not any(mark.startswith(f"{CRITERIA}:") for mark in effort.filled):
        return None
    found = compare(effort, level)
    return found if found.outcome.totals else None


def _changed(found: Compared) -> datetime:
    times = [one.changed_at for one in (*found.options, *found.criteria)]
    return max([*times, *(row.at for row in found.scores)])


def table(found: Compared) -> str:
    """Criteria down, options across: the mean and the range of the agencies, totals and ranks."""
    outcome = found.outcome
    made = ""
    for some in _across(found.ranked):
        rows = []
        for one in found.criteria:
            cells = []
            for option in some:
                cell = option.pk, one.pk
                low, high = outcome.spread.get(cell, (0, 0))
                span = f" ({low} to {high})" if low != high else ""
                cells.append(f"{score(outcome.means[cell])}{span}" if low else "not scored")
            rows.append((one.title, str(found.weights[one.pk]), *cells))
        totals = [score(outcome.totals[o.pk]) if o.pk in outcome.totals else "–" for o in some]
        ranks = [str(outcome.places.get(o.pk, "no rank")) for o in some]
        rows += [("Total", "", *totals), ("Rank", "", *ranks)]
        made += _table(("Criterion", "Weight", *(o.title for o in some)), rows)
    note = f"Means of {_agencies(found)} on a scale from 1 to 5"
    note += (
        ", in brackets where they differ" if any(a != b for a, b in outcome.spread.values()) else ""
    )
    return f"{made}<p>{escape(note)}.{_open(found)}</p>"


def by_agency(found: Compared) -> str:
    """What each agency's own scores come to; agencies are not averaged here."""
    made = ""
    for some in _across(found.ranked):
        rows = []
        for agency, organization in found.agencies.items():
            own = found.outcome.by_agency.get(agency, {})
            ranks = places_of(own)
            cells = [
                f"{score(own[o.pk])}, rank {ranks[o.pk]}" if o.pk in own else "not scored whole"
                for o in some
            ]
            rows.append((organization.short, *cells))
        made += _table(("Agency", *(o.title for o in some)), rows)
    return made


def sensitivity(found: Compared) -> str:
    """Who leads, and which change would bring another to the first place."""
    said = [headline(found), *stability(found)]
    items = "".join(f"<li><p>{escape(one)}</p></li>" for one in said)
    return f"<ul>{items}</ul><p>{escape(INFORMS)}</p>"


def figure(found: Compared) -> str:
    """The picture; nothing while nothing is ranked."""
    bars, criteria = bars_of(found), legend_of(found)
    title = f"Comparison: {found.level.label}"

    def draw() -> tuple[bytes, str]:
        made = picture.comparison(bars, criteria, title=title)
        return drawing.png(made.svg, _PAPER * made.width), made.alt

    return drawn.figure(found.effort, ("comparison", title, bars, criteria), draw)


def bars_of(found: Compared) -> list[picture.Bar]:
    """The options as the picture shows them, the best first."""
    outcome = found.outcome
    return [
        picture.Bar(
            option.title, float(outcome.totals.get(option.pk, 0)),
            score(outcome.totals[option.pk]) if option.pk in outcome.totals else "",
            str(outcome.places.get(option.pk, "")),
            tuple(
                picture.Part(at, float(outcome.shares[one.pk] * outcome.means[option.pk, one.pk]))
                for at, one in enumerate(found.criteria)
            ) if option.pk in outcome.totals else (),
        )
        for option in found.ranked
    ]  # fmt: skip


def legend_of(found: Compared) -> list[tuple[str, str]]:
    """The criteria with their weights in words."""
    return [(one.title, f"{found.weights[one.pk]} %") for one in found.criteria]


def _across(options: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [options[at : at + ACROSS] for at in range(0, len(options), ACROSS)]


def _agencies(found: Compared) -> str:
    count = len(found.agencies)
    return f"the scores of {count} {'agency' if count == 1 else 'agencies'}"


def _open(found: Compared) -> str:
    return "" if found.settled else " The weights are open again; totals follow them as they stand."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col"><p>{escape(one)}</p></th>' for one in head)
    body = ""
    for first, *rest in rows:
        cells = "".join(f"<td><p>{escape(one)}</p></td>" for one in rest)
        body += f'<tr><th scope="row"><p>{escape(first)}</p></th>{cells}</tr>'
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


SOURCES = tuple(
    ComparedSource(key, label, level, body)
    for level, keys in (
        (Level.POLICY, ("policy-comparison", "comparison-by-agency", "policy-sensitivity", "comparison-picture")),
        (Level.CONCEPT, ("concept-comparison", "concept-by-agency", "concept-sensitivity", "concept-picture")),
    )
    for key, (label, body) in zip(
        keys,
        (
            ("Comparison by criteria", table),
            ("Comparison by agency", by_agency),
            ("How stable the order is", sensitivity),
            ("The comparison in a picture", figure),
        ),
        strict=True,
    )
)  # fmt: skip
