"""Who sees the watch and who keeps it.

The watch belongs to no effort: the right hangs on the person (``User.watch``), and whoever has none
does not learn what is in it.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from mapro.core.errors import NotAllowed, NotVisible, SignInNeeded
from mapro.core.models import User


def reads_watch(user: User | AnonymousUser) -> bool:
    """Whether a person sees the watch, for menus and lists."""
    return isinstance(user, User) and user.is_active and user.watch in User.Watch.values


def keeps_watch(user: User | AnonymousUser) -> bool:
    """Whether a person may change it, for buttons."""
    return reads_watch(user) and isinstance(user, User) and user.watch == User.Watch.EDIT


def watch_reader(user: User | AnonymousUser) -> User:
    """The person, who sees the watch. Raises SignInNeeded for nobody, NotVisible without a right."""
    if not isinstance(user, User):
        raise SignInNeeded
    if not reads_watch(user):
        raise NotVisible
    return user


def watch_editor(user: User | AnonymousUser) -> User:
    """The person, who keeps the watch. Raises as ``watch_reader``, and NotAllowed for who only
    reads."""
    found = watch_reader(user)
    if not keeps_watch(found):
        raise NotAllowed("You may read the watch. An administrator has to let you keep it.")
    return found
