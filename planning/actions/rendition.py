"""Ask for a file, take it back, try again. How files are made: ``planning.actions.press``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from mapro.core import files, jobs
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning import sources, states
from planning.actions.freeze import cover_of
from planning.models import Effort, Product, Rendition, Submission, Version
from planning.products.definition import Layout
from planning.vocabulary import PRODUCT_FORMATS, Format, RenditionKind, RenditionStatus

JOB = "planning.render"
MAIL = "planning.mail"
# Raise it whenever the same Document would give other bytes: old files stay, new ones are made.
RENDERER = 2
AHEAD = (Format.PDF, Format.DOCX, Format.PPTX)  # made when a step is approved
ARCHIVED = (Format.PDF, Format.DOCX)  # what a ZIP holds of each product; briefings as slides too
MEMO_FORMATS = (Format.PDF, Format.DOCX)


@dataclass(frozen=True)
class Wanted:
    """A file that somebody wants. Equal wishes have one fingerprint and are made once."""

    effort: Effort
    kind: RenditionKind
    form: Format
    version: Version | None = None
    layout: str = ""
    approved: bool = False
    payload: dict[str, Any] = field(default_factory=dict)
    submission: Submission | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that decides the bytes."""
        version = (self.version.pk, self.version.sha256) if self.version else None
        parts = [
            self.effort.pk, self.kind, self.form, version, self.layout, self.approved,
            self.payload, RENDERER, *([self.submission.pk] if self.submission else ()),
        ]  # fmt: skip
        body = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()


def wanted(version: Version, form: Format, layout: str = "") -> Wanted:
    """A Version in a format and layout, with the dissents that came after its freeze.

    An empty layout is the format's own; slides have only one. Raises Invalid for a layout that the
    format does not allow.
    """
    product = version.product
    allowed = [str(name) for name in product.definition.layouts]
    if layout and layout not in allowed:
        raise Invalid({"layout": f"{product.title} has no layout “{layout}”."})
    if layout == product.definition.layout or form in {Format.PPTX, Format.XLSX}:
        layout = ""
    later = sources.later_annex(product, version.frozen_at)
    return Wanted(
        product.effort, RenditionKind.PRODUCT, form, version, layout, version.is_approved,
        {"later": later} if later else {},
    )  # fmt: skip


def made_ahead(version: Version) -> list[Wanted]:
    """The files of a Version that are made before anybody asks."""
    briefing = Layout.BRIEFING in version.product.definition.layouts
    return [wanted(version, form) for form in AHEAD if form is not Format.PPTX or briefing]


@atomic()
def queue(
    wishes: Sequence[Wanted],
    *,
    by: User,
    mail: Sequence[tuple[str, int]] = (),
    fresh: bool = False,
) -> list[tuple[Rendition, bool]]:
    """The file of each wish, and whether it was queued now; part of another, recorded act.

    The same text in the same state is rendered once, whoever asks. ``mail`` is sent by the same
    jobs (``planning.actions.notice``). ``fresh`` says that none of the files can be there yet. The
    products must be locked. Three queries whatever the number of wishes, two for fresh ones.
    """
    prints = [wish.fingerprint for wish in wishes]
    known = [] if fresh else Rendition.objects.filter(fingerprint__in=prints)
    there = {row.fingerprint: row for row in known}
    now = timezone.now()
    new = {
        fingerprint: Rendition(
            fingerprint=fingerprint, effort=wish.effort, kind=wish.kind, version=wish.version,
            submission=wish.submission, payload=wish.payload, layout=wish.layout,
            format=wish.form, approved=wish.approved, requested_by=by, requested_at=now,
        )
        for fingerprint, wish in zip(prints, wishes, strict=True)
        if fingerprint not in there
    }  # fmt: skip
    Rendition.objects.bulk_create(new.values())
    jobs.enqueue_all(
        [(JOB, rendition.pk) for rendition in new.values()]
        + [(MAIL, f"{kind}:{pk}") for kind, pk in mail]
    )
    return [(new.get(f) or there[f], f in new) for f in prints]


@atomic()
def _request(wish: Wanted, *, by: User, label: str) -> Rendition:
    [(rendition, queued)] = queue([wish], by=by)
    if queued:
        record(
            "rendition.requested", by=by, on=rendition, effort_id=wish.effort.pk,
            label=f"{label}, {wish.form.label}", kind=str(wish.kind),
            sha256=wish.version.sha256 if wish.version else "", approved=wish.approved,
        )  # fmt: skip
    elif rendition.state in {RenditionStatus.FAILED, RenditionStatus.CANCELLED} or _gone(rendition):
        return retry_rendition(rendition=rendition, by=by)
    return rendition


