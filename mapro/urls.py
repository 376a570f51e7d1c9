"""The site map."""

from django.urls import include, path

from mapro.core import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("mapro.core.account_urls")),
    path("administration/", include("mapro.core.urls")),
    path("api/", include("planning.api.urls")),
    path("", include("assessments.urls")),
    path("", include("dime.urls")),
    path("", include("planning.web.urls")),
]
