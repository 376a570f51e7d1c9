"""Play a scenario's acts in order, by the same actions and access rules as the browser.

An act is a row such as ``{do: vote, step: 2, by: board, position: concur}``. ``VERBS`` says which
verbs there are, and which fields each one needs or may have; what a field may hold is checked when
a scenario is read (``planning/scenario.py``). A register app adds verbs of its own by ``add_verb``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from mapro.core.models import User
from planning import actions, scenario_registers
from planning.actions.submit import pending
from planning.models import Dissent, DueOut, Effort, Entry, SectionDraft, Step
from planning.policies import (
    access_dissent,
    access_due_out,
    access_effort,
    access_entry,
    access_mandate,
    access_product,
    access_step,
)
from planning.registers import REGISTERS
from planning.vocabulary import Origin, Outcome, Perm, Position, Role, Ruling, Way

Act = Mapping[str, Any]


def name_of(number: int, act: Act) -> str:
    """“Act 12, vote”."""
    return f"Act {number}, {act.get('do', 'without a verb')}"


class ScriptError(ValueError):
    """A scenario says something that cannot be played; the words name the act."""


class Scene(NamedTuple):
    """A part of the play: its key, and a title for readers."""

    key: str
    title: str


def draft(effort: Effort, product: str, texts: Mapping[str, str], by: User) -> None:
    """Write a product's sections as the browser would; a text that begins with “<” is HTML."""
    for key, text in texts.items():
        section = SectionDraft.objects.select_related("product__effort", "portion").get(
            product__effort=effort, product__key=product, key=key
        )
        actions.save_section(
            section=section, body=text, revision=section.revision, by=by,
            plain=not text.lstrip().startswith("<"),
        )  # fmt: skip


def fresh(effort: Effort) -> Effort:
    """The effort read anew, with nothing kept on it."""
    return Effort.objects.select_related("marking").get(pk=effort.pk)


# ---------- playing


