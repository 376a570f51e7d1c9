"""Feeds, their imports, and the events that they report."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.country import Country
from assessments.vocabulary import FeedFormat, ImportStatus, Violence

USER = settings.AUTH_USER_MODEL


class Feed(models.Model):
    """A source of events. ``credit`` is printed beside its data; ``every_days`` is how old its
    newest day may become before it counts as late."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    format = models.CharField(max_length=12, choices=FeedFormat.choices)
    publisher = models.CharField(max_length=200, blank=True)
    credit = models.TextField(max_length=1_000, blank=True)
    every_days = models.PositiveIntegerField(default=31)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """A file of a feed on its way into the events, and what became of it.

    ``only`` leaves out the rows of every other country. ``covers_from`` and ``covers_to`` bound the
    period, and ``countries`` or ``everywhere`` name the countries, that the file says something
    about: a month without an event in it was quiet, a month outside it was not reported.
    ``problems`` are [{row, column, message}]; ``row`` is None for what concerns the whole file.
    ``attempt`` counts the starts, so that a worker that was given up does not go on.
    """

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="imports")
    only = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    file = models.CharField(max_length=200)
    status = models.CharField(
        max_length=10, choices=ImportStatus.choices, default=ImportStatus.QUEUED
    )
    attempt = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    covers_from = models.DateField(null=True, blank=True)
    covers_to = models.DateField(null=True, blank=True)
    everywhere = models.BooleanField(default=False)
    countries = models.ManyToManyField(Country, blank=True, related_name="imports")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(covers_from=None, covers_to=None)
                | Q(
                    covers_from__isnull=False,
                    covers_to__isnull=False,
                    covers_to__gte=F("covers_from"),
                ),
                name="import_covers_a_period",
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def in_progress(self) -> bool:
        """Whether it waits or runs."""
        return self.status in {ImportStatus.QUEUED, ImportStatus.RUNNING}


class EventFields(models.Model):
    """What a row of a feed says of one event.

    Deaths are estimates side by side, of which none stands for another or is made from others;
    some sources publish a low one above the high one, and it stays so. ``deaths_a`` and
    ``deaths_b`` fell on the sides, ``deaths_unknown`` on nobody knows whom. Coordinates are degrees
    (WGS 84). Precisions run from 1, the very day or place, upward.
    """

    source_id = models.CharField(max_length=80)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="%(class)ss")
    date_start = models.DateField()
    date_end = models.DateField()
    date_precision = models.PositiveSmallIntegerField()
    type_of_violence = models.CharField(max_length=12, choices=Violence.choices)
    side_a = models.CharField(max_length=500, blank=True)
    side_b = models.CharField(max_length=500, blank=True)
    conflict = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=500, blank=True)
    adm_1 = models.CharField(max_length=500, blank=True)
    adm_2 = models.CharField(max_length=500, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    place_precision = models.PositiveSmallIntegerField(null=True, blank=True)
    deaths_low = models.PositiveIntegerField()
    deaths_best = models.PositiveIntegerField()
    deaths_high = models.PositiveIntegerField()
    deaths_civilians = models.PositiveIntegerField(default=0)
    deaths_a = models.PositiveIntegerField(default=0)
    deaths_b = models.PositiveIntegerField(default=0)
    deaths_unknown = models.PositiveIntegerField(default=0)
    headline = models.TextField(blank=True)
    sources = models.TextField(blank=True)
    digest = models.CharField(max_length=12)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source_id} {self.date_start}"


class Event(EventFields):
    """An event as its feed reports it last. ``imported`` is the import that wrote it last."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="events")
    imported = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="events")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-date_start", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("feed", "source_id"), name="event_once_per_feed"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False, longitude__isnull=False,
                    latitude__gte=-90, latitude__lte=90,
                    longitude__gte=-180, longitude__lte=180,
                ),
                name="event_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(date_end__gte=F("date_start")), name="event_ends_after_start"
            ),
        )  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=("country", "date_start", "id"), name="event_by_day"),
            # Hold all that totals and maps of a country read, so that they never fetch the rows.
            models.Index(
                fields=(
                    "country", "date_start", "type_of_violence", "deaths_low", "deaths_best",
                    "deaths_high", "deaths_civilians", "deaths_unknown",
                ),
                name="event_totals",
            ),
            models.Index(
                fields=(
                    "country", "latitude", "longitude", "type_of_violence", "date_start",
                    "deaths_low", "deaths_best", "deaths_high", "place",
                ),
                name="event_places",
            ),
        ]  # fmt: skip


class StagedEvent(EventFields):
    """A row of a file that is being read. Rows wait here until all of them are known to be good;
    one statement then makes them events, so that readers and writers hardly wait for it."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="staged")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("imported", "source_id"), name="staged_once"),
        )
