"""The resource of due-outs: what is owed, by whom, and what proves that it is done."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from mapro.core.db import atomic
from planning import actions, policies
from planning.api import govern_serializers as serializers
from planning.api.govern import step_of
from planning.api.views import ListResource, number, on_team
from planning.models import DueOut
from planning.vocabulary import Origin


class DueOutResource(ListResource):
    """Due-outs. ``done_at__isnull=true`` lists what is open."""

    queryset = DueOut.objects.select_related("effort", "owner", "given_by", "done_by")
    serializer_class = serializers.DueOutSerializer
    filterset_fields: Any = {
        **dict.fromkeys(
            ("effort__slug", "number", "origin", "step", "decision", "submission", "product",
             "owner"),
            ["exact"],
        ),
        "done_at": ["isnull"],
    }  # fmt: skip
    effort_path = "effort_id"

    def _due_out(self, pk: str) -> DueOut:
        return policies.access_due_out(self.user, to=self.perm, pk=number(pk))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One due-out."""
        with atomic():
            found = self._due_out(pk)
        return self.answer(serializers.DueOutSerializer, found)

    @extend_schema(request=serializers.DueOutInput, responses={201: serializers.DueOutSerializer})
    def create(self, request: Request) -> Response:
        """Give a due-out: guidance, or what a comment or a meeting asks for."""
        with atomic():
            sent = self.sent(serializers.DueOutInput)
            effort = policies.access_effort(self.user, sent["effort"], to=self.perm, lock=True)
            named = sent.get("owner")
            made = actions.add_due_out(
                effort=effort, text=sent["text"], origin=Origin(sent["origin"]),
                owner=on_team(effort, named, "owner") if named else None,
                due_at=sent.get("due_at"), step=step_of(effort, sent.get("step")), by=self.user,
            )  # fmt: skip
        return self.answer(serializers.DueOutSerializer, made, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.AssignInput)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Name who owes it, and by when."""
        with atomic():
            found = self._due_out(pk)
            sent = self.sent(serializers.AssignInput)
            owner = found.owner
            if "owner" in sent:
                named = sent["owner"]
                owner = on_team(found.effort, named, "owner") if named else None
            actions.assign_due_out(
                due_out=found, owner=owner, due_at=sent.get("due_at", found.due_at), by=self.user
            )
        return self.answer(serializers.DueOutSerializer, found)

    @extend_schema(request=serializers.EvidenceInput, responses=serializers.DueOutSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say that it is done, and what proves it."""
        with atomic():
            found = self._due_out(pk)
            evidence = self.sent(serializers.EvidenceInput)["evidence"]
            actions.settle_due_out(due_out=found, evidence=evidence, by=self.user)
        return self.answer(serializers.DueOutSerializer, found)

    @extend_schema(request=serializers.WhyInput, responses=serializers.DueOutSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Say that it is not done after all."""
        with atomic():
            found = self._due_out(pk)
            why = self.sent(serializers.WhyInput)["why"]
            actions.reopen_due_out(due_out=found, why=why, by=self.user)
        return self.answer(serializers.DueOutSerializer, found)
