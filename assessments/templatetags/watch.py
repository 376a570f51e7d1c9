"""Template tags of the watch: drawings, levels, what an alert says."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from assessments.models import Alert
from assessments.selectors import Period
from assessments.vocabulary import FrameKey, Level, Trend, Violence
from mapro.core.drawing.svg import Drawing
from mapro.core.templatetags.mapro import icon

register = template.Library()

# Glyph and look of each level: never a color alone.
_LEVELS: Mapping[str, tuple[str, str]] = {
    Level.UNKNOWN: ("not-started", "not-started"),
    Level.NONE: ("check", "approved"),
    Level.EARLY: ("drafting", "drafting"),
    Level.CLEAR: ("stale", "late"),
    Level.ACUTE: ("stop", "returned"),
}
_TRENDS: Mapping[str, tuple[str, str]] = {
    Trend.WORSE: ("up", "getting worse"),
    Trend.SAME: ("flat", "unchanged"),
    Trend.BETTER: ("down", "getting better"),
}


@register.filter
def drawn(picture: Drawing) -> SafeString:
    """A drawing as it stands in a page: SVG whose every text its maker has escaped."""
    return mark_safe(picture.svg)  # noqa: S308 - written by mapro.core.drawing alone


@register.simple_tag
def level(value: str, count: int | None = None) -> SafeString:
    """A level as glyph and word, with ``count`` before the word if there is one."""
    known = value if value in Level.values else Level.UNKNOWN
    glyph, look = _LEVELS[known]
    words = Level(known).label
    return format_html(
        '<span class="state {}">{}{}</span>', look, icon(glyph),
        words if count is None else f"{count} {words.lower()}",
    )  # fmt: skip


@register.filter
def trend(value: str) -> SafeString | str:
    """A trend as arrow and word; nothing for an unknown one."""
    if value not in _TRENDS:
        return ""
    glyph, words = _TRENDS[value]
    return format_html('<span class="nowrap">{} {}</span>', icon(glyph), words)


@register.filter
def frame_name(value: str) -> str:
    """The name of a frame."""
    return FrameKey(value).label


@register.filter
def says(alert: Alert) -> str:
    """What an alert says, without the country's name before it."""
    return alert.words.removeprefix(f"{alert.country.name}: ")


@register.filter
def where(evidence: Mapping[str, object]) -> str:
    """The page of a piece of evidence."""
    kind, pk = evidence["kind"], evidence["id"]
    if kind == "event":
        return reverse("watch-event", args=[pk])
    if kind == "report":
        return reverse("watch-report", args=[pk])
    return reverse("watch-rated", args=[pk])


@register.filter
def rests_on(alert: Alert) -> str:
    """“3 ratings, 1 report”: what an alert names as evidence."""
    kinds = [str(e["kind"]) for e in alert.evidence]
    counted = [(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    return ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in counted)


@register.filter
def violence(value: str) -> str:
    """A type of violence in words."""
    return Violence(value).label


@register.filter
def best(period: Period, kind: str) -> int:
    """Deaths of one type of violence in a period, best estimate."""
    return period.by_type[kind].best if kind in period.by_type else 0


@register.filter
def figure(value: int) -> str:
    """A number with its thousands parted."""
    return f"{value:,}"
