"""Stand in for somebody, and stand aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from mapro.core.audit import hold, record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import User
from planning import grants, mandates
from planning.actions.words import MAX_WHY, said
from planning.models import Effort, Mandate, Membership, Step
from planning.policies import RULES
from planning.progress import members_of
from planning.vocabulary import MandateKind, Perm, Role

LONGEST = timedelta(days=366)
HELD = {Role.BOARD: "a seat on the board", Role.AUTHORITY: "the authority"}


@atomic()
def delegate(
    *, effort: Effort, holder: User, role: Role, to: User, starts_at: datetime,
    ends_at: datetime, why: str, by: User, step: Step | None = None,
) -> Mandate:  # fmt: skip
    """Let ``to`` act in the place of ``holder`` for a period, in one ``step`` or in all.

    Holders delegate for themselves; the lead planner may name a substitute for a board member who
    is absent, never for the authority. Raises NotAllowed otherwise, Invalid for a bad period,
    without a reason, when ``holder`` does not hold the role, or ``to`` is not on the team.
    """
    why = said("why", why, need="Say why somebody stands in.", most=MAX_WHY)
    _may_name(effort, holder, role, by)
    if not any(m.user_id == holder.pk and m.role == role for m in members_of(effort)):
        raise Invalid({"holder": f"{holder.post} does not hold {HELD[role]} of this effort."})
    _on_team(effort, to, holder)
    now = timezone.now()
    if not (starts_at < ends_at and now < ends_at <= now + LONGEST):
        raise Invalid({"ends_at": "End it after its start, within a year, and not in the past."})
    hold(effort.pk)
    row = Mandate.objects.create(
        effort=effort, step=step, kind=MandateKind.DELEGATION, role=role, holder=holder,
        delegate=to, why=why, starts_at=starts_at, ends_at=ends_at, given_by=by, given_at=now,
    )  # fmt: skip
    Membership.objects.get_or_create(
        effort=effort, user=to, role=Role.ALTERNATE, step=None,
        defaults={"organization": to.organization},
    )  # fmt: skip
    grants.refresh(effort, to)
    mandates.forget(effort)
    record(
        "mandate.delegated", by=by, on=row, effort_id=effort.pk,
        label=f"{to.post} for {holder.post}", why=why, role=str(role),
        new={"to": to.pk, "from": starts_at.isoformat(), "until": ends_at.isoformat(),
             "step": step.number if step else None},
    )  # fmt: skip
    return row


def _may_name(effort: Effort, holder: User, role: Role, by: User) -> None:
    if role not in HELD:
        raise Invalid({"role": "Only the authority and seats of the board are delegated."})
    if holder.pk == by.pk:
        return
    lead = any(m.user_id == by.pk and m.role == Role.LEAD for m in members_of(effort))
    if not lead or role is Role.AUTHORITY:
        raise NotAllowed(
            "The authority is delegated by its holder alone; a substitute on the board is named by "
            "the member or by the lead planner."
        )


def _on_team(effort: Effort, to: User, holder: User) -> None:
    if to.pk == holder.pk:
        raise Invalid({"to": "Name somebody else."})
    readers = RULES[Perm.EFFORT_VIEW].roles
    if not to.is_active or not any(
        m.user_id == to.pk and m.role in readers for m in members_of(effort)
    ):
        raise Invalid(
            {"to": f"{to.post} is not on the team. The lead planner adds them as Alternate first."}
        )


@atomic()
def recuse(*, step: Step, role: Role, why: str, by: User) -> Mandate:
    """Take no part in the present cycle of ``step``: neither vote nor decide.

    ``step`` must be locked. Raises Invalid without a reason, NotAllowed for a role that ``by`` does
    not hold here, WrongState when recused already.
    """
    why = said("why", why, need="Say in a sentence why you stand aside.", most=MAX_WHY)
    if not any(
        m.user_id == by.pk and m.role == role and m.step_id in {None, step.pk}
        for m in members_of(step.effort)
    ):
        raise NotAllowed(f"You do not hold {HELD.get(role, 'that role')} in {step}.")
    row = {"step": step, "cycle": step.cycle, "kind": MandateKind.RECUSAL, "role": role,
           "holder": by}  # fmt: skip
    if Mandate.objects.filter(**row, ended_at=None).exists():
        raise WrongState(f"You are recused from {step} already.")
    now = timezone.now()
    made = Mandate.objects.create(
        **row, effort=step.effort, why=why, starts_at=now, given_by=by, given_at=now
    )
    mandates.forget(step.effort)
    record(
        "mandate.recused", by=by, on=made, effort_id=step.effort_id, label=f"{by.post}, {step}",
        why=why, role=str(role), cycle=step.cycle,
    )  # fmt: skip
    return made


@atomic()
def end_mandate(*, mandate: Mandate, by: User) -> Mandate:
    """End a delegation before its time, or take part again after a recusal.

    Raises NotAllowed for anybody but its holder and who gave it, WrongState when it has ended.
    """
    if by.pk not in {mandate.holder_id, mandate.given_by_id}:
        raise NotAllowed("Only its holder, or who gave it, may end this.")
    now = timezone.now()
    done = (
        Mandate.objects.filter(pk=mandate.pk, ended_at=None)
        .exclude(ends_at__lte=now)
        .update(ended_at=now, ended_by=by)
    )
    if not done:
        raise WrongState("This has ended already.")
    mandate.ended_at, mandate.ended_by = now, by
    mandates.forget(mandate.effort)
    record(
        "mandate.ended", by=by, on=mandate, effort_id=mandate.effort_id,
        label=f"{mandate.get_kind_display()}, {mandate.holder.post}",
    )  # fmt: skip
    return mandate
