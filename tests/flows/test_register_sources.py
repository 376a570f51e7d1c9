"""Registers in products: drafts show them live, a freeze copies them, an approval that rests on
something else now is told."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.registers import ACTORS, ASSUMPTIONS, GAPS
from mapro.core.errors import Invalid
from mapro.core.models import Marking
from planning import actions, entries, gates, policies, ports, progress, selectors
from planning.actions import entry_parts as acts
from planning.actions.freeze import freeze
from planning.actions.section import gaps as missing
from planning.models import Dissent, Effort, Entry, Version
from planning.registers import Register
from planning.sources import subject_of
from planning.vocabulary import ForkKind
from tests.flows.register_kit import row
from tests.flows.test_query_counts import queries
from tests.world import World

TAB_2 = "/efforts/country-x/products/tab-02/"
GAP = "capability-gaps"  # a required section of Tab 2, and the view that fills it


def add(world: World, statement: str, kind: str = "capability_gap", **values: Any) -> Entry:
    """An entry of the register of gaps."""
    return enter(world, GAPS, statement=statement, kind=kind, **values)


def enter(world: World, register: Register, **values: Any) -> Entry:
    """An entry, as the member enters it."""
    return actions.add_entry(
        effort=fresh(world), register=register, values=values, by=world["member"]
    )


def fresh(world: World) -> Effort:
    """The effort, read anew."""
    return Effort.objects.select_related("marking").get(pk=world.effort.pk)


def read(entry: Entry) -> Entry:
    """An entry, read anew with its links."""
    found = Entry.objects.select_related("effort__marking", "portion").get(pk=entry.pk)
    return entries.with_links([found], found.effort)[0]


def save(world: World, entry: Entry, **values: Any) -> Entry:
    """Change an entry."""
    now = read(entry)
    return actions.save_entry(
        entry=now, values=values, revision=now.revision, by=world["member"],
        portion=values.pop("portion", None),
    )  # fmt: skip


def retire(world: World, entry: Entry) -> None:
    """Retire an entry."""
    actions.retire_entry(entry=read(entry), why="It no longer stands.", by=world["member"])


def high() -> Marking:
    """The highest marking."""
    found = Marking.objects.order_by("rank").last()
    assert found is not None
    return found


def section_of(version: Version, key: str = GAP) -> dict[str, Any]:
    """A section of a snapshot."""
    found: dict[str, Any] = next(r for r in version.snapshot["sections"] if r["key"] == key)
    return found


def shows(version: Version, key: str = GAP) -> dict[str, Any]:
    """What the registers put into a section of a snapshot, by source."""
    return {one["source"]: one for one in section_of(version, key).get("registers", ())}


def frozen(world: World, product: str = "tab-02") -> Version:
    """The product as it stands, frozen."""
    return freeze(product=world.product(product), by=world["lead"])


def due(world: World, product: str = "tab-02") -> set[str]:
    """The required sections of a product that are still empty."""
    rows = {r.product.key: r for r in progress.products_of(fresh(world))}
    return {outlined.section.key for outlined in rows[product].due}


# ---------- live, and frozen


def test_a_draft_shows_what_the_register_says_now(world: World) -> None:
    client = world.client("board")

    def page(key: str = GAP) -> str:
        return client.get(f"{TAB_2}sections/{key}/").content.decode()

    assert "Nothing here yet" in page()
    found = add(world, "No helicopters.", consequence="Nobody comes by night.")
    assert "No helicopters." in page() and "Nobody comes by night." in page()
    assert "No helicopters." not in page("challenges")
    save(world, found, statement="Two helicopters.")
    assert "Two helicopters." in page() and "No helicopters." not in page()
    save(world, found, kind="challenge")
    assert "Nothing here yet" in page() and "Two helicopters." in page("challenges")
    retire(world, found)
    assert "Nothing here yet" in page("challenges")


def test_a_freeze_copies_and_later_changes_leave_it(world: World) -> None:
    found = add(world, "No helicopters.", consequence="Nobody comes.")
    version = frozen(world)
    shown = shows(version)[GAP]
    assert "No helicopters." in shown["html"] and "Nobody comes." in shown["html"]
    assert [ref.partition("@")[0] for ref in shown["facts"]] == [f"{GAP}:{found.number}"]
    assert frozen(world) == version  # the same draft is the same version
    save(world, found, statement="Two helicopters.")
    version.refresh_from_db()
    assert "No helicopters." in shows(version)[GAP]["html"]
    again = frozen(world)
    assert again.number == version.number + 1 and "Two helicopters." in shows(again)[GAP]["html"]
    retire(world, found)
    assert shows(frozen(world)) == {}


def test_an_empty_register_leaves_no_trace_in_a_version(world: World) -> None:
    rows = frozen(world).snapshot["sections"]
    assert not any(one.get("registers") for one in rows)


def test_columns_that_nobody_filled_are_not_printed(world: World) -> None:
    add(world, "No helicopters.", consequence="Nobody comes.")
    html = shows(frozen(world))[GAP]["html"]
    assert "Consequence" in html and "What could be done" not in html
    assert '<th scope="row"><p>No helicopters.</p></th>' in html


def test_words_of_people_stay_words(world: World) -> None:
    add(world, "<script>alert(1)</script>", consequence='"><b>x</b>')
    html = shows(frozen(world))[GAP]["html"]
    assert "<script" not in html and "&lt;script&gt;" in html and "<b>" not in html


def test_a_briefing_shows_the_highlights_or_else_the_first(world: World) -> None:
    found = [add(world, f"Gap {n}.") for n in range(1, 8)]

    def listed() -> list[str]:
        source = ports.SOURCES["gap-highlights"]
        return [fact.key for fact in source.facts(world.product("tab-03"))]

    assert listed() == ["1", "2", "3", "4", "5"]
    actions.move_entry(entry=read(found[6]), before=1, by=world["lead"])
    assert listed() == ["7", "1", "2", "3", "4"]
    actions.highlight_entry(entry=read(found[5]), on=True, by=world["lead"])
    assert listed() == ["6"]
    add(world, "A challenge.", "challenge")
    assert listed() == ["6"]
    actions.highlight_entry(entry=read(found[5]), on=False, by=world["lead"])
    assert len(listed()) == entries.FIRST


# ---------- portions and the banner


def test_an_entry_raises_its_section_and_the_version(world: World) -> None:
    low = world.effort.marking
    found = add(world, "No helicopters.")
    before = frozen(world)
    assert before.marking == low and section_of(before)["portion"] == low.portion
    assert "text_portion" not in section_of(before)
    save(world, found, portion=high().code)
    after = frozen(world)
    assert after.marking == high() and high().banner in after.snapshot["marking"]["banner"]
    assert section_of(after)["portion"] == high().portion
    assert section_of(after)["text_portion"] == low.portion
    assert section_of(after, "challenges")["portion"] == low.portion
    # Entries of several markings carry a mark of their own.
    add(world, "No radios.")
    html = shows(frozen(world))[GAP]["html"]
    assert f"{high().portion} No helicopters." in html and f"{low.portion} No radios." in html
    page = world.client("board").get(f"{TAB_2}sections/{GAP}/").content.decode()
    assert f'<span class="portion">{high().portion}</span></h3>' in page


def test_a_section_that_is_left_out_raises_nothing(world: World) -> None:
    found = add(world, "A truce.", "opportunity")
    save(world, found, portion=high().code)
    assert frozen(world, "tab-02-enclosure-1").marking == high()
    actions.tailor(
        product=world.product("tab-02-enclosure-1"), change="hide", section="opportunities",
        reason="No.", by=world["lead"],
    )  # fmt: skip
    assert frozen(world, "tab-02-enclosure-1").marking == world.effort.marking


def test_the_banner_of_the_effort_counts_what_stands(world: World) -> None:
    def banner() -> str:
        return policies.standing(world["board"], fresh(world)).banner

    low = banner()
    found = add(world, "No helicopters.")
    assert banner() == low and high().banner not in low
    save(world, found, portion=high().code)
    assert high().banner in banner()
    assert policies.standing(world["outsider"], fresh(world)).banner == ""
    retire(world, found)
    assert banner() == low
    actions.restore_entry(entry=read(found), by=world["lead"])
    assert high().banner in banner()


def test_a_restored_text_keeps_its_own_portion(world: World) -> None:
    low = world.effort.marking
    section = world.section(GAP, "tab-02")
    actions.save_section(
        section=section, body="<p>Old words.</p>", revision=section.revision, by=world["member"]
    )
    found = add(world, "No helicopters.")
    save(world, found, portion=high().code)
    version = frozen(world)
    assert section_of(version)["portion"] == high().portion
    section = world.section(GAP, "tab-02")
    actions.save_section(
        section=section, body="<p>New words.</p>", revision=section.revision, by=world["member"]
    )
    actions.restore_version(version=version, by=world["member"])
    section = world.section(GAP, "tab-02")
    assert (section.body, section.portion) == ("<p>Old words.</p>", low)


# ---------- what counts as written


def test_a_register_fills_a_required_section(world: World) -> None:
    world.approve()
    sections = {GAP, "challenges", "opportunities", "risks"}
    assert sections <= due(world)
    first = add(world, "No helicopters.")
    assert due(world) & sections == sections - {GAP}
    add(world, "Rain until November.", "challenge")
    add(world, "It looks like taking sides.", "risk_of_acting")
    assert due(world) & sections == {"opportunities"}
    assert not [gap for gap in missing(world.section(GAP, "tab-02")) if gap.blocks]
    retire(world, first)
    assert GAP in due(world)
    assert [gap.words for gap in missing(world.section(GAP, "tab-02"))] == [
        "Nothing is written, and its registers are empty."
    ]
    told = [one.message for one in gates.examine(world.step(2)).objections]
    assert any("Identify HN Capability Gaps" in words for words in told)
    add(world, "No radios.")
    told = [one.message for one in gates.examine(world.step(2)).objections]
    assert not any("Identify HN Capability Gaps" in words for words in told)


def test_a_section_of_registers_is_finished_without_words(world: World) -> None:
    world.approve()
    with pytest.raises(Invalid, match="Nothing is written"):
        actions.complete_section(
            section=world.section(GAP, "tab-02"), done=True, by=world["member"]
        )
    add(world, "No helicopters.")
    actions.complete_section(section=world.section(GAP, "tab-02"), done=True, by=world["member"])
    assert world.section(GAP, "tab-02").completed_at is not None


def test_the_effort_knows_which_kinds_it_holds(world: World) -> None:
    def filled() -> list[str]:
        return list(fresh(world).filled)

    assert filled() == []
    first = add(world, "No helicopters.")
    second = add(world, "No radios.")
    assert filled() == ["gaps:capability_gap"]
    save(world, second, kind="challenge")
    assert filled() == ["gaps:capability_gap", "gaps:challenge"]
    retire(world, first)
    assert filled() == ["gaps:challenge"]
    actions.restore_entry(entry=read(first), by=world["lead"])
    assert filled() == ["gaps:capability_gap", "gaps:challenge"]
    enter(world, ACTORS, name="Gendarmes")
    assert filled() == ["actors:", "gaps:capability_gap", "gaps:challenge"]
    assert {"actors", "key-actors", "gaps", GAP, "challenges"} <= progress.filled(fresh(world))
    assert not progress.filled(fresh(world)) & {"identity-groups", "opportunities", "findings"}
    header, rows = ["Statement", "Kind"], [row(2, "A window.", "Opportunity")]
    plan = actions.plan_rows(fresh(world), GAPS, rows, header)
    actions.take_in(
        effort=fresh(world), register=GAPS, rows=rows, header=header, digest=plan.digest,
        by=world["member"],
    )  # fmt: skip
    assert "gaps:opportunity" in filled()


def test_a_fork_takes_the_registers_along(world: World) -> None:
    world.approve()
    actor = enter(world, ACTORS, name="Gendarmes", roles="Victim")
    gone = add(world, "Gone.")
    left = enter(world, ACTORS, name="Old guard")
    found = add(world, "No helicopters.", actors=f"{actor}; {left}", act_by="2013-12-05")
    retire(world, left)
    save(world, found, portion=high().code)
    actions.highlight_entry(entry=read(found), on=True, by=world["lead"])
    retire(world, gone)
    made = actions.fork_effort(
        effort=fresh(world), kind=ForkKind.BRANCH, name="Branch", why="So.", at=2, by=world["lead"]
    )
    copy = made.entries.get(register="gaps")
    assert copy.pk != found.pk and copy.number == found.number == 2
    row_ = read(copy)
    assert (row_.title, row_.data, row_.portion) == (
        "No helicopters.", {"act_by": "2013-12-05"}, high(),
    )  # fmt: skip
    own = made.entries.get(register="actors")  # of two that the gap named one was retired
    assert row_.highlight and [one.pk for one in row_.value("actors")] == [own.pk]
    assert own.pk != actor.pk and own.effort == made
    assert Effort.objects.get(pk=made.pk).filled == ["actors:", "gaps:capability_gap"]
    assert due_of(made) & {GAP} == set()
    save(world, copy, statement="Two helicopters.")
    assert read(found).title == "No helicopters."


def due_of(effort: Effort) -> set[str]:
    """The required sections of a fork's Tab 2 that are still empty."""
    found = Effort.objects.get(pk=effort.pk)
    rows = {r.product.key: r for r in progress.products_of(found)}
    return {outlined.section.key for outlined in rows["tab-02"].due}


