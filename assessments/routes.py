"""The routes of the watch, and those of the registers that this app brings, with what each takes.

Whoever does not read the watch gets 404 for all of it. Opening an effort, tying one to a
country and taking a report into one take a right in planning too, which the view asks for. Registers belong to an effort, so
their routes take rights in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from planning.routes import Methods, Open, add, page, posted
from planning.vocabulary import Perm

READ, EDIT = Open.WATCH, Open.WATCH_EDIT

PAGES: Mapping[str, Methods] = {
    "watch": page(READ),
    "watch-countries": page(READ),
    "watch-country": page(READ),
    "watch-country-watch": posted(EDIT),
    "watch-country-unwatch": posted(EDIT),
    "watch-country-open": page(READ, READ),
    "watch-country-tie": posted(READ),
    "watch-country-untie": posted(READ),
    "watch-profile": page(EDIT, EDIT),
    "watch-events": page(READ),
    "watch-event": page(READ),
    "watch-ratings": page(READ),
    "watch-rating": page(READ, EDIT),
    "watch-rated": page(READ),
    "watch-reports": page(READ),
    "watch-report-add": page(EDIT, EDIT),
    "watch-report": page(READ),
    "watch-report-edit": page(EDIT, EDIT),
    "watch-report-retire": posted(EDIT),
    "watch-report-take": posted(READ),
    "watchlists": page(READ, EDIT),
    "watchlist": page(READ, EDIT),
    "watchlist-add": posted(EDIT),
    "watchlist-end": posted(EDIT),
    "watch-alerts": page(READ),
    "watch-alert-raise": page(EDIT, EDIT),
    "watch-alert": page(READ),
    "watch-alert-settle": posted(EDIT),
    "watch-thresholds": page(READ, EDIT),
    "watch-threshold": page(EDIT, EDIT),
    "watch-threshold-drop": posted(EDIT),
    "watch-feeds": page(READ),
    "watch-imports": page(READ),
    "watch-import-start": page(EDIT, EDIT),
    "watch-import": page(READ),
    "watch-import-cancel": posted(EDIT),
    "watch-import-retry": posted(EDIT),
    "assumption-approve": posted(Perm.ASSUMPTION_APPROVE),
    "assumption-judge": posted(Perm.REGISTER_EDIT),
}

API: Mapping[str, Methods] = {
    "api:country-list": page(READ),
    "api:country-detail": page(READ),
    "api:country-totals": page(READ),
    "api:event-list": page(READ),
    "api:event-detail": page(READ),
    "api:indicator-list": page(READ, EDIT),
    "api:indicator-detail": page(READ),
    "api:report-list": page(READ, EDIT),
    "api:report-detail": page(READ),
    "api:alert-list": page(READ, EDIT),
    "api:alert-detail": page(READ),
    "api:alert-settle": posted(EDIT),
    "api:watchlist-list": page(READ),
    "api:watchlist-detail": page(READ),
    "api:feed-list": page(READ),
    "api:import-list": page(READ, EDIT),
    "api:import-detail": page(READ),
    "api:import-cancel": posted(EDIT),
    "api:import-retry": posted(EDIT),
    # Registers of an effort: lists hold only what the caller may see.
    "api:actor-list": page(Open.SIGNED_IN),
    "api:actor-detail": page(Perm.REGISTER_VIEW),
    "api:assumption-list": page(Open.SIGNED_IN),
    "api:assumption-detail": page(Perm.REGISTER_VIEW),
    "api:assumption-approve": posted(Perm.ASSUMPTION_APPROVE),
    "api:assumption-judge": posted(Perm.REGISTER_EDIT),
}

add(PAGES)
add(API)
