"""Forms of the watch. They read input; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.models import MAX_BODY, Country, Feed, Report, Threshold
from assessments.vocabulary import (
    Confidence,
    FrameKey,
    Level,
    Reliability,
    ReportKind,
    ThresholdKind,
    Trend,
)
from assessments.web.reads import Offered
from mapro.core.models import Marking
from planning.web.forms import OpenEffortForm, RefusableForm

NO_COUNTRY = "Choose a country of the list."
NOT_A_DATE = "Give a day as year, month and day, such as 2013-12-31."


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, within a fieldset that has the field's id, so that messages lead there."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The fieldset, or one box of it."""
        return id_ if index is None else super().id_for_label(id_, index)


def words(label: str, most: int, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def day(label: str, **options: Any) -> forms.DateField:
    """A day of the calendar."""
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NOT_A_DATE, "required": NOT_A_DATE}, **options,
    )  # fmt: skip


def country_field(**options: Any) -> forms.ModelChoiceField[Country]:
    """One of the countries, by its code."""
    return forms.ModelChoiceField(
        label="Country", queryset=Country.objects.order_by("name"), to_field_name="code",
        empty_label=options.pop("empty_label", "Choose a country"),
        error_messages={"required": NO_COUNTRY, "invalid_choice": NO_COUNTRY}, **options,
    )  # fmt: skip


class WatchForm(RefusableForm):
    """Put a country on the watch."""

    why = words("Why it is watched", 4_000)


class UnwatchForm(RefusableForm):
    """Take a country off the watch."""

    why = words("Why it is no longer watched", 4_000)


class ReasonForm(RefusableForm):
    """A reason for an act."""

    why = words("Reason", 1_000)


