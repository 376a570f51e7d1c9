"""Keep lists of countries at risk, and which countries stand on them."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from assessments.actions.words import reference
from assessments.models import Country, Listing, Watchlist
from assessments.policies import watch_editor
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import User
from planning.actions.words import in_a_line, said

FIELDS = ("name", "owner", "own", "address", "note")


@atomic()
def save_watchlist(
    *, name: str, owner: str, by: User, watchlist: Watchlist | None = None, own: bool = False,
    address: str = "", note: str = "", retired: bool = False,
) -> Watchlist:  # fmt: skip
    """Add a list, or change what is said of it. A retired one is kept but no longer shown.

    Raises Invalid without a name or who keeps it, or for a name that another list has.
    """
    watch_editor(by)
    row = watchlist or Watchlist()
    old = {field: getattr(row, field) for field in FIELDS} | {"retired": bool(row.retired_at)}
    row.name = in_a_line("name", name, need="Give the list its name.", most=120)
    row.owner = in_a_line("owner", owner, need="Say who keeps the list.", most=120)
    row.own, row.note = own, said("note", note, most=2_000)
    row.address = reference("address", address)
    if retired != bool(row.retired_at):
        row.retired_at = timezone.now() if retired else None
    new = {field: getattr(row, field) for field in FIELDS} | {"retired": retired}
    if watchlist is not None and old == new:
        return row
    if Watchlist.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
        raise Invalid({"name": f"There is a list named “{row.name}” already."})
    row.save()
    record(
        "watchlist.saved", by=by, on=row, label=row.name,
        old=None if watchlist is None else {k: v for k, v in old.items() if new[k] != v},
        new=new if watchlist is None else {k: v for k, v in new.items() if old[k] != v},
    )  # fmt: skip
    return row


@atomic()
def list_country(
    *, watchlist: Watchlist, country: Country, as_of: date, by: User, standing: str = "",
    note: str = "",
) -> Listing:  # fmt: skip
    """Note that a list names a country, in that list's own words, since ``as_of``.

    A listing that stood before ends with it and is kept. Raises Invalid for a day to come, or words
    too long; WrongState for a retired list.
    """
    watch_editor(by)
    if watchlist.retired_at is not None:
        raise WrongState(f"“{watchlist.name}” is retired.")
    if as_of > timezone.localdate():
        raise Invalid({"as_of": "Give the day on which the list said so; it cannot be to come."})
    standing = in_a_line("standing", standing, most=200)
    note = said("note", note, most=2_000)
    # Who lists the same country at the same time waits here.
    Watchlist.objects.select_for_update(no_key=True).get(pk=watchlist.pk)
    now = timezone.now()
    Listing.objects.filter(watchlist=watchlist, country=country, ended_at=None).update(ended_at=now)
    row = Listing.objects.create(
        watchlist=watchlist, country=country, standing=standing, as_of=as_of, note=note,
        added_by=by, added_at=now,
    )  # fmt: skip
    record(
        "listing.added", by=by, on=row, label=f"{country.name} on {watchlist.name}",
        new={"standing": standing, "as_of": as_of.isoformat(), "note": note},
    )  # fmt: skip
    return row


@atomic()
def end_listing(*, listing: Listing, by: User, why: str = "") -> Listing:
    """Note that a list no longer names a country. Raises WrongState when it was ended before."""
    watch_editor(by)
    why = said("why", why)
    now = timezone.now()
    if not Listing.objects.filter(pk=listing.pk, ended_at=None).update(ended_at=now):
        raise WrongState("This listing has ended already.")
    listing.ended_at = now
    record(
        "listing.ended", by=by, on=listing,
        label=f"{listing.country.name} on {listing.watchlist.name}", why=why,
    )  # fmt: skip
    return listing
