"""The addresses of the toolbox and of policy options."""

from __future__ import annotations

from django.urls import URLPattern, path

from dime.api import urls as api  # noqa: F401 - puts the resources into the API
from dime.web import (
    comparison,
    option_panel,  # noqa: F401 - plugs itself into the pages of options
    options,
    package,
    risks,
    tool,
    toolbox,
)

TOOL = "toolbox/<slug:key>/"
OPTIONS = "efforts/<slug:slug>/options/"
OPTION = OPTIONS + "<int:number>/"
COMPARISON = "efforts/<slug:slug>/comparison/<slug:level>/"

urlpatterns: list[URLPattern] = [
    path("efforts/<slug:slug>/risks/", risks.risks, name="risks"),
    path("efforts/<slug:slug>/toolbox/", toolbox.effort_toolbox, name="effort-toolbox"),
    path("toolbox/", toolbox.toolbox, name="toolbox"),
    path("toolbox/compare/", toolbox.compare, name="toolbox-compare"),
    path("toolbox/new/", tool.add, name="tool-add"),
    path("toolbox/notes/<int:pk>/retire/", tool.retire_note, name="tool-note-retire"),
    path(TOOL, tool.tool, name="tool"),
    path(TOOL + "edit/", tool.edit, name="tool-edit"),
    path(TOOL + "retire/", tool.retire, name="tool-retire"),
    path(TOOL + "restore/", tool.restore, name="tool-restore"),
    path(TOOL + "notes/", tool.add_note, name="tool-note-add"),
    path(OPTIONS, options.options, name="options"),
    path(OPTION, options.option, name="option"),
    path(OPTION + "recommend/", options.recommend, name="option-recommend"),
    path(OPTION + "adopt/", options.adopt, name="option-adopt"),
    path(OPTION + "overrule/", options.overrule_warnings, name="option-overrule"),
    path(OPTION + "overrulings/<int:pk>/end/", options.end, name="overruling-end"),
    path(OPTION + "package/", package.package, name="package"),
    path(OPTION + "pick/", package.pick, name="package-pick"),
    path(OPTION + "set/", package.set_several, name="package-set"),
    path(COMPARISON, comparison.comparison, name="comparison"),
    path(COMPARISON + "criteria/", comparison.criterion, name="comparison-criterion"),
    path(COMPARISON + "weights/", comparison.weights, name="comparison-weights"),
    path(COMPARISON + "settle/", comparison.settle, name="comparison-settle"),
    path(COMPARISON + "reopen/", comparison.reopen, name="comparison-reopen"),
    path(COMPARISON + "scores/", comparison.scores, name="comparison-scores"),
]
