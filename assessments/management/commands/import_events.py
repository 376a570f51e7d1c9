"""``manage.py import_events``: bring a file of events in and wait for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments import actions
from assessments.models import Country, Feed, Import
from assessments.vocabulary import FeedFormat, ImportStatus
from mapro.core.errors import MaproError
from mapro.core.jobs import JobFailed
from mapro.core.models import User

MOST_SHOWN = 20  # problems


class Command(BaseCommand):
    """The same import as in the browser, done by this process. The same file twice changes
    nothing."""

    help = "Import a CSV or Excel file of events; all of it, or nothing where a row is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, how it is written, and of what it speaks."""
        parser.add_argument(
            "file", type=Path, metavar="FILE", help=".csv, .xlsx, or .zip of a .csv"
        )
        parser.add_argument("--format", choices=FeedFormat.values, default=FeedFormat.UCDP_GED)
        parser.add_argument("--feed", metavar="KEY", help="the feed, if not the format's own")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; the system without it")
        parser.add_argument(
            "--country", metavar="CODE",
            help="import the events of this country alone, such as caf or country-x",
        )  # fmt: skip
        parser.add_argument(
            "--from", dest="covers_from", type=_day, metavar="DAY",
            help="first day of which the file speaks; without it that of its first event",
        )  # fmt: skip
        parser.add_argument("--to", dest="covers_to", type=_day, metavar="DAY", help="last day")
        parser.add_argument(
            "--everywhere", action="store_true",
            help="the file speaks of every country: where it has no event there was none",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, tell how far it is, and list what is wrong."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                imported = actions.start_import(
                    feed=self._feed(options), file=file, file_name=path.name,
                    by=_one(User, "email", options["by"]),
                    only=_one(Country, "code", options["country"]),
                    covers_from=options["covers_from"], covers_to=options["covers_to"],
                    everywhere=options["everywhere"], queue=False,
                )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{path} cannot be read or stored: {error.strerror}.") from error
        except MaproError as error:
            raise CommandError(error.message) from error
        self._shown = -1
        try:
            imported = actions.run_import(imported.pk, self._tell)
        except JobFailed as error:
            actions.fail_import(imported.pk, str(error))
            raise CommandError(str(error)) from error
        except BaseException:
            actions.fail_import(imported.pk, "The command that did this import was stopped.")
            raise
        if imported.status != ImportStatus.DONE:
            raise CommandError(_wrong(imported))
        self.stdout.write(
            f"{imported.rows_done:,} rows: {imported.added:,} events added, "
            f"{imported.changed:,} changed, {imported.unchanged:,} unchanged."
        )
        if imported.covers_from:
            self.stdout.write(f"They cover {imported.covers_from} to {imported.covers_to}.")

    def _feed(self, options: dict[str, Any]) -> Feed:
        feed: Feed = _one(Feed, "key", options["feed"] or options["format"])
        if feed.format != options["format"]:
            raise CommandError(
                f"The feed {feed.key} writes {feed.format}, not {options['format']}."
            )
        return feed

    def _tell(self, imported: Import) -> None:
        """A line for every ten thousand rows."""
        if imported.rows_done // 10_000 > self._shown:
            self._shown = imported.rows_done // 10_000
            self.stdout.write(f"{imported.rows_done:,} rows read", self.style.NOTICE)
            self.stdout.flush()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _one(model: Any, field: str, value: str | None) -> Any:
    """The row with this value, None without one. Raises CommandError when there is none."""
    if value is None:
        return None
    found = model.objects.filter(**{f"{field}__iexact": value}).first()
    if found is None:
        raise CommandError(f"There is no {model._meta.verbose_name} {value}.")  # noqa: SLF001
    return found


def _wrong(imported: Import) -> str:
    lines = [f"Nothing was imported: {ImportStatus(imported.status).label.lower()}."]
    for problem in imported.problems[:MOST_SHOWN]:
        place = f"Row {problem['row']}" if problem["row"] else ""
        if place and problem["column"]:
            place += f", column “{problem['column']}”"
        lines.append(f"  {place}: {problem['message']}" if place else f"  {problem['message']}")
    if len(imported.problems) > MOST_SHOWN:
        lines.append(f"  and {len(imported.problems) - MOST_SHOWN} more; see the import's page")
    return "\n".join(lines)
