"""The resources of how steps are decided: ways and levels, cycles, haste, forks, mandates."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning import actions, gates, policies
from planning.api import govern_serializers as serializers
from planning.api import views
from planning.api.serializers import EffortSerializer, MembershipSerializer, StepSerializer
from planning.api.views import ListResource, number, on_team
from planning.models import Effort, Mandate, Step
from planning.vocabulary import ForkKind, Role, Way


class EffortResource(views.EffortResource):
    """Efforts, their teams, crises and forks."""

    @extend_schema(request=serializers.CrisisInput, responses=EffortSerializer)
    @action(detail=True, methods=["post"])
    def crisis(self, request: Request, slug: str) -> Response:
        """Declare crisis planning, or end it."""
        with atomic():
            effort = policies.access_effort(self.user, slug, to=self.perm, lock=True)
            sent = self.sent(serializers.CrisisInput)
            turn = actions.declare_crisis if sent["on"] else actions.end_crisis
            turn(effort=effort, why=sent["why"], by=self.user)
        return self.answer(EffortSerializer, effort)

    @extend_schema(request=serializers.ForkInput, responses={201: EffortSerializer})
    @action(detail=True, methods=["post"])
    def fork(self, request: Request, slug: str) -> Response:
        """Start a branch or a sequel from what was approved."""
        with atomic():
            effort = policies.access_effort(self.user, slug, to=self.perm, lock=True)
            sent = self.sent(serializers.ForkInput)
            kind = ForkKind(sent.pop("fork"))
            made = actions.fork_effort(effort=effort, kind=kind, by=self.user, **sent)
        return self.answer(EffortSerializer, made, status.HTTP_201_CREATED)


class StepResource(views.StepResource):
    """Steps: what is done with them, and how they are decided."""

    @extend_schema(responses=serializers.GateSerializer)
    @action(detail=True, filter_backends=(), pagination_class=None)
    def gate(self, request: Request, pk: str) -> Response:
        """What the gate objects to and warns of, as the step stands now."""
        found = gates.examine(self._step(pk))
        return self.answer(serializers.GateSerializer, found)

    @extend_schema(request=serializers.SettleInput, responses=StepSerializer)
    @action(detail=True, methods=["put"])
    def how(self, request: Request, pk: str) -> Response:
        """Settle how and by when the step is decided."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.SettleInput)
            way = Way(sent.pop("way"))
            actions.settle_step(step=step, way=way, by=self.user, **sent)
        return self.answer(StepSerializer, step)

    @extend_schema(request=serializers.RaiseInput, responses={201: MembershipSerializer})
    @action(detail=True, methods=["post"], url_path="raise", url_name="raise")
    def raise_level(self, request: Request, pk: str) -> Response:
        """Make a higher level the authority of this step alone."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.RaiseInput)
            made = actions.raise_step(
                step=step, user=_anybody(sent["user"]), organization=sent["organization"],
                by=self.user,
            )  # fmt: skip
        return self.answer(MembershipSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def lower(self, request: Request, pk: str) -> Response:
        """Give the step back to the effort's authority."""
        with atomic():
            step = self._step(pk, lock=True)
            actions.lower_step(step=step, by=self.user)
        return self.answer(StepSerializer, step)

    @extend_schema(
        request=serializers.ReopenInput, responses={201: serializers.ReopeningSerializer}
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open an approved step for a new cycle; what rests on it is flagged."""
        with atomic():
            step = self._step(pk, lock=True)
            reason = self.sent(serializers.ReopenInput)["reason"]
            made = actions.reopen_step(step=step, reason=reason, by=self.user)
        return self.answer(serializers.ReopeningSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.VerbalInput, responses={201: serializers.DueOutSerializer})
    @action(detail=True, methods=["post"])
    def verbal(self, request: Request, pk: str) -> Response:
        """Record that the authority approved the pending package by word."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.VerbalInput)
            said_by = on_team(step.effort, sent.pop("said_by"), "said_by")
            made = actions.record_verbal(step=step, said_by=said_by, by=self.user, **sent)
        return self.answer(serializers.DueOutSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.WhyInput, responses={201: serializers.DueOutSerializer})
    @action(detail=True, methods=["post"], url_path="at-risk", url_name="at-risk")
    def at_risk(self, request: Request, pk: str) -> Response:
        """Start a locked step before the one below it is approved."""
        with atomic():
            step = self._step(pk, lock=True)
            why = self.sent(serializers.WhyInput)["why"]
            made = actions.proceed_at_risk(step=step, why=why, by=self.user)
        return self.answer(serializers.DueOutSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.RemindInput, responses=serializers.RemindedSerializer)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, pk: str) -> Response:
        """Ask the seats that are out for their vote."""
        with atomic():
            step = self._step(pk, lock=True)
            named = self.sent(serializers.RemindInput).get("seat")
            seat = on_team(step.effort, named, "seat") if named else None
            asked = actions.remind(step=step, seat=seat, by=self.user)
        return self.answer(serializers.RemindedSerializer, {"reminded": asked})

    @extend_schema(request=serializers.RecuseInput, responses={201: serializers.MandateSerializer})
    @action(detail=True, methods=["post"])
    def recuse(self, request: Request, pk: str) -> Response:
        """Take no part in the present cycle of the step."""
        with atomic():
            step = self._step(pk, lock=True)
            sent = self.sent(serializers.RecuseInput)
            made = actions.recuse(step=step, role=Role(sent["role"]), why=sent["why"], by=self.user)
        return self.answer(serializers.MandateSerializer, made, status.HTTP_201_CREATED)


