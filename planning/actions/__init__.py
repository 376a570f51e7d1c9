"""What can happen. One module per verb family; one write, one action, one actor, one audit entry.

Each action runs in one transaction with its audit event, raises a typed error of
``mapro.core.errors`` when a rule refuses, and trusts that its object came from ``access_…``.
"""

from planning.actions.clock import tick
from planning.actions.crisis import declare_crisis, end_crisis
from planning.actions.decide import cast_vote, close_silence, decide_step
from planning.actions.dissent import (
    answer_dissent,
    cosign_dissent,
    enter_dissent,
    rule_dissent,
    take_back_cosignature,
    withdraw_dissent,
)
from planning.actions.due_out import (
    add_due_out,
    assign_due_out,
    reopen_due_out,
    settle_due_out,
)
from planning.actions.effort import edit_effort, open_effort
from planning.actions.entry import (
    add_entry,
    highlight_entry,
    move_entry,
    restore_entry,
    retire_entry,
    review_entry,
    save_entry,
)
from planning.actions.entry_rows import (
    MAX_ROWS,
    Plan,
    PlanChanged,
    RowsRefused,
    cells_of,
    header_of,
    names_of,
    plan_rows,
    take_in,
)
from planning.actions.fork import fork_effort
from planning.actions.freeze import freeze_current, freeze_version
from planning.actions.govern import (
    lower_step,
    proceed_at_risk,
    raise_step,
    record_verbal,
    remind,
    reopen_step,
    settle_step,
)
from planning.actions.mandate import delegate, end_mandate, recuse
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
    "MAX_ROWS",
    "Plan",
    "PlanChanged",
    "RowsRefused",
    "cells_of",
    "header_of",
    "names_of",
    "plan_rows",
    "take_in",
    "add_entry",
    "highlight_entry",
    "move_entry",
    "restore_entry",
    "retire_entry",
    "review_entry",
    "save_entry",
    "add_due_out",
    "add_member",
    "add_picture",
    "answer_dissent",
    "assign_due_out",
    "be_present",
    "cancel_rendition",
    "cast_vote",
    "close_silence",
    "complete_section",
    "cosign_dissent",
    "decide_step",
    "declare_crisis",
    "delegate",
    "edit_effort",
    "end_crisis",
    "end_mandate",
    "enter_dissent",
    "fork_effort",
    "freeze_current",
    "freeze_version",
    "latest_approved",
    "lower_step",
    "open_effort",
    "proceed_at_risk",
    "raise_step",
    "record_verbal",
    "recuse",
    "remind",
    "remove_member",
    "reopen_due_out",
    "reopen_step",
    "request_collection",
    "request_comparison",
    "request_rendition",
    "restore_version",
    "retire_format",
    "retry_rendition",
    "rule_dissent",
    "save_format",
    "save_section",
    "settle_due_out",
    "settle_step",
    "start_product",
    "submit_step",
    "tailor",
    "take_back_cosignature",
    "tick",
    "withdraw_dissent",
    "withdraw_submission",
]
