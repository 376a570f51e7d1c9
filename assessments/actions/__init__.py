"""What people and the system do in the watch and with its registers, one audit entry each."""

from assessments.actions.alert import raise_alert, settle_alert
from assessments.actions.clock import tick
from assessments.actions.feeding import (
    JOB,
    cancel_import,
    fail_import,
    retry_import,
    run_import,
    start_import,
)
from assessments.actions.profile import save_profile
from assessments.actions.rating import rate
from assessments.actions.report import add_report, edit_report, retire_report
from assessments.actions.threshold import check_thresholds, drop_threshold, set_threshold
from assessments.actions.tie import tie_country, untie_country
from assessments.actions.watch import unwatch_country, watch_country
from assessments.actions.watchlist import end_listing, list_country, save_watchlist

__all__ = [
    "JOB",
    "add_report",
    "cancel_import",
    "check_thresholds",
    "drop_threshold",
    "edit_report",
    "end_listing",
    "fail_import",
    "list_country",
    "raise_alert",
    "rate",
    "retire_report",
    "retry_import",
    "run_import",
    "save_profile",
    "save_watchlist",
    "set_threshold",
    "settle_alert",
    "start_import",
    "tick",
    "tie_country",
    "untie_country",
    "unwatch_country",
    "watch_country",
]
