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
    PLANNER = "whoever takes part in planning"
    WATCH = "whoever reads the watch"
    WATCH_EDIT = "whoever keeps the watch"
    ADMIN = "administrators"


Methods = Mapping[str, Perm | Open]


def page(get: Perm | Open, post: Perm | Open | None = None) -> Methods:
    """What a page takes to be read and, if it has a form, to be posted."""
    return {"GET": get} if post is None else {"GET": get, "POST": post}


def posted(perm: Perm | Open) -> Methods:
    """What a route takes that is only posted to."""
    return {"POST": perm}


ACCOUNT: Mapping[str, Methods] = {
    "account_login": page(Open.PUBLIC, Open.PUBLIC),
    "account_logout": page(Open.PUBLIC, Open.PUBLIC),
    "account_signup": page(Open.PUBLIC, Open.PUBLIC),
    "account_inactive": page(Open.PUBLIC),
    "account_reset_password": page(Open.PUBLIC, Open.PUBLIC),
    "account_reset_password_done": page(Open.PUBLIC),
    "account_reset_password_from_key": page(Open.PUBLIC, Open.PUBLIC),
    "account_reset_password_from_key_done": page(Open.PUBLIC),
    "account_change_password": page(Open.SIGNED_IN, Open.SIGNED_IN),
    "account_set_password": page(Open.SIGNED_IN, Open.SIGNED_IN),
    "healthz": page(Open.PUBLIC),
    "readyz": page(Open.PUBLIC),
}

SITE: Mapping[str, Methods] = {
    "my-work": page(Open.SIGNED_IN),
    "my-work-seen": posted(Open.SIGNED_IN),
    "efforts": page(Open.SIGNED_IN),
    "effort-open": page(Open.OPENER, Open.OPENER),
    "users": page(Open.ADMIN),
    "user-add": page(Open.ADMIN, Open.ADMIN),
    "user-edit": page(Open.ADMIN, Open.ADMIN),
    "organizations": page(Open.ADMIN),
    "organization-add": page(Open.ADMIN, Open.ADMIN),
    "organization-edit": page(Open.ADMIN, Open.ADMIN),
    "formats": page(Open.ADMIN),
    "format-add": page(Open.ADMIN, Open.ADMIN),
    "format-edit": page(Open.ADMIN, Open.ADMIN),
    "format-retire": posted(Open.ADMIN),
}

