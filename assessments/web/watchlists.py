"""Watchlists: our own and those of others, side by side, never merged."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assessments import actions
from assessments.models import Listing, Watchlist
from assessments.web import reads
from assessments.web.forms import EditWatchlistForm, ListingForm, WatchlistForm
from assessments.web.frame import frame
from mapro.core.errors import Invalid, NotVisible, WrongState
from planning.web.frame import person


def watchlists(request: HttpRequest) -> HttpResponse:
    """Every list with what it says; add a list."""
    form = WatchlistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_watchlist(by=person(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{made.name}” is kept from now on.")
            return redirect("watchlist", made.pk)
    context = frame(request, "watchlists") | {
        "lists": reads.watchlists(),
        "retired": Watchlist.objects.filter(retired_at__isnull=False),
        "form": form,
    }
    return render(request, "assessments/watchlists.html", context, status=_status(form))


def watchlist(request: HttpRequest, pk: int) -> HttpResponse:
    """One list with what it says and said; edit what it is."""
    found = _list(pk)
    if request.method != "POST":
        return _page(request, found)
    form = EditWatchlistForm(request.POST)
    if form.is_valid():
        try:
            actions.save_watchlist(watchlist=found, by=person(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
            found = _list(pk)
        else:
            messages.success(request, "The list is saved.")
            return redirect("watchlist", pk)
    return _page(request, found, form=form)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what a list says of a country; what it said before is kept."""
    found = _list(pk)
    form = ListingForm(request.POST, auto_id="listing_%s")
    if form.is_valid():
        try:
            made = actions.list_country(watchlist=found, by=person(request), **form.cleaned_data)
        except (Invalid, WrongState) as error:
            form.refuse(error)
        else:
            messages.success(request, f"{made.country.name} is entered.")
            return redirect("watchlist", pk)
    return _page(request, found, listing=form)


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a list no longer names a country."""
    found = Listing.objects.select_related("country", "watchlist").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    actions.end_listing(listing=found, by=person(request))
    messages.success(request, f"{found.country.name} is no longer on the list.")
    return redirect("watchlist", found.watchlist_id)


def _list(pk: int) -> Watchlist:
    found = Watchlist.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _status(*forms: WatchlistForm | ListingForm | None) -> int:
    return 400 if any(form is not None and form.errors for form in forms) else 200


def _page(
    request: HttpRequest, found: Watchlist, *, form: WatchlistForm | None = None,
    listing: ListingForm | None = None,
) -> HttpResponse:  # fmt: skip
    rows = reads.listings_of(found)
    stands = {n: getattr(found, n) for n in ("name", "owner", "own", "address", "note")}
    stands["retired"] = found.retired_at is not None
    context = frame(request, "watchlists") | {
        "list": found,
        "now": [row for row in rows if row.ended_at is None],
        "past": [row for row in rows if row.ended_at is not None],
        "form": form or EditWatchlistForm(initial=stands),
        "listing": listing
        or ListingForm(initial={"as_of": timezone.localdate()}, auto_id="listing_%s"),
    }
    return render(request, "assessments/watchlist.html", context, status=_status(form, listing))
