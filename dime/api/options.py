"""The resource of options: a register under an address of its own, with what is decided on it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from dime.actions.option import adopt_option, end_overruling, overrule, recommend_option
from dime.actions.package import MOST, copy_option, pick_tools
from dime.models import Overruling
from dime.registers.options import OPTIONS
from dime.selectors import board
from dime.selectors.options import content_of
from dime.selectors.warnings import OptionWarning
from dime.vocabulary import Level
from mapro.core.errors import Invalid
from planning.actions.words import MAX_WHY
from planning.api.entries import RegisterEntries
from planning.api.govern_serializers import words_field
from planning.models import Entry


class RecommendInput(serializers.Serializer):
    """Why the team recommends it."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=MAX_WHY)


class AdoptInput(serializers.Serializer):
    """Why this one, and what the authority read: 409 if the option (``revision``) or its package
    (``content``) says something else now, or another option is adopted than ``stood`` (OPT-1, empty
    for none)."""

    why = words_field()
    revision = serializers.IntegerField(required=False, min_value=1)
    content = serializers.CharField(required=False, max_length=12)
    stood = serializers.CharField(required=False, allow_blank=True, max_length=20)


class OverruleInput(serializers.Serializer):
    """A warning by its key, and why the option may stand in spite of it."""

    warning = serializers.CharField(max_length=200)
    why = words_field()


class EndInput(serializers.Serializer):
    """The key of a warning that was overruled."""

    warning = serializers.CharField(max_length=200)


class PickInput(serializers.Serializer):
    """Tools by key; all or none are added."""

    tools = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=MOST
    )


class CopyInput(serializers.Serializer):
    """The name of the copy, and what it is for."""

    name = serializers.CharField(max_length=300)
    level = serializers.ChoiceField(choices=Level.choices)


class OverrulingSerializer(serializers.Serializer):
    """Who overruled a warning, when and why."""

    why = serializers.CharField()
    by = serializers.CharField(source="by.post")
    at = serializers.DateTimeField()


class WarningSerializer(serializers.Serializer):
    """A warning about an option. ``about`` are the labels of entries that it is about, ``url``
    leads to where it is mended."""

    key = serializers.CharField()
    kind = serializers.CharField()
    words = serializers.CharField()
    about = serializers.ListField(child=serializers.CharField())
    url = serializers.CharField()
    mend = serializers.CharField()
    overruled = OverrulingSerializer(source="overruling", allow_null=True)


class MeasureSerializer(serializers.Serializer):
    """A measure in short; ``entries`` has the rest."""

    id = serializers.IntegerField(source="measure.pk")
    entry = serializers.CharField(source="measure")
    name = serializers.CharField(source="measure.title")
    tool = serializers.SerializerMethodField()
    stages = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())

    def get_tool(self, row: board.Member) -> str | None:
        """The key of its tool."""
        held = row.measure.value("tool")
        return str(held["key"]) if held else None


class ElementSerializer(serializers.Serializer):
    """The measures of one element of national power."""

    element = serializers.CharField()
    measures = MeasureSerializer(many=True)


class PackageSerializer(serializers.Serializer):
    """The package of an option by element; ``content`` is the digest of option and package, which
    an adoption may name."""

    option = serializers.CharField()
    content = serializers.CharField()
    elements = ElementSerializer(many=True)
    warnings = WarningSerializer(many=True)


class OptionResource(RegisterEntries):
    """Options, what warns of them, and what was decided."""

    register = OPTIONS.key

    @extend_schema(request=RecommendInput)
    @action(detail=True, methods=["post"])
    def recommend(self, request: Request, pk: str) -> Response:
        """Put it before the authority as the team's recommendation."""
        found = self.entry(pk)
        why = self.sent(RecommendInput).get("why", "")
        return self.shown(recommend_option(entry=found, why=why, by=self.user))

    @extend_schema(request=AdoptInput)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Choose it; every other option of its level is set aside."""
        found = self.entry(pk)
        sent = self.sent(AdoptInput)
        adopted = adopt_option(
            entry=found, why=sent["why"], revision=sent.get("revision"),
            content=sent.get("content"), stood=sent.get("stood"), by=self.user,
        )  # fmt: skip
        return self.shown(adopted)

    @extend_schema(responses=WarningSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def warnings(self, request: Request, pk: str) -> Response:
        """What warns of it, overruled or not."""
        return Response(WarningSerializer(self._warnings(self.entry(pk)), many=True).data)

    @extend_schema(request=OverruleInput, responses=WarningSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=())
    def overrule(self, request: Request, pk: str) -> Response:
        """Let it stand in spite of a warning, for a reason that is kept."""
        found = self.entry(pk)
        sent = self.sent(OverruleInput)
        overrule(entry=found, warning=sent["warning"], why=sent["why"], by=self.user)
        return Response(WarningSerializer(self._warnings(self.entry(pk)), many=True).data)

    @extend_schema(request=EndInput, responses=WarningSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=())
    def heed(self, request: Request, pk: str) -> Response:
        """Let a warning that was overruled count again."""
        found = self.entry(pk)
        key = self.sent(EndInput)["warning"]
        row = Overruling.objects.filter(option=found, warning=key, ended_at=None).first()
        if row is None:
            raise Invalid({"warning": f"“{key}” is no warning that was overruled."})
        row.option = found
        end_overruling(overruling=row, by=self.user)
        return Response(WarningSerializer(self._warnings(self.entry(pk)), many=True).data)

    @extend_schema(responses=PackageSerializer)
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=())
    def package(self, request: Request, pk: str) -> Response:
        """Its measures by element, and what warns of it."""
        return Response(self._package(self.entry(pk)))

    @extend_schema(request=PickInput, responses=PackageSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=())
    def pick(self, request: Request, pk: str) -> Response:
        """Add a measure for each tool, all or none."""
        found = self.entry(pk)
        pick_tools(option=found, keys=self.sent(PickInput)["tools"], by=self.user)
        return Response(self._package(self.entry(pk)), status.HTTP_201_CREATED)

    @extend_schema(request=CopyInput)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        """Make another option of what it says, its measures too."""
        found = self.entry(pk)
        sent = self.sent(CopyInput)
        made = copy_option(
            option=found, level=Level(sent["level"]), values={"name": sent["name"]}, by=self.user
        )
        return self.shown(made, status.HTTP_201_CREATED)

    def _warnings(self, found: Entry) -> list[OptionWarning]:
        return board.package(found).warnings

    def _package(self, found: Entry) -> dict[str, Any]:
        shown = board.package(found)
        rows = {
            "option": str(found), "content": content_of(found), "warnings": shown.warnings,
            "elements": [{"element": label, "measures": rows} for label, rows in shown.groups],
        }  # fmt: skip
        return dict(PackageSerializer(rows).data)
