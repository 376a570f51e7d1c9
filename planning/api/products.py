"""The resources of what is written: products, sections, versions, dissents, formats."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, policies, selectors
from planning.actions.freeze import draft_text
from planning.api import product_serializers as serializers
from planning.api.views import ListResource, Resource, number
from planning.models import (
    Dissent,
    Product,
    ProductFormat,
    Reply,
    SectionDraft,
    Submission,
    Version,
)
from planning.products.annex_d import CATALOGUE
from planning.vocabulary import Perm, Ruling


class ProductResource(ListResource):
    """Products."""

    queryset = Product.objects.select_related("effort", "approved_version").defer(
        "approved_version__snapshot"
    )
    serializer_class = serializers.ProductSerializer
    filterset_fields = ("effort__slug", "key", "format", "step")
    effort_path = "effort_id"
    list_perm = Perm.PRODUCT_VIEW

    @extend_schema(responses=serializers.ProductDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One product with its outline."""
        found = policies.access_product(self.user, to=self.perm, pk=number(pk))
        return self.answer(serializers.ProductDetail, found)

    @extend_schema(request=serializers.ProductInput, responses={201: serializers.ProductDetail})
    def create(self, request: Request) -> Response:
        """Start a product in a format that no step owes."""
        with atomic():
            sent = self.sent(serializers.ProductInput)
            effort = policies.access_effort(self.user, sent.pop("effort"), to=self.perm, lock=True)
            made = actions.start_product(effort=effort, by=self.user, **sent)
        return self.answer(serializers.ProductDetail, made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.TailorInput, responses=serializers.ProductDetail)
    @action(detail=True, methods=["post"])
    def tailor(self, request: Request, pk: str) -> Response:
        """Change the outline for this effort."""
        with atomic():
            found = policies.access_product(self.user, to=self.perm, lock=True, pk=number(pk))
            sent = self.sent(serializers.TailorInput)
            actions.tailor(product=found, by=self.user, **sent)
        return self.answer(serializers.ProductDetail, found)

    @extend_schema(
        parameters=[
            OpenApiParameter("from", int, description="A version; else the last approved one."),
            OpenApiParameter("to", int, description="A version; else the draft."),
        ],
        responses=serializers.ComparisonSerializer,
    )
    @action(detail=True, filter_backends=(), pagination_class=None)
    def compare(self, request: Request, pk: str) -> Response:
        """What differs between two texts, by section and word, and who changed it."""
        found = policies.access_product(self.user, to=self.perm, pk=number(pk))
        asked = {name: request.query_params.get(name, "") for name in ("from", "to")}
        _, old, new = selectors.comparable(found, asked["from"], asked["to"])
        for name, version in (("from", old), ("to", new)):
            if asked[name] and version is None:
                raise Invalid({name: "There is no such version of this product."})
        taken = new.snapshot if new else draft_text(found)
        compared = selectors.compared(found, old, new, taken)
        return self.answer(serializers.ComparisonSerializer, compared)


