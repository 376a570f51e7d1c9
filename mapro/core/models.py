"""What every other app stands on: people, organizations, markings, the audit trail, jobs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organization(models.Model):
    """An agency, office or outside body (Handbook Figure 3 and Part II, Participants).

    ``letterhead`` are lines of its paper, ``ink`` its color (#rrggbb), ``seal`` the SHA-256 of a
    picture stored by ``mapro.core.pictures``.
    """

    class Kind(models.TextChoices):
        """Where an organization stands towards the planning team."""

        INTERAGENCY = "interagency", _("Interagency group")
        USG = "usg", _("US Government")
        UN = "un", _("United Nations system")
        REGIONAL = "regional", _("Regional organization")
        OTHER = "other", _("Other")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.USG)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="children",
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    letterhead = models.TextField(_("letterhead"), max_length=400, blank=True)
    ink = models.CharField(_("color of rules and titles"), max_length=7, default="#171716")
    seal = models.CharField(_("seal"), max_length=64, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        """The acronym where there is one, else the name."""
        return self.acronym or self.name


class Marking(models.Model):
    """A handling marking. The highest rank among the portions makes the banner."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    banner = models.CharField(_("banner"), max_length=80)
    portion = models.CharField(_("portion mark"), max_length=20)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    ground = models.CharField(_("ground color"), max_length=7, default="#216e1f")

    class Meta:
        ordering = ("rank",)

    def __str__(self) -> str:
        return self.banner


class UserManager(BaseUserManager):
    """Creates people who are known by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = User(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator (``manage.py createsuperuser``)."""
        fields.setdefault("post", "Administrator")
        return self.create_user(email, password, **fields | {"is_staff": True})


class User(AbstractUser):
    """A person, shown everywhere by post.

    ``is_staff`` makes an administrator of users, organizations and markings; it opens no planning
    content. What a person may do in an effort hangs on the roles held there. ``watch`` says
    whether the person sees the watch of Step 0, which belongs to no effort.
    """

    class Watch(models.TextChoices):
        """What a person may do in the watch; empty hides it."""

        READ = "read", _("Reads the watch")
        EDIT = "edit", _("Keeps the watch")

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    post = models.CharField(_("post"), max_length=120)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, null=True,
        blank=True, related_name="people",
    )  # fmt: skip
    can_open_efforts = models.BooleanField(_("may open efforts"), default=False)
    watch = models.CharField(_("watch"), max_length=4, choices=Watch.choices, blank=True)
    seen_at = models.DateTimeField(_("last looked at My work"), null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["post"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("post",)

    def __str__(self) -> str:
        return self.post

    def get_full_name(self) -> str:
        """The post: people appear by post alone."""
        return self.post

    def get_short_name(self) -> str:
        """The post."""
        return self.post


class AuditHead(models.Model):
    """The last link of one audit stream. Locking this row puts writers of a stream in line."""

    stream = models.CharField(max_length=40, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.stream} at {self.seq}"


class AuditEvent(models.Model):
    """One recorded act. It outlives its subject, so it holds no foreign keys.

    ``hash`` is the SHA-256 of the previous hash and this event's canonical JSON; see
    ``mapro.core.audit``.
    """

    stream = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    subject = models.CharField(max_length=80)
    label = models.CharField(max_length=200, blank=True)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("stream", "seq")
        constraints = (
            models.UniqueConstraint(fields=("stream", "seq"), name="audit_one_place_in_stream"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises TypeError on an attempt to change a recorded event."""
        if self.pk is not None:
            raise TypeError("An audit event cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse. Raises TypeError."""
        raise TypeError("An audit event cannot be deleted.")


class Job(models.Model):
    """Work to be done outside the request: the row is the truth, the queue only a doorbell.

    A worker holds a job by a lease that it renews; a lease that ran out means that the worker
    died, and the sweep rings again.
    """

    name = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    ring_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("ring_at",), name="job_overdue", condition=models.Q(finished_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Heartbeat(models.Model):
    """When a background process last showed that it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