# ---------- what an approval rests on


def moved(world: World) -> dict[str, tuple[int, int, int]]:
    """The sections that moved: how many facts changed, came, went."""
    found = selectors.moved(fresh(world))
    return {
        f"{one.product.key} {one.section} {one.label}": (
            len(one.changed), len(one.new), len(one.gone)
        )
        for one in found
    }  # fmt: skip


def approved(world: World) -> dict[str, Entry]:
    """Step 2 is approved with an actor, a gap that names it, a challenge and an opportunity."""
    world.approve()
    actor = enter(world, ACTORS, name="Gendarmes", motivations="Pay.")
    found = {
        "actor": actor,
        "gap": add(world, "No helicopters.", actors=str(actor)),
        "challenge": add(world, "Rain.", "challenge"),
        "opportunity": add(world, "A truce.", "opportunity"),
    }
    world.approve(2)
    return found


GAPS_2 = f"tab-02 {GAP} Capability gaps"


def test_nothing_moves_while_nothing_changes(world: World) -> None:
    found = approved(world)
    assert moved(world) == {}
    # What no section shows moves none: a field of the register's page, order, a highlight's place.
    save(world, found["gap"], likelihood="high", findings="")
    actions.move_entry(entry=read(found["gap"]), before=None, by=world["lead"])
    save(world, found["gap"], portion=high().code)
    assert moved(world) == {}
    page = world.client("board").get("/efforts/country-x/registers/").content.decode()
    assert "Nothing has moved." in page


