"""What happened when, in lanes: bars for what lasted, marks for single days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.drawing import labels
from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import (
    GROUPS,
    INK_FAINT,
    INK_SOFT,
    PAPER,
    PAPER_2,
    RULE,
    RULE_FAINT,
    STOP,
    Look,
)
from mapro.core.drawing.svg import (
    Drawing,
    DrawingError,
    Sheet,
    element,
    key_shape,
    number,
    shape,
    text,
    titled,
)  # fmt: skip

WIDTH = 960
MOST = 300
_LEFT, _RIGHT = 158.0, 944.0  # the time axis, in pixels
_TOP = 34.0
_ROW = 28.0
_BAR = 16.0
_NAME = 260.0  # pixels: the most that a label outside of its bar may take
_OPEN = 26.0  # pixels over which an open end fades


@dataclass(frozen=True)
class TimelineItem:
    """Something in a lane. The same start and end is a single day.

    A start or an end that is None is open: it is not known, or not reached. Without both, the
    item is listed below. Items of one ``kind`` look the same.
    """

    label: str
    lane: str
    start: date | None
    end: date | None
    kind: str = ""


@dataclass(frozen=True)
class _Set:
    """An item as it will be drawn: its ends in pixels, its row, and where its label stands."""

    item: TimelineItem
    left: float
    right: float
    row: int
    label_x: float
    anchor: str
    room: float


def timeline(
    items: Sequence[TimelineItem], *, today: date | None = None,
    title: str = "Timeline", prefix: str = "timeline",
) -> Drawing:  # fmt: skip
    """The items in their lanes; 960 pixels wide, as high as they ask. ``today`` is marked if given.

    Raises DrawingError for an item that ends before it begins, or more than 300 items.
    """
    _checked(items)
    dated = [item for item in items if item.start or item.end]
    undated = [item for item in items if not (item.start or item.end)]
    first, last = _span(dated, today)
    kinds = list(dict.fromkeys(item.kind for item in dated))
    looks = {kind: GROUPS[index % len(GROUPS)] for index, kind in enumerate(kinds)}
    lanes: dict[str, list[TimelineItem]] = {}
    for item in dated:
        lanes.setdefault(item.lane, []).append(item)
    sheet = Sheet(WIDTH, prefix)
    laid = {lane: _rows(of_lane, first, last) for lane, of_lane in lanes.items()}
    heights = {lane: (max(s.row for s in sets) + 1) * _ROW + 10 for lane, sets in laid.items()}
    bottom = _TOP + sum(heights.values())
    y = _TOP
    for at, lane in enumerate(laid):
        _lane(sheet, lane, y, heights[lane], shaded=at % 2 == 0)
        y += heights[lane]
    if dated:
        _axis(sheet, first, last, bottom)
        if today:  # below the items, so that no label is struck through
            _today(sheet, _x(today, first, last), bottom)
    y = _TOP
    for lane, sets in laid.items():
        for one in sets:
            sheet.add(_item(sheet, one, y + 5 + one.row * _ROW + _ROW / 2, looks[one.item.kind]))
        y += heights[lane]
    if not dated:
        sheet.add(text(WIDTH / 2, 60, "Nothing with a date", size=16, fill=INK_SOFT,
                       anchor="middle"))  # fmt: skip
        bottom = 90.0
    bottom = _notes(sheet, looks, dated, undated, bottom + 20)
    return sheet.drawing(bottom, title, _alt(dated, undated))


def _checked(items: Sequence[TimelineItem]) -> None:
    if len(items) > MOST:
        raise DrawingError(
            f"{len(items):,} items do not fit on a timeline; {MOST} do. Choose some of them."
        )
    for item in items:
        if item.start and item.end and item.end < item.start:
            raise DrawingError(
                f"{item.label[:80]!r} ends on {item.end}, before it begins on {item.start}. "
                "Correct one of the dates."
            )


def _span(items: Sequence[TimelineItem], today: date | None) -> tuple[date, date]:
    """The first and last day of the axis: those of the items, with room for open ends."""
    days = [day for item in items for day in (item.start, item.end) if day]
    if today and days:
        days.append(today)
    if not days:
        return date(2000, 1, 1), date(2000, 12, 31)
    first, last = min(days), max(days)
    pad = timedelta(days=max(1, (last - first).days // 16))
    try:
        return first - pad, last + pad
    except OverflowError:  # the calendar itself ends there
        return first, last


def _x(day: date, first: date, last: date) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (day - first).days / max((last - first).days, 1)


def _rows(items: Sequence[TimelineItem], first: date, last: date) -> list[_Set]:
    """Each item on the first row where neither it nor its label touches another."""
    ends: list[list[tuple[float, float]]] = []
    made = []
    order = sorted(range(len(items)), key=lambda at: (items[at].start or date.min, at))
    for at in order:
        item = items[at]
        left = _x(item.start, first, last) if item.start else _LEFT
        right = _x(item.end, first, last) if item.end else _RIGHT
        label_x, anchor, room = _beside(item, left, right)
        wide = words_of.width(words_of.cut(item.label, room, 13), 13)
        far_left = min(left - 7, label_x - (wide if anchor == "end" else 0))
        far_right = max(right + 7, label_x + (wide if anchor == "start" else 0)) + 10
        row = next(
            (
                n for n, taken in enumerate(ends)
                if all(far_right <= a or far_left >= b for a, b in taken)
            ),
            len(ends),
        )  # fmt: skip
        if row == len(ends):
            ends.append([])
        ends[row].append((far_left, far_right))
        made.append(_Set(item, left, right, row, label_x, anchor, room))
    return made


def _beside(item: TimelineItem, left: float, right: float) -> tuple[float, str, float]:
    """Where a label stands: in its bar, or right of it, or left of it, or where most room is."""
    wide = min(words_of.width(words_of.clean(item.label), 13), _NAME)
    inside = right - left - 14 - _OPEN * (item.end is None) - _OPEN * (item.start is None)
    if wide <= inside:
        return left + 7 + _OPEN * (item.start is None), "start", inside
    after, before = _RIGHT - right - 10, left - _LEFT - 10
    if wide <= after or (after >= before and after > inside):
        return right + 10, "start", min(after, _NAME)
    if wide <= before or before > inside:
        return left - 10, "end", min(before, _NAME)
    return left + 7 + _OPEN * (item.start is None), "start", inside


def _lane(sheet: Sheet, lane: str, y: float, height: float, *, shaded: bool) -> None:
    sheet.add(
        element("rect", y=y, width=WIDTH, height=height, fill=PAPER_2 if shaded else PAPER),
        element("path", d=f"M0 {number(y)}H{WIDTH}", stroke=RULE_FAINT),
    )
    rows = words_of.lines(lane, _LEFT - 22, 13, 2 if height > 40 else 1)
    start = y + min(height / 2, 22) + 4.5 - 8 * (len(rows) - 1)
    said = "".join(
        text(8, start + 16 * at, words, size=13, bold=True) for at, words in enumerate(rows)
    )
    sheet.add(titled("g", lane, said) if words_of.clean(lane) else said)


def _item(sheet: Sheet, one: _Set, y: float, look: Look) -> str:
    item, top = one.item, y - _BAR / 2
    title = f"{item.label}: {_when(item)}{f' ({item.kind})' if item.kind else ''}"
    if item.start and item.start == item.end:
        mark = element("path", d=shape(look.shape, one.left, y, 6.5), fill=look.color,
                       fill_rule="evenodd", stroke=PAPER, stroke_width=1)  # fmt: skip
    else:
        right = max(one.right, one.left + 3)
        mark = element("path", d=_bar(item, one.left, right, top), fill=look.hatch.ground,
                       stroke=look.color, stroke_width=1.2)  # fmt: skip
        # The shape of its kind hangs on the bar's known end, so that color is not needed.
        at = one.left if item.start else right
        mark += element("path", d=shape(look.shape, at, y, 5), fill=look.color,
                        fill_rule="evenodd", stroke=PAPER, stroke_width=1)  # fmt: skip
        mark += _open_ends(item, one.left, right, y, look)
    label_x = one.label_x
    if one.anchor == "start" and one.left < label_x < one.right:
        label_x += 3
    words = text(
        label_x, y + 4.5, item.label, size=13, room=one.room,
        anchor=None if one.anchor == "start" else "end",
    )  # fmt: skip
    return titled("g", title, mark + words)


def _bar(item: TimelineItem, left: float, right: float, top: float) -> str:
    """A bar whose open ends have no edge: they run out in dashes."""
    a, b = number(left), number(right)
    up, down = number(top), number(top + _BAR)
    if item.start and item.end:
        return f"M{a} {up}H{b}V{down}H{a}z"
    if item.start:
        end = number(max(right - _OPEN, left))
        return f"M{end} {up}H{a}V{down}H{end}"
    end = number(min(left + _OPEN, right))
    return f"M{end} {up}H{b}V{down}H{end}"


def _open_ends(item: TimelineItem, left: float, right: float, y: float, look: Look) -> str:
    """Dashes that thin out and an arrow, where no date ends the bar."""
    if item.start and item.end:
        return ""
    edge, side = (right, 1) if item.start else (left, -1)
    start = edge - side * _OPEN
    dashes = "".join(
        f"M{number(start + side * at)} {number(y - _BAR / 2)}h{side * long}"
        f"M{number(start + side * at)} {number(y + _BAR / 2)}h{side * long}"
        for at, long in ((2, 5), (10, 3), (16, 2))
    )
    arrow = f"M{number(start + side * 4)} {number(y)}H{number(edge)}m{-6 * side} -4l{6 * side} 4l{-6 * side} 4"
    return element("path", d=dashes + arrow, fill="none", stroke=look.color, stroke_width=1.4)


def _axis(sheet: Sheet, first: date, last: date, bottom: float) -> None:
    marks = list(_ticks(first, last))
    room = labels.Room(WIDTH, _TOP + 20)
    lines = "".join(
        f"M{number(_x(day, first, last))} {_TOP - 6}V{number(bottom)}" for day, _ in marks
    )
    sheet.add(
        element("path", d=lines, stroke=RULE, stroke_width=0.8),
        element("path", d=f"M0 {number(bottom)}H{WIDTH}", stroke=RULE),
        element("path", d=f"M{number(_LEFT - 8)} {_TOP}V{number(bottom)}", stroke=RULE),
    )
    for day, words in marks:
        x = _x(day, first, last)
        spots = [(x, _TOP - 12, "middle"), (min(x + 4, WIDTH - 4.0), _TOP - 12, "end")]
        if placed := room.place(words, spots):
            sheet.add(text(placed[0], placed[1], words, fill=INK_SOFT, anchor=placed[2]))


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Round days of the calendar, about eight of them, and how each is written."""
    days = (last - first).days
    if days <= 120:
        step = next((step for step in (1, 2, 7, 14) if days / step <= 9), 14)
        # Weeks begin on Mondays.
        start = first + timedelta(days=-first.weekday() % 7 if step >= 7 else 0)
        while start <= last:
            yield (
                start,
                f"{start.day} {_MONTHS[start.month - 1]} {start.year}"
                if (start.month, start.day) <= (1, step)
                else f"{start.day} {_MONTHS[start.month - 1]}",
            )
            start += timedelta(days=step)
        return
    months = days / 30.4
    step = next(
        (s for s in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200) if months / s <= 10), 12000
    )
    count = -(-(first.year * 12 + first.month - 1) // step) * step
    while count <= last.year * 12 + last.month - 1:
        year, month = divmod(count, 12)
        count += step
        if year < 1 or not first <= (day := date(year, month + 1, 1)) <= last:
            continue
        yield day, f"{year}" if step >= 12 else f"{_MONTHS[month]} {year}"


def _today(sheet: Sheet, x: float, bottom: float) -> None:
    sheet.add(
        element("path", d=f"M{number(x)} {_TOP - 4}V{number(bottom)}", stroke=STOP,
                stroke_width=1.5, stroke_dasharray="5 3"),
        text(x, bottom + 13, "Today", fill=STOP, anchor="middle", bold=True),
    )  # fmt: skip


def _notes(
    sheet: Sheet, looks: dict[str, Look], dated: Sequence[TimelineItem],
    undated: Sequence[TimelineItem], y: float,
) -> float:  # fmt: skip
    """The kinds, what open ends mean, what has no date. Returns the bottom."""
    if any(looks):
        y += 8
        names = [kind or "No kind" for kind in looks]
        wide = [20 + min(words_of.width(words_of.clean(name), 13), 190) for name in names]
        placed = labels.flow(wide, WIDTH - 16)
        for name, look, (x, row) in zip(names, looks.values(), placed, strict=True):
            sheet.add(
                key_shape(look, x + 14, y + row * 22, 6),
                text(x + 28, y + row * 22 + 4.5, name, size=13, room=190),
            )
        y += 22 * (placed[-1][1] + 1)
    notes = []
    if any(not (item.start and item.end) for item in dated):
        notes.append("An arrow: this end has no date.")
    if undated:
        names = [f"{item.label} ({item.lane})" if item.lane else item.label for item in undated]
        notes.append(f"Without a date: {words_of.listed(names, 30)}.")
    for note in notes:
        for line in words_of.lines(note, WIDTH - 60, 12, 4):
            sheet.add(text(8, y + 4, line, fill=INK_FAINT))
            y += 17
    return y + 4


def _when(item: TimelineItem) -> str:
    if item.start and item.start == item.end:
        return _day(item.start)
    if item.start and item.end:
        return f"{_day(item.start)} to {_day(item.end)}"
    if item.start:
        return f"from {_day(item.start)}, no end given"
    return f"until {_day(item.end)}, no beginning given" if item.end else "no date"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _alt(dated: Sequence[TimelineItem], undated: Sequence[TimelineItem]) -> str:
    total = len(dated) + len(undated)
    if not total:
        return "Timeline. No items."
    said = [f"Timeline of {words_of.counted(total, 'item')}."]
    lanes: dict[str, list[TimelineItem]] = {}
    for item in dated:
        lanes.setdefault(words_of.clean(item.lane), []).append(item)
    for lane, items in lanes.items():
        named = [
            f"{item.label}, {_when(item)}"
            for item in sorted(items, key=lambda item: item.start or date.min)
        ]
        more = f"; and {len(named) - 20:,} more" if len(named) > 20 else ""
        said.append(f"{lane or 'No lane'}: {'; '.join(named[:20])}{more}.")
    if undated:
        said.append(f"Without a date: {words_of.listed([item.label for item in undated], 30)}.")
    return " ".join(said)
