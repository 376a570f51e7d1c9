"""Exercises as data: who takes part, what is written, and the acts of the play.

``seed_demo`` sets the stage from a scenario; ``walkthrough`` plays it through the same actions as
the browser (``planning/screenplay.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from mapro.core.models import Organization, User
from planning import actions, framework, scenario_registers
from planning.models import Effort, Membership
from planning.products.annex_d import CATALOGUE
from planning.screenplay import VERBS, Act, ScriptError, draft, fresh, name_of, play
from planning.vocabulary import EffortKind, Origin, Outcome, Position, Role, Ruling, Way

__all__ = ["ScriptError", "draft", "fresh", "load", "people", "play", "stage", "staged"]

FOLDER = Path(__file__).parent / "scenarios"
DOMAIN = "demo.mapro.example"


@cache
def load(name: str) -> dict[str, Any]:
    """A scenario by name: its file, and its folder with a file for each product, the rows of
    registers, and the script.

    A folder in it is an earlier edition: what differs from the present text, by product; that of
    the registers alone is ``planning/scenario_registers.py``'s. Raises LookupError when there is no
    such scenario, ScriptError with everything that cannot be played.
    """
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yaml")))
        raise LookupError(f"There is no scenario {name!r}; there is {known}.")
    folder = FOLDER / name
    loaded: dict[str, Any] = {
        "products": {}, "steps": {}, **_read(path), "acts": [], "editions": {},
        "registers": scenario_registers.read(folder),
    }  # fmt: skip
    for part in sorted(folder.rglob("*.yaml")):
        edition = part.parent.name
        if folder / scenario_registers.FOLDER in part.parents:
            continue
        if part.parent != folder:
            loaded["editions"].setdefault(edition, {})[part.stem] = _read(part)
        elif part.stem == "script":
            loaded["acts"] = list(_acts(_read(part)["acts"], loaded["steps"]))
        else:
            loaded["products"][part.stem] = _read(part)
    wrong = list(faults(loaded))
    if wrong:
        raise ScriptError("\n".join(wrong))
    return loaded


def _read(path: Path) -> dict[str, Any]:
    return dict(scenario_registers.plain(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _acts(rows: list[Act], gates: Mapping[int, Mapping[str, Any]]) -> Iterator[Act]:
    """The acts, with each ``gate`` replaced by what the scenario's ``steps`` say of that step:
    whoever plays a gate by hand reads it there."""
    for number, row in enumerate(rows, 1):
        if row.get("do") != "gate":
            yield row
            continue
        step, gate = row.get("step"), gates.get(row.get("step", 0))
        if gate is None or "by" not in row:
            raise ScriptError(f"{name_of(number, row)}: name who submits, and a step of `steps`.")
        yield {"do": "submit", "step": step, "by": row["by"], "ask": gate["ask"]}
        for vote in gate["votes"]:
            yield {"do": "vote", "step": step} | vote
        yield {"do": "decide", "step": step} | gate["decision"]


# ---------- what cannot be played


@dataclass
class _Reading:
    """What is known while the acts are read in order: the scenario, what acts named so far, and
    the registers of the rows that they entered, by id."""

    scenario: Mapping[str, Any]
    named: dict[str, str] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)

    @property
    def people(self) -> set[str]:
        return {row["key"] for row in self.scenario["people"]}


Fault = Callable[[_Reading, Act, Any], str]


def faults(scenario: Mapping[str, Any]) -> Iterator[str]:
    """Why a scenario cannot be played, in words that name the text or the act."""
    for where, texts in _texts(scenario):
        for key, sections in texts.items():
            if key not in CATALOGUE:
                yield f"{where}{key}: there is no such product."
                continue
            known = {section.key for section in CATALOGUE[key].every_section()}
            for section in sections:
                if section not in known:
                    yield f"{where}{key}: the product has no section “{section}”."
    yield from scenario_registers.faults(scenario["registers"])
    reading = _Reading(scenario)
    for number, act in enumerate(scenario["acts"], 1):
        if number == 1 and act.get("do") != "scene":
            yield f"{name_of(number, act)}: the first act must be a scene."
        for fault in _faults_of(reading, act):
            yield f"{name_of(number, act)}: {fault}."


def _texts(scenario: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", scenario["products"]
    for edition, texts in scenario["editions"].items():
        yield f"{edition}/", texts


def _faults_of(reading: _Reading, act: Act) -> Iterator[str]:
    verb = VERBS.get(str(act.get("do")))
    if verb is None:
        yield f"there is no such verb; there is {', '.join(VERBS)}"
        return
    needs = set(verb.needs.split())
    for name in sorted(needs - act.keys()):
        yield f"“{name}” is missing"
    for name in act:
        if name != "do" and name not in needs | set(verb.may.split()):
            yield f"“{name}” is not a field of it"
        elif isinstance(act[name], list | dict) and name not in LISTS:
            yield f"“{name}” takes a single value"
        elif check := (verb.checks.get(name) or FIELDS.get(name)):
            fault = check(reading, act, act[name])
            if fault:
                yield fault
    if "id" in act:
        reading.named[act["id"]] = verb.makes or act["do"]


def _person(reading: _Reading, act: Act, value: Any) -> str:
    return "" if value in reading.people else f"there is nobody “{value}” among the people"


def _step(reading: _Reading, act: Act, value: Any) -> str:
    return "" if value in range(1, len(framework.STEPS)) else f"there is no gate of Step {value}"


def _words(reading: _Reading, act: Act, value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "words are missing"


def _evidence(reading: _Reading, act: Act, value: Any) -> str:
    listed = isinstance(value, list) and all(not _words(reading, act, row) for row in value)
    return "" if listed and value else "“evidence” is a list of words, one for each due-out"


def _number(reading: _Reading, act: Act, value: Any) -> str:
    return "" if type(value) is int and value >= 0 else f"“{value}” is not a whole number"


def _flag(reading: _Reading, act: Act, value: Any) -> str:
    return "" if isinstance(value, bool) else f"“{value}” is neither true nor false"


def _product(reading: _Reading, act: Act, value: Any) -> str:
    return "" if value in reading.scenario["products"] else f"there is no text of “{value}”"


def _products(reading: _Reading, act: Act, value: Any) -> str:
    if not isinstance(value, list) or not value:
        return "“products” is a list of keys"
    return "; ".join(filter(None, (_product(reading, act, str(key)) for key in value)))


def _section(reading: _Reading, act: Act, value: Any) -> str:
    product = CATALOGUE.get(act.get("product", ""))
    known = product is not None and value in {s.key for s in product.every_section()}
    return "" if known else f"“{act.get('product')}” has no section “{value}”"


def _edition(reading: _Reading, act: Act, value: Any) -> str:
    texts = reading.scenario["editions"].get(value, {})
    missing = [key for key in act.get("products", ()) if key not in texts]
    return f"edition “{value}” has no {', '.join(missing)}" if missing else ""


def _registers(reading: _Reading, act: Act, value: Any) -> str:
    if not isinstance(value, list) or not value:
        return "“registers” is a list of keys"
    parts, part = reading.scenario["registers"], str(act.get("part", ""))
    found = scenario_registers.entering(parts, part, [str(one) for one in value], reading.entered)
    return "; ".join(found)


def _values(reading: _Reading, act: Act, value: Any) -> str:
    register, entry = str(act.get("register")), str(act.get("entry"))
    return "; ".join(scenario_registers.amending(register, entry, value, reading.entered))


def _new(reading: _Reading, act: Act, value: Any) -> str:
    return f"“{value}” is named already" if value in reading.named else ""


def _scene_key(reading: _Reading, act: Act, value: Any) -> str:
    same = [a for a in reading.scenario["acts"] if a.get("do") == "scene" and a.get("key") == value]
    return f"there are {len(same)} scenes “{value}”" if len(same) > 1 else ""


def one_of(words: type[StrEnum]) -> Fault:
    """A check of a field that holds one of these words."""

    def check(reading: _Reading, act: Act, value: Any) -> str:
        known = [str(word) for word in words]
        return "" if value in known else f"“{value}” is not one of {', '.join(known)}"

    return check


def _made_by(verb: str) -> Fault:
    def check(reading: _Reading, act: Act, value: Any) -> str:
        found = reading.named.get(value) == verb
        return "" if found else f"no earlier act “{verb}” has the id “{value}”"

    return check


LISTS = frozenset({"products", "evidence", "registers", "values", "entries"})
FIELDS: dict[str, Fault] = {
    **dict.fromkeys(("by", "to", "seat", "said_by", "owner"), _person),
    **dict.fromkeys(("title", "ask", "words", "reason", "why", "text"), _words),
    **dict.fromkeys(("conditions", "guidance"), _words),
    **dict.fromkeys(("quorum", "days"), _number),
    "key": _scene_key, "step": _step, "products": _products, "product": _product,
    "registers": _registers, "values": _values,
    "section": _section, "edition": _edition, "evidence": _evidence, "red_flag": _flag,
    "id": _new, "dissent": _made_by("dissent"), "due_out": _made_by("due_out"),
    "mandate": _made_by("delegate"), "position": one_of(Position), "outcome": one_of(Outcome),
    "origin": one_of(Origin), "way": one_of(Way), "role": one_of(Role),
    "ruling": one_of(Ruling),
}  # fmt: skip


# ---------- setting the stage


def people(scenario: dict[str, Any], password: str | None) -> dict[str, User]:
    """The scenario's people by key, made if missing. Without a password nobody can sign in."""
    organizations = {o.code: o for o in Organization.objects.all()}
    found: dict[str, User] = {}
    for row in scenario["people"]:
        email = f"{row['key']}@{DOMAIN}"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(
                email, password, post=row["post"],
                organization=organizations.get(row["organization"]),
                is_staff=row.get("admin", False), can_open_efforts=row.get("opens", False),
                watch=row.get("watch", ""),
            )  # fmt: skip
        elif password and not user.has_usable_password():
            user.set_password(password)
            user.save(update_fields=["password"])
        found[row["key"]] = user
    return found


