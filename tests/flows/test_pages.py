"""Every page, for every role: it opens, it is whole, and it can be used without seeing it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from planning import actions
from planning.models import Product, Rendition
from planning.registers import REGISTERS
from planning.routes import ROUTES
from tests.flows.test_pictures import made
from tests.options import comparing, packaging
from tests.world import World, do_jobs

ROLES = ("lead", "member", "board", "authority")
# What answers with something else than a page, or leads elsewhere.
NO_PAGE = {
    "product", "rendition-file", "picture", "register-export", "entry-cell", "option",
}  # fmt: skip
# The pages of the watch are walked by tests/watch/test_pages.py.
ELSEWHERE = ("api", "account", "health", "ready", "watch")
SIGNED_IN = {"my-work", "efforts"}
UNLABELED = {"hidden", "submit", "button", "image", "reset"}


@pytest.fixture
def full(world: World) -> World:
    """Country X with something on every page: Step 1 approved, Step 2 with the board."""
    world.approve()
    actions.enter_dissent(
        effort=world.effort, product=world.product(), section="timeline", words="Too short.",
        by=world["board"],
    )  # fmt: skip
    actions.enter_dissent(effort=world.effort, words="On the course.", by=world["lead"])
    actions.save_format(
        by=world["admin"], key="", title="Situation report", label="", layout="document", step=1,
        purpose="", outline="Events *\nOutlook",
    )  # fmt: skip
    actions.start_product(effort=world.effort, format="minutes", name="Day 1", by=world["lead"])
    product = world.product()
    for change in (
        {"change": "hide", "section": "other", "reason": "No."},
        {"change": "rename", "section": "intent", "title": "The intent"},
        {"change": "add", "section": "purpose", "title": "Legal"},
    ):
        actions.tailor(product=product, by=world["lead"], **change)
    picture = actions.add_picture(effort=world.effort, content=made(), by=world["member"])
    section = world.section("legal")
    src = f"/efforts/country-x/pictures/{picture.sha256}/"
    actions.save_section(
        section=section, revision=0, by=world["member"],
        body=f'<p>Law.<sup data-note="See.">*</sup></p><img src="{src}" alt="">',
    )  # fmt: skip
    world.client("lead").post("/efforts/country-x/products/tab-01/export/", {"format": "pdf"})
    world.client("lead").post(
        "/efforts/country-x/library/export/", {"kind": "binder", "edition": "approved"}
    )
    world.client("lead").post("/efforts/country-x/products/tab-01/export/", {"format": "pptx"})
    last = Rendition.objects.latest("pk")
    actions.cancel_rendition(rendition=last, by=world["lead"])
    for key, values in (
        ("actors", {"name": "Army", "roles": "facilitators since 2026-10-30"}),
        ("assumptions", {"statement": "Relief can reach the south.", "invalidated_by": "A stop."}),
    ):
        actions.add_entry(
            effort=world.effort, register=REGISTERS[key], values=values, by=world["member"]
        )
    comparing.both(world)
    packaging.stage(world)
    world.owe(2)
    world.submit(2)
    return world


def addresses(world: World) -> Iterator[str]:
    """The address of every page of an effort, each with what it may hold."""
    slug = world.effort.slug
    keys = ["tab-01", "tab-02", "tab-03", "tab-04", "tab-05", "minutes-day-1"]
    for name, methods in ROUTES.items():
        if "GET" not in methods or name in NO_PAGE or name.startswith(ELSEWHERE):
            continue
        if name in SIGNED_IN:
            yield reverse(name)
        elif name in {"step", "board-room", "step-cycles"}:
            yield from (reverse(name, args=[slug, n]) for n in range(6))
        elif name == "section":
            for key in keys:
                product = Product.objects.get(effort=world.effort, key=key)
                shown = [o.section.key for o in product.definition.walk()]
                for section in (shown[0], shown[1], shown[-1]):
                    yield reverse(name, args=[slug, key, section])
        elif name in {"outline", "preview", "versions", "compare"}:
            yield from (reverse(name, args=[slug, key]) for key in keys)
        elif name == "version":
            yield reverse(name, args=[slug, "tab-01", 1])
        elif name == "rendition":
            yield from (reverse(name, args=[r.pk]) for r in Rendition.objects.all())
        elif name in {
            "effort", "team", "record", "products", "dissents", "library", "due-outs", "mandates",
            "registers", "effort-toolbox", "risks",
        }:  # fmt: skip
            yield reverse(name, args=[slug])
        elif name in {"toolbox", "toolbox-compare", "tool-add"}:
            yield reverse(name)
        elif name in {"tool", "tool-note-add"}:
            yield reverse(name, args=["debt-relief"])
        elif name == "options":
            yield from (
                f"{reverse(name, args=[slug])}?level={level}" for level in ("policy", "concept")
            )
        elif name == "package":
            rows = world.effort.entries.filter(register="options")
            yield from (reverse(name, args=[slug, row.number]) for row in rows)
        elif name == "comparison":
            yield from (reverse(name, args=[slug, level]) for level in ("policy", "concept"))
        elif name == "register":
            yield from (reverse(name, args=[slug, key]) for key in REGISTERS)
        elif name == "entry":
            yield from (row.get_absolute_url() for row in world.effort.entries.all())
    for layout in ("one_page", "briefing"):
        yield f"/efforts/{slug}/products/tab-04/preview/?layout={layout}"
    yield f"/efforts/{slug}/dissents/?product=tab-01&section=timeline"
    yield f"/efforts/{slug}/library/?kind=binder"
    yield f"/efforts/{slug}/toolbox/?tool=debt-relief&element=economic"
    yield f"/toolbox/debt-relief/?effort={slug}"
    yield f"/toolbox/compare/?tools=debt-relief,foreign-aid&effort={slug}"
    yield f"/efforts/{slug}/products/tab-01/compare/?from=1&to=2"


OWN = {
    "lead": [
        "/efforts/new/", "/efforts/country-x/edit/", "/efforts/country-x/fork/",
        "/efforts/country-x/steps/1/how/", "/efforts/country-x/registers/actors/import/",
        "/efforts/country-x/registers/interests/ready-made/", "/toolbox/debt-relief/edit/",
    ],
    "authority": ["/efforts/country-x/steps/3/how/"],
    "admin": [
        "/administration/users/", "/administration/users/new/", "/administration/organizations/",
        "/administration/organizations/new/", "/administration/formats/",
        "/administration/formats/new/", "/administration/formats/situation-report/",
    ],
}  # fmt: skip


# ---------- what is looked for


def elements(tree: Element) -> Iterator[Element]:
    """Every element, tag names without their namespace."""
    for one in tree.iter():
        if isinstance(one.tag, str):
            one.tag = one.tag.rsplit("}", 1)[-1]
            yield one


def words(one: Element) -> str:
    """What an element says."""
    return " ".join("".join(one.itertext()).split())


def faults(html: str) -> list[str]:
    """What is wrong with a page."""
    tree = tinyhtml5.parse(html)
    root = tree.getroot() if hasattr(tree, "getroot") else tree
    every = list(elements(root))
    ids = Counter(one.get("id") for one in every if one.get("id") is not None)
    found = [f"id {name!r} stands {n} times" for name, n in ids.items() if n > 1 or not name]
    labels = {one.get("for") for one in every if one.tag == "label" and words(one)}
    inside = {
        id(field) for one in every if one.tag == "label" and words(one) for field in one.iter()
    }
    for one in every:
        told = f"<{one.tag} {one.attrib}>"
        named = bool(
            (one.get("aria-label") or "").strip()
            or any(name in ids for name in (one.get("aria-labelledby") or "").split())
        )
        if one.tag in {"input", "select", "textarea"} and one.get("type") not in UNLABELED:
            if not (named or one.get("id") in labels or id(one) in inside):
                found.append(f"{told} has no label")
        if one.tag in {"button", "summary", "h1", "h2", "h3", "h4", "legend", "th", "option"} or (
            one.tag == "a" and one.get("href") is not None
        ):
            empty = one.tag == "option" and one.get("value") == ""
            if not (named or words(one) or empty or _pictured(one)):
                found.append(f"{told} says nothing")
        if one.tag == "img" and one.get("alt") is None:
            found.append(f"{told} has no alternative text")
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for target in (one.get(name) or "").split():
                if target not in ids:
                    found.append(f"{told}: {name} leads nowhere")
        href = one.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            found.append(f"{told} leads nowhere")
        if one.tag == "form" and one.get("method") == "post":
            tokens = [f for f in one.iter() if f.get("name") == "csrfmiddlewaretoken"]
            if len(tokens) != 1:
                found.append(f"{told} holds {len(tokens)} tokens")
    heads = sum(one.tag == "h1" for one in every if not _in_paper(one, root))
    if heads != 1:
        found.append(f"{heads} first headings")
    if not any(one.tag == "title" and words(one) for one in every):
        found.append("no title")
    text = " ".join(root.itertext())
    for pattern in (
        r"\{\{",
        r"\{%",
        r"\}\}",
        r"\bNone\b(?!\.| cast|:|,? of)",
        "&amp;",
        "<b>",
        "object at 0x",
    ):
        hit = re.search(pattern, text)
        if hit:
            found.append(f"unrendered: {text[max(0, hit.start() - 40) : hit.end() + 40]!r}")
    return found


def _pictured(one: Element) -> bool:
    return any(child.get("aria-label") or child.get("alt") for child in one.iter())


def _in_paper(one: Element, root: Element) -> bool:
    """Whether an element belongs to a document that the page shows, which has its own heading."""
    papers = [e for e in root.iter() if e.tag == "article" and "paper" in (e.get("class") or "")]
    return any(one in list(paper.iter()) for paper in papers)


def check(client: Client, address: str) -> list[str]:
    """The faults of one page, with its address."""
    answer: HttpResponse = client.get(address)
    if answer.status_code != 200:
        return [f"{address} answers {answer.status_code}"]
    return [f"{address}: {fault}" for fault in faults(answer.content.decode())]


# ---------- the pages


def test_every_page_of_the_route_table_is_walked(full: World) -> None:
    pages = [*addresses(full), *(page for pages in OWN.values() for page in pages)]
    walked = {resolve(page.split("?")[0]).view_name for page in pages}
    wanted = {
        name
        for name, methods in ROUTES.items()
        if "GET" in methods and not name.startswith(ELSEWHERE)
    }
    assert wanted - walked == NO_PAGE | {"user-edit", "organization-edit"}  # walked by their keys


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_whole(full: World, role: str) -> None:
    client = full.client(role)
    pages = [*addresses(full), *OWN.get(role, [])]
    assert len(pages) > 70
    found = [fault for address in pages for fault in check(client, address)]
    assert found == []


def test_the_pages_of_the_administration_are_whole(full: World) -> None:
    client = full.client("admin")
    pages = [*OWN["admin"], "/", "/efforts/", f"/administration/users/{full['lead'].pk}/"]
    pages.append(f"/administration/organizations/{full['lead'].organization_id}/")
    assert [fault for address in pages for fault in check(client, address)] == []


def test_pages_with_a_refusal_are_whole(full: World) -> None:
    lead, admin = full.client("lead"), full.client("admin")
    base = "/efforts/country-x/products/"
    for client, address, form in (
        (lead, base, {"format": "nothing", "name": "<b>"}),
        (lead, f"{base}tab-01/outline/", {"change": "add", "title": "x" * 161}),
        (lead, f"{base}tab-01/outline/", {"change": "hide", "section": "purpose"}),
        (lead, f"{base}tab-01/sections/purpose/", {"body": "x", "revision": "0", "format": "text"}),
        (lead, f"{base}tab-01/sections/purpose/", {"body": "x", "revision": "1", "portion": "?"}),
        (lead, f"{base}minutes-day-1/sections/welcome/complete/", {"done": "yes"}),
        (lead, "/efforts/country-x/dissents/", {"product": "tab-01", "words": ""}),
        (lead, "/efforts/new/", {"name": "", "sent": "1"}),
        (admin, "/administration/formats/new/", {"title": ""}),
        (admin, "/administration/organizations/new/", {"seal_file": SimpleUploadedFile("a", b"a")}),
        (admin, "/administration/users/new/", {"post": "", "sent": "1"}),
    ):
        answer = client.post(address, form)
        assert answer.status_code in {400, 409}, address
        assert [f"{address}: {fault}" for fault in faults(answer.content.decode())] == []


def test_files_that_are_made_and_that_failed_are_shown(
    full: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.rendering import pdf

    monkeypatch.setattr(pdf, "bind", lambda *_: 1 / 0)
    do_jobs()
    states = set(Rendition.objects.values_list("status", flat=True))
    assert {"ready", "failed", "cancelled"} <= states
    pages = ["/efforts/country-x/library/", "/efforts/country-x/products/tab-01/versions/"]
    pages += [reverse("rendition", args=[r.pk]) for r in Rendition.objects.all()]
    for role in ("lead", "board"):
        assert [f for address in pages for f in check(full.client(role), address)] == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<input name="x" id="x">', "has no label"),
        ('<label for="x"> </label><select id="x"></select>', "has no label"),
        ('<label for="y">Y</label>', "for leads nowhere"),
        ('<a href="/x"></a>', "says nothing"),
        ("<button></button>", "says nothing"),
        ('<img src="/x">', "no alternative text"),
        ('<a href="#nowhere">x</a>', "leads nowhere"),
        ('<form method="post"></form>', "holds 0 tokens"),
        ("<p>{{ title }}</p>", "unrendered"),
        ("<p>By None now</p>", "unrendered"),
        ("<h1>Two</h1>", "2 first headings"),
        ('<p aria-describedby="no">x</p>', "leads nowhere"),
    ],
)
def test_the_check_finds_a_fault(html: str, fault: str) -> None:
    page = "<!doctype html><html><head><title>T</title></head><body><h1>H</h1>{}</body></html>"
    assert faults(page.format("<p>Nothing wrong.</p>")) == []
    found = faults(page.replace("{}", html))
    assert any(fault in one for one in found), found
