"""What can happen. One module per verb family; one write, one action, one actor, one audit entry.

Each action runs in one transaction with its audit event, raises a typed error of
``mapro.core.errors`` when a rule refuses, and trusts that its object came from ``access_…``.
"""

from planning.actions.decide import cast_vote, decide_step
from planning.actions.effort import edit_effort, open_effort
from planning.actions.rendition import request_rendition, retry_rendition
from planning.actions.section import save_section
from planning.actions.submit import submit_step, withdraw_submission
from planning.actions.team import add_member, remove_member

__all__ = [
    "add_member",
    "cast_vote",
    "decide_step",
    "edit_effort",
    "open_effort",
    "remove_member",
    "request_rendition",
    "retry_rendition",
    "save_section",
    "submit_step",
    "withdraw_submission",
]
