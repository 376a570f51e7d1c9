"""Starting products, and the formats that a product is written in, from start to file."""

from __future__ import annotations

import pytest

from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent
from planning import actions, gates, scenario
from planning.actions import press, product
from planning.actions.freeze import freeze
from planning.models import Product, ProductFormat
from planning.vocabulary import Format
from tests.world import World, do_jobs

PRODUCTS = "/efforts/country-x/products/"


def start(world: World, format_: str = "minutes", name: str = "") -> Product:
    """Start a product as the member."""
    return actions.start_product(effort=world.effort, format=format_, name=name, by=world["member"])


def own_format(
    world: World, outline: str, title: str = "Situation report", **more: object
) -> ProductFormat:
    """A format of the deployment, or its next version."""
    fields = {"key": "", "label": "", "layout": "document", "step": 1, "purpose": ""} | more
    return actions.save_format(by=world["admin"], title=title, outline=outline, **fields)


# ---------- start


def test_minutes_are_started_twice_by_name(world: World) -> None:
    client = world.client("member")
    first = client.post(PRODUCTS, {"format": "minutes", "name": ""})
    assert first["Location"] == f"{PRODUCTS}minutes/"
    again = client.post(PRODUCTS, {"format": "minutes", "name": " "})
    assert again.status_code == 400
    assert "name this one" in again.content.decode()
    second = client.post(PRODUCTS, {"format": "minutes", "name": "20 November"})
    assert second["Location"] == f"{PRODUCTS}minutes-20-november/"
    third = client.post(PRODUCTS, {"format": "minutes", "name": "20  November"})
    assert third["Location"] == f"{PRODUCTS}minutes-20-november-2/"
    made = Product.objects.get(effort=world.effort, key="minutes-20-november")
    assert made.title == "Minutes: 20 November"
    assert made.sections.count() == 5
    assert AuditEvent.objects.filter(code="product.started").count() == 3
    page = client.get(PRODUCTS).content.decode()
    assert "Minutes: 20 November" in page


@pytest.mark.parametrize("name", ["会议", "…", "A" * 120, "Ünï & <b>"])
def test_any_name_gives_a_key_that_is_an_address(world: World, name: str) -> None:
    made = start(world, name=name)
    assert made.name == name
    assert len(made.key) <= 40
    assert world.client("member").get(made.get_absolute_url(), follow=True).status_code == 200
    assert start(world, name=name).key != made.key


@pytest.mark.parametrize(
    ("format_", "name", "words"),
    [
        ("tab-01", "", "Choose a format"),  # owed by a step
        ("nothing", "", "Choose a format"),
        ("", "", "Choose a format"),
        ("minutes", "x" * 121, "below 120"),
    ],
)
def test_what_cannot_be_started_is_said(world: World, format_: str, name: str, words: str) -> None:
    answer = world.client("lead").post(PRODUCTS, {"format": format_, "name": name})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_name_loses_what_no_database_holds(world: World) -> None:
    assert start(world, name="20\x00 \x07November\n").name == "20 November"


def test_the_bound_on_products_is_what_refuses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product, "MAX_PRODUCTS", world.effort.products.count())
    with pytest.raises(Invalid, match="at most"):
        start(world)
    monkeypatch.setattr(product, "MAX_PRODUCTS", 500)
    assert start(world).pk


def test_a_format_of_a_locked_step_waits(world: World) -> None:
    own_format(world, "Events *", step=2)
    with pytest.raises(Invalid, match="Step 2 is not open yet"):
        start(world, "situation-report")
    world.approve()
    assert start(world, "situation-report").step.number == 2


def test_only_drafters_start(world: World) -> None:
    assert world.client("board").post(PRODUCTS, {"format": "minutes"}).status_code == 403
    assert world.client("outsider").post(PRODUCTS, {"format": "minutes"}).status_code == 404


# ---------- formats and their versions


def test_a_product_keeps_the_version_that_it_was_started_in(world: World) -> None:
    own_format(world, "Events *\nOutlook")
    made = start(world, "situation-report")
    own_format(world, "Summary\nEvents *", key="situation-report")
    made = Product.objects.get(pk=made.pk)
    assert [s.key for s in made.definition.every_section()] == ["events", "outlook"]
    assert made.definition.version == 1
    second = start(world, "situation-report", "Week 2")
    assert [s.key for s in second.definition.every_section()] == ["summary", "events"]
    assert second.definition.version == 2


def test_reset_goes_back_to_the_version_that_it_was_started_in(world: World) -> None:
    own_format(world, "Events *\nOutlook")
    made = start(world, "situation-report")
    own_format(world, "Summary\nEvents *", key="situation-report")
    actions.tailor(
        product=made, change="rename", section="outlook", title="Ahead", by=world["lead"]
    )
    actions.tailor(product=made, change="reset", by=world["lead"])
    assert [s.title for s in Product.objects.get(pk=made.pk).definition.every_section()] == [
        "Events", "Outlook",
    ]  # fmt: skip


def test_an_old_version_is_printed_in_the_format_that_it_was_written_in(world: World) -> None:
    own_format(world, "Events *\nOutlook")
    made = start(world, "situation-report")
    section = made.sections.get(key="outlook")
    actions.save_section(section=section, body="<p>Worse.</p>", revision=0, by=world["member"])
    old = freeze(product=made, by=world["lead"])
    made = Product.objects.select_related("effort", "step").get(pk=made.pk)
    actions.tailor(
        product=made, change="rename", section="outlook", title="Ahead", by=world["lead"]
    )
    actions.tailor(product=made, change="add", title="Annexed", by=world["lead"])
    own_format(world, "Nothing of it *", key="situation-report", title="Another title")
    old.refresh_from_db()
    tree = press.document_of(old)
    assert [s.title for s in tree.sections] == ["Events", "Outlook"]
    assert tree.title == "Situation report"
    wanted = actions.request_rendition(version=old, by=world["lead"], form=Format.DOCX)
    do_jobs()
    wanted.refresh_from_db()
    assert wanted.status == "ready"
    page = world.client("board").get(f"{PRODUCTS}situation-report/versions/1/").content.decode()
    assert "Outlook" in page and "Worse." in page
    assert "Ahead" not in page


def test_a_retired_format_starts_nothing_and_what_was_started_stays(world: World) -> None:
    row = own_format(world, "Events *")
    made = start(world, "situation-report")
    actions.retire_format(row=row, by=world["admin"])
    with pytest.raises(Invalid, match="Choose a format"):
        start(world, "situation-report", "Week 2")
    assert world.client("member").get(made.get_absolute_url(), follow=True).status_code == 200


def test_a_product_of_ones_own_goes_through_the_pages(world: World) -> None:
    own_format(world, "Events * (40 words)\n  Day by day", layout="one_page")
    made = start(world, "situation-report")
    base = made.get_absolute_url()
    for address in ("sections/day-by-day/", "outline/", "preview/", "versions/", "compare/"):
        assert world.client("member").get(base + address).status_code == 200, address


def test_what_the_team_started_does_not_hold_the_step_up(world: World) -> None:
    """It joins the package once something is written in it, and only warns about the rest."""
    own_format(world, "Question *\nAnswer *")
    made = start(world, "situation-report")
    world.write()
    submission = world.submit()
    assert [i.version.product.key for i in submission.items.all()] == ["tab-01"]
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    scenario.draft(world.effort, made.key, {"question": "Who reports?"}, world["member"])
    found = gates.objections(world.step())
    assert [(o.code, o.blocks) for o in found] == [("section_empty", False)]
    submission = world.submit()
    assert {i.version.product.key for i in submission.items.all()} == {"tab-01", made.key}
