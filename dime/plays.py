"""Verbs that this app adds to plays (``planning/screenplay.py``).

``entries`` of ``overrule`` and ``values`` of ``score`` name rows by their ids, as acts do.
"""

from __future__ import annotations

from typing import Any

from dime.actions.comparison import give_scores, reopen_weights, settle_weights
from dime.actions.option import adopt_option, overrule, recommend_option
from dime.selectors.warnings import KINDS, warnings_of
from dime.vocabulary import SCORES, Level
from planning.registers import REGISTERS
from planning.scenario import one_of
from planning.screenplay import Act, ScriptError, Stage, Verb, add_verb
from planning.vocabulary import Perm

_OPTIONS, _CRITERIA = "options", "criteria"


def _recommend(stage: Stage, act: Act) -> None:
    entry = stage.entry(act, act["option"], Perm.OPTION_RECOMMEND)
    recommend_option(entry=entry, by=stage.by(act), why=act.get("why", ""))


def _adopt(stage: Stage, act: Act) -> None:
    entry = stage.entry(act, act["option"], Perm.OPTION_ADOPT)
    adopt_option(entry=entry, why=act["why"], by=stage.by(act))


def _overrule(stage: Stage, act: Act) -> None:
    """Overrule the option's warnings of a kind; only those about ``entries`` if they are named."""
    entry = stage.entry(act, act["option"], Perm.REGISTER_EDIT)
    about = {_label(stage, name) for name in act.get("entries", ())}
    found = [
        one
        for one in warnings_of(entry.effort).get(entry.pk, ())
        if one.kind == act["warning"] and one.overruling is None and about <= set(one.about)
    ]
    if not found:
        raise ScriptError(f"“{act['option']}” has no warning “{act['warning']}” to overrule.")
    for one in found:
        overrule(entry=entry, warning=one.key, why=act["why"], by=stage.by(act))


def _label(stage: Stage, name: str) -> str:
    register, number = stage.entries[name]
    return f"{REGISTERS[register].prefix}-{number}"


def _settle(stage: Stage, act: Act) -> None:
    effort = stage.open_effort(act, Perm.WEIGHTS_SETTLE)
    settle_weights(effort=effort, level=Level(act["level"]), by=stage.by(act))


def _reopen(stage: Stage, act: Act) -> None:
    effort = stage.open_effort(act, Perm.WEIGHTS_SETTLE)
    reopen_weights(effort=effort, level=Level(act["level"]), why=act["why"], by=stage.by(act))


def _score(stage: Stage, act: Act) -> None:
    """Score for the actor's own organization: by option, then by criterion, 1 to 5 or 1 to 5 with
    a reason."""
    values: dict[tuple[int, int], Any] = {}
    for option, row in act["values"].items():
        for criterion, given in row.items():
            key = (stage.entries[option][1], stage.entries[criterion][1])
            values[key] = tuple(given) if isinstance(given, list) else given
    effort = stage.open_effort(act, Perm.SCORE_GIVE)
    give_scores(effort=effort, level=Level(act["level"]), values=values, by=stage.by(act))


# ---------- what is wrong with a field


def _option(reading: Any, act: Act, value: Any) -> str:
    known = reading.entered.get(str(value)) == _OPTIONS
    return "" if known else f"no earlier act entered “{value}” in “{_OPTIONS}”"


def _named(reading: Any, act: Act, value: Any) -> str:
    names = [str(one) for one in value] if isinstance(value, list) else []
    missing = [one for one in names if one not in reading.entered]
    if not names:
        return "“entries” is a list of ids"
    return f"no earlier act entered {', '.join(missing)}" if missing else ""


def _warning(reading: Any, act: Act, value: Any) -> str:
    return "" if value in KINDS else f"“{value}” is no kind of warning; there is {', '.join(KINDS)}"


def _scores(reading: Any, act: Act, value: Any) -> str:
    """Each option and criterion must be entered, each score must be one."""
    if not isinstance(value, dict) or not all(isinstance(row, dict) for row in value.values()):
        return "“values” are scores by option and criterion"
    faults = [fault for option in value if (fault := _option(reading, act, option))]
    for row in value.values():
        for criterion, given in row.items():
            if reading.entered.get(str(criterion)) != _CRITERIA:
                faults.append(f"no earlier act entered “{criterion}” in “{_CRITERIA}”")
            number, why = (*given, "", "")[:2] if isinstance(given, list) else (given, "")
            if number not in SCORES or not isinstance(why, str):
                faults.append(f"“{given}” is no score from {min(SCORES)} to {max(SCORES)}")
    return "; ".join(dict.fromkeys(faults))


_LEVEL = {"level": one_of(Level)}

add_verb("recommend_option", Verb(_recommend, "option by", "why", checks={"option": _option}))
add_verb("adopt_option", Verb(_adopt, "option by why", checks={"option": _option}))
add_verb(
    "overrule",
    Verb(
        _overrule, "option by warning why", "entries",
        checks={"option": _option, "warning": _warning, "entries": _named},
    ),
)  # fmt: skip
add_verb("settle_weights", Verb(_settle, "level by", checks=_LEVEL))
add_verb("reopen_weights", Verb(_reopen, "level by why", checks=_LEVEL))
add_verb("score", Verb(_score, "level by values", checks={**_LEVEL, "values": _scores}))
