"""Who may do what, and when: THE permission table and the way to every object.

``RULES`` is role × action × state. ``planning.routes`` names the action of every route. Fetching
is checking: views get their objects from ``access_…`` alone, which answer 404 to whoever may not
see, 403 to a role that may not act, 409 in a state that does not allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet

from mapro.core.errors import NotAllowed, NotVisible, SignInNeeded, WrongState
from mapro.core.models import User
from planning.models import (
    Dissent,
    DueOut,
    Effort,
    Entry,
    Grant,
    Mandate,
    Picture,
    Product,
    Rendition,
    SectionDraft,
    Step,
    Submission,
    Version,
)
from planning.registers import REGISTERS
from planning.vocabulary import Perm, Role, StepStatus

Thing = TypeVar("Thing", bound=Model)
ALL_STATES = frozenset(StepStatus)
READERS = frozenset({Role.LEAD, Role.MEMBER, Role.BOARD, Role.AUTHORITY, Role.ALTERNATE})
LEAD = frozenset({Role.LEAD})
BOARD = frozenset({Role.BOARD})
AUTHORITY = frozenset({Role.AUTHORITY})
DRAFTERS = frozenset({Role.LEAD, Role.MEMBER})
STARTED = ALL_STATES - {StepStatus.LOCKED}
WITH_BOARD = frozenset({StepStatus.SUBMITTED})


@dataclass(frozen=True)
class Rule:
    """One row: the roles that may, the step states in which it makes sense, and the words."""

    perm: Perm
    words: str
    roles: frozenset[Role]
    states: frozenset[StepStatus] = ALL_STATES


# Observers and partners see what is released to them. Nothing can be released yet, so they hold
# no right at all and every address answers 404.
RULES: Mapping[Perm, Rule] = {
    rule.perm: rule
    for rule in (
        Rule(Perm.EFFORT_VIEW, "see the effort", READERS),
        Rule(Perm.EFFORT_EDIT, "edit the effort and its timeline", LEAD),
        Rule(Perm.TEAM_MANAGE, "assemble the team", LEAD),
        Rule(Perm.RECORD_VIEW, "read the record of the effort", READERS),
        Rule(Perm.STEP_VIEW, "see a step and its decisions", READERS),
        Rule(
            Perm.STEP_SUBMIT,
            "submit a step",
            LEAD,
            frozenset({StepStatus.OPEN, StepStatus.RETURNED}),
        ),
        Rule(Perm.STEP_WITHDRAW, "withdraw a submission", LEAD, WITH_BOARD),
        # Whose turn it is among these roles: planning.mandates.
        Rule(Perm.STEP_VOTE, "vote on a submission", BOARD | {Role.ALTERNATE}, WITH_BOARD),
        Rule(Perm.STEP_DECIDE, "decide a submission", AUTHORITY | {Role.ALTERNATE}, WITH_BOARD),
        Rule(
            Perm.STEP_SETTLE,
            "settle how a step is decided",
            LEAD | AUTHORITY,
            ALL_STATES - WITH_BOARD - {StepStatus.RUNNING},
        ),
        Rule(
            Perm.STEP_REOPEN,
            "reopen an approved step",
            AUTHORITY,
            frozenset({StepStatus.APPROVED}),
        ),
        Rule(Perm.STEP_REMIND, "remind the board", LEAD | AUTHORITY, WITH_BOARD),
        Rule(Perm.STEP_VERBAL, "record a verbal approval", LEAD, WITH_BOARD),
        Rule(
            Perm.STEP_AT_RISK,
            "start a step at risk",
            LEAD,
            frozenset({StepStatus.LOCKED}),
        ),
        Rule(Perm.MANDATE_GIVE, "let somebody stand in", LEAD | BOARD | AUTHORITY),
        Rule(
            Perm.MANDATE_RECUSE,
            "recuse themselves from a step",
            BOARD | AUTHORITY,
            ALL_STATES - {StepStatus.RUNNING},
        ),
        Rule(Perm.CRISIS_SET, "declare or end crisis planning", LEAD | AUTHORITY),
        Rule(Perm.EFFORT_FORK, "fork a branch or a sequel", LEAD),
        Rule(Perm.PRODUCT_VIEW, "read drafts", READERS),
        Rule(Perm.PRODUCT_START, "start a product", DRAFTERS),
        Rule(Perm.FORMAT_TAILOR, "tailor a format", LEAD, STARTED),
        Rule(Perm.SECTION_SAVE, "save a section", DRAFTERS, STARTED),
        Rule(Perm.REGISTER_VIEW, "read the registers", READERS),
        Rule(Perm.REGISTER_EDIT, "keep the registers", DRAFTERS),
        Rule(Perm.ASSUMPTION_APPROVE, "approve an assumption", AUTHORITY),
        Rule(Perm.WEIGHTS_SETTLE, "settle or reopen the weights of a comparison", DRAFTERS),
        Rule(Perm.SCORE_GIVE, "score options for their agency", DRAFTERS),
        Rule(Perm.OPTION_RECOMMEND, "recommend an option", LEAD),
        Rule(Perm.OPTION_ADOPT, "adopt an option", AUTHORITY),
        Rule(Perm.DISSENT_ENTER, "enter or co-sign a dissent", DRAFTERS | BOARD),
        Rule(Perm.DISSENT_ANSWER, "answer a dissent", LEAD),
        Rule(Perm.DISSENT_RULE, "rule on a dissent", AUTHORITY),
        Rule(Perm.DUE_OUT_ADD, "give a due-out", LEAD | BOARD | AUTHORITY),
        Rule(Perm.DUE_OUT_DO, "settle a due-out", DRAFTERS),
        Rule(Perm.VERSION_VIEW, "read frozen versions", READERS),
        Rule(Perm.VERSION_FREEZE, "freeze a version", DRAFTERS, STARTED),
        Rule(Perm.RENDITION_REQUEST, "export a product", LEAD, STARTED),
        Rule(Perm.RENDITION_READ, "download a file", READERS),
    )
}


def abilities(
    user: User | AnonymousUser,
    effort: Effort,
    step: Step | None = None,
    submission: Submission | None = None,
) -> dict[str, bool]:
    """What ``user`` may do now, by lower-case name of the permission: server and buttons agree.

    Without ``step`` the states are left out. Nobody votes on or decides what they submitted;
    whose turn it is otherwise, ``planning.mandates`` says.
    """
    held = granted(user, effort)
    can = {
        perm.name.lower(): perm in held and (step is None or step.status in rule.states)
        for perm, rule in RULES.items()
    }
    if submission is not None and submission.submitted_by_id == user.pk:
        can["step_decide"] = can["step_vote"] = False
    return can


@dataclass(frozen=True)
class Standing:
    """What a person holds in an effort, and the words and color of the effort's banner."""

    user: int
    held: frozenset[Perm]
    banner: str = ""
    ground: str = ""


