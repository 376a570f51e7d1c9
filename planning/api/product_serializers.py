"""What the API shows and takes of what is written: products, versions, dissents, formats."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from planning import framework, ports, sources
from planning.actions.section import gaps
from planning.models import Dissent, Product, Reply, SectionDraft, Version
from planning.models.fields import choices
from planning.products.definition import Layout, ProductDefinition
from planning.vocabulary import Ruling

MAX_KEY = 2**63 - 1
LAYOUTS = [layout.value for layout in Layout]
CHANGES = ["hide", "show", "rename", "add", "move", "reset"]


def key_field(**options: Any) -> serializers.IntegerField:
    """The key of another object."""
    return serializers.IntegerField(min_value=1, max_value=MAX_KEY, **options)


# ---------- products


class ProductSerializer(serializers.ModelSerializer):
    """A product of an effort. ``approved_version`` is a number, as on paper."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    title = serializers.CharField(read_only=True)
    approved_version: Any = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = Product
        fields = ("id", "effort", "step", "key", "format", "name", "title", "approved_version")


class OutlineSerializer(serializers.Serializer):
    """A section of an outline: what the format says of it. ``hint_words`` is 0 for no hint."""

    key = serializers.CharField()
    number = serializers.CharField(help_text="As printed, such as “5.b”.")
    title = serializers.CharField()
    depth = serializers.IntegerField(help_text="From 1.")
    required: Any = serializers.BooleanField()
    hint_words = serializers.IntegerField()
    sources: Any = serializers.ListField(child=serializers.CharField())


class ProductDetail(ProductSerializer):
    """A product with its format as this effort tailored it."""

    label: Any = serializers.CharField(source="definition.label", read_only=True)
    definition_version = serializers.IntegerField(source="definition.version", read_only=True)
    layouts: Any = serializers.ListField(
        child=serializers.CharField(), source="definition.layouts", read_only=True
    )
    outline = serializers.SerializerMethodField()

    class Meta(ProductSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *ProductSerializer.Meta.fields, "label", "definition_version", "layouts", "outline",
        )  # fmt: skip

    @extend_schema_field(OutlineSerializer(many=True))
    def get_outline(self, row: Product) -> list[dict[str, Any]]:
        """The sections in reading order; hidden ones are left out."""
        return [
            {
                "key": o.section.key, "number": o.number, "depth": o.depth,
                "title": o.section.title_for(row.effort.name), "required": o.section.required,
                "hint_words": o.section.hint_words, "sources": list(o.section.sources),
            }
            for o in row.definition.walk()
        ]  # fmt: skip


class ProductInput(serializers.Serializer):
    """What starts a product: a format that no step owes, and a name that sets it apart."""

    effort = serializers.CharField(max_length=60)
    format = serializers.CharField(max_length=30)
    name = serializers.CharField(required=False, allow_blank=True, max_length=120)


class TailorInput(serializers.Serializer):
    """One change of an outline; what it needs depends on ``change``."""

    change = serializers.ChoiceField(choices=CHANGES)
    section = serializers.CharField(required=False, allow_blank=True, max_length=60)
    title = serializers.CharField(required=False, allow_blank=True, max_length=500)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    by_places = serializers.IntegerField(
        required=False, min_value=-100, max_value=100, help_text="For “move”; -1 is up."
    )


class PieceSerializer(serializers.Serializer):
    """A run of words that stayed (“same”), came (“added”) or went (“removed”)."""

    kind: Any = serializers.CharField()
    text = serializers.CharField()


class SectionChangeSerializer(serializers.Serializer):
    """A section that differs between two texts."""

    key = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    portion = serializers.CharField()
    kind: Any = serializers.CharField(help_text="“changed”, “added” or “removed”.")
    added = serializers.IntegerField(help_text="How many words came.")
    removed = serializers.IntegerField(help_text="How many words went.")
    remarks: Any = serializers.ListField(child=serializers.CharField())
    pieces = PieceSerializer(many=True)


