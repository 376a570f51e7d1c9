"""Template tags of the framework."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from planning.models import Step
from planning.vocabulary import StepStatus

register = template.Library()


@register.simple_tag
def step_strip(steps: Iterable[Step]) -> SafeString:
    """The six steps in one line of a list: passed, now, still closed."""
    return _strip(tuple((step.number, step.status) for step in steps))


@lru_cache(maxsize=512)
def _strip(steps: tuple[tuple[int, str], ...]) -> SafeString:
    looks = {StepStatus.APPROVED: "done", StepStatus.RUNNING: "done", StepStatus.LOCKED: ""}
    items = format_html_join(
        "",
        '<li class="{}">{}<span class="sr"> {}</span></li>',
        (
            (looks.get(StepStatus(status), "now"), number, StepStatus(status).label)
            for number, status in steps
        ),
    )
    return format_html('<ol class="step-strip compact">{}</ol>', items)
