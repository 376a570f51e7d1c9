"""Forms of the administration. They read input; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms

from mapro.core.actions import ORGANIZATION_FIELDS, USER_FIELDS
from mapro.core.errors import Invalid
from mapro.core.models import Organization, User


class RefusableForm(forms.ModelForm):
    """A form that can show what an action refused, at the fields concerned."""

    def refuse(self, error: Invalid) -> None:
        """Put an action's messages beside their fields."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, message)

    def chosen(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The cleaned values of ``names``."""
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class UserForm(RefusableForm):
    """A person's account."""

    password = forms.CharField(
        label="Password", required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters. Leave it empty to keep the present one.",
    )  # fmt: skip

    class Meta:
        model = User
        fields = USER_FIELDS
        help_texts = {  # noqa: RUF012
            "post": "The post, not the person's name: people appear by post everywhere.",
            "is_active": "Take this away instead of deleting: what the person did stays.",
            "is_staff": "Manages people and organizations; sees no planning content by that.",
            "watch": "Who keeps the watch of Step 0 rates, imports and settles alerts. Left empty, "
            "the person does not learn that there is one.",
        }
        labels = {"is_staff": "Administrator"}  # noqa: RUF012


class OrganizationForm(RefusableForm):
    """An organization of the tree, and its paper."""

    seal_file = forms.FileField(
        label="Seal", required=False,
        help_text="A PNG or JPEG picture for the head of its paper. Leave it empty to keep the present one.",
    )  # fmt: skip
    no_seal = forms.BooleanField(label="Print no seal", required=False)

    def seal(self) -> bytes | None:
        """The picture sent; empty bytes to take the seal away; None to keep what is there."""
        sent = self.cleaned_data.get("seal_file")
        if sent:
            return bytes(sent.read())
        return b"" if self.cleaned_data.get("no_seal") else None

    class Meta:
        model = Organization
        fields = ORGANIZATION_FIELDS
        widgets = {  # noqa: RUF012
            "letterhead": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {  # noqa: RUF012
            "letterhead": "The lines at the head of its paper. Empty: the planning team's name.",
            "ink": "The color of titles and rules on its paper, such as #171716.",
        }