def test_a_changed_fact_moves_the_sections_that_show_it(world: World) -> None:
    found = approved(world)
    save(world, found["gap"], consequence="Nobody comes.")
    assert moved(world) == {GAPS_2: (1, 0, 0)}  # the briefings show the statement alone
    save(world, found["gap"], statement="Two helicopters.")
    now = moved(world)
    assert now.pop(GAPS_2) == (1, 0, 0)
    assert {key.split()[0] for key in now} == {"tab-02-enclosure-1", "tab-03"}
    assert set(now.values()) == {(1, 0, 0)}
    [one] = [m for m in selectors.moved(fresh(world)) if m.product.key == "tab-02"]
    assert one.changed == ("Two helicopters.; Consequence: Nobody comes.; Actors: Gendarmes",)
    assert one.version == world.product("tab-02").approved_version
    page = world.client("board").get("/efforts/country-x/registers/").content.decode()
    assert "Two helicopters." in page
    save(world, found["gap"], statement="No helicopters.", consequence="")
    assert moved(world) == {}  # it reads again as it was approved


def test_a_renamed_actor_moves_what_names_it(world: World) -> None:
    found = approved(world)
    save(world, found["actor"], name="National police")
    now = moved(world)
    assert now[GAPS_2] == (1, 0, 0)
    assert now["tab-02 key-actors Key actors"] == (1, 0, 0)
    assert not any("challenges" in key or "opportunities" in key for key in now)


