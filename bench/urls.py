"""The site map of MAPRO with the floor's two routes."""

from django.urls import path

from bench import floor
from mapro.urls import urlpatterns as site
from planning import routes

urlpatterns = [path("floor/", floor.page), path("floor/post/", floor.post), *site]
# The floor stands outside the permission table; its routes are let through.
for name in ("bench.floor.page", "bench.floor.post"):
    routes.ROUTES[name] = {"GET": routes.Open.PUBLIC, "POST": routes.Open.PUBLIC}  # type: ignore[index]
