"""Addresses of the API."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from planning.api import views

router = SimpleRouter()
for name, resource in (
    ("effort", views.EffortResource),
    ("step", views.StepResource),
    ("product", views.ProductResource),
    ("section", views.SectionResource),
    ("version", views.VersionResource),
    ("submission", views.SubmissionResource),
    ("decision", views.DecisionResource),
    ("rendition", views.RenditionResource),
    ("audit", views.AuditResource),
    ("organization", views.OrganizationResource),
):
    router.register("audit" if name == "audit" else f"{name}s", resource, basename=name)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("v1/", include((router.urls, "api"), namespace="api")),
]
