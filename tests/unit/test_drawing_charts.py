"""Charts over time, trends, networks and timelines."""

from __future__ import annotations

import math
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assessments.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
    Period,
    TimelineItem,
    charts,
    event_chart,
    layout,
    network,
    timeline,
    trend_line,
)
from mapro.core.drawing import text as words_of

SVG = "{http://www.w3.org/2000/svg}"


def tree(drawing: Drawing) -> etree._Element:
    """The picture as a tree."""
    return etree.fromstring(drawing.svg.encode())


def words(drawing: Drawing) -> list[str]:
    """What is written in the picture, whole where it was cut."""
    found = []
    for part in tree(drawing).iter(f"{SVG}text"):
        if part.get("aria-hidden") is None:
            title = part.find(f"{SVG}title")
            found.append((title.text if title is not None else "".join(part.itertext())) or "")
    return found


def titles(drawing: Drawing) -> list[str]:
    """What the parts of the picture say when pointed at."""
    return [found.text or "" for found in tree(drawing).iter(f"{SVG}title")][1:]


def group(drawing: Drawing, start: str) -> etree._Element:
    """The first part of the picture whose title begins so."""
    return next(
        found.getparent()
        for found in tree(drawing).iter(f"{SVG}title")
        if (found.text or "").startswith(start)
    )


JULY = Period("2013-07", {"one_sided": (5, 10, 20), "state_based": (1, 2, 3)})
SILENT = Period("2013-08", {"one_sided": (90, 100, 110)}, reported=False)
CALM = Period("2013-09", {})


def test_bars_stack_best_estimates_and_the_whisker_spans_the_sums() -> None:
    drawing = event_chart([JULY, CALM])
    bar = group(drawing, "2013-07: 12 deaths (6 to 23).")
    rects = [r for r in bar if r.tag == f"{SVG}rect" and r.get("fill-opacity") != "0"]
    scale = (charts._BOTTOM - charts._TOP) / charts._axis(23)[1]
    assert sum(float(r.get("height")) for r in rects) == pytest.approx(12 * scale, abs=0.2)
    lowest = max(rects, key=lambda r: float(r.get("y")))
    assert float(lowest.get("y")) + float(lowest.get("height")) == pytest.approx(charts._BOTTOM)
    whisker = [p for p in bar if p.get("stroke-width") == "1.5"][0].get("d")
    start, end = (float(n) for n in whisker.split("M")[1].split(" ")[1].split("V"))
    assert (start - end) == pytest.approx((23 - 6) * scale, abs=0.2)


def test_a_silent_period_is_a_hatched_gap_with_words_and_never_a_bar_or_zero() -> None:
    drawing = event_chart([JULY, SILENT, CALM])
    gap = group(drawing, "No data: the feed was silent. This is not zero.")
    assert gap.get("fill", "").startswith("url(#event-chart-hatch-")
    assert float(gap.get("height")) == charts._BOTTOM - charts._TOP
    assert "no data" in words(drawing) and "No data, not zero" in words(drawing)
    assert not [title for title in titles(drawing) if title.startswith("2013-08")]
    assert "100" not in words(drawing)
    assert "No data for 2013-08: the feed was silent, which is not zero." in drawing.alt
    assert "Best estimate 12 in all" in drawing.alt


def test_a_reported_zero_is_written_as_zero() -> None:
    assert "2013-09: 0 deaths (0 to 0)" in titles(event_chart([JULY, CALM]))
    assert words(event_chart([CALM])).count("0") == 2  # on the axis and over the period
    assert words(event_chart([Period("x", {}, reported=False)])).count("0") == 1


def test_neighboring_silent_periods_are_one_gap() -> None:
    drawing = event_chart([SILENT, SILENT, JULY, SILENT])
    assert sum(title.startswith("No data") for title in titles(drawing)) == 2


