"""Options in plays of the browser: weights, scores, warnings, recommending and adopting, each by
clicks on their pages."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

LEVELS = {"policy": "comparison/policy/", "concept": "comparison/concept/"}


class Formulating:
    """The verbs of the app ``dime``; what ``Entering`` entered is called by the story's ids."""

    entries: dict[str, tuple[int, str]]
    at: Any
    _button: Any
    _press: Any
    _unfold: Any
    _done: Any
    _ask: Any

    def settle_weights(self, level: str, by: str) -> None:
        """Settle the weights as they stand."""
        page = self.at(by, LEVELS[level])
        self._button(page, "Save and settle the weights")
        self._done(page, "The weights are settled")

    def reopen_weights(self, level: str, by: str, why: str) -> None:
        """Reopen them, with a reason."""
        page = self.at(by, LEVELS[level])
        self._unfold(page, "Reopen the weights")
        page.get_by_label("Why they have to change").fill(why)
        self._press(page.locator("form[action$='reopen/'] button"))
        self._done(page, "open")

    def score(self, level: str, by: str, values: dict[str, dict[str, Any]]) -> None:
        """Score for one's own organization, some scores with a reason."""
        page = self.at(by, LEVELS[level])
        for option, row in values.items():
            for criterion, given in row.items():
                number, why = given if isinstance(given, list) else (given, "")
                self._score(page, option, criterion, number, why)
        self._press(page.get_by_role("button", name="Save the scores of"))
        self._done(page, "scores")

    def _score(self, page: Page, option: str, criterion: str, number: int, why: str) -> None:
        name = f"{self._number(option)}-{self._number(criterion)}"
        # A score is typed like a text, and counts as little.
        page.locator(f"input[name='score-{name}'][value='{number}']").check()
        if why:
            field = page.locator(f"input[name='why-{name}']")
            if not field.is_visible():
                page.locator("details.why").filter(has=field).locator("summary").click()
            field.fill(why)

    def recommend_option(self, option: str, by: str, why: str = "") -> None:
        """Say which option the team recommends."""
        page = self.at(by, f"registers/options/{self._number(option)}/")
        self._unfold(page, "Recommend OPT-")
        page.get_by_label("Why this one (optional)").first.fill(why)
        self._press(page.get_by_role("button", name="Yes, recommend"))
        self._done(page, "recommended")

    def adopt_option(self, option: str, by: str, why: str) -> None:
        """Adopt an option."""
        page = self.at(by, f"registers/options/{self._number(option)}/")
        self._unfold(page, "Adopt OPT-")
        page.get_by_label("Why this one", exact=True).fill(why)
        self._press(page.get_by_role("button", name="Yes, adopt"))
        self._done(page, "adopted")

    def overrule(
        self, option: str, by: str, warning: str, why: str, entries: list[str] | None = None
    ) -> None:
        """Overrule the warnings of a kind, or those of them that are about some entries."""
        labels = {self.entries[one][1] for one in entries or ()}
        page = self.at(by, f"registers/options/{self._number(option)}/")
        form = page.locator(f"form:has(input[name='kind'][value='{warning}'])")
        self._press(page.locator("details").filter(has=form).locator("summary").first)
        for box in form.locator("label:has(input[name='warning'])").all():
            words = box.inner_text()
            if labels and not all(label in words for label in labels):
                self._press(box.locator("input"))
        form.get_by_label("Why the option may stand in spite of it").fill(why)
        self._press(form.get_by_role("button", name="Overrule"))
        self._done(page, "overruled")

    def _number(self, name: str) -> str:
        return self.entries[name][1].partition("-")[2]
