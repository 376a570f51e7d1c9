"""Who stands in: the page of mandates, and standing aside from the board room."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core.models import Organization
from planning import actions, mandates
from planning.models import Mandate
from planning.vocabulary import MandateKind, Role
from tests.flows.test_query_counts import queries
from tests.world import World

EFFORT = "/efforts/country-x/"
PAGE = f"{EFFORT}mandates/"
HOUR = timedelta(hours=1)


def form(world: World, holder: str, role: Role, to: str, **more: Any) -> dict[str, Any]:
    """A delegation from an hour ago until tomorrow, as the page sends it."""
    now = timezone.now()
    return {
        "holder": world[holder].pk, "role": str(role), "to": world[to].pk,
        "starts_at": f"{now - HOUR:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + 24 * HOUR:%Y-%m-%dT%H:%M}", "why": "On leave.",
    } | more  # fmt: skip


def page(world: World, who: str = "lead") -> str:
    """The page's text."""
    answer = world.client(who).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def row(text: str, head: str) -> str:
    """The table row that has ``head`` in it."""
    return next(r for r in re.findall(r"<tr role=\"row\">.*?</tr>", text, re.S) if head in r)


def test_who_decides_and_who_votes(world: World) -> None:
    text = page(world)
    authority = world["authority"].post
    assert authority in row(text, "Step 1.")
    assert authority in row(text, "Step 5.")
    assert "Step 0." not in text[text.index("Who decides now") :]
    for key in ("board", "board-af", "board-io", "board-osd", "board-nss"):
        assert world[key].post in text
    assert "Everybody acts for themselves." in text


def test_the_authority_names_a_delegate_for_a_step(world: World) -> None:
    answer = world.client("authority").post(
        PAGE, form(world, "authority", Role.AUTHORITY, "alternate", step="2")
    )
    assert answer["Location"] == PAGE
    made = Mandate.objects.get()
    assert (made.holder, made.delegate, made.step) == (
        world["authority"], world["alternate"], world.step(2),
    )  # fmt: skip
    assert "on behalf of" not in row(page(world), "Step 1.")
    line = row(page(world), "Step 2.")
    assert world["alternate"].post in line
    assert "on behalf of" in line
    assert mandates.bench(world.step(2)).decider(world["alternate"])


def test_the_lead_names_a_substitute_on_the_board_never_for_the_authority(world: World) -> None:
    lead = world.client("lead")
    lead.post(PAGE, form(world, "board-io", Role.BOARD, "usaid"))
    assert Mandate.objects.get().given_by == world["lead"]
    assert world["usaid"].post in row(page(world), world["board-io"].post)
    for holder, role in (("authority", Role.AUTHORITY), ("board-io", Role.AUTHORITY)):
        refused = lead.post(PAGE, form(world, holder, role, "usaid"))
        assert refused.status_code == 400
        assert 'role="alert"' in refused.content.decode()
    assert Mandate.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "holders"),
    [
        ("authority", ["authority"]),
        ("board", ["board"]),
        ("lead", ["board", "board-af", "board-io", "board-osd", "board-nss"]),
    ],
)
def test_the_form_offers_only_what_one_may_delegate(
    world: World, who: str, holders: list[str]
) -> None:
    text = page(world, who)
    [select] = re.findall(r'<select name="holder".*?</select>', text, re.S)
    offered = {int(pk) for pk in re.findall(r'value="(\d+)"', select)}
    assert offered == {world[key].pk for key in holders}


@pytest.mark.parametrize("who", ["member", "alternate"])
def test_who_holds_nothing_has_no_form(world: World, who: str) -> None:
    assert "Let somebody stand in" not in page(world, who)
    refused = world.client(who).post(PAGE, form(world, who, Role.BOARD, "usaid"))
    assert refused.status_code == 403
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"why": " "}, "why"),
        ({"ends_at": "2020-01-01T00:00"}, "ends_at"),
        ({"ends_at": ""}, "ends_at"),
        ({"starts_at": "now"}, "starts_at"),
        ({"to": ""}, "to"),
        ({"to": "board"}, "to"),
        ({"to": "outsider"}, "to"),
        ({"step": "0"}, "step"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, change: dict[str, str], field: str
) -> None:
    if change.get("to"):
        change = {"to": str(world[change["to"]].pk)}
    sent = form(world, "board", Role.BOARD, "usaid", why="Away on Thursday.") | change
    answer = world.client("board").post(PAGE, sent)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in text
    assert change.get("why") or "Away on Thursday." in text
    assert not Mandate.objects.exists()


