"""How an effort is governed, in real browsers: silence, delegation, recusal, haste, red flags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.beside import holds, shell
from tests.browser.conftest import Office
from tests.browser.governing import UNFOLD, Governed, looked_at, opened
from tests.browser.test_country_x import TYPED, fine

pytestmark = pytest.mark.browser

ASK = "Approve the initial guidance."
NO = "The Embassy has not been told."
TICK = 40_000  # milliseconds within which the clock must have come round
CLOSE = """
from django.utils import timezone
from planning.models import Submission
Submission.objects.filter(way="silence", status="pending").update(silence_until=timezone.now())
"""


@pytest.fixture(autouse=True)
def at_home(office: Office) -> Iterator[None]:
    """Afterwards nothing was asked outside the site, and no console complained."""
    yield
    assert office.outside() == []
    assert office.trouble == []


def begun(office: Office, name: str) -> Governed:
    """A fresh effort whose initial guidance is written."""
    effort = opened(office, name)
    effort.draft("tab-01", TYPED)
    return effort


def before_the_board(office: Office, name: str) -> Governed:
    """A fresh effort whose Step 1 is before the board."""
    effort = begun(office, name)
    effort.submit(1, "lead", ASK)
    return effort


def test_silence_adopts_unless_somebody_objects(office: Office) -> None:
    quiet, broken = begun(office, "Quiet"), begun(office, "Broken silence")
    until = f"{datetime.now(UTC) + timedelta(minutes=30):%Y-%m-%dT%H:%M}"
    for effort in (quiet, broken):
        effort.way(1, "lead", "silence", quorum=0)
        page = effort.submit(1, "lead", ASK, silence=until)
        expect(page.get_by_text("The silence ends")).to_be_visible()
        fine(page)
    page = quiet.at_step("authority", 1, "board/")
    expect(page.get_by_text("The silence procedure runs until").first).to_be_visible()
    broken.vote(1, "board-io", "nonconcur", NO)
    shell(office.site, CLOSE)

    lead = quiet.at_step("lead", 1, "board/")
    decided = lead.get_by_role("region", name="5. Decision")
    for _ in range(TICK // 1_000):
        if decided.get_by_text("Supervisory Board, by silence").count():
            break
        lead.wait_for_timeout(1_000)
        lead.reload()
    expect(decided).to_contain_text("Supervisory Board, by silence")
    expect(decided).to_contain_text("Approved")
    assert "Gate passed" in quiet.state(1)
    assert "Drafting" in quiet.state(2)

    # The turn of the clock that adopted the one saw the other too.
    page = broken.at_step("authority", 1, "board/")
    expect(page.get_by_text("Silence is broken: 1 nonconcur.")).to_be_visible()
    fine(page)
    assert "With the board" in broken.state(1)
    assert "Gate closed" in broken.state(2)
    page = broken.try_to_decide(1, "authority", "approve")
    expect(page.get_by_role("alert")).to_contain_text("Silence is broken")
    broken.decide(1, "authority", "return", guidance="Tell the Embassy first.")


def test_an_alternate_decides_while_standing_in(office: Office) -> None:
    effort = begun(office, "Delegated")
    effort.delegate("authority", "alternate", "authority", 3, "Travel.", id="travel")
    effort.submit(1, "lead", ASK)
    page = effort.at_step("alternate", 1, "board/")
    expect(page.get_by_text("on behalf of Under Secretary")).to_be_visible()
    effort.decide(1, "alternate", "return", guidance="Name the limits too.")
    words = f"{effort.post('alternate')}, on behalf of {effort.post('authority')}"
    expect(page.get_by_role("region", name="5. Decision")).to_contain_text(words)
    record = effort.at_step("lead", 1)
    expect(record.get_by_role("article", name="Submission 1")).to_contain_text(words)

    effort.submit(1, "lead", ASK)
    expect(
        effort.at_step("alternate", 1, "board/").get_by_role("form", name="5. Decision")
    ).to_be_visible()
    effort.end_mandate("travel", "authority")
    page = effort.at_step("alternate", 1, "board/")
    expect(page.get_by_role("heading", name="5. Decision")).to_be_visible()
    expect(page.get_by_role("form", name="5. Decision")).to_have_count(0)
    expect(page.get_by_role("button", name="Record the decision")).to_have_count(0)
    page.goto(office.site.base + "/")
    expect(page.get_by_role("region", name="Waits for me")).not_to_contain_text("Delegated")
    effort.decide(1, "authority", "approve")


def test_a_recusal_below_the_quorum_needs_a_substitute(office: Office) -> None:
    effort = begun(office, "Quorum")
    effort.way(1, "lead", "majority", quorum=5)
    effort.submit(1, "lead", ASK)
    effort.recuse(1, "board-io", "board", "My sister directs an organization that it concerns.")
    page = effort.at_step("board-io", 1, "board/")
    expect(page.get_by_role("heading", name="My vote")).to_have_count(0)
    for who in ("board", "board-af", "board-osd", "board-nss"):
        effort.vote(1, who, "concur")

    lacking = "The quorum is 5, and 4 seats can vote. Name a substitute"
    page = effort.at_step("authority", 1, "board/")
    form = page.get_by_role("form", name="5. Decision")
    expect(form).to_contain_text(lacking)
    page = effort.try_to_decide(1, "authority", "approve", guidance="Come back within a week.")
    expect(page.get_by_role("alert")).to_contain_text(lacking)
    expect(page.get_by_label("Guidance to the team")).to_have_value("Come back within a week.")
    expect(page.get_by_role("radio", name="Approve", exact=True)).to_be_checked()
    looked_at(page)

    effort.delegate(
        "lead", "alternate", "board", 2, "The seat should not be empty.", step=1, holder="board-io"
    )
    page = effort.vote(1, "alternate", "concur_comment", "The quorum holds.", seat="board-io")
    seat = page.get_by_role("row", name=f"{effort.post('board-io')} substitute:")
    expect(seat).to_contain_text("Recused")
    expect(seat).to_contain_text("in their place")
    page = effort.decide(1, "authority", "approve")
    expect(page.get_by_role("region", name="5. Decision")).to_contain_text("Approved")
    assert "Drafting" in effort.state(2)


def test_a_verbal_approval_is_a_debt_until_confirmed(office: Office, tmp_path: Path) -> None:
    said = "By telephone from the airport: go ahead, and put it in writing when I land."
    effort = before_the_board(office, "By word")
    effort.verbal(1, "lead", "authority", said)
    page = effort.at("lead")
    assert "Drafting" in effort.state(2)
    assert "With the board" in effort.state(1)
    debts = page.get_by_role("region", name="Owed for speed")
    expect(debts).to_contain_text("Verbal approval")
    expect(debts).to_contain_text(effort.post("authority"))
    looked_at(page)

    page = office.sign_in("authority")
    page.goto(office.site.base + "/")
    waits = page.get_by_role("region", name="Waits for me").get_by_role("row", name="By word")
    expect(waits).to_contain_text("Confirm in writing")
    page = effort.decide(1, "authority", "approve")
    decided = page.get_by_role("region", name="5. Decision")
    text = effort.download(page, "Download PDF of the decision memo", tmp_path)
    assert holds(text, said)
    assert holds(text, ASK)
    expect(decided).to_contain_text("Approved")

    page = effort.at("lead")
    expect(page.get_by_role("region", name="Owed for speed")).to_have_count(0)
    page = effort.at("lead", "due-outs/?show=done")
    expect(page.get_by_role("article").filter(has_text="Verbal approval")).to_contain_text("Done")


def test_a_step_at_risk_waits_at_its_gate(office: Office) -> None:
    effort = begun(office, "At risk")
    effort.submit(1, "lead", ASK)
    effort.at_risk(2, "lead", "The Council meets in two days.")
    page = effort.at("lead")
    debts = page.get_by_role("region", name="Owed for speed")
    expect(debts).to_contain_text("Proceeding at risk")
    expect(debts).to_contain_text("The Council meets in two days.")
    looked_at(page)

    why = "Step 1, Problem Identification and Initial Guidance, is not approved."
    page = effort.at_step("lead", 2)
    expect(page.get_by_role("region", name="The gate")).to_contain_text(why)
    page.get_by_label("Decision asked for").fill("Approve the analysis.")
    page.get_by_role("button", name="Submit to the board").click()
    expect(page.get_by_role("alert")).to_contain_text("Not submitted")
    expect(page.get_by_role("region", name="The gate")).to_contain_text(why)
    expect(page.get_by_label("Decision asked for")).to_have_value("Approve the analysis.")

    effort.decide(1, "authority", "approve")
    page = effort.at("lead")
    expect(page.get_by_role("region", name="Owed for speed")).to_have_count(0)
    page = effort.at_step("lead", 2)
    expect(page.get_by_role("region", name="The gate")).not_to_contain_text(why)
    page = effort.at("lead", "due-outs/?show=done")
    expect(page.get_by_role("article").filter(has_text="The Council meets")).to_contain_text("Done")


def test_a_red_flag_reaches_the_authority_past_the_lead(office: Office) -> None:
    effort = before_the_board(office, "Red flag")
    words = "Announcing this endangers relief workers in the north."
    number = effort.dissent("usaid", words, product="tab-01", red_flag=True, id="flag")

    page = office.sign_in("authority")
    page.goto(office.site.base + "/")
    first = page.locator("main").get_by_role("heading", level=2).first
    expect(first).to_have_text("Red flags raised to me")
    flags = page.get_by_role("region", name="Red flags raised to me")
    expect(flags).to_contain_text(words)
    looked_at(page)

    lead, found = effort.read("lead", number)
    lead.evaluate(UNFOLD)
    expect(found.get_by_role("button")).to_have_count(2)
    for may in (f"Co-sign {number}", "Put the answer on record"):
        expect(found.get_by_role("button", name=may, exact=True)).to_be_visible()
    expect(found).to_contain_text(words)

    flags.get_by_role("link").first.click()
    reasons = "Nothing is announced before the talks have ended."
    effort.rule("flag", "authority", "in_part", reasons)
    for who in ("lead", "usaid", "board"):
        for address in ("dissents/", "steps/1/board/"):
            page, found = effort.read(who, number, address)
            expect(found).to_contain_text("Ruling of the authority: sustained in part")
            expect(found).to_contain_text(reasons)
            expect(found).to_contain_text("Red flag")
    page = office.sign_in("authority")
    page.goto(office.site.base + "/")
    expect(page.get_by_role("region", name="Red flags raised to me")).to_have_count(0)


def test_crisis_planning_starts_a_clock(office: Office) -> None:
    effort = opened(office, "Crisis")
    effort.declare_crisis("authority", "Ministers call for attacks.")
    page = effort.at("lead")
    expect(page.get_by_role("heading", level=1)).to_contain_text("crisis planning")
    clock = page.get_by_role("region", name="Crisis clock")
    since = f"{datetime.now(UTC):%d}".lstrip("0")
    expect(clock).to_contain_text("Hasty since")
    expect(clock).to_contain_text(since)
    expect(clock).to_contain_text(f"by the {effort.post('authority')}")
    looked_at(page)
    effort.end_crisis("lead", "There is time again.")
    page = effort.at("lead")
    expect(page.get_by_role("region", name="Crisis clock")).to_have_count(0)


def test_every_page_at_both_widths(office: Office) -> None:
    """An effort with a reopened step, a package before the board, a debt, a delegation, a recusal
    and dissents, as each of those who govern it sees it."""
    effort = before_the_board(office, "Governed")
    effort.dissent("usaid", "Relief comes first.\n\nNothing else matters as much.", id="a")
    effort.cosign("a", "board-af")
    effort.answer("a", "lead", "It begins on the first day.")
    conditions = "The Embassy is told first.\nThe United Nations is asked."
    effort.vote(1, "board", "nonconcur", NO)
    effort.decide(1, "authority", "approve_conditions", conditions=conditions, guidance="Be brief.")
    effort.reopen(1, "authority", "Ministers called for attacks.")
    effort.at_risk(3, "lead", "The Council meets in two days.")
    effort.draft("tab-01", {"intent": "Principals choose among real options."})
    looked_at(effort.at_step("lead", 2))
    effort.way(1, "lead", "unanimity", quorum=3)
    looked_at(effort.at_step("lead", 1, "how/"))
    effort.settle(1, "condition", "lead", ["Told by telephone.", "Asked in writing."])
    effort.submit(1, "lead", "Approve the initial guidance again.")
    effort.recuse(1, "board-io", "board", "My sister directs an organization that it concerns.")
    effort.delegate("board-io", "alternate", "board", 2, "The seat should not be empty.", step=1)
    effort.vote(1, "board-af", "concur_comment", "Look at it again in a week.")

    for who in ("lead", "board", "authority", "alternate"):
        looked_at(effort.at_step(who, 1, "board/"))
        looked_at(effort.at(who, "dissents/"))
        page = office.sign_in(who)
        page.goto(office.site.base + "/")
        looked_at(page)
    for address in (
        "", "steps/1/", "steps/2/", "steps/3/", "steps/4/", "steps/2/how/", "steps/1/cycles/",
        "steps/1/board/?submission=1", "due-outs/", "due-outs/?show=debts", "due-outs/?show=mine",
        "due-outs/?show=done&do=1", "due-outs/?do=3", "mandates/", "fork/",
    ):  # fmt: skip
        looked_at(effort.at("lead", address))
    looked_at(effort.at("board", "mandates/"))
    looked_at(effort.at("member", "due-outs/"))
