"""Which country a row of a feed means."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from assessments.importing.events import ParsedEvent, Problem
from assessments.models import Country
from mapro.core.sheets import column_letter, shown


class Known:
    """The countries under every name and number by which feeds call them. One query."""

    def __init__(self) -> None:
        self.names: dict[str, Country] = {}
        self.codes: dict[str, Country] = {}
        self.numbers: dict[int, Country] = {}
        countries = list(Country.objects.order_by("pk"))
        for country in countries:
            for alias in country.aliases:
                self.names[_folded(alias)] = country
            if country.iso3:
                self.codes[country.iso3] = country
            if country.gw is not None:
                self.numbers[country.gw] = country
        for country in countries:  # a name counts before another's alias
            self.names[_folded(country.name)] = country

    def country(self, found: ParsedEvent) -> Country | None:
        """The country by its ISO code, else its name, else its Gleditsch-Ward number."""
        return (
            self.codes.get(found.country_iso3)
            or self.names.get(_folded(found.country))
            or (self.numbers.get(found.country_gw) if found.country_gw is not None else None)
        )

    def problem(self, found: ParsedEvent, row: int, header: Sequence[str]) -> Problem:
        """That a row names no country that is known, and the name that comes nearest."""
        near = difflib.get_close_matches(_folded(found.country), list(self.names), 1, 0.75)
        advice = (
            f"Did you mean {shown(self.names[near[0]].name)}?"
            if near
            else "Write it as the list of countries has it."
        )
        at = header.index("country")
        return Problem(
            row, "country", f"no country is called {shown(found.country)}. {advice}",
            column_letter(at),
        )  # fmt: skip


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
