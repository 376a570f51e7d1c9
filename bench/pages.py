"""``python -m bench.pages [--short]``: pages and saves beside the floor; one table.

Goals: GOALS of docs/performance.md. Medians in milliseconds, ratios to the floor of the same run.
"""

from __future__ import annotations

import argparse
from urllib.parse import urlencode

from bench import options, watch
from bench.site import deployment, fetch, median, p95, prepare, timed

SETUP = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone
from mapro.core import jobs
from mapro.core.models import Job
from planning import scenario, actions
from planning.models import *
from planning.vocabulary import *
script = scenario.load("country_x")
cast = scenario.people(script, None)
words = "Planning words of ordinary length stand here. " * 43
lead, member, authority = cast["lead"], cast["member"], cast["authority"]

def fresh(effort, number=1):
    step = Step.objects.select_related("effort__marking").get(effort=effort, number=number)
    return step

# A product of 20 sections with 300 words each: Tab 1 and nine sections more.
effort = scenario.stage(script, cast)
product = effort.products.select_related("step").get(key="tab-01")
product.effort = effort
for n in range(9):
    actions.tailor(product=product, change="add", title=f"Further guidance {n + 1}", by=lead)
keys = [o.section.key for o in product.definition.walk()]
scenario.draft(effort, "tab-01", {k: words for k in keys}, member)
with transaction.atomic():
    submission = actions.submit_step(step=fresh(effort), ask="Approve.", by=lead)
actions.decide_step(step=fresh(effort), outcome=Outcome.APPROVE, by=authority,
    package_hash=submission.package_hash)
for key in keys[:8]:
    changed = words.replace("ordinary", "unusual", 20) + "A sentence more."
    scenario.draft(effort, "tab-01", {key: changed}, cast["usaid"])
for job in Job.objects.filter(finished_at=None, name="planning.render").order_by("pk")[:2]:
    jobs.run(job.pk)
ready = Rendition.objects.filter(effort=effort, approved=True, status="ready").first()

pending = []
for n in range(PENDING):
    other = scenario.stage(script, cast)
    scenario.draft(other, "tab-01", script["products"]["tab-01"], member)
    with transaction.atomic():
        actions.submit_step(step=fresh(other), ask=f"Approve {n}.", by=lead)

# Step 4 open with its four products and one that the team started.
actions.save_format(by=cast["admin"], key="legal-annex", title="Legal annex", label="", step=4,
    layout="document", purpose="", outline="Question *\\nAnswer *")
many = []
now = timezone.now()
for n in range(ROUNDS):
    other = scenario.stage(script, cast)
    other.steps.filter(number__in=(1, 2, 3)).update(status="approved", approved_at=now)
    other.steps.filter(number=4).update(status="open", opened_at=now)
    with transaction.atomic():
        actions.start_product(effort=other, format="legal-annex", by=lead)
    SectionDraft.objects.filter(product__effort=other, product__step__number=4).update(
        body="<p>" + "Planning words of ordinary length stand here. " * 8 + "</p>", revision=1)
    with transaction.atomic():  # Tab 6 is approved before the whole may go before the board
        first = actions.submit_step(step=fresh(other, 4), ask="Examine.", by=lead,
            products=["tab-06"])
    actions.decide_step(step=fresh(other, 4), outcome=Outcome.APPROVE, by=authority,
        package_hash=first.package_hash)
    many.append(other.slug)

# A register of 2,000 rows, in an effort of its own.
kept = scenario.stage(script, cast)
from mapro.core.sheets import SheetRow
from planning.registers import REGISTERS
actors = REGISTERS["actors"]
kinds = [label for _, label in actors.field("what").choices]
header = ["Name", "What it is", "Roles", "Where", "Objectives"]
table = [
    SheetRow(n, (f"Armed group number {n}", kinds[n % len(kinds)], "Bystander since 2013-03-24",
        "The northern provinces.", "Seats in the government, and control of the mines."))
    for n in range(2, 2_002)
]
digest = actions.plan_rows(kept, actors, table, header).digest
actions.take_in(effort=kept, register=actors, rows=table, header=header, digest=digest, by=member)
def session(user):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return store.session_key
section = SectionDraft.objects.get(product=product, key="purpose")
print(json.dumps({"slug": effort.slug, "section": section.pk, "revision": section.revision,
    "rendition": ready.pk, "kept": kept.slug,
    "many": many, **{k: session(cast[k]) for k in ("lead", "member", "board", "authority")}}))
