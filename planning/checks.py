"""System checks of the framework: what a step owes exists, and every section has its prompt."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from planning import framework, ports
from planning.products import prompts
from planning.products.annex_d import CATALOGUE


@register()
def framework_fits_catalogue(**_: Any) -> list[CheckMessage]:
    """Each owed product is owed by the step that it names, once, behind those that it waits for,
    and has a hasty minimum; each section has its prompt and the sources that it names."""
    found: list[CheckMessage] = []
    order = [key for step in framework.STEPS for key in step.owes]
    for step in framework.STEPS:
        found += [
            Error(f"Step {step.number} owes {key}, which is not in the catalogue.", id="plan.E001")
            for key in step.owes
            if key not in CATALOGUE
        ]
    for key, definition in CATALOGUE.items():
        owing = [s.number for s in framework.STEPS if key in s.owes]
        if owing != ([definition.step] if definition.owed else []):
            found.append(
                Error(f"{key} says Step {definition.step}; owed by {owing}.", id="plan.E002")
            )
        before = order[: order.index(key)] if key in order else order
        found += [
            Error(
                f"{key} waits for {first}, which no step owes before it; it could never be "
                "submitted.", id="plan.E005",
            )
            for first in definition.after
            if first not in before
        ]  # fmt: skip
        if definition.owed and not definition.hasty:
            found.append(
                Error(
                    f"{key} is owed and requires no section; a gate would take it empty.",
                    id="plan.E006",
                )
            )
        for outlined in definition.walk():
            found += [
                Error(
                    f"{key}, section {outlined.section.key} names the source {name!r}, which no "
                    "app plugs in.", id="plan.E004",
                )
                for name in outlined.section.sources
                if name not in ports.SOURCES
            ]  # fmt: skip
            try:
                prompts.prompt(key, outlined.section.key)
            except (LookupError, ValueError) as error:
                found.append(Error(str(error), id="plan.E003"))
    return found
