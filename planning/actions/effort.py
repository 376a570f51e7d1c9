"""Open an effort and edit what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed
from mapro.core.models import Marking, Organization, User
from planning import framework, grants, states
from planning.actions.product import owe
from planning.actions.team import add_member
from planning.models import Effort, Step
from planning.vocabulary import EffortKind, Role, StepStatus

EDITABLE = ("name", "country", "situation", "goal", "confirm_hours")
RESERVED_SLUGS = frozenset({"new"})
MAX_CONFIRM = 24 * 30  # hours


def free_slug(name: str) -> str:
    """An address that no effort has, made from ``name``."""
    base = slugify(name)[:50] or "effort"
    taken = set(Effort.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= RESERVED_SLUGS
    return next(
        slug
        for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3)))
        if slug not in taken
    )


@atomic()
def open_effort(
    *,
    by: User,
    name: str,
    country: str,
    situation: str,
    goal: str = "",
    kind: EffortKind = EffortKind.DELIBERATE,
    exercise: bool = False,
    marking: Marking | None = None,
    organization: Organization | None = None,
    due: Mapping[int, datetime] | None = None,
) -> Effort:
    """Open an effort: six steps, the owed products, and ``by`` as lead planner.

    ``due`` maps step numbers to the time at which the step's decision is due. Step 0 runs, Step 1
    opens (Part II, Step 1). Raises NotAllowed without the right to open efforts, Invalid when a
    name, a country or a situation is missing.
    """
    if not by.can_open_efforts:
        raise NotAllowed("An administrator has to allow you to open efforts.")
    needed = {
        "name": (name, "Give the effort a name, such as the country's."),
        "country": (country, "Name the country or region."),
        "situation": (situation, "Say in a sentence or two what raised the concern."),
    }
    wrong = {field: say for field, (value, say) in needed.items() if not value.strip()}
    if wrong:
        raise Invalid(wrong)
    effort = Effort.objects.create(
        slug=free_slug(name), name=name.strip(), country=country.strip(),
        situation=situation.strip(), goal=goal.strip(), kind=kind, exercise=exercise,
        marking=marking or Marking.objects.earliest("rank"), opened_by=by,
        **({"crisis_since": timezone.now(), "crisis_by": by} if kind is EffortKind.CRISIS else {}),
    )  # fmt: skip
    grants.install(effort)
    steps = lay_out(effort, due or {})
    states.move(steps[1], "open", opened_at=timezone.now())
    record(
        "effort.opened", by=by, on=effort, effort_id=effort.pk, label=effort.name,
        new={"name": effort.name, "kind": str(effort.kind), "country": effort.country},
    )  # fmt: skip
    add_member(effort=effort, user=by, role=Role.LEAD, organization=organization, by=by)
    return effort


def lay_out(effort: Effort, due: Mapping[int, datetime]) -> list[Step]:
    """The six steps with what they owe, Step 0 running and the gates closed; part of another act."""
    steps = Step.objects.bulk_create(
        Step(
            effort=effort,
            number=s.number,
            status=StepStatus.LOCKED if s.gated else StepStatus.RUNNING,
            due_at=due.get(s.number) if s.gated else None,
        )
        for s in framework.STEPS
    )
    owe(effort, steps)
    return steps


@atomic()
def edit_effort(
    *, effort: Effort, by: User, due: Mapping[int, datetime | None] | None = None, **fields: Any
) -> Effort:
    """Change what the effort says of itself and when its decisions are due.

    ``fields`` may hold name, country, situation, goal and confirm_hours. Raises Invalid for an
    empty name, country or situation, or a term out of bounds. Nothing is recorded when nothing
    changed.
    """
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"edit_effort() does not know {sorted(unknown)}")
    wrong: dict[str, str] = {
        name: "This may not be empty."
        for name in ("name", "country", "situation")
        if name in fields and not str(fields[name]).strip()
    }
    if not 1 <= int(fields.get("confirm_hours", 1)) <= MAX_CONFIRM:
        wrong["confirm_hours"] = f"Give hours from 1 to {MAX_CONFIRM}."
    if wrong:
        raise Invalid(wrong)
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, value in fields.items():
        if getattr(effort, name) != value:
            old[name], new[name] = str(getattr(effort, name)), str(value)
            setattr(effort, name, value)
    if new:
        effort.save(update_fields=list(new))
    for step in effort.steps.filter(number__in=list(due or {})):
        at = (due or {})[step.number]
        if step.definition.gated and step.due_at != at:
            key = f"step_{step.number}_due_at"
            old[key] = step.due_at.isoformat() if step.due_at else None
            new[key] = at.isoformat() if at else None
            Step.objects.filter(pk=step.pk).update(due_at=at)
    if new:
        record(
            "effort.edited", by=by, on=effort, effort_id=effort.pk, label=effort.name,
            old=old, new=new,
        )  # fmt: skip
    return effort
