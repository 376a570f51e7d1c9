"""The routes of the toolbox and of policy options, with what each takes."""

from __future__ import annotations

from collections.abc import Mapping

from planning.routes import Methods, Open, add, page, posted
from planning.vocabulary import Perm

PLANNER = Open.PLANNER

PAGES: Mapping[str, Methods] = {
    # The toolbox, which all efforts share; whose tool it is, the action asks.
    "toolbox": page(PLANNER),
    "toolbox-compare": page(PLANNER),
    "tool": page(PLANNER),
    "tool-add": page(PLANNER, PLANNER),
    "tool-edit": page(PLANNER, PLANNER),
    "tool-retire": posted(PLANNER),
    "tool-restore": posted(PLANNER),
    "tool-note-add": page(PLANNER, PLANNER),
    "tool-note-retire": posted(PLANNER),
    "effort-toolbox": page(Perm.REGISTER_VIEW, Perm.REGISTER_EDIT),
    "risks": page(Perm.REGISTER_VIEW),
    "options": page(Perm.REGISTER_VIEW, Perm.REGISTER_EDIT),
    "option": page(Perm.REGISTER_VIEW),
    "option-recommend": posted(Perm.OPTION_RECOMMEND),
    "option-adopt": posted(Perm.OPTION_ADOPT),
    "option-overrule": posted(Perm.REGISTER_EDIT),
    "overruling-end": posted(Perm.REGISTER_EDIT),
    "package": page(Perm.REGISTER_VIEW),
    "package-pick": posted(Perm.REGISTER_EDIT),
    "package-set": posted(Perm.REGISTER_EDIT),
    "comparison": page(Perm.REGISTER_VIEW),
    "comparison-criterion": posted(Perm.REGISTER_EDIT),
    "comparison-weights": posted(Perm.REGISTER_EDIT),
    "comparison-settle": posted(Perm.WEIGHTS_SETTLE),
    "comparison-reopen": posted(Perm.WEIGHTS_SETTLE),
    "comparison-scores": posted(Perm.SCORE_GIVE),
}

API: Mapping[str, Methods] = {
    "api:tool-list": page(PLANNER, PLANNER),
    "api:tool-detail": {"GET": PLANNER, "PATCH": PLANNER},
    "api:tool-retire": posted(PLANNER),
    "api:tool-restore": posted(PLANNER),
    "api:tool-notes": page(PLANNER, PLANNER),
    "api:tool-retire-note": posted(PLANNER),
    # Options are a register of an effort: lists hold only what the caller may see.
    "api:option-list": page(Open.SIGNED_IN),
    "api:option-detail": page(Perm.REGISTER_VIEW),
    "api:option-recommend": posted(Perm.OPTION_RECOMMEND),
    "api:option-adopt": posted(Perm.OPTION_ADOPT),
    "api:option-warnings": page(Perm.REGISTER_VIEW),
    "api:option-overrule": posted(Perm.REGISTER_EDIT),
    "api:option-heed": posted(Perm.REGISTER_EDIT),
    "api:option-package": page(Perm.REGISTER_VIEW),
    "api:option-pick": posted(Perm.REGISTER_EDIT),
    "api:option-copy": posted(Perm.REGISTER_EDIT),
    "api:comparison-list": page(Open.SIGNED_IN),
    "api:comparison-detail": page(Perm.REGISTER_VIEW),
    "api:comparison-settle": posted(Perm.WEIGHTS_SETTLE),
    "api:comparison-reopen": posted(Perm.WEIGHTS_SETTLE),
    "api:comparison-scores": posted(Perm.SCORE_GIVE),
}

add(PAGES)
add(API)