PLANNING: Mapping[str, Methods] = {
    "effort": page(Perm.EFFORT_VIEW),
    "effort-edit": page(Perm.EFFORT_EDIT, Perm.EFFORT_EDIT),
    "effort-crisis": posted(Perm.CRISIS_SET),
    "effort-fork": page(Perm.EFFORT_FORK, Perm.EFFORT_FORK),
    "registers": page(Perm.REGISTER_VIEW),
    "register": page(Perm.REGISTER_VIEW, Perm.REGISTER_EDIT),
    "register-paste": posted(Perm.REGISTER_EDIT),
    "register-import": page(Perm.REGISTER_EDIT, Perm.REGISTER_EDIT),
    "register-export": page(Perm.REGISTER_VIEW),
    "register-order": posted(Perm.REGISTER_EDIT),
    "register-ready": page(Perm.REGISTER_EDIT, Perm.REGISTER_EDIT),
    "entry": page(Perm.REGISTER_VIEW, Perm.REGISTER_EDIT),
    "entry-cell": page(Perm.REGISTER_VIEW, Perm.REGISTER_EDIT),
    "entry-highlight": posted(Perm.REGISTER_EDIT),
    "entry-move": posted(Perm.REGISTER_EDIT),
    "entry-review": posted(Perm.REGISTER_EDIT),
    "entry-retire": posted(Perm.REGISTER_EDIT),
    "entry-restore": posted(Perm.REGISTER_EDIT),
    "due-outs": page(Perm.EFFORT_VIEW, Perm.DUE_OUT_ADD),
    "due-out-assign": posted(Perm.DUE_OUT_DO),
    "due-out-settle": posted(Perm.DUE_OUT_DO),
    "due-out-reopen": posted(Perm.DUE_OUT_ADD),
    "mandates": page(Perm.EFFORT_VIEW, Perm.MANDATE_GIVE),
    "mandate-end": posted(Perm.EFFORT_VIEW),
    "team": page(Perm.EFFORT_VIEW),
    "team-add": posted(Perm.TEAM_MANAGE),
    "team-remove": posted(Perm.TEAM_MANAGE),
    "record": page(Perm.RECORD_VIEW),
    "step": page(Perm.STEP_VIEW),
    "step-submit": posted(Perm.STEP_SUBMIT),
    "step-withdraw": posted(Perm.STEP_WITHDRAW),
    "board-room": page(Perm.STEP_VIEW),
    "step-vote": posted(Perm.STEP_VOTE),
    "step-decide": posted(Perm.STEP_DECIDE),
    "step-how": page(Perm.STEP_SETTLE, Perm.STEP_SETTLE),
    "step-raise": posted(Perm.STEP_SETTLE),
    "step-lower": posted(Perm.STEP_SETTLE),
    "step-reopen": posted(Perm.STEP_REOPEN),
    "step-verbal": posted(Perm.STEP_VERBAL),
    "step-at-risk": posted(Perm.STEP_AT_RISK),
    "step-remind": posted(Perm.STEP_REMIND),
    "step-recuse": posted(Perm.MANDATE_RECUSE),
    "step-cycles": page(Perm.STEP_VIEW),
    "products": page(Perm.PRODUCT_VIEW, Perm.PRODUCT_START),
    "product": page(Perm.PRODUCT_VIEW),
    "section": page(Perm.PRODUCT_VIEW, Perm.SECTION_SAVE),
    "section-complete": posted(Perm.SECTION_SAVE),
    "section-presence": posted(Perm.PRODUCT_VIEW),
    "outline": page(Perm.PRODUCT_VIEW, Perm.FORMAT_TAILOR),
    "preview": page(Perm.PRODUCT_VIEW),
    "versions": page(Perm.VERSION_VIEW, Perm.VERSION_FREEZE),
    "version": page(Perm.VERSION_VIEW),
    "version-restore": posted(Perm.SECTION_SAVE),
    "compare": page(Perm.VERSION_VIEW),
    "compare-export": posted(Perm.RENDITION_REQUEST),
    "picture-add": posted(Perm.SECTION_SAVE),
    "picture": page(Perm.PRODUCT_VIEW),
    "dissents": page(Perm.EFFORT_VIEW, Perm.DISSENT_ENTER),
    "dissent-withdraw": posted(Perm.DISSENT_ENTER),
    "dissent-cosign": posted(Perm.DISSENT_ENTER),
    "dissent-answer": posted(Perm.DISSENT_ANSWER),
    "dissent-rule": posted(Perm.DISSENT_RULE),
    "library": page(Perm.RENDITION_READ),
    "export": posted(Perm.RENDITION_REQUEST),
    "collection-export": posted(Perm.RENDITION_REQUEST),
    "rendition": page(Perm.RENDITION_READ),
    "rendition-file": page(Perm.RENDITION_READ),
    "rendition-retry": posted(Perm.RENDITION_REQUEST),
    "rendition-cancel": posted(Perm.RENDITION_REQUEST),
}

