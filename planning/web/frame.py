"""What every page of an effort shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from mapro.core.errors import Invalid
from mapro.core.models import User
from planning import selectors
from planning.models import Effort, Step
from planning.policies import abilities, standing
from planning.vocabulary import Perm
from planning.web.forms import time_field

DIGITS = 18  # of a number that a form may post: what a database can hold


@dataclass(frozen=True)
class Banner:
    """The handling marking of a page."""

    banner: str
    ground: str


def person(request: HttpRequest) -> User:
    """Who is signed in; ``PolicyMiddleware`` has seen to that."""
    return cast(User, request.user)


def perm(request: HttpRequest) -> Perm:
    """What the route takes, from the route table."""
    return cast(Perm, request.perm)  # type: ignore[attr-defined]


def effort_context(
    request: HttpRequest, effort: Effort, tab: str, step: Step | None = None
) -> dict[str, Any]:
    """The effort bar, the banner and what may be done. One query."""
    steps = selectors.steps_of(effort)
    held = standing(person(request), effort)
    return {
        "effort": effort,
        "steps": steps,
        "current": selectors.current_step(steps),
        "tab": tab,
        "place": "efforts",
        "can": abilities(person(request), effort, step),
        "page_marking": Banner(held.banner, held.ground),
    }


def posted_number(request: HttpRequest, name: str) -> int:
    """A whole number of the form. Raises Invalid when it is missing or none."""
    value = request.POST.get(name, "")
    if not value.isdecimal() or len(value) > DIGITS:
        raise Invalid({name: f"“{name}” must be a whole number; reload the page and try again."})
    return int(value)


def posted_time(request: HttpRequest, name: str) -> datetime | None:
    """A date and time of the form, in Zulu; None when it is empty. Raises Invalid for one that is
    none."""
    try:
        found: datetime | None = time_field(name).clean(request.POST.get(name, ""))
    except ValidationError as error:
        raise Invalid({name: " ".join(error.messages)}) from error
    return found
