"""What the API shows and takes of the watch."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.frames import FRAMES
from assessments.models import (
    Alert,
    Country,
    Event,
    Feed,
    Import,
    Listing,
    Rating,
    Report,
    Watchlist,
)
from assessments.vocabulary import (
    AlertStatus,
    Confidence,
    FrameKey,
    Level,
    Reliability,
    ReportKind,
    Trend,
)
from mapro.core.models import Marking
from planning.api.product_serializers import key_field

SETTLED = [s.value for s in AlertStatus if s is not AlertStatus.OPEN]
NO_COUNTRY = {"does_not_exist": "There is no country “{value}”."}


def code_of(**options: Any) -> Any:
    """A country by its code."""
    if not options.get("read_only"):
        options |= {"queryset": Country.objects.all(), "error_messages": NO_COUNTRY}
    return serializers.SlugRelatedField(slug_field="code", **options)


class CountrySerializer(serializers.ModelSerializer):
    """A country that may be watched; it is while ``watched_since`` says since when."""

    class Meta:
        model = Country
        fields = (
            "id", "code", "iso3", "name", "region", "subregion", "exercise", "watched_since",
            "why_watched",
        )  # fmt: skip


class ProfileSerializer(serializers.Serializer):
    """What is written under one heading; ``revision`` 0 says that nothing is."""

    heading = serializers.CharField()
    body = serializers.CharField()
    sources = serializers.CharField()
    revision = serializers.IntegerField()


class SaidSerializer(serializers.Serializer):
    """What a list says of the country; ``standing`` null when the list does not name it."""

    watchlist = serializers.CharField()
    own = serializers.BooleanField()
    standing = serializers.CharField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)


class CategorySerializer(serializers.Serializer):
    """How many items of a category stand at each level; what nobody rated is unknown."""

    frame: Any = serializers.CharField()
    category = serializers.CharField()
    name = serializers.CharField()
    levels: Any = serializers.DictField(child=serializers.IntegerField())
    worse = serializers.IntegerField()
    newest = serializers.DateTimeField(allow_null=True)


class CountryDetail(CountrySerializer):
    """A country with its profile, what lists say of it, and what its ratings add up to.

    ``reported_to`` is the last day of which a feed speaks; after it nothing is known.
    """

    reported_to = serializers.DateField(allow_null=True, read_only=True)
    profile = ProfileSerializer(many=True, read_only=True)
    lists = SaidSerializer(many=True, read_only=True)
    cumulative = CategorySerializer(many=True, read_only=True)
    efforts: Any = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Country
        fields: Any = (
            *CountrySerializer.Meta.fields, "reported_to", "profile", "lists", "cumulative",
            "efforts",
        )  # fmt: skip


class SumsSerializer(serializers.Serializer):
    """Events and deaths by three estimates; ``unknown`` are deaths of nobody knows whom."""

    events = serializers.IntegerField()
    low = serializers.IntegerField()
    best = serializers.IntegerField()
    high = serializers.IntegerField()
    civilians = serializers.IntegerField()
    unknown = serializers.IntegerField()


class PeriodSerializer(serializers.Serializer):
    """A month or year. Where ``reported`` is false no feed speaks of it: that is not zero."""

    period = serializers.CharField(source="label")
    start = serializers.DateField()
    end = serializers.DateField()
    reported = serializers.BooleanField()
    whole = serializers.BooleanField()
    total = SumsSerializer()
    by_type: Any = serializers.DictField(child=SumsSerializer())


class EventSerializer(serializers.ModelSerializer):
    """An event as its feed reports it. Deaths are three estimates side by side."""

    country = code_of(read_only=True)
    feed: Any = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Event
        fields = (
            "id", "feed", "source_id", "country", "date_start", "date_end", "date_precision",
            "type_of_violence", "side_a", "side_b", "conflict", "place", "adm_1", "adm_2",
            "latitude", "longitude", "place_precision", "deaths_low", "deaths_best", "deaths_high",
            "deaths_civilians", "deaths_a", "deaths_b", "deaths_unknown", "headline", "sources", "updated_at",
        )  # fmt: skip


class IndicatorSerializer(serializers.ModelSerializer):
    """A rating of one item of a frame. Never changed: the newest of an item holds."""

    country = code_of(read_only=True)
    words = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.post", read_only=True)

    class Meta:
        model = Rating
        fields = (
            "id", "country", "frame", "item", "words", "level", "trend", "confidence", "evidence",
            "reports", "note", "by", "at",
        )  # fmt: skip

    def get_words(self, row: Rating) -> str:
        """The item in words; empty for one that the frame no longer has."""
        item = FRAMES[row.frame].items.get(row.item)
        return item.words if item else ""


class IndicatorInput(serializers.Serializer):
    """A rating. ``evidence`` is needed for every level but unknown."""

    country = code_of()
    frame: Any = serializers.ChoiceField(choices=FrameKey.choices)
    item = serializers.CharField(max_length=40)
    level: Any = serializers.ChoiceField(choices=Level.choices)
    trend: Any = serializers.ChoiceField(choices=Trend.choices, required=False)
    confidence: Any = serializers.ChoiceField(choices=Confidence.choices, required=False)
    evidence = serializers.CharField(max_length=4_000, required=False, allow_blank=True)
    reports: Any = serializers.PrimaryKeyRelatedField(
        queryset=Report.objects.all(), many=True, required=False
    )
    note = serializers.CharField(max_length=1_000, required=False, allow_blank=True)


class ReportSerializer(serializers.ModelSerializer):
    """A report. ``address`` is shown, never fetched."""

    country = code_of(read_only=True)
    marking: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    added_by = serializers.CharField(source="added_by.post", read_only=True)

    class Meta:
        model = Report
        fields = (
            "id", "country", "kind", "title", "summary", "source", "reliability", "dated",
            "address", "marking", "added_by", "added_at", "retired_at", "retired_why",
        )  # fmt: skip


class ReportInput(serializers.Serializer):
    """A report to enter."""

    country = code_of()
    kind = serializers.CharField(max_length=16, help_text=f"One of {', '.join(ReportKind.values)}.")
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=4_000)
    source: Any = serializers.CharField(max_length=200)
    reliability: Any = serializers.ChoiceField(choices=Reliability.choices, required=False)
    dated = serializers.DateField()
    address = serializers.CharField(max_length=300, required=False, allow_blank=True)
    marking: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Marking.objects.all(), required=False,
        error_messages={"does_not_exist": "There is no marking “{value}”."},
    )  # fmt: skip


class EvidenceSerializer(serializers.Serializer):
    """What an alert rests on."""

    kind = serializers.CharField(max_length=10, help_text="rating, event or report")
    id = key_field()
    words = serializers.CharField(read_only=True)


class AlertSerializer(serializers.ModelSerializer):
    """An alert. ``raised_by`` is null for a threshold's; ``effort`` for one that the caller may
    not see."""

    country = code_of(read_only=True)
    evidence: Any = EvidenceSerializer(many=True, read_only=True)
    raised_by = serializers.CharField(
        source="raised_by.post", default=None, allow_null=True, read_only=True
    )
    settled_by = serializers.CharField(
        source="settled_by.post", default=None, allow_null=True, read_only=True
    )
    effort: Any = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = (
            "id", "country", "threshold", "words", "evidence", "raised_by", "raised_at", "status",
            "settled_by", "settled_at", "settled_why", "effort",
        )  # fmt: skip

    def get_effort(self, row: Alert) -> str | None:
        """The slug of the effort that it led to."""
        found: str | None = getattr(row, "effort_slug", None)
        return found


class AlertInput(serializers.Serializer):
    """An alert to raise, and what it rests on."""

    country = code_of()
    words = serializers.CharField(max_length=4_000)
    evidence = EvidenceSerializer(many=True)


class AlertSettleInput(serializers.Serializer):
    """What comes of an alert: “noted” and “closed” with ``why``, “effort” with the effort's slug."""

    status: Any = serializers.ChoiceField(choices=SETTLED)
    why = serializers.CharField(max_length=4_000, required=False, allow_blank=True)
    effort = serializers.CharField(max_length=60, required=False)


