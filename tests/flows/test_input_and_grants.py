"""Bad input in words, the team, and that the flat grants say what guardian says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils.text import slugify
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapro.core import jobs
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import AuditEvent
from planning import actions, grants
from planning.actions import press
from planning.models import Effort, EffortGroupPermission, Grant, Membership
from planning.products.annex_d import CATALOGUE
from planning.rendering.base import RenderedFile
from planning.vocabulary import Format, Role
from tests.world import World


def test_an_effort_is_opened_through_its_form(world: World) -> None:
    form = {
        "name": "Country Z", "country": "Country Z", "situation": "Threats.", "kind": "crisis",
        "marking": world.effort.marking_id, "due_1": "2026-12-02T16:00",
    }  # fmt: skip
    answer = world.client("lead").post("/efforts/new/", form)
    assert answer["Location"] == "/efforts/country-z/team/"
    effort = Effort.objects.get(slug="country-z")
    assert effort.steps.get(number=1).due_at is not None
    assert effort.steps.get(number=1).status == "open"
    assert effort.memberships.get().role == Role.LEAD


def test_an_incomplete_effort_keeps_what_was_typed(world: World) -> None:
    answer = world.client("lead").post("/efforts/new/", {"name": "Half", "due_1": "soon"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="Half"' in page
    assert "Give a date and a time" in page
    assert "This field is required" in page


@pytest.mark.parametrize("field", ["name", "country", "situation"])
def test_open_effort_refuses_an_empty_field(world: World, field: str) -> None:
    given_ = {"name": "A", "country": "B", "situation": "C"} | {field: "  "}
    with pytest.raises(Invalid) as refused:
        actions.open_effort(by=world["lead"], **given_)
    assert list(refused.value.fields) == [field]


def test_an_effort_is_edited_and_the_change_recorded(world: World) -> None:
    form = {
        "name": "Country X", "country": "Country X", "situation": "Worse.", "goal": "",
        "confirm_hours": "24", "due_1": "", "due_2": "2026-12-02T16:00",
    }  # fmt: skip
    assert world.client("lead").post("/efforts/country-x/edit/", form).status_code == 302
    event = AuditEvent.objects.get(code="effort.edited")
    assert event.new["situation"] == "Worse."
    assert event.new["confirm_hours"] == "24"
    assert event.new["step_1_due_at"] is None


@pytest.mark.parametrize(
    ("route", "body", "word"),
    [
        ("efforts/country-x/team/", {"email": "nobody@example.org", "role": "member"}, "Nobody here"),
        ("efforts/country-x/team/", {"email": "x", "role": "member"}, "valid email"),
        ("efforts/country-x/team/", {"email": "lead@demo.mapro.example", "role": "king"}, "king"),
        ("efforts/", {"name": "Z", "country": "Z", "situation": "Z", "organization": "nowhere"},
         "no organization “nowhere”"),
        ("efforts/", {}, "required"),
    ],
)  # fmt: skip
def test_the_api_says_what_is_wrong(world: World, route: str, body: Any, word: str) -> None:
    answer = world.client("lead").post(
        f"/api/v1/{route}", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 400
    assert word in answer.json()["detail"]
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize("raw", ["{", "[]", '"x"', "nonsense", ""])
def test_a_broken_body_is_refused(world: World, raw: str) -> None:
    step = world.step().pk
    answer = world.client("lead").post(
        f"/api/v1/steps/{step}/submit/", raw, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_an_upload_in_place_of_text_is_refused(world: World) -> None:
    answer = world.client("lead").post(
        f"/api/v1/steps/{world.step().pk}/submit/", b"\x89PNG", content_type="image/png"
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("key", ["0", "9" * 19, "x", "-1", "1e3", "٣"])
def test_odd_keys_find_nothing(world: World, key: str) -> None:
    assert world.client("lead").get(f"/api/v1/steps/{key}/").status_code == 404


def test_tokens_of_the_demo_open_the_api(world: World, capsys: Any) -> None:
    from django.core.management import call_command
    from django.test import Client

    call_command("seed_demo", "--json")
    accounts = {a["role"]: a for a in json.loads(capsys.readouterr().out)}
    headers = {"Authorization": f"Token {accounts['board']['token']}"}
    answer = Client().get("/api/v1/efforts/", headers=headers)
    assert [e["slug"] for e in answer.json()["results"]] == ["country-x"]
    assert Client().get("/api/v1/efforts/").status_code == 401
    outsider = {"Authorization": f"Token {accounts['outsider']['token']}"}
    assert Client().get("/api/v1/efforts/country-x/", headers=outsider).status_code == 404
    listed = Client().get("/api/v1/sections/", headers=outsider).json()["results"]
    own = set(world.other.products.values_list("pk", flat=True))
    assert len(listed) == 50
    assert {s["product"] for s in listed} <= own


def test_an_unknown_organization_is_refused_on_the_team_page(world: World) -> None:
    form = {"user": world["outsider"].pk, "role": "member", "organization": "999999"}
    answer = world.client("lead").post("/efforts/country-x/team/add/", form)
    assert answer.status_code == 400
    assert "no such organization" in answer.content.decode()


def test_the_only_lead_stays(world: World) -> None:
    lead = world.effort.memberships.get(role=Role.LEAD)
    with pytest.raises(WrongState):
        actions.remove_member(membership=lead, by=world["lead"])


def test_a_removed_member_is_out_at_the_next_request(world: World) -> None:
    client = world.client("africom")
    assert client.get("/efforts/country-x/").status_code == 200
    membership = world.effort.memberships.get(user=world["africom"])
    actions.remove_member(membership=membership, by=world["lead"])
    assert client.get("/efforts/country-x/").status_code == 404


def test_the_same_role_twice_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        actions.add_member(
            effort=world.effort, user=world["member"], role=Role.MEMBER, by=world["lead"]
        )


ROLES = st.lists(st.tuples(st.sampled_from(list(Role)), st.booleans()), min_size=1, max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ROLES)
def test_the_flat_grants_say_what_guardian_says(world: World, moves: Any) -> None:
    """Whatever roles come and go, the mirror and guardian's tables agree."""
    user = world["outsider"]
    for role, add in moves:
        found = Membership.objects.filter(effort=world.effort, user=user, role=role).first()
        if add and found is None:
            actions.add_member(effort=world.effort, user=user, role=role, by=world["lead"])
        elif not add and found is not None and role != Role.LEAD:
            actions.remove_member(membership=found, by=world["lead"])
    in_guardian = set(
        EffortGroupPermission.objects.filter(
            content_object=world.effort, group__in=Group.objects.filter(user=user)
        ).values_list("permission__codename", flat=True)
    )
    mirror = Grant.objects.filter(effort=world.effort, user=user)
    assert set(mirror.values_list("permission", flat=True)) == in_guardian
    held = {"view_effort" for _ in [0] if user.has_perm("planning.view_effort", world.effort)}
    assert held == {"view_effort"} & in_guardian


