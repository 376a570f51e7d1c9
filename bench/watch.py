"""The pages of the watch for ``bench.pages``: a country with 10,000 events, rated and reported on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

SETUP = """
import json
from datetime import date, timedelta
from django.utils import timezone
from assessments import actions
from assessments.models import *
from assessments.frames import FRAMES
from mapro.core.models import User
lead = User.objects.get(email__startswith="lead@")
lead.watch = "edit"
lead.save()
country = Country.objects.get(code="caf")
actions.watch_country(country=country, why="Clashes.", by=lead)
for other in Country.objects.exclude(iso3="").exclude(pk=country.pk)[:29]:
    actions.watch_country(country=other, why="Clashes.", by=lead)
feed = Feed.objects.get(key="generic")
done = Import.objects.create(feed=feed, file_name="many.csv", sha256="0" * 64, size=1, file="none",
    status="done", created_at=timezone.now(), covers_from=date(1990, 1, 1),
    covers_to=date(2020, 12, 31))
done.countries.add(country)
days, places = 11_000, 1_500
Event.objects.bulk_create([
    Event(feed=feed, imported=done, source_id=f"many-{n}", country=country, date_precision=1,
        date_start=date(1990, 1, 1) + timedelta(days=n * 7 % days),
        date_end=date(1990, 1, 1) + timedelta(days=n * 7 % days),
        type_of_violence=("state_based", "non_state", "one_sided")[n % 3],
        side_a="An armed group", side_b="Civilians", place=f"Town {n % places}", adm_1="A province",
        latitude=3 + n % places * 0.005, longitude=15 + n * 37 % places * 0.008,
        deaths_low=n % 5, deaths_best=n % 7, deaths_high=n % 11, digest=f"{n:012x}",
        headline="Something happened. " * 8, updated_at=timezone.now())
    for n in range(10_000)], batch_size=500)
report = actions.add_report(country=country, kind="embassy", title="Searches", summary="Two dead.",
    source="Embassy", dated=date(2020, 1, 1), by=lead)
for frame in FRAMES.values():
    for item in list(frame.items)[::2]:
        actions.rate(country=country, frame=frame.key, item=item, level="clear", by=lead,
            evidence="Seen by the embassy and by two organizations. " * 3, reports=[report])
for n in range(12):
    actions.raise_alert(country=country, words=f"Searches spread, {n}.", by=lead,
        evidence=[("report", report.pk)])
print(json.dumps({"country": country.code}))
"""


def pages(code: str) -> dict[str, str]:
    """The pages to be timed, by what the table calls them."""
    country = f"/watch/countries/{code}/"
    return {
        "the watch, 30 countries (11 q)": "/watch/",
        "country, 10,000 events (12 q)": country,
        "its events, page 1 (10 q)": f"{country}events/",
        "its 48 items (10 q)": f"{country}ratings/osapg/",
    }


def anew(code: str) -> Iterator[str]:
    """Addresses of the country's page for which its events were never drawn before."""
    for number in count():
        first = date(1980, 1, 1) + timedelta(days=number % 3_600)
        last = date(2021, 1, 1) + timedelta(days=number // 3_600)
        yield f"/watch/countries/{code}/?from={first}&to={last}"
