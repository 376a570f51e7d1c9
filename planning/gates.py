"""THE gating rule: small named checks, each returning what it objects to.

A step goes before the board only when no check blocks. Every objection is reported at once, with
the place where it is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from mapro.core.errors import Objection
from planning.models import Effort, Step
from planning.progress import ProductRow, members_of, products_of
from planning.vocabulary import Role, StepStatus


@dataclass(frozen=True)
class Case:
    """What the checks look at, read once."""

    step: Step
    effort: Effort
    before: Step | None
    products: tuple[ProductRow, ...]
    roles: frozenset[str]


Check = Callable[[Case], Iterable[Objection]]


def previous_step_approved(case: Case) -> Iterable[Objection]:
    """A step rests on the decision before it (Part II: every step, however abbreviated)."""
    before = case.before
    if before and before.definition.gated and before.status != StepStatus.APPROVED:
        yield Objection(
            "previous_step_not_approved",
            f"Step {before.number}, {before.title}, is not approved.",
            url=before.get_absolute_url(),
        )


def owed_products_complete(case: Case) -> Iterable[Objection]:
    """Every product that the step owes has its required sections.

    What the team started besides only warns, once something is written in it: it need not be in
    the package.
    """
    for row in case.products:
        owed = row.product.key in case.step.definition.owes
        if not owed and not row.written:
            continue
        for outlined in row.due:
            product, section = row.product, outlined.section
            title = section.title_for(case.effort.name)
            yield Objection(
                "section_empty",
                f"{product.definition.label}, {product.title}: “{title}” is empty.",
                blocks=owed,
                url=reverse("section", args=[case.effort.slug, product.key, section.key]),
            )


def something_to_decide(case: Case) -> Iterable[Objection]:
    """Warns when a step owes no product: then the board decides on the request alone."""
    if not case.products:
        yield Objection(
            "no_product",
            "This step owes no product; the board decides on the request alone.",
            blocks=False,
        )


def authority_named(case: Case) -> Iterable[Objection]:
    """Somebody must be able to decide (Figure 6, element 4)."""
    if Role.AUTHORITY not in case.roles:
        yield Objection(
            "no_authority",
            "No Approving Authority is on the team, so nobody could decide.",
            url=reverse("team", args=[case.effort.slug]),
        )


def board_named(case: Case) -> Iterable[Objection]:
    """Warns when the authority would decide without a board's advice."""
    if Role.BOARD not in case.roles:
        yield Objection(
            "no_board",
            "No Supervisory Board member is on the team; the authority would decide alone.",
            blocks=False,
            url=reverse("team", args=[case.effort.slug]),
        )


CHECKS: tuple[Check, ...] = (
    previous_step_approved,
    owed_products_complete,
    something_to_decide,
    authority_named,
    board_named,
)


def objections(
    step: Step, before: Step | None = None, products: Sequence[ProductRow] | None = None
) -> tuple[Objection, ...]:
    """Everything that the gate of ``step`` objects to now, blockers first.

    Four queries, less what the caller knows: the step ``before``, the step's ``products``, and
    what the effort has already answered (``planning.progress``).
    """
    if not step.definition.gated:
        return ()
    effort = step.effort
    if before is None:
        before = Step.objects.filter(effort_id=step.effort_id, number=step.number - 1).first()
        if before:
            before.effort = effort
    if products is None:
        products = [r for r in products_of(effort) if r.product.step.number == step.number]
    roles = frozenset(m.role for m in members_of(effort) if m.user.is_active)
    case = Case(step, effort, before, tuple(products), roles)
    found = [o for check in CHECKS for o in check(case)]
    return tuple(sorted(found, key=lambda o: not o.blocks))
