"""Exercises as data: who takes part, what is written, how the board votes.

``seed_demo`` sets the stage from a scenario; ``walkthrough`` plays it through the same actions as
the browser.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from mapro.core.models import Organization, User
from planning import actions, framework
from planning.models import Effort, Membership, SectionDraft
from planning.vocabulary import EffortKind, Outcome, Position, Role

FOLDER = Path(__file__).parent / "scenarios"
DOMAIN = "demo.mapro.example"


@cache
def load(name: str) -> dict[str, Any]:
    """A scenario by name: its file, and its folder with a file for each product and the script.

    Raises LookupError when there is none.
    """
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.yaml")))
        raise LookupError(f"There is no scenario {name!r}; there is {known}.")
    loaded: dict[str, Any] = _read(path)
    for part in sorted((FOLDER / name).glob("*.yaml")):
        if part.stem == "script":
            more = _read(part)
            loaded["steps"] |= more["steps"]
            loaded["dissents"] = more["dissents"]
        else:
            loaded["products"][part.stem] = _read(part)
    return loaded


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


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


def draft(effort: Effort, product: str, texts: dict[str, str], by: User) -> None:
    """Write a product's sections as the browser would, one save each.

    A text that begins with “<” is HTML, any other is plain.
    """
    for key, text in texts.items():
        section = SectionDraft.objects.select_related("product__effort", "portion").get(
            product__effort=effort, product__key=product, key=key
        )
        actions.save_section(
            section=section,
            body=text,
            revision=section.revision,
            by=by,
            plain=not text.lstrip().startswith("<"),
        )


def play_step(effort: Effort, number: int, script: dict[str, Any], cast: dict[str, User]) -> None:
    """Submit a step, vote on it and decide it, as the scenario says."""
    lead = effort.memberships.filter(role=Role.LEAD).earliest("pk").user
    with transaction.atomic():
        step = effort.steps.select_for_update().get(number=number)
        step.effort = effort
        submission = actions.submit_step(step=step, ask=script["ask"], by=lead)
    for vote in script["votes"]:
        actions.cast_vote(
            step=step, position=Position(vote["position"]), reason=vote.get("reason", ""),
            package_hash=submission.package_hash, by=cast[vote["by"]],
        )  # fmt: skip
    decision = script["decision"]
    actions.decide_step(
        step=step, outcome=Outcome(decision["outcome"]), package_hash=submission.package_hash,
        by=cast[decision["by"]], conditions=decision.get("conditions", ""),
        guidance=decision.get("guidance", ""),
    )  # fmt: skip


def play(scenario: dict[str, Any], effort: Effort, cast: dict[str, User]) -> list[int]:
    """Play every step that the scenario scripts, in order; returns their numbers.

    What no step owes, such as minutes, is started and written at the end.
    """
    writer = effort.memberships.filter(role=Role.MEMBER).earliest("pk").user
    texts = scenario["products"]
    played = []
    for step in framework.STEPS:
        script = scenario["steps"].get(step.number)
        if script is None:
            continue
        for key in step.owes:
            draft(effort, key, texts[key], writer)
        for row in scenario.get("dissents", ()):
            if row["product"] in step.owes:
                _dissent(fresh(effort), row, cast[row["by"]])
        play_step(fresh(effort), step.number, script, cast)
        played.append(step.number)
    for key in texts:
        if not any(key in step.owes for step in framework.STEPS):
            with transaction.atomic():
                actions.start_product(effort=fresh(effort), format=key, by=writer)
            draft(effort, key, texts[key], writer)
    return played


def fresh(effort: Effort) -> Effort:
    """The effort read anew, with nothing kept on it."""
    return Effort.objects.select_related("marking").get(pk=effort.pk)


def _dissent(effort: Effort, row: dict[str, Any], by: User) -> None:
    product = effort.products.select_related("step").get(key=row["product"])
    actions.enter_dissent(
        effort=effort, product=product, section=row.get("section", ""), words=row["words"], by=by
    )


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