def _anybody(named: str) -> User:
    """Who has this address or id; a higher level need not be on the team. Raises Invalid."""
    key = Q(pk=int(named)) if named.isascii() and named.isdigit() else Q(email=named.lower())
    found = User.objects.filter(key).first()
    if found is None:
        raise Invalid({"user": f"Nobody here has the address {named}."})
    return found


def step_of(effort: Effort, key: int | None) -> Step | None:
    """The step with this key in the effort; None for none. Raises Invalid."""
    found = effort.steps.filter(pk=key).first() if key else None
    if key and found is None:
        raise Invalid({"step": "The effort has no such step."})
    return found


class MandateResource(ListResource):
    """Who stands in for whom, and who stands aside."""

    queryset = Mandate.objects.select_related(
        "effort", "holder", "delegate", "given_by", "ended_by"
    )
    serializer_class = serializers.MandateSerializer
    filterset_fields: Any = {
        **dict.fromkeys(
            ("effort__slug", "kind", "role", "step", "holder", "delegate"), ["exact"]
        ),
        "ended_at": ["isnull"],
    }  # fmt: skip
    effort_path = "effort_id"

    @extend_schema(request=serializers.MandateInput, responses={201: serializers.MandateSerializer})
    def create(self, request: Request) -> Response:
        """Let somebody on the team stand in for a holder."""
        with atomic():
            sent = self.sent(serializers.MandateInput)
            effort = policies.access_effort(self.user, sent["effort"], to=self.perm, lock=True)
            holder = on_team(effort, sent["holder"], "holder") if "holder" in sent else self.user
            made = actions.delegate(
                effort=effort, holder=holder, role=Role(sent["role"]),
                to=on_team(effort, sent["to"], "to"),
                starts_at=sent.get("starts_at") or timezone.now(), ends_at=sent["ends_at"],
                why=sent["why"], by=self.user, step=step_of(effort, sent.get("step")),
            )  # fmt: skip
        return self.answer(serializers.MandateSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End a delegation before its time, or take part again after a recusal."""
        with atomic():
            found = policies.access_mandate(self.user, to=self.perm, pk=number(pk))
            actions.end_mandate(mandate=found, by=self.user)
        return self.answer(serializers.MandateSerializer, found)
