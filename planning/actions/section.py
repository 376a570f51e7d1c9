"""Save a section, say that it is finished, bring an older text back, be present in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, StaleSave, TooLarge
from mapro.core.models import Marking, User
from planning import ports, progress
from planning.actions.freeze import portion_of_text
from planning.models import (
    Picture,
    Presence,
    Product,
    Quotation,
    SectionDraft,
    SectionRevision,
    Version,
)
from planning.products import blocks, richtext
from planning.products.merge import merge

PRESENT_FOR = timedelta(seconds=30)
_ADDRESS = re.compile(r'<img src="/efforts/([^/"]*)/')  # of a picture in sanitized HTML


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
    ``richtext.MAX_BODY_BYTES``, Invalid for an unknown marking or a picture of another effort,
    StaleSave (with both texts, and a merged one where the changes do not touch) when ``revision``
    is not the present one. A save that changes nothing writes nothing.
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
    product = section.product
    _own_pictures(product, clean)
    if not _write(section, clean, marking, revision, by):
        theirs = SectionDraft.objects.select_related("updated_by").get(pk=section.pk)
        if theirs.body == clean and theirs.portion_id == marking.pk:
            return theirs  # the same save arriving twice, after a lost answer
        raise _stale(theirs, clean, revision)
    record(
        "section.saved", by=by, on=section, effort_id=product.effort_id, label=_label(section),
        old={"revision": revision}, new={"revision": revision + 1, "portion": marking.code},
        product=product.key, section=section.key,
    )  # fmt: skip
    return section


def _stale(theirs: SectionDraft, yours: str, revision: int) -> StaleSave:
    base = theirs.history.filter(revision=revision).values_list("body", flat=True).first() or ""
    known = revision == 0 or theirs.history.filter(revision=revision).exists()
    merged = merge(base, yours, theirs.body) if known else None
    return StaleSave(
        yours=yours,
        theirs=theirs.body,
        merged=None if merged is None else richtext.clean(merged),
        revision=theirs.revision,
        by=theirs.updated_by.post if theirs.updated_by else "",
        at=theirs.updated_at.isoformat() if theirs.updated_at else "",
    )


def _label(section: SectionDraft) -> str:
    definition = section.product.definition
    try:
        title = definition.section(section.key).title_for(section.product.effort.name)
    except LookupError:  # it was taken away while somebody wrote; the text is kept all the same
        title = section.key
    return f"{definition.label}: {title}"


def _own_pictures(product: Product, body: str) -> None:
    """Refuse pictures that are not of the product's effort."""
    keys = richtext.pictures_of(body)
    if not keys:
        return
    known = Picture.objects.filter(effort_id=product.effort_id, sha256__in=keys)
    if known.count() < len(keys) or set(_ADDRESS.findall(body)) != {product.effort.slug}:
        raise Invalid(
            {"body": "A picture in this text is not stored with this effort. Add it with Picture."}
        )


def _write(section: SectionDraft, body: str, marking: Marking, revision: int, by: User) -> bool:
    """Write text, history and quotations if ``revision`` is the present one; whether it was.

    What was said to be finished is open again.
    """
    now = timezone.now()
    before = richtext.facts_of(section.body)
    written = SectionDraft.objects.filter(pk=section.pk, revision=revision).update(
        body=body, portion=marking, revision=revision + 1, updated_by=by, updated_at=now,
        completed_by=None, completed_at=None,
    )  # fmt: skip
    if not written:
        return False
    SectionRevision.objects.create(
        section=section, revision=revision + 1, body=body, portion=marking, saved_by=by,
        saved_at=now,
    )  # fmt: skip
    quoted = richtext.facts_of(body)
    if quoted or before:
        Quotation.objects.filter(section=section).delete()
        Quotation.objects.bulk_create(
            Quotation(section=section, source=source, fact=fact, digest=digest)
            for source, fact, digest in dict.fromkeys(quoted)
        )
    section.body, section.portion, section.revision = body, marking, revision + 1
    section.updated_by, section.updated_at = by, now
    section.completed_by = section.completed_at = None
    return True


# ---------- finished


@dataclass(frozen=True)
class Gap:
    """What a section lacks. One that ``blocks`` must be mended before it is finished."""

    words: str
    blocks: bool = True


