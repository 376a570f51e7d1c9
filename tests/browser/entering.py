"""Registers and the watch in plays of the browser: filled through the API and, for the watch, beside
the site; assumptions are approved and judged on their pages."""

from __future__ import annotations

from typing import Any

from planning import scenario, scenario_registers
from planning.registers import REGISTERS
from tests.browser.beside import ask, shell
from tests.browser.conftest import Office

STORY = "country_x"
VERDICTS = {"validated": "It came true", "invalidated": "It does not hold"}


class Entering:
    """The verbs that enter, change and judge what registers hold; ``entries`` are their numbers in
    the API and their labels, by the ids of the story's rows."""

    office: Office
    slug: str
    named: dict[str, str]
    entries: dict[str, tuple[int, str]]
    at: Any
    _button: Any
    _choose: Any
    _unfold: Any
    _done: Any

    def enter(self, registers: list[str], by: str, part: str = "") -> None:
        """Enter the rows of registers, one after the other."""
        rows = scenario.load(STORY)["registers"][part]
        for key in registers:
            for row in rows[key]:
                more = {n: row[n] for n in ("portion", "highlight") if n in row}
                made = self._ask(
                    by, "entries/", "POST", effort=self.slug, register=key,
                    values=self._labels(key, scenario_registers.values_of(row)), **more,
                )  # fmt: skip
                self.entries[row["id"]] = (made["id"], made["label"])

    def amend(self, register: str, entry: str, by: str, values: dict[str, Any]) -> None:
        """Change some fields of an entry."""
        address = f"entries/{self.entries[entry][0]}/"
        revision = self._ask(by, address)["revision"]
        self._ask(
            by, address, "PATCH", values=self._labels(register, values), revision=revision
        )  # fmt: skip

    def approve_assumption(self, entries: list[str], by: str) -> None:
        """Take assumptions as a basis of the plan, each on its page."""
        for name in entries:
            page = self.at(by, self._page(name))
            self._button(page, "Approve it")
            self._done(page, "is approved as it reads now")

    def judge_assumption(self, entry: str, verdict: str, why: str, by: str, id: str = "") -> None:
        """Say that an assumption came true or fell; what that makes owed is named."""
        page = self.at(by, self._page(entry))
        self._unfold(page, "It came true, or it does not hold")
        self._choose(page, VERDICTS[verdict])
        page.get_by_label("What shows it").fill(why)
        self._button(page, "Put on record")
        self._done(page, f"is {verdict}")
        if id:
            of = f"due-outs/?effort__slug={self.slug}&origin=assumption"
            numbers = [row["number"] for row in self._ask(by, of)["results"]]
            self.named[id] = f"DO-{max(numbers)}"

    def watch(self, scenario: str, part: str, by: str) -> None:
        """Let the watch come to know a part of what it knows."""
        email = self.office.site.accounts[by]["email"]
        shell(
            self.office.site,
            "from assessments import watching\n"
            "from mapro.core.models import User\n"
            "from planning.models import Effort\n"
            f"watching.take_in({scenario!r}, {part!r}, "
            f"effort=Effort.objects.get(slug={self.slug!r}), "
            f"by=User.objects.get(email={email!r}))",
        )

    def _page(self, name: str) -> str:
        """The address of an assumption below the effort's."""
        return f"registers/assumptions/{self.entries[name][1].partition('-')[2]}/"

    def _ask(self, who: str, address: str, method: str = "GET", **body: Any) -> Any:
        return ask(self.office.site, who, address, method, **body)

    def _labels(self, register: str, values: dict[str, Any]) -> dict[str, Any]:
        """Values with links as labels instead of ids."""
        links = scenario_registers.links_of(REGISTERS[register], values)
        return {**values, **{k: [self.entries[i][1] for i in ids] for k, ids in links.items()}}