class HandSerializer(serializers.Serializer):
    """Who saved a section between the two texts, and when last."""

    section = serializers.CharField()
    post = serializers.CharField()
    at = serializers.DateTimeField()


class ComparisonSerializer(serializers.Serializer):
    """What leads from one text of a product to another. ``new`` is null for the draft, ``old``
    for the empty beginning."""

    old = serializers.IntegerField(source="old.number", default=None, allow_null=True)
    new = serializers.IntegerField(source="new.number", default=None, allow_null=True)
    sections = SectionChangeSerializer(many=True)
    hands = serializers.SerializerMethodField()

    @extend_schema_field(HandSerializer(many=True))
    def get_hands(self, found: Any) -> list[dict[str, Any]]:
        """Who changed what, by section, latest first."""
        return [
            {"section": key, "post": post, "at": at}
            for key, rows in found.hands.items()
            for post, at in rows
        ]


# ---------- sections


class SectionSerializer(serializers.ModelSerializer):
    """A draft section with its text."""

    portion: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    updated_by = serializers.CharField(source="updated_by.post", default="", read_only=True)
    completed_by = serializers.CharField(source="completed_by.post", default="", read_only=True)

    class Meta:
        model = SectionDraft
        fields = (
            "id", "product", "key", "body", "portion", "revision", "updated_by", "updated_at",
            "completed_by", "completed_at",
        )  # fmt: skip


class RegisterSerializer(serializers.Serializer):
    """What a register puts into a section now."""

    source: Any = serializers.CharField()
    label: Any = serializers.CharField()
    as_of = serializers.CharField()
    html = serializers.CharField()
    facts: Any = serializers.ListField(child=serializers.CharField())


class GapSerializer(serializers.Serializer):
    """What a section lacks; one that ``blocks`` is mended before the section is finished."""

    words = serializers.CharField()
    blocks = serializers.BooleanField()


class SectionDetail(SectionSerializer):
    """A draft section with what registers put into it and what it lacks."""

    registers = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField()

    class Meta(SectionSerializer.Meta):
        fields = (*SectionSerializer.Meta.fields, "registers", "gaps")  # type: ignore[assignment]

    @extend_schema_field(RegisterSerializer(many=True))
    def get_registers(self, row: SectionDraft) -> list[dict[str, Any]]:
        """What the registers put in; nothing where the outline has left the section out."""
        return [one.plain() for one in _content(row) or ()]

    @extend_schema_field(GapSerializer(many=True))
    def get_gaps(self, row: SectionDraft) -> list[dict[str, Any]]:
        """What is missing; nothing where the outline has left the section out."""
        content = _content(row)
        found = [] if content is None else gaps(row, content)
        return [{"words": gap.words, "blocks": gap.blocks} for gap in found]


def _content(row: SectionDraft) -> tuple[ports.RegisterContent, ...] | None:
    """What registers put into a section; None where the outline has left it out."""
    shown = {o.section.key: o.section for o in row.product.definition.walk()}
    section = shown.get(row.key)
    return None if section is None else ports.content_of(row.product, section)


class SectionInput(serializers.Serializer):
    """A save: the text and the revision that it started from."""

    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(min_value=0)
    portion = serializers.CharField(required=False)
    plain = serializers.BooleanField(required=False, default=False)


class CompleteInput(serializers.Serializer):
    """Whether a section is finished."""

    done = serializers.BooleanField()


# ---------- versions


class VersionSerializer(serializers.ModelSerializer):
    """A frozen version, without its text in lists."""

    marking: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Version
        fields = ("id", "product", "number", "sha256", "marking", "frozen_at", "approved_at")


class VersionDetail(VersionSerializer):
    """A frozen version with its snapshot."""

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, "snapshot")  # type: ignore[assignment]


class FreezeInput(serializers.Serializer):
    """Which product's draft to freeze."""

    product = key_field()


