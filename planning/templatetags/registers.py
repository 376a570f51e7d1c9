"""Template tags of registers: cells as the table shows them, and what a form offers."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mapro.core.templatetags.mapro import icon, zulu
from planning.models import Entry
from planning.registers import Field
from planning.registers.values import pieces

register = template.Library()

NOTHING = SafeString("")
SHOWN = 160  # characters of a cell; the entry's page has the rest
# The glyph and the color of words that acts set; others are only a note.
STATES = {
    "proposed": ("drafting", "drafting"),
    "open": ("drafting", "drafting"),
    "approved": ("approved", "approved"),
    "validated": ("check", "approved"),
    "answered": ("check", "approved"),
    "met": ("check", "approved"),
    "invalidated": ("stop", "returned"),
    "rejected": ("returned", "returned"),
    "dropped": ("closed", "closed"),
    "recommended": ("with-board", "with-board"),
    "adopted": ("approved", "approved"),
    "set_aside": ("closed", "closed"),
}


@register.simple_tag
def entry_cell(
    entry: Entry, field: Field, words: str, editable: bool = True, again: bool = False,
    base: str = "",
) -> SafeString:  # fmt: skip
    """One cell of the table. The first is the row's header: the title, linked, with its number.

    ``words`` are the value as people read it; ``again`` flags an entry to look at again. ``base``
    is the address of the register, if the page knows it.
    """
    fixed = NOTHING if editable else SafeString(" data-fixed")
    if field.key == entry.definition.title.key:
        base = base or reverse("register", args=[entry.effort.slug, entry.register])
        return format_html(
            '<th role="rowheader" scope="row"{}><span class="label">{}</span> <a href="{}{}/">{}</a>{}</th>',
            fixed, entry, base, entry.number, words, look_again() if again else "",
        )  # fmt: skip
    if field.act and words:
        said: str = state(str(entry.value(field.key) or ""), words)
    else:
        said = escape(words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…")
    return SafeString(f'<td role="cell"{fixed}>{said}</td>')


# One tag for a row: a table has hundreds of cells, and a template would take three times as long.
@register.simple_tag
def entry_row(
    entry: Entry, cells: Iterable[tuple[Field, str, bool]], again: bool, edits: bool, retired: bool
) -> SafeString:
    """One row of the table; ``cells`` are each column's field, words and whether it opens."""
    shown = [entry_cell(entry, field, words, opens, again, "./") for field, words, opens in cells]
    if retired:
        shown.append(
            format_html('<td role="cell">{}: {}</td>', zulu(entry.retired_at), entry.retired_why)
        )
    star = ("★ Highlight", "no", "true") if entry.highlight else ("☆ Highlight", "yes", "false")
    if edits:
        acts = format_html(
            '<button class="star" type="submit" form="marks" formaction="{1}/highlight/" name="on" '
            'value="{3}" aria-pressed="{4}">{2}<span class="sr"> {0}</span></button>'
            '<a href="{1}/">Edit<span class="sr"> {0}</span></a>', entry, entry.number, *star,
        )  # fmt: skip
    else:
        acts = format_html('<span class="star">{}</span>', star[0]) if entry.highlight else NOTHING
    return format_html(
        '<tr role="row" id="e-{0}" data-number="{0}">{1}<td role="cell" class="acts"><span class="portion">{2}</span>'
        "{3}</td></tr>", entry.number, SafeString("".join(shown)), entry.portion.portion, acts,
    )  # fmt: skip


@register.simple_tag
def look_again() -> SafeString:
    """The flag of an entry that somebody has to look at again."""
    return format_html(' <span class="state late">{}Look again</span>', icon("stale"))


@register.simple_tag
def state(value: str, words: str) -> SafeString:
    """What an act has set: a glyph and its word."""
    glyph, look = STATES.get(value, ("info", "drafting"))
    return format_html('<span class="state {}">{}{}</span>', look, icon(glyph), words)


@register.filter
def css_string(text: str) -> SafeString:
    """Text between the quotation marks of a style sheet."""
    return SafeString("".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text))


@register.filter
def among(label: str, words: str) -> bool:
    """Whether a label is one of those that stand in a cell, parted by semicolons."""
    return label.casefold() in {part.casefold() for part in pieces(words or "")}
