"""What the API shows and takes of efforts, steps, decisions and the record."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from mapro.core.models import AuditEvent, Marking, Organization
from planning.models import (
    Decision,
    Effort,
    Membership,
    Step,
    Submission,
    Vote,
)
from planning.vocabulary import EffortKind, Outcome, Position, Role

EFFORT_KINDS = [k.value for k in EffortKind]


class EffortSerializer(serializers.ModelSerializer):
    """An effort."""

    marking: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Effort
        fields = (
            "id", "slug", "name", "country", "situation", "goal", "kind", "exercise", "marking",
            "opened_at",
        )  # fmt: skip


class EffortInput(serializers.Serializer):
    """What opens an effort."""

    name = serializers.CharField(max_length=120)
    country = serializers.CharField(max_length=120)
    situation = serializers.CharField(max_length=2_000)
    goal = serializers.CharField(max_length=1_000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=EFFORT_KINDS, required=False)
    exercise = serializers.BooleanField(required=False)
    marking: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Marking.objects.all(), required=False
    )
    organization: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Organization.objects.filter(is_active=True), required=False,
        error_messages={"does_not_exist": "There is no organization “{value}”."},
    )  # fmt: skip


class EffortChange(serializers.Serializer):
    """What may be changed of an effort."""

    name = serializers.CharField(max_length=120, required=False)
    country = serializers.CharField(max_length=120, required=False)
    situation = serializers.CharField(max_length=2_000, required=False)
    goal = serializers.CharField(max_length=1_000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=EFFORT_KINDS, required=False)
    due = serializers.DictField(
        child=serializers.DateTimeField(allow_null=True), required=False,
        help_text="Step number to the time at which its decision is due.",
    )  # fmt: skip

    def validate_due(self, value: dict[str, Any]) -> dict[int, Any]:
        """Step numbers are 1 to 5."""
        if not set(value) <= set("12345"):
            raise serializers.ValidationError("Steps are numbered 1 to 5.")
        return {int(number): at for number, at in value.items()}


class MembershipSerializer(serializers.ModelSerializer):
    """A role of a person in an effort."""

    post = serializers.CharField(source="user.post", read_only=True)
    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "user", "post", "role", "organization", "added_at")


class MembershipInput(serializers.Serializer):
    """Whom to put on the team, by address."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=[r.value for r in Role])
    organization: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Organization.objects.filter(is_active=True), required=False,
        error_messages={"does_not_exist": "There is no organization “{value}”."},
    )  # fmt: skip


class StepSerializer(serializers.ModelSerializer):
    """A step of an effort."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    title = serializers.CharField(read_only=True)

    class Meta:
        model = Step
        fields = (
            "id", "effort", "number", "title", "status", "due_at", "opened_at", "approved_at",
        )  # fmt: skip


class SubmitInput(serializers.Serializer):
    """What the board is asked to decide."""

    ask = serializers.CharField(max_length=300, allow_blank=True)


class VoteSerializer(serializers.ModelSerializer):
    """A vote."""

    post = serializers.CharField(source="user.post", read_only=True)

    class Meta:
        model = Vote
        fields = ("id", "submission", "user", "post", "position", "reason", "cast_at")


class VoteInput(serializers.Serializer):
    """A position on the package with this hash."""

    position = serializers.ChoiceField(choices=[p.value for p in Position])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    package_hash = serializers.CharField(max_length=64)


class DecisionSerializer(serializers.ModelSerializer):
    """A decision."""

    decided_by = serializers.CharField(source="decided_by.post", read_only=True)

    class Meta:
        model = Decision
        fields = (
            "id", "submission", "outcome", "conditions", "guidance", "package_hash", "decided_by",
            "decided_at",
        )  # fmt: skip


class DecisionInput(serializers.Serializer):
    """A decision on the package with this hash."""

    outcome = serializers.ChoiceField(choices=[o.value for o in Outcome])
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    guidance = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    package_hash = serializers.CharField(max_length=64)


class SubmissionSerializer(serializers.ModelSerializer):
    """A submission with its votes."""

    submitted_by = serializers.CharField(source="submitted_by.post", read_only=True)
    votes = VoteSerializer(many=True, read_only=True)
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = (
            "id", "step", "number", "ask", "package_hash", "status", "submitted_by",
            "submitted_at", "versions", "votes",
        )  # fmt: skip

    def get_versions(self, row: Submission) -> list[int]:
        """The versions of the package, by id."""
        return [item.version_id for item in row.items.all()]


class AuditSerializer(serializers.ModelSerializer):
    """An audit event."""

    class Meta:
        model = AuditEvent
        fields = (
            "seq", "at", "code", "actor", "subject", "label", "old", "new", "detail", "prev_hash",
            "hash",
        )  # fmt: skip


class OrganizationSerializer(serializers.ModelSerializer):
    """An organization."""

    parent: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Organization
        fields = ("code", "name", "acronym", "kind", "parent", "is_active")
