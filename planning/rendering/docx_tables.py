"""Moved: see ``planning.rendering.tables``."""

from planning.rendering.tables import Placed as Placed
from planning.rendering.tables import column_shares as column_shares
from planning.rendering.tables import layout as layout
