"""Alerts: raise one by hand, settle one, and lead from one to an effort."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from assessments.actions.words import chosen
from assessments.evidence import event_words, rating_words, report_words
from assessments.models import Alert, Country, Event, Rating, Report
from assessments.policies import watch_editor, watch_reader
from assessments.vocabulary import AlertStatus
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning.actions.words import said
from planning.models import Effort
from planning.policies import check
from planning.vocabulary import Perm

MAX_EVIDENCE = 60
_KINDS: dict[str, tuple[type[Rating] | type[Event] | type[Report], Callable[[Any], str]]] = {
    "rating": (Rating, rating_words),
    "event": (Event, event_words),
    "report": (Report, report_words),
}


@atomic()
def raise_alert(
    *, country: Country, words: str, evidence: Iterable[tuple[str, int]], by: User
) -> Alert:
    """Say that a country needs a look now, and why.

    ``evidence`` are (kind, key) of ratings, events or reports on the country. Raises Invalid
    without words, without evidence, or for evidence that is not there.
    """
    watch_editor(by)
    words = said("words", words, need="Say what has happened, or what may.")
    alert = Alert.objects.create(
        country=country, words=words, evidence=_named(country, list(dict.fromkeys(evidence))),
        raised_by=by, raised_at=timezone.now(),
    )  # fmt: skip
    record(
        "alert.raised", by=by, on=alert, label=f"{country.name}: {words}", threshold=None,
        country=country.code, evidence=[f"{e['kind']}:{e['id']}" for e in alert.evidence],
    )  # fmt: skip
    return alert


def _named(country: Country, wanted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """The evidence as it is stored. One query per kind."""
    if not 1 <= len(wanted) <= MAX_EVIDENCE:
        raise Invalid(
            {
                "evidence": "Name what the alert rests on: at least one rating, event or report, "
                f"and at most {MAX_EVIDENCE}."
            }
        )
    found: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _ in wanted} & set(_KINDS):
        model, words_of = _KINDS[kind]
        rows: Any = model._default_manager.filter(  # noqa: SLF001 - Django documents it
            country=country, pk__in=[pk for k, pk in wanted if k == kind]
        )
        found |= {(kind, row.pk): words_of(row) for row in rows}
    for kind, pk in wanted:
        if (kind, pk) not in found:
            raise Invalid({"evidence": f"{country.name} has no {kind} {pk}."})
    return [{"kind": k, "id": pk, "words": found[k, pk]} for k, pk in wanted]


@atomic()
def settle_alert(
    *, alert: Alert, status: str, by: User, why: str = "", effort: Effort | None = None
) -> Alert:
    """Say what came of an alert: “noted” and “closed” with a reason, “effort” with the effort.

    Whoever keeps the watch notes and closes; whoever reads it and leads ``effort`` links that. A
    noted alert may still be closed or lead to an effort. Raises Invalid without a reason or an
    effort, WrongState when the alert was settled before.
    """
    to = chosen("status", status, AlertStatus)
    match to:
        case AlertStatus.EFFORT:
            watch_reader(by)
            if effort is None:
                raise Invalid({"effort": "Name the effort that was opened."})
            check(by, effort, Perm.EFFORT_EDIT)
            why = said("why", why)
        case AlertStatus.NOTED | AlertStatus.CLOSED:
            watch_editor(by)
            effort = None
            why = said("why", why, need="Say why no effort is opened now.")
        case _:
            raise Invalid({"status": "An alert is settled as noted, closed, or by an effort."})
    now = timezone.now()
    settled = (
        Alert.objects.filter(pk=alert.pk, status__in=[AlertStatus.OPEN, AlertStatus.NOTED])
        .exclude(status=to)
        .update(status=to, settled_by=by, settled_at=now, settled_why=why, effort=effort)
    )
    if not settled:
        alert.refresh_from_db(fields=["status"])
        raise WrongState(
            f"This alert is “{AlertStatus(alert.status).label}” already. Reload the page to see "
            "what happened."
        )
    old = alert.status
    alert.status, alert.settled_by, alert.settled_at = to, by, now
    alert.settled_why, alert.effort = why, effort
    record(
        "alert.settled", by=by, on=alert, label=f"{alert.country.name}: {alert.words}",
        old={"status": str(old)}, new={"status": to.value, "why": why},
        effort=effort.pk if effort else None,
    )  # fmt: skip
    return alert
