"""Reports: enter one, mend it, take it out of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from assessments.actions.words import chosen, reference
from assessments.models import Country, Report
from assessments.policies import watch_editor
from assessments.vocabulary import Reliability, ReportKind
from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import Marking, User
from planning.actions.words import MAX_WHY, each_read, in_a_line, said


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Invalid({"dated": "Give the day of the report, such as 2013-03-24."})
    if value > timezone.localdate():
        raise Invalid({"dated": "A report cannot be of a day to come."})
    return value


_TAKEN: dict[str, Callable[[Any], Any]] = {
    "kind": lambda v: chosen("kind", v, ReportKind).value,
    "title": lambda v: in_a_line("title", v, need="Give the report a title.", most=200),
    "summary": lambda v: said("summary", v, need="Say in a few sentences what it reports."),
    "source": lambda v: in_a_line("source", v, need="Say who reports it.", most=200),
    "reliability": lambda v: chosen("reliability", v, Reliability).value,
    "dated": _day,
    "address": lambda v: reference("address", v),
    "marking": lambda v: v,
}


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.code if isinstance(value, Marking)
        else value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }  # fmt: skip


@atomic()
def add_report(
    *, country: Country, kind: str, title: str, summary: str, source: str, dated: date, by: User,
    reliability: str = Reliability.UNKNOWN, address: str = "", marking: Marking | None = None,
) -> Report:  # fmt: skip
    """Enter a report on a country. Without ``marking`` it has the lowest.

    Raises Invalid by field for what is missing, too long, unknown, or of a day to come.
    """
    watch_editor(by)
    fields = each_read("a report", _TAKEN, 
        {
            "kind": kind, "title": title, "summary": summary, "source": source, "dated": dated,
            "reliability": reliability, "address": address,
            "marking": marking or Marking.objects.earliest("rank"),
        }
    )  # fmt: skip
    report = Report.objects.create(country=country, added_by=by, added_at=timezone.now(), **fields)
    record(
        "report.added", by=by, on=report, label=f"{country.name}: {report.title}",
        new=_plain(fields),
    )  # fmt: skip
    return report


@atomic()
def edit_report(*, report: Report, by: User, **fields: Any) -> Report:
    """Change some fields of a report; what it said before stays in the audit trail.

    Raises Invalid as ``add_report``, WrongState for a retired one. What changes nothing writes
    nothing.
    """
    watch_editor(by)
    row = Report.objects.select_for_update(of=("self",), no_key=True).select_related(
        "country", "marking"
    ).get(pk=report.pk)  # fmt: skip
    if row.retired_at is not None:
        raise WrongState("This report is retired; what it says stays as it is.")
    new = {k: v for k, v in each_read("a report", _TAKEN, fields).items() if getattr(row, k) != v}
    if not new:
        return row
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    record(
        "report.edited", by=by, on=row, label=f"{row.country.name}: {row.title}",
        old=_plain(old), new=_plain(new),
    )  # fmt: skip
    return row


@atomic()
def retire_report(*, report: Report, why: str, by: User) -> Report:
    """Take a report out of use; ratings and alerts that name it still do.

    Raises Invalid without a reason, WrongState when it was retired before.
    """
    watch_editor(by)
    why = said("why", why, need="Say why this report no longer counts.", most=MAX_WHY)
    now = timezone.now()
    retired = Report.objects.filter(pk=report.pk, retired_at=None).update(
        retired_at=now, retired_why=why
    )
    if not retired:
        raise WrongState("This report is retired already.")
    report.retired_at, report.retired_why = now, why
    record(
        "report.retired", by=by, on=report, label=f"{report.country.name}: {report.title}",
        why=why,
    )  # fmt: skip
    return report
