"""Template tags of options: where one stands, what a test says, a field in words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dime.selectors.board import Column
from dime.vocabulary import Standing
from mapro.core.templatetags.mapro import icon
from planning.templatetags.registers import state

register = template.Library()

# Glyph and look of each judgment of a test: never a color alone.
_JUDGED = {
    "yes": ("check", "approved"),
    "in_part": ("drafting", "late"),
    "no": ("stop", "returned"),
    "": ("not-started", "not-started"),
}


@register.simple_tag
def standing(value: Standing) -> SafeString:
    """Where an option stands: a glyph and its word."""
    return state(str(value), str(value.label))


@register.simple_tag
def judged(value: str, words: str) -> SafeString:
    """What a test of an option found: a glyph and its word."""
    glyph, look = _JUDGED[value]
    return format_html(
        '<span class="state {}">{}{}</span>', look, icon(glyph), words or "Not judged"
    )


@register.simple_tag
def said(column: Column, key: str) -> str:
    """A field of an option in words."""
    return column.said(key)
