"""How files are made: the work of the job ``planning.render``. Versions in, a stored file out."""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from mapro.core import files, jobs, pictures
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import WrongState
from planning import states
from planning.actions.rendition import ARCHIVED
from planning.models import Rendition, Version
from planning.products import compare, document
from planning.products.document import Document, Picture
from planning.rendering import htmlfile, pdf
from planning.rendering.base import RenderedFile, RenderError
from planning.vocabulary import Format, RenditionKind, RenditionStatus

log = logging.getLogger(__name__)

Renderer = Callable[[Document], RenderedFile]


def renderer(form: Format) -> Renderer:
    """What makes a file of a format.

    The libraries of the office formats are imported when first needed: the web processes, which
    know this module by its job, never use them.
    """
    match form:
        case Format.DOCX:
            from planning.rendering import docx

            return docx.render
        case Format.PPTX:
            from planning.rendering import pptx

            return pptx.render
        case Format.XLSX:
            from planning.rendering import xlsx

            return xlsx.render
        case Format.HTML:
            return htmlfile.render
        case Format.PDF_RECORD:
            return lambda tree: pdf.render(tree, record=True)
        case Format.PDF:
            return pdf.render
        case _:
            raise ValueError(f"A single product is not made as {form.label}.")


def make_rendition(pk: int) -> None:
    """Render one file and store it.

    Safe to run again at any point: a finished or cancelled one is left alone, and an unfinished
    one writes the same bytes under the same name. Raises JobFailed with the reason that the user
    reads.
    """
    rendition = Rendition.objects.select_related(
        "effort", "version__product__effort", "version__marking"
    ).get(pk=pk)
    if rendition.state in {RenditionStatus.READY, RenditionStatus.CANCELLED}:
        return
    states.move(rendition, "start", reason="")
    try:
        made = _MAKERS[RenditionKind(rendition.kind)](rendition)
        name = f"renditions/{rendition.fingerprint}.{rendition.form.extension}"
        files.put(name, made.content)
    except RenderError as error:
        raise jobs.JobFailed(str(error)) from error
    except OSError as error:
        log.exception("rendition %s could not be stored", pk)
        raise jobs.JobFailed(
            "The file could not be stored: the disk refused. Tell the administrator, then retry."
        ) from error
    try:
        _finish(rendition, made, name)
    except WrongState as moved_on:
        # Cancelled meanwhile, and perhaps asked for again: then the later job finishes it.
        log.info("rendition %s moved on while it was made: %s", pk, moved_on)


@atomic()
def _finish(rendition: Rendition, made: RenderedFile, name: str) -> None:
    states.move(
        rendition, "finish", file=name, sha256=hashlib.sha256(made.content).hexdigest(),
        size=len(made.content), pages=made.pages, ready_at=timezone.now(),
    )  # fmt: skip
    record(
        "rendition.made", by=None, on=rendition, effort_id=rendition.effort_id,
        label=str(rendition), new={"sha256": rendition.sha256, "size": rendition.size},
    )  # fmt: skip


@atomic()
def fail_rendition(pk: int, reason: str) -> None:
    """Put down why a file could not be made, for the page that shows it."""
    rendition = Rendition.objects.select_related("version__product").get(pk=pk)
    if not rendition.in_progress:
        return
    states.move(rendition, "fail", reason=reason)
    record(
        "rendition.failed", by=None, on=rendition, effort_id=rendition.effort_id,
        label=str(rendition), reason=reason,
    )  # fmt: skip


# ---------- documents


def document_of(
    version: Version, *, layout: str = "", approved: bool | None = None,
    later: Sequence[Mapping[str, str]] = (),
) -> Document:  # fmt: skip
    """The Document of a frozen Version, its pictures loaded from the storage."""
    return document.build(
        version.snapshot, version=version.number, content_hash=version.sha256,
        approved=version.is_approved if approved is None else approved,
        created_at=version.frozen_at, layout=layout, later=later,
        pictures=pictures_of(version.snapshot),
    )  # fmt: skip


