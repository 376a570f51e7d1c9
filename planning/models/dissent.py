"""Dissents: a record that only its author may withdraw (invariant 2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from mapro.core.models import Organization
from planning.models.effort import Effort
from planning.models.fields import choices
from planning.models.product import Product
from planning.models.step import Submission
from planning.vocabulary import ReplyKind, Ruling


class Dissent(models.Model):
    """What a person disputes, in their own words. It is never edited or deleted.

    It disputes a submission, a register's entry (``source`` and ``fact``, which read
    ``fact_words`` then: an option, an assumption), a product or one ``section`` of it; without any
    of these, the effort's course. A ``red_flag`` goes to the authority past the lead.
    """

    effort = models.ForeignKey(Effort, on_delete=models.PROTECT, related_name="dissents")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="dissents"
    )
    section = models.CharField(max_length=60, blank=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="dissents"
    )
    source = models.CharField(max_length=30, blank=True)
    fact = models.CharField(max_length=60, blank=True)
    fact_words = models.TextField(blank=True)
    red_flag = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(max_length=4_000)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True, max_length=1_000)

    class Meta:
        ordering = ("effort_id", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="dissent_has_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_why=""),
                name="dissent_withdrawn_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"D-{self.pk}"

    def reaches(self, number: int) -> bool:
        """Whether the products of step ``number`` rest on what it disputes: that step's own
        content, an earlier one's, or the effort's course."""
        if self.submission is not None:
            return self.submission.step.number <= number
        return self.product is None or self.product.step.number <= number


class Reply(models.Model):
    """What others said to a dissent: somebody joins it, the lead answers, the authority rules.

    Words are never changed. A co-signature that was taken back stays, with ``withdrawn_at``.
    """

    dissent = models.ForeignKey(Dissent, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=10, choices=choices(ReplyKind))
    ruling = models.CharField(max_length=16, choices=choices(Ruling), blank=True)
    words = models.TextField(max_length=4_000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=ReplyKind.COSIGN, words="", ruling="")
                | (Q(kind=ReplyKind.ANSWER, ruling="", withdrawn_at=None) & ~Q(words=""))
                | (Q(kind=ReplyKind.RULING, withdrawn_at=None) & ~Q(words="") & ~Q(ruling="")),
                name="reply_says_what_it_should",
            ),
            models.UniqueConstraint(
                fields=("dissent", "by"),
                condition=Q(kind=ReplyKind.COSIGN, withdrawn_at=None),
                name="cosigned_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.dissent_id}"

    @property
    def ruled(self) -> Ruling:
        """The ruling as a word of the vocabulary. Raises ValueError for any other reply."""
        return Ruling(self.ruling)
