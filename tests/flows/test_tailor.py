"""The lead tailors a format to the effort; the change is told, gated and printed."""

from __future__ import annotations

from typing import Any

import pytest

from mapro.core.errors import ContentChanged, Invalid
from mapro.core.models import AuditEvent
from planning import actions
from planning.actions.freeze import freeze, snapshot
from planning.models import Product, SectionDraft
from planning.products import tailoring
from planning.products.annex_d import CATALOGUE
from tests.world import World

OUTLINE = "/efforts/country-x/products/tab-01/outline/"


def tailor(world: World, change: str, **fields: Any) -> Product:
    """Tailor Tab 1 as the lead."""
    return actions.tailor(product=world.product(), change=change, by=world["lead"], **fields)


def keys(world: World) -> list[str]:
    """What Tab 1 prints."""
    return [o.section.key for o in world.product().definition.walk()]


def test_through_the_page(world: World) -> None:
    lead = world.client("lead")
    answer = lead.post(OUTLINE, {"change": "add", "section": "purpose", "title": "Legal limits"})
    assert answer["Location"] == f"{OUTLINE}#o-purpose"
    assert keys(world)[:2] == ["purpose", "legal-limits"]
    lead.post(OUTLINE, {"change": "move", "section": "legal-limits", "places": "-1"})
    assert keys(world)[:2] == ["legal-limits", "purpose"]
    lead.post(OUTLINE, {"change": "rename", "section": "intent", "title": "The intent"})
    lead.post(OUTLINE, {"change": "hide", "section": "other", "reason": "Said elsewhere."})
    assert "other" not in keys(world)
    page = lead.get(OUTLINE).content.decode()
    for words in ("Legal limits", "It was “Intent”.", "Left out: Said elsewhere."):
        assert words in page
    lead.post(OUTLINE, {"change": "show", "section": "other"})
    assert "other" in keys(world)
    lead.post(OUTLINE, {"change": "hide", "section": "legal-limits"})
    lead.post(OUTLINE, {"change": "rename", "section": "intent", "title": "Intent"})
    assert world.product().outline is None  # nothing differs from the format any more
    codes = AuditEvent.objects.filter(code="product.tailored").values_list("detail", flat=True)
    assert [d["change"] for d in codes] == [
        "add", "move", "rename", "hide", "show", "hide", "rename",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"change": "hide", "section": "purpose", "reason": "Late."}, "required by the gate"),
        ({"change": "hide", "section": "other"}, "why"),
        ({"change": "rename", "section": "intent", "title": " "}, "Give the section a title"),
        ({"change": "add", "title": "x" * 161}, "below 160"),
        ({"change": "rename", "section": "nowhere", "title": "x"}, "no such section any more"),
        ({"change": "explode", "section": "purpose"}, "Choose what to change"),
        ({}, "Choose what to change"),
    ],
)
def test_a_refusal_is_said_on_the_page(world: World, form: dict[str, str], words: str) -> None:
    answer = world.client("lead").post(OUTLINE, form)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert world.product().outline is None
    assert not AuditEvent.objects.filter(code="product.tailored").exists()


def test_the_guard_of_what_a_gate_requires_is_what_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tailoring.Section, "needed", property(lambda self: False))
    assert "purpose" not in [
        o.section.key
        for o in tailor(world, "hide", section="purpose", reason="Late.").definition.walk()
    ]


def test_a_change_that_changes_nothing_is_no_act(world: World) -> None:
    tailor(world, "move", section="purpose", by_places=-1)
    tailor(world, "rename", section="intent", title="Intent")
    assert world.product().outline is None
    assert not AuditEvent.objects.filter(code="product.tailored").exists()


def test_moved_there_and_back_is_the_format_again(world: World) -> None:
    tailor(world, "move", section="intent", by_places=1)
    assert [c.what for c in tailoring.changes(world.product().definition)] == ["Moved"]
    tailor(world, "move", section="intent", by_places=-1)
    assert world.product().outline is None


def test_an_added_section_can_be_written_and_is_not_taken_away_with_its_text(world: World) -> None:
    tailor(world, "add", title="Legal limits")
    section = world.section("legal-limits")
    assert section.portion_id == world.effort.marking_id
    actions.save_section(section=section, body="<p>None.</p>", revision=0, by=world["member"])
    with pytest.raises(Invalid, match="holds text"):
        tailor(world, "hide", section="legal-limits")
    actions.save_section(
        section=world.section("legal-limits"), body="", revision=1, by=world["member"]
    )
    tailor(world, "hide", section="legal-limits")
    assert "legal-limits" not in keys(world)


