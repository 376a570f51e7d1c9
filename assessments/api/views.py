"""The resources of the watch. Whoever does not read the watch gets 404 for each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import actions, selectors
from assessments.api import serializers
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
from assessments.policies import watch_editor, watch_reader
from assessments.vocabulary import AlertStatus, FrameKey, Level, Violence
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from mapro.core.paging import KeysetPagination
from planning.api.views import Filters, ListResource, number
from planning.models import Effort
from planning.policies import access_effort, visible
from planning.routes import Open
from planning.vocabulary import Perm


class WatchResource(ListResource):
    """A resource of the watch. ``every`` are its rows."""

    every: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Sign-in, then what the route takes: reading the watch, or keeping it."""
        super().initial(request, *args, **kwargs)
        needed: Any = self.perm
        watch_reader(self.user)
        if needed is Open.WATCH_EDIT:
            watch_editor(self.user)

    def get_queryset(self) -> QuerySet[Any]:
        """All rows: the watch is seen whole or not at all."""
        rows: QuerySet[Any] = self.every.all()
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows

    def found(self, **lookup: Any) -> Any:
        """The row at the lookup. Raises NotVisible where there is none."""
        row = self.get_queryset().filter(**lookup).first()
        if row is None:
            raise NotVisible
        return row


class ByName(KeysetPagination):
    """By name."""

    ordering = ("name", "pk")


class ByDay(KeysetPagination):
    """Newest first."""

    ordering = ("-date_start", "-pk")


