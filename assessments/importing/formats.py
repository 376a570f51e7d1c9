"""The kinds of event file that can be imported, as data: columns, and how their cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from assessments.importing import cells
from assessments.importing.cells import Read

MAX_ID = 80  # characters
MAX_LINE = 500
MAX_TEXT = 32_000
VIOLENCE = ("state_based", "non_state", "one_sided", "other")


@dataclass(frozen=True)
class Column:
    """One column: its ``name`` in the file, the ``field`` of an event that it fills, its reader.

    A file must have the columns that are ``needed``; their cells must not be empty unless
    ``blank``. Where several columns fill one field, the first with words in it counts.
    """

    name: str
    field: str
    read: Read
    needed: bool = False
    blank: bool = True


@dataclass(frozen=True)
class Format:
    """One kind of file.

    ``ignored`` are columns that are known and not read. A ``closed`` format has no others; an open
    one passes over columns that it does not know, unless one looks like a misspelled name.
    ``ordered`` refuses a row whose numbers of deaths are not low ≤ best ≤ high; without it they
    stand as published. ``credit`` is what whoever shows the data must print.
    """

    key: str
    label: str
    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()
    closed: bool = True
    ordered: bool = True
    credit: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns that are read."""
        return tuple(column.name for column in self.columns)


def _must(name: str, field: str, read: Read) -> Column:
    return Column(name, field, read, needed=True, blank=False)


def _may_be_blank(name: str, field: str, read: Read) -> Column:
    return Column(name, field, read, needed=True)


_line, _prose = cells.line(MAX_LINE), cells.prose(MAX_TEXT)
_latitude, _longitude = cells.degrees("latitude", 90), cells.degrees("longitude", 180)
_days, _places = cells.whole(1, 5), cells.whole(1, 7)
_state = cells.whole(1, 9_999)

UCDP_GED = Format(
    "ucdp-ged",
    "UCDP Georeferenced Event Dataset",
    (
        _must("id", "source_id", cells.line(MAX_ID)),
        _must("country", "country", _line),
        _must("country_id", "country_gw", _state),
        _must("date_start", "date_start", cells.day),
        _must("date_end", "date_end", cells.day),
        _must("date_prec", "date_precision", _days),
        _must(
            "type_of_violence", "type_of_violence",
            cells.one_of({"1": "state_based", "2": "non_state", "3": "one_sided"}),
        ),
        _must("side_a", "side_a", _line),
        _must("side_b", "side_b", _line),
        _may_be_blank("latitude", "latitude", _latitude),
        _may_be_blank("longitude", "longitude", _longitude),
        _may_be_blank("where_prec", "place_precision", _places),
        _must("low", "deaths_low", cells.count),
        _must("best", "deaths_best", cells.count),
        _must("high", "deaths_high", cells.count),
        _must("deaths_civilians", "deaths_civilians", cells.count),
        _must("deaths_a", "deaths_a", cells.count),
        _must("deaths_b", "deaths_b", cells.count),
        _must("deaths_unknown", "deaths_unknown", cells.count),
        Column("where_coordinates", "place", _line),
        Column("where_description", "place", _line),
        Column("adm_1", "adm_1", _line),
        Column("adm_2", "adm_2", _line),
        Column("source_headline", "headline", _prose),
        Column("source_article", "sources", _prose),
        Column("source_original", "sources", _prose),
        Column("conflict_name", "conflict", _line),
        Column("dyad_name", "conflict", _line),
    ),
    ignored=frozenset(
        "relid year active_year code_status conflict_dset_id conflict_new_id dyad_dset_id "
        "dyad_new_id side_a_dset_id side_a_new_id side_b_dset_id side_b_new_id number_of_sources "
        "source_office source_date geom_wkt priogrid_gid region event_clarity gwnoa gwnob".split()
    ),
    closed=False,
    # Rows are published whose low is above best or high. They are not ours to correct.
    ordered=False,
    credit=(
        "UCDP Georeferenced Event Dataset, Uppsala Conflict Data Program, CC BY 4.0. Sundberg and "
        "Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace "
        "Research 50(4). Davies, Pettersson and Öberg (2023), Organized violence 1989–2022, and "
        "the return of conflict between states, Journal of Peace Research 60(4)."
    ),
)  # fmt: skip

GENERIC = Format(
    "generic",
    "Events as a plain table",
    (
        _must("source_id", "source_id", cells.line(MAX_ID)),
        _must("country", "country", _line),
        _must("date_start", "date_start", cells.day),
        _must("type_of_violence", "type_of_violence", cells.one_of({v: v for v in VIOLENCE})),
        _must("deaths_low", "deaths_low", cells.count),
        _must("deaths_best", "deaths_best", cells.count),
        _must("deaths_high", "deaths_high", cells.count),
        Column("date_end", "date_end", cells.day),
        Column("date_precision", "date_precision", _days),
        Column("country_iso3", "country_iso3", cells.country_code),
        Column("country_gw", "country_gw", _state),
        Column("side_a", "side_a", _line),
        Column("side_b", "side_b", _line),
        Column("place", "place", _line),
        Column("adm_1", "adm_1", _line),
        Column("adm_2", "adm_2", _line),
        Column("latitude", "latitude", _latitude),
        Column("longitude", "longitude", _longitude),
        Column("place_precision", "place_precision", _places),
        Column("deaths_civilians", "deaths_civilians", cells.count),
        Column("deaths_a", "deaths_a", cells.count),
        Column("deaths_b", "deaths_b", cells.count),
        Column("deaths_unknown", "deaths_unknown", cells.count),
        Column("headline", "headline", _prose),
        Column("sources", "sources", _prose),
        Column("conflict", "conflict", _line),
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({one.key: one for one in (UCDP_GED, GENERIC)})
# What a field is when the file says nothing; the others are empty text.
UNSAID: Mapping[str, Any] = MappingProxyType(
    {
        "country_gw": None, "latitude": None, "longitude": None, "place_precision": None,
        "date_precision": 1, "deaths_civilians": 0, "deaths_a": 0, "deaths_b": 0,
        "deaths_unknown": 0,
    }
)  # fmt: skip
