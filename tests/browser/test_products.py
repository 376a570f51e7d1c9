"""Products in real browsers: two authors, a cut network, an ended session, exports, tailoring."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Office
from tests.browser.test_country_x import SECTION, both_widths, fine, type_section

pytestmark = pytest.mark.browser

PRODUCT = "/efforts/country-x/products/tab-01/"
CUT = 60_000 if os.environ.get("MAPRO_FULL") else 8_000  # milliseconds without a network


def box(page: Page):  # noqa: ANN201 - a Playwright locator
    """The editor's text."""
    return page.get_by_role("textbox", name=re.compile("text$"))


def opened(page: Page, address: str) -> None:
    """Open a section and wait for its editor."""
    page.goto(address)
    page.locator("form[data-ready]").wait_for()


def save(page: Page) -> None:
    """Save now, and wait for the server's word."""

    def answered(response: Response) -> bool:
        return response.request.method == "POST" and response.url.endswith(
            tuple(f"/sections/{key}/" for key in ("intent", "other", "press-guidance"))
        )

    with page.expect_response(answered) as found:
        page.keyboard.press("Control+s")
    assert found.value.ok


def add_at_end(page: Page, words: str) -> None:
    """Type a new paragraph at the end."""
    box(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)


def test_two_browsers_and_a_cut_network(office: Office) -> None:
    """One is cut off while both write: both texts are there at the end."""
    place = office.site.base + SECTION.format("intent")
    member, usaid = office.sign_in("member"), office.sign_in("usaid")
    type_section(member, office.site.base, "intent", "What both began with.")
    opened(usaid, place)

    usaid.context.set_offline(True)
    add_at_end(usaid, "USAID wrote this without a network.")
    expect(usaid.locator(".save-state")).to_contain_text("Kept on this device", timeout=15_000)
    add_at_end(member, "The African Bureau wrote this meanwhile.")
    save(member)
    usaid.wait_for_timeout(CUT)
    expect(box(usaid)).to_contain_text("USAID wrote this without a network.")
    usaid.context.set_offline(False)

    panel = usaid.locator("[data-kept]")
    expect(panel).to_contain_text("The African Bureau wrote this meanwhile.", timeout=70_000)
    expect(box(usaid)).to_contain_text("USAID wrote this without a network.")
    fine(usaid)
    panel.get_by_role("button", name=re.compile("Merge|Insert", re.I)).first.click()
    panel.get_by_role("button", name=re.compile("Insert", re.I)).last.click()
    panel.get_by_role("button", name=re.compile("Save|Keep mine", re.I)).first.click()
    expect(usaid.locator(".save-state")).to_contain_text("Saved", timeout=15_000)

    opened(member, place)
    expect(box(member)).to_contain_text("USAID wrote this without a network.")
    expect(box(member)).to_contain_text("The African Bureau wrote this meanwhile.")


def test_a_session_that_ends_while_typing_loses_nothing(office: Office) -> None:
    place = office.site.base + SECTION.format("purpose")
    page = office.sign_in("country-team")
    opened(page, place)
    page.context.clear_cookies(name="sessionid")
    box(page).click()
    page.keyboard.type("Typed after the session had ended. ")
    expect(page.locator(".save-state")).to_contain_text(
        re.compile("signed out", re.I), timeout=15_000
    )
    expect(box(page)).to_contain_text("Typed after the session had ended.")

    with page.context.expect_page() as signing:
        page.locator(".save-state").get_by_role("link").click()
    other = signing.value
    other.get_by_label("Email").fill(office.site.accounts["country-team"]["email"])
    other.get_by_label("Password").fill(office.site.accounts["country-team"]["password"])
    other.get_by_role("button", name="Sign in").click()
    other.get_by_role("heading", name="My work").wait_for()
    other.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".save-state")).to_contain_text("Saved", timeout=30_000)
    opened(page, place)
    expect(box(page)).to_contain_text("Typed after the session had ended.")