# Written out, because every request asks it and the ORM would spend eight times as long on
# putting the same words together.
_STANDING = """
    SELECT g.permission, m.banner, m.ground
    FROM planning_grant g
    LEFT JOIN core_marking m ON m.id = (
        SELECT id FROM core_marking WHERE id = %s
            OR id IN (SELECT d.portion_id FROM planning_sectiondraft d
                      JOIN planning_product p ON p.id = d.product_id WHERE p.effort_id = %s)
            OR id IN (SELECT portion_id FROM planning_entry
                      WHERE effort_id = %s AND retired_at IS NULL)
            OR id IN (SELECT v.marking_id FROM planning_version v
                      JOIN planning_product p ON p.id = v.product_id WHERE p.effort_id = %s)
        ORDER BY rank DESC LIMIT 1)
    WHERE g.user_id = %s AND g.effort_id = %s
"""


def standing(user: User | AnonymousUser, effort: Effort) -> Standing:
    """One query per fetched effort: every page needs both the rights and the banner.

    The banner is the effort's highest marking: its default, or that of any portion of a draft,
    of an entry of a register or of a frozen version. It is empty for a person who holds nothing.
    """
    kept: Standing | None = effort.__dict__.get("_standing")
    if kept is not None and kept.user == user.pk:
        return kept
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING,
            [effort.marking_id, effort.pk, effort.pk, effort.pk, user.pk or 0, effort.pk],
        )
        rows = cursor.fetchall()
    words = f"{rows[0][1]} // EXERCISE" if rows and effort.exercise else rows[0][1] if rows else ""
    found = Standing(
        user.pk or 0, frozenset(Perm(p) for p, *_ in rows), words, rows[0][2] if rows else ""
    )
    effort.__dict__["_standing"] = found
    return found


