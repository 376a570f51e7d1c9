"""Verbs that this app adds to plays (``planning/screenplay.py``)."""

from __future__ import annotations

from typing import Any

from assessments import watching
from assessments.actions.assumption import Standing, approve_assumption, judge_assumption
from planning.models import DueOut
from planning.screenplay import Act, Stage, Verb, add_verb
from planning.vocabulary import Origin, Perm

_ASSUMPTIONS = "assumptions"


def _approve(stage: Stage, act: Act) -> None:
    """The authority takes assumptions as a basis of the plan, one after the other."""
    for name in act["entries"]:
        entry = stage.entry(act, name, Perm.ASSUMPTION_APPROVE)
        approve_assumption(entry=entry, by=stage.by(act))


def _judge(stage: Stage, act: Act) -> None:
    """Somebody says that an assumption came true or fell; ``id`` names the due-out of one that
    fell."""
    entry = stage.entry(act, act["entry"], Perm.REGISTER_EDIT)
    judge_assumption(
        entry=entry, verdict=Standing(act["verdict"]), why=act["why"], by=stage.by(act)
    )
    if "id" in act:
        given = DueOut.objects.filter(effort=stage.effort, origin=Origin.ASSUMPTION)
        stage.keep(act, given.latest("number").pk)


def _watch(stage: Stage, act: Act) -> None:
    """The watch comes to know a part of what it knows; the effort's country is tied to it."""
    watching.take_in(act["scenario"], act["part"], effort=stage.effort, by=stage.by(act))


def _assumption(reading: Any, act: Act, value: Any) -> str:
    """What is wrong with a field that names an assumption, or a list of them."""
    names = value if isinstance(value, list) else [value]
    missing = [str(one) for one in names if reading.entered.get(str(one)) != _ASSUMPTIONS]
    return f"no earlier act entered {', '.join(missing)} in “{_ASSUMPTIONS}”" if missing else ""


def _verdict(reading: Any, act: Act, value: Any) -> str:
    known = (str(Standing.VALIDATED), str(Standing.INVALIDATED))
    if value not in known:
        return f"“{value}” is not one of {', '.join(known)}"
    falls = value == str(Standing.INVALIDATED)
    return (
        "only an assumption that fell makes a due-out to name" if "id" in act and not falls else ""
    )


def _part(reading: Any, act: Act, value: Any) -> str:
    return "; ".join(watching.faults(str(act.get("scenario")), str(value)))


add_verb("approve_assumption", Verb(_approve, "entries by", checks={"entries": _assumption}))
add_verb(
    "judge_assumption",
    Verb(
        _judge, "entry verdict why by", "id", makes="due_out",
        checks={"entry": _assumption, "verdict": _verdict},
    ),
)  # fmt: skip
add_verb("watch", Verb(_watch, "scenario part by", checks={"part": _part}))
