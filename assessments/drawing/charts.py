"""Charts over time: deaths by period and type, and the small line of a trend."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.drawing.looks import TYPES
from mapro.core.drawing import text as words_of
from mapro.core.drawing.colors import ACCENT, INK, INK_SOFT, NO_DATA, PAPER, RULE, RULE_FAINT, STOP
from mapro.core.drawing.svg import (
    Drawing,
    DrawingError,
    Sheet,
    element,
    number,
    polyline,
    text,
    titled,
)  # fmt: skip

WIDTH, HEIGHT = 960, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 8, 30, 318  # the plot, in pixels
_MOST = 520  # periods: ten years of weeks
_SILENT = "no data"


@dataclass(frozen=True)
class Period:
    """A week, month or year. ``counts`` hold (low, best, high) by type of violence.

    ``reported`` is False when the feed was silent: what happened then is not known, and is not
    zero, whatever the counts say.
    """

    label: str
    counts: Mapping[str, tuple[float, float, float]]
    reported: bool = True


def event_chart(
    periods: Sequence[Period], *, unit: str = "deaths", title: str = "", prefix: str = "event-chart"
) -> Drawing:
    """Stacked bars of best estimates by type, with a whisker from low to high for the sum.

    960 by 420 pixels. Silent periods are hatched gaps. Raises DrawingError for an unknown type, a
    negative or unreadable number, or more than 520 periods.
    """
    _checked(periods)
    sheet = Sheet(WIDTH, prefix)
    top_value = max((_sum(period, 2) for period in periods if period.reported), default=0)
    step, most = _axis(top_value)
    scale = (_BOTTOM - _TOP) / most
    _grid(sheet, step, most, scale, unit)
    pitch = (WIDTH - _LEFT - _RIGHT) / max(len(periods), 1)
    free_from = 0.0
    for left, run in _gaps(periods, pitch):
        free_from = _gap(sheet, left, run * pitch, free_from)
    for at, period in enumerate(periods):
        if period.reported:
            sheet.add(_bar(sheet, period, _LEFT + at * pitch, pitch, scale, unit))
    _labels(sheet, periods, pitch)
    sheet.add(element("path", d=f"M{_LEFT} {_BOTTOM}H{WIDTH - _RIGHT}", stroke=INK))
    _legend(sheet, periods, unit)
    if not periods:
        sheet.add(text(WIDTH / 2, 180, "No periods", size=16, fill=INK_SOFT, anchor="middle"))
    return sheet.drawing(
        HEIGHT, title or f"{unit.capitalize()} by period and type of violence",
        _chart_alt(periods, unit),
    )  # fmt: skip


def _checked(periods: Sequence[Period]) -> None:
    if len(periods) > _MOST:
        raise DrawingError(
            f"{len(periods):,} periods do not fit on a chart; {_MOST} do. Use longer periods."
        )
    for period in periods:
        for kind, numbers in period.counts.items():
            if kind not in TYPES:
                raise DrawingError(
                    f"The period {period.label!r} counts the type {kind!r}; types are "
                    f"{', '.join(TYPES)}."
                )
            if len(numbers) != 3 or not all(math.isfinite(n) and n >= 0 for n in numbers):
                raise DrawingError(
                    f"The period {period.label!r} has {numbers!r} for {TYPES[kind].label.lower()}; "
                    "give low, best and high, each 0 or more."
                )


def _sum(period: Period, which: int) -> float:
    """The sum over types of low (0), best (1) or high (2), which never lie on best's wrong side."""
    best = sum(numbers[1] for numbers in period.counts.values())
    found = sum(numbers[which] for numbers in period.counts.values())
    return min(found, best) if which == 0 else max(found, best)


def _axis(most: float) -> tuple[float, float]:
    """A round step, and the round end of an axis of about five steps that holds ``most``."""
    if most <= 0:
        return 1, 5
    power = 10 ** math.floor(math.log10(most))
    step = next(s * power for s in (0.2, 0.5, 1, 2, 5) if most / (s * power) <= 5)
    step = max(step, 1) if most >= 5 else step
    return step, step * math.ceil(most * 1.04 / step)


