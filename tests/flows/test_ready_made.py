"""The Handbook's lists, taken into a register by choice."""

from __future__ import annotations

import pytest

from mapro.core.models import AuditEvent
from planning import actions
from planning.registers import READY_MADE, REGISTERS
from tests.world import World

BASE = "/efforts/country-x/registers/"


def test_what_is_chosen_stands_in_the_register(world: World) -> None:
    page = f"{BASE}interests/ready-made/"
    client = world.client("member")
    assert client.get(page).content.decode().count('name="take"') == 17
    answer = client.post(page, {"take": ["0", "16"]})
    assert answer["Location"] == f"{BASE}interests/"
    offered = READY_MADE["interests"]()
    stands = world.effort.entries.filter(register="interests").order_by("number")
    assert [row.title for row in stands] == [
        offered[0].values["statement"], offered[16].values["statement"],
    ]  # fmt: skip
    assert [row.kind for row in stands] == ["primary", "situational"]
    assert AuditEvent.objects.filter(code="entries.taken_in").count() == 1
    assert client.get(page).content.decode().count('name="take"') == 15  # these stand already


def test_questions_are_shown_and_cannot_be_taken(world: World) -> None:
    page = f"{BASE}assumptions/ready-made/"
    client = world.client("lead")
    shown = client.get(page).content.decode()
    assert shown.count('class="question"') == 19
    assert "take" not in shown.split("<form", 2)[-1].split("name=")[1][:10]
    assert client.post(page, {"take": ["0"]}).status_code == 400
    assert not world.effort.entries.exists()


@pytest.mark.parametrize("take", [[], ["999"], ["x"], ["-1"]])
def test_a_choice_that_is_none_is_refused(world: World, take: list[str]) -> None:
    answer = world.client("member").post(f"{BASE}interests/ready-made/", {"take": take})
    assert answer.status_code == 400
    assert "Choose at least one line." in answer.content.decode()


def test_a_register_without_a_list_has_no_such_page(world: World) -> None:
    assert world.client("member").get(f"{BASE}actors/ready-made/").status_code == 404
    assert "ready-made" not in world.client("member").get(f"{BASE}actors/").content.decode()
    assert "ready-made" in world.client("member").get(f"{BASE}interests/").content.decode()


def test_an_entry_of_that_title_is_not_taken_twice(world: World) -> None:
    first = READY_MADE["interests"]()[0].values["statement"]
    actions.add_entry(
        effort=world.effort, register=REGISTERS["interests"], by=world["lead"],
        values={"statement": first.upper()},
    )  # fmt: skip
    shown = world.client("member").get(f"{BASE}interests/ready-made/").content.decode()
    assert shown.count('name="take"') == 16