"""
CSRF = "a" * 32
BLOCKS = 5  # of requests, the floor between them


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, to see that it runs")
    short = parser.parse_args().short
    rounds, writes, pending = (30, 10, 20) if short else (400, 60, 200)
    with deployment() as (port, env):
        code = SETUP.replace("PENDING", str(pending)).replace("ROUNDS", str(writes))
        data = prepare(env, code) | prepare(env, watch.SETUP) | prepare(env, options.SETUP)
        Table(port, data, rounds, writes, pending).print()


class Table:
    """The rows of the table, measured one after the other."""

    def __init__(self, port: int, data: dict, rounds: int, writes: int, pending: int) -> None:
        self.port, self.data, self.rounds, self.writes = port, data, rounds, writes
        self.pending = pending
        self.base = f"/efforts/{data['slug']}"
        self.fresh = iter(data["many"])

    def cookie(self, who: str) -> str:
        """The session and CSRF cookies of a person."""
        return f"sessionid={self.data[who]}; csrftoken={CSRF}"

    def get(self, path: str, who: str = "lead"):
        """A GET to be timed."""
        return lambda _: self.check(fetch(self.port, "GET", path, self.cookie(who)), 200)

    def check(self, answer: tuple[int, int, int], status: int) -> tuple[int, int, int]:
        """Fail at once on a wrong answer: it would be timed as a quick one."""
        if answer[0] != status:
            raise SystemExit(f"answered {answer[0]} instead of {status}")
        return answer

    def send(self, path: str, who: str, form: dict[str, str], status: int = 302, **headers: str):
        """POST once."""
        body = urlencode(form | {"csrfmiddlewaretoken": CSRF})
        return self.check(
            fetch(self.port, "POST", path, self.cookie(who), body, headers=headers), status
        )

    def print(self) -> None:
        """Measure everything; floor rows first."""
        for _ in range(10):
            self.get("/floor/")(0)
        print(
            f"{'':34}{'1 ×':>9}{'ratio':>8}{'8 ×':>9}{'ratio':>8}{'p95/med':>9}{'queries':>9}{'bytes':>9}"
        )
        self.row("floor: page", self.get("/floor/"))
        sections = f"{self.base}/products/tab-01/sections/purpose/"
        pages = {
            "1 of 20 sections (goal 4, 10 q)": (sections, "member"),
            "all 20 sections (goal 10, 12 q)": (f"{self.base}/products/tab-01/preview/", "lead"),
            "comparison, 8 changed (8, 8 q)": (f"{self.base}/products/tab-01/compare/", "lead"),
            "approved file (goal 1.5)": (f"/renditions/{self.data['rendition']}/file/", "lead"),
            "products (goal 6, 10 q)": (f"{self.base}/products/", "lead"),
            "versions (goal 6, 10 q)": (f"{self.base}/products/tab-01/versions/", "lead"),
            "library (goal 6, 10 q)": (f"{self.base}/library/", "lead"),
            f"My work, lead, {self.pending} pending (6)": ("/", "lead"),
            f"My work, authority, {self.pending} pending (6)": ("/", "authority"),
            "effort (goal 6, 10 q)": (f"{self.base}/", "lead"),
            "step (goal 6, 10 q)": (f"{self.base}/steps/1/", "lead"),
            "board room, decided": (f"{self.base}/steps/1/board/", "board"),
            "due-outs (goal 6, 10 q)": (f"{self.base}/due-outs/", "lead"),
            "register of 2,000 rows (6, 10 q)": (
                f"/efforts/{self.data['kept']}/registers/actors/",
                "lead",
            ),
            "efforts, 50 of many (goal 6, 10 q)": ("/efforts/", "lead"),
            "record (goal 6, 10 q)": (f"{self.base}/record/", "lead"),
        }
        for name, (path, who) in pages.items():
            self.row(name, self.get(path, who))
        for name, path in options.pages(str(self.data["formulated"])).items():
            self.row(name, self.get(path))
        self.print_watch()
        self.print_writes()

    def print_watch(self) -> None:
        """The watch: its pages as everybody after the first meets them, and a country's anew."""
        code = str(self.data["country"])
        for name, path in watch.pages(code).items():
            self.row(name, self.get(path))
        addresses = watch.anew(code)
        self.row("country, events drawn anew (12 q)", lambda n: self.get(next(addresses))(n))

    def row(self, name: str, act) -> None:
        """Measure one page at concurrency 1 and 8, in turn with the floor: machines change pace."""
        _, size, queries = act(0)
        floor, found = {}, {}
        for c in (1, 8):
            floor[c], found[c] = [], []
            for _ in range(BLOCKS):
                floor[c] += timed(self.get("/floor/"), self.rounds // BLOCKS, c)
                found[c] += timed(act, self.rounds // BLOCKS, c)
        one, eight = median(found[1]), median(found[8])
        print(
            f"{name:34}{one:9.2f}{one / median(floor[1]):8.2f}{eight:9.2f}"
            f"{eight / median(floor[8]):8.2f}{p95(found[8]) / eight:9.2f}{queries:9}{size:9}",
            flush=True,
        )

    def print_writes(self) -> None:
        """Save, submit, vote, decide, one at a time."""
        post = {"pk": str(self.data["section"])}
        floor = median(
            timed(lambda _: self.send("/floor/post/", "lead", post, 200), self.writes, 1)
        )
        self.write("floor: POST", lambda n: self.send("/floor/post/", "lead", post, 200), floor)
        revision = int(self.data["revision"])
        path = f"{self.base}/products/tab-01/sections/purpose/"
        text = "<p>" + "Planning words of ordinary length stand here. " * 43

        def save(number: int):
            form = {
                "body": f"{text}{number}</p>",
                "revision": str(revision + number),
                "format": "html",
            }
            return self.send(path, "member", form, 200, **{"X-Autosave": "1"})

        self.write("save a section (2.5, 12 q)", save, floor)
        slugs = [next(self.fresh) for _ in range(self.writes)]
        room = "/efforts/{}/steps/4/{}/"
        self.write(
            "submit, 5 products (5, 20 q)",
            lambda n: self.send(room.format(slugs[n], "submit"), "lead", {"ask": "Approve."}), floor,
        )  # fmt: skip
        hashes = self.hashes(slugs)
        self.write(
            "vote",
            lambda n: self.send(room.format(slugs[n], "vote"), "board",
                                {"position": "concur", "package_hash": hashes[n]}), floor,
        )  # fmt: skip
        self.write(
            "decide, 5 products (5, 25 q)",
            lambda n: self.send(room.format(slugs[n], "decide"), "authority",
                                {"outcome": "approve", "read": "yes", "package_hash": hashes[n]}), floor,
        )  # fmt: skip

    def hashes(self, slugs: list[str]) -> list[str]:
        """The package hashes as the board room shows them."""
        import re
        from http.client import HTTPConnection

        found = []
        for slug in slugs:
            link = HTTPConnection("127.0.0.1", self.port)
            link.request(
                "GET", f"/efforts/{slug}/steps/4/board/", headers={"Cookie": self.cookie("board")}
            )
            page = link.getresponse().read().decode()
            found.append(re.search(r'name="package_hash" value="([0-9a-f]{64})"', page).group(1))
        return found

    def write(self, name: str, act, floor: float) -> None:
        """Measure one kind of write."""
        sizes = []

        def kept(number: int) -> None:
            sizes.append(act(number))

        found = timed(kept, self.writes, 1)
        one = median(found)
        print(
            f"{name:34}{one:9.2f}{one / floor:8.2f}{'':9}{'':8}{p95(found) / one:9.2f}"
            f"{max(s[2] for s in sizes):9}{max(s[1] for s in sizes):9}",
            flush=True,
        )


if __name__ == "__main__":
    main()
