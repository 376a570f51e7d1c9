"""Bring a file of events in: ask for it, take it back, try it again.

How the rows get in: ``assessments.actions.applying``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from pathlib import PurePath
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from assessments import uploads
from assessments.actions import applying
from assessments.actions.threshold import check_thresholds
from assessments.models import Country, Feed, Import, StagedEvent
from assessments.policies import watch_editor
from assessments.vocabulary import ImportStatus
from mapro.core import jobs
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning.actions.words import in_a_line

log = logging.getLogger(__name__)

JOB = "assessments.import"
FIRST_YEAR = 1800  # of which a file may speak
Progress = Callable[[Import], None]


def start_import(
    *, feed: Feed, file: BinaryIO | UploadedFile, file_name: str, by: User | None,
    covers_from: date | None = None, covers_to: date | None = None, only: Country | None = None,
    everywhere: bool = False, queue: bool = True,
) -> Import:  # fmt: skip
    """Store a file and queue its import; a worker does it and the row shows how far it is.

    ``covers_from`` and ``covers_to`` say of which period the file speaks; without them it is that
    of its events. It speaks of the countries that it names and of ``only``, or of every country
    with ``everywhere``. ``only`` leaves the rows of other countries out. ``by`` is None for the
    system. ``queue=False`` leaves the work to ``run_import``.

    Raises Invalid for a feed out of use, a period that ends before it begins or is to come, or a
    file without a name; TooLarge for a file above ``uploads.MAX_BYTES``; OSError when the disk
    refuses.
    """
    if by is not None:
        watch_editor(by)
    if not feed.is_active:
        raise Invalid({"feed": f"“{feed.name}” is out of use."})
    wrong = {}
    if (covers_from is None) != (covers_to is None):
        wrong["covers_to"] = "Give both the first and the last day, or neither."
    elif covers_from and covers_to and covers_from > covers_to:
        wrong["covers_to"] = "The last day that the file covers is before the first."
    if covers_to is not None and covers_to > timezone.localdate():
        wrong["covers_to"] = "A file says nothing of days to come."
    if covers_from is not None and covers_from.year < FIRST_YEAR:
        wrong["covers_from"] = f"Give a day from {FIRST_YEAR} on."
    if wrong:
        raise Invalid(wrong)
    name = in_a_line("file", PurePath(file_name).name, need="Choose a file.", most=255)
    stored = uploads.store(file)  # before the transaction, so that nobody waits for the disk
    with atomic():
        row = Import.objects.create(
            feed=feed, only=only, file_name=name, sha256=stored.sha256, size=stored.size,
            file=stored.name, covers_from=covers_from, covers_to=covers_to,
            everywhere=everywhere, by=by, created_at=timezone.now(),
        )  # fmt: skip
        record(
            "import.started", by=by, on=row, label=f"{feed.name}: {name}",
            new={"sha256": stored.sha256, "size": stored.size, "feed": feed.key,
                 "only": only.code if only else None, "everywhere": everywhere},
        )  # fmt: skip
        if queue:
            jobs.enqueue(JOB, row.pk)
    return row


@atomic()
def cancel_import(*, imported: Import, by: User) -> Import:
    """Take an import back; nothing of it was applied. Raises WrongState when it has ended."""
    watch_editor(by)
    ended = Import.objects.filter(
        pk=imported.pk, status__in=[ImportStatus.QUEUED, ImportStatus.RUNNING]
    ).update(status=ImportStatus.CANCELLED, finished_at=timezone.now())
    imported.refresh_from_db()
    if not ended:
        raise WrongState(f"This import is “{ImportStatus(imported.status).label}” already.")
    StagedEvent.objects.filter(imported=imported).delete()
    record("import.cancelled", by=by, on=imported, label=_label(imported))
    return imported


@atomic()
def retry_import(*, imported: Import, by: User) -> Import:
    """Try a refused or cancelled import again, with the file as it is. Raises WrongState when it is
    in another state."""
    watch_editor(by)
    again = Import.objects.filter(
        pk=imported.pk, status__in=[ImportStatus.REFUSED, ImportStatus.CANCELLED]
    ).update(
        status=ImportStatus.QUEUED, problems=[], rows_total=None, rows_done=0, finished_at=None
    )
    imported.refresh_from_db()
    if not again:
        raise WrongState(
            f"This import is “{ImportStatus(imported.status).label}”; there is nothing to retry."
        )
    record("import.retried", by=by, on=imported, label=_label(imported))
    jobs.enqueue(JOB, imported.pk)
    return imported


def run_import(pk: int, progress: Progress | None = None) -> Import:
    """Do an import; the work of the job. ``progress`` is called with the row as it goes.

    Safe to run again at any point: what was not applied starts from the first row, and what was is
    left alone. A file with problems is refused as a whole. Then thresholds are checked.
    """
    attempt = applying.begin(pk)
    if attempt is not None:
        try:
            applying.read(attempt, progress)
        except applying.GivenUp as gone:
            log.info("import %s goes on elsewhere or was cancelled: %s", pk, gone)
    row = Import.objects.select_related("feed", "only").get(pk=pk)
    if row.status == ImportStatus.DONE:
        check_thresholds()  # here too when the worker stopped between applying and checking
    return row


@atomic()
def fail_import(pk: int, reason: str) -> None:
    """Put down why an import could not be done, for the page that shows it. Nothing was applied."""
    row = Import.objects.select_for_update(of=("self",), no_key=True).select_related("feed").get(
        pk=pk
    )  # fmt: skip
    if row.in_progress:
        applying.refuse(row, [applying.whole(reason)])


def _label(imported: Import) -> str:
    return f"{imported.feed.name}: {imported.file_name}"
