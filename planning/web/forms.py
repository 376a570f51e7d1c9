"""Forms of planning. They read input; the actions decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from mapro.core.errors import Invalid
from mapro.core.models import Marking, Organization, User
from planning import framework, selectors
from planning.models import Effort
from planning.vocabulary import EffortKind, Role

TEAM_ROLES = (Role.LEAD, Role.MEMBER, Role.BOARD, Role.AUTHORITY)


class RefusableForm(forms.Form):
    """A form that can show what an action refused, at the fields concerned."""

    def refuse(self, error: Invalid) -> None:
        """Put an action's messages beside their fields."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, message)


def _due_field(number: int) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=f"Step {number} decision due",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Give a date and a time, in Zulu."},
    )


class EffortForm(RefusableForm):
    """What an effort says of itself, and its timeline (times in Zulu)."""

    name = forms.CharField(label="Name", max_length=120, help_text="Such as the country's name.")
    country = forms.CharField(label="Country or region", max_length=120)
    situation = forms.CharField(
        label="Situation", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What raised the concern, in a sentence or two.",
    )  # fmt: skip
    goal = forms.CharField(
        label="Purpose of the planning", max_length=1_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="Planning", choices=[(k.value, k.label) for k in EffortKind])

    def __init__(self, *args: Any, effort: Effort | None = None, **kwargs: Any) -> None:
        """With ``effort`` the form starts from what stands."""
        if effort is not None:
            kwargs["initial"] = {
                name: getattr(effort, name)
                for name in ("name", "country", "situation", "goal", "kind")
            } | {f"due_{s.number}": s.due_at for s in effort.steps.all()}
        super().__init__(*args, **kwargs)
        for step in framework.STEPS:
            if step.gated:
                self.fields[f"due_{step.number}"] = _due_field(step.number)

    def due(self) -> dict[int, datetime | None]:
        """When each step's decision is due."""
        return {s.number: self.cleaned_data[f"due_{s.number}"] for s in framework.STEPS if s.gated}

    def described(self) -> dict[str, Any]:
        """The effort's own fields."""
        names = ("name", "country", "situation", "goal")
        return {n: self.cleaned_data[n] for n in names} | {
            "kind": EffortKind(self.cleaned_data["kind"])
        }


class OpenEffortForm(EffortForm):
    """Open an effort."""

    marking = forms.ModelChoiceField(
        label="Marking of new sections", queryset=Marking.objects.all(), empty_label=None
    )
    organization = forms.ModelChoiceField(
        label="Lead agency", queryset=Organization.objects.filter(is_active=True), required=False,
        help_text="Leave it empty for your own organization.",
    )  # fmt: skip
    exercise = forms.BooleanField(label="This is an exercise", required=False)


class MemberForm(RefusableForm):
    """Put a person on the team."""

    user = forms.ModelChoiceField(
        label="Post", queryset=User.objects.none(), empty_label="Choose a post",
        error_messages={"invalid_choice": "Choose a post from the list."},
    )  # fmt: skip
    role = forms.ChoiceField(label="Role", choices=[(r.value, r.label) for r in TEAM_ROLES])
    organization = forms.ModelChoiceField(
        label="For agency", queryset=Organization.objects.filter(is_active=True), required=False,
        help_text="Leave it empty for the person's own.",
        error_messages={"invalid_choice": "There is no such organization; choose one of the list."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = selectors.candidates()  # type: ignore[attr-defined]
