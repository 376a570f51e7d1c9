"""Options in a browser: from an empty effort to a comparison of three, every action counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.beside import shell
from tests.browser.conftest import Office
from tests.browser.test_country_x import both_widths

pytestmark = pytest.mark.browser

MOST = 60  # actions from the effort's page to a comparison of three options
EFFORT = "/efforts/country-x/"
# The registers as a situation analysis leaves them; no option, no criterion.
FILL = """
from dime.models import Comparison, Overruling
from mapro.core.models import User
from planning import actions
from planning.models import Effort, Entry, EntryLink
from planning.registers import REGISTERS
Comparison.objects.all().delete()
Overruling.objects.all().delete()
EntryLink.objects.all().delete()
Entry.objects.all().delete()
effort = Effort.objects.select_related("marking").get(slug="country-x")
by = User.objects.get(email="member@demo.mapro.example")
def add(register, **values):
    actions.add_entry(effort=effort, register=REGISTERS[register], by=by, values=values)
for name in ("Presidency", "Armed bands", "Regional organization", "Displaced people"):
    add("actors", name=name)
add("assumptions", statement="The neighbor keeps its border open.")
add("messages", message="Those who incite will be named.", audience_kind="perpetrators")
for words in ("Prevent violence from escalating", "Keep the conflict from spreading"):
    add("objectives", statement=words)
for name in ("Situation Understanding", "Diplomacy", "Economic Efforts", "Unity of Effort"):
    add("lines-of-effort", name=name, lead="State")
"""


class Counted:
    """A page on which every click, choice, tick and filled field is one action."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, what: Locator) -> None:
        """One click."""
        what.click()
        self.count += 1

    def link(self, name: str) -> None:
        """Follow a link."""
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        """Press a button whose name begins so."""
        self.click(self.page.get_by_role("button", name=name).first)

    def fill(self, label: str, words: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label, exact=True).fill(words)
        self.count += 1

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)
        self.count += 1


@pytest.fixture
def page(office: Office) -> Iterator[Page]:
    """A member of the team on the effort's page; afterwards nothing was asked outside."""
    shell(office.site, FILL)
    page = office.sign_in("member")
    page.goto(office.site.base + EFFORT)
    yield page
    assert office.outside() == []
    assert office.trouble == []


def option(does: Counted, name: str, approach: str, role: str, tools: tuple[str, ...]) -> None:
    """Enter an option and pick the tools of its package."""
    does.link("Options")
    does.fill("Name", name)
    does.choose("Approach", approach)
    does.choose("U.S. role", role)
    does.fill("Concept", f"{name}, led from the region, with effect in weeks.")
    does.button("Enter it and build its package")
    for tool in tools:
        does.click(does.page.get_by_role("checkbox", name=tool).first)
    does.button("Add what is ticked")
    expect(does.page.get_by_role("status").first).to_contain_text(str(len(tools)))


def criterion(does: Counted, name: str, weight: str) -> None:
    """Enter a criterion with its weight."""
    does.fill("Criterion", name)
    does.fill("Weight", weight)
    does.button("Enter it")


def test_three_options_are_compared_within_sixty_actions(page: Page) -> None:
    does = Counted(page)
    option(
        does, "Low-key support", "Suasion", "Support Other Actors",
        ("Contacts", "Fact Finding Missions", "Foreign Aid"),
    )  # fmt: skip
    option(
        does, "Expanded effort", "Mixed", "Lead Multinational Effort",
        ("Mediation", "Travel Bans on Perpetrators", "Human Rights Monitoring", "Expanded ISR"),
    )  # fmt: skip
    does.link("Options")
    expect(page.get_by_role("article")).to_have_count(3)  # do nothing joined them by itself
    does.link("Compare the options")
    weights = {"Acts in time": "40", "Reaches who decides": "35", "Spares relief": "25"}
    for name, weight in weights.items():
        criterion(does, name, weight)
    does.button("Save and settle the weights")
    scores = {
        "Low-key support": (2, 3, 5), "Expanded effort": (4, 5, 2), "Do nothing": (1, 1, 3),
    }  # fmt: skip
    for name, row in scores.items():
        for words, number in zip(weights, row, strict=True):
            group = page.get_by_role("radiogroup", name=f"{name} by {words}")
            does.click(group.get_by_role("radio", name=str(number)))
    does.button("Save the scores of")

    # 4 x 40 + 5 x 35 + 2 x 25 = 385, 2 x 40 + 3 x 35 + 5 x 25 = 310, 1 x 75 + 3 x 25 = 150
    ranks = page.get_by_role("region", name="Options by rank").get_by_role("row")
    expect(ranks.nth(1)).to_contain_text("Expanded effort")
    expect(ranks.nth(1)).to_contain_text("3.85")
    expect(ranks.nth(2)).to_contain_text("3.1")
    expect(ranks.nth(3)).to_contain_text("Do nothing")
    assert does.count <= MOST, does.count
    print(f"three options compared in {does.count} actions")


def test_the_pages_of_options_are_fit_for_everybody(page: Page, office: Office) -> None:
    does = Counted(page)
    option(does, "Low-key support", "Suasion", "Support Other Actors", ("Contacts",))
    both_widths(page)  # the package
    for address in (
        "options/", "registers/options/1/", "toolbox/", "comparison/policy/", "risks/",
        "registers/measures/1/",
    ):  # fmt: skip
        page.goto(office.site.base + EFFORT + address)
        both_widths(page)
    page.goto(office.site.base + EFFORT + "comparison/policy/")
    criterion(does, "Acts in time", "60")
    criterion(does, "Reaches who decides", "40")
    does.button("Save and settle the weights")
    both_widths(page)
    for address in (
        "/toolbox/",
        "/toolbox/mediation/",
        "/toolbox/compare/?tools=mediation,contacts",
    ):
        page.goto(office.site.base + address)
        both_widths(page)


def test_weights_that_do_not_add_up_are_told_and_kept(page: Page, office: Office) -> None:
    does = Counted(page)
    option(does, "Low-key support", "Suasion", "Support Other Actors", ("Contacts",))
    page.goto(office.site.base + EFFORT + "comparison/policy/")
    criterion(does, "Acts in time", "60")
    criterion(does, "Reaches who decides", "30")
    does.button("Save and settle the weights")
    expect(page.get_by_role("alert")).to_contain_text("90")
    expect(page.get_by_role("link", name="Acts in time", exact=True)).to_be_visible()


def test_the_grid_of_tools_prints_on_one_landscape_page(
    page: Page, office: Office, tmp_path: Path
) -> None:
    page.goto(f"{office.site.base}/toolbox/")
    paper = tmp_path / "grid.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True)
    found = PdfReader(paper)
    assert len(found.pages) == 1
    box = found.pages[0].mediabox
    assert box.width > box.height
    words = " ".join(found.pages[0].extract_text().split())
    for name in (
        "Diplomatic Pressure",
        "Full Intervention",
        "International Sanctions",
        "Arts Promotion",
    ):
        assert name in words
