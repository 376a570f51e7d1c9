"""References to a catalogue, links that may not lead back, what always stands, rules of a register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent
from planning import actions, entries
from planning.actions import entry_parts
from planning.models import Entry
from planning.registers import CATALOGUES, RULES, Field, Kind, Proposal, Register, View
from planning.web import entry_form
from tests.flows.register_kit import enter, plugged, row
from tests.flows.test_entry_pages import text
from tests.world import World

SORTS = (("none", "Nothing"), ("some", "Something"))
JOBS = Register(
    key="jobs", label="Jobs", one="job", prefix="JOB", purpose="What is done.", cite="Annex G",
    kind="sort", always=(("name", "Do nothing"), ("sort", "none")),
    fields=(
        Field("name", "Name", required=True),
        Field("sort", "Sort", Kind.CHOICE, choices=SORTS),
        Field("ware", "Ware", Kind.REFERENCE, refers="wares"),
        Field("after", "Only after", Kind.LINKS, to=("jobs",), inverse="before", acyclic=True),
        Field("hours", "Hours", Kind.NUMBER),
    ),
    views=(
        View("all-jobs", "Jobs", ("ware", "after")),
        View("some-jobs", "Jobs", ("ware",), only=(("sort", "some"),)),
    ),
)  # fmt: skip
PAGE = "/efforts/country-x/registers/jobs/"


class Wares:
    """Saw and axe; the axe was retired when ``gone`` says so."""

    version = 1
    gone: tuple[str, ...] = ()

    def find(self, effort: Any, text: str, held: Mapping[str, Any] | None) -> dict[str, Any]:
        """As a catalogue."""
        for key, label in (("saw", "Saw (hand tool)"), ("axe", "Axe (hand tool)")):
            if text.casefold() in {key, label.casefold()}:
                if key in self.gone and not (held and held["key"] == key):
                    raise ValueError(f"“{label}” was retired.")
                return dict(held) if key in self.gone and held else {
                    "key": key, "label": label, "version": self.version,
                }  # fmt: skip
        raise ValueError(f"“{text}” is no ware.")

    def offered(self, effort: Any) -> Sequence[tuple[str, str]]:
        """As a catalogue."""
        both = (("saw", "Saw (hand tool)"), ("axe", "Axe (hand tool)"))
        return [one for one in both if one[0] not in self.gone]


@pytest.fixture
def wares() -> Iterator[Wares]:
    CATALOGUES["wares"] = found = Wares()
    with plugged(JOBS):
        yield found
    del CATALOGUES["wares"]


def add(world: World, name: str, **values: Any) -> Entry:
    return enter(world.effort, world["member"], JOBS, name=name, sort="some", **values)


def save(world: World, entry: Entry, **values: Any) -> Entry:
    return actions.save_entry(
        entry=entry, values=values, revision=entry.revision, by=world["member"]
    )


def named(world: World, name: str) -> Entry:
    return Entry.objects.select_related("effort__marking", "portion").get(
        effort=world.effort, register="jobs", title=name
    )


# ---------- references


def test_a_reference_keeps_what_it_was_when_it_was_chosen(world: World, wares: Wares) -> None:
    made = add(world, "Cut", ware="axe")
    assert made.value("ware") == {"key": "axe", "label": "Axe (hand tool)", "version": 1}
    wares.version, wares.gone = 2, ("axe",)
    save(world, made, hours=2)
    assert named(world, "Cut").value("ware")["version"] == 1
    # Retired since: what holds it may keep it, others may not choose it.
    save(world, named(world, "Cut"), ware="axe", hours=3)
    assert named(world, "Cut").value("ware")["version"] == 1
    with pytest.raises(Invalid, match="was retired"):
        add(world, "Chop", ware="axe")
    with pytest.raises(Invalid, match="“spoon” is no ware"):
        add(world, "Stir", ware="spoon")


def test_a_reference_in_tables_and_documents(world: World, wares: Wares) -> None:
    header = ["Name", "Sort", "Ware"]
    rows = [row(2, "Cut", "Something", "Axe (hand tool)"), row(3, "Rip", "Something", "spoon")]
    plan = actions.plan_rows(world.effort, JOBS, rows, header)
    assert [one.sentence for one in plan.problems] == ["Row 3, column “Ware”: “spoon” is no ware."]
    plan = actions.plan_rows(world.effort, JOBS, rows[:1], header)
    actions.take_in(
        effort=world.effort, register=JOBS, rows=rows[:1], header=header, digest=plan.digest,
        by=world["member"],
    )  # fmt: skip
    made = named(world, "Cut")
    assert entries.in_words(made, JOBS.field("ware")) == "Axe (hand tool)"
    # What leaves as a cell is read back as no change, whatever the catalogue says by now.
    wares.version = 5
    again = actions.plan_rows(
        world.effort, JOBS, [row(2, "JOB-1", "Axe (hand tool)")], ["ID", "Ware"]
    )
    assert not again.writes and not again.problems


def test_the_form_offers_the_catalogue_and_what_is_held(world: World, wares: Wares) -> None:
    made = add(world, "Cut", ware="axe")
    page = text(world.client("member").get(f"{PAGE}{made.number}/"))
    assert '<option value="axe" selected>Axe (hand tool)</option>' in page
    wares.gone = ("axe",)
    page = text(world.client("member").get(f"{PAGE}{made.number}/"))
    assert '<option value="axe" selected>Axe (hand tool)</option>' in page
    assert '<option value="saw">Saw (hand tool)</option>' in page
    # The form that adds one offers it no more.
    page = text(world.client("member").get(PAGE))
    assert '<option value="saw">Saw (hand tool)</option>' in page and 'value="axe"' not in page
    assert entry_form.choices_of(world.effort, JOBS.field("sort")) == SORTS


def test_the_interface_takes_and_shows_a_reference(world: World, wares: Wares) -> None:
    client = world.client("member")
    sent = {
        "effort": "country-x",
        "register": "jobs",
        "values": {"name": "Cut", "ware": {"key": "saw"}},
    }
    answer = client.post("/api/v1/entries/", sent, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["values"]["ware"] == {
        "key": "saw", "label": "Saw (hand tool)", "version": 1,
    }  # fmt: skip


# ---------- rings


def test_links_that_may_not_lead_back(world: World, wares: Wares) -> None:
    one, two = add(world, "One"), add(world, "Two", after=["One"])
    three = add(world, "Three", after=["Two"])
    with pytest.raises(Invalid, match="in a ring: JOB-1, then JOB-4, then JOB-3, then JOB-1"):
        save(world, one, after=["Three"])
    assert not entries.with_links([named(world, "One")], world.effort)[0].value("after")
    assert AuditEvent.objects.filter(code="entry.edited").count() == 0
    actions.retire_entry(entry=two, why="Done.", by=world["member"])
    save(world, one, after=["Three"])  # the ring is open where the retired one stood
    with pytest.raises(Invalid, match="ring"):
        actions.restore_entry(entry=two, by=world["member"])
    assert named(world, "Two").retired_at is not None
    assert three.number == 4  # the second was what always stands


def test_rows_that_lead_back_are_refused_whole(world: World, wares: Wares) -> None:
    header = ["Name", "Sort", "Only after"]
    rows = [row(2, "One", "some", "Two"), row(3, "Two", "some", "One")]
    plan = actions.plan_rows(world.effort, JOBS, rows, header)
    with pytest.raises(Invalid, match="ring"):
        actions.take_in(
            effort=world.effort, register=JOBS, rows=rows, header=header, digest=plan.digest,
            by=world["member"],
        )  # fmt: skip
    assert not Entry.objects.filter(register="jobs").exists()
    client = world.client("member")
    sent = {"text": "One\tsome\t\tTwo\nTwo\tsome\t\tOne", "field": "name"}
    shown = client.post(f"{PAGE}paste/", sent)
    digest = re.search(r'name="digest" value="(\w+)"', shown.content.decode())
    assert digest
    answer = client.post(f"{PAGE}paste/", sent | {"digest": digest[1]})
    assert answer.status_code == 400 and "wait for each other in a ring" in text(answer)


def test_long_chains_are_no_ring() -> None:
    chain = {n: [n + 1, n + 2] for n in range(3_000)}
    assert entry_parts._ring(chain) == []
    assert entry_parts._ring(chain | {3_000: [0]})[0] == entry_parts._ring(chain | {3_000: [0]})[-1]


# ---------- what always stands


def test_what_always_stands_joins_the_first_and_stays(world: World, wares: Wares) -> None:
    add(world, "One")
    add(world, "Two")
    nothing = named(world, "Do nothing")
    assert (nothing.number, nothing.kind) == (2, "none")
    assert AuditEvent.objects.filter(code="entry.added").count() == 3
    with pytest.raises(Invalid, match="stands as long as others do"):
        actions.retire_entry(entry=nothing, why="It is no choice.", by=world["member"])
    assert named(world, "Do nothing").retired_at is None
    second = enter(world.effort, world["member"], JOBS, name="Wait", sort="none")
    actions.retire_entry(entry=nothing, why="Two are too many.", by=world["member"])
    assert second.retired_at is None


def test_whoever_enters_it_first_is_taken_at_their_word(world: World, wares: Wares) -> None:
    enter(world.effort, world["member"], JOBS, name="Wait and see", sort="none")
    add(world, "One")
    assert Entry.objects.filter(register="jobs").count() == 2


def test_rows_bring_it_along_too(world: World, wares: Wares) -> None:
    plan = actions.plan_rows(world.effort, JOBS, [row(2, "One", "some")], ["Name", "Sort"])
    actions.take_in(
        effort=world.effort, register=JOBS, rows=[row(2, "One", "some")], header=["Name", "Sort"],
        digest=plan.digest, by=world["member"],
    )  # fmt: skip
    assert named(world, "Do nothing").number == 2


# ---------- rules


def test_a_rule_sees_what_would_stand(
    world: World, wares: Wares, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Proposal] = []

    def rule(proposal: Proposal) -> Mapping[str, str]:
        seen.append(proposal)
        if proposal.retiring:
            return {"hours": "Hours: it is at work."} if proposal.values.get("hours") else {}
        late = proposal.values.get("sort") == "none" and proposal.values.get("hours")
        return {"hours": "Hours: nothing takes no time."} if late else {}

    monkeypatch.setitem(RULES, "jobs", rule)
    made = add(world, "Cut", hours=3)
    with pytest.raises(Invalid, match="nothing takes no time"):
        save(world, made, sort="none")
    assert seen[-1].entry == made and seen[-1].values["hours"] == 3
    assert named(world, "Cut").kind == "some"
    with pytest.raises(Invalid, match="it is at work"):
        actions.retire_entry(entry=made, why="Done.", by=world["member"])
    plan = actions.plan_rows(
        world.effort, JOBS, [row(2, "JOB-1", "Nothing")], ["ID", "Sort"]
    )  # fmt: skip
    assert [one.sentence for one in plan.problems] == [
        "Row 2, column “Hours”: nothing takes no time."
    ]


def test_a_view_keeps_what_it_says(world: World, wares: Wares) -> None:
    add(world, "One")
    source = entries.ViewSource(JOBS, JOBS.views[1])
    assert [one.title for one in source.rows(world.effort)] == ["One"]
    assert len(entries.ViewSource(JOBS, JOBS.views[0]).rows(world.effort)) == 2


def test_declarations_that_are_none() -> None:
    with pytest.raises(ValueError, match="which catalogue"):
        Field("ware", "Ware", Kind.REFERENCE)
    with pytest.raises(ValueError, match="a semicolon parts choices"):
        Field("ware", "Ware", Kind.CHOICES, choices=(("a", "Hammer; nails"),))
    with pytest.raises(ValueError, match="only links can lead back"):
        Field("ware", "Ware", acyclic=True)
    with pytest.raises(ValueError, match="named by its kind"):
        Register(
            key="odd", label="Odd", one="odd", prefix="ODD", purpose="", cite="",
            fields=(Field("name", "Name", required=True),), always=(("name", "Nothing"),),
        )  # fmt: skip
    with pytest.raises(ValueError, match="keeps a value that is none"):
        Register(
            key="odd", label="Odd", one="odd", prefix="ODD", purpose="", cite="",
            fields=(Field("name", "Name", required=True),
                    Field("sort", "Sort", Kind.CHOICE, choices=SORTS)),
            views=(View("odd-ones", "Odd", only=(("sort", "other"),)),),
        )  # fmt: skip
