"""Every route × method × role × step state against the permission table.

The expectation is worked out from ``RULES`` and ``ROUTES`` alone; the answer comes from the site.
A route that is not in the table fails, and so does a table row without a route.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mapro.core.tasks import beat
from planning import actions
from planning.actions.freeze import freeze
from planning.models import Membership, Rendition, Step, Submission
from planning.policies import RULES
from planning.routes import ROUTES, Open
from planning.vocabulary import Perm, Role, StepStatus
from tests.world import World, do_jobs

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WHO: dict[str, Role | None] = {
    "lead": Role.LEAD,
    "member": Role.MEMBER,
    "board": Role.BOARD,
    "authority": Role.AUTHORITY,
    "observer": Role.OBSERVER,
    "partner": Role.PARTNER,
    "outsider": None,
    "admin": None,
    "anonymous": None,
}
STEP_OF = {"running": 0, "locked": 2, "open": 1, "submitted": 1, "returned": 1, "approved": 1}
# Routes of a step follow the state's step; products exist in Step 1 alone.
STEP_ROUTES = {
    "step", "step-submit", "step-withdraw", "board-room", "step-vote", "step-decide",
    "api:step-detail", "api:step-submit", "api:step-withdraw", "api:step-vote", "api:step-decide",
}  # fmt: skip
PRODUCT_ROUTES = {
    "product", "section", "preview", "version", "export", "rendition", "rendition-file",
    "rendition-retry", "api:product-detail", "api:section-detail", "api:version-detail",
    "api:submission-detail", "api:rendition-list", "api:rendition-detail", "api:rendition-file",
    "api:rendition-retry",
}  # fmt: skip
UNLISTED_AS = {"lead", "outsider", "anonymous"}
REFUSALS = {401, 403, 404, 405}


def route_names(resolver: Any = None, prefix: str = "") -> list[str]:
    """Every name of the URLconf, namespaces included."""
    names = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            names += route_names(entry, inner)
        elif isinstance(entry, URLPattern):
            names.append(f"{prefix}{entry.name}")
    return names


def test_every_route_is_in_the_table_and_every_row_has_a_route() -> None:
    assert set(route_names()) == set(ROUTES)


@dataclass
class Site:
    """The world in one state, with what the routes' addresses and bodies need."""

    world: World
    state: str
    number: int
    pending: Submission | None
    ready: Rendition
    failed: Rendition

    def address(self, name: str) -> str:
        """The address of a route."""
        return reverse(name, kwargs=self.arguments(name))

    def arguments(self, name: str) -> dict[str, Any]:
        """What the address of a route is made of."""
        effort, product = self.world.effort, self.world.product()
        step = Step.objects.get(effort=effort, number=self.number)
        if name in {"user-edit"}:
            return {"pk": self.world["member"].pk}
        if name == "organization-edit":
            return {"pk": self.world["member"].organization_id}
        if name == "account_reset_password_from_key":
            return {"uidb36": "1", "key": "none"}
        if name == "team-remove":
            membership = Membership.objects.get(effort=effort, user=self.world["africom"])
            return {"slug": effort.slug, "pk": membership.pk}
        if name in STEP_ROUTES:
            if name.startswith("api:"):
                return {"pk": step.pk}
            return {"slug": effort.slug, "number": self.number}
        if name in {"rendition", "rendition-file", "api:rendition-detail", "api:rendition-file"}:
            return {"pk": self.ready.pk}
        if name in {"rendition-retry", "api:rendition-retry"}:
            return {"pk": self.failed.pk}
        by_key = {
            "api:product-detail": product.pk,
            "api:section-detail": self.world.section("intent").pk,
            "api:version-detail": self.ready.version_id,
            "api:submission-detail": Submission.objects.filter(step__effort=effort)
            .values_list("pk", flat=True)
            .first(),
        }
        if name in by_key:
            return {"pk": by_key[name] or 0}
        if name in {"product", "preview", "export"}:
            return {"slug": effort.slug, "key": "tab-01"}
        if name == "section":
            return {"slug": effort.slug, "key": "tab-01", "section": "intent"}
        if name == "version":
            number = self.ready.version.number
            return {"slug": effort.slug, "key": "tab-01", "number": number}
        takes_slug = {
            "effort", "effort-edit", "team", "team-add", "record", "api:effort-detail",
            "api:effort-team", "api:audit-detail",
        }  # fmt: skip
        return {"slug": effort.slug} if name in takes_slug else {}

    def body(self, name: str) -> dict[str, Any]:
        """A body that an allowed act accepts."""
        package = self.pending.package_hash if self.pending else "0" * 64
        section = self.world.section("intent")
        ask = {"ask": "Approve."}
        vote = {"position": "concur", "package_hash": package}
        decide = {"outcome": "approve", "package_hash": package, "read": "yes"}
        save = {"body": "Text.", "revision": section.revision, "format": "text", "plain": True}
        return {
            "step-submit": ask, "api:step-submit": ask, "step-vote": vote, "api:step-vote": vote,
            "step-decide": decide, "api:step-decide": decide, "section": save,
            "api:section-detail": save,
            "team-add": {"user": self.world["outsider"].pk, "role": "member"},
            "api:effort-team": {"email": self.world["outsider"].email, "role": "member"},
            "api:rendition-list": {"product": self.world.product().pk},
            "api:effort-detail": {"goal": "Another goal."},
        }.get(name, {})  # fmt: skip