class SectionResource(ListResource):
    """Draft sections."""

    queryset = SectionDraft.objects.select_related("portion", "updated_by", "completed_by")
    serializer_class = serializers.SectionSerializer
    filterset_fields = ("product__effort__slug", "product", "key")
    effort_path = "product__effort_id"
    list_perm = Perm.PRODUCT_VIEW

    def _section(self, pk: str) -> SectionDraft:
        return policies.access_section(self.user, to=self.perm, pk=number(pk))

    @extend_schema(responses=serializers.SectionDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One section with its text, what registers put in, and what it lacks."""
        return self.answer(serializers.SectionDetail, self._section(pk))

    @extend_schema(request=serializers.SectionInput)
    def update(self, request: Request, pk: str) -> Response:
        """Save the text; 409 with both texts if somebody saved since ``revision``."""
        found = self._section(pk)
        saved = actions.save_section(
            section=found, by=self.user, **self.sent(serializers.SectionInput)
        )
        return self.answer(serializers.SectionSerializer, saved)

    @extend_schema(request=serializers.CompleteInput, responses=serializers.SectionSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Mark the section as finished, or as open again."""
        found = self._section(pk)
        done = self.sent(serializers.CompleteInput)["done"]
        marked = actions.complete_section(section=found, done=done, by=self.user)
        return self.answer(serializers.SectionSerializer, marked)


class VersionResource(ListResource):
    """Frozen versions."""

    queryset = Version.objects.select_related("marking").defer("snapshot")
    serializer_class = serializers.VersionSerializer
    filterset_fields = ("product__effort__slug", "product", "number", "sha256")
    effort_path = "product__effort_id"
    list_perm = Perm.VERSION_VIEW

    @extend_schema(responses=serializers.VersionDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One version with its text."""
        found = policies.access_version(self.user, to=self.perm, pk=number(pk))
        return self.answer(serializers.VersionDetail, found)

    @extend_schema(
        request=serializers.FreezeInput,
        responses={200: serializers.VersionSerializer, 201: serializers.VersionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Freeze a product's draft; 200 with the last version when nothing changed since."""
        with atomic():
            key = self.sent(serializers.FreezeInput)["product"]
            product = policies.access_product(self.user, to=self.perm, lock=True, pk=key)
            frozen, new = actions.freeze_version(product=product, by=self.user)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return self.answer(serializers.VersionSerializer, frozen, code)

    @extend_schema(request=None, responses=serializers.RestoredSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Write a frozen text back into the draft."""
        with atomic():
            found = policies.access_version(self.user, to=self.perm, pk=number(pk))
            found.product = policies.access_product(
                self.user, to=self.perm, lock=True, pk=found.product_id
            )
            changed, gone = actions.restore_version(version=found, by=self.user)
        return self.answer(serializers.RestoredSerializer, {"changed": changed, "gone": gone})


class DissentResource(ListResource):
    """Dissents: a record. Nobody edits or deletes one; its author may withdraw it."""

    queryset = Dissent.objects.select_related(
        "effort", "product", "submission__step", "author", "organization"
    ).prefetch_related(
        Prefetch("replies", Reply.objects.select_related("by", "organization").order_by("pk"))
    )
    serializer_class = serializers.DissentSerializer
    filterset_fields = ("effort__slug", "product", "submission", "red_flag")
    effort_path = "effort_id"

    def _dissent(self, pk: str) -> Dissent:
        return policies.access_dissent(self.user, to=self.perm, pk=number(pk))

    def _shown(self, found: Dissent, code: int = status.HTTP_200_OK) -> Response:
        """A dissent that the caller may see, with what was said to it. Two queries."""
        row = DissentResource.queryset.get(pk=found.pk)
        return self.answer(serializers.DissentSerializer, row, code)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One dissent."""
        return self._shown(self._dissent(pk))

    @extend_schema(request=serializers.DissentInput)
    def create(self, request: Request) -> Response:
        """Put a dissent on record: on a section, a product, a submission, a register's entry, or
        the course of the effort."""
        with atomic():
            sent = self.sent(serializers.DissentInput)
            effort = policies.access_effort(self.user, sent.pop("effort"), to=self.perm, lock=True)
            products = effort.products.select_related("step")
            submissions = Submission.objects.filter(step__effort=effort).select_related("step")
            sent["product"] = _of_effort(products, sent, "product")
            sent["submission"] = _of_effort(submissions, sent, "submission")
            made = actions.enter_dissent(effort=effort, by=self.user, **sent)
        return self._shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WithdrawInput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw one's own dissent; words and withdrawal stay on record."""
        with atomic():
            found = self._dissent(pk)
            sent = self.sent(serializers.WithdrawInput)
            actions.withdraw_dissent(dissent=found, by=self.user, **sent)
        return self._shown(found)

    @extend_schema(request=None, responses={201: serializers.DissentSerializer})
    @action(detail=True, methods=["post"])
    def cosign(self, request: Request, pk: str) -> Response:
        """Join somebody's dissent."""
        with atomic():
            found = self._dissent(pk)
            actions.cosign_dissent(dissent=found, by=self.user)
        return self._shown(found, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: serializers.DissentSerializer})
    @cosign.mapping.delete
    def take_back(self, request: Request, pk: str) -> Response:
        """Take one's co-signature back; that it was given stays on record."""
        with atomic():
            found = self._dissent(pk)
            actions.take_back_cosignature(dissent=found, by=self.user)
        return self._shown(found)

    @extend_schema(request=serializers.AnswerInput, responses={201: serializers.DissentSerializer})
    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_it(self, request: Request, pk: str) -> Response:
        """Put the lead's answer below a dissent."""
        with atomic():
            found = self._dissent(pk)
            words = self.sent(serializers.AnswerInput)["words"]
            actions.answer_dissent(dissent=found, words=words, by=self.user)
        return self._shown(found, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.RuleInput, responses={201: serializers.DissentSerializer})
    @action(detail=True, methods=["post"])
    def rule(self, request: Request, pk: str) -> Response:
        """Put the authority's ruling below a dissent."""
        with atomic():
            found = self._dissent(pk)
            sent = self.sent(serializers.RuleInput)
            ruling = Ruling(sent["ruling"])
            actions.rule_dissent(dissent=found, ruling=ruling, words=sent["words"], by=self.user)
        return self._shown(found, status.HTTP_201_CREATED)


def _of_effort(rows: QuerySet[Any], sent: dict[str, Any], name: str) -> Any:
    """The row of the effort with the key that was sent; None for none. Raises Invalid."""
    key = sent.get(name)
    found = rows.filter(pk=key).first() if key else None
    if key and found is None:
        raise Invalid({name: f"The effort has no such {name}."})
    return found


class FormatResource(Resource):
    """Formats: no planning content, so everybody signed in may see them."""

    queryset = ProductFormat.objects.all()
    serializer_class = serializers.FormatSerializer
    pagination_class = None
    filter_backends = ()
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Any]:
        """The deployment's own, by key and version."""
        return ProductFormat.objects.order_by("key", "version")

    @extend_schema(responses=serializers.FormatSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The Handbook's catalogue, then this deployment's own, each in its newest version."""
        newest = {row.key: row for row in self.get_queryset()}
        rows = [serializers.format_row(one, own=False) for one in CATALOGUE.values()]
        rows += [_own(row) for row in newest.values()]
        return Response(serializers.FormatSerializer(rows, many=True).data)

    @extend_schema(request=serializers.FormatInput, responses={201: serializers.FormatSerializer})
    def create(self, request: Request) -> Response:
        """Add a format for all efforts, or the next version of one."""
        sent = self.sent(serializers.FormatInput)
        saved = actions.save_format(by=self.user, **sent)
        return self.answer(serializers.FormatSerializer, _own(saved), status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, key: str) -> Response:
        """Start no more products in a format."""
        row = self.get_queryset().filter(key=key).last()
        if row is None:
            raise NotVisible
        actions.retire_format(row=row, by=self.user)
        return self.answer(serializers.FormatSerializer, _own(row))


def _own(row: ProductFormat) -> dict[str, Any]:
    return serializers.format_row(row.format, own=True, retired=row.retired)
