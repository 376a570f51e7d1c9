"""Events from files: what a row becomes, and which rows are refused with what words.

Three rows are from the UCDP Georeferenced Event Dataset, version 23.1 (CC BY 4.0; see
docs/event-csv.md).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from assessments.importing import events
from assessments.importing.events import FORMATS, ParsedEvent, Problem, parse
from assessments.importing.formats import GENERIC, UCDP_GED, Format
from mapro.core import sheets

UCDP = """\
id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,\
conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,\
side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,\
source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,\
latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,\
date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob
22782,0,1991,0,Clear,3,86,464,Government of Central African Republic - Civilians,86,931,\
Government of Central African Republic - Civilians,86,86,Government of Central African Republic,\
9999,1,Civilians,1,"\""Reuters News,1991-08-28,TROOPS SHOT 20 DEAD IN CENTRAL AFRICAN REPUBLIC - \
OPPOSITION.\""",Reuters News,1991-08-28,TROOPS SHOT 20 DEAD IN CENTRAL AFRICAN REPUBLIC - \
OPPOSITION.,opposition groups,1,Bangui city,Bangui city (barricaded road in),Bangui province,\
Bangui region,4.366667,18.583333,POINT (18.583333 4.366667),135758,Central African Republic,482,\
Africa,1,1,1991-08-08 00:00:00.000,1991-08-08 00:00:00.000,0,0,0,0,0,20,0,482,
256001,0,2009,1,Clear,3,488,559,LRA - Civilians,488,1026,LRA - Civilians,488,488,LRA,9999,1,\
Civilians,-1,Mapping human rights violations 2003-2015,,,,Mapping report,1,Kourokou village,\
"villages of Kouroukou, near Obo,",Haut-Mbomou province,Obo region,5.37568,26.50548,\
POINT (26.50548 5.37568),137214,Central African Republic,482,Africa,2,2,2009-07-21 00:00:00.000,\
2009-07-22 00:00:00.000,0,0,6,0,6,7,7,,
22761,0,2007,1,Clear,3,86,464,Government of Central African Republic - Civilians,86,931,\
Government of Central African Republic - Civilians,86,86,Government of Central African Republic,\
9999,1,Civilians,2,"Reuters News, 2007-06-05",,,"UPDATE 1-Attacks displace up to 20,000",\
"a military source in the area,
Mapping report",1,Ngaoundaye town,Ngaoundaye town,Ouham-Pendé province,Ngaoundaye region,7.477371,\
15.604851,POINT (15.604851 7.477371),140072,Central African Republic,482,Africa,2,2,\
2007-05-30 00:00:00.000,2007-06-01 00:00:00.000,0,0,5,0,5,5,5,482,
"""
ROW = {
    "source_id": "E-1", "country": "Country X", "date_start": "2013-12-05",
    "date_end": "2013-12-06", "type_of_violence": "one_sided", "deaths_low": "3",
    "deaths_best": "5", "deaths_high": "9", "latitude": "4.36", "longitude": "18.58",
    "place": "Market town", "side_a": "Militia", "side_b": "Civilians",
}  # fmt: skip
TODAY = date(2026, 1, 31)
Row = Mapping[str, str]


def table(rows: Iterable[Row], header: Iterable[str] = ()) -> sheets.Sheet:
    names = list(header) or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    made = csv.DictWriter(out, names, restval="")
    made.writeheader()
    made.writerows(rows)
    return text_sheet(out.getvalue())


def text_sheet(text: str) -> sheets.Sheet:
    return sheets.read(io.BytesIO(text.encode()), "events.csv")


def parsed(
    *rows: Row, format: Format = GENERIC, header: Iterable[str] = ()
) -> list[ParsedEvent | Problem]:
    return list(parse(table(rows, header), format, today=TODAY))


def problems(*rows: Row, format: Format = GENERIC, header: Iterable[str] = ()) -> list[Problem]:
    found = [one for one in parsed(*rows, format=format, header=header) if isinstance(one, Problem)]
    for one in found:
        assert one.message[0].islower() or not one.message[0].isalpha() or not one.row
    return found


