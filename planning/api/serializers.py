"""What the API shows and takes of efforts, steps, decisions and the record."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mapro.core.models import AuditEvent, Marking, Organization
from planning import policies
from planning.models import (
    Decision,
    Effort,
    Membership,
    Step,
    Submission,
    Vote,
)
from planning.models.fields import choices
from planning.vocabulary import EffortKind, Outcome, Position, Role

EFFORT_KINDS = [k.value for k in EffortKind]


class EffortSerializer(serializers.ModelSerializer):
    """An effort. ``parent`` is the slug of the one that it was forked from, at step
    ``forked_at``."""

    marking: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    parent: Any = serializers.SerializerMethodField()

    class Meta:
        model = Effort
        fields = (
            "id", "slug", "name", "country", "situation", "goal", "kind", "exercise", "marking",
            "opened_at", "crisis_since", "confirm_hours", "parent", "fork", "forked_at",
        )  # fmt: skip

    def get_parent(self, row: Effort) -> str | None:
        """Null when there is none that the caller may see. One query, none in a list."""
        if row.parent_id is None or "parent_slug" in row.__dict__:
            return row.__dict__.get("parent_slug")
        found = Effort.objects.filter(pk=row.parent_id)
        return (
            policies.visible(found, self.context["request"].user)
            .values_list("slug", flat=True)
            .first()
        )


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
    confirm_hours = serializers.IntegerField(
        required=False, help_text="Within how many hours a verbal approval is confirmed."
    )
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
    """A role of a person in an effort; that of a higher level holds in one ``step``."""

    post = serializers.CharField(source="user.post", read_only=True)
    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "user", "post", "role", "organization", "step", "added_at")


class MembershipInput(serializers.Serializer):
    """Whom to put on the team, by address."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=choices(Role))
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
            "id", "effort", "number", "title", "status", "due_at", "opened_at", "approved_at", "way",
            "quorum", "silence_hours", "cycle",
        )  # fmt: skip


class SubmitInput(serializers.Serializer):
    """What the board is asked to decide. ``products`` names those that go alone, by key, for an
    interim decision; ``silence_until`` ends a silence procedure."""

    ask = serializers.CharField(max_length=300, allow_blank=True)
    products = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, allow_null=True
    )
    silence_until = serializers.DateTimeField(required=False, allow_null=True)


class VoteSerializer(serializers.ModelSerializer):
    """The vote of a seat. ``user`` and ``post`` are its holder's; ``cast_by`` is the post that
    voted in the holder's place."""

    post = serializers.CharField(source="user.post", read_only=True)
    cast_by = serializers.CharField(
        source="cast_by.post", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Vote
        fields = ("id", "submission", "user", "post", "cast_by", "position", "reason", "cast_at")


class VoteInput(serializers.Serializer):
    """A position on the package with this hash. ``seat`` names its holder, for whoever stands in
    for several."""

    position = serializers.ChoiceField(choices=[p.value for p in Position])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    package_hash = serializers.CharField(max_length=64)
    seat = serializers.CharField(required=False, max_length=254, help_text="Email address, or id.")


class SeatSerializer(serializers.Serializer):
    """A seat of the board as it stood when it was decided; empty where there was nothing."""

    post = serializers.CharField()
    position: Any = serializers.CharField(help_text="In words; empty for a seat that was out.")
    reason = serializers.CharField()
    by = serializers.CharField(help_text="Who voted in the holder's place.")
    at = serializers.CharField()
    recused = serializers.CharField(help_text="Why the holder took no part.")


class DecisionSerializer(serializers.ModelSerializer):
    """A decision. ``by_words`` says who decided, for whom; nobody is named where a board adopted
    by silence."""

    decided_by = serializers.CharField(
        source="decided_by.post", default=None, allow_null=True, read_only=True
    )
    on_behalf_of = serializers.CharField(
        source="on_behalf_of.post", default=None, allow_null=True, read_only=True
    )
    by_words = serializers.CharField(read_only=True)
    seats = SeatSerializer(many=True, read_only=True)

    class Meta:
        model = Decision
        fields = (
            "id", "submission", "outcome", "conditions", "guidance", "package_hash", "decided_by",
            "on_behalf_of", "body", "by_words", "way", "seats", "decided_at",
        )  # fmt: skip


class DecisionInput(serializers.Serializer):
    """A decision on the package with this hash."""

    outcome = serializers.ChoiceField(choices=[o.value for o in Outcome])
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    guidance = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    package_hash = serializers.CharField(max_length=64)


class ChecksSerializer(serializers.Serializer):
    """What the gate found: how many checks passed, and the warnings."""

    passed = serializers.IntegerField()
    warnings: Any = serializers.ListField(child=serializers.CharField())


class SubmissionSerializer(serializers.ModelSerializer):
    """A submission with its votes. An ``interim`` one decides its products and not the step."""

    submitted_by = serializers.CharField(source="submitted_by.post", read_only=True)
    votes = VoteSerializer(many=True, read_only=True)
    versions = serializers.SerializerMethodField()
    checks = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = (
            "id", "step", "number", "cycle", "interim", "ask", "package_hash", "status",
            "submitted_by", "submitted_at", "way", "quorum", "silence_until", "checks", "versions",
            "votes",
        )  # fmt: skip

    @extend_schema_field(ChecksSerializer)
    def get_checks(self, row: Submission) -> dict[str, Any]:
        """What the gate found when it was submitted."""
        return {"passed": 0, "warnings": [], **row.checks}

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