def test_who_is_here_and_what_is_finished(office: Office) -> None:
    base = office.site.base
    place = base + SECTION.format("other")
    member, africom = office.sign_in("member"), office.sign_in("africom")
    type_section(member, base, "other", "Risks to citizens in the capital.")
    opened(africom, place)
    opened(member, place)
    expect(member.locator("[data-present]")).to_contain_text(
        re.compile("AFRICOM|Africa Command"), timeout=25_000
    )
    member.get_by_role("button", name="Mark as finished").click()
    expect(member.get_by_role("heading", name=re.compile("Finished by"))).to_be_visible()
    both_widths(member)
    add_at_end(member, "A later thought.")
    save(member)
    member.reload()
    expect(member.get_by_role("button", name="Mark as finished")).to_be_visible()


def test_tailor_compare_dissent_export(office: Office, tmp_path: Path) -> None:
    """What a lead does with a product besides writing it, each page at both widths."""
    base = office.site.base
    lead = office.sign_in("lead")
    type_section(lead, base, "lead-agency", "The Bureau leads.")

    lead.goto(f"{base}{PRODUCT}outline/")
    both_widths(lead)
    lead.get_by_label("Leave out: Coordination with non-USG actors").click()
    row = lead.locator("#o-coordination-with-non-usg-actors")
    row.get_by_label("Reason, printed in the annex").fill("Informal planning; nobody is told yet.")
    row.get_by_role("button", name="Leave it out").click()
    expect(lead.get_by_text("Left out: Informal planning")).to_be_visible()
    lead.get_by_label("Title", exact=True).last.fill("Press guidance")
    lead.get_by_role("button", name="Add", exact=True).click()
    expect(lead.get_by_role("link", name=re.compile("Press guidance"))).to_be_visible()

    lead.goto(f"{base}{PRODUCT}versions/")
    lead.get_by_role("button", name="Freeze a version").click()
    expect(lead.get_by_role("status").first).to_contain_text("frozen")
    both_widths(lead)
    type_section(lead, base, "press-guidance", "Nothing is said in public.")
    lead.goto(f"{base}{PRODUCT}compare/")
    expect(lead.locator(".difference ins")).to_contain_text("Nothing is said in public.")
    both_widths(lead)

    usaid = office.sign_in("usaid")
    usaid.goto(f"{base}/efforts/country-x/dissents/?product=tab-01&section=lead-agency")
    usaid.get_by_label(re.compile("Dissent on")).fill("USAID should lead where relief is at stake.")
    usaid.get_by_role("button", name="Put it on record").click()
    expect(usaid.get_by_role("heading", name=re.compile("^D-"))).to_be_visible()
    both_widths(usaid)

    lead.goto(f"{base}{PRODUCT}preview/")
    expect(lead.locator(".paper")).to_contain_text("USAID should lead where relief is at stake.")
    expect(lead.locator(".paper")).to_contain_text("Informal planning; nobody is told yet.")
    for form, ending in (("Word", "docx"), ("HTML", "html")):
        lead.goto(f"{base}{PRODUCT}preview/")
        lead.get_by_label("Format").select_option(label=form)
        with lead.expect_download(timeout=60_000) as download:
            lead.get_by_role("button", name="Export").click()
            lead.get_by_role("link", name=f"Download {form}").click(timeout=60_000)
        made = tmp_path / download.value.suggested_filename
        download.value.save_as(made)
        assert made.suffix == f".{ending}"
        text = made.read_bytes()
        if ending == "docx":
            text = zipfile.ZipFile(made).read("word/document.xml")
        assert b"USAID should lead where relief is at stake." in text

    lead.goto(f"{base}/efforts/country-x/library/")
    both_widths(lead)
    lead.get_by_text("every product as it is now").click()
    lead.get_by_role("button", name="Make it").click()
    lead.get_by_role("link", name="Download PDF").wait_for(timeout=90_000)
    both_widths(lead)
    for address in ("/efforts/country-x/products/", "/efforts/country-x/library/?format=docx"):
        lead.goto(base + address)
        both_widths(lead)
    admin = office.sign_in("admin")
    admin.goto(f"{base}/administration/formats/new/")
    both_widths(admin)
    admin.get_by_label("Title").fill("Legal annex")
    admin.get_by_label("Outline").fill("Question *\n  Authorities (80 words)\nAnswer")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("link", name="Legal annex")).to_be_visible()
    both_widths(admin)
    assert office.outside() == []
    assert office.trouble == []