def gaps(section: SectionDraft, content: Sequence[ports.RegisterContent] = ()) -> list[Gap]:
    """What is missing in a section as it stands: text, words for pictures, quotations, length.

    One query, and only for a text that quotes.
    """
    definition = section.product.definition.section(section.key)
    found = []
    if richtext.is_empty(section.body):
        if not definition.is_written(False, progress.filled(section.product.effort)):
            beside = ", and its registers are empty" if definition.sources else ""
            found.append(Gap(f"Nothing is written{beside}."))
        return found
    nameless = sum(not f.alt for f in blocks.figures(blocks.parse(section.body)))
    if nameless:
        noun = "picture has" if nameless == 1 else "pictures have"
        found.append(Gap(f"{nameless} {noun} no alternative text; decoration needs none.", False))
    if "data-fact" in section.body:
        for one in ports.stale(section.product, section.quotations.all()):
            reads = f"it now reads: {one.now.words}" if one.now else "it is gone"
            found.append(Gap(f"A quotation from {one.label} is out of date; {reads}."))
    words, hint = richtext.word_count(section.body), definition.hint_words
    if hint and not hint / 2 <= words <= hint * 2:
        found.append(Gap(f"{words} words; about {hint} are usual.", False))
    return found


@atomic()
def complete_section(*, section: SectionDraft, done: bool, by: User) -> SectionDraft:
    """Mark a section as finished, or as open again.

    Raises Invalid when something that must be there is missing, or when the outline no longer has
    the section. Saying it twice writes nothing.
    """
    if done == (section.completed_at is not None):
        return section
    if section.key not in {o.section.key for o in section.product.definition.walk()}:
        raise Invalid({"complete": "The outline of this product no longer has this section."})
    if done:
        definition = section.product.definition.section(section.key)
        content = ports.content_of(section.product, definition)
        missing = [gap.words for gap in gaps(section, content) if gap.blocks]
        if missing:
            raise Invalid({"complete": " ".join(missing)})
    now = timezone.now() if done else None
    written = SectionDraft.objects.filter(pk=section.pk, revision=section.revision).update(
        completed_by=by if done else None, completed_at=now
    )
    if not written:
        raise Invalid({"complete": "Somebody saved this section meanwhile; read it again first."})
    section.completed_by, section.completed_at = (by, now) if done else (None, None)
    record(
        "section.completed" if done else "section.reopened", by=by, on=section,
        effort_id=section.product.effort_id, label=_label(section), revision=section.revision,
    )  # fmt: skip
    return section


# ---------- an older text


@atomic()
def restore_version(*, version: Version, by: User) -> tuple[int, list[str]]:
    """Write a frozen text back into the draft; nothing is lost, since the history keeps each text.

    ``version.product`` must be locked. Returns how many sections changed, and the titles of those
    that the outline no longer has. Registers are not touched: they show what is now.
    """
    product = version.product
    drafts = {
        draft.key: draft
        for draft in product.sections.select_for_update(of=("self",), no_key=True).select_related(
            "portion"
        )
    }
    markings = {marking.portion: marking for marking in Marking.objects.order_by("-rank")}
    current = {o.section.key for o in product.definition.walk()}
    changed, gone = [], []
    for row in version.snapshot["sections"]:
        draft = drafts.get(row["key"])
        if draft is None or row["key"] not in current:
            if row["html"]:
                gone.append(row["title"])
            continue
        draft.product = product
        marking = markings.get(portion_of_text(row), draft.portion)
        if (draft.body, draft.portion_id) != (row["html"], marking.pk):
            _write(draft, row["html"], marking, draft.revision, by)
            changed.append(row["key"])
    if changed:
        record(
            "version.restored", by=by, on=version, effort_id=product.effort_id,
            label=f"{product.definition.label}, version {version.number}", sections=changed,
        )  # fmt: skip
    return len(changed), gone


# ---------- who is here


def be_present(*, section: SectionDraft, by: User, writes: bool) -> list[dict[str, Any]]:
    """Say that ``by`` has a section open, and learn who else has. Not a record.

    Four queries.
    """
    now = timezone.now()
    Presence.objects.update_or_create(
        section=section, user=by, defaults={"seen_at": now, "writes": writes}
    )
    Presence.objects.filter(section=section, seen_at__lt=now - 4 * PRESENT_FOR).delete()
    return [_presence(row, by) for row in present(section, now)]


def present(section: SectionDraft, now: datetime) -> list[Presence]:
    """Who has a section open, by post. One query."""
    rows = section.present.filter(seen_at__gt=now - PRESENT_FOR)
    return list(rows.select_related("user__organization").order_by("user__post"))


def _presence(row: Presence, by: User) -> dict[str, Any]:
    agency = row.user.organization
    return {
        "post": row.user.post, "agency": (agency.acronym or agency.name) if agency else "",
        "writes": row.writes, "me": row.user_id == by.pk,
    }  # fmt: skip
