"""What every resource shares, and those of efforts, steps, decisions and the record.

Lists are scoped by one EXISTS; a single object comes from ``access_…``.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import ForeignKey, Model, OneToOneField, OuterRef, QuerySet, Subquery
from django_filters.rest_framework import DjangoFilterBackend, FilterSet, NumberFilter
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from mapro.core.audit import stream_of
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed, NotVisible
from mapro.core.models import AuditEvent, Organization, User
from mapro.core.paging import KeysetPagination
from planning import actions, policies, selectors
from planning.api import serializers
from planning.models import Decision, Effort, Step, Submission
from planning.progress import members_of
from planning.routes import Open
from planning.vocabulary import EffortKind, Outcome, Perm, Position, Role


class KeyFilter(NumberFilter):
    """Rows by the key of what they belong to, whether or not the caller may see that.

    The library's own filter looks the key up in the whole table, so that a hidden row and an
    absent one would answer differently.
    """

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=2**63 - 1, **kwargs)


class Filters(FilterSet):
    """Filters of a list by the fields that its resource names."""

    FILTER_DEFAULTS = FilterSet.FILTER_DEFAULTS | {
        ForeignKey: {"filter_class": KeyFilter},
        OneToOneField: {"filter_class": KeyFilter},
    }


class FilterBackend(DjangoFilterBackend):
    """Filters that tell nothing of what is hidden."""

    filterset_base = Filters


class Negotiation(DefaultContentNegotiation):
    """JSON always: ``?format=`` filters products and files, and who downloads a file may accept
    that alone."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """The only one that there is."""
        return renderers[0], renderers[0].media_type


class Resource(GenericViewSet):
    """A resource of planning. ``effort_path`` leads from a row to its effort's key."""

    filter_backends: Any = (FilterBackend,)
    content_negotiation_class = Negotiation
    effort_path = "pk"
    list_perm = Perm.EFFORT_VIEW

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Sign-in by DRF, then what the route takes of the person alone."""
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise NotAuthenticated
        needed = self.perm
        if needed is Open.OPENER and not self.user.can_open_efforts:
            raise NotAllowed("An administrator has to allow you to open efforts.")
        if needed is Open.ADMIN and not self.user.is_staff:
            raise NotVisible
        if needed is Open.PLANNER and not policies.plans(self.user):
            raise NotVisible

    @property
    def user(self) -> User:
        """Who calls."""
        return cast(User, self.request.user)

    @property
    def perm(self) -> Perm:
        """What the route takes, from the route table."""
        return cast(Perm, self.request._request.perm)  # type: ignore[attr-defined]  # noqa: SLF001

    def get_queryset(self) -> QuerySet[Model]:
        """The rows that the caller may see."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return policies.visible(rows, self.user, effort=self.effort_path, to=self.list_perm)

    def sent(self, kind: Any) -> dict[str, Any]:
        """The body, checked. Raises ValidationError."""
        taken = kind(data=self.request.data)
        taken.is_valid(raise_exception=True)
        return cast(dict[str, Any], taken.validated_data)

    def answer(self, kind: Any, thing: Any, code: int = status.HTTP_200_OK) -> Response:
        """``thing`` as JSON."""
        return Response(kind(thing, context=self.get_serializer_context()).data, status=code)


class ListResource(mixins.ListModelMixin, Resource):
    """A resource with a list."""


class BySlug(KeysetPagination):
    """Efforts by name."""

    ordering = ("name", "pk")