class ProfileForm(RefusableForm):
    """The text under one heading of a country's profile."""

    body = words("Text", MAX_BODY, rows=14, required=False)
    sources = words(
        "Sources", 4_000, required=False,
        help_text="Where the text was taken from, one a line; nothing is fetched.",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReportForm(RefusableForm):
    """A report on a country."""

    country = country_field()
    kind = forms.ChoiceField(label="Kind", choices=ReportKind.choices)
    title = forms.CharField(label="Title", max_length=200)
    summary = words("What it says", 4_000, rows=6)
    source = forms.CharField(label="Source", max_length=200, help_text="Who says so.")
    reliability = forms.ChoiceField(
        label="How reliable the source is", choices=Reliability.choices,
        initial=Reliability.UNKNOWN,
    )  # fmt: skip
    dated = day("Dated")
    address = forms.CharField(
        label="Where it can be found", max_length=300, required=False,
        help_text="A file number or an address. It is shown and never fetched.",
    )  # fmt: skip
    marking = forms.ModelChoiceField(
        label="Marking", queryset=Marking.objects.all(), empty_label=None,
        error_messages={"invalid_choice": "Choose a marking of the list."},
    )  # fmt: skip


class EditReportForm(ReportForm):
    """The same for a report that is there; the country stays."""

    country = None  # type: ignore[assignment]


class WatchlistForm(RefusableForm):
    """What a watchlist is."""

    name = forms.CharField(label="Name", max_length=120)
    owner = forms.CharField(label="Kept by", max_length=120)
    own = forms.BooleanField(label="This is our own list", required=False)
    address = forms.CharField(
        label="Where it can be found", max_length=300, required=False,
        help_text="It is shown and never fetched.",
    )  # fmt: skip
    note = words("Note", 2_000, required=False)


class EditWatchlistForm(WatchlistForm):
    """The same for a list that is there."""

    retired = forms.BooleanField(
        label="Retired: it is kept and no longer shown beside the others", required=False
    )


class ListingForm(RefusableForm):
    """What a list says of a country."""

    country = country_field()
    standing = forms.CharField(
        label="What the list says", max_length=200, required=False,
        help_text="In the words of the list, such as “tier 2” or “rank 14 of 168”.",
    )  # fmt: skip
    as_of = day("As of")
    note = words("Note", 2_000, required=False)


class RatingForm(RefusableForm):
    """How far one item shows itself."""

    level = forms.ChoiceField(
        label="Level", choices=[("", "Choose one"), *Level.choices],
        error_messages={"required": "Choose a level; “unknown” is one."},
    )  # fmt: skip
    trend = forms.ChoiceField(label="Trend", choices=Trend.choices, initial=Trend.UNKNOWN)
    confidence = forms.ChoiceField(
        label="Confidence", choices=Confidence.choices, initial=Confidence.LOW
    )
    evidence = words(
        "Evidence", 4_000, rows=4, required=False,
        help_text="What the rating rests on. Needed for every level but unknown.",
    )  # fmt: skip
    reports = forms.ModelMultipleChoiceField(
        label="Reports that it rests on", queryset=Report.objects.none(), required=False,
        widget=Boxes,
        error_messages={"invalid_choice": "Choose reports of this country."},
    )  # fmt: skip
    note = words("Note", 1_000, rows=2, required=False)

    def __init__(self, *args: Any, country: Country, **kwargs: Any) -> None:
        """Offers the country's reports that stand, newest first."""
        super().__init__(*args, **kwargs)
        rows = Report.objects.filter(country=country, retired_at=None).select_related("marking")
        self.fields["reports"].queryset = rows  # type: ignore[attr-defined]


class AlertForm(RefusableForm):
    """Raise an alert by hand, on evidence that is there."""

    words = words(
        "What is happening", 4_000, help_text="What the alert says, and what it proposes."
    )
    evidence = forms.MultipleChoiceField(
        label="Evidence", widget=Boxes,
        error_messages={
            "required": "Name at least one rating, report or event.",
            "invalid_choice": "Choose evidence of this country.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        """``offered`` is the evidence that can be named."""
        super().__init__(*args, **kwargs)
        choices = [choice for _, group in offered.groups for choice in group]
        self.fields["evidence"].choices = choices  # type: ignore[attr-defined]

    def named(self) -> list[tuple[str, int]]:
        """The evidence as the action takes it."""
        parts = (value.partition("-") for value in self.cleaned_data["evidence"])
        return [(kind, int(pk)) for kind, _, pk in parts]


class SettleForm(RefusableForm):
    """Say what became of an alert."""

    why = words("Reason", 4_000, error_messages={"required": "Say why no effort is opened now."})


class ThresholdForm(RefusableForm):
    """From when on the watch raises an alert by itself."""

    name = forms.CharField(label="Name", max_length=120)
    country = country_field(required=False, empty_label="Every watched country")
    kind = forms.ChoiceField(label="It counts", choices=ThresholdKind.choices)
    number = forms.IntegerField(label="At least", min_value=1, max_value=1_000_000)
    frame = forms.ChoiceField(
        label="Of the frame", choices=[("", "None"), *FrameKey.choices], required=False,
        help_text="For ratings.",
    )  # fmt: skip
    level = forms.ChoiceField(
        label="At the level or above", required=False, help_text="For ratings.",
        choices=[("", "None"), *(c for c in Level.choices if c[0] != Level.UNKNOWN)],
    )  # fmt: skip
    days = forms.IntegerField(
        label="Within days", min_value=1, max_value=3_660, required=False,
        help_text="For events and deaths; counted back from the last day that the feeds speak of.",
    )  # fmt: skip

    @staticmethod
    def of(threshold: Threshold) -> dict[str, Any]:
        """What the form starts from to change a threshold."""
        names = ("name", "kind", "number", "frame", "level", "days")
        stands = {name: getattr(threshold, name) for name in names}
        return stands | {"country": threshold.country.code if threshold.country else ""}


class ImportForm(RefusableForm):
    """Bring a file of a feed."""

    feed = forms.ModelChoiceField(
        label="Feed", queryset=Feed.objects.filter(is_active=True), to_field_name="key",
        empty_label=None, error_messages={"invalid_choice": "Choose a feed of the list."},
        help_text="Its format says how the file is read.",
    )  # fmt: skip
    file = forms.FileField(
        label="File", error_messages={"required": "Choose a file.", "empty": "The file is empty."}
    )
    only = country_field(
        required=False, empty_label="Every country in the file",
        help_text="Rows of other countries are left out.",
    )  # fmt: skip
    covers_from = day(
        "It speaks from", required=False,
        help_text="The period about which the file says something. A month in it without an event "
        "was quiet; outside it nothing is known. Leave both empty to take the first and the last "
        "day of the file.",
    )  # fmt: skip
    covers_to = day("It speaks until", required=False)
    everywhere = forms.BooleanField(
        label="It speaks of every country", required=False,
        help_text="Also of those that it does not name: they were quiet. Otherwise the file says "
        "nothing of a country without an event in it.",
    )  # fmt: skip


class CountryEffortForm(OpenEffortForm):
    """Open an effort on a country of the watch."""
