"""The resources of what is stored: files made from versions, and pictures in texts."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from mapro.core import pictures
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from planning import actions, policies, selectors
from planning.actions.freeze import freeze
from planning.actions.rendition import request_decision_memo
from planning.api import file_serializers as serializers
from planning.api.views import ListResource, number
from planning.models import Picture, Product, Rendition, Version
from planning.vocabulary import Format, Perm, RenditionKind, RenditionStatus

Sent = dict[str, Any]


class RenditionResource(ListResource):
    """Files."""

    queryset = Rendition.objects.select_related("effort", "version").defer(
        "payload", "version__snapshot"
    )
    serializer_class = serializers.RenditionSerializer
    filterset_fields = ("effort__slug", "version", "submission", "status", "format", "kind")
    effort_path = "effort_id"
    list_perm = Perm.RENDITION_READ

    def _rendition(self, pk: str) -> Rendition:
        return policies.access_rendition(self.user, to=self.perm, pk=number(pk))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One file, or how far it is."""
        return self.answer(serializers.RenditionSerializer, self._rendition(pk))

    @extend_schema(
        request=serializers.RenditionInput,
        responses={200: serializers.RenditionSerializer, 202: serializers.RenditionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Have a file made; 200 when it is there already, 202 while a worker makes it.

        A product's draft is frozen for it. The same text is made once.
        """
        with atomic():
            sent = self.sent(serializers.RenditionInput)
            if "submission" in sent:
                made = self._memo(sent)
            else:
                made = self._collection(sent) if "effort" in sent else self._of_product(sent)
        ready = made.state is RenditionStatus.READY
        code = status.HTTP_200_OK if ready else status.HTTP_202_ACCEPTED
        return self.answer(serializers.RenditionSerializer, made, code)

    def _collection(self, sent: Sent) -> Rendition:
        effort = policies.access_effort(self.user, sent["effort"], to=self.perm, lock=True)
        versions = (
            actions.latest_approved(effort)
            if sent["edition"] == "approved"
            else actions.freeze_current(effort=effort, by=self.user)
        )
        return actions.request_collection(
            effort=effort, versions=versions, kind=RenditionKind(sent["kind"]),
            edition=sent["edition"], by=self.user,
        )  # fmt: skip

    def _memo(self, sent: Sent) -> Rendition:
        submission = policies.access_submission(self.user, to=self.perm, pk=sent["submission"])
        slug = submission.step.effort.slug
        policies.access_effort(self.user, slug, to=self.perm, lock=True)
        return request_decision_memo(
            submission=submission, form=Format(sent["format"]), by=self.user
        )

    def _of_product(self, sent: Sent) -> Rendition:
        product = policies.access_product(self.user, to=self.perm, lock=True, pk=sent["product"])
        if "compare_from" in sent:
            return actions.request_comparison(
                old=_numbered(product, sent, "compare_from"),
                new=self._text(product, sent, "compare_to"), by=self.user,
            )  # fmt: skip
        return actions.request_rendition(
            version=self._text(product, sent, "version"), by=self.user,
            form=Format(sent["format"]), layout=sent.get("layout", ""),
        )  # fmt: skip

    def _text(self, product: Product, sent: Sent, name: str) -> Version:
        """The version that ``name`` asks for; the draft, frozen, when it asks for none."""
        if name in sent:
            return _numbered(product, sent, name)
        return freeze(product=product, by=self.user)

    @extend_schema(
        responses={(200, form.media_type.partition(";")[0]): OpenApiTypes.BINARY for form in Format}
    )
    @action(detail=True)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file itself. Rights are checked at each download."""
        return selectors.download(self._rendition(pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Queue a failed or cancelled file again."""
        with atomic():
            found = self._rendition(pk)
            actions.retry_rendition(rendition=found, by=self.user)
        return self.answer(serializers.RenditionSerializer, found)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Take back a file that is not made yet."""
        with atomic():
            found = self._rendition(pk)
            actions.cancel_rendition(rendition=found, by=self.user)
        return self.answer(serializers.RenditionSerializer, found)


def _numbered(product: Product, sent: Sent, name: str) -> Version:
    """The product's version with the number at ``name``. Raises Invalid."""
    found = product.versions.filter(number=sent[name]).first()
    if found is None:
        raise Invalid({name: "There is no such version of this product."})
    found.product = product
    return found


class PictureResource(ListResource):
    """Pictures in texts. Their page serves the files."""

    queryset = Picture.objects.select_related("effort")
    serializer_class = serializers.PictureSerializer
    parser_classes = (MultiPartParser,)
    filterset_fields = ("effort__slug", "sha256")
    effort_path = "effort_id"
    list_perm = Perm.PRODUCT_VIEW

    @extend_schema(request={"multipart/form-data": serializers.PictureInput})
    def create(self, request: Request) -> Response:
        """Add a picture to an effort's texts; the same picture is stored once."""
        with atomic():
            sent = self.sent(serializers.PictureInput)
            effort = policies.access_effort(self.user, sent["effort"], to=self.perm)
            content = pictures.received(sent["picture"])
            made = actions.add_picture(effort=effort, content=content, by=self.user)
        return self.answer(serializers.PictureSerializer, made, status.HTTP_201_CREATED)
