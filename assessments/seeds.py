"""The facts that the watch starts with: countries, feeds, and the lists that others keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assessments.importing.formats import FORMATS

COUNTRIES = Path(__file__).parent / "data" / "countries.yaml"

# The Handbook's own countries, which no map and no feed knows.
INVENTED = (
    {"code": "country-x", "name": "Country X", "region": "Africa", "subregion": "Western Africa"},
    {"code": "country-y", "name": "Country Y", "region": "Africa", "subregion": "Western Africa"},
)
FEEDS = (
    {
        "key": "ucdp-ged",
        "name": "UCDP Georeferenced Event Dataset",
        "format": "ucdp-ged",
        "publisher": "Uppsala Conflict Data Program, Uppsala University",
        "credit": FORMATS["ucdp-ged"].credit,
        # A release covers whole years and comes out about half a year after the last of them.
        "every_days": 550,
    },
    {
        "key": "generic",
        "name": "Own event tables",
        "format": "generic",
        "publisher": "",
        "credit": "Events: tables kept by the watch.",
        "every_days": 31,
    },
)
# Lists that the Handbook names (Part I, Challenges; Part II, Step 1).
WATCHLISTS = (
    {
        "name": "Atrocity Watch List",
        "owner": "Central Intelligence Agency",
        "note": "Classified. Write here only what the marking of this deployment allows.",
    },
    {"name": "USAID Alerts List", "owner": "U.S. Agency for International Development"},
    {
        "name": "Lists of NGOs and research institutions",
        "owner": "Non-governmental organizations and research institutions",
        "note": "Published. Give each list that is followed closely an entry of its own.",
    },
)


def countries() -> list[dict[str, Any]]:
    """The rows of ``data/countries.yaml`` and the invented ones, as ``Country`` holds them."""
    rows = yaml.safe_load(COUNTRIES.read_text(encoding="utf-8"))
    real = [
        {
            "code": row["iso3"].lower(), "iso3": row["iso3"], "name": row["name"],
            "region": row["region"], "subregion": row["subregion"], "gw": row.get("gw"),
            "aliases": row.get("aliases", []),
        }
        for row in rows
    ]  # fmt: skip
    return [*real, *({**row, "exercise": True} for row in INVENTED)]


def load(country_model: Any, feed_model: Any, watchlist_model: Any) -> None:
    """Add what is missing; what somebody changed stays."""
    known = set(country_model.objects.values_list("code", flat=True))
    country_model.objects.bulk_create(
        country_model(**row) for row in countries() if row["code"] not in known
    )
    for feed in FEEDS:
        feed_model.objects.get_or_create(key=feed["key"], defaults=feed)
    for row in WATCHLISTS:
        watchlist_model.objects.get_or_create(name=row["name"], defaults=row)
