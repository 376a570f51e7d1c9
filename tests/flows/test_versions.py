"""Frozen versions: made when the text differs, kept as they are, compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mapro.core.models import AuditEvent, Marking
from planning import actions
from planning.actions.freeze import freeze, snapshot
from planning.models import Rendition, Version
from planning.products.document import digest
from planning.selectors import compared, starting_version, versions_of
from planning.vocabulary import RenditionKind
from tests.world import World, do_jobs

PRODUCT = "/efforts/country-x/products/tab-01/"


def save(world: World, body: str, key: str = "purpose", who: str = "member", **more: Any) -> None:
    """Write a section."""
    section = world.section(key)
    actions.save_section(
        section=section, body=body, revision=section.revision, by=world[who], **more
    )


def frozen(world: World) -> Version:
    """Freeze Tab 1 as it stands."""
    return freeze(product=world.product(), by=world["lead"])


def test_the_same_text_is_frozen_once(world: World) -> None:
    client = world.client("member")
    assert (
        "Version 1 is frozen." in client.post(f"{PRODUCT}versions/", follow=True).content.decode()
    )
    again = client.post(f"{PRODUCT}versions/", follow=True).content.decode()
    assert "Nothing changed since version 1" in again
    save(world, "<p>Text.</p>")
    client.post(f"{PRODUCT}versions/")
    assert [v.number for v in versions_of(world.product())] == [2, 1]
    assert AuditEvent.objects.filter(code="version.frozen").count() == 2


def test_a_version_is_what_its_hash_says_and_stays_so(world: World) -> None:
    world.write()
    version = frozen(world)
    taken = version.snapshot
    save(world, "<p>Other.</p>")
    world.effort.name = "Calenia"
    world.effort.save()
    version.refresh_from_db()
    assert version.snapshot == taken
    assert digest(version.snapshot) == version.sha256
    assert digest(version.snapshot | {"title": "Another"}) != version.sha256


def test_the_same_draft_gives_the_same_hash_at_another_time(world: World) -> None:
    world.write()
    assert (
        digest(snapshot(world.product()))
        == digest(snapshot(world.product()))
        == (frozen(world).sha256)
    )


def test_going_back_to_an_older_text_makes_a_version_of_its_own(world: World) -> None:
    save(world, "<p>One.</p>")
    one = frozen(world)
    save(world, "<p>Two.</p>")
    frozen(world)
    save(world, "<p>One.</p>")
    three = frozen(world)
    assert three.number == 3
    assert three.snapshot["sections"] == one.snapshot["sections"]


def test_the_team_reads_and_only_drafters_freeze(world: World) -> None:
    frozen(world)
    assert world.client("board").get(f"{PRODUCT}versions/").status_code == 200
    assert world.client("board").post(f"{PRODUCT}versions/").status_code == 403
    assert world.client("outsider").get(f"{PRODUCT}versions/1/").status_code == 404
    assert world.client("board").get(f"{PRODUCT}versions/7/").status_code == 404


@pytest.mark.parametrize("layout", ["", "one_page", "memorandum", "scroll", "<b>"])
def test_a_version_is_shown_in_any_layout_that_it_has(world: World, layout: str) -> None:
    world.write()
    frozen(world)
    page = world.client("board").get(f"{PRODUCT}versions/1/?layout={layout}")
    assert page.status_code == 200
    shown = "one-page" if layout == "one_page" else "memo"
    assert f'<article class="{shown}"' in page.content.decode()


# ---------- compare


def test_a_comparison_starts_from_the_last_approved_version(world: World) -> None:
    world.approve()
    approved = world.product().approved_version
    save(world, "<p>Another purpose.</p>")
    frozen(world)
    save(world, "<p>A third purpose.</p>")
    rows = versions_of(world.product())
    assert [v.number for v in rows] == [2, 1]
    assert starting_version(world.product(), rows) == approved
    page = world.client("board").get(f"{PRODUCT}compare/").content.decode()
    assert "From version 1, approved, to the draft" in page
    assert "third" in page
    assert "1 section differs" in page


def test_without_an_approved_one_it_starts_from_the_newest(world: World) -> None:
    assert starting_version(world.product(), []) is None
    page = world.client("member").get(f"{PRODUCT}compare/").content.decode()
    assert "Nothing is frozen yet" in page
    frozen(world)
    save(world, "<p>Text.</p>")
    second = frozen(world)
    assert starting_version(world.product(), versions_of(world.product())) == second
    assert "The two texts are the same." in (
        world.client("member").get(f"{PRODUCT}compare/").content.decode()
    )


def test_two_versions_are_chosen(world: World) -> None:
    for text in ("One", "Two", "Three"):
        save(world, f"<p>{text}.</p>")
        frozen(world)
    page = world.client("member").get(f"{PRODUCT}compare/?from=1&to=2").content.decode()
    assert "From version 1 to version 2" in page
    assert "One." in page and "Two." in page and "Three." not in page
    odd = world.client("member").get(f"{PRODUCT}compare/?from=x&to=%00")
    assert odd.status_code == 200


def test_who_changed_what_between_the_two(world: World) -> None:
    save(world, "<p>Before.</p>", who="lead")
    old = frozen(world)
    save(world, "<p>After.</p>")
    save(world, "<p>After that.</p>", who="lead")
    save(world, "<p>Time.</p>", "timeline", who="usaid")
    new = frozen(world)
    save(world, "<p>Much later.</p>", who="africom")
    hands = compared(world.product(), old, new, new.snapshot).hands
    assert {key: [post for post, _ in rows] for key, rows in hands.items()} == {
        "purpose": ["Lead planner, CSO", "Planner, DoS African Bureau"],
        "timeline": ["Planner, USAID African Bureau"],
    }
    draft = compared(world.product(), new, None, snapshot(world.product())).hands
    assert [post for post, _ in draft["purpose"]] == ["Planner, U.S. Africa Command"]
    page = world.client("board").get(f"{PRODUCT}compare/?from=1&to=2").content.decode()
    assert "Planner, USAID African Bureau" in page
    assert "Planner, U.S. Africa Command" not in page


def test_a_new_title_and_marking_are_told(world: World) -> None:
    save(world, "<p>Text.</p>")
    frozen(world)
    save(world, "<p>Text.</p>", portion="CUI")
    actions.tailor(
        product=world.product(), change="rename", section="purpose", title="Task", by=world["lead"]
    )
    actions.tailor(
        product=world.product(), change="hide", section="other", reason="No.", by=world["lead"]
    )
    actions.tailor(product=world.product(), change="add", title="Legal", by=world["lead"])
    page = world.client("board").get(f"{PRODUCT}compare/").content.decode()
    portion = Marking.objects.get(code="U").portion
    for words in (
        "Title before: “Purpose”.", f"Marking before: {portion}.", "New section",
        "Section taken out",
    ):  # fmt: skip
        assert words in page, words


def test_hostile_text_is_shown_as_text(world: World) -> None:
    save(world, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    frozen(world)
    save(world, "<p>&lt;img src=x onerror=alert(2)&gt;</p>")
    page = world.client("board").get(f"{PRODUCT}compare/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<img src=x" not in page


def test_the_comparison_leaves_as_a_pdf(world: World) -> None:
    world.write()
    frozen(world)
    save(world, "<p>Another purpose.</p>")
    answer = world.client("lead").post(f"{PRODUCT}compare/export/", {"from": "1", "to": ""})
    made = Rendition.objects.get(kind=RenditionKind.COMPARISON)
    assert answer["Location"] == f"/renditions/{made.pk}/"
    assert made.version is not None and made.version.number == 2  # the draft was frozen for it
    assert do_jobs() == 1
    made.refresh_from_db()
    assert made.status == "ready"
    again = world.client("lead").post(f"{PRODUCT}compare/export/", {"from": "1", "to": "2"})
    assert again["Location"] == answer["Location"]
    page = world.client("board").get(f"/renditions/{made.pk}/")
    assert "version 2 compared" in page.content.decode()


def test_a_comparison_needs_two_versions(world: World) -> None:
    frozen(world)
    for form, status in (
        ({"from": "1", "to": "1"}, 400), ({"from": "1", "to": ""}, 400), ({"from": "9"}, 404),
        ({}, 404),
    ):  # fmt: skip
        answer = world.client("lead").post(f"{PRODUCT}compare/export/", form)
        assert answer.status_code == status, form
    assert (
        world.client("member").post(f"{PRODUCT}compare/export/", {"from": "1"}).status_code == 403
    )


def test_a_saving_within_the_freeze_is_not_counted_before_it(world: World) -> None:
    save(world, "<p>Before.</p>")
    old = frozen(world)
    Version.objects.filter(pk=old.pk).update(frozen_at=old.frozen_at - timedelta(hours=1))
    old.refresh_from_db()
    save(world, "<p>After.</p>", who="lead")
    rows = compared(world.product(), old, None, snapshot(world.product())).hands["purpose"]
    assert {post for post, _ in rows} == {"Lead planner, CSO", "Planner, DoS African Bureau"}
