"""The resource of comparisons: one for each effort and level, worked out whenever it is read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from dime.actions.comparison import give_scores, reopen_weights, settle_weights
from dime.models import Comparison
from dime.selectors.comparison import Compared, compare
from dime.selectors.verdict import INFORMS, headline, missing, stability
from dime.vocabulary import Level
from mapro.core.errors import NotVisible
from planning.api.govern_serializers import WhyInput
from planning.api.views import Filters, ListResource
from planning.models import Effort
from planning.policies import access_effort
from planning.vocabulary import Perm

_ADDRESS = OpenApiParameter(
    "id", OpenApiTypes.STR, OpenApiParameter.PATH,
    description="The effort's slug and the level: country-x/policy, country-x/concept.",
)  # fmt: skip


class OptionComparisonSerializer(serializers.ModelSerializer):
    """A comparison in a list; ``round`` counts how often its weights were settled."""

    effort: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Comparison
        fields = ("effort", "level", "round", "settled_at")


class ComparedOptionSerializer(serializers.Serializer):
    """An option. Without a rank it has no total either: no agency scored it by every criterion."""

    number = serializers.CharField(help_text="OPT-2")
    title = serializers.CharField()
    total = serializers.FloatField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    tied = serializers.BooleanField()


class ComparedCriterionSerializer(serializers.Serializer):
    """A criterion. The first place stays while its weight, in percent, lies within ``first``, the
    whole order within ``order``; ``below`` and ``above`` would be first beyond. Null and empty
    unless two options are ranked."""

    number = serializers.CharField(help_text="CRT-1")
    title = serializers.CharField()
    weight = serializers.IntegerField()
    first = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    order = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    below = serializers.ListField(child=serializers.CharField())
    above = serializers.ListField(child=serializers.CharField())


class GivenScoreSerializer(serializers.Serializer):
    """What an agency gave, in which round."""

    organization = serializers.CharField()
    option = serializers.CharField()
    criterion = serializers.CharField()
    value = serializers.IntegerField()
    why = serializers.CharField()
    round = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ComparedMeanSerializer(serializers.Serializer):
    """The mean of the agencies' scores in a cell, with the lowest and the highest."""

    option = serializers.CharField()
    criterion = serializers.CharField()
    mean = serializers.FloatField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()


class AgencyTotalsSerializer(serializers.Serializer):
    """What an agency's own scores come to, by option; ``changes`` says whether the first place
    would be another's without it, ``leaders`` who would be first then."""

    organization = serializers.CharField()
    totals = serializers.DictField(child=serializers.FloatField())
    open = serializers.IntegerField(help_text="Cells that it has not scored.")
    earlier = serializers.IntegerField(help_text="Scores from an earlier round.")
    changes = serializers.BooleanField(allow_null=True)
    leaders = serializers.ListField(child=serializers.CharField(), allow_null=True)


class SwingSerializer(serializers.Serializer):
    """The smallest change of a mean score at which ``leaders`` would be first."""

    option = serializers.CharField()
    criterion = serializers.CharField()
    mean = serializers.FloatField()
    to = serializers.FloatField()
    leaders = serializers.ListField(child=serializers.CharField())


class ComparisonDetailSerializer(serializers.Serializer):
    """A comparison, worked out. It informs; the decision remains the authority's."""

    effort = serializers.SlugField()
    level = serializers.ChoiceField(choices=Level.choices)
    round = serializers.IntegerField()
    settled_at = serializers.DateTimeField(allow_null=True)
    total_weight = serializers.IntegerField()
    headline = serializers.CharField()
    stability = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    informs = serializers.CharField()
    options = ComparedOptionSerializer(many=True)
    criteria = ComparedCriterionSerializer(many=True)
    means = ComparedMeanSerializer(many=True)
    scores = GivenScoreSerializer(many=True)
    agencies = AgencyTotalsSerializer(many=True)
    swings = SwingSerializer(many=True)


class ScoreInput(serializers.Serializer):
    """A score by the numbers of the option and the criterion; null takes it back."""

    option = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    criterion = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    value = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)
    why = serializers.CharField(required=False, allow_blank=True, default="", max_length=1_000)


class ScoresInput(serializers.Serializer):
    """Scores of the caller's organization, all or none; ``round`` is the one whose weights the
    caller knows."""

    round = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    scores: Any = serializers.ListSerializer(
        child=ScoreInput(), allow_empty=False, max_length=2_000
    )


class OfComparison(Filters):
    """Filters of comparisons."""

    class Meta:
        model = Comparison
        fields = ("effort__slug", "level")