def event(**cells: str) -> ParsedEvent:
    (found,) = parsed(ROW | cells)
    assert isinstance(found, ParsedEvent), found
    return found


def problem(**cells: str) -> Problem:
    (found,) = problems(ROW | cells)
    return found


def ucdp_rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(UCDP)))


# ---------- UCDP


def test_rows_of_ucdp_as_they_are_published() -> None:
    first, second, third = parse(text_sheet(UCDP), FORMATS["ucdp-ged"])
    assert first == ParsedEvent(
        source_id="22782", country="Central African Republic", country_gw=482, country_iso3="",
        date_start=date(1991, 8, 8), date_end=date(1991, 8, 8), date_precision=1,
        type_of_violence="one_sided", side_a="Government of Central African Republic",
        side_b="Civilians", place="Bangui city", adm_1="Bangui province", adm_2="Bangui region",
        latitude=4.366667, longitude=18.583333, place_precision=1, deaths_low=0, deaths_best=0,
        deaths_high=20, deaths_civilians=0, deaths_a=0, deaths_b=0, deaths_unknown=0,
        headline="TROOPS SHOT 20 DEAD IN CENTRAL AFRICAN REPUBLIC - OPPOSITION.",
        sources='"Reuters News,1991-08-28,TROOPS SHOT 20 DEAD IN CENTRAL AFRICAN REPUBLIC - '
        'OPPOSITION."',
        conflict="Government of Central African Republic - Civilians",
    )  # fmt: skip
    assert isinstance(second, ParsedEvent)
    # Published so: the low estimate is above the best.
    assert (second.deaths_low, second.deaths_best, second.deaths_high) == (7, 6, 7)
    assert isinstance(third, ParsedEvent)
    assert (third.date_end - third.date_start).days == 2


def test_ucdp_with_the_columns_that_are_needed_alone() -> None:
    needed = {column.name for column in UCDP_GED.columns if column.needed}
    (found,) = parsed({k: v for k, v in ucdp_rows()[0].items() if k in needed}, format=UCDP_GED)
    assert isinstance(found, ParsedEvent)
    assert (found.place, found.headline, found.conflict) == ("", "", "")


def test_the_description_stands_in_for_a_place_without_a_name() -> None:
    (found,) = parsed(ucdp_rows()[0] | {"where_coordinates": " "}, format=UCDP_GED)
    assert isinstance(found, ParsedEvent)
    assert found.place == "Bangui city (barricaded road in)"


@pytest.mark.parametrize(
    ("code", "kind"), [("1", "state_based"), ("2", "non_state"), ("3", "one_sided")]
)
def test_kinds_of_violence(code: str, kind: str) -> None:
    (found,) = parsed(ucdp_rows()[0] | {"type_of_violence": code}, format=UCDP_GED)
    assert isinstance(found, ParsedEvent)
    assert found.type_of_violence == kind


def test_a_new_column_of_ucdp_does_no_harm_and_a_misspelled_one_is_named() -> None:
    row = ucdp_rows()[0]
    assert not problems(row | {"brand_new": "x"}, format=UCDP_GED)
    places = {"where_coordinate": row.pop("where_coordinates")}
    (found,) = problems(row | places, format=UCDP_GED)
    assert str(found) == (
        "Row 1, column “where_coordinate” (AW): no column is called “where_coordinate”. "
        "Did you mean “where_coordinates”?"
    )


