"""What fields of an entry must agree on, in the registers of policy formulation."""

from __future__ import annotations

from collections.abc import Mapping

from dime.models import Comparison
from dime.registers.situation import SCALES, SITUATION
from planning.registers import Proposal

FULL = 100  # percent that weights add up to


def one_option(proposal: Proposal) -> Mapping[str, str]:
    """A measure and an argument belong to one option, so that packages are compared whole."""
    named = proposal.values.get("option") or ()
    if proposal.retiring or len(named) <= 1:
        return {}
    return {
        "option": f"Option: this names {len(named)}. Name one, and enter it once for each option."
    }


def reading(proposal: Proposal) -> Mapping[str, str]:
    """A variable is read on its own scale."""
    variable, value = proposal.values.get("variable"), proposal.values.get("value")
    if proposal.retiring or not variable or value in SCALES[str(variable)]:
        return {}
    words = SITUATION.field("value")
    several = ", ".join(words.label_of(one).lower() for one in SCALES[str(variable)])
    label = SITUATION.field("variable").label_of(str(variable))
    return {"value": f"Reading: “{label}” is read as one of {several}."}


def weight(proposal: Proposal) -> Mapping[str, str]:
    """A weight is a percentage, and stands once the weights of its level were settled."""
    values, entry = proposal.values, proposal.entry
    faults: dict[str, str] = {}
    given = values.get("weight")
    if not proposal.retiring and given is not None and not 0 < given <= FULL:
        faults["weight"] = f"Weight: {given} is no percentage; write 1 to {FULL}."
    before = entry.value("level") if entry is not None else None
    levels = {one for one in (before, values.get("level")) if one}
    settled = Comparison.objects.filter(effort=proposal.effort, level__in=levels)
    touched = (
        entry is None
        or proposal.retiring
        or any(entry.value(key) != values.get(key) for key in ("name", "weight", "level"))
    )
    if touched and not faults and settled.exclude(settled_at=None).exists():
        faults["weight"] = (
            "Weight: the weights of this comparison are settled, because scores follow them. "
            "Reopen the weights on the page of the comparison first; no score is lost."
        )
    return faults