@pytest.mark.parametrize("count", [1, 12, 60, 250, 520])
def test_the_words_of_gaps_never_cover_each_other(count: int) -> None:
    periods = [JULY if n % 2 else SILENT for n in range(count)]
    written = [
        float(part.get("x"))
        for part in tree(event_chart(periods)).iter(f"{SVG}text")
        if part.text == "no data"
    ]
    assert written
    assert all(b - a >= 15 for a, b in zip(written, written[1:], strict=False))


NUMBERS = st.integers(0, 5_000)
PERIODS = st.lists(
    st.builds(
        Period,
        label=st.text(max_size=12),
        counts=st.dictionaries(
            st.sampled_from(["state_based", "non_state", "one_sided", "other"]),
            st.tuples(NUMBERS, NUMBERS, NUMBERS),
        ),
        reported=st.booleans(),
    ),
    max_size=30,
)


@given(PERIODS)
def test_nothing_is_drawn_above_the_axis_or_below_it(periods: list[Period]) -> None:
    for rect in tree(event_chart(periods)).iter(f"{SVG}rect"):
        if rect.get("rx") is None and rect.getparent().tag == f"{SVG}g":
            top, tall = float(rect.get("y")), float(rect.get("height", "0"))
            assert charts._TOP - 0.1 <= top <= top + tall <= charts._BOTTOM + 0.3


@given(st.floats(0.01, 10_000_000))
def test_the_axis_holds_its_values_in_few_round_steps(most: float) -> None:
    step, end = charts._axis(most)
    assert end >= most
    assert 1 <= end / step <= 7
    assert float(f"{step:.0e}") == pytest.approx(step)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period("June", {"riot": (1, 1, 1)}), "'June' counts the type 'riot'"),
        (Period("June", {"other": (1, -2, 3)}), "give low, best and high, each 0 or more"),
        (Period("June", {"other": (1, math.nan, 3)}), "give low, best and high"),
    ],
)
def test_counts_that_cannot_be_drawn_are_refused(period: Period, said: str) -> None:
    with pytest.raises(DrawingError, match=said):
        event_chart([period])


def test_too_many_periods_are_refused() -> None:
    with pytest.raises(DrawingError, match="521 periods do not fit on a chart; 520 do"):
        event_chart([CALM] * 521)


def test_a_trend_breaks_where_there_is_no_data() -> None:
    drawing = trend_line([1, 2, None, None, 6, 5, 9], 6)
    lines = [p for p in tree(drawing).iter(f"{SVG}path") if p.get("stroke-width") == "2"]
    gaps = [r for r in tree(drawing).iter(f"{SVG}rect") if "hatch" in r.get("fill", "")]
    assert len(lines) == 2 and len(gaps) == 1
    assert drawing.alt == (
        "Trend over 7 periods: from 1 to 9, lowest 1, highest 9. "
        "The latest value is at or above the threshold of 6. No data in 2 periods."
    )


def test_a_trend_without_latest_value_says_so() -> None:
    drawing = trend_line([5, 4, 3, None], 4)
    assert "The last known value is below the threshold of 4." in drawing.alt
    assert "the latest among them" in drawing.alt
    assert trend_line([None, None], 3).alt == "Trend over 2 periods: no data."
    assert trend_line([]).alt == "Trend over 0 periods: no data."


def test_a_single_value_between_gaps_is_a_point() -> None:
    assert len(list(tree(trend_line([None, 3, None])).iter(f"{SVG}circle"))) == 1


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40), st.none() | st.floats(-1e6, 1e6))
def test_a_trend_stays_in_its_frame(values: list[float | None], threshold: float | None) -> None:
    for circle in tree(trend_line(values, threshold)).iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= charts.TREND_WIDTH
        assert 0 <= float(circle.get("cy")) <= charts.TREND_HEIGHT


def test_a_trend_of_something_else_is_refused() -> None:
    with pytest.raises(DrawingError, match="give numbers, or None for no data"):
        trend_line([1, math.inf])


