"""What sections show of options: the registers of policy formulation put side by side."""

from collections.abc import Sequence

from dime.sources import arguments, decisions, options, packages, reviewed, risks, strategy
from planning.ports import Source

ALL: Sequence[Source] = (
    *options.ALL, *strategy.ALL, *packages.ALL, *risks.ALL, *reviewed.ALL, *arguments.ALL,
    *decisions.ALL,
)  # fmt: skip
