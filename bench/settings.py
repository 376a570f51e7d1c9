"""MAPRO's settings with the floor's routes beside it and the queries counted in a header."""

from mapro.settings import *  # noqa: F403
from mapro.settings import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["*"]
MIDDLEWARE = ["bench.floor.CountQueries", *MIDDLEWARE]
