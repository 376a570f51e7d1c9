"""The team of an effort, by agency and role."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, selectors
from planning.models import Effort
from planning.policies import access_effort
from planning.vocabulary import Role
from planning.web.forms import MemberForm
from planning.web.frame import effort_context, perm, person


def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who plans, advises and decides."""
    return _page(request, access_effort(person(request), slug, to=perm(request)), MemberForm())


def team_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a person on the team."""
    form = MemberForm(request.POST)
    with atomic():
        effort = access_effort(person(request), slug, to=perm(request), lock=True)
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                actions.add_member(
                    effort=effort, user=chosen["user"], role=Role(chosen["role"]),
                    organization=chosen["organization"], by=person(request),
                )  # fmt: skip
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, f"{chosen['user'].post} is on the team.")
                return redirect("team", slug)
    return _page(request, effort, form)


def team_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a role back."""
    with atomic():
        effort = access_effort(person(request), slug, to=perm(request), lock=True)
        membership = effort.memberships.select_related("user").filter(pk=pk).first()
        if membership is None:
            raise NotVisible
        actions.remove_member(membership=membership, by=person(request))
    messages.success(request, f"{membership.user.post} is no longer {membership.role}.")
    return redirect("team" if membership.user_id != request.user.pk else "my-work", *(
        [slug] if membership.user_id != request.user.pk else []
    ))  # fmt: skip


def _page(request: HttpRequest, effort: Effort, form: MemberForm) -> HttpResponse:
    context = effort_context(request, effort, "team")
    context |= {"members": selectors.team_of(effort), "form": form}
    return render(request, "planning/team.html", context, status=400 if form.errors else 200)