@dataclass
class Stage:
    """A play that runs: the effort, the people by key, what acts named for later ones, and the
    registers and numbers of entries by the ids of their rows."""

    scenario: Mapping[str, Any]
    effort: Effort
    cast: Mapping[str, User]
    named: dict[str, int] = field(default_factory=dict)
    entries: dict[str, tuple[str, int]] = field(default_factory=dict)
    scenes: list[Scene] = field(default_factory=list)

    def by(self, act: Act) -> User:
        """Who acts."""
        return self.cast[act["by"]]

    def step(self, act: Act, to: Perm) -> Step:
        """The act's step, locked, if its actor may do ``to`` now."""
        return access_step(self.by(act), self.effort.slug, act["step"], to=to, lock=True)

    def open_effort(self, act: Act, to: Perm) -> Effort:
        """The effort, locked, if the act's actor may do ``to``."""
        return access_effort(self.by(act), self.effort.slug, to=to, lock=True)

    def dissent(self, act: Act, to: Perm) -> Dissent:
        """The dissent that the act is about."""
        return access_dissent(self.by(act), to=to, pk=self.named[act["dissent"]])

    def entry(self, act: Act, name: str, to: Perm) -> Entry:
        """The entry that was made of the row ``name``, locked."""
        register, number = self.entries[name]
        return access_entry(self.by(act), self.effort.slug, register, number, to=to, lock=True)

    def linked(self, register: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of a row with its links as the labels of entries instead of ids."""
        links = scenario_registers.links_of(REGISTERS[register], values)
        return {**values, **{key: [self._label(i) for i in ids] for key, ids in links.items()}}

    def _label(self, name: str) -> str:
        register, number = self.entries[name]
        return f"{REGISTERS[register].prefix}-{number}"

    def keep(self, act: Act, pk: int) -> None:
        """Remember what the act made, if a later act is to find it."""
        if "id" in act:
            self.named[act["id"]] = pk


@transaction.atomic
def _perform(stage: Stage, act: Act) -> None:
    VERBS[act["do"]].play(stage, act)


def play(
    scenario: Mapping[str, Any], effort: Effort, cast: Mapping[str, User], until: str | None = None
) -> list[Scene]:
    """Play every act in order, to the end of the scene ``until`` if one is named; the scenes
    played.

    Raises LookupError for a scene that the scenario does not have, and whatever an action or an
    access rule refuses, with a note that names the act.
    """
    acts = scenario["acts"]
    if until is not None and until not in {act["key"] for act in acts if act["do"] == "scene"}:
        raise LookupError(f"There is no scene {until!r}.")
    stage = Stage(scenario, effort, cast)
    for number, act in enumerate(acts, 1):
        if act["do"] == "scene" and stage.scenes and stage.scenes[-1].key == until:
            break
        try:
            _perform(stage, act)
        except Exception as error:
            error.add_note(f"{name_of(number, act)}, in the scene “{stage.scenes[-1].title}”.")
            raise
    return stage.scenes


def _scene(stage: Stage, act: Act) -> None:
    stage.scenes.append(Scene(act["key"], act["title"]))


def _write(stage: Stage, act: Act) -> None:
    """Write products; what no step owes, such as minutes, is started first."""
    by, effort = stage.by(act), stage.effort
    for key in act["products"]:
        texts = stage.scenario["products"][key]
        if "edition" in act:
            texts = texts | stage.scenario["editions"][act["edition"]][key]
        if not effort.products.filter(key=key).exists():
            locked = stage.open_effort(act, Perm.PRODUCT_START)
            actions.start_product(effort=locked, format=key, by=by)
        access_product(by, effort.slug, key, to=Perm.SECTION_SAVE)
        draft(effort, key, texts, by)


def _enter(stage: Stage, act: Act) -> None:
    """Enter the rows of registers, of a later part if one is named, in the order of the files."""
    effort, by = stage.open_effort(act, Perm.REGISTER_EDIT), stage.by(act)
    part = stage.scenario["registers"][act.get("part", "")]
    for key in act["registers"]:
        for row in part[key]:
            made = actions.add_entry(
                effort=effort, register=REGISTERS[key], by=by, portion=row.get("portion"),
                values=stage.linked(key, scenario_registers.values_of(row)),
                highlight=row.get("highlight", False),
            )  # fmt: skip
            stage.entries[row["id"]] = (key, made.number)


def _amend(stage: Stage, act: Act) -> None:
    entry = stage.entry(act, act["entry"], Perm.REGISTER_EDIT)
    actions.save_entry(
        entry=entry, values=stage.linked(act["register"], act["values"]), by=stage.by(act),
        revision=entry.revision,
    )  # fmt: skip


def _submit(stage: Stage, act: Act) -> None:
    actions.submit_step(
        step=stage.step(act, Perm.STEP_SUBMIT), ask=act["ask"], by=stage.by(act),
        products=act.get("products"),
    )  # fmt: skip


def _vote(stage: Stage, act: Act) -> None:
    step = stage.step(act, Perm.STEP_VOTE)
    actions.cast_vote(
        step=step, position=Position(act["position"]), reason=act.get("reason", ""),
        package_hash=pending(step).package_hash, by=stage.by(act),
        seat=stage.cast[act["seat"]] if "seat" in act else None,
    )  # fmt: skip


def _remind(stage: Stage, act: Act) -> None:
    actions.remind(step=stage.step(act, Perm.STEP_REMIND), by=stage.by(act))


def _verbal(stage: Stage, act: Act) -> None:
    step = stage.step(act, Perm.STEP_VERBAL)
    actions.record_verbal(
        step=step, said_by=stage.cast[act["said_by"]], said_at=timezone.now(), words=act["words"],
        by=stage.by(act),
    )  # fmt: skip


def _decide(stage: Stage, act: Act) -> None:
    step = stage.step(act, Perm.STEP_DECIDE)
    actions.decide_step(
        step=step, outcome=Outcome(act["outcome"]), package_hash=pending(step).package_hash,
        by=stage.by(act), conditions=act.get("conditions", ""), guidance=act.get("guidance", ""),
    )  # fmt: skip


def _settle(stage: Stage, act: Act) -> None:
    """Settle everything of one origin that a step still owes, with one evidence for each."""
    origin = Origin(act["origin"])
    rows = DueOut.objects.filter(
        effort=stage.effort, step__number=act["step"], origin=origin, done_at=None
    ).order_by("number")
    keys, evidence = list(rows.values_list("pk", flat=True)), act["evidence"]
    if len(keys) != len(evidence):
        raise ScriptError(
            f"Step {act['step']} owes {len(keys)} due-outs of origin “{origin.label}”; the act "
            f"gives evidence for {len(evidence)}."
        )
    for pk, words in zip(keys, evidence, strict=True):
        _done(stage, act, pk, words)


def _done(stage: Stage, act: Act, pk: int, evidence: str) -> None:
    by = stage.by(act)
    due_out = access_due_out(by, to=Perm.DUE_OUT_DO, pk=pk)
    actions.settle_due_out(due_out=due_out, evidence=evidence, by=by)


def _due_out(stage: Stage, act: Act) -> None:
    made = actions.add_due_out(
        effort=stage.open_effort(act, Perm.DUE_OUT_ADD), text=act["text"],
        origin=Origin(act["origin"]), by=stage.by(act), owner=stage.cast[act["owner"]],
        due_at=timezone.now() + timedelta(days=act["days"]),
    )  # fmt: skip
    stage.keep(act, made.pk)


def _way(stage: Stage, act: Act) -> None:
    step = stage.step(act, Perm.STEP_SETTLE)
    actions.settle_step(
        step=step, by=stage.by(act), way=Way(act["way"]), quorum=act["quorum"],
        silence_hours=step.silence_hours, due_at=step.due_at,
    )  # fmt: skip


def _raise(stage: Stage, act: Act) -> None:
    step, user = stage.step(act, Perm.TEAM_MANAGE), stage.cast[act["to"]]
    if user.organization is None:
        raise ScriptError(f"“{act['to']}” stands for no organization, so no step is raised there.")
    actions.raise_step(step=step, user=user, organization=user.organization, by=stage.by(act))


def _reopen(stage: Stage, act: Act) -> None:
    actions.reopen_step(
        step=stage.step(act, Perm.STEP_REOPEN), reason=act["reason"], by=stage.by(act)
    )


def _at_risk(stage: Stage, act: Act) -> None:
    step = stage.step(act, Perm.STEP_AT_RISK)
    actions.proceed_at_risk(step=step, why=act["why"], by=stage.by(act))


def _crisis(stage: Stage, act: Act) -> None:
    effort = stage.open_effort(act, Perm.CRISIS_SET)
    change = actions.declare_crisis if act["do"] == "declare_crisis" else actions.end_crisis
    change(effort=effort, why=act["why"], by=stage.by(act))


def _delegate(stage: Stage, act: Act) -> None:
    """The actor lets somebody stand in, for days from now; in one step if it is named."""
    effort, by, now = stage.open_effort(act, Perm.MANDATE_GIVE), stage.by(act), timezone.now()
    made = actions.delegate(
        effort=effort, holder=by, role=Role(act["role"]), to=stage.cast[act["to"]],
        starts_at=now, ends_at=now + timedelta(days=act["days"]), why=act["why"], by=by,
        step=effort.steps.get(number=act["step"]) if "step" in act else None,
    )  # fmt: skip
    stage.keep(act, made.pk)


def _recuse(stage: Stage, act: Act) -> None:
    actions.recuse(
        step=stage.step(act, Perm.MANDATE_RECUSE), role=Role(act["role"]), why=act["why"],
        by=stage.by(act),
    )  # fmt: skip


def _end_mandate(stage: Stage, act: Act) -> None:
    by = stage.by(act)
    mandate = access_mandate(by, to=Perm.MANDATE_GIVE, pk=stage.named[act["mandate"]])
    actions.end_mandate(mandate=mandate, by=by)


def _dissent(stage: Stage, act: Act) -> None:
    effort = stage.open_effort(act, Perm.DISSENT_ENTER)
    made = actions.enter_dissent(
        effort=effort, words=act["words"], by=stage.by(act),
        product=effort.products.select_related("step").get(key=act["product"]),
        section=act.get("section", ""), red_flag=act.get("red_flag", False),
    )  # fmt: skip
    stage.keep(act, made.pk)


def _cosign(stage: Stage, act: Act) -> None:
    actions.cosign_dissent(dissent=stage.dissent(act, Perm.DISSENT_ENTER), by=stage.by(act))


def _answer(stage: Stage, act: Act) -> None:
    dissent = stage.dissent(act, Perm.DISSENT_ANSWER)
    actions.answer_dissent(dissent=dissent, words=act["words"], by=stage.by(act))


def _rule(stage: Stage, act: Act) -> None:
    actions.rule_dissent(
        dissent=stage.dissent(act, Perm.DISSENT_RULE), ruling=Ruling(act["ruling"]),
        words=act["words"], by=stage.by(act),
    )  # fmt: skip


def _withdraw(stage: Stage, act: Act) -> None:
    actions.withdraw_dissent(
        dissent=stage.dissent(act, Perm.DISSENT_ENTER), by=stage.by(act), why=act["why"]
    )


@dataclass(frozen=True)
class Verb:
    """How an act is played, and the fields that it needs and may have, by name.

    ``makes`` is what its ``id`` names, if that is not what the verb itself says; ``checks`` say
    what is wrong with a field that no other verb has, or nothing.
    """

    play: Callable[[Stage, Act], None]
    needs: str
    may: str = ""
    makes: str = ""
    checks: Mapping[str, Callable[[Any, Act, Any], str]] = field(default_factory=dict)


VERBS: dict[str, Verb] = {
    "scene": Verb(_scene, "key title"),
    "write": Verb(_write, "products by", "edition"),
    "enter": Verb(_enter, "registers by", "part"),
    "amend": Verb(_amend, "register entry by values"),
    "submit": Verb(_submit, "step by ask", "products"),
    "vote": Verb(_vote, "step by position", "reason seat"),
    "remind": Verb(_remind, "step by"),
    "verbal": Verb(_verbal, "step by said_by words"),
    "decide": Verb(_decide, "step by outcome", "conditions guidance"),
    "settle": Verb(_settle, "step by origin evidence"),
    "due_out": Verb(_due_out, "by text origin owner days", "id"),
    "done": Verb(
        lambda stage, act: _done(stage, act, stage.named[act["due_out"]], act["words"]),
        "due_out by words",
    ),
    "way": Verb(_way, "step by way quorum"),
    "raise": Verb(_raise, "step by to"),
    "reopen": Verb(_reopen, "step by reason"),
    "at_risk": Verb(_at_risk, "step by why"),
    "declare_crisis": Verb(_crisis, "by why"),
    "end_crisis": Verb(_crisis, "by why"),
    "delegate": Verb(_delegate, "by to role days why", "step id"),
    "recuse": Verb(_recuse, "step by role why"),
    "end_mandate": Verb(_end_mandate, "mandate by"),
    "dissent": Verb(_dissent, "by product words", "section red_flag id"),
    "cosign": Verb(_cosign, "dissent by"),
    "answer": Verb(_answer, "dissent by words"),
    "rule": Verb(_rule, "dissent by ruling words"),
    "withdraw": Verb(_withdraw, "dissent by why"),
}


def add_verb(name: str, verb: Verb) -> None:
    """Let plays use a verb of a register app. Raises ValueError when there is another so named."""
    if VERBS.get(name, verb) is not verb:
        raise ValueError(f"There is a verb {name!r} already.")
    VERBS[name] = verb
