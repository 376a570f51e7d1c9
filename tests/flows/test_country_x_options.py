"""Country X's options: compared, chosen, chosen anew, and printed from the registers alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from dime.models import Overruling
from dime.selectors.comparison import Compared, compare
from dime.selectors.options import standing_of
from dime.selectors.warnings import warnings_of
from dime.vocabulary import Level, Standing
from mapro.core.models import AuditEvent
from planning import actions, scenario
from planning.actions.press import document_of
from planning.models import Entry, Version
from planning.products.document import digest
from planning.rendering import docx, pdf, pptx
from planning.screenplay import fresh
from tests.flows.test_scenario import approved
from tests.rendering.pdfread import TaggedPdf
from tests.rendering.readback import READERS, Words, of_tags
from tests.world import SCRIPT, World

NOTHING = "Do nothing"
ONE, TWO = "Option one: low-key support", "Option two: strengthened effort"
A, B, C = "A: Access First", "B: Pressure and Protection Together", "C: Regional Force First"
# What Tabs 4 to 8 show of the registers, and where it is entered.
SHOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "tab-04": (
        ("options", "main_risk"), ("measures", "name"), ("policy-risks", "risk"),
        ("policy-checks", "note"), ("criteria", "name"), ("arguments", "text"),
        ("objectives", "statement"), ("lines-of-effort", "name"), ("situation", "why"),
    ),
    "tab-04-enclosure-1": (
        ("options", "cost"), ("objectives", "statement"), ("criteria", "name"),
    ),
    "tab-05": (
        ("objectives", "statement"), ("objectives", "measure"), ("lines-of-effort", "name"),
        ("lines-of-effort", "purpose"),
    ),
    "tab-06": (
        ("options", "rationale"), ("options", "summary"), ("options", "phasing"),
        ("options", "organization"), ("measures", "name"), ("objectives", "statement"),
    ),
    "tab-07": (
        ("options", "rationale"), ("options", "resources"), ("options", "summary"),
        ("measures", "name"), ("arguments", "text"), ("criteria", "name"),
        ("policy-risks", "risk"), ("lines-of-effort", "name"),
    ),
    "tab-08": (
        ("objectives", "statement"), ("objectives", "measure"), ("lines-of-effort", "name"),
        ("measures", "name"),
    ),
}  # fmt: skip
# The registers' own words that a section may not type again: those of so many words, or more.
LONG = 5


def played(world: World, until: str) -> World:
    scenario.play(SCRIPT, world.effort, world.people, until=until)
    return world


def compared(world: World, level: Level) -> Compared:
    """The comparison of a level as it stands now."""
    return compare(fresh(world.effort), level)


def ranking(found: Compared) -> list[str]:
    """The options, the best first."""
    return [option.title for option in found.ranked]


def option(world: World, title: str) -> Entry:
    return world.effort.entries.get(register="options", title=title)


def standings(world: World) -> dict[str, Standing]:
    rows = world.effort.entries.filter(register="options", retired_at=None)
    return {row.title: standing_of(row) for row in rows}


def first_by(found: Compared) -> dict[str, str]:
    """What each agency alone puts first, by the code of the agency."""
    titles = {row.pk: row.title for row in found.options}
    codes = {row.organization_id: row.organization.code for row in found.scores}
    return {
        codes[agency]: titles[max(totals, key=totals.__getitem__)]
        for agency, totals in found.outcome.by_agency.items()
    }


# ---------- compared and chosen


def test_option_one_leads_and_is_adopted_first(world: World) -> None:
    played(world, "option-one")
    found = compared(world, Level.POLICY)
    assert ranking(found) == [ONE, "Option two: expanded effort", NOTHING]
    assert {row.organization.code for row in found.scores} == {
        "cso", "state-african-affairs", "usaid-africa", "country-teams", "africom"
    }  # fmt: skip
    assert first_by(found)["state-african-affairs"] == "Option two: expanded effort"
    assert standings(world) == {
        ONE: Standing.ADOPTED, "Option two: expanded effort": Standing.SET_ASIDE,
        NOTHING: Standing.SET_ASIDE,
    }  # fmt: skip


def test_the_second_is_adopted_after_the_step_was_reopened(world: World) -> None:
    played(world, "option-two")
    found = compared(world, Level.POLICY)
    assert ranking(found) == [TWO, ONE, NOTHING]
    ahead = first_by(found)
    assert {code for code, title in ahead.items() if title == ONE} == {"usaid-africa"}
    assert standings(world) == {
        TWO: Standing.ADOPTED, ONE: Standing.SET_ASIDE, NOTHING: Standing.SET_ASIDE
    }  # fmt: skip
    rows = AuditEvent.objects.filter(code="option.adopted").order_by("seq")
    assert [(row.actor_id, row.detail["cycle"]) for row in rows] == [
        (world["authority"].pk, 1), (world["dc"].pk, 2)
    ]  # fmt: skip
    reopened = AuditEvent.objects.get(code="step.reopened")
    assert rows[0].seq < reopened.seq < rows[1].seq
    the_statement_follows_what_is_recommended(world)
    for key in ("tab-04", "tab-04-enclosure-1", "tab-05"):
        for version in approved(world, key):
            nothing_is_typed_twice(key, version)
    approved_texts_stay(world)


def the_statement_follows_what_is_recommended(world: World) -> None:
    """The Deputies decided on a statement of option two, while option one still was the choice."""
    one, two = approved(world, "tab-05")
    ends = {title: str(option(world, title).data["end_state"]) for title in (ONE, TWO)}
    assert ends[ONE] in blocks(one) and ends[TWO] not in blocks(one)
    assert ends[TWO] in blocks(two) and ends[ONE] not in blocks(two)


def approved_texts_stay(world: World) -> None:
    """What was strengthened later never reached the memorandum of 22 November."""
    one, two = approved(world, "tab-04")
    assert "Option two: expanded effort" in blocks(one) and TWO not in blocks(one)
    assert "$150 million" in blocks(one) and "$150 million" not in blocks(two)
    assert "Travel bans prepared by name" in blocks(two)
    before = {v.pk: v.sha256 for v in (one, two)}
    row = option(world, TWO)
    actions.save_entry(
        entry=row, values={"cost": "$300 million"}, revision=row.revision, by=world["member"]
    )
    now = {v.pk: digest(v.snapshot) for v in approved(world, "tab-04")}
    assert now == before


def test_an_option_of_three_is_chosen_in_step_4(world: World) -> None:
    played(world, "plan")
    found = compared(world, Level.CONCEPT)
    assert ranking(found) == [B, A, C, NOTHING]
    assert {code for code, title in first_by(found).items() if title == A} == {"usaid-africa"}
    stand = standings(world)
    assert stand[B] is Standing.ADOPTED and stand[TWO] is Standing.ADOPTED
    assert {stand[A], stand[C]} == {Standing.SET_ASIDE}
    overruled = Overruling.objects.get()
    assert overruled.option == option(world, TWO) and "Talks on access" in overruled.words
    for title in (ONE, TWO, A, B, C):
        kinds = {one.kind for one in warnings_of(fresh(world.effort))[option(world, title).pk]}
        assert not kinds & {
            "no-authority", "prerequisite", "no-target", "no-purpose", "no-lead", "test",
            "alike", "lines", "objective-unserved", "tool-newer", "no-dates",
        }, (title, kinds)  # fmt: skip
    for key in SHOWN:
        version = approved(world, key)[-1]
        what_is_entered_is_printed(world, key, version)
        nothing_is_typed_twice(key, version)
    every_format_says_it(world)


# ---------- what is printed


class _Cells(HTMLParser):
    """The texts of paragraphs, cells and items."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """What begins here is a text of its own."""
        if tag in {"p", "td", "th", "li"}:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        """A piece of the present text."""
        self.found[-1] += data


def pieces(html: str) -> set[str]:
    """The texts of paragraphs, cells and items, in plain words."""
    parser = _Cells()
    parser.feed(html)
    return {plain(one) for one in parser.found if plain(one)}


def plain(words: str) -> str:
    return re.sub(r"[^a-z0-9$]+", " ", words.casefold()).strip()


def blocks(version: Version) -> str:
    """What registers put into a version, dissents left out, as text."""
    return " ".join(
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row["html"]))
        for section in version.snapshot["sections"]
        for row in section.get("registers", ())
        if row["source"] not in {"dissents", "outline"}
    )


@cache
def rows_of(register: str) -> tuple[dict[str, Any], ...]:
    """The rows of a register in every part of the scenario."""
    parts = SCRIPT["registers"].values()
    return tuple(row for part in parts for row in part.get(register, ()))


def level_of(key: str) -> str:
    return "policy" if key.startswith(("tab-04", "tab-05")) else "concept"


def what_is_entered_is_printed(world: World, key: str, version: Version) -> None:
    """Each register that a product shows is there, entry by entry, as it stood then."""
    said = plain(blocks(version))
    for register, field in SHOWN[key]:
        wanted = [str(row[field]) for row in mine(register, level_of(key)) if row.get(field)]
        there = [words for words in wanted if plain(words) in said]
        assert len(there) >= max(1, len(wanted) // 2), (key, register, field, len(wanted))


def mine(register: str, level: str) -> Iterator[dict[str, Any]]:
    """The rows that belong to options of a level, or to every option."""
    levels = {row["id"]: row.get("level") for row in rows_of("options")}
    for row in rows_of(register):
        named = [*row.get("option", ()), *row.get("options", ())]
        own = row.get("level") if register in {"options", "criteria"} else None
        if own in {None, level} and (not named or {levels[one] for one in named} & {level}):
            yield row


@cache
def names() -> frozenset[str]:
    """What entries are called, as prose may call them; an option has had two names."""
    registers = ("options", "lines-of-effort", "measures", "criteria")
    rows = [plain(row["name"]) for register in registers for row in rows_of(register)]
    return frozenset({*rows, plain(TWO)})


def nothing_is_typed_twice(key: str, version: Version) -> None:
    """No text of the registers that a product prints stands in what people wrote there; what an
    entry is called may be said."""
    typed = " ".join(
        plain(re.sub(r"<[^>]+>", " ", s["html"])) for s in version.snapshot["sections"]
    )
    shown = {
        piece
        for section in version.snapshot["sections"]
        for row in section.get("registers", ())
        if row["source"] not in {"dissents", "outline"}
        for piece in pieces(row["html"])
        if len(piece.split()) >= LONG
    }
    assert len(shown) > 10, key
    twice = sorted(p for p in shown if p in typed and re.sub(r"^\d+ ", "", p) not in names())
    assert not twice, (key, twice)


# What a reader of each product has to find in every format, from the registers alone.
FOUND = {
    "tab-04": (TWO, "Talks on access, the United Nations as convener", "3.24", "Promises more than"),
    "tab-04-enclosure-1": (ONE, "About $40 million for six months, all in hand", "3.24"),
    "tab-05": ("Avoid spillover into the region", "Diplomacy and Strategic Communication"),
    "tab-06": (A, "Peacekeepers on the ground change what bands dare", "Named travel bans"),
    "tab-07": (C, "Access held until the first large raid", "3.41", "Relief staff are detained"),
}  # fmt: skip
FORMATS = {"pdf": pdf.render, "docx": docx.render, "pptx": pptx.render}


def every_format_says_it(world: World) -> None:
    """Tabs 4 to 7 as PDF, DOCX and, where they are briefings, PPTX."""
    for key, wanted in FOUND.items():
        document = document_of(approved(world, key)[-1])
        for form, render in FORMATS.items():
            if form == "pptx" and document.layout != "briefing":
                continue
            made = render(document)
            read = (
                of_tags(TaggedPdf(made.content)) if form == "pdf" else READERS[form](made.content)
            )
            words = Words(read)
            missing = [one for one in wanted if one not in words]
            assert not missing, (key, form, missing)
