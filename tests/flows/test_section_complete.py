"""A section is said to be finished: what it lacks, and what takes the word back."""

from __future__ import annotations

import pytest

from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent
from planning import actions, ports
from planning.actions.section import gaps
from planning.models import SectionDraft
from planning.registers import REGISTERS
from tests.world import World

SECTION = "/efforts/country-x/products/tab-01/sections/purpose/"
FULL = "<p>" + "Prevent mass atrocities. " * 20 + "</p>"


def save(world: World, body: str = FULL, key: str = "purpose", who: str = "member") -> SectionDraft:
    """Write a section."""
    section = world.section(key)
    return actions.save_section(
        section=section, body=body, revision=section.revision, by=world[who]
    )


def complete(world: World, done: bool = True, key: str = "purpose") -> SectionDraft:
    """Say that a section is finished, or not."""
    return actions.complete_section(section=world.section(key), done=done, by=world["member"])


def test_finished_through_the_page(world: World) -> None:
    save(world)
    client = world.client("member")
    assert client.post(f"{SECTION}complete/", {"done": "yes"})["Location"] == SECTION
    section = world.section()
    assert (section.completed_by, section.completed_at is not None) == (world["member"], True)
    assert section.revision == 1  # the text stays as it is
    page = client.get(SECTION).content.decode()
    assert "Finished by the Planner, DoS African Bureau" in page
    assert "1 finished" in page
    client.post(f"{SECTION}complete/", {"done": "no"})
    assert world.section().completed_at is None
    codes = AuditEvent.objects.filter(code__startswith="section.").values_list("code", flat=True)
    assert list(codes) == ["section.saved", "section.completed", "section.reopened"]


def test_saying_it_twice_is_saying_it_once(world: World) -> None:
    save(world)
    complete(world)
    complete(world)
    complete(world, False)
    complete(world, False)
    assert AuditEvent.objects.filter(code="section.completed").count() == 1
    assert AuditEvent.objects.filter(code="section.reopened").count() == 1


def test_a_save_opens_it_again(world: World) -> None:
    save(world)
    complete(world)
    save(world, FULL + "<p>More.</p>", who="lead")
    section = world.section()
    assert (section.completed_by, section.completed_at) == (None, None)


def test_a_save_that_changes_nothing_leaves_it_finished(world: World) -> None:
    save(world)
    complete(world)
    save(world)
    assert world.section().completed_at is not None


def test_an_empty_section_is_not_finished(world: World) -> None:
    answer = world.client("member").post(f"{SECTION}complete/", {"done": "yes"})
    assert answer.status_code == 400
    assert "Nothing is written." in answer.content.decode()
    assert world.section().completed_at is None


def test_a_text_that_moved_on_is_read_again_first(world: World) -> None:
    save(world)
    read = world.section()
    save(world, FULL + "<p>More.</p>", who="lead")
    with pytest.raises(Invalid, match="read it again"):
        actions.complete_section(section=read, done=True, by=world["member"])
    assert world.section().completed_at is None


def test_what_is_missing_is_listed(world: World) -> None:
    def said() -> list[tuple[str, bool]]:
        return [(gap.words, gap.blocks) for gap in gaps(world.section())]

    assert said() == [("Nothing is written.", True)]
    hint = world.product().definition.section("purpose").hint_words
    save(world, f"<p>{'word ' * (hint // 4)}</p>")
    assert said() == [(f"{hint // 4} words; about {hint} are usual.", False)]
    save(world, f"<p>{'word ' * (hint * 3)}</p>")
    assert said() == [(f"{hint * 3} words; about {hint} are usual.", False)]
    save(world, f"<p>{'word ' * hint}</p>")
    assert said() == []
    complete(world)


def test_length_is_a_remark_and_blocks_nothing(world: World) -> None:
    save(world, "<p>Short.</p>")
    assert [gap.blocks for gap in gaps(world.section())] == [False]
    assert complete(world).completed_at is not None


