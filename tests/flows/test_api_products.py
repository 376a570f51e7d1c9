"""The API of products, from a started product to its files, and what it refuses."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mapro.core import files, pictures
from mapro.core.models import AuditEvent
from planning import actions
from planning.actions.freeze import freeze
from planning.models import Dissent, Picture, Product, ProductFormat, Rendition, Version
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import PRODUCT_FORMATS, Format
from tests.world import World, do_jobs, picture_file

API = "/api/v1/"
MEDIA = {form.value: form.media_type for form in Format}


def get(world: World, who: str, address: str, **query: Any) -> Any:
    """GET as ``who``."""
    return world.client(who).get(f"{API}{address}", query)


def post(world: World, who: str, address: str, **body: Any) -> Any:
    """POST JSON as ``who``."""
    return world.client(who).post(
        f"{API}{address}", json.dumps(body), content_type="application/json"
    )


def put_text(world: World, who: str, section: int, body: str, revision: int) -> Any:
    """PUT the text of a section as ``who``."""
    return world.client(who).put(
        f"{API}sections/{section}/", json.dumps({"body": body, "revision": revision}),
        content_type="application/json",
    )  # fmt: skip


def minutes(world: World, name: str = "20 November") -> dict[str, Any]:
    """Minutes, started by the member."""
    answer = post(world, "member", "products/", effort="country-x", format="minutes", name=name)
    assert answer.status_code == 201, answer.content
    started: dict[str, Any] = answer.json()
    return started


def section_of(product: int, key: str) -> int:
    """The id of a section."""
    return Product.objects.get(pk=product).sections.get(key=key).pk


# ---------- products


def test_a_product_is_started_and_shows_its_outline(world: World) -> None:
    started = minutes(world)
    assert started["title"] == "Minutes: 20 November"
    assert (started["format"], started["name"]) == ("minutes", "20 November")
    definition = CATALOGUE["minutes"]
    assert started["definition_version"] == definition.version
    shown = get(world, "board", f"products/{started['id']}/").json()
    assert shown == started
    assert [row["key"] for row in shown["outline"]] == [o.section.key for o in definition.walk()]
    row = next(r for r in shown["outline"] if r["key"] == "general-discussion")
    assert row == {
        "key": "general-discussion", "number": "4", "title": "General Discussion", "depth": 1,
        "required": True, "hint_words": 60, "sources": ["dissents"],
    }  # fmt: skip
    assert AuditEvent.objects.get(code="product.started").actor_id == world["member"].pk
    listed = get(world, "board", "products/", effort__slug="country-x", format="minutes").json()
    assert [p["id"] for p in listed["results"]] == [started["id"]]


def test_titles_name_the_effort(world: World) -> None:
    world.effort.name = "Country Q"
    world.effort.save(update_fields=["name"])
    shown = get(world, "lead", f"products/{world.product('tab-02-enclosure-1').pk}/").json()
    titles = " ".join(row["title"] for row in shown["outline"])
    assert "Country X" not in titles
    assert "Country Q" in titles


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"format": "haiku"}, "format", "Choose a format from the list."),
        ({"format": "tab-01"}, "format", "Choose a format from the list."),
        ({"format": "minutes", "name": "n" * 121}, "name", "120 characters"),
        ({}, "format", "required"),
    ],
)
def test_starting_refuses_in_words(
    world: World, body: dict[str, str], field: str, words: str
) -> None:
    before = Product.objects.count()
    answer = post(world, "lead", "products/", effort="country-x", **body)
    assert answer.status_code == 400
    assert words in answer.json()["fields"][field]
    assert Product.objects.count() == before


def test_a_second_one_needs_a_name(world: World) -> None:
    first = post(world, "lead", "products/", effort="country-x", format="minutes")
    assert first.status_code == 201
    second = post(world, "lead", "products/", effort="country-x", format="minutes")
    assert second.status_code == 400
    assert list(second.json()["fields"]) == ["name"]


def test_an_outline_is_tailored(world: World) -> None:
    product = world.product()
    address = f"products/{product.pk}/tailor/"
    changed = post(
        world, "lead", address, change="add", title="Lessons of the last crisis", section="ipt"
    )
    assert changed.status_code == 200
    keys = [row["key"] for row in changed.json()["outline"]]
    assert keys.index("lessons-of-the-last-crisis") == keys.index("ipt") + 1
    moved = post(
        world, "lead", address, change="move", section="lessons-of-the-last-crisis", by_places=-1
    ).json()["outline"]
    assert [row["key"] for row in moved].index("lessons-of-the-last-crisis") == keys.index("ipt")
    section = section_of(product.pk, "lessons-of-the-last-crisis")
    assert put_text(world, "member", section, "<p>Two.</p>", 0).status_code == 200
    refused = post(world, "lead", address, change="hide", section="lessons-of-the-last-crisis")
    assert refused.status_code == 400
    assert "holds text" in refused.json()["fields"]["outline"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"change": "burn"}, "burn"),
        ({"change": "hide", "section": "ipt"}, "cannot be left out"),
        ({"change": "rename", "section": "no-such-one", "title": "T"}, "no such section"),
        ({"change": "add", "title": "  "}, "title"),
        ({"change": "move", "section": "ipt", "by_places": 101}, "100"),
    ],
)
def test_tailoring_refuses_in_words(world: World, body: dict[str, Any], words: str) -> None:
    answer = post(world, "lead", f"products/{world.product().pk}/tailor/", **body)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert world.product().outline is None


# ---------- sections


def test_a_section_shows_its_registers_and_gaps_and_is_finished(world: World) -> None:
    post(world, "board", "dissents/", effort="country-x", words="Too costly.")
    product = minutes(world)["id"]
    section = section_of(product, "updates")
    shown = get(world, "member", f"sections/{section}/").json()
    assert shown["gaps"] == [{"words": "Nothing is written.", "blocks": True}]
    assert (shown["registers"], shown["completed_at"]) == ([], None)
    fed = get(world, "member", f"sections/{section_of(product, 'general-discussion')}/").json()
    [register] = fed["registers"]
    assert register["source"] == "dissents"
    assert "Too costly." in register["html"]
    assert register["facts"][0].startswith("dissents:")
    address = f"sections/{section}/complete/"
    refused = post(world, "member", address, done=True)
    assert refused.status_code == 400
    assert refused.json()["fields"] == {"complete": "Nothing is written."}
    put_text(world, "member", section, "<p>Three words here.</p>", 0)
    done = post(world, "member", address, done=True).json()
    assert done["completed_at"] is not None
    assert done["completed_by"] == world["member"].post
    [gap] = get(world, "board", f"sections/{section}/").json()["gaps"]
    assert gap["blocks"] is False
    assert "about 60 are usual" in gap["words"]
    assert post(world, "lead", address, done=False).json()["completed_at"] is None
    assert post(world, "lead", address).status_code == 400


def test_a_section_that_the_outline_left_out_still_opens(world: World) -> None:
    product = world.product("tab-03")
    hideable = next(s.key for s in product.definition.sections if not s.needed)
    actions.tailor(
        product=product, change="hide", section=hideable, reason="Nothing to say.", by=world["lead"]
    )
    actions.tailor(product=product, change="add", title="For a day", by=world["lead"])
    actions.tailor(product=product, change="hide", section="for-a-day", by=world["lead"])
    for key in (hideable, "for-a-day"):
        shown = get(world, "lead", f"sections/{section_of(product.pk, key)}/")
        assert shown.status_code == 200
        assert (shown.json()["registers"], shown.json()["gaps"]) == ([], [])


# ---------- versions


def test_freeze_compare_and_restore(world: World) -> None:
    product = minutes(world)["id"]
    section = section_of(product, "updates")
    put_text(world, "member", section, "<p>The market burned.</p>", 0)
    frozen = post(world, "member", "versions/", product=product)
    assert (frozen.status_code, frozen.json()["number"]) == (201, 1)
    again = post(world, "member", "versions/", product=product)
    assert (again.status_code, again.json()["id"]) == (200, frozen.json()["id"])
    put_text(world, "lead", section, "<p>The market was burned down.</p>", 1)

    compared = get(world, "board", f"products/{product}/compare/").json()
    assert (compared["old"], compared["new"]) == (1, None)
    [changed] = compared["sections"]
    assert (changed["key"], changed["kind"]) == ("updates", "changed")
    gone = "".join(p["text"] for p in changed["pieces"] if p["kind"] != "added")
    come = "".join(p["text"] for p in changed["pieces"] if p["kind"] != "removed")
    assert gone.strip() == "The market burned."
    assert come.strip() == "The market was burned down."
    [hand] = compared["hands"]
    assert (hand["section"], hand["post"]) == ("updates", world["lead"].post)

    assert post(world, "lead", "versions/", product=product).json()["number"] == 2
    between = get(world, "board", f"products/{product}/compare/", **{"from": 2, "to": 1}).json()
    assert (between["old"], between["new"]) == (2, 1)
    same = get(world, "board", f"products/{product}/compare/", **{"from": 1, "to": 1}).json()
    assert same["sections"] == []

    restored = post(world, "member", f"versions/{frozen.json()['id']}/restore/")
    assert restored.json() == {"changed": 1, "gone": []}
    assert get(world, "member", f"sections/{section}/").json()["body"] == (
        "<p>The market burned.</p>"
    )


def test_a_comparison_starts_from_the_last_approved_version(world: World) -> None:
    world.approve()
    section = world.section("ipt")
    put_text(world, "member", section.pk, "<p>Newer.</p>", section.revision)
    post(world, "member", "versions/", product=world.product().pk)
    compared = get(world, "lead", f"products/{world.product().pk}/compare/").json()
    assert compared["old"] == world.product().approved_version.number == 1
    assert [s["key"] for s in compared["sections"]] == ["ipt"]


def test_a_comparison_without_versions_starts_from_nothing(world: World) -> None:
    put_text(world, "member", world.section().pk, "<p>First.</p>", 0)
    compared = get(world, "lead", f"products/{world.product().pk}/compare/").json()
    assert (compared["old"], compared["new"]) == (None, None)
    assert {s["kind"] for s in compared["sections"]} == {"added"}


@pytest.mark.parametrize("asked", ["9", "x", "-1", "9" * 30, "1.0", "١"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_comparison_with_an_unknown_version_is_refused(
    world: World, name: str, asked: str
) -> None:
    freeze(product=world.product(), by=world["lead"])
    answer = get(world, "lead", f"products/{world.product().pk}/compare/", **{name: asked})
    assert answer.status_code == 400
    assert answer.json()["fields"] == {name: "There is no such version of this product."}


# ---------- dissents


def test_a_dissent_is_entered_and_withdrawn_by_its_author_alone(world: World) -> None:
    product = world.product().pk
    entered = post(
        world, "board", "dissents/", effort="country-x", product=product, section="ipt",
        words="The team lacks the field.",
    )  # fmt: skip
    assert entered.status_code == 201
    row = entered.json()
    assert (row["product"], row["section"], row["withdrawn_at"]) == (product, "ipt", None)
    assert row["author"] == world["board"].post
    course = post(world, "lead", "dissents/", effort="country-x", words="Wait.").json()
    assert (course["product"], course["section"]) == (None, "")
    listed = get(world, "authority", "dissents/", effort__slug="country-x").json()["results"]
    assert {d["id"] for d in listed} == {row["id"], course["id"]}
    on_it = get(world, "authority", "dissents/", product=product).json()["results"]
    assert [d["id"] for d in on_it] == [row["id"]]
    address = f"dissents/{row['id']}/withdraw/"
    assert post(world, "lead", address).status_code == 403
    done = post(world, "board", address, why="Met.").json()
    assert (done["words"], done["withdrawn_why"]) == (row["words"], "Met.")
    assert get(world, "lead", f"dissents/{row['id']}/").json() == done
    assert post(world, "board", address).status_code == 409
    assert world.client("board").delete(f"{API}dissents/{row['id']}/").status_code == 405


def test_a_dissent_refuses_in_words(world: World) -> None:
    other = world.other.products.first()
    tab = world.product().pk
    cases: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"words": " "}, "words", "Say what you dispute"),
        ({"words": "w" * 4_001}, "words", "4,000"),
        ({"words": "No.", "section": "ipt"}, "section", "no such section"),
        ({"words": "No.", "product": tab, "section": "recommendation"}, "section", "no such"),
        ({"words": "No.", "product": other.pk}, "product", "no such product"),
        ({"words": "No.", "product": 999_999}, "product", "no such product"),
        ({"words": "No.", "product": "x"}, "product", "valid integer"),
    )
    for body, field, words in cases:
        answer = post(world, "member", "dissents/", effort="country-x", **body)
        assert answer.status_code == 400, body
        assert words in answer.json()["fields"][field]
    assert not Dissent.objects.exists()


# ---------- files


def wish(world: World, **body: Any) -> Any:
    """Ask for a file as the lead."""
    return post(world, "lead", "renditions/", **body)


def test_every_format_is_made_and_served(world: World) -> None:
    world.write()
    section = world.section("ipt")
    table = "<table><tbody><tr><td><p>CSO</p></td><td><p>Lead</p></td></tr></tbody></table>"
    put_text(world, "member", section.pk, table, section.revision)
    product = world.product().pk
    asked = {
        form.value: wish(world, product=product, format=form.value) for form in PRODUCT_FORMATS
    }
    assert {answer.status_code for answer in asked.values()} == {202}
    assert do_jobs() == len(PRODUCT_FORMATS)
    begins = {"pdf": b"%PDF", "pdfa": b"%PDF", "html": b"<!doctype html>"}
    for form, answer in asked.items():
        shown = get(world, "board", f"renditions/{answer.json()['id']}/").json()
        assert (shown["status"], shown["format"], shown["kind"]) == ("ready", form, "product")
        assert (shown["effort"], shown["product"]) == ("country-x", product)
        file = world.client("board").get(
            f"{API}renditions/{shown['id']}/file/", headers={"Accept": MEDIA[form]}
        )
        assert file["Content-Type"] == MEDIA[form]
        assert file["Content-Disposition"].startswith("attachment; filename=")
        content = b"".join(file.streaming_content)
        assert content.lower().startswith(begins.get(form, b"pk").lower())
        assert len(content) == shown["size"]
    pdf = asked["pdf"].json()["id"]
    assert get(world, "board", f"renditions/{pdf}/").json()["pages"] >= 1
    ready = wish(world, product=product)
    assert (ready.status_code, ready.json()["id"]) == (200, pdf)
    inline = get(world, "board", f"renditions/{pdf}/file/", inline=1)
    assert inline["Content-Disposition"].startswith("attachment")


def test_a_layout_and_a_version_are_chosen(world: World) -> None:
    world.approve()
    product = world.product().pk
    section = world.section("ipt")
    put_text(world, "member", section.pk, "<p>Newer.</p>", section.revision)
    one_page = wish(world, product=product, layout="one_page", version=1).json()
    assert (one_page["layout"], one_page["approved"]) == ("one_page", True)
    draft = wish(world, product=product).json()
    assert (draft["layout"], draft["approved"]) == ("", False)
    assert Version.objects.get(pk=draft["version"]).number == 2
    compared = wish(world, product=product, compare_from=1, compare_to=2).json()
    assert (compared["kind"], compared["version"]) == ("comparison", draft["version"])
    to_draft = wish(world, product=product, compare_from=1).json()
    assert to_draft["id"] == compared["id"]


def test_a_binder_and_an_archive(world: World) -> None:
    world.approve()
    binder = wish(world, effort="country-x", kind="binder", edition="approved")
    archive = wish(world, effort="country-x", kind="archive", edition="current")
    assert (binder.status_code, archive.status_code) == (202, 202)
    do_jobs()
    shown = get(world, "lead", f"renditions/{binder.json()['id']}/").json()
    assert (shown["status"], shown["kind"], shown["version"]) == ("ready", "binder", None)
    assert shown["pages"] >= 2
    file = get(world, "lead", f"renditions/{archive.json()['id']}/file/")
    assert file["Content-Type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))).namelist()
    assert {"binder.pdf", "contents.txt", "tab-01-v1.pdf"} <= set(names)


def test_files_are_listed_by_what_they_are(world: World) -> None:
    world.approve()
    version = world.product().approved_version
    wish(world, effort="country-x", kind="binder", edition="approved")

    def ids(**query: Any) -> set[int]:
        return {r["id"] for r in get(world, "board", "renditions/", **query).json()["results"]}

    rows = Rendition.objects.all()
    assert ids() == ids(effort__slug="country-x") == {r.pk for r in rows}
    assert ids(kind="binder") == {r.pk for r in rows if r.kind == "binder"} != set()
    assert ids(format="docx") == {r.pk for r in rows if r.format == "docx"} != set()
    assert ids(version=version.pk) == {r.pk for r in rows if r.version_id == version.pk}
    assert ids(status="ready") == set()
    assert get(world, "board", "renditions/", format="floppy").status_code == 400


def test_a_file_is_cancelled_and_asked_for_again(world: World) -> None:
    row = wish(world, product=world.product().pk).json()
    cancelled = post(world, "lead", f"renditions/{row['id']}/cancel/")
    assert cancelled.json()["status"] == "cancelled"
    assert post(world, "lead", f"renditions/{row['id']}/cancel/").status_code == 409
    assert get(world, "lead", f"renditions/{row['id']}/file/").status_code == 409
    again = post(world, "lead", f"renditions/{row['id']}/retry/")
    assert again.json()["status"] == "queued"


def test_a_file_that_is_gone_is_said(world: World) -> None:
    row = wish(world, product=world.product().pk).json()
    do_jobs()
    files.path(Rendition.objects.get(pk=row["id"]).file).unlink()
    answer = get(world, "lead", f"renditions/{row['id']}/file/")
    assert answer.status_code == 409
    assert "gone from the storage" in answer.json()["detail"]


def test_a_wish_for_a_file_refuses_in_words(world: World) -> None:
    tab = world.product().pk
    foreign = freeze(product=world.other.products.first(), by=world["outsider"])
    cases: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"product": tab, "format": "floppy"}, "format", "floppy"),
        ({"product": tab, "format": "zip"}, "format", "zip"),
        ({"product": tab, "layout": "poster"}, "layout", "poster"),
        ({"product": tab, "layout": "briefing"}, "layout", "has no layout “briefing”"),
        ({"product": tab, "version": foreign.number}, "version", "no such version"),
        ({"product": tab, "compare_from": 7}, "compare_from", "no such version"),
        ({"product": tab, "compare_to": 1}, "compare_from", "starts from"),
        ({"product": tab, "version": 2**40}, "version", "less than or equal"),
        ({"effort": "country-x"}, "kind", "binder or an archive"),
        ({"effort": "country-x", "kind": "binder"}, "kind", "binder or an archive"),
        ({"effort": "country-x", "kind": "product", "edition": "current"}, "kind", "product"),
        ({"effort": "country-x", "kind": "binder", "edition": "approved"}, "edition", "approved"),
        ({"product": tab, "effort": "country-x"}, "product", "or an effort"),
        ({}, "product", "or an effort"),
    )
    for body, field, words in cases:
        answer = wish(world, **body)
        assert answer.status_code == 400, (body, answer.content)
        assert words in answer.json()["fields"][field], body
    assert not Rendition.objects.exists()


# ---------- pictures


def send_picture(world: World, who: str, content: Any, effort: str = "country-x") -> Any:
    """POST a picture as a form does."""
    return world.client(who).post(f"{API}pictures/", {"effort": effort, "picture": content})


def test_a_picture_is_stored_once_and_stands_in_a_text(world: World) -> None:
    made = send_picture(world, "member", picture_file())
    assert made.status_code == 201
    row = made.json()
    assert (row["width"], row["height"], row["media_type"]) == (8, 6, "image/png")
    assert send_picture(world, "lead", picture_file()).json()["id"] == row["id"]
    listed = get(world, "board", "pictures/", effort__slug="country-x").json()["results"]
    assert listed == [row]
    shown = world.client("board").get(row["src"])
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    body = f'<p>See.</p><figure><img src="{row["src"]}" alt="A map"></figure>'
    saved = put_text(world, "member", world.section().pk, body, 0)
    assert saved.status_code == 200
    assert row["sha256"] in saved.json()["body"]


def test_what_is_no_picture_is_refused(world: World) -> None:
    for content in (b"GIF89a but no more", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"x"):
        answer = send_picture(world, "member", SimpleUploadedFile("x.png", content, "image/png"))
        assert answer.status_code == 400
        assert "no PNG, JPEG, GIF or WebP" in answer.json()["fields"]["picture"]
    empty = send_picture(world, "member", SimpleUploadedFile("x.png", b"", "image/png"))
    assert empty.status_code == 400
    missing = world.client("member").post(f"{API}pictures/", {"effort": "country-x"})
    assert list(missing.json()["fields"]) == ["picture"]
    assert post(world, "member", "pictures/", effort="country-x").status_code == 415
    assert not Picture.objects.exists()


def test_eleven_megabytes_are_refused_before_they_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(content: bytes) -> None:
        raise AssertionError("the picture was read")

    monkeypatch.setattr(pictures, "store", never)
    large = SimpleUploadedFile("x.png", b"\x89PNG" + b"\0" * 11_000_000, "image/png")
    answer = send_picture(world, "member", large)
    assert answer.status_code == 413
    assert "11.0 MB" in answer.json()["detail"]
    with pytest.raises(AssertionError, match="was read"), monkeypatch.context() as unbounded:
        unbounded.setattr(pictures, "MAX_BYTES", 20_000_000)
        large.seek(0)
        send_picture(world, "member", large)


# ---------- formats


FORM: dict[str, Any] = {
    "title": "Annex H", "label": "Annex H", "layout": "document", "step": 0,
    "purpose": "Tell lessons.", "outline": "What happened *\n  In the field (80 words)\nWhat next",
}  # fmt: skip


def test_a_format_is_kept_for_all_efforts_and_retired(world: World) -> None:
    made = post(world, "admin", "formats/", **FORM)
    assert made.status_code == 201
    assert made.json()["key"] == "annex-h"
    listed = get(world, "member", "formats/").json()
    assert {row["key"] for row in listed} == {*CATALOGUE, "annex-h"}
    assert [row["key"] for row in listed if row["own"]] == ["annex-h"]
    started = post(world, "member", "products/", effort="country-x", format="annex-h").json()
    assert [row["number"] for row in started["outline"]] == ["1", "1.a", "2"]
    changed = {**FORM, "key": "annex-h", "outline": "Everything *"}
    assert post(world, "admin", "formats/", **changed).json()["version"] == 2
    kept = get(world, "member", f"products/{started['id']}/").json()
    assert (kept["definition_version"], len(kept["outline"])) == (1, 3)
    retired = post(world, "admin", "formats/annex-h/retire/").json()
    assert (retired["version"], retired["retired"]) == (2, True)
    refused = post(
        world, "member", "products/", effort="country-x", format="annex-h", name="Another"
    )
    assert refused.status_code == 400


def test_formats_refuse_in_words(world: World) -> None:
    assert post(world, "lead", "formats/", **FORM).status_code == 404
    assert post(world, "lead", "formats/annex-h/retire/").status_code == 404
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"layout": "poster"}, "layout"),
        ({"step": 6}, "step"),
        ({"title": " "}, "title"),
        ({"outline": ""}, "outline"),
        ({"key": "tab-01"}, "key"),
    )
    for change, field in cases:
        answer = post(world, "admin", "formats/", **FORM | change)
        assert answer.status_code == 400, change
        assert field in answer.json()["fields"], change
    assert post(world, "admin", "formats/no-such-one/retire/").status_code == 404
    assert not ProductFormat.objects.exists()


# ---------- need to know


def test_an_outsider_finds_nothing_and_changes_nothing(world: World) -> None:
    world.write()
    dissent = actions.enter_dissent(effort=world.effort, words="No.", by=world["board"])
    version = freeze(product=world.product(), by=world["lead"])
    picture = send_picture(world, "member", picture_file()).json()
    rendition = wish(world, product=world.product().pk).json()["id"]
    product, section = world.product().pk, world.section().pk
    before = AuditEvent.objects.count()
    reads = (
        f"products/{product}/", f"products/{product}/compare/", f"sections/{section}/",
        f"versions/{version.pk}/", f"dissents/{dissent.pk}/", f"renditions/{rendition}/",
        f"renditions/{rendition}/file/",
    )  # fmt: skip
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("products/", {"effort": "country-x", "format": "minutes"}),
        (f"products/{product}/tailor/", {"change": "reset"}),
        (f"sections/{section}/complete/", {"done": True}),
        ("versions/", {"product": product}),
        (f"versions/{version.pk}/restore/", {}),
        ("dissents/", {"effort": "country-x", "words": "No."}),
        (f"dissents/{dissent.pk}/withdraw/", {}),
        ("renditions/", {"product": product}),
        ("renditions/", {"effort": "country-x", "kind": "binder", "edition": "current"}),
        (f"renditions/{rendition}/cancel/", {}),
        (f"renditions/{rendition}/retry/", {}),
    )
    for who in ("outsider", "observer", "partner", "admin"):
        answers = [get(world, who, address) for address in reads]
        answers += [post(world, who, address, **body) for address, body in acts]
        answers.append(put_text(world, who, section, "<p>x</p>", 1))
        answers.append(send_picture(world, who, picture_file()))
        answers.append(
            world.client(who).get(picture["src"], headers={"Accept": "application/json"})
        )
        assert {answer.status_code for answer in answers} == {404}, who
        absent = post(world, who, "versions/", product=999_999)
        assert absent.content == post(world, who, "versions/", product=product).content
    assert AuditEvent.objects.count() == before
    anonymous = Client().post(f"{API}versions/", {"product": product}, "application/json")
    assert anonymous.status_code == 401


LISTS = ("products", "sections", "versions", "dissents", "renditions", "pictures")


def test_lists_hold_only_what_one_may_see(world: World) -> None:
    world.write()
    for effort, by in ((world.effort, world["lead"]), (world.other, world["outsider"])):
        product = effort.products.select_related("step").get(key="tab-01")
        actions.enter_dissent(effort=effort, product=product, words="No.", by=by)
        actions.request_rendition(version=freeze(product=product, by=by), by=by)
        actions.add_picture(effort=effort, content=picture_file().read(), by=by)
    for name in LISTS:
        lead = _ids(world, "lead", name)
        outsider = _ids(world, "outsider", name)
        assert lead and outsider
        assert not lead & outsider
        for who in ("observer", "partner", "admin"):
            assert _ids(world, who, name) == set(), (who, name)


def _ids(world: World, who: str, name: str) -> set[int]:
    return {row["id"] for row in get(world, who, f"{name}/", page_size=200).json()["results"]}


def test_a_filter_tells_nothing_of_what_is_hidden(world: World) -> None:
    """A hidden key and one that does not exist answer alike, in every list."""
    world.write()
    version = freeze(product=world.product(), by=world["lead"])
    step = world.step().pk
    hidden = (
        ("sections/", "product", world.product().pk),
        ("versions/", "product", world.product().pk),
        ("dissents/", "product", world.product().pk),
        ("renditions/", "version", version.pk),
        ("products/", "step", step),
        ("submissions/", "step", step),
    )
    for address, name, key in hidden:
        seen = get(world, "outsider", address, **{name: key})
        absent = get(world, "outsider", address, **{name: 999_999})
        assert seen.status_code == absent.status_code == 200, address
        assert seen.content == absent.content
        for odd in ("x", "-1", "9" * 40, "1.5"):
            assert get(world, "outsider", address, **{name: odd}).status_code == 400, odd


def test_long_lists_come_in_pages(world: World) -> None:
    now = timezone.now()
    Dissent.objects.bulk_create(
        Dissent(effort=world.effort, author=world["lead"], words=f"No {n}.", entered_at=now)
        for n in range(60)
    )
    first = get(world, "board", "dissents/").json()
    assert len(first["results"]) == 50
    second = world.client("board").get(first["next"]).json()
    assert len(second["results"]) == 10
    assert second["next"] is None
    assert len({row["id"] for row in first["results"] + second["results"]}) == 60
