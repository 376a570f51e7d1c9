"""Administration of people and organizations, and the page for a stale form."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mapro.core import actions
from mapro.core.errors import Invalid, NotVisible
from mapro.core.forms import OrganizationForm, UserForm
from mapro.core.models import Organization, User

PAGE = 50  # rows


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened in another sign-in; what was typed can be sent again."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)


def users(request: HttpRequest) -> HttpResponse:
    """People by post, 50 a page by key, with a filter."""
    query = request.GET.get("q", "").strip()
    rows = User.objects.select_related("organization").order_by("post", "pk")
    if query:
        rows = rows.filter(
            Q(post__icontains=query)
            | Q(email__icontains=query)
            | Q(organization__name__icontains=query)
        )
    after = request.GET.get("after", "")
    last = User.objects.filter(pk=after).first() if after.isdigit() else None
    if last is not None:
        rows = rows.filter(Q(post__gt=last.post) | Q(post=last.post, pk__gt=last.pk))
    found = list(rows[: PAGE + 1])
    context = {
        "users": found[:PAGE],
        "query": query,
        "next_after": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "core/users.html", context | {"tab": "users", "place": "administration"})


def user_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a person or change the account."""
    user = _found(User, pk)
    form = UserForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_user(
                by=cast(User, request.user),
                user=User.objects.get(pk=pk) if pk else None,
                password=form.cleaned_data["password"],
                **form.chosen(actions.USER_FIELDS),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, f"{saved.post} is saved.")
            return redirect("users")
    status = 400 if form.errors else 200
    context = {"form": form, "subject": user, "tab": "users", "place": "administration"}
    return render(request, "core/user_form.html", context, status=status)


def organizations(request: HttpRequest) -> HttpResponse:
    """The tree of organizations."""
    rows = list(Organization.objects.order_by("name"))
    children: dict[int | None, list[Organization]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    tree: list[tuple[int, Organization]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in children.get(parent, []):
            tree.append((depth, row))
            walk(row.pk, depth + 1)

    walk(None, 0)
    context = {"tree": tree, "tab": "organizations", "place": "administration"}
    return render(request, "core/organizations.html", context)


def organization_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an organization or change it."""
    organization = _found(Organization, pk)
    form = OrganizationForm(request.POST or None, request.FILES or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_organization(
                by=cast(User, request.user),
                organization=Organization.objects.get(pk=pk) if pk else None,
                seal=form.seal(),
                **form.chosen(actions.ORGANIZATION_FIELDS),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return redirect("organizations")
    status = 400 if form.errors else 200
    context = {
        "form": form, "subject": organization, "tab": "organizations", "place": "administration",
    }  # fmt: skip
    return render(request, "core/organization_form.html", context, status=status)


def _found(model: Any, pk: int | None) -> Any:
    if pk is None:
        return None
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found
