"""Options side by side, and one aspect of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dime.models import Tool
from dime.registers.options import OPTIONS, TESTS
from dime.selectors.options import is_nothing, standing_of
from dime.sources import common
from dime.vocabulary import Element, Level, Standing
from planning.entries import ComposedSource, cell, entries_of, in_words, titled
from planning.models import Effort, Entry, Product
from planning.ports import Fact

AT_A_GLANCE = ("standing", "us_role", "approach", "first_effect", "cost", "main_risk")
WHOLE = (
    "us_role", "approach", "summary", "resources", "first_effect", "cost", "main_risk", "standing",
)  # fmt: skip
BEHIND = "summary"  # the aspect behind which the package stands, element by element
OTHER = "Other measures"


def package(effort: Effort, option: Entry) -> dict[str, list[str]]:
    """The measures of an option by the label of the element of power of their tools; one query
    for each effort besides its entries."""
    found: dict[str, list[str]] = {str(one.label): [] for one in Element}
    found[OTHER] = []
    for row in entries_of(effort, "measures")["measures"]:
        if any(one.pk == option.pk for one in row.value("option")):
            held = row.value("tool")
            element = _elements(effort).get(held["key"], "") if held else ""
            found[str(Element(element).label) if element else OTHER].append(row.title)
    return found


def _elements(effort: Effort) -> dict[str, str]:
    kept: dict[str, str] | None = effort.__dict__.get("_elements")
    if kept is None:
        kept = effort.__dict__["_elements"] = dict(Tool.objects.values_list("key", "element"))
    return kept


class OptionsSource(ComposedSource):
    """Options of a level, or the chosen one of them alone."""

    def __init__(
        self, key: str, label: str, level: Level, fields: Sequence[str],
        reads: Sequence[str] = (), *, only_chosen: bool = False, quiet: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(OPTIONS, key, label, fields, reads, quiet=quiet)
        self.level, self.only_chosen = level, only_chosen

    def options(self, effort: Effort) -> list[Entry]:
        """The options that the section is about, whatever they say."""
        self.read(effort)
        pick = common.chosen if self.only_chosen else common.options_of
        return pick(effort, self.level)

    def rows(self, effort: Effort) -> list[Entry]:
        """Those of them that say anything of what is shown."""
        return [
            one for one in self.options(effort) if any(in_words(one, f) for f in self.fields)
        ]  # fmt: skip


class SideBySide(OptionsSource):
    """Aspects down, options across; with ``packages`` the measures of each element too."""

    def __init__(
        self, key: str, label: str, level: Level, fields: Sequence[str], *, packages: bool = False
    ) -> None:
        super().__init__(key, label, level, fields, ("measures",) if packages else ())
        self.packages = packages

    def says(self, entry: Entry) -> str:
        """The aspects in one line, and what the package holds."""
        parts = [super().says(entry)]
        if self.packages:
            held = package(entry.effort, entry)
            parts += [f"{label}: {', '.join(rows)}" for label, rows in held.items() if rows]
        return "; ".join(" ".join(one.split()) for one in parts)

    def rows(self, effort: Effort) -> list[Entry]:
        """Every option of the level, so that none is left out of a comparison."""
        return self.options(effort)

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The table; an aspect that no option tells is left out."""
        effort, options = product.effort, self.rows(product.effort)
        if not options:
            return ""
        marked = common.mixed(options)
        head = ("Aspect", *(_column(one, marked) for one in options))
        lines: list[list[str]] = []
        settled = any(standing_of(one) is not Standing.PROPOSED for one in options)
        for field in self.fields:
            if field.key == "standing" and not settled:
                continue  # all are proposed
            lines.append([escape(field.label), *(cell(in_words(one, field)) for one in options)])
            if self.packages and field.key == BEHIND:
                lines += _by_element(effort, options)
        lines.append(
            ["Disputed in", *(cell(common.disputed(effort, one)) for one in options)]
        )  # fmt: skip
        return _across(head, lines)


def _column(option: Entry, marked: bool) -> str:
    return f"{option.portion.portion} {option.title}" if marked else option.title


def _by_element(effort: Effort, options: Sequence[Entry]) -> list[list[str]]:
    held = [package(effort, one) for one in options]
    return [
        [label, *(cell("; ".join(one[label])) for one in held)]
        for label in (held[0] if held else ())
    ]


