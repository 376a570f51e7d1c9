"""The effort, its team, and the grants that let people see it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from mapro.core.models import Marking, Organization
from planning.models.fields import choices
from planning.vocabulary import EffortKind, ForkKind, Perm, Role


class Effort(models.Model):
    """A planning effort for a country or a situation.

    ``confirm_hours`` is the term within which the authority confirms a verbal approval. A fork
    came from ``parent`` with what was approved before step ``forked_at``. ``filled`` names each kind
    of register entry of which there is one (“findings:driver”), so that a gate asks nothing.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country or region"), max_length=120)
    situation = models.TextField(_("situation"), max_length=2_000)
    goal = models.TextField(_("purpose of the planning"), max_length=1_000, blank=True)
    kind = models.CharField(
        _("planning"), max_length=12, choices=choices(EffortKind), default=EffortKind.DELIBERATE
    )
    exercise = models.BooleanField(_("exercise"), default=False)
    marking = models.ForeignKey(
        Marking, verbose_name=_("marking of new sections"), on_delete=models.PROTECT
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    crisis_since = models.DateTimeField(null=True, blank=True)
    crisis_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirm_hours = models.PositiveSmallIntegerField(
        _("hours to confirm a verbal approval"), default=48
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="forks"
    )
    fork = models.CharField(max_length=12, choices=choices(ForkKind), blank=True)
    forked_at = models.PositiveSmallIntegerField(null=True, blank=True)
    filled = models.JSONField(default=list)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        permissions = tuple((p.value, p.value.replace("_", " ")) for p in Perm)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The effort's page."""
        return reverse("effort", args=[self.slug])


class EffortGroupPermission(GroupObjectPermissionBase):
    """Guardian's table of what a role's group may do in an effort, with a real foreign key."""

    content_object = models.ForeignKey(Effort, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.group_id} {self.permission_id} {self.content_object_id}"


class Membership(models.Model):
    """A person's role in an effort, held for an organization. A person may hold several.

    An authority with a ``step`` decides that step alone, in place of the effort's: a higher level,
    such as the Deputies Committee.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=choices(Role))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    step = models.ForeignKey(
        "planning.Step", on_delete=models.CASCADE, null=True, blank=True, related_name="authorities"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("effort", "user", "role"),
                condition=models.Q(step=None),
                name="membership_once_per_role",
            ),
            models.UniqueConstraint(
                fields=("user", "step"),
                condition=models.Q(step__isnull=False),
                name="membership_once_per_step",
            ),
            models.CheckConstraint(
                condition=models.Q(step=None) | models.Q(role=Role.AUTHORITY),
                name="membership_step_for_authorities",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.effort_id}"


class Grant(models.Model):
    """One person, one permission, one effort: what guardian grants, flat, for lists.

    Written by ``planning.grants`` alone, so that any list is scoped by one EXISTS.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="grants")
    permission = models.CharField(max_length=30)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "permission", "effort"), name="grant_once"),
        )
        indexes = (models.Index(fields=("effort", "permission"), name="grant_by_effort"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.permission} {self.effort_id}"
