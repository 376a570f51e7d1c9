"""What is known of a tool, field by field, as people read it. No ORM here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dime.vocabulary import (
    COSTS,
    INTRUSIVENESS,
    RISKS,
    Approach,
    Element,
    Incentive,
    LeadTime,
    Purpose,
    Reversible,
    Target,
)

LABELS: Mapping[str, str] = {
    "name": "Name",
    "element": "Element",
    "approach": "Approach",
    "summary": "What it is",
    "targets": "Typically aimed at",
    "purposes": "Purposes",
    "incentive": "Reward or penalty",
    "prerequisites": "Needed first",
    "cautions": "Cautions",
    "authority": "Authority or legal basis",
    "needs_authority": "Needs a decision beyond an agency's own",
    "lead_agencies": "Lead agencies",
    "lead_time": "Has effect within",
    "reversible": "Can be undone",
    "cost": "Cost",
    "risk": "Risk",
    "intrusiveness": "Intrusion",
    "goes_with": "Stronger with",
    "note": "Note",
    "cite": "Where it stands",
}
# Fields that the Handbook does not fill: planners judged them, and may judge otherwise.
JUDGED = (
    "purposes", "incentive", "authority", "needs_authority", "lead_agencies", "lead_time",
    "reversible", "cost", "risk", "intrusiveness", "goes_with",
)  # fmt: skip
SIGNS = {Incentive.CARROT: "+", Incentive.STICK: "−", Incentive.BOTH: "±", Incentive.NEUTRAL: ""}
_CHOICES: Mapping[str, Any] = {
    "element": Element, "approach": Approach, "targets": Target, "purposes": Purpose,
    "incentive": Incentive, "lead_time": LeadTime, "reversible": Reversible,
}  # fmt: skip
_SCALES: Mapping[str, Mapping[int, str]] = {
    "cost": COSTS,
    "risk": RISKS,
    "intrusiveness": INTRUSIVENESS,
}


def in_words(field: str, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value of a field of a tool. ``names`` are those of agencies and tools, by code and key;
    what it lacks appears by its code."""
    if field == "needs_authority":
        return "Yes" if value else "No"
    if field in _SCALES:
        return _SCALES[field].get(value, "")
    if field in _CHOICES:
        labels = {str(one): str(one.label) for one in _CHOICES[field]}
        if isinstance(value, list):
            return "; ".join(labels.get(str(one), str(one)) for one in value)
        return labels.get(str(value), str(value or ""))
    if isinstance(value, list):
        mark = ", " if field in {"lead_agencies", "goes_with"} else "\n"
        return mark.join((names or {}).get(one, one) for one in value)
    return str(value or "")


def judged(tool: Any, field: str) -> bool:
    """Whether a field is judgment: all that an organization added, and what the Handbook leaves
    open."""
    if tool.organization_id is not None:
        return field not in {"name", "cite"}
    return field in JUDGED and field not in tool.by_text
