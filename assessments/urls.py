"""The pages of the watch; its resources join planning's API."""

from django.urls import path

from assessments.api import urls as api  # noqa: F401 - puts the resources into the API
from assessments.web import (
    alerts,
    assumptions,
    countries,
    events,
    feeds,
    imports,
    ratings,
    reports,
    watch,
)
from assessments.web import thresholds as limits
from assessments.web import watchlists as lists

WATCH = "watch/"
COUNTRY = WATCH + "countries/<slug:code>/"

ASSUMPTION = "efforts/<slug:slug>/registers/assumptions/<int:number>/"

urlpatterns = [
    path(ASSUMPTION + "approve/", assumptions.approve, name="assumption-approve"),
    path(ASSUMPTION + "judge/", assumptions.judge, name="assumption-judge"),
    path(WATCH, watch.index, name="watch"),
    path(WATCH + "countries/", watch.countries, name="watch-countries"),
    path(COUNTRY, countries.country, name="watch-country"),
    path(COUNTRY + "watch/", countries.watch, name="watch-country-watch"),
    path(COUNTRY + "unwatch/", countries.unwatch, name="watch-country-unwatch"),
    path(COUNTRY + "open/", countries.open_effort, name="watch-country-open"),
    path(COUNTRY + "tie/", countries.tie, name="watch-country-tie"),
    path(COUNTRY + "untie/", countries.untie, name="watch-country-untie"),
    path(COUNTRY + "profile/<slug:heading>/", countries.profile, name="watch-profile"),
    path(COUNTRY + "events/", events.events, name="watch-events"),
    path(COUNTRY + "ratings/<slug:frame>/", ratings.ratings, name="watch-ratings"),
    path(COUNTRY + "ratings/<slug:frame>/<str:item>/", ratings.rating, name="watch-rating"),
    path(WATCH + "ratings/<int:pk>/", ratings.rated, name="watch-rated"),
    path(WATCH + "events/<int:pk>/", events.event, name="watch-event"),
    path(WATCH + "reports/", reports.reports, name="watch-reports"),
    path(WATCH + "reports/new/", reports.add, name="watch-report-add"),
    path(WATCH + "reports/<int:pk>/", reports.report, name="watch-report"),
    path(WATCH + "reports/<int:pk>/edit/", reports.edit, name="watch-report-edit"),
    path(WATCH + "reports/<int:pk>/take/", reports.take, name="watch-report-take"),
    path(WATCH + "reports/<int:pk>/retire/", reports.retire, name="watch-report-retire"),
    path(WATCH + "watchlists/", lists.watchlists, name="watchlists"),
    path(WATCH + "watchlists/<int:pk>/", lists.watchlist, name="watchlist"),
    path(WATCH + "watchlists/<int:pk>/add/", lists.add, name="watchlist-add"),
    path(WATCH + "watchlists/listings/<int:pk>/end/", lists.end, name="watchlist-end"),
    path(WATCH + "alerts/", alerts.alerts, name="watch-alerts"),
    path(WATCH + "alerts/new/", alerts.raise_one, name="watch-alert-raise"),
    path(WATCH + "alerts/<int:pk>/", alerts.alert, name="watch-alert"),
    path(WATCH + "alerts/<int:pk>/settle/", alerts.settle, name="watch-alert-settle"),
    path(WATCH + "thresholds/", limits.thresholds, name="watch-thresholds"),
    path(WATCH + "thresholds/<int:pk>/", limits.threshold, name="watch-threshold"),
    path(WATCH + "thresholds/<int:pk>/drop/", limits.drop, name="watch-threshold-drop"),
    path(WATCH + "feeds/", feeds.feeds, name="watch-feeds"),
    path(WATCH + "imports/", imports.imports, name="watch-imports"),
    path(WATCH + "imports/new/", imports.start, name="watch-import-start"),
    path(WATCH + "imports/<int:pk>/", imports.found, name="watch-import"),
    path(WATCH + "imports/<int:pk>/cancel/", imports.cancel, name="watch-import-cancel"),
    path(WATCH + "imports/<int:pk>/retry/", imports.retry, name="watch-import-retry"),
]
