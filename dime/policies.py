"""Who changes what in the toolbox, which all efforts share.

Reading takes part in planning (``planning.policies.plans``); the route says so. An agency keeps
its own tools and notes; whoever keeps the watch keeps those of the Handbook too.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from mapro.core.errors import NotAllowed, NotVisible, SignInNeeded
from mapro.core.models import Organization, User
from planning.policies import plans


def planner(user: User | AnonymousUser) -> User:
    """The person, who takes part in planning. Raises SignInNeeded for nobody, NotVisible else."""
    if not isinstance(user, User):
        raise SignInNeeded
    if not plans(user):
        raise NotVisible
    return user


def keeps_toolbox(user: User | AnonymousUser) -> bool:
    """Whether a person keeps the whole toolbox."""
    return isinstance(user, User) and user.is_active and user.watch == User.Watch.EDIT


def keeps(user: User | AnonymousUser, organization: Organization | None) -> bool:
    """Whether a person keeps what an organization put into the toolbox; None is the Handbook."""
    if keeps_toolbox(user):
        return True
    mine = user.organization_id if isinstance(user, User) else None
    return organization is not None and organization.pk == mine


def keeper(user: User | AnonymousUser, organization: Organization | None) -> User:
    """The person, who keeps it. Raises as ``planner``, and NotAllowed for who only reads."""
    found = planner(user)
    if not keeps(found, organization):
        whose = organization.name if organization else "the Handbook"
        raise NotAllowed(
            f"This is a tool of {whose}. Its own people change it, and whoever keeps the watch; "
            "you can add a note, or a tool of your organization."
        )
    return found
