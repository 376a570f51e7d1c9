"""Every page opens for those who may see it, in every state of Step 1."""

from __future__ import annotations

import pytest

from planning.models import Rendition
from tests.world import World, do_jobs, rendition_of

PAGES = (
    "/", "/efforts/", "/efforts/country-x/", "/efforts/country-x/team/",
    "/efforts/country-x/record/", "/efforts/country-x/steps/0/", "/efforts/country-x/steps/1/",
    "/efforts/country-x/steps/2/", "/efforts/country-x/steps/1/board/",
    "/efforts/country-x/products/tab-01/sections/purpose/",
    "/efforts/country-x/products/tab-01/preview/", "/api/docs/", "/api/schema/",
    "/efforts/country-x/products/", "/efforts/country-x/products/tab-01/outline/",
    "/efforts/country-x/products/tab-01/versions/", "/efforts/country-x/products/tab-01/compare/",
    "/efforts/country-x/products/tab-04/preview/", "/efforts/country-x/library/",
    "/efforts/country-x/dissents/",
)  # fmt: skip


@pytest.mark.parametrize("state", ["open", "submitted", "returned", "approved"])
@pytest.mark.parametrize("role", ["lead", "member", "board", "authority"])
def test_pages_open_in_every_state(world: World, role: str, state: str) -> None:
    world.reach(state)
    client = world.client(role)
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        assert "no-store" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    if state != "open":
        do_jobs()
        assert client.get(f"/renditions/{rendition_of(world).pk}/").status_code == 200
        begins = {"pdf": b"%PDF", "docx": b"PK"}
        for rendition in Rendition.objects.all():
            file = client.get(f"/renditions/{rendition.pk}/file/")
            assert b"".join(file.streaming_content).startswith(begins[rendition.format])


def test_lead_pages_open(world: World) -> None:
    for page in ("/efforts/new/", "/efforts/country-x/edit/"):
        assert world.client("lead").get(page).status_code == 200


def test_administration_opens_for_administrators(world: World) -> None:
    person = world["member"].pk
    for page in (
        "/administration/users/", "/administration/users/new/",
        f"/administration/users/{person}/", "/administration/organizations/",
        "/administration/organizations/new/", "/administration/formats/",
        "/administration/formats/new/",
    ):  # fmt: skip
        assert world.client("admin").get(page).status_code == 200, page
        assert world.client("lead").get(page).status_code == 404, page
