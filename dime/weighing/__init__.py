"""The comparison of options as arithmetic: totals, ranks, and what would change the order.

Exact fractions throughout, so that a tie is a tie. Knows no model and no request.
"""

from dime.weighing.sensitivity import (
    Swing,
    WeightRange,
    Without,
    swings,
    weight_ranges,
    without_each,
)
from dime.weighing.totals import Outcome, Place, fitted, leaders, places, shares, weigh
from dime.weighing.words import score, share

__all__ = [
    "Outcome",
    "Place",
    "Swing",
    "WeightRange",
    "Without",
    "fitted",
    "leaders",
    "places",
    "score",
    "share",
    "shares",
    "swings",
    "weigh",
    "weight_ranges",
    "without_each",
]
