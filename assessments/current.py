"""What holds now: the newest rating of each item, and the days of which feeds speak.

Reads that actions and pages share.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Q, QuerySet

from assessments.models import Country, Import, Rating
from assessments.vocabulary import ImportStatus


def newest_ratings(countries: Collection[int], frames: Collection[str] = ()) -> QuerySet[Rating]:
    """The newest rating of each item that was ever rated, of all frames unless some are named."""
    rows = Rating.objects.filter(country__in=countries)
    if frames:
        rows = rows.filter(frame__in=frames)
    newest = rows.order_by().values("country", "frame", "item").annotate(pk_=Max("pk"))
    return Rating.objects.filter(pk__in=newest.values("pk_"))


def speaking_of(country: Country) -> QuerySet[Import]:
    """The finished imports that say something about a country."""
    named = Import.countries.through.objects.filter(country_id=country.pk).values("import_id")
    return Import.objects.filter(status=ImportStatus.DONE).filter(
        Q(everywhere=True) | Q(pk__in=named)
    )


def last_days(countries: Collection[int]) -> dict[int, date]:
    """The last day on which any feed speaks of each country; none where no feed does. Two queries."""
    done = Import.objects.filter(status=ImportStatus.DONE)
    everywhere = done.filter(everywhere=True).aggregate(last=Max("covers_to"))["last"]
    named = Import.countries.through.objects.filter(
        import__status=ImportStatus.DONE, country_id__in=countries
    )
    own = dict(named.values_list("country_id").annotate(last=Max("import__covers_to")))
    return {
        pk: max(days)
        for pk in countries
        if (days := [day for day in (everywhere, own.get(pk)) if day is not None])
    }
