"""An older text comes back, and nothing is lost by it."""

from __future__ import annotations

from typing import Any

from mapro.core.models import AuditEvent
from planning import actions
from planning.actions.freeze import freeze
from planning.models import SectionRevision, Version
from tests.world import TEXTS, World

VERSIONS = "/efforts/country-x/products/tab-01/versions/"


def save(world: World, body: str, key: str = "purpose", **more: Any) -> None:
    """Write a section."""
    section = world.section(key)
    actions.save_section(
        section=section, body=body, revision=section.revision, by=world["member"], **more
    )


def test_a_frozen_text_is_written_back(world: World) -> None:
    world.write()
    first = freeze(product=world.product(), by=world["lead"])
    before = {s["key"]: s["html"] for s in first.snapshot["sections"]}
    save(world, "<p>Another purpose.</p>")
    save(world, "", "timeline")
    answer = world.client("member").post(f"{VERSIONS}1/restore/", follow=True)
    assert "holds the text of version 1 again; 2 sections changed." in answer.content.decode()
    assert {s.key: s.body for s in world.product().sections.all()} == before
    assert (
        freeze(product=world.product(), by=world["lead"]).snapshot["sections"]
        == (first.snapshot["sections"])
    )
    kept = SectionRevision.objects.filter(section=world.section()).values_list("body", flat=True)
    assert list(kept) == [before["purpose"], "<p>Another purpose.</p>", before["purpose"]]
    [event] = AuditEvent.objects.filter(code="version.restored")
    assert (event.actor, event.detail["sections"]) == (
        "Planner, DoS African Bureau", ["purpose", "timeline"],
    )  # fmt: skip


def test_one_section_is_one_section(world: World) -> None:
    freeze(product=world.product(), by=world["lead"])
    save(world, "<p>Text.</p>")
    answer = world.client("lead").post(f"{VERSIONS}1/restore/", follow=True)
    assert "1 section changed." in answer.content.decode()
    assert world.section().body == ""


def test_the_same_text_writes_nothing(world: World) -> None:
    world.write()
    freeze(product=world.product(), by=world["lead"])
    count = SectionRevision.objects.count()
    answer = world.client("lead").post(f"{VERSIONS}1/restore/", follow=True)
    assert "reads as version 1 already" in answer.content.decode()
    assert SectionRevision.objects.count() == count
    assert not AuditEvent.objects.filter(code="version.restored").exists()


def test_markings_come_back_too(world: World) -> None:
    save(world, "<p>Text.</p>", portion="CUI")
    version = freeze(product=world.product(), by=world["lead"])
    save(world, "<p>Text.</p>", portion="U")
    version = Version.objects.get(pk=version.pk)
    version.product = world.product()
    assert actions.restore_version(version=version, by=world["lead"]) == (1, [])
    assert world.section().portion.code == "CUI"


def test_what_the_outline_no_longer_has_is_named(world: World) -> None:
    world.write()
    freeze(product=world.product(), by=world["lead"])
    actions.tailor(
        product=world.product(), change="hide", section="other", reason="No.", by=world["lead"]
    )
    kept = world.section("other").body
    answer = world.client("lead").post(f"{VERSIONS}1/restore/", follow=True)
    page = answer.content.decode()
    assert "reads as version 1 already" in page
    assert "The outline no longer has: Other." in page
    assert world.section("other").body == kept
    assert TEXTS["other"]


def test_a_finished_section_is_open_again(world: World) -> None:
    freeze(product=world.product(), by=world["lead"])
    save(world, "<p>Text.</p>")
    actions.complete_section(section=world.section(), done=True, by=world["member"])
    world.client("lead").post(f"{VERSIONS}1/restore/")
    assert world.section().completed_at is None


def test_somebody_who_typed_meanwhile_is_told(world: World) -> None:
    """The restored text is a revision like any other, so a stale save meets it."""
    save(world, "<p>First.</p>")
    freeze(product=world.product(), by=world["lead"])
    save(world, "<p>Second.</p>")
    world.client("lead").post(f"{VERSIONS}1/restore/")
    answer = world.client("member").post(
        "/efforts/country-x/products/tab-01/sections/purpose/",
        {"body": "<p>Third.</p>", "revision": 2, "format": "html"}, headers={"X-Autosave": "1"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "<p>First.</p>"


def test_who_may_not_draft_restores_nothing(world: World) -> None:
    freeze(product=world.product(), by=world["lead"])
    assert world.client("board").post(f"{VERSIONS}1/restore/").status_code == 403
    assert world.client("outsider").post(f"{VERSIONS}1/restore/").status_code == 404
    assert world.client("lead").post(f"{VERSIONS}9/restore/").status_code == 404
