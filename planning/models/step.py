"""Steps of an effort, and what was submitted, voted and decided on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from planning import framework
from planning.models.effort import Effort
from planning.models.fields import choices
from planning.vocabulary import Outcome, Position, StepStatus, SubmissionStatus, Way


class Step(models.Model):
    """One of the six steps in one effort. ``due_at`` is when its decision is due (UTC).

    ``way`` and ``quorum`` (seats that must take a position, 0 for none) say how it is decided;
    ``silence_hours`` is the term of a silence procedure. ``cycle`` counts from 1 and grows with
    each reopening.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=choices(StepStatus), default=StepStatus.LOCKED)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=choices(Way), default=Way.AUTHORITY)
    quorum = models.PositiveSmallIntegerField(default=0)
    silence_hours = models.PositiveSmallIntegerField(default=48)
    cycle = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("effort_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("effort", "number"), name="step_once_per_effort"),
            models.CheckConstraint(
                condition=Q(status=StepStatus.APPROVED, approved_at__isnull=False)
                | (~Q(status=StepStatus.APPROVED) & Q(approved_at=None)),
                name="step_approved_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"Step {self.number}"

    @property
    def definition(self) -> framework.Step:
        """What the framework says of this step."""
        return framework.step(self.number)

    @property
    def title(self) -> str:
        """The step's title in the Handbook."""
        return self.definition.title

    @property
    def state(self) -> StepStatus:
        """The status as a word of the vocabulary."""
        return StepStatus(self.status)

    def get_absolute_url(self) -> str:
        """The step's page."""
        return reverse("step", args=[self.effort.slug, self.number])


class Submission(models.Model):
    """A package put before the board: exact Versions and the decision asked for, under one hash.

    An ``interim`` one decides its products and leaves the gate where it is. The way of deciding is
    the step's when it was submitted; ``checks`` is what the gate found then. ``reminded`` counts
    the automatic reminders.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    ask = models.CharField(max_length=300)
    package_hash = models.CharField(max_length=64)
    status = models.CharField(
        max_length=12, choices=choices(SubmissionStatus), default=SubmissionStatus.PENDING
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    cycle = models.PositiveSmallIntegerField(default=1)
    interim = models.BooleanField(default=False)
    way = models.CharField(max_length=10, choices=choices(Way), default=Way.AUTHORITY)
    quorum = models.PositiveSmallIntegerField(default=0)
    silence_until = models.DateTimeField(null=True, blank=True)
    checks = models.JSONField(default=dict)
    reminded = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("step_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("step", "number"), name="submission_number_once"),
            models.UniqueConstraint(
                fields=("step",),
                condition=Q(status=SubmissionStatus.PENDING),
                name="submission_one_pending",
            ),
        )

    def __str__(self) -> str:
        return f"Submission {self.number}"

    @property
    def decided_how(self) -> Way:
        """The way of deciding as a word of the vocabulary."""
        return Way(self.way)

    @property
    def short_hash(self) -> str:
        """The first eight characters of the package hash, as people compare them."""
        return self.package_hash[:8]


class SubmissionItem(models.Model):
    """One product's Version in a package."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="items")
    version = models.ForeignKey("planning.Version", on_delete=models.PROTECT, related_name="items")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("submission", "version"), name="item_once"),)

    def __str__(self) -> str:
        return f"{self.submission_id} {self.version_id}"


class Vote(models.Model):
    """A board seat's position on a submission. The audit trail keeps earlier positions.

    ``user`` holds the seat; ``cast_by`` voted in the holder's place, if anybody did.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.CharField(max_length=16, choices=choices(Position))
    reason = models.TextField(blank=True, max_length=4_000)
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ("cast_at",)
        constraints = (
            models.UniqueConstraint(fields=("submission", "user"), name="vote_once"),
            models.CheckConstraint(
                condition=~Q(position__in=[Position.NONCONCUR, Position.CONCUR_COMMENT])
                | ~Q(reason=""),
                name="vote_reason_given",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.position}"

    @property
    def stance(self) -> Position:
        """The position as a word of the vocabulary."""
        return Position(self.position)


class Decision(models.Model):
    """The Approving Authority's decision on one submission. It is never changed.

    Nobody is named only where a board adopted by silence. ``seats`` is the board as it stood:
    post, position, reason, who voted in its place, why it was recused.
    """

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=20, choices=choices(Outcome))
    conditions = models.TextField(blank=True, max_length=4_000)
    guidance = models.TextField(blank=True, max_length=4_000)
    package_hash = models.CharField(max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=10, choices=choices(Way), default=Way.AUTHORITY)
    seats = models.JSONField(default=list)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RETURN) | ~Q(guidance=""),
                name="decision_return_has_guidance",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.APPROVE_CONDITIONS) | ~Q(conditions=""),
                name="decision_conditions_given",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False) | Q(way=Way.SILENCE),
                name="decision_names_who",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} {self.outcome}"

    @property
    def by_words(self) -> str:
        """Who decided: a post, on whose behalf, for which body; or a board by silence."""
        if self.decided_by is None:
            return "Supervisory Board, by silence"
        words = self.decided_by.post
        if self.body and self.body not in words:
            words += f", for the {self.body}"
        if self.on_behalf_of is not None:
            words += f", on behalf of {self.on_behalf_of.post}"
        return words

    @property
    def result(self) -> Outcome:
        """The outcome as a word of the vocabulary."""
        return Outcome(self.outcome)
