"""Puts the resources of the watch and of its registers into the API: one set of addresses, one
schema."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from assessments.api import assumptions, views
from planning.api.urls import router

RESOURCES = (
    ("countries", "country", views.CountryResource),
    ("events", "event", views.EventResource),
    ("indicators", "indicator", views.IndicatorResource),
    ("reports", "report", views.ReportResource),
    ("alerts", "alert", views.AlertResource),
    ("watchlists", "watchlist", views.WatchlistResource),
    ("feeds", "feed", views.FeedResource),
    ("imports", "import", views.ImportResource),
    ("actors", "actor", assumptions.ActorResource),
    ("assumptions", "assumption", assumptions.AssumptionResource),
)

_own = SimpleRouter()
for prefix, name, resource in RESOURCES:
    _own.register(prefix, resource, basename=name)

# The site map holds this very list, and resolves nothing before every app's addresses are read;
# a second include of the name space “api” would hide the first.
router.urls.extend(_own.urls)
