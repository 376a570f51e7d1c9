"""What pages and resources of the watch read; each says how many queries it takes."""

from assessments.selectors.countries import (
    CountryPage,
    Listed,
    alerts_open,
    countries,
    countries_of,
    country_page,
    reports_of,
)
from assessments.selectors.events import (
    FeedRow,
    Period,
    Spot,
    Spots,
    Sums,
    covered,
    event_totals,
    feed_states,
    places,
    state_of,
)
from assessments.selectors.ratings import (
    Cumulative,
    Standing,
    cumulative,
    history,
    standing,
    summed,
)

__all__ = [
    "CountryPage",
    "Cumulative",
    "FeedRow",
    "Listed",
    "Period",
    "Spot",
    "Spots",
    "Standing",
    "Sums",
    "alerts_open",
    "countries",
    "countries_of",
    "country_page",
    "covered",
    "cumulative",
    "event_totals",
    "feed_states",
    "history",
    "places",
    "reports_of",
    "standing",
    "state_of",
    "summed",
]