def test_end_a_delegation(world: World) -> None:
    world.client("lead").post(PAGE, form(world, "board-io", Role.BOARD, "usaid"))
    made = Mandate.objects.get()
    end = f"{PAGE}{made.pk}/end/"
    for who in ("board", "usaid", "authority"):  # neither holder nor who gave it
        assert "Yes, end this delegation" not in page(world, who)
        assert world.client(who).post(end).status_code == 403
    for who in ("lead", "board-io"):
        assert "Yes, end this delegation" in page(world, who)
    assert world.client("board-io").post(end)["Location"] == PAGE
    made.refresh_from_db()
    assert made.ended_by == world["board-io"]
    assert "Ended" in row(page(world), f"{world['usaid'].post} for the")
    assert world.client("board-io").post(end).status_code == 409
    assert world.client("outsider").post(end).status_code == 404
    other = f"/efforts/{world.other.slug}/mandates/{made.pk}/end/"
    assert world.client("outsider").post(other).status_code == 404


def test_where_a_mandate_stands(world: World) -> None:
    now = timezone.now()
    client = world.client("board")
    client.post(PAGE, form(world, "board", Role.BOARD, "usaid", why="Running."))
    client.post(PAGE, form(
        world, "board", Role.BOARD, "usaid", why="Coming.",
        starts_at=f"{now + HOUR:%Y-%m-%dT%H:%M}",
    ))  # fmt: skip
    client.post(PAGE, form(world, "board", Role.BOARD, "usaid", why="Past."))
    Mandate.objects.filter(why="Past.").update(ends_at=now - HOUR / 2)
    recusal = actions.recuse(step=world.step(), role=Role.BOARD, why="Kin.", by=world["board-af"])
    text = page(world, "board")
    for why, state in (("Running.", "Now"), ("Coming.", "To come"), ("Past.", "Over")):
        assert f"{state}</span>" in row(text, why)
    assert "End it" not in row(text, "Past.")
    everywhere = [r for r in re.findall(r"<tr.*?</tr>", text, re.S) if "Kin." in r]
    assert len(everywhere) == 2  # at the seat, and on record
    assert "Take part again" not in text
    assert "Take part again" in page(world, "board-af")
    recusal.step.cycle = 2
    recusal.step.save()
    assert "Over</span>" in row(page(world), "Kin.")


def test_a_raised_step_names_its_level(world: World) -> None:
    level = Organization.objects.get(code="deputies-committee")
    actions.raise_step(step=world.step(3), user=world["dc"], organization=level, by=world["lead"])
    line = row(page(world), "Step 3.")
    assert f"{world['dc'].post}, for the {level.name}" in line
    assert world["authority"].post not in line
    team = world.client("lead").get(f"{EFFORT}team/").content.decode()
    assert "Approving Authority, Step 3 alone" in team


def test_a_step_that_nobody_can_decide_says_so(world: World) -> None:
    actions.recuse(step=world.step(), role=Role.AUTHORITY, why="Kin.", by=world["authority"])
    assert "Nobody can decide it now" in row(page(world), "Step 1.")
    assert "Nobody can decide it now" not in row(page(world), "Step 2.")


def recuse(world: World, who: str, **sent: str) -> Any:
    """Stand aside from Step 1."""
    return world.client(who).post(f"{EFFORT}steps/1/recuse/", sent)


@pytest.mark.parametrize(("who", "role"), [("board", "board"), ("authority", "authority")])
def test_stand_aside(world: World, who: str, role: str) -> None:
    answer = recuse(world, who, role=role, why="An interest.")
    assert answer["Location"] == f"{EFFORT}steps/1/board/"
    made = Mandate.objects.get()
    assert (made.kind, made.holder, made.role) == (MandateKind.RECUSAL, world[who], role)
    assert recuse(world, who, role=role, why="Again.").status_code == 409


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("board", {"role": "board", "why": ""}, 400),
        ("board", {"role": "lead", "why": "An interest."}, 400),
        ("board", {"why": "An interest."}, 400),
        ("board", {"role": "authority", "why": "An interest."}, 403),
        ("member", {"role": "board", "why": "An interest."}, 403),
        ("outsider", {"role": "board", "why": "An interest."}, 404),
    ],
)
def test_standing_aside_is_refused(
    world: World, who: str, sent: dict[str, str], status: int
) -> None:
    assert recuse(world, who, **sent).status_code == status
    assert not Mandate.objects.exists()


def test_the_team_page_leads_here_and_takes_alternates(world: World) -> None:
    text = world.client("lead").get(f"{EFFORT}team/").content.decode()
    assert f'href="{PAGE}"' in text
    world.client("lead").post(
        f"{EFFORT}team/add/", {"user": world["outsider"].pk, "role": "alternate"}
    )
    assert world.effort.memberships.filter(user=world["outsider"], role="alternate").exists()


@pytest.mark.parametrize("rows", [1, 20])
def test_queries(world: World, rows: int) -> None:
    now = timezone.now()
    for number in range(rows):
        actions.delegate(
            effort=world.effort, holder=world["board"], role=Role.BOARD, to=world["usaid"],
            starts_at=now, ends_at=now + HOUR, why=f"Away, {number}.", by=world["lead"],
            step=world.step(number % 5 + 1),
        )  # fmt: skip
    actions.recuse(step=world.step(), role=Role.BOARD, why="Kin.", by=world["board-af"])
    client = world.client("lead")
    assert queries(lambda: client.get(PAGE)) == 8
