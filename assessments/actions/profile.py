"""Write what is known of a country."""

from __future__ import annotations

from django.utils import timezone

from assessments.models import MAX_BODY, Country, Profile
from assessments.policies import watch_editor
from assessments.vocabulary import Heading
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, StaleSave
from mapro.core.models import User
from planning.actions.words import said


@atomic()
def save_profile(
    *, country: Country, heading: str, body: str, revision: int, by: User, sources: str = ""
) -> Profile:
    """Write the text under one heading if nobody saved since ``revision`` (0 for the first).

    The text before stays in the audit trail. Raises Invalid for an unknown heading or a text that
    is too long, StaleSave with both texts when ``revision`` is not the present one. What changes
    nothing writes nothing.
    """
    watch_editor(by)
    if heading not in Heading.values:
        raise Invalid({"heading": f"A profile has no heading “{heading}”."})
    body = said("body", body, most=MAX_BODY)
    sources = said("sources", sources)
    profile, _ = Profile.objects.get_or_create(country=country, heading=heading)
    old = {"body": profile.body, "sources": profile.sources}
    new = {"body": body, "sources": sources}
    if old == new:
        return profile  # nothing to do, or the same save arriving twice after a lost answer
    written = Profile.objects.filter(pk=profile.pk, revision=revision).update(
        body=body, sources=sources, revision=revision + 1, updated_by=by,
        updated_at=timezone.now(),
    )  # fmt: skip
    profile = Profile.objects.select_related("updated_by").get(pk=profile.pk)
    if not written:
        raise StaleSave(
            yours=body, theirs=profile.body, merged=None, revision=profile.revision,
            by=profile.updated_by.post if profile.updated_by else "",
            at=profile.updated_at.isoformat() if profile.updated_at else "",
        )  # fmt: skip
    record(
        "profile.saved", by=by, on=profile, label=f"{country.name}: {Heading(heading).label}",
        old={**old, "revision": revision}, new={**new, "revision": profile.revision},
    )  # fmt: skip
    return profile
