"""Administration."""

from django.urls import path

from mapro.core import web

urlpatterns = [
    path("users/", web.users, name="users"),
    path("users/new/", web.user_edit, name="user-add"),
    path("users/<int:pk>/", web.user_edit, name="user-edit"),
    path("organizations/", web.organizations, name="organizations"),
    path("organizations/new/", web.organization_edit, name="organization-add"),
    path("organizations/<int:pk>/", web.organization_edit, name="organization-edit"),
]
