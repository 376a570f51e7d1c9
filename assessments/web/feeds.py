"""Feeds: where events come from, and how far they reach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.web.frame import frame
from assessments.web.overview import feeds_now


def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds in use and how fresh each is."""
    context = frame(request, "feeds") | {"feeds": feeds_now()}
    return render(request, "assessments/feeds.html", context)