def _across(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table of options across, each a column even if it says little."""
    told = [line for line in lines if any(one not in common.BARE for one in line[1:])]
    if not told:
        return ""
    top = "".join(f'<th scope="col"><p>{escape(words)}</p></th>' for words in head)
    body = "".join(
        f'<tr><th scope="row"><p>{line[0]}</p></th>'
        + "".join(f"<td>{one or '<p></p>'}</td>" for one in line[1:])
        + "</tr>"
        for line in told
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


class Tests(OptionsSource):
    """The five tests of options: the judgment on each, and why."""

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """Tests down, options across; “do nothing” is not tested."""
        options = [one for one in self.rows(product.effort) if not is_nothing(one)]
        marked = common.mixed(options)
        lines = []
        for key, label, _ in TESTS:
            told = []
            for one in options:
                judged = in_words(one, OPTIONS.field(key))
                why = in_words(one, OPTIONS.field(f"{key}_why"))
                told.append(cell(f"{judged}: {why}" if judged and why else judged or why))
            lines.append([label, *told])
        return _across(("Test", *(_column(one, marked) for one in options)), lines)


class Aspects(OptionsSource):
    """Some aspects of options, one option a row."""

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A table; of a single chosen option its texts alone."""
        rows = self.rows(product.effort)
        if self.only_chosen and len(rows) == 1:
            return "".join(common.headed(f.label, in_words(rows[0], f)) for f in self.fields)
        marked = common.mixed(rows)
        return common.table(
            ("Option", *(field.label for field in self.fields)),
            [
                (titled(one, marked), *(cell(in_words(one, field)) for field in self.fields))
                for one in rows
            ],
        )


class Goals(OptionsSource):
    """What options are to reach in the end; once where they share it."""

    def rows(self, effort: Effort) -> list[Entry]:
        """The options that have a goal; “do nothing” has none."""
        return [one for one in super().rows(effort) if not is_nothing(one)]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """One goal as a sentence, several as a table."""
        rows = self.rows(product.effort)
        if not rows:
            return ""
        acting = [one for one in self.options(product.effort) if not is_nothing(one)]
        said = {tuple(in_words(one, field) for field in self.fields) for one in rows}
        if len(said) == 1 and len(rows) == len(acting):
            goal, end = next(iter(said))
            return (cell(goal) if goal else "") + common.headed("End state", end)
        marked = common.mixed(rows)
        return common.table(
            ("Option", *(field.label for field in self.fields)),
            [
                (titled(one, marked), *(cell(in_words(one, field)) for field in self.fields))
                for one in rows
            ],
        )


class Inaction(OptionsSource):
    """What it costs not to act: doing nothing first, then what waiting loses of each option."""

    def rows(self, effort: Effort) -> list[Entry]:
        """Those that say so, “do nothing” first."""
        return sorted(super().rows(effort), key=lambda one: not is_nothing(one))

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each option."""
        rows = self.rows(product.effort)
        marked = common.mixed(rows)
        return common.table(
            ("Option", "What is lost without it, or by waiting"),
            [(titled(one, marked), cell(str(one.value("inaction") or ""))) for one in rows],
        )


class Assumed(OptionsSource):
    """What options take as true without proof, and which of them do."""

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A row for each assumption."""
        rows, effort = self.rows(product.effort), product.effort
        known = {one.pk: one for one in self.read(effort)["assumptions"]}
        taken: dict[int, list[Entry]] = {}
        for row in rows:
            for one in row.value("assumptions"):
                if one.pk in known:
                    taken.setdefault(one.pk, []).append(row)
        among = self.options(effort)
        shown = [known[pk] for pk in taken]
        marked = common.mixed(shown)
        return common.table(
            ("Assumption", "Status", "Taken by"),
            [
                (
                    titled(one, marked), cell(in_words(one, one.definition.field("status"))),
                    cell(common.names(taken[one.pk], among)),
                )
                for one in shown
            ],
        )  # fmt: skip


_POLICY, _CONCEPT = Level.POLICY, Level.CONCEPT
_TESTED = tuple(name for key, _, _ in TESTS for name in (key, f"{key}_why"))
_GOAL = ("goal", "end_state")
ALL = (
    SideBySide("options-side-by-side", "Options side by side", _POLICY, WHOLE, packages=True),
    SideBySide("options-at-a-glance", "Options side by side", _POLICY, AT_A_GLANCE),
    SideBySide("concepts-at-a-glance", "Options side by side", _CONCEPT, AT_A_GLANCE),
    Goals("goals-of-options", "Policy goals of the options", _POLICY, _GOAL),
    Goals("policy-goal", "Policy goal", _POLICY, _GOAL, only_chosen=True),
    Tests("policy-tests", "Tests of the options", _POLICY, _TESTED),
    Tests("concept-tests", "Tests of the options", _CONCEPT, _TESTED),
    Inaction("risks-of-inaction", "Risks of inaction", _POLICY, ("inaction",)),
    Assumed(
        "assumptions-of-options", "What the options assume", _POLICY, ("assumptions",),
        ("assumptions",),
    ),
    Assumed(
        "assumptions-of-concepts", "What the options assume", _CONCEPT, ("assumptions",),
        ("assumptions",),
    ),
    Aspects("concept-rationale", "Rationale", _CONCEPT, ("rationale",)),
    Aspects(
        "concept-organization", "Organization and resources", _CONCEPT,
        ("organization", "resources", "cost"),
    ),
    Aspects("concept-resources", "Resources", _CONCEPT, ("resources", "cost")),
    Aspects("concept-summary", "Concept", _CONCEPT, ("summary",)),
    Aspects("concept-phasing", "Phasing", _CONCEPT, ("phasing",)),
    Aspects("concept-sustainment", "Sustainment", _CONCEPT, ("sustainment",)),
    Aspects("concept-control", "Control", _CONCEPT, ("control",)),
    Aspects(
        "policy-resources", "Resources of the policy", _POLICY, ("resources", "cost"),
        only_chosen=True,
    ),
)  # fmt: skip
