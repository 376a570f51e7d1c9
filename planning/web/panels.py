"""What register apps add to the page of their entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from planning.models import Entry


@dataclass(frozen=True)
class Panel:
    """A template at the head of an entry's page, and what it shows beside the page's own."""

    template: str
    context: Callable[[HttpRequest, Entry], dict[str, Any]]


PANELS: dict[str, Panel] = {}  # by register
