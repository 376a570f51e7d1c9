"""Grants: guardian is the truth, one group per effort and role; ``Grant`` is its flat mirror.

This is the only module that writes groups, object permissions and ``Grant`` rows.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Count, Q

from mapro.core.models import User
from planning.models import Effort, EffortGroupPermission, Grant, Membership
from planning.policies import RULES
from planning.vocabulary import Role


def group_name(effort: Effort, role: Role) -> str:
    """The name of the group that holds ``role`` in ``effort``."""
    return f"effort-{effort.pk}-{role}"


def install(effort: Effort) -> None:
    """Create the groups of an effort and grant each what the permission table gives its role."""
    permissions = {
        p.codename: p
        for p in Permission.objects.filter(
            content_type__app_label="planning", content_type__model="effort"
        )
    }
    groups = Group.objects.bulk_create([Group(name=group_name(effort, role)) for role in Role])
    EffortGroupPermission.objects.bulk_create(
        EffortGroupPermission(
            group=group, permission=permissions[rule.perm.value], content_object=effort
        )
        for role, group in zip(Role, groups, strict=True)
        for rule in RULES.values()
        if role in rule.roles
    )


def refresh(effort: Effort, user: User) -> None:
    """Make a person's groups follow the memberships, and the mirror follow guardian."""
    roles = set(Membership.objects.filter(effort=effort, user=user).values_list("role", flat=True))
    groups = {
        role: group
        for group in Group.objects.filter(name__in=[group_name(effort, r) for r in Role])
        for role in Role
        if group.name == group_name(effort, role)
    }
    user.groups.add(*[g for r, g in groups.items() if r in roles])
    user.groups.remove(*[g for r, g in groups.items() if r not in roles])
    granted = set(
        EffortGroupPermission.objects.filter(
            content_object=effort, group__in=user.groups.all()
        ).values_list("permission__codename", flat=True)
    )
    Grant.objects.filter(effort=effort, user=user).exclude(permission__in=granted).delete()
    Grant.objects.bulk_create(
        [Grant(effort=effort, user=user, permission=p) for p in sorted(granted)],
        ignore_conflicts=True,
    )


def _complete() -> bool:
    """Whether each effort's roles hold all that the table gives them. Two queries.

    Counted by role and permission, so that what earlier tables granted makes up for nothing.
    """
    efforts = Effort.objects.count()
    by_role = {str(r): Count("pk", filter=Q(group__name__endswith=f"-{r}")) for r in Role}
    rows: Any = EffortGroupPermission.objects.order_by().values("permission__codename")
    counted: dict[tuple[str, str], int] = {
        (row["permission__codename"], role): row[role]
        for row in rows.annotate(**by_role)
        for role in by_role
    }
    return all(
        counted.get((rule.perm.value, role), 0) >= efforts
        for rule in RULES.values()
        for role in rule.roles
    )


def reconcile() -> int:
    """Grant efforts that are open what the permission table has come to give their roles.

    Run after each migration; returns how many grants were missing. Nothing is taken away.
    """
    if _complete():
        return 0
    permissions = {
        p.codename: p
        for p in Permission.objects.filter(
            content_type__app_label="planning", content_type__model="effort"
        )
    }
    missing = 0
    # The key alone: on the way back from a migration newer columns are gone already.
    for effort in Effort.objects.only("pk").order_by("pk").iterator(chunk_size=200):
        groups = {
            g.name: g for g in Group.objects.filter(name__in=[group_name(effort, r) for r in Role])
        }
        there = set(
            EffortGroupPermission.objects.filter(content_object=effort).values_list(
                "group__name", "permission__codename"
            )
        )
        new = [
            EffortGroupPermission(
                group=groups[group_name(effort, role)], permission=permissions[rule.perm.value],
                content_object=effort,
            )
            for rule in RULES.values()
            for role in rule.roles
            if group_name(effort, role) in groups
            and rule.perm.value in permissions
            and (group_name(effort, role), rule.perm.value) not in there
        ]  # fmt: skip
        if new:
            EffortGroupPermission.objects.bulk_create(new)
            missing += len(new)
            for user in User.objects.filter(memberships__effort=effort).distinct():
                refresh(effort, user)
    return missing