ACTORS = [
    Node("gov", "Government", "State"), Node("mil", "Militia", "Armed group"),
    Node("civ", "Civilians", "People"),
]  # fmt: skip
TIES = [Edge("gov", "mil", "weapons", "supports"), Edge("mil", "civ", "", "opposes")]


def test_a_network_says_who_is_what_to_whom() -> None:
    drawing = network(ACTORS, TIES)
    assert drawing.alt == (
        "Network of 3 actors and 2 relations. State: Government. Armed group: Militia. "
        "People: Civilians. Government supports Militia (weapons). Militia opposes Civilians."
    )
    assert "Government supports Militia (weapons)." in titles(drawing)
    for word in ("Government", "weapons", "State", "supports", "opposes"):
        assert word in words(drawing)


def test_kinds_of_relations_differ_by_dash_or_arrowhead() -> None:
    from assessments.drawing.network import _KINDS

    looks = {(kind.dash, kind.head) for kind in _KINDS.values()}
    assert len(looks) == len(_KINDS) == len({kind.head for kind in _KINDS.values()})


GRAPHS = st.integers(1, 40).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60),
    )
)


@given(GRAPHS)
def test_boxes_never_touch_and_stay_on_the_sheet(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, ties = graph
    keys = [f"k{n}" for n in range(count)]
    at, height = layout.placed(
        keys, [str(n % 5) for n in range(count)], [(keys[a], keys[b]) for a, b in ties]
    )
    for x, y in at.values():
        assert layout.HALF_WIDE <= x <= layout.WIDTH - layout.HALF_WIDE
        assert layout.HALF_HIGH <= y <= height - layout.HALF_HIGH
    for (ax, ay), (bx, by) in combinations(at.values(), 2):
        assert abs(ax - bx) >= 2 * layout.HALF_WIDE or abs(ay - by) >= 2 * layout.HALF_HIGH


def test_words_of_a_crowded_network_cover_no_box_and_no_other_words() -> None:
    nodes = [Node(f"n{n}", f"Actor number {n}", f"g{n % 4}") for n in range(40)]
    edges = [Edge(f"n{n}", f"n{n * 7 % 40}", f"relation {n}", "other") for n in range(40)]
    drawing = network(nodes, edges)
    boxes = []
    for rect in tree(drawing).iter(f"{SVG}rect"):
        if rect.get("rx") or rect.get("fill-opacity"):
            x, y = float(rect.get("x")), float(rect.get("y"))
            boxes.append((x, y, x + float(rect.get("width")), y + float(rect.get("height"))))
    assert len(boxes) > 60
    for a, b in combinations(boxes, 2):
        over = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert min(over) <= 2.5, (a, b)  # pixels; plates are a little larger than their words
    placed = sum(word.startswith("relation ") for word in words(drawing))
    missing = drawing.svg.count("(relation ") - 2 * 40  # in titles and in the alternative
    assert placed >= 25 and (placed == 40 or missing > 0)


@pytest.mark.parametrize(
    ("nodes", "edges", "said"),
    [
        ([*ACTORS, ACTORS[0]], [], "These keys stand for two actors: gov"),
        (ACTORS, [Edge("gov", "who")], "names the actor 'who', who is not on the drawing"),
        (ACTORS, [Edge("gov", "mil", "", "loves")], "supports, opposes, controls, other"),
        ([Node(f"{n}", "x") for n in range(81)], [], "81 actors and 0 relations cannot be read"),
    ],
)
def test_a_network_that_cannot_be_drawn_is_refused(
    nodes: list[Node], edges: list[Edge], said: str
) -> None:
    with pytest.raises(DrawingError, match=said):
        network(nodes, edges)


def test_relations_both_ways_and_to_oneself_are_all_drawn() -> None:
    edges = [
        Edge("gov", "mil", "a"), Edge("mil", "gov", "b"), Edge("gov", "mil", "c"),
        Edge("civ", "civ", "d"),
    ]  # fmt: skip
    lines = {
        path.get("d")
        for path in tree(network(ACTORS, edges)).iter(f"{SVG}path")
        if "Q" in path.get("d", "")
    }
    assert len(lines) == 4


COUP = TimelineItem("Coup", "Politics", date(2013, 3, 24), date(2013, 3, 24), "event")
RAIDS = TimelineItem("Raids", "Violence", date(2013, 8, 20), None, "phase")
RAINS = TimelineItem("Rains", "Weather", None, date(2013, 10, 31), "phase")
TALKS = TimelineItem("Talks", "Politics", None, None, "event")


def test_a_timeline_tells_open_ends_and_what_has_no_date() -> None:
    drawing = timeline([COUP, RAIDS, RAINS, TALKS], today=date(2013, 11, 19))
    assert drawing.alt == (
        "Timeline of 4 items. Politics: Coup, 24 Mar 2013. "
        "Violence: Raids, from 20 Aug 2013, no end given. "
        "Weather: Rains, until 31 Oct 2013, no beginning given. Without a date: Talks."
    )
    written = words(drawing)
    for word in ("Coup", "Politics", "Today", "Without a date: Talks (Politics)."):
        assert word in written
    assert "An arrow: this end has no date." in written
    # A bar that is closed has its path closed; an open one has not.
    bar = next(p for p in group(drawing, "Raids:") if p.tag == f"{SVG}path")
    assert not bar.get("d").endswith("z")


def test_a_timeline_without_dates_lists_its_items() -> None:
    assert "Without a date: Talks (Politics)." in words(timeline([TALKS]))
    assert timeline([]).alt == "Timeline. No items."


def test_an_item_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DrawingError, match="'x' ends on 2013-01-01, before it begins"):
        timeline([TimelineItem("x", "", date(2013, 1, 2), date(2013, 1, 1))])
    with pytest.raises(DrawingError, match="301 items do not fit on a timeline; 300 do"):
        timeline([COUP] * 301)