def test_the_mirror_can_be_rebuilt(world: World) -> None:
    before = set(Grant.objects.filter(user=world["lead"]).values_list("permission", flat=True))
    Grant.objects.filter(user=world["lead"]).delete()
    grants.refresh(world.effort, world["lead"])
    assert (
        set(Grant.objects.filter(user=world["lead"]).values_list("permission", flat=True)) == before
    )


def test_administration_through_its_forms(world: World) -> None:
    admin = world.client("admin")
    form = {
        "email": "new@example.org",
        "post": "Planner, INR",
        "is_active": "on",
        "password": "12345678",
    }
    refused = admin.post("/administration/users/new/", form)
    assert refused.status_code == 400
    assert 'value="Planner, INR"' in refused.content.decode()
    assert (
        admin.post("/administration/users/new/", form | {"password": "long-and-odd-7"}).status_code
        == 302
    )
    assert "Planner, INR" in admin.get("/administration/users/?q=INR").content.decode()
    organization = {
        "code": "new-office", "name": "New Office", "kind": "usg", "is_active": "on",
        "ink": "#1b3a5c",
    }  # fmt: skip
    assert admin.post("/administration/organizations/new/", organization).status_code == 302
    assert admin.post("/administration/organizations/new/", organization).status_code == 400
    assert "New Office" in admin.get("/administration/organizations/").content.decode()
    assert admin.get("/administration/users/999999/").status_code == 404


def test_marking_as_seen_empties_the_list(world: World) -> None:
    client = world.client("board")
    assert "put on the team" in client.get("/").content.decode()
    client.post("/seen/")
    assert "Nothing since" in client.get("/").content.decode()


def test_health(world: World) -> None:
    from mapro.core.tasks import beat

    client = world.client("anonymous")
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json()["worker"] == "failed"
    beat()
    assert client.get("/readyz").status_code == 200


def test_walkthrough_leaves_every_product_and_the_binder(
    db: None, tmp_path: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which files it leaves; only the memo's PDF is rendered here, the rest stands for itself."""
    from django.core.management import CommandError, call_command

    real = press.renderer

    def quick(form: Format) -> Any:
        def render(tree: Any) -> RenderedFile:
            if (tree.subject, form) == ("Country X: Initial Guidance", Format.PDF):
                return real(form)(tree)
            return RenderedFile(form.media_type, f"{tree.subject} as {form}".encode(), 1)

        return render

    monkeypatch.setattr(jobs, "RENEW_EVERY", 3_600)
    monkeypatch.setattr(press, "renderer", quick)
    monkeypatch.setattr(
        press.pdf, "bind", lambda cover, trees: RenderedFile("application/pdf", b"binder", 99)
    )
    call_command("walkthrough", "--output", str(tmp_path))
    printed = capsys.readouterr().out
    made = {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "tab-01-initial-guidance.pdf").read_bytes().startswith(b"%PDF-1.7")
    for key, definition in CATALOGUE.items():
        stem = f"{key}-{slugify(definition.title)}"
        if definition.owed:
            assert {f"{stem}.{end}" for end in ("pdf", "docx", "html")} <= made, stem
            assert f"{stem}-record.pdf" in made
    assert "binder.pdf" in made
    assert all(name in printed for name in made)
    with pytest.raises(CommandError, match="country_x"):
        call_command("walkthrough", "--scenario", "none")
