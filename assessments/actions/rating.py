"""Rate how far an item of a frame shows itself in a country."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from assessments.actions.threshold import check_thresholds, in_line
from assessments.actions.words import chosen
from assessments.frames import frame_of
from assessments.models import Country, Rating, Report
from assessments.policies import watch_editor
from assessments.vocabulary import Confidence, FrameKey, Level, Trend
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning.actions.words import MAX_WHY, said


@atomic()
def rate(
    *, country: Country, frame: str, item: str, level: str, by: User,
    trend: str = Trend.UNKNOWN, confidence: str = Confidence.LOW, evidence: str = "",
    reports: Iterable[Report] = (), note: str = "",
) -> Rating:  # fmt: skip
    """Give a rating; the ones before stay as its history. Thresholds are checked at once.

    Raises Invalid for an unknown frame, item, level, trend or confidence, for a level other than
    unknown without evidence, or for a report on another country or a retired one.
    """
    watch_editor(by)
    key = chosen("frame", frame, FrameKey)
    if item not in frame_of(key).items:
        raise Invalid({"item": f"“{frame_of(key).name}” has no item “{item}”."})
    how = chosen("level", level, Level)
    evidence = said(
        "evidence", evidence,
        need="" if how is Level.UNKNOWN else "Say what you saw that bears this level out.",
    )  # fmt: skip
    named = list(reports)
    if any(r.country_id != country.pk or r.retired_at is not None for r in named):
        raise Invalid({"reports": f"Name reports on {country.name} that are not retired."})
    in_line()
    rating = Rating.objects.create(
        country=country, frame=key, item=item, level=how,
        trend=chosen("trend", trend, Trend),
        confidence=chosen("confidence", confidence, Confidence),
        evidence=evidence, note=said("note", note, most=MAX_WHY), by=by, at=timezone.now(),
    )  # fmt: skip
    if named:
        rating.reports.set(named)
    record(
        "rating.given", by=by, on=rating, label=f"{country.name}: {key.label}, {item}",
        new={
            "country": country.code, "frame": key.value, "item": item, "level": how.value,
            "trend": str(rating.trend), "confidence": str(rating.confidence),
            "evidence": evidence, "reports": [r.pk for r in named], "note": rating.note,
        },
    )  # fmt: skip
    check_thresholds(country=country)
    return rating
