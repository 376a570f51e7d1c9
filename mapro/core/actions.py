"""What administrators do: people and organizations."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from mapro.core import pictures
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, TooLarge, WrongState
from mapro.core.models import Organization, User

USER_FIELDS = (
    "email",
    "post",
    "organization",
    "is_active",
    "is_staff",
    "can_open_efforts",
    "watch",
)
ORGANIZATION_FIELDS = (
    "code", "name", "acronym", "kind", "parent", "is_active", "letterhead", "ink",
)  # fmt: skip


def _administrator(by: User) -> None:
    if not by.is_staff:
        raise NotAllowed("Only administrators manage people and organizations.")


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _apply(thing: models.Model, fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs; returns the old and the new values of what did."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, value in fields.items():
        before = getattr(thing, name)
        if before != value:
            old[name], new[name] = _plain(before), _plain(value)
            setattr(thing, name, value)
    return old, new


def _validated(thing: models.Model, **kwargs: Any) -> None:
    try:
        thing.full_clean(**kwargs)
    except ValidationError as error:
        raise Invalid({k: " ".join(v) for k, v in error.message_dict.items()}) from error


@atomic()
def save_user(*, by: User, user: User | None = None, password: str = "", **fields: Any) -> User:
    """Make a person's account or change it; ``password`` is needed for a new one.

    Raises NotAllowed unless ``by`` is an administrator, Invalid for bad fields or a weak password,
    WrongState when administrators would lock themselves out.
    """
    _administrator(by)
    made = user is None
    user = user or User()
    if "email" in fields:
        fields["email"] = User.objects.normalize_email(fields["email"]).lower()
    old, new = _apply(user, fields)
    if user.pk == by.pk and not (user.is_active and user.is_staff):
        raise WrongState("You cannot take away your own administration. Ask another one.")
    if made and not password:
        raise Invalid({"password": "Give a first password; the person changes it after sign-in."})
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Invalid({"password": " ".join(error.messages)}) from error
        user.set_password(password)
        new["password"] = "set"  # noqa: S105 - says that it was, not what
    _validated(user)
    if not new:
        return user
    user.save()
    record(
        "user.added" if made else "user.edited", by=by, on=user, label=user.post,
        old=None if made else old, new=new,
    )  # fmt: skip
    return user


@atomic()
def save_organization(
    *,
    by: User,
    organization: Organization | None = None,
    seal: bytes | None = None,
    **fields: Any,
) -> Organization:
    """Add an organization or change it.

    ``seal`` is a picture for its paper; empty bytes take the present one away. Raises NotAllowed
    unless ``by`` is an administrator, Invalid for bad fields, a color that is not #rrggbb, what is
    no picture, or a parent that would make a circle.
    """
    _administrator(by)
    made = organization is None
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", fields.get("ink", "#171716")):
        raise Invalid({"ink": "Give the color as # and six hexadecimal digits, such as #171716."})
    if seal is not None:
        fields["seal"] = _seal(seal)
    organization = organization or Organization()
    old, new = _apply(organization, fields)
    _validated(organization)
    above = organization.parent
    while above is not None:
        if above.pk == organization.pk:
            raise Invalid({"parent": "An organization cannot be part of itself."})
        above = above.parent
    if not new:
        return organization
    organization.save()
    record(
        "organization.added" if made else "organization.edited", by=by, on=organization,
        label=organization.name, old=None if made else old, new=new,
    )  # fmt: skip
    return organization


def _seal(content: bytes) -> str:
    if not content:
        return ""
    try:
        return pictures.store(content).sha256
    except (Invalid, TooLarge) as error:
        raise Invalid({"seal_file": error.message}) from error


def mark_seen(*, by: User) -> None:
    """Note when a person last looked. A reading mark, not an act on the plan: it is not audited."""
    User.objects.filter(pk=by.pk).update(seen_at=timezone.now())