def granted(user: User | AnonymousUser, effort: Effort) -> frozenset[Perm]:
    """The permissions that a person holds in an effort."""
    return standing(user, effort).held


def plans(user: User | AnonymousUser) -> bool:
    """Whether a person takes part in planning anywhere, and so may read what all efforts share.

    Whoever reads the watch, may open efforts, or reads the registers of an effort; observers and
    partners do not. At most one query.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.watch or user.can_open_efforts:
        return True
    held = Grant.objects.filter(user_id=user.pk, permission=Perm.REGISTER_VIEW.value)
    return held.exists()


def visible(
    rows: QuerySet[Thing], user: User | AnonymousUser, *, effort: str = "pk",
    to: Perm = Perm.EFFORT_VIEW,
) -> QuerySet[Thing]:  # fmt: skip
    """Keep the rows that ``user`` may see: one EXISTS, whatever the number of rows.

    ``effort`` is the path from the row to its effort's key.
    """
    return rows.filter(
        Exists(
            Grant.objects.filter(
                user_id=user.pk or 0, permission=to.value, effort_id=OuterRef(effort)
            )
        )
    )


def _fetch(
    rows: QuerySet[Thing], user: User | AnonymousUser, *, to: Perm, path: str, lock: bool,
    lookup: Mapping[str, Any],
) -> Thing:  # fmt: skip
    """The row of ``lookup`` if ``user`` may see it and do ``to``. ``path`` leads to its effort."""
    if not user.is_authenticated:
        raise SignInNeeded
    rows = rows.order_by().filter(**lookup)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    thing = next(iter(rows[:1]), None)
    if thing is None:
        raise NotVisible
    effort: Any = thing
    step: Step | None = None
    for name in path.split("__") if path else ():
        if isinstance(effort, Product):
            step = effort.step
        elif isinstance(effort, Step):
            step = effort
        effort = getattr(effort, name)
    check(user, effort, to, step)
    return thing


def check(user: User | AnonymousUser, effort: Effort, to: Perm, step: Step | None = None) -> None:
    """Raise NotVisible, NotAllowed or WrongState unless ``user`` may do ``to`` now."""
    held = granted(user, effort)
    if Perm.EFFORT_VIEW not in held:
        raise NotVisible
    rule = RULES[to]
    if to not in held:
        roles = " or ".join(r.label for r in Role if r in rule.roles)
        raise NotAllowed(f"Only the {roles} of this effort may {rule.words}.")
    if step is not None and step.status not in rule.states:
        raise WrongState(
            f"Step {step.number} is “{step.state.label}”; in that state nobody can {rule.words}.",
            state=step.status,
        )


def access_effort(
    user: User | AnonymousUser, slug: str | None = None, *, to: Perm, lock: bool = False,
    **lookup: Any,
) -> Effort:  # fmt: skip
    """The effort at ``slug`` (or by ``lookup``), checked. Raises as the module says."""
    if slug is not None:
        lookup["slug"] = slug
    rows = Effort.objects.select_related("marking")
    return _fetch(rows, user, to=to, path="", lock=lock, lookup=lookup)


def access_step(
    user: User | AnonymousUser, slug: str | None = None, number: int | None = None, *, to: Perm,
    lock: bool = False, **lookup: Any,
) -> Step:  # fmt: skip
    """A step by effort slug and number (or by ``lookup``), checked and, on wish, locked."""
    if slug is not None:
        lookup |= {"effort__slug": slug, "number": number}
    rows = Step.objects.select_related("effort__marking")
    return _fetch(rows, user, to=to, path="effort", lock=lock, lookup=lookup)


def access_product(
    user: User | AnonymousUser, slug: str | None = None, key: str | None = None, *, to: Perm,
    lock: bool = False, **lookup: Any,
) -> Product:  # fmt: skip
    """A product by effort slug and key (or by ``lookup``), checked."""
    if slug is not None:
        lookup |= {"effort__slug": slug, "key": key}
    rows = Product.objects.select_related("effort__marking", "step", "approved_version").defer(
        "approved_version__snapshot"
    )
    return _fetch(rows, user, to=to, path="effort", lock=lock, lookup=lookup)


def access_section(
    user: User | AnonymousUser, slug: str | None = None, key: str | None = None,
    section: str | None = None, *, to: Perm, **lookup: Any,
) -> SectionDraft:  # fmt: skip
    """A section by effort slug, product key and section key (or by ``lookup``), checked."""
    if slug is not None:
        lookup |= {"product__effort__slug": slug, "product__key": key, "key": section}
    rows = SectionDraft.objects.select_related(
        "product__effort__marking", "product__step", "portion", "updated_by", "completed_by"
    )
    return _fetch(rows, user, to=to, path="product__effort", lock=False, lookup=lookup)


def access_version(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Version:
    """A frozen version by ``lookup``, checked."""
    rows = Version.objects.select_related("product__effort__marking", "product__step", "marking")
    return _fetch(rows, user, to=to, path="product__effort", lock=False, lookup=lookup)


def access_submission(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Submission:
    """A submission by ``lookup``, checked."""
    rows = Submission.objects.select_related("step__effort__marking", "submitted_by")
    return _fetch(rows, user, to=to, path="step__effort", lock=False, lookup=lookup)


def access_rendition(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Rendition:
    """A rendition by ``lookup``, checked."""
    rows = Rendition.objects.select_related(
        "effort__marking", "version__product", "submission__step", "requested_by"
    ).defer("version__snapshot")
    return _fetch(rows, user, to=to, path="effort", lock=False, lookup=lookup)


def access_dissent(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Dissent:
    """A dissent by ``lookup``, checked."""
    rows = Dissent.objects.select_related(
        "effort__marking", "product", "submission__step", "author", "organization"
    )
    return _fetch(rows, user, to=to, path="effort", lock=False, lookup=lookup)


def access_due_out(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> DueOut:
    """A due-out by ``lookup``, checked and locked."""
    rows = DueOut.objects.select_related("effort__marking", "step", "product", "owner")
    return _fetch(rows, user, to=to, path="effort", lock=True, lookup=lookup)


def access_entry(
    user: User | AnonymousUser, slug: str | None = None, register: str | None = None,
    number: int | None = None, *, to: Perm, lock: bool = False, **lookup: Any,
) -> Entry:  # fmt: skip
    """An entry by effort slug, register and number (or by ``lookup``), checked."""
    if slug is not None:
        lookup |= {"effort__slug": slug, "register": register, "number": number}
    rows = Entry.objects.filter(register__in=REGISTERS).select_related(
        "effort__marking", "portion", "added_by", "changed_by"
    )
    return _fetch(rows, user, to=to, path="effort", lock=lock, lookup=lookup)


def access_mandate(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Mandate:
    """A delegation or a recusal by ``lookup``, checked."""
    rows = Mandate.objects.select_related("effort__marking", "step", "holder", "delegate")
    return _fetch(rows, user, to=to, path="effort", lock=False, lookup=lookup)


def access_picture(user: User | AnonymousUser, *, to: Perm, **lookup: Any) -> Picture:
    """A picture by ``lookup``, checked."""
    rows = Picture.objects.select_related("effort__marking")
    return _fetch(rows, user, to=to, path="effort", lock=False, lookup=lookup)