class ComparisonResource(ListResource):
    """Comparisons whose weights were settled at least once; any effort and level can be read."""

    queryset = Comparison.objects.select_related("effort")
    serializer_class = OptionComparisonSerializer
    filterset_class = OfComparison
    effort_path = "effort_id"
    list_perm = Perm.REGISTER_VIEW
    lookup_value_regex = "[-a-zA-Z0-9_]+/[a-z]+"

    def _addressed(self, pk: str) -> tuple[Effort, Level]:
        """The effort and the level of the address, checked against the route."""
        slug, _, level = pk.partition("/")
        if level not in Level.values:
            raise NotVisible
        return access_effort(self.user, slug, to=self.perm), Level(level)

    @extend_schema(parameters=[_ADDRESS], responses=ComparisonDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The comparison, worked out."""
        return self._shown(*self._addressed(pk))

    @extend_schema(parameters=[_ADDRESS], request=None, responses=ComparisonDetailSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Let the weights stand, so that agencies score by them."""
        effort, level = self._addressed(pk)
        settle_weights(effort=effort, level=level, by=self.user)
        return self._shown(effort, level)

    @extend_schema(parameters=[_ADDRESS], request=WhyInput, responses=ComparisonDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Let criteria and weights be changed again; scores are kept."""
        effort, level = self._addressed(pk)
        why = self.sent(WhyInput)["why"]
        reopen_weights(effort=effort, level=level, why=why, by=self.user)
        return self._shown(effort, level)

    @extend_schema(parameters=[_ADDRESS], request=ScoresInput, responses=ComparisonDetailSerializer)
    @action(detail=True, methods=["post"])
    def scores(self, request: Request, pk: str) -> Response:
        """Score for the caller's own organization."""
        effort, level = self._addressed(pk)
        sent = self.sent(ScoresInput)
        values = {(s["option"], s["criterion"]): (s["value"], s["why"]) for s in sent["scores"]}
        give_scores(effort=effort, level=level, values=values, by=self.user, round=sent["round"])
        return self._shown(effort, level)

    def _shown(self, effort: Effort, level: Level) -> Response:
        return self.answer(ComparisonDetailSerializer, _detail(compare(effort, level)))


def _detail(found: Compared) -> dict[str, Any]:
    """As the serializer takes it."""
    outcome = found.outcome
    called = {one.pk: str(one) for one in (*found.options, *found.criteria)}
    ranges = {one.criterion: one for one in found.ranges}
    without = {one.agency: one for one in found.without}
    names = {key: one.code for key, one in found.agencies.items()}
    criteria = []
    for one in found.criteria:
        reach = ranges.get(one.pk)
        criteria.append({
            "number": str(one), "title": one.title, "weight": found.weights[one.pk],
            "first": [_percent(end) for end in reach.first] if reach else None,
            "order": [_percent(end) for end in reach.order] if reach else None,
            "below": _called(called, reach.below) if reach else [],
            "above": _called(called, reach.above) if reach else [],
        })  # fmt: skip
    agencies = []
    for key, code in names.items():
        left = without.get(key)
        agencies.append({
            "organization": code,
            "totals": {
                called[option]: _number(total)
                for option, total in outcome.by_agency.get(key, {}).items()
            },
            "open": found.gaps(key), "earlier": found.earlier(key),
            "changes": left.changes if left else None,
            "leaders": _called(called, left.leaders) if left else None,
        })  # fmt: skip
    return {
        "effort": found.effort.slug, "level": found.level.value, "round": found.round,
        "settled_at": found.comparison.settled_at if found.comparison else None,
        "total_weight": found.total_weight, "headline": headline(found),
        "stability": stability(found), "missing": missing(found), "informs": INFORMS,
        "options": [
            {
                "number": str(one), "title": one.title,
                "total": _number(outcome.totals[one.pk]) if one.pk in outcome.totals else None,
                "rank": outcome.places[one.pk].rank if one.pk in outcome.places else None,
                "tied": one.pk in outcome.places and outcome.places[one.pk].tied,
            }
            for one in found.ranked
        ],
        "criteria": criteria,
        "means": [
            {
                "option": called[option], "criterion": called[criterion], "mean": _number(mean),
                "low": outcome.spread[option, criterion][0],
                "high": outcome.spread[option, criterion][1],
            }
            for (option, criterion), mean in outcome.means.items()
        ],
        "scores": [
            {
                "organization": row.organization.code, "option": called[row.option_id],
                "criterion": called[row.criterion_id], "value": row.value, "why": row.why,
                "round": row.round, "by": row.by.post, "at": row.at,
            }
            for row in found.scores
        ],
        "agencies": agencies,
        "swings": [
            {
                "option": called[one.option], "criterion": called[one.criterion],
                "mean": _number(one.mean), "to": _number(one.to),
                "leaders": _called(called, one.leaders),
            }
            for one in found.swings
        ],
    }  # fmt: skip


def _called(called: dict[int, str], keys: frozenset[int]) -> list[str]:
    return [name for key, name in called.items() if key in keys]


def _number(value: Fraction) -> float:
    return round(float(value), 4)


def _percent(part: Fraction) -> float:
    return round(float(100 * part), 4)
