"""A register in a browser: cells that open in place, rows that move, cells that are pasted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.beside import shell
from tests.browser.conftest import Office
from tests.browser.test_country_x import fine

pytestmark = pytest.mark.browser

PAGE = "/efforts/country-x/registers/actors/"
# A register of its own for each test.
FILL = """
from mapro.core.models import User
from planning import actions
from planning.models import Effort, Entry, EntryLink
from planning.registers import REGISTERS
EntryLink.objects.all().delete()
Entry.objects.all().delete()
effort = Effort.objects.select_related("marking").get(slug="country-x")
by = User.objects.get(email="member@demo.mapro.example")
for name in ("Army", "Militia", "Radio", "Council"):
    actions.add_entry(effort=effort, register=REGISTERS["actors"], by=by,
        values={"name": name, "objectives": f"What {name} wants."})
"""
COPY = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(office: Office) -> Iterator[Page]:
    """The register of actors; afterwards nothing was asked outside, and no console complained."""
    shell(office.site, FILL)
    page = office.sign_in("member")
    page.goto(office.site.base + PAGE)
    yield page
    assert office.outside() == []
    assert office.trouble == []


def cell(page: Page, number: int, column: str) -> Locator:
    """A cell by the number of its entry and the head of its column."""
    heads = page.locator("thead th").all_inner_texts()
    return page.locator(f"tr[data-number='{number}'] > *").nth(heads.index(column))


def order(page: Page) -> list[str]:
    return [str(row.get_attribute("data-number")) for row in page.locator("tbody tr").all()]


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-said]")).to_contain_text(words)


def test_a_cell_opens_saves_and_is_left(page: Page) -> None:
    cell(page, 2, "Objectives").click()
    field = page.locator(".cell-form textarea")
    expect(field).to_be_focused()
    field.fill("Land.")
    page.keyboard.press("Tab")
    said(page, "ACT-2 saved")
    expect(cell(page, 2, "Objectives")).to_have_text("Land.")
    expect(cell(page, 2, "Stance now")).to_be_focused()

    page.keyboard.press("Enter")
    page.locator(".cell-form select").select_option("Bystander")
    page.keyboard.press("Escape")
    expect(page.locator(".cell-form")).to_have_count(0)
    expect(cell(page, 2, "Stance now")).to_have_text("")
    expect(cell(page, 2, "Stance now")).to_be_focused()

    # Tab without a change moves on and saves nothing.
    page.keyboard.press("Enter")
    expect(page.locator(".cell-form select")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(cell(page, 2, "Objectives")).to_be_focused()
    page.reload()
    expect(cell(page, 2, "Objectives")).to_have_text("Land.")


def test_a_refused_cell_keeps_what_was_typed(page: Page) -> None:
    cell(page, 1, "Name").click(position={"x": 4, "y": 4})
    field = page.locator(".cell-form input[name=value]")
    field.fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".cell-form .field-error")).to_contain_text("needed")
    expect(field).to_be_focused()
    fine(page)
    field.fill("Armed forces")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "Name")).to_contain_text("Armed forces")


def test_a_cell_that_somebody_else_changed_shows_both(page: Page, office: Office) -> None:
    cell(page, 1, "Objectives").click()
    page.locator(".cell-form textarea").fill("Mine.")
    other = office.sign_in("lead")
    other.goto(office.site.base + PAGE)
    cell(other, 1, "Objectives").click()
    other.locator(".cell-form textarea").fill("Theirs.")
    other.keyboard.press("Tab")
    said(other, "saved")
    page.keyboard.press("Tab")
    note = page.locator(".cell-form .stale-note")
    expect(note).to_contain_text("Theirs.")
    expect(note).to_contain_text("Mine.")
    expect(page.locator(".cell-form textarea")).to_have_value("Mine.")
    page.locator(".cell-form").get_by_role("button", name="Save").click()
    expect(cell(page, 1, "Objectives")).to_have_text("Mine.")


def test_a_save_without_a_connection_keeps_what_was_typed(page: Page, office: Office) -> None:
    cell(page, 1, "Objectives").click()
    page.locator(".cell-form textarea").fill("Kept.")
    page.context.set_offline(True)
    page.keyboard.press("Tab")
    said(page, "Not saved")
    expect(page.locator(".cell-form textarea")).to_have_value("Kept.")
    page.context.set_offline(False)
    assert all("htmx:" in line for line in office.trouble)  # it tells the console too
    office.trouble.clear()
    page.keyboard.press("Tab")
    said(page, "saved")
    expect(cell(page, 1, "Objectives")).to_have_text("Kept.")


def test_rows_move_by_keys_buttons_and_pulling(page: Page) -> None:
    cell(page, 3, "Objectives").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+ArrowUp")
    said(page, "ACT-3 moved in front of ACT-2")
    expect(cell(page, 3, "Objectives")).to_be_focused()
    assert order(page) == ["1", "3", "2", "4"]

    page.get_by_role("button", name="Move ACT-1", exact=True).click()
    page.get_by_role("button", name="Move ACT-1 down").click()
    said(page, "ACT-1 moved in front of ACT-2")
    assert order(page) == ["3", "1", "2", "4"]

    page.set_viewport_size({"width": 1440, "height": 1400})
    grip = page.get_by_role("button", name="Move ACT-3", exact=True).bounding_box()
    last = page.locator("tr[data-number='4']").bounding_box()
    assert grip is not None and last is not None
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, last["y"] + last["height"] - 4, steps=8)
    page.mouse.up()
    said(page, "ACT-3 moved to the end")
    page.reload()
    assert order(page) == ["1", "2", "4", "3"]


def test_a_star(page: Page) -> None:
    star = page.get_by_role("button", name="Highlight ACT-2")
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(star).to_have_text("★ Highlight ACT-2")


def test_pasted_cells_are_shown_first(page: Page) -> None:
    cell(page, 2, "Objectives").click()
    page.keyboard.press("Escape")
    page.evaluate(COPY, "Gold.\tBystander\nLand.\tNonsense\n")
    expect(page.get_by_role("heading", name="Paste into Actors")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("1 thing to mend")
    fine(page)
    page.locator("#paste-text").fill("Gold.\tBystander\nLand.\tUnknown\nPeace.\n")
    page.get_by_role("button", name="Show what they do").click()
    expect(page.get_by_role("status")).to_contain_text("0 new, 3 changed")
    fine(page)
    page.get_by_role("button", name="Take in 3 changed").click()
    expect(page.get_by_text("Taken in: 0 added, 3 changed")).to_be_visible()
    expect(cell(page, 4, "Objectives")).to_have_text("Peace.")
    expect(cell(page, 4, "Stance now")).to_have_text("")


@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_scrolls_sideways_and_everybody_can_read_it(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for address in (
        PAGE,
        f"{PAGE}import/",
        f"{PAGE}?show=retired",
        "/efforts/country-x/registers/",
    ):
        page.goto(page.url.split("/efforts/")[0] + address)
        fine(page)


def test_without_script_the_same_can_be_done(office: Office, page: Page) -> None:
    plain = office.new_page(java_script_enabled=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain.goto(office.site.base + PAGE)
    plain.get_by_role("button", name="Highlight ACT-2").click()
    expect(plain.get_by_role("button", name="Highlight ACT-2")).to_have_attribute(
        "aria-pressed", "true"
    )
    plain.get_by_label("Copied cells").fill("Fifth\nSixth")
    plain.get_by_role("button", name="Show what they do").click()
    plain.get_by_role("button", name="Take in 2 new").click()
    expect(plain.get_by_text("Taken in: 2 added")).to_be_visible()
    plain.get_by_role("link", name="Edit ACT-5").click()
    expect(plain.get_by_role("heading", name="Fifth")).to_be_visible()
