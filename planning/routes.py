"""Every route of the site and what it takes: method → permission. A route not here is refused.

``PolicyMiddleware`` reads this table before each view, the matrix test walks it, and
``docs/permissions.md`` is printed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from planning.vocabulary import Perm


class Open(StrEnum):
    """What a route takes when it leads to no effort."""

    PUBLIC = "anybody"
    SIGNED_IN = "anybody signed in"
    OPENER = "whoever may open efforts"
    ADMIN = "administrators"


Methods = Mapping[str, Perm | Open]


def _page(get: Perm | Open, post: Perm | Open | None = None) -> Methods:
    return {"GET": get} if post is None else {"GET": get, "POST": post}


def _post(perm: Perm | Open) -> Methods:
    return {"POST": perm}


ACCOUNT: Mapping[str, Methods] = {
    "account_login": _page(Open.PUBLIC, Open.PUBLIC),
    "account_logout": _page(Open.PUBLIC, Open.PUBLIC),
    "account_signup": _page(Open.PUBLIC, Open.PUBLIC),
    "account_inactive": _page(Open.PUBLIC),
    "account_reset_password": _page(Open.PUBLIC, Open.PUBLIC),
    "account_reset_password_done": _page(Open.PUBLIC),
    "account_reset_password_from_key": _page(Open.PUBLIC, Open.PUBLIC),
    "account_reset_password_from_key_done": _page(Open.PUBLIC),
    "account_change_password": _page(Open.SIGNED_IN, Open.SIGNED_IN),
    "account_set_password": _page(Open.SIGNED_IN, Open.SIGNED_IN),
    "healthz": _page(Open.PUBLIC),
    "readyz": _page(Open.PUBLIC),
}

SITE: Mapping[str, Methods] = {
    "my-work": _page(Open.SIGNED_IN),
    "my-work-seen": _post(Open.SIGNED_IN),
    "efforts": _page(Open.SIGNED_IN),
    "effort-open": _page(Open.OPENER, Open.OPENER),
    "users": _page(Open.ADMIN),
    "user-add": _page(Open.ADMIN, Open.ADMIN),
    "user-edit": _page(Open.ADMIN, Open.ADMIN),
    "organizations": _page(Open.ADMIN),
    "organization-add": _page(Open.ADMIN, Open.ADMIN),
    "organization-edit": _page(Open.ADMIN, Open.ADMIN),
    "formats": _page(Open.ADMIN),
    "format-add": _page(Open.ADMIN, Open.ADMIN),
    "format-edit": _page(Open.ADMIN, Open.ADMIN),
    "format-retire": _post(Open.ADMIN),
}

PLANNING: Mapping[str, Methods] = {
    "effort": _page(Perm.EFFORT_VIEW),
    "effort-edit": _page(Perm.EFFORT_EDIT, Perm.EFFORT_EDIT),
    "effort-crisis": _post(Perm.CRISIS_SET),
    "effort-fork": _page(Perm.EFFORT_FORK, Perm.EFFORT_FORK),
    "due-outs": _page(Perm.EFFORT_VIEW, Perm.DUE_OUT_ADD),
    "due-out-assign": _post(Perm.DUE_OUT_DO),
    "due-out-settle": _post(Perm.DUE_OUT_DO),
    "due-out-reopen": _post(Perm.DUE_OUT_ADD),
    "mandates": _page(Perm.EFFORT_VIEW, Perm.MANDATE_GIVE),
    "mandate-end": _post(Perm.EFFORT_VIEW),
    "team": _page(Perm.EFFORT_VIEW),
    "team-add": _post(Perm.TEAM_MANAGE),
    "team-remove": _post(Perm.TEAM_MANAGE),
    "record": _page(Perm.RECORD_VIEW),
    "step": _page(Perm.STEP_VIEW),
    "step-submit": _post(Perm.STEP_SUBMIT),
    "step-withdraw": _post(Perm.STEP_WITHDRAW),
    "board-room": _page(Perm.STEP_VIEW),
    "step-vote": _post(Perm.STEP_VOTE),
    "step-decide": _post(Perm.STEP_DECIDE),
    "step-how": _page(Perm.STEP_SETTLE, Perm.STEP_SETTLE),
    "step-raise": _post(Perm.STEP_SETTLE),
    "step-lower": _post(Perm.STEP_SETTLE),
    "step-reopen": _post(Perm.STEP_REOPEN),
    "step-verbal": _post(Perm.STEP_VERBAL),
    "step-at-risk": _post(Perm.STEP_AT_RISK),
    "step-remind": _post(Perm.STEP_REMIND),
    "step-recuse": _post(Perm.MANDATE_RECUSE),
    "step-cycles": _page(Perm.STEP_VIEW),
    "products": _page(Perm.PRODUCT_VIEW, Perm.PRODUCT_START),
    "product": _page(Perm.PRODUCT_VIEW),
    "section": _page(Perm.PRODUCT_VIEW, Perm.SECTION_SAVE),
    "section-complete": _post(Perm.SECTION_SAVE),
    "section-presence": _post(Perm.PRODUCT_VIEW),
    "outline": _page(Perm.PRODUCT_VIEW, Perm.FORMAT_TAILOR),
    "preview": _page(Perm.PRODUCT_VIEW),
    "versions": _page(Perm.VERSION_VIEW, Perm.VERSION_FREEZE),
    "version": _page(Perm.VERSION_VIEW),
    "version-restore": _post(Perm.SECTION_SAVE),
    "compare": _page(Perm.VERSION_VIEW),
    "compare-export": _post(Perm.RENDITION_REQUEST),
    "picture-add": _post(Perm.SECTION_SAVE),
    "picture": _page(Perm.PRODUCT_VIEW),
    "dissents": _page(Perm.EFFORT_VIEW, Perm.DISSENT_ENTER),
    "dissent-withdraw": _post(Perm.DISSENT_ENTER),
    "dissent-cosign": _post(Perm.DISSENT_ENTER),
    "dissent-answer": _post(Perm.DISSENT_ANSWER),
    "dissent-rule": _post(Perm.DISSENT_RULE),
    "library": _page(Perm.RENDITION_READ),
    "export": _post(Perm.RENDITION_REQUEST),
    "collection-export": _post(Perm.RENDITION_REQUEST),
    "rendition": _page(Perm.RENDITION_READ),
    "rendition-file": _page(Perm.RENDITION_READ),
    "rendition-retry": _post(Perm.RENDITION_REQUEST),
    "rendition-cancel": _post(Perm.RENDITION_REQUEST),
}

API: Mapping[str, Methods] = {
    "api-schema": _page(Open.SIGNED_IN),
    "api-docs": _page(Open.SIGNED_IN),
    # Lists hold only what the caller may see.
    "api:effort-list": _page(Open.SIGNED_IN, Open.OPENER),
    "api:effort-detail": {"GET": Perm.EFFORT_VIEW, "PATCH": Perm.EFFORT_EDIT},
    "api:effort-team": _page(Perm.EFFORT_VIEW, Perm.TEAM_MANAGE),
    "api:effort-crisis": _post(Perm.CRISIS_SET),
    "api:effort-fork": _post(Perm.EFFORT_FORK),
    "api:step-list": _page(Open.SIGNED_IN),
    "api:step-detail": _page(Perm.STEP_VIEW),
    "api:step-submit": _post(Perm.STEP_SUBMIT),
    "api:step-withdraw": _post(Perm.STEP_WITHDRAW),
    "api:step-vote": _post(Perm.STEP_VOTE),
    "api:step-decide": _post(Perm.STEP_DECIDE),
    "api:step-how": {"PUT": Perm.STEP_SETTLE},
    "api:step-raise": _post(Perm.STEP_SETTLE),
    "api:step-lower": _post(Perm.STEP_SETTLE),
    "api:step-reopen": _post(Perm.STEP_REOPEN),
    "api:step-verbal": _post(Perm.STEP_VERBAL),
    "api:step-at-risk": _post(Perm.STEP_AT_RISK),
    "api:step-remind": _post(Perm.STEP_REMIND),
    "api:step-recuse": _post(Perm.MANDATE_RECUSE),
    "api:step-gate": _page(Perm.STEP_VIEW),
    "api:product-list": _page(Open.SIGNED_IN, Perm.PRODUCT_START),
    "api:product-detail": _page(Perm.PRODUCT_VIEW),
    "api:product-tailor": _post(Perm.FORMAT_TAILOR),
    "api:product-compare": _page(Perm.VERSION_VIEW),
    "api:section-list": _page(Open.SIGNED_IN),
    "api:section-detail": {"GET": Perm.PRODUCT_VIEW, "PUT": Perm.SECTION_SAVE},
    "api:section-complete": _post(Perm.SECTION_SAVE),
    "api:version-list": _page(Open.SIGNED_IN, Perm.VERSION_FREEZE),
    "api:version-detail": _page(Perm.VERSION_VIEW),
    "api:version-restore": _post(Perm.SECTION_SAVE),
    "api:submission-list": _page(Open.SIGNED_IN),
    "api:submission-detail": _page(Perm.STEP_VIEW),
    "api:decision-list": _page(Open.SIGNED_IN),
    "api:rendition-list": _page(Open.SIGNED_IN, Perm.RENDITION_REQUEST),
    "api:rendition-detail": _page(Perm.RENDITION_READ),
    "api:rendition-file": _page(Perm.RENDITION_READ),
    "api:rendition-retry": _post(Perm.RENDITION_REQUEST),
    "api:rendition-cancel": _post(Perm.RENDITION_REQUEST),
    "api:dissent-list": _page(Open.SIGNED_IN, Perm.DISSENT_ENTER),
    "api:dissent-detail": _page(Perm.EFFORT_VIEW),
    "api:dissent-withdraw": _post(Perm.DISSENT_ENTER),
    "api:dissent-cosign": {"POST": Perm.DISSENT_ENTER, "DELETE": Perm.DISSENT_ENTER},
    "api:dissent-answer": _post(Perm.DISSENT_ANSWER),
    "api:dissent-rule": _post(Perm.DISSENT_RULE),
    "api:mandate-list": _page(Open.SIGNED_IN, Perm.MANDATE_GIVE),
    "api:mandate-end": _post(Perm.EFFORT_VIEW),
    "api:due-out-list": _page(Open.SIGNED_IN, Perm.DUE_OUT_ADD),
    "api:due-out-detail": {"GET": Perm.EFFORT_VIEW, "PATCH": Perm.DUE_OUT_DO},
    "api:due-out-settle": _post(Perm.DUE_OUT_DO),
    "api:due-out-reopen": _post(Perm.DUE_OUT_ADD),
    "api:picture-list": _page(Open.SIGNED_IN, Perm.SECTION_SAVE),
    "api:format-list": _page(Open.SIGNED_IN, Open.ADMIN),
    "api:format-retire": _post(Open.ADMIN),
    "api:audit-detail": _page(Perm.RECORD_VIEW),
    "api:organization-list": _page(Open.SIGNED_IN),
}

ROUTES: Mapping[str, Methods] = {**ACCOUNT, **SITE, **PLANNING, **API}