class ListingSerializer(serializers.ModelSerializer):
    """A country on a list, in the words of that list."""

    country = code_of(read_only=True)

    class Meta:
        model = Listing
        fields = ("id", "country", "standing", "as_of", "note")


class WatchlistSerializer(serializers.ModelSerializer):
    """A list with what it says now. Lists stand side by side; they are never merged."""

    listings: Any = ListingSerializer(source="naming", many=True, read_only=True)

    class Meta:
        model = Watchlist
        fields = ("id", "name", "owner", "own", "address", "note", "retired_at", "listings")


class FeedSerializer(serializers.ModelSerializer):
    """A feed, the last day of which it speaks, and whether that is fresh, late or silent."""

    covers_to = serializers.DateField(allow_null=True, read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = Feed
        fields = (
            "id", "key", "name", "format", "publisher", "credit", "every_days", "is_active",
            "covers_to", "state",
        )  # fmt: skip


class ProblemSerializer(serializers.Serializer):
    """What is wrong with a file; ``row`` is null for what concerns the whole file."""

    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField()
    message = serializers.CharField()


class ImportSerializer(serializers.ModelSerializer):
    """A file on its way into the events: how far it is, what came of it, what is wrong with it."""

    feed: Any = serializers.SlugRelatedField(slug_field="key", read_only=True)
    only = code_of(read_only=True)
    by = serializers.CharField(source="by.post", default=None, allow_null=True, read_only=True)
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Import
        fields = (
            "id", "feed", "only", "file_name", "sha256", "size", "status", "rows_total",
            "rows_done", "added", "changed", "unchanged", "problems", "covers_from", "covers_to",
            "everywhere", "by", "created_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, row: Import) -> list[dict[str, Any]]:
        """What is to be mended, by row and column."""
        return row.problems


class ImportInput(serializers.Serializer):
    """A file of a feed. ``covers_from`` and ``covers_to`` say of which days it speaks."""

    feed: Any = serializers.SlugRelatedField(
        slug_field="key", queryset=Feed.objects.filter(is_active=True),
        error_messages={"does_not_exist": "There is no feed “{value}”."},
    )  # fmt: skip
    file = serializers.FileField()
    only: Any = code_of(required=False)
    covers_from = serializers.DateField(required=False)
    covers_to = serializers.DateField(required=False)
    everywhere = serializers.BooleanField(required=False, default=False)
