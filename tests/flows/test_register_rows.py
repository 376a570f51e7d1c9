"""Rows of a table into a register: what they would do, all of them or none, and what leaves."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapro.core import sheets
from mapro.core.audit import verify
from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent, Marking
from planning import actions, entries, selectors
from planning.actions import entry_plan, entry_rows
from planning.models import Effort, Entry, EntryLink
from planning.registers import REGISTERS, Register
from tests.flows.register_kit import CREWS, PARTS, SORTS, THINGS, enter, many, plugged, row
from tests.flows.test_query_counts import queries
from tests.world import World

Rows = Sequence[Any]


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


def fresh(world: World) -> Effort:
    """The effort, read anew."""
    return Effort.objects.select_related("marking").get(pk=world.effort.pk)


def plan(
    world: World, rows: Rows, header: Sequence[str] | None, register: Register = THINGS, **more: Any
) -> entry_rows.Plan:
    return actions.plan_rows(fresh(world), register, rows, header, **more)


def take(
    world: World, rows: Rows, header: Sequence[str] | None, register: Register = THINGS, **more: Any
) -> entry_rows.Plan:
    """Plan and take in, as somebody does who looked."""
    seen = plan(world, rows, header, register, **more)
    assert not seen.problems, [one.sentence for one in seen.problems]
    return actions.take_in(
        effort=fresh(world), register=register, rows=rows, header=header, digest=seen.digest,
        by=world["member"], **more,
    )  # fmt: skip


def faults(found: entry_rows.Plan) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in found.problems]


def told(world: World, register: Register = THINGS) -> list[list[str]]:
    """The register as it leaves."""
    return [actions.cells_of(e) for e in selectors.every_entry(fresh(world), register)]


# ---------- with a header


def test_a_row_without_an_id_adds_and_one_with_an_id_changes_what_it_gives(world: World) -> None:
    kept = enter(
        world.effort, world["member"], name="Bridge", sort="place", note="Old.", amount=3, day="2013-12-05"
    )  # fmt: skip
    header = ["ID", "name", "What it is", "NOTE", "Amount", "Roles"]
    done = take(
        world,
        [
            row(2, "thg-1", "Bridge", "Tool", "", "3", ""),
            row(3, "", "Drum", "other", "Loud.", "0", "Chief since 2013-01-01; Onlooker"),
        ],
        header,
    )
    assert (done.added, done.changed, done.unchanged) == (1, 1, 0)
    kept.refresh_from_db()
    drum = Entry.objects.get(register="things", number=2)
    assert (kept.kind, kept.data["amount"], kept.data["day"]) == ("tool", 3, "2013-12-05")
    assert "note" not in kept.data  # an empty cell empties
    assert kept.revision == 2 and set(kept.touched) == {"sort", "note"}
    assert drum.title == "Drum" and drum.data["amount"] == 0 and drum.position > kept.position
    assert drum.data["roles"] == [["chief", "2013-01-01", None], ["onlooker", None, None]]
    assert drum.data["state"] == "proposed" and drum.portion == world.effort.marking
    assert "loud." in drum.words and "chief" in drum.words


def test_the_number_alone_names_an_entry_and_what_stands_changes_nothing(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge")
    found = plan(world, [row(2, "1", "Bridge")], ["Number", "Name"])
    assert (found.added, found.changed, found.unchanged) == (0, 0, 1)
    events = AuditEvent.objects.count()
    take(world, [row(2, "1", "Bridge")], ["Number", "Name"])
    entry.refresh_from_db()
    assert entry.revision == 1 and AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("header", "column"),
    [
        (["Name", "Wealth"], "Wealth"),
        (["Name", "Note", "note"], "note"),
        (["Name", "ID", "Number"], "Number"),
        (["Name", ""], ""),
    ],
)
def test_a_column_that_is_none_or_twice_is_refused_by_name(
    world: World, header: list[str], column: str
) -> None:
    found = plan(world, [row(2, "Bridge", "x", "y")], header)
    assert faults(found) == [(0, column)] and not found.rows


def test_a_label_that_two_fields_share_names_neither() -> None:
    amount, day = (replace(THINGS.field(key), label="How much") for key in ("amount", "day"))
    double = replace(THINGS, fields=(*THINGS.fields[:3], amount, day), signal="")
    assert actions.header_of(double) == [
        "ID", "Name", "What it is", "Note", "amount", "day", "Portion", "Highlight",
    ]  # fmt: skip
    assert "how much" not in entry_rows.names_of(double)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (["", "", "", "", ""], None, ""),  # a blank row is no row
        (["", "", "Tool", "", ""], "Name", "needed"),
        (["", "Drum", "Toll", "", ""], "What it is", "none of: Tool"),
        (["", "Drum", "", "5 December", ""], "Day", "2013-12-05"),
        (["", "Drum", "", "", "Crew that is none"], "Crew", "CRW-1"),
        (["THG-9", "Drum", "", "", ""], "ID", "bring it back"),
        (["CRW-1", "Drum", "", "", ""], "ID", "THG-1"),
        (["first", "Drum", "", "", ""], "ID", "THG-1"),
        (["1", "", "", "", ""], "Name", "needed"),
    ],
)
def test_problems_name_row_and_column_and_how_to_mend(
    world: World, cells: list[str], column: str | None, words: str
) -> None:
    enter(world.effort, world["member"], name="Bridge")
    header = ["ID", "Name", "What it is", "Day", "Crew"]
    rows = [row(2, "", "Good row", "", "", ""), row(7, *cells)]
    found = plan(world, rows, header)
    if column is None:
        assert not found.problems and found.added == 1
        return
    assert faults(found) == [(7, column)]
    assert words in found.problems[0].message
    assert found.problems[0].sentence.startswith(f"Row 7, column “{column}”: ")
    with pytest.raises(entry_rows.RowsRefused) as refused:
        actions.take_in(
            effort=fresh(world), register=THINGS, rows=rows, header=header, digest=found.digest,
            by=world["member"],
        )  # fmt: skip
    assert refused.value.plan.problems and isinstance(refused.value, Invalid)
    assert refused.value.as_dict()["problems"][0]["row"] == 7
    assert Entry.objects.count() == 1  # the good row was not written either


def test_a_retired_entry_is_not_changed(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge")
    actions.retire_entry(entry=entry, why="Gone.", by=world["member"])
    assert faults(plan(world, [row(2, "THG-1", "Bridge")], ["ID", "Name"])) == [(2, "ID")]


def test_an_id_stands_once(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    found = plan(world, [row(2, "1", "A"), row(3, "THG-1", "B")], ["ID", "Name"])
    assert faults(found) == [(3, "ID")] and "Row 2" in found.problems[0].message


def test_portion_and_highlight(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge")
    low, high = Marking.objects.order_by("rank")[:2]
    header = ["ID", "Name", "Portion", "Highlight"]
    take(
        world,
        [row(2, "1", "Bridge", high.code, "yes"), row(3, "", "Drum", high.portion, "x"),
         row(4, "", "Fife", "", "")],
        header,
    )  # fmt: skip
    entry.refresh_from_db()
    assert entry.portion == high and entry.highlight and entry.touched == {"portion": 2}
    assert list(
        Entry.objects.filter(number__gt=1).order_by("number").values_list("portion", "highlight")
    ) == [(high.pk, True), (world.effort.marking_id, False)]
    take(world, [row(2, "1", "Bridge", "", "")], header)  # no mark is taken away, the star is
    entry.refresh_from_db()
    assert entry.portion == high and not entry.highlight and entry.revision == 2
    found = plan(world, [row(2, "", "A", "QQ", ""), row(3, "", "B", "", "maybe")], header)
    assert faults(found) == [(2, "Portion"), (3, "Highlight")]
    assert low.code in found.problems[0].message


def test_what_acts_set_is_ignored_where_it_stands_and_refused_otherwise(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge")
    entry.data["state"] = "approved"
    entry.save()
    header = ["ID", "Name", "State"]
    same = [
        row(2, "1", "Bridge", "Approved"),
        row(3, "", "Drum", "proposed"),
        row(4, "", "Fife", ""),
    ]
    assert not plan(world, same, header).problems
    other = [
        row(2, "1", "Bridge", "Proposed"),
        row(3, "", "Drum", "Approved"),
        row(4, "1", "Bridge", ""),
    ]
    assert faults(plan(world, other[:2], header)) == [(2, "State"), (3, "State")]
    assert faults(plan(world, other[2:], header)) == [(4, "State")]


def test_an_approval_lapses_with_the_text_that_it_was_given_for(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge")
    entry.data["state"] = "approved"
    entry.save()
    rows, header = [row(2, "1", "Long bridge", "Approved")], ["ID", "Name", "State"]
    shown = plan(world, rows, header).rows[0].changes
    assert [(c.label, c.before, c.after) for c in shown] == [
        ("Name", "Bridge", "Long bridge"), ("State", "Approved", "Proposed"),
    ]  # fmt: skip
    take(world, rows, header)
    entry.refresh_from_db()
    assert entry.data["state"] == "proposed" and set(entry.touched) == {"name", "state"}
    event = AuditEvent.objects.latest("pk")
    assert event.detail["changes"][0]["old"] == {"name": "Bridge", "state": "approved"}


# ---------- links


def test_links_by_number_and_title_and_to_rows_of_the_same_table(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    header = ["ID", "Name", "Near"]
    take(
        world,
        [row(2, "", "Drum", "thg-1; FIFE"), row(3, "", "Fife", "Long  bridge; drum"),
         row(4, "1", "Long bridge", "")],
        header,
    )  # fmt: skip
    found = {str(e): [str(to) for to in e.value("near")] for e in selectors.every_entry(
        fresh(world), THINGS)}  # fmt: skip
    assert found == {"THG-1": [], "THG-2": ["THG-1", "THG-3"], "THG-3": ["THG-1", "THG-2"]}
    new = AuditEvent.objects.latest("pk").detail["changes"][0]["new"]
    assert new["near"] == ["THG-1", "THG-3"]


def test_links_lead_to_the_registers_that_the_field_names(world: World) -> None:
    enter(world.effort, world["member"], name="Same")
    enter(world.effort, world["member"], CREWS, motto="Same", tool="THG-1")
    take(world, [row(2, "", "Drum", "Same", "Same")], ["ID", "Name", "Near", "Crew"])
    drum = selectors.every_entry(fresh(world), THINGS)[1]
    assert [str(one) for one in (*drum.value("near"), *drum.value("crew"))] == ["THG-1", "CRW-1"]
    wrong = plan(world, [row(2, "", "Fife", "CRW-1")], ["ID", "Name", "Near"])
    assert faults(wrong) == [(2, "Near")] and "stands in Crews" in wrong.problems[0].message


def test_a_title_that_several_have_names_none(world: World) -> None:
    enter(world.effort, world["member"], name="Drum")
    rows = [row(2, "", "drum", ""), row(3, "", "Fife", "Drum")]
    found = plan(world, rows, ["ID", "Name", "Near"])
    assert faults(found) == [(3, "Near")] and "THG-1, row 2" in found.problems[0].message
    # Named once is enough: that the field is needed is not said besides.
    enter(world.effort, world["member"], name="Drum")
    for name in ("Drum", "Nothing"):
        found = plan(world, [row(2, "Go", name)], ["Motto", "Tool"], CREWS)
        assert faults(found) == [(2, "Tool")]


def test_nothing_names_itself(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    header = ["ID", "Name", "Near"]
    rows = [row(2, "1", "Bridge", "THG-1"), row(3, "", "Drum", "Drum")]
    assert faults(plan(world, rows, header)) == [(2, "Near"), (3, "Near")]


def test_what_was_retired_stays_linked_until_somebody_takes_it_out(world: World) -> None:
    gone = enter(world.effort, world["member"], name="Gone")
    enter(world.effort, world["member"], name="Bridge")
    enter(world.effort, world["member"], name="Drum", near="THG-1; THG-2")
    actions.retire_entry(entry=gone, why="Gone.", by=world["member"])
    header = ["ID", "Name", "Near"]
    take(world, [row(2, "3", "Drum", "THG-2; THG-1")], header)
    assert list(EntryLink.objects.values_list("to__number", flat=True)) == [2, 1]
    assert faults(plan(world, [row(2, "2", "Bridge", "THG-1")], header)) == [(2, "Near")]


# ---------- from a cell on


def test_pasting_fills_rightwards_downwards_and_beyond_the_end(world: World) -> None:
    for name in ("Bridge", "Drum", "Fife"):
        enter(world.effort, world["member"], name=name, note="Old.")
    first = Entry.objects.get(number=1)
    actions.move_entry(entry=first, before=None, by=world["member"])  # Drum, Fife, Bridge
    done = take(
        world, [row(1, "Flute", "Tool"), row(2, "Bridge", "Place: of any sort"), row(3, "Horn", "")], None,
        start=(3, "name"),
    )  # fmt: skip
    assert (done.added, done.changed) == (1, 2)
    assert [(cells[1], cells[2], cells[3]) for cells in told(world)] == [
        ("Drum", "", "Old."), ("Flute", "Tool", "Old."), ("Bridge", "Place: of any sort", "Old."),
        ("Horn", "", ""),
    ]  # fmt: skip


def test_pasting_new_rows_and_blank_cells(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge", note="Old.")
    done = take(world, [row(1, "Drum"), row(2, ""), row(3, "Fife")], None)
    assert done.added == 2 and [cells[1] for cells in told(world)] == ["Bridge", "Drum", "Fife"]
    take(world, [row(1, ""), row(2, "New.")], None, start=(1, "note"))
    assert [cells[3] for cells in told(world)] == ["", "New.", ""]
    assert faults(plan(world, [row(1, "")], None, start=(1, "name"))) == [(1, "Name")]


def test_what_cannot_be_pasted(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    wide = plan(world, [row(1, *"abc")], None, start=(1, "near"))
    assert "3 columns" in wide.problems[0].message and "“Near”" in wide.problems[0].message
    for start in ((9, "name"), (1, "story"), (1, "nothing")):
        assert "Choose another" in plan(world, [row(1, "a")], None, start=start).problems[0].message
    assert "nothing to take in" in plan(world, [row(1, " ")], None).problems[0].message
    assert "no rows" in plan(world, [row(1, " ")], ["Name"]).problems[0].message


# ---------- bounds, races, the record, the cost


def test_the_most_rows_at_a_time_and_in_a_register(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(n, f"Thing {n}") for n in range(2, 2_003)]
    assert "2,001 rows" in plan(world, rows, ["Name"]).problems[0].message
    monkeypatch.setattr(entry_plan, "MAX_ENTRIES", 3)
    enter(world.effort, world["member"], name="Bridge")
    assert not plan(world, rows[:2], ["Name"]).problems
    assert "at most 3" in plan(world, rows[:3], ["Name"]).problems[0].message
    changing = [row(2, "1", "B"), row(3, "", "Drum"), row(4, "", "Fife")]
    assert not plan(world, changing, ["ID", "Name"]).problems


def test_what_is_taken_in_is_what_was_seen(world: World) -> None:
    entry = enter(world.effort, world["member"], name="Bridge", note="Old.")
    rows, header = [row(2, "1", "New.")], ["ID", "Note"]
    seen = plan(world, rows, header)
    actions.save_entry(entry=entry, values={"note": "Else."}, revision=1, by=world["lead"])
    with pytest.raises(entry_rows.PlanChanged) as refused:
        actions.take_in(
            effort=fresh(world), register=THINGS, rows=rows, header=header, digest=seen.digest,
            by=world["member"],
        )  # fmt: skip
    again = refused.value.plan
    assert refused.value.status == 409 and again.rows[0].changes[0].before == "Else."
    entry.refresh_from_db()
    assert entry.data["note"] == "Else."
    actions.take_in(
        effort=fresh(world), register=THINGS, rows=rows, header=header, digest=again.digest,
        by=world["member"],
    )  # fmt: skip
    entry.refresh_from_db()
    assert entry.data["note"] == "New."


def test_a_change_elsewhere_does_not_stop_it(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge", note="Old.")
    header, rows = ["ID", "Name", "Note"], [row(2, "1", "Bridge", "New."), row(3, "", "Drum", "")]
    seen = plan(world, rows, header)
    enter(world.effort, world["lead"], name="Between")
    done = actions.take_in(
        effort=fresh(world), register=THINGS, rows=rows, header=header, digest=seen.digest,
        by=world["member"],
    )  # fmt: skip
    assert done.added == 1
    assert [cells[0] for cells in told(world)] == ["THG-1", "THG-2", "THG-3"]


def test_one_entry_in_the_record_with_every_change(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge", note="Old.")
    before = AuditEvent.objects.count()
    take(
        world, [row(2, "1", "Bridge", "New."), row(3, "", "Drum", "Loud.")], ["ID", "Name", "Note"]
    )
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.latest("pk")
    assert event.code == "entries.taken_in" and event.actor == world["member"].post
    assert event.subject == f"effort:{world.effort.pk}"
    detail = event.detail
    assert (detail["register"], detail["added"], detail["changed"]) == ("things", 1, 1)
    new, changed = detail["changes"]
    assert new["number"] == 2 and new["added"] and new["new"]["name"] == "Drum"
    assert changed == {"number": 1, "old": {"note": "Old."}, "new": {"note": "New."}}
    assert not list(verify())
    assert set(fresh(world).filled) >= {"things:"}


def test_a_signal_asks_others_to_look_again(world: World) -> None:
    enter(world.effort, world["member"], name="Bridge")
    enter(world.effort, world["member"], name="Drum", near="THG-1")
    take(world, [row(2, "1", "4")], ["ID", "Amount"])
    assert [e.number for e in selectors.looked_at_again(world.effort)] == [2]


COST = 16


@pytest.mark.parametrize("number", [10, 1_000])
def test_the_cost_does_not_grow_with_the_rows(world: World, number: int) -> None:
    """Half of the rows change entries, half add them; every one links to another."""
    many(world.effort, world["member"], number // 2)
    rows = [
        row(n, f"THG-{n}" if n <= number // 2 else "", f"Named {n}", "Tool", f"Named {n % number + 1}",
            "", "yes")
        for n in range(1, number + 1)
    ]  # fmt: skip
    header = ["ID", "Name", "What it is", "Near", "Portion", "Highlight"]
    effort = fresh(world)
    seen = plan(world, rows, header)
    assert queries(lambda: actions.plan_rows(effort, THINGS, rows, header)) == 4

    def act() -> None:
        actions.take_in(
            effort=effort, register=THINGS, rows=rows, header=header, digest=seen.digest,
            by=world["member"],
        )  # fmt: skip

    assert queries(act) == COST
    assert Entry.objects.filter(highlight=True).count() == number
    assert EntryLink.objects.count() == number
    assert plan(world, rows[: number // 2], header).unchanged == number // 2


def test_two_thousand_rows_in_one_act(world: World) -> None:
    many(world.effort, world["member"], 2_000)
    assert Entry.objects.filter(register="things").count() == 2_000


# ---------- what leaves comes back as no change

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
NAMES = WORDS.filter(lambda text: bool(entry_plan.clean_words(text, line=True)))
DAYS = st.none() | st.dates(date(1800, 1, 1), date(2200, 12, 31)).map(str)


@st.composite
def spans(draw: Any) -> list[Any]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = draw(DAYS), draw(DAYS)
        if start and end and end < start:
            start, end = end, start
        found.append([draw(st.sampled_from(PARTS))[0], start, end])
    return found


VALUES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "sort": st.none() | st.sampled_from([value for value, _ in SORTS]),
        "note": WORDS,
        "tags": st.lists(st.sampled_from([value for value, _ in SORTS]), max_size=3),
        "amount": st.none() | st.integers(-(10**12), 10**12),
        "day": DAYS,
        "roles": spans(),
        "near": st.lists(st.sampled_from(["THG-1", "THG-2"]), max_size=2, unique=True),
        "story": WORDS,
    }
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(VALUES, min_size=1, max_size=3), st.booleans())
def test_what_is_exported_and_imported_changes_nothing(
    world: World, values: list[dict[str, Any]], highlight: bool
) -> None:
    effort = fresh(world)
    EntryLink.objects.all().delete()
    Entry.objects.all().delete()
    for name in ("First", "Second"):
        enter(effort, world["member"], name=name)
    for one in values:
        actions.add_entry(
            effort=effort, register=THINGS, values=one, by=world["member"], highlight=highlight
        )
    rows = selectors.every_entry(fresh(world), THINGS)
    header = actions.header_of(THINGS)
    cells = [actions.cells_of(one) for one in rows]
    for name, file in (
        ("things.csv", b"".join(sheets.write_csv(header, cells))),
        ("things.xlsx", sheets.write_xlsx("Things", header, cells)),
    ):
        sheet = sheets.read(io.BytesIO(file), name)
        found = plan(world, list(sheet.rows), sheet.header)
        assert not found.problems, [one.sentence for one in found.problems]
        assert (found.unchanged, found.writes) == (len(rows), False), name


@pytest.mark.parametrize("key", sorted(set(REGISTERS) - {"things", "crews"}))
def test_every_register_can_leave_and_come_back(world: World, key: str) -> None:
    """The header of each real register names each field once."""
    register = REGISTERS[key]
    header = actions.header_of(register)
    names = entry_rows.names_of(register)
    assert len(set(header)) == len(header)
    keys = [names[" ".join(name.split()).casefold()] for name in header]
    assert keys == ["number", *(one.key for one in register.fields), "portion", "highlight"]
    assert entries.entries_of(world.effort, key) == {key: []}
