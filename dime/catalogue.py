"""The toolbox as a catalogue that entries of registers refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dime.models import Tool
from planning.models import Effort

NAME = "tools"


class Tools:
    """The tools by key, by name with its place in the grid, or by a name that only one has."""

    def find(self, effort: Effort, text: str, held: Mapping[str, Any] | None) -> dict[str, Any]:
        """The tool that ``text`` names, in its present version. Raises ValueError for one that is
        none, or that was retired and is not ``held`` already."""
        rows = self._all(effort)
        wanted = text.casefold()
        found = [row for row in rows if wanted in {row.key.casefold(), row.label.casefold()}] or [
            row for row in rows if row.name.casefold() == wanted
        ]
        if not found:
            raise ValueError(
                f"“{text}” is no tool of the toolbox. Name it as the toolbox does, or add it there."
            )
        if len(found) > 1:
            several = ", ".join(f"“{row.label}”" for row in found)
            raise ValueError(f"“{text}” is the name of several tools: {several}. Write which.")
        tool = found[0]
        if tool.retired_at is not None:
            if held and held.get("key") == tool.key:
                return dict(held)
            raise ValueError(f"“{tool.label}” was retired: {tool.retired_why} Choose another tool.")
        return {"key": tool.key, "label": tool.label, "version": tool.version}

    def offered(self, effort: Effort) -> Sequence[tuple[str, str]]:
        """The tools that stand, in the order of the grid."""
        return [(row.key, row.label) for row in self._all(effort) if row.retired_at is None]

    def _all(self, effort: Effort) -> list[Tool]:
        """Every tool, retired ones too; kept on the effort. One query."""
        kept: list[Tool] | None = effort.__dict__.get("_tools")
        if kept is None:
            kept = list(
                Tool.objects.only(
                    "key", "name", "element", "approach", "version", "retired_at", "retired_why"
                )
            )
            effort.__dict__["_tools"] = kept
        return kept
