"""Template tags of dissents: who, against what, and what was said to them."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from planning import sources
from planning.models import Dissent, Reply
from planning.products import richtext
from planning.vocabulary import ReplyKind, Ruling

register = template.Library()


@register.filter
def subject(dissent: Dissent) -> str:
    """What a dissent disputes, in words."""
    return sources.subject_of(dissent)


@register.filter
def speaker(said: Dissent | Reply) -> str:
    """For whom its author speaks: the organization, else the post."""
    return sources.speaker(said)


@register.filter
def subject_url(dissent: Dissent) -> str:
    """Where what it disputes can be read; empty for the course of the effort."""
    slug = dissent.effort.slug
    if dissent.submission is not None:
        number = dissent.submission.number
        return f"{reverse('step', args=[slug, dissent.submission.step.number])}#sub-{number}"
    if dissent.product is None:
        return ""
    key = dissent.product.key
    if any(o.section.key == dissent.section for o in dissent.product.definition.walk()):
        return reverse("section", args=[slug, key, dissent.section])
    return reverse("product", args=[slug, key])


@register.filter
def in_words(words: str) -> SafeString:
    """What somebody wrote, with its paragraphs and lists; markup in it is text."""
    return mark_safe(richtext.from_plain(words))  # noqa: S308 - sanitized


@register.filter
def cosignatures(dissent: Dissent) -> list[Reply]:
    """Who joined it, those too who took it back."""
    return [one for one in dissent.replies.all() if one.kind == ReplyKind.COSIGN]


@register.filter
def replies(dissent: Dissent) -> list[Reply]:
    """The lead's answers and the authority's rulings, in their order."""
    return [one for one in dissent.replies.all() if one.kind != ReplyKind.COSIGN]


@register.filter
def joined_by(dissent: Dissent, user: int) -> bool:
    """Whether the person with this key co-signs it."""
    return any(one.by_id == user and one.withdrawn_at is None for one in cosignatures(dissent))


@register.simple_tag
def rulings() -> tuple[Ruling, ...]:
    """How an authority may rule."""
    return tuple(Ruling)
