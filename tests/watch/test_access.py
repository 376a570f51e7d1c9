"""Who sees the watch and who keeps it: every route of it, for everybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from assessments.models import Country
from assessments.routes import API, PAGES
from mapro.core.models import User
from planning import actions as planning
from planning.routes import Open
from tests.watch.staging import Stage, signed_in, stage

TAKES = {Open.WATCH, Open.WATCH_EDIT}
ROUTES = {n: methods for n, methods in {**PAGES, **API}.items() if set(methods.values()) <= TAKES}
FORMS = {"api:import-list"}  # routes of the API that take a form with a file
# Routes that take a right in an effort, or to open one, besides reading the watch.
PLANNERS = {
    "watch-country-open", "watch-country-tie", "watch-country-untie", "watch-report-take",
}  # fmt: skip


@pytest.fixture
def staged(keeper: User, chad: Country) -> Stage:
    """One of everything, and an effort that the keeper leads for another country."""
    User.objects.filter(pk=keeper.pk).update(can_open_efforts=True)
    keeper.refresh_from_db()
    found = stage(keeper, chad)
    opened = planning.open_effort(by=keeper, name="East", country="Chad", situation="Clashes.")
    found.effort = opened.slug
    return found


def ask(staged: Stage, user: User | None, name: str, method: str) -> HttpResponse:
    """Send a request and undo what it did."""
    client = signed_in(user)
    address = reverse(name, kwargs=staged.arguments(name))
    undone: Any = transaction.atomic()
    undone._from_testcase = True
    with undone:
        if method == "GET":
            answer = client.get(address)
        elif name.startswith("api:") and name not in FORMS:
            answer = client.post(address, json.dumps(staged.body(name)), "application/json")
        else:
            answer = client.post(address, staged.body(name))
        transaction.set_rollback(True)
    return answer  # type: ignore[return-value]


def cells() -> list[tuple[str, str]]:
    return [(name, method) for name, methods in ROUTES.items() for method in methods]


def test_nobody_without_the_right_learns_of_any_page_or_resource(
    staged: Stage, people: dict[str, User]
) -> None:
    wrong = [
        f"{method} {name}: {answer.status_code}"
        for name, method in cells()
        if (answer := ask(staged, people["none"], name, method)).status_code != 404
    ]
    assert not wrong, "\n".join(wrong)


def test_an_administrator_without_the_right_learns_nothing_either(
    staged: Stage, people: dict[str, User]
) -> None:
    User.objects.filter(pk=people["none"].pk).update(is_staff=True, can_open_efforts=True)
    administrator = User.objects.get(pk=people["none"].pk)
    for name, method in cells():
        assert ask(staged, administrator, name, method).status_code == 404, (method, name)


def test_whoever_is_signed_out_is_sent_to_sign_in(staged: Stage) -> None:
    for name, method in cells():
        want = 401 if name.startswith("api:") else 302
        answer = ask(staged, None, name, method)
        assert answer.status_code == want, (method, name)
        assert want != 302 or "/accounts/login/" in answer["Location"], (method, name)


def test_a_reader_reads_all_and_changes_nothing(staged: Stage, people: dict[str, User]) -> None:
    wrong = []
    for name, method in cells():
        status = ask(staged, people["read"], name, method).status_code
        needed = ROUTES[name][method]
        if name == "watch-country-open":
            fine = status == 403  # may not open efforts
        elif name in PLANNERS:
            fine = status == 404  # sees no effort
        elif needed is Open.WATCH_EDIT:
            fine = status == 403
        else:
            fine = status in {200, 302}
        if not fine:
            wrong.append(f"{method} {name}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_keeper_does_everything(staged: Stage, people: dict[str, User]) -> None:
    wrong = []
    for name, method in cells():
        if name == "watch-country-untie":
            continue  # nothing is tied yet
        answer = ask(staged, people["edit"], name, method)
        if answer.status_code >= 400:
            wrong.append(f"{method} {name}: {answer.status_code} {answer.content[-900:]!r}")
    assert not wrong, "\n".join(wrong)


def test_the_site_map_and_the_table_agree(staged: Stage) -> None:
    from assessments.api.urls import _own
    from assessments.urls import urlpatterns

    pages = {entry.name for entry in urlpatterns}
    resources = {f"api:{entry.name}" for entry in _own.urls}
    assert pages == set(PAGES)
    assert resources == set(API)


def test_hidden_and_absent_look_the_same(staged: Stage, people: dict[str, User]) -> None:
    client = signed_in(people["none"])
    for there, nowhere in (
        (f"/api/v1/countries/{staged.country.code}/", "/api/v1/countries/no-such/"),
        ("/api/v1/events/", "/api/v1/no-such-thing/"),
    ):
        hidden, absent = client.get(there), client.get(nowhere)
        assert hidden.status_code == absent.status_code == 404
    first = client.get(f"/api/v1/countries/{staged.country.code}/").content
    assert first == client.get("/api/v1/countries/no-such/").content


def test_the_place_in_the_head_stands_for_who_reads_the_watch(
    staged: Stage, people: dict[str, User]
) -> None:
    link = '<a href="/watch/"'
    assert link in signed_in(people["read"]).get("/").content.decode()
    assert link not in signed_in(people["none"]).get("/").content.decode()


def test_the_resources_hold_the_right_themselves(
    staged: Stage, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """This test would notice if the check in the resources were taken away."""
    from assessments.api import views

    address = reverse("api:event-list")
    assert signed_in(people["none"]).get(address).status_code == 404
    monkeypatch.setattr(views, "watch_reader", lambda user: user)
    assert signed_in(people["none"]).get(address).status_code == 200
