"""Thresholds: from when on a country needs a second look, and looking whether it does.

A threshold proposes; it opens no effort.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from assessments import current
from assessments.actions.words import chosen
from assessments.evidence import event_words, rating_words
from assessments.models import Alert, Country, Event, Rating, Threshold
from assessments.policies import watch_editor
from assessments.vocabulary import AlertStatus, FrameKey, Level, ThresholdKind
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning.actions.words import in_a_line

FIELDS = ("name", "country_id", "kind", "frame", "level", "number", "days")
MAX_DAYS = 3_660
MAX_NUMBER = 1_000_000
MAX_EVIDENCE = 20  # events that an alert names; its words say how many there were


@dataclass(frozen=True)
class _Reached:
    """What a threshold counted in a country where it was reached. ``newest`` is when the newest of
    it became known."""

    words: str
    newest: datetime
    evidence: Sequence[Rating | Event]


# ---------- setting them


@atomic()
def set_threshold(
    *, name: str, kind: str, number: int, by: User, threshold: Threshold | None = None,
    country: Country | None = None, frame: str = "", level: str = "", days: int | None = None,
) -> Threshold:  # fmt: skip
    """Set a threshold, or change ``threshold``; it is checked at once. No country means every
    watched one.

    Raises Invalid by field for what is missing, unknown or out of bounds; WrongState for a dropped
    one.
    """
    watch_editor(by)
    row = threshold or Threshold()
    if threshold is not None and not threshold.is_active:
        raise WrongState("This threshold was dropped. Set a new one.")
    old = {field: getattr(row, field) for field in FIELDS}
    row.name = in_a_line("name", name, need="Give the threshold a name.", most=120)
    row.country, row.kind, row.number = country, chosen("kind", kind, ThresholdKind), number
    wrong = {}
    if not 1 <= number <= MAX_NUMBER:
        wrong["number"] = f"Give a number from 1 to {MAX_NUMBER:,}."
    if row.kind == ThresholdKind.RATINGS:
        row.frame, row.days = chosen("frame", frame, FrameKey), None
        row.level = chosen("level", level, Level)
        if row.level == Level.UNKNOWN:
            wrong["level"] = "What is unknown reaches no level; choose one from “No sign” on."
    else:
        row.frame, row.level, row.days = "", "", days
        if days is None or not 1 <= days <= MAX_DAYS:
            wrong["days"] = f"Give days from 1 to {MAX_DAYS:,}."
    if wrong:
        raise Invalid(wrong)
    new = {field: getattr(row, field) for field in FIELDS}
    if threshold is not None and old == new:
        return threshold
    in_line()
    row.set_by, row.set_at = by, timezone.now()
    row.save()
    record(
        "threshold.set", by=by, on=row, label=row.name, old=None if threshold is None else old,
        new=new,
    )  # fmt: skip
    check_thresholds()
    return row


@atomic()
def drop_threshold(*, threshold: Threshold, by: User) -> Threshold:
    """Check a threshold no longer; the alerts that it raised stay. Raises WrongState when it was
    dropped before."""
    watch_editor(by)
    if not Threshold.objects.filter(pk=threshold.pk, is_active=True).update(is_active=False):
        raise WrongState("This threshold was dropped already.")
    threshold.is_active = False
    record("threshold.dropped", by=by, on=threshold, label=threshold.name)
    return threshold


# ---------- checking them


def in_line() -> list[Threshold]:
    """The active thresholds, locked until the transaction ends, so that two checks at a time do
    not raise one alert twice. Call it before ``record``, whose lock every writer needs."""
    rows = Threshold.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(is_active=True).select_related("country").order_by("pk"))


@atomic()
def check_thresholds(*, country: Country | None = None) -> list[Alert]:
    """Raise an alert for each threshold that a watched country reaches; ``country`` looks at one.

    No second one while an alert of the threshold is open for the country, and after it is settled
    only for what was not known when it was raised. The system's act. The number of queries does not
    depend on the number of countries or events, but for those that reach a threshold.
    """
    thresholds = in_line()
    rows = Country.objects.filter(watched_since__isnull=False)
    if country is not None:
        rows = rows.filter(pk=country.pk)
    watched = rows.in_bulk() if thresholds else {}
    if not watched:
        return []
    ratings = _ratings(thresholds, watched)
    last = _last_days(thresholds, watched)
    earlier = _earlier(thresholds, watched)
    raised = []
    for threshold in thresholds:
        asked = [pk for pk in watched if threshold.country_id in (None, pk)]
        if threshold.kind == ThresholdKind.RATINGS:
            reached = _by_ratings(threshold, {pk: watched[pk] for pk in asked}, ratings)
        else:
            reached = _by_events(threshold, {pk: watched[pk] for pk in asked}, last)
        for pk, found in reached.items():
            if _is_new(threshold, found, earlier.get((threshold.pk, pk))):
                raised.append(_raise(threshold, watched[pk], found))
    return raised


def _ratings(
    thresholds: Sequence[Threshold], watched: Collection[int]
) -> Mapping[tuple[int, str], list[Rating]]:
    """The newest ratings by country and frame. One query, none without a threshold on ratings."""
    frames = {t.frame for t in thresholds if t.kind == ThresholdKind.RATINGS}
    found = defaultdict(list)
    if frames:
        for rating in current.newest_ratings(watched, frames).order_by("pk"):
            found[rating.country_id, rating.frame].append(rating)
    return found


def _last_days(thresholds: Sequence[Threshold], watched: Collection[int]) -> dict[int, date]:
    if all(t.kind == ThresholdKind.RATINGS for t in thresholds):
        return {}
    today = timezone.localdate()
    return {pk: min(day, today) for pk, day in current.last_days(watched).items()}


def _earlier(
    thresholds: Sequence[Threshold], watched: Collection[int]
) -> dict[tuple[int, int], dict[str, Any]]:
    """For each threshold and country that had an alert: the newest one's key and time, and how many
    are open. One query."""
    rows = Alert.objects.filter(
        threshold__in=[t.pk for t in thresholds], country__in=list(watched)
    ).order_by()
    return {
        (row["threshold"], row["country"]): dict(row)
        for row in rows.values("threshold", "country").annotate(
            newest=Max("pk"), at=Max("raised_at"),
            open=Count("pk", filter=Q(status=AlertStatus.OPEN)),
        )
    }  # fmt: skip


def _by_ratings(
    threshold: Threshold, asked: Mapping[int, Country],
    ratings: Mapping[tuple[int, str], list[Rating]],
) -> dict[int, _Reached]:  # fmt: skip
    enough = set(Level.from_on(threshold.level))
    found = {}
    for pk, country in asked.items():
        counted = [r for r in ratings.get((pk, threshold.frame), ()) if r.level in enough]
        if len(counted) >= threshold.number:
            noun = "item" if len(counted) == 1 else "items"
            words = (
                f"{country.name}: {len(counted)} {noun} of “{FrameKey(threshold.frame).label}” "
                f"at “{Level(threshold.level).label}” or above. The threshold “{threshold.name}” "
                f"is {threshold.number:,}."
            )
            found[pk] = _Reached(words, max(r.at for r in counted), counted)
    return found


def _by_events(
    threshold: Threshold, asked: Mapping[int, Country], last: Mapping[int, date]
) -> dict[int, _Reached]:
    """One query, and one for each country that reaches the threshold."""
    spans = {}
    for pk in asked:
        if pk in last:
            spans[pk] = (last[pk] - timedelta(days=(threshold.days or 1) - 1), last[pk])
    wanted = Q(pk__in=())
    for span in set(spans.values()):
        keys = [pk for pk in spans if spans[pk] == span]
        wanted |= Q(country__in=keys, date_start__range=span)
    sums = Event.objects.filter(wanted).order_by().values("country").annotate(
        events=Count("pk"), low=Sum("deaths_low"), best=Sum("deaths_best"), high=Sum("deaths_high"), newest=Max("updated_at"),
    )  # fmt: skip
    counts = threshold.kind == ThresholdKind.DEATHS
    found = {}
    for row in sums:
        if row["best" if counts else "events"] < threshold.number:
            continue
        country = asked[row["country"]]
        start, end = spans[country.pk]
        noun = "event" if row["events"] == 1 else "events"
        words = (
            f"{country.name}: {row['events']:,} {noun} from {start} to {end}, the last day of "
            f"which feeds speak, with {row['best']:,} deaths by the best estimate (low "
            f"{row['low']:,}, high {row['high']:,}). The threshold “{threshold.name}” is "
            f"{threshold.number:,} {'deaths' if counts else 'events'} within {threshold.days} days."
        )
        gravest = Event.objects.filter(country=country, date_start__range=(start, end)).order_by(
            "-deaths_best", "-date_start", "pk"
        )
        found[country.pk] = _Reached(words, row["newest"], list(gravest[:MAX_EVIDENCE]))
    return found


def _is_new(threshold: Threshold, found: _Reached, earlier: Mapping[str, Any] | None) -> bool:
    """Whether to raise an alert after those that the threshold raised before."""
    if earlier is None:
        return True
    if earlier["open"]:
        return False
    if threshold.set_at > earlier["at"]:
        return True
    if threshold.kind != ThresholdKind.RATINGS:
        return found.newest > earlier["at"]
    # Rating an item anew at the same level tells nothing new; an item more, or a higher level, does.
    named = [e["id"] for e in Alert.objects.get(pk=earlier["newest"]).evidence]
    known = {r.item: Level(r.level).rank for r in Rating.objects.filter(pk__in=named)}
    return any(
        isinstance(r, Rating) and Level(r.level).rank > known.get(r.item, -1)
        for r in found.evidence
    )


def _raise(threshold: Threshold, country: Country, found: _Reached) -> Alert:
    evidence = [
        {"kind": "rating", "id": row.pk, "words": rating_words(row)}
        if isinstance(row, Rating)
        else {"kind": "event", "id": row.pk, "words": event_words(row)}
        for row in found.evidence
    ]
    alert = Alert.objects.create(
        country=country, threshold=threshold, words=found.words, evidence=evidence,
        raised_at=timezone.now(),
    )  # fmt: skip
    record(
        "alert.raised", by=None, on=alert, label=found.words, threshold=threshold.pk,
        country=country.code, evidence=[f"{e['kind']}:{e['id']}" for e in evidence],
    )  # fmt: skip
    return alert
