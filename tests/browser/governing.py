"""An effort governed in browsers: every act is clicks in the pages; texts go through the API.

The acts are named as the verbs of a scenario's script, and take the fields that its acts have.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from planning import scenario
from planning.vocabulary import Origin, Position, Role, Ruling, Way
from tests.browser.beside import ask, draft, words_of
from tests.browser.conftest import Office
from tests.browser.entering import STORY, Entering
from tests.browser.formulating import Formulating
from tests.browser.test_country_x import both_widths

UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
SLOW = 20_000  # milliseconds that an answer, or a file, may take on a busy machine
OUTCOMES = {
    "approve": "Approve",
    "approve_conditions": "Approve with conditions",
    "return": "Return with guidance",
}


def opened(office: Office, name: str) -> Governed:
    """A fresh effort of the lead's with Country X's team, at Step 1."""
    made = ask(
        office.site, "lead", "efforts/", "POST", name=name, country="Country X",
        situation="Raids drive people across the border.", exercise=True,
    )  # fmt: skip
    for row in scenario.load(STORY)["people"]:
        email = office.site.accounts[row["key"]]["email"]
        for role in set(row["roles"]) - {Role.LEAD}:
            ask(
                office.site, "lead", f"efforts/{made['slug']}/team/", "POST", email=email, role=role
            )
    return Governed(office, made["slug"])


@dataclass
class Governed(Entering, Formulating):
    """One effort, and the people who govern it. ``most`` counts the clicks of the longest act;
    ``named`` holds what an act with an ``id`` made, for later ones."""

    office: Office
    slug: str
    most: int = 0
    named: dict[str, str] = field(default_factory=dict)
    entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    _clicks: int = 0

    # ---------- pages

    def at(self, who: str, address: str = "") -> Page:
        """A person's page at an address below the effort's."""
        page = self.office.sign_in(who)
        page.goto(f"{self.office.site.base}/efforts/{self.slug}/{address}")
        self._clicks = 0
        return page

    def at_step(self, who: str, step: int, address: str = "") -> Page:
        """The same below a step's."""
        return self.at(who, f"steps/{step}/{address}")

    def state(self, step: int) -> str:
        """What the strip of steps on the effort's page says of one."""
        strip = self.at("lead").get_by_role("list", name="Six steps")
        return strip.get_by_role("listitem").nth(step).inner_text()

    def post(self, who: str) -> str:
        """A person's post."""
        return str(self.office.site.accounts[who]["post"])

    def _press(self, what: Locator) -> None:
        what.click()
        self._clicks += 1
        self.most = max(self.most, self._clicks)

    def _button(self, where: Page | Locator, name: str) -> None:
        self._press(where.get_by_role("button", name=name, exact=True))

    def _choose(self, where: Page | Locator, words: str) -> None:
        """Tick a radio button or a box by its words."""
        self._press(where.locator("label").get_by_text(words, exact=True))

    def _unfold(self, where: Page | Locator, words: str) -> None:
        """Open the second step of a dangerous act."""
        self._press(where.locator("summary").filter(has_text=words).first)

    def _done(self, page: Page, words: str) -> None:
        expect(page.get_by_role("status").first).to_contain_text(words, timeout=SLOW)

    def play(self, act: Mapping[str, Any]) -> None:
        """One act of a script."""
        verb = act["do"] + "_" * keyword.iskeyword(act["do"])
        getattr(self, verb)(**{name: value for name, value in act.items() if name != "do"})

    # ---------- texts, through the API

    def write(self, products: list[str], by: str, edition: str = "") -> None:
        """Write products as the scenario has them, starting those that no step owes."""
        story = scenario.load(STORY)
        for key in products:
            texts = story["products"][key]
            if edition:
                texts = texts | story["editions"][edition][key]
            self.draft(key, texts, by)

    def draft(self, product: str, texts: Mapping[str, str], by: str = "member") -> None:
        """Write some sections of a product."""
        draft(self.office.site, by, self.slug, product, texts)

    # ---------- the gate

    def submit(
        self, step: int, by: str, ask: str, products: list[str] | None = None, silence: str = ""
    ) -> Page:
        """Put the step, or some of its products, before the board."""
        page = self.at_step(by, step)
        page.get_by_label("Decision asked for").fill(ask)
        if products:
            self._tick(page, products)
        if silence:
            page.get_by_label("Silence until (Zulu)").fill(silence)
        self._button(page, "Submit to the board")
        self._done(page, "is before the board")
        return page

    def _tick(self, page: Page, products: list[str]) -> None:
        """Choose the products, where the form offers a choice."""
        for box in page.get_by_role("checkbox").all():
            if (box.get_attribute("value") in products) is not box.is_checked():
                self._press(page.locator(f"label[for={box.get_attribute('id')}]"))

    def vote(self, step: int, by: str, position: str, reason: str = "", seat: str = "") -> Page:
        """Take a position, for one's own seat or that of another."""
        page = self.at_step(by, step, "board/")
        form = page.get_by_role("form", name=f"Vote for the seat of {self.post(seat or by)}")
        words = Position(position).label
        self._choose(form, words)
        form.get_by_label("Reason or comment").fill(reason)
        self._button(form, "Cast my vote")
        self._done(page, f"stands: {words}")
        return page

    def remind(self, step: int, by: str) -> None:
        """Remind every seat that is out."""
        page = self.at_step(by, step, "board/")
        self._press(page.get_by_role("button", name=re.compile("^Remind all")))
        self._done(page, "reminded")

    def decide(
        self, step: int, by: str, outcome: str, conditions: str = "", guidance: str = ""
    ) -> Page:
        """Decide, and see that it is recorded."""
        page = self.try_to_decide(step, by, outcome, conditions, guidance)
        self._done(page, "Recorded: ")
        return page

    def try_to_decide(
        self, step: int, by: str, outcome: str, conditions: str = "", guidance: str = ""
    ) -> Page:
        """Fill the decision form and send it; it may be refused."""
        page = self.at_step(by, step, "board/")
        form = page.get_by_role("form", name="5. Decision")
        self._choose(form, OUTCOMES[outcome])
        form.get_by_label("Conditions", exact=True).fill(conditions)
        form.get_by_label("Guidance to the team").fill(guidance)
        self._press(form.get_by_text("I have read"))
        self._button(form, "Record the decision")
        return page

    def verbal(self, step: int, by: str, said_by: str, words: str) -> None:
        """Record what the authority said."""
        page = self.at_step(by, step, "board/")
        self._unfold(page, "Record a verbal approval")
        page.get_by_label("Who said it").select_option(label=self.post(said_by))
        page.get_by_label("In which words, and how it reached you").fill(words)
        self._button(page, "Put it on record")
        self._done(page, "It is on record")

    def at_risk(self, step: int, by: str, why: str) -> None:
        """Start a locked step."""
        page = self.at_step(by, step)
        self._unfold(page, "Start it at risk")
        page.get_by_label("Why waiting costs more").fill(why)
        self._button(page, f"Yes, start Step {step} at risk")
        self._done(page, "is open at risk")

    def reopen(self, step: int, by: str, reason: str) -> None:
        """Open an approved step for a new cycle."""
        page = self.at_step(by, step)
        self._unfold(page, "Reopen the step")
        page.get_by_label("What changed").fill(reason)
        self._button(page, f"Yes, reopen Step {step}")
        self._done(page, "is open again")

    def way(self, step: int, by: str, way: str, quorum: int) -> None:
        """Settle how a step is decided."""
        page = self.at_step(by, step, "how/")
        self._choose(page, Way(way).label)
        page.get_by_label("Quorum").fill(str(quorum))
        self._button(page, "Settle it")
        self._done(page, Way(way).label)

    def raise_(self, step: int, by: str, to: str) -> None:
        """Raise a step to the body that a person stands for."""
        page = self.at_step(by, step, "how/")
        page.get_by_label("Post", exact=True).select_option(label=self.post(to))
        page.get_by_label("For", exact=True).select_option(label="Deputies Committee")
        self._button(page, f"Raise Step {step}")
        self._done(page, "for the Deputies Committee")

    # ---------- who stands in, and haste

    def delegate(
        self, by: str, to: str, role: str, days: int, why: str, step: int = 0, holder: str = "",
        id: str = "",
    ) -> None:  # fmt: skip
        """Let somebody stand in, for oneself or as lead for a board member."""
        page = self.at(by, "mandates/")
        form = page.get_by_role("region", name="Let somebody stand in")
        whose = self.post(holder) if holder else f"{self.post(by)} (myself)"
        form.get_by_label("In the place of").select_option(label=whose)
        form.get_by_label("As", exact=True).select_option(label=Role(role).label)
        form.get_by_label("Who stands in").select_option(label=self.post(to))
        if step:
            form.get_by_label("In (optional)").select_option(label=f"Step {step} alone")
        until = datetime.now(UTC) + timedelta(days=days)
        form.get_by_label("Until (Zulu)").fill(f"{until:%Y-%m-%dT%H:%M}")
        form.get_by_label("Reason").fill(why)
        self._button(form, "Let them stand in")
        self._done(page, "stands in for")
        self.named[id] = to

    def end_mandate(self, mandate: str, by: str) -> None:
        """End the delegation to the person whom an earlier act named."""
        page = self.at(by, "mandates/")
        row = page.get_by_role("region", name="Delegations and recusals").get_by_role(
            "row", name=f"{self.post(self.named[mandate])} for the {self.post(by)}"
        )
        self._unfold(row, "End it")
        self._button(row, "Yes, end this delegation")
        self._done(page, "is ended")

    def recuse(self, step: int, by: str, role: str, why: str) -> None:
        """Stand aside."""
        what = {"board": "my seat on the board", "authority": "the decision"}[role]
        page = self.at_step(by, step, "board/")
        self._unfold(page, f"Recuse myself from {what}")
        page.get_by_label("Why I stand aside").fill(why)
        self._button(page, f"Yes, stand aside from {what}")
        self._done(page, "You take no part")

    def declare_crisis(self, by: str, why: str) -> None:
        """Plan in crisis."""
        self._turn(by, why, "Declare crisis planning", "Yes, plan in crisis from now on")

    def end_crisis(self, by: str, why: str) -> None:
        """Plan deliberately again."""
        self._turn(by, why, "End crisis planning", "Yes, return to deliberate planning")

    def _turn(self, by: str, why: str, what: str, yes: str) -> None:
        page = self.at(by)
        self._unfold(page, what)
        page.get_by_label("Reason").fill(why)
        self._button(page, yes)
        expect(page.get_by_role("status").first).to_be_visible(timeout=SLOW)

    # ---------- due-outs

    def settle(self, step: int, origin: str, by: str, evidence: list[str]) -> None:
        """Settle everything of one origin that a step still owes, one evidence for each."""
        page = self.at_step(by, step)
        owing = page.get_by_role("region", name="Still owed here").get_by_role("row")
        rows = owing.filter(has_text=re.compile(re.escape(f"{Origin(origin).label}.")))
        links = [one.get_by_role("link").first.inner_text() for one in rows.all()]
        assert len(links) == len(evidence), (step, origin, links)
        self._press(owing.get_by_role("link", name=links[0], exact=True))
        for due_out, words in zip(links, evidence, strict=True):
            self._clicks = 0
            self._prove(page, due_out, words)

    def done(self, due_out: str, by: str, words: str) -> None:
        """Settle the due-out that an earlier act named."""
        self._prove(self.at(by, "due-outs/?show=mine"), self.named[due_out], words)

    def _prove(self, page: Page, due_out: str, evidence: str) -> None:
        self._press(page.get_by_role("link", name=f"Settle or assign {due_out}", exact=True))
        page.get_by_label("Evidence").fill(evidence)
        self._button(page, f"Yes, {due_out} is done")
        self._done(page, f"{due_out} is done")

    def due_out(
        self, by: str, text: str, origin: str, owner: str, days: int, id: str = ""
    ) -> None:  # fmt: skip
        """Give a due-out."""
        page = self.at(by, "due-outs/")
        form = page.get_by_role("region", name="Give a due-out")
        form.get_by_label("What is to be done").fill(text)
        form.get_by_label("It comes from").select_option(label=Origin(origin).label)
        form.get_by_label("Owed by").select_option(label=self.post(owner))
        until = datetime.now(UTC) + timedelta(days=days)
        form.get_by_label("Due (Zulu)").fill(f"{until:%Y-%m-%dT%H:%M}")
        self._button(form, "Give it")
        self._done(page, "is given")
        self.named[id] = page.get_by_role("status").first.inner_text().split()[0]

    # ---------- dissents

    def dissent(
        self, by: str, words: str, product: str = "", section: str = "", red_flag: bool = False,
        id: str = "",
    ) -> str:  # fmt: skip
        """Put a dissent on record; its number."""
        page = self.at(by, "dissents/")
        of = urlencode({k: v for k, v in {"product": product, "section": section}.items() if v})
        page.get_by_label("What it disputes").select_option(value=of)
        page.get_by_label("Dissent on record, in your words").fill(words)
        if red_flag:
            self._choose(page, "Raise it as a red flag")
        self._button(page, "Put it on record")
        self._done(page, "is on record")
        self.named[id] = page.get_by_role("status").first.inner_text().split()[0]
        return self.named[id]

    def read(self, who: str, dissent: str, address: str = "dissents/") -> tuple[Page, Locator]:
        """A page, and the dissent on it by its number."""
        page = self.at(who, address)
        return page, page.get_by_role("article", name=re.compile(f"^{dissent}: "))

    def cosign(self, dissent: str, by: str) -> None:
        """Join a dissent."""
        number = self.named[dissent]
        page, found = self.read(by, number)
        self._button(found, f"Co-sign {number}")
        self._done(page, f"You co-sign {number}")

    def answer(self, dissent: str, by: str, words: str) -> None:
        """Answer for the team."""
        number = self.named[dissent]
        page, found = self.read(by, number)
        self._unfold(found, "Answer")
        found.get_by_label(f"Answer of the team to {number}").fill(words)
        self._button(found, "Put the answer on record")
        self._done(page, f"The answer to {number}")

    def rule(self, dissent: str, by: str, ruling: str, words: str) -> None:
        """Rule as the authority."""
        number = self.named[dissent]
        page, found = self.read(by, number)
        self._unfold(found, "Rule")
        self._choose(found, Ruling(ruling).label)
        found.get_by_label("Reasons").fill(words)
        self._button(found, "Put the ruling on record")
        self._done(page, f"{number} is ruled on")

    def withdraw(self, dissent: str, by: str, why: str) -> None:
        """Withdraw one's own dissent."""
        number = self.named[dissent]
        page, found = self.read(by, number)
        self._unfold(found, "Withdraw")
        found.get_by_label("Why, optional").fill(why)
        self._button(found, "Withdraw; the words stay on record")
        self._done(page, f"{number} is withdrawn")

    # ---------- files

    def download(self, page: Page, link: str, folder: Path) -> str:
        """The words of a PDF that a link of this page gives, as soon as it is made."""
        with page.expect_download(timeout=3 * SLOW) as found:
            page.get_by_role("link", name=link).first.click(timeout=2 * SLOW)
        path = folder / found.value.suggested_filename
        found.value.save_as(path)
        return words_of(path)


def looked_at(page: Page) -> None:
    """The page at both widths, with everything unfolded that it can unfold."""
    page.evaluate(UNFOLD)
    both_widths(page)
