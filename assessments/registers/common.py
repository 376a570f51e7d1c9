"""What several registers share: the field that names sources, and scales of judgment."""

from planning.registers import Field, Kind

Choices = tuple[tuple[str, str], ...]

CONFIDENCE: Choices = (
    ("high", "High confidence"),
    ("moderate", "Moderate confidence"),
    ("low", "Low confidence"),
    ("unknown", "Not judged"),
)


def sources(hint: str = "What this rests on; enter reports under Sources first.") -> Field:
    """The field by which an entry names its sources."""
    return Field(
        "sources", "Sources", Kind.LINKS, to=("sources",), inverse="is cited by", hint=hint
    )


def actors(key: str, label: str, inverse: str, hint: str, *, required: bool = False) -> Field:
    """A field that names actors."""
    return Field(
        key, label, Kind.LINKS, to=("actors",), inverse=inverse, hint=hint, required=required
    )