class CountryFilters(Filters):
    """Countries by region, and those on the watch."""

    watched = filters.BooleanFilter(field_name="watched_since", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Country
        fields = ("watched", "region", "exercise")


class CountryResource(WatchResource):
    """Countries that may be watched."""

    every = Country.objects.all()
    serializer_class = serializers.CountrySerializer
    pagination_class = ByName
    filterset_class = CountryFilters
    lookup_field = "code"

    @extend_schema(responses=serializers.CountryDetail)
    def retrieve(self, request: Request, code: str) -> Response:
        """One country: its profile, what lists say of it, what its ratings add up to."""
        country = self.found(code=code)
        page = selectors.country_page(country, self.user)
        found = {
            **serializers.CountrySerializer(country).data,
            "reported_to": page.reported_to,
            "profile": [
                {
                    "heading": heading.value, "body": row.body if row else "",
                    "sources": row.sources if row else "", "revision": row.revision if row else 0,
                }
                for heading, row in page.profile
            ],
            "lists": [
                {
                    "watchlist": said.watchlist.name, "own": said.watchlist.own,
                    "standing": said.listing.standing if said.listing else None,
                    "as_of": said.listing.as_of if said.listing else None,
                }
                for said in page.lists
            ],
            "cumulative": [
                {
                    "frame": frame, "category": row.category.key, "name": row.category.name,
                    "levels": {level.value: count for level, count in row.levels.items()},
                    "worse": row.worse, "newest": row.newest,
                }
                for frame in FrameKey.values
                for row in selectors.cumulative(country, frame)
            ],
            "efforts": [effort.slug for effort in page.efforts],
        }  # fmt: skip
        return self.answer(serializers.CountryDetail, found)

    @extend_schema(
        parameters=[
            OpenApiParameter("by", str, enum=["month", "year"]),
            OpenApiParameter("from", OpenApiTypes.DATE),
            OpenApiParameter("to", OpenApiTypes.DATE),
        ],
        responses=serializers.PeriodSerializer(many=True),
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def totals(self, request: Request, code: str) -> Response:
        """Events and deaths by month or year, and where no feed speaks."""
        country = self.found(code=code)
        by = request.query_params.get("by", "month")
        if by not in {"month", "year"}:
            raise Invalid({"by": "Give month or year."})
        rows = selectors.event_totals(country, by, _day(request, "from"), _day(request, "to"))
        return Response(serializers.PeriodSerializer(rows, many=True).data)


def _day(request: Request, name: str) -> date | None:
    value = request.query_params.get(name, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Invalid({name: "Give a day as 2013-12-31."}) from error


class EventFilters(Filters):
    """Events by country, days and type of violence."""

    country = filters.CharFilter(field_name="country__code")
    type = filters.ChoiceFilter(field_name="type_of_violence", choices=Violence.choices)

    class Meta:
        model = Event
        fields = ("country", "type", "feed__key", "source_id")


# “from” is no name in Python.
EventFilters.base_filters |= {
    "from": filters.DateFilter(field_name="date_start", lookup_expr="gte"),
    "to": filters.DateFilter(field_name="date_start", lookup_expr="lte"),
}


class EventResource(WatchResource):
    """Events, newest first."""

    every = Event.objects.select_related("country", "feed")
    serializer_class = serializers.EventSerializer
    pagination_class = ByDay
    filterset_class = EventFilters

    def retrieve(self, request: Request, pk: str) -> Response:
        """One event."""
        return self.answer(serializers.EventSerializer, self.found(pk=number(pk)))


class IndicatorFilters(Filters):
    """Ratings by country, frame and item; ``current`` leaves those that hold."""

    country = filters.CharFilter(field_name="country__code")
    current = filters.BooleanFilter(method="only_current")
    level = filters.ChoiceFilter(choices=Level.choices)

    class Meta:
        model = Rating
        fields = ("country", "frame", "item", "level", "current")

    def only_current(self, rows: QuerySet[Rating], name: str, value: bool) -> QuerySet[Rating]:
        """Leave the newest of each item, or what came before it."""
        newer = Rating.objects.filter(
            country=OuterRef("country"), frame=OuterRef("frame"), item=OuterRef("item"),
            pk__gt=OuterRef("pk"),
        )  # fmt: skip
        return rows.filter(~Exists(newer) if value else Exists(newer))


class IndicatorResource(WatchResource):
    """Ratings of the items of the frames, newest first."""

    every = Rating.objects.select_related("country", "by").prefetch_related("reports")
    serializer_class = serializers.IndicatorSerializer
    filterset_class = IndicatorFilters

    def retrieve(self, request: Request, pk: str) -> Response:
        """One rating."""
        return self.answer(serializers.IndicatorSerializer, self.found(pk=number(pk)))

    @extend_schema(
        request=serializers.IndicatorInput, responses={201: serializers.IndicatorSerializer}
    )
    def create(self, request: Request) -> Response:
        """Rate an item; the ratings before stay as its history."""
        made = actions.rate(by=self.user, **self.sent(serializers.IndicatorInput))
        return self.answer(serializers.IndicatorSerializer, made, status.HTTP_201_CREATED)


class ReportFilters(Filters):
    """Reports by country and kind, and those that still count."""

    country = filters.CharFilter(field_name="country__code")
    retired = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Report
        fields = ("country", "kind", "reliability", "retired")


class ReportResource(WatchResource):
    """Reports, newest first."""

    every = Report.objects.select_related("country", "marking", "added_by")
    serializer_class = serializers.ReportSerializer
    filterset_class = ReportFilters

    def retrieve(self, request: Request, pk: str) -> Response:
        """One report."""
        return self.answer(serializers.ReportSerializer, self.found(pk=number(pk)))

    @extend_schema(request=serializers.ReportInput, responses={201: serializers.ReportSerializer})
    def create(self, request: Request) -> Response:
        """Enter a report."""
        made = actions.add_report(by=self.user, **self.sent(serializers.ReportInput))
        return self.answer(serializers.ReportSerializer, made, status.HTTP_201_CREATED)


class AlertFilters(Filters):
    """Alerts by country and what became of them."""

    country = filters.CharFilter(field_name="country__code")

    class Meta:
        model = Alert
        fields = ("country", "status", "threshold")


class AlertResource(WatchResource):
    """Alerts, newest first."""

    every = Alert.objects.select_related("country", "raised_by", "settled_by")
    serializer_class = serializers.AlertSerializer
    filterset_class = AlertFilters

    def get_queryset(self) -> QuerySet[Any]:
        """Each with the effort that it led to, if the caller may see that."""
        efforts = visible(Effort.objects.filter(pk=OuterRef("effort")), self.user)
        return super().get_queryset().annotate(effort_slug=Subquery(efforts.values("slug")))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One alert."""
        return self.answer(serializers.AlertSerializer, self.found(pk=number(pk)))

    @extend_schema(request=serializers.AlertInput, responses={201: serializers.AlertSerializer})
    def create(self, request: Request) -> Response:
        """Raise an alert. It proposes planning; nothing starts by it."""
        sent = self.sent(serializers.AlertInput)
        evidence = [(row["kind"], row["id"]) for row in sent["evidence"]]
        made = actions.raise_alert(
            country=sent["country"], words=sent["words"], evidence=evidence, by=self.user
        )
        return self.answer(
            serializers.AlertSerializer, self.found(pk=made.pk), status.HTTP_201_CREATED
        )

    @extend_schema(request=serializers.AlertSettleInput, responses=serializers.AlertSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Note or close an alert, or say which effort takes it up."""
        with atomic():
            found = self.found(pk=number(pk))
            sent = self.sent(serializers.AlertSettleInput)
            effort = None
            if sent["status"] == AlertStatus.EFFORT and sent.get("effort"):
                effort = access_effort(self.user, sent["effort"], to=Perm.EFFORT_EDIT, lock=True)
            actions.settle_alert(
                alert=found, status=sent["status"], why=sent.get("why", ""), effort=effort,
                by=self.user,
            )  # fmt: skip
        return self.answer(serializers.AlertSerializer, self.found(pk=found.pk))


class WatchlistResource(WatchResource):
    """Watchlists, each with what it says now."""

    every = Watchlist.objects.prefetch_related(
        Prefetch(
            "listings", to_attr="naming",
            queryset=Listing.objects.filter(ended_at=None).select_related("country"),
        )
    )  # fmt: skip
    serializer_class = serializers.WatchlistSerializer
    filterset_fields = ("own",)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One list."""
        return self.answer(serializers.WatchlistSerializer, self.found(pk=number(pk)))


class FeedResource(WatchResource):
    """Feeds in use and how fresh each is."""

    every = Feed.objects.filter(is_active=True)
    serializer_class = serializers.FeedSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=serializers.FeedSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every feed in use."""
        rows: list[Any] = []
        for row in selectors.feed_states():
            feed: Any = row.feed
            feed.covers_to, feed.state = row.covers_to, row.state.value
            rows.append(feed)
        return Response(serializers.FeedSerializer(rows, many=True).data)


class ImportFilters(Filters):
    """Imports by feed and what became of them."""

    feed = filters.CharFilter(field_name="feed__key")

    class Meta:
        model = Import
        fields = ("feed", "status", "sha256")


class ImportResource(WatchResource):
    """Files brought in, newest first."""

    every = Import.objects.select_related("feed", "only", "by")
    serializer_class = serializers.ImportSerializer
    filterset_class = ImportFilters
    parser_classes = (MultiPartParser,)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One import: how far it is, and what is wrong with its file."""
        return self.answer(serializers.ImportSerializer, self.found(pk=number(pk)))

    @extend_schema(
        request={"multipart/form-data": serializers.ImportInput},
        responses={202: serializers.ImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring a file; a worker reads it. Ask for the import again to see how far it is."""
        sent = self.sent(serializers.ImportInput)
        made = actions.start_import(by=self.user, file_name=sent["file"].name, **sent)
        return self.answer(serializers.ImportSerializer, made, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Take an import back that has not ended."""
        found = actions.cancel_import(imported=self.found(pk=number(pk)), by=self.user)
        return self.answer(serializers.ImportSerializer, found)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Try a refused or cancelled file again."""
        found = actions.retry_import(imported=self.found(pk=number(pk)), by=self.user)
        return self.answer(serializers.ImportSerializer, found)
