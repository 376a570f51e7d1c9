"""Forms of planning. They read input; the actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms

from mapro.core.errors import Invalid, MaproError
from mapro.core.models import Marking, Organization, User
from planning import framework, selectors
from planning.actions.effort import MAX_CONFIRM
from planning.models import Effort, Membership, Step
from planning.policies import RULES
from planning.vocabulary import EffortKind, ForkKind, Origin, Perm, Role, StepStatus

TEAM_ROLES = (Role.LEAD, Role.MEMBER, Role.BOARD, Role.AUTHORITY, Role.ALTERNATE)

FORKS = {
    ForkKind.BRANCH: "Branch: another course, if conditions or assumptions change",
    ForkKind.SEQUEL: "Sequel: what comes after this plan succeeds, or fails",
}


class RefusableForm(forms.Form):
    """A form that can show what an action refused, at the fields concerned."""

    def refuse(self, error: MaproError) -> None:
        """Put an action's messages beside their fields; one that names no field before all."""
        fields = error.fields if isinstance(error, Invalid) else {"": error.message}
        for name, message in fields.items():
            self.add_error(name if name in self.fields else None, message)


def time_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateTimeField:
    """A date and a time in Zulu."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Give a date and a time, in Zulu."},
    )


def _reason(label: str, help_text: str = "") -> forms.CharField:
    """A short reason; the action says what is missing."""
    return forms.CharField(
        label=label, max_length=1_000, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


def _people(members: Iterable[Membership], roles: Iterable[Role]) -> list[tuple[str, str]]:
    """Active members in one of ``roles``, each once, as choices."""
    wanted = set(roles)
    found = {m.user_id: m.user for m in members if m.role in wanted and m.user.is_active}
    return sorted(((str(pk), user.post) for pk, user in found.items()), key=lambda c: c[1])


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

    said: tuple[str, ...] = ("name", "country", "situation", "goal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in framework.STEPS:
            if step.gated:
                self.fields[f"due_{step.number}"] = time_field(f"Step {step.number} decision due")

    def due(self) -> dict[int, datetime | None]:
        """When each step's decision is due."""
        return {s.number: self.cleaned_data[f"due_{s.number}"] for s in framework.STEPS if s.gated}

    def described(self) -> dict[str, Any]:
        """The effort's own fields."""
        return {name: self.cleaned_data[name] for name in self.said}


class EditEffortForm(EffortForm):
    """Edit an effort. Crisis planning is declared on its page, with a reason."""

    confirm_hours = forms.IntegerField(
        label="Hours to confirm a verbal approval", min_value=1, max_value=MAX_CONFIRM,
        help_text="After that the next gate waits for the decision in writing.",
    )  # fmt: skip
    said = (*EffortForm.said, "confirm_hours")

    def __init__(self, *args: Any, effort: Effort, **kwargs: Any) -> None:
        """The form starts from what stands."""
        stands = {name: getattr(effort, name) for name in self.said}
        due = {f"due_{s.number}": s.due_at for s in effort.steps.all()}
        super().__init__(*args, initial=stands | due, **kwargs)


class OpenEffortForm(EffortForm):
    """Open an effort."""

    kind = forms.TypedChoiceField(
        label="Planning", choices=[(k.value, k.label) for k in EffortKind], coerce=EffortKind
    )
    said = (*EffortForm.said, "kind")
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


class ForkForm(RefusableForm):
    """Fork an effort: what the fork is, where it starts, and why."""

    kind = forms.TypedChoiceField(
        label="The fork is a", choices=[("", "Choose one"), *((k.value, w) for k, w in FORKS.items())],
        coerce=ForkKind, error_messages={"required": "Choose branch or sequel."},
    )  # fmt: skip
    name = forms.CharField(
        label="Name", max_length=120, help_text="It becomes an effort of this name.",
        error_messages={"required": "Name the fork."},
    )  # fmt: skip
    at = forms.TypedChoiceField(
        label="It starts at", coerce=int,
        help_text="What was approved before is taken over; only approved steps can be.",
    )  # fmt: skip
    why = _reason("Reason", "What makes it a plan of its own.")

    def __init__(self, *args: Any, steps: Sequence[Step], **kwargs: Any) -> None:
        """``steps`` are those of the effort to fork, in order."""
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [  # type: ignore[attr-defined]
            (s.number, f"Step {s.number}. {s.title}") for s in starts_of(steps)
        ]


