"""Ask for a file, make it, try again."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from django.utils import timezone

from mapro.core import files, jobs
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.models import User
from planning import states
from planning.models import Rendition, Version
from planning.products import document
from planning.rendering import pdf
from planning.vocabulary import Format, RenditionStatus

log = logging.getLogger(__name__)

JOB = "planning.render"
# Raise it whenever the same Document would give other bytes: old files stay, new ones are made.
RENDERER = 1


def _fingerprint(version: Version, form: Format) -> str:
    parts = (version.pk, version.sha256, form, version.is_approved, RENDERER)
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


@atomic()
def queue_renditions(
    *, versions: Sequence[Version], by: User, form: Format = Format.PDF
) -> list[tuple[Rendition, bool]]:
    """The file of each Version, and whether it was queued now; part of another, recorded act.

    The same text in the same state is rendered once, whoever asks. The products must be locked.
    Three queries whatever the number of versions.
    """
    prints = [_fingerprint(version, form) for version in versions]
    there = {r.fingerprint: r for r in Rendition.objects.filter(fingerprint__in=prints)}
    new = {
        fingerprint: Rendition(
            fingerprint=fingerprint, version=version, format=form, approved=version.is_approved,
            requested_by=by, requested_at=timezone.now(),
        )
        for fingerprint, version in zip(prints, versions, strict=True)
        if fingerprint not in there
    }  # fmt: skip
    Rendition.objects.bulk_create(new.values())
    jobs.enqueue(JOB, *(rendition.pk for rendition in new.values()))
    return [(new.get(f) or there[f], f in new) for f in prints]


@atomic()
def request_rendition(*, version: Version, by: User, form: Format = Format.PDF) -> Rendition:
    """The file of a Version: the one that is there, or a new one that a worker makes.

    A failed one is queued again. The product must be locked.
    """
    [(rendition, queued)] = queue_renditions(versions=[version], by=by, form=form)
    if queued:
        record(
            "rendition.requested", by=by, on=rendition, effort_id=version.product.effort_id,
            label=f"{version.product.definition.label}, version {version.number}, {form}",
            sha256=version.sha256, approved=version.is_approved,
        )  # fmt: skip
    elif rendition.state is RenditionStatus.FAILED:
        return retry_rendition(rendition=rendition, by=by)
    return rendition


@atomic()
def retry_rendition(*, rendition: Rendition, by: User) -> Rendition:
    """Queue a failed rendition again. Raises WrongState when it did not fail."""
    states.move(rendition, "retry", reason="")
    jobs.enqueue(JOB, rendition.pk)
    record(
        "rendition.retried", by=by, on=rendition,
        effort_id=rendition.version.product.effort_id, label=str(rendition.version),
    )  # fmt: skip
    return rendition


def make_rendition(pk: int) -> None:
    """Render one rendition and store its file; the work of the job ``planning.render``.

    Safe to run again at any point: a finished one is left alone, and an unfinished one writes
    the same bytes under the same name. Raises JobFailed with the reason that the user reads.
    """
    rendition = Rendition.objects.select_related(
        "version__product__effort", "version__marking"
    ).get(pk=pk)
    if rendition.state is RenditionStatus.READY:
        return
    states.move(rendition, "start", reason="")
    version = rendition.version
    tree = document.build(
        version.snapshot, approved=rendition.approved, version=version.number,
        content_hash=version.sha256, created_at=version.frozen_at,
    )  # fmt: skip
    try:
        made = pdf.render(tree)
        name = f"renditions/{rendition.fingerprint}.{rendition.format}"
        files.put(name, made.content)
    except pdf.RenderError as error:
        raise jobs.JobFailed(str(error)) from error
    except OSError as error:
        log.exception("rendition %s could not be stored", pk)
        raise jobs.JobFailed(
            "The file could not be stored: the disk refused. Tell the administrator, then retry."
        ) from error
    with atomic():
        states.move(
            rendition, "finish", file=name, sha256=hashlib.sha256(made.content).hexdigest(),
            size=len(made.content), pages=made.pages, ready_at=timezone.now(),
        )  # fmt: skip
        record(
            "rendition.made", by=None, on=rendition, effort_id=version.product.effort_id,
            label=f"{version.product.definition.label}, version {version.number}",
            new={"sha256": rendition.sha256, "size": rendition.size},
        )  # fmt: skip


@atomic()
def fail_rendition(pk: int, reason: str) -> None:
    """Put down why a rendition failed, for the page that shows it."""
    rendition = Rendition.objects.select_related("version__product").get(pk=pk)
    states.move(rendition, "fail", reason=reason)
    record(
        "rendition.failed", by=None, on=rendition,
        effort_id=rendition.version.product.effort_id, label=str(rendition.version),
        reason=reason,
    )  # fmt: skip
