"""Acts on entries of registers: enter, change, order, highlight, look again, retire, bring back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from mapro.core.audit import verify
from mapro.core.errors import Invalid, NotAllowed, NotVisible, StaleSave, WrongState
from mapro.core.models import AuditEvent, Marking
from planning import actions, entries, selectors
from planning.actions import entry as acts
from planning.actions import entry_parts as parts
from planning.models import Effort, Entry, EntryLink
from planning.policies import access_entry
from planning.registers import REGISTERS
from planning.vocabulary import Perm
from tests.flows.register_kit import CREWS, THINGS, enter, plugged
from tests.flows.test_query_counts import queries
from tests.world import World


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


def fresh(world: World) -> Effort:
    """The effort, read anew."""
    return Effort.objects.select_related("marking").get(pk=world.effort.pk)


def add(world: World, name: str = "Bridge", **values: Any) -> Entry:
    """A thing, as the member enters it."""
    return enter(world.effort, world["member"], name=name, **values)


def read(entry: Entry) -> Entry:
    """An entry, read anew with its links."""
    row = Entry.objects.select_related("effort__marking", "portion", "changed_by").get(pk=entry.pk)
    return entries.with_links([row], row.effort)[0]


def save(world: World, entry: Entry, revision: int | None = None, **values: Any) -> Entry:
    """Change an entry as the lead does, from its present revision unless told."""
    now = read(entry)
    portion = values.pop("portion", None)
    return actions.save_entry(
        entry=now, values=values, revision=revision or now.revision, by=world["lead"],
        portion=portion,
    )  # fmt: skip


def last(code: str = "") -> AuditEvent:
    """The newest event, of a code if told."""
    rows = AuditEvent.objects.filter(code=code) if code else AuditEvent.objects.all()
    return rows.latest("pk")


def order(world: World) -> list[int]:
    """The numbers of the things, in order."""
    return [row.number for row in selectors.every_entry(fresh(world), THINGS)]


# ---------- enter


def test_an_entry_holds_what_was_typed_and_who_did(world: World) -> None:
    other = add(world, "Drum")
    made = add(
        world, " The  bridge ", sort="Place: of any sort", note="Long.\r\nOld. ", tags="tool; other",
        amount="1,200", day="2013-12-05", roles="Chief since 2013-01-01; onlooker", near="Drum",
        story="",
    )  # fmt: skip
    row = read(made)
    assert (row.title, row.kind, str(row)) == ("The bridge", "place", "THG-2")
    assert row.data == {
        "note": "Long.\nOld.", "tags": ["tool", "other"], "amount": 1200, "day": "2013-12-05",
        "roles": [["chief", "2013-01-01", None], ["onlooker", None, None]], "state": "proposed",
    }  # fmt: skip
    assert row.value("near") == [other] and row.value("crew") == []
    assert (row.revision, row.touched, row.position) == (1, {}, 2)
    assert row.added_by == row.changed_by == world["member"]
    assert row.portion == world.effort.marking and not row.highlight
    assert row.words == "\n".join(
        ("the bridge", "place: of any sort", "long.", "old.", "tool; other", "1200", "2013-12-05",
         "chief since 2013-01-01; onlooker", "proposed")
    )  # fmt: skip
    event = last()
    assert (event.code, event.label, event.actor_id) == (
        "entry.added", "THG-2: The bridge", world["member"].pk,
    )  # fmt: skip
    assert event.new["near"] == ["THG-1"] and event.new["portion"] == world.effort.marking.code
    assert not list(verify())


def test_numbers_go_on_by_register_and_effort(world: World) -> None:
    first, second = add(world), add(world, "Drum")
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    elsewhere = enter(world.other, world["outsider"], name="Far bridge")
    assert [str(one) for one in (first, second, crew, elsewhere)] == [
        "THG-1", "THG-2", "CRW-1", "THG-1",
    ]  # fmt: skip
    actions.retire_entry(entry=second, why="Gone.", by=world["member"])
    assert str(add(world, "Fife")) == "THG-3"  # a number is given once


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "name", "Name is needed"),
        ({"name": " \n"}, "name", "Name is needed"),
        ({"name": "B" * 301}, "name", "301 characters; 300 are the most"),
        ({"name": "B", "note": "n" * 8_001}, "note", "Shorten it"),
        ({"name": "B", "sort": "Toll"}, "sort", "none of: Tool, Place: of any sort, Other"),
        ({"name": "B", "tags": ["tool", "toll"]}, "tags", "“toll” is none of"),
        ({"name": "B", "amount": "a few"}, "amount", "no whole number"),
        ({"name": "B", "day": "5 December"}, "day", "write it as 2013-12-05"),
        ({"name": "B", "roles": "Chief since 2014-01-01 to 2013-01-01"}, "roles", "lies before"),
        ({"name": "B", "near": "THG-9"}, "near", "no such entry stands there"),
        ({"name": "B", "near": "Heave"}, "near", "THG-1"),
        ({"name": "B", "near": "CRW-1"}, "near", "no such entry"),
        ({"name": "B", "state": "approved"}, "state", "an act of its own"),
        ({"name": "B", "wealth": "1"}, "wealth", "it has name, sort, note"),
        ({"name": ["B"]}, "name", "Give this as text"),
    ],
)
def test_what_cannot_be_entered_is_named_by_field(
    world: World, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(world, **{"name": ""} | values) if "name" not in values else add(world, **values)
    assert list(refused.value.fields) == [field]
    assert words in refused.value.fields[field]
    assert not Entry.objects.exists() and not AuditEvent.objects.filter(code="entry.added").exists()


def test_every_fault_is_told_at_once(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        add(world, "", day="no", near="THG-9", wealth="1")
    assert set(refused.value.fields) == {"name", "day", "near", "wealth"}
    with pytest.raises(Invalid) as refused:
        enter(world.effort, world["member"], CREWS, motto="Heave")
    assert refused.value.fields == {"tool": "Tool is needed."}


def test_a_portion_of_its_own(world: World) -> None:
    high = Marking.objects.order_by("rank").last()
    assert high is not None
    made = actions.add_entry(
        effort=world.effort, register=THINGS, values={"name": "Bridge"}, by=world["member"],
        portion=high.code, highlight=True,
    )  # fmt: skip
    assert made.portion == high and read(made).highlight
    with pytest.raises(Invalid) as refused:
        actions.add_entry(
            effort=world.effort, register=THINGS, values={"name": "Drum"}, by=world["member"],
            portion="no-such",
        )  # fmt: skip
    assert refused.value.fields == {"portion": "There is no marking “no-such”."}


def test_a_register_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MAX_ENTRIES", 2)
    first = add(world)
    add(world, "Drum")
    with pytest.raises(Invalid, match="at most 2 entries"):
        add(world, "Fife")
    actions.retire_entry(entry=first, why="Gone.", by=world["member"])
    add(world, "Fife")  # what was retired takes no room
    with pytest.raises(Invalid, match="at most 2"):
        add(world, "Gong")


# ---------- change


def test_a_save_changes_what_it_names_and_nothing_else(world: World) -> None:
    made = add(world, note="Long.", amount=3)
    saved = save(world, made, note="Longer.", amount="")
    row = read(made)
    assert (row.title, row.data.get("note"), row.data.get("amount")) == ("Bridge", "Longer.", None)
    assert (row.revision, row.touched) == (2, {"note": 2, "amount": 2})
    assert row.changed_by == world["lead"] and row.added_by == world["member"]
    assert "longer." in row.words and saved.revision == 2
    event = last()
    assert (event.code, event.old, event.new, event.detail["revision"]) == (
        "entry.edited", {"note": "Long.", "amount": 3}, {"note": "Longer.", "amount": None}, 2,
    )  # fmt: skip


def test_what_changes_nothing_writes_nothing(world: World) -> None:
    made = add(world, note="Long.", amount=0, near="")
    before = AuditEvent.objects.count()
    row = save(
        world, made, name="Bridge ", note="Long.\r\n", amount="0", near=[], sort="",
        portion=world.effort.marking.code,
    )  # fmt: skip
    assert row.revision == 1 and AuditEvent.objects.count() == before


def test_zero_is_a_number_and_no_empty_field(world: World) -> None:
    made = add(world, amount=0)
    assert read(made).data["amount"] == 0
    save(world, made, amount="")
    assert "amount" not in read(made).data and last().old == {"amount": 0}


def test_two_people_save_different_fields(world: World) -> None:
    made = add(world, note="Long.")
    save(world, made, note="Longer.")
    merged = save(world, made, revision=1, amount=7)
    assert (merged.data["note"], merged.data["amount"], merged.revision) == ("Longer.", 7, 3)


def test_a_stale_save_carries_both_texts(world: World) -> None:
    made = add(world, note="Long.", day="2013-12-05")
    save(world, made, note="Longer.", near="")
    with pytest.raises(StaleSave) as refused:
        save(world, made, revision=1, note="Longest.", day="2013-12-06")
    told = refused.value.extra
    assert (told["yours"], told["theirs"]) == ("Note: Longest.", "Note: Longer.")
    assert (told["revision"], told["by"]) == (2, world["lead"].post)
    row = read(made)
    assert row.data["note"] == "Longer." and row.data["day"] == "2013-12-05"
    save(world, made, revision=2, note="Longest.")
    assert read(made).data["note"] == "Longest."


def test_an_act_reads_what_stands_whatever_its_caller_read_before(world: World) -> None:
    made = add(world, note="Long.")
    before = [read(made) for _ in range(4)]
    save(world, made, note="Longer.")
    by = world["member"]
    saved = actions.save_entry(entry=before[0], values={"amount": 7}, revision=1, by=by)
    assert (saved.data["note"], saved.data["amount"], saved.revision) == ("Longer.", 7, 3)
    with pytest.raises(StaleSave) as refused:
        actions.save_entry(entry=before[1], values={"note": "Longest."}, revision=1, by=by)
    assert (refused.value.extra["theirs"], refused.value.extra["revision"]) == ("Note: Longer.", 3)
    actions.retire_entry(entry=before[2], why="It fell.", by=by)
    with pytest.raises(WrongState, match="Bring it back first"):
        actions.save_entry(entry=before[3], values={"note": "Longest."}, revision=3, by=by)
    row = read(made)
    assert (row.data["note"], row.data["amount"]) == ("Longer.", 7) and row.retired_at


def test_the_same_words_twice_are_no_conflict(world: World) -> None:
    made = add(world, note="Long.")
    save(world, made, note="Longer.")
    assert save(world, made, revision=1, note="Longer.").revision == 2


def test_links_are_stale_by_what_they_name(world: World) -> None:
    made = add(world)
    add(world, "Drum")
    add(world, "Fife")
    save(world, made, near="Drum")
    with pytest.raises(StaleSave) as refused:
        save(world, made, revision=1, near="THG-3")
    assert refused.value.extra["yours"] == "Near: Fife"
    assert refused.value.extra["theirs"] == "Near: Drum"


def test_a_portion_is_a_field_like_others(world: World) -> None:
    made = add(world)
    high, low = Marking.objects.order_by("-rank")[0], world.effort.marking
    save(world, made, portion=high.code)
    row = read(made)
    assert row.portion == high and row.touched == {"portion": 2}
    assert last().old == {"portion": low.code} and last().new == {"portion": high.code}
    with pytest.raises(StaleSave):
        save(world, made, revision=1, portion=low.code)
    with pytest.raises(Invalid, match="no marking"):
        save(world, made, portion="no-such")


def test_a_required_field_stays_full(world: World) -> None:
    made = add(world)
    with pytest.raises(Invalid) as refused:
        save(world, made, name="")
    assert refused.value.fields == {"name": "Name is needed."}
    save(world, made, note="Without the name it is left as it stands.")
    with pytest.raises(Invalid) as refused:
        save(world, made, state="approved")
    assert "act of its own" in refused.value.fields["state"]


def test_an_approval_holds_for_one_text_alone(world: World) -> None:
    made = add(world)
    parts.apply_act(made, {"state": "approved"}, world["authority"])
    assert read(made).data["state"] == "approved" and made.revision == 2
    save(world, made, note="It does not bind to the note.")
    assert read(made).data["state"] == "approved"
    save(world, made, name="Bridge")
    assert read(made).data["state"] == "approved"  # the same words
    save(world, made, name="New bridge")
    row = read(made)
    assert (row.data["state"], row.touched["state"]) == ("proposed", row.revision)
    assert last().old == {"name": "Bridge", "state": "approved"}
    assert last().new == {"name": "New bridge", "state": "proposed"}
    save(world, made, name="Newest bridge")
    assert last().new == {"name": "Newest bridge"}  # there was nothing to take back


# ---------- links


def test_an_entry_names_others_by_number_or_title(world: World) -> None:
    drum, made = add(world, "Drum"), add(world)
    fife = add(world, "Fife; and drum")
    save(world, made, near=["thg-1", "Fife; and drum"])
    assert [one.pk for one in read(made).value("near")] == [drum.pk, fife.pk]
    save(world, made, near=["THG-1", "Drum", "drum"])
    assert [one.pk for one in read(made).value("near")] == [drum.pk]
    assert last().old == {"near": ["THG-1", "THG-3"]} and last().new == {"near": ["THG-1"]}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("THG-1", "cannot name itself"),
        ("Bridge", "cannot name itself"),
        ("CRW-1", "no such entry stands there"),
        ("THG-2", "no such entry stands there"),  # retired
        ("THG-3", "no such entry stands there"),  # of another effort
    ],
)
def test_what_cannot_be_linked(world: World, names: str, words: str) -> None:
    made, gone = add(world), add(world, "Gone")
    enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    for _ in range(3):
        enter(world.other, world["outsider"], name="Far bridge")
    actions.retire_entry(entry=gone, why="Gone.", by=world["member"])
    with pytest.raises(Invalid) as refused:
        save(world, made, near=names)
    assert words in refused.value.fields["near"]
    assert not EntryLink.objects.filter(entry=made).exists()


def test_a_link_of_two_registers_says_where_else_it_stands(world: World) -> None:
    add(world)
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    both = parts.called(world.effort, ("things", "crews"))
    assert both["THG-1"].title == "Bridge" and both["heave"] == crew
    with pytest.raises(ValueError, match="stands in Crews"):
        parts._linked(("things",), ["CRW-1"], None, both)


def test_the_database_keeps_links_straight(world: World) -> None:
    made, other = add(world), add(world, "Drum", near="THG-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryLink.objects.create(entry=made, field="near", to=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryLink.objects.create(entry=other, field="near", to=made)
    with pytest.raises(ProtectedError):
        made.delete()
    for changed in ({"title": ""}, {"retired_why": "Gone."}, {"retired_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.filter(pk=made.pk).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=other.pk).update(number=1)


# ---------- highlight, order


def test_highlights(world: World) -> None:
    made = add(world)
    actions.highlight_entry(entry=read(made), on=True, by=world["lead"])
    assert read(made).highlight and last().code == "entry.highlighted"
    before = AuditEvent.objects.count()
    actions.highlight_entry(entry=read(made), on=True, by=world["lead"])
    assert AuditEvent.objects.count() == before
    actions.highlight_entry(entry=read(made), on=False, by=world["lead"])
    assert not read(made).highlight and last().code == "entry.dimmed"
    assert read(made).revision == 1  # no word of it changed


def test_entries_are_put_in_order(world: World) -> None:
    rows = [add(world, name) for name in ("A", "B", "C", "D")]

    def move(entry: Entry, before: int | None) -> list[int]:
        actions.move_entry(entry=read(entry), before=before, by=world["lead"])
        return order(world)

    assert move(rows[3], 1) == [4, 1, 2, 3]
    assert move(rows[0], 3) == [4, 2, 1, 3]
    assert move(rows[3], None) == [2, 1, 3, 4]
    assert move(rows[2], 4) == [2, 1, 3, 4]
    assert last().code == "entry.moved" and last().detail["before"] == 4
    for before in (9, 3):
        with pytest.raises(Invalid) as refused:
            actions.move_entry(entry=read(rows[2]), before=before, by=world["lead"])
        assert f"no THG-{before} to stand before" in refused.value.fields["before"]
    actions.retire_entry(entry=read(rows[0]), why="Gone.", by=world["lead"])
    with pytest.raises(Invalid):
        actions.move_entry(entry=read(rows[2]), before=1, by=world["lead"])


def test_order_stays_within_a_register_and_an_effort(world: World) -> None:
    add(world)
    add(world, "Drum")
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    far = enter(world.other, world["outsider"], name="Far bridge")
    actions.move_entry(entry=read(add(world, "Fife")), before=1, by=world["lead"])
    assert order(world) == [3, 1, 2]
    assert (read(crew).position, read(far).position) == (1, 1)


# ---------- look again


def rested(world: World) -> tuple[Entry, Entry, Entry]:
    """A bridge, a drum that is near it, and a fife that is near to nothing."""
    return add(world), add(world, "Drum", near="THG-1"), add(world, "Fife")


def again(world: World) -> set[str]:
    """What has to be looked at again."""
    return {row.title for row in selectors.looked_at_again(fresh(world))}


def test_what_names_an_entry_is_looked_at_again_when_it_says_something_else(world: World) -> None:
    bridge, drum, _ = rested(world)
    assert again(world) == set()
    save(world, bridge, note="Only the amount is a signal.")
    assert again(world) == set() and read(bridge).signaled_at is None
    save(world, bridge, amount=3)
    assert again(world) == {"Drum"} and read(bridge).signaled_at is not None
    assert selectors.signals_to(read(drum)) == [bridge]
    actions.review_entry(entry=read(drum), by=world["lead"])
    assert again(world) == set() and selectors.signals_to(read(drum)) == []
    assert (last().code, last().detail["revision"]) == ("entry.reviewed", 1)
    save(world, bridge, amount="")
    assert again(world) == {"Drum"}


def test_what_an_entry_names_is_looked_at_again_too(world: World) -> None:
    bridge, drum, _ = rested(world)
    save(world, drum, amount=3)
    assert again(world) == {"Bridge"}
    save(world, bridge, note="Looked at while it was changed.")
    assert again(world) == set()


def test_nobody_looks_again_for_what_was_retired(world: World) -> None:
    bridge, drum, _ = rested(world)
    save(world, bridge, amount=3)
    save(world, drum, amount=4)
    assert again(world) == {"Bridge"}  # the drum was changed, so somebody looked at it
    actions.retire_entry(entry=read(drum), why="Gone.", by=world["lead"])
    assert again(world) == set()
    actions.restore_entry(entry=read(drum), by=world["lead"])
    assert again(world) == {"Bridge"}


def test_what_was_retired_is_not_looked_at_again(world: World) -> None:
    bridge, drum, _ = rested(world)
    save(world, bridge, amount=3)
    actions.retire_entry(entry=read(drum), why="Gone.", by=world["lead"])
    assert again(world) == set()
    actions.restore_entry(entry=read(drum), by=world["lead"])
    assert again(world) == set()  # who brings it back has looked at it


def test_what_rests_on_an_entry_is_told_nearest_first(world: World) -> None:
    bridge, drum, fife = rested(world)
    save(world, fife, near="Drum")
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="Fife")
    save(world, bridge, near="Fife")  # round and round
    assert [(one.entry, one.words, one.depth) for one in selectors.dependents(read(bridge))] == [
        (drum, "is near to", 1), (fife, "is near to", 2), (crew, "is used by", 3),
    ]  # fmt: skip
    actions.retire_entry(entry=read(fife), why="Gone.", by=world["lead"])
    assert [one.entry for one in selectors.dependents(read(bridge))] == [drum]


def test_an_act_signals_as_well(world: World) -> None:
    bridge, _, _ = rested(world)
    with transaction.atomic():
        parts.apply_act(read(bridge), {"amount": 9}, world["authority"])
    assert again(world) == {"Drum"}


# ---------- retire, bring back


def test_an_entry_is_retired_with_a_reason_and_comes_back(world: World) -> None:
    made = add(world)
    with pytest.raises(Invalid) as refused:
        actions.retire_entry(entry=read(made), why="  ", by=world["lead"])
    assert refused.value.fields == {"why": "Say why it no longer stands."}
    with pytest.raises(Invalid, match="below 1,000"):
        actions.retire_entry(entry=read(made), why="w" * 1_001, by=world["lead"])
    actions.retire_entry(entry=read(made), why="It fell.", by=world["lead"])
    row = read(made)
    assert row.retired_at is not None and row.retired_why == "It fell."
    assert order(world) == [] and last().detail["why"] == "It fell."
    past = timezone.now() - timedelta(days=1)
    Entry.objects.update(reviewed_at=past)
    actions.restore_entry(entry=read(made), by=world["lead"])
    row = read(made)
    assert (row.retired_at, row.retired_why, row.number) == (None, "", 1)
    assert row.reviewed_at > past and last().code == "entry.restored"
    with pytest.raises(WrongState, match="stands in the register"):
        actions.restore_entry(entry=read(made), by=world["lead"])


@pytest.mark.parametrize("act", ["save", "highlight", "move", "review", "retire"])
def test_a_retired_entry_is_left_alone(world: World, act: str) -> None:
    made = add(world)
    actions.retire_entry(entry=read(made), why="It fell.", by=world["lead"])
    now, by = read(made), world["lead"]
    before = AuditEvent.objects.count()
    with pytest.raises(WrongState, match="Bring it back first"):
        {
            "save": lambda: actions.save_entry(entry=now, values={"note": "N."}, revision=1, by=by),
            "highlight": lambda: actions.highlight_entry(entry=now, on=True, by=by),
            "move": lambda: actions.move_entry(entry=now, before=None, by=by),
            "review": lambda: actions.review_entry(entry=now, by=by),
            "retire": lambda: actions.retire_entry(entry=now, why="Again.", by=by),
        }[act]()
    assert AuditEvent.objects.count() == before


def test_what_was_retired_stays_linked_and_is_called_so(world: World) -> None:
    bridge, drum, _ = rested(world)
    actions.retire_entry(entry=read(bridge), why="It fell.", by=world["lead"])
    assert entries.in_words(read(drum), THINGS.field("near")) == "Bridge (retired)"
    save(world, drum, note="The link is left as it stands.")
    assert EntryLink.objects.filter(entry=drum, to=bridge).exists()


# ---------- who may, and the record


@pytest.mark.parametrize(
    ("who", "to", "error"),
    [
        ("lead", Perm.REGISTER_EDIT, None),
        ("member", Perm.REGISTER_EDIT, None),
        ("board", Perm.REGISTER_VIEW, None),
        ("board", Perm.REGISTER_EDIT, NotAllowed),
        ("authority", Perm.REGISTER_EDIT, NotAllowed),
        ("observer", Perm.REGISTER_VIEW, NotVisible),
        ("outsider", Perm.REGISTER_VIEW, NotVisible),
    ],
)
def test_fetching_is_checking(
    world: World, who: str, to: Perm, error: type[Exception] | None
) -> None:
    made = add(world)
    if error is None:
        assert access_entry(world[who], "country-x", "things", 1, to=to) == made
    else:
        with pytest.raises(error):
            access_entry(world[who], "country-x", "things", 1, to=to)


def test_an_entry_of_a_register_that_is_gone_is_not_there(world: World) -> None:
    made = add(world)
    del REGISTERS["things"]  # the fixture puts it back
    with pytest.raises(NotVisible):
        access_entry(world["lead"], to=Perm.REGISTER_VIEW, pk=made.pk)
    assert selectors.registers_of(fresh(world))


def test_every_act_is_one_event_of_the_effort(world: World) -> None:
    stream = AuditEvent.objects.filter(stream=f"effort:{world.effort.pk}")
    before = stream.count()
    made, other = add(world), add(world, "Drum")
    save(world, made, note="Long.")
    actions.highlight_entry(entry=read(made), on=True, by=world["lead"])
    actions.move_entry(entry=read(made), before=None, by=world["lead"])
    actions.review_entry(entry=read(made), by=world["lead"])
    actions.retire_entry(entry=read(made), why="It fell.", by=world["lead"])
    actions.restore_entry(entry=read(made), by=world["lead"])
    events: Sequence[AuditEvent] = selectors.entry_history(made)
    assert [one.code for one in events] == [
        "entry.restored", "entry.retired", "entry.reviewed", "entry.moved", "entry.highlighted",
        "entry.edited", "entry.added",
    ]  # fmt: skip
    assert stream.count() == before + 8
    assert [one.code for one in selectors.entry_history(other)] == ["entry.added"]
    assert not list(verify())


def test_a_refused_act_leaves_no_record(world: World) -> None:
    made = add(world)
    before = AuditEvent.objects.count()
    for act in (
        lambda: save(world, made, name=""),
        lambda: actions.retire_entry(entry=read(made), why="", by=world["lead"]),
        lambda: actions.move_entry(entry=read(made), before=9, by=world["lead"]),
        lambda: add(world, ""),
    ):
        with pytest.raises(Invalid):
            act()
    assert AuditEvent.objects.count() == before


def test_a_link_to_what_was_retired_since_stays_until_somebody_takes_it_away(world: World) -> None:
    first, second, third = (add(world, name) for name in ("First", "Second", "Third"))
    actions.save_entry(entry=read(third), values={"near": "THG-1"}, revision=1, by=world["lead"])
    actions.retire_entry(entry=read(first), why="Doubled.", by=world["lead"])
    actions.save_entry(
        entry=read(third), values={"near": "THG-1; THG-2"}, revision=2, by=world["lead"]
    )
    linked = read(third).links.order_by("pk").values_list("to__number", flat=True)
    assert sorted(linked) == [first.number, second.number]
    with pytest.raises(Invalid, match="THG-1"):  # nobody names it anew
        actions.save_entry(
            entry=read(second), values={"near": "THG-1"}, revision=1, by=world["lead"]
        )


def test_a_title_that_two_have_names_neither(world: World) -> None:
    for name in ("Bridge", "Bridge", "Road"):
        made = add(world, name)
    with pytest.raises(Invalid, match="by number"):
        actions.save_entry(
            entry=read(made), values={"near": "bridge"}, revision=1, by=world["lead"]
        )


# ---------- the cost


COSTS = {
    "add": 12, "save": 13, "highlight": 7, "move": 9, "review": 7, "retire": 8, "dependents": 1,
    "signals": 1, "again": 1, "page": 4, "every": 2, "index": 2,
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 40])
def test_an_act_costs_the_same_in_a_long_register(world: World, rows: int) -> None:
    made = add(world)
    for number in range(rows):
        add(world, f"Thing {number}", near="THG-1")
    effort, by = fresh(world), world["lead"]

    def cost(act: Callable[[Entry], Any]) -> int:
        now = read(made)
        return queries(lambda: act(now))

    changes = {"note": "N.", "near": "THG-2"}
    found = {
        "add": queries(lambda: enter(effort, by, name="New", near="THG-1; THG-2")),
        "save": cost(lambda e: actions.save_entry(entry=e, values=changes, revision=1, by=by)),
        "highlight": cost(lambda e: actions.highlight_entry(entry=e, on=True, by=by)),
        "move": cost(lambda e: actions.move_entry(entry=e, before=2, by=by)),
        "review": cost(lambda e: actions.review_entry(entry=e, by=by)),
        "retire": cost(lambda e: actions.retire_entry(entry=e, why="So.", by=by)),
        "dependents": cost(selectors.dependents),
        "signals": cost(selectors.signals_to),
        "again": queries(lambda: list(selectors.looked_at_again(effort))),
        "page": queries(lambda: selectors.register_page(effort, THINGS)),
        "every": queries(lambda: selectors.every_entry(effort, THINGS)),
        "index": queries(lambda: selectors.registers_of(effort)),
    }
    assert {what: n for what, n in found.items() if n > COSTS[what]} == {}