def pictures_of(snapshot: Mapping[str, Any]) -> dict[str, Picture]:
    """The pictures of a snapshot by SHA-256; one whose file is gone is left out."""
    found = {}
    for key in sorted(document.picture_keys(snapshot)):
        stored = pictures.load(key)
        if stored is not None:
            found[key] = Picture(*stored)
    return found


def _product(rendition: Rendition) -> RenderedFile:
    tree = document_of(
        _version(rendition), layout=rendition.layout, approved=rendition.approved,
        later=rendition.payload.get("later", ()),
    )  # fmt: skip
    return renderer(rendition.form)(tree)


def _comparison(rendition: Rendition) -> RenderedFile:
    new = _version(rendition)
    old = Version.objects.select_related("product__effort").get(pk=rendition.payload["against"])
    return pdf.compare(
        document_of(old), document_of(new, approved=rendition.approved),
        compare.sections_changed(old.snapshot, new.snapshot),
    )  # fmt: skip


def _version(rendition: Rendition) -> Version:
    if rendition.version is None:
        raise TypeError(f"A {rendition.kind} has no version of its own.")
    return rendition.version


def _collected(rendition: Rendition) -> list[tuple[Version, Document]]:
    """The versions of a binder or an archive in their order."""
    payload = rendition.payload
    rows = Version.objects.select_related("product__effort").in_bulk(payload["versions"])
    later, approved = payload.get("later", {}), payload.get("approved")
    return [
        (
            rows[pk],
            document_of(
                rows[pk],
                later=later.get(str(pk), ()),
                approved=None if approved is None else pk in approved,
            ),
        )
        for pk in payload["versions"]
    ]


def _cover(rendition: Rendition) -> Document:
    cover = rendition.payload["cover"]
    return document.build(
        cover, approved=rendition.approved, version=0, content_hash=document.digest(cover),
        created_at=datetime.fromisoformat(cover["created_at"]), pictures=pictures_of(cover),
    )  # fmt: skip


def _binder(rendition: Rendition) -> RenderedFile:
    return pdf.bind(_cover(rendition), [tree for _, tree in _collected(rendition)])


def _decision(rendition: Rendition) -> RenderedFile:
    """A decision's memo is whole when it is made, a return's too: none of them is a draft."""
    taken = rendition.payload["memo"]
    tree = document.build(
        taken, approved=True, version=1, content_hash=document.digest(taken),
        created_at=datetime.fromisoformat(taken["created_at"]), pictures=pictures_of(taken),
    )  # fmt: skip
    return renderer(rendition.form)(tree)


def _archive(rendition: Rendition) -> RenderedFile:
    """Every product as PDF and Word, briefings as slides too, the binder, and a list of hashes."""
    out = io.BytesIO()
    cover = _cover(rendition)
    day = datetime.fromisoformat(rendition.payload["cover"]["created_at"]).timetuple()[:6]
    lines = [f"{cover.subject}", cover.marking.banner, "", "sha256  file"]

    def put(name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, day)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        packed.writestr(entry, content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}")

    collected = _collected(rendition)
    with zipfile.ZipFile(out, "w") as packed:
        for version, tree in collected:
            stem = f"{version.product.key}-v{version.number}"
            forms = [*ARCHIVED, *([Format.PPTX] if tree.layout == "briefing" else [])]
            for form in forms:
                put(f"{stem}.{form.extension}", renderer(form)(tree).content)
        put("binder.pdf", pdf.bind(cover, [tree for _, tree in collected]).content)
        put("contents.txt", ("\n".join(lines) + "\n").encode())
    return RenderedFile(Format.ZIP.media_type, out.getvalue(), 0)


_MAKERS: Mapping[RenditionKind, Callable[[Rendition], RenderedFile]] = {
    RenditionKind.PRODUCT: _product,
    RenditionKind.COMPARISON: _comparison,
    RenditionKind.BINDER: _binder,
    RenditionKind.ARCHIVE: _archive,
    RenditionKind.DECISION: _decision,
}