def test_a_section_that_comes_back_brings_its_text(world: World) -> None:
    world.write()
    before = world.section("other").body
    tailor(world, "hide", section="other", reason="Said elsewhere.")
    assert before not in str(snapshot(world.product()))
    tailor(world, "show", section="other")
    assert world.section("other").body == before
    assert SectionDraft.objects.filter(product=world.product()).count() == 11


def test_reset_goes_back_to_the_format(world: World) -> None:
    tailor(world, "rename", section="intent", title="The intent")
    tailor(world, "add", title="Legal limits")
    tailor(world, "reset")
    assert world.product().outline is None
    assert world.product().definition == CATALOGUE["tab-01"]


def test_the_changes_are_printed_in_an_annex(world: World) -> None:
    assert snapshot(world.product())["annexes"] == []
    tailor(world, "hide", section="other", reason="Said <elsewhere>.")
    [annex] = snapshot(world.product())["annexes"]
    assert annex["title"] == "Changes to the format"
    assert "<td><p>Left out</p></td><td><p>Other</p></td>" in annex["html"]
    assert "Said &lt;elsewhere&gt;." in annex["html"]
    page = world.client("board").get("/efforts/country-x/products/tab-01/preview/")
    assert "Changes to the format" in page.content.decode()


def test_what_is_left_out_marks_nothing(world: World) -> None:
    actions.save_section(
        section=world.section("other"), body="<p>Held close.</p>", revision=0, portion="CUI",
        by=world["member"],
    )  # fmt: skip
    assert freeze(product=world.product(), by=world["lead"]).marking.code == "CUI"
    tailor(world, "hide", section="other", reason="Not for this memo.")
    version = freeze(product=world.product(), by=world["lead"])
    assert version.marking.code == "U"
    assert "CONTROLLED" not in version.snapshot["marking"]["banner"]
    assert "Held close." not in str(version.snapshot)


def test_an_outline_changed_before_the_board_decided_blocks_the_approval(world: World) -> None:
    world.write()
    submission = world.submit()
    tailor(world, "hide", section="other", reason="Said elsewhere.")
    with pytest.raises(ContentChanged, match="Other"):
        world.decide(submission)
    tailor(world, "show", section="other")
    assert world.decide(submission).result.approves


def test_the_member_and_the_board_read_the_outline_only(world: World) -> None:
    for who in ("member", "board"):
        page = world.client(who).get(OUTLINE)
        assert (page.status_code, "Leave out" in page.content.decode()) == (200, False)
        answer = world.client(who).post(OUTLINE, {"change": "add", "title": "x"})
        assert answer.status_code == 403
    assert world.client("outsider").get(OUTLINE).status_code == 404


def test_a_locked_step_is_not_tailored(world: World) -> None:
    answer = world.client("lead").post(
        "/efforts/country-x/products/tab-02/outline/", {"change": "add", "title": "x"}
    )
    assert answer.status_code == 409


def test_the_country_stands_in_titles_everywhere(world: World) -> None:
    """The formats say “Country X”; an effort puts its own name there."""
    world.effort.name = "Calenia"
    world.effort.save()
    world.approve()
    product = world.effort.products.get(key="tab-02-enclosure-1")
    actions.tailor(
        product=product, change="hide", section="us-relations", reason="Brief.", by=world["lead"]
    )
    base = "/efforts/country-x/products/tab-02-enclosure-1/"
    for address in ("outline/", "preview/", "sections/geography/"):
        page = world.client("lead").get(base + address).content.decode()
        assert "Calenia Profile" in page, address
        assert "Country X Profile" not in page, address
    assert "Country X Relations" not in str(snapshot(product)["annexes"])
    assert "Calenia Relations" in str(snapshot(product)["annexes"])


def test_a_title_with_the_country_is_not_renamed_by_sending_it_back(world: World) -> None:
    world.effort.name = "Calenia"
    world.effort.save()
    world.approve()
    address = "/efforts/country-x/products/tab-02-enclosure-1/outline/"
    form = {"change": "rename", "section": "country-profile"}
    lead = world.client("lead")
    lead.post(address, form | {"title": "Calenia Profile"})
    product = world.effort.products.get(key="tab-02-enclosure-1")
    assert product.outline is None
    lead.post(address, form | {"title": "The country"})
    assert "It was “Calenia Profile”" in lead.get(address).content.decode()
    lead.post(address, form | {"title": "Calenia Profile"})
    assert world.effort.products.get(key="tab-02-enclosure-1").outline is None
