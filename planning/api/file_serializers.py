"""What the API shows and takes of what is stored: files made from versions, and pictures."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from planning.api.product_serializers import LAYOUTS, key_field
from planning.models import Picture, Rendition
from planning.vocabulary import PRODUCT_FORMATS, Format, RenditionKind

MAX_NUMBER = 2**31 - 1
FORMATS = [form.value for form in PRODUCT_FORMATS]
COLLECTIONS = [RenditionKind.BINDER.value, RenditionKind.ARCHIVE.value]
EDITIONS = ["approved", "current"]


def version_field(**options: Any) -> serializers.IntegerField:
    """The number of a version of the product at hand."""
    return serializers.IntegerField(min_value=1, max_value=MAX_NUMBER, **options)


class RenditionSerializer(serializers.ModelSerializer):
    """A file, or how far it is. ``pages`` counts what ``page_word`` says: pages, slides, sheets."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    product = serializers.IntegerField(
        source="version.product_id", default=None, allow_null=True, read_only=True
    )
    page_word = serializers.CharField(read_only=True)

    class Meta:
        model = Rendition
        fields = (
            "id", "effort", "kind", "product", "version", "submission", "format", "layout",
            "approved", "status", "reason", "sha256", "size", "pages", "page_word", "requested_at",
            "ready_at",
        )  # fmt: skip


class RenditionInput(serializers.Serializer):
    """Which file is wanted.

    A ``product``'s draft, which is frozen, or its ``version``, in a format and layout; or what
    changed from its version ``compare_from`` to ``compare_to``, else to the draft; or an
    ``effort``'s binder or archive, of the approved or the current products; or the memo of what
    was decided on a ``submission``.
    """

    product = key_field(required=False)
    format: Any = serializers.ChoiceField(choices=FORMATS, default=Format.PDF.value)
    layout: Any = serializers.ChoiceField(choices=LAYOUTS, required=False, allow_blank=True)
    version = version_field(required=False)
    compare_from = version_field(required=False)
    compare_to = version_field(required=False)
    effort = serializers.CharField(required=False, max_length=60)
    kind: Any = serializers.ChoiceField(choices=COLLECTIONS, required=False)
    edition: Any = serializers.ChoiceField(choices=EDITIONS, required=False)
    submission = key_field(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One wish at a time, whole."""
        if sum(name in attrs for name in ("product", "effort", "submission")) != 1:
            raise serializers.ValidationError(
                {"product": "Name a product, or an effort with kind and edition, or a submission."}
            )
        if "effort" in attrs and not {"kind", "edition"} <= set(attrs):
            raise serializers.ValidationError(
                {"kind": "Choose a binder or an archive, of the approved or current products."}
            )
        if "compare_to" in attrs and "compare_from" not in attrs:
            raise serializers.ValidationError(
                {"compare_from": "Say which version the comparison starts from."}
            )
        return attrs


class PictureSerializer(serializers.ModelSerializer):
    """A picture of an effort. ``src`` is what a text's ``img`` names; its page serves the file."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    src = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = (
            "id", "effort", "sha256", "media_type", "width", "height", "size", "added_at", "src",
        )  # fmt: skip

    def get_src(self, row: Picture) -> str:
        """Where the picture stands."""
        return reverse("picture", args=[row.effort.slug, row.sha256])


class PictureInput(serializers.Serializer):
    """A picture for the texts of an effort."""

    effort = serializers.CharField(max_length=60)
    picture = serializers.FileField()
