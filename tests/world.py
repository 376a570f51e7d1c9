"""The world of the tests: the demo's Country X, and short ways through its steps."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image

from mapro.core import jobs
from mapro.core.models import Job, User
from planning import actions, framework, scenario
from planning.models import (
    Decision,
    DueOut,
    Effort,
    Product,
    Rendition,
    SectionDraft,
    Step,
    Submission,
    Vote,
)
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import Outcome, Position

SCRIPT = scenario.load("country_x")
TEXTS: dict[str, str] = SCRIPT["products"]["tab-01"]
PASSWORD = "a-password-for-tests"


@dataclass
class World:
    """Country X and the people in it, by the keys of the scenario."""

    effort: Effort
    other: Effort
    people: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)

    def __getitem__(self, key: str) -> User:
        return self.people[key]

    def client(self, key: str) -> Client:
        """A signed-in browser of ``key``; “anonymous” is not signed in."""
        if key not in self.clients:
            client = Client()
            if key != "anonymous":
                client.force_login(
                    self.people[key], backend="django.contrib.auth.backends.ModelBackend"
                )
            self.clients[key] = client
        return self.clients[key]

    def step(self, number: int = 1) -> Step:
        """A step, read anew."""
        return Step.objects.select_related("effort__marking").get(effort=self.effort, number=number)

    def product(self, key: str = "tab-01") -> Product:
        """A product, read anew; Tab 1 unless told."""
        return Product.objects.select_related("effort__marking", "step").get(
            effort=self.effort, key=key
        )

    def section(self, key: str = "purpose", product: str = "tab-01") -> SectionDraft:
        """A section, of Tab 1 unless told, read anew."""
        return SectionDraft.objects.select_related("product__effort", "portion").get(
            product__effort=self.effort, product__key=product, key=key
        )

    def write(self, texts: dict[str, str] | None = None) -> None:
        """Write Tab 1 as the member would."""
        scenario.draft(self.effort, "tab-01", TEXTS if texts is None else texts, self["member"])

    def submit(self, number: int = 1, ask: str = "Approve the step.", **more: Any) -> Submission:
        """Submit a step as the lead."""
        return actions.submit_step(step=self.step(number), ask=ask, by=self["lead"], **more)

    def decide(
        self, submission: Submission, outcome: Outcome = Outcome.APPROVE, **words: Any
    ) -> Decision:
        """Decide as the authority."""
        return actions.decide_step(
            step=self.step(submission.step.number), outcome=outcome,
            package_hash=submission.package_hash, by=self["authority"], **words,
        )  # fmt: skip

    def owe(self, number: int) -> None:
        """Write the required sections of what a step owes, a sentence each."""
        for key in framework.step(number).owes:
            required = [s.key for s in CATALOGUE[key].every_section() if s.required]
            texts = {section: f"What the team knows of {section}." for section in required}
            scenario.draft(self.effort, key, texts, self["member"])

    def vote(self, submission: Submission, who: str, position: str = "concur") -> Vote:
        """Vote as a member of the board."""
        return actions.cast_vote(
            step=self.step(submission.step.number), position=Position(position), by=self[who],
            package_hash=submission.package_hash, reason="" if position == "concur" else "A reason.",
        )  # fmt: skip

    def approve(self, number: int = 1) -> Decision:
        """Write what the step owes, submit it and approve it; in Step 4 Tab 6 goes first."""
        self.ready(number)
        return self.decide(self.submit(number))

    def ready(self, number: int) -> None:
        """Bring a step so far that its whole package may go before the board."""
        if number == 1:
            self.write()
            return
        self.owe(number)
        for key in framework.step(number).owes:
            for first in CATALOGUE[key].after:
                if self.product(first).approved_version_id is None:
                    self.decide(self.submit(number, "Examine these options.", products=[first]))

    def due_out(self, origin: str) -> DueOut:
        """The newest due-out of an origin."""
        rows = DueOut.objects.select_related("effort", "step", "product", "reopening__step")
        return rows.filter(effort=self.effort, origin=origin).latest("number")

    def reach(self, state: str) -> None:
        """Bring Step 1 into ``open``, ``submitted``, ``returned`` or ``approved``."""
        if state == "open":
            return
        self.write()
        submission = self.submit()
        if state == "returned":
            self.decide(submission, Outcome.RETURN, guidance="Say who asked for the planning.")
        elif state == "approved":
            self.decide(submission)


def build(password: str | None = None) -> World:
    """Stage Country X and the outsider's effort."""
    with transaction.atomic():
        people = scenario.people(SCRIPT, password)
        effort = scenario.stage(SCRIPT, people)
        other = dict(SCRIPT["other"])
        by = people[other.pop("by")]
        return World(effort, actions.open_effort(by=by, exercise=True, **other), people)


def do_jobs() -> int:
    """Do every waiting job in this process; returns how many succeeded.

    The thread that renews a lease would not see what is in the test's transaction.
    """
    waiting = Job.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)
    with mock.patch.object(jobs, "RENEW_EVERY", 3_600):
        return sum(jobs.run(pk) for pk in list(waiting))


def picture_file(name: str = "picture.png") -> SimpleUploadedFile:
    """A picture as a browser sends it: 8 pixels by 6."""
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def rendition_of(world: World) -> Rendition:
    """The newest rendition of Tab 1."""
    return Rendition.objects.filter(version__product=world.product()).latest("pk")
