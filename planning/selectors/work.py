"""My work: what waits for a person in all of their efforts, what they owe, what they wait for.

Who may decide or vote now is the rule of ``planning.mandates``, written as one filter, so that the
database keeps out what is not a person's turn, however much is pending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from mapro.core.audit import stream_of
from mapro.core.models import AuditEvent, User
from planning.models import (
    Dissent,
    DueOut,
    Effort,
    Grant,
    Mandate,
    Membership,
    Product,
    Reply,
    SectionDraft,
    Submission,
    Vote,
)
from planning.policies import visible
from planning.products.definition import OutlinedSection
from planning.selectors.efforts import SHORT, efforts_for
from planning.vocabulary import (
    MandateKind,
    Origin,
    Perm,
    ReplyKind,
    Role,
    StepStatus,
    SubmissionStatus,
)

DEBTS = tuple(origin for origin in Origin if origin.is_debt)

# Written out, as in ``policies.standing``: everybody's first page asks it, and the ORM would spend
# ten times as long on putting the same words together.
_HELD = """
    SELECT
        EXISTS(SELECT 1 FROM planning_grant WHERE user_id = %(me)s AND permission = %(decide)s),
        EXISTS(SELECT 1 FROM planning_grant WHERE user_id = %(me)s AND permission = %(vote)s),
        EXISTS(SELECT 1 FROM planning_grant WHERE user_id = %(me)s AND permission = %(submit)s),
        EXISTS(SELECT 1 FROM planning_grant WHERE user_id = %(me)s AND permission = %(draft)s),
        EXISTS(SELECT 1 FROM planning_dissent d
               JOIN planning_grant g ON g.effort_id = d.effort_id
               WHERE g.user_id = %(me)s AND g.permission = %(rule)s
                     AND d.red_flag AND d.withdrawn_at IS NULL),
        EXISTS(SELECT 1 FROM planning_dueout WHERE owner_id = %(me)s AND done_at IS NULL)
            OR EXISTS(SELECT 1 FROM planning_dueout d
                      JOIN planning_grant g ON g.effort_id = d.effort_id
                      WHERE g.user_id = %(me)s AND g.permission = %(lead)s AND d.done_at IS NULL
                            AND d.origin IN (%(verbal)s, %(at_risk)s, %(hasty)s)),
        EXISTS(SELECT 1 FROM planning_submission s
               JOIN planning_dueout d ON d.submission_id = s.id
               WHERE s.status = %(pending)s AND d.origin = %(verbal)s AND d.done_at IS NULL),
        EXISTS(SELECT 1 FROM planning_mandate
               WHERE kind = %(delegation)s AND delegate_id = %(me)s AND ended_at IS NULL),
        EXISTS(SELECT 1 FROM planning_mandate
               WHERE kind = %(recusal)s AND holder_id = %(me)s AND ended_at IS NULL)