DAYS = st.none() | st.dates()


@given(
    st.lists(st.tuples(st.text(max_size=40), st.sampled_from("abc"), DAYS, DAYS), max_size=25),
    DAYS,
)
def test_labels_in_a_lane_never_cover_each_other(
    rows: list[tuple[str, str, date | None, date | None]], today: date | None
) -> None:
    items = [
        TimelineItem(label, lane, min(a, b), max(a, b)) if a and b
        else TimelineItem(label, lane, a, b)
        for label, lane, a, b in rows
    ]  # fmt: skip
    drawing = timeline(items, today=today)
    taken: dict[float, list[tuple[float, float]]] = {}
    for part in tree(drawing).iter(f"{SVG}g"):
        for text in part.findall(f"{SVG}text"):
            if text.get("font-weight"):
                continue  # the name of the lane
            x = float(text.get("x"))
            wide = words_of.width(text.text or text[0].tail, 13)
            left = x - wide if text.get("text-anchor") == "end" else x
            taken.setdefault(float(text.get("y")), []).append((left, left + wide))
    for spans in taken.values():
        for (_, end), (start, _) in zip(sorted(spans), sorted(spans)[1:], strict=False):
            assert start >= end - 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2013, 1, 1), date(2013, 1, 1)), (date(2013, 1, 1), date(2013, 1, 9)),
        (date(2013, 1, 1), date(2013, 4, 1)), (date(2013, 1, 1), date(2014, 4, 1)),
        (date(1960, 1, 1), date(2014, 4, 1)), (date(1, 1, 1), date(9999, 12, 31)),
    ],
)  # fmt: skip
def test_the_axis_of_any_span_has_some_ticks_and_not_too_many(first: date, last: date) -> None:
    drawing = timeline([TimelineItem("x", "lane", first, last)])
    ticks = [part for part in tree(drawing).iter(f"{SVG}text") if float(part.get("y")) < 30]
    assert 1 <= len(ticks) <= 12
