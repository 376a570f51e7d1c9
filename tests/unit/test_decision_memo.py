"""The decision memo: what it says of a record, in which order, and that words stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.products import richtext
from planning.products.blocks import Block, Heading, ListBlock, Paragraph, Quote, Table, text_of
from planning.products.decision_memo import memo
from planning.products.document import Document, canonical, digest
from planning.products.reading import ILLEGAL
from tests.rendering.readback import squeezed
from tests.unit.memo_record import (
    BANNER,
    FREE,
    FULL,
    HOSTILE,
    UNDER_SECRETARY,
    changed,
    dissent,
    document,
    filled,
    seat,
    sha256,
)


def section(record: Mapping[str, Any], key: str) -> str:
    """The words of one section, a line for each paragraph."""
    return next(text_of(s.blocks) for s in document(record).sections if s.key == key)


def tables(record: Mapping[str, Any], key: str) -> list[list[list[str]]]:
    """The tables of one section: rows of cells, a cell's paragraphs parted by " | "."""
    blocks = next(s.blocks for s in document(record).sections if s.key == key)
    return [
        [[text_of(cell.blocks).replace("\n", " | ") for cell in row] for row in one.rows]
        for one in blocks if isinstance(one, Table)
    ]  # fmt: skip


# ---------- the whole


def test_the_sections_stand_in_their_order_with_the_marking_of_the_memo() -> None:
    taken = memo(changed(marking={"portion": "(SBU)"}))
    assert [(s["number"], s["title"]) for s in taken["sections"]] == [
        ("1", "Decision"), ("2", "Dissents"), ("3", "Conditions and guidance"),
        ("4", "Positions of the Supervisory Board"), ("5", "The package"),
        ("6", "Owed after this decision"),
    ]  # fmt: skip
    assert {s["portion"] for s in taken["sections"]} == {"(SBU)"}
    assert (taken["layout"], taken["label"]) == ("memorandum", "Decision memo")


def test_whose_paper_it_is_and_how_it_is_marked() -> None:
    built = document(FULL)
    assert built.title == "Decision on Step 3, Policy Formulation, submission 2"
    assert built.header == (
        ("To", "Interagency Planning Team, Country X"),
        ("From", f"{UNDER_SECRETARY}, for the Deputies Committee"),
        ("Date", "19 November 2026, 14:32Z"),
        ("Subject", f"Country X: {built.title}"),
    )
    assert built.designation == (
        ("Marking", BANNER), ("Prepared by", "Lead planner, CSO"),
        ("Controlled by", "Bureau of Conflict and Stabilization Operations"),
        ("Releasable to", "Members of the effort"), ("Handling", "Exercise material"),
    )  # fmt: skip
    assert built.letterhead.lines[0] == "United States Department of State"
    assert dict(document(changed(exercise=False)).designation)["Handling"] == "Official use"


def test_the_same_record_gives_the_same_digest_and_each_word_counts() -> None:
    first = digest(memo(FULL))
    assert digest(memo(deepcopy(dict(FULL)))) == first
    assert digest(memo(changed(verbal={"words": "Wait."}))) != first


def test_the_record_is_left_as_it_was() -> None:
    record = changed()
    memo(record)
    assert record == FULL


def test_every_section_is_in_the_normal_form_of_the_sanitizer() -> None:
    for one in memo(FULL)["sections"]:
        assert richtext.clean(one["html"]) == one["html"]


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        memo(changed(decision={"at": "yesterday"}))


def test_a_day_of_one_digit_stands_without_a_zero() -> None:
    record = changed(decision={"at": "2026-12-01T04:05:00-05:00"})
    assert dict(document(record).header)["Date"] == "1 December 2026, 09:05Z"


# ---------- 1 Decision


def test_the_first_sentence_says_what_by_whom_and_when() -> None:
    first, *_ = section(FULL, "decision").split("\n")
    assert first == (
        "Approved with conditions: submission 2 of Step 3, Policy Formulation in cycle 2, decided "
        f"19 November 2026, 14:32Z by {UNDER_SECRETARY}, for the Deputies Committee."
    )
    plain = changed(step={"cycle": 1}, decision={"outcome": "Returned with guidance"})
    assert "Policy Formulation, decided" in section(plain, "decision")


def test_the_decision_asked_for_and_why_it_was_decided_again() -> None:
    words = section(FULL, "decision")
    assert "Decision asked for\nApprove the Policy Statement on option one.\nKeep option" in words
    assert (
        "Why this step was decided again\nReopened 18 November 2026, 08:00Z by Assistant Secretary, "
        "African Affairs:\nThe ceasefire of 17 November ended" in words
    )
    assert "again" not in section(changed(reopened=None), "decision")


