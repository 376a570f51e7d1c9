"""Audit trail, jobs, file broker, stored files, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from mapro.core import audit, files, jobs
from mapro.core.actions import save_organization, save_user
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent, AuditHead, Job, Organization, User
from mapro.core.templatetags.mapro import AUDIT_WORDS, time_left
from tests.world import World, do_jobs


def test_the_chain_holds_and_the_command_says_so(world: World, capsys: Any) -> None:
    world.approve()
    assert not list(audit.verify())
    call_command("verify_audit")
    assert "Audit trail proven" in capsys.readouterr().out


def tamper(change: Any) -> list[str]:
    """Change the trail as somebody with the database's password would, past the model."""
    from django.db import connection

    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_audit_append_only")
        change()
        found = [place.reason for place in audit.verify()]
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    "field",
    ["actor", "code", "subject", "label", "old", "new", "detail", "at", "prev_hash", "hash"],
)
def test_a_changed_event_is_found(world: World, field: str) -> None:
    event = AuditEvent.objects.filter(stream=f"effort:{world.effort.pk}", seq=3).get()
    other = (
        timezone.now() if field == "at" else {"x": 1} if field in {"old", "new", "detail"} else "x"
    )
    assert tamper(lambda: AuditEvent.objects.filter(pk=event.pk).update(**{field: other}))


def test_a_removed_event_is_found(world: World) -> None:
    stream = AuditEvent.objects.filter(stream=f"effort:{world.effort.pk}")
    for event in (stream.earliest("seq"), stream.get(seq=3), stream.latest("seq")):
        assert tamper(
            lambda pk=event.pk: AuditEvent.objects.filter(pk=pk)._raw_delete("default")
        ), event.seq


def test_a_removed_head_is_found(world: World) -> None:
    assert tamper(lambda: AuditHead.objects.all().delete())


def test_a_broken_chain_fails_the_command(world: World) -> None:
    AuditHead.objects.filter(stream=f"effort:{world.effort.pk}").update(seq=99)
    with pytest.raises(CommandError, match="1 breaks"):
        call_command("verify_audit")


def test_an_event_cannot_be_changed_through_the_model(world: World) -> None:
    event = AuditEvent.objects.latest("pk")
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_an_act_without_a_transaction_is_not_recorded() -> None:
    with pytest.raises(RuntimeError):
        audit.record("x.y", by=None, on=User())


def test_every_code_has_words(world: World) -> None:
    world.reach("approved")
    do_jobs()
    save_user(by=world["admin"], user=world["member"], post="Planner, AF")
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert codes <= set(AUDIT_WORDS)


def test_enqueue_rings_after_the_commit_only(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(jobs._doorbell, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        [row] = jobs.enqueue("planning.render", 0)
        assert rung == []
    assert rung == [row.pk]


def test_the_sweep_rings_for_what_is_overdue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(jobs._doorbell, "ring", rung.append)
    [overdue] = jobs.enqueue("planning.render", 1)
    Job.objects.filter(pk=overdue.pk).update(ring_at=timezone.now())
    jobs.enqueue("planning.render", 2)
    assert jobs.sweep() == 1
    assert rung == [overdue.pk]
    assert jobs.sweep() == 0  # not again at once


def test_a_lease_is_renewed_while_the_work_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs.HANDLERS, "test.fail", jobs.Handler(_refuse, lambda key, reason: None))
    [row] = jobs.enqueue("test.fail", "x")
    assert jobs.run(row.pk) is False
    row.refresh_from_db()
    assert (row.error, row.lease_until) == ("Not this one.", None)


def _refuse(key: str) -> None:
    raise jobs.JobFailed("Not this one.")


def test_a_stored_file_is_whole_or_absent(tmp_path: Path, monkeypatch: Any) -> None:
    files.put("a/b", b"one")
    with monkeypatch.context() as broken:
        broken.setattr(files.os, "fsync", lambda fd: (_ for _ in ()).throw(OSError("fsync")))
        with pytest.raises(OSError, match="fsync"):
            files.put("a/b", b"two")
        assert not files.writable()
    assert files.path("a/b").read_bytes() == b"one"
    assert [p.name for p in files.path("a/b").parent.iterdir()] == ["b"]


def test_an_administrator_makes_an_account(world: World) -> None:
    user = save_user(
        by=world["admin"], email="New@Example.org", post="Planner, INR", password="long-and-odd-7",
        organization=Organization.objects.get(code="inr-war-crimes"),
    )  # fmt: skip
    assert user.email == "new@example.org"
    assert user.check_password("long-and-odd-7")
    event = AuditEvent.objects.get(code="user.added")
    assert "long-and-odd-7" not in json.dumps(event.new)


def test_accounts_refuse_bad_input(world: World) -> None:
    with pytest.raises(Invalid) as weak:
        save_user(by=world["admin"], email="a@example.org", post="X", password="12345678")
    assert "password" in weak.value.fields
    with pytest.raises(Invalid) as twice:
        save_user(by=world["admin"], email=world["lead"].email, post="X", password="long-and-odd-7")
    assert "email" in twice.value.fields
    with pytest.raises(NotAllowed):
        save_user(by=world["lead"], email="b@example.org", post="X", password="long-and-odd-7")
    with pytest.raises(WrongState):
        save_user(by=world["admin"], user=world["admin"], is_staff=False)


def test_organizations_cannot_go_in_circles(world: World) -> None:
    parent = Organization.objects.get(code="department-of-state")
    child = Organization.objects.get(code="cso")
    with pytest.raises(Invalid):
        save_organization(by=world["admin"], organization=parent, parent=child)


def test_the_organizations_of_figure_3_are_there(db: None) -> None:
    assert Organization.objects.get(code="oti").parent.code == "dcha"
    assert Organization.objects.count() >= 60


def test_time_left_in_words() -> None:
    from datetime import timedelta

    now = timezone.now()
    assert time_left(now + timedelta(hours=25, minutes=28, seconds=30)) == "25 h 28 min"
    assert time_left(now + timedelta(days=6, hours=2, seconds=5)) == "6 days 2 h"
    assert time_left(now - timedelta(minutes=12, seconds=1)) == "12 min late"
    assert time_left(None) == ""


def test_production_names_its_insecure_settings(settings: Any) -> None:
    from mapro.core.checks import insecure_settings, refuse_insecure_settings

    settings.MAPRO_MODE = "production"
    settings.SECRET_KEY = "short"
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = True
    found = {e.id for e in insecure_settings()}
    assert found >= {"mapro.E001", "mapro.E002", "mapro.E003"}
    settings.MAPRO_MODE = "test"
    assert [e.id for e in insecure_settings()] == ["mapro.E000"]
    with pytest.raises(ImproperlyConfigured, match="MAPRO_MODE"):
        refuse_insecure_settings()
