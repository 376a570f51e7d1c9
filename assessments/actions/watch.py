"""Put a country on the watch, or take it off."""

from __future__ import annotations

from django.utils import timezone

from assessments.models import Country
from assessments.policies import watch_editor
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import WrongState
from mapro.core.models import User
from planning.actions.words import said


@atomic()
def watch_country(*, country: Country, why: str, by: User) -> Country:
    """Watch a country from now on.

    Raises Invalid without a reason, WrongState when it is watched already, and as ``watch_editor``
    where ``by`` does not keep the watch; so does every action here.
    """
    watch_editor(by)
    why = said("why", why, need="Say why this country is to be watched.")
    now = timezone.now()
    begun = Country.objects.filter(pk=country.pk, watched_since=None).update(
        watched_since=now, watched_by=by, why_watched=why
    )
    if not begun:
        raise WrongState(f"{country.name} is watched already.")
    country.watched_since, country.watched_by, country.why_watched = now, by, why
    record("country.watched", by=by, on=country, label=country.name, new={"why": why})
    return country


@atomic()
def unwatch_country(*, country: Country, why: str, by: User) -> Country:
    """Take a country off the watch. What is known of it stays.

    Raises Invalid without a reason, WrongState when it is not watched.
    """
    watch_editor(by)
    why = said("why", why, need="Say why this country is no longer to be watched.")
    ended = Country.objects.filter(pk=country.pk, watched_since__isnull=False).update(
        watched_since=None, watched_by=None, why_watched=""
    )
    if not ended:
        raise WrongState(f"{country.name} is not watched.")
    old = {
        "since": country.watched_since.isoformat() if country.watched_since else None,
        "why": country.why_watched,
    }
    country.watched_since, country.watched_by, country.why_watched = None, None, ""
    record("country.unwatched", by=by, on=country, label=country.name, old=old, why=why)
    return country