def test_an_interim_decision_says_that_the_step_stays_open() -> None:
    words = "the step stays open"
    assert words in section(FULL, "decision")
    assert words not in section(changed(submission={"interim": False}), "decision")


@pytest.mark.parametrize(
    "flags, words",
    [([], ""), ([False], "1 dissent is on record: see"), ([False, False], "2 dissents are on record: see"),
     ([True, False], "2 dissents are on record, 1 with a red flag: see")],
)  # fmt: skip
def test_the_decision_names_the_dissents_before_what_was_asked_for(
    flags: list[bool], words: str
) -> None:
    record = changed(dissents=[dissent("Desk", "No.", red_flag=flag) for flag in flags])
    text = section(record, "decision")
    if not words:
        assert "on record" not in text
        return
    assert text.index(words) < text.index("Decision asked for")


# ---------- 2 Dissents


def test_dissents_stand_with_red_flags_first_and_late_ones_apart() -> None:
    words = section(FULL, "dissents")
    order = [
        "The list names a protected witness.", "Access of relief is missing",
        "Entered after the freeze of 19 November 2026, 11:40Z", "Fourteen organizations leave",
    ]  # fmt: skip
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    early = changed(dissents=[dissent("Desk", "No.")])
    assert "Entered after" not in section(early, "dissents")
    assert section(changed(dissents=[]), "dissents") == "No dissent is on record."


# ---------- 3 Conditions and guidance, 6 Owed


def test_conditions_and_guidance_with_number_owner_and_date() -> None:
    conditions, guidance = tables(FULL, "conditions")
    assert conditions == [
        ["Number", "What is owed", "Owner", "Due"],
        ["DO-3", "Compare the count of raids with that of the United Nations.", "Analyst, INR",
         "22 November 2026, 17:00Z"],
        ["DO-4", "Ask the attaché which units were at Lassin.", "Not named", "No date"],
    ]  # fmt: skip
    # No guidance has a date: there is no column for it.
    assert guidance == [
        ["Number", "What is owed", "Owner"],
        ["DO-5", "Bring two options.", "Lead planner, CSO"],
    ]
    words = section(FULL, "conditions")
    assert words.index("Conditions") < words.index("DO-3") < words.index("Guidance")
    none = changed(decision={"conditions": [], "guidance": []})
    assert section(none, "conditions") == "No condition and no guidance was given."
    only = changed(decision={"conditions": []})
    assert "Conditions" not in section(only, "conditions")


def test_what_is_owed_after_the_decision() -> None:
    assert tables(FULL, "owed") == [
        [["Number", "What is owed", "Due"],
         ["DO-1", "Confirm the choice in writing.", "21 November 2026, 12:20Z"]]
    ]  # fmt: skip
    words = section(FULL, "owed")
    assert f"Given 19 November 2026, 12:20Z by {UNDER_SECRETARY}, recorded by Lead" in words
    assert "Go ahead on option one; the paper may follow.\nThis decision confirms it." in words
    returned = changed(decision={"approves": False})
    assert "This decision does not confirm it." in section(returned, "owed")
    assert section(changed(debts=[], verbal=None), "owed") == "Nothing."


# ---------- 4 Positions, 5 The package


def test_the_board_as_it_stood() -> None:
    [[head, *rows]] = tables(FULL, "positions")
    assert head == ["Post", "Position", "Reason"]
    cast = "19 November 2026, 12:05Z"
    assert rows == [
        ["Deputy Assistant Secretary, CSO", f"Concur | {cast}", ""],
        ["Deputy Assistant Secretary, African Affairs | Substitute: Office Director, West Africa",
         f"Concur with comment | {cast}",
         "Say at each raid whether soldiers were seen. | Names alone do not do."],
        ["Deputy Assistant Administrator, USAID", f"Concur | {cast}", ""],
        ["Deputy Assistant Secretary of Defense", f"Nonconcur | {cast}",
         "The assessment treats the army as one actor: | - it took part at Gandi | "
         "- it did not at Dore"],
        ["Director, National Security Staff", "Not cast", ""],
        ["Deputy Assistant Secretary, International Organizations",
         f"Recused; until then: Abstain | {cast}",
         "The post drafted the annex on sanctions. | No view."],
    ]  # fmt: skip
    assert section(changed(seats=[]), "positions") == "The Supervisory Board had no seats."


def test_a_seat_that_recused_itself_without_a_position() -> None:
    record = changed(seats=[seat("Director", recused="A relative works there.")])
    [[_, row]] = tables(record, "positions")
    assert row == ["Director", "Recused", "A relative works there."]