"""


@dataclass(frozen=True)
class Owed:
    """A product whose required sections are not all written."""

    product: Product
    missing: tuple[OutlinedSection, ...]


@dataclass(frozen=True)
class Turn:
    """A package that a person is to decide or to vote on; ``confirm_by`` when it was approved by
    word and the decision is owed in writing."""

    submission: Submission
    decides: bool
    votes: bool
    confirm_by: datetime | None = None

    @property
    def due(self) -> datetime | None:
        """When it is due: the confirmation, else the end of a silence procedure, else the step."""
        return self.confirm_by or self.submission.silence_until or self.submission.step.due_at


@dataclass(frozen=True)
class MyWork:
    """Everything on the My work page."""

    flags: Sequence[Dissent]
    turns: Sequence[Turn]
    due_outs: Sequence[DueOut]
    owe: Sequence[Owed]
    waiting: Sequence[Submission]
    efforts: Sequence[Effort]
    changes: Sequence[AuditEvent]
    more: bool

    @property
    def first(self) -> Turn | None:
        """What is most pressing: the decision or vote that is due first."""
        return next(iter(self.turns), None)

    @property
    def late(self) -> DueOut | None:
        """The due-out that is late the longest, if any is."""
        return next((d for d in self.due_outs if d.is_late), None)


def my_work(user: User, limit: int = SHORT) -> MyWork:
    """What waits for ``user``, what they owe, what they wait for: ``limit`` of each.

    At most ten queries, whatever the number of efforts; what a person's rights rule out is not
    asked.
    """
    held = _held_anywhere(user)
    turns = _turns(user, held, limit + 1) if held.decides or held.votes else []
    flags = _flags(user, limit + 1) if held.flagged else []
    due_outs = _due_outs(user, limit + 1) if held.owes else []
    owe = _owed(user, limit + 1) if held.drafts else []
    waiting = _waiting(user, limit + 1) if held.submits else []
    efforts = efforts_for(user, limit=limit)
    lists = (flags, turns, due_outs, owe, waiting, efforts)
    return MyWork(
        flags[:limit], turns[:limit], due_outs[:limit], owe[:limit], waiting[:limit],
        efforts[:limit], _changes(user, efforts), any(len(rows) > limit for rows in lists),
    )  # fmt: skip


@dataclass(frozen=True)
class _Held:
    """What there is for a person anywhere, in the order of ``_HELD``: a right to decide, to vote,
    to submit, to draft; a red flag to rule on; a due-out; anybody's verbal approval; a delegation
    to them; a recusal of theirs."""

    decides: bool
    votes: bool
    submits: bool
    drafts: bool
    flagged: bool
    owes: bool
    said: bool
    stands_in: bool
    stands_aside: bool


def _held_anywhere(user: User) -> _Held:
    """One query, index look-ups only. Most people stand in for nobody and are recused nowhere, so
    that their lists need no filter for it."""
    words: dict[str, str] = {
        "decide": Perm.STEP_DECIDE, "vote": Perm.STEP_VOTE,
        "submit": Perm.STEP_SUBMIT, "draft": Perm.SECTION_SAVE, "rule": Perm.DISSENT_RULE,
        "lead": Perm.TEAM_MANAGE, "pending": SubmissionStatus.PENDING, "verbal": Origin.VERBAL,
        "at_risk": Origin.AT_RISK, "hasty": Origin.HASTY, "delegation": MandateKind.DELEGATION,
        "recusal": MandateKind.RECUSAL,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"me": user.pk} | {k: str(v) for k, v in words.items()})
        return _Held(*map(bool, cursor.fetchone()))


def _pending() -> QuerySet[Submission]:
    return (
        Submission.objects.filter(status=SubmissionStatus.PENDING)
        .select_related("step__effort", "submitted_by")
        .only(
            "ask", "package_hash", "submitted_at", "silence_until", "submitted_by__post",
            "step__number", "step__due_at", "step__effort__name", "step__effort__slug",
        )
    )  # fmt: skip


def _turns(user: User, held: _Held, limit: int) -> list[Turn]:
    """Packages that ``user`` is to decide or to vote on now, the most pressing first. One query."""
    now = timezone.now()
    rows = _pending().exclude(submitted_by=user)
    due = ["silence_until", "step__due_at"]
    if held.said:
        spoken = DueOut.objects.filter(
            submission=OuterRef("pk"), origin=Origin.VERBAL, done_at=None
        )
        rows = rows.annotate(confirm_by=Subquery(spoken.values("due_at")[:1]))
        due.insert(0, "confirm_by")
    if not held.votes:
        rows = rows.filter(_decides(user, held, now))
    elif not held.decides:
        rows = rows.filter(_votes(user, held, now))
    else:
        rows = rows.annotate(
            may_decide=ExpressionWrapper(_decides(user, held, now), BooleanField()),
            may_vote=ExpressionWrapper(_votes(user, held, now), BooleanField()),
        ).filter(Q(may_decide=True) | Q(may_vote=True))
    rows = rows.order_by(Coalesce(*due).asc(nulls_last=True), "submitted_at")
    return [
        Turn(
            row, getattr(row, "may_decide", held.decides), getattr(row, "may_vote", held.votes),
            getattr(row, "confirm_by", None),
        )
        for row in rows[:limit]
    ]  # fmt: skip


def _granted(user: User, perm: Perm) -> Q:
    return Q(
        Exists(
            Grant.objects.filter(
                user=user, permission=perm.value, effort_id=OuterRef("step__effort_id")
            )
        )
    )


def _decides(user: User, held: _Held, now: datetime) -> Q:
    """Whether ``user`` has the authority over a submission's step, or stands in for who has.

    Where a step was raised, those who hold that step alone decide it.
    """
    raised = Exists(Membership.objects.filter(step=OuterRef(OuterRef("step_id"))))
    authority = Membership.objects.filter(
        Q(step=OuterRef("step_id")) | (Q(step=None) & ~raised),
        effort=OuterRef("step__effort_id"), role=Role.AUTHORITY,
    )  # fmt: skip
    found = Q(Exists(authority.filter(user=user)))
    if held.stands_aside:
        found &= ~_recused(user, role=Role.AUTHORITY)
    if held.stands_in:
        found |= _stands_in(user, Role.AUTHORITY, authority, held, now)
    return _granted(user, Perm.STEP_DECIDE) & found


def _votes(user: User, held: _Held, now: datetime) -> Q:
    """Whether ``user`` has a seat that has not voted, or stands in for who has; not once a silence
    procedure has ended."""
    seat = Membership.objects.filter(effort=OuterRef("step__effort_id"), role=Role.BOARD)
    voted = Vote.objects.filter(submission=OuterRef("pk"), user=user)
    found = Q(Exists(seat.filter(user=user))) & ~Q(Exists(voted))
    if held.stands_aside:
        found &= ~_recused(user, role=Role.BOARD)
    if held.stands_in:
        found |= _stands_in(user, Role.BOARD, seat.exclude(Exists(_counted())), held, now)
    in_time = Q(silence_until=None) | Q(silence_until__gt=now)
    return in_time & _granted(user, Perm.STEP_VOTE) & found


def _counted() -> QuerySet[Vote]:
    """The vote of a seat, where it counts: what a member voted before being recused does not."""
    aside = Mandate.objects.filter(
        kind=MandateKind.RECUSAL, role=Role.BOARD, ended_at=None, holder=OuterRef("user_id"),
        step=OuterRef("submission__step_id"), cycle=OuterRef("submission__cycle"),
    )  # fmt: skip
    return Vote.objects.filter(
        Q(cast_by__isnull=False) | ~Exists(aside),
        submission=OuterRef(OuterRef("pk")), user=OuterRef("user_id"),
    )  # fmt: skip


def _recused(user: User, **role: Role) -> Q:
    """Whether ``user`` takes no part in the present cycle of a submission's step."""
    recusal = Mandate.objects.filter(
        kind=MandateKind.RECUSAL, holder=user, ended_at=None, step=OuterRef("step_id"),
        cycle=OuterRef("step__cycle"), **role,
    )  # fmt: skip
    return Q(Exists(recusal))


