"""Every route × method × role × step state against the permission table.

The expectation is worked out from ``RULES`` and ``ROUTES`` alone; the answer comes from the site.
A route that is not in the table fails, and so does a table row without a route. The watch belongs
to no step, so its routes are walked in one state: the lead keeps it, the member reads it, the
others do not know of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments import actions as watch
from assessments.models import Country
from mapro.core import files as stored
from mapro.core.models import User
from mapro.core.tasks import beat
from planning import actions
from planning.actions.freeze import freeze
from planning.models import (
    Dissent,
    DueOut,
    Entry,
    Mandate,
    Membership,
    Picture,
    Product,
    Rendition,
    SectionDraft,
    Step,
    Submission,
    Version,
)
from planning.policies import RULES, plans
from planning.registers import READY_MADE, REGISTERS
from planning.routes import ROUTES, Methods, Open
from planning.vocabulary import Origin, Perm, Role, StepStatus
from tests.options import comparing, packaging, tools
from tests.watch import staging
from tests.world import World, picture_file

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WHO: dict[str, Role | None] = {
    "lead": Role.LEAD,
    "member": Role.MEMBER,
    "board": Role.BOARD,
    "authority": Role.AUTHORITY,
    "alternate": Role.ALTERNATE,
    "observer": Role.OBSERVER,
    "partner": Role.PARTNER,
    "outsider": None,
    "admin": None,
    "anonymous": None,
}
STEP_OF = {"running": 0, "locked": 2, "open": 1, "submitted": 1, "returned": 1, "approved": 1}
# What each state's step holds: Step 0 owes nothing, so minutes are started in it.
PRODUCT_OF = {"running": "minutes", "locked": "tab-02"}
# Routes whose address or body leads to the step, or to a product of it: its state counts.
STEP_ROUTES = {
    "step", "step-submit", "step-withdraw", "board-room", "step-vote", "step-decide", "step-how",
    "step-raise", "step-lower", "step-reopen", "step-verbal", "step-at-risk", "step-remind",
    "step-recuse", "step-cycles",
    "api:step-detail", "api:step-submit", "api:step-withdraw", "api:step-vote", "api:step-decide",
    "api:step-how", "api:step-raise", "api:step-lower", "api:step-reopen", "api:step-verbal",
    "api:step-at-risk", "api:step-remind", "api:step-recuse", "api:step-gate",
    "product", "section", "section-complete", "section-presence", "outline", "preview", "versions",
    "version", "version-restore", "compare", "compare-export", "export",
    "api:product-detail", "api:product-tailor", "api:product-compare", "api:section-detail",
    "api:section-complete", "api:version-list", "api:version-detail", "api:version-restore",
    "api:rendition-list",
}  # fmt: skip
# Their roles see the effort; who else may act, the action says: a mandate ends by those who gave it.
MANDATE_ENDS = {"mandate-end", "api:mandate-end"}
FORMS = {"api:picture-list", "api:import-list"}  # routes of the API that take a form with a file
KEEPS = {"lead": User.Watch.EDIT, "member": User.Watch.READ}  # who has a right in the watch
WATCH = {Open.WATCH, Open.WATCH_EDIT}
LISTED = "interests"  # a register of which the Handbook has a list
# Reading the watch is not enough: they take the right to open efforts, or to edit the effort.
WATCH_PLANS = {"watch-country-open", "watch-country-tie", "watch-country-untie"}
UNLISTED_AS = {"lead", "outsider", "anonymous"}


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
    """The world in one state, with what the routes' addresses and bodies need.

    ``versions`` are two of ``product``, the older one is restored; the files are one of each
    status; ``dissents`` and ``mandates`` are by the name of who entered or gave them. Everybody
    who may has joined the lead's dissent, or the board's if it is their own. One of the
    ``due_outs`` is open, one is done. Of the ``entries`` one stands, one was retired, one is an
    assumption; the ``watch`` holds one of everything, and a country that the effort plans for; on
    the ``bench`` are tools and notes of whoever asks.
    """

    world: World
    state: str
    number: int
    product: Product
    section: SectionDraft
    versions: list[Version]
    pending: Submission | None
    files: dict[str, Rendition]
    dissents: dict[str, Dissent]
    mandates: dict[str, Mandate]
    due_outs: dict[str, DueOut]
    picture: Picture
    entries: dict[str, Entry]
    watch: staging.Stage
    bench: tools.Bench
    known: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def address(self, name: str, who: str, method: str) -> str:
        """The address of a route."""
        if who not in self.known:
            self.known[who] = self.arguments(who) | self.of_registers() | self.bench.arguments(who)
        known = self.known[who]
        if of_watch(ROUTES[name]):
            return reverse(name, kwargs=self.of_watch(name))
        return reverse(name, kwargs=known.get(f"{method} {name}", known.get(name, {})))

    def arguments(self, who: str) -> dict[str, dict[str, Any]]:
        """What the addresses are made of; dissents are withdrawn by their authors."""
        effort, product, section = self.world.effort, self.product, self.section
        step = Step.objects.get(effort=effort, number=self.number)
        membership = Membership.objects.get(effort=effort, user=self.world["africom"])
        submission = Submission.objects.filter(step__effort=effort).first()
        old = self.versions[0]
        dissent = self.dissents.get(who, self.dissents["lead"])
        joined = self.dissents["board" if who == "lead" else "lead"]
        others = self.dissents["usaid"]
        mandate = self.mandates.get(who, self.mandates["lead"])
        open_, done = self.due_outs["open"], self.due_outs["done"]
        slug = {"slug": effort.slug}
        at_step = slug | {"number": self.number}
        at_product = slug | {"key": product.key}
        at_section = at_product | {"section": section.key}
        at_version = at_product | {"number": old.number}
        ready, failed, queued = (
            {"pk": self.files[status].pk} for status in ("ready", "failed", "queued")
        )
        return {
            "account_reset_password_from_key": {"uidb36": "1", "key": "none"},
            "user-edit": {"pk": self.world["member"].pk},
            "organization-edit": {"pk": self.world["member"].organization_id},
            "format-edit": {"key": "annex-h"},
            "format-retire": {"key": "annex-h"},
            "api:format-retire": {"key": "annex-h"},
            **dict.fromkeys(
                ("effort", "effort-edit", "effort-crisis", "effort-fork", "team", "team-add",
                 "record", "products", "dissents", "due-outs", "mandates", "library",
                 "collection-export", "picture-add", "risks", "api:effort-detail", "api:effort-team",
                 "api:effort-crisis", "api:effort-fork", "api:audit-detail"),
                slug,
            ),
            "team-remove": slug | {"pk": membership.pk},
            "dissent-withdraw": slug | {"pk": dissent.pk},
            **dict.fromkeys(
                ("dissent-cosign", "dissent-answer", "dissent-rule"), slug | {"pk": others.pk}
            ),
            "mandate-end": slug | {"pk": mandate.pk},
            **dict.fromkeys(("due-out-assign", "due-out-settle"), slug | {"number": open_.number}),
            "due-out-reopen": slug | {"number": done.number},
            "picture": slug | {"sha256": self.picture.sha256},
            **dict.fromkeys(
                ("step", "step-submit", "step-withdraw", "board-room", "step-vote", "step-decide",
                 "step-how", "step-raise", "step-lower", "step-reopen", "step-verbal",
                 "step-at-risk", "step-remind", "step-recuse", "step-cycles"),
                at_step,
            ),
            **dict.fromkeys(
                ("product", "outline", "preview", "versions", "compare", "compare-export",
                 "export"),
                at_product,
            ),
            **dict.fromkeys(("section", "section-complete", "section-presence"), at_section),
            **dict.fromkeys(("version", "version-restore"), at_version),
            **dict.fromkeys(("rendition", "rendition-file"), ready),
            "rendition-retry": failed,
            "rendition-cancel": queued,
            **dict.fromkeys(
                ("api:step-detail", "api:step-submit", "api:step-withdraw", "api:step-vote",
                 "api:step-decide", "api:step-how", "api:step-raise", "api:step-lower",
                 "api:step-reopen", "api:step-verbal", "api:step-at-risk", "api:step-remind",
                 "api:step-recuse", "api:step-gate"),
                {"pk": step.pk},
            ),
            **dict.fromkeys(
                ("api:product-detail", "api:product-tailor", "api:product-compare"),
                {"pk": product.pk},
            ),
            **dict.fromkeys(("api:section-detail", "api:section-complete"), {"pk": section.pk}),
            **dict.fromkeys(("api:version-detail", "api:version-restore"), {"pk": old.pk}),
            **dict.fromkeys(("api:rendition-detail", "api:rendition-file"), ready),
            "api:rendition-retry": failed,
            "api:rendition-cancel": queued,
            **dict.fromkeys(("api:dissent-detail", "api:dissent-withdraw"), {"pk": dissent.pk}),
            **dict.fromkeys(
                ("api:dissent-cosign", "api:dissent-answer", "api:dissent-rule"),
                {"pk": others.pk},
            ),
            "DELETE api:dissent-cosign": {"pk": joined.pk},
            "api:mandate-end": {"pk": mandate.pk},
            **dict.fromkeys(("api:due-out-detail", "api:due-out-settle"), {"pk": open_.pk}),
            "api:due-out-reopen": {"pk": done.pk},
            "api:submission-detail": {"pk": submission.pk if submission else 0},
            **comparing.arguments(effort.slug), **packaging.arguments(self.world),
        }  # fmt: skip

    def of_registers(self) -> dict[str, dict[str, Any]]:
        """The same for registers and their entries."""
        stands, gone, assumed = (self.entries[w] for w in ("stands", "gone", "assumed"))
        slug = {"slug": self.world.effort.slug}
        register = slug | {"register": stands.register}
        number = {"number": stands.number}
        acts = ("highlight", "move", "review", "retire")
        tables = ("paste", "import", "export", "order")
        return {
            "registers": slug, "register": register, "entry": register | number,
            **dict.fromkeys((f"register-{table}" for table in tables), register),
            **dict.fromkeys((f"entry-{act}" for act in acts), register | number),
            "register-ready": slug | {"register": LISTED},
            "entry-cell": register | number | {"field": "name"},
            "entry-restore": register | {"number": gone.number},
            **dict.fromkeys(
                ("assumption-approve", "assumption-judge"), slug | {"number": assumed.number}
            ),
            "api:entry-detail": {"pk": stands.pk},
            **dict.fromkeys((f"api:entry-{act}" for act in acts), {"pk": stands.pk}),
            "api:entry-restore": {"pk": gone.pk},
            **dict.fromkeys(
                (f"api:assumption-{act}" for act in ("detail", "approve", "judge")),
                {"pk": assumed.pk},
            ),
            "api:actor-detail": {"pk": stands.pk},
        }  # fmt: skip

    def of_watch(self, name: str) -> dict[str, Any]:
        """The same for the watch; what is tied to the effort already is not tied again."""
        return {"code": "mli"} if name == "watch-country-tie" else self.watch.arguments(name)

    def body(self, name: str, who: str) -> dict[str, Any]:
        """A body that an allowed act accepts."""
        if of_watch(ROUTES[name]):
            return self.watch.body(name)
        package = self.pending.package_hash if self.pending else "0" * 64
        slug, product = self.world.effort.slug, self.product
        ask = {"ask": "Approve."}
        vote = {"position": "concur", "package_hash": package}
        decide = {"outcome": "approve", "package_hash": package, "read": "yes"}
        save = {"body": "Text.", "revision": self.section.revision, "format": "text", "plain": True}
        done = {"done": "yes"}
        tailor = {"change": "rename", "section": self.section.key, "title": "Another title"}
        words = {"words": "The plan costs more than it saves."}
        collection = {"kind": "binder", "edition": "current"}
        old, new = (version.number for version in self.versions)
        minutes = {"format": "minutes", "name": "20 November"}
        form = {
            "title": "Annex I", "label": "Annex I", "layout": "document", "step": 0,
            "purpose": "", "outline": "First *",
        }  # fmt: skip
        return {
            "step-submit": ask, "api:step-submit": ask, "step-vote": vote, "api:step-vote": vote,
            "step-decide": decide, "api:step-decide": decide, "section": save,
            "api:section-detail": save, "section-complete": done,
            "api:section-complete": {"done": True}, "section-presence": {"writes": "1"},
            "outline": tailor, "api:product-tailor": tailor,
            "products": minutes, "api:product-list": minutes | {"effort": slug},
            "api:version-list": {"product": product.pk},
            "compare-export": {"from": old, "to": new},
            "dissents": words, "api:dissent-list": words | {"effort": slug},
            "collection-export": collection, "format-add": form, "format-edit": form,
            "api:format-list": form,
            "api:effort-list": {"name": "Country Z", "country": "Z", "situation": "Threats."},
            "team-add": {"user": self.world["outsider"].pk, "role": "member"},
            "api:effort-team": {"email": self.world["outsider"].email, "role": "member"},
            "api:rendition-list": {"product": product.pk},
            "api:effort-detail": {"goal": "Another goal."},
            "picture-add": {"picture": picture_file()},
            "api:picture-list": {"effort": slug, "picture": picture_file()},
            **self.of_governance(who), **self.of_entries(), **comparing.bodies(self.world),
            **packaging.bodies(self.world), **self.bench.bodies(who),
        }.get(name, {})  # fmt: skip

    def of_entries(self) -> dict[str, dict[str, Any]]:
        """The same for registers and their entries."""
        stands = self.entries["stands"]
        slug = {"effort": self.world.effort.slug, "register": stands.register}
        values, revision = {"name": "Gendarmes"}, {"revision": stands.revision}
        why, judged = {"why": "It fell apart."}, {"verdict": "validated"}
        file = SimpleUploadedFile("rows.csv", b"Name\nGendarmes\n", "text/csv")
        return {
            "register": values, "register-paste": {"text": "Gendarmes"},
            "register-ready": {"take": [n for n, o in enumerate(READY_MADE[LISTED]()) if o.values]},
            "register-import": {"file": file},
            "register-order": {"number": stands.number, "before": ""},
            "entry": values | revision, "entry-cell": {"value": "Gendarmes"} | revision,
            "entry-highlight": {"on": "yes"}, "api:entry-highlight": {"on": True},
            "entry-move": {"before": ""}, "api:entry-move": {"before": None},
            "entry-retire": why, "api:entry-retire": why,
            "api:entry-list": slug | {"values": values},
            "api:entry-detail": {"values": values} | revision,
            "api:entry-rows": slug | {"rows": [values]},
            "assumption-judge": judged | {"why_judged": "So it came."},
            "api:assumption-judge": judged | {"why": "So it came."},
        }  # fmt: skip

    def of_governance(self, who: str) -> dict[str, dict[str, Any]]:
        """The same for how steps are decided. Who stands in does so for whoever asks; the lead
        names a substitute for a member of the board."""
        world, slug = self.world, {"effort": self.world.effort.slug}
        holder, role = ("authority", "authority") if who == "authority" else ("board", "board")
        member, authority, higher = (world[w] for w in ("member", "authority", "outsider"))
        why, now = {"why": "Time is short."}, timezone.now()
        at = {name: f"{now + timedelta(hours=hours):%Y-%m-%dT%H:%M}"
              for name, hours in (("starts_at", 0), ("ends_at", 48))}  # fmt: skip
        stand_in = why | at | {"role": role, "holder": world[holder].pk, "to": member.pk}
        how = {"way": "majority", "quorum": 1, "silence_hours": 24}
        level = {"user": higher.pk, "organization": higher.organization_id}
        reopen = {"reason": "New facts."}
        said = {"said_by": authority.pk, "words": "Go ahead."}
        said |= {"said_at": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}"}
        rule = {"ruling": "sustained", "words": "So it is."}
        due = {"text": "Call the Embassy.", "origin": "meeting"}
        evidence, fork = {"evidence": "The cable of today."}, why | {"name": "Country Q", "at": 1}
        named = stand_in | {"holder": world[holder].email, "to": member.email}
        body = higher.organization.code if higher.organization else ""
        words = {"words": "The plan says why."}
        return {
            "effort-crisis": why | {"turn": "declare"}, "api:effort-crisis": why | {"on": True},
            "effort-fork": fork | {"kind": "branch"}, "api:effort-fork": fork | {"fork": "branch"},
            "due-outs": due, "api:due-out-list": due | slug,
            "due-out-settle": evidence, "api:due-out-settle": evidence,
            "due-out-reopen": why, "api:due-out-reopen": why,
            "api:due-out-detail": {"owner": member.email},
            "mandates": stand_in, "api:mandate-list": named | slug,
            "step-how": how, "api:step-how": how | {"due_at": None},
            "step-raise": level, "api:step-raise": level | {"organization": body},
            "step-reopen": reopen, "api:step-reopen": reopen,
            "step-verbal": said, "api:step-verbal": said | {"said_by": authority.email},
            "step-at-risk": why, "api:step-at-risk": why,
            "step-recuse": why | {"role": role}, "api:step-recuse": why | {"role": role},
            "dissent-answer": words, "api:dissent-answer": words,
            "dissent-rule": rule, "api:dissent-rule": rule,
        }  # fmt: skip


def site_in(world: World, state: str) -> Site:
    """Bring the world into ``state``, with everything that the routes lead to."""
    number, key = STEP_OF[state], PRODUCT_OF.get(state, "tab-01")
    lead, effort = world["lead"], world.effort
    if key == "minutes":
        actions.start_product(effort=effort, format=key, by=lead)
    first = freeze(product=world.product(key), by=lead)
    if key != "tab-01":  # nobody may write in a locked step, so this goes past the policies
        actions.save_section(
            section=first.product.sections.earliest("pk"), body="<p>Words.</p>", revision=0,
            by=world["member"],
        )  # fmt: skip
    elif state == "open":
        world.write()  # so that the gate lets the step be submitted
    else:
        world.reach(state)
    product = world.product(key)
    section = product.sections.exclude(body="").earliest("pk")
    second = freeze(product=product, by=lead)
    stored.put("renditions/ready.pdf", b"%PDF-1.7")
    files = {
        status: Rendition.objects.create(
            effort=effort, version=first, fingerprint=status.ljust(64, "f"), status=status,
            file="renditions/ready.pdf", requested_by=lead, requested_at=first.frozen_at,
        )
        for status in ("ready", "failed", "queued")
    }  # fmt: skip
    dissents = {
        who: actions.enter_dissent(effort=effort, words=f"{who} disputes it.", by=world[who])
        for who in ("lead", "member", "board", "usaid")
    }
    for who, of in (("lead", "board"), ("member", "lead"), ("board", "lead")):
        actions.cosign_dissent(dissent=dissents[of], by=world[who])
    due_outs = {
        state: actions.add_due_out(
            effort=effort, text=f"It is {state}.", origin=Origin.MEETING, by=lead
        )
        for state in ("open", "done")
    }
    actions.settle_due_out(due_out=due_outs["done"], evidence="The minutes.", by=lead)
    actions.save_format(
        by=world["admin"], key="annex-h", title="Annex H", label="", layout="document", step=0,
        purpose="", outline="First *",
    )  # fmt: skip
    picture = actions.add_picture(effort=effort, content=picture_file().read(), by=lead)
    Submission.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
    pending = Submission.objects.filter(step__effort=effort, status="pending").first()
    mandates = stand_in(world)
    if StepStatus(state) in RULES[Perm.STEP_SETTLE].states:
        actions.raise_step(  # so that it can be lowered
            step=world.step(number), user=world["dc"], organization=world["dc"].organization,
            by=lead,
        )  # fmt: skip
    entries = {
        "stands": enter(world, "actors", name="Army", motivations="Pay."),
        "gone": enter(world, "actors", name="Old guard"),
        "assumed": enter(
            world, "assumptions", statement="Roads stay open.", invalidated_by="Rain."
        ),
    }
    actions.retire_entry(entry=entries["gone"], why="It is no more.", by=lead)
    comparing.both(world)
    packaging.stage(world)
    return Site(
        world, state, number, product, section, [first, second], pending, files, dissents,
        mandates, due_outs, picture, entries, watched(world), tools.bench(world, WHO),
    )  # fmt: skip


def enter(world: World, register: str, **values: Any) -> Entry:
    """An entry, as the member enters it."""
    return actions.add_entry(
        effort=world.effort, register=REGISTERS[register], values=values, by=world["member"]
    )


def watched(world: World) -> staging.Stage:
    """A watch with one of everything, whose country the effort plans for."""
    for who, user in world.people.items():
        user.watch = KEEPS.get(who, "")
        user.save(update_fields=["watch"])
    country = watch.watch_country(
        country=Country.objects.get(code="tcd"), why="Clashes.", by=world["lead"]
    )
    watch.tie_country(effort=world.effort, country=country, by=world["lead"])
    made = staging.stage(world["lead"], country)
    made.effort = world.effort.slug
    return made


def of_watch(methods: Methods) -> bool:
    """Whether a route belongs to the watch."""
    return bool(WATCH & set(methods.values()))


def stand_in(world: World) -> dict[str, Mandate]:
    """Delegations by who gave them. The alternate acts for the authority and for the board."""
    now = timezone.now()
    return {
        by: actions.delegate(
            effort=world.step().effort, holder=world[holder], role=role, to=world["alternate"],
            starts_at=now, ends_at=now + timedelta(days=1), why="Travels.", by=world[by],
        )
        for by, holder, role in (
            ("lead", "board-io", Role.BOARD), ("board", "board", Role.BOARD),
            ("authority", "authority", Role.AUTHORITY),
        )
    }  # fmt: skip


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
        if needed in WATCH and not user.watch or needed is Open.PLANNER and not plans(user):
            return {404}
        allowed = {
            Open.SIGNED_IN: True,
            Open.OPENER: user.can_open_efforts,
            Open.PLANNER: plans(user),
            Open.WATCH: name not in WATCH_PLANS or who == "lead",
            Open.WATCH_EDIT: user.watch == User.Watch.EDIT,
            Open.ADMIN: user.is_staff,
        }[needed]
        return "allowed" if allowed else {404 if needed is Open.ADMIN else 403}
    assert isinstance(needed, Perm)
    role = WHO[who]
    if role not in RULES[Perm.EFFORT_VIEW].roles:
        return {404}
    if role not in RULES[needed].roles:
        return {403}
    if name in MANDATE_ENDS and who not in site.mandates:
        return {403}
    if name in STEP_ROUTES and StepStatus(site.state) not in RULES[needed].states:
        return {409}
    return "allowed"


def ask(site: Site, client: Client, name: str, method: str, who: str) -> HttpResponse:
    """Send the request and undo what it did."""
    address = site.address(name, who, method)
    undone: Any = transaction.atomic()
    undone._from_testcase = True  # as the site sees no transaction around a request of its own
    with undone:
        if method == "GET":
            answer = client.get(address)
        elif name in FORMS or (method == "POST" and not name.startswith("api:")):
            answer = client.generic(
                method, address, encode_multipart(BOUNDARY, site.body(name, who)),
                MULTIPART_CONTENT,
            )  # fmt: skip
        elif name.startswith("api:"):
            answer = client.generic(
                method, address, json.dumps(site.body(name, who)), "application/json"
            )
        else:
            answer = client.generic(method, address)
        transaction.set_rollback(True)
    return answer


def wrong(answer: HttpResponse, want: set[int] | str) -> bool:
    """Whether the answer is not what the table says."""
    wrong_state = answer.status_code == 409 and any(
        words in answer.content  # the last where a form comes back with what was typed
        for words in (b"wrong_state", b"This cannot be done now", b"in that state nobody can")
    )
    if want == "allowed":
        login = answer.status_code == 302 and "?next=" in answer["Location"]
        return answer.status_code >= 400 or login
    if want == {409}:
        return not wrong_state
    assert isinstance(want, set)
    return answer.status_code not in want


@pytest.mark.parametrize("state", list(STEP_OF))
def test_matrix(world: World, state: str, record_property: Any) -> None:
    site = site_in(world, state)
    world.client("anonymous")
    cells, mistakes = 0, []
    client = Client(raise_request_exception=False)  # one, since each loads the middleware anew
    for who in WHO:
        beat()  # a worker lives, so that /readyz may say so
        for name, methods in ROUTES.items():
            if state in {"running", "locked"} and name not in STEP_ROUTES:
                continue  # those routes have no step of that state
            if state != "open" and of_watch(methods):
                continue  # the watch has no step at all
            if name == "api:submission-detail" and state == "open":
                continue  # nothing was submitted yet
            for method in METHODS:
                unlisted = method not in methods
                if unlisted and (state != "open" or who not in UNLISTED_AS):
                    continue  # a method that no row has is refused before roles and states
                client.cookies = world.client(who).cookies.copy()  # whatever a cell signed out
                answer = ask(site, client, name, method, who)
                cells += 1
                want = expected(site, name, method, who)
                if wrong(answer, want):
                    mistakes.append(f"{who} {method} {name}: {answer.status_code}, want {want}")
    record_property("matrix", (state, cells, len(mistakes)))
    assert not mistakes, "\n".join(mistakes)


def test_matrix_fails_with_the_guard_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix would notice: without the check a member may withdraw the package."""
    from planning import policies

    site = site_in(world, "submitted")
    monkeypatch.setattr(policies, "check", lambda *args, **kwargs: None)
    answer = ask(site, world.client("member"), "step-withdraw", "POST", "member")
    assert wrong(answer, expected(site, "step-withdraw", "POST", "member"))


def test_matrix_fails_with_the_guard_of_the_watch_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matrix would notice: without the check a reader gets the forms of who keeps it."""
    from planning.web import middleware

    site = site_in(world, "open")
    monkeypatch.setattr(middleware, "_refuse_site_wide", lambda request, needed: None)
    answer = ask(site, world.client("member"), "watch-report-add", "GET", "member")
    assert wrong(answer, expected(site, "watch-report-add", "GET", "member"))


def test_an_alternate_acts_only_while_standing_in(world: World) -> None:
    """The table lets the role vote and decide; whose turn it is, the mandates say."""
    site = site_in(world, "submitted")
    client = world.client("alternate")
    acts = ("step-vote", "step-decide", "api:step-vote", "api:step-decide")
    for name in acts:
        assert not wrong(ask(site, client, name, "POST", "alternate"), "allowed"), name
    for who, mandate in site.mandates.items():
        actions.end_mandate(mandate=mandate, by=world[who])
    for name in acts:
        assert ask(site, client, name, "POST", "alternate").status_code == 403, name


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