def test_a_workbook_of_ucdp_is_read_like_the_text() -> None:
    book = Workbook()
    for row in csv.reader(io.StringIO(UCDP)):
        book.active.append([_typed(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    sheet = sheets.read(out, "ged.xlsx")
    assert list(parse(sheet, UCDP_GED)) == list(parse(text_sheet(UCDP), UCDP_GED))


def _typed(cell: str) -> Any:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return float(cell)
    if cell.endswith(" 00:00:00.000"):
        return datetime.fromisoformat(cell[:10])
    return cell


# ---------- the plain table


def test_a_row_with_everything() -> None:
    found = event(
        country_iso3="caf", country_gw="482", date_precision="2", adm_1="North", adm_2="Far north",
        place_precision="2", deaths_civilians="4", deaths_a="1", deaths_b="0", deaths_unknown="0",
        headline="Attack on\r\na market ", sources="Radio, 6 December", conflict="North  and\nsouth",
    )  # fmt: skip
    assert found == ParsedEvent(
        source_id="E-1", country="Country X", country_gw=482, country_iso3="CAF",
        date_start=date(2013, 12, 5), date_end=date(2013, 12, 6), date_precision=2,
        type_of_violence="one_sided", side_a="Militia", side_b="Civilians", place="Market town",
        adm_1="North", adm_2="Far north", latitude=4.36, longitude=18.58, place_precision=2,
        deaths_low=3, deaths_best=5, deaths_high=9, deaths_civilians=4, deaths_a=1, deaths_b=0,
        deaths_unknown=0, headline="Attack on\na market", sources="Radio, 6 December",
        conflict="North and south",
    )  # fmt: skip


def test_what_is_left_out() -> None:
    needed = {column.name for column in GENERIC.columns if column.needed}
    (found,) = parsed({k: v for k, v in ROW.items() if k in needed})
    assert isinstance(found, ParsedEvent)
    assert found.date_end == found.date_start
    assert (found.date_precision, found.place_precision) == (1, None)
    assert (found.latitude, found.longitude, found.country_gw, found.place) == (
        None,
        None,
        None,
        "",
    )
    # Nobody said whose deaths they are.
    assert (found.deaths_unknown, found.deaths_civilians) == (5, 0)
    assert event(deaths_civilians="2").deaths_unknown == 0
    assert event(latitude="", longitude="").latitude is None


@pytest.mark.parametrize("kind", events.VIOLENCE)
def test_kinds_of_violence_in_words(kind: str) -> None:
    assert event(type_of_violence=kind.upper()).type_of_violence == kind


def test_columns_are_the_fields_of_an_event() -> None:
    assert sorted(GENERIC.names) == sorted(field.name for field in fields(ParsedEvent))
    assert {column.field for column in UCDP_GED.columns} <= set(GENERIC.names)


def test_the_page_of_documentation_names_every_column_and_its_example_can_be_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "event-csv.md").read_text(encoding="utf-8")
    for column in GENERIC.columns:
        row = re.search(rf"^\| `{column.name}` \| (yes|no) \|", page, re.MULTILINE)
        assert row, column.name
        assert (row.group(1) == "yes") == column.needed, column.name
    example = re.search(r"```csv\n(.*?)```", page, re.DOTALL)
    assert example
    found = list(parse(text_sheet(example.group(1)), GENERIC))
    assert len(found) == 2
    assert all(isinstance(one, ParsedEvent) for one in found)
    for words in ("CC BY 4.0", "Journal of Peace Research 50(4)"):
        assert words in page
        assert words in UCDP_GED.credit


# ---------- headers


def test_a_missing_column_is_named_with_the_one_that_comes_nearest() -> None:
    row = ROW | {"casualties": "1"}
    row["deaths_bets"] = row.pop("deaths_best")
    found = list(map(str, problems(row)))
    assert found[0].endswith(
        "the column “deaths_best” is missing. Is it the one called “deaths_bets”? Rename it."
    )
    assert any("no column is called “deaths_bets”. Did you mean “deaths_best”?" in f for f in found)
    assert any("no column is called “casualties”" in f for f in found)


def test_a_wrong_header_ends_the_reading() -> None:
    found = list(parse(text_sheet("name,value\n1,2\n3,4\n"), UCDP_GED))
    assert all(isinstance(one, Problem) and one.row == 1 for one in found)
    missing = {one.column for one in found if isinstance(one, Problem)}
    assert missing == {column.name for column in UCDP_GED.columns if column.needed}


def test_an_optional_column_that_is_misspelled_is_not_passed_over() -> None:
    row = dict(ROW)
    row["latitud"] = row.pop("latitude")
    (found,) = problems(row)
    assert (found.row, found.column) == (1, "latitud")
    assert "Did you mean “latitude”?" in found.message


# ---------- cells


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("latitude", "95.2", "“95.2” is no latitude; it lies between -90 and 90."),
        ("latitude", "-90.01", "is no latitude"),
        ("longitude", "180.5", "“180.5” is no longitude; it lies between -180 and 180."),
        ("longitude", "18,58", "“18,58” has a decimal comma"),
        ("longitude", "nan", "is no longitude in decimal degrees"),
        ("latitude", "inf", "is no latitude in decimal degrees"),
        ("latitude", "4°22'N", "is no latitude in decimal degrees"),
        ("latitude", "٤", "is no latitude in decimal degrees"),
        ("latitude", "", "the latitude is missing, though there is a longitude"),
        ("longitude", "", "the longitude is missing, though there is a latitude"),
        ("deaths_low", "few", "“few” is no whole number"),
        ("deaths_low", "1.5", "is no whole number"),
        ("deaths_low", "1 000", "is no whole number"),
        ("deaths_low", "-1", "-1 deaths cannot be"),
        ("deaths_low", "", "the cell is empty"),
        ("deaths_low", "6", "6 is more than deaths_best, 5. It is low ≤ best ≤ high."),
        ("deaths_high", "4", "5 is more than deaths_high, 4"),
        ("deaths_high", "999999999", "more than one event can have"),
        ("deaths_civilians", "some", "is no whole number"),
        ("date_start", "05/12/2013", "“05/12/2013” is no date. Write year, month and day"),
        ("date_start", "2013-12-05T13:30:00", "without a time"),
        ("date_start", "2013-02-30", "is no day of the calendar"),
        ("date_start", "2013-12-07", "2013-12-06 lies before the beginning, 2013-12-07"),
        ("date_end", "2026-02-01", "2026-02-01 lies in the future"),
        ("date_precision", "6", "“6” is no whole number from 1 to 5"),
        ("place_precision", "0", "“0” is no whole number from 1 to 7"),
        ("type_of_violence", "war", "“war” is none of: state_based, non_state, one_sided, other"),
        ("country", " ", "the cell is empty"),
        ("country_iso3", "CA", "is no ISO 3166 code of three letters"),
        ("country_gw", "x", "is no whole number from 1 to 9999"),
        ("source_id", "x" * 81, "has 81 characters; 80 is the most"),
        ("side_a", "x" * 501, "has 501 characters; 500 is the most"),
    ],
)
def test_a_cell_that_is_wrong_is_named_and_explained(column: str, cell: str, words: str) -> None:
    found = problem(**{column: cell})
    assert found.row == 2
    assert words in found.message
    letter = sheets.column_letter(list(ROW | {column: cell}).index(found.column))
    assert found.letter == letter
    assert str(found).startswith(f"Row 2, column “{found.column}” ({letter}): ")
    if "before" not in words and "more than deaths" not in words:
        assert found.column == column


