"""Countries, what is known of them, and the lists that name them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.vocabulary import Heading

USER = settings.AUTH_USER_MODEL
MAX_BODY = 8_000  # characters under one heading of a profile


class Country(models.Model):
    """A country that may be watched; it is watched while ``watched_since`` says since when.

    ``code`` is its address: iso3 in small letters, or a name for the invented ones of an exercise,
    which have no ``iso3``. ``gw`` is its Gleditsch-Ward number. ``aliases`` are other names under
    which feeds deliver it.
    """

    code = models.SlugField(max_length=60, unique=True)
    iso3 = models.CharField(max_length=3, blank=True)
    name = models.CharField(max_length=120, unique=True)
    region = models.CharField(max_length=60, blank=True)
    subregion = models.CharField(max_length=60, blank=True)
    gw = models.PositiveIntegerField(null=True, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    exercise = models.BooleanField(default=False)
    watched_since = models.DateTimeField(null=True, blank=True)
    watched_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why_watched = models.TextField(max_length=4_000, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "countries"
        constraints = (
            models.CheckConstraint(
                condition=Q(watched_since=None, watched_by=None, why_watched="")
                | (Q(watched_since__isnull=False) & ~Q(why_watched="")),
                name="country_watched_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_watched(self) -> bool:
        """Whether it is on the watch."""
        return self.watched_since is not None


class Profile(models.Model):
    """What is known of a country under one heading: plain text and where it was taken from."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="profiles")
    heading = models.CharField(max_length=20, choices=Heading.choices)
    body = models.TextField(max_length=MAX_BODY, blank=True)
    sources = models.TextField(max_length=4_000, blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("country_id", "pk")
        constraints = (
            models.UniqueConstraint(fields=("country", "heading"), name="profile_heading_once"),
        )

    def __str__(self) -> str:
        return f"{self.country_id} {self.heading}"


class Watchlist(models.Model):
    """A list of countries at risk: our ``own``, or one that an agency or organization keeps.

    ``address`` says where it is published; it is shown, never fetched.
    """

    name = models.CharField(max_length=120, unique=True)
    owner = models.CharField(max_length=120)
    own = models.BooleanField(default=False)
    address = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=2_000, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-own", "name")

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A country on a list, in the words of that list. Lists are shown side by side, never merged."""

    watchlist = models.ForeignKey(Watchlist, on_delete=models.PROTECT, related_name="listings")
    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="listings")
    standing = models.CharField(max_length=200, blank=True)
    as_of = models.DateField()
    note = models.TextField(max_length=2_000, blank=True)
    added_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("watchlist_id", "country_id", "-as_of")
        constraints = (
            models.UniqueConstraint(
                fields=("watchlist", "country"), condition=Q(ended_at=None),
                name="listed_once_at_a_time",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.country_id} on {self.watchlist_id}"
