"""``manage.py walkthrough``: play an exercise through the real actions and write its products."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from mapro.core import files, jobs
from mapro.core.models import Job, User
from planning import actions, scenario
from planning.actions.freeze import written
from planning.models import Effort, Rendition, Version
from planning.products.definition import Layout
from planning.vocabulary import (
    PRODUCT_FORMATS,
    Format,
    RenditionKind,
    RenditionStatus,
    Role,
)


class Command(BaseCommand):
    """Plays in an effort of its own each time; people of the demo are reused."""

    help = "Play a scenario and write every product in every format to a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which scenario, and where to."""
        parser.add_argument("--scenario", default="country_x")
        parser.add_argument("--output", default="out", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stage, play, render, write; then print a table of what was made."""
        try:
            script = scenario.load(options["scenario"])
        except (LookupError, scenario.ScriptError) as error:
            raise CommandError(str(error)) from error
        cast = scenario.people(script, None)
        effort = scenario.stage(script, cast)
        scenes = scenario.play(script, effort, cast)
        lead = next(cast[p["key"]] for p in script["people"] if Role.LEAD in p["roles"])
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        rows = [self._write(made, folder) for made in list(self._wanted(effort, lead))]
        self.stdout.write(f"{effort.name} ({effort.slug}), {len(scenes)} scenes:")
        for scene in scenes:
            self.stdout.write(f"  {scene.title}")
        for step in effort.steps.all():
            self.stdout.write(f"{step}: {step.state.label}")
        self.stdout.write(f"{'file':64} {'pages':>5} {'bytes':>9}  sha256")
        for name, pages, size, sha256 in rows:
            self.stdout.write(f"{name:64} {pages or '':>5} {size:>9}  {sha256[:16]}")
        self.stdout.write(f"{len(rows)} files in {folder}/")

    def _wanted(self, effort: Effort, lead: User) -> Iterator[Rendition]:
        """Every product in every format that suits it, the binder of them all, and the memo of
        every decision."""
        with transaction.atomic():
            frozen = actions.freeze_current(effort=scenario.fresh(effort), by=lead)
            versions = [_standing(version) for version in frozen]
            for version in versions:
                layouts = version.product.definition.layouts
                for form in PRODUCT_FORMATS:
                    if form is Format.PPTX and Layout.BRIEFING not in layouts:
                        continue
                    if form is Format.XLSX and "<table" not in str(version.snapshot):
                        continue
                    yield actions.request_rendition(version=version, by=lead, form=form)
            yield actions.request_collection(
                effort=scenario.fresh(effort), versions=versions, kind=RenditionKind.BINDER,
                edition="current", by=lead,
            )  # fmt: skip
        yield from (
            effort.renditions.filter(kind=RenditionKind.DECISION, format=Format.PDF)
            .select_related("submission__step")
            .order_by("pk")
        )

    def _write(self, made: Rendition, folder: Path) -> tuple[str, int, int, str]:
        """Do the file's job in this process and copy it to the folder."""
        for job in Job.objects.filter(key=str(made.pk), finished_at=None):
            jobs.run(job.pk)
        made.refresh_from_db(fields=["status", "reason", "file", "sha256", "size", "pages"])
        if made.state is not RenditionStatus.READY:
            raise CommandError(f"{made}: {made.reason or made.status}")
        name = f"{_stem(made)}.{made.form.extension}"
        shutil.copyfile(files.path(made.file), folder / name)
        return name, made.pages or 0, made.size or 0, made.sha256


def _standing(version: Version) -> Version:
    """The approved version, if nobody wrote anything since: registers may have moved on."""
    approved = version.product.approved_version
    if approved is None or _texts(approved) != _texts(version):
        return version
    approved.product = version.product
    return approved


def _texts(version: Version) -> list[dict[str, Any]]:
    return [written(row) for row in version.snapshot["sections"]]


def _stem(made: Rendition) -> str:
    """What a file is called in the folder, without its extension."""
    if made.submission is not None:
        step = made.submission.step
        return f"decision-step-{step.number}-submission-{made.submission.number}"
    if made.version is None:
        return made.kind
    product = made.version.product
    record = "-record" if made.form is Format.PDF_RECORD else ""
    return f"{product.key}-{slugify(product.definition.title)}{record}"
