"""The comparison of options on one level: criteria, weights, scores, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dime import picture
from dime.actions.comparison import (
    Values,
    give_scores,
    reopen_weights,
    settle_weights,
    weigh_criteria,
    weights_shown,
)
from dime.registers import ARGUMENTS, CRITERIA
from dime.selectors.comparison import Compared, compare
from dime.selectors.verdict import INFORMS, headline, missing, stability
from dime.vocabulary import SCORES, Level
from dime.web.comparison_shown import (
    agencies_shown,
    arguments_shown,
    criteria_shown,
    means_shown,
    next_act,
    ranks_shown,
    score_form,
    swings_shown,
    weights_table,
)
from dime.weighed import bars_of, legend_of
from mapro.core.db import atomic
from mapro.core.errors import (
    ContentChanged,
    Invalid,
    MaproError,
    NotAllowed,
    NotVisible,
    WrongState,
)
from planning import actions, entries
from planning.actions.dissent import stands_for
from planning.models import Effort
from planning.policies import access_effort
from planning.vocabulary import Perm
from planning.web.frame import effort_context, perm, person

REFUSALS = (Invalid, WrongState, ContentChanged, NotAllowed)
NEW = ("name", "weight", "poor", "good")  # what the quick form of a criterion takes


@dataclass(frozen=True)
class Refused:
    """Which form was refused, why, and what was typed into it."""

    which: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)


def comparison(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """The page."""
    effort = access_effort(person(request), slug, to=perm(request))
    return _page(request, effort, _level(level))


def criterion(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Enter a criterion by the quick form."""
    on = _level(level)
    effort = access_effort(person(request), slug, to=perm(request))
    values = {key: request.POST.get(key, "") for key in NEW} | {"level": on.value}
    try:
        with atomic():
            made = actions.add_entry(
                effort=effort, register=CRITERIA, values=values, by=person(request)
            )
    except REFUSALS as error:
        return _refused(request, effort, on, "criterion", error)
    messages.success(request, f"{made} “{made.title}” is entered.")
    return redirect("comparison", slug, level)


