"""The toolbox in a browser: the grid on one landscape page, the drawer, ticks, at every width."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dime.seeds import tools
from tests.browser.beside import shell
from tests.browser.conftest import Office
from tests.browser.test_country_x import fine

pytestmark = pytest.mark.browser

GRID = "/toolbox/"
EFFORT = "/efforts/country-x/toolbox/"
LEGIBLE = 6.5  # points
READ = """
from dime.actions.situation import Reading, read_situation
from mapro.core.models import User
from planning import actions
from planning.models import Effort, Entry, EntryLink
from planning.registers import REGISTERS
EntryLink.objects.all().delete()
Entry.objects.all().delete()
effort = Effort.objects.select_related("marking").get(slug="country-x")
by = User.objects.get(email="member@demo.mapro.example")
read_situation(effort=effort, by=by, readings={
    "host_nation_role": Reading("adversary", "The army shells villages."),
    "us_position": Reading("medium", "The Embassy is open."),
    "international_support": Reading("medium", "The Council is split."),
    "volatility": Reading("urgent", "Killings spread."),
})
actions.add_entry(effort=effort, register=REGISTERS["options"], by=by,
    values={"name": "Pressure", "approach": "compellence", "level": "policy"})
"""


@pytest.fixture
def page(office: Office) -> Iterator[Page]:
    """A page of the member; afterwards nothing was asked outside, and no console complained."""
    shell(office.site, READ)
    page = office.sign_in("member")
    yield page
    assert office.outside() == []
    assert office.trouble == []


@pytest.mark.parametrize("address", [GRID, EFFORT])
def test_the_grid_prints_on_one_landscape_page(page: Page, office: Office, address: str) -> None:
    page.goto(office.site.base + address)
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    assert sheets[0].mediabox.width > sheets[0].mediabox.height
    # A ligature reads as its letters.
    words = "".join(unicodedata.normalize("NFKC", sheets[0].extract_text()).split())
    for tool in tools():
        assert "".join(tool["name"].split()) in words, tool["name"]
    page.emulate_media(media="print")
    size = "e => parseFloat(getComputedStyle(e).fontSize) * 0.75"
    smallest = page.locator(".tool-grid li a").evaluate_all(f"all => Math.min(...all.map({size}))")
    page.emulate_media(media="screen")
    assert smallest >= LEGIBLE


@pytest.mark.parametrize("width", [1440, 375])
def test_the_drawer_opens_beside_the_grid_or_below_its_row(
    page: Page, office: Office, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(office.site.base + EFFORT)
    link = page.locator(".tool-grid a", has_text="Debt Relief")
    link.focus()
    page.keyboard.press("Enter")
    heading = page.locator("#drawer h2")
    expect(heading).to_have_text("Debt Relief")
    expect(heading).to_be_focused()
    expect(link).to_have_attribute("aria-current", "true")
    assert page.url.endswith(EFFORT)
    below = page.locator("li:has(a[href*='debt-relief']) #drawer")
    expect(below).to_have_count(1 if width == 375 else 0)
    if width == 375:
        page.get_by_role("button", name="Close").click()
        expect(link).to_be_focused()
    fine(page)


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize(
    "address",
    [
        GRID, EFFORT, "/toolbox/debt-relief/?effort=country-x", "/toolbox/new/",
        "/toolbox/compare/?tools=debt-relief,embargoes,contacts&effort=country-x",
    ],
)  # fmt: skip
def test_pages_can_be_used_by_everybody(
    page: Page, office: Office, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(office.site.base + address)
    fine(page)


def test_ticked_tools_are_compared_and_added(page: Page, office: Office) -> None:
    page.goto(office.site.base + EFFORT)
    expect(page.locator("[data-ticked]")).to_have_text(
        "Tick tools to compare them, or to add them to an option"
    )
    for name in ("Debt Relief", "Embargoes"):
        page.get_by_label(f"Tick {name}", exact=True).check()
    expect(page.locator("[data-ticked]")).to_have_text("2 tools ticked")
    page.get_by_role("button", name="Compare them").click()
    expect(page.get_by_role("link", name="Take out Embargoes")).to_be_visible()
    assert "csrf" not in page.url
    page.go_back()
    page.get_by_role("button", name="Add to OPT-1").click()
    page.wait_for_url("**/options/1/package/")
    page.goto(office.site.base + EFFORT)
    expect(page.locator(".used")).to_have_count(2)


def test_it_works_without_script(office: Office) -> None:
    shell(office.site, READ)
    page = office.new_page(java_script_enabled=False)
    page.goto(f"{office.site.base}/accounts/login/")
    page.get_by_label("Email").fill(office.site.accounts["member"]["email"])
    page.get_by_label("Password").fill(office.site.accounts["member"]["password"])
    page.get_by_role("button", name="Sign in").click()
    page.goto(office.site.base + EFFORT)
    page.get_by_label("Tick Embargoes", exact=True).check()
    page.get_by_role("button", name="Add to OPT-1").click()
    assert page.url.endswith("/options/1/package/")
    page.goto(office.site.base + EFFORT)
    page.locator(".tool-grid a", has_text="Embargoes").click()
    assert page.url.endswith("/toolbox/embargoes/?effort=country-x")
    expect(page.locator("#why")).to_have_text("How it suits Country X")
