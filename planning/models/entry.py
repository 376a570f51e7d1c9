"""Entries of registers: one table, whose columns the register declares (``planning/registers``)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from mapro.core.models import Marking
from planning.models.effort import Effort
from planning.registers import REGISTERS, Kind, Register

USER = settings.AUTH_USER_MODEL


class Entry(models.Model):
    """One fact of an effort: an actor, an assumption, a grievance.

    ``title`` holds the register's first field, ``kind`` its sorting choice, ``data`` the others;
    ``words`` are all of them in lower case, which a search looks through.
    ``number`` names it for ever (ACT-3); ``position`` is the drafter's order. A ``highlight``
    reaches the overview briefing. ``revision`` counts the saves, ``touched`` says by field key which
    save changed it last. ``reviewed_at`` is when somebody
    last looked whether it still holds, ``signaled_at`` when it last said what makes others look again
    (``Register.signal``). Nothing is deleted: a retired entry keeps its number.
    """

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="entries")
    register = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    title = models.TextField(max_length=1_000)
    kind = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    words = models.TextField()
    portion = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    highlight = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    touched = models.JSONField(default=dict)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    reviewed_at = models.DateTimeField()
    signaled_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.TextField(max_length=1_000, blank=True)

    class Meta:
        ordering = ("effort_id", "register", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("effort", "register", "number"), name="entry_number_once"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="entry_has_title"),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_why="")
                | (Q(retired_at__isnull=False) & ~Q(retired_why="")),
                name="entry_retired_with_reason",
            ),
        )
        indexes: ClassVar = [
            models.Index(
                fields=("effort", "register", "position", "id"), name="entry_standing",
                condition=Q(retired_at=None),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.definition.prefix}-{self.number}"

    @property
    def definition(self) -> Register:
        """What the register declares."""
        return REGISTERS[self.register]

    def value(self, key: str) -> Any:
        """The stored value of a field; of links the entries, if ``planning.entries`` read them."""
        definition = self.definition
        if key == definition.title.key:
            return self.title
        if key == definition.kind:
            return self.kind or None
        if definition.field(key).kind is Kind.LINKS:
            return self.__dict__.get("_links", {}).get(key, [])
        return self.data.get(key)

    def get_absolute_url(self) -> str:
        """The entry's page."""
        return reverse("entry", args=[self.effort.slug, self.register, self.number])


class EntryLink(models.Model):
    """One entry names another, by the key of the field that does."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links")
    field = models.CharField(max_length=40)
    to = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="linked_from")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("entry", "field", "to"), name="entry_link_once"),
            models.CheckConstraint(condition=~Q(entry=models.F("to")), name="entry_not_of_itself"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field} {self.to_id}"
