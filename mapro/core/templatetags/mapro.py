"""Template tags of the site: icons, times in Zulu, form fields."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# What the codes of the audit trail say in a sentence: “Lead planner, CSO” + words + label.
AUDIT_WORDS = {
    "effort.opened": "opened the effort",
    "effort.edited": "edited the effort",
    "effort.crisis_declared": "declared crisis planning for",
    "effort.crisis_ended": "ended crisis planning for",
    "effort.forked": "forked the effort into",
    "mandate.delegated": "let stand in",
    "mandate.recused": "stands aside:",
    "mandate.ended": "ended a",
    "entry.added": "entered",
    "entry.edited": "changed",
    "entry.highlighted": "made a highlight of",
    "entry.dimmed": "took the highlight from",
    "entry.moved": "moved",
    "entry.reviewed": "looked again at",
    "entry.retired": "retired",
    "entry.restored": "brought back",
    "entries.taken_in": "took in rows of",
    "assumption.approved": "approved",
    "assumption.validated": "found true",
    "assumption.invalidated": "found untrue",
    "option.recommended": "recommended",
    "option.withdrawn": "took back the recommendation of",
    "option.adopted": "adopted",
    "option.set_aside": "set aside",
    "option.copied": "copied an option into",
    "warning.overruled": "overruled a warning about",
    "overruling.ended": "let a warning count again about",
    "effort.country_added": "tied a country to the effort:",
    "effort.country_removed": "untied a country from the effort:",
    "due_out.given": "gave",
    "due_out.assigned": "assigned",
    "due_out.settled": "settled",
    "due_out.reopened": "opened again",
    "team.added": "put on the team",
    "team.removed": "took off the team",
    "section.saved": "saved",
    "section.completed": "marked as finished",
    "section.reopened": "opened again",
    "product.started": "started",
    "product.tailored": "tailored the outline of",
    "picture.added": "added the picture",
    "version.frozen": "froze",
    "version.restored": "restored",
    "dissent.entered": "entered",
    "dissent.flagged": "raised a red flag with",
    "dissent.cosigned": "co-signed",
    "dissent.cosignature_withdrawn": "took back the co-signature of",
    "dissent.answered": "answered",
    "dissent.ruled": "ruled on",
    "dissent.withdrawn": "withdrew",
    "format.saved": "saved the format",
    "format.retired": "retired the format",
    "step.opened": "opened",
    "step.submitted": "submitted to the board",
    "step.withdrawn": "withdrew the submission of",
    "step.settled": "settled how to decide",
    "step.raised": "raised to a higher level",
    "step.lowered": "gave back to the effort's authority",
    "step.reopened": "reopened",
    "step.said": "recorded a verbal approval of",
    "step.at_risk": "started at risk",
    "step.reminded": "reminded the board of",
    "step.approved": "approved",
    "step.returned": "returned with guidance",
    "vote.cast": "voted on",
    "rendition.requested": "asked for the file of",
    "rendition.retried": "asked again for the file of",
    "rendition.cancelled": "cancelled the file of",
    "rendition.made": "made the file of",
    "rendition.failed": "could not make the file of",
    "user.added": "made the account of",
    "user.edited": "changed the account of",
    "organization.added": "added the organization",
    "organization.edited": "changed the organization",
}
DAY = 86_400  # seconds
HOUR = 3_600


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str, label: str = "") -> SafeString:
    """A glyph of the sprite; with ``label`` it is read aloud, else it is decoration."""
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="ic" {} viewBox="0 0 16 16"><use href="#i-{}"/></svg>',
        role if label else SafeString(role), name,
    )  # fmt: skip


@register.filter
def zulu(at: datetime | str | None) -> SafeString | str:
    """“19 Nov 14:32Z” as a <time>; the year too when it is not this one."""
    if not at:
        return ""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    at = at.astimezone(timezone.get_default_timezone())
    year = f" {at.year}" if at.year != timezone.now().year else ""
    words = f"{at.day} {at:%b}{year} {at:%H:%M}Z"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), words)


@register.filter
def time_left(at: datetime | None) -> str:
    """“25 h 28 min”, “3 days 4 h”, or “12 min late”."""
    if at is None:
        return ""
    seconds = int((at - timezone.now()).total_seconds())
    late = seconds < 0
    days, rest = divmod(abs(seconds), DAY)
    hours, minutes = rest // HOUR, rest % HOUR // 60
    if days > 2:  # noqa: PLR2004 - below three days hours are counted
        words = f"{days} days {hours} h"
    elif days or hours:
        words = f"{days * 24 + hours} h {minutes} min"
    else:
        words = f"{minutes} min"
    return f"{words} late" if late else words


@register.filter
def audit_words(code: str) -> str:
    """An audit code in words; the code itself if it has none."""
    return AUDIT_WORDS.get(code, code)


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """The value of a mapping under a key that the template computes; nothing without it."""
    return mapping.get(key, ())


@register.filter
def hash_groups(value: str) -> str:
    """A hash in groups of eight, as people compare it."""
    return " ".join(value[i : i + 8] for i in range(0, len(value), 8))


@register.inclusion_tag("_components/field.html")
def field(bound: Any, kind: str = "") -> dict[str, Any]:
    """A form field with its label, hint and errors, joined for screen readers."""
    widget = bound.field.widget
    name = type(widget).__name__
    described = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-error")
    classes = {
        "Select": "usa-select", "Textarea": "usa-textarea", "CheckboxInput": "usa-checkbox__input",
    }  # fmt: skip
    attrs: dict[str, Any] = {"class": classes.get(name, "usa-input")}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "checkbox": name == "CheckboxInput",
    }
