"""A report of the watch becomes a source of an effort."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments import actions
from assessments.actions.report_into import take_report
from assessments.models import Country
from mapro.core.errors import NotAllowed, NotVisible, WrongState
from mapro.core.models import AuditEvent, Marking, User
from planning.actions import open_effort
from planning.models import Effort, Entry
from tests.watch.staging import Stage, signed_in, stage


@pytest.fixture
def staged(keeper: User, chad: Country) -> Stage:
    return stage(keeper, chad)


@pytest.fixture
def east(keeper: User) -> Effort:
    """An effort that the keeper leads."""
    User.objects.filter(pk=keeper.pk).update(can_open_efforts=True)
    keeper.refresh_from_db()
    return open_effort(by=keeper, name="East", country="Chad", situation="Clashes.")


@pytest.fixture
def keeps(keeper: User) -> Client:
    return signed_in(keeper)


def test_it_is_taken_once_under_its_own_marking(
    staged: Stage, east: Effort, keeper: User, keeps: Client
) -> None:
    report = staged.report
    report.marking = Marking.objects.latest("rank")
    report.save()
    address = f"/watch/reports/{report.pk}/"
    assert '<option value="east">East</option>' in keeps.get(address).content.decode()
    answer = keeps.post(f"{address}take/", {"effort": "east"})
    made = Entry.objects.get(effort=east, register="sources")
    assert answer["Location"] == made.get_absolute_url()
    assert report.title in made.title and made.portion == report.marking
    assert made.value("dated") == report.dated.isoformat() and made.kind == report.kind
    assert AuditEvent.objects.filter(code="entry.added").count() == 1
    again = keeps.post(f"{address}take/", {"effort": "east"})
    assert again["Location"] == made.get_absolute_url()
    assert Entry.objects.filter(effort=east).count() == 1


def test_it_takes_the_right_to_keep_the_registers(
    staged: Stage, east: Effort, people: dict[str, User]
) -> None:
    reader = signed_in(people["read"])
    address = f"/watch/reports/{staged.report.pk}/"
    assert "Take it into an effort" not in reader.get(address).content.decode()
    assert reader.post(f"{address}take/", {"effort": "east"}).status_code == 404
    with pytest.raises(NotVisible):
        take_report(report=staged.report, effort=east, by=people["read"])
    with pytest.raises((NotVisible, NotAllowed)):
        take_report(report=staged.report, effort=east, by=people["none"])
    assert not Entry.objects.filter(effort=east).exists()


def test_nothing_rests_on_a_retired_one(
    staged: Stage, east: Effort, keeper: User, keeps: Client
) -> None:
    actions.retire_report(report=staged.report, why="Withdrawn.", by=keeper)
    address = f"/watch/reports/{staged.report.pk}/"
    assert "Take it into an effort" not in keeps.get(address).content.decode()
    assert keeps.post(f"{address}take/", {"effort": "east"}).status_code == 409
    staged.report.refresh_from_db()
    with pytest.raises(WrongState):
        take_report(report=staged.report, effort=east, by=keeper)
