"""What every page of the watch shows around its content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assessments.models import Country
from assessments.policies import keeps_watch, watch_reader
from mapro.core.errors import NotVisible
from mapro.core.models import Marking
from planning.web.frame import Banner, person

PAGE = 50  # rows
LOWEST = Banner("UNCLASSIFIED", "#216e1f")  # as templates/base.html has it where nothing is marked
MOST = 2**63 - 1  # the largest key of a row


def frame(
    request: HttpRequest, tab: str, *, country: Country | None = None,
    markings: Iterable[Marking | None] = (), exercise: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The bar of the watch, what may be done, and the banner: the highest of ``markings``, which
    are those of all that the page shows. No query."""
    user = watch_reader(person(request))
    found: dict[str, Any] = {
        "tab": tab,
        "place": "watch",
        "country": country,
        "edits": keeps_watch(user),
    }
    highest = max((m for m in markings if m is not None), key=lambda m: m.rank, default=None)
    if exercise is None:
        exercise = country is not None and country.exercise
    if highest is not None or exercise:
        stands = Banner(highest.banner, highest.ground) if highest is not None else LOWEST
        words = f"{stands.banner} // EXERCISE" if exercise else stands.banner
        found["page_marking"] = Banner(words, stands.ground)
    return found


def country_of(code: str) -> Country:
    """The country at an address. Raises NotVisible where there is none."""
    found = Country.objects.select_related("watched_by").filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def key(value: str | None) -> int | None:
    """The key of a row that an address names; None when it names none."""
    if not value or not value.isascii() or not value.isdecimal() or int(value) > MOST:
        return None
    return int(value)


def over(route: str, words: str, *args: object) -> dict[str, str]:
    """The link above a heading to the page that it belongs to."""
    return {"url": reverse(route, args=args), "words": words}
