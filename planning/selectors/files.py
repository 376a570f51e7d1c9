"""Reads around files: the library, the files of versions, their names, the files themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import FileResponse
from django.utils.text import slugify

from mapro.core import files
from mapro.core.errors import WrongState
from planning.models import Effort, Rendition, Submission, Version
from planning.selectors.efforts import PAGE
from planning.vocabulary import Format, RenditionKind, RenditionStatus

_ORDER = {form: place for place, form in enumerate(Format)}


def attach_files(
    versions: Sequence[Version], submission: Submission | None = None
) -> list[Rendition]:
    """Give each version its ``files``: the newest of each format and layout, the approved ones of
    an approved version. Returns the decision memos of ``submission``. One query."""
    wanted = Q(version__in=[v.pk for v in versions], kind=RenditionKind.PRODUCT)
    if submission is not None:
        wanted |= Q(submission=submission, kind=RenditionKind.DECISION)
    rows = Rendition.objects.filter(wanted).exclude(status=RenditionStatus.CANCELLED)
    best: dict[int, dict[tuple[str, str], Rendition]] = {}
    memos = []
    for row in rows.order_by("approved", "pk"):
        if row.version_id is None:
            row.submission = submission
            memos.append(row)
        else:
            best.setdefault(row.version_id, {})[row.format, row.layout] = row
    for version in versions:
        found = best.get(version.pk, {}).values()
        version.files = sorted(  # type: ignore[attr-defined]
            (row for row in found if row.approved == version.is_approved),
            key=lambda row: (_ORDER[row.form], row.layout),
        )
        for row in found:
            row.version = version
    return memos


def files_of(
    effort: Effort, *, before: int | None = None, kind: str = "", form: str = "", product: str = "",
    limit: int = PAGE,
) -> list[Rendition]:  # fmt: skip
    """The files of an effort, newest first, below the key ``before``. One query; one row more than
    ``limit`` when there is another page."""
    rows = effort.renditions.select_related(
        "version__product", "submission__step", "requested_by"
    ).defer("version__snapshot", "payload")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if kind in set(RenditionKind):
        rows = rows.filter(kind=kind)
    if form in set(Format):
        rows = rows.filter(format=form)
    if product:
        rows = rows.filter(version__product__key=product)
    return list(rows.order_by("-pk")[: limit + 1])


def filename(found: Rendition) -> str:
    """The download's name: “country-x-tab-01-initial-guidance-v2-draft.pdf”. A decision memo is
    “country-x-decision-step-3-submission-2.pdf”; it is never a draft."""
    state = "" if found.approved else "-draft"
    end = found.form.extension
    slug = found.effort.slug
    if found.submission is not None:
        step, number = found.submission.step.number, found.submission.number
        return f"{slug}-decision-step-{step}-submission-{number}.{end}"
    if found.version is None:
        return f"{slug}-{found.kind}-{found.requested_at:%Y%m%d-%H%MZ}{state}.{end}"
    product = found.version.product
    title = slugify(product.title)[:80].strip("-")  # file systems hold 255 bytes in all
    words = [slug, product.key, title, f"v{found.version.number}"]
    if found.kind == RenditionKind.COMPARISON:
        words.append("compared")
    if found.layout:
        words.append(found.layout.replace("_", "-"))
    record = "-record" if found.form is Format.PDF_RECORD else ""
    return f"{'-'.join(words)}{record}{state}.{end}"


def download(found: Rendition, *, inline: bool = False) -> FileResponse:
    """The stored file as an answer. Raises WrongState while there is none.

    Only a PDF is shown ``inline``: HTML is never shown by the site itself, only handed out.
    """
    if found.state is not RenditionStatus.READY:
        raise WrongState("This file is not ready yet. Its page shows how far it is.")
    try:
        content = files.path(found.file).open("rb")
    except FileNotFoundError as error:
        raise WrongState(
            "This file is gone from the storage. Tell the administrator, and export it again."
        ) from error
    shown = inline and found.form in {Format.PDF, Format.PDF_RECORD}
    return FileResponse(
        content, as_attachment=not shown, filename=filename(found),
        content_type=found.form.media_type,
    )  # fmt: skip