def test_new_and_gone_facts_move_their_sections(world: World) -> None:
    found = approved(world)
    add(world, "No radios.")
    retire(world, found["opportunity"])
    now = {key: value for key, value in moved(world).items() if key.startswith("tab-02 ")}
    assert now == {GAPS_2: (0, 1, 0), "tab-02 opportunities Opportunities": (0, 0, 1)}
    save(world, found["challenge"], kind="opportunity")
    now = {key: value for key, value in moved(world).items() if key.startswith("tab-02 ")}
    assert now == {
        GAPS_2: (0, 1, 0), "tab-02 opportunities Opportunities": (0, 1, 1),
        "tab-02 challenges Challenges": (0, 0, 1),
    }  # fmt: skip
    gone = [one for one in selectors.moved(fresh(world)) if one.section == "challenges"]
    assert gone[0].gone == (str(found["challenge"].number),)


def test_a_new_approval_settles_what_had_moved(world: World) -> None:
    found = approved(world)
    save(world, found["gap"], statement="Two helicopters.")
    assert moved(world)
    actions.reopen_step(step=world.step(2), reason="New facts.", by=world["authority"])
    world.decide(world.submit(2))
    assert moved(world) == {}


def test_a_version_of_an_older_format_is_left_alone(world: World) -> None:
    found = approved(world)
    save(world, found["gap"], consequence="Nobody comes.")
    assert moved(world) == {GAPS_2: (1, 0, 0)}
    version = world.product("tab-02").approved_version
    assert version is not None
    older = version.snapshot | {"definition_version": 0}
    Version.objects.filter(pk=version.pk).update(snapshot=older)
    assert moved(world) == {}


