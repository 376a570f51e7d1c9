"""One section with its editor: read, write, save, say that it is finished, be present."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe

from mapro.core.errors import Invalid, StaleSave, TooLarge
from mapro.core.models import Marking
from planning import actions, entries, ports, selectors
from planning.actions.section import gaps
from planning.models import SectionDraft
from planning.policies import access_section
from planning.products import prompts, richtext
from planning.registers import REGISTERS, Register
from planning.selectors import OutlineRow
from planning.web.frame import effort_context, perm, person, posted_number


def section(request: HttpRequest, slug: str, key: str, section: str) -> HttpResponse:
    """The section's page; with ``?json=1`` its text alone, for an editor that is behind."""
    found = access_section(person(request), slug, key, section, to=perm(request))
    if request.method == "POST":
        return _save(request, found)
    if "json" in request.GET:
        return JsonResponse({"body": found.body, **_saved(found)})
    return _page(request, found)


def complete(request: HttpRequest, slug: str, key: str, section: str) -> HttpResponse:
    """Mark the section as finished, or as open again."""
    found = access_section(person(request), slug, key, section, to=perm(request))
    done = request.POST.get("done") == "yes"
    try:
        actions.complete_section(section=found, done=done, by=person(request))
    except Invalid as error:
        found = access_section(person(request), slug, key, section, to=perm(request))
        return _page(request, found, error=error)
    messages.success(
        request, "This section is marked as finished." if done else "This section is open again."
    )
    return redirect("section", slug, key, section)


def presence(request: HttpRequest, slug: str, key: str, section: str) -> HttpResponse:
    """Say that I am here; learn who else is, and whether the text moved on."""
    found = access_section(person(request), slug, key, section, to=perm(request))
    here = actions.be_present(
        section=found, by=person(request), writes=request.POST.get("writes") == "1"
    )
    return JsonResponse({"present": here, **_saved(found)})


def _saved(found: SectionDraft) -> dict[str, Any]:
    at = found.updated_at
    return {
        "revision": found.revision,
        "saved_at": f"{at:%H:%M}Z" if at else "",
        "by": found.updated_by.post if found.updated_by else "",
        "at": at.isoformat() if at else "",
    }


def _save(request: HttpRequest, found: SectionDraft) -> HttpResponse:
    """Save; autosave gets JSON, the button gets the page."""
    autosave = request.headers.get("X-Autosave") == "1"
    try:
        saved = actions.save_section(
            section=found,
            body=request.POST.get("body", ""),
            revision=posted_number(request, "revision"),
            portion=request.POST.get("portion"),
            plain=request.POST.get("format") == "text",
            by=person(request),
        )
    except (StaleSave, TooLarge, Invalid) as error:
        if autosave:
            return JsonResponse(error.as_dict(), status=error.status)
        found.refresh_from_db()
        return _page(request, found, error=error, typed=request.POST.get("body", ""))
    if autosave:
        at = saved.updated_at or timezone.now()
        return JsonResponse(
            {
                "revision": saved.revision,
                "saved_at": f"{at:%H:%M}Z",
                "empty": not saved.body,
                "words": richtext.word_count(saved.body),
            }
        )
    return redirect(request.get_full_path())


def _page(
    request: HttpRequest,
    found: SectionDraft,
    error: StaleSave | TooLarge | Invalid | None = None,
    typed: str | None = None,
) -> HttpResponse:
    owner = found.product
    rows = selectors.outline(owner)
    place = next((i for i, r in enumerate(rows) if r.key == found.key), None)
    if place is None:
        messages.info(
            request,
            "The outline no longer has this section. What was written in it is kept, and comes "
            "back with it.",
        )
        return redirect("outline", owner.effort.slug, owner.key)
    definition = rows[place].outlined.section
    registers = ports.content_of(owner, definition)
    body = found.body if typed is None else typed
    plain = richtext.to_plain(body) if typed is None else None
    context = effort_context(request, owner.effort, "products", owner.step) | {
        "product": owner,
        "section": found,
        "row": rows[place],
        "title": definition.title_for(owner.effort.name),
        "rows": rows,
        "number_of": place + 1,
        "previous": rows[place - 1] if place else None,
        "next": rows[place + 1] if place + 1 < len(rows) else None,
        "prompt": prompts.prompt_or_general(owner.format, found.key),
        "markings": Marking.objects.all(),
        "words": richtext.word_count(found.body),
        "readable": mark_safe(found.body),  # noqa: S308 - sanitized when it was saved
        "registers": [
            (one, mark_safe(one.html), _behind(one.source))  # noqa: S308 - escaped
            for one in registers
        ],
        "gaps": gaps(found, registers),
        "field": body if plain is None else plain,
        "field_format": "html" if plain is None else "text",
        "error": error,
        **progress(rows),
    }
    if isinstance(error, StaleSave):
        context["yours"] = mark_safe(error.extra["yours"])  # noqa: S308 - cleaned by the action
        context["theirs"] = mark_safe(error.extra["theirs"])  # noqa: S308 - sanitized when saved
    return render(request, "planning/section.html", context, status=error.status if error else 200)


def _behind(source: str) -> list[Register]:
    """The registers that a source reads, where its facts are changed."""
    return [REGISTERS[key] for key in entries.registers_behind([source]) if key in REGISTERS]


def progress(rows: Sequence[OutlineRow]) -> dict[str, int]:
    """How many sections are written, finished, and required but empty."""
    return {
        "written": sum(r.has_text for r in rows),
        "finished": sum(r.complete for r in rows),
        "owed": sum(r.missing for r in rows),
    }