def test_what_a_register_fills_is_finished_without_a_word(world: World) -> None:
    world.approve()
    section = SectionDraft.objects.select_related("product__effort", "portion").get(
        product__effort=world.effort, product__key="tab-03", key="agenda"
    )
    done = actions.complete_section(section=section, done=True, by=world["member"])
    assert done.completed_at is not None


def test_a_required_section_needs_words_beside_the_dissents(world: World) -> None:
    """That there is no dissent says nothing in the place of the team's own words."""
    world.approve()
    world.approve(2)
    section = SectionDraft.objects.select_related("product__effort__marking", "portion").get(
        product__effort=world.effort, product__key="tab-04", key="analysis-and-recommendations"
    )
    content = ports.content_of(section.product, section.product.definition.section(section.key))
    assert [gap.words for gap in gaps(section, content)] == [
        "Nothing is written, and its registers are empty."
    ]


def test_a_required_section_is_finished_by_its_register_alone(world: World) -> None:
    world.approve()

    def risks() -> SectionDraft:
        return SectionDraft.objects.select_related("product__effort__marking", "portion").get(
            product__effort=world.effort, product__key="tab-02", key="risks"
        )

    with pytest.raises(Invalid, match="its registers are empty"):
        actions.complete_section(section=risks(), done=True, by=world["member"])
    entry = actions.add_entry(
        effort=world.effort, register=REGISTERS["gaps"], by=world["member"],
        values={"statement": "Raids reach the camps.", "kind": "challenge"},
    )  # fmt: skip
    with pytest.raises(Invalid, match="its registers are empty"):  # a challenge is no risk
        actions.complete_section(section=risks(), done=True, by=world["member"])
    actions.save_entry(
        entry=entry, values={"kind": "risk_of_not_acting"}, revision=1, by=world["member"]
    )
    done = actions.complete_section(section=risks(), done=True, by=world["member"])
    assert done.completed_at is not None


def test_a_section_that_the_outline_lost_is_saved_but_not_finished(world: World) -> None:
    """Somebody has the page open while the lead takes the section away."""
    actions.tailor(product=world.product(), change="add", title="Legal", by=world["lead"])
    assert world.client("member").get(SECTION.replace("purpose", "legal")).status_code == 200
    actions.tailor(product=world.product(), change="hide", section="legal", by=world["lead"])
    address = SECTION.replace("purpose", "legal")
    answer = world.client("member").post(
        address, {"body": "<p>Typed.</p>", "revision": 0, "format": "html"}, follow=True
    )
    assert answer.status_code == 200
    assert "The outline no longer has this section" in answer.content.decode()
    assert world.section("legal").body == "<p>Typed.</p>"
    answer = world.client("member").post(f"{address}complete/", {"done": "yes"}, follow=True)
    assert "The outline no longer has this section" in answer.content.decode()
    assert world.section("legal").completed_at is None
    actions.tailor(product=world.product(), change="add", title="Legal", by=world["lead"])
    page = world.client("member").get(address).content.decode()
    assert "Typed." in page


def test_presence_is_told_and_forgotten(world: World) -> None:
    client = world.client("member")
    assert [
        (p["post"], p["writes"], p["me"])
        for p in client.post(f"{SECTION}presence/", {"writes": "1"}).json()["present"]
    ] == [("Planner, DoS African Bureau", True, True)]
    seen = world.client("board").post(f"{SECTION}presence/", {"writes": "0"}).json()
    assert [(p["writes"], p["me"]) for p in seen["present"]] == [(False, True), (True, False)]
    section = world.section()
    section.present.update(seen_at=section.present.latest("pk").seen_at - 2 * PRESENT)
    assert len(client.post(f"{SECTION}presence/").json()["present"]) == 1
    assert not AuditEvent.objects.filter(subject__contains="presence").exists()


PRESENT = actions.section.PRESENT_FOR
