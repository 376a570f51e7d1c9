"""Formats for all efforts: an administrator's pages and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from mapro.core.errors import Invalid, NotAllowed
from mapro.core.models import AuditEvent
from planning import actions
from planning.actions.product import formats_to_start
from planning.models import ProductFormat
from tests.world import World

FORMATS = "/administration/formats/"
FORM = {
    "title": "Situation report", "label": "Annex H", "layout": "document", "step": "1",
    "purpose": "What changed this week.", "outline": "Events * (40 words)\n  Day by day\nOutlook",
}  # fmt: skip


def save(world: World, **more: Any) -> ProductFormat:
    """Save a format as the administrator."""
    return actions.save_format(by=world["admin"], **{"key": "", **FORM, "step": 1, **more})


def test_added_changed_and_retired_through_the_pages(world: World) -> None:
    admin = world.client("admin")
    assert "There is none yet." in admin.get(FORMATS).content.decode()
    assert admin.post(f"{FORMATS}new/", FORM)["Location"] == FORMATS
    page = admin.get(f"{FORMATS}situation-report/").content.decode()
    assert "Events * (40 words)\n  Day by day\nOutlook" in page
    assert "Saving makes version 2" in page
    admin.post(f"{FORMATS}situation-report/", FORM | {"outline": "Summary *"})
    assert list(ProductFormat.objects.values_list("key", "version", "retired")) == [
        ("situation-report", 1, True), ("situation-report", 2, False),
    ]  # fmt: skip
    listed = admin.get(FORMATS).content.decode()
    assert listed.count(">Situation report</a>") == 1
    admin.post(f"{FORMATS}situation-report/retire/")
    assert "Retired" in admin.get(FORMATS).content.decode()
    assert not [d for d in formats_to_start() if d.key == "situation-report"]
    admin.post(f"{FORMATS}situation-report/retire/")
    codes = AuditEvent.objects.filter(code__startswith="format.").values_list("code", flat=True)
    assert list(codes) == ["format.saved", "format.saved", "format.retired"]


def test_the_same_again_is_no_version(world: World) -> None:
    first = save(world)
    assert save(world, key="situation-report") == first
    assert ProductFormat.objects.count() == 1
    actions.retire_format(row=first, by=world["admin"])
    again = save(world, key="situation-report")  # what was retired comes back as the next version
    assert (again.version, again.retired) == (2, False)


def test_a_second_format_does_not_replace_the_first_by_its_title(world: World) -> None:
    """Adding is adding: it never makes the next version of what somebody else wrote."""
    save(world)
    answer = world.client("admin").post(f"{FORMATS}new/", FORM | {"outline": "Other"})
    assert answer.status_code == 400
    assert "There is a format “Situation report” already" in answer.content.decode()
    assert ProductFormat.objects.count() == 1


@pytest.mark.parametrize("title", ["Minutes", "Tab 01", "Newsletter"])
def test_the_formats_of_the_handbook_are_not_replaced(world: World, title: str) -> None:
    answer = world.client("admin").post(f"{FORMATS}new/", FORM | {"title": title})
    assert answer.status_code == 400
    assert "tailored in an effort, not replaced" in answer.content.decode()
    with pytest.raises(Invalid):
        save(world, key="minutes")
    assert world.client("admin").get(f"{FORMATS}minutes/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "required"),
        ({"title": "x" * 121}, "at most 120"),
        ({"layout": "scroll"}, "Select a valid choice"),
        ({"step": "6"}, "Select a valid choice"),
        ({"outline": ""}, "required"),
        ({"outline": "One\n    Three"}, "Line 2 is indented too far"),
        ({"outline": "a\n" * 81}, "Line 81 is one too many"),
        ({"outline": "a\n" * 9_000}, "Line 81 is one too many"),
        ({"outline": "*"}, "Line 1: give a title"),
        ({"title": "Bad\x00"}, "Null characters"),
    ],
)
def test_what_is_no_format_is_said_at_its_field(
    world: World, fields: dict[str, str], words: str
) -> None:
    answer = world.client("admin").post(f"{FORMATS}new/", FORM | fields)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ProductFormat.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"title": " "}, {"layout": "scroll"}, {"step": 6}, {"step": -1}]
)
def test_the_action_refuses_too(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        save(world, **fields)


def test_a_title_of_no_latin_letter_is_a_title(world: World) -> None:
    row = save(world, title="الوضع")
    assert row.key == "format"
    assert world.client("admin").get(f"{FORMATS}format/").status_code == 200


def test_only_administrators_keep_formats(world: World) -> None:
    row = save(world)
    for who in ("lead", "authority"):
        client = world.client(who)
        for address in (FORMATS, f"{FORMATS}new/", f"{FORMATS}situation-report/"):
            assert client.get(address).status_code == 404, (who, address)
        assert client.post(f"{FORMATS}new/", FORM).status_code == 404
        with pytest.raises(NotAllowed):
            actions.save_format(by=world[who], key="", **FORM | {"step": 1})
        with pytest.raises(NotAllowed):
            actions.retire_format(row=row, by=world[who])
    assert ProductFormat.objects.filter(retired=False).count() == 1


def test_administration_opens_no_planning_content(world: World) -> None:
    save(world)
    assert world.client("admin").get("/efforts/country-x/products/").status_code == 404


def test_what_is_not_there_is_not_there(world: World) -> None:
    assert world.client("admin").get(f"{FORMATS}nothing/").status_code == 404
    assert world.client("admin").post(f"{FORMATS}nothing/retire/").status_code == 404
