"""Puts the resources of the toolbox and of policy options into the API: one set of addresses, one
schema."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from dime.api import comparisons, options, tools
from planning.api.urls import router

RESOURCES = (
    ("tools", "tool", tools.ToolResource),
    ("options", "option", options.OptionResource),
    ("comparisons", "comparison", comparisons.ComparisonResource),
)  # fmt: skip

_own = SimpleRouter()
for prefix, name, resource in RESOURCES:
    _own.register(prefix, resource, basename=name)

# As in assessments/api/urls.py: the site map holds this very list.
router.urls.extend(_own.urls)
