"""``manage.py walkthrough``: play an exercise through the real actions and write its products."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from mapro.core import files, jobs
from mapro.core.models import Job
from planning import scenario
from planning.models import Rendition
from planning.vocabulary import RenditionStatus


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
        except LookupError as error:
            raise CommandError(str(error)) from error
        cast = scenario.people(script, None)
        effort = scenario.stage(script, cast)
        played = scenario.play(script, effort, cast)
        folder: Path = options["output"]
        folder.mkdir(parents=True, exist_ok=True)
        made = Rendition.objects.filter(
            version__product__effort=effort, approved=True
        ).select_related("version__product")  # fmt: skip
        rows = []
        for rendition in made.order_by("version__product__key", "format"):
            for job in Job.objects.filter(key=str(rendition.pk), finished_at=None):
                jobs.run(job.pk)
            rendition.refresh_from_db()
            product = rendition.version.product
            if rendition.state is not RenditionStatus.READY:
                raise CommandError(f"{product.title}: {rendition.reason or rendition.status}")
            name = f"{product.key}-{slugify(product.title)}.{rendition.format}"
            shutil.copyfile(files.path(rendition.file), folder / name)
            rows.append((name, rendition.pages, rendition.size, rendition.sha256))
        self.stdout.write(f"{effort.name} ({effort.slug}): steps {played} played and approved.")
        self.stdout.write(f"{'file':44} {'pages':>5} {'bytes':>9}  sha256")
        for name, pages, size, sha256 in rows:
            self.stdout.write(f"{name:44} {pages:>5} {size:>9}  {sha256[:16]}")
        self.stdout.write(f"{len(rows)} files in {folder}/")
