"""How alerts name what they rest on."""

from __future__ import annotations

from assessments.frames import frame_of
from assessments.models import Event, Rating, Report
from assessments.vocabulary import FrameKey, Level, Reliability, ReportKind

MAX_LINE = 300  # characters


def rating_words(rating: Rating) -> str:
    """A rating in one line."""
    item = frame_of(rating.frame).items.get(rating.item)
    words = item.words if item else rating.item
    return _line(
        f"{FrameKey(rating.frame).label}, {rating.item}, rated “{Level(rating.level).label}” on "
        f"{rating.at:%Y-%m-%d}: {words}"
    )


def event_words(event: Event) -> str:
    """An event in one line, with all three estimates of its deaths."""
    when = str(event.date_start)
    if event.date_end != event.date_start:
        when += f" to {event.date_end}"
    where = event.place or event.adm_2 or event.adm_1 or "place not known"
    sides = " against ".join(side for side in (event.side_a, event.side_b) if side)
    return _line(f"{when}, {where}: {deaths_words(event)}" + (f"; {sides}" if sides else ""))


def deaths_words(event: Event) -> str:
    """The deaths of an event by the three estimates."""
    return (
        f"deaths {event.deaths_best:,} by the best estimate (low {event.deaths_low:,}, high "
        f"{event.deaths_high:,})"
    )


def report_words(report: Report) -> str:
    """A report in one line, with how far its source can be relied on."""
    return _line(
        f"{report.dated}, {ReportKind(report.kind).label}, {report.source} "
        f"({Reliability(report.reliability).label.lower()}): {report.title}"
    )


def _line(words: str) -> str:
    return words if len(words) <= MAX_LINE else f"{words[: MAX_LINE - 1]}…"
