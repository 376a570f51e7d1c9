"""Country X from the first guidance to the second update: every act of governance in browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from planning import scenario
from tests.browser.conftest import Office
from tests.browser.governing import STORY, Governed, holds, looked_at

pytestmark = pytest.mark.browser

CLICKS = 6  # that an act may take on its page


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


def words_by(who: str, product: str) -> str:
    """What a person of the script dissents from in a product."""
    [found] = [
        act["words"] for act in scenario.load(STORY)["acts"]
        if act["do"] == "dissent" and act["by"] == who and act["product"] == product
        and act.get("red_flag", who != "usaid")
    ]  # fmt: skip
    return str(found)


def test_the_whole_story(office: Office, tmp_path: Path) -> None:
    table = Governed(office, "country-x")
    for act in acts():
        table.play(act)
    print(table.most)
    assert table.most <= CLICKS
