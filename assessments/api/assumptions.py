"""The resources of actors and assumptions: registers of an effort under addresses of their own."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.actions.assumption import Standing, approve_assumption, judge_assumption
from assessments.registers import ACTORS, ASSUMPTIONS
from planning.api.entries import RegisterEntries, resource_of
from planning.api.govern_serializers import words_field

ActorResource = resource_of(ACTORS.key)


class JudgeInput(serializers.Serializer):
    """What came of an assumption, and what shows it."""

    verdict = serializers.ChoiceField(
        choices=[Standing.VALIDATED.value, Standing.INVALIDATED.value]
    )
    why = words_field()


class ApproveInput(serializers.Serializer):
    """The revision that the authority read; an approval holds for one text."""

    revision = serializers.IntegerField(required=False, min_value=1)


class AssumptionResource(RegisterEntries):
    """Assumptions, what the authority says of them and what became of them."""

    register = ASSUMPTIONS.key

    @extend_schema(request=ApproveInput)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Take it as a basis of the plan, as it read at ``revision``."""
        found = self.entry(pk)
        revision = self.sent(ApproveInput).get("revision")
        return self.shown(approve_assumption(entry=found, by=self.user, revision=revision))

    @extend_schema(request=JudgeInput)
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """Say that it came true, or that it does not hold; then the lead owes an answer."""
        found = self.entry(pk)
        sent = self.sent(JudgeInput)
        verdict = Standing(sent["verdict"])
        return self.shown(
            judge_assumption(entry=found, verdict=verdict, why=sent["why"], by=self.user)
        )
