"""A text quotes a fact; the fact changes; the section is out of date (invariant 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mapro.core.errors import Invalid
from planning import actions, ports, selectors
from planning.actions.freeze import freeze
from planning.actions.section import gaps
from planning.models import Dissent, Product, Quotation, SectionDraft
from planning.scenario import fresh
from planning.sources import DISSENTS
from tests.world import World

SECTION = "/efforts/country-x/products/tab-01/sections/purpose/"


class Actors:
    """A register of one actor, whose words the test changes."""

    key = "people"
    label = "Actors"

    def __init__(self) -> None:
        self.rows = {"7": "Chim militia, 400 fighters"}

    def facts(self, product: Product) -> Sequence[ports.Fact]:
        """Every actor."""
        at = datetime(2026, 11, 19, 14, 32, tzinfo=UTC)
        return [ports.Fact("people", k, w, f"<p>{w}</p>", at) for k, w in self.rows.items()]

    def content(self, product: Product, facts: Sequence[ports.Fact]) -> str:
        """A paragraph each."""
        return "".join(f.html for f in facts)


@pytest.fixture
def actors() -> Iterator[Actors]:
    """The register, plugged in for one test."""
    source = Actors()
    ports.plug_in(source)
    yield source
    del ports.SOURCES["people"]


def quote(world: World, source: ports.Source, key: str = "purpose") -> SectionDraft:
    """Quote the first fact of a register as the editor does."""
    fact = source.facts(world.product())[0]
    section = world.section(key)
    body = f'<p>We know: <q data-fact="{fact.ref}">{fact.words}</q>.</p>'
    return actions.save_section(
        section=section, body=body, revision=section.revision, by=world["member"]
    )


def stale(world: World) -> list[tuple[str, str]]:
    """Product and section of what is out of date."""
    return [(o.product.key, o.section) for o in selectors.out_of_date(fresh(world.effort))]


def test_a_quotation_is_kept_beside_the_text(world: World, actors: Actors) -> None:
    quote(world, actors)
    found = Quotation.objects.get()
    assert (found.source, found.fact, found.digest) == (
        "people", "7", actors.facts(world.product())[0].digest,
    )  # fmt: skip
    section = world.section()
    actions.save_section(section=section, body="<p>No.</p>", revision=1, by=world["member"])
    assert not Quotation.objects.exists()


def test_a_fact_that_changes_makes_its_section_out_of_date(world: World, actors: Actors) -> None:
    quote(world, actors)
    quote(world, actors, "timeline")
    assert stale(world) == []
    actors.rows["7"] = "Chim militia, 900 fighters"
    assert stale(world) == [("tab-01", "purpose"), ("tab-01", "timeline")]
    page = world.client("board").get("/efforts/country-x/products/").content.decode()
    assert "2 sections quote a fact that has changed" in page
    assert "Chim militia, 900 fighters" in page
    quote(world, actors)
    assert stale(world) == [("tab-01", "timeline")]
    actors.rows["7"] = "Chim militia, 400 fighters"
    assert stale(world) == [("tab-01", "purpose")]  # timeline says again what the register says


def test_a_fact_that_is_gone_is_told(world: World, actors: Actors) -> None:
    quote(world, actors)
    actors.rows.clear()
    assert stale(world) == [("tab-01", "purpose")]
    page = world.client("lead").get("/efforts/country-x/products/").content.decode()
    assert "the fact is gone" in page
    assert [g.words for g in gaps(world.section()) if g.blocks] == [
        "A quotation from Actors is out of date; it is gone."
    ]


def test_an_old_quotation_blocks_the_end_of_a_section(world: World, actors: Actors) -> None:
    quote(world, actors)
    section = world.section()
    actions.complete_section(section=section, done=True, by=world["member"])
    actions.complete_section(section=section, done=False, by=world["member"])
    actors.rows["7"] = "Chim militia, 900 fighters"
    answer = world.client("member").post(f"{SECTION}complete/", {"done": "yes"})
    assert answer.status_code == 400
    assert "it now reads: Chim militia, 900 fighters" in answer.content.decode()
    with pytest.raises(Invalid, match="out of date"):
        actions.complete_section(section=world.section(), done=True, by=world["member"])
    assert world.section().completed_at is None


def test_a_section_that_is_left_out_is_not_out_of_date(world: World, actors: Actors) -> None:
    quote(world, actors, "other")
    actors.rows["7"] = "Otherwise"
    assert stale(world) == [("tab-01", "other")]
    actions.tailor(
        product=world.product(), change="hide", section="other", reason="No.", by=world["lead"]
    )
    assert stale(world) == []
    actions.tailor(product=world.product(), change="show", section="other", by=world["lead"])
    assert stale(world) == [("tab-01", "other")]


def test_a_register_that_is_not_there_any_more_says_nothing(world: World, actors: Actors) -> None:
    quote(world, actors)
    kept = ports.SOURCES.pop("people")
    assert stale(world) == []
    assert [g for g in gaps(world.section()) if "quotation" in g.words] == []
    ports.plug_in(kept)


def test_the_frozen_text_keeps_the_words_that_it_quoted(world: World, actors: Actors) -> None:
    quote(world, actors)
    version = freeze(product=world.product(), by=world["lead"])
    actors.rows["7"] = "Otherwise"
    assert freeze(product=world.product(), by=world["lead"]) == version
    assert "400 fighters" in str(version.snapshot)
    assert actors.facts(world.product())[0].digest not in str(version.snapshot)


def test_a_restored_text_brings_its_quotations(world: World, actors: Actors) -> None:
    quote(world, actors)
    version = freeze(product=world.product(), by=world["lead"])
    section = world.section()
    actions.save_section(section=section, body="", revision=1, by=world["member"])
    assert not Quotation.objects.exists()
    version.product = world.product()
    actions.restore_version(version=version, by=world["member"])
    assert Quotation.objects.count() == 1


def test_another_effort_is_not_out_of_date(world: World, actors: Actors) -> None:
    quote(world, actors)
    actors.rows["7"] = "Otherwise"
    assert selectors.out_of_date(world.other) == []


def test_a_dissent_is_quoted_and_withdrawn(world: World) -> None:
    product = world.product()
    actions.enter_dissent(
        effort=product.effort, product=product, words="Too short.", by=world["board"]
    )
    quote(world, DISSENTS)
    assert stale(world) == []
    made = Dissent.objects.get()
    actions.withdraw_dissent(dissent=made, by=world["board"])
    assert stale(world) == [("tab-01", "purpose")]
    assert (
        "(withdrawn)" in world.client("lead").get("/efforts/country-x/products/").content.decode()
    )


def test_a_hostile_reference_is_no_quotation(world: World, actors: Actors) -> None:
    section = world.section()
    body = '<p><q data-fact="actors:7@nothex">a</q><q data-fact="x\'; DROP">b</q></p>'
    actions.save_section(section=section, body=body, revision=0, by=world["member"])
    assert not Quotation.objects.exists()
    assert "data-fact" not in world.section().body


def test_one_query_and_one_more_for_each_register(world: World, actors: Actors) -> None:
    product = world.product()
    actions.enter_dissent(effort=product.effort, product=product, words="No.", by=world["board"])
    for key in ("purpose", "timeline", "intent"):
        quote(world, actors, key)
    quote(world, DISSENTS, "other")
    effort = fresh(world.effort)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        selectors.out_of_date(effort)
    assert len(queries) == 3  # dissents bring what was said to them


def test_the_page_offers_the_facts_of_its_registers(world: World) -> None:
    world.approve()
    world.approve(2)
    product = world.product()
    actions.enter_dissent(
        effort=product.effort,
        product=product,
        words='A <b>"quoted"</b> dissent.',
        by=world["board"],
    )
    page = world.client("member").get(
        "/efforts/country-x/products/tab-04/sections/analysis-and-recommendations/"
    )
    text = page.content.decode()
    ref = DISSENTS.facts(
        Product.objects.select_related("effort", "step").get(effort=world.effort, key="tab-04")
    )[0].ref
    assert f'data-fact="{ref}"' in text
    assert "<b>&quot;quoted" not in text and '<b>"quoted' not in text