def test_a_draft_that_was_never_approved_does_not_move(world: World) -> None:
    found = add(world, "No helicopters.")
    frozen(world)
    save(world, found, statement="Two helicopters.")
    assert moved(world) == {}


# ---------- quoted


def quote(world: World, ref: str, words: str) -> None:
    """Quote a fact in Tab 2 as the editor does."""
    section = world.section("challenges", "tab-02")
    actions.save_section(
        section=section, body=f'<p>So: <q data-fact="{ref}">{words}</q>.</p>',
        revision=section.revision, by=world["member"],
    )  # fmt: skip


@pytest.mark.parametrize("source", ["gaps", GAP])
def test_a_quotation_of_an_entry_goes_stale(world: World, source: str) -> None:
    found = add(world, "No helicopters.")
    [fact] = ports.SOURCES[source].facts(world.product("tab-02"))
    quote(world, fact.ref, fact.words)

    def stale() -> list[tuple[str, str]]:
        return [(o.product.key, o.section) for o in selectors.out_of_date(fresh(world))]

    assert stale() == []
    actions.highlight_entry(entry=read(found), on=True, by=world["lead"])
    assert stale() == []
    save(world, found, statement="Two helicopters.")
    assert stale() == [("tab-02", "challenges")]
    page = world.client("lead").get("/efforts/country-x/products/").content.decode()
    assert "Two helicopters." in page
    retire(world, found)
    told = missing(world.section("challenges", "tab-02"))
    assert any("it is gone" in gap.words for gap in told)
    actions.restore_entry(entry=read(found), by=world["lead"])
    save(world, found, statement="No helicopters.")
    assert stale() == []


def test_the_whole_register_is_quoted_with_every_field(world: World) -> None:
    actor = enter(world, ACTORS, name="Gendarmes")
    add(world, "No helicopters.", likelihood="high", actors=str(actor))
    [fact] = ports.SOURCES["gaps"].facts(world.product("tab-02"))
    assert fact.words == (
        "No helicopters.; Kind: Capability gap; Likelihood: High; Actors: Gendarmes"
    )
    [short] = ports.SOURCES[GAP].facts(world.product("tab-02"))
    assert short.words == "No helicopters.; Actors: Gendarmes" and short.key == fact.key == "1"


# ---------- disputed


def dispute(world: World, fact: str, **more: Any) -> Dissent:
    """Enter a dissent on an entry, as the board does."""
    return actions.enter_dissent(
        effort=fresh(world), words="That is not so.", fact=fact, by=world["board"], **more
    )