def test_the_sentence_of_a_problem() -> None:
    assert str(problem(latitude="95.2")) == (
        "Row 2, column “latitude” (I): “95.2” is no latitude; it lies between -90 and 90."
    )


def test_the_edges_of_the_world_are_places() -> None:
    assert event(latitude="-90", longitude="180").latitude == -90
    assert event(latitude="0", longitude="18").latitude == 0
    assert event(latitude="+4.5e0", longitude="-0.0").longitude == 0


def test_null_island_is_refused() -> None:
    for zero in ("0", "0.0", "-0"):
        assert "Gulf of Guinea" in problem(latitude=zero, longitude="0.000").message


def test_a_wide_estimate_is_kept_whole() -> None:
    found = event(deaths_low="0", deaths_best="0", deaths_high="20")
    assert (found.deaths_low, found.deaths_best, found.deaths_high) == (0, 0, 20)


def test_low_above_high_is_refused_also_without_a_best() -> None:
    low_high = [p.message for p in problems(ROW | {"deaths_low": "10", "deaths_best": "?"})]
    assert any("10 is more than deaths_high, 9" in message for message in low_high)


def test_today_is_no_future() -> None:
    assert event(date_start="2026-01-31", date_end="2026-01-31").date_end == TODAY
    later = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    cells = ROW | {"date_start": later, "date_end": later}
    found = [str(one) for one in parse(table([cells]), GENERIC)]
    assert len(found) == 2
    assert "lies in the future" in found[0]


