"""Enter a dissent, and withdraw one's own. Nobody edits, hides or deletes one (invariant 2)."""

from __future__ import annotations

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import User
from planning.models import Dissent, Effort, Product
from planning.products.reading import ILLEGAL
from planning.progress import members_of
from planning.sources import subject_of

MAX_WORDS = 4_000  # characters
MAX_WHY = 1_000


@atomic()
def enter_dissent(
    *, effort: Effort, words: str, by: User, product: Product | None = None, section: str = ""
) -> Dissent:
    """Put a dissent on record: on a section, a product, or the course of the effort.

    It speaks for the organization that the author stands for in the effort. Raises Invalid for an
    empty or too long text or a section that the product does not have.
    """
    words = ILLEGAL.sub("", words).strip()
    if not words:
        raise Invalid({"words": "Say what you dispute, and what you would do instead."})
    if len(words) > MAX_WORDS:
        raise Invalid({"words": f"Keep this below {MAX_WORDS:,} characters."})
    if section and (
        product is None or section not in {s.key for s in product.definition.every_section()}
    ):
        raise Invalid({"section": "The product has no such section; choose one from the list."})
    organizations = [m.organization for m in members_of(effort) if m.user_id == by.pk]
    dissent = Dissent.objects.create(
        effort=effort, product=product, section=section, author=by, words=words,
        organization=next((o for o in organizations if o), by.organization),
        entered_at=timezone.now(),
    )  # fmt: skip
    effort.__dict__.pop("_dissents", None)  # what was read before does not hold it
    record(
        "dissent.entered", by=by, on=dissent, effort_id=effort.pk,
        label=f"{dissent} on {subject_of(dissent)}", new={"words": words},
        product=product.key if product else "", section=section,
    )  # fmt: skip
    return dissent


@atomic()
def withdraw_dissent(*, dissent: Dissent, by: User, why: str = "") -> Dissent:
    """Withdraw one's own dissent; words and withdrawal stay on record.

    Raises NotAllowed for anybody but the author, WrongState when it is withdrawn already, Invalid
    for too long a reason.
    """
    if dissent.author_id != by.pk:
        raise NotAllowed("Only its author may withdraw a dissent.")
    why = " ".join(ILLEGAL.sub("", why).split())
    if len(why) > MAX_WHY:
        raise Invalid({"why": f"Keep this below {MAX_WHY:,} characters."})
    now = timezone.now()
    done = Dissent.objects.filter(pk=dissent.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_why=why
    )
    if not done:
        raise WrongState("This dissent is withdrawn already.")
    dissent.withdrawn_at, dissent.withdrawn_why = now, why
    dissent.effort.__dict__.pop("_dissents", None)
    record(
        "dissent.withdrawn", by=by, on=dissent, effort_id=dissent.effort_id,
        label=f"{dissent} on {subject_of(dissent)}", why=why,
    )  # fmt: skip
    return dissent
