"""Assemble the team by agency and role."""

from __future__ import annotations

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import Organization, User
from planning import grants
from planning.models import Effort, Membership
from planning.vocabulary import Role, StepStatus


@atomic()
def add_member(
    *, effort: Effort, user: User, role: Role, organization: Organization | None = None, by: User
) -> Membership:
    """Give a person a role in the effort, held for ``organization`` or the person's own.

    Raises Invalid when the person holds the role already or is not active.
    """
    if not user.is_active:
        raise Invalid({"user": f"{user.post} has no active account."})
    membership, made = Membership.objects.get_or_create(
        effort=effort, user=user, role=role, step=None,
        defaults={"organization": organization or user.organization},
    )  # fmt: skip
    if not made:
        raise Invalid({"user": f"{user.post} is {role.label} already."})
    grants.refresh(effort, user)
    record(
        "team.added", by=by, on=effort, effort_id=effort.pk, label=user.post,
        new={"user": user.pk, "role": str(role)},
        organization=membership.organization.name if membership.organization else "",
    )  # fmt: skip
    return membership


@atomic()
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a role back. What the person wrote, voted and decided stays on record.

    Raises WrongState for the only lead: an effort without a lead could not be mended from within.
    """
    effort = Effort.objects.select_for_update(no_key=True).get(pk=membership.effort_id)
    # Whoever is deciding a step finishes first, so that nobody decides after they were removed.
    list(effort.steps.select_for_update(no_key=True).filter(status=StepStatus.SUBMITTED))
    others = effort.memberships.filter(role=Role.LEAD).exclude(pk=membership.pk)
    if membership.role == Role.LEAD and not others.exists():
        raise WrongState("This is the only lead planner. Name another lead first.")
    user = membership.user
    record(
        "team.removed", by=by, on=effort, effort_id=effort.pk, label=user.post,
        old={"user": user.pk, "role": membership.role},
    )  # fmt: skip
    membership.delete()
    grants.refresh(effort, user)
