"""Say which countries an effort plans for."""

from __future__ import annotations

from django.utils import timezone

from assessments.models import Country, EffortCountry
from assessments.policies import watch_reader
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid
from mapro.core.models import User
from planning.models import Effort
from planning.policies import check
from planning.vocabulary import Perm


@atomic()
def tie_country(*, effort: Effort, country: Country, by: User) -> EffortCountry:
    """Let an effort's registers and products read what the watch knows of a country.

    That carries the watch's knowledge to the effort's team, so ``by`` must both lead the effort and
    read the watch. Raises Invalid when the country is tied already.
    """
    watch_reader(by)
    check(by, effort, Perm.EFFORT_EDIT)
    tie, made = EffortCountry.objects.get_or_create(
        effort=effort, country=country, defaults={"added_by": by, "added_at": timezone.now()}
    )
    if not made:
        raise Invalid({"country": f"{country.name} is a country of this effort already."})
    record(
        "effort.country_added", by=by, on=effort, effort_id=effort.pk, label=country.name,
        new={"country": country.code},
    )  # fmt: skip
    return tie


@atomic()
def untie_country(*, effort: Effort, country: Country, by: User) -> None:
    """Take a country out of an effort; frozen versions keep what they say of it.

    Raises Invalid when it is none of the effort's.
    """
    check(by, effort, Perm.EFFORT_EDIT)
    gone, _ = EffortCountry.objects.filter(effort=effort, country=country).delete()
    if not gone:
        raise Invalid({"country": f"{country.name} is no country of this effort."})
    record(
        "effort.country_removed", by=by, on=effort, effort_id=effort.pk, label=country.name,
        old={"country": country.code},
    )  # fmt: skip
