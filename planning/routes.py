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
}

PLANNING: Mapping[str, Methods] = {
    "effort": _page(Perm.EFFORT_VIEW),
    "effort-edit": _page(Perm.EFFORT_EDIT, Perm.EFFORT_EDIT),
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
    "product": _page(Perm.PRODUCT_VIEW),
    "section": _page(Perm.PRODUCT_VIEW, Perm.SECTION_SAVE),
    "preview": _page(Perm.PRODUCT_VIEW),
    "version": _page(Perm.VERSION_VIEW),
    "export": _post(Perm.RENDITION_REQUEST),
    "rendition": _page(Perm.RENDITION_READ),
    "rendition-file": _page(Perm.RENDITION_READ),
    "rendition-retry": _post(Perm.RENDITION_REQUEST),
}

API: Mapping[str, Methods] = {
    "api-schema": _page(Open.SIGNED_IN),
    "api-docs": _page(Open.SIGNED_IN),
    # Lists hold only what the caller may see.
    "api:effort-list": _page(Open.SIGNED_IN, Open.OPENER),
    "api:effort-detail": {"GET": Perm.EFFORT_VIEW, "PATCH": Perm.EFFORT_EDIT},
    "api:effort-team": _page(Perm.EFFORT_VIEW, Perm.TEAM_MANAGE),
    "api:step-list": _page(Open.SIGNED_IN),
    "api:step-detail": _page(Perm.STEP_VIEW),
    "api:step-submit": _post(Perm.STEP_SUBMIT),
    "api:step-withdraw": _post(Perm.STEP_WITHDRAW),
    "api:step-vote": _post(Perm.STEP_VOTE),
    "api:step-decide": _post(Perm.STEP_DECIDE),
    "api:product-list": _page(Open.SIGNED_IN),
    "api:product-detail": _page(Perm.PRODUCT_VIEW),
    "api:section-list": _page(Open.SIGNED_IN),
    "api:section-detail": {"GET": Perm.PRODUCT_VIEW, "PUT": Perm.SECTION_SAVE},
    "api:version-list": _page(Open.SIGNED_IN),
    "api:version-detail": _page(Perm.VERSION_VIEW),
    "api:submission-list": _page(Open.SIGNED_IN),
    "api:submission-detail": _page(Perm.STEP_VIEW),
    "api:decision-list": _page(Open.SIGNED_IN),
    "api:rendition-list": _page(Open.SIGNED_IN, Perm.RENDITION_REQUEST),
    "api:rendition-detail": _page(Perm.RENDITION_READ),
    "api:rendition-file": _page(Perm.RENDITION_READ),
    "api:rendition-retry": _post(Perm.RENDITION_REQUEST),
    "api:audit-detail": _page(Perm.RECORD_VIEW),
    "api:organization-list": _page(Open.SIGNED_IN),
}

ROUTES: Mapping[str, Methods] = {**ACCOUNT, **SITE, **PLANNING, **API}