def _stands_in(
    user: User, role: Role, holders: QuerySet[Membership], held: _Held, now: datetime
) -> Q:  # fmt: skip
    """Whether one of ``holders`` lets ``user`` act in their place now; whoever is recused from the
    step stands in for nobody."""
    delegation = Mandate.objects.filter(
        Q(step=None) | Q(step=OuterRef(OuterRef("step_id"))),
        kind=MandateKind.DELEGATION, role=role, delegate=user, ended_at=None,
        starts_at__lte=now, ends_at__gt=now, effort=OuterRef("effort_id"),
        holder=OuterRef("user_id"),
    )  # fmt: skip
    holders = holders.exclude(user=OuterRef("submitted_by"))  # nobody stands in for who submitted
    found = Q(Exists(holders.filter(Exists(delegation))))
    return found & ~_recused(user) if held.stands_aside else found


def _waiting(user: User, limit: int) -> list[Submission]:
    """What ``user`` submitted and nobody decided yet, with the number of votes. One query."""
    votes_in = (
        Vote.objects.filter(submission=OuterRef("pk"))
        .order_by()
        .values("submission")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = (
        _pending()
        .filter(submitted_by=user)
        .annotate(votes_in=Coalesce(Subquery(votes_in), 0))
        .order_by(F("step__due_at").asc(nulls_last=True), "submitted_at")
    )
    return list(visible(rows, user, effort="step__effort_id", to=Perm.STEP_SUBMIT)[:limit])


def _flags(user: User, limit: int) -> list[Dissent]:
    """Red flags that ``user`` may rule on and nobody did, newest first. One query."""
    ruled = Reply.objects.filter(dissent=OuterRef("pk"), kind=ReplyKind.RULING)
    rows = (
        Dissent.objects.filter(red_flag=True, withdrawn_at=None)
        .exclude(Exists(ruled))
        .select_related("effort", "author", "organization")
        .only(
            "words", "entered_at", "effort__name", "effort__slug", "author__post",
            "organization__name",
        )
        .order_by("-entered_at")
    )  # fmt: skip
    return list(visible(rows, user, effort="effort_id", to=Perm.DISSENT_RULE)[:limit])


def _due_outs(user: User, limit: int) -> list[DueOut]:
    """What ``user`` owes, and the debts of efforts that they lead; late ones first. One query.

    A verbal approval that ``user`` has to confirm stands among what they decide.
    """
    led = Grant.objects.filter(
        user=user, permission=Perm.TEAM_MANAGE.value, effort_id=OuterRef("effort_id")
    )
    rows = (
        DueOut.objects.filter(done_at=None)
        .filter(Q(owner=user) & ~Q(origin=Origin.VERBAL) | Q(Exists(led), origin__in=DEBTS))
        .select_related("effort", "owner")
        .only("number", "text", "origin", "due_at", "done_at", "effort__name", "effort__slug",
              "owner__post")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )  # fmt: skip
    return list(visible(rows, user, effort="effort_id")[:limit])


def _changes(user: User, efforts: Sequence[Effort]) -> list[AuditEvent]:
    """The latest acts of others in ``efforts`` since ``user`` last looked. One query."""
    if not efforts:
        return []
    rows = AuditEvent.objects.filter(stream__in=[stream_of(e.pk) for e in efforts]).exclude(
        Q(actor_id=user.pk) | Q(actor_id=None)
    )
    if user.seen_at:
        rows = rows.filter(at__gt=user.seen_at)
    return list(rows.order_by("-at")[:SHORT])


def _owed(user: User, limit: int) -> list[Owed]:
    """Products of open steps that ``user`` may draft and that lack required sections. Two queries."""
    drafting = visible(
        Product.objects.filter(step__status__in=[StepStatus.OPEN, StepStatus.RETURNED])
        .select_related("effort", "step")
        .only(
            "key", "format", "name", "outline", "effort__name", "effort__slug", "step__number",
            "step__due_at",
        )
        .prefetch_related(
            Prefetch("sections", queryset=SectionDraft.objects.filter(body="").only(
                "product_id", "key"
            ))
        )
        .order_by(F("step__due_at").asc(nulls_last=True), "pk"),
        user, effort="effort_id", to=Perm.SECTION_SAVE,
    )[:limit]  # fmt: skip
    found = []
    for product in drafting:
        empty = {s.key for s in product.sections.all()}
        missing = tuple(
            o for o in product.definition.walk() if o.section.required and o.section.key in empty
        )
        if missing:
            found.append(Owed(product, missing))
    return found