def _gone(rendition: Rendition) -> bool:
    """Whether a file that was made is no longer in the storage."""
    if rendition.state is not RenditionStatus.READY:
        return False
    try:
        files.path(rendition.file)
    except FileNotFoundError:
        return True
    return False


def request_rendition(
    *, version: Version, by: User, form: Format = Format.PDF, layout: str = ""
) -> Rendition:
    """The file of a Version: the one that is there, or a new one that a worker makes.

    A failed, cancelled or lost one is queued again. The product must be locked. Raises Invalid for a
    format or a layout that products do not have.
    """
    if form not in PRODUCT_FORMATS:
        raise Invalid({"format": f"A product cannot be exported as {form.label}."})
    label = f"{version.product.definition.label}, version {version.number}"
    return _request(wanted(version, form, layout), by=by, label=label)


def request_comparison(*, old: Version, new: Version, by: User) -> Rendition:
    """A PDF of what changed from ``old`` to ``new``, marked in the text.

    Raises Invalid when the two are not versions of one product.
    """
    if old.product_id != new.product_id or old.pk == new.pk:
        raise Invalid({"from": "Choose two different versions of one product."})
    wish = Wanted(
        new.product.effort, RenditionKind.COMPARISON, Format.PDF, new, approved=new.is_approved,
        payload={"against": old.pk, "against_sha256": old.sha256},
    )  # fmt: skip
    label = f"{new.product.definition.label}, versions {old.number} and {new.number} compared"
    return _request(wish, by=by, label=label)


def request_decision_memo(*, submission: Submission, form: Format, by: User) -> Rendition:
    """The memo of what was decided on a submission, from the record that the decision wrote.

    The effort must be locked. Raises Invalid for a format that memos do not have, and while there
    is no decision.
    """
    if form not in MEMO_FORMATS:
        raise Invalid({"format": f"A decision memo cannot be exported as {form.label}."})
    rows = Rendition.objects.filter(submission=submission, kind=RenditionKind.DECISION)
    first = rows.select_related("effort").order_by("pk").first()
    if first is None:
        raise Invalid({"submission": "Nothing was decided on this submission, so it has no memo."})
    wish = Wanted(
        first.effort, RenditionKind.DECISION, form, approved=first.approved, payload=first.payload,
        submission=submission,
    )  # fmt: skip
    return _request(wish, by=by, label=f"Decision memo, {submission.step}, {submission}")


def request_collection(
    *, effort: Effort, versions: Sequence[Version], kind: RenditionKind, edition: str, by: User
) -> Rendition:
    """A binder (one PDF) or an archive (a ZIP) of several products' Versions.

    ``edition`` says in a word which they are, “approved” or “current”. Raises Invalid without
    versions.
    """
    if not versions:
        raise Invalid({"edition": f"No product of this effort has an {edition} version yet."})
    payload = {
        "versions": [v.pk for v in versions],
        "sha256": [v.sha256 for v in versions],
        "approved": [v.pk for v in versions if v.is_approved],
        "later": {
            str(v.pk): later
            for v in versions
            if (later := sources.later_annex(v.product, v.frozen_at))
        },
        "cover": cover_of(effort, versions, edition),
    }
    form = Format.PDF if kind is RenditionKind.BINDER else Format.ZIP
    wish = Wanted(
        effort, kind, form, approved=all(v.is_approved for v in versions), payload=payload
    )
    return _request(wish, by=by, label=f"{str(kind).capitalize()}, {edition} products")


@atomic()
def retry_rendition(*, rendition: Rendition, by: User) -> Rendition:
    """Queue a failed or cancelled file again, or one that is gone from the storage.

    Raises WrongState for any other.
    """
    states.move(rendition, "remake" if _gone(rendition) else "retry", reason="")
    jobs.enqueue(JOB, rendition.pk)
    record(
        "rendition.retried", by=by, on=rendition, effort_id=rendition.effort_id,
        label=str(rendition),
    )  # fmt: skip
    return rendition


@atomic()
def cancel_rendition(*, rendition: Rendition, by: User) -> Rendition:
    """Take back a file that is not made yet. Raises WrongState when it is, or failed."""
    states.move(rendition, "cancel", reason="Cancelled.")
    record(
        "rendition.cancelled", by=by, on=rendition, effort_id=rendition.effort_id,
        label=str(rendition),
    )  # fmt: skip
    return rendition


def latest_approved(effort: Effort) -> list[Version]:
    """The approved Version of each product that has one, by step and key. One query."""
    products = Product.objects.filter(effort=effort, approved_version__isnull=False)
    found = []
    for product in products.select_related("approved_version__marking", "step").order_by(
        "step__number", "key"
    ):
        product.effort = effort
        version = product.approved_version
        if version is not None:
            version.product = product
            found.append(version)
    return found