API: Mapping[str, Methods] = {
    "api-schema": page(Open.SIGNED_IN),
    "api-docs": page(Open.SIGNED_IN),
    # Lists hold only what the caller may see.
    "api:effort-list": page(Open.SIGNED_IN, Open.OPENER),
    "api:effort-detail": {"GET": Perm.EFFORT_VIEW, "PATCH": Perm.EFFORT_EDIT},
    "api:effort-team": page(Perm.EFFORT_VIEW, Perm.TEAM_MANAGE),
    "api:effort-crisis": posted(Perm.CRISIS_SET),
    "api:effort-fork": posted(Perm.EFFORT_FORK),
    "api:step-list": page(Open.SIGNED_IN),
    "api:step-detail": page(Perm.STEP_VIEW),
    "api:step-submit": posted(Perm.STEP_SUBMIT),
    "api:step-withdraw": posted(Perm.STEP_WITHDRAW),
    "api:step-vote": posted(Perm.STEP_VOTE),
    "api:step-decide": posted(Perm.STEP_DECIDE),
    "api:step-how": {"PUT": Perm.STEP_SETTLE},
    "api:step-raise": posted(Perm.STEP_SETTLE),
    "api:step-lower": posted(Perm.STEP_SETTLE),
    "api:step-reopen": posted(Perm.STEP_REOPEN),
    "api:step-verbal": posted(Perm.STEP_VERBAL),
    "api:step-at-risk": posted(Perm.STEP_AT_RISK),
    "api:step-remind": posted(Perm.STEP_REMIND),
    "api:step-recuse": posted(Perm.MANDATE_RECUSE),
    "api:step-gate": page(Perm.STEP_VIEW),
    "api:product-list": page(Open.SIGNED_IN, Perm.PRODUCT_START),
    "api:product-detail": page(Perm.PRODUCT_VIEW),
    "api:product-tailor": posted(Perm.FORMAT_TAILOR),
    "api:product-compare": page(Perm.VERSION_VIEW),
    "api:section-list": page(Open.SIGNED_IN),
    "api:section-detail": {"GET": Perm.PRODUCT_VIEW, "PUT": Perm.SECTION_SAVE},
    "api:section-complete": posted(Perm.SECTION_SAVE),
    "api:version-list": page(Open.SIGNED_IN, Perm.VERSION_FREEZE),
    "api:version-detail": page(Perm.VERSION_VIEW),
    "api:version-restore": posted(Perm.SECTION_SAVE),
    "api:submission-list": page(Open.SIGNED_IN),
    "api:submission-detail": page(Perm.STEP_VIEW),
    "api:decision-list": page(Open.SIGNED_IN),
    "api:rendition-list": page(Open.SIGNED_IN, Perm.RENDITION_REQUEST),
    "api:rendition-detail": page(Perm.RENDITION_READ),
    "api:rendition-file": page(Perm.RENDITION_READ),
    "api:rendition-retry": posted(Perm.RENDITION_REQUEST),
    "api:rendition-cancel": posted(Perm.RENDITION_REQUEST),
    "api:dissent-list": page(Open.SIGNED_IN, Perm.DISSENT_ENTER),
    "api:dissent-detail": page(Perm.EFFORT_VIEW),
    "api:dissent-withdraw": posted(Perm.DISSENT_ENTER),
    "api:dissent-cosign": {"POST": Perm.DISSENT_ENTER, "DELETE": Perm.DISSENT_ENTER},
    "api:dissent-answer": posted(Perm.DISSENT_ANSWER),
    "api:dissent-rule": posted(Perm.DISSENT_RULE),
    "api:mandate-list": page(Open.SIGNED_IN, Perm.MANDATE_GIVE),
    "api:mandate-end": posted(Perm.EFFORT_VIEW),
    "api:due-out-list": page(Open.SIGNED_IN, Perm.DUE_OUT_ADD),
    "api:due-out-detail": {"GET": Perm.EFFORT_VIEW, "PATCH": Perm.DUE_OUT_DO},
    "api:due-out-settle": posted(Perm.DUE_OUT_DO),
    "api:due-out-reopen": posted(Perm.DUE_OUT_ADD),
    # Which registers there are is no secret; entries are.
    "api:register-list": page(Open.SIGNED_IN),
    "api:entry-list": page(Open.SIGNED_IN, Perm.REGISTER_EDIT),
    "api:entry-detail": {"GET": Perm.REGISTER_VIEW, "PATCH": Perm.REGISTER_EDIT},
    "api:entry-highlight": posted(Perm.REGISTER_EDIT),
    "api:entry-move": posted(Perm.REGISTER_EDIT),
    "api:entry-review": posted(Perm.REGISTER_EDIT),
    "api:entry-retire": posted(Perm.REGISTER_EDIT),
    "api:entry-restore": posted(Perm.REGISTER_EDIT),
    "api:entry-rows": posted(Perm.REGISTER_EDIT),
    "api:picture-list": page(Open.SIGNED_IN, Perm.SECTION_SAVE),
    "api:format-list": page(Open.SIGNED_IN, Open.ADMIN),
    "api:format-retire": posted(Open.ADMIN),
    "api:audit-detail": page(Perm.RECORD_VIEW),
    "api:organization-list": page(Open.SIGNED_IN),
}

ROUTES: dict[str, Methods] = {**ACCOUNT, **SITE, **PLANNING, **API}


def add(routes: Mapping[str, Methods]) -> None:
    """Take the routes of a register app. Raises ValueError when one is another's."""
    for name, methods in routes.items():
        if ROUTES.setdefault(name, methods) != methods:
            raise ValueError(f"There is a route {name!r} already.")
