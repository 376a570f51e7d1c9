"""The tables of the watch."""

from assessments.models.alert import Alert, EffortCountry, Threshold
from assessments.models.country import MAX_BODY, Country, Listing, Profile, Watchlist
from assessments.models.event import Event, EventFields, Feed, Import, StagedEvent
from assessments.models.rating import Rating, Report

__all__ = [
    "MAX_BODY",
    "Alert",
    "Country",
    "EffortCountry",
    "Event",
    "EventFields",
    "Feed",
    "Import",
    "Listing",
    "Profile",
    "Rating",
    "Report",
    "StagedEvent",
    "Threshold",
    "Watchlist",
]
