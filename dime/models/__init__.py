"""The models of the toolbox and of the comparison of options."""

from dime.models.compare import Comparison, Overruling, Score
from dime.models.tool import Tool, ToolNote, ToolVersion

__all__ = ["Comparison", "Overruling", "Score", "Tool", "ToolNote", "ToolVersion"]
