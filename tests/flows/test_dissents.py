"""Dissents (invariant 2): a record that only its author withdraws, printed where it belongs."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent
from planning import actions, policies, sources
from planning.actions import dissent as module
from planning.actions.freeze import freeze, snapshot
from planning.actions.press import document_of
from planning.actions.rendition import wanted
from planning.models import Dissent, Product, Version
from planning.products.document import digest
from planning.routes import ROUTES
from planning.vocabulary import Format
from tests.world import World

PAGE = "/efforts/country-x/dissents/"
WORDS = "The time is too short.\n\n- Wait for the Embassy's report"


def product(world: World, key: str = "tab-01") -> Product:
    """A product, read anew with nothing kept."""
    return Product.objects.select_related("effort__marking", "step").get(
        effort=world.effort, key=key
    )


def enter(world: World, who: str = "board", key: str = "tab-01", **more: Any) -> Dissent:
    """Enter a dissent."""
    on = product(world, key) if key else None
    fields = {"words": WORDS} | more
    return actions.enter_dissent(
        effort=on.effort if on else world.effort, product=on, by=world[who], **fields
    )


def annexes(world: World, key: str) -> list[str]:
    """The titles of the annexes that a product has now."""
    return [a["title"] for a in snapshot(product(world, key))["annexes"]]


# ---------- enter and withdraw


def test_entered_and_withdrawn_through_the_page(world: World) -> None:
    form = {"product": "tab-01", "section": "timeline", "words": WORDS}
    assert world.client("board").post(PAGE, form)["Location"] == PAGE
    made = Dissent.objects.get()
    assert (made.author, made.organization) == (world["board"], world["board"].organization)
    page = world.client("member").get(PAGE).content.decode()
    assert "The time is too short." in page
    link = '<a href="/efforts/country-x/products/tab-01/sections/timeline/">'
    assert f"dissents from {link}Tab 1, Initial Guidance, “Timeline”</a>" in page
    assert "Withdraw; the words stay on record" not in page
    assert "Withdraw; the words stay on record" in world.client("board").get(PAGE).content.decode()
    world.client("board").post(f"{PAGE}{made.pk}/withdraw/", {"why": "It was extended."})
    page = world.client("member").get(PAGE).content.decode()
    assert "The time is too short." in page
    assert "It was extended." in page
    codes = AuditEvent.objects.filter(code__startswith="dissent.").values_list("code", "actor")
    assert list(codes) == [
        ("dissent.entered", world["board"].post), ("dissent.withdrawn", world["board"].post),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["member", "board-io"])
def test_nobody_else_withdraws_it(world: World, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = enter(world)
    assert world.client(who).post(f"{PAGE}{made.pk}/withdraw/").status_code == 403
    with pytest.raises(NotAllowed):
        actions.withdraw_dissent(dissent=made, by=world[who])
    made.refresh_from_db()
    assert made.withdrawn_at is None
    made.author_id = world[who].pk  # with the guard satisfied it goes through: it is the guard
    actions.withdraw_dissent(dissent=made, by=world[who])


@pytest.mark.parametrize("who", ["lead", "authority", "admin", "outsider", "anonymous"])
def test_neither_lead_nor_authority_nor_administrator_withdraws_it(world: World, who: str) -> None:
    made = enter(world)
    answer = world.client(who).post(f"{PAGE}{made.pk}/withdraw/")
    assert answer.status_code in {302, 403, 404}
    if answer.status_code == 302:
        assert "login" in answer["Location"]
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_a_withdrawal_stays(world: World) -> None:
    made = enter(world)
    actions.withdraw_dissent(dissent=made, why="Settled.", by=world["board"])
    with pytest.raises(WrongState):
        actions.withdraw_dissent(dissent=made, why="Again.", by=world["board"])
    made.refresh_from_db()
    assert made.withdrawn_why == "Settled."
    assert world.client("board").post(f"{PAGE}{made.pk}/withdraw/").status_code == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": " \n"}, "Say what you dispute"),
        ({"words": "x" * 4_001}, "below 4,000"),
        ({"section": "nowhere"}, "no such section"),
        ({"key": "", "section": "purpose"}, "no such section"),
    ],
)
def test_what_is_no_dissent_is_refused(world: World, fields: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        enter(world, **fields)
    assert not Dissent.objects.exists()


def test_a_refusal_keeps_what_was_typed(world: World) -> None:
    answer = world.client("board").post(
        PAGE, {"product": "tab-01", "section": "nowhere", "words": WORDS}
    )
    assert answer.status_code == 400
    assert "Wait for the Embassy&#x27;s report" in answer.content.decode()
    assert world.client("board").post(PAGE, {"product": "nowhere"}).status_code == 404


def test_words_lose_what_no_database_holds(world: World) -> None:
    assert enter(world, words="No\x00w.\x07").words == "Now."
    withdrawn = actions.withdraw_dissent(
        dissent=Dissent.objects.get(), why="A\x00 \nB", by=world["board"]
    )
    assert withdrawn.withdrawn_why == "A B"


def test_markup_in_a_dissent_is_text(world: World) -> None:
    enter(world, words="<script>alert(1)</script><b>Bold</b>")
    page = world.client("lead").get(PAGE).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;Bold" in page
    assert "<b>Bold" not in snapshot(product(world))["annexes"][0]["html"]


# ---------- nobody edits or deletes


def test_no_route_edits_or_deletes_a_dissent() -> None:
    found = {name: set(methods) for name, methods in ROUTES.items() if "dissent" in name}
    assert found == {
        "dissents": {"GET", "POST"}, "dissent-withdraw": {"POST"}, "dissent-cosign": {"POST"},
        "dissent-answer": {"POST"}, "dissent-rule": {"POST"},
        "api:dissent-list": {"GET", "POST"}, "api:dissent-detail": {"GET"},
        "api:dissent-withdraw": {"POST"}, "api:dissent-cosign": {"POST", "DELETE"},
        "api:dissent-answer": {"POST"}, "api:dissent-rule": {"POST"},
    }  # fmt: skip


def test_no_code_changes_a_dissent_but_its_withdrawal() -> None:
    """One update in all of planning, and no delete of anything that holds dissents."""
    root = Path(module.__file__).parents[1]
    changing = {"update", "delete", "bulk_update", "update_or_create", "save"}
    found = []
    for path in sorted(root.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                told = ast.unparse(node.func)
                if node.func.attr in changing and "issent" in told.split("(")[0]:
                    found.append(f"{path.name}: {told}")
    assert found == ["dissent.py: Dissent.objects.filter(pk=dissent.pk, withdrawn_at=None).update"]


def test_what_a_dissent_hangs_on_cannot_be_deleted(world: World) -> None:
    made = enter(world)
    for thing in (world.effort, made.product, made.author, made.organization):
        assert thing is not None
        with pytest.raises(ProtectedError), transaction.atomic():
            thing.delete()
    assert Dissent.objects.filter(pk=made.pk).exists()


def test_the_database_keeps_a_dissent_whole(world: World) -> None:
    made = enter(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dissent.objects.filter(pk=made.pk).update(words="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dissent.objects.filter(pk=made.pk).update(withdrawn_why="Without a time.")


def test_a_dissent_stays_when_its_author_leaves(world: World) -> None:
    made = enter(world)
    membership = world.effort.memberships.get(user=world["board"])
    actions.remove_member(membership=membership, by=world["lead"])
    assert "The time is too short." in world.client("lead").get(PAGE).content.decode()
    assert world.client("board").post(f"{PAGE}{made.pk}/withdraw/").status_code == 404


# ---------- where it is printed


def test_it_is_printed_in_an_annex_of_the_product_that_it_disputes(world: World) -> None:
    assert annexes(world, "tab-01") == []
    enter(world)
    assert annexes(world, "tab-01") == ["Dissents on record"]
    assert annexes(world, "tab-02") == []
    html = snapshot(product(world))["annexes"][0]["html"]
    assert "The time is too short." in html
    assert "Bureau of Conflict" in html or "Conflict and Stabilization" in html
    page = world.client("authority").get("/efforts/country-x/products/tab-01/preview/")
    assert "The time is too short." in page.content.decode()


@pytest.mark.parametrize(
    ("key", "section"),
    [
        ("tab-04", "analysis-and-recommendations"), ("tab-04-enclosure-1", "recommendations"),
        ("tab-07", "recommendations"),
    ],
)  # fmt: skip
def test_it_is_printed_in_the_section_of_what_rests_on_it(
    world: World, key: str, section: str
) -> None:
    enter(world)
    enter(world, key="", words="We plan for the wrong war.")
    enter(world, key="tab-10", words="Too late for this.")
    taken = snapshot(product(world, key))
    [register] = next(s for s in taken["sections"] if s["key"] == section)["registers"]
    assert register["label"] == "Dissents on record"
    assert "The time is too short." in register["html"]
    assert "We plan for the wrong war." in register["html"]
    assert "Too late for this." not in register["html"]  # Step 5 rests on Step 4, not it on that
    assert len(register["facts"]) == 2
    assert taken["annexes"] == []


def test_without_any_the_section_says_so(world: World) -> None:
    taken = snapshot(product(world, "tab-04"))
    [register] = next(s for s in taken["sections"] if s["key"] == "analysis-and-recommendations")[
        "registers"
    ]
    assert "No dissent is on record." in register["html"]


def test_its_own_product_comes_first(world: World) -> None:
    enter(world, words="On the first step.")
    enter(world, key="tab-04", words="On this one.")
    facts = sources.DISSENTS.facts(product(world, "tab-04"))
    assert ["On this one" in f.words for f in facts] == [True, False]


# ---------- after the freeze


def text(version: Version) -> str:
    """Everything that a file of the version shows now, annexes after the freeze included."""
    tree = document_of(version, later=wanted(version, Format.PDF).payload.get("later", ()))
    return str(tree)


def test_after_the_freeze_it_stands_in_a_dated_annex_and_the_version_stays(world: World) -> None:
    world.write()
    version = freeze(product=product(world), by=world["lead"])
    before = (version.number, version.sha256, version.snapshot)
    first = wanted(version, Format.PDF)
    assert first.payload == {}
    enter(world)
    version = Version.objects.select_related("product__effort", "product__step").get(pk=version.pk)
    later = wanted(version, Format.PDF)
    assert later.fingerprint != first.fingerprint
    [annex] = later.payload["later"]
    assert annex["title"].startswith("Dissents entered or withdrawn after the freeze of ")
    assert f"{version.frozen_at:%Y, %H:%MZ}" in annex["title"]
    assert "The time is too short." in annex["html"]
    assert (version.number, version.sha256, version.snapshot) == before
    assert digest(version.snapshot) == version.sha256
    assert "The time is too short." in text(version)


def test_what_stood_at_the_freeze_stands_in_no_later_annex(world: World) -> None:
    enter(world)
    version = freeze(product=product(world), by=world["lead"])
    assert wanted(version, Format.PDF).payload == {}
    assert text(version).count("The time is too short.") == 1


def test_a_withdrawal_after_the_freeze_is_told_too(world: World) -> None:
    made = enter(world)
    version = freeze(product=product(world), by=world["lead"])
    made = Dissent.objects.select_related("effort", "product").get(pk=made.pk)
    actions.withdraw_dissent(dissent=made, why="Extended.", by=world["board"])
    version = Version.objects.select_related("product__effort", "product__step").get(pk=version.pk)
    [annex] = wanted(version, Format.PDF).payload["later"]
    assert "Withdrawn by its author" in annex["html"]
    assert "Extended." in annex["html"]
    assert "Withdrawn" not in str(version.snapshot)
    new = freeze(product=product(world), by=world["lead"])
    assert new.number == version.number + 1
    assert "Extended." in str(new.snapshot) and "The time is too short." in str(new.snapshot)


def test_one_that_comes_while_the_package_is_with_the_board_does_not_block(world: World) -> None:
    world.approve()
    world.approve(2)
    world.owe(3)
    submission = world.submit(3)
    enter(world, key="tab-04", section="policy-options", words="The third option is no option.")
    assert world.decide(submission).result.approves
    version = product(world, "tab-04").approved_version
    assert version is not None
    assert "no option" not in str(version.snapshot)
    files = version.renditions.filter(approved=True)
    assert {f.format for f in files} == {"pdf", "docx", "pptx"}
    assert all("no option" in str(f.payload["later"]) for f in files)


def test_the_binder_and_every_format_hold_what_came_later(world: World) -> None:
    world.approve()
    enter(world)
    effort = policies.access_effort(world["lead"], "country-x", to=policies.Perm.RENDITION_REQUEST)
    binder = actions.request_collection(
        effort=effort, versions=actions.latest_approved(effort),
        kind=actions.rendition.RenditionKind.BINDER, edition="approved", by=world["lead"],
    )  # fmt: skip
    assert "The time is too short." in str(binder.payload["later"])
    version = Version.objects.select_related("product__effort", "product__step").get(
        product=world.product()
    )
    for form in (Format.DOCX, Format.HTML, Format.PDF_RECORD):
        assert wanted(version, form).payload["later"]
