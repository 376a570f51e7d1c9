"""Forms of the toolbox. They read input; the actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from dime.actions.tool import FIELDS
from dime.models import Tool, ToolNote
from dime.vocabulary import (
    COSTS,
    INTRUSIVENESS,
    RISKS,
    Approach,
    Element,
    Incentive,
    LeadTime,
    Purpose,
    Reversible,
    Target,
)
from dime.words import LABELS
from mapro.core.models import Marking, Organization
from planning.web.forms import RefusableForm

Choices = Iterable[tuple[Any, Any]]
POINTS = ("prerequisites", "cautions")


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, within a fieldset that has the field's id, so that messages lead there."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The fieldset, or one box of it."""
        return id_ if index is None else super().id_for_label(id_, index)


def _words(field: str, most: int, *, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=LABELS[field], max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def _one(field: str, choices: Choices, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=LABELS[field], choices=[("", "Choose one"), *choices],
        error_messages={"required": f"{LABELS[field]}: choose one."}, **options,
    )  # fmt: skip


def _scale(field: str, scale: Mapping[int, str], **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=LABELS[field], choices=[("", "Choose one"), *((n, w) for n, w in scale.items())],
        coerce=int, error_messages={"required": f"{LABELS[field]}: choose one."}, **options,
    )  # fmt: skip


def _boxes(field: str, choices: Choices = (), **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=LABELS[field], choices=choices, widget=Boxes, required=False, **options
    )


class ToolForm(RefusableForm):
    """What is known of a tool."""

    name = forms.CharField(
        label=LABELS["name"], max_length=120, help_text="As people of the agency call it.",
        error_messages={"required": "Give the tool a name."},
    )  # fmt: skip
    element = _one("element", Element.choices)
    approach = _one("approach", Approach.choices, help_text="Where it is most at home.")
    summary = _words(
        "summary", 2_000, help_text="What it is and what it may achieve, in a sentence or two.",
        error_messages={"required": "Say what it is and what it may achieve."},
    )  # fmt: skip
    targets = _boxes(
        "targets", Target.choices, help_text="Nothing ticked: a measure inside the U.S. Government."
    )
    purposes = _boxes("purposes", Purpose.choices)
    incentive = _one("incentive", Incentive.choices)
    authority = forms.CharField(
        label=LABELS["authority"], max_length=300,
        help_text="The law, order or decision on which it rests. “Counsel to confirm” is an answer.",
        error_messages={"required": "Say on which authority it rests."},
    )  # fmt: skip
    needs_authority = forms.BooleanField(label=LABELS["needs_authority"], required=False)
    lead_agencies = _boxes("lead_agencies")
    lead_time = _one("lead_time", LeadTime.choices)
    cost = _scale("cost", COSTS)
    risk = _scale("risk", RISKS)
    intrusiveness = _scale("intrusiveness", INTRUSIVENESS)
    reversible = _one("reversible", Reversible.choices)
    prerequisites = _words(
        "prerequisites", 8_000, required=False, help_text="What must be there first, one a line."
    )
    cautions = _words("cautions", 8_000, required=False, help_text="What to heed, one a line.")
    goes_with = _boxes("goes_with")
    note = _words("note", 2_000, rows=2, required=False)
    cite = forms.CharField(
        label=LABELS["cite"], max_length=200, required=False,
        help_text="Doctrine, a manual, a lesson learned.",
    )  # fmt: skip

    def __init__(self, *args: Any, tool: Tool | None = None, **kwargs: Any) -> None:
        """Offers agencies by name and tools in the order of the grid; one query each."""
        if tool is not None:
            stands = {name: getattr(tool, name) for name in FIELDS}
            kwargs["initial"] = stands | {name: "\n".join(stands[name]) for name in POINTS}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        held = set(tool.lead_agencies) if tool else set()
        fields["lead_agencies"].choices = [
            (row.code, f"{row.acronym}, {row.name}" if row.acronym else row.name)
            for row in Organization.objects.all()
            if row.is_active or row.code in held
        ]
        near = set(tool.goes_with) if tool else set()
        fields["goes_with"].choices = [
            (row.key, row.label)
            for row in Tool.objects.only("key", "name", "element", "approach", "retired_at")
            if (row.retired_at is None or row.key in near) and (tool is None or row.pk != tool.pk)
        ]

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class EditToolForm(ToolForm):
    """The same for a tool that is there."""

    why = forms.CharField(
        label="Why it changes", max_length=1_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The versions of the tool show it.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class NoteForm(RefusableForm):
    """How a tool fared where it was used."""

    where = forms.CharField(
        label="Where it was used", max_length=160, help_text="Country or region, and against what.",
        error_messages={"required": "Say where it was used."},
    )  # fmt: skip
    when = forms.CharField(label="When", max_length=60, required=False)
    outcome = forms.ChoiceField(
        label="What came of it", choices=[("", "Choose one"), *ToolNote.Outcome.choices],
        error_messages={"required": "Choose what came of it; “not known” is an answer."},
    )  # fmt: skip
    text = forms.CharField(
        label="What was done, and what it shows", max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was done and what came of it."},
    )  # fmt: skip
    source = forms.CharField(
        label="Source", max_length=300, help_text="Where this is written, or who says so.",
        error_messages={"required": "Say where this is written, or who says so."},
    )  # fmt: skip
    marking = forms.ModelChoiceField(
        label="Marking", queryset=Marking.objects.all(), empty_label=None,
        error_messages={"invalid_choice": "Choose a marking of the list."},
    )  # fmt: skip


class ReasonForm(RefusableForm):
    """A reason for an act."""

    why = forms.CharField(
        label="Reason", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why."},
    )  # fmt: skip
