"""Whose paper it is: an organization's lines, color and seal, frozen and printed."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from mapro.core import actions as core
from mapro.core import files, pictures
from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent, Organization
from planning import actions
from planning.actions.freeze import freeze, letterhead, snapshot
from planning.models import Rendition
from tests.flows.test_pictures import made
from tests.world import World, do_jobs

EXPORT = "/efforts/country-x/products/tab-01/export/"
PREVIEW = "/efforts/country-x/products/tab-01/preview/"


def agency() -> Organization:
    """The lead agency, read anew."""
    return Organization.objects.get(code="cso")


def form(**more: Any) -> dict[str, Any]:
    """What the page sends."""
    row = agency()
    sent = {
        "code": row.code, "name": row.name, "acronym": row.acronym, "kind": row.kind,
        "is_active": "on", "letterhead": row.letterhead, "ink": row.ink,
        "parent": row.parent_id or "",
    }  # fmt: skip
    return sent | more


def post(world: World, **more: Any) -> Any:
    """Save the lead agency through its page."""
    return world.client("admin").post(f"/administration/organizations/{agency().pk}/", form(**more))


def seal() -> SimpleUploadedFile:
    """A picture to upload."""
    return SimpleUploadedFile("seal.png", made(size=(64, 64)))


def test_lines_ink_and_seal_reach_the_snapshot_and_the_file(world: World) -> None:
    lines = "United States Department of State\r\n\r\n  Stabilization Operations \r\n"
    assert post(world, letterhead=lines, ink="#003366", seal_file=seal()).status_code == 302
    key = agency().seal
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    world.write()
    taken = snapshot(world.product())
    assert taken["letterhead"] == {
        "lines": ["United States Department of State", "Stabilization Operations"], "seal": key,
        "ink": "#003366",
    }  # fmt: skip
    world.client("lead").post(EXPORT, {"format": "pdf"})
    assert do_jobs() == 1
    reader = PdfReader(files.path(Rendition.objects.get().file))
    first = reader.pages[0]
    words = " ".join(first.extract_text().split()).upper()
    assert "UNITED STATES DEPARTMENT OF STATE" in words
    assert "STABILIZATION OPERATIONS" in words
    assert len(first.images) == 1
    content = first.get_contents()
    assert content is not None
    assert re.search(rb"\b0 \.?0?\.2 \.?0?\.4 rg|0 0?\.2 0?\.4 rg", content.get_data())


def test_the_preview_shows_the_same_head(world: World) -> None:
    post(world, letterhead="Department of State", ink="#003366", seal_file=seal())
    page = world.client("board").get(PREVIEW).content.decode()
    assert "DEPARTMENT OF STATE" in page
    assert re.search(
        r'<img class="seal" alt="Seal" src="data:image/png;base64,[A-Za-z0-9+/=]+">', page
    )


def test_without_lines_it_is_the_teams_paper(world: World) -> None:
    page = world.client("lead").get(PREVIEW).content.decode()
    assert "INTERAGENCY PLANNING TEAM, COUNTRY X" in page
    assert 'class="seal"' not in page
    assert letterhead(None) == {}


def test_a_frozen_version_keeps_its_paper(world: World) -> None:
    post(world, letterhead="Old paper", seal_file=seal())
    version = freeze(product=world.product(), by=world["lead"])
    post(world, letterhead="New paper", no_seal="on")
    version.refresh_from_db()
    page = world.client("lead").get("/efforts/country-x/products/tab-01/versions/1/")
    assert "OLD PAPER" in page.content.decode()
    assert 'class="seal"' in page.content.decode()
    assert "NEW PAPER" in world.client("lead").get(PREVIEW).content.decode()


def test_the_seal_stays_until_it_is_taken_away(world: World) -> None:
    post(world, seal_file=seal())
    key = agency().seal
    post(world, letterhead="Lines")
    assert agency().seal == key
    post(world, no_seal="on")
    assert agency().seal == ""
    event = AuditEvent.objects.filter(code="organization.edited").latest("pk")
    assert (event.old, event.new) == ({"seal": key}, {"seal": ""})


@pytest.mark.parametrize(
    "ink", ["red", "#12345", "#1234567", "#12345g", "#fff", "#123456\n", "#000;}", ""]
)
def test_a_color_is_six_digits(world: World, ink: str) -> None:
    assert post(world, ink=ink).status_code == (302 if ink.endswith("\n") else 400)
    assert agency().ink in {"#171716", "#123456"}
    with pytest.raises(Invalid, match="hexadecimal"):
        core.save_organization(by=world["admin"], organization=agency(), ink=ink)


def test_what_is_no_picture_is_no_seal(world: World) -> None:
    svg = SimpleUploadedFile("seal.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    answer = post(world, seal_file=svg)
    assert answer.status_code == 400
    assert "no PNG, JPEG, GIF or WebP" in answer.content.decode()
    large = SimpleUploadedFile("seal.png", made() + b"\0" * pictures.MAX_BYTES)
    answer = post(world, seal_file=large)
    assert answer.status_code == 400
    assert "MB is the most" in answer.content.decode()
    assert agency().seal == ""


def test_hostile_lines_are_text(world: World) -> None:
    post(world, letterhead="<script>alert(1)</script>")
    page = world.client("lead").get(PREVIEW).content.decode()
    assert "<script>alert(1)" not in page.lower()
    assert "&lt;script&gt;" in page.lower()


def test_a_seal_whose_file_is_gone_stops_no_export(world: World) -> None:
    post(world, seal_file=seal())
    files.path(f"pictures/{agency().seal}.png").unlink()
    assert world.client("lead").get(PREVIEW).status_code == 200
    world.client("lead").post(EXPORT, {"format": "pdf"})
    assert do_jobs() == 1
    made_ = PdfReader(io.BytesIO(files.path(Rendition.objects.get().file).read_bytes()))
    assert not made_.pages[0].images


def test_only_administrators_change_it(world: World) -> None:
    answer = world.client("lead").post(
        f"/administration/organizations/{agency().pk}/", form(letterhead="Mine")
    )
    assert answer.status_code == 404
    assert agency().letterhead == ""


def test_the_lead_of_another_agency_prints_its_paper(world: World) -> None:
    post(world, letterhead="Old lead")
    usaid = Organization.objects.get(code="usaid-africa")
    core.save_organization(by=world["admin"], organization=usaid, letterhead="New lead")
    from planning.vocabulary import Role

    actions.add_member(effort=world.effort, user=world["usaid"], role=Role.LEAD, by=world["lead"])
    actions.remove_member(
        membership=world.effort.memberships.get(user=world["lead"]), by=world["usaid"]
    )
    assert snapshot(world.product())["letterhead"]["lines"] == ["New lead"]
