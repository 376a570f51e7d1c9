"""The words of the watch that models, imports and pages share. No tables here."""

from __future__ import annotations

from django.db.models import TextChoices


class Heading(TextChoices):
    """The headings of a country's profile (Annex D, Tab 2, Enclosure I)."""

    GEOGRAPHY = "geography", "Geography"
    PEOPLE = "people", "People"
    HISTORY = "history", "History"
    GOVERNMENT = "government", "Government and political conditions"
    ECONOMY = "economy", "Economy"
    FOREIGN_RELATIONS = "foreign_relations", "Foreign relations"
    US_RELATIONS = "us_relations", "U.S. relations"


class FeedFormat(TextChoices):
    """How a feed writes its files."""

    UCDP_GED = "ucdp-ged", "UCDP Georeferenced Event Dataset"
    GENERIC = "generic", "Table of events"


class ImportStatus(TextChoices):
    """Where an import stands."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"


class Violence(TextChoices):
    """Who fought whom; the first three as UCDP divides them."""

    STATE_BASED = "state_based", "State-based"
    NON_STATE = "non_state", "Non-state"
    ONE_SIDED = "one_sided", "One-sided, against civilians"
    OTHER = "other", "Other"


class ReportKind(TextChoices):
    """Where a report comes from."""

    EMBASSY = "embassy", "Embassy"
    NGO = "ngo", "Non-governmental organization"
    UN = "un", "United Nations"
    MEDIA = "media", "Media"
    ALERT_CHANNEL = "alert_channel", "Alert channel"
    OTHER = "other", "Other"


class Reliability(TextChoices):
    """How far the source of a report can be relied on."""

    RELIABLE = "reliable", "Reliable"
    USUALLY = "usually", "Usually reliable"
    FAIRLY = "fairly", "Fairly reliable"
    NOT_USUALLY = "not_usually", "Not usually reliable"
    UNKNOWN = "unknown", "Cannot be judged"


class FrameKey(TextChoices):
    """The frames by which a country is rated; what they hold is in ``assessments.frames``."""

    OSAPG = "osapg", "UN analysis framework on genocide"
    STANTON = "stanton", "Eight stages of genocide"
    CONDITIONS = "conditions", "Underlying conditions"
    MMO = "mmo", "Motivation, means, opportunity"


class Level(TextChoices):
    """How far an item of a frame shows itself, lowest first. What nobody rated is unknown, which
    says nothing of how calm it is."""

    UNKNOWN = "unknown", "Unknown"
    NONE = "none", "No sign"
    EARLY = "early", "Early signs"
    CLEAR = "clear", "Clear signs"
    ACUTE = "acute", "Acute"

    @property
    def rank(self) -> int:
        """0 for unknown up to 4 for acute."""
        return list(Level).index(self)

    @classmethod
    def from_on(cls, least: str) -> list[str]:
        """``least`` and the levels above it."""
        return [level.value for level in cls if level.rank >= cls(least).rank]


class Trend(TextChoices):
    """Where an item is going."""

    WORSE = "worse", "Getting worse"
    SAME = "same", "Unchanged"
    BETTER = "better", "Getting better"
    UNKNOWN = "unknown", "Unknown"


class Confidence(TextChoices):
    """How sure whoever rates is."""

    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class ThresholdKind(TextChoices):
    """What a threshold counts."""

    RATINGS = "ratings", "Items rated at a level or above"
    EVENTS = "events", "Events"
    DEATHS = "deaths", "Deaths, best estimate"


class AlertStatus(TextChoices):
    """What became of an alert."""

    OPEN = "open", "Open"
    NOTED = "noted", "Noted"
    CLOSED = "closed", "Closed"
    EFFORT = "effort", "Effort opened"


class FeedState(TextChoices):
    """Whether a feed speaks as often as it should."""

    FRESH = "fresh", "Fresh"
    LATE = "late", "Late"
    SILENT = "silent", "Silent"