class RestoredSerializer(serializers.Serializer):
    """What a restore did: how many sections changed, and the titles that the outline no longer
    has."""

    changed = serializers.IntegerField()
    gone: Any = serializers.ListField(child=serializers.CharField())


# ---------- dissents


class ReplySerializer(serializers.ModelSerializer):
    """What others said to a dissent: a co-signature, the lead's answer, the authority's ruling."""

    by = serializers.CharField(source="by.post", read_only=True)
    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Reply
        fields = ("id", "kind", "ruling", "words", "by", "organization", "at", "withdrawn_at")


class DissentSerializer(serializers.ModelSerializer):
    """A dissent. ``subject`` says in words what it disputes; without a product, a submission or a
    register's entry that is the effort's course."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    author = serializers.CharField(source="author.post", read_only=True)
    organization: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    subject = serializers.SerializerMethodField()
    replies = ReplySerializer(many=True, read_only=True)

    class Meta:
        model = Dissent
        fields = (
            "id", "effort", "product", "section", "submission", "source", "fact", "fact_words",
            "subject", "red_flag", "author", "organization", "words", "entered_at", "withdrawn_at",
            "withdrawn_why", "replies",
        )  # fmt: skip

    def get_subject(self, row: Dissent) -> str:
        """What it disputes."""
        return sources.subject_of(row)


class DissentInput(serializers.Serializer):
    """What is disputed, and the words; the action bounds their length. ``fact`` is a register's
    entry as “source:key”. A red flag goes to the authority at once."""

    effort = serializers.CharField(max_length=60)
    product = key_field(required=False, allow_null=True)
    section = serializers.CharField(required=False, allow_blank=True, max_length=60)
    submission = key_field(required=False, allow_null=True)
    fact = serializers.CharField(required=False, allow_blank=True, max_length=100)
    red_flag = serializers.BooleanField(required=False)
    words = serializers.CharField(allow_blank=True)


class AnswerInput(serializers.Serializer):
    """What the team answers."""

    words = serializers.CharField(allow_blank=True)


class RuleInput(serializers.Serializer):
    """How the authority rules, and why."""

    ruling = serializers.ChoiceField(choices=choices(Ruling))
    words = serializers.CharField(allow_blank=True)


class WithdrawInput(serializers.Serializer):
    """Why a dissent is withdrawn."""

    why = serializers.CharField(required=False, allow_blank=True)


# ---------- formats


class FormatSerializer(serializers.Serializer):
    """A format: of the Handbook's catalogue, or this deployment's own in its newest version."""

    key = serializers.CharField()
    label: Any = serializers.CharField()
    title = serializers.CharField()
    layout: Any = serializers.CharField()
    version = serializers.IntegerField()
    step = serializers.IntegerField()
    purpose = serializers.CharField()
    owed = serializers.BooleanField(help_text="Whether its step owes it; if not, a team starts it.")
    own = serializers.BooleanField(help_text="Whether an administrator added it.")
    retired = serializers.BooleanField()


def format_row(format: ProductDefinition, *, own: bool, retired: bool = False) -> dict[str, Any]:  # noqa: A002
    """A format as ``FormatSerializer`` takes it."""
    return {
        "key": format.key, "label": format.label, "title": format.title,
        "layout": str(format.layout), "version": format.version, "step": format.step,
        "purpose": format.purpose, "owed": format.owed, "own": own, "retired": retired,
    }  # fmt: skip


class FormatInput(serializers.Serializer):
    """A format for all efforts, or the next version of one of this deployment's own.

    ``outline`` is text: a section a line, two spaces for each level, “*” for required and
    “(120 words)” for the usual length.
    """

    key = serializers.CharField(required=False, allow_blank=True, max_length=30, default="")
    title = serializers.CharField(max_length=120)
    label: Any = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    layout: Any = serializers.ChoiceField(choices=LAYOUTS)
    step = serializers.IntegerField(min_value=0, max_value=len(framework.STEPS) - 1)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")
    outline = serializers.CharField(max_length=20_000, trim_whitespace=False)
