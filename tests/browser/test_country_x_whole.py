"""Country X from the first guidance to the second update: every act of governance in browsers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from planning import scenario
from tests.browser.beside import holds
from tests.browser.conftest import Office
from tests.browser.governing import STORY, Governed

pytestmark = pytest.mark.browser

CLICKS = 4  # that an act may take on its page, with the products that a submission leaves out
THIS = "Download PDF of this version"


def acts() -> Iterator[Mapping[str, Any]]:
    """The script's acts. Who is recused stands aside in the board room, once a package is there."""
    aside: list[Mapping[str, Any]] = []
    for act in scenario.load(STORY)["acts"]:
        if act["do"] == "recuse":
            aside.append(act)
        elif act["do"] != "scene":
            yield act
        if act["do"] == "submit":
            yield from aside
            aside.clear()


def test_the_whole_story(office: Office, tmp_path: Path) -> None:
    effort = Governed(office, "country-x")
    for act in acts():
        effort.play(act)
    assert effort.most <= CLICKS
    for number in (1, 2, 3, 4):
        assert "Gate passed" in effort.state(number)
    assert "Drafting" in effort.state(5)  # two updates are approved, and it stays open
    check_pages(effort)
    check_files(effort, tmp_path)
    assert office.outside() == []
    assert office.trouble == []


def check_pages(effort: Governed) -> None:
    """What the story left behind: nothing owed for speed, both cycles, every turn on record."""
    page = effort.at("authority")
    expect(page.get_by_role("region", name="Owed for speed")).to_have_count(0)
    expect(page.get_by_role("region", name="Crisis clock")).to_have_count(0)

    page = effort.at_step("authority", 2)
    assert_said(page, "Submission 1: ", "Returned with guidance")
    assert_said(page, "Submission 2: ", "Approved with conditions")
    page = effort.at_step("authority", 4)
    words = f"{effort.post('alternate')}, on behalf of {effort.post('authority')}"
    assert_said(page, "Submission 2, interim: ", words)
    page = effort.at_step("authority", 5)
    assert_said(page, "Submission 2, interim: ", "My sister directs the organization")
    assert_said(page, "Submission 2, interim: ", f"by the {effort.post('alternate')}")

    page = effort.at_step("authority", 3, "cycles/")
    first = page.get_by_role("region", name="Cycle 1", exact=True)
    expect(first).to_contain_text("option one")
    second = page.get_by_role("region", name="Cycle 2", exact=True)
    expect(second).to_contain_text("option two")
    expect(second).to_contain_text(effort.post("dc"))

    _, found = effort.read("authority", effort.named["relief"])
    expect(found).to_contain_text("Red flag")
    expect(found).to_contain_text("Ruling of the authority: sustained in part")
    expect(found).to_contain_text("Co-signed by")
    page = effort.at("lead", "due-outs/?show=done")
    flag = page.get_by_role("article").filter(has_text="Rests on a reopened step")
    expect(flag).to_contain_text("version 1 to 2")


def assert_said(page: Page, submission: str, words: str) -> None:
    """The record of a step says something of a submission."""
    expect(page.get_by_role("article", name=submission)).to_contain_text(words)


def check_files(effort: Governed, folder: Path) -> None:
    """Dissents are printed where they belong; the memo of the reopened decision has it all."""
    said = {act["id"]: act["words"] for act in acts() if act["do"] == "dissent"}
    ruling = next(act["words"] for act in acts() if act["do"] == "rule")
    for product, number, dissents, later in (
        ("tab-04", 2, ("access", "relief"), "window"),
        ("tab-07", 1, ("relief", "region", "window"), "means"),
    ):
        page = effort.at("lead", f"products/{product}/versions/{number}/")
        expect(page.get_by_text("Approved").first).to_be_visible()
        text = effort.download(page, THIS, folder)
        for name in dissents:
            assert holds(text, said[name]), (product, name)
        assert holds(text, ruling), product
        assert not holds(text, said[later]), product

    page = effort.at_step("lead", 3, "board/?submission=2")
    memo = effort.download(page, "Download PDF of the decision memo", folder)
    for name in ("access", "relief", "region"):
        assert holds(memo, said[name]), name
    start = next(n for n, act in enumerate(acts()) if act["do"] == "reopen")
    for act in list(acts())[start:]:
        if act["do"] in {"submit", "vote", "decide"} and act["step"] == 3:
            for name in ("ask", "reason", "conditions", "guidance"):
                for line in act.get(name, "").splitlines():
                    assert holds(memo, line), line
