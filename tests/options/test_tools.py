"""Tools and notes: seeded, added, changed by version, retired, brought back; each on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from dime import seeds
from dime.actions.situation import REPLACED, TAKEN_BACK, Reading, read_situation
from dime.actions.tool import (
    FIELDS,
    MAX_LINES,
    add_note,
    add_tool,
    edit_tool,
    restore_tool,
    retire_note,
    retire_tool,
)
from dime.models import Tool, ToolNote, ToolVersion
from dime.selectors import toolbox as reads
from dime.words import JUDGED, LABELS, in_words, judged
from mapro.core.errors import Invalid, NotAllowed, NotVisible, StaleSave, WrongState
from mapro.core.models import AuditEvent, Marking
from planning import actions
from planning.models import Entry
from planning.registers import REGISTERS
from tests.options.kit import fresh
from tests.options.tools import NOTE, READINGS, TOOL
from tests.world import World

WHY = "Lessons of last year."


def last() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def made(world: World, who: str = "usaid", **values: Any) -> Tool:
    return add_tool(by=world[who], **TOOL | values)


def handbook(key: str = "contacts") -> Tool:
    return Tool.objects.get(key=key)


# ---------- the seed


@pytest.mark.django_db
def test_every_tool_of_the_handbook_is_there_with_its_first_version() -> None:
    rows = list(Tool.objects.all())
    assert len(rows) == 104 and [row.key for row in rows] == [t["key"] for t in seeds.tools()]
    versions = {v.tool_id: v for v in ToolVersion.objects.all()}
    assert len(versions) == 104
    for row in rows:
        first = versions[row.pk]
        assert (first.number, first.by) == (1, None) and first.data == {
            name: getattr(row, name) for name in seeds.TEXT
        }
        row.full_clean()


@pytest.mark.django_db
def test_the_seed_adds_what_is_missing_and_leaves_what_was_changed() -> None:
    models = (apps.get_model("dime", "Tool"), apps.get_model("dime", "ToolVersion"))
    Tool.objects.filter(key="contacts").update(summary="Changed.")
    Tool.objects.filter(key="summits").delete()
    seeds.load(*models)
    seeds.load(*models)
    assert Tool.objects.count() == ToolVersion.objects.count() == 104
    assert handbook().summary == "Changed." and handbook("summits").versions.count() == 1


def test_what_is_kept_and_what_is_said_are_the_same_fields() -> None:
    assert set(LABELS) == set(FIELDS) and set(JUDGED) < set(LABELS)


@pytest.mark.django_db
def test_what_the_text_says_is_no_judgment() -> None:
    by_text = Tool.objects.exclude(by_text=[]).first()
    assert by_text is not None
    assert not judged(by_text, by_text.by_text[0]) and judged(by_text, "cost")
    assert not judged(by_text, "cautions") and not judged(by_text, "summary")


# ---------- add


def test_an_agency_adds_its_own_tool(world: World) -> None:
    tool = made(world, targets=["victims"], cautions="Old transmitters.\n\n- Jamming.")
    assert tool.key == "radio-for-displaced-people" and tool.version == 1
    assert tool.organization == world["usaid"].organization and tool.cautions == [
        "Old transmitters.", "Jamming.",
    ]  # fmt: skip
    assert Tool.objects.last() == tool  # after all others of its cell
    assert judged(tool, "summary") and not judged(tool, "name")
    (version,) = tool.versions.all()
    assert (version.by, version.data["targets"]) == (world["usaid"], ["victims"])
    event = last()
    assert (event.code, event.actor) == ("tool.added", world["usaid"].post)
    assert event.new["name"] == tool.name


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Give the tool a name."),
        ("name", "x" * 121, "below 120"),
        ("summary", "", "Say in a sentence"),
        ("element", "naval", "choose one of"),
        ("approach", "", "choose one of"),
        ("targets", ["aliens"], "choose one of"),
        ("purposes", ["profit"], "choose one of"),
        ("incentive", "bribe", "choose one of"),
        ("authority", "", "Counsel to confirm"),
        ("lead_time", "soon", "choose one of"),
        ("reversible", "never", "choose one of"),
        ("cost", 5, "choose 1 to 4"),
        ("risk", 0, "choose 1 to 3"),
        ("intrusiveness", "3", "choose 1 to 4"),
        ("lead_agencies", ["no-such-office"], "no organization “no-such-office”"),
        ("goes_with", ["no-such-tool"], "no tool “no-such-tool”"),
        ("cautions", ["x"] * (MAX_LINES + 1), f"keep to {MAX_LINES}"),
        ("prerequisites", ["x" * 500], "below 400"),
        ("cite", "x" * 201, "below 200"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    world: World, field: str, value: Any, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        made(world, **{field: value})
    assert set(caught.value.fields) == {field} and words in caught.value.fields[field]
    assert Tool.objects.count() == 104


def test_all_that_is_wrong_is_said_at_once(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        made(world, name="", cost=9, lead_time="soon")
    assert set(caught.value.fields) == {"name", "cost", "lead_time"}


@pytest.mark.parametrize("retired", [False, True])
def test_a_cell_has_each_name_once(world: World, retired: bool) -> None:
    tool = made(world)
    if retired:
        retire_tool(tool=tool, why=WHY, by=world["usaid"])
    with pytest.raises(Invalid, match="Bring it back" if retired else "Add a note"):
        made(world, "lead", name=tool.name.upper())
    made(world, "lead", approach="compellence")  # another cell


def test_keys_are_free_and_no_address_of_something_else(world: World) -> None:
    assert made(world, name="Contacts", element="military").key == "contacts-military"
    assert made(world, name="Contacts", element="military", approach="compellence").key == (
        "contacts-2"
    )
    for name in ("Compare", "New", "Notes"):
        assert made(world, name=name).key == f"informational-{name.lower()}"
    assert made(world, name="€").key == "informational"


def test_who_has_no_organization_adds_none(world: World) -> None:
    world["lead"].organization = None
    with pytest.raises(Invalid, match="belongs to an organization"):
        made(world, "lead")


@pytest.mark.parametrize("who", ["observer", "partner", "admin"])
def test_who_takes_no_part_in_planning_does_not_learn_of_it(world: World, who: str) -> None:
    tool = handbook()
    for act in (
        lambda: made(world, who),
        lambda: edit_tool(tool=tool, version=1, why=WHY, by=world[who], cost=4),
        lambda: retire_tool(tool=tool, why=WHY, by=world[who]),
        lambda: restore_tool(tool=tool, by=world[who]),
        lambda: add_note(tool=tool, by=world[who], **NOTE),
    ):
        with pytest.raises(NotVisible):
            act()


# ---------- change


def test_a_change_makes_a_version_with_its_reason(world: World) -> None:
    tool = made(world)
    after = edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], cost=3, targets=["victims"])
    assert (after.version, after.cost, after.targets) == (2, 3, ["victims"])
    new, old = tool.versions.all()
    assert (new.number, new.why, new.by, new.data["cost"]) == (2, WHY, world["usaid"], 3)
    assert (old.number, old.data["cost"]) == (1, 2)
    event = last()
    assert event.code == "tool.edited" and event.detail["why"] == WHY
    assert event.old == {"targets": [], "cost": 2}
    assert event.new == {"targets": ["victims"], "cost": 3}


def test_what_changes_nothing_writes_nothing(world: World) -> None:
    tool = made(world)
    before = AuditEvent.objects.count()
    assert edit_tool(tool=tool, version=1, why="", by=world["usaid"], cost=2).version == 1
    assert AuditEvent.objects.count() == before and tool.versions.count() == 1


def test_a_change_needs_a_reason_and_a_version_that_was(world: World) -> None:
    tool = made(world)
    with pytest.raises(Invalid) as caught:
        edit_tool(tool=tool, version=1, why=" ", by=world["usaid"], cost=3)
    assert "why" in caught.value.fields
    with pytest.raises(Invalid, match="no version 7"):
        edit_tool(tool=tool, version=7, why=WHY, by=world["usaid"], cost=3)
    with pytest.raises(Invalid, match="stronger with itself"):
        edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], goes_with=[tool.key])
    with pytest.raises(Invalid, match="a tool of this name"):
        edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], name="media relations")
    assert Tool.objects.get(pk=tool.pk).version == 1


def test_a_late_save_of_the_same_field_is_refused_with_both_texts(world: World) -> None:
    tool = made(world)
    edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], cost=3, risk=2)
    with pytest.raises(StaleSave) as caught:
        edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], cost=4)
    said = caught.value.extra
    assert "Hundreds of millions" in said["yours"] and "Tens of millions" in said["theirs"]
    assert (said["revision"], said["by"]) == (2, world["usaid"].post)
    assert Tool.objects.get(pk=tool.pk).cost == 3
    # Another field, or the same value, is no clash, and takes nothing back.
    after = edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], cost=3, lead_time="days")
    assert (after.version, after.cost, after.risk, after.lead_time) == (3, 3, 2, "days")


def test_a_judgment_is_no_longer_by_the_text_once_it_was_changed(world: World) -> None:
    tool = next(row for row in Tool.objects.all() if "reversible" in row.by_text)
    value = "hard" if tool.reversible != "hard" else "easy"
    after = edit_tool(tool=tool, version=1, why=WHY, by=world["lead"], reversible=value)
    assert "reversible" not in after.by_text and judged(after, "reversible")


@pytest.mark.parametrize("who", ["member", "board", "authority", "outsider"])
def test_only_its_people_and_the_keepers_change_a_tool(world: World, who: str) -> None:
    tool = made(world)
    for found in (tool, handbook()):
        with pytest.raises(NotAllowed):
            edit_tool(tool=found, version=1, why=WHY, by=world[who], cost=4)
        with pytest.raises(NotAllowed):
            retire_tool(tool=found, why=WHY, by=world[who])
    gone = retire_tool(tool=tool, why=WHY, by=world["usaid"])
    with pytest.raises(NotAllowed):
        restore_tool(tool=gone, by=world[who])
    assert world["lead"].watch == "edit"
    edit_tool(tool=handbook(), version=1, why=WHY, by=world["lead"], cost=4)


# ---------- retire


def test_a_tool_is_retired_and_brought_back_and_never_deleted(world: World) -> None:
    tool = made(world)
    with pytest.raises(Invalid) as caught:
        retire_tool(tool=tool, why=" ", by=world["usaid"])
    assert "why" in caught.value.fields
    gone = retire_tool(tool=tool, why=WHY, by=world["usaid"])
    assert gone.retired_at and last().code == "tool.retired" and last().detail["why"] == WHY
    with pytest.raises(WrongState):
        retire_tool(tool=tool, why=WHY, by=world["usaid"])
    with pytest.raises(WrongState):
        edit_tool(tool=tool, version=1, why=WHY, by=world["usaid"], cost=3)
    back = restore_tool(tool=tool, by=world["usaid"])
    assert back.retired_at is None and back.retired_why == "" and last().code == "tool.restored"
    with pytest.raises(WrongState):
        restore_tool(tool=tool, by=world["usaid"])


def test_a_tool_retired_while_in_use_stays_in_its_measure(world: World) -> None:
    option = actions.add_entry(
        effort=world.effort, register=REGISTERS["options"], by=world["member"],
        values={"name": "Pressure", "approach": "compellence", "level": "policy"},
    )  # fmt: skip
    values = {"name": "Radio", "option": str(option), "tool": made(world).key}
    measure = actions.add_entry(
        effort=fresh(world), register=REGISTERS["measures"], by=world["member"], values=values
    )
    tool = Tool.objects.get(key=values["tool"])
    retire_tool(tool=tool, why=WHY, by=world["usaid"])
    entry = Entry.objects.select_related("effort__marking", "portion").get(pk=measure.pk)
    saved = actions.save_entry(
        entry=entry, revision=1, by=world["member"],
        values={"name": "Radio by night", "tool": tool.key},
    )  # fmt: skip
    assert saved.title == "Radio by night" and saved.value("tool")["key"] == tool.key
    with pytest.raises(Invalid, match="was retired"):
        actions.add_entry(
            effort=fresh(world), register=REGISTERS["measures"], by=world["member"],
            values=values | {"name": "Radio again"},
        )  # fmt: skip


# ---------- notes


def test_a_note_says_how_a_tool_fared_and_by_whom(world: World) -> None:
    note = add_note(tool=handbook(), by=world["usaid"], **NOTE)
    assert note.organization == world["usaid"].organization
    assert note.marking == Marking.objects.earliest("rank")
    assert last().code == "tool.noted" and last().new["source"] == NOTE["source"]
    wrong = {"where": "", "outcome": "fine", "text": " ", "source": ""}
    with pytest.raises(Invalid) as caught:
        add_note(tool=handbook(), by=world["usaid"], **NOTE | wrong)
    assert set(caught.value.fields) == set(wrong)
    assert ToolNote.objects.count() == 1


def test_a_note_is_retired_by_its_own_and_stays_on_record(world: World) -> None:
    note = add_note(tool=handbook(), by=world["usaid"], **NOTE)
    with pytest.raises(NotAllowed):
        retire_note(note=note, why=WHY, by=world["member"])
    with pytest.raises(NotVisible):
        retire_note(note=note, why=WHY, by=world["observer"])
    with pytest.raises(Invalid):
        retire_note(note=note, why="", by=world["usaid"])
    retire_note(note=note, why=WHY, by=world["lead"])  # keeps the watch
    assert ToolNote.objects.get().retired_why == WHY and last().code == "tool.note_retired"
    with pytest.raises(WrongState):
        retire_note(note=note, why=WHY, by=world["usaid"])


# ---------- reads


def test_versions_tell_what_they_changed_in_words(world: World) -> None:
    tool = made(world, lead_agencies=["usaid-africa"], goes_with=["summits"])
    edit_tool(
        tool=tool, version=1, why=WHY, by=world["usaid"], cost=4, goes_with=["contacts"],
        lead_agencies=["cso"], needs_authority=True,
    )  # fmt: skip
    page = reads.tool_page(Tool.objects.get(pk=tool.pk), world["usaid"])
    told = {c.label: (c.old, c.new) for c in page.editions[0].changes}
    assert told["Cost"] == ("Up to millions of dollars", "Hundreds of millions and more")
    assert told["Stronger with"] == ("Summits", "Contacts")
    assert told["Lead agencies"][1] == "CSO"
    assert told[LABELS["needs_authority"]] == ("No", "Yes")
    assert page.editions[1].changes == [] and page.editions[1].version.number == 1


def test_uses_are_those_that_the_person_may_see(world: World) -> None:
    option = actions.add_entry(
        effort=world.effort, register=REGISTERS["options"], by=world["member"],
        values={"name": "Pressure", "approach": "compellence", "level": "policy"},
    )  # fmt: skip
    actions.add_entry(
        effort=fresh(world), register=REGISTERS["measures"], by=world["member"],
        values={"name": "Talk", "option": str(option), "tool": "contacts"},
    )  # fmt: skip
    assert [e.slug for e in reads.uses_of(handbook(), world["board"])] == ["country-x"]
    assert reads.uses_of(handbook(), world["outsider"]) == {}
    assert reads.uses_of(handbook("summits"), world["board"]) == {}


def test_words_of_fields() -> None:
    assert in_words("targets", ["victims", "partners"]) == "Victims; Partners"
    assert in_words("cautions", ["One.", "Two."]) == "One.\nTwo."
    assert in_words("lead_agencies", ["cso", "x"], {"cso": "CSO"}) == "CSO, x"
    assert in_words("risk", 3) == "High" and in_words("note", None) == ""


# ---------- the reading of the situation


def standing(world: World) -> dict[str, tuple[str, str]]:
    rows = Entry.objects.filter(effort=world.effort, register="situation", retired_at=None)
    found = {row.kind: (row.value("value"), row.title) for row in rows}
    assert len(found) == len(rows)
    return found


def read(world: World, **readings: Reading) -> list[Entry]:
    return read_situation(effort=fresh(world), readings=readings, by=world["member"])


def test_each_variable_has_one_standing_reading(world: World) -> None:
    read(world, **{key: Reading(value, "It is so.") for key, value in READINGS.items()})
    assert standing(world) == {key: (value, "It is so.") for key, value in READINGS.items()}
    read(world, volatility=Reading("rising", "It calmed."))
    assert standing(world)["volatility"] == ("rising", "It calmed.")
    assert Entry.objects.filter(register="situation").count() == 4  # changed, not added
    assert last().code == "entry.edited"


def test_of_two_readings_the_newest_stays(world: World) -> None:
    for value in ("latent", "rising"):
        actions.add_entry(
            effort=fresh(world), register=REGISTERS["situation"], by=world["member"],
            values={"variable": "volatility", "value": value, "why": value},
        )  # fmt: skip
    assert reads.readings_of(fresh(world)) == {"volatility": "rising"}
    read(world, volatility=Reading("urgent", "Killings."))
    assert standing(world) == {"volatility": ("urgent", "Killings.")}
    gone = Entry.objects.get(register="situation", retired_why=REPLACED)
    assert gone.value("value") == "latent"


def test_a_reading_is_taken_back_by_emptying_it(world: World) -> None:
    read(world, volatility=Reading("urgent", "Killings."))
    read(world, volatility=Reading(""), us_position=Reading(""))
    assert standing(world) == {}
    assert Entry.objects.get(register="situation").retired_why == TAKEN_BACK


def test_readings_stand_all_or_none(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        read(
            world, us_position=Reading("high", "Near."), volatility=Reading("partner", "Odd."),
            host_nation_role=Reading("mixed", " "),
        )  # fmt: skip
    assert set(caught.value.fields) == {"value_volatility", "why_host_nation_role"}
    assert standing(world) == {}
    with pytest.raises(Invalid, match="no variable"):
        read(world, weather=Reading("high", "Rain."))


def test_a_late_reading_is_refused(world: World) -> None:
    read(world, volatility=Reading("urgent", "Killings."))
    read(world, volatility=Reading("rising", "It calmed.", 1))
    with pytest.raises(StaleSave):
        read(world, volatility=Reading("latent", "All quiet.", 1))
    assert standing(world)["volatility"] == ("rising", "It calmed.")
