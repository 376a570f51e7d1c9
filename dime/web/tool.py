"""One tool: everything that is known of it, its versions, notes on how it fared, its forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from dime.actions import tool as acts
from dime.models import Tool, ToolNote
from dime.policies import keeper, keeps, planner
from dime.selectors import toolbox as reads
from dime.web.tool_forms import POINTS, EditToolForm, NoteForm, ReasonForm, ToolForm
from dime.web.toolbox import frame
from dime.words import LABELS, in_words, judged
from mapro.core.errors import Invalid, NotVisible, StaleSave, WrongState
from mapro.core.models import Marking
from planning.actions.words import lines
from planning.models import Effort
from planning.policies import access_effort
from planning.vocabulary import Perm
from planning.web.frame import person

ASIDE = (
    "targets", "incentive", "purposes", "lead_agencies", "lead_time", "authority",
    "needs_authority", "cost", "risk", "intrusiveness", "reversible",
)  # fmt: skip


def tool(request: HttpRequest, key: str) -> HttpResponse:
    """One tool; as an effort's situation shades it, if the address names one."""
    return _page(request, _tool(request, key))


def add(request: HttpRequest) -> HttpResponse:
    """Add a tool of one's own organization."""
    user = planner(person(request))
    form = ToolForm(
        request.POST or None,
        initial={name: request.GET.get(name) for name in ("element", "approach")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.add_tool(by=user, **form.said())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{made.name}” is in the toolbox.")
            return redirect(made)
    context = frame("add") | {
        "form": form, "heading": "Add a tool", "verb": "Add it to the toolbox",
        "lead": _owner(user.organization),
    }  # fmt: skip
    return render(request, "dime/tool_form.html", context, status=400 if form.errors else 200)


def _owner(organization: Any) -> str:
    if organization is None:
        return "Your account belongs to no organization, so it cannot add tools."
    return (
        f"It becomes a tool of {organization.name}, whose people keep it. Everybody who plans "
        "sees it."
    )


def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is known of a tool; the text before stays as a version."""
    found = _tool(request, key)
    keeper(person(request), found.organization)
    if found.retired_at is not None:
        raise WrongState("This tool was retired. Bring it back first.")
    form = EditToolForm(request.POST or None, tool=found)
    stale: StaleSave | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.edit_tool(
                tool=found, version=form.cleaned_data["version"], why=form.cleaned_data["why"],
                by=person(request), **form.said(),
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        except StaleSave as error:
            stale = error
            form.data = _caught_up(request, form, found)
        else:
            words = "is saved" if made.version != found.version else "says that already"
            messages.success(request, f"“{made.name}” {words}.")
            return redirect(made)
    form.initial["version"] = found.version
    context = frame("tool") | {
        "form": form, "tool": found, "heading": f"Edit “{found.name}”", "verb": "Save",
        "lead": f"The text as it stands now stays as version {found.version}.", "stale": stale,
    }  # fmt: skip
    status = 409 if stale else 400 if form.errors else 200
    return render(request, "dime/tool_form.html", context, status=status)


def _caught_up(request: HttpRequest, form: EditToolForm, found: Tool) -> QueryDict:
    """What was typed, from the version that stands now: saved once more it takes back nothing
    that others changed elsewhere in the tool. Two queries."""
    now = Tool.objects.get(pk=found.pk)
    base = now.versions.get(number=form.cleaned_data["version"]).data
    typed, sent = form.said(), request.POST.copy()
    for name, value in typed.items():
        theirs = getattr(now, name)
        mine = lines(value) if name in POINTS else value
        if mine == base[name] and theirs != base[name]:
            if name in POINTS:
                sent[name] = "\n".join(theirs)
            elif isinstance(theirs, list):
                sent.setlist(name, theirs)
            elif isinstance(theirs, bool):
                sent.setlist(name, ["on"] if theirs else [])
            else:
                sent[name] = str(theirs)
    sent["version"] = str(now.version)
    return sent


def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a tool out of use."""
    found = _tool(request, key)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            acts.retire_tool(tool=found, why=form.cleaned_data["why"], by=person(request))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The tool is retired. Measures that use it still name it.")
            return redirect(found)
    keeper(person(request), found.organization)
    return _page(request, found, retiring=form)


def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Bring a retired tool back."""
    made = acts.restore_tool(tool=_tool(request, key), by=person(request))
    messages.success(request, "The tool is back in the toolbox.")
    return redirect(made)


def add_note(request: HttpRequest, key: str) -> HttpResponse:
    """Say how a tool fared before."""
    found = _tool(request, key)
    form = NoteForm(request.POST or None, initial={"marking": Marking.objects.first()})
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_note(tool=found, by=person(request), **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The note is entered.")
            return redirect(found)
    context = frame("tool") | {
        "form": form, "tool": found, "heading": f"How “{found.name}” fared",
        "verb": "Enter the note",
        "lead": "One use of it, what came of it, and who says so. Everybody who plans reads it.",
    }  # fmt: skip
    return render(request, "dime/tool_form.html", context, status=400 if form.errors else 200)


def retire_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note out of use."""
    planner(person(request))
    note = ToolNote.objects.select_related("tool", "organization").filter(pk=pk).first()
    if note is None:
        raise NotVisible
    form = ReasonForm(request.POST, prefix=f"note-{pk}")
    if form.is_valid():
        try:
            acts.retire_note(note=note, why=form.cleaned_data["why"], by=person(request))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, "The note is retired and stays on record.")
            return redirect(note.tool)
    return _page(request, _tool(request, note.tool.key), note_form=(pk, form))


def _tool(request: HttpRequest, key: str) -> Tool:
    planner(person(request))
    found = reads.tool_of(key)
    if found is None:
        raise NotVisible
    return found


def _page(
    request: HttpRequest, found: Tool, *, retiring: ReasonForm | None = None,
    note_form: tuple[int, ReasonForm] | None = None,
) -> HttpResponse:  # fmt: skip
    user = person(request)
    slug = request.GET.get("effort", "")
    effort: Effort | None = access_effort(user, slug, to=Perm.REGISTER_VIEW) if slug else None
    page = reads.tool_page(found, user)
    markings = [note.marking for note in page.notes]
    markings += [row.portion for rows in page.uses.values() for row in rows]
    markings += [one.marking for one in page.uses]
    wrong = note_form[0] if note_form else None
    context = frame("tool", effort, markings) | {
        "tool": found, "page": page, "effort_of": effort,
        "row": reads.shaded(found, reads.readings_of(effort)) if effort else None,
        "facts": [(LABELS[n], in_words(n, getattr(found, n), page.names), judged(found, n))
                  for n in ASIDE],
        "goes_judged": judged(found, "goes_with"),
        "keeps": keeps(user, found.organization),
        "retiring": retiring or ReasonForm(), "refused": retiring is not None,
        "notes": [
            (
                note, acts.may_retire(note, user) and note.retired_at is None,
                note_form[1] if note_form and note.pk == wrong
                else ReasonForm(prefix=f"note-{note.pk}"), note.pk == wrong,
            )
            for note in page.notes
        ],
    }  # fmt: skip
    status = 400 if retiring is not None or note_form else 200
    return render(request, "dime/tool.html", context, status=status)
