"""Take a report of the watch into an effort, as a source of its registers."""

from __future__ import annotations

from assessments.models import Report
from assessments.policies import watch_reader
from assessments.registers import SOURCES
from assessments.vocabulary import Reliability
from mapro.core.db import atomic
from mapro.core.errors import WrongState
from mapro.core.models import User
from planning.actions.entry import add_entry, line_up
from planning.models import Effort, Entry
from planning.policies import check
from planning.vocabulary import Perm

# How the register of sources calls what the watch says of a report's source.
_RELIABILITY = {
    Reliability.RELIABLE: "usually",
    Reliability.USUALLY: "usually",
    Reliability.FAIRLY: "usually",
    Reliability.NOT_USUALLY: "doubtful",
    Reliability.UNKNOWN: "unknown",
}


@atomic()
def take_report(*, report: Report, effort: Effort, by: User) -> tuple[Entry, bool]:
    """Enter a report as a source of an effort, under its own marking; whether it was not yet there.

    ``by`` must read the watch and keep the effort's registers. Raises WrongState for a report that
    was retired.
    """
    watch_reader(by)
    check(by, effort, Perm.REGISTER_EDIT)
    if report.retired_at is not None:
        raise WrongState("This report was retired. Nothing new should rest on it.")
    line_up(effort)
    reference = reference_of(report)
    held = effort.entries.filter(register=SOURCES.key, retired_at=None)
    there = held.filter(data__reference=reference).select_related("effort").first()
    if there is not None:
        return there, False
    source = f"{report.source}: " if report.source else ""
    made = add_entry(
        effort=effort, register=SOURCES, by=by, portion=report.marking.code, values={
            "title": f"{source}{report.title}"[:300], "kind": report.kind,
            "dated": report.dated.isoformat(), "reference": reference,
            "reliability": _RELIABILITY[Reliability(report.reliability)], "note": report.summary,
        },
    )  # fmt: skip
    return made, True


def reference_of(report: Report) -> str:
    """How an effort's sources name a report of the watch."""
    return f"Report {report.pk} of the watch on {report.country.name}"
