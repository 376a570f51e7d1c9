"""Addresses of the API."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from planning.api import due_outs, entries, files, govern, products, views

router = SimpleRouter()
for name, resource in (
    ("efforts", govern.EffortResource),
    ("steps", govern.StepResource),
    ("products", products.ProductResource),
    ("sections", products.SectionResource),
    ("versions", products.VersionResource),
    ("dissents", products.DissentResource),
    ("mandates", govern.MandateResource),
    ("due-outs", due_outs.DueOutResource),
    ("registers", entries.RegisterResource),
    ("formats", products.FormatResource),
    ("submissions", views.SubmissionResource),
    ("decisions", views.DecisionResource),
    ("renditions", files.RenditionResource),
    ("pictures", files.PictureResource),
    ("audit", views.AuditResource),
    ("organizations", views.OrganizationResource),
):
    router.register(name, resource, basename=name.removesuffix("s"))
router.register("entries", entries.EntryResource, basename="entry")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("v1/", include((router.urls, "api"), namespace="api")),
]
