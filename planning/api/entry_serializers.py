"""What the API shows and takes of registers and their entries."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from planning.models import Entry
from planning.registers import Kind

_VALUES = (
    "By field key, as GET /api/v1/registers/ lists them. Text, a date (2013-12-05), a whole number, "
    "the value of a choice, a list of choices, of entries by number or title, or of [choice, from, "
    "to]. Null or an empty text empties a field."
)


class RegisterChoiceSerializer(serializers.Serializer):
    """A choice of a field."""

    value = serializers.CharField()
    label: Any = serializers.CharField()


class RegisterFieldSerializer(serializers.Serializer):
    """A field of a register. ``to`` are the registers that a link may lead to; a field with ``act``
    is set by an act of its own alone."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    kind = serializers.CharField(help_text=", ".join(kind.value for kind in Kind))
    required: Any = serializers.BooleanField()
    hint = serializers.CharField()
    choices = serializers.SerializerMethodField()
    to: Any = serializers.ListField(child=serializers.CharField())
    inverse = serializers.CharField()
    act = serializers.BooleanField()

    @extend_schema_field(RegisterChoiceSerializer(many=True))
    def get_choices(self, field: Any) -> list[dict[str, str]]:
        """Value and label of each."""
        return [{"value": value, "label": label} for value, label in field.choices]


class RegisterDefinitionSerializer(serializers.Serializer):
    """A register. ``kind`` is the field that sorts its entries, ``signal`` the one that makes
    linked entries be looked at again; empty for none."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    one = serializers.CharField()
    prefix = serializers.CharField()
    purpose = serializers.CharField()
    cite = serializers.CharField()
    kind = serializers.CharField()
    signal = serializers.CharField()
    fields: Any = RegisterFieldSerializer(many=True)


class EntrySerializer(serializers.ModelSerializer):
    """An entry. ``values`` are as PATCH takes them, linked entries by number (ACT-3)."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    label: Any = serializers.SerializerMethodField()
    values = serializers.SerializerMethodField()
    portion: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    added_by = serializers.CharField(source="added_by.post", read_only=True)
    changed_by = serializers.CharField(source="changed_by.post", read_only=True)

    class Meta:
        model = Entry
        fields = (
            "id", "effort", "register", "number", "label", "title", "kind", "values", "portion",
            "position", "highlight", "revision", "added_by", "added_at", "changed_by", "changed_at",
            "reviewed_at", "signaled_at", "retired_at", "retired_why",
        )  # fmt: skip

    def get_label(self, row: Entry) -> str:
        """“ACT-3”."""
        return str(row)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_values(self, row: Entry) -> dict[str, Any]:
        """Every field by key; none for what is empty, a list where there may be several."""
        linked: dict[str, list[str]] = {}
        for link in row.links.all():
            linked.setdefault(link.field, []).append(str(link.to))
        found: dict[str, Any] = {}
        for field in row.definition.fields:
            value = row.value(field.key)
            if field.kind in {Kind.LINKS, Kind.CHOICES, Kind.SPANS}:
                value = linked.get(field.key) or value or []
            found[field.key] = value
        return found


def _values(**more: Any) -> serializers.DictField:
    return serializers.DictField(child=serializers.JSONField(allow_null=True), **more)


class EntryInput(serializers.Serializer):
    """What enters a fact."""

    effort = serializers.SlugField(max_length=60)
    register = serializers.CharField(max_length=30)
    values = _values(help_text=_VALUES)
    portion = serializers.CharField(required=False, max_length=40, help_text="Code of a marking.")
    highlight = serializers.BooleanField(required=False)


class EntryChange(serializers.Serializer):
    """What changes an entry: the fields that are named, if nobody changed them since
    ``revision``."""

    values = _values(required=False, help_text=_VALUES)
    revision = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    portion = serializers.CharField(required=False, max_length=40, help_text="Code of a marking.")


class HighlightInput(serializers.Serializer):
    """Whether an entry reaches the overview briefing."""

    on = serializers.BooleanField()


class MoveInput(serializers.Serializer):
    """The number of the entry to stand in front of; null to stand last."""

    before = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True)


class RowsInput(serializers.Serializer):
    """Rows for a register, all of them or none.

    A row with ``number`` changes that entry, one without adds an entry; besides the fields it may
    hold ``portion`` and ``highlight``. A field that is not there is left as it stands. With
    ``dry_run`` nothing is written; with the ``digest`` of such an answer the rows are taken in only
    if they still do what it said.
    """

    effort = serializers.SlugField(max_length=60)
    register = serializers.CharField(max_length=30)
    rows = serializers.ListField(child=_values(help_text=_VALUES))
    dry_run = serializers.BooleanField(required=False, default=False)
    digest = serializers.CharField(required=False, allow_blank=True, max_length=64)


class RowProblemSerializer(serializers.Serializer):
    """What has to be mended: in which row, from 1 (0 for all of it), under which column."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    message = serializers.CharField()


class RowChangeSerializer(serializers.Serializer):
    """A field that a row sets, in words."""

    label: Any = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class PlannedRowSerializer(serializers.Serializer):
    """What a row does; ``number`` is null where it adds an entry."""

    row = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    changes = RowChangeSerializer(many=True)


class PlanSerializer(serializers.Serializer):
    """What rows do, or would do."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    digest = serializers.CharField()
    problems = RowProblemSerializer(many=True)
    rows = PlannedRowSerializer(many=True)
