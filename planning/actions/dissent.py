"""Enter a dissent, join it, answer it, rule on it, withdraw one's own. Nobody edits, hides or
deletes one (invariant 2)."""

from __future__ import annotations

from django.utils import timezone

from mapro.core import jobs
from mapro.core.audit import hold, record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import Organization, User
from planning import ports
from planning.actions.rendition import MAIL
from planning.actions.words import in_a_line, said
from planning.models import Dissent, Effort, Product, Reply, Submission
from planning.progress import members_of
from planning.sources import subject_of
from planning.vocabulary import ReplyKind, Ruling

_REPLIED = {
    ReplyKind.COSIGN: "dissent.cosigned",
    ReplyKind.ANSWER: "dissent.answered",
    ReplyKind.RULING: "dissent.ruled",
}


@atomic()
def enter_dissent(
    *, effort: Effort, words: str, by: User, product: Product | None = None, section: str = "",
    submission: Submission | None = None, fact: str = "", red_flag: bool = False,
) -> Dissent:  # fmt: skip
    """Put a dissent on record: on a section, a product, a submission, a register's entry, or the
    course of the effort.

    ``fact`` names the entry as “source:key”; ``product`` then says in which product's step it is
    disputed. It speaks for the organization that the author stands for in the effort. A
    ``red_flag`` is sent to the authority at once, past the lead (Annex A, PSD-10). Raises Invalid
    for an empty or too long text, or a subject that is not there.
    """
    words = said("words", words, need="Say what you dispute, and what you would do instead.")
    if section and (
        product is None or section not in {s.key for s in product.definition.every_section()}
    ):
        raise Invalid({"section": "The product has no such section; choose one from the list."})
    if submission is not None and (product is not None or fact):
        raise Invalid({"submission": "Dispute the submission or a part of it, not both."})
    entry = _entry(effort, product, fact)
    dissent = Dissent.objects.create(
        effort=effort, product=product, section=section, submission=submission,
        source=entry.source if entry else "", fact=entry.key if entry else "",
        fact_words=entry.words if entry else "", red_flag=red_flag, author=by, words=words,
        organization=stands_for(effort, by), entered_at=timezone.now(),
    )  # fmt: skip
    effort.__dict__.pop("_dissents", None)  # what was read before does not hold it
    record(
        "dissent.flagged" if red_flag else "dissent.entered", by=by, on=dissent,
        effort_id=effort.pk, label=f"{dissent} on {subject_of(dissent)}", new={"words": words},
        product=product.key if product else "", section=section, fact=fact,
        submission=submission.pk if submission else None,
    )  # fmt: skip
    if red_flag:
        jobs.enqueue(MAIL, f"red_flag:{dissent.pk}")
    return dissent


def _entry(effort: Effort, product: Product | None, fact: str) -> ports.Fact | None:
    """The register's entry that is disputed. Raises Invalid when there is none."""
    if not fact:
        return None
    source, _, key = fact.partition(":")
    read = product or effort.products.select_related("step").order_by("step__number", "key").first()
    found = ports.SOURCES.get(source)
    if found is not None and read is not None:
        read.effort = effort
        for entry in found.facts(read):
            if entry.key == key:
                return entry
    raise Invalid({"fact": "No register of this effort holds that entry; choose one of the list."})


def stands_for(effort: Effort, by: User) -> Organization | None:
    """The organization that a person stands for in an effort."""
    organizations = [m.organization for m in members_of(effort) if m.user_id == by.pk]
    return next((o for o in organizations if o), None) or by.organization


@atomic()
def cosign_dissent(*, dissent: Dissent, by: User) -> Reply:
    """Join somebody's dissent. Raises NotAllowed for its author, WrongState when it is withdrawn
    or joined already."""
    if dissent.author_id == by.pk:
        raise NotAllowed("It is your own dissent; others co-sign it.")
    hold(dissent.effort_id)  # so that a second click finds the first, and a withdrawal is seen
    dissent.refresh_from_db(fields=["withdrawn_at"])
    if _cosigned(dissent, by) is not None:
        raise WrongState("You have co-signed this dissent already.")
    return _reply(dissent, ReplyKind.COSIGN, "", "", by)


def _cosigned(dissent: Dissent, by: User) -> Reply | None:
    return dissent.replies.filter(kind=ReplyKind.COSIGN, by=by, withdrawn_at=None).first()


@atomic()
def take_back_cosignature(*, dissent: Dissent, by: User) -> Reply:
    """Leave a dissent that one joined; that stays on record. Raises WrongState without one."""
    found = _cosigned(dissent, by)
    if found is None:
        raise WrongState("You have not co-signed this dissent.")
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    _said(dissent, "dissent.cosignature_withdrawn", by)
    return found


@atomic()
def answer_dissent(*, dissent: Dissent, words: str, by: User) -> Reply:
    """The lead's answer; it stands below the dissent and changes nothing of it. Raises Invalid
    without words."""
    words = said("words", words, need="Say what the team answers.")
    return _reply(dissent, ReplyKind.ANSWER, "", words, by)


@atomic()
def rule_dissent(*, dissent: Dissent, ruling: Ruling, words: str, by: User) -> Reply:
    """The authority's ruling (Part II, Step 1: awareness and potential adjudication). Raises
    Invalid without words, NotAllowed on one's own dissent."""
    words = said("words", words, need="Say why; the author and the record read it.")
    if dissent.author_id == by.pk:
        raise NotAllowed("Nobody rules on a dissent of their own.")
    return _reply(dissent, ReplyKind.RULING, ruling, words, by)


def _reply(dissent: Dissent, kind: ReplyKind, ruling: str, words: str, by: User) -> Reply:
    if dissent.withdrawn_at is not None:
        raise WrongState("This dissent was withdrawn by its author.")
    made = Reply.objects.create(
        dissent=dissent, kind=kind, ruling=ruling, words=words, by=by,
        organization=stands_for(dissent.effort, by), at=timezone.now(),
    )  # fmt: skip
    _said(dissent, _REPLIED[kind], by, words=words, ruling=ruling)
    return made


@atomic()
def withdraw_dissent(*, dissent: Dissent, by: User, why: str = "") -> Dissent:
    """Withdraw one's own dissent; words and withdrawal stay on record.

    Raises NotAllowed for anybody but the author, WrongState when it is withdrawn already, Invalid
    for too long a reason.
    """
    if dissent.author_id != by.pk:
        raise NotAllowed("Only its author may withdraw a dissent.")
    why = in_a_line("why", why)
    now = timezone.now()
    done = Dissent.objects.filter(pk=dissent.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_why=why
    )
    if not done:
        raise WrongState("This dissent is withdrawn already.")
    dissent.withdrawn_at, dissent.withdrawn_why = now, why
    _said(dissent, "dissent.withdrawn", by, why=why)
    return dissent


def _said(dissent: Dissent, code: str, by: User, **words: str) -> None:
    dissent.effort.__dict__.pop("_dissents", None)
    record(
        code, by=by, on=dissent, effort_id=dissent.effort_id,
        label=f"{dissent} on {subject_of(dissent)}", **words,
    )  # fmt: skip
