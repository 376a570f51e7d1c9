"""What can happen. One module per verb family; one write, one action, one actor, one audit entry.

Each action runs in one transaction with its audit event, raises a typed error of
``mapro.core.errors`` when a rule refuses, and trusts that its object came from ``access_…``.
"""

from planning.actions.decide import cast_vote, decide_step
from planning.actions.dissent import enter_dissent, withdraw_dissent
from planning.actions.effort import edit_effort, open_effort
from planning.actions.freeze import freeze_current, freeze_version
from planning.actions.picture import add_picture
from planning.actions.product import retire_format, save_format, start_product, tailor
from planning.actions.rendition import (
    cancel_rendition,
    latest_approved,
    request_collection,
    request_comparison,
    request_rendition,
    retry_rendition,
)
from planning.actions.section import be_present, complete_section, restore_version, save_section
from planning.actions.submit import submit_step, withdraw_submission
from planning.actions.team import add_member, remove_member

__all__ = [
    "add_member",
    "add_picture",
    "be_present",
    "cancel_rendition",
    "cast_vote",
    "complete_section",
    "decide_step",
    "edit_effort",
    "enter_dissent",
    "freeze_current",
    "freeze_version",
    "latest_approved",
    "open_effort",
    "remove_member",
    "request_collection",
    "request_comparison",
    "request_rendition",
    "restore_version",
    "retire_format",
    "retry_rendition",
    "save_format",
    "save_section",
    "start_product",
    "submit_step",
    "tailor",
    "withdraw_dissent",
    "withdraw_submission",
]