def weights(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Save the weights, or show those that would add up."""
    on = _level(level)
    effort = access_effort(person(request), slug, to=perm(request))
    if "fit" in request.POST:
        return redirect(f"{_address(effort, on)}?fit=1#weights")
    try:
        with atomic():
            _weigh(request, effort, on)
    except REFUSALS as error:
        return _refused(request, effort, on, "weights", error)
    messages.success(request, "The weights are saved.")
    return redirect(f"{_address(effort, on)}#weights")


def settle(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Save the weights and let them stand."""
    on = _level(level)
    effort = access_effort(person(request), slug, to=perm(request))
    try:
        with atomic():
            if "shown" in request.POST:
                _weigh(request, effort, on)
            made = settle_weights(effort=effort, level=on, by=person(request))
    except REFUSALS as error:
        return _refused(request, effort, on, "weights", error)
    messages.success(request, f"The weights are settled (round {made.round}). Agencies can score.")
    return redirect("comparison", slug, level)


def reopen(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Let criteria and weights be changed again."""
    on = _level(level)
    effort = access_effort(person(request), slug, to=perm(request))
    try:
        with atomic():
            reopen_weights(
                effort=effort, level=on, why=request.POST.get("why", ""), by=person(request)
            )
    except REFUSALS as error:
        return _refused(request, effort, on, "reopen", error)
    messages.success(
        request, "The weights are open. Scores are kept, and say when they were given."
    )
    return redirect(f"{_address(effort, on)}#weights")


def scores(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Give the scores of my organization."""
    on = _level(level)
    effort = access_effort(person(request), slug, to=perm(request))
    try:
        with atomic():
            written = give_scores(
                effort=effort, level=on, values=_values(request.POST), by=person(request),
                round=_round(request.POST),
            )  # fmt: skip
    except REFUSALS as error:
        return _refused(request, effort, on, "scores", error)
    count = len(written)
    messages.success(
        request,
        f"{count} score{'' if count == 1 else 's'} recorded."
        if count
        else "The scores are as before.",
    )
    return redirect("comparison", slug, level)


# ---------- reading forms


def _level(level: str) -> Level:
    if level not in Level.values:
        raise NotVisible
    return Level(level)


def _address(effort: Effort, level: Level) -> str:
    return reverse("comparison", args=[effort.slug, level.value])


def _weigh(request: HttpRequest, effort: Effort, level: Level) -> None:
    posted = {
        int(name.removeprefix("weight-")): text
        for name, text in request.POST.items()
        if name.startswith("weight-") and _number(name.removeprefix("weight-"))
    }
    weigh_criteria(
        effort=effort, level=level, weights=posted, shown=request.POST.get("shown", ""),
        by=person(request),
    )  # fmt: skip


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - fits a number


def _round(posted: QueryDict) -> int:
    """The round that the form was made in; 0, which none is, when it says none."""
    text = posted.get("round", "")
    return int(text) if _number(text) else 0


def _values(posted: QueryDict) -> Values:
    """Scores by option and criterion; an empty choice takes a score back."""
    found: dict[tuple[int, int], tuple[int | None, str]] = {}
    for name in posted:
        parts, text = name.split("-"), posted.get(name, "")
        if len(parts) != 3 or parts[0] != "score" or not all(map(_number, parts[1:])):  # noqa: PLR2004
            continue
        option, criterion = int(parts[1]), int(parts[2])
        value = (int(text) if _number(text) else 0) if text else None  # 0 is refused as no score
        found[option, criterion] = value, posted.get(f"why-{option}-{criterion}", "")
    return found


# ---------- showing


def _refused(
    request: HttpRequest, effort: Effort, level: Level, which: str, error: MaproError
) -> HttpResponse:
    """The page with what was refused, as things stand now, and with what was typed."""
    fields = dict(error.fields) if isinstance(error, Invalid) else {}
    effort = access_effort(person(request), to=Perm.REGISTER_VIEW, pk=effort.pk)
    refused = Refused(which, error.message, fields, request.POST.dict())
    return _page(request, effort, level, refused, error.status)


def _page(
    request: HttpRequest, effort: Effort, level: Level, refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    entries.entries_of(effort, "options", "criteria", ARGUMENTS.key)
    found = compare(effort, level)
    context = effort_context(request, effort, "options")
    can = context["can"]
    mine = stands_for(effort, person(request)) if can["score_give"] else None
    typed = refused.typed if refused is not None else {}
    faults = refused.fields if refused is not None else {}
    fit = request.GET.get("fit") == "1" and not found.settled
    context |= {
        "level": level,
        "levels": [(one.value, one.label) for one in Level],
        "found": found,
        "headline": headline(found),
        "stability": stability(found),
        "missing": missing(found),
        "next": next_act(found, can, mine),
        "informs": INFORMS,
        "ranks": ranks_shown(found),
        "means": means_shown(found),
        "agencies": agencies_shown(found),
        "picture": _picture(found),
        "criteria": criteria_shown(found, typed, faults, fit=fit),
        "fit": fit,
        "shown": weights_shown(found),
        "mine": mine,
        "form": score_form(found, mine, typed, faults) if mine is not None else [],
        "scale": SCORES,
        "weights_table": weights_table(found),
        "swings": swings_shown(found),
        "arguments": arguments_shown(found),
        "refused": refused,
        "typed": typed,
        "new": _new(refused),
    }
    return render(request, "dime/comparison.html", context, status=status)


def _new(refused: Refused | None) -> list[dict[str, Any]]:
    """The fields of the quick form, as they were typed if it was refused."""
    typed = refused.typed if refused is not None and refused.which == "criterion" else {}
    faults = refused.fields if refused is not None and refused.which == "criterion" else {}
    return [
        {"field": CRITERIA.field(key), "value": typed.get(key, ""), "error": faults.get(key, "")}
        for key in NEW
    ]


def _picture(found: Compared) -> SafeString | None:
    """The picture, once something has a rank."""
    if not found.outcome.totals:
        return None
    made = picture.comparison(
        bars_of(found), legend_of(found), title=f"Comparison: {found.level.label}"
    )
    return mark_safe(made.svg)  # noqa: S308 - written by dime.picture alone, which escapes