def _said(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _grid(sheet: Sheet, step: float, most: float, scale: float, unit: str) -> None:
    sheet.add(text(4, 16, f"{unit.capitalize()}, best estimate", fill=INK_SOFT))
    for count in range(round(most / step) + 1):
        y = _BOTTOM - count * step * scale
        sheet.add(
            element("path", d=f"M{_LEFT} {number(y)}H{WIDTH - _RIGHT}", stroke=RULE_FAINT),
            text(_LEFT - 8, y + 4, _said(count * step), fill=INK_SOFT, anchor="end"),
        )


def _gaps(periods: Sequence[Period], pitch: float) -> Iterator[tuple[float, int]]:
    """Where each run of silent periods begins, and how many there are."""
    at = 0
    for reported, run in groupby(period.reported for period in periods):
        length = len(list(run))
        if not reported:
            yield _LEFT + at * pitch, length
        at += length


def _gap(sheet: Sheet, left: float, wide: float, free_from: float) -> float:
    """A hatched gap and its words, unless those before it end only at ``free_from``.

    Returns where its own words end.
    """
    sheet.add(
        titled(
            "rect", "No data: the feed was silent. This is not zero.", x=left, y=_TOP, width=wide,
            height=_BOTTOM - _TOP, fill=sheet.hatch(NO_DATA), stroke=RULE,
        )
    )  # fmt: skip
    middle, y = left + wide / 2, (_TOP + _BOTTOM) / 2
    long = words_of.width(_SILENT, 13) + 10
    flat = wide >= long
    across, down = (long, 22.0) if flat else (min(20.0, max(wide, 16.0)), long)
    if middle - across / 2 < free_from:
        return free_from
    sheet.add(
        element("rect", x=middle - across / 2, y=y - down / 2, width=across, height=down,
                fill=PAPER),
        text(middle if flat else middle + 4.5, y + 4.5 if flat else y, _SILENT, size=13,
             anchor="middle", turn=None if flat else -90),
    )  # fmt: skip
    return middle + across / 2


def _bar(sheet: Sheet, period: Period, left: float, pitch: float, scale: float, unit: str) -> str:
    wide = max(min(pitch * 0.68, 56.0), 1.0)
    x, y = left + (pitch - wide) / 2, float(_BOTTOM)
    low, best, high = (_sum(period, which) for which in range(3))
    parts = []
    for kind, look in TYPES.items():
        value = period.counts.get(kind, (0, 0, 0))[1]
        if not value:
            continue
        tall = value * scale
        y -= tall
        parts.append(
            element(
                "rect", x=x, y=y, width=wide, height=tall, fill=sheet.hatch(look.hatch),
                stroke=look.color if wide > 4 else None, stroke_width=1 if wide > 4 else None,
            )
        )  # fmt: skip
    if high > low:
        middle, half = x + wide / 2, min(wide / 4, 6)
        ends = [_BOTTOM - value * scale for value in (low, high)]
        path = f"M{number(middle)} {number(ends[0])}V{number(ends[1])}"
        for end in ends:
            path += f"M{number(middle - half)} {number(end)}h{number(2 * half)}"
        if wide > 4:
            parts.append(element("path", d=path, stroke=PAPER, stroke_width=4, fill="none"))
        parts.append(element("path", d=path, stroke=INK, stroke_width=1.5, fill="none"))
    written = words_of.width(_said(best)) + 4
    if written <= pitch:  # a reported zero is written, too: it is a figure, not a gap
        above = _BOTTOM - max(high, best) * scale - 5
        parts.append(text(x + wide / 2, above, _said(best), fill=INK_SOFT, anchor="middle"))
    by_type = "; ".join(
        f"{look.label.lower()} {_said(period.counts[kind][1])}"
        for kind, look in TYPES.items()
        if period.counts.get(kind, (0, 0, 0))[1]
    )
    said = f"{period.label}: {_said(best)} {unit} ({_said(low)} to {_said(high)})"
    # A transparent field, so that low bars can be pointed at, too.
    field = element("rect", x=left, y=_TOP, width=pitch, height=_BOTTOM - _TOP, fill=PAPER,
                    fill_opacity=0)  # fmt: skip
    return titled("g", f"{said}. {by_type}" if by_type else said, "".join(parts) + field)


def _labels(sheet: Sheet, periods: Sequence[Period], pitch: float) -> None:
    """As many labels as there is room for, level if they can be, slanted if they cannot."""
    widest = max((words_of.width(words_of.clean(p.label)) for p in periods), default=0)
    level = min(widest, 90) + 12
    every = max(1, math.ceil(level / pitch))
    slanted = every > 1 and widest > 30 and math.ceil(17 / pitch) < every
    if slanted:
        every = max(1, math.ceil(17 / pitch))
    for at in range(0, len(periods), every):
        x = _LEFT + (at + 0.5) * pitch
        if slanted:
            sheet.add(text(x + 4, _BOTTOM + 12, periods[at].label, anchor="end", room=62, turn=-45))
        else:
            room = max(pitch * every - 8, 24)
            sheet.add(text(x, _BOTTOM + 17, periods[at].label, anchor="middle", room=room))


def _legend(sheet: Sheet, periods: Sequence[Period], unit: str) -> None:
    used = {kind for period in periods if period.reported for kind in period.counts}
    x, y = 8.0, HEIGHT - 28.0
    for kind, look in TYPES.items():
        if kind in used or kind != "other":
            sheet.add(sheet.swatch(x, y, look.hatch), text(x + 29, y + 11.5, look.label, size=13))
            x += 29 + words_of.width(look.label, 13) + 18
    sheet.add(
        element("path", d=f"M{number(x + 7)} {y + 14}v-14m-5 0h10m-10 14h10", stroke=INK,
                stroke_width=1.5, fill="none"),
        text(x + 19, y + 11.5, "Low to high, all types", size=13),
    )  # fmt: skip
    x += 19 + words_of.width("Low to high, all types", 13) + 18
    if any(not period.reported for period in periods):
        sheet.add(sheet.swatch(x, y, NO_DATA), text(x + 29, y + 11.5, "No data, not zero", size=13))


def _chart_alt(periods: Sequence[Period], unit: str) -> str:
    if not periods:
        return f"Chart of {unit} by period. No periods."
    known = [period for period in periods if period.reported]
    said = [
        f"Chart of {unit} over {words_of.counted(len(periods), 'period')}, "
        f"{periods[0].label} to {periods[-1].label}."
    ]
    if known:
        low, best, high = (sum(_sum(period, which) for period in known) for which in range(3))
        said.append(f"Best estimate {_said(best)} in all (low {_said(low)}, high {_said(high)}).")
        by_type = [
            f"{look.label}: {_said(total)}"
            for kind, look in TYPES.items()
            if (total := sum(p.counts.get(kind, (0, 0, 0))[1] for p in known))
        ]
        if by_type:
            said.append(f"{'; '.join(by_type)}.")
        worst = max(known, key=lambda period: _sum(period, 1))
        if _sum(worst, 1):
            said.append(f"The most in one period: {_said(_sum(worst, 1))}, in {worst.label}.")
    if silent := [period.label for period in periods if not period.reported]:
        said.append(
            f"No data for {words_of.listed(silent)}: the feed was silent, which is not zero."
        )
    return " ".join(said)


TREND_WIDTH, TREND_HEIGHT = 160, 40


def trend_line(
    values: Sequence[float | None], threshold: float | None = None, *,
    title: str = "Trend", prefix: str = "trend",
) -> Drawing:  # fmt: skip
    """A small line of values, 160 by 40 pixels, with the threshold dashed; None leaves a gap.

    Raises DrawingError for a value that is no number.
    """
    for value in (*values, threshold):
        if value is not None and not math.isfinite(value):
            raise DrawingError(f"The trend holds {value!r}; give numbers, or None for no data.")
    sheet = Sheet(TREND_WIDTH, prefix)
    known = [value for value in values if value is not None]
    ends = [*known, *([threshold] if threshold is not None else [])]
    low, high = min(ends, default=0), max(ends, default=0)
    spread = high - low or 1
    pitch = (TREND_WIDTH - 12) / max(len(values) - 1, 1)

    def at(index: int, value: float) -> tuple[float, float]:
        level = (value - low) / spread if high > low else 0.5
        return 6 + index * pitch, TREND_HEIGHT - 6 - level * (TREND_HEIGHT - 12)

    stretches = list(_stretches(values))
    for start, stretch in stretches:
        if stretch[0] is None:
            left = max(0.0, 6 + (start - 0.5) * pitch)
            right = min(float(TREND_WIDTH), 6 + (start + len(stretch) - 0.5) * pitch)
            sheet.add(
                element(
                    "rect", x=left, y=2, width=right - left, height=TREND_HEIGHT - 4,
                    fill=sheet.hatch(NO_DATA),
                )
            )  # fmt: skip
    if threshold is not None:
        y = at(0, threshold)[1]
        sheet.add(
            element("path", d=f"M0 {number(y)}H{TREND_WIDTH}", stroke=STOP, stroke_dasharray="4 3")
        )
    for start, stretch in stretches:
        points = [at(start + n, value) for n, value in enumerate(stretch) if value is not None]
        if len(points) > 1:
            sheet.add(
                element(
                    "path", d=polyline(points), fill="none", stroke=ACCENT, stroke_width=2,
                    stroke_linejoin="round", stroke_linecap="round",
                )
            )  # fmt: skip
        elif points:
            sheet.add(element("circle", cx=points[0][0], cy=points[0][1], r=2, fill=ACCENT))
    if values and values[-1] is not None:
        x, y = at(len(values) - 1, values[-1])
        sheet.add(element("circle", cx=x, cy=y, r=3.5, fill=ACCENT, stroke=PAPER, stroke_width=1.2))
    return sheet.drawing(TREND_HEIGHT, title, _trend_alt(values, known, threshold))


def _stretches(values: Sequence[float | None]) -> Iterator[tuple[int, list[float | None]]]:
    """Runs of known values and runs of missing ones, each with where it begins."""
    start = 0
    for _, run in groupby(values, key=lambda value: value is None):
        stretch = list(run)
        yield start, stretch
        start += len(stretch)


def _trend_alt(
    values: Sequence[float | None], known: Sequence[float], threshold: float | None
) -> str:
    if not known:
        return f"Trend over {words_of.counted(len(values), 'period')}: no data."
    said = [
        f"Trend over {words_of.counted(len(values), 'period')}: from {_said(known[0])} to "
        f"{_said(known[-1])}, lowest {_said(min(known))}, highest {_said(max(known))}."
    ]
    if threshold is not None:
        side = "at or above" if known[-1] >= threshold else "below"
        latest = "latest" if values[-1] is not None else "last known"
        said.append(f"The {latest} value is {side} the threshold of {_said(threshold)}.")
    if missing := len(values) - len(known):
        ending = ", the latest among them" if values[-1] is None else ""
        said.append(f"No data in {words_of.counted(missing, 'period')}{ending}.")
    return " ".join(said)
