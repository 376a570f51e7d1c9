"""Country X in five browsers: draft, submit, vote, approve, download."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from planning.products.annex_d import CATALOGUE
from tests.browser.conftest import AUDITED, Office

pytestmark = pytest.mark.browser

STEP = "/efforts/country-x/steps/1/"
SECTION = "/efforts/country-x/products/tab-01/sections/{}/"
TYPED = {
    "purpose": "Prevent mass atrocities in Country X, and respond if prevention fails.",
    "ipt": "The Sub-Working Group acts as the planning team.",
    "lead-agency": "The Bureau of Conflict and Stabilization Operations leads.",
    "approving-authority": "The Under Secretary for Political Affairs approves.",
    "timeline": "Operational concept in one month; weekly updates until then.",
}
REASON = "The United Nations is not yet asked what it will do."


def type_section(page: Page, base: str, key: str, words: str) -> None:
    """Type into the editor and wait until the autosave says so."""
    page.goto(base + SECTION.format(key))
    page.locator("form[data-ready]").wait_for()
    page.get_by_role("textbox", name=re.compile("text$")).click()
    page.keyboard.type(words)
    expect(page.locator(".save-state")).to_contain_text("Saved", timeout=10_000)


def fine(page: Page) -> None:
    """No sideways scroll, and nothing that axe finds against WCAG 2.2 A and AA."""
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    rules = {
        "runOnly": {
            "type": "tag",
            "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        }
    }
    AUDITED.add(page)
    found = Axe().run(page, options=rules).response["violations"]
    AUDITED.discard(page)
    assert not found, (page.url, [(v["id"], v["nodes"][0]["html"][:120]) for v in found])


def both_widths(page: Page) -> None:
    """The page at home at 320 and at 1440 px."""
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(50)
        fine(page)


def test_from_draft_to_the_approved_memo(office: Office, tmp_path: Path) -> None:
    base = office.site.base
    member = office.sign_in("member")
    for key, words in TYPED.items():
        type_section(member, base, key, words)
    both_widths(member)

    lead = office.sign_in("lead")
    both_widths(lead)
    lead.goto(base + STEP)
    both_widths(lead)
    lead.get_by_label("Decision asked for").fill("Approve the initial guidance.")
    lead.get_by_role("button", name="Submit to the board").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Approve the initial guidance.")

    for who, position, reason in (("board", "Concur", ""), ("board-io", "Nonconcur", REASON)):
        voter = office.sign_in(who)
        voter.goto(base + "/")
        voter.get_by_role("link", name="Open the board room").click()
        voter.get_by_text(position, exact=True).click()
        voter.get_by_label("Reason or comment").fill(reason)
        voter.get_by_role("button", name="Cast my vote").click()
        expect(voter.get_by_role("status").first).to_contain_text(position)
        both_widths(voter)

    authority = office.sign_in("authority")
    authority.get_by_role("link", name="Open the board room").click()
    both_widths(authority)
    authority.get_by_role("button", name="Record the decision").click()
    expect(authority.get_by_role("alert")).to_contain_text("Choose a decision")
    fine(authority)
    authority.get_by_text("Approve", exact=True).click()
    authority.get_by_text("I have read the package").click()
    authority.get_by_role("button", name="Record the decision").click()
    expect(authority.get_by_text("Recorded: Approved.")).to_be_visible()

    lead.goto(base + STEP)
    expect(lead.get_by_text(REASON)).to_be_visible()
    expect(lead.get_by_text("Nonconcur").first).to_be_visible()
    both_widths(lead)
    expect(lead.locator(".step-strip li").nth(2)).to_contain_text("Drafting")
    with lead.expect_download(timeout=30_000) as download:
        lead.get_by_role("link", name="Download PDF of this version").first.click(timeout=30_000)
    pdf = tmp_path / download.value.suggested_filename
    download.value.save_as(pdf)
    assert pdf.name == "country-x-tab-01-initial-guidance-v1.pdf"
    check_memo(pdf)

    for address in ("/", "/efforts/", "/efforts/country-x/", "/efforts/country-x/team/",
                    "/efforts/country-x/record/", "/efforts/country-x/products/tab-01/preview/",
                    "/efforts/country-x/products/tab-01/versions/1/", "/efforts/none/",
                    "/efforts/new/", "/efforts/country-x/edit/", "/accounts/password/change/"):  # fmt: skip
        lead.goto(base + address)
        both_widths(lead)
    admin = office.sign_in("admin")
    for address in ("/administration/users/", "/administration/users/new/",
                    "/administration/organizations/", "/administration/organizations/new/"):  # fmt: skip
        admin.goto(base + address)
        both_widths(admin)

    lead.goto(base + "/api/docs/")
    expect(lead.get_by_role("heading", name="MAPRO API")).to_be_visible()

    assert office.outside() == []
    assert office.trouble == []
    assert len(office.asked) > 200


def check_memo(path: Path) -> None:
    """Every title, every typed word, the marking on each page, tagged and titled."""
    reader = PdfReader(path)
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    text = " ".join(pages)
    for outlined in CATALOGUE["tab-01"].walk():
        assert outlined.section.title in text
    for words in TYPED.values():
        assert words in text
    assert all(page.count("UNCLASSIFIED // EXERCISE") >= 2 for page in pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Country X: Initial Guidance"
    if shutil.which("pdfinfo"):
        said = subprocess.run(["pdfinfo", path], check=True, text=True, capture_output=True).stdout
        assert re.search(r"Tagged:\s+yes", said)


def test_what_is_typed_is_never_lost(office: Office) -> None:
    """Offline, after a reload, and against somebody else's save."""
    base = office.site.base
    member, usaid = office.sign_in("member"), office.sign_in("usaid")
    place = base + SECTION.format("intent")
    type_section(member, base, "intent", "First words.")
    # Presence would show the newer text before anybody typed; that is another test.
    usaid.route("**/presence/", lambda route: route.abort())
    usaid.goto(place)
    usaid.locator("form[data-ready]").wait_for()

    member.context.set_offline(True)
    member.get_by_role("textbox", name=re.compile("text$")).click()
    member.keyboard.press("Control+End")
    member.keyboard.type(" Typed without a connection.")
    expect(member.locator(".save-state")).to_contain_text("Kept on this device", timeout=10_000)
    member.context.set_offline(False)
    expect(member.locator(".save-state")).to_contain_text("Saved", timeout=15_000)

    usaid.get_by_role("textbox", name=re.compile("text$")).click()
    usaid.keyboard.press("Control+End")
    usaid.keyboard.type(" USAID adds this.")
    alert = usaid.locator("[data-kept]")
    expect(alert).to_contain_text("Typed without a connection.", timeout=10_000)
    expect(usaid.locator(".save-state")).to_contain_text("Not saved")
    expect(usaid.locator(".prose")).to_contain_text("USAID adds this.")
    fine(usaid)
    usaid.get_by_role("button", name="Keep mine").click()
    expect(usaid.locator(".save-state")).to_contain_text("Saved", timeout=10_000)

    member.goto(place)
    expect(member.locator(".prose")).to_contain_text("USAID adds this.")
    member.locator("form[data-ready]").wait_for()
    member.route("**/sections/intent/", lambda route: route.abort()
                 if route.request.method == "POST" else route.continue_())  # fmt: skip
    member.get_by_role("textbox", name=re.compile("text$")).click()
    member.keyboard.type("Left behind. ")
    expect(member.locator(".save-state")).to_contain_text("Kept on this device", timeout=10_000)
    member.on("dialog", lambda dialog: dialog.accept())
    member.goto(base + "/efforts/")
    member.unroute("**/sections/intent/")
    member.goto(place)
    expect(member.locator("[data-kept]")).to_contain_text("not saved")
    expect(member.locator(".prose")).to_contain_text("Left behind.")
    member.get_by_role("button", name="Discard it").click()
    expect(member.locator(".prose")).not_to_contain_text("Left behind.")


