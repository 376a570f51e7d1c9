"""The resource of tools and of notes on them. Whoever takes no part in planning gets 404."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from dime.actions import tool as acts
from dime.models import Tool, ToolNote
from dime.policies import planner
from dime.seeds import TEXT
from dime.vocabulary import (
    COSTS,
    INTRUSIVENESS,
    RISKS,
    Approach,
    Element,
    Incentive,
    LeadTime,
    Purpose,
    Reversible,
    Target,
)
from dime.words import judged
from mapro.core.errors import NotVisible
from mapro.core.models import Marking
from mapro.core.paging import KeysetPagination
from planning.api.govern_serializers import WhyInput
from planning.api.views import Filters, ListResource, number


class InGridOrder(KeysetPagination):
    """In the order of the grid, 104 and more a page on wish."""

    ordering = ("position", "pk")


def _words(**options: Any) -> Any:
    return serializers.ListField(child=serializers.CharField(**options))


class ToolSerializer(serializers.ModelSerializer):
    """A tool. ``organization`` is who added it; null for those of the Handbook. ``judged`` names
    the fields that are judgment."""

    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    targets = _words()
    purposes = _words()
    prerequisites = _words()
    cautions = _words()
    lead_agencies = _words()
    goes_with = _words()
    by_text = _words()
    judged = serializers.SerializerMethodField()
    in_figure = serializers.SerializerMethodField()

    class Meta:
        model = Tool
        fields = (
            "id", "key", *TEXT, "figure_name", "in_figure", "in_text", "judged", "organization",
            "version", "changed_at", "retired_at", "retired_why",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_judged(self, tool: Tool) -> list[str]:
        """The fields that are judgment."""
        return [name for name in TEXT if name != "by_text" and judged(tool, name)]

    def get_in_figure(self, tool: Tool) -> bool:
        """Whether Figure 14 has it."""
        return bool(tool.figure_name)


class ToolInput(serializers.Serializer):
    """A tool to add; it becomes one of the caller's organization."""

    name = serializers.CharField(max_length=120)
    element: Any = serializers.ChoiceField(Element.choices)
    approach: Any = serializers.ChoiceField(Approach.choices)
    summary = serializers.CharField(max_length=2_000)
    authority = serializers.CharField(max_length=300)
    lead_time: Any = serializers.ChoiceField(LeadTime.choices)
    reversible: Any = serializers.ChoiceField(Reversible.choices)
    cost = serializers.IntegerField(min_value=min(COSTS), max_value=max(COSTS))
    risk = serializers.IntegerField(min_value=min(RISKS), max_value=max(RISKS))
    intrusiveness = serializers.IntegerField(
        min_value=min(INTRUSIVENESS), max_value=max(INTRUSIVENESS)
    )
    incentive: Any = serializers.ChoiceField(Incentive.choices, required=False)
    targets: Any = serializers.ListField(
        child=serializers.ChoiceField(Target.choices), required=False
    )
    purposes: Any = serializers.ListField(
        child=serializers.ChoiceField(Purpose.choices), required=False
    )
    prerequisites: Any = serializers.ListField(child=serializers.CharField(), required=False)
    cautions: Any = serializers.ListField(child=serializers.CharField(), required=False)
    needs_authority = serializers.BooleanField(required=False)
    lead_agencies: Any = serializers.ListField(child=serializers.CharField(), required=False)
    goes_with: Any = serializers.ListField(child=serializers.CharField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    cite = serializers.CharField(required=False, allow_blank=True)


class ToolChange(ToolInput):
    """Some fields of a tool, as somebody saw it in ``version``; and why they change."""

    version = serializers.IntegerField(min_value=1)
    why = serializers.CharField(required=False, allow_blank=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "version"


class NoteSerializer(serializers.ModelSerializer):
    """How a tool fared where it was used before."""

    marking: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    added_by = serializers.CharField(source="added_by.post", read_only=True)

    class Meta:
        model = ToolNote
        fields = (
            "id", "where", "when", "outcome", "text", "source", "marking", "organization",
            "added_by", "added_at", "retired_at", "retired_why",
        )  # fmt: skip


class NoteInput(serializers.Serializer):
    """A note to enter."""

    where = serializers.CharField(max_length=160)
    when = serializers.CharField(max_length=60, required=False, allow_blank=True)
    outcome: Any = serializers.ChoiceField(ToolNote.Outcome.choices)
    text = serializers.CharField(max_length=4_000)
    source: Any = serializers.CharField(max_length=300)
    marking: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Marking.objects.all(), required=False,
        error_messages={"does_not_exist": "There is no marking “{value}”."},
    )  # fmt: skip


class ToolFilters(Filters):
    """Tools by their place in the grid and by what they are for; ``organization`` is a code, or
    ``handbook``; ``q`` is looked for in names and summaries."""

    target = filters.ChoiceFilter(choices=Target.choices, method="holding")
    purpose = filters.ChoiceFilter(choices=Purpose.choices, method="holding")
    organization = filters.CharFilter(method="kept_by")
    q = filters.CharFilter(method="saying")
    retired = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Tool
        fields = ("element", "approach", "incentive", "target", "purpose", "retired")

    def holding(self, rows: QuerySet[Tool], name: str, value: str) -> QuerySet[Tool]:
        """Leave tools whose list ``<name>s`` holds a value; no database has to know JSON."""
        rows = rows.annotate(**{f"{name}_words": Cast(f"{name}s", TextField())})
        return rows.filter(**{f"{name}_words__contains": f'"{value}"'})

    def kept_by(self, rows: QuerySet[Tool], name: str, value: str) -> QuerySet[Tool]:
        """Leave those of an organization."""
        if value == "handbook":
            return rows.filter(organization=None)
        return rows.filter(organization__code=value)

    def saying(self, rows: QuerySet[Tool], name: str, value: str) -> QuerySet[Tool]:
        """Leave those that say something."""
        return rows.filter(
            Q(name__icontains=value) | Q(figure_name__icontains=value) | Q(summary__icontains=value)
        )


class ToolResource(ListResource):
    """Tools of the toolbox, in the order of the grid."""

    queryset = Tool.objects.select_related("organization")
    serializer_class = ToolSerializer
    pagination_class = InGridOrder
    filterset_class = ToolFilters
    lookup_field = "key"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Sign-in, then whether the caller takes part in planning."""
        super().initial(request, *args, **kwargs)
        planner(self.user)

    def get_queryset(self) -> QuerySet[Any]:
        """All: who takes part in planning sees the toolbox whole."""
        rows = Tool.objects.select_related("organization", "changed_by")
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows

    def _found(self, key: str) -> Tool:
        row: Tool | None = self.get_queryset().filter(key=key).first()
        if row is None:
            raise NotVisible
        return row

    def retrieve(self, request: Request, key: str) -> Response:
        """One tool."""
        return self.answer(ToolSerializer, self._found(key))

    @extend_schema(request=ToolInput, responses={201: ToolSerializer})
    def create(self, request: Request) -> Response:
        """Add a tool of the caller's organization."""
        made = acts.add_tool(by=self.user, **self.sent(ToolInput))
        return self.answer(ToolSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=ToolChange)
    def partial_update(self, request: Request, key: str) -> Response:
        """Change some fields; 409 with both texts if somebody changed the same ones since."""
        found = self._found(key)
        sent = self.sent(ToolChange)
        why = sent.pop("why", "")
        made = acts.edit_tool(
            tool=found, version=sent.pop("version"), why=why, by=self.user, **sent
        )
        return self.answer(ToolSerializer, made)

    @extend_schema(request=WhyInput)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, key: str) -> Response:
        """Take a tool out of use."""
        found = self._found(key)
        why = self.sent(WhyInput)["why"]
        return self.answer(ToolSerializer, acts.retire_tool(tool=found, why=why, by=self.user))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, key: str) -> Response:
        """Bring a retired tool back."""
        made = acts.restore_tool(tool=self._found(key), by=self.user)
        return self.answer(ToolSerializer, made)

    @extend_schema(responses=NoteSerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def notes(self, request: Request, key: str) -> Response:
        """How the tool fared before, newest first, retired notes too."""
        rows = self._found(key).notes.select_related("marking", "organization", "added_by")
        return Response(NoteSerializer(rows, many=True).data)

    @extend_schema(request=NoteInput, responses={201: NoteSerializer})
    @notes.mapping.post
    def add_note(self, request: Request, key: str) -> Response:
        """Say how the tool fared where it was used."""
        found = self._found(key)
        made = acts.add_note(tool=found, by=self.user, **self.sent(NoteInput))
        return self.answer(NoteSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=WhyInput, responses=NoteSerializer)
    @action(detail=True, methods=["post"], url_path=r"notes/(?P<note>[0-9]+)/retire")
    def retire_note(self, request: Request, key: str, note: str) -> Response:
        """Take a note out of use; it stays on record."""
        row = (
            self._found(key).notes.filter(pk=number(note)).select_related("tool", "marking").first()
        )
        if row is None:
            raise NotVisible
        made = acts.retire_note(note=row, why=self.sent(WhyInput)["why"], by=self.user)
        return self.answer(NoteSerializer, made)