@transaction.atomic
def stage(scenario: dict[str, Any], cast: dict[str, User]) -> Effort:
    """Open the scenario's effort and assemble its team."""
    given = scenario["effort"]
    lead = next(cast[p["key"]] for p in scenario["people"] if Role.LEAD in p["roles"])
    noon = timezone.now().replace(hour=16, minute=0, second=0, microsecond=0)
    effort = actions.open_effort(
        by=lead, name=given["name"], country=given["country"], situation=given["situation"],
        goal=given["goal"], kind=EffortKind(given["kind"]), exercise=True,
        organization=Organization.objects.get(code=given["lead_agency"]),
        due={n: noon + timedelta(days=d) for n, d in given["due_days"].items()},
    )  # fmt: skip
    for row in scenario["people"]:
        for role in row["roles"]:
            if cast[row["key"]] != lead:
                actions.add_member(effort=effort, user=cast[row["key"]], role=Role(role), by=lead)
    return effort


def staged(scenario: dict[str, Any], cast: dict[str, User]) -> Effort | None:
    """The scenario's effort if it was opened before."""
    membership = (
        Membership.objects.filter(
            user__in=cast.values(), role=Role.LEAD, effort__name=scenario["effort"]["name"]
        )
        .select_related("effort__marking")
        .order_by("effort_id")
        .first()
    )
    return membership.effort if membership else None
