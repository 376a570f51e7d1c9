"""The Celery application. Every background job runs through ``mapro.core.tasks``."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapro.settings")

TRANSPORT_ALIASES["mapro-file"] = "mapro.core.filebroker:Transport"

app = Celery("mapro")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
