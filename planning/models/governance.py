"""Who stands in for whom, what is owed by whom, and why a step was decided again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from planning.models.effort import Effort
from planning.models.fields import choices
from planning.models.product import Product
from planning.models.step import Decision, Step, Submission
from planning.vocabulary import MandateKind, Origin, Role

USER = settings.AUTH_USER_MODEL


class Mandate(models.Model):
    """A delegation: ``delegate`` acts in the place of ``holder`` for a period, in one step or all.
    A recusal: ``holder`` takes no part in one ``cycle`` of a step.

    One table, so that a gate asks once who may act.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="mandates")
    step = models.ForeignKey(
        Step, on_delete=models.CASCADE, null=True, blank=True, related_name="mandates"
    )
    cycle = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=choices(MandateKind))
    role = models.CharField(max_length=12, choices=choices(Role))
    holder = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    delegate = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(max_length=1_000)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=MandateKind.DELEGATION, delegate__isnull=False,
                            ends_at__isnull=False)
                | Q(kind=MandateKind.RECUSAL, delegate=None, step__isnull=False,
                    cycle__isnull=False),
                name="mandate_names_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="mandate_ends_after_start",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_delegation(self) -> bool:
        """Whether somebody stands in."""
        return self.kind == MandateKind.DELEGATION

    @property
    def of_role(self) -> Role:
        """The role as a word of the vocabulary."""
        return Role(self.role)


class Reopening(models.Model):
    """Why an approved step was opened for a new ``cycle``. It is never changed."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="reopenings")
    cycle = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=4_000)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("step_id", "cycle")
        constraints = (
            models.UniqueConstraint(fields=("step", "cycle"), name="reopened_once_per_cycle"),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.step_id} cycle {self.cycle}"


class DueOut(models.Model):
    """What somebody owes the effort, where it comes from, and what proves that it was done.

    ``step`` is the step that it came from, or that it holds up. A debt (``Origin.is_debt``) names
    its ``submission`` or ``product``. ``detail`` holds, for a reopened step, its ``changes`` once it
    is approved again (product, label, title, number of the old and the new version); for a verbal
    approval, who said it (``by``), when (``at``) and the ``words``.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="due_outs")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=4_000)
    origin = models.CharField(max_length=12, choices=choices(Origin))
    step = models.ForeignKey(
        Step, on_delete=models.CASCADE, null=True, blank=True, related_name="due_outs"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="due_outs"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="due_outs"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="due_outs"
    )
    reopening = models.ForeignKey(
        Reopening, on_delete=models.PROTECT, null=True, blank=True, related_name="due_outs"
    )
    owner = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.TextField(max_length=4_000, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("effort_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("effort", "number"), name="due_out_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="due_out_has_text"),
            models.CheckConstraint(
                condition=Q(done_at=None, evidence="")
                | (Q(done_at__isnull=False) & ~Q(evidence="")),
                name="due_out_done_with_evidence",
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=("effort",), name="due_out_open", condition=Q(done_at=None)),
            models.Index(fields=("owner",), name="due_out_owed", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"DO-{self.number}"

    @property
    def came_from(self) -> Origin:
        """The origin as a word of the vocabulary."""
        return Origin(self.origin)

    @property
    def is_late(self) -> bool:
        """Whether it is open after its date."""
        return self.done_at is None and self.due_at is not None and self.due_at < timezone.now()

    def get_absolute_url(self) -> str:
        """Its place on the page of due-outs."""
        return f"{reverse('due-outs', args=[self.effort.slug])}#do-{self.number}"