def site_in(world: World, state: str) -> Site:
    """Bring the world into ``state``, with a ready and a failed file."""
    number = STEP_OF[state]
    world.reach(state if number == 1 else "open")
    ready = actions.request_rendition(
        version=freeze(product=world.product(), by=world["lead"]), by=world["lead"]
    )
    do_jobs()
    failed = Rendition.objects.create(
        version=ready.version, fingerprint="f" * 64, status="failed", reason="A test.",
        requested_by=world["lead"], requested_at=ready.requested_at,
    )  # fmt: skip
    pending = Submission.objects.filter(step__effort=world.effort, status="pending").first()
    return Site(world, state, number, pending, ready, failed)


def expected(site: Site, name: str, method: str, who: str) -> set[int] | str:
    """The statuses that the table allows, or “allowed”."""
    api = name.startswith("api:")
    needed = ROUTES[name].get(method)
    if needed is Open.PUBLIC:
        return "allowed"
    if needed is None and (api or who != "anonymous"):
        return {405}
    if who == "anonymous":
        return {401} if api or name.startswith("api-") else {302}
    if isinstance(needed, Open):
        user = site.world[who]
        allowed = {
            Open.SIGNED_IN: True,
            Open.OPENER: user.can_open_efforts,
            Open.ADMIN: user.is_staff,
        }[needed]
        return "allowed" if allowed else {403 if needed is Open.OPENER else 404}
    assert isinstance(needed, Perm)
    role = WHO[who]
    if role not in RULES[Perm.EFFORT_VIEW].roles:
        return {404}
    if role not in RULES[needed].roles:
        return {403}
    status = StepStatus(site.state if name in STEP_ROUTES else step_1_state(site.state))
    stepless = name not in STEP_ROUTES | PRODUCT_ROUTES
    if not stepless and status not in RULES[needed].states:
        return {409}
    return "allowed"


def step_1_state(state: str) -> str:
    """In which state Step 1, and so Tab 1, is."""
    return "open" if STEP_OF[state] != 1 else state


def ask(site: Site, client: Client, name: str, method: str) -> HttpResponse:
    """Send the request and undo what it did."""
    with transaction.atomic():
        body = site.body(name) if method != "GET" else {}
        kwargs: dict[str, Any] = {}
        if name.startswith("api:"):
            kwargs = {"data": json.dumps(body), "content_type": "application/json"}
        elif method == "POST":
            kwargs = {"data": body}
        if method == "GET":
            kwargs = {}
        answer = client.generic(method, site.address(name), **kwargs) if (
            name.startswith("api:") or method not in {"GET", "POST"}
        ) else getattr(client, method.lower())(site.address(name), **kwargs)  # fmt: skip
        transaction.set_rollback(True)
    return answer


def wrong(answer: HttpResponse, want: set[int] | str) -> bool:
    """Whether the answer is not what the table says."""
    wrong_state = answer.status_code == 409 and (
        b"wrong_state" in answer.content or b"This cannot be done now" in answer.content
    )
    if want == "allowed":
        login = answer.status_code == 302 and "?next=" in answer["Location"]
        return answer.status_code in REFUSALS or wrong_state or login or answer.status_code >= 500
    if want == {409}:
        return not wrong_state
    assert isinstance(want, set)
    return answer.status_code not in want


@pytest.mark.parametrize("state", list(STEP_OF))
def test_matrix(world: World, state: str, record_property: Any) -> None:
    site = site_in(world, state)
    world.client("anonymous")
    cells, mistakes = 0, []
    for who in WHO:
        beat()  # a worker lives, so that /readyz may say so
        for name, methods in ROUTES.items():
            if state in {"running", "locked"} and name not in STEP_ROUTES:
                continue  # those routes have no step of that state
            if name == "api:submission-detail" and state == "open":
                continue  # nothing was submitted yet
            for method in METHODS:
                unlisted = method not in methods
                if unlisted and (state != "open" or who not in UNLISTED_AS):
                    continue  # a method that no row has is refused before roles and states
                client = Client(raise_request_exception=False)
                client.cookies = world.client(who).cookies.copy()
                answer = ask(site, client, name, method)
                cells += 1
                want = expected(site, name, method, who)
                if wrong(answer, want):
                    mistakes.append(f"{who} {method} {name}: {answer.status_code}, want {want}")
    record_property("matrix", (state, cells, len(mistakes)))
    assert not mistakes, "\n".join(mistakes)


def test_matrix_fails_with_the_guard_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix would notice: without the check a member may decide."""
    from planning import policies

    site = site_in(world, "submitted")
    monkeypatch.setattr(policies, "check", lambda *args, **kwargs: None)
    answer = ask(site, world.client("member"), "step-decide", "POST")
    assert wrong(answer, expected(site, "step-decide", "POST", "member"))


def test_absent_and_hidden_look_the_same(world: World) -> None:
    """Nobody can tell another team's effort from one that does not exist."""

    def body(address: str) -> str:
        answer = world.client("outsider").get(address)
        assert answer.status_code == 404
        text = answer.content.decode().replace(address, "")
        token = answer.wsgi_request.META.get("CSRF_COOKIE", "")
        kept = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
        return "\n".join(kept).replace(token or "\0", "")

    assert body("/efforts/country-x/") == body("/efforts/no-such-thing/")
    hidden = world.client("outsider").get(f"/api/v1/efforts/{world.effort.slug}/")
    absent = world.client("outsider").get("/api/v1/efforts/no-such-thing/")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_an_unlisted_route_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deny by default: take a row away and the page is gone for everybody."""
    from planning.web import middleware

    rows = {name: row for name, row in ROUTES.items() if name != "efforts"}
    monkeypatch.setattr(middleware, "ROUTES", rows)
    assert world.client("lead").get("/efforts/").status_code == 404