def test_drafting_works_without_scripts(office: Office) -> None:
    page = office.sign_in("africom", java_script_enabled=False)
    page.goto(office.site.base + SECTION.format("other"))
    page.locator("textarea[name=body]").fill("Plain words.\n\n- one\n- two")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("textarea[name=body]")).to_have_value("Plain words.\n\n- one\n- two")
    expect(page.locator(".save-state")).to_contain_text("Saved")


def test_drafting_by_keyboard_alone(office: Office) -> None:
    page = office.sign_in("country-team")
    page.goto(office.site.base + SECTION.format("assumptions"))
    page.locator("form[data-ready]").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    bold = page.get_by_role("button", name="Bold")
    for _ in range(60):
        if bold.evaluate("b => b === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(bold).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("The border stays open.")
    page.keyboard.press("Control+s")
    expect(page.locator(".save-state")).to_contain_text("Saved", timeout=10_000)


def test_a_wrong_password_is_told_and_nothing_else(office: Office) -> None:
    page = office.new_page()
    page.goto(office.site.base + "/efforts/country-x/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("Email").fill("lead@demo.mapro.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    both_widths(page)


def test_an_outsider_finds_nothing(office: Office) -> None:
    page = office.sign_in("outsider")
    for address in ("/efforts/country-x/", STEP, SECTION.format("purpose"), "/renditions/1/"):
        answer = page.goto(office.site.base + address)
        assert answer is not None
        assert answer.status == 404
    page.goto(office.site.base + "/efforts/")
    assert "Country X," not in page.content().replace("Country Y", "")
