"""What the API shows and takes of how steps are decided: levels, cycles, mandates, due-outs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from mapro.core.models import Organization
from planning.api.product_serializers import key_field
from planning.models import DueOut, Mandate, Reopening
from planning.models.fields import choices
from planning.vocabulary import ForkKind, Origin, Role, Way


def person_field(**options: Any) -> serializers.CharField:
    """A person, by email address or id."""
    return serializers.CharField(max_length=254, help_text="Email address, or id.", **options)


def words_field(**options: Any) -> serializers.CharField:
    """What somebody writes. The action bounds its length, and says what an empty one lacks."""
    return serializers.CharField(allow_blank=True, **options)


# ---------- steps


class SettleInput(serializers.Serializer):
    """How and by when a step is decided, whole; it holds from the next submission."""

    way = serializers.ChoiceField(choices=choices(Way))
    quorum = serializers.IntegerField(help_text="Seats that must take a position; 0 for none.")
    silence_hours = serializers.IntegerField(help_text="The term of a silence procedure.")
    due_at = serializers.DateTimeField(allow_null=True)


class RaiseInput(serializers.Serializer):
    """Who decides one step in place of the effort's authority, and for which body."""

    user = person_field()
    organization: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Organization.objects.filter(is_active=True),
        error_messages={"does_not_exist": "There is no organization “{value}”."},
    )  # fmt: skip


class ReopenInput(serializers.Serializer):
    """What changed, so that the step is decided again."""

    reason = words_field()


class WhyInput(serializers.Serializer):
    """A reason in a sentence or two."""

    why = words_field()


class VerbalInput(serializers.Serializer):
    """Who approved the pending package by word, when, and in which words."""

    said_by = person_field()
    said_at = serializers.DateTimeField()
    words = words_field()


class RemindInput(serializers.Serializer):
    """Whose seat is reminded; every seat that is out, if nobody is named."""

    seat = person_field(required=False)


class RemindedSerializer(serializers.Serializer):
    """How many seats were asked for their vote."""

    reminded = serializers.IntegerField()


class RecuseInput(serializers.Serializer):
    """In which role the caller takes no part in the step's present cycle, and why."""

    role = serializers.ChoiceField(choices=choices(Role))
    why = words_field()


class ReopeningSerializer(serializers.ModelSerializer):
    """Why a step was opened for a new cycle."""

    by = serializers.CharField(source="by.post", read_only=True)

    class Meta:
        model = Reopening
        fields = ("id", "step", "cycle", "reason", "by", "at")


class ObjectionSerializer(serializers.Serializer):
    """One reason why a gate does not open, or a warning; ``url`` is the page that mends it."""

    code: Any = serializers.CharField()
    message = serializers.CharField()
    blocks = serializers.BooleanField()
    url = serializers.CharField()


class GateSerializer(serializers.Serializer):
    """What a gate finds now: objections, blockers first, and how many checks found nothing."""

    blocked = serializers.BooleanField()
    passed = serializers.IntegerField()
    objections = ObjectionSerializer(many=True)


# ---------- efforts


class CrisisInput(serializers.Serializer):
    """Whether the effort plans in crisis from now on, and why."""

    on = serializers.BooleanField()
    why = words_field()


class ForkInput(serializers.Serializer):
    """A branch or a sequel that starts at step ``at`` from what was approved before it."""

    fork = serializers.ChoiceField(choices=choices(ForkKind))
    name = words_field()
    why = words_field()
    at = serializers.IntegerField()


# ---------- mandates


class MandateSerializer(serializers.ModelSerializer):
    """A delegation, or a recusal from one ``cycle`` of a step."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    holder_post = serializers.CharField(source="holder.post", read_only=True)
    delegate_post = serializers.CharField(
        source="delegate.post", default=None, allow_null=True, read_only=True
    )
    given_by = serializers.CharField(source="given_by.post", read_only=True)
    ended_by = serializers.CharField(
        source="ended_by.post", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Mandate
        fields = (
            "id", "effort", "kind", "role", "step", "cycle", "holder", "holder_post", "delegate",
            "delegate_post", "why", "starts_at", "ends_at", "given_by", "given_at", "ended_at",
            "ended_by",
        )  # fmt: skip


class MandateInput(serializers.Serializer):
    """Who stands in for whom, and how long: the caller's own seat or authority, unless another
    ``holder`` is named; from now, unless it starts later; in all steps, unless one is named."""

    effort = serializers.CharField(max_length=60)
    role = serializers.ChoiceField(choices=choices(Role))
    holder = person_field(required=False)
    to = person_field()
    starts_at = serializers.DateTimeField(required=False)
    ends_at = serializers.DateTimeField()
    why = words_field()
    step = key_field(required=False, allow_null=True)


# ---------- due-outs


class DueOutSerializer(serializers.ModelSerializer):
    """What somebody owes the effort. ``name`` is what people call it, such as “DO-3”."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="__str__", read_only=True)
    owner_post = serializers.CharField(
        source="owner.post", default=None, allow_null=True, read_only=True
    )
    given_by = serializers.CharField(
        source="given_by.post", default=None, allow_null=True, read_only=True
    )
    done_by = serializers.CharField(
        source="done_by.post", default=None, allow_null=True, read_only=True
    )
    is_late = serializers.BooleanField(read_only=True)
    is_debt = serializers.BooleanField(source="came_from.is_debt", read_only=True)

    class Meta:
        model = DueOut
        fields = (
            "id", "effort", "number", "name", "text", "origin", "step", "decision", "submission",
            "product", "owner", "owner_post", "due_at", "given_by", "given_at", "is_late",
            "is_debt", "done_at", "done_by", "evidence", "detail",
        )  # fmt: skip


class DueOutInput(serializers.Serializer):
    """What is to be done, where it comes from, who owes it and by when."""

    effort = serializers.CharField(max_length=60)
    text = words_field()
    origin = serializers.ChoiceField(choices=choices(Origin))
    owner = person_field(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    step = key_field(required=False, allow_null=True)


class AssignInput(serializers.Serializer):
    """Who owes it and by when; what is left out stays."""

    owner = person_field(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class EvidenceInput(serializers.Serializer):
    """What proves that it is done."""

    evidence = words_field()
