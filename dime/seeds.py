"""The Handbook's tools, brought into the database from ``dime/data/tools.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

TOOLS = Path(__file__).parent / "data" / "tools.yaml"
# What a version of a tool keeps; the rest of a tool says what it is, not what is known of it.
TEXT = (
    "name", "element", "approach", "summary", "targets", "purposes", "incentive", "prerequisites",
    "cautions", "authority", "needs_authority", "lead_agencies", "lead_time", "reversible", "cost",
    "risk", "intrusiveness", "goes_with", "note", "cite", "by_text",
)  # fmt: skip
# Of these the Handbook says something only here and there: ``<name>_basis`` tells where.
SAID = ("incentive", "reversible")


def tools() -> list[dict[str, Any]]:
    """The rows of ``data/tools.yaml``, as ``Tool`` holds them."""
    rows = yaml.safe_load(TOOLS.read_text(encoding="utf-8"))["tools"]
    return [_tool(row, position) for position, row in enumerate(rows, 1)]


def _tool(row: dict[str, Any], position: int) -> dict[str, Any]:
    words = {
        "summary": " ".join(row["summary"].split()), "note": " ".join(row.get("note", "").split()),
        "by_text": [name for name in SAID if row[f"{name}_basis"] == "text"],
    }  # fmt: skip
    return {
        "key": row["key"], "position": position, "figure_name": row["figure_name"],
        "in_text": row["in_text"], **{name: row.get(name) for name in TEXT}, **words,
    }  # fmt: skip


def load(tool_model: Any, version_model: Any) -> None:
    """Add the tools that are missing, each with its first version; what somebody changed stays."""
    known = set(tool_model.objects.values_list("key", flat=True))
    tool_model.objects.bulk_create(tool_model(**row) for row in tools() if row["key"] not in known)
    rows = tool_model.objects.filter(versions=None, organization=None)
    version_model.objects.bulk_create(
        version_model(tool=row, number=1, data={name: getattr(row, name) for name in TEXT})
        for row in rows
    )
