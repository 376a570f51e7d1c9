"""MAPRO: wiring of the site. The Celery application is loaded with Django."""

from mapro.celery import app as celery_app

__all__ = ["celery_app"]