def test_the_package_by_its_hashes_and_its_rules() -> None:
    versions, facts = tables(FULL, "package")
    assert versions[0] == ["Product", "Version", "SHA-256"]
    product, number, hashed = versions[1]
    assert (product, number) == ("Tab 4. Policy Memorandum (U)", "3 | 3 of 8 sections changed")
    assert re.fullmatch(r"([0-9a-f]{8} ){7}[0-9a-f]{8}", hashed)
    assert hashed.replace(" ", "") == sha256("tab-04")
    assert versions[2][:2] == ["Tab 4, Enclosure 1. Options Briefing (SBU)", "1"]
    told = dict(facts)
    assert told.pop("Package hash").replace(" ", "") == sha256("package")
    assert told == {
        "Frozen": "19 November 2026, 11:40Z", "Submitted by": "Lead planner, CSO",
        "Way of deciding": "Board majority", "Quorum": "4 seats",
        "Silence until": "21 November 2026, 12:00Z",
        "Count": "3 concur, 1 nonconcurs, 1 out, 1 recused",
    }  # fmt: skip
    assert "Warnings of the gate\nTab 5 names no indicator" in section(FULL, "package")


@pytest.mark.parametrize("quorum, words", [(0, "None"), (1, "1 seat"), (5, "5 seats")])
def test_what_a_package_has_not_is_left_out(quorum: int, words: str) -> None:
    record = changed(
        versions=[], submission={"warnings": []},
        way={"quorum": quorum, "silence_until": "", "tally": ""},
    )  # fmt: skip
    [facts] = tables(record, "package")
    told = dict(facts)
    assert told["Quorum"] == words
    assert not {"Silence until", "Count"} & set(told)
    assert section(record, "package").endswith("Warnings of the gate\nNone.")


# ---------- words stay words


def letters(built: Document) -> str:
    """All the words of a Document but for its spaces and the strokes that make a list."""
    head = [built.title, *built.heading_lines]
    head += [words for pair in (*built.header, *built.designation) for words in pair]
    body = [f"{s.title}\n{text_of(s.blocks)}" for s in built.sections]
    return "\n".join((*head, *body)).replace("-", "")


def shape(blocks: tuple[Block, ...]) -> Iterator[str]:
    """What stands in which order, paragraphs and lists alike; and each mark that words bear."""
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(runs, _):
                if isinstance(block, Heading):
                    yield "heading"
                for run in runs:
                    yield from run.marks
                    assert not run.href and not run.note
            case ListBlock(_, items, _):
                for item in items:
                    yield from shape(item)
            case Table(rows, head):
                yield f"table {[len(row) for row in rows]} {head}"
                for row in rows:
                    for cell in row:
                        assert (cell.colspan, cell.rowspan) == (1, 1)
                        yield from shape(cell.blocks)
            case Quote(inner):
                yield "quote"
                yield from shape(inner)
                yield "unquote"
            case _:
                raise AssertionError(block)


@settings(max_examples=150)
@given(st.fixed_dictionaries(dict.fromkeys(FREE, HOSTILE)))
def test_what_people_wrote_is_words_in_every_field(words: dict[str, str]) -> None:
    """The tree says what a tree of harmless words says, with the words in their places."""
    harmless = {path: f"qq{n:02d}qq" for n, path in enumerate(FREE)}
    plain, built = document(filled(harmless)), document(filled(words))
    wanted = letters(plain)
    for path, mark in harmless.items():
        assert mark in wanted, path
        wanted = wanted.replace(mark, ILLEGAL.sub("", words[path]).replace("-", ""))
    assert squeezed(letters(built)) == squeezed(wanted)
    for one, other in zip(plain.sections, built.sections, strict=True):
        assert list(shape(one.blocks)) == list(shape(other.blocks)), one.key


@given(HOSTILE)
def test_any_words_give_a_snapshot_that_is_stable_and_sanitized(text: str) -> None:
    taken = memo(filled(dict.fromkeys(FREE, text)))
    assert canonical(taken) == canonical(memo(filled(dict.fromkeys(FREE, text))))
    for one in taken["sections"]:
        assert richtext.clean(one["html"]) == one["html"]


def test_a_dissent_passes_the_sanitizer_again() -> None:
    bad = {**dissent("Desk", "No."), "html": "<p onclick='x'>No.<script>alert(1)</script></p>"}
    [html] = [
        s["html"] for s in memo(changed(dissents=[bad]))["sections"] if s["key"] == "dissents"
    ]
    assert html == "<p>No.</p>"