def test_a_cell_that_is_wrong_is_not_reported_as_missing_too() -> None:
    assert len(problems(ROW | {"latitude": "x"})) == 1
    assert len(problems(ROW | {"date_start": "x", "latitude": "x", "longitude": "x"})) == 3


# ---------- rows


def test_an_id_that_stands_twice_names_both_rows() -> None:
    found = parsed(ROW, ROW | {"source_id": "E-2"}, ROW)
    assert [type(one) for one in found] == [ParsedEvent, ParsedEvent, Problem]
    assert str(found[2]) == (
        "Row 4, column “source_id” (A): “E-1” stands in row 2 already. Each event once."
    )


def test_an_id_of_a_row_that_is_wrong_counts_too() -> None:
    found = problems(ROW | {"latitude": "x"}, ROW)
    assert "stands in row 2 already" in found[1].message


def test_rows_with_too_few_or_too_many_cells() -> None:
    text = "\n".join(
        [",".join(ROW), ",".join(ROW.values()), "E-2,x", ",".join(ROW.values()) + ",x"]
    )
    first, few, many = parse(text_sheet(text), GENERIC)
    assert isinstance(first, ParsedEvent)
    assert str(few).startswith("Row 3: there are 2 cells, but 13 in the header")
    assert str(many).startswith("Row 4: there are 14 cells, but 13 in the header")


def test_what_the_reader_refuses_is_a_problem_too_and_reading_goes_on() -> None:
    rows = [ROW | {"place": "=1+1"}, ROW | {"source_id": "E-2"}, ROW | {"place": "a\x07"}]
    first, second, third = parsed(*rows)
    assert isinstance(first, Problem)
    assert (first.row, first.column, first.letter) == (2, "place", "K")
    assert "would be a formula" in first.message
    assert isinstance(second, ParsedEvent)
    assert str(third).startswith("Row 4, column “place” (K): the cell holds the control character")


def test_a_wrong_encoding_is_a_problem_of_its_cell() -> None:
    text = f"{','.join(ROW)}\n{','.join(ROW.values())}\n".replace("Market", "Pendé")
    sheet = sheets.read(io.BytesIO(text.encode("cp1252")), "events.csv")
    (found,) = parse(sheet, GENERIC)
    assert str(found).startswith("Row 2, column “place” (K): the byte 0xE9 is no UTF-8")


def test_reading_ends_where_nothing_can_be_trusted() -> None:
    text = f'{",".join(ROW)}\n"E-1,x\n{",".join(ROW.values())}\n'
    (found,) = parse(text_sheet(text), GENERIC)
    assert str(found).startswith("Row 2: the file ends inside a cell")


def test_a_hundred_problems_are_enough() -> None:
    rows = [ROW | {"source_id": str(n), "latitude": "x"} for n in range(events.MAX_PROBLEMS)]
    assert len(parsed(*rows)) == 100
    found = parsed(*rows, ROW | {"country": ""}, ROW | {"source_id": "E-9"})
    assert len(found) == 101
    assert str(found[-1]).startswith("And more: reading stopped after 100 problems")
    assert replace(found[-1], message="") == Problem(0, "", "")  # type: ignore[type-var]