def test_a_dissent_on_an_entry_keeps_the_words_that_it_disputes(world: World) -> None:
    found = add(world, "No helicopters.", likelihood="high")
    made = dispute(world, "gaps:1")
    assert made.fact_words == "No helicopters.; Kind: Capability gap; Likelihood: High"
    assert selectors.dissents_on_entry(read(found)) == [made]
    save(world, found, statement="Two helicopters.")
    assert "No helicopters." in subject_of(Dissent.objects.get(pk=made.pk))
    page = world.client("lead").get("/efforts/country-x/dissents/").content.decode()
    assert "No helicopters." in page
    enter(world, ACTORS, name="Gendarmes")
    dispute(world, "actors:1")  # the same number in another register
    other = add(world, "No radios.")
    by_view = dispute(world, f"{GAP}:2", product=world.product("tab-02"))
    assert selectors.dissents_on_entry(read(other)) == [by_view]
    assert selectors.dissents_on_entry(read(found)) == [made]


def test_only_what_stands_is_disputed(world: World) -> None:
    found = add(world, "No helicopters.")
    retire(world, found)
    for fact in ("gaps:1", "gaps:9", "none:1", "gaps"):
        with pytest.raises(Invalid) as refused:
            dispute(world, fact)
        assert "No register of this effort holds that entry" in refused.value.fields["fact"]


def test_a_dissent_on_an_entry_is_printed_in_what_shows_dissents(world: World) -> None:
    add(world, "No helicopters.")
    made = dispute(world, "gaps:1")
    rows = frozen(world, "tab-04").snapshot["sections"]
    [shown] = [
        one for r in rows for one in r.get("registers", ()) if one["source"] == "dissents"
    ]  # fmt: skip
    assert str(made) in shown["html"] and "No helicopters." in shown["html"]


# ---------- where an entry is shown


def test_an_entry_knows_where_it_is_shown(world: World) -> None:
    found = approved(world)["gap"]
    drafts = {
        (one.product.key, one.section) for one in selectors.shown_in(read(found)) if not one.version
    }
    assert ("tab-02", GAP) in drafts
    assert {key for key, _ in drafts} == {"tab-02", "tab-02-enclosure-1", "tab-03"}
    versions = {one.product.key for one in selectors.shown_in(read(found)) if one.version}
    assert versions == {"tab-02", "tab-02-enclosure-1", "tab-03"}
    retire(world, found)
    now = selectors.shown_in(read(found))
    assert all(one.version for one in now) and len(now) == len(drafts)
    later = add(world, "No radios.")
    assert {one.version for one in selectors.shown_in(read(later))} == {None}


def test_an_assumption_shows_where_its_view_does(world: World) -> None:
    made = enter(world, ASSUMPTIONS, statement="The truce holds.", invalidated_by="A raid.")
    shown = [(one.product.key, one.section) for one in selectors.shown_in(read(made))]
    assert ("tab-01", "assumptions") in shown
    version = frozen(world, "tab-01")
    assert "Proposed" in shows(version, "assumptions")["guidance-assumptions"]["html"]
    acts.apply_act(read(made), {"status": "approved"}, world["authority"])
    assert (
        "Approved" in shows(frozen(world, "tab-01"), "assumptions")["guidance-assumptions"]["html"]
    )


# ---------- the cost


@pytest.mark.parametrize("number", [1, 60])
def test_what_registers_ask_does_not_grow_with_their_entries(world: World, number: int) -> None:
    world.approve()
    actor = enter(world, ACTORS, name="Gendarmes")
    for count in range(number):
        add(world, f"Gap {count}.", actors=str(actor))
    world.approve(2)
    product, client = world.product("tab-02"), world.client("board")
    row_ = read(Entry.objects.get(register="gaps", number=1))
    found = {
        "facts": queries(lambda: ports.SOURCES[GAP].facts(product)),
        "again": queries(lambda: ports.SOURCES["challenges"].facts(product)),
        "section": queries(lambda: client.get(f"{TAB_2}sections/{GAP}/")),
        "moved": queries(lambda: selectors.moved(fresh(world))),
        "shown in": queries(lambda: selectors.shown_in(row_)),
        "dissents": queries(lambda: selectors.dissents_on_entry(row_)),
        "progress": queries(lambda: progress.products_of(fresh(world))),
    }
    most = {
        "facts": 2, "again": 0, "section": 9, "moved": 8, "shown in": 3, "dissents": 1,
        "progress": 3,
    }  # fmt: skip
    assert {what: n for what, n in found.items() if n > most[what]} == {}, found
