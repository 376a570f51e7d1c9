"""What the registers of policy formulation share."""

from dime.vocabulary import Level
from planning.registers import Field, Kind

Choices = tuple[tuple[str, str], ...]
LEVELS: Choices = tuple((str(value), str(label)) for value, label in Level.choices)


def options(hint: str, inverse: str, *, label: str = "Options", required: bool = False) -> Field:
    """The field by which an entry names the options that it belongs to."""
    return Field(
        "options", label, Kind.LINKS, to=("options",), inverse=inverse, hint=hint,
        required=required,
    )  # fmt: skip


def option(hint: str, inverse: str) -> Field:
    """The field by which an entry names the one option that it belongs to."""
    return Field(
        "option", "Option", Kind.LINKS, to=("options",), inverse=inverse, hint=hint, required=True
    )