def starts_of(steps: Sequence[Step]) -> list[Step]:
    """The steps at which a fork can start: those whose earlier steps are approved."""
    found = []
    for step in steps:
        if step.definition.gated:
            found.append(step)
            if step.status != StepStatus.APPROVED:
                break
    return found


class DueOutForm(RefusableForm):
    """Give a due-out."""

    text = forms.CharField(
        label="What is to be done", max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be done."},
    )  # fmt: skip
    origin = forms.TypedChoiceField(
        label="It comes from", choices=[(o.value, o.label) for o in Origin if o.by_hand],
        coerce=Origin,
    )  # fmt: skip
    owner = forms.ChoiceField(label="Owed by", required=False)
    due_at = time_field("Due (Zulu)")
    step = forms.ChoiceField(label="For step", required=False)

    def __init__(
        self, *args: Any, members: Sequence[Membership], steps: Sequence[Step], **kwargs: Any
    ) -> None:
        """``members`` and ``steps`` are the effort's."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].choices = [("", "The lead planner"), *owners(members)]
        fields["step"].choices = [
            ("", "No step in particular"), *((str(s.number), f"Step {s.number}") for s in steps)
        ]  # fmt: skip
        self.users = {str(m.user_id): m.user for m in members}
        self.steps = {str(s.number): s for s in steps}

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data
        return {
            "text": chosen["text"], "origin": chosen["origin"], "due_at": chosen["due_at"],
            "owner": self.users.get(chosen["owner"]), "step": self.steps.get(chosen["step"]),
        }  # fmt: skip


def owners(members: Iterable[Membership]) -> list[tuple[str, str]]:
    """Who may owe a due-out, as choices."""
    return _people(members, RULES[Perm.DUE_OUT_DO].roles)


class DelegateForm(RefusableForm):
    """Let somebody act in the place of a seat or of the authority, for a period."""

    holder = forms.ChoiceField(label="In the place of")
    role = forms.TypedChoiceField(label="As", coerce=Role)
    to = forms.ChoiceField(
        label="Who stands in", help_text="Somebody on the team; the lead planner adds others first.",
    )  # fmt: skip
    step = forms.ChoiceField(label="In", required=False)
    starts_at = time_field("From (Zulu)", required=True)
    ends_at = time_field("Until (Zulu)", required=True)
    why = _reason("Reason")

    def __init__(
        self, *args: Any, members: Sequence[Membership], steps: Sequence[Step], me: User,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Offers what ``me`` may delegate: their own, and as lead the seats of the board."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        held = {m.role for m in members if m.user_id == me.pk}
        own = [r for r in (Role.BOARD, Role.AUTHORITY) if r in held]
        seats = _people(members, {Role.BOARD}) if Role.LEAD in held else []
        mine = [(str(me.pk), f"{me.post} (myself)")] if own else []
        roles = dict.fromkeys([*own, *([Role.BOARD] if seats else [])])
        fields["holder"].choices = mine + [c for c in seats if c[0] != str(me.pk) or not mine]
        fields["role"].choices = [(r.value, r.label) for r in roles]
        fields["to"].choices = [
            ("", "Choose a post"), *_people(members, RULES[Perm.EFFORT_VIEW].roles)
        ]  # fmt: skip
        fields["step"].choices = [
            ("", "Every step"), *((str(s.number), f"Step {s.number} alone") for s in steps)
        ]  # fmt: skip
        self.users = {str(m.user_id): m.user for m in members}
        self.steps = {str(s.number): s for s in steps}

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data
        return {name: chosen[name] for name in ("role", "starts_at", "ends_at", "why")} | {
            "holder": self.users[chosen["holder"]],
            "to": self.users[chosen["to"]],
            "step": self.steps.get(chosen["step"]),
        }