class EffortResource(ListResource):
    """Efforts and their teams."""

    queryset = Effort.objects.select_related("marking")
    serializer_class = serializers.EffortSerializer
    pagination_class = BySlug
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Model]:
        """The efforts that the caller may see, each with the one that it was forked from, if the
        caller may see that too."""
        parents = policies.visible(Effort.objects.filter(pk=OuterRef("parent")), self.user)
        return super().get_queryset().annotate(parent_slug=Subquery(parents.values("slug")))

    def retrieve(self, request: Request, slug: str) -> Response:
        """One effort."""
        effort = policies.access_effort(self.user, slug, to=self.perm)
        return self.answer(serializers.EffortSerializer, effort)

    @extend_schema(request=serializers.EffortInput)
    def create(self, request: Request) -> Response:
        """Open an effort; the caller becomes its lead planner."""
        sent = self.sent(serializers.EffortInput)
        kind = EffortKind(sent.pop("kind", EffortKind.DELIBERATE))
        opened = actions.open_effort(by=self.user, kind=kind, **sent)
        return self.answer(serializers.EffortSerializer, opened, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.EffortChange)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change the effort or its timeline."""
        with atomic():
            effort = policies.access_effort(self.user, slug, to=self.perm, lock=True)
            sent = self.sent(serializers.EffortChange)
            actions.edit_effort(effort=effort, by=self.user, **sent)
        return self.answer(serializers.EffortSerializer, effort)

    @extend_schema(responses=serializers.MembershipSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def team(self, request: Request, slug: str) -> Response:
        """The team of an effort."""
        effort = policies.access_effort(self.user, slug, to=self.perm)
        rows = serializers.MembershipSerializer(selectors.team_of(effort), many=True)
        return Response(rows.data)

    @extend_schema(request=serializers.MembershipInput, responses=serializers.MembershipSerializer)
    @team.mapping.post
    def add_to_team(self, request: Request, slug: str) -> Response:
        """Put a person on the team."""
        with atomic():
            effort = policies.access_effort(self.user, slug, to=self.perm, lock=True)
            sent = self.sent(serializers.MembershipInput)
            person = User.objects.filter(email=sent["email"].lower()).first()
            if person is None:
                raise Invalid({"email": f"Nobody here has the address {sent['email']}."})
            made = actions.add_member(
                effort=effort, user=person, role=Role(sent["role"]),
                organization=sent.get("organization"), by=self.user,
            )  # fmt: skip
        return self.answer(serializers.MembershipSerializer, made, status.HTTP_201_CREATED)


class StepResource(ListResource):
    """Steps and what is done with them."""

    queryset = Step.objects.select_related("effort")
    serializer_class = serializers.StepSerializer
    filterset_fields = ("effort__slug", "number", "status", "way")
    effort_path = "effort_id"

    def _step(self, pk: str, *, lock: bool = False) -> Step:
        return policies.access_step(self.user, to=self.perm, lock=lock, pk=number(pk))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One step."""
        return self.answer(serializers.StepSerializer, self._step(pk))

    @extend_schema(request=serializers.SubmitInput, responses=serializers.SubmissionSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Freeze the step's products, or those that are named, and put them before the board."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.SubmitInput)
            made = actions.submit_step(step=step, by=self.user, **sent)
        return self.answer(serializers.SubmissionSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.SubmissionSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the pending submission back."""
        with atomic():
            taken = actions.withdraw_submission(step=self._step(pk, lock=True), by=self.user)
        return self.answer(serializers.SubmissionSerializer, taken)

    @extend_schema(request=serializers.VoteInput, responses=serializers.VoteSerializer)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Cast or change a vote on the pending package, one's own or for another's seat."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.VoteInput)
            sent["position"] = Position(sent["position"])
            if "seat" in sent:
                sent["seat"] = on_team(step.effort, sent["seat"], "seat")
            cast_ = actions.cast_vote(step=step, by=self.user, **sent)
        return self.answer(serializers.VoteSerializer, cast_, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.DecisionInput, responses=serializers.DecisionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide the pending package."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.DecisionInput)
            sent["outcome"] = Outcome(sent["outcome"])
            made = actions.decide_step(step=step, by=self.user, **sent)
        return self.answer(serializers.DecisionSerializer, made, status.HTTP_201_CREATED)


class SubmissionResource(ListResource):
    """Submissions with their votes."""

    queryset = Submission.objects.select_related("submitted_by").prefetch_related(
        "votes__user", "votes__cast_by", "items"
    )
    serializer_class = serializers.SubmissionSerializer
    filterset_fields = ("step", "status", "cycle", "interim")
    effort_path = "step__effort_id"
    list_perm = Perm.STEP_VIEW

    def retrieve(self, request: Request, pk: str) -> Response:
        """One submission."""
        found = policies.access_submission(self.user, to=self.perm, pk=number(pk))
        return self.answer(serializers.SubmissionSerializer, found)


class DecisionResource(ListResource):
    """Decisions."""

    queryset = Decision.objects.select_related("decided_by", "on_behalf_of")
    serializer_class = serializers.DecisionSerializer
    filterset_fields = ("submission", "outcome", "way")
    effort_path = "submission__step__effort_id"
    list_perm = Perm.STEP_VIEW


class Newest(KeysetPagination):
    """Newest first."""

    ordering = "-seq"


class AuditResource(Resource):
    """The record of an effort."""

    queryset = AuditEvent.objects.all()
    serializer_class = serializers.AuditSerializer
    pagination_class = Newest
    lookup_field = "slug"
    filter_backends = ()

    @extend_schema(
        parameters=[OpenApiParameter("slug", str, OpenApiParameter.PATH)],
        responses=serializers.AuditSerializer(many=True),
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        """The audit events of the effort with this slug, newest first."""
        effort = policies.access_effort(self.user, slug, to=self.perm)
        rows = AuditEvent.objects.filter(stream=stream_of(effort.pk))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(serializers.AuditSerializer(page, many=True).data)


class ByCode(KeysetPagination):
    """Organizations by code."""

    ordering = "code"


class OrganizationResource(mixins.ListModelMixin, Resource):
    """Organizations: no planning content, so everybody signed in may see them."""

    queryset = Organization.objects.select_related("parent")
    serializer_class = serializers.OrganizationSerializer
    pagination_class = ByCode
    filterset_fields = ("kind", "is_active")

    def get_queryset(self) -> QuerySet[Model]:
        """All of them."""
        return Organization.objects.select_related("parent")


def on_team(effort: Effort, named: str, field: str) -> User:
    """Who on the team has this address or id. Raises Invalid for ``field``."""
    wanted = named.strip().lower()
    for member in members_of(effort):
        if wanted in {member.user.email.lower(), str(member.user_id)}:
            return member.user
    raise Invalid({field: f"Nobody on the team has the address or id {named}."})


def number(pk: str) -> int:
    """A key of the address. Raises NotVisible when it is no number of a database."""
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:  # noqa: PLR2004 - a 64-bit key
        raise NotVisible
    return int(pk)
