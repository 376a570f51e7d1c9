"""Save a section."""

from __future__ import annotations

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, StaleSave, TooLarge
from mapro.core.models import Marking, User
from planning.models import SectionDraft, SectionRevision
from planning.products import richtext


@atomic()
def save_section(
    *,
    section: SectionDraft,
    body: str,
    revision: int,
    by: User,
    portion: str | None = None,
    plain: bool = False,
) -> SectionDraft:
    """Write the text of a section if nobody saved since ``revision``.

    ``body`` is HTML, sanitized here, or plain text when ``plain`` is set. ``portion`` is a
    marking's code; None keeps the present one. Raises TooLarge above
    ``richtext.MAX_BODY_BYTES``, Invalid for an unknown marking, StaleSave (with both texts) when
    ``revision`` is not the present one. A save that changes nothing writes nothing.
    """
    size = len(body.encode())
    if size > richtext.MAX_BODY_BYTES:
        raise TooLarge(
            f"This section holds {size // 1000:,} kB; {richtext.MAX_BODY_BYTES // 1000:,} kB is "
            "the most. Your text is kept in the form: shorten it, or move a part to another "
            "section, and save again.",
            limit=richtext.MAX_BODY_BYTES,
        )
    clean = richtext.from_plain(body) if plain else richtext.clean(body)
    marking = section.portion
    if portion is not None and portion != marking.code:
        found = Marking.objects.filter(code=portion).first()
        if found is None:
            raise Invalid({"portion": f"There is no marking “{portion}”."})
        marking = found
    if revision == section.revision and (clean, marking.pk) == (section.body, section.portion_id):
        return section
    now = timezone.now()
    written = SectionDraft.objects.filter(pk=section.pk, revision=revision).update(
        body=clean, portion=marking, revision=revision + 1, updated_by=by, updated_at=now
    )
    if not written:
        theirs = SectionDraft.objects.select_related("updated_by").get(pk=section.pk)
        if theirs.body == clean and theirs.portion_id == marking.pk:
            return theirs  # the same save arriving twice, after a lost answer
        raise StaleSave(
            yours=clean,
            theirs=theirs.body,
            revision=theirs.revision,
            by=theirs.updated_by.post if theirs.updated_by else "",
            at=theirs.updated_at.isoformat() if theirs.updated_at else "",
        )
    SectionRevision.objects.create(
        section=section, revision=revision + 1, body=clean, portion=marking, saved_by=by,
        saved_at=now,
    )  # fmt: skip
    product = section.product
    record(
        "section.saved", by=by, on=section, effort_id=product.effort_id,
        label=f"{product.definition.label}: {product.definition.section(section.key).title}",
        old={"revision": revision}, new={"revision": revision + 1, "portion": marking.code},
        product=product.key, section=section.key,
    )  # fmt: skip
    section.body, section.portion, section.revision = clean, marking, revision + 1
    section.updated_by, section.updated_at = by, now
    return section
